"""Groups: the columns by which rows are put together, and the value that a row has in each.

Rows are grouped by choices, truth values, relations, codes and single lines of text, and by the year, quarter or
month of a date; keys, which differ in every row, group nothing. The same columns serve one relation away, where
the filters reach; a related record that the user may not see then says nothing of itself.
"""

from dataclasses import dataclass
from datetime import UTC
from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Concat, Trunc
from django.db.models.lookups import Exact

from shuangta.query.filters import ColumnFilter

PARTS = ("year", "quarter", "month")


@dataclass(frozen=True)
class Group:
    """One column, reached directly or through ``relation``, whose values are the groups."""

    path: str
    column: models.Field
    relation: str | None

    def annotate_value(self, rows, alias, user):
        """The rows with their value under the alias."""
        value = self.value()
        if self.relation:
            value = Case(When(related_model(rows.model, self.relation, user), then=value))
        return rows.annotate(**{alias: value})

    def value(self):
        return F(self.path)

    def serialize(self, value):
        """The value as the API tells it."""
        return value


class TypeGroup(Group):
    """A type of record, told as ``projects.project``."""

    def value(self):
        return Concat(F(f"{self.path}__app_label"), Value("."), F(f"{self.path}__model"))


class MembersGroup(Group):
    """A many-to-many relation: a row counts under each record that it names and the user sees.

    A row that names none of these counts once, under none.
    """

    def annotate_value(self, rows, alias, user):
        through, owner, member = self.table_between()
        named = through._base_manager.filter(**{owner: OuterRef(self.relation or "pk")})
        is_seen = related_model(through, member, user)
        rows = rows.alias(**{f"{alias}_member": F(self.path)})
        is_shown = Q(**{f"{alias}_member__in": visible_values(self.column.related_model, user)})
        if self.relation:
            is_seen &= related_model(through, owner, user)
            is_shown &= related_model(rows.model, self.relation, user)
        # Of the records that are not seen, the first stands for none, unless another one is seen.
        is_first = ~Exists(
            named.filter(is_seen | Q(**{f"{member}__lt": OuterRef(f"{alias}_member")}))
        )
        rows = rows.filter(Q(**{f"{alias}_member__isnull": True}) | is_shown | is_first)
        return rows.annotate(**{alias: Case(When(is_shown, then=F(f"{alias}_member")))})

    def table_between(self):
        """The table of the relation, its column of those who name and its column of those who are named."""
        is_declared_there = isinstance(self.column, models.ManyToManyRel)
        field = self.column.remote_field if is_declared_there else self.column
        ends = [field.m2m_field_name(), field.m2m_reverse_field_name()]
        return field.remote_field.through, *(reversed(ends) if is_declared_there else ends)


@dataclass(frozen=True)
class PartGroup(Group):
    """The year, quarter or month of a date; null where ``latest``, its last possible day, lies in another."""

    part: str
    latest: str | None

    def value(self):
        first = self.begin(self.path)
        if self.latest is None:
            return first
        is_stated = Q(**{f"{self.latest}__isnull": True}) | Q(Exact(first, self.begin(self.latest)))
        return Case(When(is_stated, then=first))

    def begin(self, path):
        """The first day of the part that the date lies in; moments are told in UTC."""
        zone = UTC if isinstance(self.column, models.DateTimeField) else None
        return Trunc(path, self.part, output_field=models.DateField(), tzinfo=zone)

    def serialize(self, value):
        if value is None:
            return None
        match self.part:
            case "year":
                return value.year
            case "quarter":
                return f"{value.year}-Q{(value.month + 2) // 3}"
        return f"{value:%Y-%m}"


def visible_values(model, user):
    return model.objects.visible_to(user).values("pk")


def related_model(model, relation, user):
    """The rows whose related record the user sees."""
    return Q(
        **{f"{relation}__in": visible_values(model._meta.get_field(relation).related_model, user)}
    )


@cache
def groups_of(filterset_class):
    """By name, everything by which the rows of a resource are grouped."""
    columns = {
        each.field_name: each
        for each in filterset_class.base_filters.values()
        if isinstance(each, ColumnFilter)
    }
    groups = {}
    for path, each in columns.items():
        place = (path, each.column, each.relation)
        if isinstance(each.column, models.DateField):
            latest = f"{path}_latest" if f"{path}_latest" in columns else None
            groups |= {f"{path}__{part}": PartGroup(*place, part, latest) for part in PARTS}
        elif each.column.many_to_many:
            groups[path] = MembersGroup(*place)
        elif each.column.related_model is ContentType:
            groups[path] = TypeGroup(*place)
        elif puts_together(each.column):
            groups[path] = Group(*place)
    return groups


def puts_together(column):
    """Whether several rows may be expected to have the same value."""
    is_line = isinstance(column, models.CharField) and not column.unique
    return is_line or isinstance(column, models.BooleanField) or column.is_relation
