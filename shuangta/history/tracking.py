"""History: every way of writing a row leaves a ``Revision`` behind and counts its version.

The receivers see ``save``, raw ``loaddata``, deletion and relations; ``RevisionedQuerySet`` does the same for the
bulk ways. A write that changes nothing makes no version, so loading a fixture twice leaves the same rows.
"""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from weakref import ref

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from shuangta.db.text_fields import text_fields
from shuangta.history.context import audit_context, draw_batch_number
from shuangta.history.revision import Revision
from shuangta.history.signals import rows_written
from shuangta.text.characters import find_flaw

BOOKKEEPING = frozenset({"version", "created_at", "updated_at"})


def latest_revisions(model, keys):
    """The last revision of each row by key, of deleted rows too: a version number is never given twice."""
    revisions = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(key) for key in keys],
    )
    newer = Revision.objects.filter(
        content_type=models.OuterRef("content_type"),
        object_id=models.OuterRef("object_id"),
        version__gt=models.OuterRef("version"),
    )
    return {revision.object_id: revision for revision in revisions.filter(~models.Exists(newer))}


def latest_revision(row):
    revisions = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk)
    )
    return revisions.order_by("-version").first()


def column_state(row):
    """The row's own columns as plain JSON values, without what is derived or kept as bookkeeping."""
    skipped = BOOKKEEPING | set(row.derived_fields)
    return {
        field.attname: json_value(field.to_python(field.value_from_object(row)))
        for field in row._meta.concrete_fields
        if field.name not in skipped
    }


def json_value(value):
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def relation_state(row):
    """The codes of the row's many-to-many relations, by field."""
    return {
        field.name: sorted(getattr(row, field.name).values_list("pk", flat=True))
        for field in row._meta.many_to_many
    }


def next_revision(row, previous, state):
    """Count the row's version and return the revision to keep, or None where ``state`` is the previous one."""
    alive = previous is not None and previous.action != Revision.Action.DELETED
    row.version = previous.version if previous else 0
    if alive and previous.state == state:
        return None
    before = previous.state if alive else {}
    if row.joins_open_revision and row.open_revision == previous:
        revision, revision.state, revision.created_at = previous, state, row.updated_at
    else:
        row.version += 1
        revision = build_revision(
            row, Revision.Action.CHANGED if alive else Revision.Action.CREATED, state
        )
    revision.altered = {name for name, value in state.items() if before.get(name) != value}
    return revision


def build_revision(row, action, state):
    """The revision of a state as the row's version, made at its ``updated_at`` by whom ``audit_context`` says."""
    by = audit_context.get()
    owner_type_id, owner = row.owner_of_state(state)
    return Revision(
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        owner_type_id=owner_type_id,
        owner=owner,
        version=row.version,
        action=action,
        created_at=row.updated_at,
        actor=by.actor,
        reason=by.reason,
        request_id=by.request_id,
        batch=by.batch or draw_batch_number(),
        state=state,
    )


def prepare_revision(row, previous, fields=None):
    """Bring derived columns and times up to date and return the revision to keep, if there is one.

    ``fields`` limits what is about to be written, as ``save(update_fields=…)`` does.
    """
    row.clean_texts()
    row.derive()
    state = column_state(row)
    if previous is None or previous.action == Revision.Action.DELETED:
        state |= {field.name: [] for field in row._meta.many_to_many}
    elif fields is None:
        state = previous.state | state
    else:
        written = {row._meta.get_field(name).attname for name in fields}
        state = previous.state | {name: state[name] for name in state if name in written}
    revision = revise_now(row, previous, state)
    refuse_flawed(row, previous.state if previous else {})
    row.created_at = row.created_at or row.updated_at
    return revision


def refuse_flawed(row, before):
    """Raise ValidationError where a typed text holds a character that says nothing certain, and did not before."""
    for field in text_fields(type(row)):
        text, stored = field.value_from_object(row) or "", before.get(field.attname) or ""
        if text != stored and find_flaw(text) != find_flaw(stored):
            try:
                field.run_validators(text)
            except ValidationError as error:
                raise ValidationError({field.name: error}) from error


def prepare_relation_revision(row, previous):
    """Return the change to keep after the row's many-to-many relations were set, or None."""
    return revise_now(row, previous, previous.state | relation_state(row))


def revise_now(row, previous, state):
    """As ``next_revision``, for a revision made now; a row that does not change keeps the time of its last one."""
    row.updated_at = timezone.now()
    revision = next_revision(row, previous, state)
    if revision is None:
        row.updated_at = previous.created_at
    return revision


def before_save(sender, instance, raw, update_fields, **kwargs):
    if not hasattr(sender, "record_relations"):
        return
    stored = sender._base_manager.filter(pk=instance.pk).first() if raw else None
    if stored:
        instance.created_at = stored.created_at
    previous = latest_revision(instance) if instance.pk is not None else None
    instance.pending_revision = prepare_revision(instance, previous, update_fields)


def after_save(sender, instance, update_fields, using, **kwargs):
    if not hasattr(sender, "record_relations"):
        return
    revision = instance.pending_revision
    if revision:
        revision.object_id = str(instance.pk)
        revision.state[sender._meta.pk.attname] = instance.pk
        revision.save()
        join_open_revision(instance, revision)
    revised = [instance] if revision else []
    rows_written.send(sender, rows=[instance], revised=revised, fields=update_fields, using=using)


def join_open_revision(row, revision):
    """Let relations that are set before the end of the transaction join this version of the row."""
    row.open_revision = revision
    transaction.on_commit(partial(close_revision, ref(row)))


@contextmanager
def join_version(row):
    """Let what is saved of the row inside join the version that the same transaction has made of it, if any."""
    row.joins_open_revision = True
    try:
        yield
    finally:
        row.joins_open_revision = False


def close_revision(reference):
    """Let later changes of a row make versions of their own, if anybody still holds the row."""
    instance = reference()
    if instance is not None:
        instance.open_revision = None


def after_relations_changed(sender, instance, action, reverse, model, pk_set, **kwargs):
    if reverse and action == "pre_clear":
        relation = next(f for f in model._meta.many_to_many if f.remote_field.through is sender)
        owners = model._base_manager.filter(**{relation.name: instance.pk})
        instance.cleared_from = list(owners)  # afterwards nothing tells which they were
    if not action.startswith("post_"):
        return
    if not reverse:
        owners = [instance]
    elif action == "post_clear":
        owners = instance.cleared_from
    else:
        owners = model._base_manager.filter(pk__in=pk_set)
    for owner in owners:
        if hasattr(owner, "record_relations"):
            owner.record_relations()


def after_delete(sender, instance, **kwargs):
    previous = latest_revision(instance)
    instance.version, instance.updated_at = previous.version + 1, timezone.now()
    build_revision(instance, Revision.Action.DELETED, previous.state).save()
