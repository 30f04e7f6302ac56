"""The admin as one place: its front page and what stands on every page of it.

It stands beside the package of the admin pages, since these are registered with it while they are imported.
"""

from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from shuangta.resending import ResendingSite


class RegistryAdminSite(ResendingSite, UnfoldAdminSite):
    """The one admin of the registry, in the dress of its theme."""

    index_title = _("To do")

    def index(self, request, extra_context=None):
        from shuangta.admin.board import Board

        board = {"sections": Board(request, self).sections(request)}
        return super().index(request, board | (extra_context or {}))
