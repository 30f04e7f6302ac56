"""CSV as RFC 4180 has it, in UTF-8, the headings (mostly the names of the fields) in its first line.

How a reader gets the values back:

* An empty cell is null, or the empty text or list where the field knows no null.
* The items of a list stand one a line.
* A text that begins with an apostrophe loses it. A spreadsheet would compute a text that begins, maybe after
  spaces, with ``=``, ``+``, ``-`` or ``@`` (full-width ones too); so those are preceded by an apostrophe, and
  so are the texts that begin with one themselves. Numbers are no texts: ``-5`` stays as it is.
* Truth values are ``true`` and ``false``; days and moments are written as in JSON.
"""

import csv
import io
import re

BOM = b"\xef\xbb\xbf"
IN_NEED_OF_APOSTROPHE = re.compile(r"'|\s*[=+\-@＝＋－＠]")


def csv_lines(headings, batches, with_bom):
    """Yield the table as bytes: its headings with the first batch, then batch by batch."""
    heading = [headings]
    start = BOM if with_bom else b""
    for batch in batches:
        cells = ([cell(value) for value in document.values()] for document in batch)
        yield start + to_csv([*heading, *cells])
        heading, start = [], b""
    if heading:
        yield start + to_csv(heading)


def to_csv(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def cell(value):
    """What stands in the table for a value of JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = "\n".join(value)
    if isinstance(value, str) and IN_NEED_OF_APOSTROPHE.match(value):
        return f"'{value}"
    return value
