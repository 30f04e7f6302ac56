"""Administrative divisions in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts.admin.figures import ObservationInline
from districts.models import District
from seeds.admin import SourcedNamedRecordAdmin


@admin.register(District)
class DistrictAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one administrative division under its official code, from province to village."
    )
    list_display = ["name", "name_en", "code", "level", "parent", "valid_until", "is_published"]
    list_filter = ["level", "parent", "is_published"]
    list_select_related = ["parent"]
    inlines = [ObservationInline]
