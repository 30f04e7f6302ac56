"""Grams: the short pieces of text under which search finds a record, and those that a search asks for.

Chinese is cut into pairs of characters, the last one of a run standing alone; Latin and figures into what
begins where a word, or the figure in it, begins. Both sides are folded, so either script finds the other.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from shuangta.text.folding import fold
from shuangta.text.pinyin import Syllable, syllables

LENGTH = 24
MAX_SPELLINGS = 8
MAX_ASKED = 5
RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
LETTERS_OR_FIGURES = re.compile("[a-z]+|[0-9]+")


class Rank(IntEnum):
    """Where a gram stands in a record, the best place first."""

    WHOLE_TITLE = 0
    TITLE_BEGINS = 1
    IN_TITLE = 2
    OTHER_NAME = 3
    CODE_OR_SPELLING = 4
    RUNNING_TEXT = 5
    RELATED = 6
    UNMET = 200


@dataclass(frozen=True)
class Word:
    """One folded word of a search: the grams that a record must have, and what one of them begins with.

    It may name ``kinds`` of records, each a model's label and a choice of its kinds (None: all records of it),
    or it has two ``parts``: a name, and what so named is.
    """

    text: str
    grams: tuple[str, ...]
    beginning: str
    kinds: frozenset[tuple[str, str | None]] = frozenset()
    parts: "tuple[Word, ...]" = ()

    @classmethod
    def of(cls, text: str) -> "Word":
        """The word in grams; without any where the text has neither letters nor figures.

        The last run may be half typed, so Latin and a single character are but a beginning there.
        """
        runs = RUN.findall(text)
        unfinished = runs.pop() if runs and (runs[-1].isascii() or len(runs[-1]) == 1) else ""
        grams = (gram for run in runs for gram in whole_grams(run))
        return cls(text, tuple(islice(dict.fromkeys(grams), MAX_ASKED)), unfinished[:LENGTH])

    @property
    def is_searchable(self) -> bool:
        return bool(self.grams or self.beginning)

    @property
    def is_one_letter(self) -> bool:
        return len(self.beginning) == 1 and self.beginning.isascii()

    @property
    def is_one_gram(self) -> bool:
        """Whether a record with the gram holds the word; else its text has the last say."""
        return self.text in (*self.grams, self.beginning)


def split_words(text: str) -> list[Word]:
    """The words of a search, each once; whatever is no letter, figure or mark divides them.

    A symbol made of letters (№, ㎡) is a word by itself.
    """
    apart = "".join(each if is_word_character(each) else f" {each} " for each in text)
    divided = "".join(each if is_word_character(each) else " " for each in fold(apart))
    return [Word.of(word) for word in dict.fromkeys(divided.split())]


def is_word_character(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def whole_grams(run: str) -> list[str]:
    """The grams of a run of which nothing is missing: itself, or its pairs."""
    if run.isascii() or len(run) == 1:
        return [run[:LENGTH]]
    return [run[place : place + 2] for place in range(len(run) - 1)]


def substrings(folded: str) -> Iterator[tuple[int, str]]:
    """Every gram of a folded text, with where it starts."""
    for run in RUN.finditer(folded):
        if run[0].isascii():
            starts = [part.start() for part in LETTERS_OR_FIGURES.finditer(run[0])]
            length = LENGTH
        else:
            starts, length = range(len(run[0])), 2
        for start in starts:
            yield run.start() + start, run[0][start : start + length]


def name_gram(name: str) -> str:
    """What leads to all that go by a name, and to some whose names only begin alike; no word of a search meets it."""
    return f"={fold(name)}"[:LENGTH]


def rank_title_grams(folded: str) -> Iterator[tuple[str, Rank]]:
    for start, gram in substrings(folded):
        if gram == folded:
            yield gram, Rank.WHOLE_TITLE
        else:
            yield gram, Rank.IN_TITLE if start else Rank.TITLE_BEGINS


def spell(name: list[Syllable]) -> list[str]:
    """How a name may be spelt: as its phrases are read, then with one character read otherwise; and its initials."""
    usual = [syllable.readings[0] for syllable in name]
    ways = [usual]
    for place, syllable in enumerate(name):
        for reading in syllable.readings[1:]:
            ways.append([*usual[:place], reading, *usual[place + 1 :]])
    in_full = dict.fromkeys("".join(way) for way in ways)
    initials = dict.fromkeys("".join(reading[0] for reading in way) for way in ways)
    return [*islice(in_full, MAX_SPELLINGS), *islice(initials, MAX_SPELLINGS)]


def spelt_grams(name: str) -> Iterator[str]:
    """The spellings of the name from each of its characters on."""
    spelt = syllables(name)
    for place in range(len(spelt)):
        yield from (spelling[:LENGTH] for spelling in spell(spelt[place : place + LENGTH]))
