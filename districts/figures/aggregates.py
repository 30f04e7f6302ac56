"""Figures of observations: bounds add up as bounds, within one indicator and status, and no part counts twice."""

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, Sum, When
from django.db.models.lookups import Exact, IsNull
from django.utils.translation import gettext_lazy as _

from districts.models import Indicator, Observation
from shuangta.api.aggregates import Aggregation
from shuangta.api.problems import invalid
from shuangta.query.figures import FUNCTIONS, Figure
from shuangta.records.visibility import may_view

BOUNDS = ("low", "high")
ONE_EACH = ("indicator", "status")
STEPS_TO_A_WHOLE = 5


class ValueFigure(Figure):
    """The values of observations added up: between the sum of the lower bounds and that of the upper ones.

    A sum is null where one of the rows has no such bound, and open where one of its bounds is. A row that is
    part of another one in the group is contained in that one and left out.
    """

    name = "value"

    def __init__(self, user):
        self.user = user
        self.bounds = {name: Figure(Observation._meta.get_field(name), ["sum"]) for name in BOUNDS}

    def prepare(self, rows, groups):
        """The rows, marked where another one in the same group contains them, over however many steps."""
        wholes = rows
        for group in groups:
            is_in_none = Q(**{f"{group}__isnull": True}) & Q(IsNull(OuterRef(group), True))
            wholes = wholes.filter(Q(**{group: OuterRef(group)}) | is_in_none)
        steps = ["__".join(["part_of"] * step) for step in range(1, STEPS_TO_A_WHOLE + 1)]
        contained, between = Q(), Q()
        for step in steps:
            # One lookup by key for each step: of several keys at once SQLite makes a walk through the table.
            contained |= between & Q(Exists(wholes.filter(pk=OuterRef(step))))
            if not may_view(self.user, Observation):
                between &= Q(**{f"{step}__is_published": True})
        return rows.alias(is_part=Q(part_of__isnull=False) & contained)

    def expressions(self):
        summed = Q(is_part=False)
        is_seen = Q(indicator__in=Indicator.objects.visible_to(self.user).values("pk"))
        expressions = {
            self.alias("unit"): Min(Case(When(is_seen, then=F("indicator__unit")))),
            self.alias("summed"): Count("pk", filter=summed),
        }
        for name, bound in self.bounds.items():
            all_stated = Exact(Count(name, filter=summed), Count("pk", filter=summed))
            total = Sum(bound.whole(), filter=summed)
            expressions |= {
                bound.alias("sum"): Case(When(all_stated, then=total)),
                bound.alias("opened"): Count("pk", filter=summed & Q(**{f"{name}_open": True})),
            }
        return expressions

    def sortable(self):
        return {f"sum_{name}": bound.alias("sum") for name, bound in self.bounds.items()}

    def results(self, group):
        sums = {name: bound.result("sum", group) for name, bound in self.bounds.items()}
        opened = {name: group[bound.alias("opened")] > 0 for name, bound in self.bounds.items()}
        return {
            "stated": group["group_size"],
            "not_stated": 0,
            "unit": group[self.alias("unit")],
            **{f"sum_{name}": total for name, total in sums.items()},
            **{f"{name}_open": total is not None and opened[name] for name, total in sums.items()},
            "parts_left_out": group["group_size"] - group[self.alias("summed")],
        }


class ObservationAggregation(Aggregation):
    """Observations add up by ``sum=value`` alone, and only within one indicator and one status."""

    def read_terms(self):
        super().read_terms()
        self.refuse_mixture()

    @classmethod
    def measurable_columns(cls, viewset, function):
        names = [
            name for name in super().measurable_columns(viewset, function) if name not in BOUNDS
        ]
        return ["value", *names] if function == "sum" else names

    def figure(self, name, functions):
        return ValueFigure(self.user) if name == "value" else super().figure(name, functions)

    def names(self, parameter, known):
        asked = self.parameters.get(parameter, "").split(",")
        if parameter in FUNCTIONS and {*asked}.difference(known) & {"value", *BOUNDS}:
            message = _("Between bounds there is no single number. Ask for “sum=value”.")
            raise invalid(parameter, message, "bounds")
        return super().names(parameter, known)

    def refuse_mixture(self):
        """What is counted differently, or is planned here and actual there, adds up to nothing."""
        missing = [name for name in ONE_EACH if name not in {*self.parameters, *self.groups}]
        if missing and self.adds_up():
            message = _(
                "Values add up within one indicator and one status. Add a filter or group by: %s."
            )
            raise invalid("sum", message % ", ".join(missing), "indicator_and_status")

    def adds_up(self):
        return any(isinstance(figure, ValueFigure) for figure in self.figures)

    def serialize_total(self, total):
        """The figures over all groups; no value where these are of several indicators or statuses."""
        figures = super().serialize_total(total)
        if not all(name in self.parameters for name in ONE_EACH):
            figures.pop("value", None)
        return figures
