"""The history page: who changed what of a record and of its evidence, when, and why."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from shuangta.admin.pages.compare import ComparingAdmin
from shuangta.admin.pages.restore import ROWS, RestoringAdmin
from shuangta.history.revision import Revision
from shuangta.records.diff import Difference, diff_states, field_text
from shuangta.records.labels import Names
from shuangta.records.restore import (
    SAME_MOMENT,
    citation_model,
    citation_revisions,
    label_of,
    revisions_of,
)
from shuangta.records.visibility import may_view

SAYS_WHERE = frozenset({"id", "record_type", "record", "field", "position", "start"})


@dataclass(frozen=True)
class HistoryRow:
    """One change as the history page shows it; ``evidence_for`` names the field that a citation is for."""

    change: Revision
    differences: list[Difference]
    evidence_for: str = ""
    restorable: bool = False

    @property
    def only_followed(self):
        """Whether it is a citation that followed the corrected code of its record."""
        changed = self.change.action == Revision.Action.CHANGED
        return bool(self.evidence_for) and changed and not self.differences


@dataclass
class HistoryEntry:
    """What somebody did at once: versions of the record, and changes of its evidence."""

    change: Revision
    """Any of the changes: they have their actor, their moment and their reason in common."""
    versions: list[HistoryRow] = field(default_factory=list)
    evidence: list[HistoryRow] = field(default_factory=list)

    def takes(self, row):
        """Whether a change that was made just before belongs here."""
        last, change = self.change, row.change
        if last.batch or change.batch:
            return last.batch == change.batch
        if last.request_id or change.request_id:
            return last.request_id == change.request_id
        by_the_same = (last.actor_id, last.reason) == (change.actor_id, change.reason)
        another_version = self.versions and not row.evidence_for
        return (
            by_the_same
            and not another_version
            and last.created_at - change.created_at < SAME_MOMENT
        )

    def add(self, row):
        (self.evidence if row.evidence_for else self.versions).append(row)


class HistoryAdmin(RestoringAdmin, ComparingAdmin):
    """Rows whose every version can be looked at, compared and restored."""

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_past(request, object_id)
        deleted = record._state.adding
        may_restore = not deleted and self.has_change_permission(request, record)
        rows = self.history_page(request, record, may_restore)
        return self.page(
            request,
            "record_history",
            _("History"),
            None if deleted else record,
            subtitle=label_of(record),
            rows=rows,
            entries=entries_of(rows),
            deleted=deleted,
            numbers=[row.change.version for row in rows if not row.evidence_for],
            restore_deleted=self.url_of("restore_deleted", record.pk) if deleted else "",
            compare=self.url_of("compare", record.pk),
        )

    def history_page(self, request, record, may_restore):
        """A page of the changes of the record, and of its evidence for who may see that, the latest first."""
        changes = revisions_of(self.model, record.pk)
        if may_view(request.user, citation_model()):
            changes |= citation_revisions(record)
        before = Revision.objects.filter(
            content_type=OuterRef("content_type"),
            object_id=OuterRef("object_id"),
            version__lt=OuterRef("version"),
        )
        changes = changes.select_related("actor").annotate(
            state_before=Subquery(before.order_by("-version").values("state")[:1])
        )
        rows = Paginator(changes, ROWS).get_page(request.GET.get("p"))
        names = Names(
            (model_of(change), state)
            for change in rows
            for state in (change.state_before or {}, change.state)
        )
        shown = [self.history_row(record, each, names, may_restore) for each in rows]
        rows.object_list = [row for row in shown if not row.only_followed]
        return rows

    def history_row(self, record, change, names, may_restore):
        model = model_of(change)
        before = {} if change.action == Revision.Action.CREATED else change.state_before
        changed = diff_states(model, before, change.state, names)
        if model is self.model:
            earlier = change.version != record.version and change.action != Revision.Action.DELETED
            return HistoryRow(change, changed, restorable=earlier and may_restore)
        cited = field_text(change.state, model._meta.get_field("field"), names)
        changed = [each for each in changed if each.field not in SAYS_WHERE]
        return HistoryRow(change, changed, evidence_for=cited)


def model_of(change):
    return ContentType.objects.get_for_id(change.content_type_id).model_class()


def entries_of(rows):
    """The changes, those that were made at once together."""
    entries = []
    for row in rows:
        if not entries or not entries[-1].takes(row):
            entries.append(HistoryEntry(row.change))
        entries[-1].add(row)
    return entries
