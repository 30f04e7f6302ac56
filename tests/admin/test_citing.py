"""Evidence given in the admin, and what may be published with it."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.models import entry_models
from tests.admin.conftest import cite
from tests.admin.forms import errors_of, opened, plain_text, url, with_row

pytestmark = pytest.mark.django_db

CITATIONS = "seeds-citation-record_type-record"


def test_a_quote_that_does_not_stand_in_the_passage_is_refused(editor, project, passage):
    data = with_row(
        opened(editor, url(project)),
        CITATIONS,
        field="name",
        quote="万达广场",
        passage=passage.pk,
        basis="stated",
    )

    response = editor.post(url(project), data)

    assert errors_of(response) == ["These words do not stand in the passage."]
    assert not Citation.objects.exists()


def test_one_quote_is_cited_for_several_values_at_once(editor, project, passage):
    response = editor.post(
        url(project, "cite_words"),
        {"values": ["name", "district"], "quote": "萬達廣場由雙塔區建設", "basis": "stated"},
    )

    assert response.status_code == 302
    cited = project.citations.values_list("field", "value", "quote", "passage", "position")
    assert list(cited) == [
        ("district", "211302", "萬達廣場由雙塔區建設", passage.pk, 1),
        ("name", "万达广场", "萬達廣場由雙塔區建設", passage.pk, 1),
    ]


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        ("沒有的話", "No passage holds these words."),
        ("", "A citation quotes a passage; only an outside standard is named without a quote."),
    ],
)
def test_words_that_cannot_be_cited_are_refused(quote, message, editor, project, passage):
    response = editor.post(
        url(project, "cite_words"), {"values": ["name"], "quote": quote, "basis": "stated"}
    )

    assert message in plain_text(response)
    assert not Citation.objects.exists()


def test_an_editor_can_neither_publish_nor_take_back(editor, project):
    sector = Sector.objects.create(code="energy", name="能源", is_published=True)

    editor.post(url(project), {**opened(editor, url(project)), "is_published": "on"})
    data = opened(editor, url(sector))
    editor.post(url(sector), {**data, "is_published": "", "note": "Edited."})

    assert not Project.objects.get().is_published
    sector.refresh_from_db()
    assert (sector.is_published, sector.note) == (True, "Edited.")


def test_a_publisher_publishes_with_the_sources_cited_in_the_same_form(publisher, passage):
    sector = Sector.objects.create(code="wanda", name="万达")
    data = {**opened(publisher, url(sector)), "is_published": "on"}

    refused = publisher.post(url(sector), data)
    cited = with_row(data, CITATIONS, field="name", quote="萬達", basis="stated")
    response = publisher.post(url(sector), cited)

    assert errors_of(refused) == ["It cannot be published before this value has a source."]
    assert response.status_code == 302
    assert Sector.objects.get().is_published


def test_who_changes_a_published_value_is_told_that_its_source_says_another(
    editor, project, passage
):
    cite(project, "name", "万达广场", passage, "萬達廣場")
    cite(project, "total_investment", "30000000", passage, "總投資1.2億元")
    Project.objects.update(is_published=True)

    unchanged = editor.post(url(project), opened(editor, url(project)), follow=True)
    data = opened(editor, url(project)) | {"total_investment": "5000万元"}
    changed = editor.post(url(project), data, follow=True)

    warning = "Published without a source for what stands here now: Total investment."
    assert warning not in plain_text(unchanged)
    assert warning in plain_text(changed)


def test_the_groups_know_every_model_and_no_user():
    call_command("loaddata", "groups", verbosity=0)
    every_way = {
        (model._meta.app_label, f"{way}_{model._meta.model_name}")
        for model in [*entry_models(), Citation]
        for way in ("view", "add", "change", "delete")
    }
    books = {("shuangta", "view_change"), ("shuangta", "view_formercode")}
    own_tokens = {("shuangta", f"{way}_apitoken") for way in ("view", "add", "change")}

    held = {
        group.name: set(group.permissions.values_list("content_type__app_label", "codename"))
        for group in Group.objects.all()
    }

    assert held == {
        "Editors": every_way | books | own_tokens,
        "Publishers": every_way | books | own_tokens | {("shuangta", "publish")},
    }
