"""Filters of volunteer teams and their categories."""

from districts.filters import DistrictFilterSet
from governance.filters.grid import DepartmentFilterSet
from governance.models import VolunteerCategory, VolunteerTeam
from shuangta.query.filters import DISTRICT, RANGE, RECORD_FIELDS, RELATION, RecordFilterSet


class VolunteerCategoryFilterSet(RecordFilterSet):
    class Meta:
        model = VolunteerCategory
        fields = RECORD_FIELDS


class VolunteerTeamFilterSet(RecordFilterSet):
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
