"""What is computed over rows that the reader may not see tells nothing of them: documents, parents, dependents."""

from contextlib import suppress
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from districts.models import DeclaredCount, District, Observation
from projects.models import Project, Sector
from seeds.models import Article, Document, Passage
from shuangta.query.filters import ColumnFilter
from shuangta.query.grouping import groups_of
from shuangta.query.resources import address_of, viewsets
from shuangta.records.models import Record
from tests.conftest import client_of, permissions
from tests.factories import (
    FACTORIES,
    CitationFactory,
    DeclaredCountFactory,
    DistrictFactory,
    ObservationFactory,
    ParkFactory,
    PassageFactory,
    PlaceFactory,
    ProjectFactory,
    SectorFactory,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
ENTRIES = [name for name, each in VIEWSETS.items() if issubclass(each.queryset.model, Record)]
PARKS = "/api/v1/parks/"
PLACES = "/api/v1/places/"


def hide(*rows):
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(is_published=False)


def codes(response):
    assert response.status_code == 200, response.content.decode()
    return [row["code"] for row in response.json()["results"]]


def keeper_of(*models):
    """A client who may do anything with the rows of these models, and see no other drafts."""
    user = User.objects.create_user("keeper")
    names = {model._meta.model_name for model in models}
    user.user_permissions.set(
        each
        for each in permissions("view", "add", "change", "delete")
        if each.codename.partition("_")[2] in names
    )
    return client_of(user)


@pytest.mark.parametrize("source", [Document, Article, Passage])
def test_a_hidden_source_dates_nothing(anonymous, reader, source):
    dated, undated = ParkFactory(code="dated"), ParkFactory(code="undated")
    hidden = CitationFactory(about=dated, passage__article__document__published_on=date(2023, 5, 1))
    CitationFactory(about=dated, passage__article__document__published_on=date(2021, 5, 13))
    CitationFactory(about=undated, passage__article__document__published_on=date(2022, 1, 1))
    passage = hidden.passage
    hide({Document: passage.article.document, Article: passage.article, Passage: passage}[source])
    now = {"as_of": timezone.now().isoformat()}

    def seen_by(client):
        return {
            "detail": client.get(address_of(dated)).json()["stated_on"],
            "then": client.get(address_of(dated), now).json()["stated_on"],
            "filtered": codes(client.get(PARKS, {"stated_on__gte": "2023-01-01"})),
            "ordered": codes(client.get(PARKS, {"ordering": "-stated_on"})),
            "grouped": [
                (each["group"], each["count"])
                for each in client.get(
                    f"{PARKS}aggregate/", {"group_by": "stated_on__year"}
                ).json()["results"]
            ],
            "exported": "2023-05-01" in client.get(PARKS, {"format": "csv"}).getvalue().decode(),
        }

    assert seen_by(anonymous) == {
        "detail": "2021-05-13",
        "then": "2021-05-13",
        "filtered": [],
        "ordered": ["undated", "dated"],
        "grouped": [({"stated_on__year": 2021}, 1), ({"stated_on__year": 2022}, 1)],
        "exported": False,
    }
    assert seen_by(reader) == {
        "detail": "2023-05-01",
        "then": "2023-05-01",
        "filtered": ["dated"],
        "ordered": ["dated", "undated"],
        "grouped": [({"stated_on__year": 2022}, 1), ({"stated_on__year": 2023}, 1)],
        "exported": True,
    }


def test_a_document_that_was_hidden_then_dates_nothing_of_that_time(anonymous, reader):
    park = ParkFactory()
    document = CitationFactory(about=park).passage.article.document
    hide(document)
    then = {"as_of": timezone.now().isoformat()}
    Document.objects.update(is_published=True)

    def stated_on(client):
        return client.get(address_of(park), then).json()["stated_on"]

    assert (stated_on(anonymous), stated_on(reader)) == (None, "2021-05-13")


def test_what_lies_below_a_hidden_division_lies_below_none(anonymous, reader):
    province = DistrictFactory(code="21", level=District.Level.PROVINCE)
    prefecture = DistrictFactory(code="2113", parent=province, level=District.Level.PREFECTURE)
    county = DistrictFactory(code="211302", parent=prefecture)
    PlaceFactory(code="place", district=county)

    def seen_by(client):
        below = {"district__within": "21"}
        return (
            codes(client.get(PLACES, below)),
            codes(client.get("/api/v1/districts/", {"parent__within": "21"})),
            client.get(f"{PLACES}facets/", below).json()["rows"],
        )

    assert seen_by(anonymous) == (["place"], ["2113", "211302"], 1)
    hide(prefecture)
    assert seen_by(anonymous) == ([], [], 0)
    assert seen_by(reader) == (["place"], ["2113", "211302"], 1)
    District.objects.update(is_published=True)
    hide(county)
    assert seen_by(anonymous) == ([], ["2113"], 0)


def test_a_refused_deletion_names_no_hidden_dependent():
    park = ParkFactory()
    hidden, shown = ProjectFactory(park=park, is_published=False), ProjectFactory(park=park)
    keeper = keeper_of(type(park))

    def refusal():
        response = keeper.delete(address_of(park))
        assert response.status_code == 409
        return response.json()

    some = refusal()
    hide(shown)
    none = refusal()

    assert some == {
        "type": "about:blank",
        "title": "Other records depend on this one.",
        "status": 409,
        "code": "in_use",
        "dependents": [{"type": "projects.project", "key": shown.pk}],
        "dependent_count": 1,
    }
    assert none == {
        "type": "about:blank",
        "title": "Records that you may not see depend on this one.",
        "status": 409,
        "code": "in_use",
        "dependents": [],
        "dependent_count": 0,
    }
    assert Project.objects.filter(park=park).count() == 2
    assert hidden.pk not in str([some, none])


def test_a_hidden_record_cannot_be_named_but_where_it_is_named_already():
    hidden, shown = ParkFactory(is_published=False), ParkFactory()
    project = ProjectFactory(park=hidden)
    keeper = keeper_of(Project, Sector)

    def put(code):
        return keeper.patch(address_of(project), {"park": code}, format="json")

    kept, moved, refused = put(hidden.pk), put(shown.pk), put(hidden.pk)
    absent = put("no-such")

    assert (kept.status_code, moved.status_code) == (200, 200)
    assert refused.status_code == absent.status_code == 400
    assert refused.json()["errors"] == [
        {
            "field": "park",
            "code": "does_not_exist",
            "detail": (
                absent.json()["errors"][0]["detail"].replace("no-such", hidden.pk)
                + f" Did you mean “{shown.pk}”?"
            ),
        }
    ]


def test_the_evidence_of_a_hidden_item_of_a_list_is_hidden_with_it(anonymous, reader):
    hidden, shown = SectorFactory(code="hidden"), SectorFactory(code="shown")
    project = ProjectFactory()
    project.sectors.set([hidden, shown])
    for sector in (hidden, shown):
        CitationFactory(about=project, field="sectors", value=sector.pk)
    hide(hidden)
    now = {"as_of": timezone.now().isoformat()}

    def seen_by(client):
        expanded = {"expand": "evidence"}
        citations = client.get("/api/v1/citations/", {"record": project.pk}).json()["results"]
        return [
            [each["value"] for each in citations],
            *(
                [
                    each["value"]
                    for each in client.get(address_of(project), asked).json()["evidence"]["sectors"]
                ]
                for asked in (expanded, expanded | now)
            ),
        ]

    assert seen_by(anonymous) == [["shown"]] * 3
    assert seen_by(reader) == [["hidden", "shown"]] * 3


def test_a_citation_tells_nothing_of_a_hidden_passage_that_it_was_from(anonymous, reader):
    citation = CitationFactory(about=ParkFactory(), quote="示例區")
    passage = citation.passage
    citation.passage, citation.quote, citation.start = PassageFactory(), "示例", None
    citation.save()
    hide(passage)

    def versions(client):
        response = client.get(f"{address_of(citation)}history/")
        return [each["version"] for each in response.json()["results"]]

    assert (versions(anonymous), versions(reader)) == ([2], [2, 1])


def test_a_claim_on_a_hidden_figure_has_no_state(anonymous, reader):
    claim = DeclaredCountFactory(query="code=no-such")
    hide(claim.observation)

    def seen_by(client):
        one = client.get(address_of(claim)).json()
        [listed] = client.get("/api/v1/declared-counts/").json()["results"]
        assert listed == one
        return one["state"], one["registered"]

    assert (seen_by(anonymous), seen_by(reader)) == ((None, 0), ("partly_registered", 0))


def test_a_claim_is_not_superseded_by_one_on_a_hidden_figure(anonymous):
    early, late = (
        DeclaredCountFactory(
            query="code=no-such",
            observation__period_start=date(year, 1, 1),
            observation__period_end=date(year, 12, 31),
        )
        for year in (2020, 2021)
    )

    def state():
        return anonymous.get(address_of(early)).json()["state"]

    superseded = state()
    hide(late.observation)

    assert (superseded, state()) == ("superseded", "partly_registered")
    assert DeclaredCount.objects.get(pk=late.pk).is_published


def test_a_figure_is_no_part_of_a_whole_by_way_of_a_hidden_one(anonymous, reader):
    whole = ObservationFactory(low=10, high=10)
    same = {"indicator": whole.indicator, "about": whole.about}
    hidden = ObservationFactory(part_of=whole, low=6, high=6, **same)
    ObservationFactory(part_of=hidden, low=2, high=2, **same)
    asked = {"indicator": whole.indicator_id, "status": "actual", "sum": "value"}

    def seen_by(client):
        answer = client.get("/api/v1/observations/aggregate/", asked).json()
        figure = answer["total"]["figures"]["value"]
        return figure["stated"], figure["sum_low"], figure["parts_left_out"]

    before = seen_by(anonymous)
    hide(hidden)

    assert before == (3, 10, 2)
    assert (seen_by(anonymous), seen_by(reader)) == ((2, 12, 0), (3, 10, 2))
    assert Observation.objects.count() == 3


# Every resource


def relations_of(model):
    """The fields by which rows of the model name records."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [each for each in fields if each.is_relation and issubclass(each.related_model, Record)]


def named_by(row):
    """The records that a row names."""
    for field in relations_of(type(row)):
        yield from (
            getattr(row, field.name).all() if field.many_to_many else [getattr(row, field.name)]
        )


def hidden_dependents(row):
    """One hidden row, in which all is stated, for each relation by which others may name the row."""
    made = []
    for factory in FACTORIES:
        model = factory._meta.model
        for field in relations_of(model) if issubclass(model, Record) else []:
            if field.related_model is type(row):
                dependent = factory(filled=True, is_published=False, **beside(row, field))
                if field.many_to_many:
                    getattr(dependent, field.name).set([row])
                made.append(dependent)
    made.append(ObservationFactory(about=row, is_published=False))
    return made


def beside(row, field):
    """What one that names the row in this field must have in common with it."""
    if field.many_to_many:
        return {}
    needed = relations_of(type(row)) if field.model is type(row) else []
    shared = {
        each.name: getattr(row, each.name)
        for each in needed
        if not (each.null or each.many_to_many)
    }
    if (field.model, field.name) == (District, "parent"):
        shared["level"] = District.Level.TOWNSHIP
    return shared | {field.name: row}


def one_of_each_kind(groups):
    """The names of the first group of each kind that is reached through each relation, and of the relations."""
    kinds = {}
    for name, group in groups.items():
        kinds.setdefault(
            (group.relation, type(group), name if group.column.is_relation else ""), name
        )
    return list(kinds.values())


def questions(resource, row):
    """What is computed over other rows, on every face of a resource."""
    viewset, of_all, of_one = VIEWSETS[resource], f"/api/v1/{resource}/", address_of(row)
    everything = {"expand": ",".join(viewset.serializer_class.expansions())}
    groups = one_of_each_kind(groups_of(viewset.filterset_class))
    facets = [name for name in viewset.known_facets() if "__" not in name]
    through = {
        each.relation: name
        for name, each in viewset.filterset_class.base_filters.items()
        if isinstance(each, ColumnFilter) and each.relation and each.lookup == "isnull"
    }
    return [
        (of_one, everything),
        (of_one, {"as_of": timezone.now().isoformat(), "expand": "evidence"}),
        (f"{of_one}history/", {}),
        (of_all, everything | {"ordering": "-stated_on"}),
        (of_all, {"format": "csv", "stated_on__gte": "2022-01-01"}),
        *((of_all, {name: "true", "fields": "code"}) for name in through.values()),
        (of_all, {"search": "示例", "fields": "code"}),
        *(
            (f"{of_all}aggregate/", {"group_by": ",".join(groups[start : start + 10])})
            for start in range(0, len(groups), 10)
        ),
        (f"{of_all}facets/", {"facets": ",".join(facets)} if facets else {}),
        ("/api/v1/search/", {"q": row.pk}),
        ("/api/v1/citations/", {"record": row.pk, "expand": "passage"}),
        ("/api/v1/declared-counts/", {"fields": "code,state,registered"}),
        ("/api/v1/changes/", {"expand": "record", "type": resource}),
    ]


def answers(client, asked):
    """What is answered to each question; the feed's place in the history, which any change moves, is left out."""
    told = []
    for address, each in asked:
        response = client.get(address, each)
        assert response.status_code == 200, response.content.decode()
        is_feed = address.endswith("/changes/")
        told.append((address, each, response.json()["results"] if is_feed else response.getvalue()))
    return told


def forget(rows):
    """Let hidden rows state as little as their tables take, and documents another date."""
    for row in rows:
        table = models.QuerySet(type(row)).filter(pk=row.pk)
        for column in row._meta.concrete_fields:
            if column.null:
                with suppress(IntegrityError), transaction.atomic():
                    table.update(**{column.name: None})
        table.update(
            note="Forgotten.",
            **({"published_on": date(1999, 1, 1)} if isinstance(row, Document) else {}),
        )


@pytest.mark.parametrize("resource", ENTRIES)
def test_no_answer_rests_on_hidden_documents_parents_and_dependents(anonymous, resource):
    model = VIEWSETS[resource].queryset.model
    row, decoy = make_filled(model), make_filled(model)
    DeclaredCountFactory(
        resource=resource, query="stated_on__gte=2022-01-01", observation__about=DistrictFactory()
    )
    CitationFactory(about=row, field="note")
    dated = CitationFactory(
        about=row, field="note", passage__article__document__published_on=date(2023, 5, 1)
    )
    parents = [*named_by(row), *named_by(decoy)]
    hidden = [dated.passage.article.document, *parents]
    hide(*hidden)
    dependents = hidden_dependents(row)
    asked = questions(resource, row)

    before = answers(anonymous, asked)
    forget(hidden)
    for dependent in reversed(dependents):
        dependent.delete()
    after = answers(anonymous, asked)

    for one, other in zip(before, after, strict=True):
        assert one == other
