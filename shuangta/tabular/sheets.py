"""Sheets: headings and rows of cells, as an editor sent them, before anything of them is understood."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuangta.tabular import cells
from shuangta.tabular.xlsx_writer import letters

MAX_ROWS = 5000
MAX_COLUMNS = 200
MAX_CELLS = 120_000
MAX_HEADING = 200


class SheetError(Exception):
    """A sheet cannot be taken as a whole; the messages tell the editor why."""

    def __init__(self, *messages):
        super().__init__(*messages)
        self.messages = messages


@dataclass(frozen=True)
class Sheet:
    """What an editor sent: a title, the headings, and the rows by their numbers in the spreadsheet."""

    title: str
    headings: list
    rows: dict

    @classmethod
    def of(cls, title, lines):
        """The sheet that numbered lines of cells make. The first that is not blank holds the headings."""
        headings, rows, width, count = None, {}, 0, 0
        for number, line in lines:
            filled = [place for place, cell in enumerate(line, 1) if not cells.is_empty(cell)]
            if not filled:
                continue
            if filled[-1] > MAX_COLUMNS:
                refuse_column(filled[-1], number)
            width, count = max(width, filled[-1]), count + len(filled)
            if count > MAX_CELLS:
                raise SheetError(too_many_cells())
            if headings is None:
                headings = [heading_in(cell) for cell in line]
                continue
            if len(rows) == MAX_ROWS:
                raise SheetError(too_many_rows())
            rows[number] = line
        if not rows:
            raise SheetError(_("The sheet holds no row below its headings."))
        return cls(
            title,
            fit_columns(headings, width, ""),
            {n: fit_columns(r, width) for n, r in rows.items()},
        )

    def to_json(self):
        """The sheet in JSON."""
        rows = [[number, *map(cells.stored_value, row)] for number, row in self.rows.items()]
        return {"title": self.title, "headings": self.headings, "rows": rows}

    @classmethod
    def from_json(cls, kept):
        rows = {number: list(map(cells.from_stored, row)) for number, *row in kept["rows"]}
        return cls(kept["title"], kept["headings"], rows)


def heading_in(cell):
    heading = cells.display_value(cell).strip()
    if len(heading) > MAX_HEADING:
        message = _("A heading is longer than %(most)d characters: “%(start)s…”.")
        raise SheetError(message % {"most": MAX_HEADING, "start": heading[:20]})
    return heading


def fit_columns(line, width, filling=None):
    """The line with as many cells as the sheet has columns."""
    return [*line[:width], *[filling] * (width - len(line))]


def refuse_column(column, row):
    message = _("A sheet may have %(most)d columns at most, but cell %(cell)s has something in it.")
    raise SheetError(message % {"most": MAX_COLUMNS, "cell": f"{letters(column)}{row}"})


def too_many_rows():
    message = _(
        "A sheet may have %(most)s rows at most. Send it in parts, or ask the administrator to load it "
        "with “manage.py load”."
    )
    return message % {"most": f"{MAX_ROWS:,}"}


def too_many_cells():
    message = _(
        "A sheet may have %(most)s filled cells at most. Send it in parts, or ask the administrator to load it "
        "with “manage.py load”."
    )
    return message % {"most": f"{MAX_CELLS:,}"}


def too_many_lines():
    return _(
        "The sheet goes on for too many rows, most of them empty. Delete the empty rows below the last filled "
        "one, or copy the filled cells into a new workbook."
    )
