"""The page that compares any two versions of a record; its address can be sent to a colleague."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _

from shuangta.admin.pages.base import Pages
from shuangta.history.revision import Revision
from shuangta.records.diff import diff_states
from shuangta.records.restore import build_row, deletions, label_of, present_states, revisions_of


class ComparingAdmin(Pages):
    """Rows of which any two versions can be compared."""

    def get_urls(self):
        compare = path(
            "<path:object_id>/history/compare/",
            self.admin_site.admin_view(self.compare_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_compare",
        )
        return [compare, *super().get_urls()]

    def get_past(self, request, object_id):
        """The record, or what it was when it was deleted; 404 or 403 where the user may not see it."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            deletion = deletions(self.model).filter(object_id=unquote(object_id)).first()
            record = deletion and build_row(self.model, deletion.state, deletion.object_id)
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def compare_view(self, request, object_id):
        record = self.get_past(request, object_id)
        # The versions to choose from are as many as they may be; the states are wanted of two.
        versions = list(revisions_of(self.model, record.pk).select_related("actor").defer("state"))
        first, second = read_choice(versions, request.GET)
        states = present_states(self.model, [first.state, second.state])
        return self.page(
            request,
            "compare",
            _("Version %(first)s compared with version %(second)s")
            % {"first": first.version, "second": second.version},
            None if record._state.adding else record,
            subtitle=label_of(record),
            versions=versions,
            pair=[first, second],
            differences=diff_states(self.model, *states),
            may_restore=not record._state.adding and self.has_change_permission(request, record),
            restorable=[
                each
                for each in (first, second)
                if each.version != versions[0].version and each.action != Revision.Action.DELETED
            ],
            back=self.url_of("history", record.pk),
        )


def read_choice(versions, query):
    """The two versions that the address names; the last two where it names none."""
    by_number = {str(each.version): each for each in versions}
    last = versions[0]
    try:
        second = by_number[query.get("to", str(last.version))]
        return by_number[query.get("from", str(max(second.version - 1, 1)))], second
    except KeyError:
        raise Http404 from None
