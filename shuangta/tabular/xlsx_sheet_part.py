"""The part of a workbook that holds the cells of a sheet (ISO/IEC 29500)."""

import math
from datetime import date, datetime, time, timedelta

from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape

from shuangta.tabular import cells
from shuangta.tabular.sheets import MAX_COLUMNS, refuse_column
from shuangta.tabular.xlsx_parts import LAST_ROW, Part, text_of_pieces


class SheetPart(Part):
    """The rows of a sheet that hold something: the number and the cells, up to the last filled one."""

    tags = ("row", "c", "v", "f", "t", "rPh", "mergeCell")

    def __init__(self, strings, epoch, days, spans):
        self.strings, self.epoch, self.days, self.spans = strings, epoch, days, spans
        self.rows, self.merged = [], []
        self.row, self.line, self.cell = 0, None, None
        self.column, self.is_phonetic = 0, False

    def open(self, tag, attributes):
        match tag:
            case "c" if self.line is not None:
                self.open_cell(attributes)
            case "v" | "t" if self.cell is not None and not self.is_phonetic:
                self.texts = self.value
            case "f" if self.cell is not None:
                self.formula = self.texts = []
            case "row":
                self.open_row(attributes)
            case "rPh":
                self.is_phonetic = True
            case "mergeCell":
                self.merged.append(attributes["ref"])

    def close(self, tag):
        match tag:
            case "c" if self.cell is not None:
                self.close_cell()
            case "v" | "t" | "f":
                self.texts = None
            case "row":
                if self.line:
                    self.rows.append((self.row, self.line))
                self.line = None
            case "rPh":
                self.is_phonetic = False

    def open_row(self, attributes):
        self.bounds.count_row()
        number = int(attributes.get("r", self.row + 1))
        if not self.row < number <= LAST_ROW:
            raise ValueError("Rows stand in order, and are no more than a sheet has.")
        self.row, self.line, self.column = number, [], 0

    def open_cell(self, attributes):
        column = self.column + 1
        if "r" in attributes:
            letters = attributes["r"].rstrip("0123456789")
            if attributes["r"] != f"{letters}{self.row}":
                raise ValueError("A cell stands in its row.")
            column = column_index_from_string(letters)
        if column <= self.column:
            raise ValueError("Cells stand in order.")
        self.column, self.cell = column, attributes
        self.value, self.formula = [], None

    def close_cell(self):
        value = self.value_of(self.cell)
        self.cell = None
        if value is None:
            return
        if self.column > MAX_COLUMNS:
            refuse_column(self.column, self.row)
        self.line.extend([None] * (self.column - 1 - len(self.line)))
        self.line.append(value)

    def value_of(self, cell):
        """What the cell that ends holds. One that computes its value is told from what it last came to."""
        text = text_of_pieces(self.value)
        if self.formula is not None:
            return cells.Formula(f"={unescape(''.join(self.formula))}")
        if not text:
            return None
        match cell.get("t", "n"):
            case "s":
                return self.text_of(self.strings[self.index_in(text)])
            case "n":
                return self.number_of(text, int(cell.get("s", 0)))
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return cells.Failure(text)
            case "d":
                return day_or_text(datetime.fromisoformat(text.strip()))
        return self.text_of(text)

    def index_in(self, text):
        index = int(text)
        if index < 0:
            raise ValueError("The texts of a workbook are counted from 0.")
        return index

    def text_of(self, text):
        return cells.of_text(unescape(text) if "_x" in text else text)

    def number_of(self, text, style):
        number = int(text) if text.lstrip("-").isdecimal() else float(text)
        if not math.isfinite(number):
            return cells.Failure(text)
        return self.moment_of(number, style) if style in self.days else number

    def moment_of(self, number, style):
        """The day, moment or duration for which the number of days stands."""
        try:
            moment = from_excel(number, self.epoch, timedelta=style in self.spans)
        except (OverflowError, ValueError):  # the spreadsheet shows nothing else for it
            return cells.Failure("#####")
        return day_or_text(moment)


def day_or_text(moment):
    """A moment at midnight is a day; of others only the text is known, which no column takes for a day."""
    if isinstance(moment, datetime) and moment.time() == time():
        return moment.date()
    return str(moment) if isinstance(moment, date | time | timedelta) else moment
