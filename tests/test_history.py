"""History: after every way of writing a row, its version, its last change and what is derived are right."""

from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import F, ProtectedError

from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.history import tracking
from shuangta.history.context import AuditContext, audit_context
from shuangta.history.revision import Revision
from shuangta.query.resources import address_of
from shuangta.records.models import record_models
from shuangta.records.rename import rename_record
from shuangta.search.models import SearchEntry
from shuangta.search.ngrams import Word
from tests.conftest import client_of
from tests.factories import (
    CitationFactory,
    DistrictFactory,
    ProjectFactory,
    SectorFactory,
    make,
    type_of,
)

pytestmark = pytest.mark.django_db

needs_connections = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite lets one write after the other, and its test database has one connection.",
)


def changes(row):
    """The versions of a row, and of what kind each is."""
    kept = Revision.objects.filter(content_type=type_of(row), object_id=row.pk).order_by("version")
    return [(each.version, each.action) for each in kept]


def last(row):
    return Revision.objects.filter(content_type=type_of(row), object_id=row.pk).latest("version")


def fresh(row):
    """The row as another process would read it."""
    return type(row).objects.get(pk=row.pk)


def test_a_created_row_is_at_its_first_version():
    sector = SectorFactory(code="wholesale", name="批发", is_published=False)

    assert (sector.version, sector.created_at, sector.sort_key) == (
        1,
        sector.updated_at,
        "pi1fa1",
    )
    searched = SearchEntry.objects.of(Sector).get(record="wholesale")
    assert searched.text.splitlines() == ["批发", "wholesale", "pifa", "pf"]
    assert changes(sector) == [(1, "created")]
    assert last(sector).created_at == sector.updated_at
    assert last(sector).state == {
        "code": "wholesale",
        "name": "批发",
        "name_en": None,
        "aliases": "",
        "note": "",
        "is_published": False,
        "parent_id": None,
    }


def rename_by_save(sector, name):
    sector.name = name
    sector.save()


def rename_by_save_of_one_column(sector, name):
    sector.name = name
    sector.save(update_fields=["name"])


def rename_by_update(sector, name):
    Sector.objects.filter(pk=sector.pk).update(name=name)


def rename_by_bulk_update(sector, name):
    sector.name = name
    Sector.objects.bulk_update([sector], ["name"])


def rename_by_update_or_create(sector, name):
    Sector.objects.update_or_create(code=sector.pk, defaults={"name": name})


def rename_by_fixture(sector, name):
    sector.name = name
    for each in serializers.deserialize("json", serializers.serialize("json", [sector])):
        each.save()


WAYS = [
    rename_by_save,
    rename_by_save_of_one_column,
    rename_by_update,
    rename_by_bulk_update,
    rename_by_update_or_create,
    rename_by_fixture,
]


@pytest.mark.parametrize("rename", WAYS)
def test_every_way_of_changing_keeps_all_that_follows(rename):
    sector, decoy = fresh(SectorFactory(name="批发")), SectorFactory(name="零售")

    rename(sector, "餐飲")

    stored = fresh(sector)
    assert (stored.name, stored.version, stored.sort_key) == ("餐飲", 2, "can1yin3")
    searched = SearchEntry.objects.of(Sector).get(record=sector.pk)
    assert searched.text.splitlines()[:3] == ["餐饮", sector.pk, "canyin"]
    assert [each.record for each in SearchEntry.objects.holding(Word.of("餐饮"))] == [sector.pk]
    assert not SearchEntry.objects.holding(Word.of("批发")).exists()
    assert stored.created_at == sector.created_at < stored.updated_at == last(sector).created_at
    assert changes(sector) == [(1, "created"), (2, "changed")]
    assert last(sector).state == tracking.column_state(stored)
    assert fresh(decoy).version == 1


@pytest.mark.parametrize("rename", WAYS)
def test_a_write_that_changes_nothing_leaves_the_row_as_it_was(rename):
    sector = SectorFactory(name="批发")
    before = Sector.objects.values().get()

    rename(fresh(sector), "批发")

    assert Sector.objects.values().get() == before
    assert changes(sector) == [(1, "created")]


def test_many_rows_are_created_with_their_first_versions():
    sectors = Sector.objects.bulk_create(Sector(code=f"s{each}", name="批发") for each in range(3))

    assert [changes(each) for each in sectors] == [[(1, "created")]] * 3
    assert {fresh(each).sort_key for each in sectors} == {"pi1fa1"}


def test_many_rows_are_not_created_without_their_codes():
    with pytest.raises(ValueError, match="needs the code of each"):
        Sector.objects.bulk_create([Sector(code="wholesale", name="批发"), Sector(name="零售")])

    assert Sector.objects.count() == 0


def test_rows_with_a_number_for_a_key_are_created_together():
    district, passage = DistrictFactory(), CitationFactory().passage
    citations = [
        CitationFactory.build(about=district, passage=passage, position=each, start=None)
        for each in (1, 2)
    ]

    Citation.objects.bulk_create(citations)

    assert [changes(each) for each in citations] == [[(1, "created")]] * 2
    assert [last(each).state["id"] for each in citations] == [each.pk for each in citations]
    assert {fresh(each).start for each in citations} == {0}


def test_many_rows_are_created_all_or_none():
    SectorFactory(code="taken", name="批发")

    with pytest.raises(IntegrityError), transaction.atomic():
        Sector.objects.bulk_create(
            [Sector(code="free", name="甲"), Sector(code="taken", name="乙")]
        )

    assert list(Sector.objects.values_list("code", "name")) == [("taken", "批发")]
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    "options", [{"ignore_conflicts": True}, {"update_conflicts": True, "update_fields": ["name"]}]
)
def test_rows_are_not_created_over_others_unseen(options):
    with pytest.raises(TypeError):
        Sector.objects.bulk_create([Sector(code="a", name="甲")], **options)


def test_an_update_takes_values_and_no_expressions():
    sector = SectorFactory()

    with pytest.raises(TypeError):
        Sector.objects.update(name=F("code"))

    assert fresh(sector).version == 1


def test_a_row_is_not_created_over_another():
    sector = SectorFactory(code="taken", name="批发")

    with pytest.raises(IntegrityError), transaction.atomic():
        Sector(code="taken", name="零售").save()

    assert fresh(sector).name == "批发"
    assert changes(sector) == [(1, "created")]


def test_a_row_is_not_copied_by_giving_it_another_code():
    sector = SectorFactory(code="before")
    sector.code = "after"

    with pytest.raises(ValueError, match="rename_record"):
        sector.save()

    assert list(Sector.objects.values_list("code", flat=True)) == ["before"]


def test_an_amount_is_kept_plainly_however_it_is_written():
    project = fresh(ProjectFactory(total_investment=30_000_000))

    for amount in (30_000_000, 30_000_000.0, "30000000.00"):
        project.total_investment = amount
        project.save()

    assert changes(project) == [(1, "created")]
    assert last(project).state["total_investment"] == "30000000"


# Relations


def test_relations_set_with_the_row_make_one_version_with_it():
    first, second = SectorFactory(), SectorFactory()

    with transaction.atomic():
        project = ProjectFactory()
        project.sectors.set([second, first])

    assert fresh(project).version == 1
    assert changes(project) == [(1, "created")]
    assert last(project).state["sectors"] == [first.pk, second.pk]


@pytest.mark.parametrize(
    "relate",
    [
        lambda project, sector: project.sectors.set([sector]),
        lambda project, sector: project.sectors.add(sector),
        lambda project, sector: sector.projects.add(project),
        lambda project, sector: sector.projects.set([project]),
    ],
)
def test_a_relation_set_later_makes_a_version_of_its_own(relate):
    project, sector = fresh(ProjectFactory()), SectorFactory()

    relate(project, sector)
    relate(fresh(project), sector)

    assert changes(project) == [(1, "created"), (2, "changed")]
    assert fresh(project).version == 2
    assert last(project).state["sectors"] == [sector.pk]
    assert last(project).created_at == fresh(project).updated_at
    assert changes(sector) == [(1, "created")]


@pytest.mark.parametrize(
    "part",
    [
        lambda project, sector: project.sectors.clear(),
        lambda project, sector: project.sectors.remove(sector),
        lambda project, sector: project.sectors.set([]),
        lambda project, sector: sector.projects.remove(project),
        lambda project, sector: sector.projects.clear(),
    ],
)
def test_a_relation_that_ends_makes_a_version(part):
    sector = SectorFactory()
    project = ProjectFactory()
    project.sectors.add(sector)
    before = fresh(project).version

    part(fresh(project), sector)

    assert fresh(project).version == before + 1
    assert last(project).state["sectors"] == []


def test_relations_named_by_a_fixture_are_kept():
    sector, project = SectorFactory(code="wholesale"), fresh(ProjectFactory(code="p"))
    project.sectors.add(sector)
    fixture = serializers.serialize("json", [fresh(project)])
    project.sectors.clear()
    version = fresh(project).version

    for each in serializers.deserialize("json", fixture):
        each.save()
    for each in serializers.deserialize("json", fixture):
        each.save()

    assert fresh(project).version == version + 1
    assert last(project).state["sectors"] == ["wholesale"]


# The end, and what comes after


def test_a_deleted_row_goes_on_counting_when_it_is_created_again():
    project = ProjectFactory(code="p")
    project.sectors.add(SectorFactory())
    district, first = project.district, fresh(project).version
    fresh(project).delete()

    again = ProjectFactory(code="p", district=district, name="另一个")

    assert changes(again) == [
        *((version, "created" if version == 1 else "changed") for version in range(1, first + 1)),
        (first + 1, "deleted"),
        (first + 2, "created"),
    ]
    assert fresh(again).version == first + 2
    assert last(again).state["sectors"] == []


def test_the_last_state_of_a_deleted_row_is_kept():
    sector = SectorFactory(code="wholesale", name="批发")
    sector.delete()

    kept = Revision.objects.get(object_id="wholesale", action="deleted")

    assert (kept.version, kept.state["name"]) == (2, "批发")


def test_rows_deleted_together_are_kept_too():
    sectors = SectorFactory.create_batch(2)

    Sector.objects.all().delete()

    assert [changes(each) for each in sectors] == [[(1, "created"), (2, "deleted")]] * 2


def test_a_write_that_is_taken_back_leaves_no_trace():
    sector = SectorFactory(name="批发")

    with transaction.atomic():
        rename_by_save(sector, "零售")
        transaction.set_rollback(True)

    assert fresh(sector).name == "批发"
    assert changes(sector) == [(1, "created")]


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.__name__)
def test_an_empty_row_is_refused_and_never_breaks(model):
    with pytest.raises(ValidationError):
        model().full_clean()


@pytest.mark.parametrize("model", [*record_models(), Citation], ids=lambda model: model.__name__)
def test_every_model_keeps_its_history(model):
    row = make(model)

    fixture = serializers.serialize("json", [row])
    for each in serializers.deserialize("json", fixture):
        each.save()

    assert changes(row) == [(1, "created")]
    assert last(row).state == tracking.column_state(fresh(row)) | tracking.relation_state(row)


# To which record a change belongs


def owners(citation):
    """The records that the changes of a citation belong to, from its first version on."""
    kept = Revision.objects.filter(content_type=type_of(citation), object_id=citation.pk)
    return [each.belongs_to for each in kept.order_by("version")]


def move_by_save(citation, record):
    citation.record = record.pk
    citation.save()


def move_by_update(citation, record):
    Citation.objects.filter(pk=citation.pk).update(record=record.pk)


def move_by_bulk_update(citation, record):
    citation.record = record.pk
    Citation.objects.bulk_update([citation], ["record"])


def move_by_fixture(citation, record):
    citation.record = record.pk
    for each in serializers.deserialize("json", serializers.serialize("json", [citation])):
        each.save()


@pytest.mark.parametrize(
    "move", [move_by_save, move_by_update, move_by_bulk_update, move_by_fixture]
)
def test_each_change_of_a_citation_belongs_to_the_record_cited_then(move):
    first, second = SectorFactory.create_batch(2)
    citation = CitationFactory(about=first)

    move(citation, second)
    fresh(citation).delete()

    assert changes(citation) == [(1, "created"), (2, "changed"), (3, "deleted")]
    assert owners(citation) == [first, second, second]


def test_citations_created_together_belong_to_the_records_that_they_cite():
    sectors, passage = SectorFactory.create_batch(2), CitationFactory().passage
    citations = [CitationFactory.build(about=each, passage=passage) for each in sectors]

    Citation.objects.bulk_create(citations)

    assert [owners(each) for each in citations] == [[each] for each in sectors]


def test_a_record_that_is_not_written_is_not_taken_for_the_owner():
    cited, other = SectorFactory.create_batch(2)
    citation = CitationFactory(about=cited)
    citation.record, citation.note = other.pk, "A note."

    citation.save(update_fields=["note"])

    assert owners(citation) == [cited, cited]


def test_the_past_of_a_citation_follows_the_corrected_code_of_its_record():
    sector, decoy = SectorFactory(code="before"), make(Project, code="before")
    gone, kept, other = (CitationFactory(about=each) for each in (sector, sector, decoy))
    fresh(gone).delete()

    corrected = rename_record(sector, "after")

    assert owners(gone) == [corrected, corrected]
    assert owners(kept) == [corrected, corrected]
    assert owners(other) == [decoy]


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.__name__)
def test_a_change_of_a_record_belongs_to_no_other(model):
    row = make(model)

    assert (last(row).owner_type, last(row).owner) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_changes_that_are_older_than_their_owners_learn_them():
    sector, other = SectorFactory(code="first"), make(Project, code="first")
    citations = [CitationFactory(about=sector), CitationFactory(about=other)]
    fresh(citations[0]).delete()
    rename_record(rename_record(sector, "second"), "third")
    Revision.objects.update(batch=None)
    kept = list(Revision.objects.order_by("pk").values())

    call_command("migrate", "shuangta", "0003_search", verbosity=0)
    call_command("migrate", verbosity=0)

    assert list(Revision.objects.order_by("pk").values()) == kept
    assert {each["owner"] for each in kept} == {None, "first", "third"}


# Where a change comes from


def test_a_change_says_who_made_it_and_in_which_request(editor):
    response = editor.post("/api/v1/sectors/", {"code": "wholesale", "name": "批发"})

    change = Revision.objects.get(object_id="wholesale")
    assert (change.actor, change.reason) == (editor.user, "")
    assert len(change.request_id) == 32
    assert response["X-Request-Id"] == change.request_id


def test_a_change_outside_a_request_has_no_actor_and_may_give_a_reason():
    token = audit_context.set(AuditContext(reason="A correction."))
    sector = SectorFactory()
    audit_context.reset(token)

    assert (last(sector).actor, last(sector).reason, last(sector).request_id) == (
        None,
        "A correction.",
        "",
    )


def test_who_made_a_change_stays_known(editor):
    editor.post("/api/v1/sectors/", {"code": "wholesale", "name": "批发"})

    with pytest.raises(ProtectedError):
        User.objects.get(username="editor").delete()

    assert Revision.objects.get(object_id="wholesale").actor.username == "editor"


# Two at once


def at_once(*acts):
    """Run the acts in threads, each with a connection of its own, and return what they return."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(position, act):
        barrier.wait(timeout=10)
        try:
            results[position] = act()
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@needs_connections
@pytest.mark.django_db(transaction=True)
def test_two_who_change_different_fields_at_once_both_succeed(editor):
    project = ProjectFactory(stage=None)
    sent = [
        {"stage": "signed"},
        {"name_en": "Example"},
        {"note": "A note."},
        {"total_investment": 5},
    ]

    def change(body):
        return lambda: client_of(editor.user).patch(address_of(project), body).status_code

    for round_of_changes in range(3):
        assert at_once(*(change(body) for body in sent)) == [200] * len(sent)
        Project.objects.update(stage=None, name_en=None, note="", total_investment=None)
        kept = Revision.objects.filter(object_id=project.pk).latest("version")
        assert kept.version == 1 + 5 * (round_of_changes + 1)
    states = [
        each.state for each in Revision.objects.filter(object_id=project.pk).order_by("version")
    ]
    assert {name: states[4][name] for body in sent for name in body} == {
        "stage": "signed",
        "name_en": "Example",
        "note": "A note.",
        "total_investment": "5",
    }


@needs_connections
@pytest.mark.django_db(transaction=True)
def test_two_who_create_the_same_record_at_once_are_told_apart(editor):
    def create():
        return client_of(editor.user).post("/api/v1/sectors/", {"code": "same", "name": "批发"})

    answers = at_once(*[create] * 4)

    assert sorted(each.status_code for each in answers)[0] == 201
    assert {each.status_code for each in answers[1:]} <= {201, 400, 409}
    assert sum(each.status_code == 201 for each in answers) == 1
    assert Revision.objects.filter(object_id="same").count() == 1


@needs_connections
@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_never_share_a_version():
    sector = SectorFactory()

    def rename(number):
        def act():
            row = Sector.objects.get(pk=sector.pk)
            row.name = f"批发{number}"
            try:
                row.save()
            except IntegrityError:
                return "refused"
            return "saved"

        return act

    outcomes = at_once(*(rename(number) for number in range(4)))

    assert "saved" in outcomes
    assert fresh(sector).version == 1 + outcomes.count("saved")
    assert last(sector).state["name"] == fresh(sector).name
