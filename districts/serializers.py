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
from shuangta.api.serializers import EntrySerializer, RecordSerializer


class DistrictSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = District
        fields = [
            *RecordSerializer.Meta.fields,
            "level",
            "parent",
            "valid_from",
            "valid_until",
            "replaced_by",
        ]
        expandable = ["parent", "replaced_by", "evidence"]


class PlaceSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Place
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "within",
            "kind",
            "goal",
            "floor_area",
            "state",
        ]
        expandable = ["district", "within", "evidence"]


class PlaceRoleSerializer(EntrySerializer):
    class Meta(EntrySerializer.Meta):
        model = PlaceRole
        fields = [
            *EntrySerializer.Meta.fields,
            "place",
            "role",
            "status",
        ]
        expandable = ["place", "evidence"]


class ParkSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Park
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "area",
            "opened_on",
            "opened_on_latest",
            "former_use",
        ]
        expandable = ["district", "evidence"]


class GardenSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Garden
        fields = [
            *RecordSerializer.Meta.fields,
            "park",
            "position",
        ]
        expandable = ["park", "evidence"]


class IndustrialParkSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = IndustrialPark
        fields = [
            *RecordSerializer.Meta.fields,
            "district",
            "theme",
            "floor_area",
            "goal",
            "partners",
        ]
        expandable = ["district", "partners", "evidence"]


class BuildingGroupSerializer(EntrySerializer):
    class Meta(EntrySerializer.Meta):
        model = BuildingGroup
        fields = [
            *EntrySerializer.Meta.fields,
            "industrial_park",
            "kind",
            "count",
            "works_state",
        ]
        expandable = ["industrial_park", "evidence"]


class IndicatorSerializer(RecordSerializer):
    class Meta(RecordSerializer.Meta):
        model = Indicator
        fields = [
            *RecordSerializer.Meta.fields,
            "unit",
            "kind",
        ]
        expandable = ["evidence"]


class ObservationSerializer(EntrySerializer):
    class Meta(EntrySerializer.Meta):
        model = Observation
        fields = [
            *EntrySerializer.Meta.fields,
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
        expandable = ["indicator", "part_of", "evidence"]


class DeclaredCountSerializer(EntrySerializer):
    state = serializers.ChoiceField(
        reconciliation.State,
        source="standing.state",
        read_only=True,
        allow_null=True,
        help_text=_("Null where the observation is not to be seen."),
    )
    registered = serializers.IntegerField(source="standing.registered", read_only=True)

    class Meta(EntrySerializer.Meta):
        model = DeclaredCount
        fields = [
            *EntrySerializer.Meta.fields,
            "observation",
            "resource",
            "query",
            "state",
            "registered",
        ]
        expandable = ["observation", "evidence"]

    def update(self, instance, validated_data):
        claim = super().update(instance, validated_data)
        vars(claim).pop("standing", None)  # read before the change
        return claim
