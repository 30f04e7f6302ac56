"""Characters that nobody sees or means: what is left of a name or a note without them.

Blanks and invisible characters are those of Unicode's White_Space, Default_Ignorable_Code_Point and Cc, with the
fillers that look like blanks. Variation selectors choose how a character is drawn, not which one it is, and go too.
"""

import re
import unicodedata

# The fillers of Hangul and the empty pattern of Braille are drawn as blanks.
BLANKS = re.compile(r"[\s\u115f\u1160\u2800\u3164\uffa0]+")
LINE_ENDS = re.compile(r"\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    # Between letters that are written joined (Arabic to Mongolian) these change how a word is read.
    r"|[\u200c\u200d](?:(?<![\u0600-\u1aff].)|(?![\u0600-\u1aff]))|[\u180b-\u180f](?<![\u1820-\u18aa].)"
)
LOST = frozenset("\N{OBJECT REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}")
# What is not yet assigned in the planes of ideographs may be one by now: Unicode adds rare ones of names each year.
IDEOGRAPHIC = range(0x20000, 0x3FFFE)


def clean_line(text):
    """The text in one line: composed (NFC), without what is invisible, with single blanks between its words."""
    composed = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    return BLANKS.sub(" ", composed).strip(" ")


def clean_lines(text):
    """The lines of a text, each as ``clean_line`` leaves it, none empty and none twice."""
    lines = map(clean_line, LINE_ENDS.split(text))
    return "\n".join(dict.fromkeys(filter(None, lines)))


def clean_text(text):
    """The text in its lines: composed, without what is invisible, and blanks around it or behind its lines."""
    composed = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    lines = LINE_ENDS.split(composed.replace("\t", " "))
    return "\n".join(line.rstrip() for line in lines).strip()


def find_flaw(text):
    """The first character that says nothing certain, with what it is; None where there is none.

    What it is: ``lost``, ``private``, ``half`` of a character, or ``unassigned``.
    """
    for character in "" if text.isascii() else text:
        kind = flaw_of(character)
        if kind:
            return character, kind
    return None


def flaw_of(character):
    point = ord(character)
    if character in LOST:
        return "lost"
    match unicodedata.category(character):
        case "Co":
            return "private"
        case "Cs":
            return "half"
        case "Cn" if point not in IDEOGRAPHIC or point & 0xFFFE == 0xFFFE:
            return "unassigned"
    return None
