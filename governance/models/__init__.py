from governance.models.employment import JobFair
from governance.models.grid import Department, Grid, Platform, PlatformFunction, ServiceItem
from governance.models.hall import ServiceArea, ServiceHall, Window
from governance.models.policy import (
    Initiative,
    Measure,
    PolicyDocument,
    WorkingGroup,
    WorkingGroupMember,
)
from governance.models.volunteers import VolunteerCategory, VolunteerTeam

__all__ = [
    "Department",
    "Grid",
    "Initiative",
    "JobFair",
    "Measure",
    "Platform",
    "PlatformFunction",
    "PolicyDocument",
    "ServiceArea",
    "ServiceHall",
    "ServiceItem",
    "VolunteerCategory",
    "VolunteerTeam",
    "Window",
    "WorkingGroup",
    "WorkingGroupMember",
]
