"""The database constraints that many tables share, each with the sentence an editor reads."""

from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _


def not_negative(name, *fields):
    """None of the numbers is below zero; a number that is not stated is null."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__gte": 0}) | Q(**{f"{field}__isnull": True})
    return CheckConstraint(
        name=name,
        condition=condition,
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
