"""Records edited as rows on the page of the record that they belong to."""

from django import forms
from django.contrib.contenttypes.fields import GenericForeignKey
from django.utils.translation import gettext as _
from unfold.admin import GenericTabularInline, TabularInline
from unfold.forms import PaginationGenericInlineFormSet, PaginationInlineFormSet

from shuangta.admin.fields import RegistryFields
from shuangta.admin.versions import VersionedForm

# Django sends a row's key along, unseen, only where it is not among the fields because it is excluded.
CODE = ("code",)


class EntryRowForm(VersionedForm):
    """A row whose code is proposed when it is saved, after the rows before it."""

    def _post_clean(self):
        super()._post_clean()
        if self.instance._state.adding:
            self.instance.code = ""


class RegistryInline(RegistryFields):
    """A compact table below a record's own fields; ``fields`` are its columns."""

    extra = 0
    show_change_link = True

    def get_fields(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return [*self.fields, "expected_version"]
        return self.fields


class Rows(forms.BaseModelFormSet):
    """Rows whose controls are named as their column, and which say what they repeat of each other."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        number = "" if index is None else index + 1
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # a relation's is wrapped
            if not widget.is_hidden:
                widget.attrs["aria-label"] = f"{field.label} {number}".strip()

    def get_unique_error_message(self, unique_check):
        fields = self.forms[0].fields
        shown = [name for name in unique_check if not fields[name].widget.is_hidden]
        return _("Two rows have the same values here: %(columns)s.") % {
            "columns": ", ".join(str(fields[name].label) for name in shown)
        }


class EntryFormSet(Rows, PaginationInlineFormSet):
    """Rows that belong to a record by a foreign key."""


class EntryInline(RegistryInline, TabularInline):
    """The entries that belong to a record by a foreign key."""

    form = EntryRowForm
    formset = EntryFormSet
    exclude = CODE


class GenericFormSet(Rows, PaginationGenericInlineFormSet):
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
