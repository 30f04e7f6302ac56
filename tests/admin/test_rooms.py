"""The rooms: every list stands in one, in working order, and only for those who may open it."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from shuangta.admin.navigation import ROOMS
from tests.admin.conftest import client_of

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")


def rooms_of(client, address=INDEX, language="en"):
    """The sidebar as one reads it: under each room the pages in it."""
    context = client.get(address, headers={"accept-language": language}).context
    return {
        str(room.get("title", "")): [str(page["title"]) for page in room["items"]]
        for room in context["sidebar_navigation"]
    }


def test_every_model_of_the_admin_stands_in_one_room():
    placed = [label for room in ROOMS for label in room.models]

    assert sorted(placed) == sorted(model._meta.label for model in admin.site._registry)


def test_an_editor_finds_the_rooms_in_working_order(editor):
    rooms = rooms_of(editor)

    assert list(rooms) == [
        "",
        "Sources",
        "Places and figures",
        "Projects and enterprises",
        "Policy and programmes",
        "Grid and departments",
        "Government service hall",
        "Employment",
        "Volunteers",
        "Registry",
    ]
    assert rooms[""] == ["To do", "Help"]
    assert rooms["Projects and enterprises"] == [
        "Projects",
        "Participations",
        "Enterprises",
        "Sectors",
    ]
    assert rooms["Registry"] == ["Changes", "Former codes", "API tokens"]


def test_an_administrator_finds_users_and_groups_at_the_end():
    client = client_of(User.objects.create_superuser("admin"))

    *_others, (last, pages) = rooms_of(client).items()

    assert (last, pages) == ("Users and groups", ["Who may do what", "Users", "Groups"])


def test_the_room_of_the_page_is_open_and_the_others_are_closed(editor):
    page = editor.get(reverse("admin:governance_measure_changelist")).content.decode()

    rooms = re.findall(
        r'aria-controls="room-\d+-pages" aria-expanded="(true|false)".*?>\s*([\w ]+)\n', page
    )
    assert [name.strip() for state, name in rooms if state == "true"] == ["Policy and programmes"]
    assert len(rooms) == 9
    assert re.findall(r'aria-current="page"[^>]*>.*?<span>(.*?)</span>', page, re.DOTALL) == [
        "Measures"
    ]


def test_one_without_rights_finds_only_the_front_door():
    visitor = client_of(User.objects.create_user("visitor", is_staff=True))

    assert rooms_of(visitor) == {"": ["To do", "Help"]}


def test_the_page_of_an_app_lists_its_models_in_working_order(editor):
    (app,) = editor.get(reverse("admin:app_list", args=["projects"])).context["app_list"]

    assert [model["object_name"] for model in app["models"]] == [
        "Project",
        "Participation",
        "Enterprise",
        "Sector",
    ]
