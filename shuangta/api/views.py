"""Viewsets: what every resource does, on one queryset that holds what the user may see."""

from django.http import Http404
from django.urls import reverse
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.viewsets import GenericViewSet

from shuangta.api import aggregates, exports, facets, paging, past, searching, shape, writing
from shuangta.api.aggregates import Aggregating
from shuangta.api.changes import ChangesOfAll
from shuangta.api.conditional import conditional, quoted, row_tag
from shuangta.api.costs import bounded
from shuangta.api.exports import Exporting
from shuangta.api.facets import Faceting
from shuangta.api.parameters import encoding_errors
from shuangta.api.past import Past
from shuangta.api.problems import Moved, parameter_errors
from shuangta.api.restoring import Restoring
from shuangta.api.searching import Searching, SearchOfAll
from shuangta.api.shape import Shaping
from shuangta.api.writing import Writing
from shuangta.models import FormerCode, record_type


class StrictParameters:
    """Refuses each query parameter that the action does not know, and each one empty or repeated."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        errors = parameter_errors(request.query_params, self.known_parameters())
        errors |= encoding_errors(request.META["QUERY_STRING"])
        if errors:
            raise ValidationError({name: [error] for name, error in errors.items()})

    def known_parameters(self):
        return []


class RegistryRootView(StrictParameters, APIRootView):
    """The resources of the registry."""


class SearchView(SearchOfAll, StrictParameters, GenericAPIView):
    """Entries of every type that hold all the words, the best first."""


class ChangesView(ChangesOfAll, StrictParameters, GenericAPIView):
    """What changed, in order: rows that came, became others, and went."""


class VersionedViewSet(
    StrictParameters,
    Writing,
    Past,
    Restoring,
    Aggregating,
    Faceting,
    Shaping,
    Exporting,
    GenericViewSet,
):
    """The rows of one model: every face that a resource has."""

    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "post", "put", "patch", "delete", "head", "options"]

    def known_parameters(self):
        """What each action takes; the same filters narrow every face of the resource."""
        filters = [*self.filterset_class.base_filters, "search"]
        known = {
            "list": [*filters, *paging.PARAMETERS, *shape.PARAMETERS, *exports.PARAMETERS],
            "search": ["q", *filters, *searching.PAGING],
            "aggregate": [*filters, *aggregates.PARAMETERS],
            "facets": [*filters, *facets.PARAMETERS],
            "retrieve": [*shape.PARAMETERS, "as_of"],
            "history": past.PARAMETERS,
            "restore": writing.PARAMETERS,
            "create": writing.PARAMETERS,
            "update": writing.PARAMETERS,
            "partial_update": writing.PARAMETERS,
            "destroy": writing.PARAMETERS,
            "destroy_many": [*filters, "max_affected", *writing.PARAMETERS],
        }
        return known.get(self.action, [])

    @conditional
    def list(self, request):
        file_format = self.wanted_format()
        if file_format != "json":
            return self.export(self.filter_queryset(self.get_queryset()), file_format)
        return self.page(request)

    @bounded
    def page(self, request):
        rows = self.filter_queryset(self.get_queryset())
        page = self.completed(self.paginate_queryset(rows))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def completed(self, rows):
        """The rows of a page or batch, with what is worked out for all of them at once."""
        return rows

    @conditional
    @bounded
    def retrieve(self, request, pk):
        if "as_of" in request.query_params:
            return self.retrieve_past()
        row = self.get_object()
        document = self.get_serializer(row).data
        return Response(document, headers={"ETag": quoted(row_tag(row))})

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


class EntryViewSet(Searching, VersionedViewSet):
    """The entries of one model, by code, each with the date of its latest source."""

    lookup_value_regex = "[a-z0-9-]+"

    @classmethod
    def rows_for(cls, user, relations=None):
        return super().rows_for(user, relations).with_stated_on(user)

    def orderable_columns(self):
        return super().orderable_columns() | {"stated_on": True}
