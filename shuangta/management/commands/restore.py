"""``manage.py restore``: put a backup back, all of it or nothing."""

import json
import zipfile
import zlib
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models, transaction
from django.utils import timezone

from shuangta.history.models import Restoration
from shuangta.operations import backups, consistency
from shuangta.operations.backups import BackupError, Digest
from shuangta.operations.databases import RequiresMigrations
from shuangta.operations.questions import confirm
from shuangta.records.models import record_models

MADE_BY_MIGRATE = frozenset({ContentType, Permission})


class Command(RequiresMigrations, BaseCommand):
    help = (
        "Puts the content of a backup into a freshly migrated database and checks that every row "
        "arrived as it was written. If anything is wrong, the database stays as it was."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Replace what the database holds; that is backed up first.",
        )
        parser.add_argument("--noinput", action="store_false", dest="ask", help="Do not ask.")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)

    def handle(self, *, file, replace, ask, database, **options):
        connection = connections[database]
        try:
            with open_backup(file, connection) as (archive, manifest):
                if replace and not is_empty(connection):
                    self.keep_present_content(connection, file, ask)
                restore(archive, manifest, connection, replace)
        except BackupError as error:
            raise CommandError(error) from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"Restored {rows:,} rows of {len(manifest['tables'])} tables, as they stood at "
            f"{manifest['created_at']}. Restart the servers that use this database."
        )

    def keep_present_content(self, connection, file, ask):
        if ask:
            confirm(f"Replace everything in the database by {file}?")
        kept = backups.default_path(prefix="before-restore")
        backups.write(kept, connection)
        self.stdout.write(f"What the database held is kept in {kept}.")


def is_empty(connection):
    """Whether the database holds no more than what ``migrate`` itself puts there."""
    return not any(
        models.QuerySet(model, using=connection.alias).exists()
        for model in backups.backed_up_models().values()
        if model not in MADE_BY_MIGRATE
    )


@contextmanager
def open_backup(path, connection):
    """The archive and its manifest, of a backup that this database can hold.

    Raises BackupError, with the database as it was, when the file is missing, damaged or made by other
    migrations, and when what is done with it fails.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, verified_manifest(archive, connection)
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        raise BackupError(f"{path} cannot be read: {error}") from error
    except DatabaseError as error:
        raise BackupError(f"The database refuses the backup: {error}") from error


def restore(archive, manifest, connection, replace):
    """Put the content of the backup into the database.

    Raises BackupError, with the database as it was, when the database is not empty and ``replace`` is false, and
    when in the end it does not hold exactly what the backup says.
    """
    try:
        with transaction.atomic(using=connection.alias, durable=True):
            if not replace and not is_empty(connection):
                raise BackupError("The database is not empty; --replace replaces its content.")
            fill(connection, archive)
            compare(connection, manifest)
            ContentType.objects.clear_cache()  # the backup has brought its own
            consistency.build(connection.alias, record_models())
            Restoration.objects.using(connection.alias).create(at=timezone.now())
    finally:
        ContentType.objects.clear_cache()


def verified_manifest(archive, connection):
    """The manifest, if this database can hold the backup and each table is as the manifest says."""
    try:
        manifest = json.loads(archive.read(backups.MANIFEST))
    except KeyError as error:
        raise BackupError("This is not a backup: it has no manifest.") from error
    if manifest["format"] != backups.FORMAT:
        raise BackupError(f"The backup has format {manifest['format']}, not {backups.FORMAT}.")
    differing = set(manifest["migrations"]) ^ set(backups.applied_migrations(connection))
    if differing:
        names = ", ".join(sorted(differing))
        raise BackupError(f"Backup and database differ in migrations: {names}.")
    differing = manifest["tables"].keys() ^ backups.backed_up_models().keys()
    if differing:
        raise BackupError(f"Backup and database differ in tables: {', '.join(sorted(differing))}.")
    for table, written in manifest["tables"].items():
        with archive.open(backups.member(table)) as rows:
            if Digest(rows).summary() != written:
                raise BackupError(f"The backup is damaged: {rows.name} is not as it was written.")
    return manifest


def fill(connection, archive):
    """Put the rows of the backup in the place of all rows, those of no backup included, that are there."""
    tables = backups.backed_up_models()
    emptied = [*tables, *(model._meta.db_table for model in backups.NOT_BACKED_UP)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), emptied):
            cursor.execute(statement)
        for table, model in tables.items():
            with archive.open(backups.member(table)) as rows:
                insert(connection, cursor, model, rows)
        connection.check_constraints()
        for statement in connection.ops.sequence_reset_sql(no_style(), tables.values()):
            cursor.execute(statement)


def insert(connection, cursor, model, rows):
    fields = backups.columns(model)
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    records = (
        [
            field.get_db_prep_save(field.to_python(record[field.column]), connection)
            for field in fields
        ]
        for record in map(json.loads, rows)
    )
    while batch := list(islice(records, backups.ROWS_AT_ONCE)):
        cursor.executemany(statement, batch)


def compare(connection, manifest):
    for table, model in backups.backed_up_models().items():
        written = manifest["tables"][table]
        found = Digest(backups.lines(model, connection)).summary()
        if found["rows"] != written["rows"]:
            raise BackupError(f"{table} came to {found['rows']} rows instead of {written['rows']}.")
        if found["content"] != written["content"]:
            raise BackupError(f"The rows of {table} did not arrive as they were written.")
