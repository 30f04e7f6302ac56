"""Search across all types: in either script, by pinyin and by initials, and only what one may open."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import District
from seeds.models import Citation
from shuangta.records.models import record_models
from tests.admin.conftest import client_of
from tests.admin.forms import plain_text
from tests.factories import EnterpriseFactory, PlaceFactory, ProjectFactory, make

pytestmark = pytest.mark.django_db

SEARCH = reverse("admin:search")


def ask(client, q, **more):
    return client.get(SEARCH, {"q": q, "palette": "1"} | more)


def titles(response, kind="records"):
    return [hit.title for hit in response.context[kind]]


def options(response):
    """Where the options of the palette lead, in order."""
    return re.findall(r'role="option"[^>]*href="([^"]*)"', response.content.decode())


@pytest.mark.parametrize("q", ["wd", "wanda guangchang", "萬達廣場", "万达广场", "WDGC"])
def test_a_place_is_found_in_either_script_by_pinyin_and_by_initials(editor, q):
    place = PlaceFactory(name="万达广场")
    PlaceFactory(name="新华商圈")

    response = ask(editor, q)

    (hit,) = response.context["records"]
    assert (hit.title, hit.kind, hit.room, hit.code) == (
        "万达广场",
        "Place",
        "Places and figures",
        place.pk,
    )
    assert options(response)[0] == reverse("admin:districts_place_change", args=[place.pk])


def test_the_words_that_were_asked_for_are_marked_in_the_title(editor):
    PlaceFactory(name="朝阳<万达>广场")

    page = ask(editor, "wd").content.decode()

    assert "朝阳&lt;<mark>万达</mark>&gt;广场" in page


def test_the_best_of_all_types_comes_first(editor):
    EnterpriseFactory(name="朝阳万达集团")
    PlaceFactory(name="万达广场")
    ProjectFactory(name="万达")

    assert titles(ask(editor, "万达")) == ["万达", "万达广场", "朝阳万达集团"]


@pytest.mark.parametrize("q", ["项目", "項目", "xm", "xiangmu", "projects"])
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_a_page_is_found_by_its_name_in_any_language(editor, q, language):
    response = editor.get(SEARCH, {"q": q, "palette": "1"}, headers={"accept-language": language})

    assert reverse("admin:projects_project_changelist") in options(response)


def test_an_answer_is_in_the_language_of_the_one_who_asks(editor):
    PlaceFactory(name="万达广场")
    client_of(User.objects.create_superuser("other")).get(SEARCH, {"q": "wd"})

    english = plain_text(ask(editor, "wd"))
    chinese = plain_text(
        editor.get(SEARCH, {"q": "wd", "palette": "1"}, headers={"accept-language": "zh-hant"})
    )

    assert "Place · Places and figures" in english
    assert "地點 · 地點與數據" in chinese


def test_an_answer_is_of_its_moment(editor):
    place = PlaceFactory(name="万达广场")
    before = titles(ask(editor, "wd"))

    place.name = "新华广场"
    place.save()

    assert (before, titles(ask(editor, "wd"))) == (["万达广场"], [])
    assert titles(ask(editor, "xinhua")) == ["新华广场"]


def test_what_one_may_not_open_is_not_found():
    visitor = User.objects.create_user("visitor", is_staff=True)
    visitor.user_permissions.add(Permission.objects.get(codename="view_place"))
    PlaceFactory(name="万达广场", is_published=False)
    ProjectFactory(name="万达", is_published=True)
    client = client_of(visitor)

    response = ask(client, "万达")

    assert titles(response) == ["万达广场"]
    assert titles(ask(client, "项目"), "pages") == []
    assert titles(ask(client, "地点"), "pages") == ["Places"]


def test_nobody_finds_anything_without_logging_in(client):
    assert client.get(SEARCH, {"q": "wd"}).status_code == 302


def test_a_palette_shows_the_best_and_leads_to_the_others(editor):
    for number in range(60):
        PlaceFactory(name=f"万达{number}号")

    few = ask(editor, "wd")
    first = editor.get(SEARCH, {"q": "wd"})
    second = editor.get(SEARCH + first.context["more"])

    assert len(few.context["records"]) == 8
    assert f"{SEARCH}?q=wd" in options(few)
    found = titles(first) + titles(second)
    assert (len(titles(first)), len(found), len(set(found))) == (50, 60, 60)
    assert not second.context["more"]


def test_a_search_costs_the_same_queries_for_one_type_and_for_all(editor):
    PlaceFactory(name="万达广场")
    costs = []
    ask(editor, "wd")

    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            found = len(ask(editor, "wd").context["records"])
        costs.append((found, len(queries)))
        for model in record_models():
            if model not in (District, Citation) and hasattr(model, "name"):
                make(model, name="万达")

    assert costs[1][0] > 5
    assert costs[1][1] == costs[0][1]


@pytest.mark.parametrize(
    ("q", "told"),
    [
        ("", "Type a name in simplified or traditional characters, in pinyin, or only its"),
        ("没有这个", "Nothing is found for “没有这个”."),
        ("！", "“！” has neither letters nor figures."),
        ("字 " * 101, "200"),
    ],
)
def test_a_search_says_why_it_finds_nothing(editor, q, told):
    response = ask(editor, q)

    assert response.status_code == 200
    assert told in plain_text(response)
    assert options(response) == []


@pytest.mark.parametrize("p", ["0", "-1", "x", "²", "9999999999999999999", ""])
def test_a_page_that_cannot_be_is_the_first(editor, p):
    PlaceFactory(name="万达广场")

    assert titles(editor.get(SEARCH, {"q": "wd", "p": p})) == ["万达广场"]


def test_every_page_brings_the_palette_and_what_opens_it(editor):
    page = editor.get(reverse("admin:projects_project_add")).content.decode()

    assert page.count('<dialog id="palette"') == 1
    assert page.count("data-opens-palette") == 2
    assert "shuangta/palette.js" in page
