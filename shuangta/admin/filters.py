"""Which filter stands beside a list for which kind of field."""

from django import forms
from django.contrib.admin import RelatedOnlyFieldListFilter, SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
)
from unfold.contrib.filters.forms import AutocompleteDropdownForm, DropdownForm

from shuangta.models import Entry, EvidenceMark

# The theme's filters ask for a second copy of select2, and that one knows no Chinese: here their
# scripts come with the page.


class RelatedForm(AutocompleteDropdownForm):
    Media = None


class RelatedFilter(AutocompleteSelectFilter):
    """Filters by a related record, which is searched for in either script."""

    form_class = RelatedForm


class ChoiceForm(DropdownForm):
    Media = None


class ChoiceFilter(ChoicesDropdownFilter):
    """Filters by one of the words that a field takes."""

    form_class = ChoiceForm


class EvidenceFilter(SimpleListFilter):
    """Filters by what is to be seen to in the evidence."""

    title = _("evidence")
    parameter_name = "evidence"

    def lookups(self, request, model_admin):
        return EvidenceMark.Kind.choices

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in EvidenceMark.Kind.values:
            raise IncorrectLookupParameters
        marks = EvidenceMark.objects.of(queryset.model).filter(kind=self.value())
        return queryset.filter(pk__in=marks.values("record"))


def imprecise_dates(model):
    """The names of the columns that hold the last possible day of a date."""
    return [field.name for field in model._meta.concrete_fields if field.name.endswith("_latest")]


def imprecise_rows(rows):
    """Those of the rows that hold a date of which only the first and the last possible day are known."""
    known_within = Q()
    for name in imprecise_dates(rows.model):
        known_within |= Q(**{f"{name}__isnull": False})
    return rows.filter(known_within)


class ImpreciseDatesFilter(SimpleListFilter):
    """Filters by whether a date is known only within bounds."""

    title = _("dates")
    parameter_name = "dates"

    def lookups(self, request, model_admin):
        return [("imprecise", _("Imprecise"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() != "imprecise":
            raise IncorrectLookupParameters
        return imprecise_rows(queryset)


class FilteredAdmin(ModelAdmin):
    """Lists whose filters follow from the fields that they are for."""

    list_filter_submit = True

    @property
    def media(self):
        select2 = AutocompleteSelect(None, self.admin_site).media
        started = forms.Media(js=["admin/js/jquery.init.js", "unfold/js/select2.init.js"])
        return super().media + select2 + started

    def get_list_filter(self, request):
        dates = [ImpreciseDatesFilter] if imprecise_dates(self.model) else []
        return [*(self.filter_for(name) for name in self.list_filter), *dates]

    def filter_for(self, name):
        """The kind of filter that suits a field."""
        field = self.opts.get_field(name)
        if field.is_relation and issubclass(field.related_model, Entry):
            return name, RelatedFilter
        if field.related_model is ContentType:
            return name, RelatedOnlyFieldListFilter
        if field.choices:
            return name, ChoiceFilter
        return name, BooleanRadioFilter
