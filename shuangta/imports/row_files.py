"""Files of rows, read a row at a time: NDJSON, tables and workbooks as exports write them, or a JSON list, read whole.

In a table and a workbook the first line names the fields. ``shuangta.api.exports`` says how a value stands in its cell.
"""

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from datetime import date
from io import TextIOWrapper
from itertools import chain

from rest_framework import serializers
from rest_framework.exceptions import ParseError

from shuangta.api.protocol.parsers import document_in
from shuangta.query.suggestions import unknown
from shuangta.tabular import cells
from shuangta.tabular.cells import CellError, Failure, Formula
from shuangta.tabular.csv_reader import Table
from shuangta.tabular.file_types import is_workbook
from shuangta.tabular.sheets import SheetError
from shuangta.tabular.xlsx_reader import Bounds, Workbook

NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?")
TRUTHS = {"true": True, "false": False}
LISTS = (serializers.ListField, serializers.ManyRelatedField)
NUMBERS = (serializers.IntegerField, serializers.DecimalField)
SHEET_ROWS = 1_048_576


class FileError(Exception):
    """A file is no table or list of rows; the message says where."""


def read_numbered_rows(file, fields):
    """Yield the rows of a binary file, each with its place: the line, or in a JSON list the item, counted from 1.

    ``fields`` are those of the serializer, by name. Raises FileError where the file cannot be read on.
    """
    try:
        if is_workbook(file):
            yield from sheet_rows(file, fields)
        else:
            lines = TextIOWrapper(file, encoding=encoding_of(file), newline="")
            try:
                yield from text_rows(lines, fields)
            finally:
                lines.detach()  # who opened the file closes it
    except SheetError as error:
        raise FileError(" ".join(error.messages)) from error
    except UnicodeDecodeError as error:
        raise FileError(
            "The file is neither in UTF-8 nor, with its byte order mark, in UTF-16."
        ) from error


def encoding_of(file):
    """UTF-16 where the file begins with its mark, as texts of Excel do; else UTF-8."""
    start = file.read(len(BOM_UTF16_LE))
    file.seek(0)
    return "utf-16" if start in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8-sig"


def text_rows(lines, fields):
    first = next(lines, "")
    if not first:
        return  # NDJSON of no rows
    lines = chain([first], lines)
    if first.lstrip().startswith("["):
        yield from items("".join(lines))
    elif first.lstrip().startswith("{"):
        yield from documents(lines)
    else:
        yield from table_rows(lines, fields)


def items(text):
    yield from enumerate(document(text, "The list"), 1)


def documents(lines):
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, document(line, f"Line {number}")


def document(text, place):
    try:
        return document_in(text)
    except ParseError as error:
        raise FileError(f"{place}: {error.detail}") from error


def table_rows(lines, fields):
    table = Table(lines)
    names = next_line(table, table.line + 1) or []
    refuse_unknown(names, fields)
    while True:
        number = table.line + 1
        line = next_line(table, number)
        if line is None:
            return
        if not line:
            continue
        if len(line) != len(names):
            raise FileError(f"Line {number} has {len(line)} cells, the first {len(names)}.")
        pairs = zip(names, line, strict=True)
        yield number, {name: value(fields[name], cell.removeprefix("'")) for name, cell in pairs}


def next_line(table, number):
    """The cells of the next line; None at the end."""
    try:
        return next(iter(table), None)
    except csv.Error as error:
        raise FileError(f"Line {number}: {error}.") from error


def sheet_rows(file, fields):
    """The rows of a workbook, of which an operator may load as many as a sheet has."""
    rows = Workbook(file, Bounds(size=2**40, elements=2**40, rows=SHEET_ROWS)).rows()
    _number, headings = next(rows, (0, []))
    names = [cells.display_value(cell) for cell in headings]
    refuse_unknown(names, fields)
    for number, line in rows:
        if len(line) > len(names):
            raise FileError(f"Line {number} has {len(line)} cells, the first {len(names)}.")
        line.extend([None] * (len(names) - len(line)))
        yield number, stored_row(names, line, fields, number)


def stored_row(names, line, fields, number):
    row = {}
    for name, cell in zip(names, line, strict=True):
        try:
            row[name] = stored_value(fields[name], cell)
        except CellError as error:
            raise FileError(f"Line {number}, {name}: {error}") from error
    return row


def stored_value(field, cell):
    """The value of JSON for what a workbook stores. Raises CellError where that is no value."""
    if isinstance(cell, Formula | Failure):
        raise cell.flaw()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool | int | float) and isinstance(
        field, (*NUMBERS, serializers.BooleanField)
    ):
        return cell
    return value(field, "" if cell is None else cells.text_in(cell))


def refuse_unknown(names, fields):
    if not names:
        raise FileError("The file is empty.")
    for name in names:
        if name not in fields:
            message = f"The first line names “{name}”, which is no field."
            raise FileError(unknown(name, fields, message, "unknown_field"))
        if names.count(name) > 1:
            raise FileError(f"The first line names “{name}” twice.")


def value(field, text):
    """The value of JSON that a text stands for; where it stands for none of the field's kind, the text."""
    if text == "":
        return nothing(field)
    if isinstance(field, LISTS):
        return text.splitlines()
    if isinstance(field, serializers.BooleanField):
        return TRUTHS.get(text, text)
    if isinstance(field, NUMBERS) and NUMBER.fullmatch(text):
        return document_in(text)
    return text


def nothing(field):
    """What an empty cell says: null, or the empty list or text where the field knows no null."""
    if isinstance(field, LISTS):
        return []
    if isinstance(field, serializers.CharField) and not (field.allow_null or field.read_only):
        return ""
    return None
