"""Lists as spreadsheets: what an editor finds in one, and that it comes back as it went."""

import io
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from districts.models import Place
from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.records.models import record_models
from tests.admin.conftest import client_of
from tests.admin.forms import plain_text
from tests.admin.sheets import exported, fates, page, proposed, uploaded, wrongs
from tests.factories import make, make_filled

pytestmark = pytest.mark.django_db

MODELS = [*record_models(), Citation]


@pytest.mark.parametrize(
    ("language", "file_format"),
    [("zh-CN", "xlsx"), ("zh-TW", "xlsx"), ("en", "xlsx"), ("zh-CN", "csv")],
)
def test_what_is_exported_is_imported_again_as_unchanged(publisher, language, file_format):
    publisher.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    told, notes = {}, []
    for model in MODELS:
        make(model)
        make_filled(model)
        file, lines = exported(publisher, model, file_format)
        proposal = proposed(publisher, model, file)
        assert len(lines) == len(proposal.rows) + 1 == model.objects.count() + 1 >= 3
        told[model._meta.label] = set(fates(proposal).values())
        notes += [row["notes"] for row in proposal.rows if row["notes"]]

    assert told == {model._meta.label: {"unchanged"} for model in MODELS}
    assert notes == []


def test_a_workbook_is_headed_in_the_language_of_the_editor(editor, project):
    project.aliases = "万达\n万达城"
    project.started_on = date(2020, 8, 21)
    project.save()
    project.sectors.add(*Sector.objects.bulk_create([Sector(code=c, name=c) for c in ("a", "b")]))
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"

    _file, (headings, cells) = exported(editor, Project, "xlsx")

    told = dict(zip(headings, cells, strict=True))
    assert list(told)[:2] == ["代码", "名称"]
    assert list(told)[-3:] == ["备注", "已发布", "版本"]
    assert {name: value for name, value in told.items() if value is not None} == {
        "代码": "211302-wanda-plaza",
        "名称": "万达广场",
        "别名": "万达\n万达城",
        "行政区划": "211302",
        "行业": "a\nb",
        "类型": "建设",
        "总投资（元）": 30_000_000,
        "开工日期": date(2020, 8, 21),
        "已发布": "否",
        "版本": 2,
    }


def test_a_list_is_exported_as_it_is_filtered_searched_and_ordered(editor, district):
    for name, kind in [
        ("甲街", "street"),
        ("乙街", "street"),
        ("丙街", "axis"),
        ("安路", "street"),
    ]:
        Place.objects.create(name=name, district=district, kind=kind)
    query = "?q=街&kind__exact=street&o=-1"

    listed = editor.get(page(Place, "changelist") + query)
    asked = editor.get(page(Place, "export_rows") + query)
    _file, (headings, *lines) = exported(editor, Place, "csv", query)

    assert f'href="{page(Place, "export_rows")}?q=%E8%A1%97&amp;kind__exact=street&amp;o=-1"' in (
        listed.content.decode()
    )
    assert "2 rows. As the list is filtered, searched and ordered." in plain_text(asked)
    assert [line[headings.index("Name")] for line in lines] == ["乙街", "甲街"]


def test_all_rows_are_exported_on_whichever_page_they_stand(editor):
    Sector.objects.bulk_create(Sector(code=f"s-{n:04}", name=f"示例{n}") for n in range(1101))

    _file, lines = exported(editor, Sector, "xlsx", "?p=2")

    assert len({line[0] for line in lines[1:]}) == 1101


def test_a_long_list_is_counted_as_far_as_the_others_are(editor, monkeypatch):
    monkeypatch.setattr("shuangta.db.keyset.EXACT_UP_TO", 2)
    Sector.objects.bulk_create(Sector(code=f"s-{n}", name=f"示例{n}") for n in range(2))
    all_counted = plain_text(editor.get(page(Sector, "export_rows")))
    Sector.objects.create(code="s-2", name="示例2")

    beyond = plain_text(editor.get(page(Sector, "export_rows")))

    assert "2 rows. The file can be edited" in all_counted
    assert "More than 2 rows. The file can be edited" in beyond


def test_an_export_takes_the_same_queries_for_one_row_and_for_many(editor, district):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            exported(editor, Project, "csv")
        return len(queries)

    cost()
    make_filled(Project)
    for_one = cost()
    for _number in range(5):
        make_filled(Project)

    assert cost() == for_one


def test_a_text_that_no_cell_holds_is_told_before_anything_is_sent(editor, project):
    Project.objects.filter(pk=project.pk).update(note="长" * 40_000)

    answer = editor.get(page(Project, "export_file", "xlsx"), follow=True)

    assert "“Note” of row 1 is too long for a cell. Leave it out, or take CSV." in plain_text(
        answer
    )
    assert len(exported(editor, Project, "csv")[1]) == 2


def test_hidden_records_are_exported_to_those_who_may_see_them_only(editor, project):
    outsider = client_of(User.objects.create_user("outsider", is_staff=True))

    assert outsider.get(page(Project, "export_file", "csv")).status_code == 403
    assert outsider.get(page(Project, "export_rows")).status_code == 403
    assert editor.get(page(Project, "export_file", "pdf")).status_code == 404
    assert editor.get(page(Project, "export_rows") + "?nonsense=1").status_code == 404


def test_a_template_offers_headings_choices_an_example_and_explanations(editor, district):
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    answer = editor.get(page(Project, "import_template"))
    book = load_workbook(io.BytesIO(answer.content))
    rows, explained, choices = book.worksheets

    headings, example = rows.iter_rows(values_only=True)
    told = dict(zip(headings, example, strict=True))
    assert [each for each in headings if each.endswith("*")] == ["名称*", "行政区划*", "类型*"]
    assert (told["行政区划*"], told["类型*"], told["总投资（元）"]) == (
        "211302",
        "建设",
        12_000_000,
    )
    assert choices.sheet_state == "hidden"
    offered = {
        rows[str(each.sqref).split(":")[0].replace("2", "1")].value: each.formula1
        for each in rows.data_validations.dataValidation
    }
    assert set(offered) == {"类型*", "阶段", "已发布"}
    place = offered["已发布"].split("$")[1]
    assert [choices[f"{place}1"].value, choices[f"{place}2"].value] == ["是", "否"]
    lines = {line[0]: line[1:] for line in explained.iter_rows(min_row=2, values_only=True)}
    assert list(lines) == [each.rstrip("*") for each in headings]
    assert lines["阶段"][2] == "出处未载明的，留空。"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_example_of_a_template_is_passed_over_as_long_as_it_stands(publisher, language):
    publisher.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    told = {}
    for model in MODELS:
        make_filled(model)
        content = publisher.get(page(model, "import_template")).content
        proposal = proposed(publisher, model, SimpleUploadedFile("t.xlsx", content))
        told[model._meta.label] = fates(proposal)

    assert told == {model._meta.label: {2: "example"} for model in MODELS}


def test_what_is_written_over_an_example_is_not_lost(editor, project):
    book = load_workbook(io.BytesIO(editor.get(page(Project, "import_template")).content))
    book.active["B2"] = "万达二期"

    proposal = proposed(editor, Project, uploaded(book))

    assert wrongs(proposal) == {
        2: {
            "code": "This was the example of the template. Empty the cell to import the row, or delete the "
            "row."
        }
    }
