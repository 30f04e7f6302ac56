"""Figures: what a request asks of one column over many rows, and of how many rows nothing is stated."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import BigIntegerField, Count, F, FloatField, Max, Min, Sum
from django.db.models.functions import Cast, Round

FUNCTIONS = ("sum", "avg", "min", "max")
ORDINALS = {"version", "position", "start"}
"""Numbers that say where a row stands: they add up to nothing."""


class Figure:
    """What is asked of one column: its sum, average, least and greatest value."""

    def __init__(self, column, functions):
        self.column, self.functions = column, functions
        self.scale = 10 ** getattr(column, "decimal_places", 0)

    @property
    def name(self):
        return self.column.name

    def alias(self, function):
        """The name of a result in the query; no column is called so."""
        return f"figure_{self.name}_{function}"

    def prepare(self, rows, groups):
        """The rows with all that the expressions rest on; ``groups`` are the aliases of their groups."""
        return rows

    def expressions(self):
        """By alias, what the database computes over the rows of a group."""
        stated = Count(self.name)
        known = {
            "sum": lambda: Sum(self.whole()),
            # Doubles, so that both databases order equal averages as equal; the answer divides exactly.
            "avg": lambda: Cast(Sum(self.whole()), FloatField()) / Cast(stated, FloatField()),
            "min": lambda: Min(self.name),
            "max": lambda: Max(self.name),
        }
        wanted = {"sum", *self.functions} if "avg" in self.functions else self.functions
        return {self.alias("stated"): stated} | {
            self.alias(function): known[function]() for function in wanted
        }

    def whole(self):
        """The value as a whole number of its smallest unit.

        SQLite adds decimals as floating-point numbers; whole ones add up exactly on every database.
        """
        if self.scale == 1:
            return F(self.name)
        return Cast(Round(F(self.name) * self.scale), BigIntegerField())

    def sortable(self):
        """By the name that ``ordering`` knows, the alias to order groups by."""
        return {f"{function}_{self.name}": self.alias(function) for function in self.functions}

    def results(self, group):
        """The figure of a group, from what the database computed and ``group_size``, its number of rows."""
        stated = group[self.alias("stated")]
        return {
            "stated": stated,
            "not_stated": group["group_size"] - stated,
            "unit": self.column.model.units.get(self.name) or None,
        } | {function: self.result(function, group) for function in self.functions}

    def result(self, function, group):
        if group[self.alias("sum" if function == "avg" else function)] is None:
            return None
        if function == "sum":
            return self.total(group)
        if function == "avg":
            average = self.total(group) / group[self.alias("stated")]
            return average.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return group[self.alias(function)]

    def total(self, group):
        """The sum, exactly; None where no row states a value."""
        value = group[self.alias("sum")]
        return None if value is None else Decimal(int(value)) / self.scale


def is_measured(column, function):
    """Whether the function says anything of the column: numbers add up, dates are early or late."""
    if isinstance(column, models.DateField):
        return function in ("min", "max")
    is_number = isinstance(column, models.DecimalField | models.IntegerField)
    return is_number and not column.primary_key and column.name not in ORDINALS
