"""One form for text that is compared or searched: simplified, of normal width, small, without accents.

Folding goes character by character: by phrase, 乾隆 keeps its 乾 and 乾 alone becomes 干, so that
the one would not find the other.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from opencc import OpenCC

VARIANTS = Path(__file__).with_name("variants.txt")

_TO_SIMPLIFIED = OpenCC("t2s")
_IDEOGRAPHS = (range(0x3400, 0xA000), range(0x20000, 0x34000))
_ACCENTS = dict.fromkeys(range(0x300, 0x370), "")
_ANY_ACCENTS = "[\u0300-\u036f]*"
_PLANES = (range(0x40000), range(0xE0000, 0xE1000))  # the others are private or empty
_NO_TEXT = frozenset({"Cn", "Co", "Cs"})

# What OpenCC leaves alone in a single character because the word decides: 看著 and 著名.
_SIMPLIFIED_ONLY_IN_SOME_WORDS = {"著": "着", "瞭": "了", "藉": "借"}
# In the first table of variants (第一批异体字整理表, 1955), and neither in OpenCC nor in Unihan.
_OTHER_VARIANTS = {"甯": "宁"}


@cache
def _simpler_forms() -> dict[int, str]:
    """The translation table of every character that OpenCC simplifies."""
    # One to a line, so that no phrase rule of the library applies.
    characters = [chr(point) for block in _IDEOGRAPHS for point in block]
    simpler = _TO_SIMPLIFIED.convert("\n".join(characters)).split("\n")
    return str.maketrans(
        dict(zip(characters, simpler, strict=True)) | _SIMPLIFIED_ONLY_IN_SOME_WORDS
    )


def simplify(text: str) -> str:
    """The text with each character in its simplest form: 薴 becomes 苧, which itself becomes 苎."""
    return text.translate(_simpler_forms()).translate(_simpler_forms())


def _common_forms() -> dict[int, str]:
    """The translation table of the variants of common characters: 戸 becomes 户."""
    lines = VARIANTS.read_text("utf-8").splitlines()
    groups = [line for line in lines if not line.startswith("#")]
    forms = {variant: group[0] for group in groups for variant in group[1:]}
    return str.maketrans(forms | _OTHER_VARIANTS)


@cache
def folding_table() -> dict[int, str]:
    """The translation table of every character of Unicode that folds to something else."""
    points = (chr(point) for plane in _PLANES for point in plane)
    characters = [each for each in points if unicodedata.category(each) not in _NO_TEXT]
    characters.remove("\n")
    common, text = _common_forms(), "\n".join(characters)
    for _again in range(2):  # what is small, narrow or simple may have a form of that kind itself
        text = unicodedata.normalize("NFKD", text).casefold().translate(_ACCENTS)
        text = simplify(unicodedata.normalize("NFKC", text)).translate(common)
    folded = zip(characters, text.split("\n"), strict=True)
    return {ord(character): form for character, form in folded if character != form}


@cache
def _variants() -> dict[str, str]:
    """What folds to each folded text, one character or several: all such characters."""
    variants: dict[str, str] = {}
    for point, folded in folding_table().items():
        variants[folded] = variants.get(folded, "") + chr(point)
    return variants


def fold(text: str) -> str:
    """The text in simplified, common, narrow and small characters without accents; Chinese keeps its length.

    It is what its characters fold to, one after the other.
    """
    return unicodedata.normalize("NFC", text).translate(folding_table())


def fold_in_place(text: str) -> str:
    """The folded text, position by position: what would change its length (㎡, …) stays."""
    foldings = folding_table()
    return "".join(
        folded if len(folded := foldings.get(ord(each), each)) == 1 else each for each in text
    )


def folded_pattern(text: str) -> str:
    """A regular expression for the text in either script, either case, with or without accents.

    Python and PostgreSQL read it alike: `\\` before punctuation means the same in both, in a
    class too. It is compared as it is: whether a letter is small is no matter of the database.
    """
    if not fold(text):
        return re.escape(text)
    pattern, plain = "", ""
    for character in text:
        folded = fold(character)
        if len(folded) == 1:
            plain += folded
            continue
        pattern += _plain_pattern(plain) + _plain_pattern(folded)
        plain = ""
        if not folded:
            # Once, however many there are: one after the other they would be tried in every way.
            pattern = pattern.removesuffix(_ANY_ACCENTS) + _ANY_ACCENTS
    return pattern + _plain_pattern(plain)


def _plain_pattern(folded: str) -> str:
    """The pattern of folded characters; what several of them may be written as (㎡) stands beside them."""
    pattern = ""
    while folded:
        sizes = range(min(len(folded), _longest()), 1, -1)
        size = next((size for size in sizes if folded[:size] in _variants()), 1)
        piece, folded = folded[:size], folded[size:]
        if size == 1:
            pattern += _character_pattern(piece)
        else:
            apart = _character_pattern(piece[0]) + _plain_pattern(piece[1:])
            pattern += f"(?:{_any_of(_variants()[piece])}|{apart})"
    return pattern


@cache
def _longest() -> int:
    return max(map(len, _variants()))


def _character_pattern(folded: str) -> str:
    """The pattern of one folded character; a letter may be followed by accents that stand apart."""
    accents = _ANY_ACCENTS if _takes_accents(folded) else ""
    return _any_of(folded + _variants().get(folded, "")) + accents


@cache
def _takes_accents(character: str) -> bool:
    """Whether it is a letter that some character has with an accent: e is é without one."""
    return character.isalpha() and any(
        _ACCENTS.keys() & set(map(ord, unicodedata.normalize("NFD", variant)))
        for variant in _variants().get(character, "")
    )


def _any_of(characters: str) -> str:
    choices = list(map(re.escape, characters))
    return choices[0] if len(choices) == 1 else f"[{''.join(choices)}]"
