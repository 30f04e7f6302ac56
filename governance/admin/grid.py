"""Departments, service items, platforms and grids in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts.admin import ObservationInline
from governance.models import Department, Grid, Platform, PlatformFunction, ServiceItem
from seeds.admin import SourcedNamedRecordAdmin
from shuangta.admin.inlines import RecordInline


class ServiceItemInline(RecordInline):
    help = _(
        "The matters that this department handles; those handled through the grids are marked."
    )
    model = ServiceItem
    fields = ["name", "name_en", "in_grid_management", "note"]


class PlatformFunctionInline(RecordInline):
    help = _("What the platform can do and the systems it is made of, numbered as in the source.")
    model = PlatformFunction
    fields = ["position", "kind", "name", "name_en"]


@admin.register(Department)
class DepartmentAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one office of the district: a bureau, an administration, a service centre."
    )
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
class ServiceItemAdmin(SourcedNamedRecordAdmin):
    help = _("Each record is one matter that a department manages or serves.")
    list_display = ["name", "name_en", "department", "in_grid_management", "is_published"]
    list_filter = ["department", "in_grid_management", "is_published"]
    list_select_related = ["department"]
    inlines = [ObservationInline]


@admin.register(Platform)
class PlatformAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one platform that serves or steers the district, such as the grid command "
        "platform or an approval system."
    )
    list_display = ["name", "name_en", "kind", "operator", "launched_on", "state", "is_published"]
    list_filter = ["kind", "state", "operator", "district", "is_published"]
    list_select_related = ["operator"]
    inlines = [PlatformFunctionInline, ObservationInline]


@admin.register(PlatformFunction)
class PlatformFunctionAdmin(SourcedNamedRecordAdmin):
    help = _("Each record is one function or one system of a platform.")
    list_display = ["name", "name_en", "kind", "position", "platform", "is_published"]
    list_filter = ["kind", "platform", "is_published"]
    list_select_related = ["platform"]


@admin.register(Grid)
class GridAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one cell of the grid into which the district is divided for its grid workers."
    )
    list_display = ["name", "name_en", "district", "parent", "is_published"]
    list_filter = ["district", "parent", "is_published"]
    list_select_related = ["district", "parent"]
    inlines = [ObservationInline]
