"""Viewsets: what every resource does, on one queryset that holds what the user may see."""

from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.viewsets import GenericViewSet

from shuangta.api.aggregates import AggregateMixin
from shuangta.api.changes import ChangesOfAll
from shuangta.api.exceptions import Moved
from shuangta.api.exports import FORMAT, export_rows, file_format, file_formats
from shuangta.api.facets import FacetsMixin
from shuangta.api.history import AS_OF, HistoryMixin
from shuangta.api.pagination import ORDERING, PAGING
from shuangta.api.parameters import FILTERS, endpoint
from shuangta.api.problems import from_model
from shuangta.api.protocol.costs import limit_cost
from shuangta.api.protocol.etags import answer_conditionally, quote_tag, row_tag
from shuangta.api.protocol.links import LinkHeaderMixin
from shuangta.api.protocol.metadata import FaceMetadata, Metadata, ResourceMetadata
from shuangta.api.search import SearchMixin, SearchOfAll
from shuangta.api.sparse_fields import SHAPE, SparseFieldsMixin
from shuangta.api.strict_parameters import StrictParametersMixin
from shuangta.api.writes.requests import WriteMixin
from shuangta.api.writes.restore import RestoreMixin
from shuangta.query.filters import Narrowing
from shuangta.records.codes import FormerCode
from shuangta.records.models import record_type

WORD_TO_TRY = "park"  # Every address at the root answers as it stands.


class RegistryRootView(LinkHeaderMixin, StrictParametersMixin, APIRootView):
    """The resources of the registry, and what describes, searches and follows them."""

    metadata_class = Metadata

    def get(self, request, *args, **kwargs):
        resources = super().get(request, *args, **kwargs).data
        beside = {name: reverse(name) for name in ("docs", "schema", "changes")}
        beside["search"] = f"{reverse('search')}?q={WORD_TO_TRY}"
        return Response(
            {name: request.build_absolute_uri(path) for name, path in beside.items()} | resources
        )


class SearchView(SearchOfAll, LinkHeaderMixin, StrictParametersMixin, GenericAPIView):
    """Records of every type that hold all the words, the best first."""

    metadata_class = FaceMetadata


class ChangesView(ChangesOfAll, LinkHeaderMixin, StrictParametersMixin, GenericAPIView):
    """What changed, in order: rows that came, became others, and went."""

    metadata_class = FaceMetadata


class RevisionedViewSet(
    LinkHeaderMixin,
    StrictParametersMixin,
    WriteMixin,
    HistoryMixin,
    RestoreMixin,
    AggregateMixin,
    FacetsMixin,
    SparseFieldsMixin,
    GenericViewSet,
):
    """The rows of one model: every face that a resource has."""

    metadata_class = ResourceMetadata
    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "post", "put", "patch", "delete", "head", "options"]

    def get_renderers(self):
        handler = getattr(self, self.action or "", None)
        return [*super().get_renderers(), *file_formats(handler)]

    @cached_property
    def narrowing(self):
        """The filters and the search of the request. Raises ValidationError."""
        names = {*self.filterset_class.base_filters, "search"}
        own = {name: text for name, text in self.parameters.items() if name in names}
        user = self.request.user
        try:
            return Narrowing(
                self.filterset_class, own, user, lambda model: model.objects.visible_to(user)
            )
        except ModelValidationError as error:
            raise from_model(error) from error

    @endpoint(parameters=[*FILTERS, *SHAPE, *PAGING, ORDERING, *FORMAT])
    @answer_conditionally
    def list(self, request):
        if file_format(self):
            return export_rows(self, self.filter_queryset(self.get_queryset()))
        return self.page(request)

    @limit_cost
    def page(self, request):
        rows = self.filter_queryset(self.get_queryset())
        page = self.complete_rows(self.paginate_queryset(rows))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def complete_rows(self, rows):
        """The rows of a page or batch, with what is worked out for all of them at once."""
        return rows

    @endpoint(parameters=[*SHAPE, AS_OF])
    @answer_conditionally
    @limit_cost
    def retrieve(self, request, pk):
        if self.moment:
            return self.retrieve_past()
        row = self.get_object()
        document = self.get_serializer(row).data
        return Response(document, headers={"ETag": quote_tag(row_tag(row))})

    def default_ordering(self):
        return list(self.queryset.model._meta.ordering)

    def orderable_columns(self):
        """The columns that may order a list, each with whether it may be null."""
        columns = {
            field.name: field.null
            for field in self.queryset.model._meta.concrete_fields
            if field.name in self.serializer_class.Meta.fields
        }
        return columns | dict.fromkeys(self.default_ordering(), False)

    def get_object(self):
        try:
            return super().get_object()
        except Http404:
            self.follow_former_code()
            raise

    def follow_former_code(self):
        """Raise Moved where the address holds a code that was corrected."""
        model = self.queryset.model
        former = FormerCode.objects.filter(
            record_type=record_type(model._meta.label_lower), code=self.kwargs["pk"]
        ).first()
        present = former and self.queryset.visible_to(self.request.user).filter(pk=former.record)
        if present:
            query = self.request.META["QUERY_STRING"]
            own = reverse(self.request.resolver_match.view_name, args=[present.get().pk])
            address = own + (f"?{query}" if query else "")
            raise Moved(self.request.build_absolute_uri(address))


class RecordViewSet(SearchMixin, RevisionedViewSet):
    """The records of one model, by code, each with the date of its latest source."""

    lookup_value_regex = "[a-z0-9-]+"

    @classmethod
    def rows_for(cls, user, relations=None):
        return super().rows_for(user, relations).with_stated_on(user)

    def orderable_columns(self):
        return super().orderable_columns() | {"stated_on": True}
