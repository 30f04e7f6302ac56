"""The evidence of a record in full: by field, the words that state its value, in order."""

from django.db.models import Prefetch

from seeds.models import Citation
from shuangta.api.expansions import Expansion
from shuangta.history.tracking import column_state
from shuangta.records.as_of import citations_at, visible_at


def visible_citations(user):
    return Prefetch("citations", Citation.objects.visible_to(user))


def render_evidence(record, context):
    return evidence_of(record.citations.all())


def render_past_evidence(record, moment, user):
    """The evidence but that with which stands or falls what the user does not see now, or did not then."""
    citations = citations_at(record, moment)
    needed = {each.pk: set(each.required_records(column_state(each))) for each in citations}
    seen = visible_at(set().union(*needed.values()), moment, user)
    return evidence_of(each for each in citations if needed[each.pk] <= seen)


def evidence_of(citations):
    evidence = {}
    for citation in citations:
        evidence.setdefault(citation.field, []).append(
            {
                "position": citation.position,
                "quote": citation.quote,
                "value": citation.value,
                "basis": citation.basis,
                "note": citation.note,
                "passage": citation.passage_id,
                "start": citation.start,
            }
        )
    return evidence


EVIDENCE = Expansion(
    "evidence",
    visible_citations,
    render_evidence,
    lambda by_code: {"$ref": "#/components/schemas/Evidence"},
    render_past_evidence,
)
