"""Questions that cost too much: each read may take so many seconds, and its refusal says what to narrow.

Exports are streamed, and take as long as they take.
"""

from functools import wraps

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail

from shuangta.api.exceptions import TooCostly
from shuangta.db.read_budget import BudgetError, read_budget
from shuangta.query.filters import is_text

NAMED_FILTERS = 5
EVERY_ROW = "every_row", _("Every row that the filters match is read.")
BROAD_SEARCH = "broad_search", _("Search for longer or rarer words.")
LARGE_PAGE = "large_page", _("Ask for fewer rows a page, or for fewer relations in full.")
UNINDEXED = "unindexed", _("No index serves this filter: every row is asked.")
COSTLY = {
    "search": BROAD_SEARCH,
    "q": BROAD_SEARCH,
    "count": ("exact_count", _("Every row is counted: leave it out.")),
    **dict.fromkeys(["group_by", "sum", "avg", "min", "max", "facets"], EVERY_ROW),
    **dict.fromkeys(["expand", "page_size"], LARGE_PAGE),
}
"""What a parameter costs, whichever resource it asks."""


def limit_cost(method):
    """A handler that reads, within the seconds that one question may take."""

    @wraps(method)
    def wrapped(view, request, *args, **kwargs):
        try:
            with read_budget(settings.READ_SECONDS):
                return method(view, request, *args, **kwargs)
        except BudgetError as error:
            filters = view.filterset_class.base_filters
            raise TooCostly(explain_cost(view.parameters, filters)) from error

    return wrapped


def explain_cost(parameters, filters):
    """What makes the question costly, by parameter, and what would make it cheap."""
    found = {}
    for name, text in parameters.items():
        if name in COSTLY:
            code, message = COSTLY[name]
            found[name] = [ErrorDetail(str(message), code)]
        elif name in filters and not is_served(filters[name]):
            code, message = UNINDEXED
            found[name] = [ErrorDetail(str(message), code)]
        elif name == "ordering":
            found[name] = list(costs_of_ordering(text, filters))
    served = [name for name, each in filters.items() if each.lookup == "exact" and is_served(each)]
    if served:
        message = _("Add a filter that few rows match: %s.") % ", ".join(served[:NAMED_FILTERS])
        found["non_field_errors"] = [ErrorDetail(message, "narrow")]
    return found


def costs_of_ordering(text, filters):
    for name in text.split(","):
        plain = name.removeprefix("-")
        if plain not in filters or not has_index(filters[plain].column):
            message = _("No index holds this order: order by another field than “%s”.") % plain
            yield ErrorDetail(message, "unindexed")


def is_served(each):
    """Whether an index finds the rows that a filter names; text is compared in both scripts, row by row."""
    return each.lookup != "not" and not is_text(each.column) and has_index(each.column)


def has_index(column):
    """Whether an index begins with the column."""
    if getattr(column, "model", None) is None:  # worked out for each row
        return False
    if column.many_to_many or column.unique or column.db_index:
        return True
    meta = column.model._meta
    lists = [index.fields for index in meta.indexes]
    lists += [constraint.fields for constraint in meta.total_unique_constraints]
    return any(fields[0] == column.name for fields in lists if fields)
