"""Citing words on the page of the record: the fields are chosen, the words pasted, and what they say is compared."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from seeds.admin.evidence import around, read_value
from seeds.evidence.canonical import canonical
from seeds.evidence.matching import holds_any, names_of, read_out, states
from seeds.evidence.reviewed import Reviewed
from seeds.evidence.statements import record_statement
from seeds.models import Citation, Passage
from shuangta.text.folding import folded_pattern

MAX_COMPARED_LENGTH = 300  # characters of a quote that are looked for in the other script
FAR = 120  # characters of a passage that are shown on either side of the words


@dataclass(frozen=True)
class Words:
    """The words that are cited, where they stand, and on what basis."""

    quote: str
    passage: Passage | None
    basis: str
    note: str
    office: str = ""
    told_on: object = None

    @property
    def year(self):
        """The year that 今年 means in the words."""
        if self.told_on:
            return self.told_on.year
        return self.passage.article.document.published_on.year if self.passage else None

    @property
    def surroundings(self):
        """What stands before and after the words in their passage."""
        before, after = around(self.passage.text, self.passage.text.find(self.quote), self.quote)
        return before[-FAR:], after[:FAR]


@dataclass(frozen=True)
class QuoteReading:
    """What the words say of one field: ``agrees`` is None where no rule can compare them."""

    field: models.Field
    held: str
    """What the field holds, in canonical form."""
    said: str | None
    """What the words say, in canonical form."""
    agrees: bool | None

    @property
    def value(self):
        """What a citation gives as read from the words."""
        return self.held if self.agrees is not False else self.said

    @property
    def held_in_words(self):
        return read_value(self.field, self.held)

    @property
    def said_in_words(self):
        return read_value(self.field, self.said)


def readings(entry, field, values, words):
    """What the words say of a field: one reading, or one for each element of a list that they name.

    ``values`` are what the field holds: a value, or the chosen records. Raises ValidationError where it holds
    nothing, or where nobody can tell which element is meant.
    """
    values = [value for value in values if value not in (None, "")]
    if not values:
        message = _("The record holds nothing here that words could be cited for.")
        raise ValidationError(message, code="value_missing")
    if field.many_to_many and len(values) > 1:
        values = [value for value in values if holds_any(words.quote, names_of(value))]
        if not values:
            message = _("The words name none of the records chosen here.")
            raise ValidationError(message, code="value_ambiguous")
    reviewed = Reviewed.load()
    return [reading(entry, field, value, words, reviewed) for value in values]


def reading(entry, field, value, words, reviewed):
    held = canonical(value)
    if words.basis == Citation.Basis.REFERENCE:
        return QuoteReading(field, held, None, agrees=None)
    if states(entry, field, value, words.quote, words.year, reviewed):
        return QuoteReading(field, held, held, agrees=True)
    said = read_out(entry, field, words.quote, words.year, reviewed)
    return QuoteReading(field, held, said, agrees=None if said in (None, held) else False)


def passages_holding(quote, user):
    """The passages with these words that the user may see."""
    passages = Passage.objects.visible_to(user).filter(text__contains=quote)
    return passages.select_related("article__document").order_by("pk")


def passage_holding(quote, user):
    """The only such passage; ValidationError where there is none, or more than one."""
    passages = passages_holding(quote, user)[:2]
    if not passages:
        raise ValidationError(not_found(quote, user), code="quote_not_found")
    if len(passages) > 1:
        raise ValidationError(
            _("More than one passage holds these words. Choose the one that is meant."),
            code="quote_ambiguous",
        )
    return passages[0]


def not_found(quote, user):
    """Says that no passage holds the words, and how one prints them that only differs in script or line ends."""
    characters = [each for each in quote if not each.isspace()]
    pattern = r"\s*".join(map(folded_pattern, characters[:MAX_COMPARED_LENGTH]))
    near = Passage.objects.visible_to(user).filter(text__regex=pattern).order_by("pk").first()
    if near is None or len(characters) > MAX_COMPARED_LENGTH:
        return _("No passage holds these words.")
    printed = re.search(pattern, near.text)[0]
    message = _("No passage holds these words as they stand here. “%(passage)s” prints: %(words)s")
    return message % {"passage": near.pk, "words": printed}


def next_position(entry, field):
    """The place after the citations that the value of the field has already."""
    last = entry.citations.filter(field=field).aggregate(last=models.Max("position"))["last"]
    return (last or 0) + 1


def citations_for(entry, found, words):
    """The citations, not saved yet, that keep these readings; raises ValidationError where one cannot be."""
    citations, positions = [], {}
    for each in found:
        name = each.field.name
        positions[name] = positions.get(name) or next_position(entry, name)
        citation = Citation(
            cited=entry,
            field=name,
            value=each.value,
            position=positions[name],
            quote=words.quote,
            passage=words.passage,
            basis=words.basis,
            note=words.note,
        )
        positions[name] += 1
        citations.append(citation)
    return citations


def keep(entry, found, words):
    """Store a citation for each reading; what an office told becomes a document first."""
    passage = words.passage
    if words.basis == Citation.Basis.REPORTED and passage is None:
        passage = record_statement(words.office, words.told_on, words.quote)
    for citation in citations_for(entry, found, words):
        citation.passage = passage
        citation.full_clean()
        citation.save()
