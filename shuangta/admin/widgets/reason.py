"""The control in which an editor says why something is changed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from shuangta.history.context import MAX_REASON, as_reason


class ReasonField(forms.CharField):
    """A reason as the history keeps it: one line."""

    def __init__(self, **options):
        defaults = {
            "label": _("Reason for the change"),
            "help_text": _("Stands in the history beside your name."),
            "widget": UnfoldAdminTextInputWidget,
            "max_length": MAX_REASON,
        }
        super().__init__(**defaults | options)

    def to_python(self, value):
        return as_reason(super().to_python(value))
