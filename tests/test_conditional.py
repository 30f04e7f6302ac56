"""Conditional requests: no write over a version unseen, and no answer kept beyond the state that it tells of."""

import json
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import pre_save
from django.test import override_settings

from projects.models import Project, Sector
from shuangta.api.models import ApiToken
from shuangta.history.revision import Revision
from shuangta.operations import backups
from shuangta.query.resources import address_of, viewsets
from shuangta.records.models import Record
from shuangta.records.restore import restore_deleted, restore_version
from tests.conftest import client_of, permissions
from tests.faces import FACES, SHAPES, address_of_face
from tests.factories import (
    CitationFactory,
    DeclaredCountFactory,
    DistrictFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
RELATIONS = [
    (name, field.name)
    for name in SHAPES
    for field in [
        *VIEWSETS[name].queryset.model._meta.concrete_fields,
        *VIEWSETS[name].queryset.model._meta.many_to_many,
    ]
    if field.is_relation and issubclass(field.related_model, Record)
]
NEVER_KEPT = {"history"}  # It names accounts.

every_shape = pytest.mark.parametrize("resource", SHAPES)
every_relation = pytest.mark.parametrize(("resource", "relation"), RELATIONS)


def model_of(resource):
    return VIEWSETS[resource].queryset.model


def list_of(resource):
    return f"/api/v1/{resource}/"


def read(client, address, parameters=None, held=None, **headers):
    """Read an address, as one who holds the answer with this tag already."""
    headers |= {"if-none-match": held} if held else {}
    return client.get(address, parameters, headers={"accept-language": "en"} | headers)


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


# A write over the version that was seen


def sent(client, method, row, body, tag):
    body = None if method == "delete" else body
    return getattr(client, method)(address_of(row), body, headers={"if-match": tag})


@every_shape
def test_a_write_is_made_over_the_version_seen_and_over_no_other(editor, resource):
    row = make_filled(model_of(resource))
    for method in ("put", "patch", "delete"):
        seen = editor.get(address_of(row))
        meanwhile = editor.patch(address_of(row), {"note": f"Before the {method}."})
        body = meanwhile.json() if method == "put" else {"note": "Over what was there."}

        refused = sent(editor, method, row, body, seen["ETag"])
        again = editor.get(address_of(row))
        accepted = sent(editor, method, row, body, again["ETag"])

        assert refused.json() == {
            "type": "about:blank",
            "title": "The record was changed in the meantime.",
            "status": 412,
            "code": "changed_meanwhile",
            "current": again.json(),
        }
        assert (refused.status_code, again.json()) == (412, meanwhile.json())
        assert refused["ETag"] == meanwhile["ETag"]
        assert refused["Content-Type"] == "application/problem+json"
        assert accepted.status_code == (204 if method == "delete" else 200)


def test_a_tag_is_good_for_a_write_wherever_it_was_received(editor):
    created = editor.post("/api/v1/sectors/", {"name": "示例", "code": "example"})
    sector = Sector.objects.get()
    tags = [
        lambda: created["ETag"],
        lambda: editor.get(address_of(sector))["ETag"],
        lambda: editor.get(address_of(sector), {"fields": "name"})["ETag"],
        lambda: sent(editor, "patch", sector, {}, '"1-old"')["ETag"],
        lambda: editor.patch(address_of(sector), {"note": "Changed."})["ETag"],
        lambda: editor.put(address_of(sector), {"name": "示例"})["ETag"],
        lambda: f'"1-old" ,{editor.get(address_of(sector))["ETag"]}, "2-old"',
        lambda: "*",
    ]

    for number, tag in enumerate(tags):
        response = sent(editor, "patch", sector, {"note": f"Note {number}."}, tag())
        assert (number, response.status_code) == (number, 200)


@pytest.mark.parametrize("tag", ['"1-old"', '"1-old", "2-old"', '"*"', 'W/"a", "1-old"', '""'])
def test_another_tag_is_good_for_no_write(editor, tag):
    sector = SectorFactory()

    response = sent(editor, "delete", sector, None, tag)

    assert (response.status_code, response.json()["code"]) == (412, "changed_meanwhile")
    assert list(Sector.objects.all()) == [sector]


def test_a_weak_tag_is_good_for_no_write(editor):
    sector = SectorFactory()
    detail = editor.get(address_of(sector))

    response = sent(editor, "patch", sector, {"note": "x"}, f"W/{detail['ETag']}")

    assert response.json() == {
        "type": "about:blank",
        "title": "If-Match takes strong tags only. Send the ETag without “W/”.",
        "status": 412,
        "code": "weak_etag",
        "current": detail.json(),
    }
    sector.refresh_from_db()
    assert sector.note == ""


def test_a_strong_tag_counts_beside_a_weak_one(editor):
    sector = SectorFactory()
    tag = editor.get(address_of(sector))["ETag"]

    response = sent(editor, "patch", sector, {"note": "x"}, f"W/{tag}, {tag}")

    assert (response.status_code, response.json()["note"]) == (200, "x")


def test_the_tag_of_a_list_or_of_another_row_is_good_for_no_write(editor):
    sector, other = SectorFactory(), SectorFactory()

    of_list = sent(editor, "delete", sector, None, editor.get("/api/v1/sectors/")["ETag"])
    of_other = sent(editor, "delete", sector, None, editor.get(address_of(other))["ETag"])

    assert (of_list.status_code, of_other.status_code) == (412, 412)


@pytest.mark.parametrize(
    "tag", ["", " ", "1-old", '"1-old', '1-old"', '"a" "b"', '"a",', '*, "a"', "W/*", '"a", b']
)
def test_a_condition_that_is_malformed_is_refused(editor, tag):
    sector = SectorFactory(note="")
    condition = {"if-none-match": tag}

    written = sent(editor, "patch", sector, {"note": "A note."}, tag)

    assert errors(written) == [("If-Match", "invalid")]
    assert errors(editor.get(address_of(sector), headers=condition)) == [
        ("If-None-Match", "invalid")
    ]
    assert Sector.objects.get().note == ""


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    ("header", "value"),
    [("If-None-Match", "*"), ("If-Unmodified-Since", "Mon, 23 Nov 2026 08:00:00 GMT")],
)
def test_a_write_takes_no_condition_that_it_would_ignore(editor, method, header, value):
    sector = SectorFactory(note="")
    address = "/api/v1/sectors/" if method == "post" else address_of(sector)

    body = None if method == "delete" else {"name": "示例"}

    response = getattr(editor, method)(address, body, headers={header: value})

    assert errors(response) == [(header, "invalid")]
    assert list(Sector.objects.values_list("pk", "version")) == [(sector.pk, 1)]


def test_a_new_record_has_no_version_to_be_written_over(editor):
    response = editor.post("/api/v1/sectors/", {"name": "示例"}, headers={"if-match": "*"})

    assert errors(response) == [("If-Match", "invalid")]
    assert Sector.objects.count() == 0


@every_shape
def test_a_change_elsewhere_makes_no_edit_stale(editor, resource):
    row = make_filled(model_of(resource))
    seen = editor.get(address_of(row))["ETag"]
    SectorFactory()
    make_filled(model_of(resource))
    if isinstance(row, Record):
        CitationFactory(about=row, field="note")

    response = sent(editor, "patch", row, {"note": "Another note."}, seen)

    assert response.status_code == 200
    assert editor.get(address_of(row))["ETag"] != seen


# A tag stands for one state, for ever


def tags_of(client, row):
    """The tags of a row's detail and of the list that it stands in."""
    return [client.get(address)["ETag"] for address in (address_of(row), list_of("sectors"))]


def test_no_tag_comes_again_after_deletion_and_restoring(editor):
    sector = SectorFactory(code="example", name="示例", note="")
    tags = tags_of(editor, sector)
    for note in ("A note.", ""):
        editor.patch(address_of(sector), {"note": note})
        tags += tags_of(editor, sector)
    first = Revision.objects.get(object_id="example", version=1)
    restore_version(Sector.objects.get(), Revision.objects.get(object_id="example", version=2))
    tags += tags_of(editor, sector)
    restore_version(Sector.objects.get(), first)
    tags += tags_of(editor, sector)
    editor.delete(address_of(sector))
    tags.append(editor.get(list_of("sectors"))["ETag"])
    editor.post(list_of("sectors"), {"code": "example", "name": "示例"})
    tags += tags_of(editor, sector)
    editor.delete(address_of(sector))
    restore_deleted(Revision.objects.filter(object_id="example", action="deleted").first())
    tags += tags_of(editor, sector)

    assert len(set(tags)) == len(tags) == 15


def test_no_tag_comes_again_after_a_fixture_is_loaded_again(editor, tmp_path):
    sector = SectorFactory.build(code="example")
    fixture = tmp_path / "sectors.json"
    stated = {"name": "示例", "note": "As loaded.", "is_published": True}
    fixture.write_text(
        json.dumps([{"model": "projects.sector", "pk": "example", "fields": stated}])
    )
    call_command("loaddata", fixture, verbosity=0)
    tags = tags_of(editor, sector)
    call_command("loaddata", fixture, verbosity=0)
    unchanged = tags_of(editor, sector)
    editor.patch(address_of(sector), {"note": "Another note."})
    tags += tags_of(editor, sector)
    call_command("loaddata", fixture, verbosity=0)
    reset = tags_of(editor, sector)

    assert unchanged == tags[:2]
    assert len({*tags, *reset}) == 6
    assert sent(editor, "patch", sector, {}, tags[2]).status_code == 412


@pytest.mark.django_db(transaction=True)
def test_no_tag_comes_again_after_a_backup_is_restored(editor, settings, tmp_path):
    settings.STATE_DIR = tmp_path
    sector = SectorFactory(code="example", note="")
    backups.write(tmp_path / "backup.zip", connection)
    as_kept = read(editor, address_of(sector))
    editor.patch(address_of(sector), {"note": "Lost."})
    lost = tags_of(editor, sector)
    call_command("restore", tmp_path / "backup.zip", "--replace", "--noinput", verbosity=0)

    restored = read(editor, address_of(sector), held=lost[0])
    editor.patch(address_of(sector), {"note": "Another."})
    over_the_lost = sent(editor, "patch", sector, {}, lost[0])

    assert (restored.status_code, restored.json()) == (200, as_kept.json())
    assert not {*lost} & {*tags_of(editor, sector)}
    assert over_the_lost.status_code == 412


# What a client holds already


def questions(resource):
    """Every address of the resource whose answer may be kept, with what it is asked."""
    row = make_filled(model_of(resource))
    return [
        (address_of_face(face, row), {"q": row.pk} if face[1] == "search" else {})
        for face in FACES
        if face[0] == resource and face[1] not in NEVER_KEPT
    ]


@every_shape
def test_an_answer_that_is_held_already_is_not_told_again(anonymous, resource):
    for address, asked in questions(resource):
        answer = read(anonymous, address, asked)
        assert answer.status_code == 200, answer.content.decode()
        tag = answer["ETag"]

        for held in (tag, f"W/{tag}", f'"another", {tag}', "*"):
            again = read(anonymous, address, asked, held)

            assert (held, again.status_code, again.content) == (held, 304, b"")
            assert (again["ETag"].removeprefix("W/"), again.get("Content-Type")) == (tag, None)
            kept = ("Cache-Control", "Vary")
            assert [again[name] for name in kept] == [answer[name] for name in kept]
        assert read(anonymous, address, asked, '"another"').status_code == 200
        SectorFactory()
        assert read(anonymous, address, asked, tag).status_code == 200


@every_shape
def test_nothing_that_is_kept_is_used_unasked_or_for_another_reader(anonymous, reader, resource):
    other = client_of(User.objects.create_user("other"))
    other.user.user_permissions.set(permissions("view"))
    for address, asked in questions(resource):
        public, private = read(anonymous, address, asked), read(reader, address, asked)

        assert public["Cache-Control"] == "no-cache"
        assert sorted(private["Cache-Control"].split(", ")) == ["no-cache", "private"]
        for response in (public, private):
            varying = {name.strip().lower() for name in response["Vary"].split(",")}
            assert varying >= {"authorization", "cookie", "accept-language"}
        assert read(reader, address, asked, public["ETag"]).status_code == 200
        assert read(anonymous, address, asked, private["ETag"]).status_code == 200
        assert read(other, address, asked, private["ETag"]).status_code == 200


@every_shape
def test_a_request_that_is_malformed_is_refused_whatever_is_held(anonymous, resource):
    for address, asked in questions(resource):
        tag = read(anonymous, address, asked)["ETag"]

        for held in (tag, "*"):
            response = read(anonymous, address, asked | {"nonsense": "1"}, held)
            assert errors(response) == [("nonsense", "unknown_parameter")]


@every_shape
def test_a_history_is_never_kept(reader, resource):
    row = make_filled(model_of(resource))

    response = read(reader, f"{address_of(row)}history/")

    assert (response.status_code, "ETag" in response) == (200, False)
    assert {"no-store", "private"} <= {*response["Cache-Control"].split(", ")}
    assert "Authorization" in response["Vary"].split(", ")


class Held:
    """Answers that a client holds; ``told_anew`` asks for them again."""

    def __init__(self, client, *addresses):
        self.client = client
        self.answers = {address: read(client, address) for address in addresses}
        assert {each.status_code for each in self.answers.values()} == {200}
        assert [each.status_code for each in self.again()] == [304] * len(addresses)

    def again(self):
        return [
            read(self.client, address, held=answer["ETag"])
            for address, answer in self.answers.items()
        ]

    def told_anew(self):
        """Whether each answer is told again, and says something else."""
        return [
            again.status_code == 200 and again.json() != before.json()
            for again, before in zip(self.again(), self.answers.values(), strict=True)
        ]


@every_shape
def test_a_row_that_is_created_changed_or_deleted_is_told_anew(anonymous, editor, resource):
    model = model_of(resource)
    row = make(model)
    held = Held(anonymous, address_of(row), list_of(resource))

    editor.patch(address_of(row), {"note": "Another note."})
    assert held.told_anew() == [True, True]

    held = Held(anonymous, list_of(resource))
    made = make(model)
    assert held.told_anew() == [True]

    held = Held(anonymous, list_of(resource), address_of(made))
    editor.delete(address_of(made))
    assert [each.status_code for each in held.again()] == [200, 404]


@every_relation
def test_a_related_row_that_changes_is_told_anew(anonymous, resource, relation):
    row = make_filled(model_of(resource))
    field = row._meta.get_field(relation)
    stated = getattr(row, relation)
    target = stated.get() if field.many_to_many else stated
    only = f"{row._meta.pk.name}={row.pk}"
    expanding = f"{only}&expand={relation}"
    held = Held(
        anonymous, f"{address_of(row)}?expand={relation}", f"{list_of(resource)}?{expanding}"
    )

    changed = field.related_model.objects.get(pk=target.pk)
    changed.note = "Another note."
    changed.save()
    assert held.told_anew() == [True, True]

    held = Held(anonymous, *held.answers, f"{list_of(resource)}?{only}&{relation}={target.pk}")
    field.related_model.objects.filter(pk=target.pk).update(is_published=False)
    if field.many_to_many or target.pk != row.pk:
        if (resource, relation) == ("citations", "passage"):  # it quotes what nobody may see now
            assert held.again()[0].status_code == 404
        else:
            assert held.told_anew()[:2] == [True, True]
        assert held.again()[2].status_code == 400


def test_a_filter_through_a_relation_is_answered_anew(anonymous, editor):
    sector, project = SectorFactory(code="logistics"), ProjectFactory(district__name="示例区")
    held = Held(
        anonymous,
        "/api/v1/projects/?sectors=logistics",
        "/api/v1/projects/?district__name=示例区",
        "/api/v1/projects/?expand=district",
    )

    Project.objects.get(pk=project.pk).sectors.add(sector)
    assert held.told_anew() == [True, True, True]

    held = Held(anonymous, *held.answers)
    editor.patch(address_of(project.district), {"name": "另一区"})
    assert [each.status_code for each in held.again()] == [200, 200, 200]
    assert held.told_anew() == [False, True, True]


@pytest.mark.parametrize("resource", [name for name in SHAPES if name != "citations"])
def test_a_citation_is_told_of_as_soon_as_it_is_made(anonymous, editor, resource):
    row = make(model_of(resource))
    held = Held(
        anonymous,
        address_of(row),
        f"{address_of(row)}?expand=evidence",
        list_of(resource),
        f"{list_of(resource)}?stated_on__isnull=true",
    )

    citation = CitationFactory(about=row, field="note")
    assert held.told_anew() == [True, True, True, True]

    held = Held(anonymous, *held.answers)
    editor.patch(address_of(citation.passage.article.document), {"published_on": "2021-05-14"})
    assert held.told_anew()[::2] == [True, True]

    held = Held(anonymous, *held.answers)
    editor.delete(address_of(citation))
    assert held.told_anew() == [True, True, True, True]


@every_shape
def test_groups_and_facets_are_told_anew(anonymous, resource):
    model = model_of(resource)
    make(model)
    held = Held(anonymous, f"{list_of(resource)}aggregate/", f"{list_of(resource)}facets/")

    make_filled(model)

    assert held.told_anew() == [True, True]


@pytest.mark.parametrize("address", ["/api/v1/search/?q=物流", "/api/v1/sectors/search/?q=物流"])
def test_what_is_searched_is_told_anew(anonymous, editor, address):
    sector = SectorFactory(name="物流", code="a"), SectorFactory(name="商贸", code="b")
    held = Held(anonymous, address)

    editor.patch(address_of(sector[1]), {"aliases": ["物流"]})
    assert held.told_anew() == [True]

    held = Held(anonymous, address)
    editor.patch(address_of(sector[0]), {"name": "工业"})
    assert held.told_anew() == [True]


def test_a_declared_count_is_told_anew_when_what_it_counts_changes(anonymous):
    claim = DeclaredCountFactory(observation__about=DistrictFactory(code="211302"))
    claim.query = "district=211302"
    claim.save()
    held = Held(anonymous, address_of(claim), list_of("declared-counts"))

    ProjectFactory(district_id="211302")

    assert held.told_anew() == [True, True]


def test_what_was_seen_with_a_permission_is_not_kept_without_it(reader):
    SectorFactory(is_published=False), SectorFactory()
    held = Held(reader, "/api/v1/sectors/")

    reader.user.user_permissions.clear()

    assert held.told_anew() == [True]


def test_a_reader_who_may_no_longer_log_in_is_told_nothing(reader):
    held = Held(reader, "/api/v1/sectors/")

    ApiToken.objects.all().delete()

    assert [each.status_code for each in held.again()] == [401]


def test_an_answer_is_held_for_its_language_its_address_and_its_host(anonymous):
    sector = SectorFactory()
    address = address_of(sector)
    tag = read(anonymous, address)["ETag"]
    of_page = read(anonymous, "/api/v1/sectors/", {"page_size": 1})["ETag"]

    elsewhere = [
        read(anonymous, address, held=tag, **{"accept-language": "zh-hant"}),
        read(anonymous, address, {"fields": "name"}, tag),
        read(anonymous, address, held=tag, host="localhost"),
        read(anonymous, "/api/v1/sectors/", held=tag),
        read(anonymous, "/api/v1/sectors/", {"page_size": 2}, of_page),
        read(anonymous, "/api/v1/sectors/", {"page_size": 1, "count": "none"}, of_page),
    ]

    assert [each.status_code for each in elsewhere] == [200] * 6


def test_the_pages_of_a_list_are_held_one_by_one(anonymous, editor):
    sectors = [SectorFactory(code=code) for code in "abc"]
    first = read(anonymous, "/api/v1/sectors/", {"ordering": "code", "page_size": 1})
    second = read(anonymous, first.json()["next"])
    held = Held(anonymous, second.json()["next"], second.json()["previous"])

    editor.patch(address_of(sectors[2]), {"note": "Another note."})

    assert second.json()["results"][0]["code"] == "b"
    assert held.told_anew()[0] is True
    assert held.again()[1].status_code == 200


def test_links_that_are_no_longer_good_are_not_kept(anonymous):
    SectorFactory(), SectorFactory()
    address = "/api/v1/sectors/?page_size=1"
    before = read(anonymous, address)

    with override_settings(SECRET_KEY="another" * 10):
        again = read(anonymous, address, held=before["ETag"])
        followed = read(anonymous, again.json()["next"])

    assert (again.status_code, followed.status_code) == (200, 200)


def test_reading_the_head_is_answered_alike(anonymous):
    sector = SectorFactory()
    tag = read(anonymous, address_of(sector))["ETag"]

    full, held = (
        anonymous.head(address_of(sector), headers={"accept-language": "en"} | condition)
        for condition in ({}, {"if-none-match": tag})
    )

    assert (full.status_code, full["ETag"]) == (200, tag)
    assert (held.status_code, held["ETag"]) == (304, tag)


# Writers at the same time


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("begun_first", ["slow", "quick"])
def test_a_change_that_is_seen_after_a_later_one_is_told(anonymous, begun_first):
    """The slow writer numbers its change before the quick one does, and is done after it."""
    slow, quick = SectorFactory(code="slow", note=""), SectorFactory(code="quick", note="")
    numbered, done = Event(), Event()

    def write_slowly():
        with transaction.atomic():
            change_note(slow)
            numbered.set()
            assert done.wait(10)
        connection.close()

    def number_the_slow_first(sender, instance, **kwargs):
        if instance.object_id == "quick":
            writer.start()
            assert numbered.wait(10)

    writer = Thread(target=write_slowly)
    if begun_first == "slow":
        writer.start()
        assert numbered.wait(10)
    else:
        pre_save.connect(number_the_slow_first, sender=Revision)
    try:
        change_note(quick)
        held = Held(anonymous, "/api/v1/sectors/?fields=code,note&ordering=code")
    finally:
        pre_save.disconnect(number_the_slow_first, sender=Revision)
        done.set()
        writer.join()

    ((_address, before),) = held.answers.items()
    notes = {row["code"]: row["note"] for row in before.json()["results"]}
    assert notes == {"quick": "Changed.", "slow": ""}
    assert list(Revision.objects.values_list("object_id", flat=True).order_by("id"))[-2:] == [
        "slow",
        "quick",
    ]
    assert held.told_anew() == [True]


def change_note(sector):
    sector.note = "Changed."
    sector.save()
