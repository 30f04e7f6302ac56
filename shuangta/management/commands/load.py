"""``manage.py load``: create or change the records of one resource from a file."""

import sys
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from rest_framework.exceptions import APIException

from shuangta.api.files import FileError, numbered_rows
from shuangta.api.plans import Plan
from shuangta.api.problems import InvalidRows, unknown
from shuangta.api.resources import viewsets
from shuangta.api.writing import take_back
from shuangta.origins import MAX_REASON, Origin, because, may_be_reason, origin
from shuangta.repeating import repeated


class Command(BaseCommand):
    help = (
        "Creates or changes the records of a resource as a file says: NDJSON, a JSON list or CSV, "
        "in UTF-8. A row whose code exists changes that record in the fields that it names. "
        "All rows are written, or none: on SQLite all other writers wait until the command ends, about a "
        "second for 200 rows, and are refused after 20 seconds; on PostgreSQL only those of the same "
        "rows wait. In JSON lists, rows are counted; in the others, lines."
    )

    def add_arguments(self, parser):
        parser.add_argument("resource", help="As in the API’s address: projects, departments …")
        parser.add_argument("file", help="The file; - reads standard input.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")
        parser.add_argument("--reason", default="", help="Why; kept in the history.")
        parser.add_argument("--user", help="Whose rights hold, and who is named in the history.")

    def handle(self, *, resource, file, dry_run, reason, user, **options):
        viewset = viewset_named(resource)
        if not may_be_reason(reason):
            raise CommandError(f"A reason is one line of up to {MAX_REASON} characters.")
        try:
            with opened(file) as lines, acting(user) as request, because(reason):
                write = partial(load, viewset(request=request), lines, dry_run)
                counts = repeated(write, before_repeating=partial(lines.seek, 0))
        except InvalidRows as error:
            self.tell(file, error)
            raise CommandError(f"Errors: {error.error_count:,}. Nothing was written.") from error
        except APIException as error:
            raise CommandError(error.detail) from error
        except (FileError, IntegrityError) as error:
            raise CommandError(error) from error
        told = "; ".join(f"{outcome}: {count:,}" for outcome, count in counts.items())
        end = " This was a dry run: nothing was written." if dry_run else ""
        self.stdout.write(f"{told.capitalize()}.{end}")

    def tell(self, file, error):
        for each in error.errors:
            field = f"{each['field']}: " if each["field"] else ""
            self.stdout.write(f"{file}:{each['row']}: {field}{each['detail']}")


def viewset_named(resource):
    if resource not in viewsets():
        message = f"There is no resource “{resource}”."
        raise CommandError(unknown(resource, viewsets(), message, "unknown"))
    return viewsets()[resource]


@contextmanager
def opened(name):
    """The lines of a file, or of standard input."""
    try:
        with kept_input() if name == "-" else Path(name).open("rb") as file:
            yield TextIOWrapper(file, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"The file is not UTF-8: {error}") from error


@contextmanager
def kept_input():
    """Standard input as a file, which can be read again from its beginning."""
    with TemporaryFile() as file:
        copyfileobj(sys.stdin.buffer, file)
        file.seek(0)
        yield file


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
    token = origin.set(Origin(request=request))
    try:
        yield request
    finally:
        origin.reset(token)


@transaction.atomic
def load(view, lines, dry_run):
    """Write the rows, all or none, and return how many records they created, changed and left alone."""
    plan = Plan(view)
    for _row in plan.write(numbered_rows(lines, plan.creating.fields)):
        pass  # What becomes of it is counted; to keep all rows would fill the memory.
    plan.refuse_errors()
    if dry_run:
        take_back(view.queryset.model)
    return plan.counts
