"""The rooms of the admin: first the apps of the registry, each with its models as they are written."""

from django.apps import apps
from django.contrib import admin

from shuangta.models import entry_models


def sidebar(request):
    """What the user may open, as unfold's sidebar takes it."""
    return [
        {
            "title": room["name"],
            "collapsible": True,
            "items": [
                {"title": model["name"], "link": model["admin_url"]} for model in room["models"]
            ],
        }
        for room in apps_in_order(request)
    ]


def front_page(request, context):
    """The admin's front page, in the order of the sidebar."""
    return {**context, "app_list": apps_in_order(request)}


def apps_in_order(request):
    listed = {app["app_label"]: app for app in admin.site.get_app_list(request)}
    with_entries = dict.fromkeys(model._meta.app_label for model in entry_models())
    labels = [*with_entries, *(label for label in listed if label not in with_entries)]
    return [
        {**listed[label], "models": in_written_order(label, listed[label]["models"])}
        for label in labels
        if label in listed
    ]


def in_written_order(label, models):
    written = list(apps.get_app_config(label).get_models())
    return sorted(models, key=lambda model: written.index(model["model"]))
