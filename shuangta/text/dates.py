"""Dates as a page words them, read as the first and the last day that they can mean."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from shuangta.text.folding import fold_in_place
from shuangta.text.numerals import parse_numeral

_RELATIVE_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_PARTS_OF_MONTH = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
_PARTS_OF_YEAR = {
    "上半年": (1, 6),
    "下半年": (7, 12),
    "一季度": (1, 3),
    "二季度": (4, 6),
    "三季度": (7, 9),
    "四季度": (10, 12),
}

_YEAR = r"(?:[12]\d{3}|[〇零一二三四五六七八九]{4})"
_TO_99 = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TO = "[至到~〜–—-]"

# Everything that names a day, a month, a year or a five-year plan, in folded text. What ends in
# a vague word (年初, 月底) is recognised and not read.
DATE = re.compile(
    rf"""
    (?<!\d)(?P<iso>[12]\d{{3}}(?P<mark>[-/.])\d{{1,2}}(?P=mark)\d{{1,2}})(?!\d)
    |
    (?P<quote>["“「『])?(?P<plan>十?[一二三四五六七八九十])五
    (?(quote)["”」』](?:期间|时期|规划)?|(?:期间|时期|规划))(?P<vague_plan>[初末])?
    |
    (?:
        (?<!\d)(?P<year>{_YEAR})(?:年?{_TO}(?P<last_year>{_YEAR}))?年度?
        | (?P<relative>{"|".join(_RELATIVE_YEARS)})度?
        | (?<![\d.个第年零〇一二三四五六七八九十])(?={_TO_99}(?:{_TO}{_TO_99})?月)
    )
    (?: 第?(?P<part_of_year>{"|".join(_PARTS_OF_YEAR)})
        | (?P<month>{_TO_99})(?:月?{_TO}(?P<last_month>{_TO_99}))?月份?
          (?(last_month)|
              (?: (?P<day>{_TO_99})(?:[日号]?{_TO}(?P<last_day>{_TO_99}))?[日号]
                  | (?P<part_of_month>{"|".join(_PARTS_OF_MONTH)}) )?
          )
    )?
    (?P<vague>年?[初底末]|年中)?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class DateBounds:
    """One date as worded: the first and the last day it can mean, and where it stands."""

    first: date
    last: date
    wording: str
    start: int

    @property
    def exact(self) -> bool:
        """Whether the words name one day."""
        return self.first == self.last


def parse_dates(text: str, year: int | None = None) -> list[DateBounds]:
    """The dates in a text of either script, in order.

    `year` is the year that the context gives: without it 今年5月1日 and 5月1日 are not read. Nor is
    what has no agreed bounds (年初, 月底), nor a day that no calendar has.
    """
    found = []
    for match in DATE.finditer(fold_in_place(text)):
        if match["vague"] or match["vague_plan"]:
            continue
        try:
            bounds = _bounds(match, year)
        except ValueError:
            continue
        if bounds and bounds[0] <= bounds[1]:
            found.append(DateBounds(*bounds, text[match.start() : match.end()], match.start()))
    return found


def _bounds(match: re.Match, context_year: int | None) -> tuple[date, date] | None:
    """The first and last day of a match; ValueError where the calendar has no such day."""
    if match["iso"]:
        day = date(*map(int, match["iso"].split(match["mark"])))
        return day, day
    if match["plan"]:
        return _five_year_plan(_number(match["plan"]))
    if match["last_year"]:
        return date(_number(match["year"]), 1, 1), date(_number(match["last_year"]), 12, 31)
    if match["year"]:
        return _days_in_year(_number(match["year"]), match)
    if context_year:
        return _days_in_year(context_year + _RELATIVE_YEARS.get(match["relative"], 0), match)
    return None


def _days_in_year(year: int, match: re.Match) -> tuple[date, date]:
    if match["part_of_year"]:
        return _months(year, *_PARTS_OF_YEAR[match["part_of_year"]])
    if not match["month"]:
        return _months(year, 1, 12)
    month = _number(match["month"])
    first, last = _months(year, month, _number(match["last_month"] or match["month"]))
    if match["day"]:
        return (
            first.replace(day=_number(match["day"])),
            last.replace(day=_number(match["last_day"] or match["day"])),
        )
    if match["part_of_month"]:
        first_day, last_day = _PARTS_OF_MONTH[match["part_of_month"]]
        return first.replace(day=first_day), first.replace(day=min(last_day, last.day))
    return first, last


def _number(wording: str) -> int:
    return int(parse_numeral(wording))


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    last_first = date(year, last, 1)  # refuses a month that monthrange would fail on
    return date(year, first, 1), last_first.replace(day=monthrange(year, last)[1])


def _five_year_plan(number: int) -> tuple[date, date]:
    # China's plans follow each other without a gap, except for 1963 to 1965 after the second.
    first_year = {1: 1953, 2: 1958}.get(number, 1951 + 5 * number)
    return date(first_year, 1, 1), date(first_year + 4, 12, 31)
