"""Tells the history where each change comes from."""

import uuid

from shuangta import history


class OriginMiddleware:
    """Sets the origin of all changes that a request makes, and names the request in its answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request_id = uuid.uuid4().hex
        token = history.origin.set(history.Origin(request=request, request_id=request_id))
        try:
            response = self.get_response(request)
        finally:
            history.origin.reset(token)
        response["X-Request-Id"] = request_id
        return response
