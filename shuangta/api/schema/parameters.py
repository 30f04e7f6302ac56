"""Parameters as the document states them: of the address, and of the headers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangta.api import changes, pagination
from shuangta.api.strict_parameters import LISTS
from shuangta.query import filters
from shuangta.query.grouping import groups_of
from shuangta.query.parameters import (
    ContentTypeField,
    ListField,
    MomentField,
    QueryDateField,
    ReferenceField,
    TruthField,
)

TEXT = {"type": "string", "minLength": 1}
TRUTH = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}

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

MEANINGS = {
    "search": _("Words that all occur, in either script, by pinyin or by initials."),
    "q": _("The words to be found, in either script, by pinyin or by initials."),
    "type": _("The resources to tell of, divided by commas; all where it is left out."),
    "page_size": _("Rows on a page."),
    "count": _("“exact”, beyond 10,000 rows too, or “none”."),
    "ordering": _("Columns divided by commas, “-” before one that descends; nulls come last."),
    "since": _("Where to go on: “since” of an earlier answer, or a moment."),
    "after": _("Taken from “next”."),
    "before": _("Taken from “previous”."),
    "fields": _("The fields to tell, divided by commas."),
    "omit": _("The fields to leave out, divided by commas."),
    "expand": _("The relations to tell in full, and the evidence of each value."),
    "format": _(
        "How the answer is written, whatever Accept says; other formats than JSON hold all rows."
    ),
    "bom": _("Begin the CSV with a byte order mark, which Excel needs for Chinese."),
    "as_of": _("The row as it was at this moment."),
    "dry_run": _("Answer as if it were done, and do nothing."),
    "max_affected": _("Delete nothing if the filters name more rows than this."),
    "facets": _("The columns whose values are counted, divided by commas."),
    "group_by": _("Columns, relations, and parts of dates (opened_on__year), divided by commas."),
    "sum": _("The columns to add up, divided by commas."),
    "avg": _("The columns to take the mean of, divided by commas."),
    "min": _("The columns whose least value is told, divided by commas."),
    "max": _("The columns whose greatest value is told, divided by commas."),
    "limit": _("How many groups are told at most."),
}

REQUIRED = {"q", "max_affected"}
KNOWN_FOR_ALL = {
    "search": TEXT | {"maxLength": filters.MAX_SEARCH_LENGTH},
    "q": TEXT | {"maxLength": filters.MAX_SEARCH_LENGTH},
    "page_size": {"type": "integer", "minimum": 1, "maximum": pagination.MAX_PAGE_SIZE},
    "count": {"type": "string", "enum": ["exact", "none"]},
    "since": TEXT,
    "after": TEXT,
    "before": TEXT,
    "format": {"type": "string", "enum": ["json", "csv", "xlsx", "ndjson"]},
    "bom": TRUTH,
    "as_of": MOMENT,
    "dry_run": TRUTH,
    "max_affected": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
}


def query_parameters(view):
    """What the present action of a view takes."""
    declared = view.filterset_class.base_filters
    return [
        filter_parameter(name, declared[name]) if name in declared else query_parameter(name, view)
        for name in view.known_parameters()
    ]


def filter_parameter(name, each):
    column, meaning = each.column, LOOKUPS[each.lookup_expr]
    label = getattr(column, "verbose_name", None) if column.name else None
    unit = getattr(getattr(column, "model", None), "units", {}).get(column.name)
    if label:
        told = f"{label} ({unit})" if unit else label
        meaning = _("%(column)s: %(meaning)s") % {"column": told, "meaning": meaning}
    return parameter(name, schema_of(each.field), meaning)


def query_parameter(name, view):
    if name in KNOWN_FOR_ALL:
        return parameter(name, KNOWN_FOR_ALL[name], MEANINGS[name])
    names = names_for(name, view)
    if names:
        return parameter(name, names_schema(names), MEANINGS[name])
    schema = {"type": "array", "items": TEXT, "minItems": 1} if name in LISTS else TEXT
    return parameter(name, schema, MEANINGS[name])


def names_for(name, view):
    """What may stand in a parameter that lists names; None where the rest of the request decides it."""
    match name:
        case "fields" | "omit":
            return view.serializer_class.Meta.fields
        case "expand" if view.action == "changes":
            return changes.EXPANDABLE
        case "expand":
            return view.serializer_class.Meta.expandable
        case "facets":
            return view.known_facets()
        case "group_by":
            return groups_of(view.filterset_class)
        case "sum" | "avg" | "min" | "max":
            return view.aggregation_class.measurable_columns(view, name)
        case "type":
            return view.known_types()
        case "ordering" if view.action == "list":
            return [sign + column for column in view.orderable_columns() for sign in ("", "-")]
    return None


def parameter(name, schema, description=""):
    is_required = name in REQUIRED
    document = {"name": name, "in": "query", "required": is_required, "schema": schema}
    if schema["type"] == "array":
        document |= {"style": "form", "explode": True}
    if description:
        document["description"] = str(description)
    return document


def names_schema(names):
    """Some of the names, each once."""
    return {
        "type": "array",
        "items": {"type": "string", "enum": list(names)},
        "minItems": 1,
        "uniqueItems": True,
    }


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
        case ReferenceField():
            return TEXT
        case ContentTypeField():
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


HEADERS_OF_WRITING = {
    "X-Change-Reason": _(
        "Why, kept in the history: up to 500 characters, UTF-8 or percent-encoded."
    ),
    "Idempotency-Key": _("Makes a repeated POST safe for 24 hours: it is answered as it was."),
    "If-Match": _("The ETag of the row as it was read; 412 where it is another by now."),
}


def header_parameters(names):
    return [
        {
            "name": name,
            "in": "header",
            "required": False,
            "schema": {"type": "string", "minLength": 1},
            "description": str(HEADERS_OF_WRITING[name]),
        }
        for name in names
    ]
