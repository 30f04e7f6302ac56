"""Filters of initiatives, measures, papers and working groups."""

from districts.filters import DistrictFilterSet
from governance.filters.grid import DepartmentFilterSet
from governance.models import Initiative, Measure, PolicyDocument, WorkingGroup, WorkingGroupMember
from shuangta.query.filters import (
    CHOICE,
    DISTRICT,
    ENTRY_FIELDS,
    RANGE,
    RECORD_FIELDS,
    RELATION,
    TEXT,
    RecordFilterSet,
)


class InitiativeFilterSet(RecordFilterSet):
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


class MeasureFilterSet(RecordFilterSet):
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


class PolicyDocumentFilterSet(RecordFilterSet):
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


class WorkingGroupFilterSet(RecordFilterSet):
    related = {"district": DistrictFilterSet, "initiative": InitiativeFilterSet}

    class Meta:
        model = WorkingGroup
        fields = RECORD_FIELDS | {
            "district": DISTRICT,
            "initiative": RELATION,
            "status": CHOICE,
        }


class WorkingGroupMemberFilterSet(RecordFilterSet):
    related = {"working_group": WorkingGroupFilterSet}

    class Meta:
        model = WorkingGroupMember
        fields = ENTRY_FIELDS | {
            "working_group": RELATION,
            "office": TEXT,
            "role": CHOICE,
        }
