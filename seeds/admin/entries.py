"""The admin pages of records that show their evidence: beside each field, in the lists, and where words are cited."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from seeds.admin.citation_rows import CitationInline, citable_fields
from seeds.admin.cited_form import CitedForm
from seeds.admin.evidence import COLOURS, evidence_of, issues_of
from seeds.admin.issues import EvidenceFilter
from seeds.models import EvidenceIssue, Passage
from shuangta.admin.base import NamedRecordAdmin, RecordAdmin

MAX_NAMED = 5
# On which bases a citation has which of these.
SHOWN_FOR = {
    "cite_quote": "['stated', 'inferred', 'reported']",
    "cite_passage": "['stated', 'inferred']",
    "cite_office": "['reported']",
    "cite_told_on": "['reported']",
}


class UnsourcedError(Exception):
    """What was just published lacks sources, now that it is stored with its citations."""

    def __init__(self, refused):
        super().__init__(refused)
        self.refused = refused


class CitedAdmin:
    """Records that show their evidence."""

    form = CitedForm
    change_form_template = "admin/cited_form.html"

    class Media:
        js = ["shuangta/citing.js"]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_read_words"
        read_words = require_POST(self.admin_site.admin_view(self.read_words_view))
        return [
            path("add/read-words/", read_words, name=f"{name}_add"),
            path("<path:object_id>/change/read-words/", read_words, name=name),
            *super().get_urls(),
        ]

    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), CitationInline]

    def has_cite_permission(self, request):
        return request.user.has_perm("seeds.add_citation")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        may_save = self.has_change_permission(request, obj) if change else True
        context |= {
            "read_words_attrs": self.read_words_button(obj),
            "shown_for": SHOWN_FOR,
            "evidence": evidence_of(obj, citable_fields(self.model), request.user) if obj else {},
            "may_cite": may_save and self.has_cite_permission(request),
            "cite_fields": [form[name] for name in form.fields if name.startswith("cite_")],
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def read_words_button(self, entry):
        """What makes a button show what the words say, from the whole form as it is filled in."""
        address = self.url_of("read_words", entry.pk) if entry else self.url_of("read_words_add")
        asked = {"hx-post": address, "hx-include": "closest form", "hx-target": "#words-read"}
        return {"type": "button", "id": "read-words"} | asked

    @transaction.atomic
    def read_words_view(self, request, object_id=None):
        """What the pasted words say of the chosen fields, as the form is filled in now; nothing is saved."""
        entry = self.get_object(request, unquote(object_id)) if object_id else None
        allowed = (
            self.has_change_permission(request, entry)
            if entry
            else self.has_add_permission(request)
        )
        if not allowed or not self.has_cite_permission(request):
            raise PermissionDenied
        form = self.get_form(request, entry, change=entry is not None)(
            request.POST, instance=entry or self.model()
        )
        form.is_valid()
        wrong = [
            message
            for name, found in form.errors.items()
            if name.startswith("cite_")
            for message in found
        ]
        return TemplateResponse(request, "admin/words_read.html", {"form": form, "wrong": wrong})

    def changeform_view(self, request, *args, **kwargs):
        """As Django's own, but what was published without its sources is taken back, and the form says so."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except UnsourcedError as error:
            request.refused = error.refused
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user, form.refused = request.user, getattr(request, "refused", None)
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if isinstance(form, CitedForm) and form.readings:
            if not self.has_cite_permission(request):
                raise PermissionDenied
            form.keep_citations()
        if form.instance.is_published and "is_published" in form.changed_data:
            try:
                form.instance.refuse_unsourced()
            except ValidationError as error:
                raise UnsourcedError(error) from error
        if form.instance.is_published:
            self.warn_of_unsourced(request, form.instance)
            self.warn_of_hidden_sources(request, form.instance)

    def warn_of_unsourced(self, request, entry):
        """Tell the editor what everybody sees now without the words that state it."""
        unsourced = {
            self.title_of(name)
            for name, kind in issues_of(self.model, [entry.pk])[entry.pk]
            if kind in (EvidenceIssue.Kind.UNSOURCED, EvidenceIssue.Kind.CHANGED)
        }
        if unsourced:
            message = _("Published without a source for what stands here now: %(fields)s.")
            messages.warning(request, message % {"fields": ", ".join(sorted(unsourced))})

    def warn_of_hidden_sources(self, request, entry):
        """Tell the editor which words nobody else sees yet, as those are that an office told."""
        hidden = Passage.objects.filter(quotations__in=entry.citations.all(), is_published=False)
        titles = hidden.order_by("article__document").values_list("article__document__title")
        found = [title for (title,) in titles.distinct()[:MAX_NAMED]]
        if found:
            message = _("The words of these sources are not published yet: %(documents)s.")
            messages.warning(request, message % {"documents": "、".join(found)})

    def title_of(self, name):
        return str(capfirst(self.opts.get_field(name).verbose_name))

    def get_list_display(self, request):
        return [*super().get_list_display(request), "evidence"]

    def get_list_filter(self, request):
        return [EvidenceFilter, *super().get_list_filter(request)]

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        found = issues_of(self.model, [row.pk for row in changelist.result_list])
        for row in changelist.result_list:
            row.issues = found[row.pk]
        return changelist

    @admin.display(description=gettext_lazy("evidence"))
    def evidence(self, entry):
        """A label for each kind of issue, which names the fields that it is for."""
        fields = {}
        for name, kind in entry.issues:
            fields.setdefault(kind, []).append(self.title_of(name))
        if not fields:
            return None
        return format_html_join(
            " ",
            '<span class="evidence-mark evidence-mark-{}" title="{}">{}</span>',
            (
                (COLOURS[kind], ", ".join(names), EvidenceIssue.Kind(kind).label)
                for kind, names in fields.items()
            ),
        )


class SourcedRecordAdmin(CitedAdmin, RecordAdmin):
    """Records with their evidence."""


class SourcedNamedRecordAdmin(CitedAdmin, NamedRecordAdmin):
    """Records with a name of their own, and with their evidence."""
