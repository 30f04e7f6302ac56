"""Aggregates: the rows of a list in groups, with their number and, beside each figure, how many rows state it."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db.models import Count, Window
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from shuangta.api.exports import FORMAT, export_groups, file_format
from shuangta.api.fields import ApiDateField, MomentField, NumberField
from shuangta.api.pagination import ORDERING
from shuangta.api.parameters import FILTERS, NameList, Parameter, endpoint
from shuangta.api.problems import invalid, read_all
from shuangta.api.protocol.costs import limit_cost
from shuangta.api.protocol.etags import answer_conditionally
from shuangta.api.strict_parameters import listed_names
from shuangta.db.keyset import Term
from shuangta.query.figures import FUNCTIONS, Figure, is_measured
from shuangta.query.grouping import groups_of

LIMIT = 100
MAX_LIMIT = 1000
MAX_GROUPINGS = 10
TAKES_NO = _("“%(parameter)s” takes no “%(name)s”.")
MEANINGS = {
    "sum": _("The columns to add up, divided by commas."),
    "avg": _("The columns to take the mean of, divided by commas."),
    "min": _("The columns whose least value is told, divided by commas."),
    "max": _("The columns whose greatest value is told, divided by commas."),
}
"""By function, what its parameter lists."""


class Aggregation:
    """What one request asks of a list: groups, figures, and the order of the groups.

    Raises ValidationError, by parameter, for what it cannot read.
    """

    def __init__(self, view):
        self.view, self.parameters = view, view.parameters
        self.user = view.request.user
        read_all(self.read_terms, self.read_limit)

    def read_terms(self):
        read_all(self.read_groups, self.read_figures)
        self.read_ordering()

    def read_groups(self):
        """The groups, in the order of the request."""
        known = groups_of(self.view.filterset_class)
        names = self.names("group_by", known)
        if len(names) > MAX_GROUPINGS:
            message = _("Rows are grouped by at most %d columns.") % MAX_GROUPINGS
            raise invalid("group_by", message, "too_many")
        self.groups = {name: known[name] for name in names}

    def read_figures(self):
        """The figures, each of one column, in the order of the request."""
        asked = {}

        def read(function):
            asked[function] = self.names(function, self.measurable_columns(self.view, function))

        read_all(*(partial(read, function) for function in FUNCTIONS))
        functions = {}
        for function, names in asked.items():
            for name in names:
                functions.setdefault(name, []).append(function)
        self.figures = [self.figure(name, each) for name, each in functions.items()]

    @classmethod
    def measurable_columns(cls, viewset, function):
        """The names of what the function is computed over."""
        columns = viewset.queryset.model._meta.concrete_fields
        public = viewset.serializer_class.Meta.fields
        return [
            column.name
            for column in columns
            if column.name in public and is_measured(column, function)
        ]

    def figure(self, name, functions):
        return Figure(self.view.queryset.model._meta.get_field(name), functions)

    def names(self, parameter, known):
        """The names in a parameter that lists some of the known ones."""
        text = self.parameters.get(parameter)
        return listed_names(parameter, text, known, TAKES_NO)

    def read_ordering(self):
        """The terms that the request names, then the groups in their own order; nulls come last."""
        groups = {name: alias_of(index) for index, name in enumerate(self.groups)}
        known = groups | {"count": "group_size"}
        for figure in self.figures:
            known |= figure.sortable()
        self.refuse_without_groups("ordering")
        text = self.parameters.get("ordering")
        terms = {}
        for name in listed_names("ordering", text, known, TAKES_NO, may_descend=True):
            alias = known[name.removeprefix("-")]
            terms[alias] = Term(alias, name.startswith("-"), nullable=True)
        for alias in groups.values():
            terms.setdefault(alias, Term(alias, False, nullable=True))
        self.terms = [term.expression(backwards=False) for term in terms.values()]

    def read_limit(self):
        self.refuse_without_groups("limit")
        text = self.parameters.get("limit", str(LIMIT))
        if not (re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= MAX_LIMIT):
            message = _("An answer holds from 1 to %d groups.") % MAX_LIMIT
            raise invalid("limit", message, "out_of_range")
        self.limit = int(text)
        self.export_limit = self.limit if "limit" in self.parameters else None

    def refuse_without_groups(self, parameter):
        if parameter in self.parameters and "group_by" not in self.view.given:
            message = _("There are no groups without “group_by”.")
            raise invalid(parameter, message, "needs_group_by")

    def answer(self, rows):
        """The answer over these rows, in two queries whatever the number of groups."""
        total = self.total(rows)
        groups = []
        if self.groups:
            groups = list(
                self.group_rows(rows).annotate(group_count=Window(Count("*")))[: self.limit]
            )
        count = groups[0]["group_count"] if groups else 0
        return {
            "count": count,
            "rows": total["group_size"],
            "more": count > len(groups),
            "total": {"count": total["group_size"], "figures": self.serialize_total(total)},
            "results": [self.serialize(group) for group in groups],
        }

    def total(self, rows):
        """What is asked, over all rows together."""
        return self.prepare_figures(clear_order(rows), ()).aggregate(**self.expressions())

    def group_rows(self, rows):
        """The groups in their order, each with what is asked of it."""
        aliases = [alias_of(index) for index in range(len(self.groups))]
        rows = clear_order(rows)
        for alias, group in zip(aliases, self.groups.values(), strict=True):
            rows = group.annotate_value(rows, alias, self.user)
        rows = self.prepare_figures(rows, aliases).values(*aliases).annotate(**self.expressions())
        return rows.order_by(*self.terms)

    def prepare_figures(self, rows, aliases):
        for figure in self.figures:
            rows = figure.prepare(rows, aliases)
        return rows

    def expressions(self):
        expressions = {"group_size": Count("pk")}
        for figure in self.figures:
            expressions |= figure.expressions()
        return expressions

    def serialize(self, group):
        values = {
            name: each.serialize(group[alias_of(index)])
            for index, (name, each) in enumerate(self.groups.items())
        }
        return {
            "group": values,
            "count": group["group_size"],
            "figures": self.serialize_figures(group),
        }

    def serialize_total(self, total):
        return self.serialize_figures(total)

    def serialize_figures(self, group):
        return {
            figure.name: {
                name: serialize_value(value) for name, value in figure.results(group).items()
            }
            for figure in self.figures
        }


def serialize_value(value):
    """A figure as a body writes a value of its kind."""
    match value:
        case Decimal():
            return NumberField(max_digits=None, decimal_places=None).to_representation(value)
        case datetime():
            return MomentField().to_representation(value)
        case date():
            return ApiDateField().to_representation(value)
    return value


def read_aggregation(view):
    return view.aggregation


def measurable_by(function):
    return lambda view: view.aggregation_class.measurable_columns(view, function)


GROUPING = [
    NameList(
        "group_by",
        _("Columns, relations, and parts of dates (opened_on__year), divided by commas."),
        read=read_aggregation,
        choices=lambda view: groups_of(view.filterset_class),
    ),
    *(
        NameList(function, meaning, read=read_aggregation, choices=measurable_by(function))
        for function, meaning in MEANINGS.items()
    ),
    NameList("ordering", ORDERING.description, read=read_aggregation),
    Parameter(
        "limit",
        _("How many groups are told at most."),
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
        read_aggregation,
    ),
]


def clear_order(rows):
    return rows.order_by().prefetch_related(None)


def alias_of(index):
    """The name in the query of one group’s value."""
    return f"group_{index}"


class AggregateMixin:
    """``aggregate/`` on a resource; ``aggregation_class`` says what its figures mean."""

    aggregation_class = Aggregation

    @action(detail=False)
    @endpoint(parameters=[*FILTERS, *GROUPING, *FORMAT])
    @answer_conditionally
    def aggregate(self, request):
        if file_format(self):
            rows = self.filter_queryset(self.get_queryset())
            return export_groups(self, self.aggregation, rows)
        return self.groups(request)

    @limit_cost
    def groups(self, request):
        rows = self.filter_queryset(self.get_queryset())
        return Response(self.aggregation.answer(rows))

    @cached_property
    def aggregation(self):
        """What the request asks. Raises ValidationError."""
        return self.aggregation_class(self)
