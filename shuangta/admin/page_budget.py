"""Pages of the admin that would take too long: they may read for as long as a question to the API may."""

from functools import wraps

from django.conf import settings
from django.contrib.admin.sites import AdminSite
from django.template.response import TemplateResponse

from shuangta.db.read_budget import BudgetError, read_budget


class BoundedSite(AdminSite):
    """An admin that breaks off what a page reads for too long."""

    def admin_view(self, view, cacheable=False):
        return super().admin_view(limit_reads(view), cacheable)


def exempt_file(view):
    """Mark a view that sends a file, which may read for as long as it takes."""
    view.makes_file = True
    return view


def limit_reads(view):
    """The view within its budget; the page is rendered inside, since a template reads as well."""
    if getattr(view, "makes_file", False):
        return view

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        try:
            with read_budget(settings.READ_SECONDS):
                response = view(request, *args, **kwargs)
                return response.render() if hasattr(response, "render") else response
        except BudgetError:
            return TemplateResponse(request, "too_costly.html", status=503)

    return wrapped
