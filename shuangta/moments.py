"""What stood in the registry at a moment of the past, as its history tells."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef

from shuangta.history import Change
from shuangta.restoring import changes_of, citation_model, present_states, row_of


def changes_at(model, moment):
    """The change that made each row what it was at the moment; none for a row that did not exist then."""
    earlier = Change.objects.filter(
        record_type=ContentType.objects.get_for_model(model), at__lte=moment
    )
    newer = earlier.filter(record=OuterRef("record"), version__gt=OuterRef("version"))
    return earlier.filter(~Exists(newer)).exclude(kind=Change.Kind.DELETED)


def row_after(model, change):
    """The row as the change left it; it names others by the codes that these have now."""
    creations = changes_of(model, change.record).filter(
        kind=Change.Kind.CREATED, version__lte=change.version
    )
    [row] = rows_after(model, [change])
    row.version, row.updated_at = change.version, change.at
    row.created_at = creations.latest("version").at
    if model.derived_fields:
        row.derive()
    return row


def rows_after(model, changes):
    states = present_states(model, [change.state for change in changes])
    return [
        row_of(model, state, change.record) for state, change in zip(states, changes, strict=True)
    ]


def citations_at(record, moment):
    """The citations that the record had at the moment, in their order."""
    changes = changes_at(citation_model(), moment).filter(
        owner_type=ContentType.objects.get_for_model(record), owner=record.pk
    )
    citations = rows_after(citation_model(), changes)
    return sorted(citations, key=lambda citation: (citation.field, citation.position))


def stated_on_at(citations, moment):
    """The date of the latest document that the citations quoted, as it was dated at the moment."""
    rows, model = citations, citation_model()
    for relation in ("passage", "article", "document"):
        field = model._meta.get_field(relation)
        model = field.related_model
        keys = {getattr(row, field.attname) for row in rows}
        rows = rows_after(model, changes_at(model, moment).filter(record__in=keys))
    return max((document.published_on for document in rows), default=None)
