"""Filters of who runs the district, and how."""

from districts.filters import DistrictFilterSet
from governance.models import (
    Department,
    Grid,
    Initiative,
    JobFair,
    Measure,
    Platform,
    PlatformFunction,
    PolicyDocument,
    ServiceArea,
    ServiceHall,
    ServiceItem,
    VolunteerCategory,
    VolunteerTeam,
    Window,
    WorkingGroup,
    WorkingGroupMember,
)
from shuangta.filters import (
    BOOLEAN,
    CHOICE,
    DISTRICT,
    ENTRY_FIELDS,
    RANGE,
    RECORD_FIELDS,
    RELATION,
    TEXT,
    EntryFilterSet,
)


class DepartmentFilterSet(EntryFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = Department
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "official_name": TEXT,
            "in_grid_management": BOOLEAN,
            "service_halls": RELATION,
        }


class ServiceItemFilterSet(EntryFilterSet):
    related = {"department": DepartmentFilterSet}

    class Meta:
        model = ServiceItem
        fields = RECORD_FIELDS | {
            "department": RELATION,
            "in_grid_management": BOOLEAN,
        }


class PlatformFilterSet(EntryFilterSet):
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


class PlatformFunctionFilterSet(EntryFilterSet):
    related = {"platform": PlatformFilterSet}

    class Meta:
        model = PlatformFunction
        fields = RECORD_FIELDS | {
            "platform": RELATION,
            "position": RANGE,
            "kind": CHOICE,
        }


class GridFilterSet(EntryFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = Grid
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "parent": RELATION,
        }


class ServiceHallFilterSet(EntryFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = ServiceHall
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "departments": RELATION,
            "opened_on": RANGE,
            "opened_on_latest": RANGE,
        }


class ServiceAreaFilterSet(EntryFilterSet):
    related = {"hall": ServiceHallFilterSet}

    class Meta:
        model = ServiceArea
        fields = RECORD_FIELDS | {
            "hall": RELATION,
            "position": RANGE,
        }


class WindowFilterSet(EntryFilterSet):
    related = {"area": ServiceAreaFilterSet, "department": DepartmentFilterSet}

    class Meta:
        model = Window
        fields = ENTRY_FIELDS | {
            "area": RELATION,
            "department": RELATION,
            "number": TEXT,
        }


class InitiativeFilterSet(EntryFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = Initiative
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "parent": RELATION,
            "position": RANGE,
            "kind": CHOICE,
            "goal": TEXT,
            "period_start": RANGE,
            "period_end": RANGE,
            "status": CHOICE,
        }


class MeasureFilterSet(EntryFilterSet):
    related = {"initiative": InitiativeFilterSet}

    class Meta:
        model = Measure
        fields = RECORD_FIELDS | {
            "initiative": RELATION,
            "parent": RELATION,
            "position": RANGE,
            "kind": CHOICE,
            "status": CHOICE,
            "projects": RELATION,
            "enterprises": RELATION,
            "places": RELATION,
            "industrial_parks": RELATION,
        }


class PolicyDocumentFilterSet(EntryFilterSet):
    related = {
        "district": DistrictFilterSet,
        "issuer": DepartmentFilterSet,
        "initiative": InitiativeFilterSet,
    }

    class Meta:
        model = PolicyDocument
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "issuer": RELATION,
            "initiative": RELATION,
            "kind": CHOICE,
            "issued_on": RANGE,
            "issued_on_latest": RANGE,
        }


class WorkingGroupFilterSet(EntryFilterSet):
    related = {"district": DistrictFilterSet, "initiative": InitiativeFilterSet}

    class Meta:
        model = WorkingGroup
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "initiative": RELATION,
            "status": CHOICE,
        }


class WorkingGroupMemberFilterSet(EntryFilterSet):
    related = {"working_group": WorkingGroupFilterSet}

    class Meta:
        model = WorkingGroupMember
        fields = ENTRY_FIELDS | {
            "working_group": RELATION,
            "office": TEXT,
            "role": CHOICE,
        }


class JobFairFilterSet(EntryFilterSet):
    related = {
        "district": DistrictFilterSet,
        "organiser": DepartmentFilterSet,
        "initiative": InitiativeFilterSet,
        "platform": PlatformFilterSet,
    }

    class Meta:
        model = JobFair
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "organiser": RELATION,
            "initiative": RELATION,
            "platform": RELATION,
            "venues": RELATION,
            "mode": CHOICE,
            "starts_on": RANGE,
            "starts_on_latest": RANGE,
            "ends_on": RANGE,
            "ends_on_latest": RANGE,
            "sessions": RANGE,
            "employers": RANGE,
            "posts": RANGE,
            "intentions": RANGE,
        }


class VolunteerCategoryFilterSet(EntryFilterSet):
    class Meta:
        model = VolunteerCategory
        fields = RECORD_FIELDS


class VolunteerTeamFilterSet(EntryFilterSet):
    related = {
        "district": DistrictFilterSet,
        "category": VolunteerCategoryFilterSet,
        "department": DepartmentFilterSet,
    }

    class Meta:
        model = VolunteerTeam
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "category": RELATION,
            "department": RELATION,
            "member_count": RANGE,
        }
