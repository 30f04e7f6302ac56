"""Conditional requests: an ETag tells one state of an answer from every other.

Every write of a row leaves a ``Change``, so the last change stamps the state of the whole registry, in whichever
process it was made: one lookup says whether any answer can have become another. The tag of a detail begins with
that of its row, which alone ``If-Match`` compares: a change elsewhere in the registry makes no edit stale.
"""

from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Func, TextField
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.response import Response

from shuangta.api.problems import Stale, invalid
from shuangta.models import Change

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class WritersUnderWay(Func):
    """The transactions that have begun to write and are not seen yet.

    A change may be numbered before another and be seen after it; then this tells the two states apart.
    SQLite lets one write at a time.
    """

    template = "''"
    output_field = TextField()

    def as_postgresql(self, compiler, connection):
        running = "(SELECT string_agg(x::text, ',') FROM pg_snapshot_xip(pg_current_snapshot()) x)"
        return self.as_sql(compiler, connection, template=running)


def conditional(method):
    """Answers 304 where the client holds already what it would be given."""

    @wraps(method)
    def wrapped(view, request, *args, **kwargs):
        stamp = stamp_of(request)
        held = held_tag(request, stamp)
        if held:
            response = Response(status=status.HTTP_304_NOT_MODIFIED)
            response["ETag"] = held
        else:
            response = method(view, request, *args, **kwargs)
            own = response.get("ETag", "").strip('"')
            response["ETag"] = quoted(f"{own}.{stamp}" if own else stamp)
        patch_cache_control(response, no_cache=True, private=request.user.is_authenticated)
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
        return response

    return wrapped


def stamp_of(request):
    """What the answer depends on: the address, the reader, the program, and the state of the registry.

    Read before the rows are, so that the answer may be newer than its stamp and never older.
    """
    last = Change.objects.order_by("-id").annotate(writers=WritersUnderWay())
    reader = sorted(request.user.get_all_permissions()) if request.user.is_authenticated else ""
    known_by = (
        request.build_absolute_uri(),
        get_language(),
        reader,
        program(),
        last.values_list("id", "at", "writers").first(),
    )
    return sha256(repr(known_by).encode()).hexdigest()[:24]


@cache
def program():
    """A digest of the program: another release may word the same rows differently."""
    own = [Path(app.path) for app in apps.get_app_configs()]
    own = [folder for folder in own if folder.parent == settings.BASE_DIR]
    files = sorted(
        file for folder in own for kind in ("py", "mo") for file in folder.rglob(f"*.{kind}")
    )
    digest = sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def held_tag(request, stamp):
    """The tag of ``If-None-Match`` that stands for the present answer; None where none does."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return next((tag for tag in tags if tag.strip('W/"').rpartition(".")[2] == stamp), None)


def quoted(tag):
    return f'"{tag}"'


def row_tag(row):
    """What tells this version of a row from every other, also of a row restored from a backup."""
    moment = (row.updated_at - EPOCH) // timedelta(microseconds=1)
    return f"{row.version}-{moment:x}"


def refuse_stale(view, request, row):
    """Raise Stale where ``If-Match`` names no tag of the row as it is."""
    header = request.headers.get("If-Match")
    if header is None:
        return
    tags = parse_etags(header)
    if not tags:
        raise invalid(
            "If-Match", _("Send the ETag as it was received, in quotation marks."), "invalid"
        )
    known = {tag.strip('W/"').partition(".")[0] for tag in tags}
    if not known & {"*", row_tag(row)}:
        raise Stale(view.get_serializer(row).data, quoted(row_tag(row)))
