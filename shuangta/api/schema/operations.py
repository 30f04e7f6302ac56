"""Operations: one action of one resource, with its parameters, its body, its answers and its errors."""

from inspect import getdoc

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.permissions import SAFE_METHODS

from shuangta.api.schema import answers, parameters
from shuangta.api.schema.problems import OF_READING, OF_WRITING, PROBLEM, problem_response
from shuangta.query.resources import viewset_of

ROOT = "/api/v1/"
HEADERS = {
    "create": ["X-Change-Reason", "Idempotency-Key"],
    "update": ["X-Change-Reason", "If-Match"],
    "partial_update": ["X-Change-Reason", "If-Match"],
    "destroy": ["X-Change-Reason", "If-Match"],
    "destroy_many": ["X-Change-Reason"],
    "restore": ["X-Change-Reason", "Idempotency-Key", "If-Match"],
}
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
WITH_ROW_IN_ANSWER = {"retrieve", "update", "partial_update"}


SECURITY_SCHEMES = [
    ResolvedComponent(name=name, type=ResolvedComponent.SECURITY_SCHEMA, schema=schema, object=name)
    for name, schema in {
        "token": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "“Token …”; administrators make tokens in the admin.",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    }.items()
]


class ContractSchema(AutoSchema):
    """Names every parameter that the action knows, and describes what it answers and how it refuses."""

    def get_operation_id(self):
        resource = self.path.removeprefix(ROOT).partition("/")[0].replace("-", "_")
        return f"{resource}_{self.action}"

    @property
    def action(self):
        """The action of a viewset; the search of the whole registry is a view with no other."""
        return getattr(self.view, "action", "search")

    def get_summary(self):
        return str(SUMMARIES[self.action])

    def get_filter_backends(self):
        return []

    def _get_pagination_parameters(self):
        return []

    def _get_parameters(self):
        of_path = super()._get_parameters()
        of_query = parameters.query_parameters(self.view)
        return [
            *of_path,
            *of_query,
            *parameters.header_parameters(HEADERS.get(self.action, [])),
        ]

    def get_auth(self):
        for scheme in SECURITY_SCHEMES:
            self.registry.register_on_missing(scheme)
        open_to_all = [{}] if self.method in SAFE_METHODS else []
        return [*({scheme.name: []} for scheme in SECURITY_SCHEMES), *open_to_all]

    def _get_request_body(self, direction="request"):
        if self.action == "restore":
            return answers.json_body(answers.VERSION_TO_RESTORE)
        body = super()._get_request_body(direction)
        if self.action == "create":
            content = body["content"]["application/json"]
            content["schema"] = {"oneOf": [content["schema"], self.rows_of_plan()]}
        return body

    def rows_of_plan(self):
        """A list of rows, each of which may leave out what a change may leave out."""
        serializer = self.view.get_serializer(partial=True)
        row = self._map_serializer(serializer, "request")
        row["properties"]["version"] = {"type": ["integer", "null"], "minimum": 1}
        row.pop("required", None)
        name = serializer.__class__.__name__.removesuffix("Serializer")
        component = ResolvedComponent(
            name=f"{name}Row", type=ResolvedComponent.SCHEMA, schema=row, object=f"{name}Row"
        )
        self.registry.register_on_missing(component)
        return {"type": "array", "items": component.ref, "minItems": 1, "maxItems": 1000}

    def _get_response_bodies(self, direction="response"):
        statuses = set(OF_READING if self.method == "GET" else OF_WRITING)
        if self.action in OF_ONE_ROW:
            statuses.add("404")
        if "If-Match" in HEADERS.get(self.action, []):
            statuses.add("412")
        if self.action == "changes":
            statuses.add("410")
        problems = {status: problem_response(status) for status in sorted(statuses)}
        for component in (PROBLEM, *problems.values()):
            self.registry.register_on_missing(component)
        return self.answers_by_status() | {
            status: component.ref for status, component in problems.items()
        }

    def answers_by_status(self):
        action = self.action
        if action == "list":
            answer = super()._get_response_bodies()
            answer["200"]["content"] |= answers.EXPORTS
            answer["200"]["headers"] = answers.LINKS | answers.ETAG
            return answer
        if action == "aggregate":
            groups = self.face(FACES[action])
            groups["content"] |= answers.EXPORTS
            return {"200": groups}
        if action in WITH_ROW_IN_ANSWER:
            return {"200": answers.json_answer(self.row(), headers=answers.ETAG)}
        if action == "create":
            created = answers.json_answer(self.row(), headers=answers.ETAG)
            return {"200": self.face("Plan"), "201": created}
        if action == "restore":
            restored = answers.json_answer(self.row(), headers=answers.ETAG)
            return {"200": restored, "201": restored}
        if action == "destroy":
            return {"204": {"description": ""}}
        return {"200": self.face(FACES[action])}

    def face(self, name):
        component = answers.component(name)
        self.registry.register_on_missing(component)
        has_tag = self.method == "GET" and self.action != "history"
        return answers.json_answer(component.ref, answers.ETAG if has_tag else None)

    def row(self):
        return self.resolve_serializer(self.get_response_serializers(), "response").ref

    def _map_serializer(self, serializer, direction, bypass_extensions=False):
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        if schema.get("type") != "object":
            return schema
        schema |= {"additionalProperties": False, "description": getdoc(serializer.Meta.model)}
        if direction == "response" and hasattr(serializer.Meta, "expandable"):
            schema.pop("required", None)  # “fields” and “omit” leave any of them out
            for name in serializer.Meta.expandable:
                schema["properties"][name] = self.expand_relation(
                    serializer, name, schema["properties"]
                )
        return schema

    def expand_relation(self, serializer, name, properties):
        """A relation is told by its code, or in full where it is expanded."""
        if name == "evidence":
            return answers.EVIDENCE
        field = serializer.Meta.model._meta.get_field(name)
        related = viewset_of(field.related_model).serializer_class(context={"expand": ()})
        in_full = self.resolve_serializer(related, "response").ref
        if field.many_to_many:
            by_code = properties[name]["items"]
            return properties[name] | {"items": {"oneOf": [by_code, in_full]}}
        return {"oneOf": [properties[name], in_full]}


def share_parameters(result, generator, request, public):
    """Let operations that take the same parameter point to one description of it (a hook of drf-spectacular)."""
    shared = {}
    for address, path in result["paths"].items():
        resource = address.removeprefix(ROOT).partition("/")[0]
        for operation in path.values():
            operation["parameters"] = [
                reference_to(each, resource, shared) for each in operation.get("parameters", [])
            ]
    result["components"]["parameters"] = dict(sorted(shared.items()))
    return result


def reference_to(parameter, resource, shared):
    if parameter["in"] == "path":
        return parameter
    for name in (parameter["name"], f"{resource}.{parameter['name']}"):
        if shared.setdefault(name, parameter) == parameter:
            return {"$ref": f"#/components/parameters/{name}"}
    return parameter
