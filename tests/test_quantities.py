"""Quantities as worded, and the amounts that editors type."""

from decimal import Decimal

import pytest
from django.utils import translation

from shuangta.text.numerals import parse_numeral
from shuangta.text.quantities import Quantity, format_amount, parse_amount, parse_quantities


@pytest.mark.parametrize(
    ("wording", "value"),
    [
        ("5,000", "5000"),
        ("３，０００", "3000"),
        ("40.5", "40.5"),
        ("十", "10"),
        ("二十二", "22"),
        ("一百五", "150"),
        ("一百零五", "105"),
        ("兩千三百億", "230000000000"),
        ("一億零五萬", "100050000"),
        ("二万亿", "2000000000000"),
        ("百億", "10000000000"),
        ("萬", "10000"),
        ("0万", "0"),
        ("113.5亿", "11350000000"),
        ("1亿2000万", "120000000"),
        ("二〇二〇", "2020"),
        ("貳拾叁", "23"),
    ],
)
def test_a_numeral_is_read(wording, value):
    assert str(parse_numeral(wording)) == value


@pytest.mark.parametrize("wording", ["", "三四", "5,00", "1e5", "零", "10万元", "1" * 40])
def test_what_is_no_numeral_is_refused(wording):
    with pytest.raises(ValueError, match="is not a numeral"):
        parse_numeral(wording)


def quantity(wording, low, high, unit, **how):
    """The quantity that a text holds from its first character on."""
    bounds = [None if bound is None else Decimal(bound) for bound in (low, high)]
    flags = {"low_open": False, "high_open": False, "approximate": False} | how
    return Quantity(*bounds, **flags, unit=unit, wording=wording, start=0)


@pytest.mark.parametrize(
    ("wording", "value", "unit"),
    [
        ("10亿元", 1_000_000_000, "yuan"),
        ("10 亿元", 1_000_000_000, "yuan"),
        ("5000萬元", 50_000_000, "yuan"),
        ("208万元", 2_080_000, "yuan"),
        ("74.2亿", 7_420_000_000, ""),
        ("1.5万平方米", 15_000, "m2"),
        ("16萬平方米", 160_000, "m2"),
        ("2838平方米", 2838, "m2"),
        ("3km²", 3_000_000, "m2"),
        ("3千米", 3000, "m"),
        ("40.5%", "40.5", "percent"),
        ("１００％", 100, "percent"),
        ("百分之四十", 40, "percent"),
        ("500MW", 500_000, "kW"),
        ("50万千瓦", 500_000, "kW"),
        ("日产5000吨", 5000, "t/d"),
        ("年產50萬噸", 500_000, "t/a"),
        ("24小时", 24, "h"),
        ("3年", 3, "year"),
        ("一個月", 1, "month"),
        ("7个工作日", 7, "workday"),
        ("22棟", 22, "栋"),
        ("70個", 70, "个"),
        ("13642人", 13642, "人"),
        ("247支", 247, "支"),
        ("260户", 260, "户"),
        ("228名", 228, "名"),
        ("一百五十家", 150, "家"),
    ],
)
def test_an_exact_quantity_is_read(wording, value, unit):
    assert parse_quantities(wording) == [quantity(wording, value, value, unit)]
    assert parse_quantities(wording)[0].exact


@pytest.mark.parametrize(
    ("wording", "low", "high", "unit", "how"),
    [
        ("10萬餘人", 100_000, None, "人", {"low_open": True}),
        ("10余万人", 100_000, None, "人", {"low_open": True}),
        ("超百億元", 10_000_000_000, None, "yuan", {"low_open": True}),
        ("超过了3000人", 3000, None, "人", {"low_open": True}),
        ("100多项", 100, None, "项", {"low_open": True}),
        ("3000余份", 3000, None, "份", {"low_open": True}),
        ("5万余延长米", 50_000, None, "m", {"low_open": True}),
        ("两年多", 2, None, "year", {"low_open": True}),
        ("十几个", 10, None, "个", {"low_open": True}),
        ("至少5个", 5, None, "个", {}),
        ("不低於10%", 10, None, "percent", {}),
        ("200人以上", 200, None, "人", {}),
        ("不足3家", None, 3, "家", {"high_open": True}),
        ("不足10余家", None, 10, "家", {"high_open": True}),
        ("不超过10万元", None, 100_000, "yuan", {}),
        ("30日内", None, 30, "day", {}),
        ("百億級", 10_000_000_000, 10_000_000_000, "", {"approximate": True}),
        ("約3000人", 3000, 3000, "人", {"approximate": True}),
        ("3000人左右", 3000, 3000, "人", {"approximate": True}),
        ("近百家", 100, 100, "家", {"approximate": True}),
        ("约100多项", 100, None, "项", {"low_open": True, "approximate": True}),
        ("数十亿元", 1_000_000_000, None, "yuan", {"approximate": True}),
        ("50至80家", 50, 80, "家", {}),
        ("50家至80家", 50, 80, "家", {}),
        ("2至3平方公里", 2_000_000, 3_000_000, "m2", {}),
        ("3至5年", 3, 5, "year", {}),
        ("3－5%", 3, 5, "percent", {}),
        ("3~5亿元", 300_000_000, 500_000_000, "yuan", {}),
        ("5000——8000万元", 50_000_000, 80_000_000, "yuan", {}),
        ("8000到1万人", 8000, 10_000, "人", {}),
        ("约50至80家", 50, 80, "家", {"approximate": True}),
    ],
)
def test_an_inexact_quantity_keeps_its_bounds(wording, low, high, unit, how):
    assert parse_quantities(wording) == [quantity(wording, low, high, unit, **how)]
    assert not parse_quantities(wording)[0].exact


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("七办", [7]),
        ("四大商圈", [4]),
        ("一轴四区九街", [1, 4, 9]),
        ("爭創五個一流", [5]),
        ("六个一批", [6, 1]),
        ("8个环节", [8]),
        ("三四个", [3, 4]),
        ("24-7", [24, 7]),
        ("5公里到3000米", [5000, 3000]),
        ("五十一起案件", [51]),
        ("重点推进投资74.2亿元的500MW光伏、500MW风电", [7_420_000_000, 500_000, 500_000]),
    ],
)
def test_every_number_of_a_short_text_is_read(text, values):
    assert [quantity.low for quantity in parse_quantities(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        *("2020年", "2020年初", "5月1日", "今年5月1日", "13日", "2020-09-21", "2020—2025年"),
        *("“十四五”期间", "90年代", "每年5月", "第三方", "第22栋", "22号楼"),
        *("一体化", "统一", "進一步", "零售", "万达广场", "百康", "收拾", "PM2.5", "1.2.3", "-5"),
        "1" * 40,
    ],
)
def test_dates_ordinals_and_parts_of_words_are_no_quantities(text):
    assert parse_quantities(text) == []


def test_a_quantity_knows_where_it_stands():
    first, second = parse_quantities("每日巡格2次，總額１１３．５億元。")

    assert (first.wording, first.start) == ("2次", 4)
    assert (second.wording, second.start) == ("１１３．５億元", 9)


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("10亿元", "yuan", "1000000000"),
        (" 10 億元 ", "yuan", "1000000000"),
        ("5,000万", "yuan", "50000000"),
        ("30000000", "yuan", "30000000"),
        ("０.５", "yuan", "0.5"),
        ("1.5万平方米", "m2", "15000"),
        ("2平方公里", "m2", "2000000"),
        ("500MW", "kW", "500000"),
        ("日产5000吨", "t/d", "5000"),
    ],
)
def test_a_typed_amount_is_read_in_its_unit(typed, unit, value):
    assert str(parse_amount(typed, unit)) == value


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "“” is not an amount. Write one number, such as 1.5万元 or 15000."),
        ("abc", "“abc” is not an amount. Write one number, such as 1.5万元 or 15000."),
        ("-5万", "“-5万” is not an amount. Write one number, such as 1.5万元 or 15000."),
        ("5,0000", "“5,0000” is not an amount. Write one number, such as 1.5万元 or 15000."),
        ("1万 2万", "“1万 2万” is not an amount. Write one number, such as 1.5万元 or 15000."),
        ("50至80万元", "“50至80万元” is not one exact amount, but a range or an estimate."),
        ("超百亿元", "“超百亿元” is not one exact amount, but a range or an estimate."),
        ("约3万元", "“约3万元” is not one exact amount, but a range or an estimate."),
        ("5吨", "“5吨” is an amount in another unit. Write it in 元."),
    ],
)
def test_what_is_not_one_exact_amount_is_refused_in_a_sentence(typed, message):
    with pytest.raises(ValueError, match="amount") as refusal:
        parse_amount(typed, "yuan")

    assert str(refusal.value) == message


@pytest.mark.usefixtures("english")
def test_a_very_long_amount_is_refused_in_a_short_sentence():
    with pytest.raises(ValueError, match="is not an amount") as refusal:
        parse_amount("1万" * 100_000, "yuan")

    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("value", "unit", "wording"),
    [
        ("1000000000", "yuan", "10亿元"),
        ("50000000", "yuan", "5000万元"),
        ("11350000000", "yuan", "113.5亿元"),
        ("123456789", "yuan", "123456789元"),
        ("0.01", "yuan", "0.01元"),
        ("0", "yuan", "0元"),
        ("999999999999999", "yuan", "999999999999999元"),
        ("15000", "m2", "1.5万平方米"),
        ("2838.00", "m2", "2838平方米"),
        ("500000", "kW", "50万千瓦"),
        ("5000", "t/d", "日产5000吨"),
        ("40.5", "percent", "40.5%"),
        ("3", "month", "3个月"),
        ("31", "个", "31个"),
        ("74", "", "74"),
    ],
)
def test_an_amount_is_written_short_and_read_back_exactly(value, unit, wording):
    assert format_amount(Decimal(value), unit) == wording
    assert parse_amount(wording, unit) == Decimal(value)
