"""Keyset paging: a page begins after the last row of the one before, so every page costs what the first does.

Nulls come last in both directions, on both databases; the key breaks ties, so every row comes exactly once.
"""

import re
from urllib.parse import urlencode

from django.core import signing
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from shuangta.api.problems import invalid, unknown
from shuangta.api.schema.answers import page_of

PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
EXACT_UP_TO = 10_000
SALT = "shuangta.api.paging"
PARAMETERS = ("page_size", "count", "ordering", "after", "before")


class Term:
    """One column of an ordering, in one direction."""

    def __init__(self, field, descending, nullable):
        self.field, self.descending, self.nullable = field, descending, nullable

    def __str__(self):
        return f"-{self.field}" if self.descending else self.field

    def expression(self, backwards):
        """The ORDER BY term; going backwards everything is turned round, the nulls too."""
        descending = self.descending != backwards
        nulls = {} if not self.nullable else {"nulls_first" if backwards else "nulls_last": True}
        return F(self.field).desc(**nulls) if descending else F(self.field).asc(**nulls)

    def equal(self, value):
        return Q(**{f"{self.field}__isnull": True}) if value is None else Q(**{self.field: value})

    def beyond(self, value, backwards):
        """The rows that come strictly later by this column alone; None where there can be none."""
        if value is None:
            return Q(**{f"{self.field}__isnull": False}) if backwards else None
        later = Q(**{f"{self.field}__{'lt' if self.descending != backwards else 'gt'}": value})
        if self.nullable and not backwards:
            later |= Q(**{f"{self.field}__isnull": True})
        return later


class KeysetPagination(BasePagination):
    """``page_size``, ``ordering``, ``count`` and the ``after`` and ``before`` of the links."""

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.queryset = request, queryset
        size = self.page_size(request)
        self.terms = self.ordering(request, view)
        cursor = request.query_params.get("after") or request.query_params.get("before")
        self.backwards = "before" in request.query_params
        if self.backwards and "after" in request.query_params:
            raise invalid("before", _("Give either “after” or “before”."), "conflicting")
        values = self.decoded(cursor) if cursor else None
        rows = self.rows(queryset, values, size + 1)
        more = len(rows) > size
        rows = rows[:size]
        if self.backwards:
            rows.reverse()
        self.has_next = more if not self.backwards else True
        self.has_previous = more if self.backwards else cursor is not None
        self.page = rows
        return rows

    def rows(self, queryset, values, limit):
        """The next rows; where the leading column may be null, its nulls are a second query.

        One query for both would have to say ``OR column IS NULL``, which no index serves.
        """
        ordered = queryset.order_by(*(term.expression(self.backwards) for term in self.terms))
        if values is None:
            return list(ordered[:limit])
        lead = self.terms[0]
        if self.backwards or not lead.nullable or values[0] is None:
            return list(ordered.filter(self.later(values))[:limit])
        bound = Q(**{f"{lead.field}__{'lte' if lead.descending else 'gte'}": values[0]})
        rows = list(ordered.filter(bound, self.later(values, with_lead_nulls=False))[:limit])
        if len(rows) < limit:
            rows += ordered.filter(**{f"{lead.field}__isnull": True})[: limit - len(rows)]
        return rows

    def later(self, values, with_lead_nulls=True):
        """The rows after the one with these values, in the direction of travel."""
        condition, same = Q(pk__in=()), Q()
        for index, (term, value) in enumerate(zip(self.terms, values, strict=True)):
            if index == 0 and not with_lead_nulls:
                term = Term(term.field, term.descending, nullable=False)
            beyond = term.beyond(value, self.backwards)
            if beyond is not None:
                condition |= same & beyond
            same &= term.equal(value)
        return condition

    def page_size(self, request):
        text = request.query_params.get("page_size")
        if text is None:
            return PAGE_SIZE
        if not (re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= MAX_PAGE_SIZE):
            message = _("A page holds from 1 to %d rows.") % MAX_PAGE_SIZE
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
                "next": self.link("after", self.page[-1]) if self.has_next and self.page else None,
                "previous": self.link("before", self.page[0])
                if self.has_previous and self.page
                else None,
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
        count = self.queryset.order_by()[: EXACT_UP_TO + 1].count()
        return (count, "exact") if count <= EXACT_UP_TO else (EXACT_UP_TO, "at_least")

    def link(self, direction, row):
        parameters = self.request.query_params.dict()
        parameters.pop("after", None)
        parameters.pop("before", None)
        query = urlencode(parameters | {direction: self.encoded(row)})
        return f"{self.request.build_absolute_uri(self.request.path)}?{query}"

    def encoded(self, row):
        """The values of the row that order it, with the ordering they belong to."""
        values = [row.serializable_value(term.field) for term in self.terms]
        return signing.dumps(
            {
                "by": [str(term) for term in self.terms],
                "at": [None if value is None else str(value) for value in values],
            },
            salt=SALT,
        )

    def decoded(self, cursor):
        """The values in a link of ours; anything else is refused."""
        parameter = "before" if self.backwards else "after"
        try:
            document = signing.loads(cursor, salt=SALT)
        except signing.BadSignature as error:
            raise invalid(parameter, _("This is no link of the registry."), "invalid") from error
        if document["by"] != [str(term) for term in self.terms]:
            raise invalid(parameter, _("The link belongs to another ordering."), "invalid")
        return [
            None if value is None else self.column(term.field).to_python(value)
            for term, value in zip(self.terms, document["at"], strict=True)
        ]

    def column(self, name):
        annotation = self.queryset.query.annotations.get(name)
        return annotation.output_field if annotation else self.queryset.model._meta.get_field(name)

    def get_paginated_response_schema(self, schema):
        return page_of(schema["items"])
