"""``manage.py rebuild_derived``: make right again what follows from the rows."""

from django.core.management.base import BaseCommand, CommandError

from shuangta import derived


class Command(BaseCommand):
    help = (
        "Brings derived columns up to date and gives a first version to rows without a history. "
        "Lists each such row. Ends non-zero where a history is wrong in another way."
    )

    def handle(self, **options):
        mended = left = 0
        for model in derived.versioned_models():
            for finding in derived.rebuild(model):
                self.stdout.write(str(finding))
                if finding.history_fault in (None, derived.NO_HISTORY):
                    mended += 1
                else:
                    left += 1
        self.stdout.write(f"{mended:,} rows were wrong and are right now.")
        if left:
            raise CommandError(
                f"{left:,} rows were written around the registry: look at what they hold and save "
                "them in the admin, which makes a version of it, or restore an earlier one."
            )
