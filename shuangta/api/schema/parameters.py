"""Parameters as the document states them."""

from collections import defaultdict

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter

from shuangta.api.parameters import MOMENT, TEXT, TRUTH, Filters
from shuangta.query.parameters import (
    ContentTypeField,
    ListField,
    MomentField,
    QueryDateField,
    ReferenceField,
    TruthField,
)

LOOKUPS = {
    "exact": _("Is this value."),
    "in": _("Is one of these, divided by commas."),
    "not": _("Is not this; rows where nothing is stated stay."),
    "isnull": _("Whether nothing is stated."),
    "gt": _("Is more, or later."),
    "gte": _("Is at least this."),
    "lt": _("Is less, or earlier."),
    "lte": _("Is at most this."),
    "contains": _("Holds the text, in either script."),
    "startswith": _("Begins with the text."),
    "within": _("Belongs to this division or to one below it."),
}


def describe_parameters(view, declared, is_list):
    """What an action declares that it takes.

    The filters of a resource stand each by itself where it is listed, and elsewhere together.
    """
    for each in declared:
        if not isinstance(each, Filters):
            schema = each.schema_for(view)
            yield parameter(each.name, schema, each.description, each.location, each.is_required)
        else:
            yield from own_filters(view) if is_list else [filters_of_list(view)]
            yield from related_filters(view)


def parameter(name, schema, description, location="query", is_required=False):
    repeats = schema.get("type") in ("array", "object")
    return OpenApiParameter(
        name,
        schema,
        location,
        is_required,
        str(description),
        style="form" if repeats else None,
        explode=True if repeats else None,
    )


def own_filters(view):
    """The filters on the columns of the resource itself, each a parameter."""
    for name, each in view.filterset_class.base_filters.items():
        if each.relation is None:
            yield parameter(name, schema_of(each.field), meaning_of(each))


def filters_of_list(view):
    """The same filters as one parameter, an object of which each member is a parameter."""
    columns = defaultdict(list)
    for column, lookups in own_lookups(view).items():
        columns["|".join(lookups)].append(column)
    names = [
        f"({'|'.join(alike)})" + (f"(__({lookups}))?" if lookups else "")
        for lookups, alike in columns.items()
    ]
    meaning = _("The filters of the list, each a parameter by its own name.")
    return members("filters", names, meaning)


def related_filters(view):
    """The filters of related records, described by their pattern."""
    filters, own = view.filterset_class.base_filters.values(), own_lookups(view)
    names = [
        f"{relation}__(?!({'|'.join(own[relation])})$)[a-z0-9_]+"
        for relation in dict.fromkeys(each.relation for each in filters if each.relation)
    ]
    meaning = _(
        "A relation, two underscores and a filter of the related record’s own list, "
        "each a parameter by that name: district__name__contains."
    )
    return [members("related", names, meaning)] if names else []


def own_lookups(view):
    """By column of the resource itself, the lookups that are named behind it."""
    lookups = {}
    for each in view.filterset_class.base_filters.values():
        if each.relation is None:
            of_column = lookups.setdefault(each.field_name, [])
            of_column += [each.lookup] if each.lookup != "exact" else []
    return lookups


def members(name, patterns, description):
    """Several parameters as one, an object whose members have names of one of the patterns."""
    names = {"type": "string", "pattern": f"^({'|'.join(patterns)})$"}
    schema = {"type": "object", "propertyNames": names, "additionalProperties": TEXT}
    return parameter(name, schema, description)


def meaning_of(each):
    column, meaning = each.column, LOOKUPS[each.lookup_expr]
    label = getattr(column, "verbose_name", None) if column.name else None
    if not label:
        return meaning
    unit = getattr(getattr(column, "model", None), "units", {}).get(column.name)
    stated = f"{label} ({unit})" if unit else label
    return _("%(column)s: %(meaning)s") % {"column": stated, "meaning": meaning}


def schema_of(field):
    """The schema of one filter’s value, as strict as its form field."""
    match field:
        case TruthField():
            return TRUTH
        case ListField():
            return {
                "type": "array",
                "items": schema_of(field.each),
                "minItems": 1,
                "maxItems": field.most,
            }
        case ReferenceField() | ContentTypeField():
            return TEXT
        case forms.ChoiceField():
            return {"type": "string", "enum": [value for value, label in field.choices if value]}
        case forms.DecimalField():
            return {"type": "number"}
        case forms.IntegerField():
            return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
        case MomentField():
            return MOMENT
        case QueryDateField():
            return {"type": "string", "format": "date"}
    return TEXT
