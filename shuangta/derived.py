"""What follows from the rows: their derived columns, and the history that holds each as it now is.

Every way of writing through the models keeps both right. What writes around them does not, nor does
a change of the rules by which columns are derived.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction

from shuangta import history
from shuangta.history import Change
from shuangta.models import Versioned

ROWS_AT_ONCE = 500
NO_HISTORY = "has no history"


@dataclass(frozen=True)
class Finding:
    """What is wrong with one row: the derived columns that are stale, and how its history fails it."""

    row: Versioned
    stale: list[str]
    history_fault: str | None

    def __str__(self):
        faults = [f"{name} is stale" for name in self.stale]
        if self.history_fault:
            faults.append(self.history_fault)
        return f"{self.row._meta.label_lower} {self.row.pk}: {', '.join(faults)}"


def versioned_models():
    return [model for model in apps.get_models() if issubclass(model, Versioned)]


def check(model):
    """Yield what is wrong with the rows of a table."""
    for rows in batches(models.QuerySet(model)):
        yield from findings(model, rows)


def rebuild(model):
    """Bring the derived columns up to date, open missing histories, and yield what was found.

    Neither makes a version: the one is no part of what a row states, the other is its first. Any other
    fault of a history is left as it is found.
    """
    with transaction.atomic():
        for rows in batches(models.QuerySet(model).select_for_update()):
            found = list(findings(model, rows))
            write_derived(model, [each.row for each in found if each.stale])
            open_histories(model, [each.row for each in found if each.history_fault == NO_HISTORY])
            yield from found


def batches(rows):
    """Yield the rows in lists, by key, so that a table of any size takes the same memory."""
    batch = list(rows.order_by("pk")[:ROWS_AT_ONCE])
    while batch:
        yield batch
        batch = list(rows.order_by("pk").filter(pk__gt=batch[-1].pk)[:ROWS_AT_ONCE])


def findings(model, rows):
    """Yield what is wrong with these rows; whatever is derived in them is right afterwards."""
    latest = history.latest_changes(model, [row.pk for row in rows])
    for row in rows:
        fault = history_fault(row, latest.get(str(row.pk)))
        stale = derive_again(row)
        if stale or fault:
            yield Finding(row, stale, fault)


def history_fault(row, change):
    """How the last change kept of a row differs from the row; None where it does not."""
    if change is None:
        return NO_HISTORY
    if change.kind == Change.Kind.DELETED:
        return "is deleted in its history"
    if change.version != row.version:
        return f"has version {row.version}, and {change.version} in its history"
    held = state_of(row)
    differing = [name for name, value in held.items() if change.state.get(name) != value]
    return f"differs from its history in {', '.join(differing)}" if differing else None


def state_of(row):
    return history.columns_of(row) | history.relations_of(row)


def derive_again(row):
    """Derive the row's columns and return the names of those that held something else."""
    stored = {name: getattr(row, name) for name in row.derived_fields}
    row.derive()
    return [name for name, value in stored.items() if getattr(row, name) != value]


def write_derived(model, rows):
    if rows:
        models.QuerySet(model).bulk_update(rows, model.derived_fields)


def open_histories(model, rows):
    """Keep what the rows hold as their first versions; a row that counted further goes on from there."""
    changes = []
    for row in rows:
        counted = row.version
        change = history.next_change(row, None, state_of(row))
        change.version = row.version = max(counted, row.version)
        changes.append(change)
    models.QuerySet(model).bulk_update(rows, ["version"])
    Change.objects.bulk_create(changes)
