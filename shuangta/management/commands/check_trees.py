"""``manage.py check_trees``: whether every row stands where it can in the trees of its table."""

from django.core.management.base import BaseCommand, CommandError, no_translations

from shuangta import derived, trees


class Command(BaseCommand):
    help = (
        "Checks that no row comes back to itself by a relation to its own table, and that it goes with the "
        "row above it. Lists what is wrong, and then ends non-zero."
    )

    @no_translations
    def handle(self, **options):
        models = [model for model in derived.versioned_models() if model.trees]
        wrong = 0
        for model in models:
            for row, errors in trees.check(model):
                wrong += 1
                for name, error in errors.items():
                    label = f"{model._meta.label_lower} {row.pk}"
                    self.stdout.write(f"{label}: {name}: {' '.join(error.messages)}")
        if wrong:
            raise CommandError(f"Wrong: {wrong:,} rows.")
        self.stdout.write(f"The trees of {len(models)} tables are right.")
