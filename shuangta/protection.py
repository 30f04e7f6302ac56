"""What refuses the deletion of a record: figures about it, and records that name it among others.

A foreign key says so itself (``PROTECT``); generic and many-to-many relations cannot, and are taught here.
"""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import DEFAULT_DB_ALIAS
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _


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
