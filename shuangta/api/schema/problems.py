"""What goes wrong, as the document states it: the one shape of all errors, and when each status is answered."""

from django.utils.translation import gettext_lazy as _

from shuangta.api.problem_codes import PROBLEM_CODES

MEDIA_TYPE = "application/problem+json"

ERROR = {
    "type": "object",
    "required": ["field", "code", "detail"],
    "additionalProperties": False,
    "properties": {
        "row": {
            "type": "integer",
            "minimum": 0,
            "description": "Position in the list that was sent.",
        },
        "field": {
            "type": ["string", "null"],
            "description": "Null where a rule of the whole row or request is broken.",
        },
        "code": {"type": "string", "description": "Stays the same in every language."},
        "detail": {"type": "string", "description": "A sentence in the language of the request."},
    },
}

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. The code says what happened, and stays the same in every language.",
    "required": ["type", "title", "status", "code"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "description": "One of: "
            + ", ".join(f"`{code}` ({status})" for code, (status, _) in PROBLEM_CODES.items()),
        },
        "errors": {"type": "array", "items": ERROR},
        "error_count": {"type": "integer", "description": "Where not all errors are listed."},
        "dependents": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "key"],
                "additionalProperties": False,
                "properties": {"type": {"type": "string"}, "key": {"type": "string"}},
            },
        },
        "dependent_count": {"type": "integer"},
        "current": {"type": "object", "description": "The row as it is now, after a 412."},
    },
}

BROKEN_FIELD = {
    "type": "about:blank",
    "title": "The request is not valid.",
    "status": 400,
    "code": "invalid",
    "errors": [
        {
            "field": "stage__im",
            "code": "unknown_parameter",
            "detail": "There is no such parameter. Did you mean “stage__in”?",
        }
    ],
}
IN_USE = {
    "type": "about:blank",
    "title": "Other records depend on this one.",
    "status": 409,
    "code": "in_use",
    "dependents": [{"type": "districts.garden", "key": "211302-central-park-crabapple-garden"}],
    "dependent_count": 1,
}
EXAMPLES = {"400": BROKEN_FIELD, "409": IN_USE}

MEANINGS = {
    "400": _("A parameter, a header or a field is not valid."),
    "401": _("The token is not known, or nobody is logged in."),
    "403": _("The user or the token may not do this."),
    "404": _("There is no such record."),
    "406": _("None of the formats that Accept names is here."),
    "409": _("Other records depend on it, another change came first, or the key was used before."),
    "410": _("The registry was restored, or the reader sees more or less than before: begin anew."),
    "412": _("The record is no longer the one named by If-Match."),
    "413": _("The body is too large."),
    "414": _(
        "The address is longer than 65,534 bytes: the server itself answers, without a body. "
        "Narrow a list, or ask in several requests."
    ),
    "415": _("The body is not JSON."),
    "429": _("Too many requests; Retry-After tells when to go on."),
    "503": _(
        "The database is busy, and Retry-After tells when to try again; or the answer takes too long "
        "to work out, and the errors tell what to narrow."
    ),
}
RATES = {
    name: {"schema": {"type": "string"}} for name in ("RateLimit-Policy", "RateLimit")
}  # structured fields of draft-ietf-httpapi-ratelimit-headers
OF_READING = ("400", "401", "406", "414", "429", "503")
OF_WRITING = ("400", "401", "403", "406", "409", "413", "414", "415", "429", "503")
WITHOUT_BODY = ("414",)


def problem_response(status):
    """The response that operations refer to where they may answer this status."""
    response = {"description": str(MEANINGS[status])}
    if status not in WITHOUT_BODY:
        example = {"example": EXAMPLES[status]} if status in EXAMPLES else {}
        response["content"] = {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, **example}
        }
    if status in ("429", "503"):
        response["headers"] = {"Retry-After": {"schema": {"type": "string"}}}
    if status == "429":
        response["headers"] |= RATES
    return response
