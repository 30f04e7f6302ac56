"""Trees: relations of rows to rows of their own table, by which none comes back to itself.

A model lists its ``trees``. Forms and the API are told by the model's ``clean``; each way of writing is checked
once more when the rows are stored, a batch as a whole at its end, since only then a circle within it shows. Both
lock the tree first: of two transactions that would close a circle together, the second sees what the first did.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils.translation import gettext_lazy as _

from shuangta.history import batching

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Tree:
    """One relation of a model to itself, and what a row and the row above it have to do with each other."""

    relation: str
    shared: str = ""
    """The relation that names the same record for both, of the row itself or one relation away."""
    rank: str = ""
    """The column whose choices stand from the highest to the lowest; the row above has a higher one."""

    def columns(self, model):
        """The columns of the row by which it stands where it does."""
        names = [self.relation, self.shared.partition("__")[0], self.rank]
        return [model._meta.get_field(name).attname for name in names if name]

    def above(self, row):
        """The key of the row above; None for a root."""
        return getattr(row, row._meta.get_field(self.relation).attname)

    def shared_key(self, row):
        *path, name = self.shared.split("__")
        for step in path:
            row = getattr(row, step)
        return getattr(row, row._meta.get_field(name).attname)

    def is_below(self, row, upper):
        """Whether the row has a lower rank; a rank that is no choice is refused as such."""
        ranks = [value for value, _label in row._meta.get_field(self.rank).choices]
        own, other = getattr(row, self.rank), getattr(upper, self.rank)
        return not {own, other} <= set(ranks) or ranks.index(own) > ranks.index(other)

    def refusal(self, row, upper):
        """By field, why the row cannot stand below the upper one; empty where it can."""
        if self.rank and not self.is_below(row, upper):
            message = _("It belongs to a record of a higher level; “%(record)s” is: %(level)s.")
            level = getattr(upper, f"get_{self.rank}_display")()
            params = {"record": upper, "level": level}
            return {self.relation: ValidationError(message, "tree_level", params)}
        if self.shared and self.shared_key(row) != self.shared_key(upper):
            message = _("It and “%(record)s” must have the same %(field)s.")
            params = {"record": upper, "field": self.shared_name(type(row))}
            return {self.relation: ValidationError(message, "tree_apart", params)}
        return {}

    def refusal_below(self, row, lower):
        """By field, why the row cannot stand above the lower one, which somebody may not see; empty where it can."""
        if self.rank and not self.is_below(lower, row):
            message = _("A record that belongs to it would not be of a lower level.")
            return {self.rank: ValidationError(message, "tree_level")}
        if self.shared and self.shared_key(row) != self.shared_key(lower):
            message = _("A record that belongs to it would have another %(field)s.")
            params = {"field": self.shared_name(type(row))}
            return {self.shared.partition("__")[0]: ValidationError(message, "tree_apart", params)}
        return {}

    def shared_name(self, model):
        for step in self.shared.split("__"):
            field = model._meta.get_field(step)
            model = field.related_model
        return field.verbose_name


def clean(row):
    """Raise ValidationError where the row is about to take a place in a tree that cannot be."""
    model = type(row)
    standing = [tree for tree in model.trees if tree.rank or tree.shared or tree.above(row)]
    if not standing:
        return
    stored = None if row._state.adding else model._base_manager.filter(pk=row.pk).first()
    if any(is_moved(tree, row, stored) for tree in standing):
        lock(model, row._state.db or DEFAULT_DB_ALIAS)
        raise_faults(faults(model, [row]))


def is_moved(tree, row, stored):
    if stored is None:
        return tree.above(row) is not None
    return any(getattr(row, name) != getattr(stored, name) for name in tree.columns(type(row)))


def after_save(sender, instance, using, **kwargs):
    if instance.pending_revision:
        follow(sender, [instance.pending_revision], using)


def follow(model, revisions, using):
    """Check the rows that these changes have moved: now, or at the end of what is written at once."""
    columns = {name for tree in model.trees for name in tree.columns(model)}
    moved = {
        revision.object_id for revision in revisions if revision and revision.altered & columns
    }
    if moved:
        batching.refresh_derived(verify, model, moved, using)


def verify(model, keys, using=DEFAULT_DB_ALIAS):
    """Raise ValidationError where one of the stored rows with these keys stands in a circle, or where it cannot."""
    lock(model, using)
    rows = stored_rows(model, using)
    for start in range(0, len(keys), ROWS_AT_ONCE):
        moved = list(rows.filter(pk__in=keys[start : start + ROWS_AT_ONCE]))
        raise_faults(faults(model, moved, using))


def raise_faults(found):
    errors = {}
    for _row, of_row in found:
        for name, error in of_row.items():
            errors.setdefault(name, []).append(error)
    if errors:
        raise ValidationError(errors)


def lock(model, using):
    """Let nobody else move rows of the model before the end of the transaction; there is none in a mere check."""
    if connections[using].in_atomic_block:
        types = ContentType.objects.using(using).select_for_update(no_key=True).order_by("pk")
        types.get(pk=ContentType.objects.db_manager(using).get_for_model(model).pk)


def stored_rows(model, using=DEFAULT_DB_ALIAS):
    """The rows, each with the records through which it shares another with the row above it."""
    rows = models.QuerySet(model, using=using)
    for tree in model.trees:
        if "__" in tree.shared:
            rows = rows.select_related(tree.shared.rpartition("__")[0])
    return rows


def faults(model, rows, using=DEFAULT_DB_ALIAS):
    """Yield each of the rows that cannot stand where it does, with the errors by field.

    The rows are taken as they are, stored or not; all others as they are stored.
    """
    given = {row.pk: row for row in rows}
    stored = stored_rows(model, using)
    for tree in model.trees:
        above = keys_above(tree, given, stored)
        uppers = given | stored.in_bulk({above[key] for key in given} - given.keys() - {None})
        lowers = rows_below(tree, given, stored)
        for row in rows:
            if errors := faults_of(tree, row, above, uppers, lowers[row.pk]):
                yield row, errors


def faults_of(tree, row, above, uppers, lowers):
    """By field, why a row cannot stand where it does; empty where it can."""
    upper = uppers.get(above[row.pk])
    if returns(row.pk, above):
        message = _("“%(record)s” leads back to this record: they would form a circle.")
        params = {"record": upper or above[row.pk]}
        return {tree.relation: ValidationError(message, "circle", params)}
    refusal = tree.refusal(row, upper) if upper else {}
    return refusal or next(filter(None, (tree.refusal_below(row, each) for each in lowers)), {})


def keys_above(tree, given, stored):
    """By key, the key above each given row and above each row that one comes to from there; a query a level."""
    column = stored.model._meta.get_field(tree.relation).attname
    above = {key: tree.above(row) for key, row in given.items()}
    unknown = set(above.values()) - above.keys() - {None}
    while unknown:
        found = dict(stored.filter(pk__in=unknown).values_list("pk", column))
        above |= found
        unknown = set(found.values()) - above.keys() - {None}
    return above


def returns(key, above):
    """Whether one comes back to the key, going up."""
    passed, upper = set(), above[key]
    while upper is not None and upper not in passed:
        if upper == key:
            return True
        passed.add(upper)
        upper = above.get(upper)
    return False


def rows_below(tree, given, stored):
    """The stored rows right below each of the given ones, where it matters what these are."""
    lowers = defaultdict(list)
    if tree.rank or tree.shared:
        for row in stored.filter(**{f"{tree.relation}__in": list(given)}):
            if row.pk not in given:
                lowers[tree.above(row)].append(row)
    return lowers


def check(model):
    """Yield the faults of all stored rows of a model."""
    rows, last = stored_rows(model).order_by("pk"), ""
    while model.trees and (batch := list(rows.filter(pk__gt=last)[:ROWS_AT_ONCE])):
        yield from faults(model, batch)
        last = batch[-1].pk
