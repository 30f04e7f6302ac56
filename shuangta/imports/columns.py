"""Columns: what a sheet may say of each row of a model; how a value stands in a cell and is read from it.

A column is a field of the resource's serializer. It takes and gives values as the API's JSON has them.
"""

from functools import cached_property

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shuangta.tabular import cells
from shuangta.tabular.cells import CellError
from shuangta.tabular.csv_reader import MAX_CELL
from shuangta.tabular.xlsx_markup import PLAIN, TEXT

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class Column:
    """A text, on one line; each other kind of column says what is special to it."""

    style = TEXT
    comes_last = False
    """Whether its cells are understood by what the others of the row say."""

    def __init__(self, field, model_field):
        self.field, self.model_field, self.name = field, model_field, model_field.name

    @property
    def title(self):
        return str(capfirst(self.model_field.verbose_name))

    @property
    def heading(self):
        """What stands above the column, in the language of the editor."""
        return self.title

    def names(self):
        """Everything by which a heading may name the column."""
        yield self.name
        for language in LANGUAGES:
            with translation.override(language):
                yield self.title

    @cached_property
    def is_required(self):
        return self.field.required and not self.field.read_only

    def cell(self, value):
        """What stands in a cell for a value."""
        return value

    def prepare(self, readings):
        """Look up at once what the cells of all rows need, once what comes before them is read."""

    def read(self, cell, reading):
        """The value that a filled cell states. Raises CellError where it cannot be understood.

        ``reading`` is the row; what is not taken as it was typed is noted there.
        """
        return cells.text_in(cell).strip()

    def takes(self):
        """What an editor may write in it."""
        return _("Text on one line.")

    def example(self):
        return _("Example")


class TextColumn(Column):
    """A text that may have several lines, kept character for character, a whole page too."""

    def read(self, cell, reading):
        return cells.text_in(cell, MAX_CELL)

    def takes(self):
        return _("Text; it may have several lines.")


class LinesColumn(Column):
    """Several texts, one a line."""

    def cell(self, value):
        return "\n".join(value)

    def read(self, cell, reading):
        return lines_in(cell)

    def takes(self):
        return _("Texts, one a line.")


class KeyColumn(Column):
    """What names the row: a row whose key is there changes that record."""

    @cached_property
    def is_required(self):
        return False

    def takes(self):
        return _("The code of a record that is to be changed. Left empty, a new record is made.")

    def example(self):
        return _("(example)")


class CountedColumn(KeyColumn):
    """A key or a version, which the registry counts by itself."""

    style = PLAIN

    def read(self, cell, reading):
        text = super().read(cell, reading)
        if not text.isdecimal() or not text.isascii():
            raise CellError(
                _("The registry counts these numbers. Leave the cell as it was exported, or empty.")
            )
        return int(text)

    def takes(self):
        return _(
            "Counted by the registry. Leave it as it was exported; in a new row, leave it empty."
        )


class VersionColumn(CountedColumn):
    """The version of the record that the sheet was made from, over which no newer one is written."""

    def example(self):
        return None


def lines_in(cell):
    """The texts that a cell holds one a line."""
    lines = (line.strip() for line in cells.text_in(cell).splitlines())
    return [line for line in lines if line]
