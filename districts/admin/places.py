"""Places and what plans make of them in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts.admin.figures import ObservationInline
from districts.models import Place, PlaceRole
from seeds.admin import SourcedNamedRecordAdmin, SourcedRecordAdmin
from shuangta.admin.inlines import RecordInline


class PlaceRoleInline(RecordInline):
    help = _(
        "What the plans make of this place: an axis, a commercial circle, a night-economy street."
    )
    model = PlaceRole
    fields = ["role", "status", "note"]


@admin.register(Place)
class PlaceAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one place that a source names: a street, a market, a commercial circle. "
        "What is being built is a project, where it stands is a place."
    )
    list_display = ["name", "name_en", "kind", "district", "within", "state", "is_published"]
    list_filter = ["kind", "district", "within", "state", "is_published"]
    list_select_related = ["district", "within"]
    inlines = [PlaceRoleInline, ObservationInline]


@admin.register(PlaceRole)
class PlaceRoleAdmin(SourcedRecordAdmin):
    help = _(
        "Each record is what a plan makes of one place, such as one of the four commercial circles "
        "or a night-economy street."
    )
    list_display = ["place", "role", "status", "note", "is_published"]
    list_filter = ["role", "status", "place", "is_published"]
    list_select_related = ["place"]
