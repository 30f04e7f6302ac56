"""Sheets: headings and rows of cells, as an editor sent them, before anything of them is understood."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuangta.exchange import cells

MOST_ROWS = 5000
MOST_COLUMNS = 200


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
        headings, rows, width = None, {}, 0
        for number, line in lines:
            if all(map(cells.is_empty, line)):
                continue
            width = max(width, filled_width(line))
            if width > MOST_COLUMNS:
                raise SheetError(_("A sheet may have %d columns at most.") % MOST_COLUMNS)
            if headings is None:
                headings = [cells.shown(cell).strip() for cell in line]
                continue
            if len(rows) == MOST_ROWS:
                raise SheetError(too_many())
            rows[number] = line
        if not rows:
            raise SheetError(_("The sheet holds no row below its headings."))
        return cls(
            title, fitted(headings, width, ""), {n: fitted(r, width) for n, r in rows.items()}
        )

    def kept(self):
        """The sheet in JSON."""
        rows = [[number, *map(cells.kept, row)] for number, row in self.rows.items()]
        return {"title": self.title, "headings": self.headings, "rows": rows}

    @classmethod
    def from_kept(cls, kept):
        rows = {number: list(map(cells.from_kept, row)) for number, *row in kept["rows"]}
        return cls(kept["title"], kept["headings"], rows)


def filled_width(line):
    return max(number for number, cell in enumerate(line, 1) if not cells.is_empty(cell))


def fitted(line, width, filling=None):
    """The line with as many cells as the sheet has columns."""
    return [*line[:width], *[filling] * (width - len(line))]


def too_many():
    message = _(
        "A sheet may have %(most)s rows at most. Send it in parts, or ask the administrator to load it "
        "with “manage.py load”."
    )
    return message % {"most": f"{MOST_ROWS:,}"}
