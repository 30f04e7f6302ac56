"""Pages that import a spreadsheet, after a preview of what becomes of every row."""

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminTextareaWidget,
)

from shuangta.admin.pages import import_preview
from shuangta.admin.pages.base import Pages
from shuangta.admin.widgets.reason import ReasonField
from shuangta.history.context import MAX_REASON, change_reason
from shuangta.imports import exports, proposals
from shuangta.imports.proposals import Fate
from shuangta.imports.templates import template
from shuangta.plans.models import ProposedImport
from shuangta.query.resources import viewset_of
from shuangta.tabular import readers
from shuangta.tabular.formats import XLSX
from shuangta.tabular.sheets import SheetError

ROWS_SHOWN_AT_ONCE = 50


class ImportForm(forms.Form):
    """A spreadsheet: a file of one, or cells that were copied from one."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("A workbook (.xlsx), whose first sheet is read, or a table (.csv)."),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or cells from a spreadsheet"),
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=gettext_lazy("Copy them with their headings, and paste them here."),
    )
    reason = ReasonField(required=False)

    def clean(self):
        file, pasted = self.cleaned_data.get("file"), self.cleaned_data.get("pasted", "").strip()
        if self.errors:
            return
        if bool(file) == bool(pasted):
            raise forms.ValidationError(_("Choose a file, or paste cells; not both."))
        try:
            self.sheet = (
                readers.read_sheet(file) if file else readers.read_pasted(self.data["pasted"])
            )
        except SheetError as error:
            raise forms.ValidationError(list(error.messages)) from error

    def why(self):
        """What the history is told."""
        file = self.cleaned_data["file"]
        usual = _("Imported from %s") % file.name if file else _("Pasted from a spreadsheet")
        return (self.cleaned_data["reason"] or usual)[:MAX_REASON]


class ImportAdmin(Pages):
    """Models whose rows can be imported by whoever may add or change them."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = {
            "import_template": ("import/template/", self.import_template_view),
            "import_preview": ("import/<int:proposal_id>/", self.import_preview_view),
            "import_wrong": ("import/<int:proposal_id>/wrong/", self.import_wrong_view),
        }
        guard = self.admin_site.admin_view
        own = [path(at, guard(view), name=f"{name}_{page}") for page, (at, view) in pages.items()]
        return [*own, *super().get_urls()]

    def has_import_permission(self, request):
        return self.has_add_permission(request) or self.has_change_permission(request)

    @action(
        description=gettext_lazy("Import"),
        permissions=["import"],
        url_path="import",
        icon="upload",
    )
    def import_rows(self, request):
        form = ImportForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            proposal = self.propose_import(request, form)
            if proposal:
                return redirect(self.url_of("import_preview", proposal.pk))
        return self.page(
            request,
            "import",
            _("Import"),
            form=form,
            template_url=self.url_of("import_template"),
            back=self.url_of("changelist"),
        )

    def propose_import(self, request, form):
        """What the sheet would do; None where that cannot be said, which the form then tells."""
        try:
            return proposals.propose(self.view_for(request), form.sheet, form.why())
        except SheetError as error:
            form.add_error(None, list(error.messages))
        except exceptions.PermissionDenied:
            form.add_error(None, self.explain_refusal(request))
        return None

    def view_for(self, request):
        return viewset_of(self.model)(request=request)

    def explain_refusal(self, request):
        """Which rows the user may not write."""
        if self.has_add_permission(request):
            return _("The sheet has rows about records that are there; you may not change these.")
        return _(
            "The sheet has rows without the code of a record that is there; you may not add any."
        )

    def import_template_view(self, request):
        self.refuse_without_permission(request)
        name = _("%s (template)") % self.opts.verbose_name_plural
        return HttpResponse(
            template(self.view_for(request)),
            content_type=XLSX.content_type,
            headers={"Content-Disposition": content_disposition_header(True, f"{name}.xlsx")},
        )

    def refuse_without_permission(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied

    def own_proposal(self, request, proposal_id):
        """The user's own import of this model; None where it is gone, or somebody else's."""
        self.refuse_without_permission(request)
        own = ProposedImport.objects.current().filter(
            user=request.user, record_type=ContentType.objects.get_for_model(self.model)
        )
        return own.filter(pk=proposal_id).first()

    def import_preview_view(self, request, proposal_id):
        proposal = self.own_proposal(request, proposal_id)
        if proposal is None or proposal.is_done:
            return self.leave_import(request, proposal)
        if "discard" in request.POST:
            return self.discard(request, proposal)
        if "confirm" in request.POST:
            return self.confirm(request, proposal)
        return self.preview(request, proposal)

    def leave_import(self, request, proposal):
        """Lead on from an import that was done, or that is no longer there."""
        if proposal:
            messages.info(request, _("This import is done. It was not done twice."))
            return redirect(self.url_of("changelist"))
        message = _(
            "This import is no longer there: it was dropped, or is older than a day. Send the sheet again."
        )
        messages.warning(request, message)
        return redirect(self.url_of("import_rows"))

    def discard(self, request, proposal):
        dropped, _each = ProposedImport.objects.waiting().filter(pk=proposal.pk).delete()
        if not dropped:
            return redirect(self.url_of("import_preview", proposal.pk))
        messages.info(request, _("Nothing was imported."))
        return redirect(self.url_of("import_rows"))

    def preview(self, request, proposal):
        fate = request.GET.get("fate", "")
        shown = [row for row in proposal.rows if fate in ("", row["fate"])]
        page = Paginator(shown, ROWS_SHOWN_AT_ONCE).get_page(request.GET.get("p"))
        page.object_list = import_preview.preview_rows(self.model, page.object_list)
        return self.page(
            request,
            "import_preview",
            _("Import: preview"),
            proposal=proposal,
            rows=page,
            fate=fate,
            counts=import_preview.counts(proposal),
            wrong_count=sum(1 for row in proposal.rows if row["fate"] == Fate.WRONG),
            count_to_write=import_preview.count_to_write(proposal),
            wrong_url=self.url_of("import_wrong", proposal.pk),
            change_url=f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change",
        )

    def confirm(self, request, proposal):
        """Do what was shown, or show what the sheet would do now."""
        view, again = self.view_for(request), self.url_of("import_preview", proposal.pk)
        try:
            with change_reason(proposal.reason):
                counts = proposals.apply(view, proposal, request.POST.get("shown"))
            if counts is None:
                proposals.propose_again(view, proposal)
        except ProposedImport.DoesNotExist:  # another press was quicker; its page tells
            return redirect(again)
        except exceptions.PermissionDenied:
            messages.error(request, self.explain_refusal(request))
            return redirect(again)
        if counts is None:
            message = _(
                "The records changed after the preview was made, so nothing was imported. This is what "
                "the sheet would do now."
            )
            messages.warning(request, message)
            return redirect(again)
        message = _("Imported: %(created)d new, %(changed)d changed, %(unchanged)d unchanged.")
        messages.success(request, message % counts)
        return redirect(self.url_of("changelist"))

    def import_wrong_view(self, request, proposal_id):
        proposal = self.own_proposal(request, proposal_id)
        if proposal is None or proposal.is_done:
            return self.leave_import(request, proposal)
        file = exports.wrong_rows(proposal, import_preview.titles_of(self.model))
        name = _("%s (wrong rows)") % self.opts.verbose_name_plural
        return FileResponse(
            file, content_type=XLSX.content_type, as_attachment=True, filename=f"{name}.xlsx"
        )
