"""The evidence beside each field of a form: its quotes, the passage around each, and what is to be seen to."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import InvalidOperation

from django.db import models
from django.utils.functional import cached_property

from seeds.evidence.canonical import values_held
from seeds.models import Citation, EvidenceIssue
from shuangta.records.diff import value_text

COLOURS = {
    EvidenceIssue.Kind.UNSOURCED: "warning",
    EvidenceIssue.Kind.CHANGED: "danger",
    EvidenceIssue.Kind.DISAGREEING: "danger",
    EvidenceIssue.Kind.INFERRED: "info",
}


@dataclass(frozen=True)
class Mark:
    """One thing to be seen to, in words and a colour."""

    kind: str

    @property
    def label(self):
        return EvidenceIssue.Kind(self.kind).label

    @property
    def colour(self):
        return COLOURS[self.kind]


@dataclass(frozen=True)
class Quotation:
    """One citation beside the field that it is for; ``held`` are the values that the field holds."""

    citation: Citation
    field: models.Field
    held: dict

    @property
    def is_held(self):
        """Whether the field still holds what was read from the words."""
        return self.citation.value in self.held

    @property
    def value(self):
        """What was read from the words, as an editor reads it."""
        if self.is_held and self.field.is_relation:
            return str(self.held[self.citation.value])
        return read_value(self.field, self.citation.value)

    @property
    def document(self):
        return self.citation.passage.article.document

    @cached_property
    def surroundings(self):
        """The passage before and after the quote."""
        return around(self.citation.passage.text, self.citation.start, self.citation.quote)


@dataclass
class FieldEvidence:
    """What stands beside one field."""

    name: str
    quotations: list = field(default_factory=list)
    marks: list = field(default_factory=list)


def evidence_of(entry, citable, user):
    """The evidence of each citable field of a record that the user may see, by name, in two queries."""
    found = {each.name: FieldEvidence(each.name) for each in citable}
    fields = {each.name: each for each in citable}
    held = defaultdict(dict)
    citations = Citation.objects.about(type(entry)).visible_to(user).filter(record=entry.pk)
    for citation in citations.select_related("passage__article__document"):
        name = citation.field
        if name in fields:
            if name not in held:
                held[name] = values_held(entry, fields[name])
            found[name].quotations.append(Quotation(citation, fields[name], held[name]))
    for name, kind in issues_of(type(entry), [entry.pk])[entry.pk]:
        if name in found:
            found[name].marks.append(Mark(kind))
    return found


def issues_of(model, codes):
    """The field and kind of each issue of these records, by code, in the order of the kinds."""
    by_code = defaultdict(list)
    issues = EvidenceIssue.objects.of(model).filter(record__in=codes)
    kinds = list(EvidenceIssue.Kind)
    for code, name, kind in issues.values_list("record", "field", "kind"):
        by_code[code].append((name, kind))
    for found in by_code.values():
        found.sort(key=lambda issue: (kinds.index(issue[1]), issue[0]))
    return by_code


def read_value(field, value):
    """A canonical value as an editor reads it: 10亿元 for 1000000000; what is none is shown as it stands."""
    if isinstance(field, models.BooleanField) and value in ("true", "false"):
        return value_text(field, value == "true")
    try:
        return value_text(field, value)
    except InvalidOperation:
        return value


def around(text, start, quote):
    """The text before and after a quote that stands at ``start``."""
    return text[:start], text[start + len(quote) :]
