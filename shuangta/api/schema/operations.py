"""The OpenAPI document: what the contract promises beyond what the serializers say."""

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from shuangta.api.paging import parameter
from shuangta.api.parameters import (
    ContentTypeField,
    DayField,
    ListField,
    MomentField,
    ReferenceField,
    TruthField,
)

PROBLEM = ResolvedComponent(
    name="Problem",
    type=ResolvedComponent.SCHEMA,
    object="Problem",
    schema={
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "additionalProperties": False,
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "code", "detail"],
                    "additionalProperties": False,
                    "properties": {
                        "field": {"type": ["string", "null"]},
                        "code": {"type": "string"},
                        "detail": {"type": "string"},
                    },
                },
            },
            "dependents": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"type": {"type": "string"}, "key": {"type": "string"}},
                },
            },
            "dependent_count": {"type": "integer"},
            "current": {"type": "object"},
        },
    },
)

PROBLEMS_OF_READING = {"400": _("A parameter is not valid."), "404": _("There is no such record.")}
PROBLEMS_OF_WRITING = {
    "400": _("A field is not valid."),
    "401": _("Nobody is logged in."),
    "403": _("The user may not write here."),
    "404": _("There is no such record."),
    "409": _("Other records depend on it, or another change came first."),
    "413": _("The body is too large."),
    "415": _("The body is not JSON."),
}


class ContractSchema(AutoSchema):
    """Names every filter, refuses what is not named, and describes the problem documents."""

    def get_filter_backends(self):
        return []

    def _get_parameters(self):
        parameters = super()._get_parameters()
        if not hasattr(self.view, "filterset_class"):
            return parameters
        if self.view.action == "list":
            filters = self.view.filterset_class.base_filters
            parameters += [parameter(name, schema_of(each.field)) for name, each in filters.items()]
            parameters += [parameter("search", {"type": "string", "minLength": 1})]
        if self.view.action in ("list", "retrieve"):
            meta = self.view.serializer_class.Meta
            parameters += [
                parameter("fields", names_schema(meta.fields)),
                parameter("expand", names_schema(meta.expandable)),
            ]
        return parameters

    def _get_response_bodies(self, direction="response"):
        responses = super()._get_response_bodies(direction)
        problems = PROBLEMS_OF_READING if self.method == "GET" else PROBLEMS_OF_WRITING
        self.registry.register_on_missing(PROBLEM)
        for status, description in problems.items():
            responses[status] = {
                "description": str(description),
                "content": {"application/problem+json": {"schema": PROBLEM.ref}},
            }
        return responses

    def _map_serializer(self, serializer, direction, bypass_extensions=False):
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        if direction == "request" and schema.get("type") == "object":
            schema["additionalProperties"] = False
        return schema


def names_schema(names):
    return {"type": "string", "description": str(_("From: %s")) % ", ".join(names)}


def schema_of(field):
    """The schema of one filter’s value, as strict as its form field."""
    match field:
        case TruthField():
            return {"type": "boolean"}
        case ListField():
            return {"type": "array", "items": schema_of(field.each)}
        case ReferenceField() | ContentTypeField():
            return {"type": "string", "minLength": 1}
        case forms.ChoiceField():
            return {"type": "string", "enum": [value for value, label in field.choices if value]}
        case forms.DecimalField():
            return {"type": "number"}
        case forms.IntegerField():
            return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
        case MomentField():
            return {"type": "string", "format": "date-time"}
        case DayField():
            return {"type": "string", "format": "date"}
    return {"type": "string", "minLength": 1}
