"""What follows from many rows is brought up to date once, at the end of what is written together."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from seeds.models import EvidenceIssue
from shuangta.history.batching import deferred_refresh
from shuangta.operations import consistency
from shuangta.search.models import SearchEntry
from tests.factories import DistrictFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def known():
    """By code, the title that search knows and the fields that have a mark."""
    marks = EvidenceIssue.objects.of(Project).order_by("field")
    return {
        entry.record: (entry.title, [mark.field for mark in marks.filter(record=entry.record)])
        for entry in SearchEntry.objects.of(Project)
    }


def test_what_is_written_at_once_is_followed_at_its_end():
    stored = ProjectFactory(code="stored")

    with transaction.atomic(), deferred_refresh():
        ProjectFactory(code="new", name="万达", stage="planned")
        with deferred_refresh():
            Project.objects.update(name="新华")
        ProjectFactory(code="gone").delete()
        stored.delete()
        meanwhile = known()

    assert meanwhile == {}
    assert known() == {"new": ("新华", ["name", "stage"])}
    assert list(consistency.check(Project)) == []


def test_what_fails_leaves_nothing_that_waits():
    with pytest.raises(IntegrityError), transaction.atomic(), deferred_refresh():
        ProjectFactory.create_batch(2, code="twice")

    ProjectFactory(code="next", name="万达")

    assert known() == {"next": ("万达", ["name"])}


def test_a_list_of_rows_is_followed_by_as_many_statements_as_two(publisher):
    district = DistrictFactory()

    def statements_for(count):
        rows = [
            {"name": f"示例{count}之{number}", "district": district.pk, "kind": "construction"}
            for number in range(count)
        ]
        with CaptureQueriesContext(connection) as queries:
            response = publisher.post("/api/v1/projects/", rows)
        assert response.status_code == 200
        tables = (SearchEntry._meta.db_table, EvidenceIssue._meta.db_table)
        return sum(any(table in each["sql"] for table in tables) for each in queries)

    assert statements_for(20) == statements_for(2)
    assert list(consistency.check(Project)) == []
