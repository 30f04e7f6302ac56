"""What happens to every request before and after its view."""

import uuid

from django.http import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

from shuangta.origins import Origin, origin


class OriginMiddleware:
    """Sets the origin of all changes that a request makes, and names the request in its answer.

    It stands first, so that what the others refuse has a name too.
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


class SameRequestElsewhere(HttpResponsePermanentRedirect):
    """A redirect after which a POST is still a POST, with its body."""

    status_code = 308


class AddressMiddleware(CommonMiddleware):
    """As Django's own, but a write to an address without its last slash is sent on as the write it is."""

    response_redirect_class = SameRequestElsewhere
