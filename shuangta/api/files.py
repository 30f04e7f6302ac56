"""Files of rows, read a row at a time: NDJSON, CSV as exports write it, or one JSON list, which is read whole.

In CSV the first line names the fields. ``shuangta.api.exports.tables`` says how a value stands in its cell.
"""

import csv
import re
from itertools import chain

from rest_framework import serializers
from rest_framework.exceptions import ParseError

from shuangta.api.parsers import document_in
from shuangta.api.problems import unknown

LONGEST_CELL = 10_000_000  # characters; a whole page fits
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?")
TRUTHS = {"true": True, "false": False}
LISTS = (serializers.ListField, serializers.ManyRelatedField)
NUMBERS = (serializers.IntegerField, serializers.DecimalField)


class FileError(Exception):
    """A file is no table or list of rows; the message says where."""


def numbered_rows(lines, fields):
    """Yield the rows of a file, each with its place: the line, or in a JSON list the item, counted from 1.

    ``lines`` are those of the file, their ends untouched; ``fields`` are those of the serializer, by name. Raises
    FileError where the file cannot be read on.
    """
    lines = iter(lines)
    first = next(lines, "")
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
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, strict=True)
    names = table_line(reader, 1)
    refuse_unknown(names, fields)
    while True:
        number = reader.line_num + 1
        cells = table_line(reader, number)
        if cells is None:
            return
        if not cells:
            continue
        if len(cells) != len(names):
            raise FileError(f"Line {number} has {len(cells)} cells, the first {len(names)}.")
        yield (
            number,
            {name: value(fields[name], cell) for name, cell in zip(names, cells, strict=True)},
        )


def table_line(reader, number):
    """The next cells of a table; None at its end."""
    try:
        return next(reader, None)
    except csv.Error as error:
        raise FileError(f"Line {number}: {error}.") from error


def refuse_unknown(names, fields):
    if not names:
        raise FileError("The file is empty.")
    for name in names:
        if name not in fields:
            message = f"The first line names “{name}”, which is no field."
            raise FileError(unknown(name, fields, message, "unknown_field"))
        if names.count(name) > 1:
            raise FileError(f"The first line names “{name}” twice.")


def value(field, cell):
    """The value of JSON that a cell holds; where it holds none of the field's kind, its text."""
    if cell == "":
        return nothing(field)
    text = cell.removeprefix("'")
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
