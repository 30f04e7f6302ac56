"""Whether the words that the registry cites bear out what it holds."""

import hashlib
import re
from pathlib import Path
from statistics import median

from seeds.evidence.canonical import uncited, values_held
from seeds.evidence.dataset import column
from seeds.evidence.faults import EvidenceFault, Fault
from seeds.evidence.matching import agree, holds_any, states
from seeds.evidence.numerals import NUMERAL, check_numerals

DOCUMENTS = Path(__file__).parents[1] / "documents"
MAX_MEDIAN_LENGTH = 25


def check(holdings, reviewed, folder=DOCUMENTS):
    """Every check, by what it is about; the reviewed list last, as the others tell what it needs."""
    return {
        "documents": check_documents(holdings, folder),
        "quotes": check_quotes(holdings),
        "agreement": check_agreement(holdings, reviewed),
        "coverage": check_coverage(holdings),
        "numerals": check_numerals(holdings, reviewed),
        "lengths": check_lengths(holdings),
        "reviewed list": check_reviewed(reviewed),
    }


def check_documents(holdings, folder):
    """Each file is held verbatim; each document is divided into passages without gap or overlap."""
    held = {hashlib.sha256(each.text.encode()).hexdigest() for each in holdings.documents.values()}
    findings = [
        EvidenceFault(Fault.DOCUMENT, path.name, "no document holds this file verbatim")
        for path in sorted(folder.iterdir())
        if hashlib.sha256(path.read_bytes()).hexdigest() not in held
    ]
    for document in holdings.documents.values():
        findings += check_division(document, holdings.passages_of(document))
    return findings + check_continuations(holdings.passages)


def check_division(document, passages):
    """Each passage stands at its start, and every character but blanks lies in exactly one."""
    findings, left_over, end = [], document.text, 0
    for passage in passages:
        start, length = passage.start, len(passage.text)
        if document.text[start : start + length] != passage.text:
            findings.append(EvidenceFault(Fault.DOCUMENT, passage.pk, f"does not stand at {start}"))
            continue
        if start < end:
            findings.append(
                EvidenceFault(Fault.DOCUMENT, passage.pk, "overlaps the passage before it")
            )
        left_over = left_over[:start] + " " * length + left_over[start + length :]
        end = max(end, start + length)
    return findings + [
        EvidenceFault(
            Fault.DOCUMENT, document.pk, f"“{words[0]}” at {words.start()} lies in no passage"
        )
        for words in re.finditer(r"\S+", left_over)
    ]


def check_continuations(passages):
    """No sentence goes on in itself."""
    findings = []
    for passage in passages.values():
        seen, code = set(), passage.pk
        while code and code not in seen:
            seen.add(code)
            code = passages[code].continued_by_id
        if code == passage.pk:
            findings.append(EvidenceFault(Fault.DOCUMENT, passage.pk, "goes on in itself"))
    return findings


def check_quotes(holdings):
    """Each quote stands in its passage where it says, character for character, and cuts no numeral."""
    findings = []
    for each in holdings.all_citations():
        passage = holdings.passages.get(each.passage_id)
        if passage and not stands(each, passage):
            what = f"“{each.quote}” does not stand in {passage.pk} (start {each.start})"
            findings.append(EvidenceFault(Fault.QUOTE, where_cited(each), what))
        elif passage and (numeral := numeral_cut_by(each, passage)):
            what = f"“{each.quote}” cuts {numeral[0]} in {passage.pk}"
            findings.append(EvidenceFault(Fault.QUOTE, where_cited(each), what))
    return findings


def stands(citation, passage):
    start, quote = citation.start, citation.quote
    return start is not None and passage.text[start : start + len(quote)] == quote


def numeral_cut_by(citation, passage):
    """The numeral of the passage that the quote holds in part, so that it would be misread."""
    edges = (citation.start, citation.start + len(citation.quote))
    return next(
        (
            numeral
            for numeral in NUMERAL.finditer(passage.text)
            if any(numeral.start() < edge < numeral.end() for edge in edges)
        ),
        None,
    )


def check_agreement(holdings, reviewed):
    """The value that each citation gives is what the column holds and what the quote says."""
    findings = []
    for key, citations in holdings.citations.items():
        entry, field, held = holdings.cited(key)
        for value in dict.fromkeys(each.value for each in citations if held):
            cited = [each for each in citations if each.value == value]
            if value not in held:
                what = f"gives “{value}”, the column holds “{', '.join(held)}”"
                findings.append(EvidenceFault(Fault.DISAGREEMENT, where_cited(cited[0]), what))
            elif not quotes_state(entry, field, held[value], cited, holdings, reviewed):
                what = f"“{' … '.join(each.quote for each in cited)}” does not state “{value}”"
                findings.append(EvidenceFault(Fault.DISAGREEMENT, where_cited(cited[0]), what))
    return findings


def quotes_state(entry, field, value, citations, holdings, reviewed):
    """Whether the quotes state the value, or were reviewed as what no rule can compare."""
    quoted = [each for each in citations if each.passage_id]
    if not quoted:
        return True
    quotes = [each.quote for each in quoted]
    year = holdings.year_of(holdings.passages[quoted[0].passage_id])
    agreed = agree(quotes, lambda words: states(entry, field, value, words, year, reviewed))
    if field.name == "name" and quoted == citations:
        # An alias may be printed beside the name, not instead of it.
        agreed = agreed and holds_any("".join(quotes), [value])
    return agreed or reviewed.excepts(entry._meta.label_lower, entry.pk, field.name)


def check_coverage(holdings):
    """Every value that a record states is cited, and no citation is of something else."""
    strays = [stray for key in holdings.citations if (stray := find_stray(holdings, key))]
    return strays + [
        EvidenceFault(Fault.NO_EVIDENCE, where(entry, name), f"“{value}” is not cited")
        for key, entry in holdings.records.items()
        for name in entry.stated_fields()
        for value in uncited_values(entry, name, holdings.citations.get((*key, name), []))
    ]


def uncited_values(entry, name, citations):
    """The values of the field without a citation; elements of a relation are cited one by one."""
    field = column(entry, name)
    return uncited(field, values_held(entry, field), {each.value for each in citations})


def find_stray(holdings, key):
    """The finding about citations of a record or field that is not there, or of an empty field."""
    entry, field, held = holdings.cited(key)
    if held:
        return None
    what = "the field is empty" if field else "no such field" if entry else "no such record"
    return EvidenceFault(Fault.STRAY, where_cited(holdings.citations[key][0]), what)


def check_lengths(holdings):
    """Quotes are the words that say it, not the paragraph."""
    lengths = quote_lengths(holdings)
    if not lengths or median(lengths) <= MAX_MEDIAN_LENGTH:
        return []
    what = f"the median quote has {median(lengths):g} characters, more than {MAX_MEDIAN_LENGTH}"
    return [EvidenceFault(Fault.LENGTH, "quotes", what)]


def quote_lengths(holdings):
    return [len(each.quote) for each in holdings.all_citations() if each.quote]


def check_reviewed(reviewed):
    """Every line of the reviewed list was needed by another check."""
    return [
        EvidenceFault(Fault.NEEDLESS, "reviewed.yaml", " · ".join(line))
        for line in reviewed.needless()
    ]


def where(entry, name):
    return f"{entry._meta.label_lower} {entry.pk}.{name}"


def where_cited(citation):
    label = citation.record_type.model_class()._meta.label_lower
    return f"{label} {citation.record}.{citation.field} ({citation.position})"
