"""How bodies are read: strictly, and no more of them than the registry takes."""

import json
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class TooLarge(APIException):
    """The body of a request is larger than the registry takes (413)."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The body is too large.")
    default_code = "too_large"


class JSONParser(BaseParser):
    """One JSON document in UTF-8. Numbers keep their digits; a name given twice is refused."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if int(parser_context["request"].META.get("CONTENT_LENGTH", 0)) > limit:
            raise TooLarge
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            return document_in(body.decode())
        except UnicodeDecodeError as error:
            raise ParseError(_("The body is not UTF-8.")) from error


def document_in(text):
    """The JSON document that a text is. Raises ParseError where it is none."""
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_constant=refuse_constant,
            object_pairs_hook=object_of,
        )
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        message = _("The body is not JSON, from line %(line)d, column %(column)d on.")
        raise ParseError(message % place) from error
    except RecursionError as error:
        raise ParseError(_("The body is nested too deeply.")) from error
    except ValueError as error:  # Python reads no whole number of more digits
        raise ParseError(_("A number in the body is too long.")) from error


def refuse_constant(name):
    raise ParseError(_("The body is not JSON: “%s” is no number.") % name)


def object_of(pairs):
    named = {}
    for name, value in pairs:
        if name in named:
            raise ParseError(_("The body names “%s” twice.") % name)
        named[name] = value
    return named
