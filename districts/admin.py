"""Divisions, places, parks and figures in the admin."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts import claims
from districts.models import (
    BuildingGroup,
    DeclaredCount,
    District,
    Garden,
    Indicator,
    IndustrialPark,
    Observation,
    Park,
    Place,
    PlaceRole,
)
from seeds.admin import CitedEntryAdmin, CitedForm, CitedRecordAdmin
from shuangta.admin import EntryInline, EntryRowForm, GenericEntryInline
from shuangta.quantities import format_amount


class BoundsForm(forms.BaseForm):
    """The form of a figure, whose bounds are typed and shown in the unit of its indicator."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        indicator = Indicator.objects.filter(pk=self["indicator"].value()).first()
        if indicator:
            self.fields["low"].unit = self.fields["high"].unit = indicator.unit
        self.fields["low"].help_text = _("Left empty, the bounds are read from the wording.")

    def clean(self):
        super().clean()
        typed = ("indicator", "wording", "low", "high")
        if not self.errors.keys() & set(typed):
            figure = Observation(**{name: self.cleaned_data[name] for name in typed})
            for name, value in figure.values_as_worded().items():
                self.cleaned_data[name] = value
                setattr(self.instance, name, value)  # The row of a table has no field for each.


class ObservationRowForm(BoundsForm, EntryRowForm):
    """A figure as a row on the page of the record that it is about."""


class ObservationForm(BoundsForm, CitedForm):
    """A figure on a page of its own."""


class ObservationInline(GenericEntryInline):
    """The figures that a source states of the record."""

    model = Observation
    form = ObservationRowForm
    ct_field = "subject_type"
    ct_fk_field = "subject"
    fields = [
        "indicator",
        "wording",
        "low",
        "low_open",
        "high",
        "high_open",
        "period_label",
        "status",
    ]


class PlaceRoleInline(EntryInline):
    model = PlaceRole
    fields = ["role", "status", "note"]


class GardenInline(EntryInline):
    model = Garden
    fields = ["position", "name", "name_en", "aliases"]


class BuildingGroupInline(EntryInline):
    model = BuildingGroup
    fields = ["kind", "count", "works_state", "note"]


class DeclaredCountInline(EntryInline):
    model = DeclaredCount
    fields = ["resource", "query"]


@admin.register(District)
class DistrictAdmin(CitedRecordAdmin):
    list_display = ["name", "code", "level", "parent", "valid_until", "is_published"]
    list_filter = ["level", "parent", "is_published"]
    list_select_related = ["parent"]
    inlines = [ObservationInline]


@admin.register(Place)
class PlaceAdmin(CitedRecordAdmin):
    list_display = ["name", "kind", "district", "within", "state", "is_published"]
    list_filter = ["kind", "district", "within", "state", "is_published"]
    list_select_related = ["district", "within"]
    inlines = [PlaceRoleInline, ObservationInline]


@admin.register(PlaceRole)
class PlaceRoleAdmin(CitedEntryAdmin):
    list_display = ["place", "role", "status", "is_published"]
    list_filter = ["role", "status", "place", "is_published"]
    list_select_related = ["place"]


@admin.register(Park)
class ParkAdmin(CitedRecordAdmin):
    list_display = ["name", "district", "area", "opened_on", "is_published"]
    list_filter = ["district", "is_published"]
    list_select_related = ["district"]
    inlines = [GardenInline, ObservationInline]


@admin.register(Garden)
class GardenAdmin(CitedRecordAdmin):
    list_display = ["name", "park", "position", "is_published"]
    list_filter = ["park", "is_published"]
    list_select_related = ["park"]
    inlines = [ObservationInline]


@admin.register(IndustrialPark)
class IndustrialParkAdmin(CitedRecordAdmin):
    list_display = ["name", "district", "theme", "floor_area", "is_published"]
    list_filter = ["district", "is_published"]
    list_select_related = ["district"]
    inlines = [BuildingGroupInline, ObservationInline]


@admin.register(BuildingGroup)
class BuildingGroupAdmin(CitedEntryAdmin):
    list_display = ["industrial_park", "kind", "count", "works_state", "is_published"]
    list_filter = ["kind", "works_state", "industrial_park", "is_published"]
    list_select_related = ["industrial_park"]
    inlines = [ObservationInline]


@admin.register(Indicator)
class IndicatorAdmin(CitedRecordAdmin):
    list_display = ["name", "unit", "kind", "is_published"]
    list_filter = ["kind", "is_published"]


@admin.register(Observation)
class ObservationAdmin(CitedEntryAdmin):
    form = ObservationForm
    list_display = [
        "indicator",
        "subject_name",
        "wording",
        "least",
        "most",
        "period_label",
        "status",
    ]
    list_filter = ["indicator", "subject_type", "status", "is_published"]
    list_select_related = ["indicator"]
    inlines = [DeclaredCountInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("about")

    @admin.display(description=_("subject"), ordering="subject")
    def subject_name(self, figure):
        return figure.about

    @admin.display(description=_("at least"), ordering="low")
    def least(self, figure):
        return in_words(figure.low, figure.indicator)

    @admin.display(description=_("at most"), ordering="high")
    def most(self, figure):
        return in_words(figure.high, figure.indicator)


def in_words(bound, indicator):
    return None if bound is None else format_amount(bound, indicator.unit)


@admin.register(DeclaredCount)
class DeclaredCountAdmin(CitedEntryAdmin):
    list_display = ["observation", "registered", "state", "resource", "query", "is_published"]
    list_filter = ["observation", "is_published"]
    list_select_related = ["observation__indicator"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("observation__about")

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        standings = claims.standings(changelist.result_list)
        for claim in changelist.result_list:
            claim.standing = standings[claim.pk]
        return changelist

    @admin.display(description=_("registered"))
    def registered(self, claim):
        return claim.standing.registered

    @admin.display(description=_("state"))
    def state(self, claim):
        return claim.standing.state.label
