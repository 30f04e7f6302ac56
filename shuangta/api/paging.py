"""The pages of the API's lists: what a request says of them, and the links from one to the next."""

import re
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from shuangta.api.problems import invalid, unknown
from shuangta.api.schema.answers import page_of
from shuangta.keyset import CursorError, Keyset, Term, counted

PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
PARAMETERS = ("page_size", "count", "ordering", "after", "before")
CURSORS = {"after", "before"}


class KeysetPagination(BasePagination):
    """``page_size``, ``ordering``, ``count`` and the ``after`` and ``before`` of the links."""

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.queryset = request, queryset
        size = self.page_size(request, view)
        keyset = Keyset(self.ordering(request, view))
        asked = {name: request.query_params[name] for name in CURSORS & request.query_params.keys()}
        if len(asked) == len(CURSORS):
            raise invalid("before", _("Give either “after” or “before”."), "conflicting")
        parameter, cursor = next(iter(asked.items()), (None, None))
        try:
            self.page = keyset.page(queryset, size, cursor, backwards=parameter == "before")
        except CursorError as error:
            raise invalid(parameter, error.args[0], "invalid") from error
        return self.page.rows

    def page_size(self, request, view=None):
        """How many rows the request wants; fewer where relations come in full, which cost a row each."""
        text = request.query_params.get("page_size")
        if text is None:
            return PAGE_SIZE
        relations = len(getattr(view, "expanded_fields", ()))
        most = MAX_PAGE_SIZE // max(1, relations)
        if not (re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= most):
            message = _("A page holds from 1 to %d rows.") % most
            if relations > 1:
                message = _(
                    "With %(relations)d relations in full, a page holds from 1 to %(most)d rows."
                )
                message %= {"relations": relations, "most": most}
            raise invalid("page_size", message, "out_of_range")
        return int(text)

    def ordering(self, request, view):
        """The terms that the request names, or the model's own; the key always ends them."""
        text = request.query_params.get("ordering")
        names = text.split(",") if text else view.default_ordering()
        columns = view.orderable_columns()
        terms = {}
        for name in names:
            field = name.removeprefix("-")
            if field not in columns:
                message = _("Rows cannot be ordered by “%s”.") % field
                error = unknown(field, columns, message, "unknown_field")
                raise invalid("ordering", error, error.code)
            if field in terms:
                raise invalid("ordering", _("“%s” is named twice.") % field, "repeated")
            terms[field] = Term(field, name.startswith("-"), columns[field])
        key = view.queryset.model._meta.pk.name
        terms.setdefault(key, Term(key, False, False))
        return list(terms.values())

    def get_paginated_response(self, data):
        count, count_is = self.count()
        return Response(
            {
                "count": count,
                "count_is": count_is,
                "next": self.link("after", self.page.after),
                "previous": self.link("before", self.page.before),
                "results": data,
            }
        )

    def count(self):
        wanted = self.request.query_params.get("count")
        if wanted == "none":
            return None, "not_counted"
        if wanted == "exact":
            return self.queryset.order_by().count(), "exact"
        if wanted is not None:
            raise invalid("count", _("Say “exact” or “none”."), "invalid_choice")
        count, is_exact = counted(self.queryset)
        return count, "exact" if is_exact else "at_least"

    def link(self, direction, cursor):
        if cursor is None:
            return None
        parameters = self.request.query_params.dict()
        parameters.pop("after", None)
        parameters.pop("before", None)
        query = urlencode(parameters | {direction: cursor})
        return f"{self.request.build_absolute_uri(self.request.path)}?{query}"

    def get_paginated_response_schema(self, schema):
        return page_of(schema["items"])
