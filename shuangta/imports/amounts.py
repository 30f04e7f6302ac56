"""Numbers in cells: plain ones, and amounts as people write them (10亿元, 5,000万), in the unit of the column."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuangta.imports.columns import Column
from shuangta.tabular import cells
from shuangta.tabular.cells import CellError
from shuangta.tabular.xlsx_markup import PLAIN
from shuangta.text.quantities import UNITS, parse_amount, parse_quantities, words_around

UNIT_NAMES = {"yuan": gettext_lazy("yuan"), "m2": gettext_lazy("m²")}
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


class NumberColumn(Column):
    """A number without a unit."""

    style = PLAIN
    unit = ""

    def read(self, cell, reading):
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return as_json(cells.number_in(cell))
        text = cells.text_in(cell, cells.MAX_WORDS_LENGTH).strip()
        if PLAIN_NUMBER.fullmatch(text):
            return as_json(Decimal(text))
        unit = self.unit_for(reading)
        amount = self.amount_in(text, unit)
        reading.note(self, text, amount_words(amount, unit))
        return as_json(amount)

    def amount_in(self, text, unit):
        try:
            return parse_amount(text, unit)
        except ValueError as error:
            raise CellError(self.advice(text, unit) or error) from error

    def advice(self, text, unit):
        """What to do with a range, an estimate or a unit, which the column has no room for; None of other texts."""
        stated = parse_quantities(text)
        if len(stated) != 1 or stated[0].wording != text:
            return None
        if stated[0].exact:
            return None if unit else _("Write the number without a unit.")
        return self.advice_on_bounds(text, bounds_in_words(stated[0], stated[0].unit))

    def advice_on_bounds(self, text, bounds):
        message = _(
            "“%(text)s” is not one exact number; it is understood as %(bounds)s. Leave the cell empty, and "
            "enter it as a figure about the record: a figure keeps its bounds."
        )
        return message % {"text": text, "bounds": bounds}

    def unit_for(self, reading):
        """The unit of the column's amounts in this row."""
        return self.unit

    def takes(self):
        return _("A number, such as 1200 or 5,000.")

    def example(self):
        return 3


class AmountColumn(NumberColumn):
    """An amount in the unit that the heading says."""

    def __init__(self, field, model_field, unit):
        super().__init__(field, model_field)
        self.unit = unit

    @property
    def heading(self):
        return _("%(name)s (%(unit)s)") % {"name": self.title, "unit": name_of(self.unit)}

    def names(self):
        units = {self.unit, name_of(self.unit), *words_worth_one(self.unit)}
        for name in super().names():
            yield name
            yield from (f"{name}({unit})" for unit in units)

    def takes(self):
        example = amount_words(Decimal(12_000_000), self.unit)
        message = _("One exact amount in %(unit)s: %(example)s may also be written 1,200万.")
        return message % {"unit": name_of(self.unit), "example": example}

    def example(self):
        return 12_000_000


class BoundColumn(NumberColumn):
    """A bound of a figure, in the unit that another record names."""

    comes_last = True

    def unit_for(self, reading):
        return reading.draft().unit_of(self.name)

    def advice_on_bounds(self, text, bounds):
        message = _(
            "“%(text)s” is not one exact number; it is understood as %(bounds)s. Write it as the wording and "
            "leave the bounds empty: they are read from it."
        )
        return message % {"text": text, "bounds": bounds}

    def takes(self):
        return _(
            "A number in the unit of the indicator. Left empty, the bounds are read from the wording."
        )

    def example(self):
        return None


def words_worth_one(unit):
    return [word for word, factor in UNITS.get(unit, {}).items() if factor == 1]


def name_of(unit):
    """The unit in the language of the editor; what is counted has but its Chinese name."""
    return str(UNIT_NAMES.get(unit, words_around(unit)[1]))


def amount_words(amount, unit):
    """An amount with all its digits, so that an editor sees what 万 and 亿 came to."""
    return f"{amount:,f} {name_of(unit)}".rstrip()


def bounds_in_words(stated, unit):
    """Bounds as an editor reads them at a glance: > 10,000,000,000 元."""
    before = "≈ " if stated.approximate else ""
    if stated.low is None:
        return f"{before}{'<' if stated.high_open else '≤'} {amount_words(stated.high, unit)}"
    if stated.high is None:
        return f"{before}{'>' if stated.low_open else '≥'} {amount_words(stated.low, unit)}"
    if stated.low == stated.high:
        return before + amount_words(stated.low, unit)
    return f"{before}{stated.low:,f}–{amount_words(stated.high, unit)}"


def as_json(number):
    """A whole number as such, another as the fraction that fifteen digits survive in."""
    return int(number) if number == number.to_integral_value() else float(number)
