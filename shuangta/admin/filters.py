"""Which filter stands beside a list for which kind of field."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.contrib.filters.forms import AutocompleteDropdownForm, DropdownForm

from shuangta.history.models import revisioned_models
from shuangta.records.models import Record

# The theme's filters ask for a second copy of select2, and that one knows no Chinese: here their
# scripts come with the page.

NONE = "-"
"""What a filter by a choice takes for rows that state none; no choice is written so."""


class RelatedForm(AutocompleteDropdownForm):
    Media = None


class RelatedFilter(AutocompleteSelectFilter):
    """Filters by a related record, which is searched for in either script."""

    form_class = RelatedForm

    def expected_parameters(self):
        return [self.lookup_kwarg]  # the theme's own takes another, and passes over it

    def queryset(self, request, queryset):
        """What names the record; one of many names is looked up, since a join would find a row more than once."""
        if not (self.field.many_to_many and self.value()):
            return super().queryset(request, queryset)
        naming = super().queryset(request, self.field.model._base_manager.all())
        return queryset.filter(pk__in=naming.values("pk"))


class ChoiceForm(DropdownForm):
    Media = None


class ChoiceFilter(ChoicesDropdownFilter):
    """Filters by one of the words that a field takes, or by its having none."""

    form_class = ChoiceForm

    def expected_parameters(self):
        return [self.lookup_kwarg]  # the theme's own takes another, and passes over it

    def choices(self, changelist):
        for choice in super().choices(changelist):
            if self.field.null:
                choice["form"].fields[self.lookup_kwarg].choices += [(NONE, _("Not stated"))]
            yield choice

    def queryset(self, request, queryset):
        choices = {str(choice) for choice, _label in self.field.flatchoices}
        known = {"", *choices, *([NONE] if self.field.null else [])}
        if not known.issuperset(self.used_parameters.get(self.lookup_kwarg, [])):
            raise IncorrectLookupParameters
        if self.value() == NONE and self.field.null:
            return queryset.filter(**{self.field_path: None})
        return super().queryset(request, queryset)


class TypeFilter(RelatedDropdownFilter):
    """Filters by a type of record. What types there are is known without asking the table."""

    form_class = ChoiceForm

    def field_choices(self, field, request, model_admin):
        types = ContentType.objects.get_for_models(*revisioned_models())
        return [(each.pk, capfirst(model._meta.verbose_name)) for model, each in types.items()]


class UserFilter(RelatedDropdownFilter):
    """Filters by one of those who may sit at the admin, whether or not a row names them."""

    form_class = ChoiceForm

    def field_choices(self, field, request, model_admin):
        staff = get_user_model().objects.filter(is_staff=True).order_by("username")
        return [(user.pk, str(user)) for user in staff]


class PastDaysFilter(DropdownFilter):
    """Filters by how long ago something happened; the column, ``created_at``, has an index."""

    title = _("time")
    parameter_name = "past_days"
    form_class = ChoiceForm

    def lookups(self, request, model_admin):
        return [("1", _("Today")), ("7", _("Past 7 days")), ("30", _("Past 30 days"))]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        if self.value() not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return queryset.filter(created_at__gte=today - timedelta(days=int(self.value()) - 1))


def imprecise_dates(model):
    """The names of the columns that hold the last possible day of a date."""
    return [field.name for field in model._meta.concrete_fields if field.name.endswith("_latest")]


def imprecise_rows(rows):
    """Those of the rows that hold a date of which only the first and the last possible day are known."""
    known_within = Q()
    for name in imprecise_dates(rows.model):
        known_within |= Q(**{f"{name}__isnull": False})
    return rows.filter(known_within)


class ImpreciseDatesFilter(DropdownFilter):
    """Filters by whether a date is known only within bounds."""

    title = _("dates")
    parameter_name = "dates"
    form_class = ChoiceForm

    def lookups(self, request, model_admin):
        return [("imprecise", _("Imprecise"))]

    def queryset(self, request, queryset):
        if not self.value():
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

    def changelist_view(self, request, extra_context=None):
        """The list; an address that filters by what there is not leads to all rows, and is told so."""
        response = super().changelist_view(request, extra_context)
        if response.headers.get("Location") == f"{request.path}?{ERROR_FLAG}=1":
            messages.warning(
                request, gettext("The link filters by what there is not: here are all rows.")
            )
        return response

    def get_list_filter(self, request):
        dates = [ImpreciseDatesFilter] if imprecise_dates(self.model) else []
        declared = [
            self.filter_for(each) if isinstance(each, str) else each for each in self.list_filter
        ]
        return [*declared, *dates]

    def filter_for(self, name):
        """The kind of filter that suits a field."""
        field = self.opts.get_field(name)
        if field.is_relation and issubclass(field.related_model, Record):
            return name, RelatedFilter
        if field.related_model is ContentType:
            return name, TypeFilter
        if field.related_model is get_user_model():
            return name, UserFilter
        if field.choices:
            return name, ChoiceFilter
        return name, BooleanRadioFilter
