"""What an import would do, row by row, as its preview shows it to an editor."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuangta.imports.proposals import Fate
from shuangta.records.diff import Difference, revisioned_fields, value_text
from shuangta.records.labels import Names, names_records
from shuangta.records.models import record_type

LABELS = {
    Fate.WRONG: gettext_lazy("Wrong"),
    Fate.CHANGED: gettext_lazy("Changed"),
    Fate.CREATED: gettext_lazy("New"),
    Fate.UNCHANGED: gettext_lazy("Unchanged"),
    Fate.EXAMPLE: gettext_lazy("Example"),
}
COLOURS = {Fate.WRONG: "danger", Fate.CHANGED: "warning", Fate.CREATED: "success"}


@dataclass(frozen=True)
class PreviewRow:
    """A row of the sheet, with what becomes of it in words."""

    number: int
    title: str
    key: str | int | None
    fate: Fate
    differences: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    namesakes: list = field(default_factory=list)
    """The codes of other records with its name."""
    rows_alike: list = field(default_factory=list)
    """The numbers of other new rows with its name."""

    @property
    def label(self):
        return LABELS[self.fate]

    @property
    def colour(self):
        return COLOURS.get(self.fate, "")


@dataclass(frozen=True)
class FateCount:
    """How many rows have a fate, as the head of the preview counts them and filters by them."""

    fate: str
    label: str
    count: int


def counts(proposal):
    """How many rows there are in all, and of each fate that any has."""
    fates = [row["fate"] for row in proposal.rows]
    each = [FateCount(fate, LABELS[fate], fates.count(fate)) for fate in Fate if fate in fates]
    return [FateCount("", _("All rows"), len(fates)), *each]


def count_to_write(proposal):
    """How many rows would be stored."""
    return sum(1 for row in proposal.rows if row["fate"] in (Fate.CREATED, Fate.CHANGED))


def preview_rows(model, kept):
    """Rows as the proposal keeps them, in the language of the editor."""
    titles, fields = titles_of(model), {each.name: each for each in revisioned_fields(model)}
    names = Names((model, state) for row in kept for state in relations_in(row, fields))
    return [preview_row(row, titles, fields, names) for row in kept]


def relations_in(row, fields):
    """What names other records, before the row and after it, as a history keeps it."""
    relations = [
        each for each in describe_changes(row, fields) if names_records(fields[each["field"]])
    ]
    for side in ("before", "after"):
        yield {fields[each["field"]].attname: each[side] for each in relations}


def describe_changes(row, fields):
    """The changes without that of the key, which stands at the head of the row."""
    return [each for each in row.get("changes", ()) if not fields[each["field"]].primary_key]


def preview_row(row, titles, fields, names):
    """One of them; ``titles`` and ``fields`` are by name, ``names`` those of the records that they name."""
    return PreviewRow(
        number=row["number"],
        title=row["title"],
        key=row["key"],
        fate=Fate(row["fate"]),
        differences=[
            difference(fields[each["field"]], each["before"], each["after"], names)
            for each in describe_changes(row, fields)
        ],
        notes=row["notes"],
        errors=[(titles.get(name, ""), text) for name, text in row.get("errors", ())],
        namesakes=row.get("namesakes", []),
        rows_alike=row.get("rows_alike", []),
    )


def titles_of(model):
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {each.name: str(capfirst(each.verbose_name)) for each in fields}


def difference(field, before, after, names):
    label = capfirst(field.verbose_name)
    told = (value_text(field, stored_text(field, value), names=names) for value in (before, after))
    return Difference(field.name, label, *told)


def stored_text(field, value):
    """A value of the API as a history keeps it: a type of record by its number."""
    return record_type(value).pk if value and field.related_model is ContentType else value
