"""Errors as problem documents (RFC 9457), each with a machine code and the field it is about."""

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    DisallowedHost,
    PermissionDenied,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import IntegrityError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, UnreadablePostError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.views import exception_handler

from shuangta.api.exceptions import (
    NAMED_DEPENDENTS,
    Busy,
    Conflict,
    InUse,
    InvalidRows,
    Stale,
    TooCostly,
    TooMany,
)
from shuangta.api.protocol.renderers import JSONRenderer
from shuangta.db.retries import is_contention
from shuangta.query.suggestions import (
    WORDS_FOR_FILTERS,
    nearest_parameter,
    unknown,
    unknown_names,
)
from shuangta.tabular.xlsx_writer import WorkbookError

CONTENT_TYPE = "application/problem+json"


def problem_response(exception, context):
    """Answer an exception of the API with a problem document; None where it is none of the API's own."""
    exception = of_the_api(exception, context["request"])
    response = exception_handler(exception, context)
    if response is None:
        return None
    response.data = problem(exception, response.status_code)
    response.content_type = CONTENT_TYPE
    # Whatever form the answer would have had, a problem is JSON.
    context["request"].accepted_renderer = JSONRenderer()
    context["request"].accepted_media_type = CONTENT_TYPE
    for name, value in getattr(exception, "headers", {}).items():
        response[name] = value
    return response


def of_the_api(exception, request):
    """What the API says, to whoever asks, for an exception of Django's; any other as it is."""
    match exception:
        case ModelValidationError():
            return from_model(exception)
        case WorkbookError():
            return invalid("format", exception, exception.code)
        case ProtectedError():
            return InUse(exception.protected_objects, request.user)
        case RestrictedError():
            return InUse(exception.restricted_objects, request.user)
        case IntegrityError():
            return Conflict()
        case OperationalError() if is_contention(exception):
            return Busy()
        case DisallowedHost():
            message = _("The registry is not served under this host name.")
            return exceptions.ParseError(message, "unknown_host")
        case SuspiciousOperation() | UnreadablePostError():
            return exceptions.ParseError()
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied():
            return exceptions.PermissionDenied()
        case exceptions.Throttled():
            return TooMany(exception.wait)
    return exception


def problem(exception, status_code):
    """The problem document of one exception."""
    is_invalid = isinstance(exception, exceptions.ValidationError)
    document = {
        "type": "about:blank",
        "title": str(_("The request is not valid.")) if is_invalid else str(exception.detail),
        "status": status_code,
        "code": "invalid" if is_invalid else exception.get_codes(),
    }
    if isinstance(exception, InvalidRows):
        document |= {"errors": exception.errors, "error_count": exception.error_count}
    elif is_invalid:
        document["errors"] = list(errors_of(exception.get_full_details()))
    if isinstance(exception, TooCostly):
        document["errors"] = list(errors_of(exception.costs))
    if isinstance(exception, Stale):
        document["current"] = exception.current
    if isinstance(exception, InUse):
        document["dependents"] = exception.dependents[:NAMED_DEPENDENTS]
        document["dependent_count"] = len(exception.dependents)
    return document


def errors_of(details, field=None):
    """Flatten the tree of details into one error for each field and message."""
    if isinstance(details, list):
        for item in details:
            yield from errors_of(item, field)
    elif isinstance(details.get("message"), str) and "code" in details:
        yield {"field": field, "code": details["code"], "detail": details["message"]}
    else:
        for name, item in details.items():
            is_general = name in ("non_field_errors", NON_FIELD_ERRORS)
            yield from errors_of(
                item, None if is_general else ".".join(filter(None, [field, str(name)]))
            )


def invalid(field, message, code):
    """One error of one field or parameter, ready to be raised."""
    return exceptions.ValidationError({field: [exceptions.ErrorDetail(str(message), code)]})


def parameter_errors(parameters, known, is_list):
    """What is wrong with query parameters before their values are read, by name.

    ``is_list`` says of a name whether its parameter may be given again for each value of its list.
    """
    message = _("There is no such parameter.")
    errors = unknown_names(parameters, known, message, "unknown_parameter", nearest_parameter)
    if "search" in known:  # which stands beside filters everywhere
        message = _("There is no such parameter. Each filter is one, named after its field.")
        filters = {name for name in errors if name.lower() in WORDS_FOR_FILTERS}
        errors |= {name: unknown(name, (), message, "unknown_parameter") for name in filters}
    repeated = exceptions.ErrorDetail(str(_("The parameter is given twice.")), "repeated")
    empty = exceptions.ErrorDetail(str(_("The parameter is empty.")), "empty")
    for name, values in parameters.lists():
        if len(values) > 1 and not is_list(name):
            errors.setdefault(name, repeated)
        elif not all(values):
            errors.setdefault(name, empty)
    return errors


def read_all(*readers):
    """Call each reader; what they refuse is raised as one ValidationError, the errors of all by field."""
    errors = {}
    for read in readers:
        try:
            read()
        except exceptions.ValidationError as error:
            for field, details in error.detail.items():
                told = errors.setdefault(field, [])
                told += [each for each in details if each not in told]
    if errors:
        raise exceptions.ValidationError(errors)


def from_model(error):
    """The API's form of an error that a model raised."""
    if not hasattr(error, "error_dict"):
        error = ModelValidationError({NON_FIELD_ERRORS: error})
    return exceptions.ValidationError(
        {
            name: [
                exceptions.ErrorDetail(message, each.code or "invalid")
                for each in errors
                for message in each.messages
            ]
            for name, errors in error.error_dict.items()
        }
    )
