"""An admin that keeps what was typed when the session had ended, and offers to send it again."""

import re
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

from shuangta.admin import kept_posts

UNSEEN = r"_|initial-|.+-__prefix__-|.+-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$"
"""The controls that a page has for itself: its buttons, the pattern of a new row, and what counts the rows."""


class ResendingSite(AdminSite):
    def get_urls(self):
        return [path("kept/", self.admin_view(self.kept_view), name="kept"), *super().get_urls()]

    def admin_view(self, view, cacheable=False):
        """As Django's own, but what nobody sent is kept, and the browser remembers who was logged in."""
        guarded = super().admin_view(view, cacheable)

        def keeping_view(request, *args, **kwargs):
            may_enter = self.has_permission(request)
            if request.user.is_anonymous and kept_posts.store_post(request):
                return redirect_to_login(reverse("admin:kept"), reverse("admin:login"))
            response = guarded(request, *args, **kwargs)
            if may_enter and response.status_code < 400:
                self.settle(request, response)
            return response

        return update_wrapper(keeping_view, guarded)

    def settle(self, request, response):
        """Forget what was sent again."""
        if kept_posts.SENT_AGAIN in request.POST:
            kept_posts.drop(request, request.POST[kept_posts.SENT_AGAIN])
        if request.user.is_authenticated and kept_posts.last_user(request) is None:
            kept_posts.remember_user(request, response)

    def login(self, request, extra_context=None):
        if (
            request.method == "GET"
            and request.user.is_anonymous
            and kept_posts.stored_post(request)
        ):
            message = _("Your session had ended. What you typed is kept: log in to send it.")
            messages.info(request, message)
        before = kept_posts.last_user(request)
        response = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated:
            request.session[kept_posts.LAST_USER_KEY] = before
            kept_posts.remember_user(request, response)
        return response

    def kept_view(self, request):
        """The page that shows what is kept, and offers to send it again or to discard it."""
        if request.method == "POST":
            kept_posts.drop(request, request.POST.get("discard"))
            if not kept_posts.stored_post(request):
                return redirect("admin:index")
        entries = [
            self.kept_entry(request, each) for each in reversed(kept_posts.stored_post(request))
        ]
        context = {
            **self.each_context(request),
            "title": _("What you typed is kept"),
            "entries": entries,
        }
        return TemplateResponse(request, "admin/kept.html", context)

    def kept_entry(self, request, entry):
        is_own = entry["author"] == str(request.user.pk)
        author = get_user_model().objects.filter(pk=entry["author"]).first() or _("Somebody")
        model_admin, record = self.page_of(request, entry)
        labels = labels_of(model_admin, request, record) if model_admin else {}
        return {
            **entry,
            "at": datetime.fromisoformat(entry["at"]),
            "page": page_name(entry, model_admin, record),
            "another": None if is_own else author,
            "typed": list(label_values(entry["fields"], labels)),
        }

    def name_of_page(self, request, entry):
        """What the page that was sent is about; its address where that cannot be told."""
        return page_name(entry, *self.page_of(request, entry))

    def page_of(self, request, entry):
        """The admin of the page that was sent, and the record that it is about, where there is one."""
        try:
            match = resolve(kept_posts.path_of(entry))
        except Resolver404:
            return None, None
        for model, model_admin in self._registry.items():
            meta = model._meta
            named = (match.url_name or "").startswith(f"{meta.app_label}_{meta.model_name}_")
            if named and model_admin.has_view_permission(request):
                key = match.kwargs.get("object_id")
                return model_admin, key and model_admin.get_object(request, unquote(key))
        return None, None


def page_name(entry, model_admin, record):
    if model_admin is None:
        return kept_posts.path_of(entry)
    parts = (capfirst(model_admin.opts.verbose_name), record)
    return " · ".join(str(each) for each in parts if each)


def labels_of(model_admin, request, record):
    """By the name of a control, with # for the number of its row: its label, or nothing where it is hidden."""
    fields = dict(model_admin.get_form(request, record).base_fields)
    labels = {name: label_of(field) for name, field in fields.items()}
    for formset, inline in model_admin.get_formsets_with_inlines(request, record):
        rows = capfirst(inline.opts.verbose_name)
        for name, field in formset.form.base_fields.items():
            label = label_of(field)
            labels[f"{formset.get_default_prefix()}-#-{name}"] = label and f"{rows} # · {label}"
    return labels


def label_of(field):
    return "" if field.widget.is_hidden else str(field.label)


def label_values(fields, labels):
    """What was typed, with the labels of the controls; without what was in the page unseen."""
    for name, values in fields:
        row = re.search(r"-(\d+)-", name)
        number = int(row[1]) + 1 if row else ""
        label = labels.get(re.sub(r"-\d+-", "-#-", name), name).replace("#", str(number))
        if label and any(values) and not re.match(UNSEEN, name):
            yield label, values
