"""``changes/``: the feed over HTTP, for who keeps a copy of the registry or follows what becomes of it.

A cursor is good for one reader and one history: where the reader has come to see more or less since, or the registry
was restored from a backup, it does not go on (410), for what was read before may be another by now.
"""

from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlencode

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.reverse import reverse

from shuangta.api.fields import MomentField
from shuangta.api.pagination import PAGE_SIZE, page_size
from shuangta.api.parameters import TEXT, NameList, Parameter, endpoint
from shuangta.api.problems import from_model, invalid
from shuangta.api.protocol.costs import limit_cost
from shuangta.api.protocol.etags import answer_conditionally
from shuangta.api.protocol.links import link_header
from shuangta.api.search import TYPES
from shuangta.api.sparse_fields import NO_FIELD
from shuangta.api.strict_parameters import listed_names
from shuangta.history.models import Restoration, revisioned_models
from shuangta.history.revision import Revision
from shuangta.query.parameters import MomentField as MomentParameter
from shuangta.query.resources import viewset_of, viewsets
from shuangta.records import feed
from shuangta.records.visibility import may_view

SALT = "shuangta.api.changes"
EXPANDABLE = ("record",)
PARAMETERS = [
    Parameter(
        "since",
        _("Where to go on: “since” of an earlier answer, or a moment."),
        TEXT,
        lambda view: view.position,
    ),
    TYPES,
    replace(PAGE_SIZE, read=lambda view: page_size(view.parameters)),
    NameList(
        "expand",
        _("The relations to tell in full, and the evidence of each value."),
        read=lambda view: view.expanded_fields,
        choices=lambda view: EXPANDABLE,
    ),
]


class Gone(exceptions.APIException):
    """The feed does not go on from where the client stopped reading it (410)."""

    status_code = status.HTTP_410_GONE
    default_detail = _("The feed does not go on from there. Read everything anew, without “since”.")
    default_code = "gone"


class ChangesOfAll:
    """The face ``changes`` of the whole registry."""

    queryset = Revision.objects.all()
    action = "changes"

    def known_types(self):
        return list(viewsets())

    @cached_property
    def wanted_types(self):
        """The models whose changes are asked for; None where all are."""
        text = self.parameters.get("type")
        message = _("There is no resource “%(name)s”.")
        names = listed_names("type", text, self.known_types(), message, "invalid_choice")
        return [viewsets()[name].queryset.model for name in names] or None

    @cached_property
    def expanded_fields(self):
        return listed_names("expand", self.parameters.get("expand"), EXPANDABLE, NO_FIELD)

    @cached_property
    def history(self):
        return History(self.request.user)

    @cached_property
    def position(self):
        return self.history.position_at(self.parameters.get("since"))

    @endpoint(parameters=PARAMETERS)
    @answer_conditionally
    @limit_cost
    def get(self, request):
        """A page of what changed, and where to go on: at ``next``, which is null where nothing follows as yet."""
        entries, position, more = feed.Feed(request.user, self.wanted_types).page(
            self.position, page_size(self.parameters)
        )
        cursor = self.history.cursor(position)
        following = self.address_of_next(cursor) if more else None
        results = [document(each, request) for each in entries]
        if self.expanded_fields:
            add_records(results, entries, request)
        answer = {"since": cursor, "next": following, "results": results}
        return Response(answer, headers=link_header(next=following))

    def address_of_next(self, cursor):
        query = urlencode(self.parameters | {"since": cursor})
        return f"{self.request.build_absolute_uri(self.request.path)}?{query}"


class History:
    """The history as one reader sees it, in which cursors are places."""

    def __init__(self, user):
        viewed = sorted(
            model._meta.label_lower for model in revisioned_models() if may_view(user, model)
        )
        restored = Restoration.objects.order_by("pk").values_list("at", flat=True).last()
        self.digest = sha256(repr((restored, viewed)).encode()).hexdigest()[:16]

    def cursor(self, position):
        at = self.moment_of(position.number)
        return signing.dumps([self.digest, position.number, position.told, at], salt=SALT)

    def moment_of(self, number):
        """When the change was made, by which it is known from one of the same number in another history."""
        at = Revision.objects.filter(pk=number).values_list("created_at", flat=True).first()
        return at and at.isoformat()

    def position_at(self, text):
        """Where one begins to read: at a cursor or a moment, or without either at the beginning. Raises Gone."""
        if text is None:
            return feed.Position(0)
        try:
            digest, number, told, at = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            return feed.Position(feed.number_before(moment_in(text)))
        if digest != self.digest or at != self.moment_of(number):
            raise Gone
        return feed.Position(number, told)


def moment_in(text):
    try:
        moment = MomentParameter().clean(text)
    except ValidationError as error:
        message = _(
            "Take “since” from an earlier answer, or write a moment as 2021-05-13T04:00:00Z."
        )
        raise from_model(ValidationError({"since": ValidationError(message, "invalid")})) from error
    if moment > timezone.now():
        raise invalid("since", _("The moment lies in the future."), "in_future")
    return moment


def document(entry, request):
    viewset = viewset_of(entry.model)
    name = next(name for name, each in viewsets().items() if each is viewset)
    detail = f"{entry.model._meta.model_name}-detail"
    return {
        "number": entry.number,
        "at": MomentField().to_representation(entry.at),
        "kind": entry.kind.value,
        "type": entry.model._meta.label_lower,
        "resource": name,
        "code": entry.key,
        "version": entry.version,
        "url": reverse(detail, args=[entry.key], request=request),
    }


def add_records(results, entries, request):
    """Tell with each entry what its row states now; null where there is none under this code to be seen."""
    keys = {}
    for entry in entries:
        keys.setdefault(entry.model, set()).add(entry.key)
    records = {
        (model, row[model._meta.pk.name]): row
        for model, of_model in keys.items()
        for row in add_stated_values(model, of_model, request)
    }
    for result, entry in zip(results, entries, strict=True):
        result["record"] = records.get((entry.model, entry.key))


def add_stated_values(model, keys, request):
    """The columns and lists of codes of these rows, without what is computed from other rows."""
    viewset = viewset_of(model)
    stored = {field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}
    names = [name for name in viewset.serializer_class.Meta.fields if name in stored]
    rows = viewset.rows_for(request.user).filter(pk__in=keys)
    return viewset.serializer_class(
        rows, many=True, context={"fields": names, "request": request}
    ).data
