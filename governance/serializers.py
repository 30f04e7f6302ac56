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
from shuangta.api.serializers import EntrySerializer, RecordSerializer


class DepartmentSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Department
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "official_name",
            "in_grid_management",
        ]
        expandable = ["district", "evidence"]


class ServiceItemSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = ServiceItem
        fields = [
            *RecordSerializer.Meta.fields,
            "department",
            "in_grid_management",
        ]
        expandable = ["department", "evidence"]


class PlatformSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Platform
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "operator",
            "kind",
            "launched_on",
            "launched_on_latest",
            "state",
        ]
        expandable = ["district", "operator", "evidence"]


class PlatformFunctionSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = PlatformFunction
        fields = [
            *RecordSerializer.Meta.fields,
            "platform",
            "position",
            "kind",
        ]
        expandable = ["platform", "evidence"]


class GridSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Grid
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "parent",
        ]
        expandable = ["district", "parent", "evidence"]


class ServiceHallSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = ServiceHall
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "departments",
            "opened_on",
            "opened_on_latest",
        ]
        expandable = ["district", "departments", "evidence"]


class ServiceAreaSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = ServiceArea
        fields = [
            *RecordSerializer.Meta.fields,
            "hall",
            "position",
        ]
        expandable = ["hall", "evidence"]


class WindowSerializer(EntrySerializer):
    class Meta(EntrySerializer.Meta):
        model = Window
        fields = [
            *EntrySerializer.Meta.fields,
            "area",
            "department",
            "number",
        ]
        expandable = ["area", "department", "evidence"]


class JobFairSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = JobFair
        fields = [
            *RecordSerializer.Meta.fields,
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
        expandable = ["district", "organiser", "initiative", "platform", "venues", "evidence"]


class VolunteerCategorySerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = VolunteerCategory
        expandable = ["evidence"]


class VolunteerTeamSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = VolunteerTeam
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "category",
            "department",
            "member_count",
        ]
        expandable = ["district", "category", "department", "evidence"]


class InitiativeSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Initiative
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "parent",
            "position",
            "kind",
            "goal",
            "period_start",
            "period_end",
            "status",
        ]
        expandable = ["district", "parent", "evidence"]


class MeasureSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Measure
        fields = [
            *RecordSerializer.Meta.fields,
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
            "evidence",
        ]


class PolicyDocumentSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = PolicyDocument
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "issuer",
            "initiative",
            "kind",
            "issued_on",
            "issued_on_latest",
        ]
        expandable = ["district", "issuer", "initiative", "evidence"]


class WorkingGroupSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = WorkingGroup
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "initiative",
            "status",
        ]
        expandable = ["district", "initiative", "evidence"]


class WorkingGroupMemberSerializer(EntrySerializer):
    class Meta(EntrySerializer.Meta):
        model = WorkingGroupMember
        fields = [
            *EntrySerializer.Meta.fields,
            "working_group",
            "office",
            "role",
        ]
        expandable = ["working_group", "evidence"]
