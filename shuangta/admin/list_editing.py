"""Editing in a list: columns that arrange the registry and state nothing can be typed where they are read."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.forms import BaseModelFormSet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from shuangta.admin.conflicts.version_check import RevisionedForm

EDITABLE_COLUMNS = ("name_en", "position", "note")
"""The columns that may be typed in a list, where the model counts them among its ``editorial_fields``."""


class ListRowForm(RevisionedForm):
    """A row of a list. What it held when the list was opened comes back with it, beside what was typed."""

    is_merged_in_sight = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() - self.form_only:
            self.fields[name].show_hidden_initial = True
            if not self.instance._state.adding:
                self.name_control(self.fields[name])

    def name_control(self, field):
        label = _("%(field)s of “%(record)s”") % {"field": field.label, "record": self.instance}
        field.widget.attrs["aria-label"] = label

    @cached_property
    def changed_data(self):
        """What was typed; that somebody else saved the row meanwhile is no change of this editor's."""
        return [name for name in super().changed_data if name not in self.form_only]

    def _post_clean(self):
        """What was typed must go with what the row holds besides, which is not in the form."""
        super()._post_clean()
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self._update_errors(error)


class ListFormSet(BaseModelFormSet):
    """The rows of a list, of which those are checked and saved in which something was typed."""

    def get_queryset(self):
        return self.queryset  # a page of a list is read already

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"empty_permitted": True}

    @cached_property
    def all_forms(self):
        return super().forms

    @cached_property
    def forms(self):
        return [form for form in self.all_forms if not form.instance._state.adding]

    def clean(self):
        super().clean()
        if any(form.has_changed() for form in self.all_forms if form not in self.forms):
            message = _("A row that you changed has been deleted in the meantime.")
            raise ValidationError(message, code="deleted")
        self.refuse_same_position()

    def refuse_same_position(self):
        """Rows of which each is right by itself may still take the same place: try, and take it back."""
        typed = [form.instance for form in self.forms if form.has_changed() and form.is_valid()]
        names = [name for name in self.form.base_fields if name not in self.form.form_only]
        try:
            with transaction.atomic():
                QuerySet(self.model).bulk_update(typed, names)
                transaction.set_rollback(True)
        except IntegrityError as error:
            message = _("Two rows have the same position.")
            raise ValidationError(message, code="same_position") from error


class EditableListAdmin(ModelAdmin):
    """Rows that can be arranged in their list; nobody saves over what somebody else has saved since."""

    change_list_template = "admin/editable_list.html"

    @property
    def list_editable(self):
        links = self.list_display_links or ()
        return [
            name
            for name in self.list_display
            if name in EDITABLE_COLUMNS
            and name in self.model.editorial_fields
            and name not in links
        ]

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=ListRowForm, **kwargs)

    def get_changelist_formset(self, request, **kwargs):
        return super().get_changelist_formset(request, formset=ListFormSet, **kwargs)
