"""Reading a database as it was at one moment, however long the reading takes."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def read_snapshot(connection):
    """Read in one transaction, which sees the database as it was at the first look."""
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias, durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    usual_mode = connection.transaction_mode
    connection.transaction_mode = "DEFERRED"  # so as neither to wait for a writer nor to stop one
    try:
        with transaction.atomic(using=connection.alias, durable=True):
            yield
    finally:
        connection.transaction_mode = usual_mode
