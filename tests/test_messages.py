"""What a client or an editor did wrong is said in one language, that of the reader, and of the record."""

import json
import re

import pytest
from opencc import OpenCC
from rest_framework.test import APIClient

from districts.models import District, Observation
from governance.models import JobFair, Measure
from projects.models import Project, Sector
from seeds.models import Citation, Document
from shuangta.imports.amounts import as_json
from shuangta.query.resources import address_of, viewsets
from shuangta.records.diff import value_text
from shuangta.tabular.cells import number_in
from tests.admin.conftest import member_of
from tests.admin.forms import errors_of, opened, url
from tests.conftest import client_of
from tests.factories import (
    FACTORIES,
    DistrictFactory,
    ObservationFactory,
    ParkFactory,
    ProjectFactory,
    make,
    make_filled,
)
from tests.test_hidden import keeper_of

pytestmark = pytest.mark.django_db

PROJECTS = "/api/v1/projects/"
LANGUAGES = ["en", "zh-hans", "zh-hant"]
WRONG = [
    *("", "x" * 5000, "x\0", "\ud800", "no-such", "2021-13-45", "１"),
    *(1.5, -1, 10**30, 0.123, True, None, [], ["x"], [[]], {}),
]
"""Values of which each is wrong for some kinds of fields."""
QUERIES = [
    *("stage=x", "stage__in=planned,x", "district=", "nope=1", "total_investment__gte=abc"),
    *("started_on__lte=2021-13-01", "is_published=maybe", "stage__isnull=x", "page_size=0"),
    *("ordering=nope", "fields=nope", "expand=nope", "format=pdf", "count=x", "search=%00"),
    *("name__contains=%ff", "district__within=x", "sectors=none", f"name={'x' * 3000}"),
]
BODIES = ["{", b"\xff", "NaN", '{"a": 1, "a": 2}', "[" * 100_000, "1" * 5000, '"x"', '["x"]', "[]"]
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|'[^']*'|[0-9.]+[万亿][元平方米]*")
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
to_traditional = OpenCC("s2t").convert


@pytest.fixture
def root(django_user_model):
    return client_of(django_user_model.objects.create_superuser("root"))


def speaking(client, language):
    client.credentials(**client._credentials | {"HTTP_ACCEPT_LANGUAGE": language})
    return client


def messages_in(response):
    """All sentences of a problem, without what they quote."""
    problem = response.json()
    found = [problem["title"], *(each["detail"] for each in problem.get("errors", []))]
    return [QUOTED.sub("“”", each) for each in found]


def of_one_language(messages, language):
    """Those of the messages that hold words of another language than the reader's."""
    if language == "en":
        return [each for each in messages if CHINESE.search(each)]
    return [each for each in messages if LATIN_WORDS.search(each) or not CHINESE.search(each)]


def told_to(client, language):
    """What the API tells of each wrong value of each field, and of wrong requests, in a language."""
    speaking(client, language)
    for model in (Project, Observation, District, Citation, Document, JobFair):
        row = make(model)
        serializer = serializer_of(row)
        names = [name for name, field in serializer.fields.items() if not field.read_only]
        for value in WRONG:
            yield client.patch(
                address_of(row),
                json.dumps(dict.fromkeys(names, value)),
                content_type="application/json",
            )
    for body in BODIES:
        yield client.post(PROJECTS, body, content_type="application/json")
    for query in QUERIES:
        yield client.get(f"{PROJECTS}?{query}")
    yield client.post(PROJECTS, "x", content_type="text/x")
    yield client.delete("/api/v1/search/")
    yield client.get(f"{PROJECTS}none/")
    yield client.get(PROJECTS, headers={"accept": "image/png"})
    for header in ("Token", "Token a b", "Token x", "Basic x"):
        headers = {"authorization": header, "accept-language": language}
        yield APIClient().get(PROJECTS, headers=headers)


def serializer_of(row):
    return next(
        viewset.serializer_class()
        for viewset in viewsets().values()
        if viewset.queryset.model is type(row)
    )


def test_the_api_tells_each_mistake_in_the_language_of_the_reader(root):
    told = {}
    for language in LANGUAGES:
        answers = [each for each in told_to(root, language) if each.status_code >= 400]
        told[language] = {message for each in answers for message in messages_in(each)}
        assert of_one_language(told[language], language) == []
        assert {each.status_code for each in answers} == {400, 401, 404, 405, 406, 415}
    alike = told["zh-hans"] & told["zh-hant"]
    assert [each for each in alike if to_traditional(each) != each] == []
    assert len(told["zh-hans"]) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_tells_each_mistake_in_the_language_of_the_reader(client, language):
    client.force_login(member_of("Editors"))
    for model in (Project, Observation, Measure, Document, District):
        row = make_filled(model)
        form = opened(client, url(row))
        kept = ("_FORMS", "expected_version", "code")
        for value in ("", "no-such\0", "1" * 400):
            wrong = {name: old if name.endswith(kept) else value for name, old in form.items()}
            response = client.post(url(row), wrong, headers={"accept-language": language})
            if response.status_code == 200 and response.context.get("errors"):
                told = [QUOTED.sub("“”", str(each)) for each in errors_of(response)]
                assert of_one_language(told, language) == [], (model, value)


def test_a_code_that_names_nothing_is_told_with_the_nearest(root):
    DistrictFactory(code="211302", name="双塔区")
    ParkFactory(code="211302-central-park")
    project = ProjectFactory()

    response = root.patch(
        address_of(project), {"district": "211320", "park": "211302-centrl-park", "place": "x"}
    )

    assert sorted((each["field"], each["detail"]) for each in response.json()["errors"]) == [
        ("district", "There is no district “211320”. Did you mean “211302”?"),
        ("park", "There is no park “211302-centrl-park”. Did you mean “211302-central-park”?"),
        ("place", "There is no place “x”."),
    ]


def test_only_records_that_the_writer_may_see_are_proposed():
    ParkFactory(code="secret-park", is_published=False)
    project = ProjectFactory()
    keeper = keeper_of(Project, Sector)

    response = keeper.patch(address_of(project), {"park": "secret-par"})

    assert response.json().get("errors", response.json()) == [
        {"field": "park", "code": "does_not_exist", "detail": "There is no park “secret-par”."}
    ]


@pytest.mark.parametrize(
    "model", [factory._meta.model for factory in FACTORIES], ids=lambda model: model.__name__
)
def test_an_empty_text_is_no_value_of_any_field(editor, model):
    row = make_filled(model)
    fields = {
        name: field for name, field in serializer_of(row).fields.items() if not field.read_only
    }
    before = editor.get(address_of(row)).json()

    response = editor.patch(address_of(row), dict.fromkeys(fields, ""))

    may_be_empty = {name for name, field in fields.items() if getattr(field, "allow_blank", False)}
    refused = {each["field"] for each in response.json()["errors"]} - {"code"}
    assert response.status_code == 400
    assert refused == fields.keys() - may_be_empty - {"code"}
    assert may_be_empty <= {"code", "note", "headline", "byline", "query", "quote"}
    assert editor.get(address_of(row)).json() == before


@pytest.mark.parametrize(
    ("number", "stored"),
    [
        ("0.30000000000000004", 0.3),
        ("0.9999999999999999", 1),
        ("2.675", None),
        ("1234567890123.45", 1234567890123.45),
        ("1234567890123.456", None),
        ("1e-400", None),
        ("1e400", None),
    ],
)
def test_a_number_is_read_as_it_was_meant(editor, number, stored):
    project = ProjectFactory()

    response = editor.patch(
        address_of(project), f'{{"total_investment": {number}}}', content_type="application/json"
    )

    assert response.status_code == (400 if stored is None else 200)
    if stored is not None:
        assert response.json()["total_investment"] == stored


def test_figures_of_observations_are_read_as_they_were_meant(editor):
    figure = ObservationFactory(wording="0.3", low=1, high=1)

    response = editor.patch(
        address_of(figure),
        '{"low": 0.30000000000000004, "high": 0.30000000000000004}',
        content_type="application/json",
    )

    assert (response.json()["low"], response.json()["high"]) == (0.3, 0.3)


def test_a_fraction_is_shown_as_a_spreadsheet_shows_it():
    field = Project._meta.get_field("total_investment")

    assert value_text(field, as_json(number_in(0.1 + 0.2))) == "0.3元"
    assert value_text(field, 1234567.89) == "1234567.89元"
