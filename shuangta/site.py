"""The admin as one place: its front page and what stands on every page of it.

It stands beside the package of the admin pages, since these are registered with it while they are imported.
"""

from unfold.sites import UnfoldAdminSite

from shuangta.resending import ResendingSite


class RegistryAdminSite(ResendingSite, UnfoldAdminSite):
    """The one admin of the registry, in the dress of its theme."""
