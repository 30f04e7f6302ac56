"""Values as a citation writes them, whatever the column: 30000000, 2021-05-01, true, the code of a record."""

from datetime import date
from decimal import Decimal

from django.db.models import Model


def canonical(value):
    """How a citation writes a value; a record is written by its code."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if isinstance(value, Model) else str(value)


def values_held(entry, field):
    """What a field holds, by canonical form: nothing, one value, or every element of a relation."""
    held = getattr(entry, field.name)
    values = held.all() if field.many_to_many else [held]
    return {canonical(value): value for value in values if value not in (None, "")}


def uncited(field, held, cited):
    """Those of the held values that lack words: each of a list needs its own, for a single one any words will do."""
    if cited and not field.many_to_many:
        return []
    return [value for value in held if value not in cited]


def written_values(entry, field):
    """The canonical forms of ``values_held``, without reading the records that a column names."""
    if field.many_to_many:
        return {record.pk for record in getattr(entry, field.name).all()}
    value = field.to_python(field.value_from_object(entry))
    return set() if value in (None, "") else {canonical(value)}
