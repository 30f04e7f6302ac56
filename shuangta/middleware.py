"""What happens to every request before and after its view."""

import re
import uuid
from http import HTTPStatus

from django.http import Http404, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import reverse
from whitenoise.middleware import WhiteNoiseMiddleware

from shuangta import errors
from shuangta.health import healthz, readyz
from shuangta.history.context import AuditContext, audit_context, draw_batch_number
from shuangta.http.content_types import unreadable_charset
from shuangta.http.proxies import client_address, is_trusted, parse_address

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# The admin's theme reads expressions out of its markup, and writes its colours into each page.
ADMIN_POLICY = f"{PAGE_POLICY}; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
)
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{16,64}")


class ProxyMiddleware:
    """Makes ``REMOTE_ADDR`` the client's address, and drops what only a trusted proxy may say of a request.

    It stands first, so that everything that counts, decides or logs by address, scheme or id goes by the same.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        meta = request.META
        peer = parse_address(meta.get("REMOTE_ADDR", ""))
        forwarded_for = meta.pop("HTTP_X_FORWARDED_FOR", "")
        if is_trusted(peer):
            # A list holds what the client had sent, too: it is HTTPS only where nobody says otherwise.
            schemes = set(
                meta.pop("HTTP_X_FORWARDED_PROTO", "").lower().replace(" ", "").split(",")
            )
            meta["HTTP_X_FORWARDED_PROTO"] = "https" if schemes == {"https"} else "http"
        else:
            for name in ("HTTP_X_FORWARDED_PROTO", "HTTP_X_REQUEST_ID"):
                meta.pop(name, None)
        meta["REMOTE_ADDR"] = str(client_address(peer, forwarded_for) or "")
        return self.get_response(request)


class AuditMiddleware:
    """Sets the origin of all changes that a request makes, and names the request in its answer.

    It stands before those that refuse, so that what they refuse has a name too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        stated = request.META.get("HTTP_X_REQUEST_ID", "")  # a trusted proxy's, see ProxyMiddleware
        request_id = stated if REQUEST_ID.fullmatch(stated) else uuid.uuid4().hex
        request.META["HTTP_X_REQUEST_ID"] = request_id
        token = audit_context.set(AuditContext(request, request_id, batch=draw_batch_number()))
        try:
            response = self.get_response(request)
        finally:
            audit_context.reset(token)
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


class HeadersMiddleware(SecurityMiddleware):
    """Says with every answer what a browser may do with it: Django's headers, and those that Django lacks.

    It stands before whatever redirects and refuses, Django's own among them, so that these answers say it too.
    """

    def process_request(self, request):
        """Redirect nothing: Django's own follows, and does."""

    def process_response(self, request, response):
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # What has not changed has no type of its own: the policy that is kept with the page holds.
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            policy = content_policy(request, response)
            response.headers.setdefault("Content-Security-Policy", policy)
        return super().process_response(request, response)


def content_policy(request, response):
    """What the answer may load and run (Content Security Policy, level 3)."""
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return DATA_POLICY
    return ADMIN_POLICY if request.path.startswith(reverse("admin:index")) else PAGE_POLICY


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Serves the static files; what is named by its content is kept for a year."""

    FOREVER = 31_536_000  # seconds


class CookieMiddleware:
    """Passes over cookies with control characters: none of ours has any, and PostgreSQL looks up no text with NUL."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        cookies = request.COOKIES.items()
        request.COOKIES = {name: value for name, value in cookies if value.isprintable()}
        return self.get_response(request)


class SameRequestElsewhere(HttpResponsePermanentRedirect):
    """A redirect after which a POST is still a POST, with its body."""

    status_code = 308


class AddressMiddleware(CommonMiddleware):
    """As Django's own, but a write to an address without its last slash is sent on as the write it is."""

    response_redirect_class = SameRequestElsewhere

    def process_request(self, request):
        """Find nothing at an address with a NUL, which no column of PostgreSQL holds; the API says where it is."""
        is_page = not request.path_info.startswith("/api/")
        if "\0" in request.path_info or (is_page and "%00" in request.META["QUERY_STRING"]):
            raise Http404
        return super().process_request(request)
