"""Conditional requests: an ETag tells one state of an answer from every other.

Every write of a row leaves a ``Revision``, so the last one stamps the state of the whole registry, in whichever
process it was made: one lookup says whether any answer can have become another. The tag of a detail begins with
that of its row, which alone ``If-Match`` compares: a change elsewhere in the registry makes no edit stale.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Func, TextField
from django.http import HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shuangta.api.exceptions import Stale, WeakTag
from shuangta.api.problems import invalid
from shuangta.history.revision import Revision

SALT = "shuangta.api.protocol.etags"
TAGS = re.compile(r'\*|(W/)?"[^",]*"(\s*,\s*(W/)?"[^",]*")*')
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class WritersUnderWay(Func):
    """The transactions that write changes and are not seen yet.

    A change may be numbered before another and be seen after it; then this tells the two states apart. Whoever
    writes a change locks their table from before its number is drawn until all see it, so no writer is missed;
    a snapshot names only those running that are older than one that has ended. SQLite lets one write at a time.
    """

    template = "''"
    output_field = TextField()

    def as_postgresql(self, compiler, connection):
        writers = """(
            SELECT string_agg(virtualtransaction, ',' ORDER BY virtualtransaction) FROM pg_locks
            JOIN pg_database ON pg_database.oid = database AND datname = current_database()
            WHERE relation = '%(table)s'::regclass AND mode = 'RowExclusiveLock'
        )"""
        return self.as_sql(compiler, connection, template=writers, table=Revision._meta.db_table)


def answer_conditionally(method):
    """Answers 304 where the client holds already what it would be given."""

    @wraps(method)
    def wrapped(view, request, *args, **kwargs):
        tags = tags_in(request, "If-None-Match")
        stamp = stamp_of(view)
        held = next((tag for tag in tags if parts_of(tag)[1] == stamp), None)
        response = None if held else method(view, request, *args, **kwargs)
        tag = held or add_stamp(response.get("ETag"), stamp)
        if held or tags == ["*"]:
            response = HttpResponseNotModified()
        response["ETag"] = tag
        privacy = {"private": True} if request.user.is_authenticated else {}
        patch_cache_control(response, no_cache=True, **privacy)
        return response

    return wrapped


def stamp_of(view):
    """What the answer depends on: the question, the reader, the program, and the state of the registry.

    Read before the rows are, so that the answer may be newer than its stamp and never older.
    """
    request = view.request
    last = Revision.objects.order_by("-id").annotate(writers=WritersUnderWay())
    user = request.user
    known_by = (
        request.build_absolute_uri(request.path),
        list(view.parameters.items()),
        request.accepted_renderer.media_type,
        get_language(),
        (user.pk, user.is_staff, sorted(user.get_all_permissions())),
        release_digest(),
        last.values_list("id", "created_at", "writers").first(),
    )
    return salted_hmac(SALT, repr(known_by), algorithm="sha256").hexdigest()[:24]


@cache
def release_digest():
    """A digest of the program: another release may word the same rows differently."""
    own = [Path(app.path) for app in apps.get_app_configs()]
    own = [folder for folder in own if folder.parent == settings.BASE_DIR]
    files = sorted(
        file for folder in own for kind in ("py", "mo") for file in folder.rglob(f"*.{kind}")
    )
    packages = sorted((each.name, each.version) for each in distributions())
    digest = sha256(repr(packages).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def tags_in(request, header):
    """The tags that a condition names, as they are; ``*`` for any. Raises ValidationError."""
    text = request.headers.get(header)
    if text is None:
        return []
    if not TAGS.fullmatch(text.strip()):
        message = _("Send the ETag as it was received, in quotation marks.")
        raise invalid(header, message, "invalid")
    return [tag.strip() for tag in text.split(",")]


def parts_of(tag):
    """The tag of the row and the stamp of the answer; of a list there is but the stamp."""
    own, _point, stamp = tag.removeprefix("W/").strip('"').rpartition(".")
    return own, stamp


def add_stamp(tag, stamp):
    """The tag of an answer; it begins with that of its row, where it tells of one."""
    return f'{tag[:-1]}.{stamp}"' if tag else quote_tag(stamp)


def quote_tag(tag):
    return f'"{tag}"'


def row_tag(row):
    """What tells this version of a row from every other, also of a row restored from a backup."""
    moment = (row.updated_at - EPOCH) // timedelta(microseconds=1)
    return f"{row.version}-{moment:x}"


def is_weak(tag):
    return tag.startswith("W/")


def refuse_stale(view, request, row):
    """Raise Stale where ``If-Match`` names no tag of the row as it is; a weak tag is none (RFC 9110, 13.1.1)."""
    tags = tags_in(request, "If-Match")
    if not tags or tags == ["*"]:
        return
    named = [parts_of(tag) for tag in tags if not is_weak(tag)]
    if row_tag(row) not in {own or stamp for own, stamp in named}:
        refusal = Stale if named else WeakTag
        raise refusal(view.get_serializer(row).data, quote_tag(row_tag(row)))
