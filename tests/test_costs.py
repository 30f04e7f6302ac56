"""What a question may cost: the seconds of an interactive read, and the rows of an expansion."""

from itertools import repeat

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from projects.models import Sector
from shuangta.db.read_budget import BudgetError, read_budget
from tests.faces import FACES, address_of_face
from tests.factories import IndicatorFactory, ObservationFactory, ProjectFactory, SectorFactory

pytestmark = pytest.mark.django_db

OBSERVATIONS = "/api/v1/observations/"
COUNT_TO = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
    SELECT COUNT(*) FROM numbers
"""
ENDLESS = 10**12


def count_to(number):
    with connection.cursor() as cursor:
        cursor.execute(COUNT_TO, [number])
        return cursor.fetchone()[0]


@pytest.fixture
def no_time(settings):
    """Nothing may be read any more by the time that the first row is asked for."""
    settings.READ_SECONDS = 0


@pytest.fixture
def administrator(db):
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("administrator"))
    return client


# The budget


def test_a_statement_that_takes_too_long_is_broken_off():
    with pytest.raises(BudgetError), read_budget(0.05):
        count_to(ENDLESS)


def test_all_statements_share_the_time():
    with pytest.raises(BudgetError), read_budget(0.3):
        list(map(count_to, repeat(10_000)))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite looks at the clock itself.")
def test_a_statement_is_granted_what_the_others_have_left():
    with read_budget(2), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")
        cursor.execute("SELECT setting::integer FROM pg_settings WHERE name = 'statement_timeout'")
        (granted,) = cursor.fetchone()

    assert 0 < granted <= 1900


def test_what_is_asked_afterwards_has_all_the_time_again():
    with pytest.raises(BudgetError), read_budget(0.05):
        count_to(ENDLESS)
    with read_budget(0.05):
        count_to(1)

    assert count_to(2_000_000) == 2_000_000


def test_a_read_that_writes_is_refused_before_it_does():
    with pytest.raises(RuntimeError, match="writes nothing"), read_budget(60):
        SectorFactory()

    assert not Sector.objects.exists()


# The API


@pytest.mark.parametrize("action", sorted({action for _resource, action in FACES}))
def test_every_face_is_bounded(editor, no_time, action):
    face = ("projects", action)
    query = {"q": "x"} if action == "search" else {}

    response = editor.get(address_of_face(face, ProjectFactory()), query)

    assert (response.status_code, response.json()["code"]) == (503, "too_costly")


def test_the_past_the_search_of_all_and_the_feed_are_bounded(anonymous, no_time):
    project = ProjectFactory(is_published=True)
    past = {"as_of": project.created_at.isoformat()}

    answers = [
        anonymous.get(f"/api/v1/projects/{project.code}/", past),
        anonymous.get("/api/v1/search/", {"q": "x"}),
        anonymous.get("/api/v1/changes/"),
    ]

    assert [each.json()["code"] for each in answers] == ["too_costly"] * 3


@pytest.mark.parametrize("file_format", ["csv", "ndjson", "xlsx"])
def test_an_export_takes_as_long_as_it_takes(anonymous, no_time, file_format):
    SectorFactory(is_published=True)

    response = anonymous.get("/api/v1/sectors/", {"format": file_format})

    assert (response.status_code, bool(response.getvalue())) == (200, True)


def test_a_write_takes_as_long_as_it_takes(editor, no_time):
    assert editor.post("/api/v1/sectors/", {"name": "示例"}).status_code == 201


def test_a_question_over_many_rows_is_broken_off_and_the_next_is_answered(anonymous, settings):
    SectorFactory(code="only", name="万达", is_published=True)
    names = ", ".join(
        connection.ops.quote_name(each.column) for each in Sector._meta.concrete_fields
    )
    values = names.replace('"code"', "'s-' || n")
    statement = f"""
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
        INSERT INTO projects_sector ({names}) SELECT {values} FROM projects_sector CROSS JOIN numbers
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement)
    settings.READ_SECONDS = 0.02

    costly = anonymous.get("/api/v1/sectors/", {"name__contains": "双塔", "count": "exact"})
    cheap = anonymous.get("/api/v1/sectors/only/")

    assert (costly.status_code, costly.json()["code"]) == (503, "too_costly")
    assert cheap.status_code == 200


def test_the_refusal_says_what_costs_and_what_would_cost_little(anonymous, no_time):
    IndicatorFactory(code="x")
    response = anonymous.get(
        OBSERVATIONS,
        {
            "stated_on__not": "2021-05-13",
            "wording__contains": "亿",
            "indicator__not": "x",
            "low__gte": 1,
            "status": "actual",
            "ordering": "indicator,-low",
            "search": "21",
            "count": "exact",
            "page_size": 1000,
        },
    )

    unindexed = "No index serves this filter: every row is asked."
    assert response.status_code == 503
    assert "Retry-After" not in response
    assert response.json() == {
        "type": "about:blank",
        "title": "The answer takes too long to work out. Ask for less.",
        "status": 503,
        "code": "too_costly",
        "errors": [
            {"field": "stated_on__not", "code": "unindexed", "detail": unindexed},
            {"field": "wording__contains", "code": "unindexed", "detail": unindexed},
            {"field": "indicator__not", "code": "unindexed", "detail": unindexed},
            {"field": "low__gte", "code": "unindexed", "detail": unindexed},
            {
                "field": "ordering",
                "code": "unindexed",
                "detail": "No index holds this order: order by another field than “low”.",
            },
            {
                "field": "search",
                "code": "broad_search",
                "detail": "Search for longer or rarer words.",
            },
            {
                "field": "count",
                "code": "exact_count",
                "detail": "Every row is counted: leave it out.",
            },
            {
                "field": "page_size",
                "code": "large_page",
                "detail": "Ask for fewer rows a page, or for fewer relations in full.",
            },
            {
                "field": None,
                "code": "narrow",
                "detail": "Add a filter that few rows match: "
                "code, indicator, subject_type, status, part_of.",
            },
        ],
    }


# The admin


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/projects/project/",
        "/admin/projects/project/?q=x",
        "/admin/search/?q=x",
        "/admin/autocomplete/?app_label=projects&model_name=project&field_name=part_of&term=x",
    ],
)
def test_every_page_of_the_admin_is_bounded(administrator, no_time, address):
    response = administrator.get(address)

    assert response.status_code == 503
    assert "This page takes too long to work out." in response.content.decode()


def test_a_file_of_the_admin_takes_as_long_as_it_takes(administrator, no_time):
    address = reverse("admin:projects_sector_export_file", args=["csv"])

    assert administrator.get(address).status_code == 200


# Relations in full


def test_relations_in_full_bound_the_page(anonymous):
    ObservationFactory(is_published=True)

    def ask(expand, page_size):
        return anonymous.get(OBSERVATIONS, {"expand": expand, "page_size": page_size})

    refused = ask("indicator,part_of,evidence", 334)

    assert refused.status_code == 400
    assert refused.json()["errors"] == [
        {
            "field": "page_size",
            "code": "out_of_range",
            "detail": "With 3 relations in full, a page holds from 1 to 333 rows.",
        }
    ]
    assert ask("indicator,part_of,evidence", 333).status_code == 200
    assert ask("indicator", 1000).status_code == 200
