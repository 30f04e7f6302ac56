"""The database as its operator is told of it."""

from django.conf import settings
from django.db import OperationalError, connection


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
