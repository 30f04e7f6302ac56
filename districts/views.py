"""Resources of where things are, and what is counted."""

from django.db.models import Exists, OuterRef

from districts.figures import reconciliation
from districts.figures.aggregates import ObservationAggregation
from districts.filters import (
    BuildingGroupFilterSet,
    DeclaredCountFilterSet,
    DistrictFilterSet,
    GardenFilterSet,
    IndicatorFilterSet,
    IndustrialParkFilterSet,
    ObservationFilterSet,
    ParkFilterSet,
    PlaceFilterSet,
    PlaceRoleFilterSet,
)
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
from districts.serializers import (
    BuildingGroupSerializer,
    DeclaredCountSerializer,
    DistrictSerializer,
    GardenSerializer,
    IndicatorSerializer,
    IndustrialParkSerializer,
    ObservationSerializer,
    ParkSerializer,
    PlaceRoleSerializer,
    PlaceSerializer,
)
from shuangta.api.viewsets import RecordViewSet


class DistrictViewSet(RecordViewSet):
    """One official code's life: a division of any level, from province to village."""

    queryset = District.objects.all()
    serializer_class = DistrictSerializer
    filterset_class = DistrictFilterSet


class PlaceViewSet(RecordViewSet):
    """Somewhere in a district that a source names: a street, a commercial circle, a market, a square."""

    queryset = Place.objects.all()
    serializer_class = PlaceSerializer
    filterset_class = PlaceFilterSet


class PlaceRoleViewSet(RecordViewSet):
    """What a plan makes of a place: the axis, one of the four circles, a night-economy street, a venue."""

    queryset = PlaceRole.objects.all()
    serializer_class = PlaceRoleSerializer
    filterset_class = PlaceRoleFilterSet


class ParkViewSet(RecordViewSet):
    """A public park (公园). What it cost is the amount of the project that built it."""

    queryset = Park.objects.all()
    serializer_class = ParkSerializer
    filterset_class = ParkFilterSet


class GardenViewSet(RecordViewSet):
    """A garden or square inside a public park."""

    queryset = Garden.objects.all()
    serializer_class = GardenSerializer
    filterset_class = GardenFilterSet


class IndustrialParkViewSet(RecordViewSet):
    """An industrial or science park (园区)."""

    queryset = IndustrialPark.objects.all()
    serializer_class = IndustrialParkSerializer
    filterset_class = IndustrialParkFilterSet


class BuildingGroupViewSet(RecordViewSet):
    """The buildings of one kind in an industrial park, counted."""

    queryset = BuildingGroup.objects.all()
    serializer_class = BuildingGroupSerializer
    filterset_class = BuildingGroupFilterSet


class IndicatorViewSet(RecordViewSet):
    """What a figure counts or measures, and in which unit."""

    queryset = Indicator.objects.all()
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilterSet


class ObservationViewSet(RecordViewSet):
    """One figure that a source states of one record, as bounds, in the unit of its indicator."""

    queryset = Observation.objects.all()
    serializer_class = ObservationSerializer
    filterset_class = ObservationFilterSet
    aggregation_class = ObservationAggregation


class DeclaredCountViewSet(RecordViewSet):
    """A count that a source declares, with the query whose answer should reach it."""

    queryset = DeclaredCount.objects.all()
    serializer_class = DeclaredCountSerializer
    filterset_class = DeclaredCountFilterSet

    @classmethod
    def rows_for(cls, user, relations=None):
        seen = Observation.objects.visible_to(user).filter(pk=OuterRef("observation"))
        return super().rows_for(user, relations).annotate(observation_is_hidden=~Exists(seen))

    def complete_rows(self, rows):
        standings = reconciliation.reconcile(rows, among=DeclaredCount.objects.all())
        for claim in rows:
            claim.standing = standings[claim.pk]
        return rows
