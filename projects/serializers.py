"""Serializers of what is built, and by whom."""

from projects.models import Enterprise, Participation, Project, Sector
from seeds.expansions import EVIDENCE
from shuangta.api.serializers import NamedRecordSerializer, RecordSerializer


class SectorSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Sector
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "parent",
        ]
        expandable = ["parent", EVIDENCE]


class EnterpriseSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Enterprise
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "kind",
            "uscc",
            "sectors",
            "industrial_park",
            "is_leading_firm",
        ]
        expandable = ["district", "sectors", "industrial_park", EVIDENCE]


class ProjectSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Project
        fields = [
            *NamedRecordSerializer.Meta.fields,
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
            EVIDENCE,
        ]


class ParticipationSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Participation
        fields = [
            *RecordSerializer.Meta.fields,
            "project",
            "enterprise",
            "role",
            "status",
        ]
        expandable = ["project", "enterprise", EVIDENCE]
