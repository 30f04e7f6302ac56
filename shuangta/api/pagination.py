"""The pages of the API's lists: what a request says of them, and the links from one to the next."""

import re
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from shuangta.api.parameters import TEXT, NameList, Parameter
from shuangta.api.problems import invalid, read_all
from shuangta.api.protocol.links import link_header
from shuangta.api.schema.answers import page_of
from shuangta.api.strict_parameters import listed_names
from shuangta.db.keyset import CursorError, Keyset, Term, count_rows

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
CURSORS = ("after", "before")


def page_size(parameters):
    """How many rows a page holds; fewer where relations come in full, which cost a row each. Raises ValidationError."""
    text = parameters.get("page_size")
    if text is None:
        return DEFAULT_PAGE_SIZE
    relations = 1 + parameters.get("expand", "").count(",")
    most = MAX_PAGE_SIZE // relations
    if not (re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= most):
        message = _("A page holds from 1 to %d rows.") % most
        if relations > 1:
            message = _(
                "With %(relations)d relations in full, a page holds from 1 to %(most)d rows."
            )
            message %= {"relations": relations, "most": most}
        raise invalid("page_size", message, "out_of_range")
    return int(text)


def read_page(view):
    """Read which page the request asks for; an answer that is a file has an order alone. Raises ValidationError."""
    if view.request.accepted_renderer.format == "json":
        view.paginator.read(view)
    else:
        view.paginator.read_ordering(view)


def ordering_terms(view):
    return [sign + column for column in view.orderable_columns() for sign in ("", "-")]


PAGE_SIZE = Parameter(
    "page_size",
    _("Rows on a page."),
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE},
    read_page,
)
COUNT = Parameter(
    "count",
    _("“exact”, beyond 10,000 rows too, or “none”."),
    {"type": "string", "enum": ["exact", "none"]},
    read_page,
)
ORDERING = NameList(
    "ordering",
    _("Columns divided by commas, “-” before one that descends; nulls come last."),
    read=read_page,
    choices=ordering_terms,
)
PLACE = [
    Parameter("after", _("Taken from “next”."), TEXT, read_page),
    Parameter("before", _("Taken from “previous”."), TEXT, read_page),
]
PAGING = [PAGE_SIZE, COUNT, *PLACE]


class KeysetPagination(BasePagination):
    """``page_size``, ``ordering``, ``count`` and the ``after`` and ``before`` of the links."""

    def read(self, view):
        """Read what the request of a view says of its page. Raises ValidationError."""
        read_all(lambda: self.read_place(view), self.read_size, self.read_counting)

    def read_ordering(self, view):
        """Read the order of the rows alone, for an answer without pages. Raises ValidationError."""
        self.view, self.parameters = view, view.parameters
        self.terms = self.ordering()

    def paginate_queryset(self, queryset, request, view=None):
        self.queryset = queryset
        backwards = "before" in self.parameters
        self.page = self.keyset.page(queryset, self.size, self.cursor, backwards)
        return self.page.rows

    def read_size(self):
        self.size = page_size(self.parameters)

    def read_counting(self):
        self.counting = self.parameters.get("count")
        if self.counting not in (None, "exact", "none"):
            raise invalid("count", _("Say “exact” or “none”."), "invalid_choice")

    def read_place(self, view):
        self.read_ordering(view)
        self.keyset = Keyset(self.terms)
        cursors = [name for name in CURSORS if name in self.parameters]
        if len(cursors) > 1:
            raise invalid("before", _("Give either “after” or “before”."), "conflicting")
        self.cursor = self.parameters[cursors[0]] if cursors else None
        try:
            if self.cursor:
                self.keyset.texts_in(self.cursor)
        except CursorError as error:
            raise invalid(cursors[0], error.args[0], "invalid") from error

    def ordering(self):
        """The terms that the request names, or the model's own; the key always ends them."""
        columns = self.view.orderable_columns()
        message = _("Rows cannot be ordered by “%(name)s”.")
        text = self.parameters.get("ordering")
        asked = listed_names("ordering", text, columns, message, may_descend=True)
        terms = {}
        for name in asked or self.view.default_ordering():
            field = name.removeprefix("-")
            terms[field] = Term(field, name.startswith("-"), columns[field])
        key = self.view.queryset.model._meta.pk.name
        terms.setdefault(key, Term(key, False, False))
        return list(terms.values())

    def get_paginated_response(self, data):
        count, count_is = self.count()
        links = {
            "next": self.link("after", self.page.after),
            "previous": self.link("before", self.page.before),
        }
        return Response(
            {"count": count, "count_is": count_is, **links, "results": data},
            headers=link_header(next=links["next"], prev=links["previous"]),
        )

    def count(self):
        if self.counting == "none":
            return None, "not_counted"
        if self.counting == "exact":
            return self.queryset.order_by().count(), "exact"
        count, is_exact = count_rows(self.queryset)
        return count, "exact" if is_exact else "at_least"

    def link(self, direction, cursor):
        if cursor is None:
            return None
        request = self.view.request
        parameters = {name: text for name, text in self.parameters.items() if name not in CURSORS}
        query = urlencode(parameters | {direction: cursor})
        return f"{request.build_absolute_uri(request.path)}?{query}"

    def get_paginated_response_schema(self, schema):
        return page_of(schema["items"])
