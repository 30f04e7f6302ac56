"""The database as its operator is told of it."""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor


class RequiresMigrations:
    """Mixed into a command, lets it begin only where every migration is applied."""

    requires_migrations_checks = True

    def check_migrations(self):
        """Raise CommandError where Django only prints a notice."""
        refuse_unmigrated()


def refuse_unmigrated():
    """Raise CommandError where a migration is not applied."""
    if pending_migrations():
        raise CommandError(
            f"The database {database_name()} is not migrated; "
            "“migrate” or “serve --prepare” does it."
        )


def database_name():
    """Which database it is, without who may open it."""
    database = settings.DATABASES["default"]
    return f"{database.get('HOST', '')} {database['NAME']}".strip()


def flaw_of_connection():
    """A sentence on why the database cannot be reached; None where it can."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).splitlines()[0].rstrip(".")
        return (
            f"The database that DATABASE_URL names ({database_name()}) cannot be reached: {reason}."
        )
    return None


def pending_migrations(using=DEFAULT_DB_ALIAS):
    """What the database has not been migrated by. Raises OperationalError where it cannot be reached."""
    executor = MigrationExecutor(connections[using])
    return executor.migration_plan(executor.loader.graph.leaf_nodes())
