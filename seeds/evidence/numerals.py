"""Numerals of the sources that no citation explains."""

import re
from collections import defaultdict

from seeds.evidence.faults import EvidenceFault, Fault
from seeds.evidence.reviewed import lies_in
from seeds.models import Document

CHINESE_DIGITS = "〇零一二两兩三四五六七八九十百千万萬亿億"
NUMERAL = re.compile(rf"(?:\d+(?:[.,]\d+)*|[{CHINESE_DIGITS}])+[%％]?")


def check_numerals(holdings, reviewed):
    """Every numeral of a newspaper page lies inside a quote or was reviewed as stating nothing."""
    quoted = defaultdict(list)
    for each in holdings.all_citations():
        if each.start is not None:
            quoted[each.passage_id].append(each)
    return [
        EvidenceFault(Fault.NUMERAL, passage.pk, f"{numeral[0]} in “{surroundings(numeral)}”")
        for passage, numeral in numerals(holdings)
        if not any(lies_in(numeral, each.start, each.quote) for each in quoted[passage.pk])
        and not reviewed.calls_idle(numeral, passage)
    ]


def numerals(holdings):
    """The numerals of the newspaper pages, each with the passage that it stands in."""
    return [
        (passage, numeral)
        for passage in holdings.passages.values()
        if holdings.document_of(passage).kind == Document.Kind.NEWSPAPER_PAGE
        for numeral in NUMERAL.finditer(passage.text)
    ]


def surroundings(numeral):
    return numeral.string[max(0, numeral.start() - 8) : numeral.end() + 8]
