"""Workbooks (XLSX) read as sheets: the first one that is shown is taken, its cells as they are stored.

The library's reading is the thrifty one, a row at a time; so a workbook that swells when it is unpacked, or says
to have a million rows, costs no more than its size allows.
"""

import re
import warnings
from datetime import date, datetime, time, timedelta
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from shuangta.exchange import cells
from shuangta.exchange.sheets import MOST_COLUMNS, Sheet, SheetError

LARGEST_UNPACKED = 50 * 1024 * 1024
LAST_ROW = 1_048_576
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
NAMED_RANGES = 10


def sheet_in(file):
    refuse_bombs(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what of a workbook the library would not keep
            return read(file)
    except SheetError:
        raise
    except Exception as error:  # the library stumbles over a broken workbook in any way
        raise SheetError(unreadable()) from error


def refuse_bombs(file):
    """Raise SheetError where the file is no zip, or holds more than fits; a zip cannot unpack to more than it says."""
    try:
        with ZipFile(file) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except BadZipFile as error:
        raise SheetError(unreadable()) from error
    if size > LARGEST_UNPACKED:
        raise SheetError(
            _("The workbook is too large. Keep the one sheet in it, or send it in parts.")
        )


def unreadable():
    return _(
        "The file is no workbook that can be read. Open it and save it as .xlsx without a password."
    )


def read(file):
    workbook = load_workbook(file, read_only=True)
    try:
        worksheet = next(each for each in workbook.worksheets if each.sheet_state == "visible")
        worksheet.reset_dimensions()  # what a workbook says of its size need not be so
        with ZipFile(file) as archive:
            # The library tells which cells are merged only of a sheet that it holds whole.
            refuse_merged(archive.read(worksheet._worksheet_path.lstrip("/")))
        rows = worksheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS + 1)
        lines = ([cell_of(each) for each in row] for row in rows)
        return Sheet.of(worksheet.title, enumerate(lines, 1))
    finally:
        workbook.close()


def refuse_merged(xml):
    found = [place.decode() for place in MERGED.findall(xml)]
    if found:
        message = _("Cells are merged: %s. Divide them, and write the value into each.")
        raise SheetError(message % ", ".join(found[:NAMED_RANGES]))


def cell_of(cell):
    """What a cell of the library holds; a moment at midnight is a day."""
    value = cell.value
    if cell.data_type == "f":
        return cells.Formula(str(getattr(value, "text", value)))
    if cell.data_type == "e":
        return cells.Failure(str(value))
    if isinstance(value, str):
        return cells.of_text(unescape(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, datetime | date | time | timedelta):
        return str(value)
    return value
