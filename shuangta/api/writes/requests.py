"""How a request writes: all of it or nothing, for the reason it gives, and once however often it is sent.

A list body is a plan for many rows; many are deleted by filters and a bound on how many they may be.

``?dry_run=true`` goes the same way to the same answer, has the database check all constraints, and takes it back.
"""

import re
from functools import partial, wraps
from operator import attrgetter
from urllib.parse import unquote

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from shuangta.api.parameters import FILTERS, TRUTH, Header, Parameter, endpoint
from shuangta.api.problems import invalid, read_all
from shuangta.api.protocol.etags import quote_tag, refuse_stale, row_tag, tags_in
from shuangta.api.writes import idempotency
from shuangta.api.writes.bulk import BulkUpsert
from shuangta.db.deletion import delete_all
from shuangta.db.retries import retry_on_conflict
from shuangta.history.context import MAX_REASON, change_reason, is_reason
from shuangta.query.resources import address_of

REASON_HEADER = "X-Change-Reason"
MAX_ROWS = 1000
NON_FIELD_ERRORS = "non_field_errors"  # The request as a whole, in DRF's words.


def one_write(method):
    """A handler of a viewset that writes."""

    @wraps(method)
    def wrapped(view, request, *args, **kwargs):
        refuse_body_of_deletion(request)
        with change_reason(reason_in(request)):
            return retry_on_conflict(partial(write_once, method, view, request, *args, **kwargs))

    return wrapped


@transaction.atomic
def write_once(method, view, request, *args, **kwargs):
    """What the handler answers, written whole or, where it is a dry run, taken back."""
    dry_run = is_dry_run(view)
    kept = idempotency.claim_key(request)
    if kept and kept.status:
        return idempotency.stored_answer(kept)
    response = method(view, request, *args, **kwargs)
    if kept:
        idempotency.store_answer(kept, response)
    if dry_run:
        roll_back(view.queryset.model)
        response["X-Dry-Run"] = "true"
    return response


def read_writing(view):
    """Read what the request says of its write beside the body. Raises ValidationError."""
    read_all(
        lambda: is_dry_run(view),
        lambda: reason_in(view.request),
        lambda: tags_in(view.request, "If-Match"),
        lambda: refuse_other_conditions(view.request),
    )


DRY_RUN = Parameter("dry_run", _("Answer as if it were done, and do nothing."), TRUTH, read_writing)
REASON = Header(
    REASON_HEADER,
    _("Why, kept in the history: up to 500 characters, UTF-8 or percent-encoded."),
    read=read_writing,
)
IDEMPOTENCY_KEY = Header(
    idempotency.HEADER,
    _("Makes a repeated POST safe for 24 hours: it is answered as it was."),
)
IF_MATCH = Header(
    "If-Match",
    _("The ETag of the row as it was read; 412 where it is another by now."),
    read=read_writing,
)
MAX_AFFECTED = Parameter(
    "max_affected",
    _("Delete nothing if the filters name more rows than this."),
    {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    lambda view: view.read_deletion(),
    is_required=True,
)


class WriteMixin:
    """Create, replace, change and delete a row, over no version that the client has not seen."""

    @endpoint(parameters=[DRY_RUN, REASON, IDEMPOTENCY_KEY])
    @one_write
    def create(self, request):
        refuse_if_match(request)
        if isinstance(request.data, list):
            return self.write_list(request)
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = serializer.save()
        headers = {"Location": request.build_absolute_uri(address_of(row))}
        return self.build_response(serializer, status.HTTP_201_CREATED, headers)

    def write_list(self, request):
        """Create each row of the list, or change the record that it names; all of them or none."""
        if not 1 <= len(request.data) <= MAX_ROWS:
            message = _("A list has from 1 to %d rows.") % MAX_ROWS
            code = "too_many_rows" if request.data else "empty"
            raise invalid(NON_FIELD_ERRORS, message, code)
        plan = BulkUpsert(self)
        rows = sorted(plan.write(enumerate(request.data)), key=attrgetter("number"))
        results = [row.document() for row in rows]
        plan.refuse_errors()
        return Response(plan.counts | {"results": results})

    @endpoint(parameters=[DRY_RUN, REASON, IF_MATCH])
    @one_write
    def update(self, request, pk, partial=False):
        if not has_body(request):
            raise ParseError(_("Send the values as JSON."))
        row = self.lock_row()
        serializer = self.get_serializer(row, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return self.build_response(serializer, status.HTTP_200_OK)

    @endpoint(parameters=[DRY_RUN, REASON, IF_MATCH])
    def partial_update(self, request, pk):
        return self.update(request, pk, partial=True)

    @endpoint(parameters=[DRY_RUN, REASON, IF_MATCH])
    @one_write
    def destroy(self, request, pk):
        self.lock_row().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    @endpoint(parameters=[*FILTERS, DRY_RUN, REASON, MAX_AFFECTED])
    @one_write
    def destroy_many(self, request):
        """Delete the records that the filters name, if they are no more than ``max_affected``."""
        refuse_if_match(request)
        most = read_max_affected(self)
        named = self.narrowing.of(self.get_queryset()).order_by("pk")
        rows = list(named.select_for_update(of=("self",))[: most + 1])
        if len(rows) > most:
            message = _("The filters name %d records.") % named.count()
            raise invalid("max_affected", message, "too_many_rows")
        keys = [row.pk for row in rows]
        delete_all(rows)
        return Response({"deleted": len(keys), "codes": keys})

    def read_deletion(self):
        """Read which records are meant, and how many they may be. Raises ValidationError."""
        read_all(lambda: read_max_affected(self), self.refuse_without_filter)

    def refuse_without_filter(self):
        if not self.given.keys() & {*self.filterset_class.base_filters, "search"}:
            raise invalid(
                NON_FIELD_ERRORS, _("Say by filters which records are meant."), "no_filter"
            )

    def build_response(self, serializer, code, headers=()):
        tag = {"ETag": quote_tag(row_tag(serializer.instance))}
        return Response(serializer.data, code, headers=dict(headers) | tag)

    def lock_row(self):
        """The row, which no other request changes before this one is done. Raises Stale as ``If-Match`` bids.

        Others may name it meanwhile, or two rows that come to name each other would wait for each other.
        """
        rows = self.queryset.model._base_manager.filter(pk=self.kwargs["pk"])
        rows.order_by("pk").select_for_update(no_key=True).first()
        row = self.get_object()
        refuse_stale(self, self.request, row)
        return row


def refuse_body_of_deletion(request):
    if request.method == "DELETE" and has_body(request):
        raise ParseError(_("A DELETE takes no body; filters say what is deleted."))


def has_body(request):
    return request.META.get("CONTENT_LENGTH") not in (None, "", "0")


def refuse_if_match(request):
    if "If-Match" in request.headers:
        message = _("Only a single record, at its own address, has an ETag to compare.")
        raise invalid("If-Match", message, "invalid")


def read_max_affected(view):
    if "max_affected" not in view.given:
        raise invalid("max_affected", _("Say how many records it may be at most."), "required")
    text = view.parameters.get("max_affected", "1")  # one that is repeated or empty is told as such
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise invalid("max_affected", _("Say a whole number from 1."), "invalid")
    return int(text)


def refuse_other_conditions(request):
    """Refuse what a client may mean as a condition of its write, rather than write as if it were met."""
    for header in ("If-None-Match", "If-Unmodified-Since"):
        if header in request.headers:
            message = _("A write has no such condition; If-Match names the version that it is for.")
            raise invalid(header, message, "invalid")


def is_dry_run(view):
    wanted = view.parameters.get("dry_run", "false")
    if wanted not in ("true", "false"):
        raise invalid("dry_run", _("Say “true” or “false”."), "invalid_boolean")
    return wanted == "true"


def roll_back(model):
    """Undo the transaction, once the constraints that are checked at its end have been checked too."""
    relations = [field.remote_field.through for field in model._meta.many_to_many]
    connection.check_constraints([each._meta.db_table for each in (model, *relations)])
    transaction.set_rollback(True)


def reason_in(request):
    """Why the client makes the change, in UTF-8; what is not ASCII is percent-encoded.

    Other bytes are read too where the server hands them on; the production server hands on nothing then.
    """
    header = request.headers.get(REASON_HEADER)
    if header is None:
        return ""
    try:
        reason = unquote(header.encode("latin-1").decode(), errors="strict").strip()
    except UnicodeError as error:
        raise invalid(REASON_HEADER, _("Write the reason in UTF-8."), "invalid") from error
    if not reason or not is_reason(reason):
        message = _("A reason is one line of up to %d characters; percent-encode all but ASCII.")
        message %= MAX_REASON
        raise invalid(REASON_HEADER, message, "invalid")
    return reason
