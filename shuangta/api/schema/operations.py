"""Operations: one action of one resource, with its parameters, its body, its answers and its errors."""

from inspect import getdoc

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from rest_framework.permissions import SAFE_METHODS

from shuangta.api.exports import FORMAT
from shuangta.api.schema.components import SECURITY_SCHEMES, reference, row_name
from shuangta.api.schema.parameters import describe_parameters
from shuangta.api.schema.problems import OF_READING, OF_WRITING
from shuangta.api.writes.requests import IF_MATCH, MAX_ROWS
from shuangta.tabular.formats import FORMATS

ROOT = "/api/v1/"
SUMMARIES = {
    "list": _("List"),
    "retrieve": _("Read"),
    "create": _("Create one, or create and change many"),
    "update": _("Replace"),
    "partial_update": _("Change"),
    "destroy": _("Delete"),
    "destroy_many": _("Delete what the filters name"),
    "aggregate": _("Count and add up, in groups"),
    "facets": _("Tell what the list can be narrowed to"),
    "search": _("Find by words, the best first"),
    "history": _("Tell the versions"),
    "changes": _("Tell what changed"),
    "restore": _("Bring back a version, or a deleted record"),
}
FACES = {
    "aggregate": "Groups",
    "facets": "Facets",
    "search": "Hits",
    "history": "Versions",
    "changes": "Changes",
    "destroy_many": "Deleted",
}
OF_ONE_ROW = {"retrieve", "update", "partial_update", "destroy", "history", "restore"}
ANSWERS_ROW = {"retrieve": ["200"], "update": ["200"], "partial_update": ["200"]} | {
    "create": ["201"],
    "restore": ["200", "201"],
}
"""By action, the statuses with which it answers a row."""
WITHOUT_ETAG = {"history", "destroy_many"}
FILES = {
    each.media_type: OpenApiTypes.STR if each.charset else OpenApiTypes.BINARY for each in FORMATS
}


class ContractSchema(AutoSchema):
    """Names every parameter that the action declares, and describes what it answers and how it refuses."""

    @property
    def action(self):
        """The action of a viewset; the search of the whole registry is a view with no other."""
        return getattr(self.view, "action", "search")

    @property
    def handler(self):
        return getattr(self.view, self.action, None) or self.view.get

    @property
    def declared_parameters(self):
        return self.handler.parameters

    @property
    def row_serializer(self):
        return self.view.serializer_class

    def get_operation(self, *args):
        """The operation, with what all operations of its kind share."""
        operation = super().get_operation(*args)
        if "requestBody" in operation and self.action != "restore":
            operation["requestBody"]["required"] = True
        for status, response in operation["responses"].items():
            names = ["Link", "ETag"] if self.has_etag(status) else ["Link"]
            response["headers"] = {name: reference("headers", name) for name in names}
        operation["responses"] |= {
            status: reference("responses", f"Problem{status}") for status in self.problems()
        }
        return operation

    def get_operation_id(self):
        resource = self.path.removeprefix(ROOT).partition("/")[0].replace("-", "_")
        return f"{resource}_{self.action}"

    def get_summary(self):
        return str(SUMMARIES[self.action])

    def get_description(self):
        return getdoc(self.handler)

    def get_filter_backends(self):
        return []

    def get_override_parameters(self):
        return list(describe_parameters(self.view, self.declared_parameters, self.action == "list"))

    def get_auth(self):
        open_to_all = [{}] if self.method in SAFE_METHODS else []
        return [*({name: []} for name in SECURITY_SCHEMES), *open_to_all]

    def get_request_serializer(self):
        if self.action == "restore":
            return {"application/json": reference("schemas", "VersionToRestore")}
        if self.action == "create":
            one = self.resolve_serializer(self.row_serializer(), "request").ref
            row = reference("schemas", row_name(self.row_serializer))
            rows = {"type": "array", "items": row, "minItems": 1, "maxItems": MAX_ROWS}
            return {"application/json": {"oneOf": [one, rows]}}
        return self.row_serializer

    def get_response_serializers(self):
        """By status and media type, what is answered where nothing goes wrong."""
        if self.action in ANSWERS_ROW:
            answers = dict.fromkeys(ANSWERS_ROW[self.action], self.row_serializer)
            return answers | (
                {"200": reference("schemas", "Plan")} if self.action == "create" else {}
            )
        if self.action == "destroy":
            return {"204": None}
        is_list = self.action == "list"
        answer = self.row_serializer if is_list else reference("schemas", FACES[self.action])
        files = FILES if FORMAT[0] in self.declared_parameters else {}
        return {("200", kind): each for kind, each in {"application/json": answer, **files}.items()}

    def has_etag(self, status):
        if self.action in ANSWERS_ROW:
            return status in ANSWERS_ROW[self.action]
        return self.action not in {*WITHOUT_ETAG, "destroy"}

    def problems(self):
        """The statuses of the errors that the action may answer."""
        statuses = {*(OF_READING if self.method in SAFE_METHODS else OF_WRITING)}
        if self.action in OF_ONE_ROW:
            statuses.add("404")
        if IF_MATCH in self.declared_parameters:
            statuses.add("412")
        if self.action == "changes":
            statuses.add("410")
        return sorted(statuses)
