"""What ``OPTIONS`` tells of an address: what the reader may do there, and with which fields, filters and formats."""

from django.core.exceptions import PermissionDenied
from rest_framework.exceptions import APIException
from rest_framework.metadata import SimpleMetadata
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import clone_request
from rest_framework.serializers import PrimaryKeyRelatedField

from shuangta.api.exports import file_formats
from shuangta.api.fields import RecordTypeField
from shuangta.query.grouping import groups_of
from shuangta.query.resources import viewsets
from shuangta.records.models import record_models


class Metadata(SimpleMetadata):
    """Of a view without rows, that is its name, its methods and its formats."""

    def determine_metadata(self, request, view):
        methods = [method for method in view.allowed_methods if may(request, view, method)]
        view.headers["Allow"] = ", ".join(methods)
        handler = getattr(view, "get", None)
        formats = [*view.get_renderers(), *file_formats(handler)]
        return {
            "name": view.get_view_name(),
            "description": view.get_view_description(),
            "methods": methods,
            "formats": [each.media_type for each in formats],
        }


class FaceMetadata(Metadata):
    """Of a view of the whole registry also its parameters, and the types that ``type`` takes."""

    def determine_metadata(self, request, view):
        document = super().determine_metadata(request, view)
        return document | {
            "parameters": [each.name for each in view.get.parameters],
            "types": view.known_types(),
        }


class ResourceMetadata(Metadata):
    """Which fields can be written, and what they need, is told only to those who may write."""

    def determine_metadata(self, request, view):
        document = super().determine_metadata(request, view)
        writes = bool({*document["methods"]}.difference(SAFE_METHODS))
        fields = view.get_serializer().fields
        document["fields"] = {
            name: self.field_of(view, name, field, writes) for name, field in fields.items()
        }
        return document | {
            "expand": list(view.serializer_class.expansions()),
            "filters": self.filters_of(view),
            "ordering": list(view.orderable_columns()),
            "group_by": list(groups_of(view.filterset_class)),
            "facets": list(view.known_facets()),
        }

    def field_of(self, view, name, field, writes):
        one = getattr(field, "child_relation", field)
        told = {"type": self.label_lookup[one], "label": str(field.label)}
        if isinstance(one, PrimaryKeyRelatedField):
            model = view.queryset.model._meta.get_field(field.source).related_model
            told["type"] = "list" if one is not field else "reference"
            told["resource"] = resource_of(model)
        elif isinstance(field, RecordTypeField):
            told |= {
                "type": "choice",
                "choices": [each._meta.label_lower for each in record_models()],
            }
        elif hasattr(field, "choices"):
            told["choices"] = list(field.choices)
        if unit := view.queryset.model.units.get(name):
            told["unit"] = str(unit)
        if writes:
            told |= {"required": field.required, "read_only": field.read_only}
        return told

    def filters_of(self, view):
        """By column, the lookups that narrow a list by it."""
        filters = {}
        for each in view.filterset_class.base_filters.values():
            filters.setdefault(each.field_name, []).append(each.lookup_expr)
        return filters


def may(request, view, method):
    """Whether the reader may use the method on this address."""
    try:
        view.check_permissions(clone_request(request, method))
    except (APIException, PermissionDenied):
        return False
    return True


def resource_of(model):
    return next(name for name, each in viewsets().items() if each.queryset.model is model)
