"""The admin as one place: its front page and what stands on every page of it."""

from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from shuangta.admin import accounts_view, navigation, search_view
from shuangta.admin.dashboard import Dashboard
from shuangta.admin.page_budget import BoundedSite
from shuangta.admin.resending import ResendingSite
from shuangta.db.retries import RepeatingSite


class RegistryAdminSite(BoundedSite, RepeatingSite, ResendingSite, UnfoldAdminSite):
    """The one admin of the registry, in the dress of its theme."""

    index_title = gettext_lazy("To do")

    def index(self, request, extra_context=None):
        board = Dashboard(request, self)
        context = {"sections": board.sections(), "may_see_records": bool(board.models)}
        return super().index(request, context | (extra_context or {}))

    def get_urls(self):
        return [
            path("help/", self.admin_view(self.help), name="help"),
            path("accounts/", self.admin_view(accounts_view.accounts), name="accounts"),
            *super().get_urls(),
        ]

    def get_app_list(self, request, app_label=None):
        return navigation.in_order(super().get_app_list(request, app_label))

    def password_change(self, request, extra_context=None):
        # Importing it registers the users with this site, which must stand by then.
        from shuangta.admin.accounts import OwnPasswordView

        context = self.each_context(request) | (extra_context or {})
        return OwnPasswordView.as_view(extra_context=context)(request)

    def help(self, request):
        """How the day's work goes."""
        context = {**self.each_context(request), "title": _("Help")}
        return TemplateResponse(request, "admin/help.html", context)

    def search(self, request, extra_context=None):
        """Search across all types, as the palette shows it or on a page of its own."""
        return search_view.render_results(self, request)
