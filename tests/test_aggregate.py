"""Aggregates put the rows of a list in groups, and say beside every figure how many rows state it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from districts.models import District, Observation
from projects.models import Project
from shuangta.api.aggregates import MAX_GROUPINGS
from shuangta.query.figures import FUNCTIONS
from shuangta.query.grouping import groups_of
from shuangta.query.resources import viewsets
from shuangta.records.models import Record
from tests.factories import (
    BuildingGroupFactory,
    CitationFactory,
    DepartmentFactory,
    DistrictFactory,
    DocumentFactory,
    IndicatorFactory,
    IndustrialParkFactory,
    ObservationFactory,
    ParkFactory,
    ParticipationFactory,
    PassageFactory,
    ProjectFactory,
    SectorFactory,
    ServiceHallFactory,
    make,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_resource = pytest.mark.parametrize("resource", VIEWSETS)
MEMBERS = [
    (resource, name)
    for resource, viewset in VIEWSETS.items()
    for name, group in groups_of(viewset.filterset_class).items()
    if group.column.many_to_many
]
SIGNED, PLANNED = Project.Stage.SIGNED, Project.Stage.PLANNED


def asked(client, resource, **parameters):
    response = client.get(f"/api/v1/{resource}/aggregate/", parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def counts(answer, *names):
    """The number of rows of each group, by its values."""
    return [(*(row["group"][name] for name in names), row["count"]) for row in answer["results"]]


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"], each["detail"]) for each in response.json()["errors"]]


def yuan(stated, not_stated, **figures):
    return {
        "total_investment": {"stated": stated, "not_stated": not_stated, "unit": "yuan"} | figures
    }


# Groups and figures


def test_projects_add_up_by_stage_with_the_number_that_state_nothing(anonymous):
    ProjectFactory(stage=SIGNED, total_investment=Decimal("30000000.10"))
    ProjectFactory(stage=SIGNED, total_investment=Decimal("20000000.20"))
    ProjectFactory(stage=SIGNED)
    ProjectFactory(stage=PLANNED, total_investment=5)
    ProjectFactory()
    ProjectFactory(stage=SIGNED, total_investment=7, is_published=False)

    answer = asked(
        anonymous,
        "projects",
        group_by="stage",
        sum="total_investment",
        avg="total_investment",
        min="total_investment",
        max="total_investment",
    )

    nothing = yuan(0, 1, sum=None, avg=None, min=None, max=None)
    assert answer == {
        "count": 3,
        "rows": 5,
        "more": False,
        "total": {
            "count": 5,
            "figures": yuan(3, 2, sum=50000005.3, avg=16666668.43, min=5, max=30000000.1),
        },
        "results": [
            {
                "group": {"stage": "planned"},
                "count": 1,
                "figures": yuan(1, 0, sum=5, avg=5, min=5, max=5),
            },
            {
                "group": {"stage": "signed"},
                "count": 3,
                "figures": yuan(
                    2, 1, sum=50000000.3, avg=25000000.15, min=20000000.2, max=30000000.1
                ),
            },
            {"group": {"stage": None}, "count": 1, "figures": nothing},
        ],
    }


def test_without_groups_only_the_total_is_told(anonymous):
    ProjectFactory(total_investment=3)
    ProjectFactory(stage=SIGNED, total_investment=4)

    assert asked(anonymous, "projects", sum="total_investment", stage="signed") == {
        "count": 0,
        "rows": 1,
        "more": False,
        "total": {"count": 1, "figures": yuan(1, 0, sum=4)},
        "results": [],
    }


def test_a_project_of_two_sectors_counts_in_both_and_once_in_the_total(anonymous):
    food, energy, hidden = (
        SectorFactory(code="food"),
        SectorFactory(code="energy"),
        SectorFactory(code="hidden", is_published=False),
    )
    hidden_too = SectorFactory(code="also-hidden", is_published=False)
    ProjectFactory(total_investment=10).sectors.set([food, energy, hidden])
    ProjectFactory(total_investment=100).sectors.set([food])
    ProjectFactory(total_investment=1000).sectors.set([hidden, hidden_too])
    ProjectFactory(total_investment=10000)

    answer = asked(anonymous, "projects", group_by="sectors", sum="total_investment")

    assert answer["total"] == {"count": 4, "figures": yuan(4, 0, sum=11110)}
    assert answer["results"] == [
        {"group": {"sectors": "energy"}, "count": 1, "figures": yuan(1, 0, sum=10)},
        {"group": {"sectors": "food"}, "count": 2, "figures": yuan(2, 0, sum=110)},
        {"group": {"sectors": None}, "count": 2, "figures": yuan(2, 0, sum=11000)},
    ]


def test_groups_of_several_columns_are_told_apart_by_all_of_them(anonymous):
    north, south = DistrictFactory(code="990001"), DistrictFactory(code="990002")
    ProjectFactory(district=north, stage=SIGNED)
    ProjectFactory(district=north, stage=SIGNED)
    ProjectFactory(district=north)
    ProjectFactory(district=south, stage=SIGNED)

    answer = asked(anonymous, "projects", group_by="district,stage")

    assert counts(answer, "district", "stage") == [
        ("990001", "signed", 2),
        ("990001", None, 1),
        ("990002", "signed", 1),
    ]


def test_filters_and_search_narrow_what_is_counted(anonymous):
    food, energy = SectorFactory(), SectorFactory()
    chosen = ProjectFactory(name="啟動倉庫", stage=SIGNED, total_investment=10)
    chosen.sectors.set([food, energy])
    ProjectFactory(name="仓库", stage=SIGNED, total_investment=100)
    ProjectFactory(name="工厂", stage=SIGNED, total_investment=1000).sectors.set([food])

    answer = asked(
        anonymous,
        "projects",
        group_by="stage",
        sum="total_investment",
        sectors__in=f"{food.pk},{energy.pk}",
        search="仓库",
    )

    assert answer["total"] == {"count": 1, "figures": yuan(1, 0, sum=10)}
    assert counts(answer, "stage") == [("signed", 1)]


def test_a_relation_keeps_its_code_though_its_record_is_hidden(anonymous):
    hidden = DistrictFactory(code="990001", is_published=False)
    ProjectFactory(district=hidden)

    answer = asked(anonymous, "projects", group_by="district,district__level")

    assert counts(answer, "district", "district__level") == [("990001", None, 1)]


def test_rows_are_grouped_by_what_their_visible_relations_say(anonymous, reader):
    shown = IndustrialParkFactory(theme="食品")
    hidden = IndustrialParkFactory(theme="能源", is_published=False)
    ProjectFactory(industrial_park=shown)
    ProjectFactory(industrial_park=shown)
    ProjectFactory(industrial_park=hidden)
    ProjectFactory()

    def themes_seen_by(client):
        answer = asked(client, "projects", group_by="industrial_park__theme")
        return counts(answer, "industrial_park__theme")

    assert themes_seen_by(anonymous) == [("食品", 2), (None, 2)]
    assert themes_seen_by(reader) == [("能源", 1), ("食品", 2), (None, 1)]


def test_many_relations_are_reached_through_one_that_is_seen(anonymous, reader):
    food, energy = SectorFactory(code="food"), SectorFactory(code="energy")
    shown, hidden = ProjectFactory(), ProjectFactory(is_published=False)
    shown.sectors.set([food, energy])
    hidden.sectors.set([food, energy])
    ParticipationFactory(project=shown)
    ParticipationFactory(project=hidden)

    def sectors_seen_by(client):
        answer = asked(client, "participations", group_by="project__sectors")
        return counts(answer, "project__sectors")

    assert sectors_seen_by(anonymous) == [("energy", 1), ("food", 1), (None, 1)]
    assert sectors_seen_by(reader) == [("energy", 2), ("food", 2)]


def test_records_are_grouped_by_those_that_name_them(anonymous):
    hall, hidden = ServiceHallFactory(code="hall"), ServiceHallFactory(is_published=False)
    police, health = DepartmentFactory(), DepartmentFactory()
    hall.departments.set([police, health])
    hidden.departments.set([police])
    DepartmentFactory()

    answer = asked(anonymous, "departments", group_by="service_halls")

    assert counts(answer, "service_halls") == [("hall", 2), (None, 1)]


def test_types_of_records_are_named_as_in_rows(anonymous):
    ObservationFactory(about=ProjectFactory())
    ObservationFactory(about=DistrictFactory())

    answer = asked(anonymous, "observations", group_by="subject_type")

    assert counts(answer, "subject_type") == [("districts.district", 1), ("projects.project", 1)]


def test_truth_values_are_groups(anonymous):
    ObservationFactory(low_open=True)
    ObservationFactory()
    ObservationFactory()

    answer = asked(anonymous, "observations", group_by="low_open")

    assert counts(answer, "low_open") == [(False, 2), (True, 1)]


# Dates


def test_an_imprecise_date_belongs_to_the_parts_that_it_names(anonymous):
    def opened(first, last=None):
        ParkFactory(opened_on=first, opened_on_latest=last)

    opened(date(2021, 5, 13))
    opened(date(2021, 6, 1), date(2021, 6, 1))
    opened(date(2021, 4, 1), date(2021, 6, 30))
    opened(date(2021, 1, 1), date(2021, 12, 31))
    opened(date(2020, 12, 1), date(2021, 1, 31))
    opened(None)

    def by(part):
        answer = asked(anonymous, "parks", group_by=f"opened_on__{part}")
        return counts(answer, f"opened_on__{part}")

    assert by("year") == [(2021, 4), (None, 2)]
    assert by("quarter") == [("2021-Q2", 3), (None, 3)]
    assert by("month") == [("2021-05", 1), ("2021-06", 1), (None, 4)]


def test_rows_are_grouped_by_when_they_were_last_stated(anonymous):
    for day in (date(2020, 12, 31), date(2021, 10, 1)):
        passage = PassageFactory(article__document__published_on=day)
        CitationFactory(about=ParkFactory(), passage=passage)
    ParkFactory()

    answer = asked(anonymous, "parks", group_by="stated_on__year,stated_on__quarter")

    assert counts(answer, "stated_on__year", "stated_on__quarter") == [
        (2020, "2020-Q4", 1),
        (2021, "2021-Q4", 1),
        (None, None, 1),
    ]


def test_moments_are_grouped_in_utc(anonymous):
    district = DistrictFactory()
    new_year_in_china = datetime(2020, 12, 31, 23, tzinfo=UTC)
    QuerySet(District).filter(pk=district.pk).update(created_at=new_year_in_china)

    answer = asked(anonymous, "districts", group_by="created_at__month", min="created_at")

    assert counts(answer, "created_at__month") == [("2020-12", 1)]
    assert answer["total"]["figures"]["created_at"]["min"] == "2020-12-31T23:00:00Z"


def test_the_earliest_and_the_latest_date_are_told_as_days(anonymous):
    DocumentFactory(published_on=date(2021, 5, 13))
    DocumentFactory(published_on=date(2020, 1, 1))

    answer = asked(
        anonymous, "documents", min="published_on", max="published_on,published_on_latest"
    )

    assert answer["total"]["figures"] == {
        "published_on": {
            "stated": 2,
            "not_stated": 0,
            "unit": None,
            "min": "2020-01-01",
            "max": "2021-05-13",
        },
        "published_on_latest": {"stated": 0, "not_stated": 2, "unit": None, "max": None},
    }


# Sums


def test_cents_add_up_exactly_on_every_database(anonymous):
    for amount in ["9999999999999.99", "0.10", "0.10", "0.10"]:
        ProjectFactory(total_investment=Decimal(amount))

    answer = asked(anonymous, "projects", sum="total_investment", avg="total_investment")

    assert answer["total"]["figures"] == yuan(4, 0, sum=10000000000000.29, avg=2500000000000.07)


def test_whole_numbers_have_a_mean_of_two_decimals(anonymous):
    for number in (1, 2, 2):
        BuildingGroupFactory(count=number)
    BuildingGroupFactory()

    answer = asked(anonymous, "building-groups", sum="count", avg="count", max="count")

    assert answer["total"]["figures"] == {
        "count": {"stated": 3, "not_stated": 1, "unit": None, "sum": 5, "avg": 1.67, "max": 2}
    }


# Order and limit


@pytest.fixture
def staged():
    for stage, amounts in {
        Project.Stage.PLANNED: [1, 1, None],
        Project.Stage.SIGNED: [3, None],
        Project.Stage.COMPLETED: [None],
        None: [2, None],
    }.items():
        for amount in amounts:
            ProjectFactory(stage=stage, total_investment=amount)


@pytest.mark.parametrize(
    ("ordering", "stages"),
    [
        ("stage", ["completed", "planned", "signed", None]),
        ("-stage", ["signed", "planned", "completed", None]),
        ("count", ["completed", "signed", None, "planned"]),
        ("-count", ["planned", "signed", None, "completed"]),
        ("-count,-stage", ["planned", "signed", None, "completed"]),
        ("sum_total_investment", ["planned", None, "signed", "completed"]),
        ("-sum_total_investment", ["signed", "planned", None, "completed"]),
        ("avg_total_investment", ["planned", None, "signed", "completed"]),
    ],
)
def test_groups_are_ordered_with_nulls_last_and_ties_by_group(anonymous, staged, ordering, stages):
    answer = asked(
        anonymous,
        "projects",
        group_by="stage",
        sum="total_investment",
        avg="total_investment",
        ordering=ordering,
    )

    assert [row["group"]["stage"] for row in answer["results"]] == stages


def test_a_limit_tells_how_many_groups_there_are(anonymous, staged):
    limited = asked(anonymous, "projects", group_by="stage", ordering="-count", limit=2)
    whole = asked(anonymous, "projects", group_by="stage", limit=4)

    assert counts(limited, "stage") == [("planned", 3), ("signed", 2)]
    assert (limited["count"], limited["rows"], limited["more"]) == (4, 8, True)
    assert (whole["count"], len(whole["results"]), whole["more"]) == (4, 4, False)


def test_an_aggregate_costs_the_same_whatever_the_number_of_groups(anonymous):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            asked(anonymous, "projects", group_by="district,stage", sum="total_investment")
        return len([each for each in queries if "projects_project" in each["sql"]])

    ProjectFactory()
    cost_of_one = cost()
    for _ in range(5):
        ProjectFactory()

    assert (cost_of_one, cost()) == (2, 2)


def test_an_aggregate_is_told_again_only_when_something_has_changed(anonymous):
    ProjectFactory()
    address = "/api/v1/projects/aggregate/"
    held = {"If-None-Match": anonymous.get(address)["ETag"]}

    unchanged = anonymous.get(address, headers=held)
    ProjectFactory()
    changed = anonymous.get(address, headers=held)

    assert (unchanged.status_code, changed.json()["rows"]) == (304, 2)


# Refusals


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        (
            {"group_by": "stagee"},
            ("group_by", "unknown_field", "“group_by” takes no “stagee”. Did you mean “stage”?"),
        ),
        (
            {"group_by": "started_on"},
            (
                "group_by",
                "unknown_field",
                "“group_by” takes no “started_on”. Did you mean “started_on__year”?",
            ),
        ),
        ({"group_by": "stage,stage"}, ("group_by", "repeated", "“stage” is named twice.")),
        ({"group_by": "stage,"}, ("group_by", "unknown_field", "“group_by” takes no “”.")),
        ({"group_by": ""}, ("group_by", "empty", "The parameter is empty.")),
        (
            {"sum": "total_investments"},
            (
                "sum",
                "unknown_field",
                "“sum” takes no “total_investments”. Did you mean “total_investment”?",
            ),
        ),
        ({"avg": "version"}, ("avg", "unknown_field", "“avg” takes no “version”.")),
        (
            {"group_by": "stage", "ordering": "-sum_total_investment"},
            ("ordering", "unknown_field", "“ordering” takes no “sum_total_investment”."),
        ),
        (
            {"group_by": "stage", "ordering": "count,-count"},
            ("ordering", "repeated", "“count” is named twice."),
        ),
        (
            {"ordering": "count"},
            ("ordering", "needs_group_by", "There are no groups without “group_by”."),
        ),
        (
            {"group_by": "stage", "limit": "1001"},
            ("limit", "out_of_range", "An answer holds from 1 to 1000 groups."),
        ),
        (
            {"group_by": "stage", "limit": "ten"},
            ("limit", "out_of_range", "An answer holds from 1 to 1000 groups."),
        ),
        (
            {"groupby": "stage"},
            (
                "groupby",
                "unknown_parameter",
                "There is no such parameter. Did you mean “group_by”?",
            ),
        ),
    ],
)
def test_what_an_aggregate_cannot_read_is_refused(anonymous, parameters, error):
    assert errors(anonymous.get("/api/v1/projects/aggregate/", parameters)) == [error]


@pytest.mark.parametrize("key", ["code", "project_code", "note", "version", "aliases"])
def test_keys_texts_and_counters_group_nothing(anonymous, key):
    [(field, code, _detail)] = errors(
        anonymous.get("/api/v1/projects/aggregate/", {"group_by": key})
    )

    assert (field, code) == ("group_by", "unknown_field")


def test_a_parameter_given_twice_is_refused_unless_it_is_a_list(anonymous):
    response = anonymous.get("/api/v1/projects/aggregate/?group_by=stage&limit=1&limit=2")

    assert errors(response) == [("limit", "repeated", "The parameter is given twice.")]


def test_more_columns_than_anybody_reads_are_refused(anonymous):
    names = list(groups_of(VIEWSETS["projects"].filterset_class))[: MAX_GROUPINGS + 1]

    response = anonymous.get("/api/v1/projects/aggregate/", {"group_by": ",".join(names)})

    assert errors(response) == [("group_by", "too_many", "Rows are grouped by at most 10 columns.")]


# Every resource


@every_resource
def test_groups_hold_the_rows_of_the_list_and_no_hidden_one(anonymous, resource):
    model = VIEWSETS[resource].queryset.model
    make_filled(model)
    make(model)
    if issubclass(model, Record):
        make_filled(model, is_published=False)
    listed = anonymous.get(f"/api/v1/{resource}/").json()["count"]
    groups = groups_of(VIEWSETS[resource].filterset_class)
    names = [name for name, group in groups.items() if not group.column.many_to_many]

    for start in range(0, len(names), MAX_GROUPINGS):
        group_by = ",".join(names[start : start + MAX_GROUPINGS])
        answer = asked(anonymous, resource, group_by=group_by, limit=1000)

        assert sum(row["count"] for row in answer["results"]) == listed
        assert (answer["rows"], answer["total"]["count"]) == (listed, listed)


@every_resource
def test_a_filtered_total_counts_what_the_filtered_list_counts(anonymous, resource):
    model = VIEWSETS[resource].queryset.model
    row = make_filled(model)
    make(model)
    key = model._meta.pk.name

    answer = asked(anonymous, resource, **{f"{key}__in": row.pk})

    assert answer["total"] == {"count": 1, "figures": {}}


@every_resource
def test_a_row_alone_is_in_the_groups_that_it_tells(anonymous, resource):
    viewset = VIEWSETS[resource]
    row = make_filled(viewset.queryset.model)
    key = row._meta.pk.name
    told = anonymous.get(f"/api/v1/{resource}/{row.pk}/").json()
    names = [name for name in groups_of(viewset.filterset_class) if name in told]

    answer = asked(anonymous, resource, group_by=",".join(names[:10]), **{f"{key}__in": row.pk})

    [group] = answer["results"]
    assert group["group"] == {
        name: told[name][0] if isinstance(told[name], list) else told[name] for name in names[:10]
    }


@pytest.mark.parametrize(("resource", "name"), MEMBERS)
def test_a_row_counts_once_under_none_where_all_that_it_names_is_hidden(anonymous, resource, name):
    viewset = VIEWSETS[resource]
    row = make_filled(viewset.queryset.model)
    named = groups_of(viewset.filterset_class)[name].column.related_model
    named.objects.exclude(pk=row.pk).update(is_published=False)

    answer = asked(anonymous, resource, group_by=name, code__in=row.pk)

    assert counts(answer, name) == [(None, 1)]


@every_resource
def test_the_figures_of_one_row_are_its_own_values(anonymous, resource):
    viewset = VIEWSETS[resource]
    row = make_filled(viewset.queryset.model)
    told = anonymous.get(f"/api/v1/{resource}/{row.pk}/").json()
    names = {
        function: [
            name
            for name in viewset.aggregation_class.measurable_columns(viewset, function)
            if name != "value"
        ]
        for function in FUNCTIONS
    }
    asked_for = {function: ",".join(each) for function, each in names.items() if each}

    answer = asked(anonymous, resource, **{f"{row._meta.pk.name}__in": row.pk}, **asked_for)

    for function, columns in names.items():
        for name in columns:
            assert answer["total"]["figures"][name][function] == told[name]


# Observations


@pytest.fixture
def people():
    return IndicatorFactory(code="people", unit="person")


def observed(indicator, low, high, **values):
    return ObservationFactory(indicator=indicator, low=low, high=high, **values)


def value(stated, unit, low, high, low_open=False, high_open=False, left_out=0):
    return {
        "value": {
            "stated": stated,
            "not_stated": 0,
            "unit": unit,
            "sum_low": low,
            "sum_high": high,
            "low_open": low_open,
            "high_open": high_open,
            "parts_left_out": left_out,
        }
    }


def test_observations_add_up_as_bounds(anonymous, people):
    observed(people, 50, 80)
    observed(people, 100, 100)
    observed(people, Decimal("0.5"), Decimal("0.5"))
    observed(people, 1000, 1000, status=Observation.Status.TARGET)
    observed(IndicatorFactory(), 1000, 1000)
    observed(people, 1000, 1000, is_published=False)

    answer = asked(anonymous, "observations", indicator="people", status="actual", sum="value")

    assert answer["total"] == {"count": 3, "figures": value(3, "person", 150.5, 180.5)}


def test_a_missing_bound_leaves_the_sum_without_it_and_an_open_one_opens_it(anonymous, people):
    place = DistrictFactory(code="990001")
    elsewhere = DistrictFactory(code="990002")
    observed(people, 100, None, low_open=True, about=place)
    observed(people, 50, 80, about=place)
    observed(people, None, 30, high_open=True, about=elsewhere)
    observed(people, 20, 20, about=elsewhere)

    answer = asked(
        anonymous,
        "observations",
        indicator="people",
        status="actual",
        group_by="subject",
        sum="value",
    )

    assert [row["figures"] for row in answer["results"]] == [
        value(2, "person", 150, None, low_open=True),
        value(2, "person", None, 50, high_open=True),
    ]
    assert answer["total"]["figures"] == value(4, "person", None, None)


def test_what_is_part_of_another_figure_of_the_group_is_not_counted_twice(anonymous, people):
    year = {"period_start": date(2020, 1, 1), "period_end": date(2020, 12, 31)}
    whole = observed(people, 100, 100, **year)
    half = observed(people, 60, 60, part_of=whole, **year)
    between = observed(people, 40, 40, part_of=half, **year)
    observed(people, 30, 30, part_of=between, **year)
    observed(people, 10, 10, part_of=half)
    ObservationFactory(part_of=whole, low=7, high=7)

    def totals(**parameters):
        return asked(
            anonymous,
            "observations",
            indicator="people",
            status="actual",
            sum="value",
            **parameters,
        )

    assert totals()["total"]["figures"] == value(5, "person", 100, 100, left_out=4)
    by_year = totals(group_by="period_start__year")
    assert [(row["group"], row["figures"]) for row in by_year["results"]] == [
        ({"period_start__year": 2020}, value(4, "person", 100, 100, left_out=3)),
        ({"period_start__year": None}, value(1, "person", 10, 10)),
    ]
    without_whole = totals(low__lt=100)["total"]["figures"]
    assert without_whole == value(4, "person", 60, 60, left_out=3)
    without_between = totals(low__not=40)["total"]["figures"]
    assert without_between == value(4, "person", 100, 100, left_out=3)


def test_parts_of_a_figure_are_found_in_a_group_that_nothing_names(anonymous, people):
    whole = observed(people, 100, 100)
    observed(people, 60, 60, part_of=whole)

    answer = asked(
        anonymous,
        "observations",
        indicator="people",
        status="actual",
        sum="value",
        group_by="period_label,period_start__year",
    )

    assert [row["figures"] for row in answer["results"]] == [
        value(2, "person", 100, 100, left_out=1)
    ]


def test_values_of_several_indicators_stand_in_groups_of_their_own(anonymous, people):
    area = IndicatorFactory(code="area", unit="m2", is_published=False)
    observed(people, 5, 5)
    observed(area, 7, 7)

    answer = asked(
        anonymous,
        "observations",
        group_by="indicator,status",
        sum="value",
        ordering="-sum_low",
    )

    assert answer["total"] == {"count": 2, "figures": {}}
    assert [(row["group"], row["figures"]) for row in answer["results"]] == [
        ({"indicator": "area", "status": "actual"}, value(1, None, 7, 7)),
        ({"indicator": "people", "status": "actual"}, value(1, "person", 5, 5)),
    ]


@pytest.mark.parametrize(
    ("parameters", "missing"),
    [
        ({}, "indicator, status"),
        ({"indicator": "people"}, "status"),
        ({"group_by": "status"}, "indicator"),
        ({"indicator__in": "people", "status": "actual"}, "indicator"),
    ],
)
def test_values_add_up_only_within_one_indicator_and_status(anonymous, people, parameters, missing):
    response = anonymous.get("/api/v1/observations/aggregate/", parameters | {"sum": "value"})

    assert errors(response) == [
        (
            "sum",
            "indicator_and_status",
            f"Values add up within one indicator and one status. Add a filter or group by: {missing}.",
        )
    ]


@pytest.mark.parametrize(
    ("function", "name"),
    [("sum", "low"), ("avg", "high"), ("min", "low"), ("avg", "value"), ("max", "value")],
)
def test_no_single_number_is_made_of_bounds(anonymous, function, name):
    response = anonymous.get("/api/v1/observations/aggregate/", {function: name})

    assert errors(response) == [
        (function, "bounds", "Between bounds there is no single number. Ask for “sum=value”.")
    ]


def test_observations_are_counted_without_an_indicator(anonymous, people):
    observed(people, 1, 1, period_start=date(2020, 1, 1), period_end=date(2020, 12, 31))

    answer = asked(anonymous, "observations", group_by="indicator", max="period_end")

    assert counts(answer, "indicator") == [("people", 1)]
    assert answer["total"]["figures"]["period_end"]["max"] == "2020-12-31"
