"""Components: what many operations refer to, described once (hooks that drf-spectacular calls in the end)."""

from collections import defaultdict
from copy import deepcopy
from inspect import getdoc

from shuangta.api.schema import answers
from shuangta.api.schema.problems import MEANINGS, PROBLEM, problem_response
from shuangta.query.resources import viewsets

SECURITY_SCHEMES = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "“Token …”; administrators make tokens in the admin.",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
}
HEADERS = {
    "ETag": {"required": True, "schema": {"type": "string", "pattern": '^"[^"]+"$'}},
    "Link": {
        "description": "RFC 8288: the next and previous page, and what describes the API.",
        "required": True,
        "schema": {"type": "string"},
    },
}


def reference(kind, name):
    return {"$ref": f"#/components/{kind}/{name}"}


def row_name(serializer_class):
    """The name of the component for a row of a list that is sent."""
    return f"{serializer_class.component_name()}Row"


def add_components(result, generator, request, public):
    """Add what no serializer describes."""
    components = result["components"]
    components["schemas"] |= answers.SCHEMAS | {"Problem": PROBLEM}
    for viewset in viewsets().values():
        complete_row(components["schemas"], viewset.serializer_class)
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["responses"] = {f"Problem{status}": problem_response(status) for status in MEANINGS}
    components["headers"] = HEADERS
    components["securitySchemes"] = SECURITY_SCHEMES
    result["tags"] = [
        {"name": name, "description": getdoc(viewset.queryset.model)}
        for name, viewset in viewsets().items()
    ]
    return result


def complete_row(schemas, serializer_class):
    """Say of the rows of one resource that there are no other fields, and which may be told in full."""
    meta, name = serializer_class.Meta, serializer_class.component_name()
    row, request, change = (
        schemas[each] for each in (name, f"{name}Request", f"Patched{name}Request")
    )
    for schema in (row, request, change):
        schema |= {"additionalProperties": False, "description": getdoc(meta.model)}
    row.pop("required", None)  # “fields” and “omit” leave any of them out
    for each in serializer_class.expansions().values():
        row["properties"][each.name] = each.schema(row["properties"].get(each.name))
    of_plan = deepcopy(change)
    of_plan["properties"]["version"] = {"type": ["integer", "null"], "minimum": 1}
    schemas[row_name(serializer_class)] = of_plan


def share_parameters(result, generator, request, public):
    """Let operations that take the same parameter point to one description of it.

    The description that most resources give bears the parameter’s own name, another that of its resource as well.
    """
    operations = [
        (address.split("/")[3], operation)
        for address, path in result["paths"].items()
        for operation in path.values()
    ]
    common = common_descriptions(operations)
    shared = {}
    for resource, operation in operations:
        for place, parameter in enumerate(operation["parameters"]):
            name = parameter["name"]
            if parameter["in"] != "path":
                component = name if parameter == common[name] else f"{resource}.{name}"
                if shared.setdefault(component, parameter) == parameter:
                    operation["parameters"][place] = reference("parameters", component)
    result["components"]["parameters"] = dict(sorted(shared.items()))
    return result


def common_descriptions(operations):
    """By name, the description of a parameter that most resources give; None where each gives its own."""
    resources, described = defaultdict(lambda: defaultdict(set)), {}
    for resource, operation in operations:
        for parameter in operation["parameters"]:
            text = repr(parameter)
            described[text] = parameter
            resources[parameter["name"]][text].add(resource)
    common = {}
    for name, texts in resources.items():
        text = max(texts, key=lambda each: len(texts[each]))
        is_shared = len(texts) == 1 or len(texts[text]) > 1
        common[name] = described[text] if is_shared else None
    return common
