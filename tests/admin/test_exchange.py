"""Sheets in the admin: previewed row by row, then applied as they were shown or not at all."""

import io
import re
from datetime import date, timedelta
from itertools import permutations

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from districts.models import District, Indicator, IndustrialPark, Observation
from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.history.revision import Revision
from shuangta.plans.models import ProposedImport
from shuangta.tabular import readers
from tests import hostile_sheets
from tests.admin.conftest import client_of, member_of
from tests.admin.forms import plain_text
from tests.admin.sheets import (
    confirm,
    exported,
    fates,
    page,
    pasted,
    proposed,
    refusals,
    row_of,
    sent,
    uploaded,
    workbook,
    wrongs,
)
from tests.conftest import permissions

pytestmark = pytest.mark.django_db

HEADINGS = ["代码", "名称", "行政区划", "类型", "总投资（元）"]


def test_a_workbook_of_500_rows_with_three_wrong_ones(editor, district):
    rows = [
        ["", f"示例项目{number}", "双塔区", "建设", f"{number}万元"] for number in range(1, 501)
    ]
    rows[9][4], rows[99][2], rows[499][3] = "2至3亿元", "朝阳", "楼"

    proposal = proposed(editor, Project, workbook(HEADINGS, *rows, name="项目.xlsx"))

    assert sorted(wrongs(proposal)) == [11, 101, 501]
    assert [row["number"] for row in proposal.rows[:3]] == [11, 101, 501]
    assert wrongs(proposal)[501].keys() == {"kind"}
    shown = plain_text(editor.get(page(Project, "import_preview", proposal.pk)))
    assert "500 All rows 3 Wrong 497 New" in shown
    assert "From “Sheet”." in shown
    assert "Understood Total investment 1万元 → 10,000 yuan" in shown
    assert "Import the other 497 rows" in shown
    assert not Project.objects.exists()

    answer = confirm(editor, proposal)

    assert "Imported: 497 new, 0 changed, 0 unchanged." in plain_text(answer)
    assert Project.objects.count() == 497
    assert Project.objects.get(name="示例项目499").total_investment == 4_990_000
    changes = Revision.objects.filter(object_id__startswith="211302-shili").order_by()
    assert list(changes.values_list("reason", "actor__username").distinct()) == [
        ("Imported from 项目.xlsx", "editors")
    ]
    kept = ProposedImport.objects.get()
    assert (kept.sheet, kept.rows) == ({}, [])


def test_every_fate_stands_in_the_preview_with_what_changes(editor, project, district):
    other = Project.objects.create(name="黑土地", district=district, kind="market")
    told = pasted(
        HEADINGS,
        [project.pk, "万达广场", "211302", "建设", "1.2亿元"],
        [other.pk, "黑土地", "211302", "市场或物流", ""],
        ["", "万达广场", "211302", "建设", ""],
        ["", "", "211302", "楼", "许多"],
    )

    proposal = proposed(editor, Project, pasted=told, reason="Told by the office.")
    shown = plain_text(editor.get(page(Project, "import_preview", proposal.pk)))

    assert fates(proposal) == {2: "changed", 3: "unchanged", 4: "created", 5: "wrong"}
    assert wrongs(proposal)[5].keys() == {"name", "kind", "total_investment"}
    assert "Total investment 3000万元 → 1.2亿元" in shown
    assert "4 All rows 1 Wrong 1 Changed 1 New 1 Unchanged" in shown
    assert shown.index("Row 5") < shown.index("Row 2") < shown.index("Row 4") < shown.index("Row 3")
    assert f"Other records have this name: {project.pk}." in shown
    assert "Reason for the change: Told by the office." in shown
    only_wrong = editor.get(page(Project, "import_preview", proposal.pk), {"fate": "wrong"})
    assert [row.number for row in only_wrong.context["rows"]] == [5]


def test_rows_of_one_name_are_told_apart_from_records_of_that_name(editor, district):
    row = ["新项目", "211302", "建设"]
    told = pasted(["name", "district", "kind"], row, row)

    proposal = proposed(editor, Project, pasted=told)
    shown = plain_text(editor.get(page(Project, "import_preview", proposal.pk)))

    assert "Other records have this name" not in shown
    for number in (2, 3):
        assert f"Other rows of this sheet have this name: {number}." in shown


def test_records_are_shown_by_name_and_code_as_in_a_history(editor, project):
    sectors = [Sector(code="energy", name="能源"), Sector(code="trade", name="商贸")]
    project.sectors.add(*Sector.objects.bulk_create(sectors))
    told = pasted(
        ["code", "name", "district", "kind", "sectors", "part_of"],
        [project.pk, "万达广场", "211302", "建设", "energy", ""],
        ["plaza", "广场", "211302", "建设", "", project.pk],
        ["hall", "大厅", "211302", "建设", "", "plaza"],
    )

    proposal = proposed(editor, Project, pasted=told)
    shown = plain_text(editor.get(page(Project, "import_preview", proposal.pk)))

    assert "Sectors 能源 (energy)、商贸 (trade) → 能源 (energy)" in shown
    assert "District 双塔区 (211302)" in shown
    assert f"Part of 万达广场 ({project.pk})" in shown
    assert "Part of plaza" in shown  # which the sheet itself makes


def test_a_preview_takes_the_same_queries_for_one_row_and_for_many(editor, district):
    def cost(count):
        rows = [[f"示例{number}", "211302", "建设"] for number in range(count)]
        told = pasted(["name", "district", "kind"], *rows)
        address = page(Project, "import_preview", proposed(editor, Project, pasted=told).pk)
        with CaptureQueriesContext(connection) as queries:
            editor.get(address)
        return len(queries)

    cost(1)

    assert cost(1) == cost(20)


@pytest.mark.parametrize("word", ["unknown-%d", "无此%d", "示例%d"])
def test_records_that_rows_name_are_looked_up_together(editor, word):
    """By a code or by a name, of no record or of another row: rows that are refused cost no statement."""

    def cost(count):
        rows = [[f"示例{number}", word % (number + 1)] for number in range(count)]
        rows.append([f"示例{count}", "unknown"])
        sheet = pasted(["name", "parent"], *rows)
        with CaptureQueriesContext(connection) as queries:
            proposal = proposed(editor, Sector, pasted=sheet)
        assert {row["fate"] for row in proposal.rows} == {"wrong"}
        return len(queries)

    cost(25)

    assert cost(30) == cost(90)


def test_a_name_leads_to_records_by_alias_or_english_name_in_either_script(editor):
    Sector.objects.create(code="farming", name="农业", name_en="Farming", aliases="第一产业\n農林")
    Sector.objects.create(code="farm", name="农")
    names = ["農業", "FARMING", "第一產業", "农林", "农", "第一"]

    proposal = proposed(
        editor, Sector, pasted=pasted(["name", "parent"], *(["示例", each] for each in names))
    )

    rows = sorted(proposal.rows, key=lambda row: row["number"])
    assert [row["body"]["parent"] for row in rows[:5]] == [*["farming"] * 4, "farm"]
    assert rows[5]["errors"] == [["parent", "There is no sector “第一”."]]


def test_rows_of_one_name_are_given_codes_after_those_that_are_taken(editor):
    for code in ("jia", "jia-3"):
        Sector.objects.create(code=code, name="乙")

    proposal = proposed(
        editor, Sector, pasted=pasted(["name", "parent"], ["甲", "丙"], ["甲", "丙"], ["丙", ""])
    )

    assert {row["number"]: row["key"] for row in proposal.rows} == {
        2: "jia-2",
        3: "jia-4",
        4: "bing",
    }


def test_a_number_below_zero_is_told_beside_its_cell(editor, district):
    sheet = pasted(["name", "district", "kind", "total_investment"], ["甲", "211302", "建设", "-5"])

    proposal = proposed(editor, Project, pasted=sheet)

    assert proposal.rows[0]["errors"] == [
        ["total_investment", "An amount, an area or a count cannot be negative."]
    ]


def test_an_emptied_cell_is_shown_as_cleared_and_clears(editor, project):
    told = pasted(["code", "total_investment"], [project.pk, ""])

    proposal = proposed(editor, Project, pasted=told, reason="Not stated.")
    shown = plain_text(editor.get(page(Project, "import_preview", proposal.pk)))
    confirm(editor, proposal)

    assert "Total investment 3000万元 → –" in shown
    project.refresh_from_db()
    assert (project.total_investment, project.name, project.version) == (None, "万达广场", 2)
    assert Revision.objects.latest("pk").reason == "Not stated."


def test_what_moved_after_the_preview_is_not_overwritten_but_shown_anew(editor, project, district):
    told = pasted(
        ["code", "name", "district", "kind", "total_investment"],
        [project.pk, "万达广场", "211302", "construction", "1.2亿元"],
        ["", "新项目", "211302", "construction", "5万元"],
    )
    proposal = proposed(editor, Project, pasted=told)
    Project.objects.filter(pk=project.pk).update(total_investment=7)

    answer = confirm(editor, proposal)

    assert "The records changed after the preview was made, so nothing was imported." in plain_text(
        answer
    )
    assert "Total investment 7元 → 1.2亿元" in plain_text(answer)
    project.refresh_from_db()
    assert (project.total_investment, Project.objects.count()) == (7, 1)
    assert "Imported: 1 new, 1 changed, 0 unchanged." in plain_text(confirm(editor, proposal))
    project.refresh_from_db()
    assert (project.total_investment, Project.objects.count()) == (120_000_000, 2)


def test_a_new_record_that_came_into_being_meanwhile_is_not_overwritten(editor, district):
    told = pasted(["name", "district", "kind"], ["新项目", "211302", "construction"])
    proposal = proposed(editor, Project, pasted=told)
    assert row_of(proposal, 2)["key"] == "211302-xin-xiangmu"
    Project.objects.create(name="新项目", district=district, kind="market")

    answer = confirm(editor, proposal)

    assert "so nothing was imported" in plain_text(answer)
    assert Project.objects.get().kind == "market"


def test_what_a_row_rests_on_may_not_go_away_either(editor, district):
    sector = Sector.objects.create(code="energy", name="能源")
    told = pasted(
        ["name", "district", "kind", "sectors"], ["新项目", "211302", "construction", "能源"]
    )
    proposal = proposed(editor, Project, pasted=told)
    sector.delete()

    answer = confirm(editor, proposal)

    assert "There is no sector “能源”." in plain_text(answer)
    assert not Project.objects.exists()


def test_a_file_that_was_edited_over_days_overwrites_no_newer_work(editor, project):
    file, _lines = exported(editor, Project, "xlsx")
    book = load_workbook(file)
    column = next(cell.column for cell in book.active[1] if cell.value == "Total investment (yuan)")
    book.active.cell(2, column).value = 5
    Project.objects.filter(pk=project.pk).update(note="Newer.")

    proposal = proposed(editor, Project, uploaded(book))

    assert wrongs(proposal) == {
        2: {"version": "The record was changed in the meantime; its version is now 2."}
    }


def test_two_rows_about_one_record_are_both_wrong_and_those_that_rest_on_them_too(editor, project):
    told = pasted(
        ["code", "name", "district", "kind", "part_of"],
        ["a", "甲", "211302", "construction", ""],
        ["b", "乙", "211302", "construction", "a"],
        ["a", "丙", "211302", "construction", ""],
        ["c", "丁", "211302", "construction", ""],
    )

    proposal = proposed(editor, Project, pasted=told)

    assert fates(proposal) == {2: "wrong", 3: "wrong", 4: "wrong", 5: "created"}
    assert (
        wrongs(proposal)[2]
        == wrongs(proposal)[4]
        == {"code": "Another row is about the same record."}
    )
    assert wrongs(proposal)[3].keys() == {"part_of"}
    confirm(editor, proposal)
    assert set(Project.objects.values_list("pk", flat=True)) == {project.pk, "c"}


def test_a_later_row_may_name_an_earlier_one(editor, district):
    told = pasted(["code", "name", "parent"], ["a", "甲", ""], ["b", "乙", "a"])

    confirm(editor, proposed(editor, Sector, pasted=told))

    assert Sector.objects.get(pk="b").parent_id == "a"


def test_an_earlier_row_may_name_a_later_one(editor):
    told = pasted(["code", "name", "parent"], ["c", "丙", "b"], ["b", "乙", "a"], ["a", "甲", ""])

    confirm(editor, proposed(editor, Sector, pasted=told))

    assert dict(Sector.objects.values_list("pk", "parent")) == {"a": None, "b": "a", "c": "b"}


@pytest.mark.parametrize("turned", [False, True])
def test_rows_name_each_other_by_names_and_aliases_in_any_order(editor, turned):
    rows = [
        ["", "夜市", "", "零售"],
        ["", "零售", "", "商貿"],
        ["", "商贸", "流通", ""],
        ["", "物流", "", "流通"],
        ["energy", "能源", "动力", ""],
        ["wind", "风电", "", "動力"],
        ["", "光伏", "", "energy"],
    ]
    told = pasted(["code", "name", "aliases", "parent"], *(rows[::-1] if turned else rows))

    proposal = proposed(editor, Sector, pasted=told)
    shown = plain_text(editor.get(page(Sector, "import_preview", proposal.pk)))
    confirm(editor, proposal)

    for understood in ("零售 → lingshou", "商貿 → shangmao", "流通 → shangmao", "動力 → energy"):
        assert f"Understood Belongs to {understood}" in shown
    assert dict(Sector.objects.values_list("code", "parent")) == {
        "yeshi": "lingshou",
        "lingshou": "shangmao",
        "shangmao": None,
        "wuliu": "shangmao",
        "energy": None,
        "wind": "energy",
        "guangfu": "energy",
    }


def test_codes_made_of_others_do_not_depend_on_the_order_of_the_rows(editor):
    rows = [
        ["某省", "province", ""],
        ["某市", "prefecture", "某省"],
        ["某县", "county", "某市"],
    ]

    for order in permutations(rows):
        proposal = proposed(editor, District, pasted=pasted(["name", "level", "parent"], *order))
        assert {row["title"]: row["key"] for row in proposal.rows} == {
            "某省": "mousheng",
            "某市": "mousheng-moushi",
            "某县": "mousheng-moushi-mouxian",
        }
    confirm(editor, proposal)

    assert set(District.objects.values_list("name", "parent")) == {
        ("某省", None),
        ("某市", "mousheng"),
        ("某县", "mousheng-moushi"),
    }


def test_a_row_is_called_by_the_name_that_it_gives_its_record_or_by_the_old_one(editor):
    Sector.objects.create(code="trade", name="商贸")
    told = pasted(
        ["code", "name", "parent"],
        ["retail", "零售", "流通"],
        ["night", "夜市", "商贸"],
        ["trade", "流通", ""],
    )

    confirm(editor, proposed(editor, Sector, pasted=told))

    assert set(Sector.objects.values_list("code", "name", "parent")) == {
        ("trade", "流通", None),
        ("retail", "零售", "trade"),
        ("night", "夜市", "trade"),
    }


def test_a_name_of_two_rows_or_of_a_row_and_a_record_is_not_guessed(editor):
    Sector.objects.create(code="old-trade", name="商贸")
    told = pasted(
        ["code", "name", "parent"],
        ["a", "零售", "商貿"],
        ["", "商贸", ""],
        ["b", "风电", "能源"],
        ["energy", "能源", ""],
        ["", "动力", ""],
        ["c", "动力", "动力"],
    )

    proposal = proposed(editor, Sector, pasted=told)

    assert wrongs(proposal) == {
        2: {"parent": "Several records are called “商貿”: old-trade, shangmao. Write the code."},
        7: {"parent": "Several records are called “动力”: c, dongli. Write the code."},
    }
    assert row_of(proposal, 4)["body"]["parent"] == "energy"


@pytest.mark.parametrize("code", ["", "a"])
def test_circles_of_names_are_refused_as_those_of_codes(editor, code):
    told = pasted(
        ["code", "name", "parent"],
        [code, "商贸", "零售"],
        ["b", "零售", "商贸"],
        ["c", "夜市", "零售"],
        ["d", "能源", "能源"],
        ["e", "风电", ""],
    )

    proposal = proposed(editor, Sector, pasted=told)

    assert fates(proposal) == {2: "wrong", 3: "wrong", 4: "wrong", 5: "wrong", 6: "created"}
    circles = [each for each in wrongs(proposal).values() if "circle" in each["parent"]]
    assert circles == [
        {"parent": f"“{each}” leads back to this record: they would form a circle."}
        for each in ("b", code or "shangmao", "d")
    ]


def test_rows_list_each_other_by_name(editor, district):
    told = pasted(
        ["name", "district", "partners"],
        ["东园区", "211302", "西园区"],
        ["西园区", "211302", "东园区"],
    )

    confirm(editor, proposed(editor, IndustrialPark, pasted=told))

    east, west = IndustrialPark.objects.order_by("name")
    assert [*east.partners.all(), *west.partners.all()] == [west, east]


def test_a_code_proposed_for_a_row_that_is_named_goes_to_no_other(editor):
    told = pasted(
        ["code", "name", "parent"],
        ["", "商茂", ""],
        ["a", "零售", "商贸"],
        ["", "商贸", ""],
        ["shangmao", "贸易", ""],
    )

    confirm(editor, proposed(editor, Sector, pasted=told))

    assert Sector.objects.get(pk="a").parent.name == "商贸"
    assert set(Sector.objects.values_list("code", "name")) == {
        ("shangmao", "贸易"),
        ("shangmao-2", "商贸"),
        ("shangmao-3", "商茂"),
        ("a", "零售"),
    }


def test_a_row_that_names_a_wrong_one_is_wrong_too(editor, district):
    told = pasted(
        ["name", "district", "kind", "part_of"],
        ["大厅", "211302", "construction", "广场"],
        ["广场", "211302", "楼", ""],
        ["市场", "211302", "market", "无此项目"],
    )

    proposal = proposed(editor, Project, pasted=told)

    assert wrongs(proposal)[2].keys() == {"part_of"}
    assert wrongs(proposal)[3].keys() == {"kind"}
    assert wrongs(proposal)[4] == {"part_of": "There is no project “无此项目”."}


def test_citations_sent_twice_without_their_numbers_are_the_same(editor, project, passage):
    told = pasted(
        ["记录类型", "记录", "字段", "段落", "引文", "读取值", "备注"],
        ["项目", project.pk, "name", passage.pk, "萬達廣場", "万达广场", "甲"],
    )
    cleared = told.replace("\t甲", "\t")
    confirm(editor, proposed(editor, Citation, pasted=told))

    again = proposed(editor, Citation, pasted=told)
    without_note = proposed(editor, Citation, pasted=cleared)

    assert (fates(again), fates(without_note)) == ({2: "unchanged"}, {2: "changed"})
    confirm(editor, without_note)
    assert Citation.objects.get().note == ""


def test_the_wrong_rows_are_handed_back_with_their_errors_and_can_be_sent_again(editor, district):
    rows = [["", "甲", "211302", "construction", 5], [None, "乙", 211302, "楼", date(2021, 5, 1)]]
    headings = ["代码", "名称", "行政区划", "类型", "开工日期"]
    proposal = proposed(editor, Project, workbook(headings, *rows))

    answer = editor.get(page(Project, "import_wrong", proposal.pk))
    book = load_workbook(io.BytesIO(answer.getvalue()))

    (told, first, second) = book.active.values
    assert told == (*headings, "Errors")
    assert first[:5] == (None, "甲", "211302", "construction", 5)
    assert first[5].startswith("Construction started on: “5” is not a day.")
    assert second == (
        *(None, "乙", 211302, "楼", "2021-05-01"),
        "Kind: “楼” is not one of the choices.",
    )
    book.active["E2"], book.active["D3"] = None, "construction"
    again = proposed(editor, Project, uploaded(book))
    assert fates(again) == {2: "created", 3: "created"}


def test_the_wrong_rows_of_a_table_stand_in_a_sheet_that_excel_opens(editor):
    table = SimpleUploadedFile(
        "志愿服务队[2021-05]：第二批名单，补充登记，待核对后再报送.csv", b"name\n#REF!\n"
    )
    proposal = proposed(editor, Sector, table)

    answer = editor.get(page(Sector, "import_wrong", proposal.pk))

    names = load_workbook(io.BytesIO(answer.getvalue())).sheetnames
    assert names == ["志愿服务队_2021-05_：第二批名单，补充登记，待核对后再"]


def test_nobody_else_sees_or_applies_a_proposal(editor, publisher, project):
    told = pasted(["code", "total_investment"], [project.pk, "5"])
    proposal = proposed(editor, Project, pasted=told)

    for answer in (
        publisher.get(page(Project, "import_preview", proposal.pk), follow=True),
        publisher.get(page(Project, "import_wrong", proposal.pk), follow=True),
        editor.get(page(Sector, "import_preview", proposal.pk), follow=True),
        confirm(publisher, proposal),
    ):
        assert "This import is no longer there" in plain_text(answer)
    assert ProposedImport.objects.get() == proposal
    project.refresh_from_db()
    assert project.version == 1


def test_a_proposal_is_applied_once_and_can_be_dropped(editor, project):
    told = pasted(["code", "total_investment"], [project.pk, "5"])
    address = page(Project, "import_preview", proposed(editor, Project, pasted=told).pk)
    assert "Nothing was imported." in plain_text(
        editor.post(address, {"discard": "1"}, follow=True)
    )
    proposal = proposed(editor, Project, pasted=told)
    confirm(editor, proposal)

    answer = confirm(editor, proposal)

    assert "This import is done. It was not done twice." in plain_text(answer)
    project.refresh_from_db()
    assert project.version == 2


def test_a_proposal_is_forgotten_after_a_day(editor, project):
    told = pasted(["code", "total_investment"], [project.pk, "5"])
    old = proposed(editor, Project, pasted=told)
    ProposedImport.objects.update(made_at=timezone.now() - timedelta(hours=25))

    new = proposed(editor, Project, pasted=told)

    assert list(ProposedImport.objects.all()) == [new]
    assert new != old


def test_the_rights_of_the_user_hold(editor, project, district):
    may_change = User.objects.create_user("changer", is_staff=True)
    may_change.user_permissions.set(permissions("view", "change"))
    looks = User.objects.create_user("looker", is_staff=True)
    looks.user_permissions.set(permissions("view"))
    changer, looker = client_of(may_change), client_of(looks)
    new = pasted(["name", "district", "kind"], ["新", "211302", "construction"])
    known = pasted(["code", "total_investment"], [project.pk, "5"])

    assert refusals(sent(changer, Project, pasted=new)) == [
        "The sheet has rows without the code of a record that is there; you may not add any."
    ]
    proposal = proposed(changer, Project, pasted=known)
    may_change.user_permissions.set(permissions("view", "add"))
    assert "you may not change these" in plain_text(confirm(changer, proposal))
    assert sent(looker, Project, pasted=new).status_code == 403
    assert looker.get(page(Project, "import_template")).status_code == 403
    listed = looker.get(page(Project, "changelist")).content.decode()
    assert page(Project, "import_rows") not in listed
    assert page(Project, "export_rows") in listed
    assert page(Project, "import_rows") in changer.get(page(Project, "changelist")).content.decode()


def test_only_those_who_publish_publish_by_a_sheet(editor, publisher, district):
    sector = Sector.objects.create(code="energy", name="能源")
    told = pasted(["code", "已发布"], [sector.pk, "是"])

    refused = proposed(editor, Sector, pasted=told)
    allowed = proposed(publisher, Sector, pasted=told)

    assert wrongs(refused) == {
        2: {"is_published": "Publishing and withdrawing needs the permission to publish."}
    }
    assert wrongs(allowed) == {
        2: {"name": "It cannot be published before this value has a source."}
    }


def test_citations_are_imported_too(editor, project, passage):
    headings = ["记录类型", "记录", "字段", "段落", "引文", "读取值"]
    told = pasted(
        headings,
        ["项目", "万达广场", "name", passage.pk, "萬達廣場", "万达广场"],
        ["项目", project.pk, "total_investment", passage.pk, "总投资", "120000000"],
    )

    proposal = proposed(editor, Citation, pasted=told)
    shown = plain_text(editor.get(page(Citation, "import_preview", proposal.pk)))

    assert wrongs(proposal) == {3: {"quote": "These words do not stand in the passage."}}
    assert "Record type Projects and enterprises | project Record 211302-wanda-plaza" in shown
    confirm(editor, proposal)
    citation = Citation.objects.get()
    assert (citation.cited, citation.field, citation.start) == (project, "name", 0)


def test_a_figure_is_imported_with_the_bounds_that_its_wording_states(editor, project):
    Indicator.objects.create(code="revenue", name="收入", unit="yuan", kind="amount")
    told = pasted(
        ["指标", "对象类型", "对象", "原文表述", "状态"],
        ["revenue", "项目", "万达广场", "超百億元", "目标"],
    )
    proposal = proposed(editor, Observation, pasted=told)
    confirm(editor, proposal)

    figure = Observation.objects.get()
    assert (figure.about, figure.low, figure.high, figure.low_open) == (project, 10**10, None, True)


def test_a_sheet_that_is_no_sheet_is_refused(editor):
    assert refusals(sent(editor, Sector)) == ["Choose a file, or paste cells; not both."]
    assert refusals(sent(editor, Sector, pasted="name")) == [
        "The sheet holds no row below its headings."
    ]
    bytes_of_nothing = SimpleUploadedFile("a.csv", b"\xff\xff\xff")
    assert refusals(sent(editor, Sector, bytes_of_nothing)) == [
        "The table is neither in UTF-8 nor in GB 18030. Save it as a workbook (.xlsx)."
    ]


def test_files_that_are_too_large_are_refused(editor):
    bomb = SimpleUploadedFile("a.xlsx", hostile_sheets.of_rows(" " * 51 * 1024**2))
    large = SimpleUploadedFile("a.csv", b"n" * (readers.MAX_SIZE + 1))

    assert refusals(sent(editor, Sector, bomb)) == [
        "The workbook is too large. Keep the one sheet in it, or send it in parts."
    ]
    assert refusals(sent(editor, Sector, large)) == [
        "The file is larger than 5 MB. Send it in parts."
    ]


def test_a_table_from_excel_in_china_is_read(editor, district):
    table = "名称,行政区划,类型\r\n广场,双塔区,建设\r\n".encode("gb18030")

    proposal = proposed(editor, Project, SimpleUploadedFile("项目.CSV", table))

    assert fates(proposal) == {2: "created"}
    assert row_of(proposal, 2)["title"] == "广场"


def test_numbers_that_no_column_keeps_are_wrong(editor, project):
    told = pasted(["code", "total_investment"], [project.pk, 1234567890123456], ["a", "1.234"])

    found = wrongs(proposed(editor, Project, pasted=told))

    assert found[2] == {
        "total_investment": "Ensure that there are no more than 15 digits in total."
    }
    assert found[3]["total_investment"] == "Ensure that there are no more than 2 decimal places."


def test_characters_that_no_database_keeps_are_wrong(editor):
    for file in (
        workbook(["name"], ["a_x0000_b"], ["a_xD800_b"]),
        SimpleUploadedFile("a.csv", b"name\na\0b\na\0b\n"),
    ):
        assert wrongs(proposed(editor, Sector, file)) == {
            number: {"name": "The cell holds an error of the spreadsheet (a\ufffdb)."}
            for number in (2, 3)
        }


def test_the_first_sheet_that_is_shown_is_read(editor):
    book = Workbook()
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("行业")
    shown.append(["名称"])
    shown.append(["能源"])
    shown["A30"] = "商贸"
    book.active = 1

    proposal = proposed(editor, Sector, uploaded(book))

    assert fates(proposal) == {2: "created", 30: "created"}
    assert proposal.sheet["title"] == "行业"


def test_merged_cells_are_refused_and_formulas_and_errors_are_wrong(editor):
    book = Workbook()
    for row in (["名称", "备注"], ["甲", "=1+1"], ["#REF!", "x"]):
        book.active.append(row)
    book.active["A3"].data_type = "e"
    cells = proposed(editor, Sector, uploaded(book))
    book.active.merge_cells("A2:A3")

    assert wrongs(cells) == {
        2: {"note": "The cell holds a formula (=1+1). Copy it and paste its value over it."},
        3: {"name": "The cell holds an error of the spreadsheet (#REF!)."},
    }
    assert refusals(sent(editor, Sector, uploaded(book))) == [
        "Cells are merged: A2:A3. Divide them, and write the value into each."
    ]


def test_what_is_wrong_with_the_headings_is_told_at_once_and_what_was_pasted_stays(editor):
    answer = sent(editor, Sector, pasted=pasted(["名称", "名称", "说明"], ["甲", "乙", "丙"]))

    assert refusals(answer) == [
        "The column “Name” stands in the sheet twice.",
        "There is no column “说明”.",
    ]
    assert "甲\t乙\t丙" in answer.content.decode()


def test_a_long_preview_comes_in_pages(editor):
    told = pasted(["name"], *([f"示例{number}"] for number in range(120)))
    proposal = proposed(editor, Sector, pasted=told)
    address = page(Sector, "import_preview", proposal.pk)

    shown = [row.number for p in (1, 2, 3) for row in editor.get(address, {"p": p}).context["rows"]]

    assert shown == list(range(2, 122))


def test_the_pages_of_a_narrowed_preview_are_narrowed_too(editor):
    told = pasted(["name"], *([f"示例{number}"] for number in range(120)), ["#REF!"])
    proposal = proposed(editor, Sector, pasted=told)

    shown = editor.get(page(Sector, "import_preview", proposal.pk), {"fate": "created", "p": 2})

    links = re.findall(r'href="(\?[^"]*p=[^"]*)">([^<]*)<', shown.content.decode())
    assert links == [
        ("?fate=created&amp;p=1", "Previous"),
        ("?fate=created&amp;p=3", "Next"),
    ]
    assert "2 / 3" in plain_text(shown)


def test_a_preview_is_in_the_language_of_the_editor():
    client = client_of(member_of("Editors"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"

    proposal = proposed(client, Sector, pasted=pasted(["名称", "英文名称"], ["甲", "A"]))
    shown = plain_text(client.get(page(Sector, "import_preview", proposal.pk)))

    assert "1 全部 1 新增" in shown
    assert "导入 1 行" in shown
