"""The pages that restore a version of a record, or a deleted record, after a preview."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from shuangta.admin.pages.base import Pages
from shuangta.history.context import change_reason
from shuangta.history.tracking import column_state, latest_revision
from shuangta.records.diff import diff_states, field_text
from shuangta.records.labels import Names
from shuangta.records.restore import (
    citation_model,
    citations_deleted_with,
    citations_left_behind,
    deletions,
    describe_revision,
    present_states,
    restore_deleted,
    restore_version,
    revisions_of,
)
from shuangta.records.visibility import may_publish, may_view

ROWS = 50


@dataclass(frozen=True)
class CitedWords:
    """A citation as a preview tells it: the field that it is for, its words, and what was read from them."""

    field: str
    quote: str
    value: str


class RestoringAdmin(Pages):
    """Rows of which an earlier version is restored, and that come back when they are deleted."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        guard = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/history/<int:version>/restore/",
                guard(self.restore_view),
                name=f"{name}_restore",
            ),
            path(
                "deleted/<path:object_id>/restore/",
                guard(self.restore_deleted_view),
                name=f"{name}_restore_deleted",
            ),
            *super().get_urls(),
        ]

    def restore_view(self, request, object_id, version):
        record = self.get_record(request, object_id)
        change = get_object_or_404(revisions_of(self.model, record.pk), version=version)
        reason, errors = _("Version %(version)s restored.") % {"version": version}, []
        if request.method == "POST":
            with transaction.atomic():
                rows = self.model._base_manager.select_for_update(no_key=True)
                record = get_object_or_404(rows, pk=record.pk)
                errors = unseen(request, record.version) or self.restore(
                    request, reason, restore_version, record, change
                )
            if not errors:
                return redirect(self.url_of("change", record.pk))
        [restored] = present_states(self.model, [change.state])
        return self.page(
            request,
            "restore",
            _("Restore version %(version)s?") % {"version": version},
            record,
            change=change,
            seen=record.version,
            differences=self.restorable_differences(record, restored),
            left_behind=self.cited_words(
                request, map(column_state, citations_left_behind(record, restored))
            ),
            errors=errors,
            may_restore=True,
            back=self.url_of("history", record.pk),
        )

    def restorable_differences(self, record, restored):
        """What restoring changes: everything but the key, which is corrected on a page of its own."""
        changed = diff_states(self.model, latest_revision(record).state, restored)
        return [each for each in changed if each.field != self.opts.pk.name]

    @action(
        description=gettext_lazy("Deleted records"),
        permissions=["view"],
        url_path="deleted",
        icon="restore_from_trash",
    )
    def deleted_records(self, request):
        rows = Paginator(deletions(self.model).select_related("actor"), ROWS)
        return self.page(
            request,
            "deleted_records",
            _("Deleted records"),
            rows=rows.get_page(request.GET.get("p")),
            restore_url=f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
            "_restore_deleted",
        )

    def restore_deleted_view(self, request, object_id):
        may_restore = self.has_add_permission(request)
        is_allowed = may_restore or request.method != "POST"
        if not (self.has_view_permission(request) and is_allowed):
            raise PermissionDenied
        change = get_object_or_404(deletions(self.model), object_id=unquote(object_id))
        errors = []
        if request.method == "POST":
            errors = unseen(request, change.version) or self.restore(
                request, _("Restored after deletion."), restore_deleted, change
            )
            if not errors:
                return redirect(self.url_of("change", change.object_id))
        return self.page(
            request,
            "restore",
            _("Restore the deleted record “%(record)s”?") % {"record": describe_revision(change)},
            change=change,
            seen=change.version,
            differences=diff_states(self.model, {}, change.state),
            coming_back=self.cited_words(
                request, (each.state for each in citations_deleted_with(change))
            ),
            errors=errors,
            may_restore=may_restore,
            history=self.url_of("history", change.object_id),
            back=self.url_of("deleted_records"),
        )

    def restore(self, request, reason, how, *what):
        """Restore for a reason, and return why it cannot be done, if it cannot."""
        try:
            with change_reason(reason):
                how(*what, may_publish=may_publish(request.user))
        except ValidationError as error:
            return error.messages
        messages.success(request, reason)
        return []

    def cited_words(self, request, states):
        """Citations, given as their history keeps them, in words; none for who may not see citations."""
        model = citation_model()
        states = list(states) if may_view(request.user, model) else []
        names = Names((model, state) for state in states)
        fields = [model._meta.get_field(name) for name in ("field", "quote", "value")]
        return [
            CitedWords(*(field_text(state, each, names) for each in fields)) for state in states
        ]


def unseen(request, version):
    """Why nothing is restored: the preview that was confirmed showed another version than there is now."""
    if request.POST.get("seen") == str(version):
        return []
    return [_("It was changed in the meantime. This is what restoring would do now.")]
