"""``manage.py check_derived``: whether everything that follows from the rows is right."""

from django.core.management.base import BaseCommand, CommandError

from shuangta.history.models import revisioned_models
from shuangta.operations import consistency
from shuangta.operations.databases import RequiresMigrations


class Command(RequiresMigrations, BaseCommand):
    help = (
        "Checks of every row that its derived columns are up to date, that search finds it by its "
        "words, and that its history holds it as it is. Lists what is wrong, and then ends non-zero."
    )

    def handle(self, **options):
        tables = revisioned_models()
        rows = sum(model._base_manager.count() for model in tables)
        wrong = 0
        for model in tables:
            for finding in consistency.check(model):
                wrong += 1
                self.stdout.write(str(finding))
        if wrong:
            raise CommandError(f"Wrong: {wrong:,} of {rows:,} rows. rebuild_derived mends them.")
        self.stdout.write(f"All {rows:,} rows of {len(tables)} tables are right.")
