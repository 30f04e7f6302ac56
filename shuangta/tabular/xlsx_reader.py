"""XLSX (ISO/IEC 29500) read as a stream: the first sheet that is shown, row by row, its cells as they are stored.

The markup passes by in pieces and is counted as it does, so a workbook costs what its ``Bounds`` allow, whatever it
claims to hold. Only filled cells are kept: formatting down to the last row, or far to the right, holds nothing.
"""

import struct
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.utils.translation import gettext as _

from shuangta.tabular.sheets import SheetError, too_many_lines
from shuangta.tabular.xlsx_parts import BookPart, RelationsPart, StringsPart, StylesPart
from shuangta.tabular.xlsx_sheet_part import SheetPart

MERGED_NAMES = 10
CHUNK = 256 * 1024
MAX_TOKEN = 1024 * 1024
"""The longest tag that is waited for: expat before 2.6 reads an unfinished one again with every piece."""
BROKEN = (
    *(BadZipFile, ExpatError, EOFError, IndexError, LookupError, NotImplementedError),
    *(OverflowError, RuntimeError, struct.error, TypeError, ValueError, zlib.error),
)
"""What a damaged, encrypted or forged workbook makes of what unpacks and parses it."""


@dataclass
class Bounds:
    """How much of a workbook is read before it is refused; what is read is taken off."""

    size: int
    elements: int
    rows: int

    def count_bytes(self, count):
        self.size -= count
        if self.size < 0:
            raise too_large()

    def count_element(self):
        self.elements -= 1
        if self.elements < 0:
            raise too_large()

    def count_row(self):
        self.rows -= 1
        if self.rows < 0:
            raise SheetError(too_many_lines())


class Workbook:
    """The workbook in a binary file. Raises SheetError where it cannot be read, also while its rows are."""

    def __init__(self, file, bounds):
        self.bounds = bounds
        with translate_errors():
            self.archive = ZipFile(file)
            self.entries = {
                entry.filename.replace("\\", "/").strip("/").lower(): entry
                for entry in self.archive.infolist()
            }
            self.find_parts()

    def find_parts(self):
        (main, *_others) = self.relations("", "").of_type("officeDocument")
        folder, _slash, name = main.rpartition("/")
        relations = self.relations(folder, name)
        book, sheets = self.take(main, BookPart()), relations.of_type("worksheet")
        shown = [(title, relations.targets[key]) for title, key in book.sheets]
        shown = [(title, path) for title, path in shown if path in sheets]
        if not shown:
            raise SheetError(_("The workbook has no sheet of cells that is shown."))
        self.title, self.path = shown[0]
        styles, strings = StylesPart(), StringsPart()
        for kind, part in (("styles", styles), ("sharedStrings", strings)):
            for path in relations.of_type(kind)[:1]:
                self.take(path, part)
        self.sheet = SheetPart(strings.strings, book.epoch, *styles.days())

    def rows(self):
        """Yield the rows that hold something: the number and the cells, up to the last filled one."""
        with translate_errors():
            for _piece in self.pieces(self.path, self.sheet):
                yield from self.sheet.rows
                self.sheet.rows.clear()
                if len(self.sheet.merged) >= MERGED_NAMES:
                    break
        if self.sheet.merged:
            message = _("Cells are merged: %s. Divide them, and write the value into each.")
            raise SheetError(message % ", ".join(self.sheet.merged[:MERGED_NAMES]))

    def relations(self, folder, name):
        path = f"{folder}/_rels/{name}.rels".lstrip("/")
        return self.take(path, RelationsPart(folder))

    def take(self, path, part):
        for _piece in self.pieces(path, part):
            pass
        return part

    def pieces(self, path, part):
        """Hand a part its markup, and stop after each piece of it."""
        entry = self.entries[path.lower()]
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # the standard knows no other
            raise BadZipFile(f"Compression {entry.compress_type} is not in the standard.")
        parser, size = part.parser(self.bounds), 0
        with self.archive.open(entry) as stream:
            while piece := stream.read(CHUNK):
                self.bounds.count_bytes(len(piece))
                parser.Parse(piece, False)
                size += len(piece)
                if size - parser.CurrentByteIndex > MAX_TOKEN:
                    raise ValueError("No tag of a workbook is this long.")
                yield
        parser.Parse(b"", True)
        yield


@contextmanager
def translate_errors():
    try:
        yield
    except BROKEN as error:
        message = _("The workbook is damaged. Open it in a spreadsheet and save it as .xlsx again.")
        raise SheetError(message) from error


def too_large():
    return SheetError(
        _("The workbook is too large. Keep the one sheet in it, or send it in parts.")
    )
