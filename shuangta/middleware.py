"""What happens to every request before and after its view."""

import uuid

from django.http import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

from shuangta import errors
from shuangta.content_types import unreadable_charset
from shuangta.health import healthz, readyz
from shuangta.origins import Origin, origin
from shuangta.proxies import client_address, is_trusted, parse_address


class ProxyMiddleware:
    """Makes ``REMOTE_ADDR`` the client's address, and drops what only a trusted proxy may say of a request.

    It stands first, so that everything that counts, decides or logs by address, scheme or id goes by the same.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        told = request.META
        peer = parse_address(told.get("REMOTE_ADDR", ""))
        forwarded_for = told.pop("HTTP_X_FORWARDED_FOR", "")
        if is_trusted(peer):
            # A list holds what the client had sent, too: it is HTTPS only where nobody says otherwise.
            schemes = set(
                told.pop("HTTP_X_FORWARDED_PROTO", "").lower().replace(" ", "").split(",")
            )
            told["HTTP_X_FORWARDED_PROTO"] = "https" if schemes == {"https"} else "http"
        else:
            for name in ("HTTP_X_FORWARDED_PROTO", "HTTP_X_REQUEST_ID"):
                told.pop(name, None)
        told["REMOTE_ADDR"] = str(client_address(peer, forwarded_for) or "")
        return self.get_response(request)


class OriginMiddleware:
    """Sets the origin of all changes that a request makes, and names the request in its answer.

    It stands before those that refuse, so that what they refuse has a name too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request_id = uuid.uuid4().hex
        token = origin.set(Origin(request=request, request_id=request_id))
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        response["X-Request-Id"] = request_id
        return response


class HealthMiddleware:
    """Answers those who watch the process, by its address: they ask neither for a host nor over HTTPS."""

    answers = {"/healthz": healthz, "/readyz": readyz}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.answers.get(request.path_info, self.get_response)(request)


class CharsetMiddleware:
    """Refuses a body in another charset than UTF-8 (415); queries are UTF-8 whatever the header says."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        charset = unreadable_charset(request.META)
        if charset is not None:
            return errors.unreadable_charset(request, charset)
        return self.get_response(request)


class SameRequestElsewhere(HttpResponsePermanentRedirect):
    """A redirect after which a POST is still a POST, with its body."""

    status_code = 308


class AddressMiddleware(CommonMiddleware):
    """As Django's own, but a write to an address without its last slash is sent on as the write it is."""

    response_redirect_class = SameRequestElsewhere
