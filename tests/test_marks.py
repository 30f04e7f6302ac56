"""The marks of the evidence follow the records and their citations, whichever way these are written."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection

from projects.models import Project
from seeds.models import Citation, EvidenceIssue
from shuangta.operations import consistency
from shuangta.operations.models import DerivedRules
from shuangta.records.models import record_models
from shuangta.records.rename import rename_record
from shuangta.records.restore import deletions, restore_deleted
from tests.factories import (
    CitationFactory,
    PassageFactory,
    ProjectFactory,
    SectorFactory,
    make_filled,
)

pytestmark = pytest.mark.django_db


def marks(entry):
    found = EvidenceIssue.objects.of(type(entry)).filter(record=entry.pk)
    return sorted(found.values_list("field", "kind"))


def sourced(**values):
    """A project whose every value has a source that says just that."""
    project = ProjectFactory(**values)
    CitationFactory(about=project, field="name", value=project.name)
    for name, value in values.items():
        CitationFactory(about=project, field=name, value=str(value))
    return project


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.__name__)
def test_each_value_that_states_something_is_marked_until_it_is_cited(model):
    entry = make_filled(model)

    assert marks(entry) == sorted((name, "unsourced") for name in entry.stated_fields())


def test_a_value_with_its_source_has_no_mark():
    assert marks(sourced(total_investment=30_000_000, stage="completed")) == []


def test_a_value_that_changes_after_it_was_cited_is_marked_until_it_is_again_what_was_read():
    project = sourced(total_investment=30_000_000)

    project.total_investment = Decimal(120_000_000)
    project.save()
    changed = marks(project)
    project.total_investment = Decimal("30000000.00")
    project.save()

    assert changed == [("total_investment", "changed")]
    assert marks(project) == []


def test_a_value_that_is_cleared_after_it_was_cited_is_marked():
    project = sourced(stage="completed")

    project.stage = None
    project.save()

    assert marks(project) == [("stage", "changed")]


def test_two_sources_that_state_different_values_disagree():
    project = sourced(total_investment=30_000_000)

    other = CitationFactory(about=project, field="total_investment", value="50000000")
    disagreeing = marks(project)
    other.delete()

    assert disagreeing == [("total_investment", "disagreeing")]
    assert marks(project) == []


def test_an_inference_is_marked():
    project = ProjectFactory()
    CitationFactory(about=project, value=project.name, basis="inferred", note="From p08.")

    assert marks(project) == [("name", "inferred")]


def test_each_element_of_a_list_needs_its_own_source():
    logistics, retail = SectorFactory(), SectorFactory()
    project = sourced()
    project.sectors.set([logistics, retail])
    none_cited = marks(project)
    CitationFactory(about=project, field="sectors", value=logistics.pk)
    one_cited = marks(project)
    CitationFactory(about=project, field="sectors", value=retail.pk)
    both_cited = marks(project)
    project.sectors.remove(retail)

    assert none_cited == one_cited == [("sectors", "unsourced")]
    assert both_cited == []
    assert marks(project) == [("sectors", "changed")]


def test_a_citation_that_is_moved_to_another_record_leaves_the_first_without():
    first, second = ProjectFactory(name="示例"), ProjectFactory(name="示例")
    citation = CitationFactory(about=first)

    citation = Citation.objects.get(pk=citation.pk)
    citation.record = second.pk
    citation.save()

    assert (marks(first), marks(second)) == ([("name", "unsourced")], [])


def test_the_marks_follow_what_is_written_in_bulk():
    district = ProjectFactory().district
    projects = Project.objects.bulk_create(
        Project(code=f"bulk-{number}", name="示例", district=district, kind="energy")
        for number in range(2)
    )
    created = [marks(each) for each in projects]
    passage = PassageFactory()
    Citation.objects.bulk_create(
        Citation(cited=each, field="name", value="示例", passage=passage, quote="示例")
        for each in projects
    )
    cited = [marks(each) for each in projects]
    Project.objects.filter(pk="bulk-1").update(name="另一名称")
    changed = [marks(each) for each in projects]
    Citation.objects.filter(record="bulk-0").update(value="第三名称")

    assert created == [[("name", "unsourced")]] * 2
    assert cited == [[], []]
    assert changed == [[], [("name", "changed")]]
    assert [marks(each) for each in projects] == [[("name", "changed")]] * 2


def test_the_marks_go_with_their_record_and_come_back_with_it():
    project = sourced(total_investment=30_000_000)
    Citation.objects.filter(field="total_investment").update(value="50000000")

    project.delete()
    gone = EvidenceIssue.objects.of(Project).count()
    restored = restore_deleted(deletions(Project).get())

    assert gone == 0
    assert marks(restored) == [("total_investment", "changed")]


def test_the_marks_follow_a_corrected_code():
    project = ProjectFactory(code="before")

    corrected = rename_record(project, "after")

    assert marks(corrected) == [("name", "unsourced")]
    assert not EvidenceIssue.objects.filter(record="before").exists()


def test_the_marks_of_the_loaded_page_are_those_of_what_it_infers():
    call_command("loaddata", "groups", "seeds", "districts", "projects", "governance", verbosity=0)

    inferred = set(
        Citation.objects.filter(basis="inferred").values_list("record_type", "record", "field")
    )
    found = EvidenceIssue.objects.values_list("kind", "record_type", "record", "field")
    assert set(found) == {("inferred", *each) for each in inferred}
    assert inferred


def test_stale_marks_are_found_and_mended():
    project = ProjectFactory()
    EvidenceIssue.objects.of(Project).update(field="stage")
    EvidenceIssue.objects.create(
        record_type=EvidenceIssue.objects.of(Project).get().record_type,
        record="gone",
        field="name",
        kind="unsourced",
    )

    found = [str(each) for each in consistency.rebuild(Project)]

    assert found == [
        f"projects.project {project.pk}: evidence is stale",
        "projects.project gone: is gone, but its evidence is marked",
    ]
    assert marks(project) == [("name", "unsourced")]
    assert list(consistency.check(Project)) == []


def test_a_registry_that_is_older_than_the_marks_gets_them_when_it_is_migrated():
    project = ProjectFactory()
    EvidenceIssue.objects.all().delete()

    consistency.after_migrate(None, connection.alias)
    before = marks(project)
    DerivedRules.objects.all().delete()
    consistency.after_migrate(None, connection.alias)

    assert (before, marks(project)) == ([], [("name", "unsourced")])
