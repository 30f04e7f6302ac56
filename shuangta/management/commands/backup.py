"""``manage.py backup``: a consistent copy of the database, whichever it is, in one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from shuangta.operations import backups


class Command(BaseCommand):
    help = "Writes the whole content of the database, as it stands at one moment, into one file."

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="Where to write it; by default a new file in var/backups, named by the moment.",
        )
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)

    def handle(self, *, file, database, **options):
        connections[database].ensure_connection()  # Else it is told as a fault of the backup.
        path = file or backups.default_path()
        try:
            manifest = backups.write(path, connections[database])
        except backups.BackupError as error:
            raise CommandError(error) from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(f"{path}: {rows:,} rows of {len(manifest['tables'])} tables.")
