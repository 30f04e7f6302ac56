"""Which format an answer has, where it leads on to, and what an address tells of itself."""

import csv
import io
import json

import openpyxl
import pytest

from shuangta.query.resources import address_of, viewsets
from tests.factories import IndicatorFactory, ObservationFactory, ProjectFactory, SectorFactory

pytestmark = pytest.mark.django_db

PROJECTS = "/api/v1/projects/"
AGGREGATE = f"{PROJECTS}aggregate/?group_by=stage&sum=total_investment&ordering=-count"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", "text/csv"),
        ("application/x-ndjson", "application/x-ndjson"),
        (XLSX, XLSX),
        ("*/*", "application/json"),
        ("", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/csv"),
        ("TEXT/CSV; charset=utf-8", "text/csv"),
        ("application/json; odata=verbose", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv"),
        ("text/csv;q=0.5, */*;q=0.8", "application/json"),
        ("*/*, application/json;q=0", "text/csv"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "application/json"),
        ("text/html, image/gif, *; q=.2", "application/json"),
        ("text/csv;x*=hex''ab", "text/csv"),
    ],
)
@pytest.mark.parametrize("address", [PROJECTS, AGGREGATE])
def test_the_format_is_the_one_that_is_wanted_most(anonymous, address, accept, media_type):
    ProjectFactory()

    response = anonymous.get(address, headers={"accept": accept})

    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (200, media_type)
    assert "Accept" in response["Vary"].split(", ")
    response.close()


def test_the_parameter_outdoes_the_header(anonymous):
    ProjectFactory()

    as_csv = anonymous.get(f"{PROJECTS}?format=csv", headers={"accept": "image/png"})
    as_json = anonymous.get(f"{PROJECTS}?format=json", headers={"accept": "text/csv"})

    assert as_csv["Content-Type"] == "text/csv; charset=utf-8"
    as_csv.close()
    assert as_json.json()["count"] == 1


def test_what_was_held_in_one_format_is_not_taken_for_another(anonymous):
    ProjectFactory()
    held = anonymous.get(PROJECTS)["ETag"]
    condition = {"if-none-match": held}

    same = anonymous.get(PROJECTS, headers=condition)
    other = anonymous.get(PROJECTS, headers=condition | {"accept": "text/csv"})
    other.close()

    assert (same.status_code, other.status_code) == (304, 200)


@pytest.mark.parametrize(
    ("address", "accept", "there_is"),
    [
        (PROJECTS, "text/html", f"application/json, text/csv, {XLSX}, application/x-ndjson"),
        (f"{PROJECTS}facets/", "text/csv", "application/json"),
        (f"{PROJECTS}no-such/", "text/csv", "application/json"),
        ("/api/v1/", "text/csv", "application/json"),
        ("/api/v1/changes/", "application/json;q=0", "application/json"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(anonymous, address, accept, there_is):
    response = anonymous.get(address, headers={"accept": accept})

    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": f"Nothing here is what Accept names. There is: {there_is}.",
        "status": 406,
        "code": "not_acceptable",
    }
    assert "Accept" in response["Vary"]


def test_a_refusal_is_json_whatever_was_wanted(anonymous):
    response = anonymous.get(f"{PROJECTS}?nonsense=1", headers={"accept": "text/csv"})

    assert (response.status_code, response.json()["code"]) == (400, "invalid")


# Aggregates as files


@pytest.fixture
def projects():
    ProjectFactory(stage="completed", total_investment=300)
    ProjectFactory(stage="completed", total_investment=None)
    ProjectFactory(stage=None, total_investment="0.5")


TABLE = [
    [
        *("stage", "count", "stated_total_investment", "not_stated_total_investment"),
        *("unit_total_investment", "sum_total_investment"),
    ],
    ["completed", "2", "1", "1", "yuan", "300"],
    ["", "1", "1", "0", "yuan", "0.5"],
]


def test_an_aggregate_is_exported_as_a_table(anonymous, projects):
    response = anonymous.get(f"{AGGREGATE}&format=csv")

    assert list(csv.reader(io.StringIO(response.getvalue().decode()))) == TABLE
    assert response["Content-Disposition"].startswith('attachment; filename="projects-aggregate-')


def test_an_aggregate_is_exported_as_a_workbook(anonymous, projects):
    response = anonymous.get(AGGREGATE, headers={"accept": XLSX})

    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    rows = [["" if each is None else str(each) for each in row] for row in sheet.values]
    assert rows == TABLE


def test_an_aggregate_is_exported_line_by_line_as_it_is_answered(anonymous, projects):
    lines = anonymous.get(f"{AGGREGATE}&format=ndjson").getvalue().decode().splitlines()

    assert [json.loads(line) for line in lines] == anonymous.get(AGGREGATE).json()["results"]


def test_an_export_holds_all_groups_unless_a_limit_is_named(anonymous):
    for index in range(120):
        ProjectFactory(name=f"示例{index}")
    address = f"{PROJECTS}aggregate/?group_by=name&format=ndjson"

    assert len(anonymous.get(address).getvalue().splitlines()) == 120
    assert len(anonymous.get(f"{address}&limit=7").getvalue().splitlines()) == 7


def test_without_groups_the_one_line_is_the_total(anonymous, projects):
    address = f"{PROJECTS}aggregate/?sum=total_investment&format=csv"

    rows = list(csv.reader(io.StringIO(anonymous.get(address).getvalue().decode())))

    assert rows == [TABLE[0][1:], ["3", "2", "1", "yuan", "300.5"]]


def test_bounds_are_exported_as_bounds(anonymous):
    indicator = IndicatorFactory(code="jobs")
    ObservationFactory(indicator=indicator, status="target", low=50, high=80)
    address = (
        "/api/v1/observations/aggregate/?indicator=jobs&group_by=status&sum=value&format=ndjson"
    )

    [line] = anonymous.get(address).getvalue().decode().splitlines()
    as_table = anonymous.get(address.replace("ndjson", "csv")).getvalue().decode().splitlines()

    figure = json.loads(line)["figures"]["value"]
    assert (figure["sum_low"], figure["sum_high"]) == (50, 80)
    assert as_table[0].split(",")[:2] == ["status", "count"]
    assert (
        dict(zip(as_table[0].split(","), as_table[1].split(","), strict=True))["sum_high_value"]
        == "80"
    )


# Links


def test_a_page_leads_to_those_beside_it_and_to_what_describes_the_api(anonymous):
    for _ in range(3):
        SectorFactory()
    first = anonymous.get("/api/v1/sectors/?page_size=1")
    second = anonymous.get(first.json()["next"])
    described = '</api/v1/schema/>; rel="service-desc", </api/v1/docs/>; rel="service-doc"'

    assert first["Link"] == f'<{first.json()["next"]}>; rel="next", {described}'
    assert second["Link"] == (
        f'<{second.json()["next"]}>; rel="next", <{second.json()["previous"]}>; rel="prev", {described}'
    )
    for address in ("/api/v1/", address_of(SectorFactory()), "/api/v1/sectors/no-such/"):
        assert anonymous.get(address)["Link"] == described


# What an address tells of itself


def test_options_tell_fields_filters_and_formats(anonymous):
    told = anonymous.options(PROJECTS).json()

    assert told["methods"] == ["GET", "HEAD", "OPTIONS"]
    assert told["formats"] == ["application/json", "text/csv", XLSX, "application/x-ndjson"]
    assert told["fields"]["district"] == {
        "type": "reference",
        "label": "District",
        "resource": "districts",
    }
    assert told["fields"]["total_investment"] == {
        "type": "decimal",
        "label": "Total investment",
        "unit": "yuan",
    }
    assert "completed" in told["fields"]["stage"]["choices"]
    assert told["filters"]["stage"] == ["exact", "in", "not", "isnull"]
    assert "evidence" in told["expand"]
    assert {"name", "stated_on"} <= {*told["ordering"]}
    assert {"stage", "started_on__year"} <= {*told["group_by"]}
    assert {"stage", "district"} <= {*told["facets"]}


def test_options_tell_what_can_be_written_to_who_may_write(editor, reader):
    project = ProjectFactory()
    to_editor, to_reader = (each.options(PROJECTS).json() for each in (editor, reader))

    assert to_editor["methods"] == ["GET", "POST", "DELETE", "HEAD", "OPTIONS"]
    assert to_editor["fields"]["name"] == to_reader["fields"]["name"] | {
        "required": True,
        "read_only": False,
    }
    assert to_reader["methods"] == ["GET", "HEAD", "OPTIONS"]
    assert editor.options(address_of(project)).json()["methods"] == [
        *("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
    ]


@pytest.mark.parametrize("path", ["", "search/", "changes/", "schema/", "projects/facets/"])
def test_every_address_tells_of_itself(anonymous, path):
    response = anonymous.options(f"/api/v1/{path}")
    told = response.json()

    assert {"name", "description", "methods", "formats"} <= told.keys()
    assert response["Allow"] == ", ".join(told["methods"])


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("search/", ["q", "type", "page_size", "count", "after", "before"]),
        ("changes/", ["since", "type", "page_size", "expand"]),
    ],
)
def test_a_face_of_the_whole_registry_tells_its_parameters(anonymous, path, parameters):
    told = anonymous.options(f"/api/v1/{path}").json()

    assert told["parameters"] == parameters
    assert {"projects", "sectors"} <= {*told["types"]}


@pytest.mark.parametrize("path", ["", "projects/", "search/?q=x", "changes/", "projects/no-such/"])
@pytest.mark.parametrize("method", ["get", "options"])
def test_every_answer_varies_with_who_asks(anonymous, path, method):
    response = getattr(anonymous, method)(f"/api/v1/{path}")

    varying = {*response["Vary"].split(", ")}
    assert varying >= {"Accept", "Accept-Language", "Authorization", "Cookie"}


# Keys sent in other ways


@pytest.mark.parametrize(
    "headers",
    [
        {"x-api-key": "secret"},
        {"x-auth-token": "secret"},
        {"apikey": "secret"},
        {"x-token": "secret"},
        {"x-authorization": "Token secret"},
        {"private-token": "secret"},
        {"proxy-authorization": "Basic c2VjcmV0"},
        {"authorization": "Bearer secret"},
        {"authorization": "Basic c2VjcmV0"},
        {"authorization": "ApiKey secret"},
    ],
)
@pytest.mark.parametrize("path", ["", "projects/", "search/?q=x", "schema/"])
def test_who_sends_a_key_in_another_header_is_told_how(anonymous, path, headers):
    response = anonymous.get(f"/api/v1/{path}", headers=headers)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")
    assert response.json()["title"] == "Send the key as “Authorization: Token …”."


@pytest.mark.parametrize("name", ["api_key", "access_token", "token", "API_KEY"])
def test_a_key_in_the_address_is_refused(anonymous, editor, name):
    for client in (anonymous, editor):
        response = client.get(PROJECTS, {name: "secret"})

        assert response.status_code == 401
        assert response.json()["title"].startswith("An address is no place for a key")


def test_options_tell_what_every_field_is(anonymous):
    told = {name: anonymous.options(f"/api/v1/{name}/").json()["fields"] for name in viewsets()}

    assert told["observations"]["subject_type"]["type"] == "choice"
    assert "projects.project" in told["observations"]["subject_type"]["choices"]
    assert [
        (name, field)
        for name, fields in told.items()
        for field, each in fields.items()
        if each["type"] == "field"
    ] == []
