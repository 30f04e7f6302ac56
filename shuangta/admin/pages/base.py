"""Pages of a model's admin beside its list and its form."""

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin


class Pages(ModelAdmin):
    """Renders a page in the frame of the admin, and finds the record that it is about."""

    def page(self, request, template, title, record=None, **context):
        request.current_app = self.admin_site.name
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": record,
            "title": title,
            "subtitle": str(record) if record else None,
            "media": self.media,
        }
        return TemplateResponse(request, f"admin/{template}.html", {**frame, **context})

    def get_record(self, request, object_id):
        """The record that the user is about to change; 404 or 403 otherwise."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        return record

    def url_of(self, page, *args):
        """The address of one of the model's pages: changelist, change, history, restore …"""
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[quote(str(arg)) for arg in args])
