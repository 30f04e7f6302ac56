"""How Chinese names are read, sorted and spelt in ASCII.

Readings go by phrase: the phrase tells how to read a character. Place names are read as people there do.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import rjieba
from opencc import OpenCC
from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin
from pypinyin.phrases_dict import phrases_dict as usual_phrases

LOCAL_READINGS = Path(__file__).with_name("local_readings.txt")

_TO_SIMPLIFIED = OpenCC("t2s")

# What a name of a place closes with; codes keep it as a word by itself.
DIVISIONS = ("街道", "新区", "社区", "特区", *"省市州盟县区旗镇乡村")
FEATURES = ("路", "街", "巷", "河", "江", "湖", "局")
MAX_PLACE_LENGTH = 4
WORDS_OF_PLACE = 4
CODE_LENGTH = 100


@cache
def local_readings() -> dict[str, list[list[str]]]:
    """Names of places, each character with its syllable, where the dictionaries differ from local usage."""
    lines = LOCAL_READINGS.read_text("utf-8").splitlines()
    entries = [line.split() for line in lines if line and not line.startswith("#")]
    return {name: [[syllable] for syllable in read] for name, *read in entries}


@cache
def cedict_phrases() -> dict[str, list[list[str]]]:
    """The phrases of CC-CEDICT, each character with its readings."""
    # Imported at its first use: it takes as long as the rest of this package, and many commands read no name.
    from pypinyin_dict.phrase_pinyin_data.cc_cedict import phrases_dict

    return phrases_dict


@cache
def _load_readings() -> None:
    """Add to the usual phrases those that only CC-CEDICT has, and the places whose division it names.

    Local readings go before both, also in the names of their divisions: 乐陵 is read in 乐陵市 as by itself.
    """
    more = {
        phrase: read for phrase, read in cedict_phrases().items() if phrase not in usual_phrases
    }
    places = {
        phrase[:-1]: read[:-1]
        for phrase, read in more.items()
        if len(phrase) > 2 and phrase.endswith(DIVISIONS) and len(phrase) == len(read)
    }
    known = usual_phrases | more
    local = local_readings()
    longer = {
        phrase: local[name] + known[phrase][len(name) :]
        for phrase in known
        if phrase.startswith(tuple(local)) and phrase.endswith(DIVISIONS)
        for name in local
        if phrase.startswith(name)
    }
    load_phrases_dict({name: read for name, read in places.items() if name not in known})
    load_phrases_dict(more | longer | local)


def _readable_runs(text: str) -> list[str]:
    """Runs of ASCII letters and digits, and runs of Chinese, in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", _TO_SIMPLIFIED.convert(text)).casefold()
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.findall(r"[a-z0-9]+|[^\W_a-z0-9]+", plain)


def _syllables(run: str, style: Style) -> list[str]:
    """One ASCII syllable for each character of a Chinese run, empty where none is known."""
    _load_readings()
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
                readings = _spellings(reading, *_readings(character))
                found.append(Syllable(run.start() + place, 1, readings))
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


def _spellings(*readings: str) -> tuple[str, ...]:
    """The readings, each once; ü may be typed as v or, without its dots, as u."""
    return tuple(dict.fromkeys([*readings, *(each.replace("v", "u") for each in readings)]))


@lru_cache(maxsize=20_000)
def propose_code(name: str) -> str:
    """ASCII words with hyphens that spell the name, at most 100 characters: zhongyang-gongyuan.

    Empty when nothing in the name can be spelt, or its first word is too long.
    """
    words: list[str] = []
    for run in _readable_runs(name):
        words += [run] if run.isascii() else filter(None, _spelt_words(run))
    return shorten_code("-".join(words), CODE_LENGTH)


def shorten_code(code: str, length: int) -> str:
    """As many whole words of the code as the length allows."""
    return code if len(code) <= length else code[: length + 1].rpartition("-")[0]


def _spelt_words(run: str) -> list[str]:
    syllables = iter(_syllables(run, Style.NORMAL))
    return ["".join(next(syllables) for _character in word) for word in divide_words(run)]


def divide_words(run: str) -> list[str]:
    """The words of a run of Chinese: 桃花吐镇 is 桃花吐 and 镇, 智慧物流产业园 is 智慧, 物流 and 产业园."""
    words: list[str] = []
    for word in _join_known(rjieba.cut(run, hmm=False)):
        closing = _closing(word)
        if closing:
            words += [word.removesuffix(closing), closing]
        elif len(word) > 3:
            words += _parts(word)
        else:
            words.append(word)
    return _join_places(words)


def _join_known(words: list[str]) -> list[str]:
    """Put together the known places of which the dictionary cuts a part: 中 and 山区 are 中山区."""
    joined: list[str] = []
    start = 0
    while start < len(words):
        ends = range(start + WORDS_OF_PLACE, start + 1, -1)
        end = next((end for end in ends if _are_known_place(words[start:end])), start + 1)
        joined.append("".join(words[start:end]))
        start = end
    return joined


def _are_known_place(words: list[str]) -> bool:
    """Whether they are a place of the local readings, or a single character and a word that hides its division."""
    name = "".join(words)
    closing = _closing(name)
    if not local_readings().keys().isdisjoint({name, name.removesuffix(closing)}):
        return True
    return len(words) == 2 and len(words[0]) == 1 and bool(closing) and name in cedict_phrases()


def _closing(word: str) -> str:
    """The division or feature with which the dictionary's word for a place closes: 区 of 双塔区."""
    closings = (each for each in DIVISIONS + FEATURES if word.endswith(each))
    closing = next(closings, "")
    return closing if len(word) - len(closing) > 1 else ""


def _parts(word: str) -> list[str]:
    """The two words of two characters of which one of four is made, if it is: 中央 and 公园."""
    parts = [word[:2], word[2:]]
    known = [each for each, _start, _end in rjieba.tokenize(word, mode="search", hmm=False)]
    return parts if set(parts) <= set(known) else [word]


def _join_places(words: list[str]) -> list[str]:
    """Put together the short name before a division, and single characters that no dictionary joins."""
    joined: list[str] = []
    name: list[str] = []
    for word, following in zip(words, [*words[1:], ""], strict=True):
        is_stem = len("".join(name)) == 1 and following in DIVISIONS  # 鄚州 of 鄚州镇
        if word in DIVISIONS and name and not is_stem:
            is_short = len("".join(name)) <= MAX_PLACE_LENGTH
            joined += ["".join(name)] if is_short else _join_single(name)
            joined.append(word)
            name = []
        else:
            name.append(word)
    return joined + _join_single(name)


def _join_single(words: list[str]) -> list[str]:
    joined: list[str] = []
    previous_is_single = False
    for word in words:
        is_single = len(word) == 1 and word not in FEATURES
        if is_single and previous_is_single:
            joined[-1] += word
        else:
            joined.append(word)
        previous_is_single = is_single
    return joined
