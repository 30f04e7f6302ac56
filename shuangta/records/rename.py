"""Correcting a code: every reference moves with it, and the old code goes on leading to the record."""

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from shuangta.history.context import open_batch

code_renamed = Signal()
"""Sent by ``rename_record``, in its transaction, with the model, the old code and the new one."""


@open_batch()
@transaction.atomic
def rename_record(record, new_code):
    """Give a record another code and move every reference to it; the old code goes on leading to it.

    Raises ValidationError when the new code is malformed or taken, and when the record is gone by now.
    """
    model, old_code = type(record), record.pk
    if not model._base_manager.select_for_update().filter(pk=old_code).first():
        raise ValidationError(_("There is no longer such a record."), code="gone")
    model(code=new_code).clean_code(formerly=record)
    models.QuerySet(model).filter(code=old_code).update(code=new_code)
    content_type = ContentType.objects.get_for_model(model)
    for other in apps.get_models():
        move_relations(other, model, old_code, new_code)
        move_generic_references(other, content_type, old_code, new_code)
    apps.get_model("admin", "LogEntry").objects.filter(
        content_type=content_type, object_id=old_code
    ).update(object_id=new_code)
    former_codes = apps.get_model("shuangta", "FormerCode").objects
    former_codes.filter(record_type=content_type, code=new_code).delete()
    former_codes.create(record_type=content_type, code=old_code, record=new_code)
    code_renamed.send(model, old_code=old_code, new_code=new_code)
    connection.check_constraints()
    corrected = model._base_manager.get(code=new_code)
    corrected.save()
    return corrected


def move_relations(other, model, old_code, new_code):
    for field in other._meta.concrete_fields:
        if field.is_relation and field.related_model is model:
            other._default_manager.filter(**{field.attname: old_code}).update(
                **{field.attname: new_code}
            )
    for field in other._meta.many_to_many:
        through = field.remote_field.through
        if not through._meta.auto_created:
            continue
        if other is model:
            move_rows(through, field.m2m_column_name(), old_code, new_code)
        if field.related_model is model:
            owners = list(other._default_manager.filter(**{field.name: old_code}))
            move_rows(through, field.m2m_reverse_name(), old_code, new_code)
            for owner in owners:
                owner.record_relations()


def move_generic_references(other, content_type, old_code, new_code):
    for field in other._meta.private_fields:
        if isinstance(field, GenericForeignKey):
            other._default_manager.filter(
                **{field.ct_field: content_type, field.fk_field: old_code}
            ).update(**{field.fk_field: new_code})


def move_rows(through, column, old_code, new_code):
    through._base_manager.filter(**{column: old_code}).update(**{column: new_code})
