"""How long the statements of one interactive read may take together, on either database.

PostgreSQL is told so inside the transaction that it reads in: ``SET LOCAL`` ends with it, also where a pool lends
its connections for a transaction each. SQLite asks back every so many steps of its virtual machine, on the thread
that reads: unlike an ``interrupt`` from another thread, the answer cannot reach the statement after the one it is
for. A read that writes is a mistake and is refused, so no write is ever broken off.
"""

import sqlite3
from contextlib import contextmanager
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction

STEPS = 500_000
"""Between two looks at the clock: some 20 ms. Each look takes the interpreter's lock, for which others may wait."""
SLACK = 0.02
"""The part of the budget that may be spent before PostgreSQL is told again how much is left."""
WRITING = ("INSERT", "UPDATE", "DELETE")
QUERY_CANCELED = "57014"


class BudgetError(Exception):
    """The read takes longer than it may."""


class ReadBudget:
    """Wraps each statement of a read: refuses it where no time is left, or where it writes."""

    def __init__(self, connection, seconds):
        self.connection, self.seconds = connection, seconds
        self.end = monotonic() + seconds

    def is_spent(self):
        return monotonic() >= self.end

    def __call__(self, execute, sql, params, many, context):
        if str(sql).startswith(WRITING):
            raise RuntimeError("An interactive read writes nothing.")
        if self.is_spent():
            raise BudgetError
        self.before_statement()
        return execute(sql, params, many, context)

    def before_statement(self):
        """Tell the database how much time is left, where it has to be told."""


class PostgreSQLBudget(ReadBudget):
    """A budget that is kept by ``statement_timeout``, which holds for each statement alone."""

    granted = None

    @contextmanager
    def enforced(self):
        with transaction.atomic(using=self.connection.alias):
            yield
        if self.connection.in_atomic_block:
            self.set_timeout("DEFAULT")

    def before_statement(self):
        left = self.end - monotonic()
        if self.granted is None or self.granted - left > SLACK * self.seconds:
            self.granted = left
            self.set_timeout(max(1, round(left * 1000)))

    def set_timeout(self, milliseconds):
        with self.connection.connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout TO {milliseconds}")


class SQLiteBudget(ReadBudget):
    """A budget that is kept by the progress handler, which breaks off the statement when it says so."""

    @contextmanager
    def enforced(self):
        self.connection.ensure_connection()
        database = self.connection.connection
        database.set_progress_handler(self.is_spent, STEPS)
        try:
            yield
        finally:
            database.set_progress_handler(None, 0)


@contextmanager
def read_budget(seconds, using=DEFAULT_DB_ALIAS):
    """Let the statements inside take so many seconds together. Raises BudgetError where they need more."""
    connection = connections[using]
    kind = PostgreSQLBudget if connection.vendor == "postgresql" else SQLiteBudget
    budget = kind(connection, seconds)
    try:
        with budget.enforced(), connection.execute_wrapper(budget):
            yield
    except OperationalError as error:
        if is_broken_off(error):
            raise BudgetError from error
        raise


def is_broken_off(error):
    """Whether the database gave up since the time was over."""
    cause = error.__cause__
    return (
        getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
        or getattr(cause, "sqlstate", None) == QUERY_CANCELED
    )
