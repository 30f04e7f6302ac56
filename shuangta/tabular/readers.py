"""Readers: what an editor sends or pastes, read as a sheet.

CSV may be in UTF-8 or UTF-16 or, as Excel writes it in China, in GB 18030.
"""

import codecs
import csv
import io

from django.utils.translation import gettext as _

from shuangta.tabular import cells
from shuangta.tabular.csv_reader import Table
from shuangta.tabular.file_types import is_workbook
from shuangta.tabular.sheets import (
    MAX_COLUMNS,
    Sheet,
    SheetError,
    refuse_column,
    too_many_cells,
    too_many_lines,
)
from shuangta.tabular.xlsx_reader import Bounds, Workbook

MAX_SIZE = 5 * 1024 * 1024
MAX_LINES = 100_000
MAX_TABLE_CELLS = 500_000  # empty ones too
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def editor_bounds():
    """What is read of an editor's workbook: it takes less than a second."""
    return Bounds(size=50 * 1024**2, elements=500_000, rows=MAX_LINES)


def read_sheet(file):
    """The sheet in an uploaded workbook or table. Raises SheetError where it cannot be read."""
    if file.size > MAX_SIZE:
        message = _("The file is larger than %d MB. Send it in parts.")
        raise SheetError(message % (MAX_SIZE // 1024**2))
    if is_workbook(file):
        workbook = Workbook(file, editor_bounds())
        return Sheet.of(workbook.title, workbook.rows())
    return sheet_in_table(text_of(file.read()), file.name, has_apostrophes=True)


def read_pasted(text):
    """The sheet in cells that were copied from a spreadsheet."""
    return sheet_in_table(text, "", has_apostrophes=False)


def text_of(content):
    encodings = ["utf-16"] if content.startswith(UTF_16) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError(
        _("The table is neither in UTF-8 nor in GB 18030. Save it as a workbook (.xlsx).")
    )


def sheet_in_table(text, title, *, has_apostrophes):
    table = Table(io.StringIO(text, newline=""))
    try:
        return Sheet.of(title, skip_empty_lines(table, has_apostrophes))
    except csv.Error as error:
        message = _("Line %(line)d cannot be divided into cells (%(error)s).")
        raise SheetError(message % {"line": table.line, "error": error}) from error


def skip_empty_lines(table, has_apostrophes):
    """The lines that hold something, each with its number in the spreadsheet, up to the last column of a sheet."""
    count = 0
    for number, line in enumerate(table, 1):
        if number > MAX_LINES:
            raise SheetError(too_many_lines())
        if any(line):
            line = limit_columns(line, number)
            count += len(line)
            if count > MAX_TABLE_CELLS:
                raise SheetError(too_many_cells())
            yield number, [cell_of(text, has_apostrophes) for text in line]


def limit_columns(line, number):
    beyond = line[MAX_COLUMNS:]
    if "".join(beyond).strip():
        place = next(place for place, text in enumerate(beyond, MAX_COLUMNS + 1) if text.strip())
        refuse_column(place, number)
    return line[:MAX_COLUMNS]


def cell_of(text, has_apostrophes):
    """The cell that a text is. In a file, an apostrophe before a text keeps a spreadsheet from computing it."""
    text = text.replace("\r\n", "\n")
    return cells.of_text(text.removeprefix("'") if has_apostrophes else text)
