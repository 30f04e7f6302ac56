"""Expansions: what an answer tells in full where ``?expand=`` names it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch

from shuangta.query.resources import viewset_of


@dataclass(frozen=True)
class Expansion:
    """One name that ``?expand=`` takes."""

    name: str
    prefetch: Callable
    """Of a user, what rows are read with."""
    render: Callable
    """Of a row that was read so, and the context of its serializer, what the answer tells."""
    schema: Callable
    """Of the schema of the field of this name, None where there is none, that of the expanded one."""
    render_past: Callable | None = None
    """Of a row as it was, a moment and a user, what was told then; None where the past is not told."""


def relation(model, name):
    """The records that a relation names, as far as the user may see them."""
    field = model._meta.get_field(name)

    def prefetch(user):
        return Prefetch(name, viewset_of(field.related_model).rows_for(user))

    def render(row, context):
        serializer = viewset_of(field.related_model).serializer_class
        context = {"request": context.get("request")}
        if field.many_to_many:
            return serializer(getattr(row, name).all(), many=True, context=context).data
        related = field.get_cached_value(row, default=None)
        return serializer(related, context=context).data if related else None

    def schema(by_code):
        component = viewset_of(field.related_model).serializer_class.component_name()
        in_full = {"$ref": f"#/components/schemas/{component}"}
        if field.many_to_many:
            return by_code | {"items": {"oneOf": [by_code["items"], in_full]}}
        return {"oneOf": [by_code, in_full]}

    return Expansion(name, prefetch, render, schema)
