"""Service halls with their areas and windows in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts.admin import ObservationInline
from governance.models import ServiceArea, ServiceHall, Window
from seeds.admin import SourcedNamedRecordAdmin, SourcedRecordAdmin
from shuangta.admin.inlines import RecordInline


class ServiceAreaInline(RecordInline):
    help = _("The areas into which the hall is divided, in order.")
    model = ServiceArea
    fields = ["position", "name", "name_en", "note"]


class WindowInline(RecordInline):
    help = _("The windows of this area, and the department that sits behind each.")
    model = Window
    fields = ["number", "department", "note"]


@admin.register(ServiceHall)
class ServiceHallAdmin(SourcedNamedRecordAdmin):
    help = _("Each record is one hall where residents and enterprises bring their business.")
    list_display = ["name", "name_en", "district", "opened_on", "is_published"]
    list_filter = ["district", "departments", "is_published"]
    list_select_related = ["district"]
    inlines = [ServiceAreaInline, ObservationInline]


@admin.register(ServiceArea)
class ServiceAreaAdmin(SourcedNamedRecordAdmin):
    help = _("Each record is one of the areas into which a service hall is divided.")
    list_display = ["name", "name_en", "hall", "position", "is_published"]
    list_filter = ["hall", "is_published"]
    list_select_related = ["hall"]
    inlines = [WindowInline, ObservationInline]


@admin.register(Window)
class WindowAdmin(SourcedRecordAdmin):
    help = _("Each record is one window of a service area.")
    list_display = ["number", "area", "department", "note", "is_published"]
    list_filter = ["area", "department", "is_published"]
    list_select_related = ["area", "department"]
    inlines = [ObservationInline]
