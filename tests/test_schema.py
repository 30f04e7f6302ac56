"""The OpenAPI document: it names all that is taken, and every answer is as it says."""

import re

import jsonschema
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import resolve
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from shuangta.api.schema.introduction import QUESTIONS
from shuangta.api.schema.parameters import LOOKUPS
from shuangta.query.grouping import groups_of
from shuangta.query.resources import address_of, viewsets
from tests.factories import CitationFactory, ObservationFactory, ProjectFactory, make_filled

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_resource = pytest.mark.parametrize("resource", VIEWSETS)


@pytest.fixture(scope="module")
def document():
    """The OpenAPI document as it is served."""
    return Client().get("/api/v1/schema/").json()


@pytest.fixture(scope="module")
def validator(document):
    """What holds a value against the part of the document at a pointer (RFC 6901)."""
    resource = DRAFT202012.create_resource(document)
    registry = Registry().with_resource("urn:contract", resource).crawl()

    def validate(pointer, value):
        schema = {"$ref": f"urn:contract#{pointer}"}
        jsonschema.Draft202012Validator(schema, registry=registry).validate(value)

    return validate


def resolved(document, pointer):
    """What stands at a pointer, and its own pointer where it refers elsewhere."""
    part = document
    for step in pointer.split("/")[1:]:
        part = part[int(step) if isinstance(part, list) else step.replace("~1", "/")]
    if "$ref" in part:
        return resolved(document, part["$ref"].removeprefix("#"))
    return part, pointer


@pytest.fixture
def conforms(document, validator):
    """Holds an answer against what the operation promises for its status."""

    def check(path, method, response):
        address = path.replace("/", "~1")
        promised, pointer = resolved(
            document, f"/paths/{address}/{method}/responses/{response.status_code}"
        )
        media_type = response["Content-Type"].partition(";")[0].replace("/", "~1")
        validator(f"{pointer}/content/{media_type}/schema", response.json())
        for name in promised.get("headers", {}):
            _header, place = resolved(document, f"{pointer}/headers/{name}")
            validator(f"{place}/schema", response[name])

    return check


def address_of_detail(document, resource):
    return next(
        address
        for address in document["paths"]
        if re.fullmatch(rf"/api/v1/{resource}/{{[a-z]+}}/", address)
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="It is the same on every database.")
def test_the_schema_is_valid_and_raises_no_warning(tmp_path, capsys):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema"))

    assert capsys.readouterr().err == ""


def test_an_operation_names_every_parameter_that_it_takes_and_no_other(document):
    for address, path in document["paths"].items():
        for method, operation in path.items():
            parameters = [
                resolved(
                    document, f"/paths/{address.replace('/', '~1')}/{method}/parameters/{place}"
                )
                for place in range(len(operation["parameters"]))
            ]
            in_query = [each for each, _pointer in parameters if each["in"] == "query"]
            named = [each["name"] for each in in_query if each["schema"]["type"] != "object"]
            patterns = [
                re.compile(each["schema"]["propertyNames"]["pattern"])
                for each in in_query
                if each["schema"]["type"] == "object"
            ]
            taken = taken_parameters(address, method)
            by_pattern = {name for name in taken for each in patterns if each.search(name)}
            assert len({*named}) == len(named), (address, method)
            assert {*named} | by_pattern == taken, (address, method)


@every_resource
def test_the_pattern_of_the_filters_of_a_list_names_no_other(document, resource):
    pattern = document["components"]["parameters"][f"{resource}.filters"]["schema"]
    names = re.compile(pattern["propertyNames"]["pattern"])
    columns = {*VIEWSETS[resource].queryset.model._meta.get_fields()}
    spelled = {f"{each.name}__{lookup}" for each in columns for lookup in LOOKUPS}
    own = {
        name
        for name, each in VIEWSETS[resource].filterset_class.base_filters.items()
        if each.relation is None
    }

    assert {name for name in spelled if names.search(name)} == own & spelled
    assert len(own & spelled) > 10


def taken_parameters(address, method):
    """What the view behind an address of the document takes in its query."""
    found = resolve(re.sub("{[a-z]+}", "1", address)).func
    handler = getattr(found.cls, getattr(found, "actions", {}).get(method, method))
    return {name for each in handler.parameters for name in each.names(found.cls)}


@every_resource
def test_an_answer_is_as_the_schema_says(anonymous, document, conforms, resource):
    row = make_filled(VIEWSETS[resource].queryset.model)
    expansions = VIEWSETS[resource].serializer_class.expansions()
    if "evidence" in expansions:
        CitationFactory(about=row, field="note")
    in_full = {"expand": ",".join(expansions)}
    of_all, of_one = f"/api/v1/{resource}/", address_of_detail(document, resource)

    for parameters in ({}, {"page_size": 1}, {"count": "none"}, {"fields": "version"}, in_full):
        conforms(of_all, "get", anonymous.get(of_all, parameters))
    for parameters in ({}, in_full):
        conforms(of_one, "get", anonymous.get(address_of(row), parameters))


@every_resource
def test_every_other_face_is_as_the_schema_says(publisher, document, conforms, resource):
    row = make_filled(VIEWSETS[resource].queryset.model)
    publisher.patch(address_of(row), {"note": "x"})
    of_all, of_one = f"/api/v1/{resource}/", address_of_detail(document, resource)
    asked = {
        "aggregate": {"group_by": next(iter(groups_of(VIEWSETS[resource].filterset_class)))},
        "facets": {},
        "search": {"q": row.pk},
    }

    for face, parameters in asked.items():
        if f"{of_all}{face}/" in document["paths"]:
            conforms(f"{of_all}{face}/", "get", publisher.get(f"{of_all}{face}/", parameters))
    conforms(f"{of_one}history/", "get", publisher.get(f"{address_of(row)}history/"))


@every_resource
def test_what_is_written_is_answered_as_the_schema_says(publisher, document, conforms, resource):
    row = make_filled(VIEWSETS[resource].queryset.model)
    of_all, of_one = f"/api/v1/{resource}/", address_of_detail(document, resource)
    key = row._meta.pk.name

    conforms(of_one, "patch", publisher.patch(address_of(row), {"note": "x"}))
    conforms(of_all, "post", publisher.post(of_all, [{key: row.pk, "note": "y"}]))
    restored = publisher.post(f"{address_of(row)}restore/", {"version": 1})
    conforms(f"{of_one}restore/", "post", restored)
    deleted = publisher.delete(f"{of_all}?{key}__in={row.pk}&max_affected=1&dry_run=true")
    conforms(of_all, "delete", deleted)


def test_every_operation_may_find_its_address_too_long_and_then_says_nothing_more(document):
    operations = [each for path in document["paths"].values() for each in path.values()]

    assert {each["responses"]["414"]["$ref"] for each in operations} == {
        "#/components/responses/Problem414"
    }
    assert document["components"]["responses"]["Problem414"].keys() == {"description"}


def test_figures_and_hits_are_as_the_schema_says(anonymous, conforms):
    project = ProjectFactory(total_investment=5, stage="signed", name="万达广场")
    ObservationFactory(about=project, indicator__code="floors", low=5, high=None, low_open=True)
    figures = "sum=total_investment&avg=total_investment&min=started_on&max=total_investment"

    for address in (
        f"/api/v1/projects/aggregate/?group_by=stage&{figures}",
        "/api/v1/observations/aggregate/?group_by=indicator,status&sum=value",
        "/api/v1/search/?q=wd",
        "/api/v1/search/?q=wd&type=projects",
        "/api/v1/changes/?page_size=2",
        "/api/v1/changes/?type=projects&expand=record",
    ):
        answer = anonymous.get(address)
        assert answer.json()["results"]
        conforms(address.partition("?")[0], "get", answer)


def test_a_problem_is_as_the_schema_says(anonymous, editor, conforms):
    district = ProjectFactory().district
    of_all, of_one = "/api/v1/districts/", "/api/v1/districts/{code}/"
    elsewhere = {"HTTP_IF_MATCH": '"1-1"'}

    conforms(of_all, "get", anonymous.get("/api/v1/districts/?nonsense=1"))
    conforms(of_all, "post", anonymous.post("/api/v1/districts/", {}))
    conforms(of_all, "post", editor.post("/api/v1/districts/", {}))
    conforms(of_all, "post", editor.post("/api/v1/districts/", [{}]))
    conforms(of_one, "get", anonymous.get("/api/v1/districts/nowhere/"))
    conforms(of_one, "delete", editor.delete(address_of(district)))
    conforms(of_one, "patch", editor.patch(address_of(district), {}, **elsewhere))


def test_the_document_describes_the_registry_and_not_itself(document):
    addresses = {
        address.removeprefix("/api/v1/").partition("/")[0] for address in document["paths"]
    }

    assert addresses == {*VIEWSETS, "search", "changes"}


def test_the_document_speaks_the_language_of_the_request(client):
    def description(language):
        answer = client.get("/api/v1/schema/", headers={"accept-language": language})
        return answer.json()["components"]["responses"]["Problem404"]["description"]

    assert description("en") == "There is no such record."
    assert description("zh-hans") != description("en")


def test_the_document_is_also_written_as_yaml_and_takes_no_parameter(client):
    for media_type in ("application/yaml", "application/vnd.oai.openapi"):
        as_yaml = client.get("/api/v1/schema/", headers={"accept": media_type})
        assert as_yaml.content.startswith(b"openapi: 3.1.1\n")
        assert as_yaml["Content-Type"] == f"{media_type}; charset=utf-8"
    assert client.get("/api/v1/schema/", {"lang": "en"}).status_code == 400
    assert client.get("/api/v1/docs/", {"lang": "en"}).status_code == 400


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_document_is_no_larger_than_a_page_of_pictures(client, language):
    answer = client.get("/api/v1/schema/", headers={"accept-language": language})

    assert len(answer.content) < 1_200_000


def test_the_document_is_sent_packed_and_once(client):
    packed = client.get("/api/v1/schema/", headers={"accept-encoding": "gzip"})
    again = client.get("/api/v1/schema/", headers={"if-none-match": packed["ETag"]})

    assert (packed.status_code, packed["Content-Encoding"]) == (200, "gzip")
    assert (again.status_code, again.content) == (304, b"")


def test_the_documentation_is_browsed_from_local_assets(client):
    page = client.get("/api/v1/docs/").content.decode()

    assert re.findall(r"https?://[^\s\"'<]+", page) == []
    assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(assets) >= 3
    assert [each for each in assets if finders.find(each.removeprefix("/static/")) is None] == []


# The documentation page


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("en", ["A token", "Filters", "Three examples"]),
        ("zh-hans", ["令牌", "筛选", "三个例子"]),
        ("zh-hant", ["令牌", "篩選", "三個例子"]),
    ],
)
def test_the_documentation_begins_with_a_token_the_filters_and_examples(language, headings):
    address = "/api/v1/schema/"

    introduction = Client().get(address, headers={"accept-language": language}).json()["info"]

    assert re.findall("^## (.+)$", introduction["description"], re.MULTILINE) == headings


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Shuangta registry"), ("zh-hans", "双塔登记库"), ("zh-hant", "雙塔登記庫")],
)
def test_the_documentation_has_its_title_in_the_language_of_the_reader(language, title):
    reader = Client(headers={"accept-language": language})

    assert f"<title>{title}</title>" in reader.get("/api/v1/docs/").content.decode()
    assert reader.get("/api/v1/schema/").json()["info"]["title"] == title


def test_the_example_of_a_write_names_no_server(document):
    assert "127.0.0.1" not in document["info"]["description"]
    assert "'https://REGISTRY/api/v1/" in document["info"]["description"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_examples_of_the_documentation_are_answered(question):
    assert Client().get(question).status_code == 200


def test_every_list_is_declared_as_one_that_repeats_its_key(document):
    lists = [
        each
        for each in document["components"]["parameters"].values()
        if each["schema"]["type"] == "array"
    ]

    assert {(each["style"], each["explode"]) for each in lists} == {("form", True)}
    assert {"fields", "ordering", "group_by", "facets", "type", "name__in"} <= {
        each["name"] for each in lists
    }
