"""Many rows at once: a list creates or changes them, filters delete them, and it is all of them or none."""

import json
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import District
from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.history.revision import Revision
from shuangta.query.resources import address_of, viewsets
from shuangta.records.rename import rename_record
from tests.conftest import client_of
from tests.faces import SHAPES
from tests.factories import (
    CitationFactory,
    DistrictFactory,
    ObservationFactory,
    ParkFactory,
    PassageFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
    type_of,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_shape = pytest.mark.parametrize("resource", SHAPES)
PROJECTS, SECTORS = "/api/v1/projects/", "/api/v1/sectors/"


def model_of(resource):
    return VIEWSETS[resource].queryset.model


def answer(response):
    assert response.status_code == 200, response.content.decode()
    return response.json()


def errors(response):
    assert response.status_code == 400, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    return [
        (*([each["row"]] if "row" in each else []), each["field"], each["code"])
        for each in response.json()["errors"]
    ]


def counts(response):
    return {name: answer(response)[name] for name in ("created", "changed", "unchanged")}


def etag_of(client, row):
    return client.get(address_of(row))["ETag"].partition(".")[0] + '"'


def everything():
    """Every row of every resource, and how many changes were kept."""
    return [
        list(each.queryset.model.objects.order_by("pk").values()) for each in VIEWSETS.values()
    ] + [Revision.objects.count()]


def only(*rows):
    return {f"{rows[0]._meta.pk.name}__in": ",".join(str(row.pk) for row in rows)}


# Every resource


@every_shape
def test_a_list_sent_back_as_it_was_read_changes_nothing(publisher, resource):
    rows = [make_filled(model_of(resource)) for _ in range(3)]
    read = publisher.get(f"/api/v1/{resource}/", only(*rows)).json()["results"]
    before = everything()

    response = publisher.post(f"/api/v1/{resource}/", read)

    key = rows[0]._meta.pk.name
    assert answer(response) == {
        "created": 0,
        "changed": 0,
        "unchanged": 3,
        "results": [
            {
                "row": number,
                key: row[key],
                "outcome": "unchanged",
                "version": row["version"],
                "etag": etag_of(publisher, model_of(resource).objects.get(pk=row[key])),
                "changes": [],
            }
            for number, row in enumerate(read)
        ],
    }
    assert everything() == before


@every_shape
def test_a_row_names_the_fields_to_change_and_the_others_stay(publisher, resource):
    rows = [make_filled(model_of(resource)) for _ in range(3)]
    read = publisher.get(f"/api/v1/{resource}/", only(*rows)).json()["results"]
    key = rows[0]._meta.pk.name
    sent = [read[0], {key: read[1][key], "note": "Another."}, read[2] | {"note": "Third."}]

    response = publisher.post(f"/api/v1/{resource}/", sent)

    assert counts(response) == {"created": 0, "changed": 2, "unchanged": 1}
    assert [each["changes"] for each in response.json()["results"]] == [
        [],
        [{"field": "note", "before": "A note.", "after": "Another."}],
        [{"field": "note", "before": "A note.", "after": "Third."}],
    ]
    stored = publisher.get(f"/api/v1/{resource}/", only(*rows)).json()["results"]
    kept = [{name: row[name] for name in row if name != "updated_at"} for row in stored]
    assert kept == [
        {name: row[name] for name in row if name != "updated_at"}
        | ({} if note is None else {"note": note, "version": row["version"] + 1})
        for row, note in zip(read, (None, "Another.", "Third."), strict=True)
    ]
    assert [each["version"] for each in response.json()["results"]] == [
        row["version"] for row in stored
    ]


@every_shape
def test_rows_of_new_records_create_them_as_single_posts_would(editor, resource):
    rows = [make_filled(model_of(resource)) for _ in range(2)]
    fields = VIEWSETS[resource].serializer_class().fields
    writable = {name for name, field in fields.items() if not field.read_only} - {"is_published"}
    sent = [
        {
            name: value
            for name, value in editor.get(address_of(row)).json().items()
            if name in writable
        }
        for row in rows
    ]
    for row in rows:
        row.delete()

    response = editor.post(f"/api/v1/{resource}/", sent)

    assert counts(response) == {"created": 2, "changed": 0, "unchanged": 0}
    for row, result in zip(sent, response.json()["results"], strict=True):
        stored = editor.get(f"/api/v1/{resource}/{result.get('code', result.get('id'))}/")
        assert {name: stored.json()[name] for name in row} == row
        assert (result["version"], result["outcome"]) == (stored.json()["version"], "created")
        assert {each["field"]: each["after"] for each in result["changes"]} == {
            name: stored.json()[name]
            for name in [*row, *({"id", "is_published"} & set(fields))]
            if stored.json()[name] not in (None, "", [])
        }
        assert {each["before"] for each in result["changes"]} == {None}


@every_shape
def test_a_wrong_row_keeps_all_rows_from_being_written(publisher, resource):
    rows = [make_filled(model_of(resource)) for _ in range(2)]
    key, before = rows[0]._meta.pk.name, everything()
    sent = [{key: rows[0].pk, "note": "Another."}, {key: rows[1].pk, "note": 5, "nota": "x"}]

    response = publisher.post(f"/api/v1/{resource}/", sent)

    assert errors(response) == [(1, "nota", "unknown_field"), (1, "note", "invalid")]
    assert response.json()["error_count"] == 2
    assert everything() == before


@every_shape
def test_a_dry_run_answers_as_the_list_would_and_writes_nothing(publisher, resource):
    row = make_filled(model_of(resource))
    sent, before = [{row._meta.pk.name: row.pk, "note": "Another."}], everything()

    rehearsed = publisher.post(f"/api/v1/{resource}/?dry_run=true", sent)
    unwritten = everything()
    written = publisher.post(f"/api/v1/{resource}/", sent)

    assert rehearsed["X-Dry-Run"] == "true"
    assert without_etags(rehearsed) == without_etags(written)
    assert unwritten == before
    assert counts(written) == {"created": 0, "changed": 1, "unchanged": 0}


def without_etags(response):
    return [each | {"etag": None} for each in answer(response)["results"]]


@every_shape
def test_the_records_that_the_filters_name_are_deleted(publisher, resource):
    kept, *rows = (make(model_of(resource)) for _ in range(3))
    address = f"/api/v1/{resource}/"

    response = publisher.delete(f"{address}?{query(rows)}&max_affected=2")

    keys = sorted(row.pk for row in rows)
    assert answer(response) == {"deleted": 2, "codes": keys}
    left = model_of(resource).objects.filter(pk__in=[kept.pk, *keys])
    assert list(left) == [kept]
    deleted = Revision.objects.filter(
        content_type=type_of(kept), object_id__in=keys, action="deleted"
    )
    assert set(deleted.values_list("actor", flat=True)) == {publisher.user.pk}
    assert deleted.count() == 2


@every_shape
def test_no_more_are_deleted_than_was_said(publisher, resource):
    rows = [make(model_of(resource)) for _ in range(3)]
    before = everything()

    response = publisher.delete(f"/api/v1/{resource}/?{query(rows)}&max_affected=2")

    assert errors(response) == [("max_affected", "too_many_rows")]
    assert response.json()["errors"][0]["detail"] == "The filters name 3 records."
    assert everything() == before


@every_shape
def test_a_rehearsed_deletion_deletes_nothing(publisher, resource):
    rows = [make(model_of(resource)) for _ in range(2)]
    before = everything()

    response = publisher.delete(f"/api/v1/{resource}/?{query(rows)}&max_affected=2&dry_run=true")

    assert response["X-Dry-Run"] == "true"
    assert answer(response) == {"deleted": 2, "codes": sorted(row.pk for row in rows)}
    assert everything() == before


def query(rows):
    return urlencode(only(*rows))


@every_shape
def test_only_those_who_may_write_many(anonymous, stranger, reader, resource):
    row = make(model_of(resource))
    before = everything()
    for client, status in ((anonymous, 401), (stranger, 403), (reader, 403)):
        answers = [
            client.post(f"/api/v1/{resource}/", [{row._meta.pk.name: row.pk, "note": "x"}]),
            client.delete(f"/api/v1/{resource}/?{query([row])}&max_affected=1"),
        ]
        assert [each.status_code for each in answers] == [status] * 2
    assert everything() == before


# Lists


def new(code, **values):
    return {"code": code, "name": "示例"} | values


def test_later_rows_may_name_earlier_ones(editor):
    response = editor.post(
        "/api/v1/districts/",
        [
            new("211300", level="prefecture"),
            new("211302", level="county", parent="211300"),
            new("211302-town", level="township", parent="211302"),
        ],
    )

    assert counts(response) == {"created": 3, "changed": 0, "unchanged": 0}
    parents = District.objects.order_by("code").values_list("code", "parent")
    assert list(parents) == [("211300", None), ("211302", "211300"), ("211302-town", "211302")]


def test_a_list_creates_changes_and_leaves_alone_and_tells_which(editor):
    same, other = SectorFactory(code="same"), SectorFactory(code="other", name_en="Other")
    read = editor.get(address_of(same)).json()

    response = editor.post(
        SECTORS, [{"name": "批发"}, read, {"code": "other", "name": "零售", "name_en": None}]
    )

    made = Sector.objects.get(name="批发")
    other.refresh_from_db()
    assert answer(response) == {
        "created": 1,
        "changed": 1,
        "unchanged": 1,
        "results": [
            {
                "row": 0,
                "code": "pifa",
                "outcome": "created",
                "version": 1,
                "etag": etag_of(editor, made),
                "changes": [
                    {"field": "code", "before": None, "after": "pifa"},
                    {"field": "name", "before": None, "after": "批发"},
                    {"field": "is_published", "before": None, "after": False},
                ],
            },
            {
                "row": 1,
                "code": "same",
                "outcome": "unchanged",
                "version": 1,
                "etag": etag_of(editor, same),
                "changes": [],
            },
            {
                "row": 2,
                "code": "other",
                "outcome": "changed",
                "version": 2,
                "etag": etag_of(editor, other),
                "changes": [
                    {"field": "name", "before": other_name(other), "after": "零售"},
                    {"field": "name_en", "before": "Other", "after": None},
                ],
            },
        ],
    }


def other_name(row):
    """What the row was called in its first version."""
    return Revision.objects.get(object_id=row.pk, version=1).state["name"]


def test_relations_are_changed_as_by_a_single_row(editor):
    one, two = SectorFactory(), SectorFactory()
    project, still = ProjectFactory(), ProjectFactory()
    project.sectors.set([one]), still.sectors.set([one, two])

    response = editor.post(
        PROJECTS,
        [
            {"code": project.code, "sectors": [two.code]},
            {"code": still.code, "sectors": [two.code, one.code]},
        ],
    )

    assert [each["outcome"] for each in response.json()["results"]] == ["changed", "unchanged"]
    assert response.json()["results"][0]["changes"] == [
        {"field": "sectors", "before": [one.code], "after": [two.code]}
    ]
    assert list(project.sectors.all()) == [two]
    assert set(still.sectors.all()) == {one, two}


def test_every_error_of_every_row_is_told_at_once(editor):
    SectorFactory(code="present")

    response = editor.post(
        SECTORS,
        [
            {"code": "present", "name": "", "note": None},
            5,
            new("Bad Code"),
            {},
            new("fine"),
            None,
            new("cannot-be", is_published=True),
        ],
    )

    assert response.json() == {
        "type": "about:blank",
        "title": "The request is not valid.",
        "status": 400,
        "code": "invalid",
        "errors": [
            {"row": 0, "field": "name", "code": "blank", "detail": "This field may not be blank."},
            {"row": 0, "field": "note", "code": "null", "detail": "This field may not be null."},
            {
                "row": 1,
                "field": None,
                "code": "invalid",
                "detail": "A record is an object of fields and their values.",
            },
            {
                "row": 2,
                "field": "code",
                "code": "code_shape",
                "detail": "A code is made of small ASCII letters, digits and single hyphens "
                "between them.",
            },
            {"row": 3, "field": "name", "code": "required", "detail": "This field is required."},
            {"row": 5, "field": None, "code": "null", "detail": "This field may not be null."},
            {
                "row": 6,
                "field": "is_published",
                "code": "publish",
                "detail": "Publishing and withdrawing needs the permission to publish.",
            },
        ],
        "error_count": 7,
    }
    assert Sector.objects.count() == 1


def test_two_rows_about_one_record_are_both_wrong(editor):
    SectorFactory(code="present")

    response = editor.post(
        SECTORS,
        [
            {"code": "present", "note": "a"},
            new("fresh"),
            {"code": "present", "note": "b"},
            new("fresh"),
            {"code": "present", "note": "c"},
            {"name": "批发"},
            new("pifa"),
        ],
    )

    assert errors(response) == [(row, "code", "repeated") for row in (0, 1, 2, 3, 4, 5, 6)]


def test_a_row_holds_only_of_the_version_that_it_names(editor):
    sector = SectorFactory(code="present", note="old")
    SectorFactory(code="other")
    read = editor.get(address_of(sector)).json()
    editor.patch(address_of(sector), {"note": "new"})

    stale = editor.post(
        SECTORS,
        [
            read | {"name_en": ""},
            {"code": "gone", "name": "示例", "version": 3},
            {"code": "other", "version": None},
            {"code": "fresh", "name": "示例", "version": None},
        ],
    )
    current = editor.post(SECTORS, [{"code": "present", "version": 2, "note": "newer"}])

    assert stale.json()["errors"] == [
        {
            "row": 0,
            "field": "version",
            "code": "changed_meanwhile",
            "detail": "The record was changed in the meantime; its version is now 2.",
        },
        {"row": 0, "field": "name_en", "code": "blank", "detail": "This field may not be blank."},
        {
            "row": 1,
            "field": "version",
            "code": "changed_meanwhile",
            "detail": "There is no longer such a record.",
        },
        {
            "row": 2,
            "field": "version",
            "code": "changed_meanwhile",
            "detail": "The record was changed in the meantime; its version is now 1.",
        },
    ]
    assert counts(current) == {"created": 0, "changed": 1, "unchanged": 0}


def test_what_cannot_be_written_may_only_be_sent_back_as_it_was_read(editor):
    read = editor.get(address_of(SectorFactory(code="present"))).json()

    response = editor.post(
        SECTORS,
        [
            read | {"created_at": "2020-01-01T00:00:00Z", "stated_on": "2020-01-01"},
            new("fresh", updated_at="2020-01-01T00:00:00Z"),
            new("fresher", version="1"),
        ],
    )

    assert errors(response) == [
        (0, "stated_on", "read_only"),
        (0, "created_at", "read_only"),
        (1, "updated_at", "read_only"),
        (2, "version", "read_only"),
    ]


@pytest.mark.parametrize(
    ("rows", "code"), [([], "empty"), ([{"name": "示例"}] * 1001, "too_many_rows")]
)
def test_a_list_has_from_one_to_a_thousand_rows(editor, rows, code):
    response = editor.post(SECTORS, rows)

    assert errors(response) == [(None, code)]
    assert Sector.objects.count() == 0


def test_more_errors_than_anybody_reads_are_counted(editor):
    response = editor.post(SECTORS, [{"nome": 1, "note": 2} for _ in range(400)])

    assert len(errors(response)) == 1000
    assert response.json()["error_count"] == 1200


def test_a_list_has_no_etag_to_match(editor):
    sector = SectorFactory()
    tag = {"if-match": '"1"'}

    posted = editor.post(SECTORS, [{"code": sector.code, "note": "x"}], headers=tag)
    deleted = editor.delete(f"{SECTORS}?code={sector.code}&max_affected=1", headers=tag)

    assert errors(posted) == [("If-Match", "invalid")]
    assert errors(deleted) == [("If-Match", "invalid")]
    assert Sector.objects.get().note == ""


def test_a_list_is_written_once_for_its_key_and_for_its_reason(editor):
    sent = [new("one"), new("two")]
    headers = {"idempotency-key": "k1", "x-change-reason": "Read again"}

    first = editor.post(SECTORS, sent, headers=headers)
    again = editor.post(SECTORS, sent, headers=headers)

    assert answer(again) == answer(first)
    assert again["Idempotency-Replayed"] == "true"
    assert set(
        Revision.objects.filter(object_id__in=["one", "two"]).values_list(
            "reason", "version", "actor"
        )
    ) == {("Read again", 1, editor.user.pk)}


def test_a_row_that_names_a_former_code_or_a_reserved_one_is_refused(editor):
    rename_record(SectorFactory(code="former"), "present")

    response = editor.post(SECTORS, [new("former"), new("history")])

    assert errors(response) == [(0, "code", "code_former"), (1, "code", "code_reserved")]


def test_no_key_is_too_strange_to_be_told_wrong(editor):
    keys = ["a\0", "\ud800", "a" * 101, 5, None, True, ["a"], {}, "/", "A"]

    response = editor.generic(
        "POST",
        SECTORS,
        json.dumps([new(key) for key in keys]),
        content_type="application/json",
    )

    assert [(each[0], each[1]) for each in errors(response)] == [
        (number, "code") for number in range(len(keys))
    ]


def test_creating_needs_one_right_and_changing_another():
    user = User.objects.create_user("adder")
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_sector", "view_sector"]))
    adder, sector = client_of(user), SectorFactory()

    created = adder.post(SECTORS, [new("fresh")])
    refused = adder.post(SECTORS, [new("fresher"), {"code": sector.code, "note": "x"}])

    assert counts(created) == {"created": 1, "changed": 0, "unchanged": 0}
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert not Sector.objects.filter(code="fresher").exists()


@pytest.mark.parametrize("unseen", ["view_project", "view_sector"])
def test_who_may_not_view_all_that_a_row_names_writes_none(unseen):
    user = User.objects.create_user("blind")
    user.user_permissions.set(Permission.objects.exclude(codename=unseen))
    project = ProjectFactory(note="")

    response = client_of(user).post(PROJECTS, [{"code": project.code, "note": "x"}])

    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
    project.refresh_from_db()
    assert project.note == ""


def test_a_value_is_published_with_its_source_and_not_without(publisher):
    sourced, bare = SectorFactory(is_published=False), SectorFactory(is_published=False)
    CitationFactory(about=sourced, field="name")

    response = publisher.post(
        SECTORS, [{"code": each.code, "is_published": True} for each in (sourced, bare)]
    )

    assert errors(response) == [(1, "name", "unsourced")]


def test_a_list_costs_no_more_queries_to_find_its_rows(editor):
    """Each row that stays as it is costs its validation, and nothing to be found, compared or told."""
    rows = [make_filled(Project) for _ in range(20)]
    read = editor.get(PROJECTS, only(*rows)).json()["results"]

    def cost(sent):
        with CaptureQueriesContext(connection) as queries:
            response = editor.post(PROJECTS, sent)
        assert counts(response) == {"created": 0, "changed": 0, "unchanged": len(sent)}
        return len(queries)

    cost(read)
    one, two, twenty = cost(read[:1]), cost(read[:2]), cost(read)
    assert twenty - one == 19 * (two - one)
    assert two - one <= 18


# Deletions


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("max_affected=5", [(None, "no_filter")]),
        ("max_affected=5&dry_run=true", [(None, "no_filter")]),
        ("code=kept", [("max_affected", "required")]),
        ("code=kept&max_affected=0", [("max_affected", "invalid")]),
        ("code=kept&max_affected=-1", [("max_affected", "invalid")]),
        ("code=kept&max_affected=many", [("max_affected", "invalid")]),
        ("code=kept&max_affected=1e3", [("max_affected", "invalid")]),
        ("code=kept&max_affected=", [("max_affected", "empty")]),
        ("code=kept&max_affected=1&max_affected=2", [("max_affected", "repeated")]),
        ("code=no-such&kode=kept&max_affected=1", [("kode", "unknown_parameter")]),
        ("code=kept&page_size=1&max_affected=1", [("page_size", "unknown_parameter")]),
        ("is_published=maybe&max_affected=1", [("is_published", "invalid_boolean")]),
    ],
)
def test_a_deletion_that_is_not_clear_deletes_nothing(editor, query, expected):
    sector = SectorFactory(code="kept")

    response = editor.delete(f"{SECTORS}?{query}")

    assert errors(response) == expected
    assert list(Sector.objects.all()) == [sector]


def test_filters_that_name_nothing_delete_nothing(editor):
    SectorFactory()

    response = editor.delete(f"{SECTORS}?name=无&max_affected=1")

    assert answer(response) == {"deleted": 0, "codes": []}
    assert Sector.objects.count() == 1


def test_a_search_names_what_is_deleted_too(editor):
    SectorFactory(code="kept", name="零售"), SectorFactory(code="gone", name="批发")

    response = editor.delete(f"{SECTORS}?search=批发&max_affected=1")

    assert answer(response) == {"deleted": 1, "codes": ["gone"]}


def test_rows_that_depend_on_one_another_go_in_the_right_order(editor):
    top = DistrictFactory(code="980", level="prefecture")
    middle = DistrictFactory(code="980-2", parent=top)
    for code in ("980-3", "980-1"):
        DistrictFactory(code=code, parent=middle, level="township")
    kept = DistrictFactory(code="981")

    response = editor.delete("/api/v1/districts/?code__startswith=980&max_affected=4")

    assert answer(response) == {"deleted": 4, "codes": ["980", "980-1", "980-2", "980-3"]}
    assert list(District.objects.all()) == [kept]


def test_all_that_depends_on_any_of_the_rows_is_named(editor):
    top = DistrictFactory(code="980", level="prefecture")
    middle = DistrictFactory(code="980-2", parent=top)
    project = ProjectFactory(district=top)
    park = ParkFactory(district=middle)
    figure = ObservationFactory(about=middle)
    before = everything()

    response = editor.delete("/api/v1/districts/?code__startswith=980&max_affected=2")

    assert response.status_code == 409
    assert response.json() == {
        "type": "about:blank",
        "title": "Other records depend on this one.",
        "status": 409,
        "code": "in_use",
        "dependents": [
            {"type": "districts.observation", "key": figure.pk},
            {"type": "districts.park", "key": park.pk},
            {"type": "projects.project", "key": project.pk},
        ],
        "dependent_count": 3,
    }
    assert everything() == before


def test_rows_that_depend_on_one_another_in_a_circle_stay(editor):
    one = DistrictFactory(code="980-1", level="prefecture")
    two = DistrictFactory(code="980-2", parent=one)
    one.replaced_by = two
    one.save()

    response = editor.delete("/api/v1/districts/?code__startswith=980&max_affected=2")

    assert response.status_code == 409
    assert [each["key"] for each in response.json()["dependents"]] == ["980-1", "980-2"]
    assert District.objects.count() == 2


def test_citations_go_with_their_records_and_by_their_own_filters(editor):
    sector = SectorFactory(code="gone")
    with_record = CitationFactory(about=sector)
    by_filter = CitationFactory(about=SectorFactory(), passage=PassageFactory(code="p1"))
    kept = CitationFactory(about=SectorFactory())

    by_record = editor.delete(f"{SECTORS}?code=gone&max_affected=1")
    by_passage = editor.delete("/api/v1/citations/?passage=p1&max_affected=1")

    assert answer(by_record) == {"deleted": 1, "codes": ["gone"]}
    assert answer(by_passage) == {"deleted": 1, "codes": [by_filter.pk]}
    assert list(Citation.objects.filter(pk__in=[with_record.pk, by_filter.pk, kept.pk])) == [kept]


def test_who_may_not_view_all_deletes_none():
    user = User.objects.create_user("blind")
    user.user_permissions.set(Permission.objects.filter(codename="delete_sector"))
    sector = SectorFactory()

    response = client_of(user).delete(f"{SECTORS}?version=1&max_affected=5")

    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
    assert list(Sector.objects.all()) == [sector]


def test_a_deletion_keeps_its_reason(editor):
    SectorFactory(code="gone")

    editor.delete(f"{SECTORS}?code=gone&max_affected=1", headers={"x-change-reason": "Doubled"})

    assert Revision.objects.get(object_id="gone", action="deleted").reason == "Doubled"
