"""What a request costs, and what its answer says of the rate that it counts for.

One unit is for the request itself, one more for each further 100 ms begun. A client pays for the work that it
causes and not for a machine that others keep busy: what counts is the computing time of the thread and, where the
database is a server, the time that it takes for reads; a write pays nothing for the locks that it waits for.
"""

import math
from contextlib import nullcontext
from contextvars import ContextVar
from time import monotonic, thread_time

from django.db import connection
from rest_framework.permissions import SAFE_METHODS

UNIT = 0.1  # seconds

counting: ContextVar[list] = ContextVar("counting")
"""The throttles that have counted the request at hand."""


class Meter:
    """Measures what is done from now on, in seconds; wraps the statements to add the time of the server."""

    def __init__(self):
        self.begin, self.served = thread_time(), 0

    def __call__(self, execute, sql, params, many, context):
        begin, computing = monotonic(), thread_time()
        try:
            return execute(sql, params, many, context)
        finally:
            self.served += max(0, monotonic() - begin - (thread_time() - computing))

    def units(self):
        return math.ceil((thread_time() - self.begin + self.served) / UNIT)


class RateMiddleware:
    """Charges the throttles that counted a request for what it cost, and tells what is left.

    The fields are those of draft-ietf-httpapi-ratelimit-headers.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        meter, throttles = Meter(), []
        has_server = connection.vendor != "sqlite" and request.method in SAFE_METHODS
        token = counting.set(throttles)
        try:
            with connection.execute_wrapper(meter) if has_server else nullcontext():
                response = self.get_response(request)
        finally:
            counting.reset(token)
        for throttle in throttles:
            throttle.charge(meter.units() - 1)
        if throttles:
            response["RateLimit-Policy"] = ", ".join(each.policy() for each in throttles)
            response["RateLimit"] = ", ".join(each.remaining() for each in throttles)
        if throttles and response.streaming and not hasattr(response, "file_to_stream"):
            response.streaming_content = count_cost(response.streaming_content, throttles)
        return response


def count_cost(parts, throttles):
    """The parts of a body that is made while it is sent; who asked for it is charged at its end."""
    meter = Meter()
    try:
        yield from parts
    finally:
        for throttle in throttles:
            throttle.charge(meter.units())
