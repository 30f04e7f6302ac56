"""What every resource promises to those who read, checked on each of them."""

import pytest
from django.db import connection
from django.db.models import BooleanField, CharField, ForeignKey, TextField
from django.test.utils import CaptureQueriesContext

from districts.models import BuildingGroup, DeclaredCount, District, PlaceRole
from projects.models import Participation
from seeds.models import Citation, Passage
from shuangta.db.code_fields import CodeField
from shuangta.query import filters
from shuangta.query.resources import address_of, viewsets
from shuangta.records.models import Record
from tests.factories import CitationFactory, factory_of, make, make_filled

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
ENTRIES = [name for name, each in VIEWSETS.items() if issubclass(each.queryset.model, Record)]
RELATIONS = [
    (name, field.name)
    for name, each in VIEWSETS.items()
    for field in [
        *each.queryset.model._meta.concrete_fields,
        *each.queryset.model._meta.many_to_many,
    ]
    if field.is_relation and issubclass(field.related_model, Record)
]

every_resource = pytest.mark.parametrize("resource", VIEWSETS)
every_entry = pytest.mark.parametrize("resource", ENTRIES)
every_relation = pytest.mark.parametrize(("resource", "relation"), RELATIONS)

NOT_PUBLIC = {"sort_key"}
NO_COLUMNS = {"stated_on", "state", "registered"}
ONE_FOR_EACH_PARENT = (PlaceRole, BuildingGroup, Participation, DeclaredCount)


def model_of(resource):
    return VIEWSETS[resource].queryset.model


def fields_of(resource):
    return VIEWSETS[resource].serializer_class.Meta.fields


def list_of(resource):
    return f"/api/v1/{resource}/"


def only(*rows):
    """The parameters that name these rows."""
    return {f"{rows[0]._meta.pk.name}__in": ",".join(str(row.pk) for row in rows)}


def rows_in(response):
    assert response.status_code == 200, response.content.decode()
    return response.json()["results"]


def keys_in(response):
    return [row.get("code", row.get("id")) for row in rows_in(response)]


@every_resource
def test_what_is_published_is_listed_and_read_by_anyone(anonymous, resource):
    make(model_of(resource))
    row = make_filled(model_of(resource))

    listed = anonymous.get(list_of(resource), only(row))
    detail = anonymous.get(address_of(row))

    assert detail.status_code == 200
    assert listed.json() == {
        "count": 1,
        "count_is": "exact",
        "next": None,
        "previous": None,
        "results": [detail.json()],
    }
    assert list(detail.json()) == fields_of(resource)
    assert detail.json()[row._meta.pk.name] == row.pk


@every_relation
def test_a_relation_is_told_by_its_code_and_in_full_on_request(anonymous, resource, relation):
    row = make_filled(model_of(resource))
    stated = getattr(row, relation)
    is_one = row._meta.get_field(relation).many_to_one or row._meta.get_field(relation).one_to_one
    code = stated.pk if is_one else [each.pk for each in stated.all()]
    in_full = anonymous.get(address_of(stated if is_one else stated.get())).json()

    plain = anonymous.get(address_of(row)).json()
    expanded = anonymous.get(address_of(row), {"expand": relation}).json()
    listed = anonymous.get(list_of(resource), only(row) | {"expand": relation})

    assert plain[relation] == code
    assert expanded == plain | {relation: in_full if is_one else [in_full]}
    assert rows_in(listed) == [expanded]


@every_entry
def test_the_evidence_is_told_on_request(anonymous, resource):
    row = make(model_of(resource))
    second = CitationFactory(about=row, field="note", position=2, value="b", passage__code="p2")
    first = CitationFactory(about=row, field="note", position=1, value="a", passage__code="p1")
    CitationFactory(about=make(model_of(resource)), field="note")

    detail = anonymous.get(address_of(row), {"expand": "evidence"}).json()
    listed = anonymous.get(list_of(resource), only(row) | {"expand": "evidence"})

    assert detail["evidence"] == {
        "note": [
            {
                "position": each.position,
                "quote": "示例",
                "value": each.value,
                "basis": "stated",
                "note": "",
                "passage": each.passage_id,
                "start": 0,
            }
            for each in (first, second)
        ]
    }
    assert detail["stated_on"] == "2021-05-13"
    assert rows_in(listed) == [detail]


@every_resource
def test_fields_chooses_what_is_told(anonymous, resource):
    row = make_filled(model_of(resource))
    chosen = fields_of(resource)[::2]
    whole = anonymous.get(address_of(row)).json()

    detail = anonymous.get(address_of(row), {"fields": ",".join(chosen)})
    listed = anonymous.get(list_of(resource), only(row) | {"fields": ",".join(chosen)})

    assert detail.json() == {name: whole[name] for name in chosen}
    assert rows_in(listed) == [detail.json()]


@every_resource
def test_every_column_is_public_or_known_not_to_be(resource):
    meta = model_of(resource)._meta
    columns = {field.name for field in [*meta.concrete_fields, *meta.many_to_many]}
    extra = NO_COLUMNS if resource == "declared-counts" else NO_COLUMNS - {"state"}

    assert columns - NOT_PUBLIC == set(fields_of(resource)) - extra
    assert len(fields_of(resource)) <= 50


def vocabulary_of(field):
    """The lookups that a column of this kind has at least."""
    if field.is_relation and issubclass(field.related_model, District):
        return filters.DISTRICT
    if field.is_relation and issubclass(field.related_model, Record):
        return filters.RELATION
    if field.is_relation or field.primary_key or isinstance(field, CodeField):
        return filters.KEY
    if field.name == "is_published":
        return ["exact"]
    if isinstance(field, BooleanField):
        return filters.BOOLEAN
    if field.choices:
        return filters.CHOICE
    if field.name == "resource":
        return filters.KEY
    if isinstance(field, CharField | TextField):
        return filters.TEXT
    return filters.RANGE


@every_resource
def test_every_public_column_is_filtered_by_the_words_for_its_kind(resource):
    meta = model_of(resource)._meta
    columns = [
        each for each in [*meta.concrete_fields, *meta.many_to_many] if each.name not in NOT_PUBLIC
    ]
    filterset = VIEWSETS[resource].filterset_class
    promised = {
        column.name if lookup == "exact" else f"{column.name}__{lookup}"
        for column in columns
        for lookup in vocabulary_of(column)
    }
    if resource in ENTRIES:
        promised |= {"stated_on", "stated_on__gte", "stated_on__isnull"}

    assert promised - set(filterset.base_filters) == (
        {"count"} if resource == "building-groups" else set()
    )


def a_hundred_of(model):
    """A hundred rows, of which the first four state all there is to state and show their words."""
    filled = [make_filled(model) for _ in range(4)]
    if issubclass(model, Record):
        for row in filled:
            CitationFactory(about=row, field="note")
    if model in ONE_FOR_EACH_PARENT:
        return filled + [make(model) for _ in range(96)]
    parents = {
        field.name: getattr(filled[0], field.name)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and not field.null
    }
    if model is Citation:
        parents = {"about": filled[0].cited, "passage": filled[0].passage}
    rows = [factory_of(model).build(**parents) for _ in range(96)]
    return filled + model.objects.bulk_create(rows)


@every_resource
def test_a_list_of_a_hundred_costs_the_queries_of_one(anonymous, resource):
    rows = a_hundred_of(model_of(resource))
    everything = ",".join(VIEWSETS[resource].serializer_class.expansions())

    def cost(rows, shape):
        with CaptureQueriesContext(connection) as queries:
            answer = anonymous.get(list_of(resource), only(*rows) | shape)
        assert len(rows_in(answer)) == len(rows)
        return len(queries)

    for shape in ({}, {"expand": everything}):
        cost(rows[:1], shape)  # the types of records are read once for all requests
        assert cost(rows, shape) == cost(rows[:1], shape)


@every_entry
def test_what_is_not_published_is_hidden_but_from_those_who_may_view_it(
    anonymous, reader, resource
):
    hidden, shown = (
        make_filled(model_of(resource), is_published=False),
        make_filled(model_of(resource)),
    )
    CitationFactory(about=hidden, field="note")
    CitationFactory(about=shown, field="note")

    def seen_by(client):
        return {
            "detail": client.get(address_of(hidden)).status_code,
            "listed": keys_in(client.get(list_of(resource), only(hidden, shown))),
            "count": client.get(list_of(resource), only(hidden)).json()["count"],
            "searched": keys_in(client.get(list_of(resource), {"search": hidden.pk})),
            "cited": client.get(
                "/api/v1/citations/", {"record__in": f"{hidden.pk},{shown.pk}"}
            ).json()["count"],
            "citation": client.get(address_of(hidden.citations.get())).status_code,
        }

    assert seen_by(anonymous) == {
        "detail": 404,
        "listed": [shown.pk],
        "count": 0,
        "searched": [],
        "cited": 1,
        "citation": 404,
    }
    seen = seen_by(reader)
    assert sorted(seen.pop("listed")) == sorted([hidden.pk, shown.pk])
    assert seen == {"detail": 200, "count": 1, "searched": [hidden.pk], "cited": 2, "citation": 200}


def test_a_citation_from_a_hidden_passage_is_hidden(anonymous, reader):
    citation = CitationFactory(field="note")
    address = f"{address_of(citation.cited)}?expand=evidence"
    Passage.objects.update(is_published=False)

    def seen_by(client):
        evidence = client.get(address).json()["evidence"]
        return client.get(address_of(citation)).status_code, list(evidence)

    assert seen_by(anonymous) == (404, [])
    assert seen_by(reader) == (200, ["note"])


@pytest.mark.parametrize(
    ("resource", "relation"), [each for each in RELATIONS if each != ("citations", "passage")]
)
def test_what_is_not_published_is_hidden_behind_relations_too(
    anonymous, reader, resource, relation
):
    row = make_filled(model_of(resource))
    field = row._meta.get_field(relation)
    field.related_model.objects.update(is_published=False)
    if field.related_model is model_of(resource):
        field.related_model.objects.filter(pk=row.pk).update(is_published=True)
    stated = getattr(row, relation)
    target = (
        field.related_model.objects.get(pk=stated.pk) if not field.many_to_many else stated.get()
    )
    through = f"{relation}__code" in VIEWSETS[resource].filterset_class.base_filters

    def seen_by(client):
        return {
            "expanded": bool(client.get(address_of(row), {"expand": relation}).json()[relation]),
            "filtered": client.get(list_of(resource), {relation: target.pk}).status_code,
            "through": bool(
                through and keys_in(client.get(list_of(resource), {f"{relation}__code": target.pk}))
            ),
            "searched": bool(
                keys_in(client.get(list_of(resource), only(row) | {"search": target.pk}))
            ),
        }

    searched = relation in getattr(row, "searched_relations", ())
    assert seen_by(anonymous) == {
        "expanded": False,
        "filtered": 400,
        "through": False,
        "searched": False,
    }
    assert seen_by(reader) == {
        "expanded": True,
        "filtered": 200,
        "through": through,
        "searched": searched,
    }
