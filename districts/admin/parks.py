"""Public parks and industrial parks in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts.admin.figures import ObservationInline
from districts.models import BuildingGroup, Garden, IndustrialPark, Park
from seeds.admin import SourcedNamedRecordAdmin, SourcedRecordAdmin
from shuangta.admin.inlines import RecordInline


class GardenInline(RecordInline):
    help = _("The gardens and squares inside the park, in the order of the source.")
    model = Garden
    fields = ["position", "name", "name_en", "aliases"]


class BuildingGroupInline(RecordInline):
    help = _("How many buildings of each kind the park has, and how far the works are.")
    model = BuildingGroup
    fields = ["kind", "count", "works_state", "note"]


@admin.register(Park)
class ParkAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one public park, where people stroll; where things are made is an "
        "industrial park."
    )
    list_display = ["name", "name_en", "district", "area", "opened_on", "is_published"]
    list_filter = ["district", "is_published"]
    list_select_related = ["district"]
    inlines = [GardenInline, ObservationInline]


@admin.register(Garden)
class GardenAdmin(SourcedNamedRecordAdmin):
    help = _("Each record is one garden or square inside a public park.")
    list_display = ["name", "name_en", "park", "position", "is_published"]
    list_filter = ["park", "is_published"]
    list_select_related = ["park"]
    inlines = [ObservationInline]


@admin.register(IndustrialPark)
class IndustrialParkAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one industrial or science park, where enterprises work; where people stroll"
        " is a park."
    )
    list_display = ["name", "name_en", "district", "theme", "floor_area", "is_published"]
    list_filter = ["district", "is_published"]
    list_select_related = ["district"]
    inlines = [BuildingGroupInline, ObservationInline]


@admin.register(BuildingGroup)
class BuildingGroupAdmin(SourcedRecordAdmin):
    help = _(
        "Each record is the buildings of one kind in one industrial park: how many, and how far "
        "they are built."
    )
    list_display = ["industrial_park", "kind", "count", "works_state", "note", "is_published"]
    list_filter = ["kind", "works_state", "industrial_park", "is_published"]
    list_select_related = ["industrial_park"]
    inlines = [ObservationInline]
