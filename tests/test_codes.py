"""Codes: how they look, how one is corrected, and that whatever named the record goes on naming it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from districts.models import DeclaredCount, Observation
from projects.models import Sector
from seeds.models import Citation
from shuangta.db.code_fields import RESERVED
from shuangta.history.revision import Revision
from shuangta.query.resources import address_of, viewsets
from shuangta.records.codes import FormerCode
from shuangta.records.models import record_models
from shuangta.records.rename import rename_record
from shuangta.search.models import SearchEntry
from tests.factories import (
    CitationFactory,
    DeclaredCountFactory,
    DistrictFactory,
    IndustrialParkFactory,
    ObservationFactory,
    ParticipationFactory,
    PassageFactory,
    PlaceFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
    type_of,
)

pytestmark = pytest.mark.django_db

RELATIONS = [
    (model, field)
    for model in [*record_models(), Citation]
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
    if field.is_relation and field.related_model in record_models()
]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# What a code is


@pytest.mark.parametrize("code", ["211302", "a", "211302-central-park", "1-2-3", "x" * 100])
def test_words_with_hyphens_are_a_code(code):
    SectorFactory.build(code=code, is_published=False).full_clean()


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("Central-park", "code_shape"),
        ("central_park", "code_shape"),
        ("central.park", "code_shape"),
        ("central park", "code_shape"),
        ("-park", "code_shape"),
        ("park-", "code_shape"),
        ("central--park", "code_shape"),
        ("公园", "code_shape"),
        ("park\n", "code_shape"),
        ("x" * 101, "max_length"),
        *((word, "code_reserved") for word in sorted(RESERVED)),
    ],
)
def test_anything_else_is_no_code(code, fault):
    with pytest.raises(ValidationError) as error:
        SectorFactory.build(code=code, is_published=False).full_clean()

    assert [each.code for each in error.value.error_dict["code"]] == [fault]


def test_a_code_is_proposed_from_the_general_to_the_particular():
    district = DistrictFactory(code="211302")
    place = PlaceFactory(code="", district=district, name="朝阳大街")
    passage = PassageFactory(article__code="page-a01", code="", position=7)
    figure = ObservationFactory(code="", about=place, indicator__code="jobs", period_label="2020年")
    without_period = ObservationFactory(code="", about=place, indicator__code="floors")

    assert place.pk == "211302-chaoyang-dajie"
    assert passage.pk == "page-a01-p07"
    assert figure.pk == "211302-chaoyang-dajie-jobs-2020-nian"
    assert without_period.pk == "211302-chaoyang-dajie-floors"


def test_a_proposed_code_is_free():
    SectorFactory(code="pifa")
    rename_record(SectorFactory(code="pifa-2"), "wholesale")

    assert SectorFactory(code="", name="批发").pk == "pifa-3"


# Correcting one


@pytest.mark.parametrize(
    ("model", "field"),
    RELATIONS,
    ids=[f"{model.__name__}.{field.name}" for model, field in RELATIONS],
)
def test_every_relation_follows_a_corrected_code(model, field):
    row, decoy = make_filled(model), make_filled(model)
    named = getattr(row, field.name).get() if field.many_to_many else getattr(row, field.name)
    named_by_decoy = fresh(decoy).serializable_value(field.name)
    before = fresh(row).version

    rename_record(named, "corrected")

    stored = fresh(row)
    if field.many_to_many:
        codes = list(getattr(stored, field.name).values_list("pk", flat=True))
    else:
        codes = [stored.serializable_value(field.name)]
        assert fresh(decoy).serializable_value(field.name) == named_by_decoy
    change = Revision.objects.filter(content_type=type_of(row), object_id=row.pk).latest("version")
    assert codes == ["corrected"]
    assert stored.version == change.version == before + 1
    assert change.state[field.name if field.many_to_many else field.attname] in (
        "corrected",
        ["corrected"],
    )


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.__name__)
def test_all_that_is_about_a_record_follows_its_corrected_code(anonymous, model):
    row, decoy = make(model, code="before"), make(model)
    citation = CitationFactory(about=row, field="note")
    figure = ObservationFactory(about=row)
    others = [CitationFactory(about=decoy, field="note"), ObservationFactory(about=decoy)]

    corrected = rename_record(row, "after")

    assert (corrected.pk, corrected.version) == ("after", 2)
    assert "after" in SearchEntry.objects.of(model).get(record="after").text.splitlines()
    assert not SearchEntry.objects.of(model).filter(record="before").exists()
    assert not model.objects.filter(pk="before").exists()
    assert fresh(citation).cited == fresh(figure).about == corrected
    assert [fresh(each).version for each in (citation, figure)] == [2, 2]
    assert [fresh(each).version for each in others] == [1, 1]
    assert list(
        Revision.objects.filter(content_type=type_of(row), object_id="after")
        .order_by("version")
        .values_list("version", "action", "state__code")
    ) == [(1, "created", "before"), (2, "changed", "after")]


@pytest.mark.parametrize("resource", [name for name in viewsets() if name != "citations"])
def test_the_old_address_leads_to_the_new_one(anonymous, editor, resource):
    row = make(viewsets()[resource].queryset.model, code="before")
    rename_record(row, "after")
    old, new = f"/api/v1/{resource}/before/", f"http://testserver/api/v1/{resource}/after/"

    moved = anonymous.get(old, {"fields": "code"})
    writes = [editor.put(old, {}), editor.patch(old, {"note": "x"}), editor.delete(old)]

    assert (moved.status_code, moved["Location"]) == (308, f"{new}?fields=code")
    assert moved["Content-Type"] == "application/problem+json"
    assert moved.json() == {
        "type": "about:blank",
        "title": "The record has another code now.",
        "status": 308,
        "code": "moved",
    }
    assert [(each.status_code, each["Location"]) for each in writes] == [(308, new)] * 3
    assert anonymous.get(moved["Location"]).json() == {"code": "after"}


def test_every_former_code_leads_to_the_present_one(anonymous):
    sector = rename_record(rename_record(SectorFactory(code="first"), "second"), "third")

    for code in ("first", "second"):
        moved = anonymous.get(f"/api/v1/sectors/{code}/")
        assert moved["Location"] == f"http://testserver{address_of(sector)}"


def test_a_former_code_leads_nobody_to_what_is_hidden(anonymous, reader):
    rename_record(SectorFactory(code="before", is_published=False), "after")

    assert anonymous.get("/api/v1/sectors/before/").status_code == 404
    assert reader.get("/api/v1/sectors/before/").status_code == 308


def test_a_former_code_leads_nowhere_once_the_record_is_gone(anonymous):
    rename_record(SectorFactory(code="before"), "after").delete()

    assert anonymous.get("/api/v1/sectors/before/").status_code == 404


def test_a_former_code_is_given_to_no_other_record(editor):
    rename_record(SectorFactory(code="before"), "after")
    other = SectorFactory(code="other")

    response = editor.post("/api/v1/sectors/", {"code": "before", "name": "批发"})
    with pytest.raises(ValidationError) as error:
        rename_record(other, "before")

    assert response.json()["errors"] == [
        {
            "field": "code",
            "code": "code_former",
            "detail": "This code was the code of another record and still leads there.",
        }
    ]
    assert [each.code for each in error.value.error_dict["code"]] == ["code_former"]
    assert ProjectFactory(code="before").pk == "before"  # codes are told apart by type


def test_a_record_may_take_its_former_code_back(anonymous):
    sector = rename_record(rename_record(SectorFactory(code="first"), "second"), "first")

    assert sector.pk == "first"
    assert anonymous.get("/api/v1/sectors/first/").status_code == 200
    assert anonymous.get("/api/v1/sectors/second/").status_code == 308
    assert list(FormerCode.objects.values_list("code", "record")) == [("second", "first")]


@pytest.mark.parametrize("code", ["taken", "Not A Code", "search", "", "x" * 101])
def test_a_code_that_cannot_be_given_moves_nothing(code):
    SectorFactory(code="taken")
    sector = SectorFactory(code="before")
    project = ProjectFactory()
    project.sectors.add(sector)
    made = Revision.objects.count()

    with pytest.raises(ValidationError):
        rename_record(sector, code)

    assert list(project.sectors.values_list("pk", flat=True)) == ["before"]
    assert Revision.objects.count() == made
    assert FormerCode.objects.count() == 0


def test_a_record_that_got_another_code_or_is_gone_is_not_corrected_again():
    corrected, gone = SectorFactory(code="first"), SectorFactory(code="gone")
    rename_record(corrected, "second")
    gone.delete()
    gone.pk = "gone"

    for stale in (corrected, gone):
        with pytest.raises(ValidationError, match="There is no longer"):
            rename_record(stale, "third")

    assert list(Sector.objects.values_list("code", flat=True)) == ["second"]


def test_what_is_told_of_oneself_follows_too():
    park = IndustrialParkFactory(code="before")
    park.partners.set([park, IndustrialParkFactory(code="partner")])

    corrected = rename_record(park, "after")

    assert sorted(corrected.partners.values_list("pk", flat=True)) == ["after", "partner"]
    assert Revision.objects.filter(object_id="after").latest("version").state["partners"] == [
        "after",
        "partner",
    ]


def test_the_queries_of_declared_counts_follow_a_corrected_code(anonymous):
    district = DistrictFactory(code="211302")
    place = PlaceFactory(code="211302-wanda", district=district)
    ProjectFactory(code="211302-wanda", district=district, place=place)
    queries = {
        "by-place": ("projects", "place=211302-wanda"),
        "by-code": ("places", "code__in=211302-wanda,211302-other&kind=street"),
        "among-others": ("projects", "place__in=211302-wanda%2C211302-wanda-plaza"),
        "reached": ("participations", "project__place=211302-wanda"),
        "longer": ("projects", "place=211302-wanda-plaza"),
        "by-name": ("projects", "name=211302-wanda"),
        "of-a-project": ("projects", "code=211302-wanda"),
        "part": ("projects", "part_of=211302-wanda"),
        "of-a-district": ("projects", "district=211302"),
    }
    for code, (resource, query) in queries.items():
        DeclaredCountFactory(code=code, resource=resource, query=query)

    rename_record(place, "211302-wanda-circle")

    assert dict(DeclaredCount.objects.values_list("code", "query")) == {
        "by-place": "place=211302-wanda-circle",
        "by-code": "code__in=211302-wanda-circle,211302-other&kind=street",
        "among-others": "place__in=211302-wanda-circle,211302-wanda-plaza",
        "reached": "project__place=211302-wanda-circle",
        "longer": "place=211302-wanda-plaza",
        "by-name": "name=211302-wanda",
        "of-a-project": "code=211302-wanda",
        "part": "part_of=211302-wanda",
        "of-a-district": "district=211302",
    }
    moved = [row.pk for row in DeclaredCount.objects.all() if row.version == 2]
    assert sorted(moved) == ["among-others", "by-code", "by-place", "reached"]


def test_every_reference_to_a_record_is_of_a_kind_that_follows():
    """A text column beside a type of record, with no generic relation over the two, would be left behind."""
    for model in [*record_models(), Citation, Observation, Revision, FormerCode]:
        types = [
            each.name
            for each in model._meta.concrete_fields
            if each.is_relation and each.related_model is ContentType
        ]
        known = [each.ct_field for each in model._meta.private_fields if hasattr(each, "ct_field")]
        assert types == known


def test_what_a_code_leads_to_is_found_by_the_admin_log(editor):
    from django.contrib.admin.models import CHANGE, LogEntry

    sector = SectorFactory(code="before")
    LogEntry.objects.create(
        user=editor.user, content_type=type_of(sector), object_id="before", action_flag=CHANGE
    )

    corrected = rename_record(sector, "after")

    assert LogEntry.objects.get().get_edited_object() == corrected


def test_participations_are_given_a_code_by_whom_and_what(editor):
    district = DistrictFactory(code="211302")
    participation = ParticipationFactory(
        code="",
        project=ProjectFactory(code="211302-warehouse", district=district),
        enterprise__code="211302-heitudi",
    )

    assert participation.pk == "211302-warehouse-heitudi"
