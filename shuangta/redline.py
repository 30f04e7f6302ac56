"""What was struck out of a long text, and what was put in."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SHORT = 40
LONGEST_BY_CHARACTER = 500
AROUND = 30
CLAUSE = re.compile(r"[^，。；！？、,.;!?\s]*[，。；！？、,.;!?\s]+|[^，。；！？、,.;!?\s]+")


@dataclass(frozen=True)
class Run:
    """A run of text that stayed, was struck out or was put in."""

    kind: str
    text: str


def redlined(before, after):
    """The runs of two texts of which one became the other; none where they are short or share nothing."""
    if max(len(before), len(after)) <= SHORT or not before or not after:
        return []
    runs = compared(CLAUSE.findall(before), CLAUSE.findall(after), refine=True)
    return shortened(runs) if any(run.kind == "kept" for run in runs) else []


def compared(before, after, refine=False):
    """The runs of two sequences of text; what differs by clauses is compared again by characters."""
    runs = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = "".join(before[start:end]), "".join(after[new_start:new_end])
        if kind == "equal":
            runs.append(Run("kept", old))
        elif refine and old and new and max(len(old), len(new)) <= LONGEST_BY_CHARACTER:
            runs += compared(old, new)
        else:
            runs += [Run(kind, text) for kind, text in (("out", old), ("in", new)) if text]
    return runs


def shortened(runs):
    """The runs, of which those that stayed show no more than what stands next to a change."""
    return [
        Run(run.kind, clipped(run.text, first=not number, last=number == len(runs) - 1))
        if run.kind == "kept"
        else run
        for number, run in enumerate(runs)
    ]


def clipped(text, first, last):
    head = "" if first else text[:AROUND]
    tail = "" if last else text[-AROUND:]
    return text if len(text) <= len(head) + len(tail) + SHORT else f"{head} … {tail}"
