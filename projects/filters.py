"""Filters of what is built, and by whom."""

from districts.filters import (
    DistrictFilterSet,
    IndustrialParkFilterSet,
    ParkFilterSet,
    PlaceFilterSet,
)
from projects.models import Enterprise, Participation, Project, Sector
from shuangta.query.filters import (
    BOOLEAN,
    CHOICE,
    DISTRICT,
    ENTRY_FIELDS,
    RANGE,
    RECORD_FIELDS,
    RELATION,
    TEXT,
    RecordFilterSet,
)


class SectorFilterSet(RecordFilterSet):
    class Meta:
        model = Sector
        fields = RECORD_FIELDS | {
            "parent": RELATION,
        }


class EnterpriseFilterSet(RecordFilterSet):
    related = {"district": DistrictFilterSet, "industrial_park": IndustrialParkFilterSet}

    class Meta:
        model = Enterprise
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "kind": CHOICE,
            "uscc": TEXT,
            "sectors": RELATION,
            "industrial_park": RELATION,
            "is_leading_firm": BOOLEAN,
        }


class ProjectFilterSet(RecordFilterSet):
    related = {
        "district": DistrictFilterSet,
        "place": PlaceFilterSet,
        "park": ParkFilterSet,
        "industrial_park": IndustrialParkFilterSet,
    }

    class Meta:
        model = Project
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "place": RELATION,
            "park": RELATION,
            "industrial_park": RELATION,
            "part_of": RELATION,
            "sectors": RELATION,
            "kind": CHOICE,
            "stage": CHOICE,
            "total_investment": RANGE,
            "started_on": RANGE,
            "started_on_latest": RANGE,
            "completed_on": RANGE,
            "completed_on_latest": RANGE,
            "project_code": TEXT,
        }


class ParticipationFilterSet(RecordFilterSet):
    related = {"project": ProjectFilterSet, "enterprise": EnterpriseFilterSet}

    class Meta:
        model = Participation
        fields = ENTRY_FIELDS | {
            "project": RELATION,
            "enterprise": RELATION,
            "role": CHOICE,
            "status": CHOICE,
        }
