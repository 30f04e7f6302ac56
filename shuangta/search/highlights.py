"""Highlights: where the words of a search stand in a record, in its own characters."""

import re
from dataclasses import dataclass

from shuangta.text.folding import fold
from shuangta.text.pinyin import syllables

SHOWN_AROUND = 30
LETTER, FIGURE = "a-z", "0-9"


@dataclass(frozen=True)
class Marked:
    """A text as stored, or as much of it as is shown, with the places of what was found: from, to."""

    field: str
    text: str
    marks: list[tuple[int, int]]

    def document(self):
        """The text around the marks; a mark counts from the beginning of what is shown."""
        start = max(0, self.marks[0][0] - SHOWN_AROUND)
        end = self.marks[0][1] + SHOWN_AROUND
        shown = [[first - start, last - start] for first, last in self.marks if last <= end]
        return {"field": self.field, "text": self.text[start:end], "marks": shown}


def highlights(row, words):
    """The texts of a row that hold any of the words, its title first."""
    marked = [
        Marked(
            name,
            text,
            merge_spans(place for word in words for place in find_spans(row, name, text, word)),
        )
        for name, text in texts_of(row)
    ]
    return [each.document() for each in marked if each.marks]


def matches(row, word):
    """Whether one of the row’s own texts holds the word."""
    return any(find_spans(row, name, text, word) for name, text in texts_of(row))


def texts_of(row):
    """The texts by which a row is found, its title first, each with its column."""
    names = [row.title_field, *(name for name in row.searched_fields if name != row.title_field)]
    return [
        (name, text)
        for name in names
        for text in ([value_of(row, name)] if name == "code" else lines_of(row, name))
    ]


def value_of(row, name):
    value = getattr(row, name)
    return "" if value is None else str(value)


def lines_of(row, name):
    """Each alias is a text by itself."""
    text = value_of(row, name)
    return text.splitlines() if name in row.spelt_fields else [text]


def find_spans(row, name, text, word):
    """Where the text holds the word, as written or else, in a name, as spelt."""
    return find_literal(text, word) or (find_spelt(text, word) if name in row.spelt_fields else [])


def find_literal(text, word):
    """Where the text holds the word in either script; Latin and figures only from where they begin."""
    folded, origins = "", []
    for place, character in enumerate(text):
        as_folded = fold(character)
        folded += as_folded
        origins += [place] * len(as_folded)
    inside = next((kind for kind in (LETTER, FIGURE) if re.match(f"[{kind}]", word.text)), None)
    pattern = (f"(?<![{inside}])" if inside else "") + re.escape(word.text)
    return [
        (origins[match.start()], origins[match.end() - 1] + 1)
        for match in re.finditer(pattern, folded)
    ]


def find_spelt(text, word):
    """Where the characters stand whose syllables, or initials, make up the word; the last may be half typed."""
    name = syllables(text)
    found = []
    for start in range(len(name)):
        end = spelt_end(name[start:], word.text) or spelt_end(
            name[start:], word.text, initials=True
        )
        if end:
            last = name[start + end - 1]
            found.append((name[start].start, last.start + last.length))
    return found


def spelt_end(name, word, initials=False):
    """How many syllables of the name make up the word; None where they do not."""
    unread = {word}
    for count, syllable in enumerate(name, start=1):
        readings = {reading[:1] if initials else reading for reading in syllable.readings}
        if any(reading.startswith(rest) for reading in readings for rest in unread):
            return count
        unread = {
            rest.removeprefix(reading)
            for reading in readings
            for rest in unread
            if rest.startswith(reading)
        }
        if not unread:
            return None
    return None


def merge_spans(places):
    """The places in order, those that overlap or touch as one."""
    found = []
    for start, end in sorted(places):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
