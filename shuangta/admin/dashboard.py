"""The front page: what is to be done, each line with the way to where it is mended."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.urls import reverse
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from shuangta.admin import kept_posts
from shuangta.admin.filters import imprecise_dates, imprecise_rows
from shuangta.history.models import revisioned_models
from shuangta.history.revision import Revision
from shuangta.records.models import record_models
from shuangta.records.visibility import may_view
from shuangta.search.models import SearchEntry

SHOWN = 6  # records in a section, before the rest is only counted
LOOKED_THROUGH = 60  # rows in which they are looked for


@dataclass(frozen=True)
class Line:
    """One thing to be done: what it is about, what is the matter, and where it is mended."""

    text: str
    link: str
    detail: str = ""
    also: tuple = ()
    """Other ways, each as words and address."""


@dataclass
class Section:
    """Things to be done of one kind; ``counts`` lead to the lists in which all of them stand."""

    title: str
    help: str
    icon: str
    lines: list = field(default_factory=list)
    counts: list = field(default_factory=list)
    nothing: str = _("Nothing to do here.")


class Dashboard:
    """What one user sees on the front page."""

    def __init__(self, request, site):
        self.request, self.user, self.site = request, request.user, site
        self.models = {
            ContentType.objects.get_for_model(model).pk: model
            for model in record_models()
            if may_view(self.user, model)
        }

    def sections(self):
        """Every section, in the order of urgency; those that hold nothing say so, but for what is kept."""
        by_model = [
            section
            for model in reversed(revisioned_models())  # what builds on others comes first
            if may_view(self.user, model)
            for section in self.site.get_model_admin(model).to_do(self)
        ]
        sections = [*by_model, self.imprecise_records(), self.drafts(), self.own_edits()]
        return [*self.unsent_posts(), *sections]

    def unsent_posts(self):
        """What was typed when a session had ended, as long as it is neither sent again nor discarded."""
        lines = [
            Line(
                self.site.name_of_page(self.request, entry),
                reverse("admin:kept"),
                localize(localtime(datetime.fromisoformat(entry["at"]))),
            )
            for entry in kept_posts.stored_post(self.request)
        ]
        if lines:
            help_text = _("Your session had ended. Send it again, or discard it.")
            yield Section(_("What you typed is kept"), help_text, "inventory_2", lines)

    def imprecise_records(self):
        counts = {
            type_id: imprecise_rows(model.objects).count()
            for type_id, model in self.models.items()
            if imprecise_dates(model)
        }
        return Section(
            _("Imprecise dates"),
            _("Only the first and the last possible day are known; a source may tell the day."),
            "event_busy",
            counts=self.counts(counts, "dates=imprecise"),
        )

    def drafts(self):
        drafts = SearchEntry.objects.filter(is_published=False, record_type__in=self.models)
        shown = drafts.order_by("-pk").values_list("record_type", "record")[:SHOWN]
        counts = drafts.values_list("record_type").annotate(Count("pk")).order_by()
        return Section(
            _("Drafts"),
            _("Seen by nobody but editors until they are published."),
            "edit_note",
            self.lines(dict.fromkeys(shown, "")),
            self.counts(dict(counts), "is_published__exact=0"),
        )

    def own_edits(self):
        """The records that the user wrote last, each once."""
        edits = {}
        changes = Revision.objects.filter(actor=self.user, content_type__in=self.models)
        for change in changes.order_by("-id")[:LOOKED_THROUGH]:
            edits.setdefault((change.content_type_id, change.object_id), change)
        shown = list(edits.items())[: 2 * SHOWN]
        details = {
            key: f"{change.get_action_display()} · {localize(localtime(change.created_at))}"
            for key, change in shown
        }
        return Section(
            _("My recent edits"),
            _("What you changed last."),
            "history",
            self.lines(details),
            nothing=_("Nothing yet."),
        )

    def lines(self, details, query=""):
        """A line for each record, by type and code; deleted ones lead to where they are brought back."""
        titles = self.titles(details)
        return [
            Line(
                titles.get(key) or key[1],
                self.page(key) + query if key in titles else self.restore_page(key),
                " · ".join(filter(None, [self.type_name(key[0]), detail])),
            )
            for key, detail in details.items()
        ]

    def titles(self, keys):
        entries = SearchEntry.objects.filter(
            record_type__in={type_id for type_id, _code in keys},
            record__in=[code for _type_id, code in keys],
        )
        rows = entries.values_list("record_type", "record", "title")
        return {(type_id, code): title for type_id, code, title in rows}

    def type_name(self, type_id):
        return str(capfirst(self.models[type_id]._meta.verbose_name))

    def counts(self, numbers, query):
        """By type, how many there are, with the address of the list that holds them."""
        return [
            Line(
                str(capfirst(model._meta.verbose_name_plural)),
                f"{address(model, 'changelist')}?{query}",
                str(numbers[type_id]),
            )
            for type_id, model in self.models.items()
            if numbers.get(type_id)
        ]

    def page(self, key):
        type_id, code = key
        return address(self.models[type_id], "change", code)

    def restore_page(self, key):
        type_id, code = key
        return address(self.models[type_id], "restore_deleted", code)


def address(model, page, *args):
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)
