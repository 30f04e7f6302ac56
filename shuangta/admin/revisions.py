"""The registry's own books: every change that was ever made, and the codes that records had."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from shuangta.admin.filters import PastDaysFilter
from shuangta.admin.help import HelpedAdmin
from shuangta.admin.lists import ListedAdmin
from shuangta.history.revision import Revision
from shuangta.records.codes import FormerCode
from shuangta.records.diff import diff_states


class ReadOnlyAdmin(ListedAdmin, HelpedAdmin):
    """What is written by the registry alone, and adds up to nothing."""

    def summed_columns(self):
        return []

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    help = _(
        "Each record is one change that somebody made: what, when, who and why. It is written by "
        "the registry and can only be read."
    )
    list_display = [
        "created_at",
        "actor",
        "content_type",
        "object_id",
        "version",
        "action",
        "reason",
    ]
    list_filter = [PastDaysFilter, "action", "content_type", "actor"]
    list_select_related = ["actor", "content_type"]
    search_fields = ["object_id", "reason", "request_id"]
    fields = [
        "content_type",
        "object_id",
        "version",
        "action",
        "created_at",
        "actor",
        "reason",
        "request_id",
        "batch",
        "state_text",
    ]

    @admin.display(description=_("state"))
    def state_text(self, revision):
        """What the row held, field by field."""
        model = revision.content_type.model_class()
        return "\n".join(
            f"{each.label}: {each.after}" for each in diff_states(model, {}, revision.state)
        )


@admin.register(FormerCode)
class FormerCodeAdmin(ReadOnlyAdmin):
    help = _(
        "Each record is a code that a record had before it was corrected; old links still lead to "
        "the record."
    )
    list_display = ["code", "record", "record_type"]
    list_filter = ["record_type"]
    list_select_related = ["record_type"]
    search_fields = ["code", "record"]
