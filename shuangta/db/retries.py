"""Doing a write again where another one came between: it then meets what the other has left.

Two requests that make one record, or that wait for each other's rows, end with one of them broken off and all of
it taken back. Sent again it would be answered by what is there by now; so it is done again here, whole.
"""

import sqlite3
from functools import partial, wraps

from django.contrib import messages
from django.contrib.admin.sites import AdminSite
from django.db import IntegrityError, OperationalError
from django.template.response import TemplateResponse

ATTEMPTS = 3
SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE = "40001", "40P01", "55P03"


class WriteConflictError(IntegrityError):
    """Another write came between reading the rows and writing them; the same write may succeed when done again."""


def retry_on_conflict(write, before_repeating=lambda: None):
    """Call ``write``, which is one transaction, until no other comes between; raise its error the last time."""
    for _attempt in range(1, ATTEMPTS):
        try:
            return write()
        except (IntegrityError, OperationalError) as error:
            if not is_conflict(error):
                raise
        before_repeating()
    return write()


def is_conflict(error):
    """Whether another write may be why this one failed, so that it may succeed when it is done again."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, IntegrityError) or sqlstate in (SERIALIZATION_FAILURE, DEADLOCK)


def is_contention(error):
    """Whether the database gave up for another write, so that the same request may succeed later."""
    cause = error.__cause__
    primary = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF  # its kinds stand above
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return True
    waiting = (SERIALIZATION_FAILURE, DEADLOCK, LOCK_NOT_AVAILABLE)
    return getattr(cause, "sqlstate", None) in waiting


class RepeatingSite(AdminSite):
    """An admin that saves again what another save came between, and says so where that goes on."""

    def admin_view(self, view, cacheable=False):
        return super().admin_view(repeating(view), cacheable)


def repeating(view):
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            return retry_on_conflict(
                partial(view, request, *args, **kwargs), partial(forget, request)
            )
        except OperationalError as error:
            if not is_contention(error):
                raise
            return TemplateResponse(request, "busy.html", status=503)

    return wrapped


def forget(request):
    """Drop what an attempt that was taken back said, and let its files be read from their beginning."""
    list(messages.get_messages(request))
    for file in request.FILES.values():
        file.seek(0)
