"""The version check: nobody saves over what somebody else has saved since the form was opened."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from shuangta.admin.conflicts.three_way_merge import OPENED, DeletionMerge, Merge

MAX_VERSION = 2**31 - 1


class RevisionedForm(forms.ModelForm):
    """A form that knows which version of its row it was opened on."""

    expected_version = forms.IntegerField(
        required=False, max_value=MAX_VERSION, widget=forms.HiddenInput
    )

    form_only = frozenset({"expected_version"})
    """The fields that say nothing of the row itself."""
    tells_all = False
    """Whether a merge tells of the fields too that the form does not have."""
    is_merged_in_sight = True
    """Whether the page shows the merge, field by field."""
    deletion = None
    """The change by which somebody else deleted the row while the form was open."""
    merge = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["expected_version"] = self.instance.version

    @property
    def changes_row(self):
        """Whether what was typed differs from what the row holds."""
        return bool(set(self.changed_data) - self.form_only)

    @property
    def is_deleted(self):
        """Whether the row is ticked for deletion."""
        return bool(self.cleaned_data.get(DELETION_FIELD_NAME))

    def clean(self):
        super().clean()
        if self.deletion or not self.instance._state.adding:
            self.merge_with_stored()

    def merge_with_stored(self):
        """Merge with what somebody else stored meanwhile. What was typed stays, and nothing is saved unseen."""
        stored, seen = self.stored_version(), self.cleaned_data.get("expected_version")
        opened = self.opened_version()
        if stored is None or (stored == seen and opened is None):
            return
        kind = DeletionMerge if self.deletion or self.is_deleted else Merge
        merge = kind(self, seen if opened is None else opened, seen)
        self.send("expected_version", merge.last.version)
        self.__dict__.pop("changed_data", None)  # it was found before the merge
        if not merge.fields:
            self.hold_what_is_stored()
            return
        self.merge = merge
        if merge.collided:
            self.add_error(None, collision(merge))
        elif merge.open:
            message = _("Choose between theirs and yours where both of you changed the same.")
            self.add_error(None, ValidationError(message, code="merge_unanswered"))

    def stored_version(self):
        """The version that the row has now, which nobody changes before the end of the transaction."""
        if self.deletion:
            return self.deletion.version
        rows = type(self.instance)._base_manager.select_for_update(no_key=True)
        return rows.filter(pk=self.instance.pk).values_list("version", flat=True).first()

    def opened_version(self):
        """The version that the form was opened on, where it was merged with a later one already."""
        sent = self.data.get(self.add_prefix(OPENED), "")
        is_number = sent.isdecimal() and len(sent) <= len(str(MAX_VERSION))
        return min(int(sent), MAX_VERSION) if is_number else None

    def hold_what_is_stored(self):
        if not self.deletion:
            self.instance.refresh_from_db()

    def take(self, field, value):
        """Put a value, as a history keeps it, where it would have been typed."""
        self._errors.pop(field.name, None)
        self.send(field.name, value if isinstance(value, list) else field.to_python(value))
        control = self.fields[field.name]
        try:
            self.cleaned_data[field.name] = control.clean(self[field.name].data)
        except ValidationError as error:
            self.add_error(field.name, error)

    def tick_deletion(self, ticked):
        self.send(DELETION_FIELD_NAME, ticked)
        self.cleaned_data[DELETION_FIELD_NAME] = ticked

    def send(self, name, value):
        """Put a value into the data as a browser would send it."""
        if name not in self.fields:
            return
        control, key = self.fields[name], self.add_prefix(name)
        widget = getattr(
            control.widget, "widget", control.widget
        )  # within the links to the related record
        self.data = self.data.copy()
        sent = widget.format_value(control.prepare_value(value))
        if isinstance(widget, forms.CheckboxInput):
            sent = ["on"] if value else []
        elif not isinstance(sent, list):
            sent = ["" if sent is None else sent]
        self.data.setlist(key, sent)
        if not sent:
            del self.data[key]

    def _post_clean(self):
        # A new row's code is proposed from its other values, so these must be there.
        if not (self.instance._state.adding and self.errors):
            super()._post_clean()

    def _update_errors(self, errors):
        """Put what is wrong with a field that the form does not show at the form's head."""
        if hasattr(errors, "error_dict"):
            by_field = {}
            for name, of_field in errors.error_dict.items():
                shown = name in self.fields and not self.fields[name].widget.is_hidden
                by_field.setdefault(name if shown else NON_FIELD_ERRORS, []).extend(of_field)
            errors = ValidationError(by_field)
        super()._update_errors(errors)


def collision(merge):
    """Who changed the row since the form was opened, and when; also what, where that is not shown."""
    if merge.form.deletion:
        message = _(
            "%(actor)s deleted “%(record)s” on %(moment)s, after you opened it. Nothing is saved yet."
        )
    elif merge.form.is_merged_in_sight and merge.open:
        message = _(
            "%(actor)s changed “%(record)s” on %(moment)s, after you opened it. Nothing is saved yet. What "
            "does not collide is merged with what you typed. Choose where both of you changed the same, then save."
        )
    elif merge.form.is_merged_in_sight:
        message = _(
            "%(actor)s changed “%(record)s” on %(moment)s, after you opened it. Nothing is saved yet. What "
            "does not collide is merged with what you typed; save again to keep it."
        )
    else:
        message = _(
            "%(actor)s changed “%(record)s” on %(moment)s, after you opened it: %(changes)s. Nothing is "
            "saved yet. What does not collide is merged with what you typed; save again to keep it."
        )
    params = {
        "actor": merge.last.actor or _("Somebody"),
        "record": merge.row,
        "moment": localize(timezone.localtime(merge.last.created_at)),
        "changes": "; ".join(
            f"{each.label}: {shorten_message(each.before)} → {shorten_message(each.theirs)}"
            for each in merge.fields
        ),
    }
    return ValidationError(message, code="version_collision", params=params)


def shorten_message(words):
    return Truncator(words).chars(60) or "–"
