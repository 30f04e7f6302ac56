"""Resources of who runs the district, and how."""

from governance.filters import (
    DepartmentFilterSet,
    GridFilterSet,
    InitiativeFilterSet,
    JobFairFilterSet,
    MeasureFilterSet,
    PlatformFilterSet,
    PlatformFunctionFilterSet,
    PolicyDocumentFilterSet,
    ServiceAreaFilterSet,
    ServiceHallFilterSet,
    ServiceItemFilterSet,
    VolunteerCategoryFilterSet,
    VolunteerTeamFilterSet,
    WindowFilterSet,
    WorkingGroupFilterSet,
    WorkingGroupMemberFilterSet,
)
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
from governance.serializers import (
    DepartmentSerializer,
    GridSerializer,
    InitiativeSerializer,
    JobFairSerializer,
    MeasureSerializer,
    PlatformFunctionSerializer,
    PlatformSerializer,
    PolicyDocumentSerializer,
    ServiceAreaSerializer,
    ServiceHallSerializer,
    ServiceItemSerializer,
    VolunteerCategorySerializer,
    VolunteerTeamSerializer,
    WindowSerializer,
    WorkingGroupMemberSerializer,
    WorkingGroupSerializer,
)
from shuangta.api.viewsets import RecordViewSet


class DepartmentViewSet(RecordViewSet):
    """An office of a district: a bureau, an administration, a service centre."""

    queryset = Department.objects.all()
    serializer_class = DepartmentSerializer
    filterset_class = DepartmentFilterSet


class ServiceItemViewSet(RecordViewSet):
    """One matter that a department manages or serves through the grids (管理服务事项)."""

    queryset = ServiceItem.objects.all()
    serializer_class = ServiceItemSerializer
    filterset_class = ServiceItemFilterSet


class PlatformViewSet(RecordViewSet):
    """A platform that serves or steers the district: grid management, approval, recruitment."""

    queryset = Platform.objects.all()
    serializer_class = PlatformSerializer
    filterset_class = PlatformFilterSet


class PlatformFunctionViewSet(RecordViewSet):
    """A function or a subsystem of a platform."""

    queryset = PlatformFunction.objects.all()
    serializer_class = PlatformFunctionSerializer
    filterset_class = PlatformFunctionFilterSet


class GridViewSet(RecordViewSet):
    """One cell of the grid into which a district is divided for its grid workers."""

    queryset = Grid.objects.all()
    serializer_class = GridSerializer
    filterset_class = GridFilterSet


class ServiceHallViewSet(RecordViewSet):
    """A hall where residents and enterprises bring their business."""

    queryset = ServiceHall.objects.all()
    serializer_class = ServiceHallSerializer
    filterset_class = ServiceHallFilterSet


class ServiceAreaViewSet(RecordViewSet):
    """One of the areas into which a service hall is divided."""

    queryset = ServiceArea.objects.all()
    serializer_class = ServiceAreaSerializer
    filterset_class = ServiceAreaFilterSet


class WindowViewSet(RecordViewSet):
    """A window of a service area."""

    queryset = Window.objects.all()
    serializer_class = WindowSerializer
    filterset_class = WindowFilterSet


class JobFairViewSet(RecordViewSet):
    """A job fair or a series of them."""

    queryset = JobFair.objects.all()
    serializer_class = JobFairSerializer
    filterset_class = JobFairFilterSet


class VolunteerCategoryViewSet(RecordViewSet):
    """What a kind of volunteer team does."""

    queryset = VolunteerCategory.objects.all()
    serializer_class = VolunteerCategorySerializer
    filterset_class = VolunteerCategoryFilterSet


class VolunteerTeamViewSet(RecordViewSet):
    """A volunteer service team of a district."""

    queryset = VolunteerTeam.objects.all()
    serializer_class = VolunteerTeamSerializer
    filterset_class = VolunteerTeamFilterSet


class InitiativeViewSet(RecordViewSet):
    """A plan, campaign, mechanism or scheme of a district; its measures stand in order below it."""

    queryset = Initiative.objects.all()
    serializer_class = InitiativeSerializer
    filterset_class = InitiativeFilterSet


class MeasureViewSet(RecordViewSet):
    """One item of an initiative's list: a step, a mode of service, a principle, a target."""

    queryset = Measure.objects.all()
    serializer_class = MeasureSerializer
    filterset_class = MeasureFilterSet


class PolicyDocumentViewSet(RecordViewSet):
    """A paper that a district made: with a title in 《》, or a rule that the source leaves unnamed."""

    queryset = PolicyDocument.objects.all()
    serializer_class = PolicyDocumentSerializer
    filterset_class = PolicyDocumentFilterSet


class WorkingGroupViewSet(RecordViewSet):
    """A group of offices set up for a purpose."""

    queryset = WorkingGroup.objects.all()
    serializer_class = WorkingGroupSerializer
    filterset_class = WorkingGroupFilterSet


class WorkingGroupMemberViewSet(RecordViewSet):
    """An office that sits in a working group. Never a person."""

    queryset = WorkingGroupMember.objects.all()
    serializer_class = WorkingGroupMemberSerializer
    filterset_class = WorkingGroupMemberFilterSet
