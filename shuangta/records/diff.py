"""What differs between two states of a record, in words for an editor."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shuangta.history.tracking import BOOKKEEPING
from shuangta.records.labels import Names, names_entries
from shuangta.text.diffs import redlined
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
        return redlined(self.before, self.after)


def differences(model, before, after, names=None):
    """The fields of a model that differ between two states, as kept by ``Change.state``.

    ``names`` are those of the records that the states name; they are looked up where they are not given.
    """
    names = names or Names([(model, before), (model, after)])
    return [
        Difference(
            field=field.name,
            label=capfirst(field.verbose_name),
            before=words_in(before, field, names),
            after=words_in(after, field, names),
        )
        for field in kept_fields(model)
        if held(before, field) != held(after, field)
    ]


def kept_fields(model):
    """The fields whose values a change keeps, in the order of the model."""
    skipped = BOOKKEEPING | set(model.derived_fields)
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field for field in fields if field.name not in skipped]


def held(state, field):
    """What a state holds in a field; nothing is the same in whichever way it is kept."""
    value = state.get(field.attname)
    return None if value in NOTHING else value


def words_in(state, field, names):
    """What a state holds in a field, as an editor reads it."""
    told, value = field.model.kept_as(field, state)
    return worded(told, value, field.model.unit_in(field.name, state), names)


def worded(field, value, unit=None, names=None):
    """A kept value as an editor reads it; empty where there is none."""
    if value in NOTHING:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "、".join(worded(field, each, unit, names) for each in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    unit = field.model.units.get(field.name) if unit is None else unit
    if unit is not None:
        return amount(value, unit)
    if names and names_entries(field):
        return names.of(field.related_model, value)
    if field.related_model is ContentType:
        return str(ContentType.objects.get_for_id(value))
    return str(value)


def amount(value, unit):
    """An amount as worded; a reading that is no number stays as it was written."""
    try:
        return format_amount(Decimal(str(value)), unit)
    except InvalidOperation:
        return str(value)
