"""``manage.py translations``: keep the catalogs of translations in step with the source."""

from django.core.management.base import BaseCommand, CommandError

from shuangta.operations.translations import Translations


class Command(BaseCommand):
    help = (
        "Writes the messages of the source into the Simplified Chinese catalog, where they are "
        "translated by hand, derives Traditional Chinese, and compiles both. Lists what is left."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; end non-zero where a message or a file is not as it should be.",
        )

    def handle(self, *, check, **options):
        translations = Translations.collect()
        faults = translations.faults()
        files = translations.files()
        if check:
            faults += [
                f"Not as make messages writes it: {path}"
                for path, content in files.items()
                if not path.exists() or path.read_bytes() != content
            ]
        else:
            for path, content in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for fault in faults:
            self.stdout.write(fault)
        if check and faults:
            raise CommandError(f"Left to see to: {len(faults):,}.")
        self.stdout.write(f"{len(translations.catalog):,} messages.")
