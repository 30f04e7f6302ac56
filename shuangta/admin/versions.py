"""The version check: nobody saves over what somebody else has saved since the form was opened."""

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from shuangta.differences import differences
from shuangta.history import Change


class VersionedForm(forms.ModelForm):
    """A form that knows which version of its row it was opened on."""

    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    form_only = frozenset({"expected_version"})
    """The fields that say nothing of the row itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["expected_version"] = self.instance.version

    @property
    def changes_row(self):
        """Whether what was typed differs from what the row holds."""
        return bool(set(self.changed_data) - self.form_only)

    def clean(self):
        super().clean()
        if not self.instance._state.adding:
            self.refuse_collision()

    def refuse_collision(self):
        """Lock the row and compare versions. What was typed stays; saving again means it."""
        rows = type(self.instance)._base_manager.select_for_update()
        stored = rows.filter(pk=self.instance.pk).first()
        expected = self.cleaned_data.get("expected_version")
        if stored is None or stored.version == expected:
            return
        self.data = self.data.copy()
        self.data[self.add_prefix("expected_version")] = stored.version
        self.add_error(None, collision(stored, expected))

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


def collision(stored, expected):
    """Who changed the row since the expected version, when, and what."""
    changes = Change.objects.filter(
        record_type=ContentType.objects.get_for_model(stored), record=str(stored.pk)
    ).order_by("version")
    opened = changes.filter(version=expected).first()
    last = changes.last()
    changed = differences(type(stored), opened.state if opened else {}, last.state)
    return ValidationError(
        _(
            "%(actor)s changed “%(record)s” on %(moment)s, after you opened it: %(changes)s. Nothing was "
            "saved. What you typed is still here; saving again replaces those changes."
        ),
        code="version_collision",
        params={
            "actor": last.actor or _("Somebody"),
            "record": stored,
            "moment": localize(timezone.localtime(last.at)),
            "changes": "; ".join(
                f"{each.label}: {each.before or '–'} → {each.after or '–'}" for each in changed
            ),
        },
    )
