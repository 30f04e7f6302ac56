"""Batches: what was written at once has one number, by which a restored record finds what was deleted with it."""

from ipaddress import ip_network

import pytest
from django.core.management import call_command
from django.db import transaction

from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.history.context import audit_context, change_reason, open_batch
from shuangta.history.revision import Revision
from shuangta.records.rename import rename_record
from shuangta.records.restore import deletions, restore_deleted
from tests.factories import CitationFactory, SectorFactory, make

pytestmark = pytest.mark.django_db


def batches():
    """The revisions of each batch, in the order in which these began; each as its object's key and its action."""
    batches = {}
    for each in Revision.objects.order_by("pk"):
        batches.setdefault(each.batch, []).append((each.object_id, each.action))
    return [sorted(each) for each in batches.values()]


def test_each_write_without_more_is_a_batch():
    sector = SectorFactory(code="retail")
    sector.note = "Changed."
    sector.save()
    Sector.objects.bulk_create([Sector(code=code, name=code) for code in ("one", "two")])
    Sector.objects.filter(code__in=["one", "two"]).update(note="Changed.")
    Sector.objects.filter(code__in=["one", "two"]).delete()

    assert batches() == [
        [("retail", "created")],
        [("retail", "changed")],
        [("one", "created"), ("two", "created")],
        [("one", "changed"), ("two", "changed")],
        [("one", "deleted"), ("two", "deleted")],
    ]


def test_what_is_written_inside_a_batch_is_of_it_whatever_the_reason():
    with open_batch():
        SectorFactory(code="one")
        with change_reason("Another."), open_batch():
            SectorFactory(code="two")
    SectorFactory(code="three")

    assert batches() == [[("one", "created"), ("two", "created")], [("three", "created")]]
    assert audit_context.get().batch is None


def test_a_write_that_is_taken_back_and_repeated_is_one_batch():
    with open_batch():
        for is_in_vain in (True, False):
            with transaction.atomic():
                SectorFactory(code="one")
                SectorFactory(code="two")
                transaction.set_rollback(is_in_vain)

    assert batches() == [[("one", "created"), ("two", "created")]]


def test_a_corrected_code_is_one_batch_with_all_that_names_the_record():
    sector = SectorFactory(code="before")
    make(Project, code="p").sectors.set([sector])
    before = set(Revision.objects.values_list("pk", flat=True))

    rename_record(sector, "after")

    renamed = Revision.objects.exclude(pk__in=before)
    assert set(renamed.values_list("object_id", flat=True)) == {"after", "p"}
    assert renamed.values("batch").distinct().count() == 1


def test_each_request_is_a_batch_also_under_a_name_that_is_used_again(publisher, settings):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    for name in ("one", "two"):
        rows = [{"code": f"{name}-{number}", "name": f"{name}{number}"} for number in (1, 2)]
        answer = publisher.post(
            "/api/v1/sectors/", rows, headers={"X-Request-Id": "the-name-of-a-request"}
        )
        assert answer.status_code == 200

    assert batches() == [
        [("one-1", "created"), ("one-2", "created")],
        [("two-1", "created"), ("two-2", "created")],
    ]
    assert {each.request_id for each in Revision.objects.all()} == {"the-name-of-a-request"}


def test_what_a_command_loads_is_one_batch(tmp_path):
    fixture = tmp_path / "sectors.yaml"
    fixture.write_text(
        "- {model: projects.sector, pk: one, fields: {name: 一}}\n"
        "- {model: projects.sector, pk: two, fields: {name: 二}}\n"
    )
    sheet = tmp_path / "sectors.csv"
    sheet.write_text("code,name\nthree,三\nfour,四\n")

    call_command("loaddata", fixture, verbosity=0)
    call_command("load", "sectors", str(sheet))

    assert batches() == [
        [("one", "created"), ("two", "created")],
        [("four", "created"), ("three", "created")],
    ]


def test_a_record_comes_back_with_the_citations_of_its_batch_and_with_no_other():
    sector = SectorFactory(code="retail")
    before, together = (CitationFactory(about=sector) for _number in range(2))
    Citation.objects.get(pk=before.pk).delete()
    sector.delete()

    restore_deleted(deletions(Sector).get())

    assert list(Citation.objects.values_list("pk", flat=True)) == [together.pk]


@pytest.mark.parametrize("request_id", ["", "a-request"])
def test_of_what_is_older_than_batches_the_request_or_the_moment_decides(request_id):
    sector = SectorFactory(code="retail")
    before, together = (CitationFactory(about=sector) for _number in range(2))
    Citation.objects.get(pk=before.pk).delete()
    sector.delete()
    Revision.objects.update(batch=None, request_id=request_id)
    earlier = Revision.objects.filter(object_id=before.pk, action="deleted")
    earlier.update(created_at="2026-01-01T00:00Z", request_id=request_id and "an-earlier-one")

    restore_deleted(deletions(Sector).get())

    assert list(Citation.objects.values_list("pk", flat=True)) == [together.pk]
