"""Deleting a record: for a reason, which the history keeps, and with a way back."""

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuangta.admin.pages.base import Pages
from shuangta.admin.widgets.reason import ReasonField
from shuangta.history.context import change_reason


class DeletionForm(forms.Form):
    """Why something is deleted; whoever deletes says so."""

    reason = ReasonField(label=gettext_lazy("Reason for the deletion"))


class DeletingAdmin(Pages):
    """Rows that are deleted for a reason and can be restored."""

    delete_confirmation_template = "admin/delete_for_reason.html"

    def delete_view(self, request, object_id, extra_context=None):
        form = DeletionForm(request.POST if request.method == "POST" else None)
        if form.is_bound and not form.is_valid():
            request.POST = (
                QueryDict()
            )  # without a reason nothing is confirmed, and the page asks again
        with change_reason(form.cleaned_data["reason"] if form.is_valid() else ""):
            return super().delete_view(request, object_id, {"form": form, **(extra_context or {})})

    def response_delete(self, request, obj_display, obj_id):
        if IS_POPUP_VAR in request.POST or not self.has_add_permission(request):
            return super().response_delete(request, obj_display, obj_id)
        messages.success(
            request,
            format_html(
                '{} <a class="underline" href="{}">{}</a>',
                _("“%(record)s” is deleted.") % {"record": obj_display},
                self.url_of("restore_deleted", obj_id),
                _("Undo"),
            ),
        )
        return redirect(self.url_of("changelist"))


def without_links(model, listed, counts):
    """What would be deleted, and how many of each kind, as Django tells them of a model’s rows."""
    links = [field.remote_field.through._meta for field in model._meta.many_to_many]
    names = {str(meta.verbose_name_plural) for meta in links}
    beginnings = tuple(f"{capfirst(meta.verbose_name)}: " for meta in links)
    left = {name: count for name, count in counts.items() if str(name) not in names}
    return without(beginnings, listed), left


def without(beginnings, listed):
    """The nested list without the lines that begin so, and without what is empty then."""
    left = []
    for each in listed:
        if isinstance(each, list):
            left += [nested] if (nested := without(beginnings, each)) else []
        elif not each.startswith(beginnings):
            left.append(each)
    return left
