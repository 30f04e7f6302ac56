"""Content negotiation (RFC 9110, 12.5.1): which of its formats a view answers in."""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation

QUALITY = re.compile(r"(?:^|;)\s*q\s*=\s*([0-9]*\.?[0-9]+)", re.IGNORECASE)


class Negotiation(DefaultContentNegotiation):
    """The format that ``?format=`` names, or else the one that the Accept header wants most."""

    def select_renderer(self, request, renderers, format_suffix=None):
        named = request.query_params.get("format")
        if named is not None:
            # A name that is not known is told with all else that is wrong with the parameters.
            renderer = next((each for each in renderers if each.format == named), renderers[0])
            return renderer, renderer.media_type
        qualities = qualities_in(request.headers.get("Accept", ""))
        renderer = max(renderers, key=lambda each: quality_of(each.media_type, qualities))
        if not quality_of(renderer.media_type, qualities):
            there_is = ", ".join(dict.fromkeys(each.media_type for each in renderers))
            raise NotAcceptable(_("Nothing here is what Accept names. There is: %s.") % there_is)
        return renderer, renderer.media_type


def qualities_in(accept):
    """By media range, how much an Accept header wants it, from 0 to 1; other parameters say nothing here."""
    qualities = {}
    for text in accept.split(","):
        media_range, _separator, parameters = text.partition(";")
        stated = QUALITY.search(parameters)
        quality = min(float(stated[1]), 1.0) if stated else 1.0
        name = media_range.strip().lower()
        qualities[name] = max(quality, qualities.get(name, 0.0))
    qualities.pop("", None)
    return qualities or {"*/*": 1.0}


def quality_of(media_type, qualities):
    """How much the type is wanted: the most specific range decides."""
    main, _separator, _sub = media_type.partition("/")
    ranges = (media_type, f"{main}/*", "*/*", "*")  # Java’s own client sends the last
    return next((qualities[each] for each in ranges if each in qualities), 0.0)
