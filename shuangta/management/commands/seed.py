"""``manage.py seed``: load the fixtures, the structured reading of the page."""

from dataclasses import dataclass

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.db.models.signals import pre_save

from shuangta.history.tracking import BOOKKEEPING
from shuangta.operations.databases import RequiresMigrations
from shuangta.operations.questions import confirm
from shuangta.records.models import record_models

FIXTURES = ("groups", "seeds", "districts", "projects", "governance")
SHOWN_CHARACTERS = 60
SHOWN_BEFORE_A_DIFFERENCE = 20


class Command(RequiresMigrations, BaseCommand):
    help = (
        "Loads the fixtures. Where there are entries already, that resets the rows which the "
        "fixtures name: what would change is shown, a backup is written, and you are asked."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--fresh", action="store_true", help="Load only where there is no entry at all."
        )
        parser.add_argument("--noinput", action="store_false", dest="ask", help="Do not ask.")

    def handle(self, *, fresh, ask, **options):
        if not holds_entries():
            self.load()
        elif fresh:
            self.stdout.write("The registry holds entries already; no fixture was loaded.")
        else:
            self.reset(ask)

    def load(self):
        load()
        self.stdout.write("The fixtures are loaded.")

    def reset(self, ask):
        rows = rehearse()
        different = [row for row in rows if row.after != row.before]
        for row in different:
            self.stdout.write("\n".join(row.lines()))
        created = sum(row.before is None for row in different)
        self.stdout.write(
            f"Rows to be created: {created:,}; to be changed: {len(different) - created:,}; "
            f"as the fixtures say: {len(rows) - len(different):,}."
        )
        if not different:
            return
        call_command("backup", stdout=self.stdout)
        if ask:
            confirm("Load the fixtures?")
        self.load()


def holds_entries():
    return any(model._base_manager.exists() for model in record_models())


def load():
    """Load all fixtures in one transaction, as plain ``loaddata`` does."""
    call_command("loaddata", *FIXTURES, verbosity=0)


@dataclass(frozen=True)
class Reset:
    """What loading the fixtures does to one row: its values before, None for a new row, and after."""

    row: models.Model
    before: dict | None
    after: dict

    def lines(self):
        """The difference in words, a field a line."""
        label = f"{self.row._meta.label_lower} {name_of(self.row)}"
        if self.before is None:
            return [f"+ {label}"]
        return [f"~ {label}"] + [
            f"    {name}: {difference(self.before[name], value)}"
            for name, value in self.after.items()
            if value != self.before[name]
        ]


def rehearse():
    """Load the fixtures, undo it all, and return what that did to each row: a list of ``Reset``."""
    loaded = []

    def remember(sender, instance, raw, **kwargs):
        if raw:
            stored = sender._base_manager.filter(pk=instance.pk).first()
            loaded.append((instance, values(stored) if stored else None))

    with transaction.atomic():
        pre_save.connect(remember)
        try:
            load()
        finally:
            pre_save.disconnect(remember)
        resets = [
            Reset(row, before, values(type(row)._base_manager.get(pk=row.pk)))
            for row, before in loaded
        ]
        transaction.set_rollback(True)
    return resets


def values(row):
    """What the row holds, by field, without what follows from the rest and what counts versions."""
    skipped = BOOKKEEPING | set(getattr(row, "derived_fields", ()))
    columns = {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in skipped
    }
    relations = {
        field.name: sorted(map(name_of, getattr(row, field.name).all()))
        for field in row._meta.many_to_many
    }
    return columns | relations


def name_of(row):
    """How a fixture names the row."""
    return ".".join(map(str, row.natural_key())) if hasattr(row, "natural_key") else row.pk


def difference(before, after):
    """Both values in short: of a list what it loses and gains, of a text from where the two differ."""
    if isinstance(after, list):
        lost = [f"- {name}" for name in before if name not in after]
        return ", ".join(lost + [f"+ {name}" for name in after if name not in before])
    texts = [in_one_line(before), in_one_line(after)]
    pairs = enumerate(zip(*texts, strict=False))
    alike = next((number for number, (old, new) in pairs if old != new), min(map(len, texts)))
    if alike > SHOWN_BEFORE_A_DIFFERENCE:
        texts = [f"…{text[alike - SHOWN_BEFORE_A_DIFFERENCE :]}" for text in texts]
    return " → ".join(map(shorten, texts))


def in_one_line(value):
    return "–" if value in (None, "") else " ".join(str(value).split())


def shorten(text):
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
