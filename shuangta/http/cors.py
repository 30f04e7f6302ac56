"""Which pages of other sites may call the API: listed ones with a token and, by a setting, all of them as anybody."""

from corsheaders.middleware import (
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    CorsMiddleware,
)
from corsheaders.signals import check_request_enabled
from django.conf import settings
from django.dispatch import receiver

READING = ("GET", "HEAD")
OF_SENDERS = ("authorization", "x-csrftoken")


class RegistryCorsMiddleware(CorsMiddleware):
    """As the library’s; an answer to a page that is not listed names no site, and allows no more than reading."""

    def add_response_headers(self, request, response):
        response = super().add_response_headers(request, response)
        allowed = response.headers.get(ACCESS_CONTROL_ALLOW_ORIGIN)
        if allowed is not None and allowed not in settings.CORS_ALLOWED_ORIGINS:
            response[ACCESS_CONTROL_ALLOW_ORIGIN] = "*"
            if ACCESS_CONTROL_ALLOW_METHODS in response:
                readers = [each for each in settings.CORS_ALLOW_HEADERS if each not in OF_SENDERS]
                response[ACCESS_CONTROL_ALLOW_METHODS] = ", ".join(READING)
                response[ACCESS_CONTROL_ALLOW_HEADERS] = ", ".join(readers)
        return response


@receiver(check_request_enabled)
def is_read_by_anybody(sender, request, **kwargs):
    """Whether the request asks the API for what anybody may read, or asks whether it may."""
    if not settings.CORS_ANONYMOUS_READING or not request.path_info.startswith("/api/"):
        return False
    method = request.headers.get("access-control-request-method", request.method)
    headers = request.headers.get("access-control-request-headers", "").lower()
    sends_key = any(name in headers or name in request.headers for name in OF_SENDERS)
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return method in READING and not sends_key and not has_session
