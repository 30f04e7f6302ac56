"""Writing: who may, what is taken, what is refused, and that a refusal stores nothing."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.api.fields import NumberField, TruthField, WholeNumberField
from shuangta.history.revision import Revision
from shuangta.query.resources import address_of, viewsets
from tests.conftest import client_of
from tests.factories import (
    CitationFactory,
    DeclaredCountFactory,
    DistrictFactory,
    IndustrialParkFactory,
    ObservationFactory,
    ParkFactory,
    ParticipationFactory,
    PlaceFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
    type_of,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_resource = pytest.mark.parametrize("resource", VIEWSETS)


def model_of(resource):
    return VIEWSETS[resource].queryset.model


def writable(resource):
    """The fields that a client may send."""
    fields = VIEWSETS[resource].serializer_class().fields
    return {name: field for name, field in fields.items() if not field.read_only}


def body_of(client, row, resource):
    """What one would send to make such a row."""
    document = client.get(address_of(row)).json()
    return {name: document[name] for name in writable(resource)}


def errors(response):
    assert response.status_code == 400, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


def everything():
    """Every row of every resource, and all that is told of them."""
    return [
        list(each.queryset.model.objects.order_by("pk").values()) for each in VIEWSETS.values()
    ] + [Revision.objects.count()]


# Every resource


@every_resource
def test_a_record_is_created_read_replaced_changed_and_deleted(editor, resource):
    address = f"/api/v1/{resource}/"
    made, least = (
        make_filled(model_of(resource), **unpublished(resource)),
        make(model_of(resource), **unpublished(resource)),
    )
    body, least_body = body_of(editor, made, resource), body_of(editor, least, resource)
    key = made._meta.pk.name
    least_body |= {key: body[key]} if key in body else {}
    made.delete(), least.delete()

    created = editor.post(address, body)
    assert created.status_code == 201, created.content.decode()
    document = created.json()
    own = f"{address}{document[key]}/"
    assert {name: document[name] for name in body} == body
    assert editor.get(own).json() == document

    replaced = editor.put(
        own,
        {name: value for name, value in least_body.items() if not is_default(value)},
    )
    assert replaced.status_code == 200, replaced.content.decode()
    assert {name: replaced.json()[name] for name in body} == least_body
    assert editor.get(own).json() == replaced.json()

    changed = editor.patch(own, {"note": "Another note."})
    assert changed.status_code == 200, changed.content.decode()
    assert {name: changed.json()[name] for name in body} == least_body | {"note": "Another note."}
    assert editor.get(own).json() == changed.json()

    again = editor.patch(own, changed.json())
    assert again.json() == changed.json()

    deleted = editor.delete(own)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert editor.get(own).status_code == 404

    changes = Revision.objects.filter(
        content_type=type_of(made), object_id=document[key], actor=editor.user
    )
    first = document["version"]
    assert list(changes.order_by("version").values_list("version", "action")) == [
        (first, "created"),
        (first + 1, "changed"),
        (first + 2, "changed"),
        (first + 3, "deleted"),
    ]


def is_default(value):
    return value in ("", None, []) or value is False


def unpublished(resource):
    return {} if resource == "citations" else {"is_published": False}


@every_resource
def test_only_those_who_may_write_do(anonymous, stranger, reader, resource):
    row = make(model_of(resource))
    made = Revision.objects.count()
    for client, status in ((anonymous, 401), (stranger, 403), (reader, 403)):
        answers = [
            client.post(f"/api/v1/{resource}/", {}),
            client.put(address_of(row), {}),
            client.patch(address_of(row), {"note": "x"}),
            client.delete(address_of(row)),
        ]
        assert [each.status_code for each in answers] == [status] * 4
        assert {each["Content-Type"] for each in answers} == {"application/problem+json"}
    assert Revision.objects.count() == made


NUMBERS, TRUTHS = (NumberField, WholeNumberField), (TruthField,)
WRONG = [  # each with the fields that take it after all
    ({"a": 1}, ()),
    ([{"a": 1}], ()),
    (5, NUMBERS),
    (10**30, ()),
    (0.125, ()),
    (True, TRUTHS),
    ("a\0", ()),
    ("\ud800", ()),
]


@every_resource
def test_a_value_of_the_wrong_kind_is_refused_in_every_field(editor, resource):
    fields = writable(resource)
    for value, taken_by in WRONG:
        body = json.dumps(dict.fromkeys(fields, value))

        response = editor.generic(
            "POST", f"/api/v1/{resource}/", body, content_type="application/json"
        )

        refused = {name.split(".")[0] for name, code in errors(response)}
        taken = {name for name in fields if isinstance(fields[name], taken_by)}
        assert (value, refused) == (value, set(fields) - taken)
    assert model_of(resource).objects.count() == 0


@every_resource
def test_a_text_that_is_too_long_is_refused_in_every_field_that_has_a_length(editor, resource):
    names = [
        name for name, field in writable(resource).items() if getattr(field, "max_length", None)
    ]

    response = editor.post(f"/api/v1/{resource}/", dict.fromkeys(names, "x" * 201))

    too_long = [name for name, code in errors(response) if code == "max_length"]
    assert too_long == names


# What is refused


NEW = {"code": "new-project", "name": "示例仓库", "district": "211302", "kind": "market"}


@pytest.fixture
def district():
    return DistrictFactory(code="211302")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"name": None}, [("name", "null")]),
        ({"name": ""}, [("name", "blank")]),
        ({"name": " "}, [("name", "blank")]),
        ({"name": "长" * 201}, [("name", "max_length")]),
        ({"name_en": ""}, [("name_en", "blank")]),
        ({"nam": "示例"}, [("nam", "unknown_field")]),
        (
            {"nam": "示例", "kind": "no-such"},
            [("nam", "unknown_field"), ("kind", "invalid_choice")],
        ),
        ({"\ud800": "示例"}, [("\ud800", "unknown_field")]),
        ({"sort_key": "示例"}, [("sort_key", "unknown_field")]),
        ({"version": 7}, [("version", "read_only")]),
        ({"stated_on": "2021-05-13"}, [("stated_on", "read_only")]),
        ({"created_at": "2021-05-13T04:00:00Z"}, [("created_at", "read_only")]),
        ({"code": "New"}, [("code", "code_shape")]),
        ({"code": "new--project"}, [("code", "code_shape")]),
        ({"code": "history"}, [("code", "code_reserved")]),
        ({"code": "x" * 101}, [("code", "max_length")]),
        ({"code": "taken"}, [("code", "unique")]),
        ({"kind": "no-such"}, [("kind", "invalid_choice")]),
        ({"stage": ""}, [("stage", "invalid_choice")]),
        ({"district": "no-such"}, [("district", "does_not_exist")]),
        ({"district": 211302}, [("district", "invalid")]),
        ({"district": None}, [("district", "null")]),
        ({"sectors": ["no-such"]}, [("sectors", "does_not_exist")]),
        ({"sectors": "no-such"}, [("sectors", "not_a_list")]),
        ({"sectors": None}, [("sectors", "null")]),
        ({"total_investment": "many"}, [("total_investment", "invalid")]),
        ({"total_investment": "30000000"}, [("total_investment", "invalid")]),
        ({"total_investment": 12345678901234}, [("total_investment", "max_whole_digits")]),
        ({"total_investment": 0.125}, [("total_investment", "max_decimal_places")]),
        ({"total_investment": -1}, [("total_investment", "project_investment_not_negative")]),
        ({"started_on": "2021-02-30"}, [("started_on", "invalid")]),
        ({"started_on": "2021-5-1"}, [("started_on", "invalid")]),
        ({"started_on": "2021-05-01T00:00:00"}, [("started_on", "invalid")]),
        ({"completed_on_latest": "2021-05-31"}, [(None, "project_completed_in_order")]),
        ({"project_code": "2101"}, [("project_code", "project_code_shape")]),
        ({"aliases": "一"}, [("aliases", "not_a_list")]),
        ({"aliases": ["一\n二"]}, [("aliases.0", "line_break")]),
        ({"aliases": ["一\u2028二"]}, [("aliases.0", "line_break")]),
        ({"aliases": [""]}, [("aliases.0", "blank")]),
        ({"aliases": [5]}, [("aliases.0", "invalid")]),
        ({"aliases": ["长" * 201]}, [("aliases.0", "max_length")]),
        ({"is_published": True}, [("is_published", "publish")]),
    ],
    ids=lambda each: json.dumps(each)[:60] if isinstance(each, dict) else "",
)
def test_a_bad_value_is_refused_with_the_field_named(editor, district, sent, expected):
    ProjectFactory(code="taken", district=district)
    before = everything()

    response = editor.post(
        "/api/v1/projects/", json.dumps(NEW | sent), content_type="application/json"
    )

    assert errors(response) == expected
    assert everything() == before


def test_a_required_field_that_is_left_out_is_named(editor):
    response = editor.post("/api/v1/projects/", {})

    assert response.json() == {
        "type": "about:blank",
        "title": "The request is not valid.",
        "status": 400,
        "code": "invalid",
        "errors": [
            {"field": name, "code": "required", "detail": "This field is required."}
            for name in ("name", "district", "kind")
        ],
    }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "This field is required."),
        (b"{", "The body is not JSON, from line 1, column 2 on."),
        (b"{} {}", "The body is not JSON, from line 1, column 4 on."),
        (b'{"name": NaN}', "The body is not JSON: “NaN” is no number."),
        (b'{"name": "\xff"}', "The body is not UTF-8."),
        (b'{"name": ' + b"9" * 5000 + b"}", "A number in the body is too long."),
        (b"[" * 100_000, "The body is nested too deeply."),
        (b'{"name": "a", "name": "b"}', "The body names “name” twice."),
        (b'{"aliases": {"a": 1, "a": 2}}', "The body names “a” twice."),
        (b'{"\\ud800": 1, "\\ud800": 2}', "The body names “\ud800” twice."),
        (b"[]", "A list has from 1 to 1000 rows."),
        (b"5", "A record is an object of fields and their values."),
        (b"null", "No data provided"),
    ],
    ids=str,
)
def test_a_malformed_body_is_refused(editor, body, said):
    response = editor.generic(
        "POST", "/api/v1/projects/", body[:120_000], content_type="application/json"
    )

    problem = response.json()
    details = [each["detail"] for each in problem.get("errors", [])] or [problem["title"]]
    assert (response.status_code, problem["status"]) == (400, 400)
    assert response["Content-Type"] == "application/problem+json"
    assert details[0].startswith(said)
    assert Project.objects.count() == 0


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/csv",
    ],
)
def test_a_body_that_is_not_json_is_refused(editor, content_type):
    response = editor.generic("POST", "/api/v1/sectors/", b"name=x", content_type=content_type)

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    assert Sector.objects.count() == 0


def test_a_body_of_ten_megabytes_is_refused(editor):
    body = json.dumps({"name": "示例", "note": "x" * 10_000_000})

    response = editor.generic("POST", "/api/v1/sectors/", body, content_type="application/json")

    assert response.status_code == 413
    assert response.json() == {
        "type": "about:blank",
        "title": "The body is too large.",
        "status": 413,
        "code": "too_large",
    }
    assert Sector.objects.count() == 0


def test_a_body_of_many_names_is_read_as_quickly_as_another(editor):
    body = {"name": "示例", "note": {f"n{each}": each for each in range(200_000)}}

    response = editor.post("/api/v1/sectors/", body)

    assert errors(response) == [("note", "invalid")]


def test_a_text_is_kept_without_what_nobody_sees(editor, district):
    sent = {
        "name": " 示例  仓库 ",
        "note": "一行\r\n又一行\t “𠮷”\u2028",
        "aliases": [" 例 ", "例二"],
    }

    response = editor.post("/api/v1/projects/", NEW | sent)

    assert response.status_code == 201, response.content.decode()
    assert {name: response.json()[name] for name in sent} == {
        "name": "示例 仓库",
        "note": "一行\n又一行  “𠮷”",
        "aliases": ["例", "例二"],
    }
    assert editor.get("/api/v1/projects/new-project/").json() == response.json()


def test_a_large_amount_keeps_every_digit(editor, district):
    body = json.dumps(NEW | {"total_investment": 0}).replace(": 0", ": 9999999999999.99")

    response = editor.generic("POST", "/api/v1/projects/", body, content_type="application/json")

    assert response.json()["total_investment"] == 9999999999999.99
    assert '"total_investment":9999999999999.99' in response.content.decode()
    assert editor.get("/api/v1/projects/?total_investment=9999999999999.99").json()["count"] == 1


def test_a_code_is_proposed_where_none_is_sent(editor, district):
    first = editor.post("/api/v1/projects/", {**NEW, "code": ""})
    second = editor.post(
        "/api/v1/projects/", {key: NEW[key] for key in ("name", "district", "kind")}
    )
    unspeakable = [
        editor.post("/api/v1/sectors/", {"name": name}) for name in ("——", "——", "Search")
    ]

    assert first.json()["code"] == "211302-shili-cangku"
    assert second.json()["code"] == "211302-shili-cangku-2"
    assert [each.json().get("code") for each in unspeakable] == ["sector", "sector-2", "search-2"]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_code_cannot_be_changed(editor, method):
    sector = SectorFactory(code="before", is_published=False, name="示例")

    response = getattr(editor, method)(address_of(sector), {"code": "after", "name": "示例"})

    assert errors(response) == [("code", "read_only")]
    assert list(Sector.objects.values_list("pk", flat=True)) == ["before"]


def test_a_broken_constraint_is_told_by_its_name(editor, district):
    project = ProjectFactory(started_on="2021-03-01", district=district)

    response = editor.patch(address_of(project), {"completed_on": "2020-03-01"})

    assert response.json()["errors"] == [
        {
            "field": None,
            "code": "project_completed_after_start",
            "detail": "A project cannot be completed before it starts.",
        }
    ]
    project.refresh_from_db()
    assert project.completed_on is None


@pytest.mark.parametrize(
    ("factory", "field"),
    [
        (ProjectFactory, "total_investment"),
        (ParkFactory, "area"),
        (IndustrialParkFactory, "floor_area"),
        (PlaceFactory, "floor_area"),
    ],
)
def test_a_constraint_of_one_column_names_it(editor, factory, field):
    response = editor.patch(address_of(factory()), {field: -1})

    assert [(each["field"], each["detail"]) for each in response.json()["errors"]] == [
        (field, "An amount, an area or a count cannot be negative.")
    ]


def test_rows_that_must_be_unique_together_are(editor):
    participation = ParticipationFactory()
    document = editor.get(address_of(participation)).json()
    body = {name: document[name] for name in ("project", "enterprise", "role")}

    response = editor.post("/api/v1/participations/", body)

    assert errors(response) == [(None, "participation_once_per_role")]


# Rules that many tables share


ENTRIES = [name for name in VIEWSETS if name != "citations"]
PERIODS = {"period_end": "period_start", "valid_until": "valid_from"}
SPANS = [
    (resource, PERIODS.get(column.name, column.name.removesuffix("_latest")), column.name)
    for resource in ENTRIES
    for column in model_of(resource)._meta.concrete_fields
    if column.name in PERIODS or column.name.endswith("_latest")
]
AMOUNTS = [
    (resource, column.name)
    for resource in ENTRIES
    for column in model_of(resource)._meta.concrete_fields
    if column.get_internal_type() == "DecimalField" and resource != "observations"
]
SELVES = [
    (resource, column.name)
    for resource in ENTRIES
    for column in model_of(resource)._meta.concrete_fields
    if column.related_model is model_of(resource)
]


@pytest.mark.parametrize(("resource", "first", "last"), SPANS)
def test_the_last_possible_day_does_not_come_before_the_first(editor, resource, first, last):
    row = make(model_of(resource))
    address = address_of(row)
    before, after = (
        {first: "2021-05-02", last: "2021-05-01"},
        {first: "2021-05-02", last: "2021-05-03"},
    )

    (refused,) = errors(editor.patch(address, before))
    accepted = editor.patch(address, after)

    assert refused[0] is None
    assert refused[1].endswith("_in_order")
    assert (accepted.status_code, accepted.json()[last]) == (200, "2021-05-03")


@pytest.mark.parametrize(
    ("resource", "first", "last"), [each for each in SPANS if each[0] != "documents"]
)
def test_a_last_possible_day_does_not_stand_alone(editor, resource, first, last):
    row = make(model_of(resource))

    ((field, code),) = errors(editor.patch(address_of(row), {last: "2021-05-03"}))

    assert field is None
    assert code.endswith("_in_order")


@pytest.mark.parametrize(("resource", "amount"), AMOUNTS)
def test_an_amount_is_not_negative(editor, resource, amount):
    row = make(model_of(resource))

    response = editor.patch(address_of(row), {amount: -0.01})

    ((field, code),) = errors(response)
    assert field == amount
    assert code.endswith("_not_negative")


@pytest.mark.parametrize(("resource", "relation"), SELVES)
def test_a_record_does_not_belong_to_itself(editor, resource, relation):
    row = make(model_of(resource))

    response = editor.patch(address_of(row), {relation: row.pk})

    assert errors(response) == [(relation, "circle")]


# Deleting


def dependents(response):
    assert response.status_code == 409, response.content.decode()
    problem = response.json()
    assert (problem["code"], problem["dependent_count"]) == ("in_use", len(problem["dependents"]))
    return [(each["type"], each["key"]) for each in problem["dependents"]]


RELATIONS = [
    (resource, field)
    for resource, viewset in VIEWSETS.items()
    for field in [
        *viewset.queryset.model._meta.concrete_fields,
        *viewset.queryset.model._meta.many_to_many,
    ]
    if field.is_relation and hasattr(field.related_model, "is_published")
]


@pytest.mark.parametrize(
    ("resource", "field"), RELATIONS, ids=[f"{name}-{each.name}" for name, each in RELATIONS]
)
def test_a_record_that_another_names_is_not_deleted(editor, resource, field):
    row = make_filled(model_of(resource))
    named = getattr(row, field.name).get() if field.many_to_many else getattr(row, field.name)
    before = everything()

    response = editor.delete(address_of(named))

    assert (row._meta.label_lower, str(row.pk)) in dependents(response)
    assert everything() == before


@pytest.mark.parametrize("resource", [name for name in VIEWSETS if name != "citations"])
def test_a_record_goes_with_its_citations_but_not_from_under_its_figures(editor, resource):
    row = make_filled(model_of(resource))
    citation = CitationFactory(about=row, field="note")
    kept = CitationFactory(about=make(model_of(resource)), field="note")
    figure = ObservationFactory(code="figure", about=row)

    refused = editor.delete(address_of(row))
    figure.delete()
    deleted = editor.delete(address_of(row))

    assert dependents(refused) == [("districts.observation", "figure")]
    assert deleted.status_code == 204
    assert list(Citation.objects.filter(pk__in=[citation.pk, kept.pk])) == [kept]
    assert (
        Revision.objects.get(
            object_id=citation.pk, action="deleted", content_type=type_of(citation)
        ).version
        == 2
    )


def test_all_that_depends_on_a_record_is_named(editor):
    district = DistrictFactory()
    project, town = (
        ProjectFactory(district=district),
        DistrictFactory(parent=district, level="village"),
    )
    observation = ObservationFactory(about=district)
    CitationFactory(about=district)

    response = editor.delete(address_of(district))

    assert dependents(response) == [
        ("districts.district", town.pk),
        ("districts.observation", observation.pk),
        ("projects.project", project.pk),
    ]


def test_many_dependents_are_counted_and_the_first_are_named(editor):
    district = DistrictFactory()
    projects = sorted(each.pk for each in ProjectFactory.create_batch(25, district=district))

    problem = editor.delete(address_of(district)).json()

    assert problem["dependent_count"] == 25
    assert [each["key"] for each in problem["dependents"]] == projects[:20]


# Who is who


def test_a_right_to_one_kind_of_write_is_none_to_another():
    user = User.objects.create_user("adder")
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_sector", "view_sector"]))
    adder = client_of(user)
    sector = SectorFactory()

    assert adder.post("/api/v1/sectors/", {"name": "示例"}).status_code == 201
    assert adder.patch(address_of(sector), {"note": "x"}).status_code == 403
    assert adder.delete(address_of(sector)).status_code == 403
    assert adder.post("/api/v1/indicators/", {}).status_code == 403


def test_a_session_writes_only_with_its_csrf_token(editor):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(editor.user, backend="django.contrib.auth.backends.ModelBackend")

    response = client.post("/api/v1/sectors/", {"name": "示例"})

    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")
    assert Sector.objects.count() == 0


def test_a_claim_is_answered_as_it_stands_after_the_write(publisher):
    project = ProjectFactory()
    claim = DeclaredCountFactory(query="district=" + DistrictFactory().pk)

    changed = publisher.patch(
        address_of(claim), {"query": f"district={project.district_id}"}
    ).json()

    assert (changed["state"], changed["registered"]) == ("complete", 1)
    assert publisher.get(address_of(claim)).json() == changed


def test_all_codes_of_a_list_that_name_nothing_are_told_together(editor):
    response = editor.patch(address_of(ProjectFactory()), {"sectors": ["q", "r", "q", 1]})

    assert [(each["field"], each["detail"]) for each in response.json()["errors"]] == [
        ("sectors", "There is no sector “q”."),
        ("sectors", "There is no sector “r”."),
        ("sectors", "Not a valid string."),
    ]


def test_a_wrong_choice_names_the_nearest(editor):
    response = editor.patch(address_of(ProjectFactory()), {"stage": "Signd"})

    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "field": "stage",
            "code": "invalid_choice",
            "detail": '"Signd" is not a valid choice. Did you mean “signed”?',
        }
    ]


@pytest.mark.parametrize(
    ("sectors", "code"),
    [({"cement": 1}, "not_a_list"), (["cement", "cement"], "repeated"), ("cement", "not_a_list")],
    ids=["object", "twice", "text"],
)
def test_a_list_of_codes_is_a_list_that_names_each_once(editor, sectors, code):
    SectorFactory(code="cement")
    project = ProjectFactory()

    response = editor.patch(address_of(project), {"sectors": sectors})

    assert [(each["field"], each["code"]) for each in response.json()["errors"]] == [
        ("sectors", code)
    ]
    assert not project.sectors.exists()


@pytest.mark.parametrize(
    "address", ["/api/v1/sectors/cement/", "/api/v1/sectors/?code=cement&max_affected=1"]
)
def test_a_deletion_takes_no_body(editor, address):
    sector = SectorFactory(code="cement")

    response = editor.delete(address, {"code": "other"})

    assert (response.status_code, response.json()["code"]) == (400, "parse_error")
    assert Sector.objects.get() == sector


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_change_without_a_body_is_refused(editor, method):
    sector = SectorFactory()

    response = getattr(editor, method)(address_of(sector))

    assert (response.status_code, response.json()["code"]) == (400, "parse_error")
