"""A NUL, which no text column of PostgreSQL holds, leads nowhere and is refused at every door."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.urls import URLResolver, get_resolver

from shuangta.query.resources import address_of, viewsets
from tests.admin.forms import errors_of, opened
from tests.factories import CitationFactory, ProjectFactory, make

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
ARGUMENT = re.compile(r"<[^>]*>|\(\?P<\w+>[^)]*\)")
ABOUT_ONE_MODEL = re.compile(r"admin/(?!projects/project/|seeds/citation/)[a-z]+/[a-z]+/")


def patterns(resolver=None, prefix=""):
    """Every pattern of an address, of the models of the admin those of a code and of a number."""
    for each in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, pattern)
        elif ARGUMENT.search(pattern) and not ABOUT_ONE_MODEL.match(pattern):
            yield pattern


def address(pattern, argument):
    return "/" + re.sub(r"[\^$\\]", "", ARGUMENT.sub(argument, pattern))


@pytest.fixture
def administrator(client):
    client.force_login(User.objects.create_superuser("administrator"))
    return client


@pytest.mark.parametrize("pattern", [*patterns()])
def test_there_is_nothing_at_an_address_with_a_nul(administrator, pattern):
    for argument in ("%00", "a%00b"):
        for ask in (administrator.get, administrator.post):
            assert ask(address(pattern, argument)).status_code == 404


@pytest.mark.parametrize("resource", VIEWSETS)
def test_no_filter_takes_a_nul(reader, resource):
    names = [*VIEWSETS[resource].filterset_class.base_filters]

    response = reader.get(f"/api/v1/{resource}/", dict.fromkeys(names, "\0"))

    assert response.status_code == 400
    assert {each["field"] for each in response.json()["errors"]} == {*names}


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800"], ids=["nul", "with a nul", "surrogate"])
@pytest.mark.parametrize("resource", VIEWSETS)
def test_no_field_takes_what_no_column_holds(editor, resource, text):
    row = make(VIEWSETS[resource].queryset.model)
    fields = VIEWSETS[resource].serializer_class().fields.items()
    names = [name for name, field in fields if not field.read_only]

    for value in (text, [text]):
        body = json.dumps(dict.fromkeys(names, value))
        response = editor.patch(address_of(row), body, content_type="application/json")
        assert response.status_code == 400
        assert {each["field"].partition(".")[0] for each in response.json()["errors"]} == {*names}


@pytest.mark.parametrize(
    "page",
    [
        "projects/project/?q=",
        "projects/project/?district__code__exact=",
        "projects/project/add/?part_of=",
        "search/?q=",
        "autocomplete/?app_label=projects&model_name=project&field_name=part_of&term=",
    ],
)
def test_there_is_nothing_at_a_page_that_is_asked_for_a_nul(administrator, page):
    assert administrator.get(f"/admin/{page}%00").status_code == 404
    assert administrator.get(f"/admin/{page}").status_code == 200


@pytest.mark.parametrize(
    ("make_row", "key"),
    [
        (ProjectFactory, "x\0"),
        (ProjectFactory, "-"),
        (CitationFactory, "\0"),
        (CitationFactory, "9" * 30),
    ],
)
def test_no_action_is_taken_on_a_key_that_cannot_be(administrator, make_row, key):
    row = make_row()
    address = f"/admin/{row._meta.app_label}/{row._meta.model_name}/"
    sent = {"action": "delete_selected", "_selected_action": [key, row.pk], "index": "0"}

    assert administrator.post(address, sent).status_code == 400
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_form_says_where_a_nul_is(administrator):
    project = ProjectFactory(name="示例")
    address = f"/admin/projects/project/{project.pk}/change/"
    sent = opened(administrator, address)

    answers = [
        administrator.post(address, sent | {name: "\0"})
        for name in ("name", "note", "district", "part_of", "stage", "total_investment")
    ]

    assert [each.status_code for each in answers] == [200] * 6
    assert all(errors_of(each) for each in answers)
    project.refresh_from_db()
    assert (project.name, project.version) == ("示例", 1)


def test_nobody_is_called_a_nul(client):
    response = client.post("/admin/login/", {"username": "\0", "password": "\0"})

    assert response.status_code == 200
    assert response.context["form"].errors
