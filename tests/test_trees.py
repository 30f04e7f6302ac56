"""No record belongs to itself, however long the way and through whichever door it is tried."""

import json
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction

from districts.models import District
from governance.models import Measure
from projects.models import Sector
from seeds.models import Article
from shuangta.query.resources import address_of
from shuangta.records.models import record_models
from shuangta.records.rename import rename_record
from shuangta.records.restore import deletions, restore_deleted, restore_version, revisions_of
from tests.factories import (
    FACTORIES,
    ArticleFactory,
    DistrictFactory,
    DocumentFactory,
    InitiativeFactory,
    MeasureFactory,
    PassageFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db


def errors(response):
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


FACTORY_OF = {factory._meta.model: factory for factory in FACTORIES}
TREES = [
    pytest.param(model, tree.relation, id=f"{model._meta.model_name}-{tree.relation}")
    for model in record_models()
    for tree in model.trees
]
SECTORS = "/api/v1/sectors/"
together = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one write at a time"
)


def chain(model, relation):
    """Three new records, each above the next; which of them could form a circle but for the rule."""
    ranked = {"level": iter(["prefecture", "county", "township"])} if model is District else {}
    common = {}
    if model is Measure:
        common["initiative"] = InitiativeFactory()
    if model is Article:
        common["document"] = DocumentFactory()
    if relation == "continued_by":
        common["article"] = ArticleFactory()
    rows = []
    for _number in range(3):
        ranks = {name: next(values) for name, values in ranked.items()}
        rows.append(FACTORY_OF[model](**common, **ranks, **{relation: rows[-1] if rows else None}))
    return rows


@pytest.fixture
def three():
    """One sector above another above a third."""
    one = SectorFactory(code="one")
    two = SectorFactory(code="two", parent=one)
    return one, two, SectorFactory(code="three", parent=two)


def parents():
    return dict(Sector.objects.values_list("code", "parent_id"))


AS_IT_WAS = {"one": None, "two": "one", "three": "two"}


def test_every_relation_of_a_model_to_itself_is_a_tree():
    relating = {
        (model, field.name)
        for model in record_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is model
    }

    assert {(model, tree.relation) for model in record_models() for tree in model.trees} == relating


@pytest.mark.parametrize(("model", "relation"), TREES)
def test_a_circle_of_any_length_is_refused(editor, model, relation):
    top, _middle, bottom = chain(model, relation)

    response = editor.patch(address_of(top), {relation: bottom.pk})

    assert response.status_code == 400
    assert {
        "field": relation,
        "code": "circle",
        "detail": f"“{bottom}” leads back to this record: they would form a circle.",
    } in response.json()["errors"]
    top.refresh_from_db()
    assert getattr(top, relation) is None


def test_a_list_is_refused_that_closes_a_circle_only_as_a_whole(editor):
    SectorFactory(code="a"), SectorFactory(code="b")

    response = editor.post(SECTORS, [{"code": "a", "parent": "b"}, {"code": "b", "parent": "a"}])

    assert [(each["row"], each["code"]) for each in response.json()["errors"]] == [(1, "circle")]
    assert parents() == {"a": None, "b": None}


def test_a_list_may_turn_a_tree_upside_down(editor, three):
    response = editor.post(
        SECTORS,
        [
            {"code": "two", "parent": None},
            {"code": "one", "parent": "three"},
        ],
    )
    assert response.status_code == 200
    assert parents() == {"two": None, "three": "two", "one": "three"}

    response = editor.post(
        SECTORS, [{"code": "three", "parent": "one"}, {"code": "one", "parent": None}]
    )
    assert response.status_code == 200
    assert parents() == {"two": None, "three": "one", "one": None}


def test_a_file_is_refused_that_closes_a_circle(three, tmp_path):
    file = tmp_path / "sectors.ndjson"
    file.write_text(json.dumps({"code": "one", "parent": "three"}))

    with pytest.raises(CommandError, match="Errors: 1"):
        call_command("load", "sectors", str(file))

    assert parents() == AS_IT_WAS


def fixture(tmp_path, parents):
    """A fixture of sectors with these parents, in this order."""
    file = tmp_path / "sectors.json"
    file.write_text(
        json.dumps(
            [
                {"model": "projects.sector", "pk": code, "fields": {"name": code, "parent": parent}}
                for code, parent in parents.items()
            ]
        )
    )
    return str(file)


def test_a_fixture_may_name_a_child_before_its_parent(tmp_path):
    stated = {"leaf": "branch", "branch": "stem", "stem": None}

    call_command("loaddata", fixture(tmp_path, stated), verbosity=0)

    assert parents() == stated


def test_a_fixture_is_refused_as_a_whole_that_holds_a_circle(tmp_path):
    stated = {"root": None, "a": "c", "b": "a", "c": "b"}

    with pytest.raises(CommandError, match="form a circle"):
        call_command("loaddata", fixture(tmp_path, stated), verbosity=0)

    assert parents() == {}


@pytest.mark.parametrize(
    "write",
    [
        lambda one, three: Sector.objects.filter(pk="one").update(parent=three),
        lambda one, three: Sector.objects.bulk_update([one], ["parent"]),
        lambda one, three: one.save(),
        lambda one, three: one.save(update_fields=["parent"]),
    ],
    ids=["update", "bulk_update", "save", "save of one field"],
)
def test_no_way_of_writing_closes_a_circle(three, write):
    one, _two, bottom = three
    one.parent = bottom

    with pytest.raises(ValidationError, match="form a circle"), transaction.atomic():
        write(one, bottom)

    assert parents() == AS_IT_WAS


def test_rows_that_are_created_together_form_no_circle():
    rows = [Sector(code="a", name="a", parent_id="b"), Sector(code="b", name="b", parent_id="a")]

    with pytest.raises(ValidationError, match="form a circle"), transaction.atomic():
        Sector.objects.bulk_create(rows)

    assert parents() == {}


def test_an_older_version_is_not_restored_into_a_circle(three):
    one, two, bottom = three
    two.parent = None
    two.save()
    one.parent = bottom
    one.save()

    with pytest.raises(ValidationError, match="form a circle"), transaction.atomic():
        restore_version(two, revisions_of(Sector, "two").get(version=1))

    assert parents() == {"one": "three", "two": None, "three": "two"}


def test_a_deleted_record_comes_back_to_its_place(three):
    _one, _two, bottom = three
    bottom.delete()

    restore_deleted(deletions(Sector).get(object_id="three"))

    assert parents() == AS_IT_WAS


def test_a_tree_follows_a_corrected_code(three):
    rename_record(three[1], "second")

    assert parents() == {"one": None, "second": "one", "three": "second"}


LEVELS = ["province", "prefecture", "county", "township", "village"]


@pytest.mark.parametrize("upper", LEVELS)
@pytest.mark.parametrize("lower", LEVELS)
def test_a_division_belongs_to_one_of_a_higher_level(editor, upper, lower):
    above = DistrictFactory(level=upper, name="上级")

    response = editor.post(
        "/api/v1/districts/", {"code": "990", "name": "下级", "level": lower, "parent": above.pk}
    )

    if LEVELS.index(upper) < LEVELS.index(lower):
        assert response.status_code == 201
    else:
        label = District.Level(upper).label
        assert response.json()["errors"] == [
            {
                "field": "parent",
                "code": "tree_level",
                "detail": f"It belongs to a record of a higher level; “上级” is: {label}.",
            }
        ]


def test_a_division_keeps_a_level_above_what_belongs_to_it(editor):
    city = DistrictFactory(level="prefecture")
    county = DistrictFactory(level="county", parent=city)
    DistrictFactory(level="township", parent=county)

    lowered = editor.patch(address_of(county), {"level": "village"})
    raised = editor.patch(address_of(county), {"level": "prefecture"})
    with pytest.raises(ValidationError), transaction.atomic():
        District.objects.filter(pk=county.pk).update(level="village")

    assert errors(lowered) == [("level", "tree_level")]
    assert errors(raised) == [("parent", "tree_level")]
    assert District.objects.get(pk=county.pk).level == "county"


def test_parts_of_a_measure_are_of_its_initiative(editor):
    whole = MeasureFactory()
    part = MeasureFactory(parent=whole, initiative=whole.initiative)
    stranger, elsewhere = MeasureFactory(), InitiativeFactory()

    joined = editor.patch(address_of(stranger), {"parent": whole.pk})
    left = editor.patch(address_of(part), {"initiative": elsewhere.pk})
    abandoned = editor.patch(address_of(whole), {"initiative": elsewhere.pk})

    assert errors(joined) == [("parent", "tree_apart")]
    assert errors(left) == [("parent", "tree_apart")]
    assert errors(abandoned) == [("initiative", "tree_apart")]
    assert (
        joined.json()["errors"][0]["detail"] == f"It and “{whole}” must have the same initiative."
    )


def test_sections_and_sentences_stay_within_their_document(editor):
    first, second = PassageFactory(), PassageFactory()

    section = editor.patch(address_of(first.article), {"parent": second.article_id})
    sentence = editor.patch(address_of(first), {"continued_by": second.pk})
    article = editor.patch(address_of(first.article), {"document": second.article.document_id})

    assert errors(section) == [("parent", "tree_apart")]
    assert errors(sentence) == [("continued_by", "tree_apart")]
    assert errors(article) == [("document", "has_passages")]


def test_circles_that_stand_already_are_told_and_can_be_opened(editor, three, capsys):
    models.QuerySet(Sector).filter(pk="one").update(parent="three")

    with pytest.raises(CommandError, match="Wrong: 3 records"):
        call_command("check_records")
    renamed = editor.patch(f"{SECTORS}two/", {"name": "二"})
    opened = editor.patch(f"{SECTORS}one/", {"parent": None})
    call_command("check_records")

    assert (renamed.status_code, opened.status_code) == (200, 200)
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(" leads")[0] for line in told[:3]] == [
        f"projects.sector one: parent: “{three[2]}”",
        f"projects.sector three: parent: “{three[1]}”",
        f"projects.sector two: parent: “{three[0]}”",
    ]
    assert told[3] == "All records are right."


def at_the_same_time(*writes):
    """Do these on connections of their own, all at once, and return what each raised or answered."""
    ready, outcomes = Barrier(len(writes)), {}

    def run(number, write):
        try:
            ready.wait(timeout=10)
            outcomes[number] = write()
        except Exception as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(writes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [outcomes[number] for number in range(len(writes))]


def saves_with_parent(code, parent):
    def write():
        with transaction.atomic():
            Sector.objects.filter(pk=code).update(parent=Sector.objects.get(pk=parent))
        return "written"

    return write


@together
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_writers_at_the_same_time_close_no_circle(attempt):
    for code in "abc":
        SectorFactory(code=code)

    outcomes = at_the_same_time(
        saves_with_parent("a", "b"), saves_with_parent("b", "c"), saves_with_parent("c", "a")
    )

    refused = [each for each in outcomes if each != "written"]
    assert [type(each) for each in refused] == [ValidationError]
    assert refused[0].message_dict.keys() == {"parent"}
    assert sorted(map(str, parents().values())).count("None") == 1


@together
@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_close_no_circle(editor):
    SectorFactory(code="a"), SectorFactory(code="b")

    outcomes = at_the_same_time(
        lambda: editor.patch(f"{SECTORS}a/", {"parent": "b"}),
        lambda: editor.patch(f"{SECTORS}b/", {"parent": "a"}),
    )

    assert sorted(each.status_code for each in outcomes) == [200, 400]
    assert errors(next(each for each in outcomes if each.status_code == 400)) == [
        ("parent", "circle")
    ]


@together
@pytest.mark.django_db(transaction=True)
def test_a_level_and_a_parent_that_exclude_each_other_are_not_both_written():
    DistrictFactory(code="above", level="county"), DistrictFactory(code="below", level="township")

    def attach():
        with transaction.atomic():
            District.objects.filter(pk="below").update(parent=District.objects.get(pk="above"))
        return "written"

    def lower():
        with transaction.atomic():
            District.objects.filter(pk="above").update(level="village")
        return "written"

    outcomes = at_the_same_time(attach, lower)

    assert sorted(type(each).__name__ for each in outcomes) == ["ValidationError", "str"]
