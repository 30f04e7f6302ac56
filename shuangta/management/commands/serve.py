"""``manage.py serve``: the production server, at a port of its own."""

import os
import sys

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from shuangta.operations.databases import database_name, refuse_unmigrated
from shuangta.operations.ports import PortError, claim_port, lock_file

# The server reads these too; where the operator states one, that one holds.
SERVER_DEFAULTS = {
    "GRANIAN_WORKERS": "2",
    "GRANIAN_BLOCKING_THREADS": "2",
    "GRANIAN_RESPAWN_FAILED_WORKERS": "true",
    "GRANIAN_RESPAWN_INTERVAL": "15",  # seconds that a reload gives the new worker to start in
    "GRANIAN_WORKERS_KILL_TIMEOUT": "30",  # seconds that a stop leaves to what is under way
}


class Command(BaseCommand):
    help = (
        "Serves the registry with the production server at SHUANGTA_LISTEN_ADDRESS (127.0.0.1) and "
        "PORT (8000), unless somebody listens there already. The server’s own options come from its "
        "variables: GRANIAN_WORKERS, GRANIAN_METRICS_ENABLED …"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="First migrate, load the fixtures into a new database, collect the static files, and "
            "make an administrator.",
        )

    def handle(self, *, prepare, **options):
        try:
            claim_port(settings.LISTEN_ADDRESS, settings.PORT)
        except PortError as error:
            advice = f"PORT={settings.PORT + 1} takes the next."
            raise CommandError(f"{error} Nothing was started; {advice}") from error
        if prepare:
            self.prepare()
        else:
            refuse_unprepared()
        connections.close_all()
        host = (
            f"[{settings.LISTEN_ADDRESS}]"
            if ":" in settings.LISTEN_ADDRESS
            else settings.LISTEN_ADDRESS
        )
        self.stdout.write(f"Serving at http://{host}:{settings.PORT}/ until Ctrl+C.")
        self.stdout.flush()
        become_server()

    def prepare(self):
        settings.STATE_DIR.mkdir(parents=True, exist_ok=True)
        lock = lock_file(settings.STATE_DIR / "prepare.lock")  # Who starts at the same time waits.
        self.stdout.write(f"Migrating {database_name()} …")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("seed", fresh=True, stdout=self.stdout)
        if not are_collected():
            self.stdout.write("Collecting the static files …")
            call_command("collectstatic", interactive=False, verbosity=0)
        call_command("ensure_admin", stdout=self.stdout)
        os.close(lock)


def refuse_unprepared():
    """Raise CommandError where pages would fail."""
    refuse_unmigrated()
    if not are_collected():
        raise CommandError(
            "The static files are not collected; “collectstatic” or “serve --prepare” does it."
        )


def are_collected():
    """Whether every static file has the name by which pages call it."""
    paths = [path for finder in get_finders() for path, _storage in finder.list([])]
    try:
        return all(map(staticfiles_storage.url, paths))
    except ValueError:  # no such file among those collected
        return False


def become_server():
    """Put the server in the place of this process, so that signals reach it."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--host", settings.LISTEN_ADDRESS, "--port", str(settings.PORT)]
    command += ["--working-dir", str(settings.BASE_DIR), "shuangta.worker:application"]
    os.execve(sys.executable, command, SERVER_DEFAULTS | os.environ)  # noqa: S606
