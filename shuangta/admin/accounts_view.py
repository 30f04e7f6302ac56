"""The page for administrators: what the groups may do and who is in them, whose tokens work, who is locked out."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangta.admin.lockouts import lift, lockouts
from shuangta.api.models import ApiToken
from shuangta.records.models import record_models
from shuangta.records.visibility import PERMISSION

LONG = timedelta(days=90)
SOON = timedelta(days=30)
MAX_ROWS = 200


@dataclass(frozen=True)
class Row:
    """A user or a token, with what an administrator should notice of it: words, each with its colour."""

    of: User | ApiToken
    marks: list[tuple[str, str]]


def accounts(request):
    """The page; what is sent to it lifts a lockout."""
    of_users = admin.site.get_model_admin(User)
    if not of_users.has_view_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        return lift_lockout(request, of_users)
    users, tokens = users_in_order(), tokens_in_order(request)
    context = {
        "title": _("Who may do what"),
        "groups": [(group, abilities(group)) for group in groups_with_members()],
        "users": [Row(user, user_marks(user)) for user in users[:MAX_ROWS]],
        "user_count": users.count(),
        "tokens": [Row(token, token_marks(token)) for token in tokens[:MAX_ROWS]],
        "token_count": tokens.count(),
        "lockouts": lockouts(),
        "may_add": of_users.has_add_permission(request),
        "may_change": of_users.has_change_permission(request),
    }
    frame = admin.site.each_context(request)
    return TemplateResponse(request, "admin/accounts.html", {**frame, **context})


def lift_lockout(request, users):
    if not users.has_change_permission(request):
        raise PermissionDenied
    username = request.POST.get("username", "")
    if lift(username, request.POST.get("ip_address", "")):
        messages.success(request, _("“%(name)s” may log in again.") % {"name": username})
    else:
        messages.info(request, _("“%(name)s” is not locked out.") % {"name": username})
    return redirect("admin:accounts")


def groups_with_members():
    return Group.objects.order_by("name").prefetch_related(
        Prefetch("user_set", User.objects.order_by("username"), to_attr="members"),
        Prefetch("permissions", Permission.objects.select_related("content_type")),
    )


def abilities(group):
    """What the members of the group may do, each as what it is and how far it goes."""
    held = {f"{each.content_type.app_label}.{each.codename}" for each in group.permissions.all()}
    return [
        (_("See records"), how_far(held, "view")),
        (_("Add records"), how_far(held, "add")),
        (_("Change records"), how_far(held, "change")),
        (_("Delete records"), how_far(held, "delete")),
        (_("Publish records, and take them back"), yes_or_no(PERMISSION in held)),
        (_("Make tokens for programs"), yes_or_no("shuangta.add_apitoken" in held)),
        (_("Keep users"), yes_or_no("auth.change_user" in held)),
    ]


def how_far(held, action):
    """Of how many types of records the permissions allow an action."""
    labels = [model._meta for model in record_models()]
    count = sum(f"{meta.app_label}.{action}_{meta.model_name}" in held for meta in labels)
    if count in (0, len(labels)):
        return yes_or_no(count > 0)
    return _("%(count)d of %(all)d types") % {"count": count, "all": len(labels)}


def yes_or_no(may):
    return _("Yes") if may else _("No")


def users_in_order():
    return User.objects.order_by("-is_active", "username").prefetch_related("groups")


def user_marks(user):
    """What should be noticed of a user."""
    if not user.is_active:
        return [(_("Closed"), "danger")]
    marks = [
        (user.is_superuser, _("Superuser, may do everything"), "info"),
        (not user.is_staff, _("No staff, cannot open these pages"), "warning"),
        (not (user.is_superuser or user.groups.all()), _("In no group"), "warning"),
        (user.last_login is None, _("Never logged in"), "warning"),
        (is_long_ago(user.last_login), _("Not logged in for 90 days"), "warning"),
    ]
    return [(words, colour) for holds, words, colour in marks if holds]


def tokens_in_order(request):
    """The tokens that are not revoked, as far as the user may see them."""
    tokens = admin.site.get_model_admin(ApiToken)
    if not tokens.has_view_permission(request):
        return ApiToken.objects.none()
    unrevoked = tokens.get_queryset(request).filter(revoked_at=None).select_related("user")
    return unrevoked.order_by("user__username", "name")


def token_marks(token):
    """What should be noticed of a token that is not revoked."""
    now = timezone.now()
    if token.state == ApiToken.State.EXPIRED:
        return [(token.state.label, "danger")]
    marks = [
        (not token.user.is_active, _("Its user is closed"), "danger"),
        (token.expires_at is None, _("Valid for ever"), "info"),
        (
            token.expires_at and token.expires_at < now + SOON,
            _("Expires within 30 days"),
            "warning",
        ),
        (token.last_used_at is None, _("Never used"), "warning"),
        (is_long_ago(token.last_used_at), _("Not used for 90 days"), "warning"),
    ]
    return [(words, colour) for holds, words, colour in marks if holds]


def is_long_ago(moment):
    return moment is not None and timezone.now() - moment > LONG
