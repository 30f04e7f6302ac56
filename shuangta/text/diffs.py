"""What was struck out of a long text, and what was put in."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SHORT = 40
MAX_LENGTH_BY_WORD = 500
ALIKE = 0.5
"""How much of a clause stays while it counts as the same in other words: the ratio of ``SequenceMatcher``."""
RELATED = 0.25
"""The share of the shorter text that stays while the two count as one, before and after."""
AROUND = 30
CLAUSE = re.compile(r"[^，。；！？、,.;!?\s]*[，。；！？、,.;!?\s]+|[^，。；！？、,.;!?\s]+")
WORD = re.compile(r"[0-9A-Za-z]+\s*|.", re.DOTALL)


@dataclass(frozen=True)
class Run:
    """A run of text that stayed, was struck out or was put in."""

    kind: str
    text: str


class Pairing(SequenceMatcher):
    """Two sequences of pieces of text, held against each other."""

    def __init__(self, before, after):
        super().__init__(None, before, after, autojunk=False)

    def pairs(self):
        """The texts that answer to each other, each pair with what became of it."""
        for kind, start, end, new_start, new_end in self.get_opcodes():
            yield kind, "".join(self.a[start:end]), "".join(self.b[new_start:new_end])


def redline(before, after):
    """The runs of two texts of which one became the other; none where they are short or share too little."""
    if max(len(before), len(after)) <= SHORT or not before or not after:
        return []
    runs = []
    for kind, old, new in Pairing(CLAUSE.findall(before), CLAUSE.findall(after)).pairs():
        runs += join_runs(kind, old, new) if kind == "equal" else is_reworded(old, new)
    kept = sum(len(run.text) for run in runs if run.kind == "kept")
    return shorten(runs) if kept >= RELATED * min(len(before), len(after)) else []


def is_reworded(old, new):
    """The runs of clauses in whose place others stand: word by word, where enough of the words stayed."""
    if max(len(old), len(new)) <= MAX_LENGTH_BY_WORD:
        words = Pairing(WORD.findall(old), WORD.findall(new))
        if words.ratio() >= ALIKE:
            return [run for pair in words.pairs() for run in join_runs(*pair)]
    return join_runs("replace", old, new)


def join_runs(kind, old, new):
    if kind == "equal":
        return [Run("kept", old)]
    return [Run(kind, text) for kind, text in (("out", old), ("in", new)) if text]


def shorten(runs):
    """The runs, of which those that stayed show no more than what stands next to a change."""
    return [
        Run(run.kind, clip(run.text, first=not number, last=number == len(runs) - 1))
        if run.kind == "kept"
        else run
        for number, run in enumerate(runs)
    ]


def clip(text, first, last):
    head = "" if first else text[:AROUND]
    tail = "" if last else text[-AROUND:]
    return text if len(text) <= len(head) + len(tail) + SHORT else f"{head} … {tail}"
