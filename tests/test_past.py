"""The past of a row: its history, the row as of a moment, and restoring what it was."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.models import Observation
from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.history.context import change_reason
from shuangta.history.tracking import BOOKKEEPING
from shuangta.query.resources import address_of, viewsets
from shuangta.records.models import Record
from shuangta.records.rename import rename_record
from tests.conftest import client_of
from tests.faces import SHAPES
from tests.factories import (
    CitationFactory,
    DeclaredCountFactory,
    DocumentFactory,
    EnterpriseFactory,
    ObservationFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
ENTRIES = [name for name in SHAPES if issubclass(VIEWSETS[name].queryset.model, Record)]
COMPUTED_NOW = ("state", "registered")

every_shape = pytest.mark.parametrize("resource", SHAPES)
every_entry = pytest.mark.parametrize("resource", ENTRIES)


def model_of(resource):
    return VIEWSETS[resource].queryset.model


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def history_of(client, row, **parameters):
    response = client.get(f"{address_of(row)}history/", parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def versions_of(client, row):
    return history_of(client, row)["results"]


def as_of(client, row, moment, **parameters):
    return client.get(address_of(row), {"as_of": moment.isoformat(), **parameters})


def restore(client, row, body, **options):
    return client.post(f"{address_of(row)}restore/", body, **options)


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


def utc(moment):
    return moment.isoformat().replace("+00:00", "Z")


def moment_after(row):
    """A moment at which the row was as it is."""
    return fresh(row).updated_at


def stated(row, client):
    """What a history tells of a row that is new, from what detail tells of it."""
    meta = row._meta
    kept = {field.name for field in [*meta.concrete_fields, *meta.many_to_many]}
    kept -= BOOKKEEPING | set(row.derived_fields)
    return [
        {"field": name, "before": None, "after": value}
        for name, value in client.get(address_of(row)).json().items()
        if name in kept and value not in (None, "", [])
    ]


def with_less(row):
    """What a client sends to empty the relations of a row, and to note why."""
    meta = row._meta
    emptied = {field.name: [] for field in meta.many_to_many}
    if isinstance(row, Record):
        emptied |= {
            field.name: None for field in meta.concrete_fields if field.is_relation and field.null
        }
    return emptied | {"note": "Another note."}


# Every resource


@every_shape
def test_a_history_tells_every_change_of_a_row(editor, reader, resource):
    row = make_filled(model_of(resource))
    first = fresh(row)
    created = stated(row, editor)
    note = next(each["after"] for each in created if each["field"] == "note")
    make_filled(model_of(resource))

    changed = editor.patch(
        address_of(row), {"note": "Another note."}, headers={"X-Change-Reason": "A correction."}
    )
    deleted = editor.delete(address_of(row))

    history = history_of(reader, row)
    moments = [each.pop("at") for each in history["results"]]
    assert moments[1:] == [changed.json()["updated_at"], utc(first.updated_at)]
    assert history == {
        "count": 3,
        "count_is": "exact",
        "next": None,
        "previous": None,
        "results": [
            {
                "version": 3,
                "kind": "deleted",
                "reason": "",
                "request_id": deleted["X-Request-Id"],
                "changes": [],
            },
            {
                "version": 2,
                "kind": "changed",
                "reason": "A correction.",
                "request_id": changed["X-Request-Id"],
                "changes": [{"field": "note", "before": note, "after": "Another note."}],
            },
            {
                "version": 1,
                "kind": "created",
                "reason": "",
                "request_id": "",
                "changes": created,
            },
        ],
    }


@every_shape
def test_as_of_a_moment_a_row_is_what_detail_answered_then(anonymous, editor, reader, resource):
    shape = {"expand": "evidence"} if resource in ENTRIES else {}
    row = make_filled(model_of(resource))
    if resource in ENTRIES:
        changing, leaving = CitationFactory.create_batch(2, about=row, field="note")
    before = timezone.now()
    answered = anonymous.get(address_of(row), shape).json()
    if resource == "declared-counts":
        answered |= dict.fromkeys(COMPUTED_NOW)

    changed = editor.patch(address_of(row), with_less(row))
    if resource in ENTRIES:
        changing.passage.article.document.published_on = date(2022, 1, 1)
        changing.passage.article.document.save()
        changing.value = "read anew"
        changing.save()
        leaving.delete()
        CitationFactory(about=row, field="note")

    assert changed.status_code == 200, changed.content.decode()
    assert anonymous.get(address_of(row), shape).json() != answered
    assert as_of(anonymous, row, before, **shape).json() == answered
    assert as_of(anonymous, row, before, fields="version").json() == {"version": 1}

    editor.delete(address_of(row))

    assert as_of(reader, row, before, **shape).json() == answered
    assert as_of(reader, row, timezone.now()).status_code == 404
    assert as_of(anonymous, row, before).status_code == 404


@every_shape
def test_a_row_is_not_there_before_its_creation(anonymous, reader, resource):
    before = timezone.now()
    row = make(model_of(resource))

    assert as_of(anonymous, row, before).status_code == 404
    assert as_of(reader, row, before).status_code == 404
    assert as_of(reader, row, moment_after(row)).status_code == 200


@every_shape
def test_a_version_is_restored_and_so_is_a_deleted_row(editor, resource):
    row = make_filled(model_of(resource))
    before = editor.get(address_of(row)).json()
    changed = editor.patch(address_of(row), with_less(row))
    assert changed.status_code == 200, changed.content.decode()

    restored = restore(editor, row, {"version": 1})

    assert restored.status_code == 200, restored.content.decode()
    assert restored.json() == editor.get(address_of(row)).json()
    assert apart_from_times(restored.json()) == apart_from_times(before) | {"version": 3}

    editor.delete(address_of(row))
    again = restore(editor, row, {})

    hidden = {"is_published": False} if resource in ENTRIES else {}  # an editor publishes nothing
    assert again.status_code == 201, again.content.decode()
    assert again["Location"] == f"http://testserver{address_of(row)}"
    assert again.json() == editor.get(address_of(row)).json()
    assert apart_from_times(again.json()) == apart_from_times(before) | {"version": 5} | hidden
    assert [
        (each["version"], each["kind"], each["reason"]) for each in versions_of(editor, row)
    ] == [
        (5, "created", "Restored after deletion."),
        (4, "deleted", ""),
        (3, "changed", "Version 1 restored."),
        (2, "changed", ""),
        (1, "created", ""),
    ]


def apart_from_times(document):
    return {name: document[name] for name in document if name not in ("created_at", "updated_at")}


@every_entry
def test_what_was_not_published_stays_hidden(anonymous, reader, resource):
    row = make(model_of(resource), is_published=False, note="Secret.")
    moments = [moment_after(row)]
    for is_published, note in [(True, "First."), (False, "Secret again."), (True, "Second.")]:
        row.is_published, row.note = is_published, note
        row.save()
        moments.append(moment_after(row))

    seen = anonymous.get(f"{address_of(row)}history/")
    second, first = seen.json()["results"]

    assert seen.json()["count"] == 2
    assert list(first) == list(second) == ["version", "kind", "at", "changes"]
    assert (second["version"], first["version"]) == (4, 2)
    assert second["changes"] == [{"field": "note", "before": "First.", "after": "Second."}]
    assert {each["before"] for each in first["changes"]} == {None}
    assert "Secret" not in seen.content.decode()
    assert [as_of(anonymous, row, each).status_code for each in moments] == [404, 200, 404, 200]
    assert as_of(anonymous, row, moments[1]).json()["note"] == "First."
    assert [as_of(reader, row, each).status_code for each in moments] == [200] * 4
    assert [each["version"] for each in versions_of(reader, row)] == [4, 3, 2, 1]


@every_entry
def test_a_row_that_is_hidden_or_deleted_has_no_past_for_who_may_not_view_it(
    anonymous, stranger, reader, resource
):
    row = make(model_of(resource))
    moment = moment_after(row)

    def past(client):
        history = client.get(f"{address_of(row)}history/")
        return history.status_code, as_of(client, row, moment).status_code

    assert past(anonymous) == (200, 200)
    row.is_published = False
    row.save()
    assert past(anonymous) == past(stranger) == (404, 404)
    assert past(reader) == (200, 200)
    row.is_published = True
    row.save()
    fresh(row).delete()
    assert past(anonymous) == past(stranger) == (404, 404)
    assert past(reader) == (200, 200)


# History


def test_values_are_told_as_the_resource_tells_them(reader):
    sectors = [SectorFactory(name="乙", code="a"), SectorFactory(name="甲", code="b")]
    project = ProjectFactory(aliases="", total_investment=None, started_on=None)
    project.aliases, project.total_investment = "一\n二", "30000000.50"
    project.started_on, project.stage = date(2021, 1, 1), Project.Stage.SIGNED
    project.save()
    project.sectors.set(sectors)

    changes = {
        each["field"]: (each["before"], each["after"])
        for version in versions_of(reader, project)[:-1]
        for each in version["changes"]
    }

    assert changes == {
        "aliases": (None, ["一", "二"]),
        "total_investment": (None, 30000000.5),
        "started_on": (None, "2021-01-01"),
        "stage": (None, "signed"),
        "sectors": (None, ["b", "a"]),
    }


def test_only_staff_is_told_who_made_a_change(editor, reader):
    sector = SectorFactory()
    editor.patch(address_of(sector), {"note": "A note."})

    assert "actor" not in versions_of(reader, sector)[0]
    reader.user.is_staff = True
    reader.user.save()

    assert [each["actor"] for each in versions_of(reader, sector)] == ["editor", None]


def test_staff_that_may_not_view_all_is_told_the_actor_and_no_reason(stranger):
    with change_reason("A reason."):
        sector = SectorFactory()
    stranger.user.is_staff = True
    stranger.user.save()

    [version] = versions_of(stranger, sector)

    assert list(version) == ["version", "kind", "at", "actor", "changes"]


def test_no_store_keeps_a_history(reader):
    response = reader.get(f"{address_of(SectorFactory())}history/")

    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response


def test_hidden_records_are_left_out_of_the_relations_of_the_past(anonymous, reader):
    hidden, shown = SectorFactory(code="hidden", name="甲"), SectorFactory(code="shown", name="乙")
    gone = SectorFactory(code="gone")
    project = ProjectFactory()
    project.sectors.set([hidden, gone])
    moment = timezone.now()
    fresh(project).sectors.remove(gone)
    fresh(project).sectors.add(shown)
    Sector.objects.filter(pk="hidden").update(is_published=False)
    gone.delete()

    def past(client):
        told = [
            (each["before"], each["after"])
            for version in versions_of(client, project)
            for each in version["changes"]
            if each["field"] == "sectors"
        ]
        return told, as_of(client, project, moment).json()["sectors"]

    assert past(anonymous) == ([(None, ["shown"])], [])
    assert past(reader) == (
        [
            (["hidden"], ["hidden", "shown"]),
            (["hidden", "gone"], ["hidden"]),
            (None, ["hidden", "gone"]),
        ],
        ["hidden", "gone"],
    )


def test_a_citation_has_the_past_of_when_its_record_was_published(anonymous, reader):
    project = ProjectFactory(is_published=False)
    citation = CitationFactory(about=project, value="secret")
    moments = [moment_after(citation)]
    citation.value = "first"
    citation.save()
    project.is_published = True
    project.save()
    moments.append(timezone.now())
    citation.value = "second"
    citation.save()
    moments.append(moment_after(citation))

    told = [
        (version["version"], each["before"], each["after"])
        for version in versions_of(anonymous, citation)
        for each in version["changes"]
        if each["field"] == "value"
    ]

    assert told == [(3, "first", "second"), (2, None, "first")]
    assert [as_of(anonymous, citation, each).status_code for each in moments] == [404, 200, 200]
    assert as_of(anonymous, citation, moments[1]).json()["value"] == "first"
    assert [each["version"] for each in versions_of(reader, citation)] == [3, 2, 1]
    project.is_published = False
    project.save()
    assert anonymous.get(f"{address_of(citation)}history/").status_code == 404


def test_a_citation_tells_nothing_of_a_hidden_record_that_it_was_about(anonymous):
    hidden, shown = ProjectFactory(code="hidden"), ProjectFactory()
    citation = CitationFactory(about=hidden)
    moment = moment_after(citation)
    citation.record = shown.pk
    citation.save()
    hidden.is_published = False
    hidden.save()

    response = anonymous.get(f"{address_of(citation)}history/")

    assert [each["version"] for each in response.json()["results"]] == [2]
    assert "hidden" not in response.content.decode()
    assert as_of(anonymous, citation, moment).status_code == 404


def test_a_row_that_was_made_again_begins_anew(anonymous):
    SectorFactory(code="a", note="Before.", name="甲").delete()
    again = SectorFactory(code="a", note="After.", name="甲")

    told = versions_of(anonymous, again)

    assert [(each["version"], each["kind"]) for each in told] == [
        (3, "created"),
        (2, "deleted"),
        (1, "created"),
    ]
    assert told[0]["changes"] == stated(again, anonymous)
    assert as_of(anonymous, again, moment_after(again)).json()["created_at"] == told[0]["at"]


def test_a_history_is_paged_from_both_ends(reader):
    sector = SectorFactory(note="0")
    for number in range(1, 5):
        sector.note = str(number)
        sector.save()

    first = history_of(reader, sector, page_size=2)
    second = reader.get(first["next"]).json()
    third = reader.get(second["next"]).json()

    pages = [first, second, third]
    assert [[each["version"] for each in page["results"]] for page in pages] == [
        [5, 4],
        [3, 2],
        [1],
    ]
    assert second["results"][1]["changes"] == [{"field": "note", "before": "0", "after": "1"}]
    assert (third["next"], first["previous"], first["count"]) == (None, None, 5)
    assert reader.get(second["previous"]).json()["results"] == first["results"]
    assert history_of(reader, sector, count="none")["count"] is None


@every_shape
def test_a_long_history_costs_the_queries_of_a_short_one(anonymous, reader, resource):
    row = make_filled(model_of(resource))

    def cost(client):
        with CaptureQueriesContext(connection) as queries:
            history_of(client, row)
        return len(queries)

    cost(reader)  # the types of records are read once for all requests
    short = cost(reader), cost(anonymous)
    for number in range(5):
        row.note = f"Note {number}."
        row.save()
        for field in row._meta.many_to_many:
            getattr(row, field.name).add(make(field.related_model))

    assert (cost(reader), cost(anonymous)) == short


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"page_sise": "2"}, ("page_sise", "unknown_parameter")),
        ({"page_size": "0"}, ("page_size", "out_of_range")),
        ({"ordering": "version"}, ("ordering", "unknown_parameter")),
        ({"after": "x"}, ("after", "invalid")),
        ({"count": "some"}, ("count", "invalid_choice")),
        ({"fields": "version"}, ("fields", "unknown_parameter")),
        ({"as_of": "2026-01-01T00:00:00Z"}, ("as_of", "unknown_parameter")),
    ],
)
def test_a_history_refuses_what_it_does_not_know(anonymous, parameters, error):
    response = anonymous.get(f"{address_of(SectorFactory())}history/", parameters)

    assert errors(response) == [error]


# As of a moment


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"as_of": "2026-01-01"}, ("as_of", "invalid_moment")),
        ({"as_of": "2026-01-01T00:00:00"}, ("as_of", "invalid_moment")),
        ({"as_of": "yesterday"}, ("as_of", "invalid_moment")),
        ({"as_of": ""}, ("as_of", "empty")),
        ({"as_of": "2999-01-01T00:00:00Z"}, ("as_of", "in_future")),
        ({"as_of": "2020-01-01T00:00:00Z", "expand": "parent"}, ("expand", "not_in_past")),
        ({"as_of": "2020-01-01T00:00:00Z", "fields": "nme"}, ("fields", "unknown_field")),
    ],
)
def test_a_moment_is_read_strictly(anonymous, parameters, error):
    assert errors(anonymous.get(address_of(SectorFactory()), parameters)) == [error]


def test_a_list_is_of_now(anonymous):
    response = anonymous.get("/api/v1/sectors/", {"as_of": "2020-01-01T00:00:00Z"})

    assert errors(response) == [("as_of", "unknown_parameter")]


def test_the_past_names_records_by_the_codes_that_they_have_now(anonymous):
    project, claim = ProjectFactory(), DeclaredCountFactory()
    project.sectors.set([SectorFactory(code="sector")])
    CitationFactory(about=project, field="sectors")
    moment = timezone.now()
    shape = {"fields": "code,district,sectors", "expand": "evidence"}
    answered = as_of(anonymous, project, moment, **shape).json()
    rename_record(project.sectors.get(), "corrected-sector")
    rename_record(project.district, "corrected-district")
    corrected = rename_record(fresh(project), "corrected")
    rename_record(claim.observation.about, "corrected-subject")

    redirect = anonymous.get(address_of(project), {"as_of": moment.isoformat()})
    past = as_of(anonymous, corrected, moment, **shape).json()

    assert redirect.status_code == 308
    assert as_of(anonymous, corrected, moment).json() == anonymous.get(redirect["Location"]).json()
    assert past == answered | {
        "code": "corrected",
        "district": "corrected-district",
        "sectors": ["corrected-sector"],
    }
    observed = as_of(anonymous, claim.observation, moment).json()
    assert observed["subject"] == "corrected-subject"


def test_a_citation_was_evidence_of_the_record_that_it_cited_then(anonymous):
    first, second = SectorFactory.create_batch(2)
    citation = CitationFactory(about=first)
    moments = [moment_after(citation)]
    citation.record = second.pk
    citation.save()
    moments.append(moment_after(citation))

    quoted = [
        [
            list(as_of(anonymous, sector, moment, expand="evidence").json()["evidence"])
            for sector in (first, second)
        ]
        for moment in moments
    ]

    assert quoted == [[["name"], []], [[], ["name"]]]


def test_the_address_of_a_past_follows_a_corrected_code(anonymous):
    sector = SectorFactory(code="before")
    rename_record(sector, "after")

    response = anonymous.get("/api/v1/sectors/before/history/", {"page_size": "1"})

    assert response.status_code == 308
    assert response["Location"] == "http://testserver/api/v1/sectors/after/history/?page_size=1"
    assert anonymous.get(response["Location"]).json()["results"][0]["changes"] == [
        {"field": "code", "before": "before", "after": "after"}
    ]


def test_what_a_document_derives_from_its_text_is_of_then(anonymous):
    document = DocumentFactory(text="一")
    answered = anonymous.get(address_of(document)).json()
    document.text = "二"
    document.save()

    past = as_of(anonymous, document, moment_after(document) - timedelta(microseconds=1)).json()

    assert past == answered
    assert past["sha256"] != fresh(document).sha256


def test_what_is_past_is_not_modified_and_is_no_version_to_write_over(anonymous, editor):
    sector = SectorFactory(note="")
    moment = moment_after(sector)
    first = as_of(anonymous, sector, moment)
    same = anonymous.get(
        address_of(sector),
        {"as_of": moment.isoformat()},
        headers={"If-None-Match": first["ETag"]},
    )
    held = as_of(editor, sector, moment)["ETag"]

    refused = editor.patch(address_of(sector), {"note": "x"}, headers={"If-Match": held})

    assert (same.status_code, same["ETag"]) == (304, first["ETag"])
    assert refused.status_code == 412
    assert fresh(sector).note == ""


# Restoring


def test_a_deleted_record_comes_back_with_its_evidence(publisher, anonymous):
    sector = SectorFactory(name="批发", code="wholesale", name_en=None)
    CitationFactory(about=sector, field="name")
    shape = {"expand": "evidence"}
    before = anonymous.get(address_of(sector), shape).json()
    publisher.delete(address_of(sector))

    again = restore(publisher, sector, {})

    after = anonymous.get(address_of(sector), shape).json()
    assert again.status_code == 201
    assert again["ETag"] == publisher.get(address_of(sector))["ETag"].partition(".")[0] + '"'
    assert apart_from_times(after) == apart_from_times(before) | {"version": 3}


def test_a_deleted_record_comes_back_as_an_earlier_version(publisher):
    sector = SectorFactory(name="批发", note="First.")
    CitationFactory(about=sector, field="name")
    publisher.patch(address_of(sector), {"note": "Second."})
    publisher.delete(address_of(sector))

    again = restore(publisher, sector, {"version": 1})

    assert again.status_code == 201, again.content.decode()
    assert again.json()["note"] == "First."
    assert again.json()["is_published"] is True
    assert Citation.objects.get().record == sector.pk
    assert versions_of(publisher, sector)[0]["reason"] == "Version 1 restored."


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("version", "required")),
        ({"version": 9}, ("version", "no_such_version")),
        ({"version": 0}, ("version", "min_value")),
        ({"version": "1"}, ("version", "invalid")),
        ({"version": None}, ("version", "null")),
        ({"version": True}, ("version", "invalid")),
        ({"version": 1, "verzion": 1}, ("verzion", "unknown_field")),
        ([{"version": 1}], (None, "invalid")),
    ],
)
def test_restoring_takes_a_version_and_nothing_else(editor, body, error):
    sector = SectorFactory()

    assert errors(restore(editor, sector, body)) == [error]
    assert fresh(sector).version == 1


def test_a_deleted_record_refuses_a_version_that_it_never_had(editor):
    sector = SectorFactory()
    fresh(sector).delete()

    assert errors(restore(editor, sector, {"version": 9})) == [("version", "no_such_version")]
    assert not Sector.objects.exists()


def test_there_is_nothing_to_restore_where_there_never_was_a_record(editor):
    assert editor.post("/api/v1/sectors/never/restore/", {}).status_code == 404
    assert editor.post("/api/v1/citations/99/restore/", {}).status_code == 404
    assert editor.get("/api/v1/sectors/never/history/").status_code == 404


def test_values_that_no_longer_pass_are_not_restored(editor):
    parent, sector = SectorFactory(code="parent"), SectorFactory(code="gone")
    project = ProjectFactory()
    project.sectors.set([sector])
    child = SectorFactory(parent=parent)
    fresh(project).sectors.clear()
    child.parent = None
    child.save()
    parent.delete(), sector.delete()

    assert errors(restore(editor, child, {"version": 1})) == [("parent", "invalid")]
    assert errors(restore(editor, project, {"version": 1})) == [("sectors", "no_such_record")]
    assert (fresh(child).version, fresh(project).version) == (2, 2)


def test_restoring_follows_corrected_codes(editor):
    enterprise = EnterpriseFactory(note="First.")
    enterprise.sectors.set([SectorFactory(code="before")])
    observation = ObservationFactory(about=enterprise, note="First.")
    citation = CitationFactory(about=enterprise, note="First.")
    rows = [fresh(enterprise), observation, citation]
    for row in rows:
        row.note = "Second."
        row.save()
    rows[0].sectors.clear()
    rename_record(Sector.objects.get(), "after")
    corrected = rename_record(fresh(enterprise), "corrected")
    rows[0] = corrected

    assert [restore(editor, each, {"version": 1}).status_code for each in rows] == [200] * 3

    assert {fresh(each).note for each in rows} == {"First."}
    assert corrected.sectors.get().pk == "after"
    assert Observation.objects.get().about == Citation.objects.get().cited == corrected


def test_only_who_may_change_or_add_and_view_restores(anonymous, stranger, reader, editor):
    living, deleted = SectorFactory(), SectorFactory()
    fresh(deleted).delete()
    of = {each.codename: each for each in Permission.objects.filter(content_type__model="sector")}

    def answers(client, *codenames):
        if codenames:
            client.user.user_permissions.set(of[each] for each in codenames)
        return [
            restore(client, living, {"version": 1}).status_code,
            restore(client, deleted, {}, QUERY_STRING="dry_run=true").status_code,
        ]

    assert answers(anonymous) == [401, 401]
    assert answers(stranger) == [403, 403]
    assert answers(reader) == [403, 403]
    assert answers(editor, "view_sector", "change_sector") == [200, 403]
    assert answers(editor, "view_sector", "add_sector") == [403, 201]
    assert answers(editor, "change_sector", "add_sector") == [403, 403]


def test_only_who_may_publish_restores_that_something_was_published(editor, publisher):
    sector = SectorFactory(note="First.")
    CitationFactory(about=sector, field="name")
    sector.is_published, sector.note = False, "Second."
    sector.save()

    by_editor = restore(editor, sector, {"version": 1}).json()
    by_publisher = restore(publisher, sector, {"version": 1}).json()

    assert (by_editor["note"], by_editor["is_published"]) == ("First.", False)
    assert (by_publisher["note"], by_publisher["is_published"]) == ("First.", True)


def test_a_version_is_not_published_again_before_its_values_have_sources(publisher):
    project = ProjectFactory()
    project.sectors.set([SectorFactory()])
    for field in ("name", "district", "kind"):
        CitationFactory(about=project, field=field)
    project = fresh(project)
    project.is_published = False
    project.save()
    project.sectors.clear()

    assert errors(restore(publisher, project, {"version": 1})) == [("sectors", "unsourced")]
    assert fresh(project).is_published is False


def test_restoring_is_a_write_like_the_others(editor):
    sector = SectorFactory(note="First.")
    old = editor.get(address_of(sector))["ETag"]
    current = editor.patch(address_of(sector), {"note": "Second."})["ETag"]

    tried = restore(editor, sector, {"version": 1}, QUERY_STRING="dry_run=true")
    assert (tried.status_code, tried["X-Dry-Run"], tried.json()["note"]) == (200, "true", "First.")
    assert fresh(sector).note == "Second."

    stale = restore(editor, sector, {"version": 1}, headers={"If-Match": old})
    assert (stale.status_code, fresh(sector).version) == (412, 2)

    headers = {"Idempotency-Key": "k", "If-Match": current, "X-Change-Reason": "Too early."}
    first = restore(editor, sector, {"version": 1}, headers=headers)
    repeated = restore(editor, sector, {"version": 1}, headers=headers)
    assert (first.status_code, first.json()["note"]) == (200, "First.")
    assert (repeated.json(), repeated["Idempotency-Replayed"]) == (first.json(), "true")
    assert [each["reason"] for each in versions_of(editor, sector)] == ["Too early.", "", ""]


def test_a_deleted_record_is_restored_on_trial_and_has_no_version_to_match(editor):
    sector = SectorFactory()
    fresh(sector).delete()

    tried = restore(editor, sector, {}, QUERY_STRING="dry_run=true")
    matched = restore(editor, sector, {}, headers={"If-Match": "*"})

    assert tried.status_code == 201
    assert errors(matched) == [("If-Match", "invalid")]
    assert not Sector.objects.exists()


def test_the_address_of_restoring_follows_a_corrected_code(editor):
    sector = SectorFactory(code="before")
    rename_record(sector, "after")

    response = editor.post("/api/v1/sectors/before/restore/", {"version": 1})

    assert response.status_code == 308
    assert response["Location"] == "http://testserver/api/v1/sectors/after/restore/"


def test_a_token_that_only_reads_restores_nothing(editor):
    sector = SectorFactory()
    editor.user.api_tokens.update(access="read")

    assert restore(editor, sector, {"version": 1}).status_code == 403
    assert client_of(editor.user).get(address_of(sector)).status_code == 200
