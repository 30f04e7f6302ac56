"""Volunteer teams and their categories in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts.admin import ObservationInline
from governance.models import VolunteerCategory, VolunteerTeam
from seeds.admin import SourcedNamedRecordAdmin


@admin.register(VolunteerCategory)
class VolunteerCategoryAdmin(SourcedNamedRecordAdmin):
    help = _("Each record is one kind of volunteer service by which the teams are sorted.")
    list_display = ["name", "name_en", "is_published"]
    list_filter = ["is_published"]


@admin.register(VolunteerTeam)
class VolunteerTeamAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one volunteer team of the district; its members are counted, never named."
    )
    list_display = [
        "name",
        "name_en",
        "category",
        "department",
        "district",
        "member_count",
        "is_published",
    ]
    list_filter = ["category", "department", "district", "is_published"]
    list_select_related = ["category", "department", "district"]
    inlines = [ObservationInline]
