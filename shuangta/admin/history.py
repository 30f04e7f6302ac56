"""The history pages: who changed what and when, restoring a version or a deleted record."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from shuangta.admin.pages import Pages
from shuangta.differences import Difference, differences
from shuangta.history import Change, because, latest_change
from shuangta.publishing import may_publish
from shuangta.restoring import (
    changes_of,
    citation_changes,
    deletions,
    restore_deleted,
    restore_version,
)

ROWS = 50
SAYS_WHERE = frozenset({"id", "record_type", "record", "field", "position", "start"})


@dataclass(frozen=True)
class HistoryRow:
    """One change as the history page shows it; ``evidence_for`` names the field that a citation is for."""

    change: Change
    differences: list[Difference]
    evidence_for: str = ""
    restorable: bool = False

    @property
    def only_followed(self):
        """Whether it is a citation that followed the corrected code of its record."""
        changed = self.change.kind == Change.Kind.CHANGED
        return bool(self.evidence_for) and changed and not self.differences


class HistoryAdmin(Pages):
    """Rows whose every version can be looked at and restored."""

    object_history_template = "admin/record_history.html"
    actions_list = ("deleted_records",)

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

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        rows = self.history_rows(request, record) if record else None
        return super().history_view(request, object_id, {"rows": rows, "original": record})

    def history_rows(self, request, record):
        """A page of the changes of the record and of its evidence, the latest first."""
        changes = changes_of(self.model, record.pk) | citation_changes(record)
        before = Change.objects.filter(
            record_type=OuterRef("record_type"),
            record=OuterRef("record"),
            version__lt=OuterRef("version"),
        )
        changes = changes.select_related("actor").annotate(
            state_before=Subquery(before.order_by("-version").values("state")[:1])
        )
        rows = Paginator(changes, ROWS).get_page(request.GET.get("p"))
        may_restore = self.has_change_permission(request, record)
        shown = [self.history_row(record, each, may_restore) for each in rows]
        rows.object_list = [row for row in shown if not row.only_followed]
        return rows

    def history_row(self, record, change, may_restore):
        model = change.record_type.model_class()
        before = {} if change.kind == Change.Kind.CREATED else change.state_before
        changed = differences(model, before, change.state)
        if model is self.model:
            earlier = change.version != record.version and change.kind != Change.Kind.DELETED
            return HistoryRow(change, changed, restorable=earlier and may_restore)
        field = self.opts.get_field(change.state["field"])
        changed = [each for each in changed if each.field not in SAYS_WHERE]
        return HistoryRow(change, changed, evidence_for=capfirst(field.verbose_name))

    def restore_view(self, request, object_id, version):
        record = self.get_record(request, object_id)
        change = get_object_or_404(changes_of(self.model, record.pk), version=version)
        reason = _("Version %(version)s restored.") % {"version": version}
        if request.method == "POST":
            with because(reason):
                errors = self.restore(request, restore_version, record, change)
            if not errors:
                messages.success(request, reason)
                return redirect(self.url_of("change", record.pk))
        else:
            errors = []
        return self.page(
            request,
            "restore",
            _("Restore version %(version)s?") % {"version": version},
            record,
            change=change,
            differences=self.restorable_differences(record, change),
            errors=errors,
            back=self.url_of("history", record.pk),
        )

    def restorable_differences(self, record, change):
        """What restoring changes: everything but the key, which is corrected on a page of its own."""
        changed = differences(self.model, latest_change(record).state, change.state)
        return [each for each in changed if each.field != self.opts.pk.name]

    @action(
        description=gettext_lazy("Deleted records"),
        permissions=["add"],
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
        if not self.has_add_permission(request):
            raise PermissionDenied
        change = get_object_or_404(deletions(self.model), record=unquote(object_id))
        reason = _("Restored after deletion.")
        if request.method == "POST":
            with because(reason):
                errors = self.restore(request, restore_deleted, change)
            if not errors:
                messages.success(request, reason)
                return redirect(self.url_of("change", change.record))
        else:
            errors = []
        return self.page(
            request,
            "restore",
            _("Restore the deleted record “%(record)s”?") % {"record": change.record},
            change=change,
            differences=differences(self.model, {}, change.state),
            errors=errors,
            back=self.url_of("deleted_records"),
        )

    def restore(self, request, how, *what):
        """Restore and return the reasons why it cannot be done, if there are any."""
        try:
            how(*what, may_publish=may_publish(request.user))
        except ValidationError as error:
            return error.messages
        return []
