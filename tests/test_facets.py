"""Facets count the values that a list can be narrowed to, and lead to the list that each of them names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from shuangta.query.resources import viewsets
from shuangta.records.models import Record
from tests.factories import (
    DistrictFactory,
    EnterpriseFactory,
    ObservationFactory,
    ParticipationFactory,
    PassageFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_resource = pytest.mark.parametrize("resource", VIEWSETS)
LIST = "http://testserver/api/v1/projects/"
SIGNED, PLANNED = Project.Stage.SIGNED, Project.Stage.PLANNED


def asked(client, resource, **parameters):
    response = client.get(f"/api/v1/{resource}/facets/", parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def values(answer, name, *told):
    """What is told of each value of a facet, in order."""
    return [tuple(each[key] for key in told) for each in answer["facets"][name]["values"]]


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"], each["detail"]) for each in response.json()["errors"]]


def test_a_facet_tells_values_labels_numbers_and_addresses(anonymous):
    for stage in (SIGNED, SIGNED, PLANNED, None):
        ProjectFactory(stage=stage)
    ProjectFactory(stage=PLANNED, is_published=False)

    def told(value, label, count, query):
        return {
            "value": value,
            "label": label,
            "count": count,
            "is_selected": False,
            "url": LIST + query,
        }

    assert asked(anonymous, "projects", facets="stage") == {
        "rows": 4,
        "facets": {
            "stage": {
                "values": [
                    told("signed", "Signed or settled", 2, "?stage=signed"),
                    told("planned", "Planned", 1, "?stage=planned"),
                    told(None, "Not stated", 1, "?stage__isnull=true"),
                ],
                "more": False,
            }
        },
    }


def test_a_facet_shows_the_alternatives_to_what_is_chosen_under_all_other_filters(anonymous):
    ProjectFactory(stage=SIGNED, kind=Project.Kind.ENERGY, total_investment=5)
    ProjectFactory(stage=PLANNED, kind=Project.Kind.MARKET, total_investment=5)
    ProjectFactory(stage=PLANNED, kind=Project.Kind.ENERGY)

    answer = asked(
        anonymous, "projects", facets="stage,kind", stage="signed", total_investment__gte=1
    )

    assert answer["rows"] == 1
    assert values(answer, "stage", "value", "count", "is_selected", "url") == [
        (
            "planned",
            1,
            False,
            f"{LIST}?total_investment__gte=1&stage__in=signed%2Cplanned",
        ),
        ("signed", 1, True, f"{LIST}?total_investment__gte=1"),
    ]
    assert values(answer, "kind", "value", "count", "url") == [
        ("energy", 1, f"{LIST}?stage=signed&total_investment__gte=1&kind=energy")
    ]


@pytest.mark.parametrize(
    ("chosen", "addresses"),
    [
        ({}, ["?stage=planned", "?stage=signed", "?stage__isnull=true"]),
        (
            {"stage": "signed"},
            ["?stage__in=signed%2Cplanned", "", "?stage__isnull=true"],
        ),
        (
            {"stage__in": "signed,planned"},
            ["?stage=signed", "?stage=planned", "?stage__isnull=true"],
        ),
        (
            {"stage__in": "signed,completed"},
            [
                "?stage__in=signed%2Ccompleted%2Cplanned",
                "?stage=completed",
                "?stage__isnull=true",
            ],
        ),
        ({"stage__isnull": "true"}, ["?stage=planned", "?stage=signed", ""]),
        ({"stage__isnull": "false"}, ["?stage=planned", "?stage=signed", "?stage__isnull=true"]),
        ({"stage__not": "signed"}, ["?stage=planned", "?stage=signed", "?stage__isnull=true"]),
    ],
)
def test_an_address_toggles_its_value(anonymous, chosen, addresses):
    for stage in (PLANNED, SIGNED, None):
        ProjectFactory(stage=stage)

    answer = asked(anonymous, "projects", facets="stage", **chosen)

    assert values(answer, "stage", "url") == [(LIST + address,) for address in addresses]


def test_one_truth_value_takes_the_place_of_the_other(anonymous):
    EnterpriseFactory(is_leading_firm=True)
    EnterpriseFactory(is_leading_firm=True)
    EnterpriseFactory(is_leading_firm=False)
    EnterpriseFactory(is_leading_firm=None)

    answer = asked(anonymous, "enterprises", facets="is_leading_firm", is_leading_firm="true")

    url = "http://testserver/api/v1/enterprises/"
    assert values(answer, "is_leading_firm", "value", "label", "is_selected", "url") == [
        (True, "Yes", True, url),
        (False, "No", False, f"{url}?is_leading_firm=false"),
        (None, "Not stated", False, f"{url}?is_leading_firm__isnull=true"),
    ]


def test_related_records_are_named_and_hidden_ones_left_out(anonymous, reader):
    shown = SectorFactory(code="food", name="食品")
    hidden = SectorFactory(code="secret", name="机密", is_published=False)
    ProjectFactory().sectors.set([shown, hidden])
    ProjectFactory().sectors.set([hidden])
    ProjectFactory()

    def seen_by(client):
        return values(asked(client, "projects", facets="sectors"), "sectors", "label", "count")

    assert seen_by(anonymous) == [("Not stated", 2), ("食品", 1)]
    assert seen_by(reader) == [("机密", 2), ("食品", 1), ("Not stated", 1)]


def test_a_hidden_record_is_no_value_of_a_foreign_key(anonymous):
    ProjectFactory(district=DistrictFactory(code="990001", name="双塔区"))
    ProjectFactory(district=DistrictFactory(is_published=False))

    answer = asked(anonymous, "projects", facets="district")

    assert answer["rows"] == 2
    assert values(answer, "district", "value", "label", "count") == [("990001", "双塔区", 1)]


def test_a_record_without_a_name_is_called_by_its_code(anonymous):
    passage = PassageFactory(article__code="page-a01")

    answer = asked(anonymous, "passages", facets="article", code__in=passage.pk)

    assert values(answer, "article", "value", "label") == [("page-a01", "page-a01")]


def test_a_type_of_records_is_called_by_its_name(anonymous):
    ObservationFactory(about=ProjectFactory())

    answer = asked(anonymous, "observations", facets="subject_type")

    assert values(answer, "subject_type", "value", "label") == [("projects.project", "project")]


def test_labels_are_told_in_the_language_of_the_request(anonymous):
    ProjectFactory(stage=PLANNED)

    response = anonymous.get(
        "/api/v1/projects/facets/", {"facets": "stage"}, headers={"accept-language": "zh-hans"}
    )

    assert response.json()["facets"]["stage"]["values"][0]["label"] == "计划"


def test_a_facet_reaches_through_a_relation_that_is_seen(anonymous):
    shown, hidden = ProjectFactory(stage=SIGNED), ProjectFactory(stage=None, is_published=False)
    ParticipationFactory(project=shown)
    ParticipationFactory(project=shown, enterprise=EnterpriseFactory())
    ParticipationFactory(project=ProjectFactory(stage=None))
    ParticipationFactory(project=hidden)

    answer = asked(anonymous, "participations", facets="project__stage")

    assert values(answer, "project__stage", "value", "count") == [("signed", 2), (None, 1)]


def test_the_hundred_most_frequent_values_are_told_and_that_there_are_more(anonymous):
    projects = ProjectFactory.create_batch(101)
    districts = sorted(
        (project.district for project in projects), key=lambda district: district.code
    )
    ProjectFactory(district=districts[-1])

    answer = asked(anonymous, "projects", facets="district")

    counted = [(districts[-1].code, 2), *((each.code, 1) for each in districts[:99])]
    assert values(answer, "district", "value", "count") == counted
    assert answer["facets"]["district"]["more"] is True


def test_search_and_within_narrow_every_facet(anonymous):
    parent = DistrictFactory(code="990000", level="prefecture")
    inside = DistrictFactory(code="990001", parent=parent)
    ProjectFactory(name="啟動倉庫", district=inside)
    ProjectFactory(name="啟動倉庫", district=DistrictFactory(code="980000"))
    ProjectFactory(name="工厂", district=inside)

    answer = asked(
        anonymous, "projects", facets="district", district__within="990000", search="仓库"
    )

    assert values(answer, "district", "value", "count") == [("990001", 1)]


def test_a_facet_costs_the_same_whatever_the_number_of_its_values(anonymous):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            asked(anonymous, "projects", facets="district,stage,sectors")
        return len(queries)

    ProjectFactory(stage=SIGNED).sectors.set([SectorFactory()])
    cost_of_one = cost()
    for _ in range(3):
        ProjectFactory(stage=PLANNED).sectors.set([SectorFactory()])

    assert cost() == cost_of_one


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        (
            {"facets": "stagee"},
            ("facets", "unknown_field", "There is no field “stagee” here. Did you mean “stage”?"),
        ),
        ({"facets": "stage,stage"}, ("facets", "repeated", "“stage” is named twice.")),
        ({"facets": ""}, ("facets", "empty", "The parameter is empty.")),
        (
            {"facets": "stage", "stage": "sold"},
            (
                "stage",
                "invalid_choice",
                "Select a valid choice. sold is not one of the available choices.",
            ),
        ),
        (
            {"facet": "stage"},
            ("facet", "unknown_parameter", "There is no such parameter. Did you mean “facets”?"),
        ),
    ],
)
def test_what_facets_cannot_read_is_refused(anonymous, parameters, error):
    assert errors(anonymous.get("/api/v1/projects/facets/", parameters)) == [error]


@pytest.mark.parametrize("name", ["name", "total_investment", "code", "started_on__year"])
def test_only_choices_truth_values_and_relations_are_facets(anonymous, name):
    [(field, code, _detail)] = errors(anonymous.get("/api/v1/projects/facets/", {"facets": name}))

    assert (field, code) == ("facets", "unknown_field")


# Every resource


@every_resource
def test_the_address_of_each_value_lists_as_many_rows_as_it_says(anonymous, resource):
    viewset = VIEWSETS[resource]
    model = viewset.queryset.model
    make_filled(model)
    make(model)
    if issubclass(model, Record):
        make_filled(model, is_published=False)
    listed = anonymous.get(f"/api/v1/{resource}/").json()["count"]

    answer = asked(anonymous, resource, facets=",".join(viewset.known_facets()))

    assert answer["rows"] == listed
    for facet in answer["facets"].values():
        for each in facet["values"]:
            rows = anonymous.get(each["url"]).json()
            assert (each["url"], rows["count"]) == (each["url"], each["count"])


@every_resource
def test_by_default_every_choice_truth_value_and_relation_is_a_facet(anonymous, resource):
    viewset = VIEWSETS[resource]
    meta = viewset.queryset.model._meta
    expected = {
        field.name
        for field in [*meta.concrete_fields, *meta.many_to_many]
        if field.choices or field.is_relation or field.get_internal_type() == "BooleanField"
    }

    assert set(asked(anonymous, resource)["facets"]) == expected
