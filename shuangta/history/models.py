"""What every stored row is: it has a version and a history."""

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from shuangta.db.constraints import only_column
from shuangta.db.text_fields import text_fields
from shuangta.history import tracking, trees
from shuangta.history.context import open_batch
from shuangta.history.querysets import RevisionedQuerySet
from shuangta.history.signals import rows_written


class RevisionedModel(models.Model):
    """A row whose every change is kept; its version counts them and never goes back."""

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False)
    updated_at = models.DateTimeField(_("updated at"), editable=False)

    objects = RevisionedQuerySet.as_manager()

    derived_fields = ()
    natural_keys = {}
    """Groups of fields, each of which names a row whose key is counted; all begin with one field, a code.

    With each, the fields that are empty in every row which it names.
    """
    trees = ()
    """The relations to rows of the same table, each a ``Tree``."""
    units = {}
    """The unit of each amount, by column; "" where another row names it."""

    open_revision = None
    joins_open_revision = False

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None:
            update_fields = {*update_fields, *self.derived_fields, *tracking.BOOKKEEPING}
        with open_batch(), transaction.atomic():
            super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args, **kwargs):
        with open_batch(), transaction.atomic():
            return super().delete(*args, **kwargs)

    def clean(self):
        super().clean()
        trees.clean(self)

    def unit_of(self, name):
        """The unit of the row's amount in this column."""
        return self.units[name]

    def values_as_worded(self):
        """The values of columns left empty that the row's own words state, by column; mostly there are none."""
        return {}

    def clean_texts(self):
        """Let each column of typed text hold what is left without characters that nobody sees or means."""
        for field in text_fields(type(self)):
            setattr(self, field.attname, field.clean_value(field.value_from_object(self)))

    def derive(self):
        """Compute the columns named in ``derived_fields`` from the others."""

    @classmethod
    def owner_of_state(cls, state):
        """The record that a row of this state belongs to, by the id of its type and its code; mostly none."""
        return None, None

    @classmethod
    def required_records(cls, state):
        """The records without which nobody sees a row of this state, by the id of their type and their code."""
        return []

    @classmethod
    def read_state(cls, field, state):
        """The field, and the value of it, as which a state's value of a field is to be read."""
        return field, state.get(field.attname)

    @classmethod
    def unit_of_state(cls, name, state):
        """The unit of an amount that a state holds; None where the column holds no amount."""
        return cls.units.get(name)

    def record_relations(self):
        """Keep the many-to-many relations as they now are; with the row's own save they make one version."""
        previous = tracking.latest_revision(self)
        state = previous.state | tracking.relation_state(self)
        if self.open_revision and self.open_revision.pk == previous.pk:
            previous.state = state
            previous.save(update_fields=["state"])
        else:
            revision = tracking.prepare_relation_revision(self, previous)
            if revision is None:
                return
            revision.save()
            tracking.join_open_revision(self, revision)
            models.QuerySet(type(self)).filter(pk=self.pk).update(
                version=self.version, updated_at=self.updated_at
            )
        relations = [field.name for field in self._meta.many_to_many]
        rows_written.send(
            type(self), rows=[self], revised=[self], fields=relations, using=self._state.db
        )

    def validate_constraints(self, exclude=None):
        """As Django does, but an error has the constraint's name for its code, and its column where it is only one."""
        errors = {}
        for model, constraints in self.get_constraints():
            checks = [each for each in constraints if isinstance(each, models.CheckConstraint)]
            if len(checks) > 1 and not exclude and self.passes(model, checks):
                constraints = [each for each in constraints if each not in checks]
            for constraint in constraints:
                try:
                    constraint.validate(model, self, exclude=exclude)
                except ValidationError as error:
                    for each in error.error_list:
                        each.code = each.code or constraint.name
                    column = only_column(constraint) or NON_FIELD_ERRORS
                    errors.setdefault(column, []).extend(error.error_list)
        if errors:
            raise ValidationError(errors)

    def passes(self, model, checks):
        """Whether all the checks hold, asked at once: each by itself takes the database three statements."""
        condition = models.Q(*(each.condition for each in checks))
        try:
            models.CheckConstraint(name="all", condition=condition).validate(model, self)
        except ValidationError:
            return False
        return True


class Restoration(models.Model):
    """One restore of a backup, which replaced all that there was. It stands in no backup itself."""

    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("restoration")
        verbose_name_plural = _("restorations")

    def __str__(self):
        return self.at.isoformat()


def revisioned_models():
    return [model for model in apps.get_models() if issubclass(model, RevisionedModel)]
