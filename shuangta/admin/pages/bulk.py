"""Doing the same to many rows of a list: shown before, row by row, and then done exactly as shown or not at all."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelectWidget

from shuangta.admin.lists import MAX_ROWS, too_many
from shuangta.admin.pages.base import Pages
from shuangta.admin.pages.bulk_outcomes import Deleting, Setting, outcomes_of
from shuangta.admin.pages.delete import DeletionForm
from shuangta.admin.widgets.reason import ReasonField
from shuangta.history.context import change_reason
from shuangta.records.visibility import may_publish

CONTROL = "to_{}"
"""The name of the control in which the new value of a field is typed."""


class BulkForm(forms.Form):
    """Why something is done to many rows."""

    reason = ReasonField(required=False)


class SettingForm(BulkForm):
    """The field that is to be set, and what it is to hold; each field has a control of its own."""

    field = forms.ChoiceField(
        label=gettext_lazy("Field"), widget=UnfoldAdminSelectWidget({"x-model": "field"})
    )

    def __init__(self, *args, controls, **kwargs):
        super().__init__(*args, **kwargs)
        self.model_fields = {field.name: field for field in controls}
        self.fields["field"].choices = [
            ("", _("Select value")),
            *((field.name, control.label) for field, control in controls.items()),
        ]
        for field, control in controls.items():
            control.required = control.required and field.name == self.data.get("field")
            self.fields[CONTROL.format(field.name)] = control

    @property
    def controls(self):
        """The controls of the fields, by the name of the field."""
        return {name: self[CONTROL.format(name)] for name in self.model_fields}

    @property
    def work(self):
        """What is to be done; None until a field and its value are chosen."""
        if not self.is_valid():
            return None
        name = self.cleaned_data["field"]
        return Setting(self.model_fields[name], self.cleaned_data[CONTROL.format(name)])


class BulkAdmin(Pages):
    """Rows of which many can be set and deleted together. What a list is filtered by can be set."""

    actions = ("set_selected", "delete_selected")

    @admin.action(description=gettext_lazy("Set a field"), permissions=["change"])
    def set_selected(self, request, queryset):
        form = SettingForm(read_selection(request), controls=self.setting_controls(request))
        return self.bulk(request, queryset, _("Set a field"), form, form.work)

    @admin.action(description=gettext_lazy("Delete"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        form, work = DeletionForm(read_selection(request)), Deleting(request.user)
        return self.bulk(request, queryset, _("Delete"), form, work)

    def setting_controls(self, request):
        """The form field of each field that can be set for many."""
        controls = {}
        for name in filter(self.may_be_set, self.list_filter):
            field = self.opts.get_field(name)
            controls[field] = self.formfield_for_dbfield(field, request)
            if isinstance(controls[field].widget, RelatedFieldWidgetWrapper):
                controls[field].widget = controls[field].widget.widget  # nothing is made on the way
        return controls

    def may_be_set(self, name):
        if not isinstance(name, str) or name == "is_published":
            return False
        return self.opts.get_field(name).related_model is not ContentType

    def bulk(self, request, queryset, title, form, work):
        """Show what comes of the work, or do it where that is what was shown and is meant."""
        keys = list(queryset.values_list("pk", flat=True)[: MAX_ROWS + 1])
        if len(keys) > MAX_ROWS:
            messages.error(request, too_many())
            return None
        is_meant = "apply" in request.POST and form.is_valid()
        outcomes = None
        if work:
            shown = request.POST["shown"] if is_meant else ""
            with change_reason(form.cleaned_data["reason"] if is_meant else ""):
                outcomes, is_done = outcomes_of(work, self.rows_of(request, keys, work), shown)
            if is_done:
                return messages.success(
                    request, describe_outcome(outcomes, isinstance(work, Deleting))
                )
            if is_meant:
                messages.warning(request, is_changed_since())
        return self.bulk_page(request, title, form, keys, outcomes, isinstance(work, Deleting))

    def rows_of(self, request, keys, work):
        """The rows, in the order of the list; nobody else changes them meanwhile."""
        rows = self.get_queryset(request).select_related(*self.list_select_related or ())
        # In the order in which the API locks them too: two who change the same rows wait, and do not deadlock.
        locked = (
            rows.select_for_update(of=("self",), no_key=True).order_by("pk").filter(pk__in=keys)
        )
        found = {row.pk: row for row in work.reading(locked)}
        return [found[key] for key in keys if key in found]

    def bulk_page(self, request, title, form, keys, outcomes, is_deletion):
        return self.page(
            request,
            "bulk",
            title,
            form=form,
            media=self.media + form.media,
            keys=keys,
            outcomes=outcomes,
            is_deletion=is_deletion,
            action=request.POST.get("action"),
            back=request.get_full_path(),
        )


class BulkPublishingAdmin(BulkAdmin):
    """Records, of which many can be published and withdrawn together."""

    actions = ("publish_selected", "withdraw_selected", *BulkAdmin.actions)

    def has_publish_permission(self, request):
        return self.has_change_permission(request) and may_publish(request.user)

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        return self.publish(request, queryset, _("Publish"), True)

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["publish"])
    def withdraw_selected(self, request, queryset):
        return self.publish(request, queryset, _("Withdraw"), False)

    def publish(self, request, queryset, title, is_published):
        work = Setting(self.opts.get_field("is_published"), is_published)
        return self.bulk(request, queryset, title, BulkForm(read_selection(request)), work)


def read_selection(request):
    """What was sent with the page that asks; None where the list itself sent it."""
    return request.POST if "shown" in request.POST else None


def is_changed_since():
    return _(
        "Something has changed since this was shown, so nothing was done. This is what would be done now."
    )


def describe_outcome(outcomes, is_deletion):
    """What was done, in a sentence."""
    count = len(outcomes.done)
    if is_deletion:
        message = ngettext(
            "%(count)s record was deleted.", "%(count)s records were deleted.", count
        )
    else:
        message = ngettext(
            "%(count)s record was changed.", "%(count)s records were changed.", count
        )
    return message % {"count": count}
