"""Arabic and Chinese numerals, alone or mixed: 5,000 · 二十二 · 1.5万 · 两千三百亿 · 二〇二〇."""

import re
from decimal import Decimal

from shuangta.text.folding import fold_in_place

_ZEROS = "零〇"
_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True))
_DIGITS |= dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)) | {"两": 2}
_SMALL_SCALES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE_SCALES = {"万": 10_000, "亿": 100_000_000}

# Lengths are bounded, so that no text makes a number too large to compute with.
_ARABIC = r"(?:(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,18})(?:\.\d{1,15})?(?!\.?\d))"
_DIGIT = "[一二三四五六七八九两壹贰叁肆伍陆柒捌玖]"
_TENS = f"十{_DIGIT}?"
# 千 before these belongs to the unit: 50万千瓦, 3千米.
SCALE = "(?:[十拾百佰仟万亿]|千(?![瓦米克]))"

# The source of a regular expression for one numeral in folded text. A scale alone (百, 万) is left
# out: it is mostly part of a name. So is 零; and 三四 is two numerals, because it is not 34.
# Atomic: a numeral is read whole or not at all, and 1万万万万… is not tried in every grouping.
NUMERAL = (
    f"(?>[{''.join(_DIGITS)}]{{4,18}}"
    f"|(?:{_ARABIC}|{_TENS}|[百佰千仟]{{1,2}}[万亿]|{_DIGIT})"
    f"(?:{SCALE}{{1,4}}[{_ZEROS}]?(?:{_ARABIC}|{_TENS}|{_DIGIT})?){{0,9}})"
)
_WHOLE_NUMERAL = re.compile(f"{NUMERAL}|[百佰千仟万亿]")


def parse_numeral(text: str) -> Decimal:
    """The value of one whole numeral in either script; ValueError for anything else."""
    folded = fold_in_place(text).strip()
    if not _WHOLE_NUMERAL.fullmatch(folded):
        raise ValueError(f"{text!r} is not a numeral")
    if all(character in _DIGITS for character in folded) and len(folded) > 1:
        return Decimal("".join(str(_DIGITS[character]) for character in folded))
    return plain_number(_scaled_sum(re.findall(r"[\d.]+|[^\d.]", folded.replace(",", ""))))


def _scaled_sum(tokens: list[str]) -> Decimal:
    total = section = Decimal(0)  # 二亿 | 三千五百
    pending: Decimal | None = None  # a number whose scale is still to come
    scale = 1
    for token in tokens:
        if token in _SMALL_SCALES:
            scale = _SMALL_SCALES[token]
            section += scale * (1 if pending is None else pending)
            pending = None
        elif token in _LARGE_SCALES:
            scale = _LARGE_SCALES[token]
            if pending is None and not section and not total:  # 万 alone
                pending = Decimal(1)
            section += pending or 0
            # 二亿三千万 adds to the 亿 before it, 二万亿 multiplies the 万.
            total = total + section * scale if total >= scale else (total + section) * scale
            section, pending = Decimal(0), None
        elif token in _ZEROS:
            scale = 1
        else:
            pending = Decimal(_DIGITS.get(token, token))
    if pending is None:
        return total + section
    # 三千五 is 3500; 三千零五 and 3亿5 say their last figure in full.
    shorthand = tokens[-1] in _DIGITS and scale > 10
    return total + section + (pending * scale / 10 if shorthand else pending)


def plain_number(value: Decimal) -> Decimal:
    """The same value without trailing zeros or an exponent, as people write it."""
    return Decimal(int(value)) if value == int(value) else value.normalize()
