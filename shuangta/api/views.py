"""Viewsets: what every resource does, on one queryset that holds what the user may see."""

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.viewsets import GenericViewSet

from shuangta.api import paging, shape, writing
from shuangta.api.conditional import conditional, quoted, row_tag
from shuangta.api.problems import Moved, parameter_errors
from shuangta.api.resources import address_of
from shuangta.api.shape import Shaping
from shuangta.api.writing import Writing
from shuangta.models import FormerCode, record_type


class StrictParameters:
    """Refuses each query parameter that the action does not know, and each one empty or repeated."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        errors = parameter_errors(request.query_params, self.known_parameters())
        if errors:
            raise ValidationError({name: [error] for name, error in errors.items()})

    def known_parameters(self):
        return []


class RegistryRootView(StrictParameters, APIRootView):
    """The resources of the registry."""


class VersionedViewSet(StrictParameters, Writing, Shaping, GenericViewSet):
    """The rows of one model: every face that a resource has."""

    lookup_value_regex = "[0-9]{1,18}"
    http_method_names = ["get", "post", "put", "patch", "delete", "head", "options"]

    def known_parameters(self):
        """What each action takes; the same filters narrow every face of the resource."""
        filters = [*self.filterset_class.base_filters, "search"]
        known = {
            "list": [*filters, *paging.PARAMETERS, *shape.PARAMETERS],
            "retrieve": shape.PARAMETERS,
            "create": writing.PARAMETERS,
            "update": writing.PARAMETERS,
            "partial_update": writing.PARAMETERS,
            "destroy": writing.PARAMETERS,
        }
        return known.get(self.action, [])

    @conditional
    def list(self, request):
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    @conditional
    def retrieve(self, request, pk):
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
            address = address_of(present.get()) + (f"?{query}" if query else "")
            raise Moved(self.request.build_absolute_uri(address))


class EntryViewSet(VersionedViewSet):
    """The entries of one model, by code, each with the date of its latest source."""

    lookup_value_regex = "[a-z0-9-]+"

    @classmethod
    def rows_for(cls, user, relations=None):
        return super().rows_for(user, relations).with_stated_on()

    def orderable_columns(self):
        return super().orderable_columns() | {"stated_on": True}
