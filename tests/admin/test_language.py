"""The pages of the admin speak Chinese to who reads Chinese, whoever wrote their words: we, Django or the theme."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests.admin.conftest import cite
from tests.admin.forms import opened, url

pytestmark = pytest.mark.django_db

CHINESE = pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
SAID = ("title", "aria-label", "placeholder", "alt", "data-label")
VOID = {"input", "br", "img", "meta", "link", "hr"}
NOT_WORDS = {"script", "style", "code", "textarea", "kbd"}
UNSEEN = ({"material-symbols-outlined"}, {"form-row", "hidden"})
CODE = re.compile(r"\S*[\d_.:=/-]\S*")
WORD = re.compile(r"[A-Za-z][a-z]+")
KEPT = {
    *("English", "en", "Editors", "Publishers", "admin", "Admin"),  # names
    *("Page", "page", "name"),  # a document, its code, and the column that is cited
    *("API", "Ctrl", "Esc", "ID", "JSON", "kW", "MW", "UTF", "wd"),  # words of Chinese by now
    *("yuan", "percent", "year"),  # units, as the registry writes them
    *("projects", "departments"),  # lists, as the API calls them
}


class Words(HTMLParser):
    """Reads what a page says, in its text and to a screen reader."""

    def __init__(self):
        super().__init__()
        self.said, self.inside = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.said += [attrs[name] for name in SAID if attrs.get(name)]
        if tag not in VOID:
            classes = set((attrs.get("class") or "").split())
            unseen = tag in NOT_WORDS or any(each <= classes for each in UNSEEN)
            self.inside.append((tag, unseen))

    def handle_endtag(self, tag):
        while tag not in VOID and self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(unseen for _tag, unseen in self.inside):
            self.said.append(" ".join(data.split()))


def english(response):
    """What the page says in English."""
    page = Words()
    page.feed(response.content.decode())
    return [text for text in page.said if set(WORD.findall(CODE.sub("", text))) - KEPT]


def addresses(*rows):
    """The pages beside the records, those of every model, and those of these rows."""
    yield from map(
        reverse, ("admin:index", "admin:help", "admin:accounts", "admin:password_change")
    )
    yield from (reverse("admin:search") + query for query in ("", "?q=wd", "?q=无"))
    yield reverse("admin:projects_project_deleted_records")
    yield reverse("admin:projects_project_changelist") + "?q=无"
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")
    for row in rows:
        yield from (url(row, page) for page in ("change", "history", "delete"))
    yield url(rows[0], "correct_code")


@pytest.fixture
def reader(language):
    """An administrator's browser that asks for the language."""
    call_command("loaddata", "groups", verbosity=0)
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.create_superuser("admin"))
    return client


@CHINESE
def test_no_page_says_anything_in_english(reader, language, project, passage):
    citation = cite(project, "name", "万达广场", passage, "萬達廣場")
    user = User.objects.get()
    group = user.groups.model.objects.first()
    found = {}

    for address in addresses(project, passage, citation, user, group):
        response = reader.get(address)
        if response.status_code != 403:  # the books take no records
            assert response.status_code == 200, address
            found |= dict.fromkeys(english(response), address)

    assert found == {}


@CHINESE
def test_no_answer_says_anything_in_english(reader, language, project):
    added = reverse("admin:projects_project_add")
    listed = reverse("admin:projects_project_changelist")
    user, token = reverse("admin:auth_user_add"), reverse("admin:shuangta_apitoken_add")
    short = {"username": "wang", "password1": "short", "password2": "other"}
    chosen = {"action": "delete_selected", "_selected_action": [project.pk]}

    answers = [
        reader.post(added, opened(reader, added), follow=True),
        reader.post(user, opened(reader, user) | short, follow=True),
        reader.post(token, opened(reader, token), follow=True),
        reader.post(reverse("admin:password_change"), {"old_password": "x"}, follow=True),
        reader.post(listed, {"action": "", "index": "0"}, follow=True),
        reader.post(listed, chosen, follow=True),
        reader.post(url(project), opened(reader, url(project)) | {"name": "别名"}, follow=True),
        reader.post(reverse("admin:logout")),
        reader.post(reverse("admin:login"), {"username": "x", "password": "y"}),
        reader.get("/admin/nothing/"),
    ]

    assert [english(each) for each in answers] == [[] for _each in answers]


@CHINESE
def test_the_scripts_speak_chinese(reader, language):
    catalog = reader.get(reverse("admin:jsi18n")).content.decode()
    page = reader.get(reverse("admin:projects_project_add")).content.decode()

    said = re.findall(r'"(Today|Choose a Date|Midnight|January)": "(.*?)"', catalog)
    assert len(said) == 4
    assert [words for _english, words in said if words.isascii() and "\\u" not in words] == []
    assert {"zh-hans": "i18n/zh-CN.js", "zh-hant": "i18n/zh-TW.js"}[language] in page
