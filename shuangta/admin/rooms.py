"""The rooms of the admin: what is worked on together, named and ordered as an office works, in the sidebar."""

from dataclasses import dataclass

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Room:
    """Models that are worked on together, in working order, each with the symbol that marks it."""

    title: str
    models: dict[str, str]


ROOMS = (
    Room(
        _("Sources"),
        {
            "seeds.Document": "newspaper",
            "seeds.Article": "article",
            "seeds.Passage": "segment",
            "seeds.Citation": "format_quote",
        },
    ),
    Room(
        _("Places and figures"),
        {
            "districts.District": "map",
            "districts.Place": "location_on",
            "districts.PlaceRole": "signpost",
            "districts.Park": "park",
            "districts.Garden": "local_florist",
            "districts.IndustrialPark": "factory",
            "districts.BuildingGroup": "apartment",
            "districts.Observation": "bar_chart",
            "districts.DeclaredCount": "fact_check",
            "districts.Indicator": "straighten",
        },
    ),
    Room(
        _("Projects and enterprises"),
        {
            "projects.Project": "construction",
            "projects.Participation": "handshake",
            "projects.Enterprise": "business_center",
            "projects.Sector": "category",
        },
    ),
    Room(
        _("Policy and programmes"),
        {
            "governance.Initiative": "flag",
            "governance.Measure": "checklist",
            "governance.PolicyDocument": "gavel",
            "governance.WorkingGroup": "groups",
            "governance.WorkingGroupMember": "badge",
        },
    ),
    Room(
        _("Grid and departments"),
        {
            "governance.Department": "account_balance",
            "governance.ServiceItem": "assignment",
            "governance.Grid": "grid_on",
            "governance.Platform": "devices",
            "governance.PlatformFunction": "widgets",
        },
    ),
    Room(
        _("Government service hall"),
        {
            "governance.ServiceHall": "storefront",
            "governance.ServiceArea": "view_module",
            "governance.Window": "desk",
        },
    ),
    Room(_("Employment"), {"governance.JobFair": "work"}),
    Room(
        _("Volunteers"),
        {
            "governance.VolunteerTeam": "volunteer_activism",
            "governance.VolunteerCategory": "diversity_3",
        },
    ),
    Room(
        _("Registry"),
        {
            "shuangta.Change": "history",
            "shuangta.FormerCode": "tag",
            "shuangta.ApiToken": "key",
        },
    ),
    Room(_("Users and groups"), {"auth.User": "person", "auth.Group": "group"}),
)

ROOM_OF = {label: room for room in ROOMS for label in room.models}


def sidebar(request):
    """What the user may open, as unfold's sidebar takes it: the front door, then room by room."""
    addresses = addresses_for(request)
    rooms = [
        {
            "title": room.title,
            "collapsible": True,
            "items": [
                page(names[0], names[1], icon)
                for label, icon in room.models.items()
                if (names := addresses.get(label))
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
