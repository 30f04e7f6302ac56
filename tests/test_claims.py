"""Declared counts check themselves against the published records that answer their queries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.figures import reconciliation
from districts.models import DeclaredCount
from shuangta.query.resources import address_of
from tests.factories import (
    CitationFactory,
    DeclaredCountFactory,
    DistrictFactory,
    ParticipationFactory,
    PlaceFactory,
    ProjectFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db


def standing(client, claim):
    answer = client.get(address_of(claim))
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["state"], answer.json()["registered"]


@pytest.mark.parametrize(
    ("bounds", "registered", "state"),
    [
        ({"low": 3, "high": 3}, 2, "partly_registered"),
        ({"low": 3, "high": 3}, 3, "complete"),
        ({"low": 3, "high": 3}, 4, "exceeded"),
        ({"low": 3, "high": 5}, 2, "partly_registered"),
        ({"low": 3, "high": 5}, 4, "complete"),
        ({"low": 3, "high": 5}, 6, "exceeded"),
        ({"low": 3, "high": None}, 9, "complete"),
        ({"low": 3, "high": None, "low_open": True}, 3, "partly_registered"),
        ({"low": 3, "high": None, "low_open": True}, 4, "complete"),
        ({"low": None, "high": 3, "high_open": True}, 2, "complete"),
        ({"low": None, "high": 3, "high_open": True}, 3, "exceeded"),
        ({"low": 0, "high": 0}, 0, "complete"),
    ],
)
def test_a_claim_stands_as_its_bounds_say(anonymous, bounds, registered, state):
    sector = SectorFactory()
    for _ in range(registered):
        ProjectFactory().sectors.add(sector)
    ProjectFactory()
    claim = DeclaredCountFactory(
        query=f"sectors={sector.pk}",
        **{f"observation__{name}": value for name, value in bounds.items()},
    )

    assert standing(anonymous, claim) == (state, registered)


@pytest.mark.parametrize(
    ("resource", "query"),
    [
        ("projects", ""),
        ("projects", "code=counted"),
        ("projects", "search=%E7%A4%BA%E4%BE%8B%E4%BB%93%E5%BA%93"),
        ("projects", "name=示例倉庫"),
        ("projects", "district=211302&stage__in=signed,planned"),
        ("projects", "district__within=211302&total_investment__gte=5"),
        ("projects", "stated_on__gte=2021-01-01"),
        ("projects", "sectors__in=wholesale,retail"),
        ("projects", "stage__not=completed&code__not=other"),
        ("participations", "project__district=211302"),
    ],
)
def test_a_claim_counts_by_the_filters_of_the_api(anonymous, resource, query):
    project = ProjectFactory(
        code="counted",
        name="示例仓库",
        district__code="211302",
        stage="signed",
        total_investment=5,
    )
    project.sectors.set([SectorFactory(code="wholesale"), SectorFactory(code="retail")])
    CitationFactory(about=project)
    ParticipationFactory(project=project)

    claim = DeclaredCountFactory.build(resource=resource, query=query, is_published=False)
    claim.observation.indicator.save(), claim.observation.save()
    claim.full_clean()
    claim.save()

    assert (
        reconciliation.reconcile([claim], among=DeclaredCount.objects.all())[claim.pk].registered
        == 1
    )


def test_what_is_not_published_is_not_counted(anonymous, reader):
    project, hidden = ProjectFactory(), ProjectFactory(is_published=False)
    hidden.district = project.district
    hidden.save()
    claim = DeclaredCountFactory(query=f"district={project.district_id}")

    assert standing(anonymous, claim) == standing(reader, claim) == ("complete", 1)


def test_a_claim_stands_whatever_becomes_of_the_records_that_its_query_names(anonymous):
    sector = SectorFactory(code="wholesale")
    ProjectFactory().sectors.add(sector)
    claims_made = [
        DeclaredCountFactory(code="a", query="sectors=wholesale"),
        DeclaredCountFactory(code="b", query="place=torn-down&district__within=990001"),
    ]
    sector.is_published = False
    sector.save()

    listed = anonymous.get("/api/v1/declared-counts/", {"ordering": "code"}).json()["results"]

    assert [(row["code"], row["state"], row["registered"]) for row in listed] == [
        (claims_made[0].pk, "complete", 1),
        (claims_made[1].pk, "partly_registered", 0),
    ]


def claim_of(district, day, **values):
    """A claim about the district's projects, printed in a document of this day."""
    claim = DeclaredCountFactory(query=f"district={district.pk}", **values)
    CitationFactory(
        about=claim.observation, field="wording", passage__article__document__published_on=day
    )
    return claim


def test_a_later_claim_supersedes_the_earlier_one(anonymous):
    district = ProjectFactory().district
    earlier = claim_of(district, date(2020, 1, 1))
    later = claim_of(district, date(2021, 5, 13))
    other = claim_of(DistrictFactory(), date(2022, 1, 1), observation__low=0)

    assert standing(anonymous, earlier) == ("superseded", 1)
    assert standing(anonymous, later) == ("complete", 1)
    assert standing(anonymous, other) == ("complete", 0)


def year_of(year):
    return {
        "observation__period_start": date(year, 1, 1),
        "observation__period_end": date(year, 12, 31),
    }


def test_of_two_claims_in_one_document_the_later_period_stands(anonymous):
    district = ProjectFactory().district
    day = date(2021, 5, 13)
    former = claim_of(district, day, **year_of(2019))
    present = claim_of(district, day, **year_of(2020))

    assert standing(anonymous, former) == ("superseded", 1)
    assert standing(anonymous, present) == ("complete", 1)


def test_a_claim_that_is_not_published_supersedes_none(anonymous, reader):
    district = ProjectFactory().district
    shown = claim_of(district, date(2020, 1, 1))
    hidden = claim_of(district, date(2021, 5, 13), is_published=False, observation__low=7)

    assert standing(anonymous, shown) == standing(reader, shown) == ("complete", 1)
    assert standing(reader, hidden) == ("partly_registered", 1)


def test_the_list_of_claims_costs_the_same_however_many_there_are(anonymous):
    district, place = DistrictFactory(), PlaceFactory()
    queries = [f"district={district.pk}&place={place.pk}&name__not={each}" for each in range(50)]
    DeclaredCountFactory(query=queries[0])

    def cost():
        with CaptureQueriesContext(connection) as captured:
            answer = anonymous.get("/api/v1/declared-counts/").json()
        return len(captured), answer["count"]

    cost()
    of_one = cost()
    for query in queries[1:]:
        DeclaredCountFactory(query=query)

    assert (of_one[1], cost()) == (1, (of_one[0], 50))


def test_more_claims_than_one_statement_takes_are_counted():
    district = DistrictFactory()
    ProjectFactory(district=district)
    observation = DeclaredCountFactory().observation
    made = DeclaredCount.objects.bulk_create(
        DeclaredCount(
            code=f"claim-{each}",
            observation=observation,
            resource="projects",
            query=f"district={district.pk}&code__not={each}",
        )
        for each in range(reconciliation.CLAIMS_PER_QUERY + 1)
    )

    standings = reconciliation.reconcile(made, among=DeclaredCount.objects.all())

    assert {each.registered for each in standings.values()} == {1}
    assert len(standings) == reconciliation.CLAIMS_PER_QUERY + 1
    assert reconciliation.reconcile([], among=DeclaredCount.objects.all()) == {}


@pytest.mark.parametrize(
    ("resource", "query", "field", "code", "said"),
    [
        ("project", "", "resource", "unknown_resource", "projects"),
        ("projects", "stge=signed", "query", "unknown_parameter", "stage"),
        ("projects", "ordering=name", "query", "unknown_parameter", ""),
        ("projects", "stage=nonsense", "query", "invalid", "nonsense"),
        ("projects", "stage=signed&stage=planned", "query", "repeated", "twice"),
        ("projects", "stage=", "query", "empty", "empty"),
        ("projects", "stage", "query", "empty", "empty"),
        ("projects", "district=no-such", "query", "invalid", "no-such"),
        ("projects", "search=%00", "query", "invalid", ""),
    ],
)
def test_a_query_that_cannot_be_asked_is_refused(editor, resource, query, field, code, said):
    claim = DeclaredCountFactory()

    response = editor.patch(address_of(claim), {"resource": resource, "query": query})

    (error,) = response.json()["errors"]
    assert (response.status_code, error["field"], error["code"]) == (400, field, code)
    assert said in error["detail"]


def test_a_query_may_name_what_is_not_yet_published(editor):
    district = DistrictFactory(is_published=False)
    claim = DeclaredCountFactory()

    response = editor.patch(address_of(claim), {"query": f"district={district.pk}"})

    assert response.status_code == 200
    assert response.json()["registered"] == 0
