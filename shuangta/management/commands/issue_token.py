"""``manage.py issue_token``: a key with which a program acts for a user."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shuangta.api.models import ApiToken
from shuangta.operations.databases import RequiresMigrations


class Command(RequiresMigrations, BaseCommand):
    help = "Prints the key of a new API token, this once; only its digest is stored."

    def add_arguments(self, parser):
        parser.add_argument("user", help="The name of the user for whom the program acts.")
        parser.add_argument("name", help="What uses the token.")
        parser.add_argument("--days", type=int, help="How long it is valid; without it, for ever.")
        parser.add_argument(
            "--read-only", action="store_true", help="The key reads, and never writes."
        )

    def handle(self, *, user, name, days, read_only, **options):
        owner = get_user_model().objects.filter(username=user, is_active=True).first()
        if owner is None:
            raise CommandError(f"There is no active user “{user}”.")
        if days is not None and days < 1:
            raise CommandError("A token is valid for a day or more.")
        expires_at = timezone.now() + timedelta(days=days) if days else None
        access = ApiToken.Access.READ if read_only else ApiToken.Access.WRITE
        key = ApiToken.issue(owner, name, expires_at, access)
        self.stderr.write("Send it as “Authorization: Token …”. It is shown only now.")
        self.stdout.write(key)
