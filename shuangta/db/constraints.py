"""The database constraints that many tables share, each with the sentence an editor reads."""

from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _


def not_negative(name, field):
    """The number is not below zero; one that is not stated is null."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__gte": 0}) | Q(**{f"{field}__isnull": True}),
        violation_error_message=_("An amount, an area or a count cannot be negative."),
    )


def in_order(name, first, last):
    """The last possible day does not come before the first one, and does not stand without it."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{last}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{last}__gte": F(first)}),
        violation_error_message=_("The last day cannot come before the first day."),
    )


def not_itself(name, field):
    """A row is not its own parent."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__isnull": True}) | ~Q(**{field: F("code")}),
        violation_error_message=_("A record cannot belong to itself."),
    )


def only_column(constraint):
    """The column of which alone a check asks something; None where it compares several."""
    is_check = isinstance(constraint, CheckConstraint)
    columns = set(columns_in(constraint.condition)) if is_check else ()
    return columns.pop() if len(columns) == 1 else None


def columns_in(condition):
    for child in condition.children:
        if isinstance(child, Q):
            yield from columns_in(child)
        else:
            lookup, value = child
            yield lookup.partition("__")[0]
            if isinstance(value, F):
                yield value.name
