"""Filters of the departments, platforms and grids of grid management."""

from districts.filters import DistrictFilterSet
from governance.models import Department, Grid, Platform, PlatformFunction, ServiceItem
from shuangta.query.filters import (
    BOOLEAN,
    CHOICE,
    DISTRICT,
    RANGE,
    RECORD_FIELDS,
    RELATION,
    TEXT,
    RecordFilterSet,
)


class DepartmentFilterSet(RecordFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = Department
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "official_name": TEXT,
            "in_grid_management": BOOLEAN,
            "service_halls": RELATION,
        }


class ServiceItemFilterSet(RecordFilterSet):
    related = {"department": DepartmentFilterSet}

    class Meta:
        model = ServiceItem
        fields = RECORD_FIELDS | {
            "department": RELATION,
            "in_grid_management": BOOLEAN,
        }


class PlatformFilterSet(RecordFilterSet):
    related = {"district": DistrictFilterSet, "operator": DepartmentFilterSet}

    class Meta:
        model = Platform
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "operator": RELATION,
            "kind": CHOICE,
            "launched_on": RANGE,
            "launched_on_latest": RANGE,
            "state": CHOICE,
        }


class PlatformFunctionFilterSet(RecordFilterSet):
    related = {"platform": PlatformFilterSet}

    class Meta:
        model = PlatformFunction
        fields = RECORD_FIELDS | {
            "platform": RELATION,
            "position": RANGE,
            "kind": CHOICE,
        }


class GridFilterSet(RecordFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = Grid
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "parent": RELATION,
        }
