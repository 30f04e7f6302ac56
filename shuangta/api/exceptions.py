"""Refusals that Django REST framework does not know, each with its status and code."""

import math

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status

from shuangta.db.deletion import UNSEEN_DEPENDENTS, filter_visible

NAMED_DEPENDENTS = 20


class Moved(exceptions.APIException):
    """The record has another code now (308)."""

    status_code = status.HTTP_308_PERMANENT_REDIRECT
    default_detail = _("The record has another code now.")
    default_code = "moved"

    def __init__(self, location):
        super().__init__()
        self.headers = {"Location": location}


class InvalidRows(exceptions.ValidationError):
    """Rows of a list are not valid (400): the errors, each with its row, and how many there are in all."""

    def __init__(self, errors, error_count):
        super().__init__()
        self.errors, self.error_count = errors, error_count


class Stale(exceptions.APIException):
    """The row is no longer as the client last saw it (412)."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = _("The record was changed in the meantime.")
    default_code = "changed_meanwhile"

    def __init__(self, current, tag):
        super().__init__()
        self.current, self.headers = current, {"ETag": tag}


class WeakTag(Stale):
    """If-Match names but weak tags, which match no version (412)."""

    default_detail = _("If-Match takes strong tags only. Send the ETag without “W/”.")
    default_code = "weak_etag"


class TooMany(exceptions.APIException):
    """The user, or the address, asks more often than the registry allows (429)."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_detail = _("Too many requests. Wait for the seconds that Retry-After names.")
    default_code = "throttled"

    def __init__(self, wait):
        super().__init__()
        self.headers = {"Retry-After": str(max(1, math.ceil(wait or 0)))}


class Busy(exceptions.APIException):
    """The database could not take the request now (503)."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = _("The registry is busy. Send the request again.")
    default_code = "busy"
    headers = {"Retry-After": "1"}


class TooCostly(exceptions.APIException):
    """The answer takes longer than an interactive read may (503); by parameter, what costs."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = _("The answer takes too long to work out. Ask for less.")
    default_code = "too_costly"

    def __init__(self, costs):
        super().__init__()
        self.costs = exceptions.ValidationError(costs).get_full_details()


class InUse(exceptions.APIException):
    """Other records depend on the one to be deleted (409)."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Other records depend on this one.")
    default_code = "in_use"

    def __init__(self, dependents, user):
        """``dependents`` are rows; those that the user may not see are not named."""
        seen = filter_visible(dependents, user)
        super().__init__(None if seen else UNSEEN_DEPENDENTS)
        self.dependents = [
            {"type": row._meta.label_lower, "key": str(row.pk)}
            for row in sorted(seen, key=lambda row: (row._meta.label, str(row.pk)))
        ]


class Conflict(exceptions.APIException):
    """Another request changed the same records in the meantime (409)."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Another change came first. Read the record again and repeat yours.")
    default_code = "conflict"
