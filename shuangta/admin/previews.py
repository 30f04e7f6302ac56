"""What an import would do, row by row, as its preview shows it to an editor."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuangta.differences import Difference, kept_fields, worded
from shuangta.exchange.proposals import Fate
from shuangta.models import record_type

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


def preview_row(model, kept):
    """A row as the proposal keeps it, in the language of the editor."""
    titles = titles_of(model)
    fields = {each.name: each for each in kept_fields(model)}
    return PreviewRow(
        number=kept["number"],
        title=kept["title"],
        key=kept["key"],
        fate=Fate(kept["fate"]),
        differences=[
            difference(fields[each["field"]], each["before"], each["after"])
            for each in kept.get("changes", ())
            if each["field"] != model._meta.pk.name  # It stands at the head of the row.
        ],
        notes=kept["notes"],
        errors=[(titles.get(name, ""), text) for name, text in kept.get("errors", ())],
        namesakes=kept.get("namesakes", []),
    )


def titles_of(model):
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {each.name: str(capfirst(each.verbose_name)) for each in fields}


def difference(field, before, after):
    label = capfirst(field.verbose_name)
    before, after = (worded(field, as_kept(field, value)) for value in (before, after))
    return Difference(field.name, label, before, after)


def as_kept(field, value):
    """A value of the API as a history keeps it: a type of record by its number."""
    return record_type(value).pk if value and field.related_model is ContentType else value
