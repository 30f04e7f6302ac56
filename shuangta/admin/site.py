"""The admin as one place: its front page and what stands on every page of it.

It stands beside the package of the admin pages, since these are registered with it while they are imported;
so it asks for them only when it is asked itself.
"""

from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from shuangta.admin.page_budget import BoundedSite
from shuangta.admin.resending import ResendingSite
from shuangta.db.retries import RepeatingSite


class RegistryAdminSite(BoundedSite, RepeatingSite, ResendingSite, UnfoldAdminSite):
    """The one admin of the registry, in the dress of its theme."""

    index_title = gettext_lazy("To do")

    def index(self, request, extra_context=None):
        from shuangta.admin.dashboard import Dashboard

        board = Dashboard(request, self)
        context = {"sections": board.sections(), "may_see_records": bool(board.models)}
        return super().index(request, context | (extra_context or {}))

    def get_urls(self):
        from shuangta.admin import accounts_view

        return [
            path("help/", self.admin_view(self.help), name="help"),
            path("accounts/", self.admin_view(accounts_view.accounts), name="accounts"),
            *super().get_urls(),
        ]

    def get_app_list(self, request, app_label=None):
        from shuangta.admin import navigation

        return navigation.in_order(super().get_app_list(request, app_label))

    def password_change(self, request, extra_context=None):
        from shuangta.admin.accounts import OwnPasswordView

        context = self.each_context(request) | (extra_context or {})
        return OwnPasswordView.as_view(extra_context=context)(request)

    def help(self, request):
        """How the day's work goes."""
        context = {**self.each_context(request), "title": _("Help")}
        return TemplateResponse(request, "admin/help.html", context)

    def search(self, request, extra_context=None):
        """Search across all types, as the palette shows it or on a page of its own."""
        from shuangta.admin import search_view

        return search_view.render_results(self, request)
