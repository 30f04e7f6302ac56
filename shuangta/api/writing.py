"""How a request writes: all of it or nothing, for the reason it gives, and once however often it is sent.

``?dry_run=true`` goes the same way to the same answer, has the database check all constraints, and takes it back.
"""

from functools import wraps
from urllib.parse import unquote

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.response import Response

from shuangta.api import idempotency
from shuangta.api.conditional import quoted, refuse_stale, row_tag
from shuangta.api.problems import invalid
from shuangta.api.resources import address_of
from shuangta.history import MAX_REASON, because

REASON_HEADER = "X-Change-Reason"
PARAMETERS = ("dry_run",)


def one_write(method):
    """A handler of a viewset that writes."""

    @wraps(method)
    def wrapped(view, request, *args, **kwargs):
        dry_run = is_dry_run(request)
        with because(reason_in(request)), transaction.atomic():
            kept = None if dry_run else idempotency.begin(request)
            if kept and kept.status:
                return idempotency.kept_answer(kept)
            response = method(view, request, *args, **kwargs)
            if kept:
                idempotency.keep_answer(kept, response)
            if dry_run:
                take_back(view.queryset.model)
                response["X-Dry-Run"] = "true"
        return response

    return wrapped


class Writing:
    """Create, replace, change and delete a row, over no version that the client has not seen."""

    @one_write
    def create(self, request):
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = serializer.save()
        headers = {"Location": request.build_absolute_uri(address_of(row))}
        return self.written(serializer, status.HTTP_201_CREATED, headers)

    @one_write
    def update(self, request, pk, partial=False):
        row = self.locked()
        serializer = self.get_serializer(row, data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return self.written(serializer, status.HTTP_200_OK)

    def partial_update(self, request, pk):
        return self.update(request, pk, partial=True)

    @one_write
    def destroy(self, request, pk):
        self.locked().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def written(self, serializer, code, headers=()):
        tag = {"ETag": quoted(row_tag(serializer.instance))}
        return Response(serializer.data, code, headers=dict(headers) | tag)

    def locked(self):
        """The row, which no other request changes before this one is done. Raises Stale as ``If-Match`` bids."""
        rows = self.queryset.model._base_manager.filter(pk=self.kwargs["pk"])
        rows.order_by("pk").select_for_update().first()
        row = self.get_object()
        refuse_stale(self, self.request, row)
        return row


def is_dry_run(request):
    wanted = request.query_params.get("dry_run", "false")
    if wanted not in ("true", "false"):
        raise invalid("dry_run", _("Say “true” or “false”."), "invalid_boolean")
    return wanted == "true"


def take_back(model):
    """Undo the transaction, once the constraints that are checked at its end have been checked too."""
    relations = [field.remote_field.through for field in model._meta.many_to_many]
    connection.check_constraints([each._meta.db_table for each in (model, *relations)])
    transaction.set_rollback(True)


def reason_in(request):
    """Why the client makes the change: UTF-8, as it is or percent-encoded where a client sends ASCII alone."""
    header = request.headers.get(REASON_HEADER)
    if header is None:
        return ""
    try:
        reason = unquote(header.encode("latin-1").decode(), errors="strict").strip()
    except UnicodeError as error:
        raise invalid(REASON_HEADER, _("Write the reason in UTF-8."), "invalid") from error
    if not 1 <= len(reason) <= MAX_REASON or not reason.isprintable():
        message = _("A reason is one line of up to %d characters.") % MAX_REASON
        raise invalid(REASON_HEADER, message, "invalid")
    return reason
