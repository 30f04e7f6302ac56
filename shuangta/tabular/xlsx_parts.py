"""The parts of a workbook (ISO/IEC 29500), each with what is taken of it while its markup passes by.

A part gets its elements from expat. A document type is refused, so no entity is ever expanded. How a number of days
and the format of a date are understood is left to openpyxl.
"""

import posixpath
from xml.parsers.expat import ParserCreate

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

MAX_DEPTH = 100
MAX_FORMATS = 10_000
MAX_TEXT = 1_000_000
"""Characters of a cell; a spreadsheet keeps 32,767."""
LAST_ROW = 1_048_576

TRANSITIONAL, STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
SPREADSHEET = (f"{TRANSITIONAL}/spreadsheetml/2006/main", f"{STRICT}/spreadsheetml/main")
RELATIONSHIPS = (f"{TRANSITIONAL}/package/2006/relationships",)
SHEET_KEYS = (
    f"{TRANSITIONAL}/officeDocument/2006/relationships id",
    f"{STRICT}/officeDocument/relationships id",
)

EAST_ASIAN_DATES = frozenset([*range(27, 37), *range(50, 59)])
"""Formats 27 to 36 and 50 to 58 (18.8.30) are dates and times in Chinese, Japanese and Korean spreadsheets."""


class Part:
    """The markup of one part. Raises ValueError where no workbook would hold it."""

    tags = ()
    namespaces = SPREADSHEET

    def parser(self, bounds):
        """The expat parser that hands the part its elements, as far as the bounds allow."""
        self.bounds, self.depth, self.texts = bounds, 0, None
        self.names = {f"{space} {tag}": tag for space in self.namespaces for tag in self.tags}
        parser = ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.refuse_document_type
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.add_text
        return parser

    def refuse_document_type(self, *declaration):
        raise ValueError("A part of a workbook has no document type.")

    def start(self, name, attributes):
        self.bounds.count_element()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError("No part of a workbook is this deep.")
        if name in self.names:
            self.open(self.names[name], attributes)

    def end(self, name):
        self.depth -= 1
        if name in self.names:
            self.close(self.names[name])

    def add_text(self, text):
        if self.texts is not None:
            self.texts.append(text)

    def open(self, tag, attributes):
        """Take an element as it begins."""

    def close(self, tag):
        """Take an element as it ends."""


class RelationsPart(Part):
    """Where the parts are to which a part in a folder refers."""

    tags = ("Relationship",)
    namespaces = RELATIONSHIPS

    def __init__(self, folder):
        self.folder, self.targets, self.types = folder, {}, {}

    def open(self, tag, attributes):
        if attributes.get("TargetMode") != "External":
            path = posixpath.join("/", self.folder, attributes["Target"])
            self.targets[attributes["Id"]] = posixpath.normpath(path).lstrip("/")
            self.types[attributes["Id"]] = attributes["Type"].rpartition("/")[2]

    def of_type(self, kind):
        return [self.targets[key] for key, each in self.types.items() if each == kind]


class BookPart(Part):
    """The sheets that are shown, by name and key, and the day from which days are counted."""

    tags = ("sheet", "workbookPr")

    def __init__(self):
        self.sheets, self.epoch = [], CALENDAR_WINDOWS_1900

    def open(self, tag, attributes):
        if tag == "workbookPr":
            if attributes.get("date1904") in ("1", "true"):
                self.epoch = CALENDAR_MAC_1904
        elif attributes.get("state", "visible") == "visible":
            key = next(attributes[name] for name in SHEET_KEYS if name in attributes)
            self.sheets.append((attributes["name"], key))


class StylesPart(Part):
    """Which styles of cells show a number as a date or time, or as a duration."""

    tags = ("numFmt", "cellXfs", "xf")

    def __init__(self):
        self.formats, self.styles, self.in_cells = dict(BUILTIN_FORMATS), [], False

    def open(self, tag, attributes):
        if tag == "numFmt":
            self.formats[int(attributes["numFmtId"])] = attributes["formatCode"]
            if len(self.formats) > MAX_FORMATS:
                raise ValueError("No workbook has so many formats of numbers.")
        elif tag == "cellXfs":
            self.in_cells = True
        elif self.in_cells:
            self.styles.append(int(attributes.get("numFmtId", 0)))

    def close(self, tag):
        if tag == "cellXfs":
            self.in_cells = False

    def days(self):
        """The styles that show a day, and among them those that show how long something takes."""
        used = set(self.styles)
        days = {each for each in used if is_date_format(self.formats.get(each, ""))}
        days |= EAST_ASIAN_DATES - self.formats.keys()
        spans = {each for each in days if is_timedelta_format(self.formats.get(each, ""))}
        return tuple(
            {number for number, each in enumerate(self.styles) if each in formats}
            for formats in (days, spans)
        )


class StringsPart(Part):
    """The texts that cells share, without their formatting and how they are pronounced."""

    tags = ("si", "t", "rPh")

    def __init__(self):
        self.strings, self.text, self.is_phonetic = [], [], False

    def open(self, tag, attributes):
        if tag == "si":
            self.text = []
        elif tag == "rPh":
            self.is_phonetic = True
        elif not self.is_phonetic:
            self.texts = self.text

    def close(self, tag):
        if tag == "si":
            self.strings.append(text_of_pieces(self.text))
        elif tag == "rPh":
            self.is_phonetic = False
        else:
            self.texts = None


def text_of_pieces(pieces):
    if sum(map(len, pieces)) > MAX_TEXT:
        raise ValueError("No cell holds so much.")
    return "".join(pieces)
