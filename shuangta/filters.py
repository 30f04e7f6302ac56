"""Filters: one vocabulary for every column of every resource, and nothing that a client sends is ignored."""

import copy
import re
from datetime import UTC, date, datetime

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.filters import BaseFilterBackend

from shuangta import problems
from shuangta.codes import CodeField
from shuangta.folding import fold
from shuangta.models import record_type

CHOICE = ["exact", "in", "not", "isnull"]
RELATION = ["exact", "in", "not", "isnull"]
DISTRICT = [*RELATION, "within"]
KEY = ["exact", "in", "not"]
RANGE = ["exact", "in", "not", "gt", "gte", "lt", "lte", "isnull"]
TEXT = ["exact", "in", "not", "contains", "startswith", "isnull"]
BOOLEAN = ["exact", "not", "isnull"]
LONGEST_TEXT = 1000  # PostgreSQL reads no regular expression of any length.
LONGEST_SEARCH = 200
MOST_VALUES = 500  # SQLite nests at most 1000 conditions.
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

ENTRY_FIELDS = {
    "code": [*KEY, "startswith"],
    "note": TEXT,
    "is_published": ["exact"],
    "version": RANGE,
    "created_at": RANGE,
    "updated_at": RANGE,
}
RECORD_FIELDS = ENTRY_FIELDS | {"name": TEXT, "name_en": TEXT, "aliases": TEXT}


class TruthField(forms.Field):
    """``true`` or ``false``, and nothing else."""

    def to_python(self, value):
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise ValidationError(_("Say “true” or “false”."), code="invalid_boolean")
        return value == "true"


class DayField(forms.Field):
    """A day as ISO 8601 writes it, ``2021-05-13``."""

    def to_python(self, value):
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            raise ValidationError(_("Write the day as 2021-05-13."), code="invalid_date")
        return day


class MomentField(forms.Field):
    """A moment as ISO 8601 writes it, with its offset from UTC."""

    def to_python(self, value):
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValueError(value)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            message = _("Write the moment as 2021-05-13T04:00:00Z.")
            raise ValidationError(message, code="invalid_moment") from error


class PlainNumber:
    """Refuses what Python reads as a number but a reader may not: 1_000, 1e3, １０."""

    def to_python(self, value):
        if value and not PLAIN_NUMBER.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class IntegerField(PlainNumber, forms.IntegerField):
    """A whole number."""


class DecimalField(PlainNumber, forms.DecimalField):
    """A number with or without decimals."""


class ListField(forms.Field):
    """Values divided by commas, each as strict as the field for one."""

    def __init__(self, each, **kwargs):
        super().__init__(**kwargs)
        self.each = each

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.each = copy.deepcopy(self.each, memo)
        return copied

    def to_python(self, value):
        if not value:
            return None
        texts = value.split(",")
        if len(texts) > MOST_VALUES:
            message = _("A list has at most %(number)d values.")
            raise ValidationError(message, code="too_many", params={"number": MOST_VALUES})
        return [self.item(text) for text in texts]

    def item(self, text):
        if not text:
            raise ValidationError(_("An item of the list is empty."), code="empty")
        return self.each.clean(text)


class ReferenceField(forms.CharField):
    """The code of a record; of one that may be named, where the filter set says which."""

    def __init__(self, model, **kwargs):
        super().__init__(strip=False, **kwargs)
        self.model, self.nameable = model, None

    def clean(self, value):
        code = super().clean(value)
        if code and self.nameable is not None and not self.nameable.filter(pk=code).exists():
            raise ValidationError(
                _("There is no record “%(code)s”."), code="no_such_record", params={"code": code}
            )
        return code


class ContentTypeField(forms.Field):
    """A type of record, as ``projects.project``."""

    def to_python(self, value):
        if not value:
            return None
        found = record_type(value)
        if found is None:
            message = _("There is no type “%(type)s”.")
            raise ValidationError(message, code="invalid_choice", params={"type": value})
        return found


def form_field(column):
    """The strict form field for one value of a column."""
    if column.is_relation:
        if column.related_model._meta.label == "contenttypes.ContentType":
            return ContentTypeField(required=False)
        return ReferenceField(column.related_model, required=False)
    if column.choices:
        return forms.ChoiceField(choices=column.choices, required=False)
    if isinstance(column, models.BooleanField):
        return TruthField(required=False)
    if isinstance(column, models.IntegerField):
        return IntegerField(min_value=-(2**31), max_value=2**31 - 1, required=False)
    if isinstance(column, models.DecimalField):
        return DecimalField(max_digits=15, decimal_places=2, required=False)
    if isinstance(column, models.DateTimeField):
        return MomentField(required=False)
    if isinstance(column, models.DateField):
        return DayField(required=False)
    return forms.CharField(strip=False, max_length=LONGEST_TEXT, required=False)


def is_text(column):
    """Whether lookups read both scripts: free text does, keys and choices do not."""
    return (
        isinstance(column, models.CharField | models.TextField)
        and not isinstance(column, CodeField | models.SlugField)
        and not column.choices
    )


class ColumnFilter(django_filters.Filter):
    """One lookup on one column, reached directly or through one relation."""

    def __init__(self, path, lookup, column):
        super().__init__(field_name=path, lookup_expr=lookup)
        self.column, self.lookup, self.relation, self.user = column, lookup, None, None
        one = form_field(column)
        self.form_field = {
            "isnull": TruthField(required=False),
            "in": ListField(one, required=False),
        }.get(lookup, one)

    @property
    def field(self):
        return self.form_field

    def through(self, relation):
        """The same filter, reached through a relation of another model."""
        reaching = ColumnFilter(f"{relation}__{self.field_name}", self.lookup, self.column)
        reaching.relation = relation
        return reaching

    def filter(self, queryset, value):
        if value is None or value == "":
            return queryset
        condition = self.condition(value)
        if self.relation:
            related = queryset.model._meta.get_field(self.relation).related_model
            visible = related.objects.visible_to(self.user)
            condition &= Q(**{f"{self.relation}__in": visible.values("pk")})
        if self.column.many_to_many:
            rows = queryset.model._base_manager.filter(condition)
            condition = Q(pk__in=rows.values("pk"))
        return queryset.exclude(condition) if self.lookup == "not" else queryset.filter(condition)

    def condition(self, value):
        exact = "folded_exact" if is_text(self.column) else "exact"
        match self.lookup:
            case "exact" | "not":
                return Q(**{f"{self.field_name}__{exact}": value})
            case "in" if is_text(self.column):
                each = (Q(**{f"{self.field_name}__{exact}": text}) for text in value)
                return Q(*each, _connector=Q.OR)
            case "within":
                below = self.column.related_model.within(value)
                return Q(**{f"{self.field_name}__in": below})
            case "contains" | "startswith" if is_text(self.column):
                return Q(**{f"{self.field_name}__folded_{self.lookup}": value})
        return Q(**{f"{self.field_name}__{self.lookup}": value})


class StatedOnFilter(ColumnFilter):
    """A lookup on the date of the latest source, which is no column but read from the citations."""

    def __init__(self, lookup):
        super().__init__("stated_on", lookup, models.DateField(null=True))

    def condition(self, value):
        condition = super().condition(value)
        # Of a column that may be null, Django sees to this itself.
        return condition & Q(stated_on__isnull=False) if self.lookup == "not" else condition


class VersionedFilterSet(django_filters.FilterSet):
    """The filters of one resource: its own columns by lookup, and those of its relations."""

    related = {}

    def __init__(self, data, queryset, *, user, nameable):
        """``nameable`` gives the records of a model that the data may name; None leaves it open."""
        # A form of all filters, which are hundreds, would cost more than the answer.
        self.base_filters = {name: self.base_filters[name] for name in data}
        super().__init__(data, queryset)
        for each in self.filters.values():
            each.user = user
        for field in self.form.fields.values():
            for reference in (field, getattr(field, "each", None)):
                if isinstance(reference, ReferenceField):
                    reference.nameable = nameable(reference.model)

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        for relation, filterset in cls.related.items():
            for name, each in filterset.base_filters.items():
                is_own = "__" not in each.field_name and each.field_name != "stated_on"
                if is_own:
                    filters[f"{relation}__{name}"] = each.through(relation)
        return filters

    @classmethod
    def filter_for_field(cls, field, field_name, lookup_expr=None):
        return ColumnFilter(field_name, lookup_expr or "exact", field)


class EntryFilterSet(VersionedFilterSet):
    """The filters of entries: of all columns, and of the date of the latest source."""

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        for lookup in RANGE:
            filters[cls.get_filter_name("stated_on", lookup)] = StatedOnFilter(lookup)
        return filters


class StrictFilterBackend(BaseFilterBackend):
    """Filters a list by its FilterSet and by ``search``; what is malformed is 400."""

    def filter_queryset(self, request, queryset, view):
        if view.action != "list":
            return queryset
        own = {
            name: value
            for name, value in request.query_params.items()
            if name == "search" or name in view.filterset_class.base_filters
        }

        def visible(model):
            return model.objects.visible_to(request.user)

        try:
            return narrowed(view.filterset_class, queryset, own, request.user, visible)
        except ValidationError as error:
            raise problems.from_model(error) from error


def narrowed(filterset_class, rows, parameters, user, nameable):
    """The rows that the parameters name, as one user may see them; ``nameable`` as of the filter set.

    Raises ValidationError, by parameter, for what is malformed. Names are checked by the caller.
    """
    parameters = dict(parameters)
    words = search_words(parameters.pop("search", None))
    filterset = filterset_class(parameters, rows, user=user, nameable=nameable)
    if not filterset.is_valid():
        raise ValidationError(filterset.errors.as_data())
    rows = filterset.qs
    for word in words:
        rows = rows.filter(matching(rows.model, word, user))
    return rows


def search_words(text):
    """The words of a search, each to be found; none where nothing is searched."""
    if text is None:
        return []
    try:
        return [fold(word) for word in forms.CharField(max_length=LONGEST_SEARCH).clean(text).split()]
    except ValidationError as error:
        raise ValidationError({"search": error}) from error


def matching(model, word, user):
    """The rows that hold the word, by their own words or those of what they belong to, if the user sees it."""
    condition = Q()
    for path in model.search_paths:
        relation, _divider, column = path.rpartition("__")
        lookup = "contains" if column == "search_text" else "folded_contains"
        found = Q(**{f"{path}__{lookup}": word})
        if relation:
            visible = model._meta.get_field(relation).related_model.objects.visible_to(user)
            found &= Q(**{f"{relation}__in": visible.values("pk")})
        condition |= found
    return condition
