"""Sectors, enterprises and projects in the admin."""

from django.contrib import admin

from districts.admin import ObservationInline
from projects.models import Enterprise, Participation, Project, Sector
from seeds.admin import CitedEntryAdmin, CitedRecordAdmin
from shuangta.admin import EntryInline


class ParticipationInline(EntryInline):
    """The enterprises of a project."""

    model = Participation
    fields = ["enterprise", "role", "status", "note"]


class EngagementInline(EntryInline):
    """The projects of an enterprise."""

    model = Participation
    fields = ["project", "role", "status", "note"]


@admin.register(Sector)
class SectorAdmin(CitedRecordAdmin):
    list_display = ["name", "name_en", "parent", "is_published"]
    list_filter = ["parent", "is_published"]
    list_select_related = ["parent"]


@admin.register(Enterprise)
class EnterpriseAdmin(CitedRecordAdmin):
    list_display = [
        "name",
        "name_en",
        "kind",
        "district",
        "industrial_park",
        "is_leading_firm",
        "is_published",
    ]
    list_filter = [
        "kind",
        "sectors",
        "district",
        "industrial_park",
        "is_leading_firm",
        "is_published",
    ]
    list_select_related = ["district", "industrial_park"]
    inlines = [EngagementInline, ObservationInline]


@admin.register(Project)
class ProjectAdmin(CitedRecordAdmin):
    list_display = [
        "name",
        "name_en",
        "district",
        "kind",
        "stage",
        "total_investment",
        "is_published",
    ]
    list_filter = [
        "stage",
        "kind",
        "sectors",
        "district",
        "place",
        "industrial_park",
        "is_published",
    ]
    list_select_related = ["district"]
    inlines = [ParticipationInline, ObservationInline]


@admin.register(Participation)
class ParticipationAdmin(CitedEntryAdmin):
    list_display = ["enterprise", "role", "project", "status", "note", "is_published"]
    list_filter = ["role", "status", "enterprise", "project", "is_published"]
    list_select_related = ["enterprise", "project"]
