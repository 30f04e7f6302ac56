"""Reading: what the rows of a sheet say, each as a body for the plan, with what was understood and what was not."""

from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from shuangta.api.writes.natural_keys import NaturalKeys
from shuangta.history.models import RevisionedModel
from shuangta.imports.amounts import amount_words, as_json
from shuangta.imports.layout import Layout, in_every_language, normal
from shuangta.imports.references import ReferenceColumn, ReferencesColumn
from shuangta.imports.row_files import nothing
from shuangta.imports.sheet_rows import SheetRows
from shuangta.tabular import cells
from shuangta.tabular.cells import CellError

ROWS_AT_ONCE = 1000


@dataclass
class RowReading:
    """One row of a sheet, as far as it is understood."""

    number: int
    model: type
    record: RevisionedModel | None
    """The record that the row names and the user may see."""
    cells: dict
    body: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    """What is not taken as it was typed: the title of the column, the text, and what was understood."""
    flaws: dict = field(default_factory=dict)
    """Why the cells of columns cannot be understood, by field. Such a field is given its flaw for a value."""

    def note(self, column, text, understood):
        self.notes.append([column.title, text, understood])

    def draft(self):
        """The record as the row would have it, as far as that is known; nothing of it is checked or stored."""
        values = {}
        for column in self.model._meta.concrete_fields:
            if column.name in self.body and column.related_model is not ContentType:
                value = self.body[column.name]
            else:
                value = getattr(self.record, column.attname, column.get_default())
            if not isinstance(value, CellError):
                values[column.attname] = value
        return self.model(**values)


class Reader:
    """Reads the rows of one sheet for the user of a view. Raises SheetError where its headings cannot be taken."""

    def __init__(self, view, sheet):
        self.view, self.model, self.sheet = view, view.queryset.model, sheet
        self.layout = Layout(view)
        self.columns = self.layout.recognise(sheet)
        in_order = sorted(filter(None, self.columns), key=attrgetter("comes_last"))
        self.in_order = [each for each in in_order if each.name != self.layout.key]
        self.own = [
            each
            for each in self.in_order
            if isinstance(each, ReferenceColumn) and each.model_field.related_model is self.model
        ]
        """The columns whose cells name records of the sheet's own model."""
        self.examples = []
        """The numbers of the rows that are passed over because they are the example of the template."""

    def readings(self):
        rows = [(number, self.cells_by_name(row)) for number, row in self.sheet.rows.items()]
        self.examples = [number for number, row in rows if self.is_example(row)]
        rows = [(number, row) for number, row in rows if number not in self.examples]
        keys = {number: self.key_in(row) for number, row in rows}
        records = self.records(
            {key for key in keys.values() if not isinstance(key, CellError)} - {None}
        )
        readings = [
            RowReading(number, self.model, records.get(keys[number]), row) for number, row in rows
        ]
        for reading in readings:
            if keys[reading.number] is not None:
                self.state(reading, self.layout.key, keys[reading.number])
        self.read_columns(readings, [each for each in self.in_order if each not in self.own])
        self.read_own(readings)
        for reading in readings:
            self.read_wording(reading)
        self.find_by_words([reading for reading in readings if reading.record is None])
        return readings

    def find_by_words(self, readings):
        """Let rows that name a record by its natural key clear what they leave empty in it."""
        describe = self.view.serializer_class(
            context={"request": self.view.request}
        ).to_representation
        natural_keys = NaturalKeys(self.model, describe)
        keys = natural_keys.candidates([reading.body for reading in readings])
        natural_keys.collect(self.records(keys).values())
        for reading in readings:
            reading.record = natural_keys.find(reading.body)
            if reading.record:
                for column in self.in_order:
                    if cells.is_empty(reading.cells[column.name]):
                        self.read_cell(reading, column, None)

    def cells_by_name(self, row):
        pairs = zip(self.columns, row, strict=True)
        return {column.name: cell for column, cell in pairs if column is not None}

    def is_example(self, row):
        """Whether the row still says what the template's does; to which records it refers makes no difference."""
        return says_example(row.get(self.layout.key)) and all(
            cells.is_empty(cell)
            or cells.display_value(cell) == cells.display_value(column.example())
            for column, cell in ((self.layout.columns[name], cell) for name, cell in row.items())
            if not isinstance(column, ReferenceColumn)
        )

    def key_in(self, row):
        """The key that the row gives its record, None where it gives none; or why it cannot be read."""
        cell = row.get(self.layout.key)
        if cells.is_empty(cell):
            return None
        if says_example(cell):
            message = _(
                "This was the example of the template. Empty the cell to import the row, or delete the row."
            )
            return CellError(message)
        try:
            return self.layout.columns[self.layout.key].read(cell, None)
        except CellError as flaw:
            return flaw

    def records(self, keys):
        """The records that the user may see, by key."""
        found, keys = {}, sorted(keys)
        for start in range(0, len(keys), ROWS_AT_ONCE):
            rows = self.view.rows_for(self.view.request.user)
            found |= {row.pk: row for row in rows.filter(pk__in=keys[start : start + ROWS_AT_ONCE])}
        return found

    def read_columns(self, readings, columns):
        for column in columns:
            column.prepare(readings)
            for reading in readings:
                self.read_cell(reading, column, reading.cells[column.name])

    def read_own(self, readings):
        """Read the cells that name records of the sheet's own model, which its rows may bring or rename."""
        is_named = any(
            not cells.is_empty(reading.cells[column.name])
            for reading in readings
            for column in self.own
        )
        if is_named:
            rows = SheetRows(self.layout.key, readings)
            self.layout.directory.sheet_rows[self.model] = rows
            to_one = [each for each in self.own if not isinstance(each, ReferencesColumn)]
            readings = rows.in_order(to_one)
        for column in self.own:
            column.prepare(readings)
        for reading in readings:
            for column in self.own:
                self.read_cell(reading, column, reading.cells[column.name])
        if is_named:
            rows.state_codes()

    def read_cell(self, reading, column, cell):
        """Take what the cell says. In a new row an empty one says nothing; in a record's it clears the field."""
        try:
            if not cells.is_empty(cell):
                reading.body[column.name] = column.read(cell, reading)
            elif reading.record and not column.field.read_only:
                reading.body.setdefault(column.name, nothing(column.field))
        except CellError as flaw:
            self.state(reading, column.name, flaw)

    def state(self, reading, name, value):
        reading.body[name] = value
        if isinstance(value, CellError):
            reading.flaws[name] = str(value)

    def read_wording(self, reading):
        """Fill the columns that the row leaves empty with what its own words state."""
        draft = reading.draft()
        stated = {} if reading.flaws else draft.values_as_worded()
        for name, value in stated.items():
            is_amount = isinstance(value, Decimal)
            reading.body[name] = as_json(value) if is_amount else value
            if value:
                words = amount_words(value, draft.unit_of(name)) if is_amount else _("Yes")
                reading.note(self.layout.columns[name], "", words)


def says_example(cell):
    return isinstance(cell, str) and normal(cell) in in_every_language(lambda: _("(example)"))
