"""Addresses: the one list of the API’s resources, the admin, and the pages beside them."""

from django.contrib import admin
from django.http import HttpResponsePermanentRedirect
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from rest_framework.routers import DefaultRouter

from districts import views as districts
from governance import views as governance
from projects import views as projects
from seeds import views as seeds
from shuangta.api import viewsets
from shuangta.api.schema.views import DocumentationView, SchemaView


class Router(DefaultRouter):
    """Lists its resources at its root, takes no format in the address, and deletes at collections too."""

    APIRootView = viewsets.RegistryRootView
    include_format_suffixes = False
    routes = [
        DefaultRouter.routes[0]._replace(
            mapping={"get": "list", "post": "create", "delete": "destroy_many"}
        ),
        *DefaultRouter.routes[1:],
    ]


def redirect_to_revisions(request):
    """Redirect from where the history stood in the admin when its model was called “change”."""
    before, after = (f"/admin/shuangta/{name}/" for name in ("change", "revision"))
    address = request.get_full_path().replace(before, after, 1)
    return HttpResponsePermanentRedirect(address, preserve_request=True)


router = Router()
router.register("documents", seeds.DocumentViewSet)
router.register("articles", seeds.ArticleViewSet)
router.register("passages", seeds.PassageViewSet)
router.register("citations", seeds.CitationViewSet)
router.register("districts", districts.DistrictViewSet)
router.register("places", districts.PlaceViewSet)
router.register("place-roles", districts.PlaceRoleViewSet)
router.register("parks", districts.ParkViewSet)
router.register("gardens", districts.GardenViewSet)
router.register("industrial-parks", districts.IndustrialParkViewSet)
router.register("building-groups", districts.BuildingGroupViewSet)
router.register("indicators", districts.IndicatorViewSet)
router.register("observations", districts.ObservationViewSet)
router.register("declared-counts", districts.DeclaredCountViewSet)
router.register("sectors", projects.SectorViewSet)
router.register("enterprises", projects.EnterpriseViewSet)
router.register("projects", projects.ProjectViewSet)
router.register("participations", projects.ParticipationViewSet)
router.register("initiatives", governance.InitiativeViewSet)
router.register("measures", governance.MeasureViewSet)
router.register("policy-documents", governance.PolicyDocumentViewSet)
router.register("working-groups", governance.WorkingGroupViewSet)
router.register("working-group-members", governance.WorkingGroupMemberViewSet)
router.register("departments", governance.DepartmentViewSet)
router.register("service-items", governance.ServiceItemViewSet)
router.register("platforms", governance.PlatformViewSet)
router.register("platform-functions", governance.PlatformFunctionViewSet)
router.register("grids", governance.GridViewSet)
router.register("service-halls", governance.ServiceHallViewSet)
router.register("service-areas", governance.ServiceAreaViewSet)
router.register("windows", governance.WindowViewSet)
router.register("job-fairs", governance.JobFairViewSet)
router.register("volunteer-categories", governance.VolunteerCategoryViewSet)
router.register("volunteer-teams", governance.VolunteerTeamViewSet)

handler400 = "shuangta.errors.bad_request"
handler403 = "shuangta.errors.permission_denied"
handler404 = "shuangta.errors.not_found"
handler500 = "shuangta.errors.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    re_path("^admin/shuangta/change/", redirect_to_revisions),
    path("admin/", admin.site.urls),
    path("api/v1/schema/", SchemaView.as_view(), name="schema"),
    path("api/v1/docs/", DocumentationView.as_view(url_name="schema"), name="docs"),
    path("api/v1/changes/", viewsets.ChangesView.as_view(), name="changes"),
    path("api/v1/search/", viewsets.SearchView.as_view(), name="search"),
    path("api/v1/", include(router.urls)),
    path("i18n/", include("django.conf.urls.i18n")),
]
