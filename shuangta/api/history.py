"""The past of a row: its versions with what each changed, and the row as it was at a moment.

It is as visible as the row. Who may not view what is unpublished sees the versions that were published, each
compared with the one seen before it, and nothing of a row that is hidden or deleted now. Reasons and requests are
told to those who may view all, actors to staff.
"""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from rest_framework.decorators import action
from rest_framework.response import Response

from shuangta.api.fields import MomentField
from shuangta.api.pagination import PAGING, KeysetPagination
from shuangta.api.parameters import MOMENT, Parameter, endpoint
from shuangta.api.problems import from_model, invalid
from shuangta.api.protocol.costs import limit_cost
from shuangta.api.snapshots import changed_fields, serialize_snapshots
from shuangta.db.keyset import Term
from shuangta.history.revision import Revision
from shuangta.query.parameters import MomentField as MomentParameter
from shuangta.records.as_of import citations_at, revisions_at, row_after, stated_on_at
from shuangta.records.restore import build_row, deletions, revisions_of
from shuangta.records.visibility import may_view

AS_OF = Parameter(
    "as_of", _("The row as it was at this moment."), MOMENT, lambda view: view.read_moment()
)


class HistoryPagination(KeysetPagination):
    """The pages of a history, the latest version first."""

    def ordering(self):
        return [Term("version", descending=True, nullable=False)]


class HistoryMixin:
    """``history/`` of a row, and the row ``?as_of=`` a moment."""

    @action(detail=True, pagination_class=HistoryPagination)
    @endpoint(parameters=PAGING)
    @method_decorator(never_cache)  # It names accounts, whose changes no ETag would tell.
    @limit_cost
    def history(self, request, pk):
        """The versions of the row, the latest first, each with what it changed."""
        versions = self.seen_versions(revisions_of(self.queryset.model, self.key_in_past()))
        page = self.paginate_queryset(versions.select_related("actor"))
        changed = self.changed_by(page, versions)
        return self.get_paginated_response(list(map(self.serialize_version, page, changed)))

    def key_in_past(self):
        """The key of the row, or of one that is deleted now to those who may view all rows."""
        model, key = self.queryset.model, self.kwargs["pk"]
        try:
            return str(self.get_object().pk)
        except Http404:
            is_deleted = may_view(self.request.user, model) and deletions(model).filter(
                object_id=key
            )
            if not is_deleted:
                raise
            return key

    def seen_versions(self, revisions, moment=None):
        """Those of the changes that the user may see: all, or what was published, if given at the moment."""
        if may_view(self.request.user, self.queryset.model):
            return revisions
        return self.published_versions(revisions, moment)

    def published_versions(self, revisions, moment=None):
        """Those of a row's changes that made what everybody saw."""
        return revisions.filter(state__is_published=True)

    def changed_by(self, page, versions):
        """What each change of a page made of the version before it."""
        earlier = versions.filter(version__lt=page[-1].version).order_by("-version") if page else []
        revisions = [*page, *earlier[:1]]
        model = self.queryset.model
        rows = [
            build_row(model, each.state, each.state[model._meta.pk.attname]) for each in revisions
        ]
        documents = serialize_snapshots(self.serializer_class, rows, self.request.user)
        changed = []
        for index, revision in enumerate(page):
            previous = revisions[index + 1] if index + 1 < len(revisions) else None
            is_new = revision.action == Revision.Action.CREATED or not is_alive(previous)
            before = {} if is_new else documents[index + 1]
            changed.append(changed_fields(self.serializer_class, before, documents[index]))
        return changed

    def serialize_version(self, revision, changed):
        user = self.request.user
        version = {"version": revision.version, "kind": revision.action}
        version["at"] = MomentField().to_representation(revision.created_at)
        if may_view(user, self.queryset.model):
            version |= {"reason": revision.reason, "request_id": revision.request_id}
        if user.is_staff:
            version["actor"] = revision.actor.get_username() if revision.actor else None
        return version | {"changes": changed}

    def retrieve_past(self):
        """The row as it was at the moment that the request names."""
        moment = self.moment
        key = self.key_in_past()
        revision = revisions_at(self.queryset.model, moment).filter(object_id=key).first()
        if revision is None:
            raise Http404
        if not self.seen_versions(Revision.objects.filter(pk=revision.pk), moment).exists():
            raise Http404
        return Response(self.past_document(revision, moment))

    @cached_property
    def moment(self):
        """The moment that the request names; None where it asks for the present."""
        if "as_of" not in self.parameters:
            return None
        try:
            moment = MomentParameter().clean(self.parameters["as_of"])
        except ValidationError as error:
            raise from_model(ValidationError({"as_of": error})) from error
        if moment > timezone.now():
            raise invalid("as_of", _("The moment lies in the future."), "in_future")
        return moment

    def read_moment(self):
        if self.moment and any(each.render_past is None for each in self.expansions):
            message = _("Of the past, only “evidence” is told in full.")
            raise invalid("expand", message, "not_in_past")

    def past_document(self, revision, moment):
        """What detail answered; what is computed from other rows as they are now is null."""
        row = row_after(self.queryset.model, revision)
        [columns] = serialize_snapshots(self.serializer_class, [row], self.request.user)
        document = {name: columns.get(name) for name in self.selected_fields}
        user = self.request.user
        if "stated_on" in self.selected_fields:
            document["stated_on"] = stated_on_at(citations_at(row, moment), moment, user)
        return document | {
            each.name: each.render_past(row, moment, user) for each in self.expansions
        }


def is_alive(revision):
    """Whether there was a row after the change; without one there was none yet."""
    return revision is not None and revision.action != Revision.Action.DELETED
