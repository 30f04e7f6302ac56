"""What follows from the rows is right after every way of writing, can be checked, and can be mended."""

import io

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from districts.models import Garden
from projects.models import Project
from shuangta.history.models import revisioned_models
from shuangta.history.revision import Revision
from shuangta.operations import consistency
from shuangta.records.restore import citation_revisions
from shuangta.search.models import SearchEntry
from tests.factories import CitationFactory, GardenFactory, ProjectFactory, SectorFactory

pytestmark = pytest.mark.django_db


def check():
    out = io.StringIO()
    call_command("check_derived", stdout=out)
    return out.getvalue()


def rebuild():
    out = io.StringIO()
    call_command("rebuild_derived", stdout=out)
    return out.getvalue().splitlines()


def faults(capsys):
    with pytest.raises(CommandError) as error:
        call_command("check_derived")
    return [*capsys.readouterr().out.splitlines(), str(error.value)]


def around(model, **values):
    """Write into every row of a table, as raw SQL would: around its history."""
    QuerySet(model).update(**values)


def test_rows_written_through_the_models_are_right():
    project = ProjectFactory(filled=True)
    project.sectors.set([SectorFactory()])
    CitationFactory(about=project)
    Project.objects.update(name="另一名称")
    Project.objects.bulk_create([Project(code="one-more", name="万达", district=project.district)])
    GardenFactory().delete()

    rows = sum(model.objects.count() for model in revisioned_models())
    assert check() == f"All {rows} rows of {len(revisioned_models())} tables are right.\n"


def test_a_stale_column_is_found(capsys):
    garden = GardenFactory()
    around(Garden, name="海棠苑")

    *lines, summary = faults(capsys)

    faults_found = "sort_key is stale, search is stale, differs from its history in name"
    assert lines == [f"districts.garden {garden.pk}: {faults_found}"]
    assert summary == "Wrong: 1 of 3 rows. rebuild_derived mends them."


def test_a_stale_column_is_mended_without_a_version():
    garden = GardenFactory(name="海棠苑")
    around(Garden, sort_key="")
    SearchEntry.objects.of(Garden).update(text="")

    assert rebuild() == [
        f"districts.garden {garden.pk}: sort_key is stale, search is stale",
        "Rows that were wrong and are right now: 1.",
    ]

    mended = Garden.objects.get()
    assert (mended.version, mended.updated_at) == (1, garden.updated_at)
    assert mended.sort_key == "hai3tang2yuan4"
    assert "haitangyuan" in SearchEntry.objects.of(Garden).get().text.splitlines()
    assert Revision.objects.filter(object_id=garden.pk).count() == 1
    check()


def test_a_row_without_a_history_gets_an_opening_version():
    project = ProjectFactory()
    project.sectors.set([SectorFactory(code="logistics")])
    project.refresh_from_db()
    kept = Revision.objects.filter(object_id=project.pk).order_by("version").last()
    Revision.objects.filter(object_id=project.pk).delete()

    assert rebuild()[0] == f"projects.project {project.pk}: has no history"

    opening = Revision.objects.get(object_id=project.pk)
    assert (opening.action, opening.created_at, opening.version) == (
        Revision.Action.CREATED,
        project.updated_at,
        project.version,
    )
    assert opening.state == kept.state
    check()


def test_a_row_written_around_its_history_gets_a_version_that_holds_it(capsys):
    project = ProjectFactory(total_investment=30_000_000)
    around(Project, total_investment=31_000_000)
    assert faults(capsys)[0] == (
        f"projects.project {project.pk}: differs from its history in total_investment"
    )

    rebuild()

    held = Revision.objects.filter(object_id=project.pk).order_by("version")
    assert [
        (change.version, change.action, change.state["total_investment"]) for change in held
    ] == [
        (1, "created", "30000000"),
        (2, "changed", "31000000"),
    ]
    assert Project.objects.get().version == 2
    check()


def test_a_citation_that_gets_a_version_belongs_to_its_record():
    project = ProjectFactory()
    CitationFactory(about=project)
    citation_revisions(project).delete()

    rebuild()

    [opening] = citation_revisions(project)
    assert (opening.action, opening.reason) == (Revision.Action.CREATED, "rebuild_derived")
    check()


def test_a_version_never_goes_back(capsys):
    project = ProjectFactory()
    around(Project, version=7)
    assert faults(capsys)[0] == (f"projects.project {project.pk}: has version 7, in its history 1")

    rebuild()

    assert Project.objects.get().version == 8
    check()


def test_a_row_that_its_history_says_is_deleted_is_found_and_lives_on(capsys):
    project = ProjectFactory()
    project_type = ContentType.objects.get_for_model(Project)
    Revision.objects.filter(content_type=project_type).update(action=Revision.Action.DELETED)
    assert faults(capsys)[0] == f"projects.project {project.pk}: is deleted in its history"

    rebuild()

    kinds = Revision.objects.filter(content_type=project_type).order_by("version")
    assert [change.action for change in kinds] == ["deleted", "created"]
    check()


def test_a_table_of_many_batches_is_looked_through_to_the_end(monkeypatch):
    monkeypatch.setattr(consistency, "ROWS_AT_ONCE", 2)
    GardenFactory.create_batch(5)
    around(Garden, sort_key="")

    assert rebuild()[-1] == "Rows that were wrong and are right now: 5."
    check()
