"""Facets: the values that a list can be narrowed to, each with its number of rows and the address that chooses it."""

from urllib.parse import urlencode

from django.apps import apps
from django.db.models import BooleanField, Count, F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from shuangta.api.parameters import FILTERS, NameList, endpoint
from shuangta.api.protocol.costs import limit_cost
from shuangta.api.protocol.etags import answer_conditionally
from shuangta.query.filters import Narrowing
from shuangta.query.grouping import TypeGroup, groups_of, related_model, visible_values

MAX_VALUES = 100


class Facet:
    """One column of a list under the parameters of a request: its values, and what choosing them asks for."""

    def __init__(self, name, group, known, parameters):
        self.name, self.group, self.column = name, group, group.column
        self.takes_several = f"{name}__in" in known
        own = {name, f"{name}__in", f"{name}__not", f"{name}__isnull"}
        self.others = {key: text for key, text in parameters.items() if key not in own}
        self.is_chosen = len(self.others) < len(parameters)
        self.null_is_chosen = parameters.get(f"{name}__isnull") == "true"
        one, several = parameters.get(name), parameters.get(f"{name}__in", "")
        self.chosen = [one] if one else list(dict.fromkeys(filter(None, several.split(","))))

    def counts(self, rows, user):
        """The values in these rows with their numbers, the most frequent first; one more than are told."""
        if self.group.relation:
            rows = rows.filter(related_model(rows.model, self.group.relation, user))
        rows = self.group.annotate_value(
            rows.order_by().prefetch_related(None), "facet_value", user
        )
        if self.leads_to_records():
            visible = Q(facet_value__in=visible_values(self.column.related_model, user))
            rows = rows.filter(visible | Q(facet_value__isnull=True))
        counted = rows.values("facet_value").annotate(facet_count=Count("pk"))
        frequent = counted.order_by("-facet_count", F("facet_value").asc(nulls_last=True))
        return list(frequent.values_list("facet_value", "facet_count")[: MAX_VALUES + 1])

    def leads_to_records(self):
        return self.column.is_relation and not isinstance(self.group, TypeGroup)

    def labels(self, values):
        """By value, the words for it in the language of the request."""
        labels = {value: str(value) for value in values}
        if isinstance(self.column, BooleanField):
            labels |= {True: gettext("Yes"), False: gettext("No")}
        elif isinstance(self.group, TypeGroup):
            labels = {value: str(apps.get_model(value)._meta.verbose_name) for value in values}
        elif self.leads_to_records():
            labels |= names_of(self.column.related_model, values)
        else:
            labels |= {value: str(label) for value, label in self.column.flatchoices}
        return labels | {None: gettext("Not stated")}

    def is_selected(self, value):
        return self.null_is_chosen if value is None else as_parameter(value) in self.chosen

    def toggle_value(self, value):
        """The parameters that choose the value as well or, where it is chosen, give it up.

        No list of values holds the null, nor does a truth value take a list: there one replaces the other.
        """
        if value is None:
            return self.others | ({} if self.null_is_chosen else {f"{self.name}__isnull": "true"})
        text = as_parameter(value)
        chosen = [each for each in self.chosen if each != text and self.takes_several]
        if text not in self.chosen:
            chosen.append(text)
        if len(chosen) > 1:
            return self.others | {f"{self.name}__in": ",".join(chosen)}
        return self.others | ({self.name: chosen[0]} if chosen else {})


FACETS = NameList(
    "facets",
    _("The columns whose values are counted, divided by commas."),
    read=lambda view: view.asked_facets,
    choices=lambda view: view.known_facets(),
)


class FacetsMixin:
    """``facets/`` on a resource. A facet is not narrowed by its own filters, so that the alternatives show."""

    @action(detail=False)
    @endpoint(parameters=[*FILTERS, FACETS])
    @answer_conditionally
    @limit_cost
    def facets(self, request):
        rows = self.filter_queryset(self.get_queryset())
        return Response(
            {
                "rows": rows.order_by().count(),
                "facets": {
                    facet.name: self.serialize_facet(facet, rows) for facet in self.asked_facets
                },
            }
        )

    @classmethod
    def known_facets(cls):
        """By name, every choice, truth value and relation by which the resource is filtered."""
        return {
            name: group
            for name, group in groups_of(cls.filterset_class).items()
            if name in cls.filterset_class.base_filters and is_facet(group.column)
        }

    @cached_property
    def asked_facets(self):
        """The facets that the request names, or those of the resource's own columns."""
        known = self.known_facets()
        own = [name for name in known if name in self.serializer_class.Meta.fields]
        names = self.read_names("facets", known) or own
        parameters = {name: text for name, text in self.parameters.items() if name != "facets"}
        filters = self.filterset_class.base_filters
        return [Facet(name, known[name], filters, parameters) for name in names]

    def serialize_facet(self, facet, rows):
        if facet.is_chosen:
            rows = self.without_own_filters(facet)
        counts = facet.counts(rows, self.request.user)
        shown = counts[:MAX_VALUES]
        labels = facet.labels([value for value, count in shown if value is not None])
        values = [
            {
                "value": value,
                "label": labels[value],
                "count": count,
                "is_selected": facet.is_selected(value),
                "url": self.address_under(facet.toggle_value(value)),
            }
            for value, count in shown
        ]
        return {"values": values, "more": len(counts) > len(shown)}

    def without_own_filters(self, facet):
        """The rows under all other filters, whose values were found valid when the rows were counted."""
        user = self.request.user
        others = Narrowing(self.filterset_class, facet.others, user, lambda model: None)
        return others.of(self.get_queryset())

    def address_under(self, parameters):
        """The address of the list under these parameters."""
        path = reverse(f"{self.queryset.model._meta.model_name}-list")
        query = f"?{urlencode(parameters)}" if parameters else ""
        return self.request.build_absolute_uri(path) + query


def is_facet(column):
    return column.is_relation or isinstance(column, BooleanField) or bool(column.choices)


def as_parameter(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def names_of(model, codes):
    """By code, the names of those records that have one."""
    if "name" not in {column.name for column in model._meta.concrete_fields}:
        return {}
    return dict(model._base_manager.filter(pk__in=codes).values_list("pk", "name"))
