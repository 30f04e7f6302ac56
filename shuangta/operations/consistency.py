"""What follows from the rows: derived columns, what search knows of them, the issues of their evidence, and the
history that holds each as it is.

Every way of writing through the models keeps both right. What writes around them does not, nor does a
change of the rules by which columns are derived.
"""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from seeds.evidence import indexing
from seeds.models import EvidenceIssue
from shuangta.history import tracking
from shuangta.history.context import change_reason, open_batch
from shuangta.history.models import RevisionedModel, revisioned_models
from shuangta.history.revision import Revision
from shuangta.operations.databases import pending_migrations
from shuangta.operations.models import DerivedRules
from shuangta.records.models import Record, record_models
from shuangta.search import index
from shuangta.search.models import SearchEntry
from shuangta.text import folding, pinyin

ROWS_AT_ONCE = 500
SEARCH, EVIDENCE = "search", "evidence"
EDITION = 4  # of the rules in the program: how texts are cleaned, cut, and judged as evidence


@dataclass(frozen=True)
class DerivedFault:
    """What is wrong with one row: its stale columns, and how its last change differs from its state."""

    row: RevisionedModel
    state: dict
    last_revision: Revision | None
    stale: list[str]
    history_fault: str

    def __str__(self):
        faults = [f"{name} is stale" for name in self.stale]
        if self.history_fault:
            faults.append(self.history_fault)
        return f"{self.row._meta.label_lower} {self.row.pk}: {', '.join(faults)}"


@dataclass(frozen=True)
class Orphan:
    """What search or the evidence issues know of a row that is no more."""

    entry: SearchEntry | EvidenceIssue

    def __str__(self):
        label = self.entry.record_type.model_class()._meta.label_lower
        knows = (
            "search knows it" if isinstance(self.entry, SearchEntry) else "its evidence is marked"
        )
        return f"{label} {self.entry.record}: is gone, but {knows}"


def check(model):
    """Yield what is wrong with the rows of a table."""
    for rows in batches(models.QuerySet(model)):
        yield from findings(model, rows)
    yield from map(Orphan, entries_without_row(model))


def rebuild(model):
    """Make right what is wrong with the rows of a table, and yield what it was.

    A derived column is no part of what a row states, so bringing it up to date makes no version. A row that
    its history does not hold as it is gets a version that does: its first, where there was none.
    """
    with transaction.atomic():
        for rows in batches(models.QuerySet(model).select_for_update(no_key=True)):
            found = list(findings(model, rows))
            write_derived(model, [each for each in found if each.stale])
            keep_versions(model, [each for each in found if each.history_fault])
            yield from found
        for entry in entries_without_row(model):
            yield Orphan(entry)
            entry.delete()


def batches(rows):
    """Yield the rows in lists, by key, so that a table of any size takes the same memory."""
    batch = list(rows.order_by("pk")[:ROWS_AT_ONCE])
    while batch:
        yield batch
        batch = list(rows.order_by("pk").filter(pk__gt=batch[-1].pk)[:ROWS_AT_ONCE])


def findings(model, rows):
    """Yield what is wrong with these rows; what is derived in them is right afterwards."""
    last_revisions = tracking.latest_revisions(model, [row.pk for row in rows])
    unsearchable = index.find_stale(rows) if issubclass(model, Record) else set()
    mismarked = indexing.find_stale(rows) if issubclass(model, Record) else set()
    for row in rows:
        state = tracking.column_state(row) | tracking.relation_state(row)
        last_revision = last_revisions.get(str(row.pk))
        fault = history_fault(row, state, last_revision)
        stale = derive_again(row)
        stale += [SEARCH] if row.pk in unsearchable else []
        stale += [EVIDENCE] if row.pk in mismarked else []
        if stale or fault:
            yield DerivedFault(row, state, last_revision, stale, fault)


def history_fault(row, state, last_revision):
    """How the last change kept of a row differs from the row; empty where it does not."""
    if last_revision is None:
        return "has no history"
    if last_revision.action == Revision.Action.DELETED:
        return "is deleted in its history"
    if last_revision.version != row.version:
        return f"has version {row.version}, in its history {last_revision.version}"
    if last_revision.state != state:
        names = state.keys() | last_revision.state.keys()
        differing = [name for name in names if last_revision.state.get(name) != state.get(name)]
        return f"differs from its history in {', '.join(sorted(differing))}"
    return ""


def derive_again(row):
    """Derive the row's columns and return the names of those that held something else."""
    stored = {name: getattr(row, name) for name in row.derived_fields}
    row.derive()
    return [name for name, value in stored.items() if getattr(row, name) != value]


def write_derived(model, found):
    rows = [finding.row for finding in found if set(finding.stale) - {SEARCH, EVIDENCE}]
    if rows:
        models.QuerySet(model).bulk_update(rows, model.derived_fields)
    index.index([finding.row for finding in found if SEARCH in finding.stale], anew=True)
    indexing.refresh(model, [finding.row.pk for finding in found if EVIDENCE in finding.stale])


def rules():
    """A digest of all by which something is derived: the program’s own rules, its tables and dictionaries."""
    packages = [(name, version(name)) for name in ("pypinyin", "pypinyin-dict")]
    tables = sorted(folding.folding_table().items()), sorted(pinyin.local_readings().items())
    return sha256(repr((EDITION, packages, tables)).encode()).hexdigest()


@open_batch()
def after_migrate(sender, using, **kwargs):
    """Clean and derive anew what was by other rules, or never, once every migration is applied."""
    if pending_migrations(using):
        return
    known, present = DerivedRules.objects.using(using), rules()
    if not known.filter(digest=present).exists():
        for model in revisioned_models():
            clean_stored(model, using)
        build(using, record_models())
        known.update_or_create(pk=1, defaults={"digest": present})


def clean_stored(model, using):
    """Clean the typed texts of all rows; each that this changes gets a version."""
    for rows in batches(models.QuerySet(model, using=using)):
        for row in rows:
            stored = dict(vars(row))
            row.clean_texts()
            if vars(row) != stored:
                write_cleaned(row, using)


def write_cleaned(row, using):
    """Store the row; one that cleaning would make the same as another stays as it is, and ``check_records`` tells."""
    with suppress(IntegrityError), transaction.atomic(using=using), change_reason("migrate"):
        row.save(using=using)


def build(using, followed):
    """Make what follows from every record of these models anew."""
    for model in followed:
        for rows in batches(models.QuerySet(model, using=using)):
            changed = [row for row in rows if derive_again(row)]
            if changed:
                models.QuerySet(model, using=using).bulk_update(changed, model.derived_fields)
            index.index(rows, using, anew=True)
            indexing.refresh(model, [row.pk for row in rows], using)


def entries_without_row(model):
    return (
        [*index.find_orphans(model), *indexing.find_orphans(model)]
        if issubclass(model, Record)
        else []
    )


def keep_versions(model, found):
    """Give each row a version that holds it as it is; no version number is given twice."""
    Revision.objects.bulk_create([opening_revision(finding) for finding in found])
    rows = [finding.row for finding in found]
    models.QuerySet(model).bulk_update(rows, ["version", "updated_at"])


def opening_revision(finding):
    row, last_revision = finding.row, finding.last_revision
    if last_revision:
        row.version = max(row.version, last_revision.version) + 1
        row.updated_at = timezone.now()
    else:
        row.version = max(row.version, 1)
    alive = last_revision and last_revision.action != Revision.Action.DELETED
    action = Revision.Action.CHANGED if alive else Revision.Action.CREATED
    with change_reason("rebuild_derived"):
        return tracking.build_revision(row, action, finding.state)
