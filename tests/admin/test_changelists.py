"""The lists of the admin page by page: every row once, whatever their order, filter or number."""

import re

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import Indicator, Park
from projects.models import Project
from seeds.models import Citation
from shuangta.history.context import change_reason
from shuangta.history.revision import Revision
from shuangta.records.models import record_models
from tests.admin.conftest import member_of
from tests.admin.forms import plain_text
from tests.factories import (
    IndicatorFactory,
    ObservationFactory,
    PlaceFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
)

pytestmark = pytest.mark.django_db

PROJECTS = "/admin/projects/project/"


@pytest.fixture(autouse=True)
def short_pages(monkeypatch):
    """Lists of three rows a page."""
    monkeypatch.setattr("shuangta.admin.lists.ListedAdmin.list_per_page", 3)


def address_of_list(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def pages(client, address, direction="after", query=""):
    """The keys on each page, following the links to the next, or to the one before, until there is none."""
    found = []
    while query is not None:
        changelist = client.get(f"{address}{query}").context["cl"]
        found.append([row.pk for row in changelist.result_list])
        query = changelist.links[direction]
    return found


def flat(lists):
    return [each for one in lists for each in one]


@pytest.fixture
def projects(db):
    """Seven projects, with ties and gaps in every column that a list is sorted by."""
    amounts = [5, None, 5, 100, None, 7, 5]
    stages = ["signed", "signed", None, None, "planned", "signed", "planned"]
    return [
        ProjectFactory(name=name, total_investment=amount, stage=stage, code=f"p-{number}")
        for number, (name, amount, stage) in enumerate(
            zip(["珠江", "安", "新华", "万达", "新花", "阿", "新华"], amounts, stages, strict=True)
        )
    ]


@pytest.mark.parametrize(
    "order", ["", *(f"?o={each}" for each in ["1", "-1", "5.-6", "-6.1", "3.-5", "-7.-3.6"])]
)
def test_every_row_comes_once_forwards_and_back_in_every_order(editor, projects, order):
    forwards = pages(editor, PROJECTS, query=order)
    back = pages(editor, PROJECTS, "before", f"{order or '?'}&p=before.")

    assert [len(page) for page in forwards] == [3, 3, 1]
    assert sorted(flat(forwards)) == [project.pk for project in projects]
    assert flat(reversed(back)) == flat(forwards)


def test_what_is_not_stated_comes_last_in_either_direction(editor, projects):
    upwards, downwards = (flat(pages(editor, PROJECTS, query=f"?o={o}")) for o in ("6", "-6"))

    assert upwards == ["p-0", "p-2", "p-6", "p-5", "p-3", "p-1", "p-4"]
    assert downwards == ["p-3", "p-5", "p-6", "p-2", "p-0", "p-4", "p-1"]


def test_rows_are_sorted_by_what_they_name_as_that_is_called(editor):
    named = [SectorFactory(code=code, name=name) for code, name in [("a", "中"), ("b", "啊")]]
    branches = [
        SectorFactory(name="示例", parent=parent, code=f"of-{parent.pk}") for parent in named
    ]

    listed = flat(pages(editor, "/admin/projects/sector/", query="?o=3"))

    assert listed[:2] == [branches[1].pk, branches[0].pk]


def test_a_page_is_filtered_searched_and_stays_in_its_window(editor, projects):
    ProjectFactory(name="新华", stage="completed")

    first = editor.get(PROJECTS, {"stage__exact": "signed", "q": "示例", "_popup": "1"})
    found = pages(editor, PROJECTS, query="?stage__exact=signed&o=-1")
    linked = editor.get(f"{PROJECTS}?o=1&_popup=1").context["cl"].links["after"]

    assert first.context["cl"].result_count == 0
    assert found == [["p-0", "p-1", "p-5"]]
    assert linked.startswith("?_popup=1&o=1&p=")


def test_rows_that_state_nothing_are_filtered_too(editor, projects):
    place = PlaceFactory()
    Project.objects.filter(code="p-2").update(place=place)

    unstated = pages(editor, PROJECTS, query="?stage__exact=-")
    by_address = [
        pages(editor, PROJECTS, query=f"?{name}__isnull={value}")
        for name, value in [("stage", "1"), ("place", "0")]
    ]

    assert unstated == [["p-3", "p-2"]]
    assert by_address == [[["p-3", "p-2"]], [["p-2"]]]
    choices = editor.get(PROJECTS).content.decode()
    assert '<option value="-">Not stated</option>' in choices


@pytest.mark.parametrize(
    "query",
    [
        "past_days=5",
        "kind__exact=foo",
        "kind__exact=created&kind__exact=foo",
        "kind__exact=-",
        "actor__id__exact=foo",
    ],
)
def test_a_link_that_filters_by_what_there_is_not_leads_to_all_rows_and_says_so(
    editor, project, query
):
    address, chinese = address_of_list(Revision), {"accept-language": "zh-CN"}

    response = editor.get(f"{address}?{query}", headers=chinese, follow=True)

    assert response.redirect_chain == [(f"{address}?e=1", 302)]
    assert response.context["cl"].result_count == Revision.objects.count()
    assert "该链接的筛选条件不存在，现显示全部记录。" in plain_text(response)
    assert "该链接" not in plain_text(editor.get(f"{address}?e=1", headers=chinese))


def test_a_filter_that_was_left_empty_filters_nothing(editor, projects):
    listed = {
        address: editor.get(address, filters).context["cl"].result_count
        for address, filters in [
            (PROJECTS, {"stage__exact": "", "evidence": ""}),
            (address_of_list(Park), {"dates": ""}),
            (address_of_list(Revision), {"past_days": ""}),
        ]
    }

    assert listed == {
        PROJECTS: 7,
        address_of_list(Park): 0,
        address_of_list(Revision): Revision.objects.count(),
    }


def test_to_filter_anew_begins_on_the_first_page(editor, projects):
    second = editor.get(PROJECTS).context["cl"].links["after"]

    page = editor.get(f"{PROJECTS}{second}&o=1").content.decode()

    filters = page[page.index('id="filter-form"') :]
    assert re.findall(r'type="hidden" name="(\w+)"', filters[: filters.index("</form>")]) == ["o"]


@pytest.mark.parametrize("page", ["2", "before.2", "e30", "长", "W" * 5000])
def test_a_link_that_leads_nowhere_shows_the_first_page_and_says_so(editor, projects, page):
    response = editor.get(PROJECTS, {"p": page})

    assert response.status_code == 200
    assert [row.pk for row in response.context["cl"].result_list] == ["p-5", "p-1", "p-3"]
    assert "The link to this page is out of date" in plain_text(response)


def test_a_link_of_another_order_shows_the_first_page(editor, projects):
    second = editor.get(PROJECTS).context["cl"].links["after"]

    response = editor.get(f"{PROJECTS}{second}&o=-6")

    assert [row.pk for row in response.context["cl"].result_list] == ["p-3", "p-5", "p-6"]


def test_a_row_that_names_many_is_found_once(editor):
    project = ProjectFactory()
    sectors = [SectorFactory(), SectorFactory()]
    project.sectors.set(sectors)
    ProjectFactory().sectors.set([SectorFactory()])
    name = "sectors__code__exact"

    with CaptureQueriesContext(connection) as queries:
        found = pages(
            editor, PROJECTS, query="?" + "&".join(f"{name}={each.pk}" for each in sectors)
        )

    assert found == [[project.pk]]
    assert [query["sql"] for query in queries if "DISTINCT" in query["sql"]] == []


def test_no_list_asks_for_distinct_values_or_counts_all_rows(editor):
    for model in [*record_models(), Citation, Revision]:
        address = address_of_list(model)
        with CaptureQueriesContext(connection) as queries:
            editor.get(address)
        asked = [query["sql"] for query in queries]

        assert [sql for sql in asked if "DISTINCT" in sql or "django_datetime" in sql] == []
        counts = [sql for sql in asked if "COUNT(*)" in sql and model._meta.db_table in sql]
        assert [sql for sql in counts if "LIMIT 10001" not in sql] == [], address
        assert len(counts) == 1


def test_a_list_of_more_than_ten_thousand_is_not_counted_to_its_end(editor):
    indicator = IndicatorFactory()
    QuerySet(Indicator).bulk_create(
        IndicatorFactory.build(created_at="2021-01-01T00:00Z", updated_at="2021-01-01T00:00Z")
        for _ in range(10_000)
    )

    response = editor.get(address_of_list(Indicator))

    assert "More than 10000 indicators" in plain_text(response)
    indicator.delete()
    shown = plain_text(editor.get(address_of_list(Indicator)))
    assert "10000 indicators" in shown
    assert "More than" not in shown


def test_changes_are_filtered_by_time_type_and_person(editor, project):
    with change_reason("counted again"):
        project.save()
    address = address_of_list(Revision)
    old = QuerySet(Revision).filter(object_id="211302")
    old.update(created_at="2021-01-01T00:00Z")
    someone = member_of("Publishers")

    today = flat(pages(editor, address, query="?past_days=1"))
    of_type = editor.get(address, {"content_type__id__exact": old.get().content_type_id})
    of_nobody = editor.get(address, {"actor__id__exact": someone.pk})

    assert old.get().pk not in today
    assert project.pk in {Revision.objects.get(pk=key).object_id for key in today}
    assert [change.object_id for change in of_type.context["cl"].result_list] == ["211302"]
    assert list(of_nobody.context["cl"].result_list) == []


@pytest.mark.parametrize("model", [*record_models(), Citation])
def test_a_list_costs_as_many_queries_for_thirty_rows_as_for_three(editor, model, monkeypatch):
    monkeypatch.setattr("shuangta.admin.lists.ListedAdmin.list_per_page", 100)
    for _ in range(3):
        make_filled(model)
    costs = []
    for rows in (3, 30):
        while QuerySet(model).count() < rows:
            make(model) if QuerySet(model).count() % 2 else make_filled(model)
        address = address_of_list(model)
        editor.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert len(editor.get(address).context["cl"].result_list) >= rows
        costs.append(len(queries))

    assert costs[1] <= costs[0]


def test_the_chooser_of_related_records_counts_no_further_than_a_list(editor):
    observation = ObservationFactory()
    asked = {"app_label": "districts", "model_name": "observation", "field_name": "part_of"}

    with CaptureQueriesContext(connection) as queries:
        response = editor.get("/admin/autocomplete/", {"term": "", **asked})

    assert [each["id"] for each in response.json()["results"]] == [observation.pk]
    [count] = [query["sql"] for query in queries if "COUNT(*)" in query["sql"]]
    assert "LIMIT 10001" in count
