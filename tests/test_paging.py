"""Pages: every row exactly once in every order, forwards and back, and counts that say what they are."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from districts.models import Indicator
from projects.models import Sector
from shuangta.query.resources import viewsets
from shuangta.records.models import Record
from tests.factories import (
    CitationFactory,
    IndicatorFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
DAY = date(2020, 1, 1)


def walk(client, address, parameters):
    """The answers page by page, following the links to the end."""
    answers = [client.get(address, parameters).json()]
    while answers[-1]["next"]:
        answers.append(client.get(answers[-1]["next"]).json())
    return answers


def walk_back(client, answer):
    """The answers from this one back to the first."""
    answers = [answer]
    while answers[-1]["previous"]:
        answers.append(client.get(answers[-1]["previous"]).json())
    return answers[::-1]


def keys(answers):
    return [row.get("code", row.get("id")) for answer in answers for row in answer["results"]]


def in_order(rows, column, descending=False):
    """The keys of the rows as they are to come: by value, nulls last either way, then by key."""
    stated = [row for row in rows if row.serializable_value(column) is not None]
    silent = [row for row in rows if row.serializable_value(column) is None]
    stated.sort(key=lambda row: row.pk)
    stated.sort(key=lambda row: row.serializable_value(column), reverse=descending)
    return [row.pk for row in stated + sorted(silent, key=lambda row: row.pk)]


def stated_later(row):
    """Give a row days and numbers that come after those of the others; its history need not tell."""
    later = {}
    for column in row._meta.concrete_fields:
        value = column.value_from_object(row)
        if type(value) is date:
            later[column.name] = value + timedelta(days=400)
        elif type(value) in (int, Decimal) and not column.is_relation and not column.primary_key:
            later[column.name] = value + 100
    QuerySet(type(row)).filter(pk=row.pk).update(**later)
    return row


def rows_with_ties_and_gaps(model):
    """Rows that share values, rows that state none, and one that comes after; some have a source."""
    rows = [make_filled(model), make(model), make_filled(model), make(model)]
    if issubclass(model, Record):
        CitationFactory(about=rows[0], field="note")
        CitationFactory(about=rows[1], field="note", passage__article__document__published_on=DAY)
    return [*rows, stated_later(make_filled(model))]


@pytest.mark.parametrize("resource", VIEWSETS)
def test_every_row_comes_once_in_every_order_while_rows_come_in(anonymous, resource):
    model, viewset = VIEWSETS[resource].queryset.model, VIEWSETS[resource]()
    made = [row.pk for row in rows_with_ties_and_gaps(model)]
    newcomers = QuerySet(model).filter(pk__in=[make(model).pk, make_filled(model).pk])
    QuerySet(model).exclude(pk__in=made).update(version=0)
    rows = viewset.rows_for(AnonymousUser()).filter(pk__in=made)
    asked = {"version__gte": 1, "fields": model._meta.pk.name, "count": "none", "page_size": 3}

    for column in viewset.orderable_columns():
        for ordering, is_descending in ((column, False), (f"-{column}", True)):
            newcomers.update(version=0)
            first = anonymous.get(f"/api/v1/{resource}/", asked | {"ordering": ordering}).json()
            newcomers.update(version=1)
            forwards = [first, *walk(anonymous, first["next"], {})]
            back = walk_back(anonymous, forwards[-1])

            expected = in_order(rows, column, is_descending)
            for seen in (keys(forwards), keys(back)):
                assert len(set(seen)) == len(seen), (ordering, seen)
                assert (ordering, [key for key in seen if key in made]) == (ordering, expected)


AMOUNTS = [
    Decimal("0.01"),
    None,
    Decimal(5),
    Decimal(5),
    None,
    Decimal("9999999999999.99"),
    Decimal(5),
]
DAYS = [date(2021, 5, 1), date(2021, 5, 1), None, None, date(2020, 1, 1), date(2021, 5, 1), None]


@pytest.fixture
def projects(db):
    """Projects with ties and gaps in every combination, and names that sort by pinyin."""
    names = ["珠江", "安", "新华", "万达", "新花", "阿", "新华"]
    return [
        ProjectFactory(name=name, total_investment=amount, started_on=day, name_en=name_en)
        for name, amount, day, name_en in zip(
            names, AMOUNTS, DAYS, [None, *"aBBa", None, "a"], strict=True
        )
    ]


@pytest.mark.parametrize("page_size", [1, 2, 3, 7])
@pytest.mark.parametrize(
    "ordering",
    [
        None,
        "name",
        "-total_investment",
        "total_investment,-started_on",
        "-started_on,total_investment,-name",
        "name_en,-total_investment,started_on",
        "-code",
        "stated_on,-updated_at",
    ],
)
def test_a_list_is_walked_to_its_end_and_back(anonymous, projects, ordering, page_size):
    CitationFactory(about=projects[3])
    asked = {"page_size": page_size} | ({"ordering": ordering} if ordering else {})
    whole = keys(walk(anonymous, "/api/v1/projects/", asked | {"page_size": 1000}))

    forwards = walk(anonymous, "/api/v1/projects/", asked)
    back = walk_back(anonymous, forwards[-1])

    assert sorted(whole) == sorted(project.pk for project in projects)
    assert keys(forwards) == whole
    assert keys(back) == whole
    assert back[0]["previous"] is None
    assert {answer["count"] for answer in forwards} == {7}


def test_names_come_in_the_order_of_their_pinyin(anonymous, projects):
    answer = anonymous.get("/api/v1/projects/", {"fields": "name"}).json()

    names = [row["name"] for row in answer["results"]]
    assert names == ["阿", "安", "万达", "新花", "新华", "新华", "珠江"]


def test_a_link_keeps_what_was_asked(anonymous):
    for number in range(3):
        ProjectFactory(code=f"p{number}", name=f"示例 & {number}", stage="signed")
    ProjectFactory(stage="planned")
    asked = {"stage": "signed", "name__contains": "示例 & ", "fields": "code", "page_size": 2}

    answers = walk(anonymous, "/api/v1/projects/", asked | {"count": "none"})

    assert keys(answers) == ["p0", "p1", "p2"]
    assert [answer["count_is"] for answer in answers] == ["not_counted", "not_counted"]
    assert answers[0]["next"].startswith("http://testserver/api/v1/projects/?stage=signed&")


def test_a_row_that_comes_in_between_moves_no_other(anonymous):
    first, second = SectorFactory(code="b", name="乙"), SectorFactory(code="d", name="丁")
    by_code = {"ordering": "code", "page_size": 1}
    page = anonymous.get("/api/v1/sectors/", by_code).json()
    SectorFactory(code="a")
    third = SectorFactory(code="c")

    answers = [page, *walk(anonymous, page["next"], {})]

    assert keys(answers) == [first.pk, third.pk, second.pk]


def test_a_page_that_has_become_empty_says_so(anonymous, page):
    Sector.objects.get(code="b").delete()

    answer = anonymous.get(page["next"]).json()

    assert (answer["results"], answer["next"]) == ([], None)


def test_a_count_is_exact_up_to_ten_thousand(anonymous):
    indicators = [IndicatorFactory.build() for _ in range(10_001)]
    Indicator.objects.bulk_create(indicators)

    def counted(**asked):
        answer = anonymous.get("/api/v1/indicators/", {"page_size": 1} | asked).json()
        return answer["count"], answer["count_is"]

    assert counted() == (10_000, "at_least")
    assert counted(count="exact") == (10_001, "exact")
    assert counted(count="none") == (None, "not_counted")
    assert counted(code__not=indicators[0].pk) == (10_000, "exact")


@pytest.fixture
def page(anonymous):
    """A first page, by code, with one of two sectors."""
    SectorFactory(code="a"), SectorFactory(code="b")
    return anonymous.get("/api/v1/sectors/", {"ordering": "code", "page_size": 1}).json()


def after(page):
    return parse_qs(urlsplit(page["next"]).query)["after"][0]


@pytest.mark.parametrize("parameter", ["after", "before"])
@pytest.mark.parametrize(
    "altered",
    [
        lambda link: link[:-1],
        lambda link: "x" + link,
        lambda link: link.partition(":")[0],
        lambda link: "长" + link,
        lambda link: link + "\0",
        lambda link: "e30=",
        lambda link: "W" * 100_000,
    ],
)
def test_a_link_that_is_not_ours_is_refused(anonymous, page, parameter, altered):
    asked = {"ordering": "code", parameter: altered(after(page))}

    response = anonymous.get("/api/v1/sectors/", asked)

    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"field": parameter, "code": "invalid", "detail": "This is no link of the registry."}
    ]


def test_a_link_belongs_to_its_ordering_and_goes_one_way(anonymous, page):
    link = after(page)

    other = anonymous.get("/api/v1/sectors/", {"ordering": "name", "after": link})
    both = anonymous.get("/api/v1/sectors/", {"ordering": "code", "after": link, "before": link})

    assert [(each["field"], each["code"]) for each in other.json()["errors"]] == [
        ("after", "invalid")
    ]
    assert [(each["field"], each["code"]) for each in both.json()["errors"]] == [
        ("before", "conflicting")
    ]
