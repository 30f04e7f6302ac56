"""How a quote is read, and when its reading agrees with the column that it is evidence for."""

from django.db import models

from seeds.evidence.canonical import canonical
from shuangta.text.dates import parse_dates
from shuangta.text.folding import fold
from shuangta.text.quantities import UNITS, parse_quantities

QUOTATION_MARKS = str.maketrans("", "", "“”‘’「」『』《》\"'")


def agree(quotes, reads):
    """Whether each quote states the value: alone, or joined with the next over a column break."""
    return not quotes or any(
        reads("".join(quotes[:size])) and agree(quotes[size:], reads)
        for size in range(1, len(quotes) + 1)
    )


def states(entry, field, value, words, year, reviewed):
    """Whether the words, printed in this year, state the value that the record's field holds."""
    own_reading = entry.reads(field.name, words, year)
    if own_reading is not None:
        return own_reading
    if field.choices or isinstance(field, models.BooleanField):
        column = f"{entry._meta.label_lower}.{field.name}"
        return reviewed.reads(column, canonical(value), words)
    if isinstance(field, models.DateField):
        return states_date(entry, field, words, year)
    if isinstance(field, models.DecimalField | models.IntegerField):
        return states_number(entry.units.get(field.name), value, words)
    if field.is_relation:
        return holds_any(words, names_of(value))
    return holds_any(words, names_of(entry) if field.name == "name" else [value])


def states_date(entry, field, words, year):
    """Whether one date of the words has the bounds of the column and its last possible day.

    A column without such a partner is the start or the end of a period, and is either bound.
    """
    first_name = field.name.removesuffix("_latest")
    first, latest = getattr(entry, first_name), f"{first_name}_latest"
    dates = parse_dates(words, year)
    if hasattr(entry, latest):
        bounds = (first, getattr(entry, latest) or first)
        return [(each.first, each.last) for each in dates].count(bounds) == 1
    return [first in (each.first, each.last) for each in dates].count(True) == 1


def states_number(unit, value, words):
    """Whether exactly one quantity is the value: in the column's unit, or a count where it has none."""
    return exact_quantities(unit, words).count(value) == 1


def exact_quantities(unit, words):
    """The exact quantities of the words in a column's unit; counts of anything where it has none."""
    return [
        each.low
        for each in parse_quantities(words)
        if each.exact and (each.unit == unit or (not unit and each.unit not in UNITS))
    ]


def read_out(entry, field, words, year, reviewed):
    """The one value that the words state for a field by themselves, in canonical form; None where no rule reads it.

    Numbers, dates and the words for choices are read; a name is only ever compared.
    """
    if field.choices or isinstance(field, models.BooleanField):
        found = reviewed.values_read(f"{entry._meta.label_lower}.{field.name}", words)
    elif isinstance(field, models.DateField):
        is_latest = field.name.endswith("_latest")
        dates = parse_dates(words, year)
        found = {canonical(each.last if is_latest else each.first) for each in dates}
    elif isinstance(field, models.DecimalField | models.IntegerField):
        found = set(map(canonical, exact_quantities(entry.units.get(field.name), words)))
    else:
        found = set()
    return found.pop() if len(found) == 1 else None


def holds_any(words, names):
    """Whether one of the names stands in the words, in either script, with or without quotation marks."""
    return any(strip_measure(name) in strip_measure(words) for name in names)


def strip_measure(text):
    return fold(text).translate(QUOTATION_MARKS)


def names_of(entry):
    """Everything that a source may call the record."""
    columns = [getattr(entry, column, None) for column in ("name", "official_name", "aliases")]
    return [name for column in columns if column for name in column.splitlines() if name]
