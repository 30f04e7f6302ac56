"""Doing a write again where another one came between: it then meets what the other has left.

Two requests that make one record, or that wait for each other's rows, end with one of them broken off and all of
it taken back. Sent again it would be answered by what is there by now: so it is done again here, whole.
"""

from django.db import IntegrityError, OperationalError

ATTEMPTS = 3
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"


def repeated(write, before_repeating=lambda: None):
    """Call ``write``, which is one transaction, until no other comes between; raise its error the last time."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return write()
        except (IntegrityError, OperationalError) as error:
            if attempt == ATTEMPTS or not came_between(error):
                raise
            before_repeating()
    return None


def came_between(error):
    """Whether another write may be why this one failed, and it may succeed when it is done again."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, IntegrityError) or sqlstate in (SERIALIZATION_FAILURE, DEADLOCK)
