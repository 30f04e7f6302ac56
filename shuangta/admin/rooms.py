"""The rooms of the admin's sidebar: one for each app, its models in the order in which they are written."""

from django.apps import apps
from django.contrib import admin

from shuangta.models import entry_models


def rooms(request):
    """What the user may open, as the sidebar takes it."""
    listed = {app["app_label"]: app for app in admin.site.get_app_list(request)}
    with_entries = dict.fromkeys(model._meta.app_label for model in entry_models())
    labels = [*with_entries, *(label for label in listed if label not in with_entries)]
    return [
        {
            "title": listed[label]["name"],
            "collapsible": True,
            "items": [
                {"title": model["name"], "link": model["admin_url"]}
                for model in in_written_order(label, listed[label]["models"])
            ],
        }
        for label in labels
        if label in listed
    ]


def in_written_order(label, listed):
    written = list(apps.get_app_config(label).get_models())
    return sorted(listed, key=lambda model: written.index(model["model"]))
