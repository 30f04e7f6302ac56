"""The page that corrects a record's code."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from shuangta.admin.pages.base import Pages
from shuangta.admin.widgets.reason import ReasonField
from shuangta.db.code_fields import MAX_LENGTH
from shuangta.history.context import change_reason
from shuangta.records.rename import rename_record


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("New code"),
        max_length=MAX_LENGTH,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy(
            "Every reference to the record follows; the old code goes on leading to it."
        ),
    )
    reason = ReasonField(required=False)


class CodeAdmin(Pages):
    """Records whose code is fixed, and corrected on a page of its own."""

    actions_detail = ("correct_code",)

    @action(
        description=gettext_lazy("Correct the code"),
        permissions=["change"],
        url_path="code",
        icon="tag",
    )
    def correct_code(self, request, object_id):
        record = self.get_record(request, object_id)
        form = CodeForm(request.POST or None, initial={"code": record.pk})
        if form.is_valid() and self.give_code(record, form):
            messages.success(request, _("The code is corrected."))
            return redirect(self.url_of("change", form.cleaned_data["code"]))
        return self.page(
            request,
            "record_form",
            _("Correct the code"),
            record,
            form=form,
            back=self.url_of("change", record.pk),
        )

    def give_code(self, record, form):
        """Correct the code, or say in the form why it cannot be done."""
        try:
            with change_reason(form.cleaned_data["reason"]):
                rename_record(record, form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error.messages)
        return form.is_valid()
