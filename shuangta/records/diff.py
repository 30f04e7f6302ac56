"""What differs between two states of a record, in words for an editor."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shuangta.history.tracking import BOOKKEEPING
from shuangta.records.labels import Names, names_records
from shuangta.text.diffs import redline
from shuangta.text.quantities import format_amount

NOTHING = (None, "", [])


@dataclass(frozen=True)
class Difference:
    """One field that two states of a record hold differently."""

    field: str
    label: str
    before: str
    after: str

    @cached_property
    def redline(self):
        """The text with what was struck out and put in, where that is easier to read than two texts."""
        return redline(self.before, self.after)


def diff_states(model, before, after, names=None):
    """The fields of a model that differ between two states, as kept by ``Revision.state``.

    ``names`` are those of the records that the states name; they are looked up where they are not given.
    """
    names = names or Names([(model, before), (model, after)])
    return [
        Difference(
            field=field.name,
            label=capfirst(field.verbose_name),
            before=field_text(before, field, names),
            after=field_text(after, field, names),
        )
        for field in revisioned_fields(model)
        if state_value(before, field) != state_value(after, field)
    ]


def revisioned_fields(model):
    """The fields whose values a change keeps, in the order of the model."""
    skipped = BOOKKEEPING | set(model.derived_fields)
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field for field in fields if field.name not in skipped]


def state_value(state, field):
    """What a state holds in a field; nothing is the same in whichever way it is kept."""
    value = state.get(field.attname)
    return None if value in NOTHING else value


def field_text(state, field, names):
    """What a state holds in a field, as an editor reads it."""
    told, value = field.model.read_state(field, state)
    return value_text(told, value, field.model.unit_of_state(field.name, state), names)


def value_text(field, value, unit=None, names=None):
    """A kept value as an editor reads it; empty where there is none."""
    if value in NOTHING:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "、".join(value_text(field, each, unit, names) for each in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    unit = field.model.units.get(field.name) if unit is None else unit
    if unit is not None:
        return amount_text(value, unit)
    if names and names_records(field):
        return names.of(field.related_model, value)
    if field.related_model is ContentType:
        return str(ContentType.objects.get_for_id(value))
    return str(value)


def amount_text(value, unit):
    """An amount as worded; a reading that is no number stays as it was written."""
    try:
        return format_amount(Decimal(str(value)), unit)
    except InvalidOperation:
        return str(value)
