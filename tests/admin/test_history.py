"""The history in the admin: looked at, restored, and led to by former codes."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.urls import reverse

from districts.models import Place
from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.models import Change
from tests.admin.conftest import cite, client_of
from tests.admin.forms import opened, plain_text, url

pytestmark = pytest.mark.django_db


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

    rows = [(row.evidence_for, row.change.kind) for row in response.context["rows"]]
    assert rows == [("Name", "deleted"), ("Name", "created"), ("", "created")]


def test_a_version_is_restored_as_a_new_one(editor, project):
    project.sectors.add(Sector.objects.create(code="energy", name="能源"))
    before = Change.objects.filter(record=project.pk).latest("version")
    data = opened(editor, url(project))
    editor.post(url(project), {**data, "name": "别的", "total_investment": "", "sectors": []})

    asked = editor.get(url(project, "restore", before.version))
    response = editor.post(url(project, "restore", before.version))

    assert "Name 别的 → 万达广场" in plain_text(asked)
    assert response.status_code == 302
    restored = Project.objects.get()
    assert (restored.name, restored.total_investment) == ("万达广场", Decimal(30_000_000))
    assert [sector.pk for sector in restored.sectors.all()] == ["energy"]
    assert restored.version == before.version + 2
    latest = Change.objects.filter(record=project.pk).latest("version")
    assert (latest.state, latest.reason) == (
        before.state,
        f"Version {before.version} restored.",
    )


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

    response = editor.post(url(project, "restore", 2))

    assert response.status_code == 200
    assert "square" in plain_text(response)
    assert Project.objects.get().place is None


def test_a_restored_version_follows_a_corrected_code(editor, project, district):
    place = Place.objects.create(code="square", name="广场", district=district, kind="square")
    Project.objects.update(place_id="square")
    Project.objects.update(place_id=None)
    editor.post(url(place, "correct_code"), {"code": "211302-square"})

    editor.post(url(project, "restore", 2))

    assert Project.objects.get().place_id == "211302-square"


def test_a_deleted_record_comes_back_with_the_evidence_that_went_with_it(
    publisher, project, passage
):
    project.sectors.add(Sector.objects.create(code="energy", name="能源"))
    cite(project, "district", "211302", passage, "雙塔區").delete()
    kept = cite(project, "name", "万达广场", passage, "萬達廣場")
    publisher.post(url(project, "delete"), {"post": "yes"})
    assert not Project.objects.exists()
    assert not Citation.objects.exists()
    listed = publisher.get(reverse("admin:projects_project_deleted_records"))

    response = publisher.post(url(project, "restore_deleted"))

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
        publisher.post(url(sector, "delete"), {"post": "yes"})

    editor.post(reverse("admin:projects_sector_restore_deleted", args=["by-editor"]))
    publisher.post(reverse("admin:projects_sector_restore_deleted", args=["by-publisher"]))
    publisher.post(reverse("admin:projects_sector_restore_deleted", args=["unsourced"]))

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
    assert Change.objects.filter(record="211302-wanda").latest("version").reason == "Shorter."


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
