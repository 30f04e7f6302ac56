"""Deletion: many rows of a table as if one by one, and what generic and many-to-many relations refuse."""

from collections import defaultdict

from django.contrib.contenttypes.fields import GenericRelation
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

UNSEEN_DEPENDENTS = _("Records that you may not see depend on this one.")
ROWS_AT_ONCE = 1000


@transaction.atomic
def delete_all(rows):
    """Delete the rows of one model, all of them or none.

    Raises ProtectedError with all other rows that depend on any of them; where there are none, with those of
    them that depend on one another in a circle.
    """
    staying = delete_independent(rows)
    refusing = {key: row for dependents in staying.values() for key, row in dependents.items()}
    others = {key: row for key, row in refusing.items() if key not in staying}
    if refusing:
        message = _("Other records depend on these.")
        raise ProtectedError(message, set((others or refusing).values()))


@transaction.atomic
def delete_independent(rows):
    """Delete those of the rows of one model on which no other depends.

    Returns the dependents, by type and key, of each row that stays, by its own.
    """
    meant = {(type(row), row.pk): row for row in rows}
    stack, tried, done, staying = list(meant), set(), set(), {}
    while stack:
        dependents = {} if stack[-1] in done else dependents_after_trying(meant[stack[-1]])
        tried.add(stack[-1])
        first = [each for each in dependents if each in meant and each not in tried]
        if first:
            stack += first
        else:
            if dependents:
                staying[stack[-1]] = dependents
            done.add(stack.pop())
    return staying


def dependents_after_trying(row):
    """Delete the row; where others depend on it, it stays, and they are returned by type and key."""
    try:
        row.delete()
    except ProtectedError as error:
        return {(type(each), each.pk): each for each in error.protected_objects}
    return {}


def filter_visible(rows, user):
    """Those of the rows, of any models, that the user may see."""
    keys = defaultdict(list)
    for row in rows:
        keys[type(row)].append(row.pk)
    return [
        row
        for model, of_model in keys.items()
        for start in range(0, len(of_model), ROWS_AT_ONCE)
        for row in model.objects.visible_to(user).filter(
            pk__in=of_model[start : start + ROWS_AT_ONCE]
        )
    ]


class ProtectingGenericRelation(GenericRelation):
    """Rows about a record that refuse its deletion, as a protected foreign key would."""

    def bulk_related_objects(self, objs, using=DEFAULT_DB_ALIAS):
        rows = super().bulk_related_objects(objs, using)
        if rows:
            raise ProtectedError(_("Figures are stated about this record."), set(rows))
        return rows


def protect_many_to_many(field):
    """Let no record be deleted that others name in this relation; a record that names goes freely."""
    through, naming = field.remote_field.through, field.m2m_field_name()

    def refuse(collector, reference, rows, using):
        named_by = {getattr(row, naming) for row in rows.select_related(naming)}
        raise ProtectedError(_("Other records name this record."), named_by)

    through._meta.get_field(field.m2m_reverse_field_name()).remote_field.on_delete = refuse
