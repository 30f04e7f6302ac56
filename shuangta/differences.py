"""What differs between two states of a record, in words for an editor."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shuangta.history import BOOKKEEPING
from shuangta.quantities import format_amount


@dataclass(frozen=True)
class Difference:
    """One field that two states of a record hold differently."""

    field: str
    label: str
    before: str
    after: str


def differences(model, before, after):
    """The fields of a model that differ between two states, as kept by ``Change.state``."""
    compared = [
        Difference(
            field=field.name,
            label=capfirst(field.verbose_name),
            before=worded(field, before.get(field.attname)),
            after=worded(field, after.get(field.attname)),
        )
        for field in kept_fields(model)
    ]
    return [each for each in compared if each.before != each.after]


def kept_fields(model):
    """The fields whose values a change keeps, in the order of the model."""
    skipped = BOOKKEEPING | set(model.derived_fields)
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field for field in fields if field.name not in skipped]


def worded(field, value):
    """A kept value as an editor reads it; empty where there is none."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "、".join(map(str, value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.name in field.model.units:
        return format_amount(value, field.model.units[field.name])
    return str(value)
