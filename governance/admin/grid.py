"""Departments, service items, platforms and grids in the admin."""

from django.contrib import admin

from districts.admin import ObservationInline
from governance.models import Department, Grid, Platform, PlatformFunction, ServiceItem
from seeds.admin import CitedRecordAdmin
from shuangta.admin import EntryInline


class ServiceItemInline(EntryInline):
    model = ServiceItem
    fields = ["name", "name_en", "in_grid_management", "note"]


class PlatformFunctionInline(EntryInline):
    model = PlatformFunction
    fields = ["position", "kind", "name", "name_en"]


@admin.register(Department)
class DepartmentAdmin(CitedRecordAdmin):
    list_display = [
        "name",
        "name_en",
        "official_name",
        "district",
        "in_grid_management",
        "is_published",
    ]
    list_filter = ["in_grid_management", "district", "is_published"]
    list_select_related = ["district"]
    inlines = [ServiceItemInline, ObservationInline]


@admin.register(ServiceItem)
class ServiceItemAdmin(CitedRecordAdmin):
    list_display = ["name", "name_en", "department", "in_grid_management", "is_published"]
    list_filter = ["department", "in_grid_management", "is_published"]
    list_select_related = ["department"]
    inlines = [ObservationInline]


@admin.register(Platform)
class PlatformAdmin(CitedRecordAdmin):
    list_display = ["name", "name_en", "kind", "operator", "launched_on", "state", "is_published"]
    list_filter = ["kind", "state", "operator", "district", "is_published"]
    list_select_related = ["operator"]
    inlines = [PlatformFunctionInline, ObservationInline]


@admin.register(PlatformFunction)
class PlatformFunctionAdmin(CitedRecordAdmin):
    list_display = ["name", "name_en", "kind", "position", "platform", "is_published"]
    list_filter = ["kind", "platform", "is_published"]
    list_select_related = ["platform"]


@admin.register(Grid)
class GridAdmin(CitedRecordAdmin):
    list_display = ["name", "name_en", "district", "parent", "is_published"]
    list_filter = ["district", "parent", "is_published"]
    list_select_related = ["district", "parent"]
    inlines = [ObservationInline]
