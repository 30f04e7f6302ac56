"""Suggestions: the name that is nearest to one that is not known."""

from difflib import get_close_matches

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

WORDS_OF_OTHERS = {
    "page_size": (
        "limit",
        "per_page",
        "pagesize",
        "size",
        "top",
        "$top",
        "rows",
        "take",
        "first",
        "max_results",
    ),
    "after": (
        "offset",
        "page",
        "page_number",
        "cursor",
        "skip",
        "$skip",
        "start",
        "page_token",
        "starting_after",
    ),
    "before": ("ending_before",),
    "ordering": (
        "sort",
        "sort_by",
        "sortby",
        "order",
        "order_by",
        "orderby",
        "$orderby",
        "direction",
    ),
    "search": ("q", "query", "keyword", "keywords", "term", "text", "$search"),
    "q": ("search", "query", "keyword", "keywords", "term", "text"),
    "fields": (
        "select",
        "$select",
        "columns",
        "attributes",
        "properties",
        "only",
        "include_fields",
    ),
    "omit": ("exclude", "except", "exclude_fields", "without"),
    "expand": ("include", "embed", "with", "populate", "$expand", "relations", "depth"),
    "limit": ("page_size", "per_page", "size", "top", "$top", "rows", "take"),
    "group_by": ("groupby", "group", "by", "dimensions"),
    "count": ("total", "$count", "with_count", "include_total"),
    "format": ("output", "type", "f", "fmt", "$format"),
    "type": ("types", "resource", "resources", "kind"),
    "as_of": ("at", "version", "asof", "snapshot", "timestamp"),
    "since": (
        "from",
        "after",
        "modified_since",
        "updated_since",
        "start",
        "offset",
        "page",
        "page_number",
        "cursor",
        "skip",
        "page_token",
        "starting_after",
    ),
    "dry_run": ("dryrun", "validate_only", "preview", "simulate"),
}
"""What other APIs call our parameters."""

LOOKUPS_OF_OTHERS = {
    "exact": ("", "eq"),
    "not": ("ne", "neq", "exclude", "isnt"),
    "contains": ("icontains", "like", "ilike", "has"),
    "startswith": ("istartswith", "prefix", "begins"),
    "gte": ("ge", "min", "from", "since"),
    "lte": ("le", "max", "to", "until"),
    "isnull": ("null", "is_null", "empty", "exists"),
    "in": ("any", "one_of"),
}
"""What other APIs call our lookups; ``exact`` is the name alone."""


WORDS_FOR_FILTERS = {"filter", "$filter", "filters", "where"}
"""What other APIs call the one parameter that holds all filters; here each has its own."""


def nearest_parameter(name, known):
    """As ``nearest_name``; a word of other APIs that has no counterpart among the known names is near to none."""
    words = WORDS_FOR_FILTERS.union(*WORDS_OF_OTHERS.values())
    return (
        translate_name(name.lower(), fold_name(known))
        if name.lower() in words
        else nearest_name(name, known)
    )


def nearest_name(name, known):
    """The one of the known names that is meant, or None where none is near."""
    names, lowered = fold_name(known), name.lower()
    if meant := translate_name(lowered, names):
        return meant
    matches = get_close_matches(lowered, names, n=1, cutoff=0.6)
    return names[matches[0]] if matches else None


def translate_name(lowered, names):
    """The one of the names that other APIs call so."""
    for ours, theirs in WORDS_OF_OTHERS.items():
        if lowered in theirs and ours in names:
            return names[ours]
    column, _, lookup = lowered.rpartition("__")
    for ours, theirs in LOOKUPS_OF_OTHERS.items():
        meant = column if ours == "exact" else f"{column}__{ours}"
        if column and lookup in theirs and meant in names:
            return names[meant]
    return None


def fold_name(known):
    return {each.lower(): each for each in map(str, known)}


MAX_HINTS = 20


def unknown(name, known, message, code, find=nearest_name):
    """The error for a name that is not known; it names the nearest one that is."""
    meant = find(name, known)
    if meant is not None:
        hint = _("%(message)s Did you mean “%(name)s”?")
        message = hint % {"message": message, "name": meant}
    return exceptions.ErrorDetail(str(message), code)


def unknown_names(names, known, message, code, find=nearest_name):
    """The errors for those names that are not known. Only the first few tell the nearest, which takes time."""
    strangers = [name for name in names if name not in known]
    return {
        name: unknown(name, known if index < MAX_HINTS else (), message, code, find)
        for index, name in enumerate(strangers)
    }
