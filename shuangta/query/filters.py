"""Filters: one vocabulary for every column of every resource, and nothing that a client sends is ignored."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.filters import BaseFilterBackend

from shuangta.db.code_fields import CodeField
from shuangta.query.parameters import MAX_VALUES, ListField, ReferenceField, TruthField, form_field
from shuangta.search import ngrams
from shuangta.search.kinds import recognize
from shuangta.search.query import filter_by_words

CHOICE = ["exact", "in", "not", "isnull"]
RELATION = ["exact", "in", "not", "isnull"]
DISTRICT = [*RELATION, "within"]
KEY = ["exact", "in", "not"]
RANGE = ["exact", "in", "not", "gt", "gte", "lt", "lte", "isnull"]
TEXT = ["exact", "in", "not", "contains", "startswith", "isnull"]
BOOLEAN = ["exact", "not", "isnull"]
MAX_SEARCH_LENGTH = 200
MAX_WORDS = 20
MAX_TEXTS = 50  # each is a regular expression, asked of every row

ENTRY_FIELDS = {
    "code": [*KEY, "startswith"],
    "note": TEXT,
    "is_published": ["exact"],
    "version": RANGE,
    "created_at": RANGE,
    "updated_at": RANGE,
}
RECORD_FIELDS = ENTRY_FIELDS | {"name": TEXT, "name_en": TEXT, "aliases": TEXT}


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
            "in": ListField(one, MAX_TEXTS if is_text(column) else MAX_VALUES, required=False),
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
        is_list = self.column.many_to_many
        condition = self.membership(queryset.model, value) if is_list else self.condition(value)
        if self.relation:
            related = queryset.model._meta.get_field(self.relation).related_model
            visible = related.objects.visible_to(self.user)
            condition &= Q(**{f"{self.relation}__in": visible.values("pk")})
        return queryset.exclude(condition) if self.lookup == "not" else queryset.filter(condition)

    def membership(self, model, value):
        """What a row names in a many-to-many relation; of hidden records it names none."""
        is_null = self.lookup == "isnull"
        seen = self.column.related_model.objects.visible_to(self.user).values("pk")
        naming = Q(**{f"{self.field_name}__in": seen}) if is_null else self.condition(value)
        rows = Q(pk__in=model._base_manager.filter(naming).values("pk"))
        return ~rows if is_null and value else rows

    def condition(self, value):
        exact = "folded_exact" if is_text(self.column) else "exact"
        match self.lookup:
            case "exact" | "not":
                return Q(**{f"{self.field_name}__{exact}": value})
            case "in" if is_text(self.column):
                each = (Q(**{f"{self.field_name}__{exact}": text}) for text in value)
                return Q(*each, _connector=Q.OR)
            case "within":
                below = self.column.related_model.within(value, self.user)
                return Q(**{f"{self.field_name}__in": below})
            case "contains" | "startswith" if is_text(self.column):
                return Q(**{f"{self.field_name}__folded_{self.lookup}": value})
            case "startswith":
                return Q(**{f"{self.field_name}__begins": value})
        return Q(**{f"{self.field_name}__{self.lookup}": value})


class StatedOnFilter(ColumnFilter):
    """A lookup on the date of the latest source, which is no column but read from the citations."""

    def __init__(self, lookup):
        super().__init__("stated_on", lookup, models.DateField(null=True))

    def condition(self, value):
        condition = super().condition(value)
        # Of a column that may be null, Django sees to this itself.
        return condition & Q(stated_on__isnull=False) if self.lookup == "not" else condition


class RevisionedFilterSet(django_filters.FilterSet):
    """The filters of one resource: its own columns by lookup, and those of its relations."""

    related = {}

    def __init__(self, data, *, user, nameable):
        """``nameable`` gives the records of a model that the data may name; None leaves it open."""
        # A form of all filters, which are hundreds, would cost more than the answer.
        self.base_filters = {name: self.base_filters[name] for name in data}
        super().__init__(data)
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


class RecordFilterSet(RevisionedFilterSet):
    """The filters of records: of all columns, and of the date of the latest source."""

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        for lookup in RANGE:
            filters[cls.get_filter_name("stated_on", lookup)] = StatedOnFilter(lookup)
        return filters


class StrictFilterBackend(BaseFilterBackend):
    """Narrows a list as its view has read it from the request."""

    def filter_queryset(self, request, queryset, view):
        return queryset if view.detail else view.narrowing.of(queryset)


class Narrowing:
    """What parameters narrow the rows of a resource to: filters, and the words of ``search``.

    ``nameable`` is as of the filter set. Raises ValidationError, by parameter, for what is malformed; names are
    checked by the caller.
    """

    def __init__(self, filterset_class, parameters, user, nameable):
        filters = {name: text for name, text in parameters.items() if name != "search"}
        self.user = user
        self.filterset = filterset_class(filters, user=user, nameable=nameable)
        errors = self.filterset.errors.as_data()
        try:
            self.words = search_words(parameters.get("search"))
        except ValidationError as error:
            errors = errors | error.error_dict
        if errors:
            raise ValidationError(errors)

    def of(self, rows):
        """The rows that are meant, as the user may see them."""
        return filter_by_words(self.filterset.filter_queryset(rows), self.words, self.user)


def search_words(text, parameter="search"):
    """The words of a search, each to be found; none where nothing is searched."""
    if text is None:
        return []
    try:
        text = forms.CharField(max_length=MAX_SEARCH_LENGTH).clean(text)
        words = [recognize(word) for word in ngrams.split_words(text) if word.is_searchable]
        if len(words) > MAX_WORDS:
            message = _("A search has at most %(number)d words.")
            raise ValidationError(message, code="too_many", params={"number": MAX_WORDS})
        if not words:
            message = _("“%(word)s” has neither letters nor figures.")
            raise ValidationError(message, code="not_searchable", params={"word": text})
    except ValidationError as error:
        raise ValidationError({parameter: error}) from error
    return words
