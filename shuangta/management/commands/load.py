"""``manage.py load``: create or change the records of resources from files."""

import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import translation
from rest_framework.exceptions import APIException

from shuangta.api.exceptions import InvalidRows
from shuangta.api.writes.bulk import BulkUpsert
from shuangta.api.writes.requests import roll_back
from shuangta.db.retries import retry_on_conflict
from shuangta.history.context import (
    MAX_REASON,
    AuditContext,
    audit_context,
    change_reason,
    is_reason,
    open_batch,
)
from shuangta.imports.row_files import FileError, read_numbered_rows
from shuangta.operations.databases import RequiresMigrations
from shuangta.query.resources import in_loading_order, viewsets
from shuangta.query.suggestions import unknown


class Command(RequiresMigrations, BaseCommand):
    help = (
        "Creates or changes the records of resources as files say: NDJSON, a JSON list, CSV in UTF-8 or "
        "UTF-16, or a workbook (.xlsx), as the API exports them. A row whose code exists changes that record in "
        "the fields that it names. Rows may name each other in any order; what the registry works out by itself is "
        "passed over. All rows of all files are written, or none: on SQLite all other writers wait until the command "
        "ends, about a second for 200 rows, and are refused after 20 seconds; on PostgreSQL only those of the same "
        "rows wait. In JSON lists, rows are counted; in the others, lines."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "files",
            nargs="+",
            metavar="RESOURCE FILE",
            help="A resource as in the API’s address (projects, departments …) and its file (- reads standard "
            "input), or several such pairs.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")
        parser.add_argument("--reason", default="", help="Why; kept in the history.")
        parser.add_argument("--user", help="Whose rights hold, and who is named in the history.")

    @translation.override("en")
    def handle(self, *, files, dry_run, reason, user, **options):
        files = pairs_of(files)
        if not is_reason(reason):
            raise CommandError(f"A reason is one line of up to {MAX_REASON} characters.")
        try:
            with (
                ExitStack() as stack,
                acting(user) as request,
                change_reason(reason),
                open_batch(),
            ):
                contents = {name: stack.enter_context(open_file(name)) for name in files.values()}
                plans = retry_on_conflict(partial(load, files, contents, request, dry_run))
        except InvalidFileError as error:
            self.tell(error.name, error.rows)
            count = error.rows.error_count
            raise CommandError(f"Errors: {count:,}. Nothing was written.") from error
        except APIException as error:
            raise CommandError(error.detail) from error
        except (FileError, IntegrityError) as error:
            raise CommandError(error) from error
        for resource, plan in plans.items():
            self.report(plan, f"{resource}: " if len(plans) > 1 else "")
        if dry_run:
            self.stdout.write("This was a dry run: nothing was written.")

    def report(self, plan, place):
        if plan.passed_over:
            names = ", ".join(sorted(plan.passed_over))
            self.stdout.write(f"{place}Passed over, since the registry works it out: {names}.")
        counts = "; ".join(f"{outcome}: {count:,}" for outcome, count in plan.counts.items())
        self.stdout.write(f"{place}{counts.capitalize()}.")

    def tell(self, file, error):
        for each in error.errors:
            field = f"{each['field']}: " if each["field"] else ""
            self.stdout.write(f"{file}:{each['row']}: {field}{each['detail']}")


class InvalidFileError(Exception):
    """Rows of a file are not valid."""

    def __init__(self, name, rows):
        super().__init__(name)
        self.name, self.rows = name, rows


def pairs_of(arguments):
    """The files by resource, those first that the others name."""
    if len(arguments) % 2:
        raise CommandError("Name a file after each resource.")
    pairs = list(zip(arguments[::2], arguments[1::2], strict=True))
    for resource, _file in pairs:
        if resource not in viewsets():
            message = f"There is no resource “{resource}”."
            raise CommandError(unknown(resource, viewsets(), message, "unknown"))
    files = dict(pairs)
    if len(files) < len(pairs):
        raise CommandError("Name each resource once.")
    return {resource: files[resource] for resource in in_loading_order(files)}


@contextmanager
def open_file(name):
    """A file, or what standard input holds."""
    try:
        if name == "-":
            with TemporaryFile() as file:
                copyfileobj(sys.stdin.buffer, file)
                yield file
        else:
            with Path(name).open("rb") as file:
                yield file
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error}") from error


@contextmanager
def acting(name):
    """A request with the rights of the user, whom the history then names; with all rights where none is named."""
    request = HttpRequest()
    if name is None:
        request.user = get_user_model()(is_superuser=True)
        yield request
        return
    request.user = get_user_model().objects.filter(username=name, is_active=True).first()
    if request.user is None:
        raise CommandError(f"There is no active user “{name}”.")
    token = audit_context.set(AuditContext(request=request))
    try:
        yield request
    finally:
        audit_context.reset(token)


@transaction.atomic
def load(files, contents, request, dry_run):
    """Write the rows of all files, all or none, and return what was planned, by resource.

    ``contents`` are the open files by name; each is read from its beginning.
    """
    plans = {}
    for resource, name in files.items():
        view = viewsets()[resource](request=request)
        plans[resource] = plan = BulkUpsert(view, takes_exports=True, sources_follow=True)
        with name_file(name):
            for _row in plan.write(read_numbered_rows(contents[name], plan.creating.fields)):
                pass  # What becomes of it is counted; to keep all rows would fill the memory.
            plan.refuse_errors()
    for resource, name in files.items():
        with name_file(name):
            plans[resource].check_sources()
            plans[resource].refuse_errors()
    if dry_run:
        for resource in files:
            roll_back(viewsets()[resource].queryset.model)
    return plans


@contextmanager
def name_file(name):
    """Let the errors of rows say in which file they stand."""
    try:
        yield
    except InvalidRows as error:
        raise InvalidFileError(name, error) from error
