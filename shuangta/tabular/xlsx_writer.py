"""XLSX: a workbook of one sheet, as ISO/IEC 29500 has it, its rows written as they come.

A number is a number, a day a day, and a text is a text: a code of digits keeps its zeros, and nothing is
computed or made a link. How a reader gets the values back:

* An empty cell is null, or the empty text or list where the field knows no null.
* The items of a list stand one a line.
* Moments are texts, as in JSON: those of a spreadsheet know no zone and no microseconds. So are days before
  March 1900, on whose numbers spreadsheets differ.
* A character that XML has no place for is written as in ``_x000D_``, as the standard says.

No library writes the sheet: those at hand drop or cut long texts without a word, take some texts for
markup or leave files behind, and need several times as long.
"""

import re
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from html import escape
from tempfile import TemporaryFile
from zipfile import ZIP64_LIMIT, ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext as _

from shuangta.tabular.xlsx_markup import (
    AFTER_ROWS,
    BEFORE_COLUMNS,
    BEFORE_ROWS,
    DAY,
    HEADING,
    SHEET,
    TEXT,
    parts_beside_sheet,
)

MAX_ROWS = 1_048_575  # besides the heading
MAX_TEXT_LENGTH = 32_767  # in units of UTF-16
DAY_ZERO = date(1899, 12, 30)
FIRST_DAY = "1900-03-01"
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MAX_NAME_LENGTH = 31  # in units of UTF-16
USUAL_WIDTH, NARROW_WIDTH = 20, 12


class WorkbookError(Exception):
    """What no workbook holds; ``code`` says why to programs, the message to people."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def write_workbook(name, columns, batches):
    """A temporary file with the workbook, which is gone once it is closed, or its process has ended.

    Raises a WorkbookError for what no workbook holds.
    """
    with ExitStack() as until_written:
        file = until_written.enter_context(TemporaryFile())
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=3) as archive:
            for path, text in parts_beside_sheet(escape(sheet_name(name))).items():
                archive.writestr(path, text)
            with archive.open(SHEET, "w") as sheet:
                write_sheet(sheet, sheet_parts(columns, batches))
        file.seek(0)
        until_written.pop_all()
    return file


def sheet_name(text):
    """The text as a name that Excel lets a sheet have: it calls a workbook with any other broken."""
    text = NOT_IN_NAMES.sub("_", text).strip(" '")
    cut = text.encode("utf-16-le")[: 2 * MAX_NAME_LENGTH].decode("utf-16-le", "ignore")
    return cut.rstrip(" '") or _("Rows")


def write_sheet(sheet, parts):
    size = 0
    for part in parts:
        size += len(part)
        if size > ZIP64_LIMIT:  # a zip may be larger, but Excel calls such a one broken
            message = _("The list is too large for a workbook. Narrow it, or take CSV.")
            raise WorkbookError(message, "too_large")
        sheet.write(part)


@dataclass(frozen=True)
class SheetColumn:
    """What stands below one heading of the sheet: the value that each document holds by a name."""

    name: str
    heading: str
    style: int

    def width(self):
        """In narrow characters; those of Chinese are twice as wide."""
        usual = USUAL_WIDTH if self.style == TEXT else NARROW_WIDTH
        return max(usual, sum(1 if each.isascii() else 2 for each in self.heading) + 3)

    def xml(self, number):
        place = f'min="{number}" max="{number}" style="{self.style}"'
        return f'<col {place} width="{self.width()}" customWidth="1"/>'


def letters(number):
    """How a sheet calls its columns: A to Z, then AA."""
    before, last = divmod(number - 1, 26)
    return (letters(before) if before else "") + chr(ord("A") + last)


def sheet_parts(columns, batches):
    """Yield the XML of the sheet as bytes."""
    places = [(letters(number), column) for number, column in enumerate(columns, 1)]
    heading = "".join(text_cell(f"{place}1", each.heading, HEADING) for place, each in places)
    widths = "".join(column.xml(number) for number, column in enumerate(columns, 1))
    yield f"{BEFORE_COLUMNS}{widths}{BEFORE_ROWS}".encode()
    yield f'<row r="1">{heading}</row>\n'.encode()
    row = 1
    for batch in batches:
        lines = []
        for document in batch:
            row += 1
            cells = "".join(
                [cell(each, f"{place}{row}", document[each.name]) for place, each in places]
            )
            lines.append(f'<row r="{row}">{cells}</row>\n')
        yield "".join(lines).encode()
    yield AFTER_ROWS.encode()


def cell(column, place, value):
    """The XML of one value of JSON; none where the cell is empty."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    if column.style == DAY and value >= FIRST_DAY:
        days = (date.fromisoformat(value) - DAY_ZERO).days
        return f'<c r="{place}" s="{DAY}"><v>{days}</v></c>'
    text = "\n".join(value) if isinstance(value, list) else value
    if is_too_long(text):
        message = _("“%(name)s” of row %(row)d is too long for a cell. Leave it out, or take CSV.")
        row = int(re.sub("[A-Z]", "", place)) - 1
        raise WorkbookError(message % {"name": column.heading, "row": row}, "too_long")
    return text_cell(place, text, TEXT)


def is_too_long(text):
    return len(text) > MAX_TEXT_LENGTH // 2 and len(text.encode("utf-16-le")) > 2 * MAX_TEXT_LENGTH


def text_cell(place, text, style):
    text = UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", escape(text, quote=False))
    preserved = f'<t xml:space="preserve">{text}</t>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is>{preserved}</is></c>'
