"""Bringing back what a record was: an earlier version of it, or the whole record once deleted."""

from datetime import timedelta

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from shuangta.history import Change
from shuangta.models import Entry, FormerCode

SAME_MOMENT = timedelta(minutes=1)


@transaction.atomic
def restore_version(record, change, may_publish=True):
    """Give a record the values that it had in an earlier version; they make a new version.

    Without ``may_publish`` it stays as published as it is. Raises ValidationError when the old values no
    longer pass.
    """
    published = getattr(record, "is_published", False)
    take_columns(record, change.state)
    if not may_publish:
        record.is_published = published
    record.full_clean()
    record.save()
    take_relations(record, change.state)
    return record


@transaction.atomic
def restore_deleted(change, may_publish=True):
    """Make a deleted record again, with the citations that went with it.

    It comes back published when it was, its values have their sources, and ``may_publish``. Raises
    ValidationError when the old values no longer pass.
    """
    record = change.record_type.model_class()(pk=change.record)
    take_columns(record, change.state)
    is_entry = isinstance(record, Entry)
    published = is_entry and may_publish and record.is_published
    if is_entry:
        record.is_published = False
    record.full_clean()
    if is_entry:
        record.is_published = published
    record.save(force_insert=True)
    take_relations(record, change.state)
    for citation_change in citations_deleted_with(change) if is_entry else ():
        restore_deleted(citation_change)
    if published and record.unsourced_fields():
        record.is_published = False
        record.save()
    return record


def take_columns(record, state):
    for field in record._meta.concrete_fields:
        if field.attname in state and not field.primary_key:
            setattr(record, field.attname, present_value(field, state[field.attname]))


def take_relations(record, state):
    for field in record._meta.many_to_many:
        codes = {present_value(field, code) for code in state.get(field.name, [])}
        found = field.related_model._base_manager.in_bulk(codes)
        missing = sorted(codes - set(found))
        if missing:
            raise ValidationError(
                _("%(field)s: there is no longer a record %(codes)s."),
                code="no_such_record",
                params={"field": field.verbose_name, "codes": ", ".join(missing)},
            )
        getattr(record, field.name).set(found.values())


def present_value(field, value):
    """A kept value as the column takes it; a code that was corrected since is followed."""
    if field.is_relation and issubclass(field.related_model, Entry):
        former = FormerCode.objects.filter(
            record_type=ContentType.objects.get_for_model(field.related_model), code=value
        ).first()
        return former.record if former else value
    return field.to_python(value)


def deletions(model):
    """The last change of each record of a model that is deleted now, the latest first."""
    newer = Change.objects.filter(
        record_type=OuterRef("record_type"),
        record=OuterRef("record"),
        version__gt=OuterRef("version"),
    )
    return Change.objects.filter(
        ~Exists(newer),
        record_type=ContentType.objects.get_for_model(model),
        kind=Change.Kind.DELETED,
    )


def citations_deleted_with(change):
    """The deletions of the record's citations in the same request, or in the same moment without one."""
    together = (
        Q(request_id=change.request_id)
        if change.request_id
        else Q(request_id="", at__range=(change.at - SAME_MOMENT, change.at + SAME_MOMENT))
    )
    return deletions(citation_model()).filter(
        together, state__record=change.record, state__record_type_id=change.record_type_id
    )


def citation_changes(record):
    """Every change of the record's citations, also of those made under a former code of it."""
    record_type = ContentType.objects.get_for_model(record)
    former = FormerCode.objects.filter(record_type=record_type, record=record.pk)
    return Change.objects.filter(
        record_type=ContentType.objects.get_for_model(citation_model()),
        state__record__in=[record.pk, *former.values_list("code", flat=True)],
        state__record_type_id=record_type.pk,
    )


def citation_model():
    return apps.get_model("seeds", "Citation")
