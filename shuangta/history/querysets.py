"""Querysets whose bulk ways of writing keep history, versions and derived columns right."""

from django.db import models, transaction

from shuangta.history import tracking, trees
from shuangta.history.context import open_batch
from shuangta.history.revision import Revision
from shuangta.history.signals import rows_written


class RevisionedQuerySet(models.QuerySet):
    """Rows whose every change is kept, also when many are written at once."""

    def update(self, **values):
        """Write the values into every row of the set; each row counts its own version.

        Expressions are refused: a history holds values.
        """
        for name, value in values.items():
            if hasattr(value, "resolve_expression"):
                raise TypeError(
                    f"{name}: update() of a versioned row takes values, not expressions."
                )
        with open_batch(), transaction.atomic(using=self.db):
            rows = list(self.order_by("pk").select_for_update(no_key=True))
            for row in rows:
                for name, value in values.items():
                    setattr(row, name, value)
            self.bulk_update(rows, [self.model._meta.get_field(name).name for name in values])
        return len(rows)

    update.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        objs = list(objs)
        with open_batch(), transaction.atomic(using=self.db):
            previous = tracking.latest_revisions(self.model, [row.pk for row in objs])
            revisions = [
                tracking.prepare_revision(row, previous[str(row.pk)], fields) for row in objs
            ]
            written = list({*fields, *self.model.derived_fields, "version", "updated_at"})
            count = models.QuerySet(self.model, using=self.db).bulk_update(
                objs, written, batch_size
            )
            Revision.objects.bulk_create([revision for revision in revisions if revision])
            revised = [row for row, revision in zip(objs, revisions, strict=True) if revision]
            rows_written.send(self.model, rows=objs, revised=revised, fields=written, using=self.db)
            trees.follow(self.model, revisions, self.db)
        return count

    bulk_update.alters_data = True

    def bulk_create(self, objs, batch_size=None, **options):
        """Create the rows with their opening versions; conflict options are refused."""
        if any(options.values()):
            raise TypeError(
                "bulk_create() of versioned rows neither ignores nor updates conflicts."
            )
        objs = list(objs)
        with open_batch(), transaction.atomic(using=self.db):
            previous = tracking.latest_revisions(self.model, [row.pk for row in objs if row.pk])
            revisions = [tracking.prepare_revision(row, previous.get(str(row.pk))) for row in objs]
            super().bulk_create(objs, batch_size)
            for row, revision in zip(objs, revisions, strict=True):
                revision.object_id = str(row.pk)
                revision.state[self.model._meta.pk.attname] = row.pk
            Revision.objects.bulk_create(revisions)
            rows_written.send(self.model, rows=objs, revised=objs, fields=None, using=self.db)
            trees.follow(self.model, revisions, self.db)
        return objs

    bulk_create.alters_data = True

    def delete(self):
        """As Django does: what goes with the rows is deleted in the same batch."""
        with open_batch():
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True
