"""What an editor sends is read as what it holds, whatever its name and its markup say, and within bounds."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import Workbook

from shuangta.tabular import readers, xlsx_reader
from shuangta.tabular.cells import Failure, Formula
from shuangta.tabular.sheets import Sheet, SheetError
from tests import hostile_sheets
from tests.hostile_sheets import cell, of_rows, shared, workbook

DAMAGED = "The workbook is damaged. Open it in a spreadsheet and save it as .xlsx again."
TOO_LARGE = "The workbook is too large. Keep the one sheet in it, or send it in parts."
TOO_MANY_ROWS = (
    "The sheet goes on for too many rows, most of them empty. Delete the empty rows below the last filled one, "
    "or copy the filled cells into a new workbook."
)
SHEETS = dict(hostile_sheets.small_sheets())


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def read(content, name="sheet.xlsx"):
    return readers.read_sheet(SimpleUploadedFile(name, content))


def refusal(content, name="sheet.xlsx"):
    with pytest.raises(SheetError) as error:
        read(content, name)
    (message,) = error.value.messages
    return message


def value(content):
    """What the only cell below the heading holds."""
    ((only,),) = read(content).rows.values()
    return only


def test_whatever_is_sent_is_read_or_refused_in_a_sentence():
    answers = {name: answer(content) for name, content in SHEETS.items()}

    assert len(answers) > 200
    assert {name: said for name, said in answers.items() if not is_sentence(said)} == {}


def answer(content):
    """What is said of a sheet: the refusal, or where it begins."""
    try:
        sheet = read(content)
    except SheetError as error:
        return " ".join(error.messages)
    return f"Read from row {min(sheet.rows)}."


def is_sentence(text):
    return text[0].isupper() and text.endswith(".") and "Traceback" not in text


@pytest.mark.parametrize("place", ["XFD1048576", "XFD2", "A1048576"])
def test_formatting_far_away_holds_nothing(place):
    row = place.lstrip("AXFD")
    rows = f'<row r="1">{hostile_sheets.inline("name")}</row>'
    filled = f'<row r="2">{hostile_sheets.inline("甲")}'
    bold = f'<c r="{place}" s="3"/></row>'

    content = of_rows(rows + filled + (bold if row == "2" else f'</row><row r="{row}">{bold}'))

    assert read(content) == Sheet("Sheet", ["name"], {2: ["甲"]})


def test_a_cell_in_the_last_row_is_read_and_one_in_the_last_column_is_named():
    assert read(cell("<v>1</v>", "A1048576")).rows == {1_048_576: [1]}
    assert refusal(cell("<v>1</v>", "XFD1048576")) == (
        "A sheet may have 200 columns at most, but cell XFD1048576 has something in it."
    )


def test_no_more_rows_elements_and_bytes_are_read_than_the_bounds_allow():
    bounds = readers.editor_bounds()
    book = xlsx_reader.Workbook(io.BytesIO(of_rows("<row/>" * 500_000)), bounds)

    with pytest.raises(SheetError) as error:
        list(book.rows())

    assert error.value.messages == (TOO_MANY_ROWS,)
    assert (bounds.rows, bounds.elements > 350_000) == (-1, True)
    assert refusal(of_rows(hostile_sheets.FILLED + "<x/>" * 500_000)) == TOO_LARGE
    assert refusal(of_rows(" " * 51 * 1024**2)) == TOO_LARGE


def test_a_workbook_is_as_large_as_the_parts_that_are_read():
    picture = "x" * 60 * 1024**2

    content = workbook(hostile_sheets.sheet_markup(hostile_sheets.FILLED), unread=picture)

    assert read(content).rows == {2: ["甲"]}


def test_a_table_of_commas_or_of_blank_lines_is_read_as_what_it_holds():
    assert read(b"name\nx" + b"," * 2_500_000).rows == {2: ["x"]}
    assert refusal(b"name\nx" + b"," * 2_500_000 + b"y") == (
        "A sheet may have 200 columns at most, but cell ELFEW2 has something in it."
    )
    assert refusal(b"name\nx\n" + b"\n" * 200_000) == TOO_MANY_ROWS
    assert refusal(b"name\n" + b" ," * 99 + (b"\n" + b" ," * 99) * 6000).startswith(
        "A sheet may have 120,000 filled cells at most."
    )


def test_a_long_heading_is_refused_and_a_sheet_has_so_many_filled_cells():
    assert refusal(b"x" * 5_000_000) == (f"A heading is longer than 200 characters: “{'x' * 20}…”.")
    full = of_rows(f"<row>{'<c><v>1</v></c>' * 100}</row>" * 1500)
    assert refusal(full) == (
        "A sheet may have 120,000 filled cells at most. Send it in parts, or ask the administrator to load it "
        "with “manage.py load”."
    )


def test_entities_and_other_document_types_are_refused():
    content = workbook(
        hostile_sheets.sheet_markup(hostile_sheets.FILLED).replace("?>", "?><!DOCTYPE x>", 1)
    )

    assert refusal(content) == DAMAGED


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (cell("<v>5</v>"), 5),
        (cell("<v>0.1</v>"), 0.1),
        (cell("<v>912113020000000000</v>"), 912113020000000000),
        (cell("<v>1e999</v>"), Failure("1e999")),
        (cell("<v>1</v>", attributes='t="b"'), True),
        (cell("<v>#N/A</v>", attributes='t="e"'), Failure("#N/A")),
        (cell("<f>A1*2</f><v>4</v>"), Formula("=A1*2")),
        (cell("<f>A1*2</f>"), Formula("=A1*2")),
        (cell("<v>x</v>", attributes='t="str"'), "x"),
        (
            cell(
                "<is><r><t>甲</t></r><r><t>乙</t></r><rPh><t>jia</t></rPh></is>",
                attributes='t="inlineStr"',
            ),
            "甲乙",
        ),
        (cell("<is><t>a_x000D_b</t></is>", attributes='t="inlineStr"'), "a\rb"),
        (shared("<si><r><t>甲</t></r><r><t>乙</t></r><rPh><t>jia</t></rPh></si>"), "甲乙"),
        (cell("<v>99999999999</v>", attributes='s="2"'), Failure("#####")),
        (cell("<v>44317.5</v>", attributes='s="2"'), "2021-05-01 12:00:00"),
        (cell("<v>2021-05-01</v>", attributes='t="d"'), "2021-05-01"),
    ],
)
def test_a_cell_is_read_as_it_is_stored(content, expected):
    found = value(content)

    assert (str(found) if expected == "2021-05-01" else found) == expected


@pytest.mark.parametrize(("format_id", "is_day"), [(14, True), (31, True), (57, True), (2, False)])
@pytest.mark.parametrize(("base", "number"), [("0", 44317), ("1", 42855)])
def test_a_day_is_known_by_the_format_of_its_cell_and_the_day_zero_of_its_workbook(
    format_id, is_day, base, number
):
    styles = (
        f'<styleSheet xmlns="{hostile_sheets.SPREADSHEET}"><cellXfs>'
        f'<xf numFmtId="{format_id}"/></cellXfs></styleSheet>'
    )
    rows = f'{hostile_sheets.HEADING}<row r="2"><c r="A2" s="0"><v>{number}</v></c></row>'
    book = hostile_sheets.book('r:id="rId1"').replace(
        "<sheets>", f'<workbookPr date1904="{base}"/><sheets>'
    )

    found = value(workbook(hostile_sheets.sheet_markup(rows), styles=styles, book=book))

    assert str(found) == ("2021-05-01" if is_day else str(number))


@pytest.mark.parametrize(
    "name",
    [
        "rows-backwards",
        "row-twice",
        "row-beyond",
        "cell-elsewhere",
        "cell-twice",
        "string-1",
        "string--1",
        "no-strings-1",
        "encoding-hex",
        "not-closed",
        "packed-bzip2",
        "without-relations",
        "size-lie",
    ],
)
def test_what_no_spreadsheet_writes_is_a_damaged_workbook(name):
    assert refusal(SHEETS[name]) == DAMAGED


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("old-workbook", "an old workbook (.xls)"),
        ("old-document", "an old document"),
        ("archive-word-document.xml", "a Word document"),
        ("archive-content.xml", "an OpenDocument file (.ods)"),
        ("archive-Index-Document.iwa", "a Numbers document"),
        ("archive-xl-workbook.bin", "a binary workbook (.xlsb)"),
        ("archive-a", "an archive, or a damaged workbook"),
        ("many-entries", "an archive of very many files"),
        ("pdf", "a PDF"),
        ("picture", "a picture"),
        ("web-page", "a web page or XML"),
    ],
)
@pytest.mark.parametrize("file_name", ["a.xlsx", "a.csv", "a"])
def test_a_file_of_another_kind_is_told_by_what_it_is(name, kind, file_name):
    assert refusal(SHEETS[name], file_name) == (
        f"The file is {kind}, whatever its name says. Send a workbook (.xlsx) or a table (.csv)."
    )


def test_a_workbook_with_a_password_is_told_and_a_table_by_its_name_is_not():
    assert refusal(SHEETS["password"], "a.csv") == (
        "The workbook is protected by a password. Save it without one, and send it again."
    )
    assert read("名称\n甲\n".encode(), "a.xlsx").rows == {2: ["甲"]}


def test_a_workbook_is_read_whatever_it_is_called():
    book = Workbook()
    book.active.append(["name"])
    book.active.append(["甲"])
    content = io.BytesIO()
    book.save(content)

    assert read(content.getvalue(), "a.csv").rows == {2: ["甲"]}


def test_a_workbook_whose_sheets_are_all_hidden_is_told():
    assert refusal(SHEETS["hidden-sheets"]) == "The workbook has no sheet of cells that is shown."


@pytest.mark.parametrize("divider", [",", ";", "\t", "|"])
def test_a_first_line_may_say_what_divides_the_cells(divider):
    table = f"sep={divider}\r\nname{divider}note\r\n甲{divider}乙\r\n"

    assert read(table.encode(), "a.csv").rows == {2: ["甲", "乙"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_in_the_encodings_and_line_ends_of_spreadsheets(encoding, end):
    table = f"name\tnote{end}甲\t乙{end}"

    assert read(table.encode(encoding), "a.csv") == Sheet(
        "a.csv", ["name", "note"], {2: ["甲", "乙"]}
    )
