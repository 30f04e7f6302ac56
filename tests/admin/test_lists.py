"""The lists of the admin, its rooms, and the books that nobody edits."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import Indicator, Observation, Place
from projects.models import Project
from seeds.models import Citation
from shuangta.history.revision import Revision
from shuangta.records.models import record_models
from tests.admin.forms import plain_text

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-and-plain-password"


def test_an_administrator_logs_in_and_sees_every_room():
    User.objects.create_superuser("admin", password=PASSWORD)
    client = Client()

    response = client.post(
        reverse("admin:login"),
        {"username": "admin", "password": PASSWORD, "next": reverse("admin:index")},
        follow=True,
    )

    assert response.status_code == 200
    rooms = {app["app_label"] for app in response.context["app_list"]}
    assert {"seeds", "districts", "projects", "governance", "shuangta", "auth"} <= rooms


def test_every_model_has_its_pages(editor):
    answers = {
        address: editor.get(address).status_code
        for model in [*record_models(), Citation]
        for page in ("changelist", "add", "deleted_records")
        if (address := reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"))
    }

    assert set(answers.values()) == {200}
    assert len(answers) == 3 * len([*record_models(), Citation])


def test_the_changes_and_the_former_codes_can_be_looked_at_only(editor, project):
    change = Revision.objects.filter(object_id=project.pk).get()

    shown = editor.get(reverse("admin:shuangta_revision_change", args=[change.pk]))

    assert "Name: 万达广场" in plain_text(shown)
    assert editor.get(reverse("admin:shuangta_revision_changelist")).status_code == 200
    assert editor.get(reverse("admin:shuangta_formercode_changelist")).status_code == 200
    assert editor.get(reverse("admin:shuangta_revision_add")).status_code == 403
    assert (
        editor.post(reverse("admin:shuangta_revision_delete", args=[change.pk])).status_code == 403
    )


def test_the_former_address_of_the_changes_leads_to_the_present_one(editor, project):
    change = Revision.objects.filter(object_id=project.pk).get()
    former = f"/admin/shuangta/change/{change.pk}/change/?_changelist_filters=p%3D2"

    moved = editor.get(former)
    listed = editor.get("/admin/shuangta/change/", follow=True)

    assert (moved.status_code, moved["location"]) == (
        308,
        f"/admin/shuangta/revision/{change.pk}/change/?_changelist_filters=p%3D2",
    )
    assert (listed.redirect_chain, listed.status_code) == (
        [("/admin/shuangta/revision/", 308)],
        200,
    )


def test_a_search_in_traditional_characters_finds_the_simplified_name(editor, project, district):
    Project.objects.create(name="黑土地", district=district, kind="market")

    response = editor.get(reverse("admin:projects_project_changelist"), {"q": "萬達 廣場"})

    assert list(response.context["cl"].result_list) == [project]


def test_a_choice_of_related_records_is_searched_in_either_script(editor, project):
    response = editor.get(
        reverse("admin:autocomplete"),
        {
            "term": "雙塔",
            "app_label": "projects",
            "model_name": "project",
            "field_name": "district",
        },
    )

    assert response.json()["results"] == [{"id": "211302", "text": "双塔区"}]


def test_names_are_listed_by_pinyin(editor, district):
    for code, name in [("c", "中"), ("a", "啊"), ("b", "双")]:
        Place.objects.create(code=code, name=name, district=district, kind="street")

    response = editor.get(reverse("admin:districts_place_changelist"), {"o": "-1"})

    assert [place.name for place in response.context["cl"].result_list] == ["中", "双", "啊"]


def test_a_page_loads_the_chooser_once_and_in_the_language_of_the_editor(editor, project):
    select2 = re.compile(r"select2/(?:select2|i18n)[^\"]*\.js")

    pages = [
        editor.get(reverse(f"admin:projects_project_{page}"), headers={"accept-language": "zh-CN"})
        for page in ("changelist", "add")
    ]

    assert [select2.findall(page.content.decode()) for page in pages] == [
        ["select2/select2.full.min.js", "select2/i18n/zh-CN.js"]
    ] * 2


def test_figures_are_listed_in_the_unit_of_their_indicator(editor, project):
    indicator = Indicator.objects.create(name="收入", unit="yuan", kind="amount")
    Observation.objects.create(
        indicator=indicator, about=project, wording="超百億元", low=10**10, status="target"
    )

    response = editor.get(reverse("admin:districts_observation_changelist"))

    assert "收入 万达广场 超百億元 100亿元 - - Target" in plain_text(response)


def test_what_refuses_a_deletion_is_named_in_order(editor, project, district):
    Project.objects.create(name="黑土地", district=district, kind="market")

    response = editor.get(reverse("admin:districts_district_delete", args=[district.pk]))

    named = [re.sub("<[^>]+>", "", each) for each in response.context["protected"]]
    assert named == ["Project: 万达广场", "Project: 黑土地"]


def test_a_page_that_is_not_for_the_user_says_so_in_the_user_s_language(editor):
    response = editor.get(
        reverse("admin:auth_user_changelist"), headers={"accept-language": "zh-CN"}
    )

    assert response.status_code == 403
    assert "您的账户无权打开此页面" in plain_text(response)


def test_a_list_costs_the_same_queries_for_one_row_and_for_many(editor):
    """Save that figures name what they are about: one query more for each type of record."""
    call_command("loaddata", "seeds", "districts", "projects", "governance", verbosity=0)
    models = [model for model in [*record_models(), Citation] if model.objects.count() > 1]
    costs = {"one": {}, "many": {}}

    for model in models:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        editor.get(address)
        for rows, query in [("one", {"pk": model.objects.first().pk}), ("many", {})]:
            with CaptureQueriesContext(connection) as queries:
                editor.get(address, query)
            costs[rows][model._meta.label] = len(queries)

    assert len(models) > 25
    types = Observation.objects.values("subject_type").distinct().count()
    named = {"districts.Observation": types, "districts.DeclaredCount": types}
    assert {
        label: many
        for label, many in costs["many"].items()
        if many > costs["one"][label] + named.get(label, 0)
    } == {}
