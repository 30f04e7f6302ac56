"""Search finds what is there, in either script and any spelling, the best first, and only what one may see."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from districts.models import Place
from projects.models import Project, Sector
from shuangta.history.revision import Revision
from shuangta.operations import consistency
from shuangta.operations.models import DerivedRules
from shuangta.query.resources import address_of, viewsets
from shuangta.records.models import Record
from shuangta.records.rename import rename_record
from shuangta.records.restore import restore_deleted, restore_version
from shuangta.search.models import SearchEntry, SearchGram
from shuangta.search.ngrams import Word
from tests.factories import (
    CitationFactory,
    DistrictFactory,
    EnterpriseFactory,
    PassageFactory,
    PlaceFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
)

pytestmark = pytest.mark.django_db

RESOURCES = {
    name: viewset.queryset.model
    for name, viewset in viewsets().items()
    if issubclass(viewset.queryset.model, Record)
}
every_entry = pytest.mark.parametrize("resource", RESOURCES)


def search(client, q, resource=None, **parameters):
    address = f"/api/v1/{resource}/search/" if resource else "/api/v1/search/"
    return client.get(address, {"q": q} | parameters)


def hits(response):
    assert response.status_code == 200, response.content.decode()
    return response.json()["results"]


def codes(response):
    return [hit["code"] for hit in hits(response)]


def marked(response):
    """By code, what the highlights of a hit mark."""
    return {
        hit["code"]: {
            each["field"]: [each["text"][first:last] for first, last in each["marks"]]
            for each in hit["highlights"]
        }
        for hit in hits(response)
    }


def is_right():
    """Whether what follows from the rows is right in every table."""
    return not any(finding for model in RESOURCES.values() for finding in consistency.check(model))


def test_a_hit_tells_what_was_found_where_and_how_well(anonymous):
    place = PlaceFactory(code="plaza", name="万达广场")
    PlaceFactory(name="新华广场")

    answer = search(anonymous, "萬達").json()

    assert answer == {
        "words": ["万达"],
        "match": "all",
        "count": 1,
        "count_is": "exact",
        "next": None,
        "previous": None,
        "results": [
            {
                "type": "districts.place",
                "resource": "places",
                "code": "plaza",
                "title": "万达广场",
                "url": f"http://testserver{address_of(place)}",
                "score": 1,
                "matched": ["万达"],
                "highlights": [{"field": "name", "text": "万达广场", "marks": [[0, 2]]}],
            }
        ],
    }
    assert search(anonymous, "萬達", "places").json() == answer


def test_the_best_place_comes_first_then_the_shorter_title_then_pinyin(anonymous):
    district = DistrictFactory(code="9913", name="城")
    for code, name, aliases in [
        ("alias", "大商城", "万达"),
        ("inside-longer", "朝阳万达广场", ""),
        ("inside-b", "新万达", ""),
        ("inside-a", "旧万达", ""),
        ("begins", "万达广场", ""),
        ("whole", "万达", ""),
    ]:
        PlaceFactory(code=code, name=name, aliases=aliases, district=district)
    PassageFactory(code="text", text="双塔区启动万达广场建设。")
    ProjectFactory(code="project", name="万达", district=district)

    assert codes(search(anonymous, "万达")) == [
        *("whole", "project"),
        "begins",
        *("inside-a", "inside-b", "inside-longer"),
        "alias",
        "text",
    ]
    assert codes(search(anonymous, "wanda", "places"))[0] == "whole"


def test_the_whole_of_a_long_title_comes_before_its_beginning_and_that_before_its_middle(anonymous):
    PlaceFactory(code="middle", name="新万达广场")
    PlaceFactory(code="beginning", name="万达广场二期工程")
    PlaceFactory(code="whole", name="万达广场")

    response = search(anonymous, "万达广场")

    assert [(hit["code"], hit["score"]) for hit in hits(response)] == [
        ("whole", 0),
        ("beginning", 1),
        ("middle", 2),
    ]


@pytest.mark.parametrize(
    ("name", "asked", "marks"),
    [
        ("朝阳大街", "chaoyang", ["朝阳"]),
        ("朝阳大街", "cy", ["朝阳"]),
        ("朝阳大街", "dajie", ["大街"]),
        ("朝阳市双塔区", "shuangta", ["双塔"]),
        ("朝阳市双塔区", "st", ["双塔"]),
        ("朝阳市双塔区", "shuangt", ["双塔"]),
        ("航天长峰", "changfeng", ["长峰"]),
        ("航天长峰", "zhangfeng", ["长峰"]),
        ("航天长峰", "hangtianzhangf", ["航天长峰"]),
        ("航天长峰", "zf", ["长峰"]),
        ("500MW光伏项目", "500mwguangfu", ["500MW光伏"]),
        ("500MW光伏项目", "mw", ["MW"]),
        ("日产5000吨线", "５０００噸", ["5000吨"]),
        ("双塔区双塔", "双塔", ["双塔", "双塔"]),
        ("双塔区", "塔 双", ["双塔"]),
        ("万", "万", ["万"]),
        ("㎡计价", "m2", ["㎡"]),
        ("万达广场", "wàndá", ["万达"]),
        ("绿色产业", "lǜsè", ["绿色"]),
        ("绿色产业", "lvse", ["绿色"]),
        ("咖啡 Café", "cafe", ["Café"]),
        ("咖啡 Cafe", "CAFÉ", ["Cafe"]),
        ("长垣", "changyuan", ["长垣"]),
        ("长垣", "zhangyuan", ["长垣"]),
        ("甯家", "宁家", ["甯家"]),
        ("春风行动", "(春风)", ["春风"]),
        ("春风行动，招聘会", "春风，招聘", ["春风", "招聘"]),
        ("光伏、风电", "光伏,风电", ["光伏", "风电"]),
        ("光伏、风电", "「光伏」·风电…", ["光伏", "风电"]),
        ("光伏、风电", "光伏_风电", ["光伏", "风电"]),
        ("光伏No.5风电", "光伏№风电", ["光伏No", "风电"]),
        ("光伏№5", "№5", ["№5"]),
        ("广场100㎡", "100㎡", ["100㎡"]),
    ],
)
def test_a_name_is_found_by_any_part_in_any_spelling(anonymous, name, asked, marks):
    sector = SectorFactory(code="it", name=name)
    SectorFactory(code="decoy", name="零")

    assert marked(search(anonymous, asked)) == {sector.pk: {"name": marks}}
    assert marked(search(anonymous, asked, "sectors")) == {sector.pk: {"name": marks}}


@pytest.mark.parametrize(
    "asked", ["万广场", "达万", "广万", "uangta", "ngta", "w场", "万达x", "0mw"]
)
def test_nothing_else_is_found(anonymous, asked):
    SectorFactory(code="plaza", name="万达广场")
    SectorFactory(code="twin", name="双塔500MW")

    assert codes(search(anonymous, asked)) == []
    assert codes(anonymous.get("/api/v1/sectors/", {"search": asked})) == []


def matches(response):
    """How far the words are met, and the words that each hit meets."""
    answer = response.json()
    return answer["match"], {hit["code"]: hit["matched"] for hit in hits(response)}


@pytest.mark.parametrize("resource", [None, "projects"])
@pytest.mark.parametrize(
    ("asked", "matched"),
    [
        ("万达项目", ["万达", "项目"]),
        ("萬達項目", ["万达", "项目"]),
        ("万达 项目", ["万达", "项目"]),
        ("项目 wanda", ["项目", "wanda"]),
        ("wanda project", ["wanda", "project"]),
        ("wanda xiangmu", ["wanda", "xiangmu"]),
        ("万达建设", ["万达", "建设"]),
    ],
)
def test_what_a_record_is_finds_it_beside_its_name(anonymous, resource, asked, matched):
    ProjectFactory(code="project", name="万达", kind="construction")
    ProjectFactory(code="decoy", name="新华", kind="construction")
    PlaceFactory(code="plaza", name="万达广场", kind="mall")

    response = search(anonymous, asked, resource)

    assert matches(response) == ("all", {"project": matched})
    assert response.json()["count"] == 1
    assert codes(anonymous.get("/api/v1/projects/", {"search": asked})) == ["project"]


def test_the_name_itself_comes_before_what_is_so_named(anonymous):
    ProjectFactory(code="so-named", name="万达", kind="construction")
    PlaceFactory(code="by-name", name="万达项目部")

    response = search(anonymous, "万达项目")

    assert codes(response) == ["by-name", "so-named"]
    assert matches(response)[1] == {"by-name": ["万达项目"], "so-named": ["万达", "项目"]}


def test_a_kind_alone_is_searched_as_a_word(anonymous):
    ProjectFactory(name="万达")
    PlaceFactory(code="named", name="项目部")

    assert codes(search(anonymous, "项目")) == ["named"]


@pytest.mark.parametrize("resource", [None, "sectors"])
def test_where_nothing_meets_all_words_the_hits_tell_which_they_meet(anonymous, resource):
    SectorFactory(code="two", name="光伏与风电")
    SectorFactory(code="one", name="光伏")
    SectorFactory(code="none", name="零售")

    response = search(anonymous, "光伏 风电 核电", resource)

    assert matches(response) == ("some", {"two": ["光伏", "风电"], "one": ["光伏"]})
    assert codes(response) == ["two", "one"]
    assert response.json()["count"] == 2
    assert codes(anonymous.get("/api/v1/sectors/", {"search": "光伏 风电 核电"})) == []


def test_where_no_word_is_met_the_answer_says_so(anonymous):
    SectorFactory(name="零售")

    answer = search(anonymous, "核电，潮汐").json()

    assert (answer["words"], answer["match"], answer["count"]) == (["核电", "潮汐"], "none", 0)


@pytest.mark.parametrize("resource", [None, "sectors"])
def test_the_pages_of_hits_that_meet_some_words_hold_each_once(anonymous, resource):
    for number in range(5):
        SectorFactory(code=f"s-{number}", name="光伏" + "电" * number)
    whole = codes(search(anonymous, "光伏 核电", resource))

    response = search(anonymous, "光伏 核电", resource, page_size=2)
    pages = [codes(response)]
    while link := response.json()["next"]:
        response = anonymous.get(link)
        pages.append(codes(response))

    assert [code for page in pages for code in page] == whole
    assert len(whole) == 5
    assert (response.json()["match"], response.json()["count"]) == ("some", 5)


def test_a_changed_kind_is_followed(anonymous):
    place = PlaceFactory(code="place", name="万达", kind="mall")
    place.kind = "circle"
    place.save()

    assert codes(search(anonymous, "万达商圈")) == ["place"]
    assert is_right()


def test_a_word_longer_than_a_gram_is_compared_in_full(anonymous):
    SectorFactory(code="it", name="中央商贸商务集聚区发展规划")
    SectorFactory(code="decoy", name="中央商贸商务集聚区建设方案")

    assert codes(search(anonymous, "zhongyangshangmaoshangwujijuqufazhan")) == ["it"]
    assert codes(search(anonymous, "中央商贸商务集聚区发展")) == ["it"]


def test_all_names_and_the_code_are_marked_where_they_hold_a_word(anonymous):
    PlaceFactory(
        code="991302-plaza", name="万达广场", name_en="Wanda Plaza", aliases="大商城\n老万达"
    )

    assert marked(search(anonymous, "plaza 萬達")) == {
        "991302-plaza": {
            "code": ["plaza"],
            "name": ["万达"],
            "name_en": ["Plaza"],
            "aliases": ["万达"],
        }
    }


def test_a_long_text_is_shown_around_what_was_found(anonymous):
    text = f"{'前' * 50}雙塔區啟動{'後' * 50}"
    PassageFactory(code="long", text=text, article__document__text=text)

    [hit] = hits(search(anonymous, "启动", "passages"))

    assert hit["title"] == text
    assert hit["highlights"] == [
        {
            "field": "text",
            "text": f"{'前' * 27}雙塔區啟動{'後' * 30}",
            "marks": [[30, 32]],
        }
    ]


def test_what_is_found_through_what_it_belongs_to_comes_last_and_marks_nothing(anonymous):
    enterprise = EnterpriseFactory(name="国药器械")
    by_relation = make_filled(RESOURCES["participations"], enterprise=enterprise, code="zz")
    own = make(RESOURCES["participations"], code="guoyao")

    assert marked(search(anonymous, "guoyao", "participations")) == {
        own.pk: {"code": ["guoyao"]},
        by_relation.pk: {},
    }
    assert codes(search(anonymous, "guoyao", "participations")) == [own.pk, by_relation.pk]
    assert by_relation.pk not in codes(search(anonymous, "guoyao"))


def test_types_may_be_chosen(anonymous):
    PlaceFactory(code="place", name="万达")
    ProjectFactory(code="project", name="万达")
    SectorFactory(code="sector", name="万达")

    assert codes(search(anonymous, "万达", type="sectors,places")) == ["place", "sector"]


@pytest.mark.parametrize(
    ("parameters", "field", "code"),
    [
        ({}, "q", "required"),
        ({"q": ""}, "q", "empty"),
        ({"q": " "}, "q", "required"),
        ({"q": "《》"}, "q", "not_searchable"),
        ({"q": "万" * 201}, "q", "max_length"),
        ({"q": " ".join("一二三四五六七八九十百千万亿兆甲乙丙丁戊己")}, "q", "too_many"),
        ({"q": "万", "type": "project"}, "type", "invalid_choice"),
        ({"q": "万", "type": "citations"}, "type", "invalid_choice"),
        ({"q": "万", "type": "places,places"}, "type", "repeated"),
        ({"q": "万", "page_size": "0"}, "page_size", "out_of_range"),
        ({"q": "万", "count": "some"}, "count", "invalid_choice"),
        ({"q": "万", "after": "x"}, "after", "invalid"),
        ({"q": "万", "ordering": "title"}, "ordering", "unknown_parameter"),
        ({"q": "万", "typ": "places"}, "typ", "unknown_parameter"),
    ],
)
def test_what_is_asked_wrongly_is_refused(anonymous, parameters, field, code):
    response = anonymous.get("/api/v1/search/", parameters)

    assert response.status_code == 400
    assert [(each["field"], each["code"]) for each in response.json()["errors"]] == [(field, code)]


def test_an_unknown_type_is_answered_with_the_nearest(anonymous):
    [error] = search(anonymous, "万", type="project").json()["errors"]

    assert "projects" in error["detail"]


@every_entry
def test_every_entry_is_found_by_all_its_words_on_every_face(anonymous, resource):
    row = make_filled(RESOURCES[resource], code="991302-findable")
    words = [str(value) for name in row.searched_fields if (value := getattr(row, name))]

    for words_of_field in words:
        q = words_of_field[:200]
        assert row.pk in codes(search(anonymous, q, type=resource, page_size=1000))
        assert row.pk in codes(search(anonymous, q, resource, page_size=1000))
        listed = anonymous.get(f"/api/v1/{resource}/", {"search": q, "page_size": 1000})
        assert row.pk in codes(listed)


@every_entry
def test_what_is_hidden_is_found_by_those_who_may_view_it_only(
    anonymous, stranger, reader, resource
):
    hidden = make_filled(RESOURCES[resource], code="991302-hidden", is_published=False)

    def found_by(client):
        across, within = search(client, "hidden"), search(client, "hidden", resource)
        return codes(across), across.json()["count"], codes(within), within.json()["count"]

    assert found_by(anonymous) == found_by(stranger) == ([], 0, [], 0)
    assert found_by(reader) == ([hidden.pk], 1, [hidden.pk], 1)


def test_filters_narrow_a_search_as_they_narrow_the_list(anonymous):
    here, elsewhere = DistrictFactory(), DistrictFactory()
    for number in range(3):
        ProjectFactory(name=f"万达{number}期", district=here, stage="planned")
    ProjectFactory(name="万达", district=elsewhere)
    ProjectFactory(name="新华", district=here)
    asked = {"district": here.pk, "stage__in": "planned,signed"}

    listed = anonymous.get("/api/v1/projects/", asked | {"search": "wanda"})

    assert sorted(codes(search(anonymous, "wanda", "projects", **asked))) == sorted(codes(listed))
    assert len(codes(listed)) == 3
    assert search(anonymous, "wanda", "projects", stage="x").status_code == 400
    assert search(anonymous, "wanda", "projects", ordering="name").status_code == 400


@pytest.mark.parametrize("resource", [None, "places"])
def test_paging_visits_every_hit_once_in_order_and_back(anonymous, resource):
    for number in range(5):
        PlaceFactory(code=f"plaza-{number}", name="万达" + "广场" * (number % 2))
        ProjectFactory(code=f"project-{number}", name="万达")
    whole = codes(search(anonymous, "万达", resource))

    response = search(anonymous, "万达", resource, page_size=3)
    pages = [codes(response)]
    while link := response.json()["next"]:
        response = anonymous.get(link)
        pages.append(codes(response))
    before = anonymous.get(response.json()["previous"])

    assert [code for page in pages for code in page] == whole
    assert codes(before) == pages[-2]
    assert response.json()["count"] == len(whole) == (5 if resource else 10)


def test_a_page_costs_the_same_queries_however_many_hits_it_has(anonymous):
    ContentType.objects.get_for_models(*RESOURCES.values())

    def cost():
        with CaptureQueriesContext(connection) as queries:
            search(anonymous, "示例")
            search(anonymous, "示例", "projects")
        return len(queries)

    ProjectFactory(name="示例")
    PlaceFactory(name="示例")
    few = cost()
    for _ in range(20):
        ProjectFactory(name="示例")
        PlaceFactory(name="示例")

    assert cost() == few


# every way of writing


def found(word="万达"):
    return sorted(SearchEntry.objects.holding(Word.of(word)).values_list("record", flat=True))


def by_save(sector):
    sector.name = "万达"
    sector.save()


def by_save_of_one_column(sector):
    sector.name, sector.aliases = "万达", "never saved"
    sector.save(update_fields=["name"])


def by_update(sector):
    Sector.objects.filter(pk=sector.pk).update(name="万达")


def by_bulk_update(sector):
    sector.name, sector.aliases = "万达", "never saved"
    Sector.objects.bulk_update([sector], ["name"])


def by_fixture(sector):
    sector.name = "万达"
    for each in serializers.deserialize("json", serializers.serialize("json", [sector])):
        each.save()


def by_restoring(sector):
    by_save(sector)
    sector.name = "批发"
    sector.save()
    restore_version(sector, Revision.objects.get(object_id=sector.pk, version=2))


@pytest.mark.parametrize(
    "write",
    [
        by_save,
        by_save_of_one_column,
        by_update,
        by_bulk_update,
        by_fixture,
        by_restoring,
    ],
)
def test_every_way_of_changing_is_followed(write):
    sector = Sector.objects.get(pk=SectorFactory(name="批发").pk)
    SectorFactory(name="零售")

    write(sector)

    assert (found("万达"), found("批发")) == ([sector.pk], [])
    assert is_right()


def test_many_rows_are_followed_together():
    def cost(write, number):
        with CaptureQueriesContext(connection) as queries:
            write([Sector(code=f"many-{number}-{each}", name="万达") for each in range(number)])
        return len(queries)

    def write(rows):
        Sector.objects.bulk_create(rows)
        Sector.objects.filter(pk__in=[row.pk for row in rows]).update(note="x", name="万达城")

    cost(write, 1)

    assert cost(write, 8) == cost(write, 2)
    assert len(found()) == 11
    assert is_right()


def test_deleted_rows_are_forgotten():
    one, two, three = SectorFactory.create_batch(3, name="万达")

    one.delete()
    Sector.objects.filter(pk=two.pk).delete()

    assert found() == [three.pk]
    assert not SearchGram.objects.exclude(entry__record=three.pk).exists()
    assert is_right()


def test_a_restored_row_is_found_again():
    SectorFactory(code="plaza", name="万达").delete()
    assert found() == []

    restore_deleted(Revision.objects.get(action=Revision.Action.DELETED))

    assert found() == ["plaza"]
    assert is_right()


def test_a_corrected_code_is_followed():
    rename_record(SectorFactory(code="before", name="万达"), "after")

    assert (found(), found("before"), found("after")) == (["after"], [], ["after"])
    assert is_right()


def test_publishing_writes_no_grams():
    sector = SectorFactory(name="万达", is_published=False)
    sector.is_published = True

    with CaptureQueriesContext(connection) as queries:
        sector.save()

    assert SearchEntry.objects.get(record=sector.pk).is_published
    assert not [each for each in queries if SearchGram._meta.db_table in each["sql"]]


def test_missing_wrong_and_left_over_grams_are_found_and_mended():
    right, lacking, wrong, unknown = (
        SectorFactory(code=code, name="万达") for code in ("a", "b", "c", "d")
    )
    SearchGram.objects.filter(entry__record=lacking.pk, gram="万达").delete()
    SearchGram.objects.filter(entry__record=wrong.pk, gram="万达").update(rank=5)
    SearchEntry.objects.filter(record=unknown.pk).delete()
    gone = SectorFactory(code="gone", name="万达")
    Sector.objects.filter(pk=gone.pk)._raw_delete("default")

    faults = [str(each) for each in consistency.check(Sector)]
    mended = [str(each) for each in consistency.rebuild(Sector)]

    assert faults == mended
    assert faults == [
        *(f"projects.sector {each.pk}: search is stale" for each in (lacking, wrong, unknown)),
        "projects.sector gone: is gone, but search knows it",
        "projects.sector gone: is gone, but its evidence is marked",
    ]
    assert found() == sorted([right.pk, lacking.pk, wrong.pk, unknown.pk])
    assert is_right()


def test_many_short_words_are_joined_once_and_not_with_one_another(anonymous):
    sector = SectorFactory(name="双塔区中央公园东大街", aliases="双塔公园\n中央大街")
    words = "s t q z y g y d j 双"

    query = str(SearchEntry.objects.ranked(list(map(Word.of, words.split()))).query)

    assert query.count(f'JOIN "{SearchGram._meta.db_table}"') == 1
    assert codes(search(anonymous, words)) == [sector.pk]
    assert search(anonymous, f"{words} x").json()["match"] == "some"
    too_many = search(anonymous, "a b c d e f g h i j k l m n o p q r s t u")
    assert too_many.json()["errors"][0]["code"] == "too_many"


def test_a_registry_that_is_older_than_its_search_is_learnt_as_it_migrates(anonymous):
    project, place = ProjectFactory(name="万达广场"), PlaceFactory(name="万达商圈")
    SearchEntry.objects.all().delete()
    DerivedRules.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert sorted(codes(search(anonymous, "wd"))) == sorted([project.pk, place.pk])


def test_a_registry_whose_words_were_cut_by_other_rules_is_learnt_anew_as_it_migrates():
    sector = SectorFactory(name="长垣")
    models.QuerySet(Sector).update(sort_key="zhang3yuan2")
    SearchGram.objects.filter(gram="changyuan").delete()
    call_command("migrate", verbosity=0)
    untouched = found("changyuan")
    DerivedRules.objects.update(digest="older")

    call_command("migrate", verbosity=0)

    assert (untouched, found("changyuan")) == ([], [sector.pk])
    assert Sector.objects.get().sort_key == "chang2yuan2"
    assert is_right()


def test_the_admin_lists_what_the_api_finds(publisher, client):
    user = publisher.user
    user.is_staff = True
    user.save()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    place = PlaceFactory(name="万达广场")
    PlaceFactory(name="新华广场")

    def listed(words):
        response = client.get("/admin/districts/place/", {"q": words})
        return [row.pk for row in response.context["cl"].result_list]

    assert listed("萬達 guangchang") == [place.pk]
    assert listed("《》") == []
    assert Place.objects.count() == 2


def test_a_citation_is_seen_where_its_record_is(anonymous, reader):
    hidden, shown = ProjectFactory(is_published=False), ProjectFactory()
    for project in (hidden, shown):
        CitationFactory(about=project, field="note")

    def cited(client):
        return sorted(row["record"] for row in client.get("/api/v1/citations/").json()["results"])

    assert cited(anonymous) == [shown.pk]
    assert cited(reader) == sorted([hidden.pk, shown.pk])
    Project.objects.filter(pk=hidden.pk).update(is_published=True)
    assert cited(anonymous) == sorted([hidden.pk, shown.pk])
