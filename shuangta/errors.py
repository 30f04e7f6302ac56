"""What an address answers where no view does: a problem by the API, a page by the rest."""

from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions

from shuangta.api import problems


def bad_request(request, exception):
    return answer(request, exception) or defaults.bad_request(request, exception)


def permission_denied(request, exception):
    return answer(request, exception) or defaults.permission_denied(request, exception)


def not_found(request, exception):
    return answer(request, exception) or defaults.page_not_found(request, exception)


def server_error(request):
    """Says no more than that it failed; what failed is in the log, under the id of the request."""
    return answer(request, exceptions.APIException()) or defaults.server_error(request)


def unreadable_charset(request, charset):
    """The answer to a body in a charset that the registry does not read (415)."""
    detail = _("Send the body in UTF-8; “%s” is not read.") % charset
    exception = exceptions.UnsupportedMediaType(request.content_type, detail)
    return answer(request, exception) or render(request, "415.html", status=exception.status_code)


def answer(request, exception):
    """The problem document, where it was the API that was asked; None elsewhere."""
    if not request.path.startswith("/api/"):
        return None
    known = problems.of_the_api(exception, request)
    return JsonResponse(
        problems.problem(known, known.status_code),
        status=known.status_code,
        content_type=problems.CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
