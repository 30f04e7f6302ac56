"""Serializers of what is built, and by whom."""

from projects.models import Enterprise, Participation, Project, Sector
from shuangta.api.serializers import EntrySerializer, RecordSerializer


class SectorSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Sector
        fields = [
            *RecordSerializer.Meta.fields,
            "parent",
        ]
        expandable = ["parent", "evidence"]


class EnterpriseSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Enterprise
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "kind",
            "uscc",
            "sectors",
            "industrial_park",
            "is_leading_firm",
        ]
        expandable = ["district", "sectors", "industrial_park", "evidence"]


class ProjectSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Project
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "place",
            "park",
            "industrial_park",
            "part_of",
            "sectors",
            "kind",
            "stage",
            "total_investment",
            "started_on",
            "started_on_latest",
            "completed_on",
            "completed_on_latest",
            "project_code",
        ]
        expandable = [
            "district",
            "place",
            "park",
            "industrial_park",
            "part_of",
            "sectors",
            "evidence",
        ]


class ParticipationSerializer(EntrySerializer):
    class Meta(EntrySerializer.Meta):
        model = Participation
        fields = [
            *EntrySerializer.Meta.fields,
            "project",
            "enterprise",
            "role",
            "status",
        ]
        expandable = ["project", "enterprise", "evidence"]
