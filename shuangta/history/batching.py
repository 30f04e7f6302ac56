"""When what follows from the rows is brought up to date: after each write, or once at the end of many."""

from contextlib import contextmanager
from contextvars import ContextVar

waiting: ContextVar[dict | None] = ContextVar("waiting", default=None)
"""By what brings them up to date, their model and their database: the keys of the rows that wait for it."""


def is_deferred():
    """Whether what is written now is followed later."""
    return waiting.get() is not None


def refresh_derived(refresh, model, keys, using):
    """Call ``refresh(model, keys, using)``: at the end of ``deferred_refresh`` where it is open, or else now."""
    rows = waiting.get()
    if rows is None:
        refresh(model, sorted(keys), using)
    else:
        rows.setdefault((refresh, model, using), set()).update(keys)


@contextmanager
def deferred_refresh():
    """Let all that is written inside, in one transaction, be followed once at its end."""
    if waiting.get() is not None:
        yield
        return
    rows = {}
    token = waiting.set(rows)
    try:
        yield
    finally:
        waiting.reset(token)
    # Whoever locks rows of several tables meanwhile does so in one order, or two would wait for each other.
    for (refresh, model, using), keys in sorted(
        rows.items(), key=lambda each: each[0][1]._meta.label
    ):
        refresh(model, sorted(keys), using)
