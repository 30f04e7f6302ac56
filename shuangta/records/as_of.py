"""What stood in the registry at a moment of the past, as its history tells."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef

from shuangta.history.revision import Revision
from shuangta.records.restore import build_row, citation_model, present_states, revisions_of
from shuangta.records.visibility import may_view


def revisions_at(model, moment):
    """The revision that made each row what it was at the moment; none for a row that did not exist then."""
    earlier = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(model), created_at__lte=moment
    )
    newer = earlier.filter(object_id=OuterRef("object_id"), version__gt=OuterRef("version"))
    return earlier.filter(~Exists(newer)).exclude(action=Revision.Action.DELETED)


def row_after(model, revision):
    """The row as the revision left it; it names others by the codes that these have now."""
    creations = revisions_of(model, revision.object_id).filter(
        action=Revision.Action.CREATED, version__lte=revision.version
    )
    [row] = rows_after(model, [revision])
    row.version, row.updated_at = revision.version, revision.created_at
    row.created_at = creations.latest("version").created_at
    if model.derived_fields:
        row.derive()
    return row


def rows_after(model, revisions):
    states = present_states(model, [revision.state for revision in revisions])
    return [
        build_row(model, state, revision.object_id)
        for state, revision in zip(states, revisions, strict=True)
    ]


def citations_at(record, moment):
    """The citations that the record had at the moment, in their order."""
    revisions = revisions_at(citation_model(), moment).filter(
        owner_type=ContentType.objects.get_for_model(record), owner=record.pk
    )
    citations = rows_after(citation_model(), revisions)
    return sorted(citations, key=lambda citation: (citation.field, citation.position))


def stated_on_at(citations, moment, user):
    """The date of the latest document that the citations quoted, as it was dated at the moment.

    It counts what the user sees now, and saw then.
    """
    rows, model = citations, citation_model()
    for relation in ("passage", "article", "document"):
        field = model._meta.get_field(relation)
        model = field.related_model
        type_id = ContentType.objects.get_for_model(model).pk
        sources = {(type_id, getattr(row, field.attname)) for row in rows}
        keys = {key for _type, key in visible_at(sources, moment, user)}
        rows = rows_after(model, revisions_at(model, moment).filter(object_id__in=keys))
    return max((document.published_on for document in rows), default=None)


def visible_at(records, moment, user):
    """Those of the records, pairs of type and code, that the user sees now and saw at the moment."""
    codes, seen = defaultdict(set), set()
    for type_id, code in records:
        codes[type_id].add(code)
    for type_id, of_type in codes.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if not may_view(user, model):
            present = model.objects.visible_to(user).filter(pk__in=of_type).values("pk")
            revisions = revisions_at(model, moment).filter(object_id__in=present)
            public = revisions.filter(state__is_published=True)
            of_type = public.values_list("object_id", flat=True)
        seen |= {(type_id, code) for code in of_type}
    return seen
