"""Parameters: what a request may say beside its body, declared with the action that takes it.

The check of a request, the OpenAPI document and ``OPTIONS`` read the same list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from shuangta.api.problems import parameter_errors
from shuangta.query.filters import MAX_SEARCH_LENGTH
from shuangta.query.parameters import ListField

TEXT = {"type": "string", "minLength": 1}
TRUTH = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}


@dataclass(frozen=True, eq=False)
class Parameter:
    """One parameter of the query."""

    name: str
    description: str
    schema: dict
    read: Callable | None = None
    """Reads it of a view, maybe with others. Raises ValidationError."""
    is_required: bool = False
    location: ClassVar[str] = "query"

    def names(self, view):
        return [self.name]

    def schema_for(self, view):
        return self.schema

    def is_list(self, view, name):
        """Whether the parameter may be given again for each value."""
        return self.schema.get("type") == "array"


@dataclass(frozen=True, eq=False)
class NameList(Parameter):
    """A list of names, divided by commas or each in a parameter of its own."""

    schema: dict | None = None
    choices: Callable | None = None
    """Of a view, the names that may stand there; None where the rest of the request decides it."""

    def schema_for(self, view):
        if self.choices is None:
            return {"type": "array", "items": TEXT, "minItems": 1}
        items = {"type": "string", "enum": list(self.choices(view))}
        return {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}

    def is_list(self, view, name):
        return True


@dataclass(frozen=True, eq=False)
class Header(Parameter):
    """One header of a request."""

    schema: dict | None = None
    location: ClassVar[str] = "header"

    def names(self, view):
        return []

    def schema_for(self, view):
        return TEXT


@dataclass(frozen=True, eq=False)
class Filters:
    """All filters of a resource, each a parameter named after its column and lookup."""

    read: Callable

    def names(self, view):
        return list(view.filterset_class.base_filters)

    def is_list(self, view, name):
        return isinstance(view.filterset_class.base_filters[name].field, ListField)


def read_narrowing(view):
    return view.narrowing


FILTERS = [
    Filters(read_narrowing),
    Parameter(
        "search",
        _("Words that all occur, in either script, by pinyin or by initials."),
        TEXT | {"maxLength": MAX_SEARCH_LENGTH},
        read_narrowing,
    ),
]


def misnamed_parameters(given, declared, view):
    """By name, the errors of given parameters that are not declared, repeated or empty."""
    known = {name: each for each in declared for name in each.names(view)}
    return parameter_errors(
        given, known, lambda name: name in known and known[name].is_list(view, name)
    )


def endpoint(parameters):
    """Declares what a handler of a view takes beside its body."""

    def declare(handler):
        handler.parameters = parameters
        return handler

    return declare
