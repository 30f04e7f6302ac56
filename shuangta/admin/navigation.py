"""The rooms of the admin: what is worked on together, named and ordered as an office works, in the sidebar."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Room:
    """Models that are worked on together, in working order, each with the symbol that marks it."""

    title: str
    models: dict[str, str]


ROOMS = tuple(Room(*room) for room in settings.ADMIN_ROOMS)
ROOM_OF = {label: room for room in ROOMS for label in room.models}


def sidebar(request):
    """What the user may open, as unfold's sidebar takes it: the front door, then room by room."""
    addresses = addresses_for(request)
    rooms = [
        {
            "title": room.title,
            "collapsible": True,
            "items": [
                page(*addresses[label], icon)
                for label, icon in room.models.items()
                if label in addresses
            ],
        }
        for room in ROOMS
    ]
    if "auth.User" in addresses:
        overview = _("Who may do what")
        rooms[-1]["items"].insert(
            0, page(overview, reverse("admin:accounts"), "admin_panel_settings")
        )
    return [{"items": front_door()}, *(room for room in rooms if room["items"])]


def front_door():
    return [
        page(_("To do"), reverse("admin:index"), "task_alt"),
        page(_("Help"), reverse("admin:help"), "help"),
    ]


def page(title, link, icon):
    return {"title": title, "link": link, "icon": icon}


def addresses_for(request):
    """The name and the address of each list that the user may open, by the model's label."""
    return {
        model["model"]._meta.label: (model["name"], model["admin_url"])
        for app in admin.site.get_app_list(request)
        for model in app["models"]
        if model["admin_url"]
    }


def in_order(app_list):
    """Django's list of apps and models, in the order of the rooms."""
    order = list(ROOM_OF)
    for app in app_list:
        app["models"].sort(key=lambda each: order.index(each["model"]._meta.label))
    return sorted(app_list, key=lambda app: order.index(app["models"][0]["model"]._meta.label))
