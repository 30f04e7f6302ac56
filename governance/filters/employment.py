"""Filters of job fairs."""

from districts.filters import DistrictFilterSet
from governance.filters.grid import DepartmentFilterSet, PlatformFilterSet
from governance.filters.policy import InitiativeFilterSet
from governance.models import JobFair
from shuangta.query.filters import CHOICE, DISTRICT, RANGE, RECORD_FIELDS, RELATION, RecordFilterSet


class JobFairFilterSet(RecordFilterSet):
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
