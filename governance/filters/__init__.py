from governance.filters.employment import JobFairFilterSet
from governance.filters.grid import (
    DepartmentFilterSet,
    GridFilterSet,
    PlatformFilterSet,
    PlatformFunctionFilterSet,
    ServiceItemFilterSet,
)
from governance.filters.hall import ServiceAreaFilterSet, ServiceHallFilterSet, WindowFilterSet
from governance.filters.policy import (
    InitiativeFilterSet,
    MeasureFilterSet,
    PolicyDocumentFilterSet,
    WorkingGroupFilterSet,
    WorkingGroupMemberFilterSet,
)
from governance.filters.volunteers import VolunteerCategoryFilterSet, VolunteerTeamFilterSet

__all__ = [
    "DepartmentFilterSet",
    "GridFilterSet",
    "InitiativeFilterSet",
    "JobFairFilterSet",
    "MeasureFilterSet",
    "PlatformFilterSet",
    "PlatformFunctionFilterSet",
    "PolicyDocumentFilterSet",
    "ServiceAreaFilterSet",
    "ServiceHallFilterSet",
    "ServiceItemFilterSet",
    "VolunteerCategoryFilterSet",
    "VolunteerTeamFilterSet",
    "WindowFilterSet",
    "WorkingGroupFilterSet",
    "WorkingGroupMemberFilterSet",
]
