"""Keyset paging: a page begins after the last row of the one before, so every page costs what the first does.

Nulls come last in both directions, on both databases; an ordering ends with the key, so every row comes
exactly once. The lists of the API and those of the admin are read this way.
"""

from dataclasses import dataclass

from django.core import signing
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

EXACT_UP_TO = 10_000
SALT = "shuangta.db.keyset"


class CursorError(ValueError):
    """A cursor that does not say where in the list a page begins, and why."""


class Term:
    """One column of an ordering, in one direction; the column may be that of a related row."""

    def __init__(self, field, descending, nullable):
        self.field, self.descending, self.nullable = field, descending, nullable

    def __str__(self):
        return f"-{self.field}" if self.descending else self.field

    def expression(self, backwards):
        """The ORDER BY term; going backwards everything is turned round, the nulls too."""
        descending = self.descending != backwards
        nulls = {} if not self.nullable else {"nulls_first" if backwards else "nulls_last": True}
        return F(self.field).desc(**nulls) if descending else F(self.field).asc(**nulls)

    def is_null(self, truth):
        return Q(**{f"{self.field}__isnull": truth})

    def equal(self, value):
        return self.is_null(True) if value is None else Q(**{self.field: value})

    def beyond(self, value, backwards):
        """The rows that come strictly later by this column alone; None where there can be none."""
        if value is None:
            return self.is_null(False) if backwards else None
        later = Q(**{f"{self.field}__{'lt' if self.descending != backwards else 'gt'}": value})
        return later | self.is_null(True) if self.nullable and not backwards else later

    def not_before(self, value, backwards):
        """The rows from here on that state a value as this one does, or state none as this one does."""
        if value is None:
            return self.is_null(True)
        return Q(**{f"{self.field}__{'lte' if self.descending != backwards else 'gte'}": value})

    def value_in(self, row):
        *relations, name = self.field.split("__")
        for relation in relations:
            row = getattr(row, relation)
            if row is None:
                return None
        return row.serializable_value(name)

    def column_of(self, queryset):
        annotation = queryset.query.annotations.get(self.field)
        return (
            annotation.output_field if annotation else columns_along(queryset.model, self.field)[-1]
        )


@dataclass(frozen=True)
class Page:
    """Some rows, with the cursors of the pages after and before them where there are any."""

    rows: list
    after: str | None = None
    before: str | None = None


class Keyset:
    """An ordering, given as terms of which the last is the key, by which a queryset is read in pages."""

    def __init__(self, terms):
        self.terms = terms

    def page(self, queryset, size, cursor=None, backwards=False):
        """The page after the cursor or before it; without one the first or, backwards, the last. Raises CursorError."""
        values = self.decode(queryset, cursor) if cursor else None
        rows = self.rows(queryset, values, backwards, size + 1)
        more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        has_next, has_previous = (bool(cursor), more) if backwards else (more, bool(cursor))
        return Page(
            rows,
            after=self.encode(rows[-1]) if rows and has_next else None,
            before=self.encode(rows[0]) if rows and has_previous else None,
        )

    def rows(self, queryset, values, backwards, limit):
        """The next rows; where nulls of the leading column follow, they are a second query.

        One query for both would have to say ``OR column IS NULL``, which no index serves.
        """
        ordered = queryset.order_by(*(term.expression(backwards) for term in self.terms))
        if values is None:
            return list(ordered[:limit])
        lead, value = self.terms[0], values[0]
        # The bound repeats what ``later`` says of the leading column, in words that an index serves.
        bound = lead.not_before(value, backwards)
        rows = list(ordered.filter(bound, self.later(values, backwards))[:limit])
        if len(rows) < limit and lead.nullable and (value is None) == backwards:
            rows += ordered.filter(lead.is_null(not backwards))[: limit - len(rows)]
        return rows

    def later(self, values, backwards):
        """The rows after the one with these values, in the direction of travel."""
        condition, same = Q(pk__in=()), Q()
        for term, value in zip(self.terms, values, strict=True):
            beyond = term.beyond(value, backwards)
            if beyond is not None:
                condition |= same & beyond
            same &= term.equal(value)
        return condition

    def encode(self, row):
        """The values of the row that order it, with the ordering they belong to."""
        values = [term.value_in(row) for term in self.terms]
        return signing.dumps(
            {
                "by": [str(term) for term in self.terms],
                "at": [None if value is None else str(value) for value in values],
            },
            salt=SALT,
        )

    def decode(self, queryset, cursor):
        """The values in a cursor of this ordering."""
        return [
            None if value is None else term.column_of(queryset).to_python(value)
            for term, value in zip(self.terms, self.texts_in(cursor), strict=True)
        ]

    def texts_in(self, cursor):
        """The values in a cursor, as texts. Raises CursorError where it is none of this ordering."""
        try:
            document = signing.loads(cursor, salt=SALT)
        except signing.BadSignature as error:
            raise CursorError(_("This is no link of the registry.")) from error
        if document["by"] != [str(term) for term in self.terms]:
            raise CursorError(_("The link belongs to another ordering."))
        return document["at"]


def columns_along(model, path):
    """The columns on the way to that of a related row: the relations, then the column itself."""
    columns = []
    for name in path.split("__"):
        columns.append(model._meta.get_field(name))
        model = columns[-1].related_model
    return columns


def count_rows(queryset):
    """The number of rows, and whether that is all of them: beyond ``EXACT_UP_TO`` nothing is counted."""
    count = queryset.order_by()[: EXACT_UP_TO + 1].count()
    return min(count, EXACT_UP_TO), count <= EXACT_UP_TO
