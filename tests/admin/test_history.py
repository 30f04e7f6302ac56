"""The history in the admin: looked at, restored, and led to by former codes."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import Place
from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.history.revision import Revision
from tests.admin.conftest import cite, client_of, one_who_may
from tests.admin.forms import confirmed, opened, plain_text, sent_by, url, with_row
from tests.factories import (
    WORDS,
    ArticleFactory,
    ObservationFactory,
    PassageFactory,
    SectorFactory,
    WindowFactory,
)

pytestmark = pytest.mark.django_db

CITATIONS = "seeds-citation-record_type-record"


def test_the_history_shows_who_changed_what_and_why(editor, project):
    data = opened(editor, url(project))
    editor.post(
        url(project), {**data, "total_investment": "1.2亿元", "reason": "The notice says so."}
    )

    response = editor.get(url(project, "history"))

    latest, first = response.context["rows"]
    assert (latest.change.version, latest.change.actor.username) == (2, "editors")
    assert latest.change.reason == "The notice says so."
    assert [(each.label, each.before, each.after) for each in latest.differences] == [
        ("Total investment", "3000万元", "1.2亿元")
    ]
    assert (first.change.version, first.restorable) == (1, True)
    assert "Total investment 3000万元 → 1.2亿元" in plain_text(response)


def test_the_history_shows_the_evidence_too(editor, project, passage):
    cite(project, "name", "万达广场", passage, "萬達廣場").delete()

    response = editor.get(url(project, "history"))

    rows = [(row.evidence_for, row.change.action) for row in response.context["rows"]]
    assert rows == [("Name", "deleted"), ("Name", "created"), ("", "created")]


def test_a_version_is_restored_as_a_new_one(editor, project):
    project.sectors.add(Sector.objects.create(code="energy", name="能源"))
    before = Revision.objects.filter(object_id=project.pk).latest("version")
    data = opened(editor, url(project))
    editor.post(url(project), {**data, "name": "别的", "total_investment": "", "sectors": []})

    asked = editor.get(url(project, "restore", before.version))
    response = confirmed(editor, url(project, "restore", before.version))

    assert "Name 别的 → 万达广场" in plain_text(asked)
    assert response.status_code == 302
    restored = Project.objects.get()
    assert (restored.name, restored.total_investment) == ("万达广场", Decimal(30_000_000))
    assert [sector.pk for sector in restored.sectors.all()] == ["energy"]
    assert restored.version == before.version + 2
    latest = Revision.objects.filter(object_id=project.pk).latest("version")
    assert (latest.state, latest.reason) == (
        before.state,
        f"Version {before.version} restored.",
    )


def test_what_was_saved_after_the_preview_is_not_restored_over_unseen(editor, project):
    preview = editor.get(url(project, "restore", 1))
    project.note = "Saved meanwhile."
    project.save()

    refused = editor.post(url(project, "restore", 1), sent_by(preview))
    accepted = editor.post(url(project, "restore", 1), sent_by(refused))

    assert "It was changed in the meantime." in plain_text(refused)
    assert [(each.label, each.before) for each in refused.context["differences"]] == [
        ("Note", "Saved meanwhile.")
    ]
    assert accepted.status_code == 302
    project.refresh_from_db()
    assert (project.note, project.version) == ("", 3)


def test_what_was_deleted_again_after_the_preview_does_not_come_back_unseen(editor, project):
    address, code = url(project, "restore_deleted"), project.pk
    project.delete()
    preview = editor.get(address)
    again = Project(code=code, name="新的", district=project.district, kind="construction")
    again.save()
    again.delete()

    refused = editor.post(address, sent_by(preview))

    assert "It was changed in the meantime." in plain_text(refused)
    assert not Project.objects.exists()


def test_who_may_not_see_citations_reads_no_words_of_theirs(project, passage):
    cite(project, "name", "万达广场", passage, "萬達廣場")
    client = one_who_may("view_project", "change_project")
    restore_deleted = url(project, "restore_deleted")

    pages = [client.get(url(project)), client.get(url(project, "history"))]
    project.name = "别的"
    project.save()
    pages.append(client.get(url(project, "restore", 1)))
    project.delete()
    pages.append(client.get(restore_deleted))

    assert [page.status_code for page in pages] == [200] * 4
    assert [page for page in pages if "萬達廣場" in page.content.decode()] == []


def test_who_may_not_see_records_does_not_see_deleted_ones(project):
    address = url(project, "restore_deleted")
    project.delete()
    client = one_who_may("add_project")

    listed = client.get(reverse("admin:projects_project_deleted_records"))

    assert listed.status_code == 403
    assert client.get(address).status_code == 403


def test_a_reason_is_kept_in_one_line_or_not_at_all(editor, project):
    for reason in ("   ", " Read\nanew. "):
        data = opened(editor, url(project))
        editor.post(url(project), {**data, "note": repr(reason), "reason": reason})

    kept = Revision.objects.filter(object_id=project.pk).order_by("version")
    assert [change.reason for change in kept] == ["", "", "Read anew."]


def test_a_corrected_code_is_neither_restored_nor_a_change_of_the_evidence(
    editor, project, passage
):
    cite(project, "name", "万达广场", passage, "萬達廣場")
    editor.post(url(project, "correct_code"), {"code": "211302-wanda"})
    corrected = Project.objects.get()

    shown = editor.get(url(corrected, "history"))
    asked = editor.get(url(corrected, "restore", 1))

    rows = [(row.evidence_for, row.change.version) for row in shown.context["rows"]]
    assert rows == [("", 2), ("Name", 1), ("", 1)]
    assert asked.context["differences"] == []


def test_a_version_that_no_longer_passes_is_not_restored(editor, project, district):
    place = Place.objects.create(code="square", name="广场", district=district, kind="square")
    Project.objects.update(place_id="square")
    Project.objects.update(place_id=None)
    place.delete()

    response = confirmed(editor, url(project, "restore", 2))

    assert response.status_code == 200
    assert "square" in plain_text(response)
    assert Project.objects.get().place is None


def test_a_restored_version_follows_a_corrected_code(editor, project, district):
    place = Place.objects.create(code="square", name="广场", district=district, kind="square")
    Project.objects.update(place_id="square")
    Project.objects.update(place_id=None)
    editor.post(url(place, "correct_code"), {"code": "211302-square"})

    confirmed(editor, url(project, "restore", 2))

    assert Project.objects.get().place_id == "211302-square"


def test_a_deleted_record_comes_back_with_the_evidence_that_went_with_it(
    publisher, project, passage
):
    project.sectors.add(Sector.objects.create(code="energy", name="能源"))
    cite(project, "district", "211302", passage, "雙塔區").delete()
    kept = cite(project, "name", "万达广场", passage, "萬達廣場")
    publisher.post(url(project, "delete"), {"post": "yes", "reason": "Entered twice."})
    assert not Project.objects.exists()
    assert not Citation.objects.exists()
    listed = publisher.get(reverse("admin:projects_project_deleted_records"))

    response = confirmed(publisher, url(project, "restore_deleted"))

    assert "万达广场" in plain_text(listed)
    assert response.status_code == 302
    restored = Project.objects.get()
    assert (restored.name, restored.version) == ("万达广场", project.version + 2)
    assert [sector.pk for sector in restored.sectors.all()] == ["energy"]
    assert [(each.pk, each.quote) for each in restored.citations.all()] == [(kept.pk, "萬達廣場")]


def test_a_published_record_comes_back_published_by_a_publisher_and_with_its_sources(
    editor, publisher, passage
):
    for code in ("by-editor", "by-publisher", "unsourced"):
        sector = Sector.objects.create(code=code, name="万达", is_published=True)
        if code != "unsourced":
            cite(sector, "name", "万达", passage, "萬達")
        publisher.post(url(sector, "delete"), {"post": "yes", "reason": "Entered twice."})

    restore = "admin:projects_sector_restore_deleted"
    for client, code in [
        (editor, "by-editor"),
        (publisher, "by-publisher"),
        (publisher, "unsourced"),
    ]:
        confirmed(client, reverse(restore, args=[code]))

    assert dict(Sector.objects.values_list("code", "is_published")) == {
        "by-editor": False,
        "by-publisher": True,
        "unsourced": False,
    }


def test_a_corrected_code_takes_everything_along_and_the_old_one_leads_to_it(
    editor, project, passage
):
    cite(project, "name", "万达广场", passage, "萬達廣場")

    response = editor.post(
        url(project, "correct_code"), {"code": "211302-wanda", "reason": "Shorter."}
    )

    corrected = Project.objects.get()
    assert response.url == url(corrected)
    assert corrected.pk == "211302-wanda"
    assert corrected.citations.count() == 1
    assert editor.get(url(project)).context["original"] == corrected
    assert Revision.objects.filter(object_id="211302-wanda").latest("version").reason == "Shorter."


@pytest.mark.parametrize("code", ["No Code", "history", "211302-other"])
def test_a_code_that_cannot_be_given_is_refused(code, editor, project, district):
    Project.objects.create(code="211302-other", name="其他", district=district, kind="energy")

    response = editor.post(url(project, "correct_code"), {"code": code})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["code"]
    assert Project.objects.filter(pk=project.pk).exists()


@pytest.mark.parametrize(("page", "more"), [("correct_code", ()), ("restore", (1,))])
def test_who_may_only_look_changes_nothing(page, more, project):
    reader = User.objects.create_user("reader", is_staff=True)
    call_command("loaddata", "groups", verbosity=0)
    editors = Group.objects.get(name="Editors")
    reader.user_permissions.set(editors.permissions.filter(codename__startswith="view_"))
    client = client_of(reader)

    assert client.get(url(project)).status_code == 200
    assert client.get(url(project, page, *more)).status_code == 403
    assert client.post(url(project, page, *more)).status_code == 403


def test_who_may_not_add_cannot_bring_back_what_was_deleted(project):
    project.delete()
    client = client_of(User.objects.create_user("reader", is_staff=True))

    assert client.post(url(project, "restore_deleted")).status_code == 403
    assert not Project.objects.exists()


def shown(entry):
    """What the history says of one press: the versions and the evidence, each with its differences."""
    rows = [*entry.versions, *entry.evidence]
    return [
        (
            row.evidence_for or row.change.version,
            [(each.label, each.after) for each in row.differences],
        )
        for row in rows
    ]


def test_what_was_saved_together_stands_together_in_the_words_of_an_editor(
    editor, project, passage, district
):
    Place.objects.create(code="square", name="广场", district=district, kind="square")
    data = opened(editor, url(project)) | {"place": "square", "stage": "planned"}
    row = {"field": "total_investment", "quote": "總投資1.2億元", "value": "120000000"}
    editor.post(url(project), with_row(data, CITATIONS, **row, basis="stated"))

    saved, created = editor.get(url(project, "history")).context["entries"]

    assert shown(saved) == [
        (2, [("Place", "广场 (square)"), ("Stage", "Planned")]),
        (
            "Total investment",
            [
                ("Passage", "萬達廣場由雙塔區建設，總投資1.2億元。 (page-p01)"),
                ("Quote", "總投資1.2億元"),
                ("Value as read", "1.2亿元"),
                ("Basis", "Stated"),
            ],
        ),
    ]
    assert [row.change.version for row in created.versions] == [1]
    assert ("District", "双塔区 (211302)") in shown(created)[0][1]


def test_a_record_is_called_by_its_present_name_under_a_code_that_it_had(editor, project, district):
    editor.post(url(district, "correct_code"), {"code": "211399"})

    *_later, created = editor.get(url(project, "history")).context["entries"]

    assert ("District", "双塔区 (211302)") in shown(created)[0][1]


def test_any_two_versions_are_compared_at_an_address_of_their_own(editor, project):
    for amount in (40_000_000, 50_000_000):
        Project.objects.update(total_investment=Decimal(amount), note=f"{amount}")
    address = url(project, "compare")

    response = editor.get(address, {"from": 1, "to": 3})

    assert response.context["title"] == "Version 1 compared with version 3"
    assert [(each.label, each.before, each.after) for each in response.context["differences"]] == [
        ("Note", "", "50000000"),
        ("Total investment", "3000万元", "5000万元"),
    ]
    assert [each.version for each in response.context["restorable"]] == [1]
    last_two = editor.get(address).context["pair"]
    assert [each.version for each in last_two] == [2, 3]


def test_to_compare_two_versions_reads_what_they_held_and_no_other(editor, project):
    for number in range(8):
        Project.objects.update(note=f"{number}")

    with CaptureQueriesContext(connection) as queries:
        response = editor.get(url(project, "compare"), {"from": 2, "to": 5})

    assert len(response.context["versions"]) == 9
    reading = [each["sql"] for each in queries if '"shuangta_revision"."state"' in each["sql"]]
    assert len(reading) == 2
    assert all('WHERE "shuangta_revision"."id" = ' in sql for sql in reading)


@pytest.mark.parametrize("query", [{"from": 1, "to": 9}, {"from": "x"}, {"to": "0"}])
def test_versions_that_are_none_are_not_compared(query, editor, project):
    assert editor.get(url(project, "compare"), query).status_code == 404


def test_a_long_text_shows_what_was_struck_out_and_put_in(editor, project):
    start = "总投资以公告为准，其余事项另行核对，" * 3
    Project.objects.update(note=f"{start}本年开工。")
    Project.objects.update(note=f"{start}明年开工。")

    response = editor.get(url(project, "compare"), {"from": 2, "to": 3})

    assert "<del>本</del><ins>明</ins>年开工。" in response.content.decode()


def test_restoring_a_version_says_which_citations_will_no_longer_agree(editor, project, passage):
    Project.objects.update(total_investment=Decimal(120_000_000))
    cite(project, "total_investment", "120000000", passage, "總投資1.2億元")
    cite(project, "name", "万达广场", passage, "萬達廣場")

    response = editor.get(url(project, "restore", 1))

    (left_behind,) = response.context["left_behind"]
    assert (left_behind.field, left_behind.quote, left_behind.value) == (
        *("Total investment", "總投資1.2億元", "1.2亿元"),
    )


def test_restoring_a_deleted_record_lists_the_citations_that_come_back(editor, project, passage):
    cite(project, "name", "万达", passage, "萬達").delete()
    cite(project, "district", "211302", passage, "雙塔區")
    editor.post(url(project, "delete"), {"post": "yes", "reason": "Entered twice."})

    response = editor.get(url(project, "restore_deleted"))

    assert [(each.field, each.value) for each in response.context["coming_back"]] == [
        ("District", "双塔区 (211302)")
    ]


def test_the_history_of_a_deleted_record_can_still_be_read_and_compared(editor, project):
    Project.objects.update(name="万达")
    editor.post(url(project, "delete"), {"post": "yes", "reason": "Entered twice."})

    history = editor.get(url(project, "history"))
    compared = editor.get(url(project, "compare"), {"from": 1, "to": 2})

    deleted, changed, created = history.context["entries"]
    assert [deleted.change.reason, changed.change.version, created.change.version] == [
        *("Entered twice.", 2, 1),
    ]
    assert not any(row.restorable for row in history.context["rows"])
    assert history.context["restore_deleted"] == url(project, "restore_deleted")
    assert [each.after for each in compared.context["differences"]] == ["万达"]


@pytest.mark.parametrize(
    ("make_one", "titles"),
    [
        (ArticleFactory, {"headline": "示例开工"}),
        (PassageFactory, {"text": WORDS}),
        (WindowFactory, {"number": "A07"}),
        (ObservationFactory, {"wording": "3000万元"}),
        (SectorFactory, {"name": "能源"}),
    ],
)
def test_deleted_records_are_listed_by_what_titles_their_like(editor, make_one, titles):
    [title] = titles.values()
    record = make_one(**titles)
    editor.post(url(record, "delete"), {"post": "yes", "reason": "Entered twice."})

    meta = record._meta
    listed = editor.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_deleted_records"))

    assert f"{title} {record.pk}" in plain_text(listed)


def test_who_may_only_look_sees_what_was_deleted_and_cannot_bring_it_back(project):
    reader = User.objects.create_user("reader", is_staff=True)
    call_command("loaddata", "groups", verbosity=0)
    reader.user_permissions.set(
        Group.objects.get(name="Editors").permissions.filter(codename__startswith="view_")
    )
    address = url(project, "restore_deleted")
    project.delete()
    client = client_of(reader)

    page = client.get(address)

    assert page.context["may_restore"] is False
    assert client.post(address).status_code == 403
