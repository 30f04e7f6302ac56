"""Filters answer every question that their names ask, and refuse what they cannot read."""

import pytest
from django import forms

from projects.models import Project
from shuangta.api.pagination import MAX_PAGE_SIZE
from shuangta.query.parameters import (
    ContentTypeField,
    ListField,
    MomentField,
    QueryDateField,
    ReferenceField,
    TruthField,
)
from shuangta.query.resources import address_of, viewsets
from tests.factories import (
    BuildingGroupFactory,
    CitationFactory,
    DepartmentFactory,
    DistrictFactory,
    ObservationFactory,
    ParticipationFactory,
    PassageFactory,
    PlaceFactory,
    ProjectFactory,
    SectorFactory,
    ServiceHallFactory,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_resource = pytest.mark.parametrize("resource", VIEWSETS)


def filters_of(resource):
    return VIEWSETS[resource].filterset_class.base_filters


def codes(response):
    assert response.status_code == 200, response.content.decode()
    return [row.get("code", row.get("id")) for row in response.json()["results"]]


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


# Every filter of every resource


def questions(filters, answered):
    """The parameters that are true of an answered row, and those that are not."""
    true, false = {}, {}
    for name, each in filters.items():
        column = name.removesuffix(f"__{each.lookup}")
        value = answered.get(column)
        if isinstance(value, list):
            value = value[0] if value else None
        if value is None or value == "":
            continue
        value = str(value).lower() if isinstance(value, bool) else str(value)
        if each.lookup in ("not", "gt", "lt"):
            false[name] = value
        elif each.lookup == "isnull":
            true[name], false[name] = "false", "true"
        else:
            true[name] = value
    return true, false


@every_resource
def test_every_filter_finds_the_row_that_it_describes(anonymous, resource):
    row = make_filled(VIEWSETS[resource].queryset.model)
    if resource != "citations":
        CitationFactory(about=row, field="note")
    answered = anonymous.get(address_of(row)).json()
    if "aliases" in answered:
        answered["aliases"] = "\n".join(answered["aliases"])
    true, false = questions(filters_of(resource), answered)

    assert row.pk in codes(anonymous.get(f"/api/v1/{resource}/", true))
    for name, value in false.items():
        found = codes(anonymous.get(f"/api/v1/{resource}/", {name: value}))
        assert (name, row.pk in found) == (name, False)


@every_resource
def test_every_filter_reaches_through_its_relation(anonymous, resource):
    row = make_filled(VIEWSETS[resource].queryset.model)
    for relation, filterset in VIEWSETS[resource].filterset_class.related.items():
        answered = anonymous.get(address_of(getattr(row, relation))).json() | {"aliases": None}
        true, false = questions(filterset.base_filters, answered)
        asked = {f"{relation}__{name}": value for name, value in true.items()}
        excluding = {f"{relation}__{name}": value for name, value in false.items()}

        assert row.pk in codes(anonymous.get(f"/api/v1/{resource}/", asked))
        assert row.pk not in codes(anonymous.get(f"/api/v1/{resource}/", excluding))


def malformed(field):
    """A value that is none of the field's kind, and the code of the error."""
    match field:
        case ListField():
            value, code = malformed(field.each)
            return f"{value},{value}", code
        case TruthField():
            return "maybe", "invalid_boolean"
        case QueryDateField():
            return "2021-02-30", "invalid_date"
        case MomentField():
            return "2021-05-13T04:00:00", "invalid_moment"
        case ReferenceField():
            return "no-such-record", "no_such_record"
        case ContentTypeField():
            return "no.such", "invalid_choice"
        case forms.ChoiceField():
            return "no-such-choice", "invalid_choice"
        case forms.IntegerField() | forms.DecimalField():
            return "1_000", "invalid"
    return "\0", "null_characters_not_allowed"


@every_resource
def test_every_filter_refuses_what_is_malformed(anonymous, resource):
    values = {name: malformed(each.field) for name, each in filters_of(resource).items()}

    response = anonymous.get(
        f"/api/v1/{resource}/", {name: value for name, (value, code) in values.items()}
    )

    assert dict(errors(response)) == {name: code for name, (value, code) in values.items()}


@every_resource
def test_every_filter_refuses_a_nul(anonymous, resource):
    names = set(filters_of(resource))

    response = anonymous.get(f"/api/v1/{resource}/", dict.fromkeys(names, "a\0"))

    assert {field for field, code in errors(response)} == names


def test_no_filter_has_the_name_of_another_parameter():
    others = {"search", "page_size", "count", "ordering", "after", "before", "fields", "expand"}

    assert {name for each in VIEWSETS for name in filters_of(each) if name in others} == set()


@every_resource
def test_every_parameter_refuses_to_be_empty_and_all_but_lists_to_be_given_twice(
    anonymous, resource
):
    names = [*filters_of(resource), "search", "page_size", "count", "ordering", "after", "before"]
    address = f"/api/v1/{resource}/"
    lists = {name for name in names if name == "ordering" or name.endswith("__in")}

    empty = anonymous.get(address, dict.fromkeys(names, ""))
    twice = anonymous.get(address, {name: ["x", "y"] for name in {*names} - lists})

    assert dict(errors(empty)) == dict.fromkeys(names, "empty")
    assert dict(errors(twice)) == dict.fromkeys({*names} - lists, "repeated")


@pytest.mark.parametrize(
    ("face", "asked"),
    [
        ("projects/", {"stage__in": ["completed", "signed"]}),
        ("projects/", {"name__in": ["示例1", "示例3"]}),
        ("projects/", {"code__in": ["example-1", "example-2"]}),
        ("projects/", {"fields": ["code", "name"]}),
        ("projects/", {"omit": ["code", "note"]}),
        ("projects/", {"expand": ["district", "evidence"]}),
        ("projects/", {"ordering": ["-stage", "name"]}),
        ("projects/", {"fields": ["code,name", "stage"]}),
        ("projects/", {"format": "csv", "fields": ["code", "name"]}),
        (
            "projects/aggregate/",
            {"group_by": ["stage", "district"], "ordering": ["-count", "stage"]},
        ),
        (
            "projects/aggregate/",
            {"sum": ["total_investment"], "min": ["started_on", "completed_on"]},
        ),
        ("projects/facets/", {"facets": ["stage", "district"]}),
        ("projects/facets/", {"facets": ["stage"], "stage__in": ["completed", "signed"]}),
        ("projects/search/", {"q": "示例", "stage__in": ["completed", "signed"]}),
        ("search/", {"q": "示例", "type": ["projects", "parks"]}),
    ],
)
def test_a_list_may_be_sent_with_a_key_for_each_value(anonymous, face, asked):
    for index, stage in enumerate(["completed", "signed", "planned", "completed"]):
        ProjectFactory(code=f"example-{index}", name=f"示例{index}", stage=stage)
    in_one = {
        name: ",".join(value) if isinstance(value, list) else value for name, value in asked.items()
    }

    several = anonymous.get(f"/api/v1/{face}", asked)
    answer = several.getvalue()  # an export holds its place until it is read
    one = anonymous.get(f"/api/v1/{face}", in_one)

    assert (several.status_code, one.status_code) == (200, 200)
    assert answer == one.getvalue()


def test_a_list_of_several_keys_finds_just_what_it_names_on_every_page(anonymous):
    for index, stage in enumerate(["completed", "signed", "planned", "completed"]):
        ProjectFactory(code=f"example-{index}", name=f"示例{index}", stage=stage)

    address = "/api/v1/projects/?stage__in=completed&stage__in=signed&fields=code&page_size=2"
    codes = []
    while address:
        page = anonymous.get(address).json()
        codes += [row["code"] for row in page["results"]]
        address = page["next"]

    assert codes == ["example-0", "example-1", "example-3"]


def test_all_mistakes_of_a_question_are_told_together(anonymous):
    asked = {
        "fields": "nonsense,code,code,other",
        "expand": "sectoren",
        "stage__im": "1",
        "stage": "bilt",
        "total_investment__gte": "1_000",
        "search": "—",
        "page_size": "0",
        "count": "all",
        "ordering": "nam,-stage",
        "bom": "yes",
        "format": "cvs",
        "limit": ["1", "2"],
    }

    response = anonymous.get("/api/v1/projects/", asked)

    assert sorted(errors(response)) == [
        ("bom", "invalid_boolean"),
        ("count", "invalid_choice"),
        ("expand", "unknown_field"),
        ("fields", "repeated"),
        ("fields", "unknown_field"),
        ("fields", "unknown_field"),
        ("format", "invalid_choice"),
        ("limit", "unknown_parameter"),
        ("ordering", "unknown_field"),
        ("page_size", "out_of_range"),
        ("search", "not_searchable"),
        ("stage", "invalid_choice"),
        ("stage__im", "unknown_parameter"),
        ("total_investment__gte", "invalid"),
    ]


@pytest.mark.parametrize(
    ("face", "asked", "told"),
    [
        (
            "projects/aggregate/",
            {"group_by": "stag", "sum": "stage", "min": "nam", "limit": "0", "stage": "x"},
            ["group_by", "limit", "min", "stage", "sum"],
        ),
        (
            "projects/aggregate/",
            {"group_by": "stage", "ordering": "nam", "limit": "0", "format": "x"},
            ["format", "limit", "ordering"],
        ),
        ("projects/facets/", {"facets": "nam", "stage": "x"}, ["facets", "stage"]),
        (
            "projects/search/",
            {"stage": "x", "page_size": "0", "after": "x"},
            ["after", "page_size", "q", "stage"],
        ),
        ("search/", {"type": "x", "count": "0", "after": "x"}, ["after", "count", "q", "type"]),
    ],
)
def test_every_face_tells_all_mistakes_together(anonymous, face, asked, told):
    response = anonymous.get(f"/api/v1/{face}", asked)

    assert sorted(name for name, _code in errors(response)) == told


def test_all_mistakes_of_a_write_beside_its_body_are_told_together(editor):
    response = editor.patch(
        f"{address_of(ProjectFactory())}?dry_run=maybe&page_size=3",
        {},
        headers={"if-match": "1", "x-change-reason": " ", "if-unmodified-since": "x"},
    )

    assert sorted(name for name, _code in errors(response)) == [
        *("If-Match", "If-Unmodified-Since", "X-Change-Reason", "dry_run", "page_size")
    ]


@pytest.mark.parametrize("decoration", ["utm_source=x&utm_medium=%FF&_=1669", "_=1&_=2", "utm_id="])
def test_what_decorates_a_link_is_passed_over(anonymous, decoration):
    ProjectFactory()
    ProjectFactory()
    plain = anonymous.get("/api/v1/projects/?page_size=1")

    decorated = anonymous.get(f"/api/v1/projects/?page_size=1&{decoration}")

    assert without_signature(decorated.json()) == without_signature(plain.json())
    assert decorated["ETag"] == plain["ETag"]
    assert anonymous.get("/api/v1/projects/?utm=1&__=2&source=x").status_code == 400


def without_signature(page):
    """The page, its link to the next without what tells when it was signed."""
    return page | {"next": page["next"].rsplit("%3A", 2)[0]}


@pytest.mark.parametrize(
    ("address", "word", "meant"),
    [
        ("projects/", "limit", "page_size"),
        ("projects/", "per_page", "page_size"),
        ("projects/", "offset", "after"),
        ("projects/", "page", "after"),
        ("projects/", "sort", "ordering"),
        ("projects/", "order_by", "ordering"),
        ("projects/", "q", "search"),
        ("projects/", "select", "fields"),
        ("projects/", "include", "expand"),
        ("projects/", "stage__ne", "stage__not"),
        ("projects/", "name__icontains", "name__contains"),
        ("projects/", "stage__eq", "stage"),
        ("projects/aggregate/", "page_size", "limit"),
        ("projects/aggregate/", "groupby", "group_by"),
        ("search/", "search", "q"),
        ("search/", "limit", "page_size"),
        ("projects/", "page_number", "after"),
        ("projects/", "direction", "ordering"),
        ("changes/", "page", "since"),
        ("changes/", "offset", "since"),
    ],
)
def test_the_words_of_other_apis_are_known(anonymous, address, word, meant):
    problem = anonymous.get(f"/api/v1/{address}", {word: "x"}).json()

    assert [each for each in problem["errors"] if each["field"] == word] == [
        {
            "field": word,
            "code": "unknown_parameter",
            "detail": f"There is no such parameter. Did you mean “{meant}”?",
        }
    ]


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("projects/aggregate/", "page"),
        ("projects/aggregate/", "select"),
        ("projects/aggregate/", "offset"),
        ("projects/{code}/", "limit"),
        ("", "limit"),
    ],
)
def test_a_word_of_other_apis_that_has_no_counterpart_is_near_to_none(anonymous, address, word):
    address = address.format(code=ProjectFactory().pk)

    problem = anonymous.get(f"/api/v1/{address}", {word: "x"}).json()

    assert [each["detail"] for each in problem["errors"]] == ["There is no such parameter."]


@pytest.mark.parametrize("word", ["filter", "$filter"])
def test_who_asks_for_a_filter_by_that_word_is_told_where_filters_are(anonymous, word):
    problem = anonymous.get("/api/v1/projects/", {word: "x"}).json()

    assert [each["detail"] for each in problem["errors"]] == [
        "There is no such parameter. Each filter is one, named after its field."
    ]


# What is asked and answered


@pytest.mark.parametrize("asked", ["萬達廣場", "万达广场"])
@pytest.mark.parametrize("lookup", ["name", "name__contains", "name__startswith", "name__in"])
def test_a_text_is_found_in_either_script(anonymous, lookup, asked):
    simplified = PlaceFactory(name="万达广场")
    traditional = PlaceFactory(name="萬達廣場")
    PlaceFactory(name="新华广场")

    response = anonymous.get("/api/v1/places/", {lookup: asked, "ordering": "code"})

    assert codes(response) == sorted([simplified.pk, traditional.pk])


def test_a_text_is_found_in_either_case_and_taken_literally(anonymous):
    literal = SectorFactory(name="A.B (50%_)")
    SectorFactory(name="AxB (50%_)")

    assert codes(anonymous.get("/api/v1/sectors/", {"name": "a.b (50%_)"})) == [literal.pk]
    assert codes(anonymous.get("/api/v1/sectors/", {"name__contains": ".b (50%_"})) == [literal.pk]


def test_a_text_is_whole_only_to_its_last_character(anonymous):
    PassageFactory(text="一行\n")

    assert codes(anonymous.get("/api/v1/passages/", {"text": "一行"})) == []


def test_a_text_of_several_lines_is_found_whole(anonymous):
    sector = SectorFactory(note="一行\n又一行")

    assert codes(anonymous.get("/api/v1/sectors/", {"note": "一行\n又一行"})) == [sector.pk]


@pytest.mark.parametrize(
    "asked",
    [
        "万达",
        "萬達",
        "wandaguangchang",
        "wanda",
        "wdgc",
        "WDGC",
        "Wanda Plaza",
        "大商城",
        "place-of-wanda",
    ],
)
def test_a_record_is_found_by_its_names_in_any_spelling(anonymous, asked):
    place = PlaceFactory(
        code="place-of-wanda", name="万达广场", name_en="Wanda Plaza", aliases="大商城"
    )
    PlaceFactory(name="新华广场", name_en="Xinhua Square", aliases="小商城")

    assert codes(anonymous.get("/api/v1/places/", {"search": asked})) == [place.pk]


def test_each_word_of_a_search_must_be_found(anonymous):
    both = PlaceFactory(name="万达广场", aliases="金廊")
    PlaceFactory(name="万达广场")

    assert codes(anonymous.get("/api/v1/places/", {"search": "金廊 萬達"})) == [both.pk]


def test_what_has_no_name_is_found_by_what_it_belongs_to(anonymous):
    participation = ParticipationFactory(project__name="示例仓库", enterprise__name="国药器械")
    ParticipationFactory()

    assert codes(anonymous.get("/api/v1/participations/", {"search": "國藥"})) == [participation.pk]


def test_not_keeps_the_rows_where_nothing_is_stated(anonymous):
    planned = ProjectFactory(code="a", stage="planned", total_investment=5, started_on="2021-01-01")
    silent = ProjectFactory(code="b", name_en=None)
    same = ProjectFactory(
        code="c", stage="signed", total_investment=7, started_on="2021-02-02", name_en="Seven"
    )
    for asked in (
        {"stage__not": "signed"},
        {"total_investment__not": "7"},
        {"started_on__not": "2021-02-02"},
        {"name_en__not": "seven"},
        {"code__not": same.pk},
    ):
        assert codes(anonymous.get("/api/v1/projects/", asked | {"ordering": "code"})) == [
            planned.pk,
            silent.pk,
        ]


def test_not_keeps_the_rows_that_have_no_such_relation(anonymous):
    place = PlaceFactory(kind="mall", goal="区域商业中心")
    other = ProjectFactory(code="a", place=PlaceFactory(kind="street"))
    without = ProjectFactory(code="b")
    ProjectFactory(code="c", place=place)
    sector = SectorFactory()
    ProjectFactory(code="d", place=place).sectors.add(sector)

    def found(asked):
        return codes(anonymous.get("/api/v1/projects/", asked | {"ordering": "code"}))

    assert found({"place__not": place.pk}) == [other.pk, without.pk]
    assert found({"place__kind__not": "mall"}) == [other.pk, without.pk]
    assert found({"place__goal__not": "区域商业中心"}) == [other.pk, without.pk]
    assert found({"sectors__not": sector.pk}) == ["a", "b", "c"]


def test_several_relations_are_found_once_by_any_of_them(anonymous):
    first, second, third = SectorFactory(), SectorFactory(), SectorFactory()
    both, one, none = ProjectFactory(code="a"), ProjectFactory(code="b"), ProjectFactory(code="c")
    both.sectors.set([first, second])
    one.sectors.set([second])
    none.sectors.set([third])

    response = anonymous.get(
        "/api/v1/projects/", {"sectors__in": f"{first.pk},{second.pk}", "ordering": "code"}
    )

    assert codes(response) == [both.pk, one.pk]
    assert response.json()["count"] == 2


def test_a_reverse_relation_is_asked_by_code(anonymous):
    inside, outside = DepartmentFactory(), DepartmentFactory()
    hall = ServiceHallFactory()
    hall.departments.add(inside)

    assert codes(anonymous.get("/api/v1/departments/", {"service_halls": hall.pk})) == [inside.pk]
    assert codes(anonymous.get("/api/v1/departments/", {"service_halls__not": hall.pk})) == [
        outside.pk
    ]


def test_within_a_division_is_everything_below_it(anonymous):
    province = DistrictFactory(code="21", level="province")
    city = DistrictFactory(code="2113", level="prefecture", parent=province)
    district = DistrictFactory(code="211302", parent=city)
    town = DistrictFactory(code="211302101", level="township", parent=district)
    village = DistrictFactory(code="211302101201", level="village", parent=town)
    elsewhere = DistrictFactory(code="990001")
    for number, each in enumerate([district, village, elsewhere]):
        ProjectFactory(code=f"p{number}", district=each)

    def found(resource, asked):
        return codes(anonymous.get(f"/api/v1/{resource}/", asked | {"ordering": "code"}))

    assert found("projects", {"district__within": "21"}) == ["p0", "p1"]
    assert found("projects", {"district__within": "211302101"}) == ["p1"]
    assert found("districts", {"parent__within": "2113"}) == ["211302", "211302101", "211302101201"]
    assert found("participations", {"project__district__within": "21"}) == []


def test_the_date_of_the_latest_source_is_asked_for_as_a_column(anonymous):
    older, newer, unsourced = (
        SectorFactory(code="a"),
        SectorFactory(code="b"),
        SectorFactory(code="c"),
    )
    for sector, day in ((older, "2020-01-01"), (newer, "2020-01-01"), (newer, "2021-05-13")):
        CitationFactory(about=sector, passage__article__document__published_on=day)

    def found(**asked):
        return codes(anonymous.get("/api/v1/sectors/", asked | {"ordering": "code"}))

    assert found(stated_on="2021-05-13") == [newer.pk]
    assert found(stated_on__lt="2021-01-01") == [older.pk]
    assert found(stated_on__isnull="true") == [unsourced.pk]
    assert found(stated_on__not="2020-01-01") == [newer.pk, unsourced.pk]
    listed = anonymous.get(
        "/api/v1/sectors/", {"ordering": "-stated_on", "fields": "code,stated_on"}
    )
    assert listed.json()["results"] == [
        {"code": newer.pk, "stated_on": "2021-05-13"},
        {"code": older.pk, "stated_on": "2020-01-01"},
        {"code": unsourced.pk, "stated_on": None},
    ]


def test_a_type_of_record_is_named_as_in_fixtures(anonymous):
    observation = ObservationFactory(about=ProjectFactory())
    ObservationFactory()

    response = anonymous.get("/api/v1/observations/", {"subject_type": "projects.project"})

    assert codes(response) == [observation.pk]
    assert response.json()["results"][0]["subject_type"] == "projects.project"


def test_the_number_of_buildings_is_asked_for_beside_the_way_of_counting(anonymous):
    group = BuildingGroupFactory(count=22)
    BuildingGroupFactory(count=3)

    response = anonymous.get("/api/v1/building-groups/", {"count__in": "22", "count": "exact"})

    assert codes(response) == [group.pk]


# What is refused


@pytest.mark.parametrize(
    ("asked", "code", "nearest"),
    [
        ({"total_investmnt": "5"}, "unknown_parameter", "total_investment"),
        ({"stage__nto": "signed"}, "unknown_parameter", "stage__not"),
        ({"pagesize": "2"}, "unknown_parameter", "page_size"),
        ({"ordering": "-total_investmet"}, "unknown_field", "total_investment"),
        ({"fields": "code,nam"}, "unknown_field", "name"),
        ({"expand": "distrct"}, "unknown_field", "district"),
    ],
)
def test_an_unknown_name_is_refused_and_the_nearest_is_told(anonymous, asked, code, nearest):
    response = anonymous.get("/api/v1/projects/", asked)

    (error,) = response.json()["errors"]
    assert response.status_code == 400
    assert (error["field"], error["code"]) == (next(iter(asked)), code)
    assert error["detail"].endswith(f"Did you mean “{nearest}”?")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"page_size": "abc"}, "out_of_range"),
        ({"page_size": "0"}, "out_of_range"),
        ({"page_size": "-1"}, "out_of_range"),
        ({"page_size": "１０"}, "out_of_range"),
        ({"page_size": str(MAX_PAGE_SIZE + 1)}, "out_of_range"),
        ({"page_size": "9" * 400}, "out_of_range"),
        ({"page_size": "0000001001"}, "out_of_range"),
        ({"count": "some"}, "invalid_choice"),
        ({"ordering": "name,"}, "unknown_field"),
        ({"ordering": "--name"}, "unknown_field"),
        ({"ordering": "district__name"}, "unknown_field"),
        ({"ordering": "name,-name"}, "repeated"),
        ({"fields": "code,,name"}, "unknown_field"),
        ({"fields": "sort_key"}, "unknown_field"),
        ({"fields": "code,code"}, "repeated"),
        ({"expand": "parts"}, "unknown_field"),
        ({"expand": "district,district"}, "repeated"),
        ({"search": " "}, "required"),
        ({"search": "\0"}, "null_characters_not_allowed"),
        ({"search": "长" * 5000}, "max_length"),
        ({"search": "《》"}, "not_searchable"),
        ({"search": " ".join(map(str, range(21)))}, "too_many"),
        ({"after": "abc"}, "invalid"),
        ({"before": "e30="}, "invalid"),
        ({"stage__in": "signed,,planned"}, "empty"),
        ({"code__in": ",a"}, "empty"),
        ({"total_investment__gte": "1e3"}, "invalid"),
        ({"total_investment": "12345678901234.5"}, "max_whole_digits"),
        ({"version": "99999999999"}, "max_value"),
        ({"version": "1.5"}, "invalid"),
        ({"started_on": "20210513"}, "invalid_date"),
        ({"started_on": "2021-5-1"}, "invalid_date"),
        ({"created_at": "2021-05-13"}, "invalid_moment"),
        ({"created_at__lt": "0001-01-01T00:00:00+23:59"}, "invalid_moment"),
        ({"created_at__gt": "9999-12-31T23:59:59-23:59"}, "invalid_moment"),
        ({"is_published": "1"}, "invalid_boolean"),
        ({"stage__isnull": "True"}, "invalid_boolean"),
        ({"name": "长" * 5000}, "max_length"),
        ({"name__in": ",".join(["示例"] * 1001)}, "too_many"),
        ({"format": "xml"}, "invalid_choice"),
    ],
    ids=lambda each: (
        None if isinstance(each, str) else "&".join(f"{k}={v[:30]}" for k, v in each.items())
    ),
)
def test_a_malformed_value_is_refused(anonymous, asked, code):
    response = anonymous.get("/api/v1/projects/", asked)

    assert errors(response) == [(next(iter(asked)), code)]


def test_as_many_values_as_are_taken_are_answered(anonymous):
    project = ProjectFactory(name="示例")
    names = ",".join([*("无" for _ in range(49)), "示例"])
    versions = ",".join(["1"] * 500)
    asked = {"name__in": names, "version__in": versions, "search": "示例 " * 50}

    response = anonymous.get("/api/v1/projects/", asked)

    assert codes(response) == [project.pk]


def test_a_long_text_is_looked_for_on_every_database(anonymous):
    sector = SectorFactory(note="发" * 1000)

    response = anonymous.get("/api/v1/sectors/", {"note__contains": "發" * 1000})

    assert codes(response) == [sector.pk]


def test_more_parameters_than_are_read_are_refused(anonymous):
    response = anonymous.get("/api/v1/projects/", {f"p{each}": "x" for each in range(10_001)})

    assert (response.status_code, response.json()["code"]) == (400, "parse_error")


def test_of_many_unknown_names_the_first_are_told_the_nearest(anonymous):
    names = [f"stage__not{each}" for each in range(5000)]

    response = anonymous.get("/api/v1/projects/", dict.fromkeys(names, "x"))

    details = [each["detail"] for each in response.json()["errors"]]
    assert len(details) == 5000
    assert set(details[:20]) == {"There is no such parameter. Did you mean “stage__not”?"}
    assert set(details[20:]) == {"There is no such parameter."}


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/projects/{code}/"])
@pytest.mark.parametrize("name", ["nonsense", "stage", "page_size", "search", "format"])
def test_where_nothing_is_filtered_a_filter_is_refused(anonymous, address, name):
    address = address.format(code=ProjectFactory().pk)

    assert errors(anonymous.get(address, {name: "x"})) == [(name, "unknown_parameter")]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"fields": "code,nonsense"}, "unknown_field"),
        ({"fields": ""}, "empty"),
        ({"fields": ["code", "code"]}, "repeated"),
        ({"fields": ["code", ""]}, "empty"),
        ({"as_of": ["2021-05-13T04:00:00Z", "2022-05-13T04:00:00Z"]}, "repeated"),
        ({"expand": "name"}, "unknown_field"),
        ({"expand": "district,"}, "unknown_field"),
    ],
)
def test_the_shape_of_a_record_is_asked_for_as_strictly(anonymous, asked, code):
    response = anonymous.get(address_of(ProjectFactory()), asked)

    assert errors(response) == [(next(iter(asked)), code)]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_write_takes_no_parameter_of_reading(editor, method):
    project = ProjectFactory()
    address = "/api/v1/projects/" if method == "post" else address_of(project)

    response = getattr(editor, method)(f"{address}?fields=code", {})

    assert errors(response) == [("fields", "unknown_parameter")]
    assert Project.objects.get() == project


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ({"stage": "Signed"}, "signed"),
        ({"stage__in": "signed,plannd"}, "planned"),
        ({"NAME": "示例"}, "name"),
    ],
    ids=["choice", "choices", "name"],
)
def test_what_is_not_known_is_told_with_the_nearest_that_is(anonymous, asked, nearest):
    [error] = anonymous.get("/api/v1/projects/", asked).json()["errors"]

    assert error["detail"].endswith(f"Did you mean “{nearest}”?")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "stage__in=foo,signed,bar,foo",
            [("invalid_choice", "foo"), ("invalid_choice", "bar")],
        ),
        ("sectors__in=a&sectors__in=b", [("no_such_record", "a"), ("no_such_record", "b")]),
        (
            "stage__in=signed,&stage__in=nonsense",
            [("empty", "empty"), ("invalid_choice", "nonsense")],
        ),
    ],
)
def test_all_mistakes_of_a_list_are_told_together(anonymous, query, told):
    problem = anonymous.get(f"/api/v1/projects/?{query}").json()

    found = [(each["code"], each["detail"]) for each in problem["errors"]]
    assert [code for code, _detail in found] == [code for code, _text in told]
    assert all(text in detail for (_code, detail), (_, text) in zip(found, told, strict=True))


def test_a_type_that_is_not_known_is_told_with_the_nearest_that_is(anonymous):
    answer = anonymous.get("/api/v1/citations/", {"record_type": "projects.Project"}).json()

    assert answer["errors"][0]["detail"].endswith("Did you mean “projects.project”?")


def test_a_code_begins_with_the_text_letter_by_letter(anonymous):
    ProjectFactory(code="990001-cafe")

    assert codes(anonymous.get("/api/v1/projects/?code__startswith=990001-c")) == ["990001-cafe"]
    assert codes(anonymous.get("/api/v1/projects/?code__startswith=990001-C")) == []
