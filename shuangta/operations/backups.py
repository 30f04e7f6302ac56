"""Backups: the whole content of the database in one file, the same whichever database it came from.

A backup is a zip. For each table it holds ``<table>.ndjson``, one row a line, each value under the
name of its column, in ISO 8601 where JSON has no word for it; and ``manifest.json``,
which says what every table must come to. Sessions are left out: after a restore all log in anew.
So are search and the evidence issues, which follow from the rest and are made again, and when the
registry was restored before.

Rows are read and written below the models' ``save``: a restored row has the version, the times and
the history that it had, and makes none of its own.
"""

import json
import os
import zipfile
from base64 import b64encode
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import django
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, models
from django.db.migrations.recorder import MigrationRecorder
from django.utils.duration import duration_iso_string

from seeds.models import EvidenceIssue
from shuangta.db.read_snapshot import read_snapshot
from shuangta.history.models import Restoration
from shuangta.operations.models import DerivedRules
from shuangta.search.models import SearchEntry, SearchGram

FORMAT = 1
MANIFEST = "manifest.json"
ROWS_AT_ONCE = 1000
NOT_BACKED_UP = (Session, SearchGram, SearchEntry, EvidenceIssue, Restoration, DerivedRules)


class BackupError(Exception):
    """A backup could not be written, trusted or restored; the message says why."""


def default_path(prefix="shuangta"):
    """A free name in the state folder, with the moment in it."""
    folder, moment = settings.STATE_DIR / "backups", datetime.now(UTC)
    stem = f"{prefix}-{moment:%Y%m%dT%H%M%SZ}"
    names = (f"{stem}.zip", *(f"{stem}-{number}.zip" for number in range(2, 100)))
    return next(folder / name for name in names if not (folder / name).exists())


def write(path, connection):
    """Write a backup of the database as it stands at one moment, and return its manifest.

    The file appears under its name once it is complete, and only its owner can read it. Raises
    BackupError where a file of that name exists, and where it cannot be written in full.
    """
    if path.exists():
        raise BackupError(f"{path} exists already.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return write_whole(path, connection)
    except OSError as error:
        raise BackupError(
            f"{path} cannot be written, and no part of it is left: {error.strerror}."
        ) from error
    except DatabaseError as error:
        raise BackupError(f"The database cannot be read: {error}") from error


def write_whole(path, connection):
    """Write the archive under another name, and give it its own once the disk holds it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("xb") as file:
            unfinished.chmod(0o600)
            manifest = write_archive(file, connection)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def write_archive(file, connection):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, read_snapshot(connection):
        manifest = {
            "format": FORMAT,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "django": django.get_version(),
            "migrations": applied_migrations(connection),
            "tables": {
                table: write_table(archive, table, lines(model, connection))
                for table, model in backed_up_models().items()
            },
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def write_table(archive, table, rows):
    digest = Digest()
    with archive.open(member(table), "w", force_zip64=True) as file:
        for line in rows:
            digest.add(line)
            file.write(line)
    return digest.summary()


def applied_migrations(connection):
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def backed_up_models():
    """The model of every table that a backup holds, by the table's name and in its order."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model not in NOT_BACKED_UP
    }
    return dict(sorted(found.items()))


def columns(model):
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def member(table):
    """The name of the table's file within the zip."""
    return f"{table}.ndjson"


class Digest:
    """What the rows of a table come to: how many they are, and what they hold.

    ``sha256`` is that of the table's file. ``content`` is the same in whatever order the rows come,
    since not all databases sort texts alike.
    """

    def __init__(self, rows=()):
        self.rows, self.file, self.content = 0, sha256(), 0
        for line in rows:
            self.add(line)

    def add(self, line):
        self.rows += 1
        self.file.update(line)
        self.content = (self.content + int.from_bytes(sha256(line).digest())) % 2**256

    def summary(self):
        return {
            "rows": self.rows,
            "sha256": self.file.hexdigest(),
            "content": f"{self.content:064x}",
        }


def lines(model, connection):
    """Yield the rows of a table, ordered by key, as lines of JSON."""
    names = [field.attname for field in columns(model)]
    keys = [field.column for field in columns(model)]
    rows = models.QuerySet(model, using=connection.alias).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        record = dict(zip(keys, row, strict=True))
        text = json.dumps(record, default=as_text, ensure_ascii=False, sort_keys=True)
        yield text.encode() + b"\n"


def as_text(value):
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return b64encode(value).decode()
    raise BackupError(f"A backup has no spelling for {value!r}.")
