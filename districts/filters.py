"""Filters of where things are, and what is counted."""

from districts.models import (
    BuildingGroup,
    DeclaredCount,
    District,
    Garden,
    Indicator,
    IndustrialPark,
    Observation,
    Park,
    Place,
    PlaceRole,
)
from shuangta.query.filters import (
    BOOLEAN,
    CHOICE,
    DISTRICT,
    ENTRY_FIELDS,
    KEY,
    RANGE,
    RECORD_FIELDS,
    RELATION,
    TEXT,
    RecordFilterSet,
)


class DistrictFilterSet(RecordFilterSet):
    class Meta:
        model = District
        fields = RECORD_FIELDS | {
            "level": CHOICE,
            "parent": DISTRICT,
            "valid_from": RANGE,
            "valid_until": RANGE,
            "replaced_by": DISTRICT,
        }


class PlaceFilterSet(RecordFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = Place
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "within": RELATION,
            "kind": CHOICE,
            "goal": TEXT,
            "floor_area": RANGE,
            "state": CHOICE,
        }


class PlaceRoleFilterSet(RecordFilterSet):
    related = {"place": PlaceFilterSet}

    class Meta:
        model = PlaceRole
        fields = ENTRY_FIELDS | {
            "place": RELATION,
            "role": CHOICE,
            "status": CHOICE,
        }


class ParkFilterSet(RecordFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = Park
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "area": RANGE,
            "opened_on": RANGE,
            "opened_on_latest": RANGE,
            "former_use": TEXT,
        }


class GardenFilterSet(RecordFilterSet):
    related = {"park": ParkFilterSet}

    class Meta:
        model = Garden
        fields = RECORD_FIELDS | {
            "park": RELATION,
            "position": RANGE,
        }


class IndustrialParkFilterSet(RecordFilterSet):
    related = {"district": DistrictFilterSet}

    class Meta:
        model = IndustrialPark
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "theme": TEXT,
            "floor_area": RANGE,
            "goal": TEXT,
            "partners": RELATION,
        }


class BuildingGroupFilterSet(RecordFilterSet):
    related = {"industrial_park": IndustrialParkFilterSet}

    class Meta:
        model = BuildingGroup
        fields = ENTRY_FIELDS | {
            "industrial_park": RELATION,
            "kind": CHOICE,
            # “count” alone says how a list is to be counted; the column is asked for by count__in.
            "count": [lookup for lookup in RANGE if lookup != "exact"],
            "works_state": CHOICE,
        }


class IndicatorFilterSet(RecordFilterSet):
    class Meta:
        model = Indicator
        fields = RECORD_FIELDS | {
            "unit": TEXT,
            "kind": CHOICE,
        }


class ObservationFilterSet(RecordFilterSet):
    related = {"indicator": IndicatorFilterSet}

    class Meta:
        model = Observation
        fields = ENTRY_FIELDS | {
            "indicator": RELATION,
            "subject_type": KEY,
            "subject": KEY,
            "period_start": RANGE,
            "period_end": RANGE,
            "period_label": TEXT,
            "low": RANGE,
            "high": RANGE,
            "low_open": BOOLEAN,
            "high_open": BOOLEAN,
            "approximate": BOOLEAN,
            "wording": TEXT,
            "status": CHOICE,
            "part_of": RELATION,
        }


class DeclaredCountFilterSet(RecordFilterSet):
    related = {"observation": ObservationFilterSet}

    class Meta:
        model = DeclaredCount
        fields = ENTRY_FIELDS | {
            "observation": RELATION,
            "resource": KEY,
            "query": TEXT,
        }
