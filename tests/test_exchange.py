"""What is understood of the cells of a sheet, and what is refused, with the advice that an editor gets."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import translation

from districts.models import Observation, Park
from governance.models import JobFair
from projects.models import Enterprise, Project, Sector
from seeds.models import Citation
from shuangta.imports.layout import Layout, normal
from shuangta.imports.reading import Reader
from shuangta.query.resources import viewset_of
from shuangta.records.models import record_models
from shuangta.tabular import readers
from shuangta.tabular.cells import Failure, Formula
from shuangta.tabular.sheets import Sheet, SheetError
from tests.factories import (
    DistrictFactory,
    IndicatorFactory,
    ObservationFactory,
    ParkFactory,
    ProjectFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def readings(model, *lines):
    """What a superuser's sheet of these lines of cells says, row by row."""
    request = HttpRequest()
    request.user = User(is_superuser=True)
    sheet = Sheet.of("", enumerate(map(list, lines), 1))
    return Reader(viewset_of(model)(request=request), sheet).readings()


def reading(model, **row):
    """What the only row of a sheet says, whose cells are given by heading."""
    (only,) = readings(model, row.keys(), row.values())
    return only


def read(model, name, cell, **others):
    """The value that a cell states, and how it is shown to be understood, if it is."""
    row = reading(model, **{name: cell}, **others)
    assert row.flaws == {}
    return row.body[name], [note[1:] for note in row.notes]


def refused(model, name, cell, **others):
    """Why a cell is not understood."""
    row = reading(model, **{name: cell}, **others)
    assert list(row.flaws) == [name]
    return row.flaws[name]


@pytest.mark.parametrize(
    ("cell", "value", "understood"),
    [
        (30_000_000, 30_000_000, None),
        (30_000_000.0, 30_000_000, None),
        (0.1 + 0.2, 0.3, None),
        ("30000000", 30_000_000, None),
        ("1234.5", 1234.5, None),
        ("10亿元", 1_000_000_000, "1,000,000,000 yuan"),
        ("１０億元", 1_000_000_000, "1,000,000,000 yuan"),
        (" 5,000万 ", 50_000_000, "50,000,000 yuan"),
        ("三千万", 30_000_000, "30,000,000 yuan"),
    ],
)
def test_an_amount_is_read_as_people_write_it(cell, value, understood):
    notes = [[cell.strip(), understood]] if understood else []

    assert read(Project, "total_investment", cell) == (value, notes)
    assert type(reading(Project, total_investment=cell).body["total_investment"]) is type(value)


def test_an_amount_is_read_in_the_unit_of_its_column():
    assert read(Park, "area", "1.5万平方米") == (15_000, [["1.5万平方米", "15,000 m²"]])
    assert read(Park, "area", "2平方公里") == (2_000_000, [["2平方公里", "2,000,000 m²"]])
    assert refused(Park, "area", "3亩") == "“3亩” is an amount in another unit. Write it in 平方米."
    assert read(JobFair, "posts", "五十") == (50, [["五十", "50"]])
    assert refused(JobFair, "posts", "50个") == "Write the number without a unit."


@pytest.mark.parametrize(
    ("cell", "bounds"),
    [
        ("2至3平方公里", "2,000,000–3,000,000 m²"),
        ("超百亿元", "> 10,000,000,000 yuan"),
        ("不少于5000万元", "≥ 50,000,000 yuan"),
        ("不足1亿元", "< 100,000,000 yuan"),
        ("不超过1亿元", "≤ 100,000,000 yuan"),
        ("约3亿元", "≈ 300,000,000 yuan"),
    ],
)
def test_a_range_or_an_estimate_is_no_amount_and_shown_as_understood(cell, bounds):
    assert refused(Project, "total_investment", cell) == (
        f"“{cell}” is not one exact number; it is understood as {bounds}. Leave the cell empty, and enter it "
        "as a figure about the record: a figure keeps its bounds."
    )


def test_what_is_no_amount_is_not_guessed_at():
    message = "“%s” is not an amount. Write one number, such as 1.5万元 or 15000."

    for cell in ("待定", "10亿元左右吧", "1e7", "¥500", "10亿元、5亿元"):
        assert refused(Project, "total_investment", cell) == message % cell


def test_a_bound_is_read_in_the_unit_of_its_indicator():
    IndicatorFactory(code="revenue", unit="yuan", kind="amount")
    held = ObservationFactory(indicator_id="revenue")

    assert read(Observation, "low", "2亿元", indicator="revenue")[1] == [
        ["2亿元", "200,000,000 yuan"]
    ]
    assert read(Observation, "low", "2亿元", code=held.pk) == (
        200_000_000,
        [["2亿元", "200,000,000 yuan"]],
    )
    assert refused(Observation, "low", "2亿至3亿元", indicator="revenue") == (
        "“2亿至3亿元” is not one exact number; it is understood as 200,000,000–300,000,000 yuan. Write it as "
        "the wording and leave the bounds empty: they are read from it."
    )


def test_empty_bounds_are_read_from_the_wording():
    IndicatorFactory(code="revenue", unit="yuan", kind="amount")

    row = reading(Observation, wording="超百億元", indicator="revenue", low=None)
    ambiguous = reading(Observation, wording="一期2亿元，二期3亿元", indicator="revenue")
    typed = reading(Observation, wording="超百億元", indicator="revenue", low=5)

    assert {name: row.body[name] for name in Observation.bounds} == {
        "low": 10_000_000_000,
        "high": None,
        "low_open": True,
        "high_open": False,
        "approximate": False,
    }
    assert row.notes == [
        ["At least", "", "10,000,000,000 yuan"],
        ["More than the lower bound", "", "Yes"],
    ]
    assert ambiguous.body.keys() == {"wording", "indicator"}
    assert typed.body == {"wording": "超百億元", "indicator": "revenue", "low": 5}


@pytest.mark.parametrize(
    ("cell", "understood"),
    [
        (date(2021, 5, 1), None),
        ("2021-05-01", None),
        ("2021/5/1", "2021-05-01"),
        ("2021.5.1", "2021-05-01"),
        ("2021年5月1日", "2021-05-01"),
        ("二〇二一年五月一日", "2021-05-01"),
    ],
)
def test_a_day_is_read_as_people_write_it(cell, understood):
    notes = [[cell, understood]] if understood else []

    assert read(Project, "started_on", cell) == ("2021-05-01", notes)


def test_a_vague_date_fills_the_first_and_the_last_day():
    row = reading(Project, started_on_latest=None, started_on="2020年8月下旬")

    assert row.body == {"started_on": "2020-08-21", "started_on_latest": "2020-08-31"}
    assert row.notes == [["Construction started on", "2020年8月下旬", "2020-08-21 – 2020-08-31"]]
    held = ProjectFactory(started_on=date(2019, 1, 1), started_on_latest=date(2019, 2, 1))
    changed = reading(Project, code=held.pk, started_on_latest="", started_on="2020年")
    assert changed.body["started_on_latest"] == "2020-12-31"


def test_a_vague_date_is_refused_where_there_is_no_room_for_it():
    assert refused(Project, "started_on", "2020年8月", started_on_latest="2020-08-20") == (
        "“2020年8月” may be any day from 2020-08-01 to 2020-08-31, but the row gives another last day. Write "
        "one day here, or leave the last day empty."
    )
    assert refused(Observation, "period_start", "2020年8月") == (
        "“2020年8月” may be any day from 2020-08-01 to 2020-08-31. Write one day."
    )


@pytest.mark.parametrize(
    "cell", ["5月1日", "年初", "2021", 2021, 44317, "2021-02-30", "2021-05-01 12:30:00"]
)
def test_what_is_no_day_is_not_guessed_at(cell):
    assert refused(Project, "started_on", cell) == (
        f"“{cell}” is not a day. Write it as 2021-05-13 or 2021年5月13日."
    )


def test_a_choice_is_read_by_value_or_label_in_any_language():
    shown = [[["under_construction", "Under construction"]], [], [["在建", "Under construction"]]]
    cells = ["under_construction", "Under construction", "在建"]

    told = [read(Project, "stage", cell) for cell in cells]

    assert told == [("under_construction", notes) for notes in shown]
    assert read(Project, "kind", "市場或物流")[0] == "market"
    assert refused(Project, "stage", "Under constructoin") == (
        "“Under constructoin” is not one of the choices. Did you mean “Under construction”?"
    )


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (["是", "Yes", "yes", "TRUE", "1", 1, True], True),
        (["否", "no", "false", "0", 0, False], False),
    ],
)
def test_truth_values_are_read_where_they_are_unambiguous(cells, value):
    for cell in cells:
        assert read(Enterprise, "is_leading_firm", cell)[0] is value


@pytest.mark.parametrize("cell", ["有", "✓", "2", "y"])
def test_other_words_are_no_truth_values(cell):
    assert refused(Enterprise, "is_leading_firm", cell) == f"“{cell}” is not one of the choices."


def test_a_record_is_named_by_its_code_or_by_a_name_that_it_alone_has():
    DistrictFactory(code="211302", name="双塔区", aliases="双塔\n塔区")
    DistrictFactory(code="211303", name="双塔区东")

    assert read(Project, "district", 211302) == ("211302", [])
    assert read(Project, "district", "双塔区") == ("211302", [["双塔区", "211302"]])
    assert read(Project, "district", "雙塔區") == ("211302", [["雙塔區", "211302"]])
    assert read(Project, "district", "塔區") == ("211302", [["塔區", "211302"]])
    assert refused(Project, "district", "双") == "There is no district “双”."
    DistrictFactory(code="211304", name="双塔區")
    assert refused(Project, "district", "双塔区") == (
        "Several records are called “双塔区”: 211302, 211304. Write the code."
    )


def test_a_code_that_is_not_there_is_left_to_the_plan_since_an_earlier_row_may_make_it():
    assert read(Project, "part_of", "211302-new") == ("211302-new", [])


def test_records_in_a_list_stand_one_a_line():
    SectorFactory(code="energy", name="能源")
    SectorFactory(code="trade", name="商贸")

    assert read(Project, "sectors", "energy\n\n 商貿 ") == (
        ["energy", "trade"],
        [["商貿", "trade"]],
    )
    assert refused(Project, "sectors", "energy、trade") == "There is no sector “energy、trade”."


def test_a_subject_is_named_within_the_type_that_the_row_or_its_record_says():
    park = ParkFactory(name="燕都公园")
    ProjectFactory(name="燕都公园")
    held = ObservationFactory(about=park)

    row = reading(Observation, subject="燕都公园", subject_type="公园")
    changed = reading(Observation, code=held.pk, subject="燕都公园")
    unknown = reading(Observation, subject="燕都公园", subject_type="花园")

    assert row.body == {"subject_type": "districts.park", "subject": park.pk}
    assert changed.body == {"code": held.pk, "subject": park.pk}
    assert list(unknown.flaws) == ["subject_type"]


def test_text_is_kept_but_for_the_blanks_around_one_line():
    row = reading(Citation, value=" 万达 ", quote=" 萬達\n廣場 ", field=" name ")

    assert row.body == {"value": " 万达 ", "quote": " 萬達\n廣場 ", "field": "name"}
    assert read(Sector, "aliases", "甲\n\n 乙") == (["甲", "乙"], [])
    assert read(Sector, "name", 2021) == ("2021", [])


def test_what_the_spreadsheet_made_of_a_text_is_refused():
    assert refused(Sector, "name", date(2021, 2, 1)) == (
        "The spreadsheet made “2021-02-01” of the text. Format the cell as text and type it again."
    )
    assert refused(Enterprise, "uscc", 912113020000000000) == (
        "A spreadsheet keeps 15 digits. Format the cell as text and type it again."
    )
    assert refused(Sector, "name", True).startswith("The spreadsheet made “True” of the text.")


def test_formulas_and_errors_are_refused_by_name():
    assert refused(Project, "total_investment", Formula("=A1*2")) == (
        "The cell holds a formula (=A1*2). Copy it and paste its value over it."
    )
    assert refused(Project, "name", Failure("#REF!")) == (
        "The cell holds an error of the spreadsheet (#REF!)."
    )


def test_an_empty_cell_clears_and_a_missing_column_leaves_alone():
    held = ProjectFactory(total_investment=5, aliases="甲", stage="signed")

    changed = reading(Project, code=held.pk, total_investment=" ", aliases=None)
    new = reading(Project, code="", name="新", total_investment="")

    assert changed.body == {"code": held.pk, "total_investment": None, "aliases": []}
    assert new.body == {"name": "新"}


def test_blank_lines_are_passed_over_and_rows_keep_their_numbers():
    rows = readings(Sector, [None, ""], ["name"], ["甲"], [" "], [None], ["乙"])

    assert [(row.number, row.body["name"]) for row in rows] == [(3, "甲"), (6, "乙")]


@pytest.mark.parametrize(
    "headings",
    [
        ["code", "name", "total_investment", "started_on_latest"],
        ["Code", "Name*", "Total investment (yuan)", "Construction started on, last possible day"],
        ["代码", "名称 *", "总投资（元）", "开工日期（最晚）"],
        ["代碼", "名稱", "總投資(元)", "開工日期（最晚）"],
        ["CODE", " 名称＊", "总投资", "Construction started on, last possible day"],
    ],
)
def test_headings_are_known_in_each_language_with_or_without_unit_and_mark(headings):
    (row,) = readings(Project, headings, ["a", "甲", 5, "2021-05-01"])

    assert row.body == {
        "code": "a",
        "name": "甲",
        "total_investment": 5,
        "started_on_latest": "2021-05-01",
    }


def test_headings_that_are_unknown_doubled_or_the_registry_s_own_are_refused_together():
    with pytest.raises(SheetError) as error:
        readings(
            Project,
            ["nmae", "总投资（万元）", "Total investment", "总投资", "更新时间", "stated_on", ""],
            [1, 2, 3, 4, 5, 6, 7],
        )

    assert error.value.messages == (
        "There is no column “nmae”. Did you mean “Name”?",
        "There is no column “总投资（万元）”.",
        "The column “Total investment” stands in the sheet twice.",
        "“更新时间” is kept by the registry itself. Leave the column out.",
        "“stated_on” is kept by the registry itself. Leave the column out.",
        "Column G has no heading, but row 2 has something in it.",
    )


def test_an_unknown_heading_names_the_nearest_in_the_language_of_the_editor():
    with translation.override("zh-hans"), pytest.raises(SheetError) as error:
        readings(Project, ["总投资（万元）"], [2])

    assert error.value.messages == ("没有“总投资（万元）”列。您要写的是否为“总投资（元）”？",)


def test_each_column_is_known_by_names_that_no_other_has():
    request = HttpRequest()
    request.user = User(is_superuser=True)
    for model in [*record_models(), Citation]:
        columns = Layout(viewset_of(model)(request=request)).columns.values()
        names = [(normal(name), each.name) for each in columns for name in each.names()]
        assert len({name for name, _column in names}) == len(set(names))


def table(text):
    sheet = readers.sheet_in_table(text, "", has_apostrophes=True)
    return sheet.headings, list(sheet.rows.values())


def test_a_table_is_divided_by_commas_or_tabs():
    assert table('name,note\r\n甲,"1,2\n3"\r\n') == (["name", "note"], [["甲", "1,2\n3"]])
    assert table("name\tnote\n甲,乙\t'=1\n") == (["name", "note"], [["甲,乙", "=1"]])
    assert readers.read_pasted("name\n'甲\n").rows == {2: ["'甲"]}
    assert table("name,note\n甲\n") == (["name", "note"], [["甲", None]])


def test_a_table_that_cannot_be_divided_says_where():
    with pytest.raises(SheetError) as error:
        table('name\n"十四五"规划\n')

    assert error.value.messages[0].startswith("Line 2 cannot be divided into cells (")


def test_a_sheet_of_too_many_rows_names_the_command():
    lines = [["name"], *(["甲"] for _number in range(5001))]

    with pytest.raises(SheetError) as error:
        Sheet.of("", enumerate(lines, 1))

    (message,) = error.value.messages
    assert message == (
        "A sheet may have 5,000 rows at most. Send it in parts, or ask the administrator to load it with "
        "“manage.py load”."
    )


def test_a_sheet_survives_being_kept():
    sheet = Sheet(
        "Sheet1",
        ["a"],
        {2: [date(2021, 5, 1), Formula("=1"), Failure("#N/A"), 1.5, True, None, "x"]},
    )

    assert Sheet.from_json(sheet.to_json()) == sheet
