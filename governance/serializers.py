"""Serializers of who runs the district, and how."""

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
from seeds.expansions import EVIDENCE
from shuangta.api.serializers import NamedRecordSerializer, RecordSerializer


class DepartmentSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Department
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "official_name",
            "in_grid_management",
        ]
        expandable = ["district", EVIDENCE]


class ServiceItemSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = ServiceItem
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "department",
            "in_grid_management",
        ]
        expandable = ["department", EVIDENCE]


class PlatformSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Platform
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "operator",
            "kind",
            "launched_on",
            "launched_on_latest",
            "state",
        ]
        expandable = ["district", "operator", EVIDENCE]


class PlatformFunctionSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = PlatformFunction
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "platform",
            "position",
            "kind",
        ]
        expandable = ["platform", EVIDENCE]


class GridSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Grid
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "parent",
        ]
        expandable = ["district", "parent", EVIDENCE]


class ServiceHallSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = ServiceHall
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "departments",
            "opened_on",
            "opened_on_latest",
        ]
        expandable = ["district", "departments", EVIDENCE]


class ServiceAreaSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = ServiceArea
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "hall",
            "position",
        ]
        expandable = ["hall", EVIDENCE]


class WindowSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Window
        fields = [
            *RecordSerializer.Meta.fields,
            "area",
            "department",
            "number",
        ]
        expandable = ["area", "department", EVIDENCE]


class JobFairSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = JobFair
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "organiser",
            "initiative",
            "platform",
            "venues",
            "mode",
            "starts_on",
            "starts_on_latest",
            "ends_on",
            "ends_on_latest",
            "sessions",
            "employers",
            "posts",
            "intentions",
        ]
        expandable = ["district", "organiser", "initiative", "platform", "venues", EVIDENCE]


class VolunteerCategorySerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = VolunteerCategory
        expandable = [EVIDENCE]


class VolunteerTeamSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = VolunteerTeam
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "category",
            "department",
            "member_count",
        ]
        expandable = ["district", "category", "department", EVIDENCE]


class InitiativeSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Initiative
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "parent",
            "position",
            "kind",
            "goal",
            "period_start",
            "period_end",
            "status",
        ]
        expandable = ["district", "parent", EVIDENCE]


class MeasureSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Measure
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "initiative",
            "parent",
            "position",
            "kind",
            "status",
            "projects",
            "enterprises",
            "places",
            "industrial_parks",
        ]
        expandable = [
            "initiative",
            "parent",
            "projects",
            "enterprises",
            "places",
            "industrial_parks",
            EVIDENCE,
        ]


class PolicyDocumentSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = PolicyDocument
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "issuer",
            "initiative",
            "kind",
            "issued_on",
            "issued_on_latest",
        ]
        expandable = ["district", "issuer", "initiative", EVIDENCE]


class WorkingGroupSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = WorkingGroup
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "initiative",
            "status",
        ]
        expandable = ["district", "initiative", EVIDENCE]


class WorkingGroupMemberSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = WorkingGroupMember
        fields = [
            *RecordSerializer.Meta.fields,
            "working_group",
            "office",
            "role",
        ]
        expandable = ["working_group", EVIDENCE]
