"""What the amounts of a list add up to, under it."""

from decimal import Decimal

import pytest
from django.db.models import QuerySet

from projects.models import Project
from tests.admin.forms import plain_text
from tests.factories import (
    IndicatorFactory,
    JobFairFactory,
    ObservationFactory,
    ProjectFactory,
)

pytestmark = pytest.mark.django_db

PROJECTS = "/admin/projects/project/"
FIGURES = "/admin/districts/observation/"


def totals(client, address, query=None):
    """The lines under the list."""
    found = client.get(address, query).context["cl"].totals or []
    return [(total.label, total.words, *total.remarks) for total in found]


def test_the_whole_filtered_list_is_added_up_exactly_not_the_page(editor, monkeypatch):
    monkeypatch.setattr("shuangta.admin.lists.ListedAdmin.list_per_page", 2)
    for amount in ("0.1", "0.2", "9999999999999.97", None):
        ProjectFactory(total_investment=amount and Decimal(amount), stage="signed")
    ProjectFactory(total_investment=5, stage="planned")

    assert totals(editor, PROJECTS, {"stage__exact": "signed"}) == [
        ("Total investment", "10000000000000.27元", "3 rows state it", "1 row does not")
    ]


def test_counts_are_added_up_beside_how_many_rows_state_them(editor):
    JobFairFactory(posts=2800)
    JobFairFactory(posts=17_200)
    JobFairFactory(posts=0)
    JobFairFactory()

    assert totals(editor, "/admin/governance/jobfair/") == [
        ("Posts", "2万", "3 rows state it", "1 row does not")
    ]


def test_a_list_in_which_nothing_is_stated_says_so(editor):
    ProjectFactory(total_investment=None)

    assert totals(editor, PROJECTS) == [
        ("Total investment", "", "0 rows state it", "1 row does not")
    ]


def test_positions_and_lists_without_amounts_add_up_to_nothing(editor, project):
    for address in (
        "/admin/governance/measure/",
        "/admin/shuangta/revision/",
        "/admin/seeds/citation/",
    ):
        shown = editor.get(address).context["cl"]
        assert (shown.totals, shown.totals_link, shown.why_no_totals) == (None, None, None)


def test_a_long_list_is_added_up_when_asked_to(editor, monkeypatch):
    monkeypatch.setattr("shuangta.db.keyset.EXACT_UP_TO", 1)
    for amount in (1, 2, 3):
        ProjectFactory(total_investment=amount, stage="signed")

    shown = editor.get(PROJECTS, {"stage__exact": "signed", "o": "1"})
    link = shown.context["cl"].totals_link
    added_up = editor.get(f"{PROJECTS}{link}").context["cl"]

    assert shown.context["cl"].totals is None
    assert "Add up the whole list" in plain_text(shown)
    assert link == "?o=1&stage__exact=signed&totals=1"
    assert [total.words for total in added_up.totals] == ["6元"]
    assert added_up.get_query_string() == "?o=1&stage__exact=signed"


@pytest.fixture
def income(db):
    return IndicatorFactory(code="income", unit="yuan", kind="amount")


FIXED = {"indicator__code__exact": "income", "status__exact": "actual"}


def test_figures_add_up_only_within_one_indicator_and_status(editor, income):
    ObservationFactory(indicator=income, status="actual", low=5, high=5)

    for query in ({}, FIXED | {"status__exact": ""}, FIXED | {"indicator__code__exact": ""}):
        shown = editor.get(FIGURES, query)
        assert shown.context["cl"].totals is None
        assert "Figures add up within one indicator and one status" in plain_text(shown)
    assert totals(editor, FIGURES, FIXED) == [("Observations", "5元", "1 figure")]


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ([(5, 5), (7, 7)], ["12元", "2 figures"]),
        ([(5, 8), (7, 7)], ["at least 12元, at most 15元", "2 figures"]),
        ([(5, None), (7, 7)], ["at least 12元", "2 figures"]),
        ([(None, 5), (7, None)], ["", "2 figures", "No bound is stated by all of them."]),
    ],
)
def test_figures_add_up_as_bounds(editor, income, bounds, words):
    for low, high in bounds:
        ObservationFactory(indicator=income, status="actual", low=low, high=high)
    ObservationFactory(indicator=income, status="target", low=1000, high=1000)
    ObservationFactory(status="actual", low=1000, high=1000)

    assert totals(editor, FIGURES, FIXED) == [("Observations", *words)]


def test_an_open_bound_stays_open_and_a_part_is_left_out(editor, income):
    whole = ObservationFactory(indicator=income, status="actual", low=100, low_open=True, high=None)
    ObservationFactory(indicator=income, status="actual", low=40, high=40, part_of=whole)

    assert totals(editor, FIGURES, FIXED) == [
        (
            "Observations",
            "more than 100元",
            "2 figures",
            "1 is contained in another and left out",
        )
    ]


def test_an_empty_list_has_no_totals(editor):
    assert QuerySet(Project).count() == 0
    assert totals(editor, PROJECTS) == []
