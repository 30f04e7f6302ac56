"""What was sent to a page of the admin by a browser whose session had ended: kept until somebody logs in.

It is kept in the session, also in that of nobody, which logging in takes over. Nothing is sent again but by the
press of a button on a page that says what it is and whose it was. Only what our own pages sent is kept, from a
browser in which an editor has been logged in, without passwords, without files, and not for long.
"""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import csrf

KEPT = "kept"
SENT_AGAIN = "_kept"
LAST_USER_KEY = "user_before"
COOKIE = "editor"
COOKIE_AGE = timedelta(days=90)
KEPT_FOR = timedelta(days=1)
MAX_POSTS = 5
MAX_POST_CHARS = 500_000
NOT_TYPED = ("csrfmiddlewaretoken", SENT_AGAIN)


def csrf_failure(request, reason=""):
    """Keep what a page sent that was opened before its user logged in again; refuse everything else."""
    login = reverse("admin:login")
    if request.path == login and is_own(request):
        messages.warning(request, _("This page was too old. Log in once more."))
        return redirect(request.get_full_path())
    if request.path.startswith(reverse("admin:index")) and store_post(request):
        kept = reverse("admin:kept")
        return redirect(kept) if request.user.is_authenticated else redirect_to_login(kept, login)
    return csrf.csrf_failure(request, reason)


def store_post(request):
    """Whether what the request sent is kept now; what must not or cannot be kept is not."""
    author = author_of(request)
    fields = [[name, values] for name, values in request.POST.lists() if name not in NOT_TYPED]
    if author is None or not fields or not is_typed(request) or not is_own(request):
        return False
    if sum(len(name) + sum(map(len, values)) for name, values in fields) > MAX_POST_CHARS:
        message = _("What you typed is too long to be kept. Go back in your browser to copy it.")
        messages.warning(request, message)
        return False
    entry = {
        "id": secrets.token_hex(8),
        "path": request.get_full_path(),
        "author": author,
        "at": timezone.now().isoformat(),
        "fields": fields,
        "files": list(request.FILES),
    }
    earlier = [each for each in stored_post(request) if each["id"] != request.POST.get(SENT_AGAIN)]
    request.session[KEPT] = [*earlier, entry][-MAX_POSTS:]
    return True


def is_typed(request):
    """Whether the request sent a form of an editor's work, rather than passwords or what leads nowhere."""
    leading_nowhere = [reverse(f"admin:{name}") for name in ("login", "logout", "kept")]
    return (
        request.path not in leading_nowhere
        and "HX-Request" not in request.headers
        and not any("password" in name for name in request.POST)
    )


def is_own(request):
    """Whether the browser says that a page of this site sent the request."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    is_trusted = origin is None or CsrfViewMiddleware(csrf_failure)._origin_verified(request)
    return bool(origin or site) and is_trusted and site in (None, "same-origin")


def stored_post(request):
    """All that is kept and not too old."""
    oldest = timezone.now() - KEPT_FOR
    entries = request.session.get(KEPT, [])
    return [each for each in entries if datetime.fromisoformat(each["at"]) > oldest]


def drop(request, key):
    request.session[KEPT] = [each for each in stored_post(request) if each["id"] != key]


def author_of(request):
    """The key of the user who opened the page that was sent.

    Where somebody is logged in, the page is older than that, and its user is the one who was logged in before.
    """
    before = request.session.get(LAST_USER_KEY) if request.user.is_authenticated else None
    return before or last_user(request)


def last_user(request):
    """The key of the user who was the last to be logged in in this browser."""
    return request.get_signed_cookie(COOKIE, None, max_age=COOKIE_AGE)


def remember_user(request, response):
    """Let the browser tell later who was logged in, when the session no longer does."""
    response.set_signed_cookie(
        COOKIE,
        str(request.user.pk),
        max_age=COOKIE_AGE,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def path_of(entry):
    return urlsplit(entry["path"]).path
