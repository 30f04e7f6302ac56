"""Service halls with their areas and windows in the admin."""

from django.contrib import admin

from districts.admin import ObservationInline
from governance.models import ServiceArea, ServiceHall, Window
from seeds.admin import CitedEntryAdmin, CitedRecordAdmin
from shuangta.admin import EntryInline


class ServiceAreaInline(EntryInline):
    model = ServiceArea
    fields = ["position", "name", "name_en", "note"]


class WindowInline(EntryInline):
    model = Window
    fields = ["number", "department", "note"]


@admin.register(ServiceHall)
class ServiceHallAdmin(CitedRecordAdmin):
    list_display = ["name", "name_en", "district", "opened_on", "is_published"]
    list_filter = ["district", "departments", "is_published"]
    list_select_related = ["district"]
    inlines = [ServiceAreaInline, ObservationInline]


@admin.register(ServiceArea)
class ServiceAreaAdmin(CitedRecordAdmin):
    list_display = ["name", "name_en", "hall", "position", "is_published"]
    list_filter = ["hall", "is_published"]
    list_select_related = ["hall"]
    inlines = [WindowInline, ObservationInline]


@admin.register(Window)
class WindowAdmin(CitedEntryAdmin):
    list_display = ["number", "area", "department", "note", "is_published"]
    list_filter = ["area", "department", "is_published"]
    list_select_related = ["area", "department"]
    inlines = [ObservationInline]
