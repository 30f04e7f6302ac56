"""A row that is hidden from a user is hidden on every face, as if it were not there at all.

The faces are found in the router, so that a new one fails here until it is known what to ask it.
"""

import io
import zipfile

import pytest
from django.urls import URLPattern

from shuangta.query.grouping import groups_of
from shuangta.query.resources import address_of, viewsets
from shuangta.records.models import Record
from shuangta.urls import urlpatterns
from tests.faces import FACES, address_of_face
from tests.factories import (
    CitationFactory,
    DeclaredCountFactory,
    DistrictFactory,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
ENTRIES = [name for name, each in VIEWSETS.items() if issubclass(each.queryset.model, Record)]
RELATIONS = [
    (name, field.name)
    for name in ENTRIES
    for field in [
        *VIEWSETS[name].queryset.model._meta.concrete_fields,
        *VIEWSETS[name].queryset.model._meta.many_to_many,
    ]
    if field.is_relation and issubclass(field.related_model, Record)
]
WHOLE_REGISTRY = {"schema", "docs", "search", "changes"}
"""The addresses beside those of the resources. Of these the search tells of rows; the feed, which also tells what is
hidden since, has tests of its own."""


def asked_of_list(viewset, row):
    return [
        {},
        {"code": row.pk},
        {"search": row.pk},
        {"count": "exact", "page_size": 1000, "fields": "code", "ordering": "-code"},
        {"expand": "evidence"},
        {"format": "csv"},
        {"format": "ndjson"},
        {"format": "xlsx"},
    ]


def asked_of_groups(viewset, row):
    """How many rows there are, in some groups too, and what their figures add up to."""
    groups = {"group_by": ",".join([*groups_of(viewset.filterset_class)][:5])}
    figures = viewset.aggregation_class.measurable_columns(viewset, "sum")
    if row._meta.model_name == "observation":
        groups = {"group_by": "indicator,status"}  # without which values do not add up
    return [{}, groups, {"sum": ",".join(figures)} | groups] if figures else [{}, groups]


ASKED = {
    "list": asked_of_list,
    "retrieve": lambda viewset, row: [{}, {"expand": "evidence"}, {"as_of": moment_of(row)}],
    "history": lambda viewset, row: [{}],
    "aggregate": asked_of_groups,
    "facets": lambda viewset, row: [{}],
    "search": lambda viewset, row: [{"q": row.pk}],
}
"""By action, the questions that every face of the kind is asked about a row."""


def moment_of(row):
    """A moment at which the row was published, as it was made."""
    return type(row).objects.get(pk=row.pk).created_at.isoformat()


def questions(resource, row):
    """Every address that may tell of a row of the resource, with what it is asked."""
    about = {"record": row.pk, "record_type": row._meta.label_lower}
    asked = [
        ("/api/v1/search/", {"q": row.pk}),
        ("/api/v1/search/", {"q": row.pk, "type": resource}),
        ("/api/v1/citations/", about),
        ("/api/v1/citations/", about | {"format": "csv"}),
        ("/api/v1/citations/aggregate/", about),
        ("/api/v1/citations/facets/", about),
        (address_of(row.citations.get()), {}),
    ]
    for face in FACES:
        if face[0] == resource:
            address = address_of_face(face, row)
            asked += [(address, each) for each in ASKED[face[1]](VIEWSETS[resource], row)]
    return asked


def told(client, asked):
    """What is answered to each question, in the order asked."""
    return [(address, each, words(client.get(address, each))) for address, each in asked]


def words(response):
    """The status and the content; of a workbook the cells, without the moment at which it was written."""
    assert response.status_code in (200, 404), response.content.decode()
    content = response.getvalue()
    if "spreadsheetml" in response["Content-Type"]:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheets = [name for name in book.namelist() if "sheet" in name.lower()]
            content = b"".join(book.read(name) for name in sorted(sheets))
    return response.status_code, content


def test_every_face_is_known():
    of_the_api = [each for each in urlpatterns if str(each.pattern).startswith("api/v1/")]
    beside = {each.name for each in of_the_api if isinstance(each, URLPattern)}

    assert {action for _resource, action in FACES} == set(ASKED)
    assert beside == WHOLE_REGISTRY


@pytest.mark.parametrize("resource", ENTRIES)
def test_a_hidden_row_is_told_of_as_one_that_is_not_there(anonymous, reader, resource):
    model = VIEWSETS[resource].queryset.model
    row, decoy = make_filled(model), make_filled(model)
    for each in (row, decoy):
        CitationFactory(about=each, field="note")
    asked = questions(resource, row)

    public = told(anonymous, asked)
    model.objects.filter(pk=row.pk).update(is_published=False)
    hidden, to_reader = told(anonymous, asked), told(reader, asked)
    model.objects.get(pk=row.pk).delete()
    gone = told(anonymous, asked)

    for shown, unseen, seen, absent in zip(public, hidden, to_reader, gone, strict=True):
        assert unseen == absent
        assert shown != unseen
        assert seen != unseen


@pytest.mark.parametrize("resource", ENTRIES)
def test_a_hidden_row_is_counted_by_no_claim(anonymous, reader, resource):
    model = VIEWSETS[resource].queryset.model
    row, _decoy = make_filled(model), make_filled(model)
    claim = DeclaredCountFactory(
        resource=resource, query=f"code={row.pk}", observation__about=DistrictFactory()
    )
    faces = [address_of(claim), f"/api/v1/declared-counts/?code={claim.pk}"]

    def registered(client):
        one, listed = (client.get(address).json() for address in faces)
        assert listed["results"] == [one]
        return one["registered"]

    before = registered(anonymous)
    model.objects.filter(pk=row.pk).update(is_published=False)

    assert (before, registered(anonymous), registered(reader)) == (1, 0, 0)


@pytest.mark.parametrize(("resource", "relation"), RELATIONS)
def test_a_hidden_row_is_not_told_of_by_those_that_name_it(anonymous, reader, resource, relation):
    row = make_filled(VIEWSETS[resource].queryset.model)
    stated = getattr(row, relation)
    field = row._meta.get_field(relation)
    target = stated.get() if field.many_to_many else stated
    field.related_model.objects.filter(pk=target.pk).update(is_published=False)
    own, of_all = address_of(row), f"/api/v1/{resource}/"
    asked = [
        (own, {"expand": relation}),
        (of_all, {"expand": relation, "code": row.pk}),
        (of_all, {"expand": relation, "code": row.pk, "format": "ndjson"}),
        (f"{of_all}facets/", {"facets": relation, "code": row.pk}),
    ]
    if field.many_to_many:  # a foreign key is the row's own column, and told with it
        asked += [
            (own, {}),
            (of_all, {"code": row.pk, "format": "csv"}),
            (f"{of_all}aggregate/", {"group_by": relation, "code": row.pk}),
            (f"{own}history/", {}),
        ]

    for (_address, _asked, unseen), (_address, _asked, seen) in zip(
        told(anonymous, asked), told(reader, asked), strict=True
    ):
        assert unseen[0] == seen[0] == 200
        assert target.pk.encode() not in unseen[1]
        assert target.pk.encode() in seen[1]
    assert target.pk not in codes_found(anonymous, target.pk)
    assert target.pk in codes_found(reader, target.pk)


def codes_found(client, word):
    hits = client.get("/api/v1/search/", {"q": word}).json()["results"]
    return [hit["code"] for hit in hits]
