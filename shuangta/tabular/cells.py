"""Cells: what a spreadsheet holds in one, whichever file it comes in, and what is read from it.

A cell holds nothing (None), a text, a number, a truth value or a day; or it has a fault, and no value is taken.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

MAX_DIGITS = 15
MAX_TEXT_LENGTH = 32_767
"""Characters, as many as a spreadsheet keeps in a cell; only a table has longer ones."""
MAX_WORDS_LENGTH = 200
"""Of what is a number, a day, a choice or a name."""
UNKEPT = re.compile("[\0\ud800-\udfff]")  # no database keeps these
ERROR = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")


class CellError(Exception):
    """A cell cannot be understood; the message tells the editor why, and what to write."""


@dataclass(frozen=True)
class Formula:
    """A cell that computes its value; what it last came to may be stale, or missing."""

    text: str

    def flaw(self):
        message = _("The cell holds a formula (%s). Copy it and paste its value over it.")
        return CellError(message % self.text)


@dataclass(frozen=True)
class Failure:
    """A cell in which the spreadsheet shows an error, such as #REF!."""

    text: str

    def flaw(self):
        return CellError(_("The cell holds an error of the spreadsheet (%s).") % self.text)


def is_empty(cell):
    return cell is None or (isinstance(cell, str) and not cell.strip())


def of_text(text):
    """The cell that a text stands for; the spreadsheet writes its errors as text too."""
    if not text or text.isspace():
        return None
    if UNKEPT.search(text):
        return Failure(UNKEPT.sub("\N{REPLACEMENT CHARACTER}", text))
    return Failure(text) if ERROR.fullmatch(text) else text


def text_in(cell, longest=MAX_TEXT_LENGTH):
    """The text of a cell. Raises CellError where the spreadsheet took what was typed for something else."""
    if isinstance(cell, Formula | Failure):
        raise cell.flaw()
    if isinstance(cell, bool | date):
        message = _(
            "The spreadsheet made “%s” of the text. Format the cell as text and type it again."
        )
        raise CellError(message % cell)
    if isinstance(cell, int | float):
        number = number_in(cell)
        if len(number.as_tuple().digits) > MAX_DIGITS:
            message = _("A spreadsheet keeps 15 digits. Format the cell as text and type it again.")
            raise CellError(message)
        return f"{number:f}"
    if len(cell) > longest:
        message = _("The text is too long for the column: %(count)s characters, %(most)s at most.")
        raise CellError(message % {"count": f"{len(cell):,}", "most": f"{longest:,}"})
    return cell


def number_in(number):
    """The number as the spreadsheet shows it: of its fractions, what lies beyond 15 digits is noise."""
    exact = Decimal(number) if isinstance(number, int) else Decimal(format(number, ".15g"))
    return Decimal(int(exact)) if exact == exact.to_integral_value() else exact


def display_value(cell):
    """The cell as an editor knows it."""
    if isinstance(cell, Formula | Failure):
        return cell.text
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return f"{number_in(cell):f}"
    return "" if cell is None else str(cell)


def stored_value(cell):
    """The cell in JSON."""
    match cell:
        case date():
            return {"day": cell.isoformat()}
        case Formula():
            return {"formula": cell.text}
        case Failure():
            return {"failure": cell.text}
    return cell


def from_stored(value):
    match value:
        case {"day": day}:
            return date.fromisoformat(day)
        case {"formula": text}:
            return Formula(text)
        case {"failure": text}:
            return Failure(text)
    return value
