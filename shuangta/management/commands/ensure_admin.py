"""``manage.py ensure_admin``: somebody must be able to log in."""

import secrets

from axes.utils import reset as lift_lockout
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.urls import reverse

from shuangta.operations.databases import RequiresMigrations

NAME = "admin"


class Command(RequiresMigrations, BaseCommand):
    help = (
        f"Creates the superuser “{NAME}” with a random password, which is printed this once, where "
        "no superuser is active."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset",
            action="store_true",
            help=f"Give “{NAME}” a new random password, and let the account log in again.",
        )

    def handle(self, *, reset, **options):
        users = get_user_model().objects
        if reset:
            self.give_password(users.filter(username=NAME).first())
        elif users.filter(is_superuser=True, is_active=True).exists():
            self.stdout.write("A superuser is there already; its password is as it was.")
        elif users.filter(username=NAME).exists():
            self.stdout.write(
                f"No superuser is active, and “{NAME}” is none: ensure_admin --reset makes it one."
            )
        else:
            self.give_password(None)

    def give_password(self, user):
        user = user or get_user_model()(username=NAME)
        user.is_active = user.is_staff = user.is_superuser = True
        password = secrets.token_urlsafe(12)
        user.set_password(password)
        user.save()
        lift_lockout(username=NAME)
        self.stdout.write(
            f"Log in at {address()} as {NAME} with the password {password} (shown only now)."
        )


def address():
    """Where the admin is; a public site knows its own host."""
    path = reverse("admin:index")
    return f"http://127.0.0.1:{settings.PORT}{path}" if settings.LOCAL else path
