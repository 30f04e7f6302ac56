"""Sectors, enterprises and projects in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts.admin import ObservationInline
from projects.models import Enterprise, Participation, Project, Sector
from seeds.admin import SourcedNamedRecordAdmin, SourcedRecordAdmin
from shuangta.admin.inlines import RecordInline


class ParticipationInline(RecordInline):
    """The enterprises of a project."""

    help = _("Which enterprise does what in this project: owns it, invests, builds or runs it.")
    model = Participation
    fields = ["enterprise", "role", "status", "note"]


class EngagementInline(RecordInline):
    """The projects of an enterprise."""

    help = _("The projects in which this enterprise takes part, and as what.")
    model = Participation
    fields = ["project", "role", "status", "note"]


@admin.register(Sector)
class SectorAdmin(SourcedNamedRecordAdmin):
    help = _("Each record is one branch of the economy, as the sources name it.")
    list_display = ["name", "name_en", "parent", "is_published"]
    list_filter = ["parent", "is_published"]
    list_select_related = ["parent"]


@admin.register(Enterprise)
class EnterpriseAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one company, group or institution that works in the district or takes part "
        "in its projects."
    )
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
class ProjectAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one project that is planned, being built or running. What is being built is"
        " a project, where it stands is a place."
    )
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
class ParticipationAdmin(SourcedRecordAdmin):
    help = _(
        "Each record is what one enterprise does in one project: owner, investor, partner, operator."
    )
    list_display = ["enterprise", "role", "project", "status", "note", "is_published"]
    list_filter = ["role", "status", "enterprise", "project", "is_published"]
    list_select_related = ["enterprise", "project"]
