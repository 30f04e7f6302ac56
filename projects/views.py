"""Resources of what is built, and by whom."""

from projects.filters import (
    EnterpriseFilterSet,
    ParticipationFilterSet,
    ProjectFilterSet,
    SectorFilterSet,
)
from projects.models import Enterprise, Participation, Project, Sector
from projects.serializers import (
    EnterpriseSerializer,
    ParticipationSerializer,
    ProjectSerializer,
    SectorSerializer,
)
from shuangta.api.viewsets import RecordViewSet


class SectorViewSet(RecordViewSet):
    """A branch of the economy, as the sources name it."""

    queryset = Sector.objects.all()
    serializer_class = SectorSerializer
    filterset_class = SectorFilterSet


class EnterpriseViewSet(RecordViewSet):
    """A company, group or institution that works in a district or takes part in its projects."""

    queryset = Enterprise.objects.all()
    serializer_class = EnterpriseSerializer
    filterset_class = EnterpriseFilterSet


class ProjectViewSet(RecordViewSet):
    """A project that is planned, being built or running. Where it stands is a place."""

    queryset = Project.objects.all()
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilterSet


class ParticipationViewSet(RecordViewSet):
    """What one enterprise does in one project."""

    queryset = Participation.objects.all()
    serializer_class = ParticipationSerializer
    filterset_class = ParticipationFilterSet
