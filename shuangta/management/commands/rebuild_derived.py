"""``manage.py rebuild_derived``: make right again what follows from the rows."""

from django.core.management.base import BaseCommand

from shuangta.history.context import open_batch
from shuangta.history.models import revisioned_models
from shuangta.operations import consistency
from shuangta.operations.databases import RequiresMigrations


class Command(RequiresMigrations, BaseCommand):
    help = (
        "Brings derived columns and search up to date, and gives a row that its history does not "
        "hold as it is a version that does. Lists each row that was wrong."
    )

    @open_batch()
    def handle(self, **options):
        mended = 0
        for model in revisioned_models():
            for finding in consistency.rebuild(model):
                mended += 1
                self.stdout.write(str(finding))
        self.stdout.write(f"Rows that were wrong and are right now: {mended:,}.")
