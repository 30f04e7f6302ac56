"""A list, a sheet or a file is one set: its rows name each other in any order, and an export makes the same again."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from districts.models import District, IndustrialPark
from projects.models import Sector
from seeds.models import Article, Citation, Document, Passage
from shuangta.api.writes import row_order
from shuangta.history.revision import Revision
from tests.factories import CitationFactory, DistrictFactory, SectorFactory

pytestmark = pytest.mark.django_db

SECTORS = "/api/v1/sectors/"
CIRCLE = "“%s” leads back to this record: they would form a circle."


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def load(tmp_path):
    """Loads contents by resource, and returns what is printed, without the folder of the files."""

    def run(**contents):
        arguments = []
        for resource, content in contents.items():
            file = tmp_path / resource
            file.write_bytes(content.encode() if isinstance(content, str) else content)
            arguments += [resource, str(file)]
        out = io.StringIO()
        try:
            call_command("load", *arguments, stdout=out)
        except CommandError as error:
            out.write(f"{error}\n")
        return out.getvalue().replace(f"{tmp_path}/", "")

    return run


def sectors(*pairs):
    """Rows of sectors with these codes and parents."""
    return [{"code": code, "name": "示例", "parent": parent} for code, parent in pairs]


def parents():
    return dict(Sector.objects.values_list("code", "parent"))


def export(client, resource, file_format):
    return client.get(f"/api/v1/{resource}/?format={file_format}").getvalue()


def forget(*models):
    """Make the registry one that never knew rows of these models."""
    for model in models:
        model.objects.all()._raw_delete(model.objects.db)
    Revision.objects.all().delete()


def test_a_list_names_its_own_rows_in_any_order(editor):
    answer = editor.post(SECTORS, sectors(("c", "b"), ("b", "a"), ("a", None), ("d", "c")))

    assert [(row["row"], row["code"], row["outcome"]) for row in answer.json()["results"]] == [
        (0, "c", "created"),
        (1, "b", "created"),
        (2, "a", "created"),
        (3, "d", "created"),
    ]
    assert parents() == {"a": None, "b": "a", "c": "b", "d": "c"}


def test_a_tree_is_turned_over_in_one_list(editor):
    editor.post(SECTORS, sectors(("a", None), ("b", "a"), ("c", "b")))

    answer = editor.post(SECTORS, sectors(("a", "b"), ("b", "c"), ("c", None)))

    assert answer.json()["changed"] == 3
    assert parents() == {"a": "b", "b": "c", "c": None}


@pytest.mark.parametrize("pairs", [[("a", "b"), ("b", "a")], [("a", "a")]])
def test_a_circle_within_a_list_is_refused(editor, pairs):
    new = editor.post(SECTORS, sectors(*pairs))
    for code, _parent in pairs:
        SectorFactory(code=code)
    present = editor.post(SECTORS, sectors(*pairs))

    for answer in (new, present):
        assert answer.status_code == 400
        assert "circle" in {error["code"] for error in answer.json()["errors"]}
    assert set(parents().values()) == {None}
    assert CIRCLE % "a" in {error["detail"] for error in new.json()["errors"]}


def test_each_new_row_of_a_circle_is_told_of_it_and_rows_beside_it_are_not(editor):
    answer = editor.post(SECTORS, sectors(("one", "two"), ("two", "one"), ("free", None)))

    assert [(each["row"], each["field"], each["detail"]) for each in answer.json()["errors"]] == [
        (0, "parent", CIRCLE % "two"),
        (1, "parent", CIRCLE % "one"),
    ]


@pytest.mark.parametrize("file_format", ["csv", "ndjson"])
def test_districts_that_name_each_other_by_different_relations_are_loaded(
    publisher, load, file_format
):
    DistrictFactory(code="980100", level="prefecture", is_published=False)
    DistrictFactory(code="980101", level="county", parent_id="980100", is_published=False)
    DistrictFactory(code="980102", level="township", parent_id="980101", is_published=False)
    District.objects.filter(pk="980100").update(replaced_by_id="980101")
    content = export(publisher, "districts", file_format)
    columns = ("code", "parent", "replaced_by")
    rows = list(District.objects.order_by("code").values_list(*columns))
    assert rows[:2] == [("980100", None, "980101"), ("980101", "980100", None)]
    forget(District)

    first, again = load(districts=content), load(districts=content)

    assert first.endswith("Created: 3; changed: 0; unchanged: 0.\n")
    assert again.endswith("Created: 0; changed: 0; unchanged: 3.\n")
    assert list(District.objects.order_by("code").values_list(*columns)) == rows
    assert set(District.objects.values_list("version", flat=True)) == {1}
    changes = Revision.objects.filter(object_id__startswith="9801").order_by("object_id")
    assert [
        (
            each.object_id,
            each.action,
            each.version,
            each.state["parent_id"],
            each.state["replaced_by_id"],
        )
        for each in changes
    ] == [(code, "created", 1, parent, successor) for code, parent, successor in rows]


def test_records_that_list_each_other_are_made_together(editor):
    DistrictFactory(code="980100")
    row = {"district": "980100", "name": "示例"}

    answer = editor.post(
        "/api/v1/industrial-parks/",
        [
            row | {"code": "one", "partners": ["two", "three"]},
            row | {"code": "two", "partners": ["one"]},
            row | {"code": "three", "partners": []},
        ],
    )

    assert (answer.status_code, answer.json()["created"]) == (200, 3)
    partners = {
        park.pk: set(park.partners.values_list("pk", flat=True))
        for park in IndustrialPark.objects.all()
    }
    assert partners == {"one": {"two", "three"}, "two": {"one"}, "three": set()}
    assert set(IndustrialPark.objects.values_list("version", flat=True)) == {1}


def test_a_row_that_names_nobody_is_told_and_so_are_those_below_it(editor):
    answer = editor.post(SECTORS, sectors(("c", "b"), ("b", "nobody"), ("a", None)))

    assert [(error["row"], error["field"]) for error in answer.json()["errors"]] == [
        (0, "parent"),
        (1, "parent"),
    ]
    assert parents() == {}


def test_a_child_may_stand_far_before_its_parent_in_a_file(load, monkeypatch):
    monkeypatch.setattr(row_order, "ROWS_AT_ONCE", 2)
    lines = (
        "code,name,parent\n" + "".join(f"s-{n},示例,s-{n + 1}\n" for n in range(7)) + "s-7,示例,\n"
    )

    assert load(sectors=lines) == "Created: 8; changed: 0; unchanged: 0.\n"
    assert parents() == {f"s-{n}": f"s-{n + 1}" for n in range(7)} | {"s-7": None}


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "ndjson"])
def test_the_export_of_a_tree_makes_the_tree_again_where_nothing_is(publisher, load, file_format):
    DistrictFactory(code="980000", level="province", parent=None, is_published=False)
    DistrictFactory(code="980100", level="prefecture", parent_id="980000", is_published=False)
    DistrictFactory(code="980101", level="county", parent_id="980100", is_published=False)
    District.objects.filter(pk="980101").update(note="Later.")
    content = export(publisher, "districts", file_format)
    rows = list(District.objects.order_by("code").values("code", "name", "level", "parent", "note"))
    forget(District)

    first, again = load(districts=content), load(districts=content)

    passed_over = (
        "Passed over, since the registry works it out: created_at, stated_on, updated_at.\n"
    )
    assert first == f"{passed_over}Created: 3; changed: 0; unchanged: 0.\n"
    assert again == f"{passed_over}Created: 0; changed: 0; unchanged: 3.\n"
    assert (
        list(District.objects.order_by("code").values("code", "name", "level", "parent", "note"))
        == rows
    )


def test_an_export_that_others_overtook_overwrites_nothing(publisher, load):
    SectorFactory(code="present", name="甲", note="old")
    SectorFactory(code="gone", name="乙")
    content = export(publisher, "sectors", "ndjson")
    publisher.patch(f"{SECTORS}present/", {"note": "new"})
    publisher.delete(f"{SECTORS}gone/")

    assert load(sectors=content) == (
        "sectors:1: version: The record was changed in the meantime; its version is now 2.\n"
        "sectors:2: version: There is no longer such a record.\n"
        "Errors: 2. Nothing was written.\n"
    )


def test_several_files_are_loaded_in_the_order_that_they_need_and_judged_together(publisher, load):
    citation = CitationFactory(
        about=SectorFactory(code="energy", name="示例"), value="示例", position=1
    )
    models = {
        "citations": Citation,
        "sectors": Sector,
        "passages": Passage,
        "articles": Article,
        "documents": Document,
    }
    Sector.objects.update(is_published=True)
    contents = {resource: export(publisher, resource, "ndjson") for resource in models}
    forget(*models.values())

    alone = load(sectors=contents["sectors"])
    together = load(**contents)

    assert alone == (
        "sectors:1: name: It cannot be published before this value has a source.\n"
        "Errors: 1. Nothing was written.\n"
    )
    assert [line for line in together.splitlines() if "Created" in line] == [
        "documents: Created: 1; changed: 0; unchanged: 0.",
        "sectors: Created: 1; changed: 0; unchanged: 0.",
        "articles: Created: 1; changed: 0; unchanged: 0.",
        "passages: Created: 1; changed: 0; unchanged: 0.",
        "citations: Created: 1; changed: 0; unchanged: 0.",
    ]
    made = Citation.objects.get()
    assert (made.quote, made.passage_id, made.cited) == (
        citation.quote,
        citation.passage_id,
        Sector.objects.get(is_published=True),
    )


@pytest.mark.parametrize("named_by", ["position", "quote"])
def test_a_citation_without_its_number_is_the_same_citation(editor, load, named_by):
    present = CitationFactory(position=1)
    others = {"position": 1} if named_by == "position" else {}
    row = {
        "record_type": "districts.district",
        "record": present.record,
        "field": "name",
        "passage": present.passage_id,
        "quote": "示例",
        "value": "示例",
        "note": "Again.",
        **others,
    }

    first = editor.post("/api/v1/citations/", [row])
    again = editor.post("/api/v1/citations/", [row])

    assert [
        (each["id"], each["outcome"])
        for each in (*first.json()["results"], *again.json()["results"])
    ] == [
        (present.pk, "changed"),
        (present.pk, "unchanged"),
    ]
    table = ",".join(row) + "\n" + ",".join(map(str, row.values())) + "\n"
    assert load(citations=table) == "Created: 0; changed: 0; unchanged: 1.\n"
    assert Citation.objects.get().note == "Again."


def test_citations_of_outside_standards_are_known_by_what_they_say(editor, load):
    sector = SectorFactory(code="energy")
    row = {"record_type": "projects.sector", "record": sector.pk, "basis": "reference"}
    name = {"field": "name", "value": "能源", "note": "GB/T 4754"}
    aliases = [
        {"field": "aliases", "value": value, "note": note, "position": position}
        for position, (value, note) in enumerate(
            [("电力", "GB/T 4754"), ("电力", "ISIC"), ("热力", "ISIC")], start=1
        )
    ]
    answer = editor.post("/api/v1/citations/", [row | each for each in (name, *aliases)])
    assert answer.json()["created"] == 4
    sheet = "record_type,record,field,passage,quote,value,basis,note\n" + "".join(
        f"projects.sector,energy,{each['field']},,,{each['value']},reference,{each['note']}\n"
        for each in (name, *aliases)
    )

    assert load(citations=sheet) == "Created: 0; changed: 0; unchanged: 4.\n"

    reworded = sheet.replace("能源,reference,GB/T 4754", "能源,reference,GB/T 4754-2017")
    assert load(citations=reworded) == "Created: 0; changed: 1; unchanged: 3.\n"
    assert Citation.objects.get(field="name").note == "GB/T 4754-2017"


def test_a_number_of_another_registry_names_no_citation_here(publisher, load):
    there = CitationFactory(position=1)
    content = export(publisher, "citations", "ndjson")
    Citation.objects.filter(pk=there.pk).update(quote="例", field="name_en", position=7)
    Citation.objects.filter(pk=there.pk)._raw_delete(Citation.objects.db)
    Revision.objects.all().delete()
    other = CitationFactory(pk=there.pk, field="aliases", passage=there.passage)

    printed = load(citations=content)

    assert printed.endswith("Created: 1; changed: 0; unchanged: 0.\n")
    assert Citation.objects.get(pk=other.pk).record == other.record
    assert Citation.objects.exclude(pk=other.pk).get().record == there.record


def test_each_resource_is_named_once_and_has_its_file():
    for arguments, said in (
        (["sectors"], "Name a file after each resource."),
        (["sectors", "a", "sectors", "b"], "Name each resource once."),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("load", *arguments)
