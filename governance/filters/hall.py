"""Filters of the service hall, its areas and windows."""

from districts.filters import DistrictFilterSet
from governance.filters.grid import DepartmentFilterSet
from governance.models import ServiceArea, ServiceHall, Window
from shuangta.query.filters import (
    DISTRICT,
    ENTRY_FIELDS,
    RANGE,
    RECORD_FIELDS,
    RELATION,
    TEXT,
    RecordFilterSet,
)


class ServiceHallFilterSet(RecordFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = ServiceHall
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "departments": RELATION,
            "opened_on": RANGE,
            "opened_on_latest": RANGE,
        }


class ServiceAreaFilterSet(RecordFilterSet):
    related = {"hall": ServiceHallFilterSet}

    class Meta:
        model = ServiceArea
        fields = RECORD_FIELDS | {
            "hall": RELATION,
            "position": RANGE,
        }


class WindowFilterSet(RecordFilterSet):
    related = {"area": ServiceAreaFilterSet, "department": DepartmentFilterSet}

    class Meta:
        model = Window
        fields = ENTRY_FIELDS | {
            "area": RELATION,
            "department": RELATION,
            "number": TEXT,
        }
