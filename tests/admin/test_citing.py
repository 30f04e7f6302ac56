"""Evidence given in the admin, and what may be published with it."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse

from projects.models import Project, Sector
from seeds.models import Citation, Document, EvidenceIssue
from shuangta.records.models import record_models
from tests.admin.conftest import cite, one_who_may
from tests.admin.forms import errors_of, opened, plain_text, url, with_row

pytestmark = pytest.mark.django_db

CITATIONS = "seeds-citation-record_type-record"
REASON_MISSING = "The note must give the reasoning of an inference, or name the outside standard."
SECTORS = [("plaza", "万达广场"), ("energy", "能源")]
TOLD = "雙塔區住建局告知（2026-11-20）"


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


def citing(client, record, *fields, **more):
    """Save the page of the record as it is, with words cited for these fields."""
    typed = {f"cite_{name}": value for name, value in more.items()}
    return client.post(url(record), {**opened(client, url(record)), "cite_fields": fields, **typed})


def cited(record):
    found = record.citations.order_by("field", "position")
    return list(found.values_list("field", "value", "quote", "basis"))


def test_one_quote_is_cited_for_several_values_at_once(editor, project, passage):
    response = citing(editor, project, "name", "district", quote="萬達廣場由雙塔區建設")

    assert response.status_code == 302
    found = project.citations.values_list("field", "value", "quote", "passage", "position")
    assert list(found) == [
        ("district", "211302", "萬達廣場由雙塔區建設", passage.pk, 1),
        ("name", "万达广场", "萬達廣場由雙塔區建設", passage.pk, 1),
    ]


def test_words_are_cited_for_what_is_typed_in_the_same_form(editor, project, passage):
    data = opened(editor, url(project)) | {"total_investment": "1.2亿元"}
    more = {"cite_fields": ["total_investment"], "cite_quote": "總投資1.2億元"}

    response = editor.post(url(project), data | more)

    assert response.status_code == 302
    project.refresh_from_db()
    assert project.total_investment == 120_000_000
    assert cited(project) == [("total_investment", "120000000", "總投資1.2億元", "stated")]


def test_words_that_say_another_value_are_refused_until_the_editor_says_so(
    editor, project, passage
):
    refused = citing(editor, project, "total_investment", quote="總投資1.2億元")
    before = cited(project)
    accepted = citing(editor, project, "total_investment", quote="總投資1.2億元", nevertheless="on")

    assert errors_of(refused) == [
        "Total investment: the words say 1.2亿元, the record holds 3000万元."
    ]
    assert before == []
    assert accepted.status_code == 302
    assert cited(project) == [("total_investment", "120000000", "總投資1.2億元", "stated")]
    marks = EvidenceIssue.objects.filter(record=project.pk, field="total_investment")
    assert [each.kind for each in marks] == ["changed"]


@pytest.mark.parametrize(
    ("typed", "messages"),
    [
        ({"quote": "沒有的話"}, ["No passage holds these words."]),
        ({}, ["Paste the words that state it."]),
        ({"quote": "萬達", "basis": "inferred"}, [REASON_MISSING]),
        ({"basis": "reference"}, [REASON_MISSING]),
        (
            {
                "quote": "萬達",
                "basis": "reported",
                "office": "雙塔區住建局",
                "told_on": "2999-12-31",
            },
            ["That day is still to come."],
        ),
        (
            {"quote": "萬達", "basis": "reported"},
            ["Say which office told it.", "Say on which day."],
        ),
    ],
)
def test_words_that_cannot_be_cited_are_refused(typed, messages, editor, project, passage):
    response = citing(editor, project, "name", **typed)

    assert errors_of(response) == messages
    assert not Citation.objects.exists()


def test_blanks_around_the_pasted_words_are_not_cited(editor, project, passage):
    citing(editor, project, "name", quote="　 萬達廣場\r\n")

    assert cited(project) == [("name", "万达广场", "萬達廣場", "stated")]


@pytest.mark.parametrize(
    "quote", ["万达广场由双塔区建设，总投资", "萬達廣場由雙\r\n塔區建設，總投資"]
)
def test_words_in_another_script_or_on_two_lines_are_told_as_they_are_printed(
    quote, editor, project, passage
):
    response = citing(editor, project, "name", quote=quote)

    assert errors_of(response) == [
        "No passage holds these words as they stand here. “page-p01” prints: 萬達廣場由雙塔區建設，總投資"
    ]


def test_the_same_words_are_not_cited_twice(editor, project, passage):
    told = {"quote": "萬達", "basis": "reported", "office": "住建局", "told_on": "2026-11-20"}
    for typed in ({"quote": "萬達廣場"}, told):
        citing(editor, project, "name", **typed)

        again = citing(editor, project, "name", **typed)

        assert errors_of(again) == ["These words are cited for it already."]
    assert project.citations.count() == 2


def test_a_note_alone_is_not_thrown_away(editor, project):
    response = citing(editor, project, note="Long thought about.")

    assert errors_of(response) == [
        "Choose what the words state.",
        "Paste the words that state it.",
    ]
    assert "Long thought about." in response.content.decode()


def test_words_without_a_field_and_a_field_without_a_value_are_refused(editor, project, passage):
    no_field = citing(editor, project, quote="萬達")
    no_value = citing(editor, project, "stage", quote="萬達")

    assert errors_of(no_field) == ["Choose what the words state."]
    assert errors_of(no_value) == [
        "Stage: The record holds nothing here that words could be cited for."
    ]
    assert not Citation.objects.exists()


def test_of_a_list_the_elements_that_the_words_name_are_cited(editor, project, passage):
    named, other = (Sector.objects.create(code=code, name=name) for code, name in SECTORS)
    project.sectors.set([named, other])

    citing(editor, project, "sectors", quote="萬達廣場")
    unnamed = citing(editor, project, "sectors", quote="雙塔區建設")

    assert cited(project) == [("sectors", "plaza", "萬達廣場", "stated")]
    assert errors_of(unnamed) == ["Sectors: The words name none of the records chosen here."]


def test_what_an_office_told_is_kept_as_a_document_of_its_own(editor, project):
    told = {"basis": "reported", "office": "雙塔區住建局", "told_on": "2026-11-20"}

    citing(editor, project, "name", quote="萬達廣場已經開工", **told)
    citing(editor, project, "total_investment", quote="總投資3000萬元", **told)
    citing(editor, project, "district", quote="萬達廣場已經開工", **told)

    assert cited(project) == [
        ("district", "211302", "萬達廣場已經開工", "reported"),
        ("name", "万达广场", "萬達廣場已經開工", "reported"),
        ("total_investment", "30000000", "總投資3000萬元", "reported"),
    ]
    documents = Document.objects.order_by("code")
    columns = ("kind", "title", "publisher", "published_on", "text", "is_published")
    assert list(documents.values_list(*columns)) == [
        ("told_by_office", TOLD, "雙塔區住建局", date(2026, 11, 20), text, False)
        for text in ("萬達廣場已經開工", "總投資3000萬元")
    ]


def test_what_pasted_words_say_is_shown_before_anything_is_saved(editor, project, passage):
    data = opened(editor, url(project)) | {"cite_quote": "總投資1.2億元"}

    agreeing = editor.post(
        url(project, "read_words"),
        data | {"cite_fields": ["total_investment"], "total_investment": "1.2亿元"},
    )
    differing = editor.post(
        url(project, "read_words"), data | {"cite_fields": ["total_investment"]}
    )
    unread = editor.post(url(project, "read_words"), data | {"cite_fields": ["kind"]})
    new = editor.post(
        reverse("admin:projects_project_read_words_add"),
        {"name": "萬達", "cite_quote": "萬達廣場", "cite_fields": ["name"]},
    )

    assert "✓ The words state 1.2亿元, as the record does." in plain_text(agreeing)
    assert "✗ The words say 1.2亿元, the record holds 3000万元." in plain_text(differing)
    assert "? No rule can compare these words with Construction" in plain_text(unread)
    assert "萬達廣場由雙塔區建設，總投資1.2億元。 page-p01 · Page" in plain_text(agreeing)
    assert "✓ The words state 萬達, as the record does." in plain_text(new)
    assert not Citation.objects.exists()
    project.refresh_from_db()
    assert project.version == 1


def test_who_may_not_cite_is_offered_no_words_and_reads_none(editor, project, passage):
    user = User.objects.get(username="editors")
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename__endswith="_project"))

    page = editor.get(url(project))
    refused = editor.post(url(project, "read_words"), opened(editor, url(project)))
    citing(editor, project, "name", quote="萬達廣場")

    assert 'name="cite_quote"' not in page.content.decode()
    assert refused.status_code == 403
    assert not Citation.objects.exists()


def test_beside_each_field_stand_its_words_and_what_is_to_be_seen_to(editor, project, passage):
    cite(project, "total_investment", "30000000", passage, "總投資1.2億元")
    cite(project, "name", "萬達", passage, "萬達廣場")

    page = plain_text(editor.get(url(project)))

    assert "總投資1.2億元 萬達廣場由雙塔區建設，總投資1.2億元。 page-p01 · Page" in page
    assert "萬達廣場 reads 萬達" in page
    assert "Changed since cited" in page
    assert "Without a source" not in page


def test_a_list_marks_and_filters_by_what_is_to_be_seen_to(editor, project, passage):
    cite(project, "name", "萬達", passage, "萬達廣場")
    sourced = Project.objects.create(
        code="sourced", name="示例", district=project.district, kind="energy"
    )
    cite(sourced, "name", "示例", passage, "萬達廣場")
    address = reverse("admin:projects_project_changelist")

    def listed(**filters):
        response = editor.get(address, filters)
        return [row.pk for row in response.context["cl"].result_list]

    page = editor.get(address)
    assert re.findall(r'evidence-mark-(\w+)" title="([^"]*)">([^<]*)<', page.content.decode()) == [
        ("warning", "Total investment", "Without a source"),
        ("danger", "Name", "Changed since cited"),
    ]
    assert listed(evidence="unsourced") == listed(evidence="changed") == [project.pk]
    assert listed(evidence="disagreeing") == listed(evidence="inferred") == []
    assert editor.get(address, {"evidence": "nonsense"}).url == f"{address}?e=1"


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


def test_sources_that_go_with_the_same_press_do_not_count(publisher, passage):
    sector = Sector.objects.create(code="wanda", name="万达")
    cite(sector, "name", "万达", passage, "萬達")
    data = {**opened(publisher, url(sector)), "is_published": "on", "reason": "Wrong words."}

    refused = publisher.post(url(sector), data | {f"{CITATIONS}-0-DELETE": "on"})
    accepted = publisher.post(url(sector), data)

    assert refused.context["adminform"].form.errors == {
        "name": ["It cannot be published before this value has a source."]
    }
    assert accepted.status_code == 302
    assert [each.quote for each in sector.citations.all()] == ["萬達"]


def test_what_the_page_does_not_offer_is_no_source(passage):
    sector = Sector.objects.create(code="wanda", name="万达")
    client = one_who_may("view_sector", "change_sector", "publish")
    data = {**opened(client, url(sector)), "is_published": "on"}

    rows = client.post(url(sector), data | {f"{CITATIONS}-0-field": "name"})
    words = client.post(url(sector), data | {"cite_fields": ["name"], "cite_quote": "萬達"})

    assert (rows.status_code, words.status_code) == (200, 200)
    assert errors_of(rows) == ["It cannot be published before this value has a source."]
    assert errors_of(words) == ["No passage holds these words."]
    assert not Sector.objects.get().is_published
    assert not Citation.objects.exists()


def test_an_address_puts_no_script_into_the_form(editor):
    page = editor.get(reverse("admin:projects_sector_add"), {"cite_basis": "'+alert(1)+'"})

    (data,) = re.findall(r'x-data="({ basis: [^"]*)"', page.content.decode())
    assert data == r"{ basis: '\u0027+alert(1)+\u0027' }"


def test_who_publishes_is_told_which_words_nobody_sees_yet(publisher):
    sector = Sector.objects.create(code="wanda", name="万达")
    told = {"quote": "萬達", "basis": "reported", "office": "住建局", "told_on": "2026-11-20"}
    typed = {f"cite_{name}": value for name, value in told.items()} | {"cite_fields": ["name"]}
    data = {**opened(publisher, url(sector)), **typed, "is_published": "on"}

    page = publisher.post(url(sector), data, follow=True)

    warning = "The words of these sources are not published yet: 住建局告知（2026-11-20）."
    assert warning in plain_text(page)
    assert Sector.objects.get().is_published


def test_each_record_in_a_list_needs_its_source_to_be_published(publisher, project, passage):
    named, other = (Sector.objects.create(code=code, name=name) for code, name in SECTORS)
    for field in ("name", "total_investment"):
        cite(project, field, "x", passage, "萬達廣場")
    data = opened(publisher, url(project)) | {"is_published": "on"}

    refused = publisher.post(url(project), data | {"sectors": [named.pk, other.pk]})
    half = data | {"cite_fields": ["sectors"], "cite_quote": "萬達廣場"}
    half_cited = publisher.post(url(project), half | {"sectors": [named.pk, other.pk]})
    accepted = publisher.post(url(project), half | {"sectors": [named.pk]})

    message = "It cannot be published before this value has a source."
    assert refused.context["adminform"].form.errors == {"sectors": [message]}
    assert half_cited.context["adminform"].form.errors == {"sectors": [message]}
    assert accepted.status_code == 302
    project.refresh_from_db()
    assert project.is_published
    assert list(project.sectors.all()) == [named]


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
        for model in [*record_models(), Citation]
        for way in ("view", "add", "change", "delete")
    }
    books = {("shuangta", "view_revision"), ("shuangta", "view_formercode")}
    own_tokens = {("shuangta", f"{way}_apitoken") for way in ("view", "add", "change")}

    held = {
        group.name: set(group.permissions.values_list("content_type__app_label", "codename"))
        for group in Group.objects.all()
    }

    assert held == {
        "Editors": every_way | books | own_tokens,
        "Publishers": every_way | books | own_tokens | {("shuangta", "publish")},
    }
