"""What happened to a record while its form was open: somebody else changed it, or deleted it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from shuangta.admin.conflicts.three_way_merge import typed_state
from shuangta.admin.pages.history import HistoryAdmin
from shuangta.history.context import as_reason, change_reason
from shuangta.records.diff import Difference, diff_states
from shuangta.records.restore import (
    build_row,
    deletions,
    describe_revision,
    restore_deleted,
    revisions_of,
)
from shuangta.records.visibility import may_publish

RESTORE = "_restore_deleted"


@dataclass(frozen=True)
class TypedRow:
    """What was typed into one row, as it differs from what the row held."""

    title: str
    differences: list[Difference]


class MeanwhileAdmin(HistoryAdmin):
    """Records whose form loses nothing when somebody else changes or deletes them meanwhile."""

    change_form_template = "admin/versioned_form.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        with change_reason(as_reason(request.POST.get("reason", ""))):
            if object_id and RESTORE in request.POST:
                return self.restore_and_save(request, object_id, form_url, extra_context)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, *args, **kwargs):
        rows = [form for each in context["inline_admin_formsets"] for form in each.formset.forms]
        forms = [context["adminform"].form, *rows]
        context["merges"] = [form.merge for form in forms if getattr(form, "merge", None)]
        return super().render_change_form(request, context, *args, **kwargs)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Lead to where a deleted record can be restored; a form that was sent is kept."""
        deletion = deletions(self.model).filter(object_id=unquote(object_id)).first()
        if deletion is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        if "expected_version" in request.POST:
            return self.deleted_meanwhile(request, deletion)
        messages.warning(request, deleted_by(deletion))
        return redirect(self.url_of("restore_deleted", deletion.object_id))

    def deleted_meanwhile(self, request, deletion, errors=()):
        """The page that says so, lists what was typed, and offers to restore the record and save it."""
        return self.page(
            request,
            "deleted_meanwhile",
            _("Deleted while you had it open"),
            sentence=deleted_by(deletion),
            deletion=deletion,
            typed=self.typed_rows(request, deletion),
            sent=[(name, values) for name, values in request.POST.lists() if name != RESTORE],
            errors=errors,
            restore=RESTORE if self.has_add_permission(request) else "",
            back=self.url_of("restore_deleted", deletion.object_id),
        )

    def typed_rows(self, request, deletion):
        """What was typed into the form of a deleted record, and into the rows below it."""
        record = build_row(self.model, deletion.state, deletion.object_id)
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        form = self.get_form(request, record, change=True, fields=fields)(
            request.POST, request.FILES, instance=record
        )
        formsets, _inlines = self._create_formsets(request, record, change=True)
        forms = [form, *(row for formset in formsets for row in formset.forms)]
        rows = [typed_row(each) for each in forms if each.has_changed()]
        return [row for row in rows if row.differences]

    def restore_and_save(self, request, object_id, form_url, extra_context):
        """Restore the record that was deleted meanwhile, and go on with what was typed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        deletion = deletions(self.model).filter(object_id=unquote(object_id)).first()
        try:
            with transaction.atomic():
                if deletion:
                    self.bring_back(request, deletion)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            return self.deleted_meanwhile(request, deletion, error.messages)

    def bring_back(self, request, deletion):
        reason = _("Restored after deletion.")
        with change_reason(reason):
            restore_deleted(deletion, may_publish=may_publish(request.user))
        messages.success(request, reason)


def typed_row(form):
    """What a form holds of its row that is not what the row held when the form was opened."""
    model, key = form._meta.model, form.instance.pk
    title = f"{model._meta.verbose_name} · {form.instance}" if key else model._meta.verbose_name
    form.full_clean()
    opened = form.cleaned_data.get("expected_version")
    change = revisions_of(model, key).filter(version=opened).first() if key and opened else None
    before = change.state if change else {}
    return TypedRow(str(title), diff_states(model, before, before | typed_state(form)))


def deleted_by(deletion):
    """Who deleted a record, when and why, in a sentence."""
    parts = {
        "record": describe_revision(deletion),
        "actor": deletion.actor or _("Somebody"),
        "moment": localize(timezone.localtime(deletion.created_at)),
        "reason": deletion.reason,
    }
    if deletion.reason:
        return _("%(actor)s deleted “%(record)s” on %(moment)s. Reason: %(reason)s") % parts
    return _("%(actor)s deleted “%(record)s” on %(moment)s.") % parts
