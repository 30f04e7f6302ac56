"""Quotes are read as a person reads them: exactly, in either script, in the year of their page."""

from datetime import date
from decimal import Decimal

import pytest

from districts.models import Indicator, Observation, Place
from governance.models import JobFair
from projects.models import Enterprise, Participation, Project
from seeds.evidence.matching import agree, states
from seeds.evidence.reviewed import Reviewed, ReviewedReading

STAGES = [
    ReviewedReading("projects.project.stage", "planned", "规划"),
    ReviewedReading("projects.project.stage", "under_construction", "启动建设"),
]


def stated(entry, field, words):
    field = entry._meta.get_field(field)
    value = getattr(entry, field.name)
    return states(entry, field, value, words, 2021, Reviewed(readings=STAGES))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("總投資3000萬元", True),
        ("总投资3,000万元、占地200亩", True),
        ("總投資3000萬", False),
        ("總投資超3000萬元", False),
        ("總投資約3000萬元", False),
        ("總投資2000至3000萬元", False),
        ("總投資300萬元", False),
        ("3000萬元，其中3000萬元", False),
    ],
)
def test_a_measure_is_stated_by_one_exact_quantity_with_a_unit(words, expected):
    project = Project(total_investment=Decimal("30000000.00"))

    assert stated(project, "total_investment", words) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("參與招聘企業156家", True), ("156個", True), ("156%", False), ("156余家", False)],
)
def test_a_count_is_stated_by_one_exact_quantity_without_a_measure(words, expected):
    assert stated(JobFair(employers=156), "employers", words) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("從2020年8月下旬開始", True),
        ("去年8月下旬", True),
        ("8月下旬", False),
        ("2020年8月", False),
        ("2020年8月21日", False),
    ],
)
def test_an_imprecise_date_is_stated_by_its_first_and_last_day(words, expected):
    fair = JobFair(starts_on=date(2020, 8, 21), starts_on_latest=date(2020, 8, 31))

    assert stated(fair, "starts_on", words) is expected
    assert stated(fair, "starts_on_latest", words) is expected


def test_a_day_without_a_year_is_one_in_the_year_of_the_page():
    project = Project(started_on=date(2021, 5, 1))

    assert stated(project, "started_on", "今年5月1日")
    assert stated(project, "started_on", "5月1日")
    assert not stated(project, "started_on", "2020年5月1日")


def test_a_choice_is_stated_by_a_reviewed_wording_of_it_and_of_no_other():
    project = Project(stage="under_construction")

    assert stated(project, "stage", "項目啟動建設")
    assert not stated(project, "stage", "項目建設")
    assert not stated(project, "stage", "規劃啟動建設")


def test_a_name_is_stated_in_either_script_and_by_an_alias():
    place = Place(name="示例广场", aliases="示例天街\n示例街")

    assert stated(place, "name", "在示例廣場")
    assert stated(place, "name", "示例街")
    assert not stated(place, "name", "示例")


def test_a_relation_is_stated_by_a_name_of_its_target():
    participation = Participation(enterprise=Enterprise(name="示例公司", aliases="示例"))

    assert stated(participation, "enterprise", "由示例建設")
    assert not stated(participation, "enterprise", "由公司建設")


def test_a_text_is_stated_word_for_word():
    place = Place(goal="城市“广场”")

    assert stated(place, "goal", "建成城市廣場")
    assert not stated(place, "goal", "建成城市的廣場")


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        (["1亿", "1亿"], True),
        (["1亿", "1", "亿"], True),
        (["1", "亿", "1亿"], True),
        (["1亿", "1"], False),
        (["亿", "1"], False),
        ([], True),
    ],
)
def test_quotes_state_a_value_each_or_joined_over_a_column_break(quotes, expected):
    assert agree(quotes, lambda words: words == "1亿") is expected


@pytest.mark.parametrize(
    ("wording", "unit", "bounds", "expected"),
    [
        ("50至80家", "家", {"low": 50, "high": 80}, True),
        ("50至80家", "家", {"low": 65, "high": 65}, False),
        ("10萬餘人", "人", {"low": 100_000, "low_open": True}, True),
        ("10萬餘人", "人", {"low": 100_000, "high": 100_000}, False),
        ("10萬餘人", "户", {"low": 100_000, "low_open": True}, False),
        ("四大商圈", "个", {"low": 4, "high": 4}, True),
        ("約20家", "家", {"low": 20, "high": 20}, False),
        ("約20家", "家", {"low": 20, "high": 20, "approximate": True}, True),
    ],
)
def test_the_wording_of_a_figure_gives_its_bounds_and_unit(wording, unit, bounds, expected):
    indicator = Indicator(unit=unit, kind="count")
    figure = Observation(indicator=indicator, wording=wording, **bounds)

    assert stated(figure, "wording", f"引進{wording}") is expected
    assert not stated(figure, "wording", "引進")


def test_a_figure_is_read_with_the_words_beside_its_wording():
    indicator = Indicator(unit="家", kind="count")
    figure = Observation(indicator=indicator, wording="20家", low=20, high=20)

    assert stated(figure, "wording", "有20家")
    assert not stated(figure, "wording", "約20家")
    assert not stated(figure, "wording", "有120家")


def test_a_measured_figure_needs_its_unit():
    area = Indicator(unit="m2", kind="area")
    figure = Observation(indicator=area, wording="16萬", low=160_000, high=160_000)

    assert not stated(figure, "wording", "面積16萬")


@pytest.mark.parametrize(
    ("label", "start", "end", "expected"),
    [
        ("2020年", date(2020, 1, 1), date(2020, 12, 31), True),
        ("2020年", date(2020, 1, 1), None, False),
        ("“十三五”以來", date(2016, 1, 1), None, True),
        ("“十三五”以來", date(2016, 1, 1), date(2020, 12, 31), False),
        ("“十四五”期間", date(2021, 1, 1), date(2025, 12, 31), True),
        ("“十四五”期間", date(2016, 1, 1), date(2020, 12, 31), False),
        ("年初以來", None, None, True),
        ("年初以來", date(2021, 1, 1), None, False),
        ("2020年", None, None, False),
    ],
)
def test_the_label_of_a_period_gives_its_days(label, start, end, expected):
    figure = Observation(period_label=label, period_start=start, period_end=end)

    assert stated(figure, "period_label", f"{label}增長") is expected
    assert not stated(figure, "period_label", "增長")
