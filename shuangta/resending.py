"""An admin that keeps what was typed when the session had ended, and offers to send it again."""

from datetime import datetime
from functools import update_wrapper

from django.contrib import messages
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, path, resolve, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shuangta import keeping


class ResendingSite(AdminSite):
    def get_urls(self):
        return [path("kept/", self.admin_view(self.kept_view), name="kept"), *super().get_urls()]

    def admin_view(self, view, cacheable=False):
        """As Django's own, but what nobody sent is kept, and the browser remembers who was logged in."""
        guarded = super().admin_view(view, cacheable)

        def keeping_view(request, *args, **kwargs):
            may_enter = self.has_permission(request)
            if request.user.is_anonymous and keeping.keep(request):
                return redirect_to_login(reverse("admin:kept"), reverse("admin:login"))
            response = guarded(request, *args, **kwargs)
            if may_enter and response.status_code < 400:
                self.settle(request, response)
            return response

        return update_wrapper(keeping_view, guarded)

    def settle(self, request, response):
        """Forget what was sent again."""
        if keeping.SENT_AGAIN in request.POST:
            keeping.drop(request, request.POST[keeping.SENT_AGAIN])
        if request.user.is_authenticated and keeping.last_user(request) is None:
            keeping.remember_user(request, response)

    def login(self, request, extra_context=None):
        if request.method == "GET" and request.user.is_anonymous and keeping.kept(request):
            message = _("Your session had ended. What you typed is kept: log in to send it.")
            messages.info(request, message)
        before = keeping.last_user(request)
        response = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated:
            request.session[keeping.BEFORE] = before
            keeping.remember_user(request, response)
        return response

    def kept_view(self, request):
        """The page that shows what is kept, and offers to send it again or to discard it."""
        if request.method == "POST":
            keeping.drop(request, request.POST.get("discard"))
            if not keeping.kept(request):
                return redirect("admin:index")
        entries = [self.kept_entry(request, each) for each in reversed(keeping.kept(request))]
        context = {
            **self.each_context(request),
            "title": _("What you typed is kept"),
            "entries": entries,
        }
        return TemplateResponse(request, "admin/kept.html", context)

    def kept_entry(self, request, entry):
        is_own = entry["author"] == str(request.user.pk)
        author = get_user_model().objects.filter(pk=entry["author"]).first() or _("Somebody")
        return {
            **entry,
            "at": datetime.fromisoformat(entry["at"]),
            "page": self.name_of_page(request, keeping.path_of(entry)),
            "another": None if is_own else author,
            "typed": [(name, values) for name, values in entry["fields"] if any(values)],
        }

    def name_of_page(self, request, address):
        """What a page of the admin is about, where that can be told from its address."""
        try:
            match = resolve(address)
        except Resolver404:
            return address
        for model, model_admin in self._registry.items():
            meta = model._meta
            named = (match.url_name or "").startswith(f"{meta.app_label}_{meta.model_name}_")
            if named and model_admin.has_view_permission(request):
                record = self.record_of_page(model, match.kwargs.get("object_id"))
                return " · ".join(
                    str(each) for each in (capfirst(meta.verbose_name), record) if each
                )
        return address

    def record_of_page(self, model, object_id):
        if object_id is None:
            return None
        return model._base_manager.filter(pk=unquote(object_id)).first()
