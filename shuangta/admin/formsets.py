"""What the tables of rows below a record have in common."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from shuangta.admin.conflicts.version_check import RevisionedForm
from shuangta.admin.dependents import rehearse_deletion
from shuangta.records.labels import present_codes
from shuangta.records.models import Record
from shuangta.records.restore import (
    build_row,
    citations_deleted_with,
    deletions,
    present_states,
    restore_deleted,
)


class RevisionedFormSet(forms.BaseModelFormSet):
    """Rows that are saved only over the version that was opened, and deleted only for a reason.

    A row that somebody else deleted while the form was open stays in its place, and is made again where the
    editor wants it to be.
    """

    form: type[RevisionedForm]
    user = None
    """Whoever fills in the form: told of the records that keep a row, as far as the user sees them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound and issubclass(self.model, Record):
            self.follow_corrected_codes()

    def follow_corrected_codes(self):
        """Let a row whose code was corrected while the form was open be the row that it is now."""
        present = present_codes(self.model, set(self.sent_keys.values()))
        if present:
            self.data = self.data.copy()
            for name, code in self.sent_keys.items():
                self.data[name] = present.get(code, code)
            del self.sent_keys

    @cached_property
    def sent_keys(self):
        """The key of each stored row of a form that was sent, by the name of its control."""
        numbers = range(min(self.initial_form_count(), self.absolute_max))
        names = [f"{self.add_prefix(each)}-{self.model._meta.pk.name}" for each in numbers]
        return {name: self.data[name] for name in names if name in self.data}

    @cached_property
    def present_rows(self):
        return {str(row.pk): row for row in super().get_queryset()}

    @cached_property
    def deletions(self):
        """By key, how each row was deleted that was sent and is no more."""
        missing = [key for key in self.sent_keys.values() if key not in self.present_rows]
        found = deletions(self.model).filter(object_id__in=missing) if missing else ()
        return {deletion.object_id: deletion for deletion in found}

    @cached_property
    def sent_rows(self):
        found = self.deletions.values()
        states = present_states(self.model, [each.state for each in found])
        gone = {
            deletion.object_id: build_row(self.model, state, deletion.object_id)
            for deletion, state in zip(found, states, strict=True)
        }
        rows = self.present_rows | gone
        return [rows[key] for key in self.sent_keys.values() if key in rows]

    def get_queryset(self):
        """The rows; those of a form that was sent are in its order, the deleted ones included."""
        return self.sent_rows if self.is_bound else super().get_queryset()

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if self.is_bound and index is not None and index < self.initial_form_count():
            form.deletion = self.deletions.get(str(form.instance.pk))
        if form.deletion:  # among the stored rows its key would be no valid choice
            form.fields[self.model._meta.pk.name] = forms.Field(widget=forms.HiddenInput)
        name_controls(form, "" if index is None else index + 1)

    def _should_delete_form(self, form):
        asked = form.merge and (form.merge.collided or form.merge.open)
        return self.can_delete and super()._should_delete_form(form) and not asked

    def clean(self):
        super().clean()
        ticked = [form for form in self.initial_forms if self._should_delete_form(form)]
        if any(not form.deletion for form in ticked) and not self.data.get("reason", "").strip():
            message = _("Give the reason for the deletion under “Reason for the change”.")
            raise ValidationError(message, code="reason_missing")
        self.refuse_dependents([form.instance for form in ticked if not form.deletion])

    def refuse_dependents(self, rows):
        """Raise ValidationError where others depend on rows that are to be deleted."""
        stored = self.model._base_manager.filter(pk__in=[row.pk for row in rows])
        names = {row.pk: str(row) for row in rows}
        if staying := rehearse_deletion(stored, self.user) if rows else {}:
            raise ValidationError(
                [
                    _("“%(record)s” stays. %(reason)s")
                    % {"record": names[key], "reason": " ".join(sentences)}
                    for key, sentences in staying.items()
                ]
            )

    def save_existing_objects(self, commit=True):
        saved = super().save_existing_objects(commit)
        for form in self.initial_forms:
            if form.deletion and form not in self.deleted_forms and form.has_changed():
                self.changed_objects.append((form.instance, form.changed_data))
                saved.append(self.save_existing(form, form.instance, commit))
                for citation in citations_deleted_with(form.deletion):
                    restore_deleted(citation)
        return saved

    def get_unique_error_message(self, unique_check):
        """Says of rows that repeat each other what they have in common, as the columns are called."""
        fields = self.forms[0].fields
        shown = [name for name in unique_check if not fields[name].widget.is_hidden]
        return _("Two rows have the same values here: %(columns)s.") % {
            "columns": ", ".join(str(fields[name].label) for name in shown)
        }


def name_controls(form, number):
    """Name each control as its column and its row, for those who do not see the table."""
    for field in form.fields.values():
        widget = getattr(field.widget, "widget", field.widget)  # a relation's is wrapped
        if not widget.is_hidden:
            widget.attrs["aria-label"] = f"{field.label} {number}".strip()
