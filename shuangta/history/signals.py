"""Signals of history, by which the packages that derive something from rows hear of them."""

from django.dispatch import Signal

rows_written = Signal()
"""Sent by a model after each way of writing its rows, in the same transaction; not when rows are deleted.

``rows`` are all that were written, ``revised`` those of them that this gave another state; both as they are in
memory, since some know what they were before. ``fields`` names what was written, None standing for every column, and
``using`` the database. Receivers leave what they derive to ``refresh_derived``, as a batch may be open.
"""
