"""One form for text that is compared, searched, sorted or spelt in ASCII.

Folding goes character by character: by phrase, 乾隆 keeps its 乾 and 乾 alone becomes 干, so that
the one would not find the other. Readings go by phrase: the phrase tells how to read a character.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin

_TO_SIMPLIFIED = OpenCC("t2s")

_IDEOGRAPHS = (range(0x3400, 0xA000), range(0x20000, 0x32000))
# Radicals, compatibility ideographs, small and full-width forms: copied PDF text has them.
_WIDTH_FORMS = (
    range(0x2E80, 0x2FE0),
    range(0xF900, 0xFB00),
    range(0xFE50, 0xFE70),
    range(0xFF01, 0xFFEF),
)

# What OpenCC leaves alone in a single character because the word decides: 看著 and 著名.
_SIMPLIFIED_ONLY_IN_SOME_WORDS = {"著": "着", "瞭": "了", "藉": "借"}

# Where the dictionary of readings and local usage differ.
OVERRIDES = {
    "朝阳": [["cháo"], ["yáng"]],
    "新都": [["xīn"], ["dū"]],
    "燕都": [["yān"], ["dū"]],
    "召都巴": [["zhào"], ["dū"], ["bā"]],
    "长峰": [["cháng"], ["fēng"]],
    "长宝": [["cháng"], ["bǎo"]],
    "长在营子": [["cháng"], ["zài"], ["yíng"], ["zi"]],
    "什家河": [["shí"], ["jiā"], ["hé"]],
}
load_phrases_dict(OVERRIDES)

CODE_LENGTH = 100
# Names are mostly two-character words closed by one of these.
_CLOSING_CHARACTERS = frozenset("区县镇乡村局园圈链")


@cache
def _simplified() -> dict[int, str]:
    """The translation table of every character that has a simpler form."""
    # One to a line, so that no phrase rule of the library applies.
    characters = [chr(point) for block in _IDEOGRAPHS for point in block]
    simplified = _TO_SIMPLIFIED.convert("\n".join(characters)).split("\n")
    table = dict(zip(characters, simplified, strict=True)) | _SIMPLIFIED_ONLY_IN_SOME_WORDS
    # Looked up twice: 薴 becomes 苧, which itself becomes 苎.
    return {ord(old): table[new] for old, new in table.items() if old != new}


@cache
def _variants() -> dict[str, str]:
    """Every folded character with all characters that fold to it, itself first."""
    points = [*_simplified(), *(point for block in _WIDTH_FORMS for point in block)]
    variants: dict[str, str] = {}
    for character in map(chr, points):
        folded = fold(character)
        if len(folded) == 1 and folded != character:
            variants[folded] = variants.get(folded, folded) + character
    return variants


def fold(text: str) -> str:
    """The text in Simplified characters, normal width and lower case; Chinese keeps its length."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_simplified())


@lru_cache(maxsize=20_000)
def _fold_character(character: str) -> str:
    folded = fold(character)
    return folded if len(folded) == 1 else character


def fold_in_place(text: str) -> str:
    """The folded text, position by position: what would change its length (㎡, …) stays."""
    return "".join(map(_fold_character, text))


def variants(character: str) -> str:
    """All characters that fold to the same one as this character, the folded one first."""
    folded = fold(character)
    return _variants().get(folded, folded) if len(folded) == 1 else character


def folded_pattern(text: str) -> str:
    """A regular expression for the text in either script, for a search that ignores case.

    Python and PostgreSQL read it alike: `\\` before punctuation means the same in both, in a
    class too.
    """
    return "".join(map(_character_pattern, text))


def _character_pattern(character: str) -> str:
    choices = [re.escape(choice) for choice in variants(character)]
    return choices[0] if len(choices) == 1 else f"[{''.join(choices)}]"


def _readable_runs(text: str) -> list[str]:
    """Runs of ASCII letters and digits, and runs of Chinese, in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", _TO_SIMPLIFIED.convert(text)).casefold()
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.findall(r"[a-z0-9]+|[^\W_a-z0-9]+", plain)


def _syllables(run: str, style: Style) -> list[str]:
    """One ASCII syllable for each character of a Chinese run, empty where none is known."""
    syllables = lazy_pinyin(
        run, style, errors=lambda unread: [""] * len(unread), neutral_tone_with_five=True
    )
    return [re.sub("[^a-z0-9]", "", syllable) for syllable in syllables]


def sort_key(text: str) -> str:
    """Letters and digits that put Chinese names in pinyin order, under any collation.

    The tone ends each syllable, and digits come before letters everywhere: no separator is needed,
    so none can be ignored. Names that sound alike have the same key.
    """
    return "".join(
        run if run.isascii() else "".join(_syllables(run, Style.TONE3))
        for run in _readable_runs(text)
    )


@dataclass(frozen=True)
class Syllable:
    """A Chinese character, or a run of Latin letters and digits, as it may be spelt in a name.

    ``start`` is its place in the text as written; ``readings`` begin with the one of the phrase.
    """

    start: int
    length: int
    readings: tuple[str, ...]


def syllables(text: str) -> list[Syllable]:
    """What of the text can be spelt, in order: 长峰 is chang (or zhang) and feng."""
    simplified = _TO_SIMPLIFIED.convert(text)
    plain = "".join(map(_narrow_character, simplified if len(simplified) == len(text) else text))
    found = []
    for run in re.finditer(r"[a-z0-9]+|[^\W_a-z0-9]+", plain):
        if run[0].isascii():
            found.append(Syllable(run.start(), len(run[0]), (run[0],)))
            continue
        by_phrase = _syllables(run[0], Style.NORMAL)
        for place, (character, reading) in enumerate(zip(run[0], by_phrase, strict=True)):
            if reading:
                readings = dict.fromkeys((reading, *_readings(character)))
                found.append(Syllable(run.start() + place, 1, tuple(readings)))
    return found


@lru_cache(maxsize=20_000)
def _narrow_character(character: str) -> str:
    narrow = unicodedata.normalize("NFKC", character).casefold()
    return narrow if len(narrow) == 1 else character


@lru_cache(maxsize=20_000)
def _readings(character: str) -> tuple[str, ...]:
    """All readings of a character by itself, without tones, the usual one first."""
    [readings] = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(re.sub("[^a-z0-9]", "", reading) for reading in readings)


def propose_code(name: str) -> str:
    """ASCII words with hyphens that spell the name, at most 100 characters: zhongyang-gongyuan.

    Empty when nothing in the name can be spelt.
    """
    words = []
    for run in _readable_runs(name):
        words += [run] if run.isascii() else filter(None, _spelt_words(run))
    code = "-".join(words)
    if len(code) <= CODE_LENGTH:
        return code
    whole_words, _, _ = code[: CODE_LENGTH + 1].rpartition("-")
    return whole_words or code[:CODE_LENGTH]


def _spelt_words(run: str) -> list[str]:
    # Two characters to a word: most Chinese words have two, and one syllable alone, or all of them
    # in one, is hard to read. A closing character that is left over stands alone, and what follows
    # stays in step: shuangta-qu-zhihui-wuliu, not shuangta-quzhi-huiwu-liu.
    syllables = _syllables(run, Style.NORMAL)
    words, position = [], 0
    while position < len(run):
        size = 1 if run[position] in _CLOSING_CHARACTERS else 2
        words.append("".join(syllables[position : position + size]))
        position += size
    return words
