"""Dates as worded, read as the first and last day that they can mean."""

from datetime import date

import pytest

from shuangta.text.dates import DateBounds, parse_dates


@pytest.mark.parametrize(
    ("wording", "first", "last"),
    [
        ("2020年9月21日", (2020, 9, 21), (2020, 9, 21)),
        ("２０２０年９月２１日", (2020, 9, 21), (2020, 9, 21)),
        ("二〇二〇年九月二十一日", (2020, 9, 21), (2020, 9, 21)),
        ("2020-09-21", (2020, 9, 21), (2020, 9, 21)),
        ("2020.9.21", (2020, 9, 21), (2020, 9, 21)),
        ("2020年8月上旬", (2020, 8, 1), (2020, 8, 10)),
        ("2020年8月中旬", (2020, 8, 11), (2020, 8, 20)),
        ("2020年8月下旬", (2020, 8, 21), (2020, 8, 31)),
        ("2020年2月下旬", (2020, 2, 21), (2020, 2, 29)),
        ("2020年8月", (2020, 8, 1), (2020, 8, 31)),
        ("2020年", (2020, 1, 1), (2020, 12, 31)),
        ("2020年度", (2020, 1, 1), (2020, 12, 31)),
        ("2020年上半年", (2020, 1, 1), (2020, 6, 30)),
        ("2021年第一季度", (2021, 1, 1), (2021, 3, 31)),
        ("2021年1-5月", (2021, 1, 1), (2021, 5, 31)),
        ("2021年5月1日至3日", (2021, 5, 1), (2021, 5, 3)),
        ("2020—2025年", (2020, 1, 1), (2025, 12, 31)),
        ("“十四五”期间", (2021, 1, 1), (2025, 12, 31)),
        ("“十四五”期間", (2021, 1, 1), (2025, 12, 31)),
        ("「十三五」", (2016, 1, 1), (2020, 12, 31)),
        ("十二五规划", (2011, 1, 1), (2015, 12, 31)),
        ("“十一五”", (2006, 1, 1), (2010, 12, 31)),
        ("“三五”", (1966, 1, 1), (1970, 12, 31)),
        ("“二五”", (1958, 1, 1), (1962, 12, 31)),
        ("“一五”", (1953, 1, 1), (1957, 12, 31)),
    ],
)
def test_a_date_with_its_year_is_read_alone(wording, first, last):
    assert parse_dates(wording) == [DateBounds(date(*first), date(*last), wording, 0)]


@pytest.mark.parametrize(
    ("wording", "first", "last"),
    [
        ("今年5月1日", (2021, 5, 1), (2021, 5, 1)),
        ("2月3日", (2021, 2, 3), (2021, 2, 3)),
        ("十二月三十一日", (2021, 12, 31), (2021, 12, 31)),
        ("5月", (2021, 5, 1), (2021, 5, 31)),
        ("今年", (2021, 1, 1), (2021, 12, 31)),
        ("去年", (2020, 1, 1), (2020, 12, 31)),
        ("明年8月", (2022, 8, 1), (2022, 8, 31)),
        ("後年", (2023, 1, 1), (2023, 12, 31)),
    ],
)
def test_a_date_without_its_year_needs_the_year_of_the_context(wording, first, last):
    assert parse_dates(wording) == []
    assert parse_dates(wording, year=2021) == [DateBounds(date(*first), date(*last), wording, 0)]


@pytest.mark.parametrize(
    "wording",
    [
        *("年初以來", "今年初", "2020年初", "2020年年底", "5月底", "“十四五”末"),
        *("2月30日", "13月5日", "0000年", "2025—2020年"),
        *("3至5年", "3个月", "每年5月", "年9月21日", "八五折", "三十五", "5000年历史"),
    ],
)
def test_what_has_no_agreed_bounds_or_is_no_date_is_not_read(wording):
    assert parse_dates(wording, year=2021) == []


def test_dates_are_read_where_they_stand():
    text = "公園于2020年9月21日開工建設，今年5月1日正式向市民開放。“十三五”以來"

    assert parse_dates(text, year=2021) == [
        DateBounds(date(2020, 9, 21), date(2020, 9, 21), "2020年9月21日", 3),
        DateBounds(date(2021, 5, 1), date(2021, 5, 1), "今年5月1日", 18),
        DateBounds(date(2016, 1, 1), date(2020, 12, 31), "“十三五”", 32),
    ]


def test_only_one_day_is_exact():
    day, month = parse_dates("2020年9月21日、2020年9月")

    assert (day.exact, month.exact) == (True, False)
