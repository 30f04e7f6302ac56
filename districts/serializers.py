"""Serializers of where things are, and what is counted."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from districts.figures import reconciliation
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
from seeds.expansions import EVIDENCE
from shuangta.api.serializers import NamedRecordSerializer, RecordSerializer


class DistrictSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = District
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "level",
            "parent",
            "valid_from",
            "valid_until",
            "replaced_by",
        ]
        expandable = ["parent", "replaced_by", EVIDENCE]


class PlaceSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Place
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "within",
            "kind",
            "goal",
            "floor_area",
            "state",
        ]
        expandable = ["district", "within", EVIDENCE]


class PlaceRoleSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = PlaceRole
        fields = [
            *RecordSerializer.Meta.fields,
            "place",
            "role",
            "status",
        ]
        expandable = ["place", EVIDENCE]


class ParkSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Park
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "area",
            "opened_on",
            "opened_on_latest",
            "former_use",
        ]
        expandable = ["district", EVIDENCE]


class GardenSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Garden
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "park",
            "position",
        ]
        expandable = ["park", EVIDENCE]


class IndustrialParkSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = IndustrialPark
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "district",
            "theme",
            "floor_area",
            "goal",
            "partners",
        ]
        expandable = ["district", "partners", EVIDENCE]


class BuildingGroupSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = BuildingGroup
        fields = [
            *RecordSerializer.Meta.fields,
            "industrial_park",
            "kind",
            "count",
            "works_state",
        ]
        expandable = ["industrial_park", EVIDENCE]


class IndicatorSerializer(NamedRecordSerializer):
    class Meta(NamedRecordSerializer.Meta):
        model = Indicator
        fields = [
            *NamedRecordSerializer.Meta.fields,
            "unit",
            "kind",
        ]
        expandable = [EVIDENCE]


class ObservationSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Observation
        fields = [
            *RecordSerializer.Meta.fields,
            "indicator",
            "subject_type",
            "subject",
            "period_start",
            "period_end",
            "period_label",
            "low",
            "high",
            "low_open",
            "high_open",
            "approximate",
            "wording",
            "status",
            "part_of",
        ]
        expandable = ["indicator", "part_of", EVIDENCE]


class DeclaredCountSerializer(RecordSerializer):
    state = serializers.ChoiceField(
        reconciliation.State,
        source="standing.state",
        read_only=True,
        allow_null=True,
        help_text=_("Null where the observation is not to be seen."),
    )
    registered = serializers.IntegerField(source="standing.registered", read_only=True)

    class Meta(RecordSerializer.Meta):
        model = DeclaredCount
        fields = [
            *RecordSerializer.Meta.fields,
            "observation",
            "resource",
            "query",
            "state",
            "registered",
        ]
        expandable = ["observation", EVIDENCE]

    def update(self, instance, validated_data):
        claim = super().update(instance, validated_data)
        vars(claim).pop("standing", None)  # read before the change
        return claim
