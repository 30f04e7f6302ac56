"""Pages that export a list, filtered, searched and ordered as it is looked at, to a spreadsheet."""

from django.contrib import messages
from django.contrib.admin.views.main import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from shuangta.admin.page_budget import exempt_file
from shuangta.admin.pages.base import Pages
from shuangta.api.exceptions import Busy
from shuangta.db.keyset import count_rows
from shuangta.imports import exports
from shuangta.query.resources import viewset_of
from shuangta.tabular.formats import CSV, XLSX
from shuangta.tabular.xlsx_writer import WorkbookError

FORMATS = {each.format: each for each in (XLSX, CSV)}


class ExportAdmin(Pages):
    """Lists that can be exported by whoever may look at them."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        guard = self.admin_site.admin_view
        return [
            path(
                "export/<str:file_format>/",
                guard(self.export_file_view),
                name=f"{name}_export_file",
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """Let the way to the export lead on with what the list is narrowed to."""
        response = super().changelist_view(request, extra_context)
        export = self.url_of("export_rows")
        for each in getattr(response, "context_data", {}).get("actions_list", ()):
            if each.get("path") == export and request.GET:
                each["path"] = f"{export}?{request.GET.urlencode()}"
        return response

    @action(
        description=gettext_lazy("Export"),
        permissions=["view"],
        url_path="export",
        icon="download",
    )
    def export_rows(self, request):
        count, is_exact = count_rows(self.listed_rows(request))
        query = request.GET.urlencode()
        return self.page(
            request,
            "export",
            _("Export"),
            count=count,
            is_exact=is_exact,
            is_narrowed=bool(query),
            query=f"?{query}" if query else "",
            xlsx=self.url_of("export_file", "xlsx"),
            csv=self.url_of("export_file", "csv"),
            back=self.url_of("changelist"),
        )

    @exempt_file
    def export_file_view(self, request, file_format):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if file_format not in FORMATS:
            raise Http404
        written = FORMATS[file_format]
        view, rows = viewset_of(self.model)(request=request), self.listed_rows(request)
        try:
            content = exports.export_sheet(view, rows, written)
        except WorkbookError as error:
            return self.refuse_export(request, str(error))
        except Busy as error:
            return self.refuse_export(request, error.detail)
        file_name = f"{self.opts.verbose_name_plural}-{timezone.localdate()}.{file_format}"
        answer = StreamingHttpResponse if written.is_streamed else FileResponse
        return answer(
            content,
            content_type=written.content_type,
            headers={"Content-Disposition": content_disposition_header(True, file_name)},
        )

    def refuse_export(self, request, message):
        messages.error(request, message)
        return redirect(f"{self.url_of('export_rows')}?{request.GET.urlencode()}")

    def listed_rows(self, request):
        """The rows of the list as its address narrows and orders them, on whichever page they stand."""
        try:
            return self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters as error:
            raise Http404 from error
