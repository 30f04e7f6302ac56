"""A NUL, which no text column of PostgreSQL holds, leads nowhere and is refused at every door."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.urls import URLResolver, get_resolver

from projects.models import Project
from shuangta.api.resources import address_of, viewsets
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
    "query", ["q", "p", "o", "_changelist_filters", "stage__exact", "district__code__exact", "e"]
)
def test_no_list_of_the_admin_fails_at_a_nul(administrator, query):
    ProjectFactory()

    assert administrator.get(f"/admin/projects/project/?{query}=%00").status_code in (200, 302)


def test_no_other_page_of_the_admin_fails_at_a_nul(administrator):
    CitationFactory()
    autocomplete = "/admin/autocomplete/?app_label=projects&model_name=project&field_name=part_of"
    asked = [
        "/admin/search/?q=%00",
        f"{autocomplete}&term=%00",
        "/admin/login/?next=%00",
        "/admin/projects/project/add/?name=%00&district=%00&part_of=%00",
        "/admin/projects/project/add/?_popup=1&_to_field=%00",
    ]

    assert {administrator.get(each).status_code for each in asked} <= {200, 302, 400}


def test_no_action_or_form_of_the_admin_fails_at_a_nul(administrator):
    project = ProjectFactory()
    action = {"action": "delete_selected", "_selected_action": "\0", "index": "0"}
    form = {"name": "\0", "district": "\0", "part_of": "\0", "code": "\0", "sectors": ["\0"]}

    answers = [
        administrator.post("/admin/projects/project/", action),
        administrator.post("/admin/projects/project/add/", form),
        administrator.post(f"/admin/projects/project/{project.pk}/change/", form),
        administrator.post("/admin/login/", {"username": "\0", "password": "\0"}),
    ]

    assert {each.status_code for each in answers} <= {200, 302, 400}
    assert Project.objects.get().name == project.name
