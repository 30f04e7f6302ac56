"""The rows of an export: read as at one moment, a batch at a time, each told as the list tells it."""

from contextlib import closing, contextmanager, nullcontext
from itertools import islice
from operator import attrgetter
from threading import BoundedSemaphore

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _
from rest_framework import serializers

from shuangta.api.exceptions import Busy
from shuangta.api.fields import RecordTypeField
from shuangta.db.read_snapshot import read_snapshot
from shuangta.tabular.xlsx_markup import DAY, PLAIN, TEXT
from shuangta.tabular.xlsx_writer import SheetColumn

BATCH = 1000
SLOTS = BoundedSemaphore(settings.EXPORTS_AT_ONCE)

AS_STORED = (
    serializers.BooleanField,
    serializers.CharField,
    serializers.ChoiceField,
    serializers.IntegerField,
)
NO_TEXTS = (serializers.BooleanField, serializers.DecimalField, serializers.IntegerField)


def sheet_columns(fields):
    """A column for each field of a serializer, under its name."""
    return [SheetColumn(name, name, style_of(field)) for name, field in fields.items()]


def style_of(field):
    """That of the cells of a field, and of those that are filled in by hand below them."""
    if isinstance(field, serializers.DateField):
        return DAY
    return PLAIN if isinstance(field, NO_TEXTS) else TEXT


def documents(view, rows):
    """Yield the rows in batches, each row as a document by field name."""
    tell = teller(view)
    with closing(batches(rows)) as found:
        for batch in found:
            yield tell(view.complete_rows(batch))


def batches(rows):
    """Yield the rows, as they were at one moment, in lists. Raises Busy.

    Nothing but the batch at hand is held, whichever the database: its cursor stays open between batches.
    """
    connection = connections[rows.db]
    # A transaction that is under way has its own view of the database already.
    moment = nullcontext() if connection.in_atomic_block else read_snapshot(connection)
    with export_slot(), moment, closing(rows.iterator(chunk_size=BATCH)) as found:
        while batch := list(islice(found, BATCH)):
            yield batch


@contextmanager
def export_slot():
    """Hold one of the process's slots for exports, or raise Busy.

    An export takes a thread of the server until its client has it all; the slots leave one to every other request.
    """
    if not SLOTS.acquire(blocking=False):
        raise Busy(_("Other exports are under way. Ask for this one again."))
    try:
        yield
    finally:
        SLOTS.release()


def teller(view):
    """A function that makes documents of a batch; related records are left to the serializer."""
    serializer = view.get_serializer()
    if view.expansions:
        return lambda batch: view.get_serializer(batch, many=True).data
    readers = {name: reader(field) for name, field in serializer.fields.items()}
    return lambda batch: [{name: read(row) for name, read in readers.items()} for row in batch]


def reader(field):
    """A function that gives what the field tells of a row, without the detours of the field itself."""
    if isinstance(field, serializers.ManyRelatedField):
        return lambda row: [each.pk for each in getattr(row, field.source).all()]
    if isinstance(field, serializers.PrimaryKeyRelatedField):
        return attrgetter(f"{field.source}_id")
    if isinstance(field, AS_STORED):
        return attrgetter(field.source)
    is_type = isinstance(field, RecordTypeField)
    read = field.get_attribute if is_type else attrgetter(field.source)

    def read_value(row):
        value = read(row)
        return None if value is None else field.to_representation(value)

    return read_value
