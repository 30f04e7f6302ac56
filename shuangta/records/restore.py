"""Bringing back what a record was: an earlier version of it, or the whole record once deleted."""

from datetime import timedelta

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from shuangta.history.context import open_batch
from shuangta.history.revision import Revision
from shuangta.history.tracking import latest_revision
from shuangta.records.codes import FormerCode
from shuangta.records.models import Record

SAME_MOMENT = timedelta(minutes=1)
"""How far apart revisions without a batch and a request may be that were made at once."""


@open_batch()
@transaction.atomic
def restore_version(record, revision, may_publish=True):
    """Give a record the values that it had in an earlier version; they make a new version.

    Without ``may_publish`` it stays as published as it is. Raises ValidationError when the old values no
    longer pass.
    """
    published = getattr(record, "is_published", False)
    [state] = present_states(type(record), [revision.state])
    for name, value in columns_in(type(record), state).items():
        if name != record._meta.pk.attname:
            setattr(record, name, value)
    if not may_publish:
        record.is_published = published
    record.relations_to_be = relations_in(type(record), state)
    record.full_clean()
    record.save()
    take_relations(record, state)
    return record


@open_batch()
@transaction.atomic
def restore_deleted(revision, may_publish=True, version=None):
    """Make a deleted record again, with the citations that went with it.

    It has the values of the deletion, ``revision``, or those of an earlier ``version``. It comes back
    published when it was, its values have their sources, and ``may_publish``. Raises ValidationError when the
    old values no longer pass.
    """
    model = revision.content_type.model_class()
    [state] = present_states(model, [(version or revision).state])
    record = build_row(model, state, revision.object_id)
    is_entry = isinstance(record, Record)
    published = is_entry and may_publish and record.is_published
    if is_entry:
        record.is_published = False
    record.full_clean()
    if is_entry:
        record.is_published = published
    record.save(force_insert=True)
    take_relations(record, state)
    for citation_revision in citations_deleted_with(revision):
        restore_deleted(citation_revision)
    if published and record.unsourced_fields():
        record.is_published = False
        record.save()
    return record


def build_row(model, state, key):
    """The row that a state tells of, under a key of its own; it is not stored."""
    row = model(**columns_in(model, state))
    row.pk = model._meta.pk.to_python(key)
    row.relations_to_be = relations_in(model, state)
    return row


def label_of(row):
    """What a row is called; its key, where that by which it was called is gone too."""
    try:
        return str(row)
    except ObjectDoesNotExist:
        return str(row.pk)


def describe_revision(revision):
    """What the row of a revision was called then."""
    return label_of(
        build_row(revision.content_type.model_class(), revision.state, revision.object_id)
    )


def columns_in(model, state):
    """The values of a state as the columns take them, by attribute."""
    return {
        field.attname: field.to_python(state[field.attname])
        for field in model._meta.concrete_fields
        if field.attname in state
    }


def relations_in(model, state):
    """The codes of a state's many-to-many relations, by field."""
    return {field.name: state.get(field.name, []) for field in model._meta.many_to_many}


def take_relations(record, state):
    for name, codes in relations_in(type(record), state).items():
        found = record._meta.get_field(name).related_model._base_manager.in_bulk(codes)
        missing = sorted(set(codes) - set(found))
        if missing:
            error = ValidationError(
                _("%(field)s: there is no longer a record %(codes)s."),
                code="no_such_record",
                params={
                    "field": record._meta.get_field(name).verbose_name,
                    "codes": ", ".join(missing),
                },
            )
            raise ValidationError({name: error})
        getattr(record, name).set(found.values())


def present_states(model, states):
    """Kept states, naming records by their present codes: those corrected since are followed."""
    former = renames(
        code
        for state in states
        for name, _type in naming_parts(model, state)
        for code in as_list(state[name])
    )
    return [
        state
        | {
            name: present_code(state[name], type_id, former)
            for name, type_id in naming_parts(model, state)
        }
        for state in states
    ]


def naming_parts(model, state):
    """The parts of a state that name records, each with the id of the type that these are of."""
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if field.is_relation and issubclass(field.related_model, Record) and field.attname in state:
            yield field.attname, ContentType.objects.get_for_model(field.related_model).pk
    for field in model._meta.private_fields:
        if isinstance(field, GenericForeignKey) and field.fk_field in state:
            yield field.fk_field, state[f"{field.ct_field}_id"]


def as_list(value):
    return value if isinstance(value, list) else [value]


def present_code(value, type_id, former):
    """A code, or a list of codes, of records of one type as they are now."""
    if isinstance(value, list):
        return [former.get((type_id, code), code) for code in value]
    return former.get((type_id, value), value)


def renames(codes):
    """The present code of each of the codes that was corrected since, by type of record and former code."""
    former = FormerCode.objects.filter(code__in={code for code in codes if code})
    return {
        (type_id, code): record
        for type_id, code, record in former.values_list("record_type_id", "code", "record")
    }


def revisions_of(model, key):
    """Every version of one row, also of one that is deleted."""
    return Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=str(key)
    )


def deletions(model):
    """The deletion of each record of a model that is deleted now, the latest first."""
    newer = Revision.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        version__gt=OuterRef("version"),
    )
    return Revision.objects.filter(
        ~Exists(newer),
        content_type=ContentType.objects.get_for_model(model),
        action=Revision.Action.DELETED,
    )


def written_with(revision):
    """The condition of a revision of the same batch.

    Those that are older than the numbers of batches share a request, or without one a moment.
    """
    if revision.batch is not None:
        return Q(batch=revision.batch)
    if revision.request_id:
        return Q(batch=None, request_id=revision.request_id)
    moment = revision.created_at - SAME_MOMENT, revision.created_at + SAME_MOMENT
    return Q(batch=None, request_id="", created_at__range=moment)


def citations_deleted_with(revision):
    """The deletions of the record's citations in the same batch."""
    return deletions(citation_model()).filter(
        written_with(revision), owner_type=revision.content_type_id, owner=revision.object_id
    )


def citations_left_behind(record, state):
    """The record's citations that agree with it now and would not, if it were as in the state."""
    if not isinstance(record, Record):
        return []
    present = latest_revision(record).state
    return [
        each
        for each in record.citations.all()
        if each.agrees_with(present) and not each.agrees_with(state)
    ]


def citation_revisions(record):
    """Every revision of the record's citations, also of those made under a former code of it."""
    return Revision.objects.filter(
        owner_type=ContentType.objects.get_for_model(record), owner=record.pk
    )


def citation_model():
    return apps.get_model("seeds", "Citation")
