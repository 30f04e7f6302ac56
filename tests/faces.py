"""The faces of each resource: every address that is read, found in the router."""

from django.urls import reverse

from shuangta.query.resources import viewsets
from shuangta.urls import router

SHAPES = ("industrial-parks", "place-roles", "citations", "declared-counts")
"""One resource of each shape: a record with lists, one without a name, the citation, and the declared count.

What one class does for all resources alike is tried on these; what differs by model, on every resource.
"""

NAME_OF = {viewset: name for name, viewset in viewsets().items()}


def faces():
    """The route and level of every reading action, by resource and action."""
    return {
        (NAME_OF[route.callback.cls], route.callback.actions["get"]): route
        for route in router.urls
        if "get" in getattr(route.callback, "actions", {})
    }


FACES = faces()


def is_of_one(face):
    """Whether the face tells of one row, and its address ends with the row's key or behind it."""
    return FACES[face].callback.initkwargs["detail"]


def address_of_face(face, row=None):
    return reverse(FACES[face].name, args=[row.pk] if is_of_one(face) else [])
