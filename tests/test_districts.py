"""The rules of places, parks and divisions, and of the figures about them."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from districts.models import District, Observation
from shuangta.query.resources import address_of
from tests.factories import (
    BuildingGroupFactory,
    DistrictFactory,
    GardenFactory,
    IndicatorFactory,
    ObservationFactory,
    ParkFactory,
    PlaceRoleFactory,
)

pytestmark = pytest.mark.django_db


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


# Divisions and places


def test_a_division_holds_itself_and_everything_below_it_down_five_levels():
    codes = ["21", "2113", "211302", "211302101", "211302101201"]
    parent = None
    for code, level in zip(codes, District.Level, strict=True):
        parent = DistrictFactory(code=code, level=level, parent=parent)
    DistrictFactory(code="990001")

    def within(code):
        return set(District.within(code, AnonymousUser()).values_list("pk", flat=True))

    assert within("21") == set(codes)
    assert within("211302") == set(codes[2:])
    assert within("no-such") == set()


def test_one_name_may_stand_in_two_districts(editor):
    bodies = [
        {"name": "中央公园", "district": DistrictFactory(code=code).pk}
        for code in ("211302", "990001")
    ]

    made = [editor.post("/api/v1/parks/", body) for body in bodies]

    assert [each.json()["code"] for each in made] == [
        "211302-zhongyang-gongyuan",
        "990001-zhongyang-gongyuan",
    ]


def test_a_place_has_each_role_once(editor):
    role = PlaceRoleFactory(role="night_street")
    body = {"place": role.place_id, "role": "night_street"}

    assert errors(editor.post("/api/v1/place-roles/", body)) == [(None, "place_role_once")]
    assert editor.post("/api/v1/place-roles/", body | {"role": "venue"}).status_code == 201


def test_the_gardens_of_a_park_come_in_their_order(anonymous):
    park = ParkFactory(code="b")
    third, first = GardenFactory(park=park, position=3), GardenFactory(park=park, position=1)
    of_another = GardenFactory(park=ParkFactory(code="a"), position=2)

    answer = anonymous.get("/api/v1/gardens/").json()

    assert [row["code"] for row in answer["results"]] == [of_another.pk, first.pk, third.pk]


def test_the_buildings_of_one_kind_are_counted_once(editor):
    group = BuildingGroupFactory(kind="research")
    body = {"industrial_park": group.industrial_park_id, "kind": "research", "count": 1}

    assert errors(editor.post("/api/v1/building-groups/", body)) == [
        (None, "building_group_once_per_kind")
    ]


# Figures


@pytest.mark.parametrize(
    ("bounds", "fault"),
    [
        ({"low": None, "high": None}, "observation_states_a_bound"),
        ({"low": 80, "high": 50}, "observation_bounds_in_order"),
        ({"low": 80, "high": None, "high_open": True}, "observation_open_bound_exists"),
        ({"low": None, "high": 80, "low_open": True}, "observation_open_bound_exists"),
    ],
)
def test_bounds_that_state_nothing_are_refused(editor, bounds, fault):
    observation = ObservationFactory()

    assert errors(editor.patch(address_of(observation), bounds)) == [(None, fault)]


@pytest.mark.parametrize(
    "bounds",
    [
        {"low": 22, "high": 22},
        {"low": 50, "high": 80},
        {"low": 10_000_000_000, "high": None, "low_open": True},
        {"low": None, "high": 40.5, "high_open": True},
        {"low": -3, "high": 0},
    ],
)
def test_a_figure_is_kept_as_its_bounds(editor, bounds):
    observation = ObservationFactory()

    response = editor.patch(address_of(observation), bounds)

    assert response.status_code == 200
    assert {name: response.json()[name] for name in bounds} == bounds


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"subject": "no-such"}, ("subject", "no_such_record")),
        ({"subject_type": "projects.project"}, ("subject", "no_such_record")),
        ({"subject_type": "seeds.citation"}, ("subject_type", "invalid_choice")),
        ({"subject_type": "auth.user"}, ("subject_type", "invalid_choice")),
        ({"subject_type": ["projects"]}, ("subject_type", "invalid_choice")),
        ({"subject": "Not A Code"}, ("subject", "code_shape")),
    ],
)
def test_a_figure_is_about_a_record_that_there_is(editor, sent, expected):
    observation = ObservationFactory()

    assert expected in errors(editor.patch(address_of(observation), sent))
    assert Observation.objects.get().version == 1


@pytest.mark.parametrize(
    ("figure", "wording", "is_read"),
    [
        ({"low": 50, "high": 80}, "50至80家", True),
        ({"low": 100_000, "low_open": True}, "10萬餘家", True),
        ({"low": 100_000, "high": 100_000}, "10萬餘家", False),
        ({"low": 65, "high": 65}, "50至80家", False),
        ({"low": 20, "high": 20}, "20個", False),
    ],
)
def test_a_wording_reads_as_its_bounds_and_no_other(figure, wording, is_read):
    figure = {name: Decimal(each) if name != "low_open" else each for name, each in figure.items()}
    observation = ObservationFactory(
        indicator=IndicatorFactory(unit="家"), **{"low": None} | figure, wording=wording
    )

    assert observation.reads("wording", f"共{wording}。", 2021) is is_read


def test_a_period_reads_as_its_days():
    observation = ObservationFactory(
        period_label="2020年", period_start=date(2020, 1, 1), period_end=date(2020, 12, 31)
    )

    assert observation.reads("period_label", "2020年，", 2021) is True
    observation.period_end = date(2020, 6, 30)
    assert observation.reads("period_label", "2020年，", 2021) is False
    assert observation.reads("period_label", "2019年，", 2021) is False
