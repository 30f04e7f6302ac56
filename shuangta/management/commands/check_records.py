"""``manage.py check_records``: whether the stored rows keep the rules that no constraint of the database states."""

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import models

from shuangta.db.text_fields import find_flaws
from shuangta.history import trees
from shuangta.history.models import revisioned_models
from shuangta.operations.databases import RequiresMigrations


class Command(RequiresMigrations, BaseCommand):
    help = (
        "Checks that no record comes back to itself by a relation to its own table, that it goes with the "
        "record above it, and that names hold no character that nobody sees or knows. Lists what is wrong, "
        "and then ends non-zero."
    )

    @no_translations
    def handle(self, **options):
        wrong = 0
        for model in revisioned_models():
            for row, errors in (*trees.check(model), *flawed_rows(model)):
                wrong += 1
                for name, error in errors.items():
                    label = f"{model._meta.label_lower} {row.pk}"
                    self.stdout.write(f"{label}: {name}: {' '.join(error.messages)}")
        if wrong:
            raise CommandError(f"Wrong: {wrong:,} records.")
        self.stdout.write("All records are right.")


def flawed_rows(model):
    """The rows with a typed text that would be refused now, or that cleaning would change."""
    for row in models.QuerySet(model).order_by("pk").iterator():
        if errors := find_flaws(row):
            yield row, errors
