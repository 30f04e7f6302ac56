"""The rules of projects and of those who take part in them."""

from datetime import date

import pytest

from shuangta.query.resources import address_of
from tests.factories import EnterpriseFactory, ParticipationFactory, ProjectFactory, SectorFactory

pytestmark = pytest.mark.django_db


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


@pytest.mark.parametrize(
    ("dates", "is_possible"),
    [
        ({"completed_on": "2020-03-01"}, False),
        ({"completed_on": "2020-03-01", "completed_on_latest": "2021-02-28"}, False),
        ({"completed_on": "2020-03-01", "completed_on_latest": "2021-03-01"}, True),
        ({"completed_on": "2021-03-01"}, True),
        ({"started_on": None, "completed_on": "2020-03-01"}, True),
    ],
)
def test_a_project_cannot_be_completed_before_it_starts(editor, dates, is_possible):
    project = ProjectFactory(started_on=date(2021, 3, 1))

    response = editor.patch(address_of(project), dates)

    project.refresh_from_db()
    if is_possible:
        assert response.status_code == 200
        assert str(project.completed_on) == dates["completed_on"]
    else:
        assert response.json()["errors"] == [
            {
                "field": None,
                "code": "project_completed_after_start",
                "detail": "A project cannot be completed before it starts.",
            }
        ]
        assert project.completed_on is None


def test_projects_are_found_by_amount_largest_first(anonymous):
    ProjectFactory(total_investment=49_999_999)
    ProjectFactory(total_investment=None)
    medium = ProjectFactory(total_investment=50_000_000)
    large = ProjectFactory(total_investment=1_000_000_000)

    response = anonymous.get(
        "/api/v1/projects/",
        {"total_investment__gte": 50_000_000, "ordering": "-total_investment"},
    )

    assert [row["code"] for row in response.json()["results"]] == [large.code, medium.code]


@pytest.mark.parametrize("code", ["2101-211302-04-01-00001", "2101-211302-04-01-000001 ", "x"])
def test_a_project_code_is_one_of_the_national_platform(editor, code):
    project = ProjectFactory()

    ((field, _fault),) = errors(editor.patch(address_of(project), {"project_code": code}))

    assert field == "project_code"


def test_a_project_code_is_given_once_and_may_be_missing_often(editor):
    code = "2101-211302-04-01-000001"
    ProjectFactory(project_code=code)
    project = ProjectFactory()
    ProjectFactory()

    assert errors(editor.patch(address_of(project), {"project_code": code})) == [
        ("project_code", "unique")
    ]


@pytest.mark.parametrize(
    ("uscc", "fault"),
    [("91211300MA00000I0X", "uscc_shape"), ("91211300MA0000000", "uscc_shape")],
)
def test_a_social_credit_code_has_its_shape(editor, uscc, fault):
    enterprise = EnterpriseFactory()

    assert errors(editor.patch(address_of(enterprise), {"uscc": uscc})) == [("uscc", fault)]
    assert editor.patch(address_of(enterprise), {"uscc": "91211300MA0000000X"}).status_code == 200


def test_an_enterprise_has_each_role_in_a_project_once(editor):
    participation = ParticipationFactory(role="owner")
    body = {
        "project": participation.project_id,
        "enterprise": participation.enterprise_id,
        "role": "owner",
    }

    refused = editor.post("/api/v1/participations/", body)
    accepted = editor.post("/api/v1/participations/", body | {"role": "operator"})

    assert errors(refused) == [(None, "participation_once_per_role")]
    assert accepted.status_code == 201


def test_what_is_not_stated_of_a_project_is_null(editor):
    project = ProjectFactory()

    answer = editor.get(address_of(project)).json()

    unstated = {"place", "park", "industrial_park", "part_of", "stage", "total_investment"}
    unstated |= {"started_on", "started_on_latest", "completed_on", "completed_on_latest"}
    assert {name: answer[name] for name in unstated} == dict.fromkeys(unstated)


def test_a_sector_is_told_with_the_one_it_belongs_to(anonymous):
    services = SectorFactory(name="现代服务业")
    logistics = SectorFactory(name="现代物流", parent=services)

    answer = anonymous.get(address_of(logistics), {"expand": "parent"}).json()

    assert answer["parent"] == anonymous.get(address_of(services)).json()
