"""Where changes come from: who makes them, in which request, and for what reason."""

import re
import secrets
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.http import HttpRequest

MAX_REASON = 500
RANDOM_BITS = 20
NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class AuditContext:
    """Where a change comes from: the request that makes it, its batch, and the reason given."""

    request: HttpRequest | None = None
    request_id: str = ""
    reason: str = ""
    batch: int | None = None

    @property
    def actor(self):
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None


NOBODY = AuditContext()
audit_context: ContextVar[AuditContext] = ContextVar("origin", default=NOBODY)


def draw_batch_number():
    """A number that no other batch has: the milliseconds since 1970 and random bits, 63 in all until the year 2248.

    It takes no statement, and needs none where a write is rolled back or repeated: numbers may be left out.
    """
    return time.time_ns() // 1_000_000 << RANDOM_BITS | secrets.randbits(RANDOM_BITS)


@contextmanager
def open_batch():
    """Give one batch number to all revisions made inside; within a batch they are part of that one."""
    if audit_context.get().batch is not None:
        yield
        return
    token = audit_context.set(replace(audit_context.get(), batch=draw_batch_number()))
    try:
        yield
    finally:
        audit_context.reset(token)


def is_reason(text):
    """Whether the history can keep the text: one line of up to ``MAX_REASON`` characters."""
    return len(text) <= MAX_REASON and not NOT_ONE_LINE.search(text)


def as_reason(text):
    """The text as the history can keep it: breaks and other controls become blanks, and none stand around it."""
    return NOT_ONE_LINE.sub(" ", text).strip()


@contextmanager
def change_reason(reason):
    """Give the reason for all changes made inside."""
    token = audit_context.set(replace(audit_context.get(), reason=reason[:MAX_REASON]))
    try:
        yield
    finally:
        audit_context.reset(token)
