"""Quantities as a page words them: bounds, openness and unit, never a made-up midpoint."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from shuangta.text.dates import DATE
from shuangta.text.folding import fold_in_place
from shuangta.text.numerals import NUMERAL, SCALE, parse_numeral, plain_number

# What a unit is called on a page, and how many of the unit one of these is. The first name is worth
# one, and amounts are printed with it.
UNITS = {
    "yuan": {"元": 1},
    "usd": {"美元": 1},
    "eur": {"欧元": 1},
    "jpy": {"日元": 1},
    "hkd": {"港元": 1},
    "m2": {"平方米": 1, "平米": 1, "㎡": 1, "m2": 1, "公顷": 10_000}
    | {"平方公里": 1_000_000, "平方千米": 1_000_000, "km2": 1_000_000},
    "mu": {"亩": 1},
    "m3": {"立方米": 1, "m3": 1},
    "m": {"米": 1, "延长米": 1, "m": 1, "公里": 1000, "千米": 1000, "km": 1000},
    "t": {"吨": 1, "公斤": "0.001", "千克": "0.001"},
    "kW": {"千瓦": 1, "kw": 1, "瓦": "0.001"}
    | {"兆瓦": 1000, "mw": 1000, "吉瓦": 1_000_000, "gw": 1_000_000},
    "kWh": {"千瓦时": 1, "kwh": 1},
    "percent": {"%": 1},
    "percentage_point": {"个百分点": 1},
    "year": {"年": 1},
    "month": {"个月": 1},
    "week": {"周": 1},
    "day": {"天": 1, "日": 1},
    "workday": {"个工作日": 1},
    "h": {"小时": 1, "个小时": 1},
    "min": {"分钟": 1},
}
_UNIT_WORDS = {
    word: (unit, Decimal(factor)) for unit, words in UNITS.items() for word, factor in words.items()
}
COUNTERS = {
    *("人次", "人", "名", "位", "户", "家", "栋", "座", "处", "所", "间", "幢", "层", "套", "支"),
    *("个", "项", "条", "次", "场", "份", "件", "张", "块", "片", "批", "期", "类", "种", "组"),
    *("篇", "辆", "台", "部", "棵", "株", "头", "只", "倍"),
}
RATES = {"日产": "d", "年产": "a"}
MAX_AMOUNT_LENGTH = 50  # characters that an editor may type for one

# Words beside a number: what they make of the bounds of the bare value.
_MORE = {"high": None, "low_open": True}
_AT_LEAST = {"high": None}
_LESS = {"low": None, "high_open": True}
_AT_MOST = {"low": None}
_ABOUT = {"approximate": True}
_SEVERAL = {"high": None, "approximate": True}  # 数百, 几十, 上千

_BEFORE = {
    **dict.fromkeys(["超过", "超", "逾", "多于", "大于", "高于", "突破"], _MORE),
    **dict.fromkeys(["至少", "最少", "不少于", "不低于", "不小于"], _AT_LEAST),
    **dict.fromkeys(["不足", "不到", "低于", "少于", "小于", "未满"], _LESS),
    **dict.fromkeys(["至多", "最多", "不超过", "不多于", "不高于", "不大于"], _AT_MOST),
    **dict.fromkeys(["大约", "约", "将近", "接近", "近", "大概"], _ABOUT),
}
_AFTER = {
    **dict.fromkeys(["余", "多", "几"], _MORE),
    **dict.fromkeys(["以上"], _AT_LEAST),
    **dict.fromkeys(["以下", "以内", "之内", "内"], _AT_MOST),
    **dict.fromkeys(["左右", "上下", "级"], _ABOUT),
}

# Words with 一 in them that count nothing.
_IDIOMS = [
    *("一体", "一流", "统一", "进一步", "一定", "一些", "一切", "一样", "一般", "一起", "一直"),
    *("一致", "一方面", "一旦", "一系列", "一同", "一并", "一律", "一向", "唯一", "单一", "同一"),
    *("某一", "之一"),
]


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; a Latin one ends where its letters do."""
    return "|".join(
        f"{word}(?![a-z0-9])" if word.isalnum() and word.isascii() else word
        for word in sorted(words, key=len, reverse=True)
    )


_UNIT = _any_of([*_UNIT_WORDS, *COUNTERS])
# 百家 is a number, 百康 is a name: a scale alone counts only before what it counts.
_NUMBER = f"(?:{NUMERAL}|[百千万亿](?=[余多]?(?:{_UNIT}|级)))"

_NOT_COUNTED = re.compile(
    f"{DATE.pattern}|第{_NUMBER}|(?<![十百千万亿零])(?:{_any_of(_IDIOMS)})"
    f"|{_NUMBER}(?:年代|世纪|[月号]|日(?!以内|之内|内))",
    re.VERBOSE,
)
_QUANTITY = re.compile(
    rf"""
    (?P<rate>{_any_of(RATES)})?
    (?:(?P<before>{_any_of(_BEFORE)}|[数几上](?=[十百千万亿]))[了为]?)?
    (?<![a-z\d.])(?<!\D-)(?<!^-)
    (?P<percent>百分之)?
    (?:(?P<left>{_NUMBER})\ ?(?P<left_unit>{_UNIT})?(?P<to>[至到~〜–-]|—{{1,2}}))?
    (?P<number>{_NUMBER})(?P<more>[余多几])?(?:\ ?(?P<scale>{SCALE}{{1,4}}))?
    (?:\ (?={_UNIT}))?
    (?P<unit>(?(left_unit)(?P=left_unit)|(?:{_UNIT})?))
    (?P<after>以上|以下|以内|之内|左右|上下|(?<=[年月周天日时])[内多]|(?<=[百千万亿元吨人])级)?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Quantity:
    """One quantity as worded: its bounds in its unit, and the words it was read from.

    Exact when `low == high` and it is not approximate. A bound that is None is not stated.
    """

    low: Decimal | None
    high: Decimal | None
    low_open: bool
    high_open: bool
    approximate: bool
    unit: str
    wording: str
    start: int

    @property
    def exact(self) -> bool:
        """Whether the words state one value."""
        return self.low == self.high and not self.approximate


def parse_quantities(text: str) -> list[Quantity]:
    """The quantities in a text of either script, in order; not its dates, ordinals and idioms.

    Units are the keys of `UNITS`, counters in Simplified characters, or a unit by day or year
    (`t/d`, `t/a`); "" where no known unit follows.
    """
    folded = _NOT_COUNTED.sub(lambda match: "|" * len(match[0]), fold_in_place(text))
    quantities, position = [], 0
    while match := _QUANTITY.search(folded, position):
        if match["left"] and _ends(match)[0] > _ends(match)[1]:
            # 24-7 is no range, but two numbers: the first is read alone.
            match = _QUANTITY.match(folded, match.start(), match.start("to"))
        position = match.end()
        quantities.append(_quantity(match, text[match.start() : position]))
    return quantities


def _quantity(match: re.Match, wording: str) -> Quantity:
    low, high = _ends(match)
    unit, factor = _UNIT_WORDS.get(match["unit"], (match["unit"], 1))
    if match["percent"]:
        unit = "percent"
    if match["rate"] and unit:
        unit = f"{unit}/{RATES[match['rate']]}"
    bare = Quantity(
        low=plain_number(low * factor),
        high=plain_number(high * factor),
        low_open=False,
        high_open=False,
        approximate=False,
        unit=unit,
        wording=wording,
        start=match.start(),
    )
    return replace(bare, **_effects(match))


def _ends(match: re.Match) -> tuple[Decimal, Decimal]:
    """The two numbers of a range, or one number twice, before the unit."""
    scale = match["scale"] or ""
    high = parse_numeral(match["number"]) * parse_numeral(f"1{scale}")
    if not match["left"]:
        return high, high
    low = parse_numeral(match["left"])
    # In 3至5万 the 万 counts for both; in 8000至1万 it cannot.
    shared_scale = scale or re.search("[万亿]*$", match["number"])[0]
    scaled_low = low * parse_numeral(f"1{shared_scale}")
    return (scaled_low if scaled_low < high else low), high


def _effects(match: re.Match) -> dict:
    """What the words beside the number make of its bounds; a range keeps both of them."""
    before = _BEFORE.get(match["before"], _SEVERAL) if match["before"] else {}
    after = _AFTER.get(match["more"], {}) | _AFTER.get(match["after"], {})
    if match["left"]:
        return _ABOUT if before or after else {}
    if {"low", "high"} <= {*before, *after}:  # 不足10余家: the word before the number decides
        return before
    return before | after


def parse_amount(text: str, unit: str) -> Decimal:
    """The one exact quantity that an editor typed, in this unit: 10亿元, 5,000万, 30000000.

    ValueError, with a sentence for the editor, for anything else: no quantity or several, a range,
    an open or approximate one, another unit. A counter that only this unit knows (2轴) may follow.
    """
    typed = text.strip() if unit in UNITS else text.strip().removesuffix(unit).rstrip()
    quantities = parse_quantities(typed[:MAX_AMOUNT_LENGTH])
    if len(quantities) != 1 or quantities[0].wording != typed:
        example = format_amount(Decimal(15_000), unit)
        raise ValueError(
            _("“%(text)s” is not an amount. Write one number, such as %(example)s or 15000.")
            % {"text": typed[:MAX_AMOUNT_LENGTH], "example": example}
        )
    quantity = quantities[0]
    if not quantity.exact:
        raise ValueError(
            _("“%(text)s” is not one exact amount, but a range or an estimate.") % {"text": typed}
        )
    if quantity.unit not in ("", unit):
        raise ValueError(
            _("“%(text)s” is an amount in another unit. Write it in %(unit)s.")
            % {"text": typed, "unit": words_around(unit)[1]}
        )
    return quantity.low


def format_amount(value: Decimal, unit: str) -> str:
    """The shortest exact Chinese wording of a value that is not negative: 10亿元, 2838平方米."""
    value = Decimal(value)
    wordings = [f"{plain_number(value):f}"]
    for word, scale in [("万", 10_000), ("亿", 100_000_000)]:
        if value >= scale:
            wordings.insert(0, f"{plain_number(value / scale):f}{word}")
    before, after = words_around(unit)
    return f"{before}{min(wordings, key=len)}{after}"


def words_around(unit: str) -> tuple[str, str]:
    """The words before and after an amount in a unit; a counter is its own word."""
    base, _slash, per = unit.partition("/")
    before = next((word for word, period in RATES.items() if period == per), "")
    return before, next(iter(UNITS.get(base, [base])))
