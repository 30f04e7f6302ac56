"""Records edited as rows on the page of the record that they belong to."""

from django.contrib.contenttypes.fields import GenericForeignKey
from unfold.admin import GenericTabularInline, TabularInline
from unfold.forms import PaginationGenericInlineFormSet, PaginationInlineFormSet

from shuangta.admin.fields import RegistryFields
from shuangta.admin.help import HelpedInline
from shuangta.admin.rows import VersionedRows
from shuangta.admin.versions import VersionedForm

# Django sends a row's key along, unseen, only where it is not among the fields because it is excluded.
CODE = ("code",)


class EntryRowForm(VersionedForm):
    """A row whose code is proposed when it is saved, after the rows before it."""

    def _post_clean(self):
        super()._post_clean()
        if self.instance._state.adding and not self.deletion:
            self.instance.code = ""


class RegistryInline(RegistryFields, HelpedInline):
    """A compact table below a record's own fields; ``fields`` are its columns."""

    extra = 0
    show_change_link = True

    def get_fields(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return [*self.fields, "expected_version"]
        return self.fields


class EntryFormSet(VersionedRows, PaginationInlineFormSet):
    """Rows that belong to a record by a foreign key."""


class EntryInline(RegistryInline, TabularInline):
    """The entries that belong to a record by a foreign key."""

    form = EntryRowForm
    formset = EntryFormSet
    exclude = CODE


class GenericFormSet(VersionedRows, PaginationGenericInlineFormSet):
    """Rows about a record of any type."""

    def full_clean(self):
        # The row's own checks ask what it is about, also before that is saved.
        for form in self.forms:
            setattr(form.instance, self.relation, self.instance)
        super().full_clean()

    @property
    def relation(self):
        """The name of the generic relation by which the rows lead to their record."""
        return next(
            field.name
            for field in self.model._meta.private_fields
            if isinstance(field, GenericForeignKey) and field.fk_field == self.ct_fk_field.name
        )


class GenericEntryInline(RegistryInline, GenericTabularInline):
    """The entries about a record of any type."""

    form = EntryRowForm
    exclude = CODE
    formset = GenericFormSet
