"""Names hold what can be seen and meant, and notes too; the words of sources stay as they are printed."""

import json
import sys
import unicodedata

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from districts.models import Observation, Park
from projects.models import Sector
from seeds.models import Article, Citation, Document, Passage
from shuangta.api.models import ApiToken
from shuangta.db.code_fields import CodeField, QueryField
from shuangta.db.text_fields import text_fields
from shuangta.history.models import RevisionedModel
from shuangta.history.revision import Revision
from shuangta.operations import consistency
from shuangta.operations.models import DerivedRules
from shuangta.query.resources import address_of
from shuangta.text.characters import clean_line, clean_lines, clean_text, find_flaw
from tests.factories import (
    CitationFactory,
    DistrictFactory,
    ParkFactory,
    SectorFactory,
    WorkingGroupFactory,
    WorkingGroupMemberFactory,
)

SECTORS = "/api/v1/sectors/"
PARK = "中央公园"
TWINS = [
    "中央公园\u200b",  # zero-width space
    "\ufeff中央公园",  # byte order mark
    "中央\u202e公园\u202c",  # direction marks
    "中央\u00ad公园",  # soft hyphen
    "\u3000中央公园\xa0",  # blanks at the edges
    "中央公园\n",
    "中央公\u2060园\U000e0041",  # word joiner, tag
    "中央公园\ufe0f",  # variation selector
    "中\x00央\x07公园",  # controls
]
AS_PRINTED = {
    (Document, "text"),
    (Passage, "text"),
    (Citation, "quote"),
    (Citation, "value"),
    (Observation, "wording"),
    (Observation, "period_label"),
}
"""The columns that hold words of a source."""


def errors(response):
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


@pytest.mark.parametrize("twin", TWINS)
def test_what_looks_alike_is_alike(twin):
    assert clean_line(twin) == PARK


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("文化\t\n公园", "文化 公园"),
        ("文化 \u3000\xa0 公园", "文化 公园"),
        ("文化\u2028公园", "文化 公园"),
        ("文化\x0b公园", "文化 公园"),
        ("文化\u3164公园", "文化 公园"),
        ("Cafe\u0301", "Café"),
        ("㐂\U000e0100", "㐂"),
        ("\uf900", "\u8c48"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("中\u200c央", "中央"),
        ("①Ⅰ²", "①Ⅰ²"),
        ("\u200b \u3000", ""),
    ],
)
def test_a_line_keeps_what_is_meant(text, line):
    assert clean_line(text) == line


def test_lines_and_notes_keep_their_lines():
    assert clean_lines("甲\u200b\r\n\n 乙 \n甲") == "甲\n乙"
    assert clean_text("\n\u3000第一段。\u200b \r\n\r\n\u3000第二段。\x0b末") == (
        "第一段。\n\n\u3000第二段。\n末"
    )


def test_cleaning_twice_is_cleaning_once_for_every_character():
    for block in (*range(0, 0x32000, 0x100), *range(0xE0000, 0xE1000, 0x100)):
        text = "中".join(f"{chr(point)} {chr(point)}" for point in range(block, block + 0x100))
        assert clean_line(clean_line(text)) == clean_line(text), hex(block)
        assert clean_text(clean_text(text)) == clean_text(text), hex(block)


def test_every_assigned_character_that_is_seen_is_kept_or_composed():
    """Whatever is no control, format character, blank or selector stays what it is to Unicode."""
    for point in range(sys.maxunicode + 1):
        character = chr(point)
        if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Cs", "Cn", "Co"):
            continue
        line, composed = (
            clean_line(f"a{character}a"),
            unicodedata.normalize("NFC", f"a{character}a"),
        )
        assert line in (composed, "aa", "a a"), hex(point)
        if line != composed:
            assert unicodedata.name(character).split()[0] in (
                *("VARIATION", "MONGOLIAN", "COMBINING", "KHMER", "HANGUL", "HALFWIDTH", "BRAILLE"),
            ), hex(point)


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        ("\ue000", "private"),
        ("\U0010fffd", "private"),
        ("\ud800", "half"),
        ("\ufffd", "lost"),
        ("\ufffc", "lost"),
        ("\u0378", "unassigned"),
        ("\uffff", "unassigned"),
        ("\U0002fffe", "unassigned"),
    ],
)
def test_a_character_of_which_nobody_knows_what_it_is_is_named(character, kind):
    assert find_flaw(f"中央{character}公园") == (character, kind)


def test_a_rare_ideograph_is_no_flaw_though_python_does_not_know_it_yet():
    assert find_flaw("\U0002ebf0\U000323b0𱍐") is None


def test_every_column_that_is_typed_on_one_line_is_cleaned():
    """Of all columns of text, those that are not are choices, codes, words as printed, and goals as worded."""
    versioned = [model for model in apps.get_models() if issubclass(model, RevisionedModel)]
    left = {
        (model, field.name)
        for model in versioned
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, CodeField | QueryField | models.SlugField)
        and not field.choices
        and field.editable
        and field not in text_fields(model)
    }

    assert {
        (model, name)
        for model, name in left
        if name not in ("goal", "uscc", "project_code") and (model, name) != (Citation, "field")
    } == AS_PRINTED


DOORS = {
    "save": lambda name: SectorFactory(code="s", name=name),
    "update": lambda name: SectorFactory(code="s") and Sector.objects.update(name=name),
    "bulk_create": lambda name: Sector.objects.bulk_create([Sector(code="s", name=name)]),
    "bulk_update": lambda name: Sector.objects.bulk_update(
        [with_name(SectorFactory(code="s"), name)], ["name"]
    ),
    "around the models": lambda name: (
        models.QuerySet(Sector).filter(pk=SectorFactory(code="s").pk).update(name=name)
    ),
}


def with_name(sector, name):
    sector.name = name
    return sector


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_every_way_of_writing_cleans(door):
    DOORS[door]("\u200b 现代\u3000\u3000物流\n")

    assert Sector.objects.get().name == "现代 物流"


@pytest.mark.django_db
def test_what_is_derived_and_kept_is_that_of_the_clean_name():
    SectorFactory(code="twin", name="物流\u200b", aliases="货运 \n\n货运", note=" 注\u200b。\n")
    sector = SectorFactory(code="plain", name="物流")

    twin = Sector.objects.get(code="twin")
    [change] = Revision.objects.filter(object_id="twin")
    assert (twin.name, twin.sort_key) == ("物流", sector.sort_key)
    assert [change.state[name] for name in ("name", "aliases", "note")] == ["物流", "货运", "注。"]


@pytest.mark.django_db
def test_a_fixture_is_cleaned(tmp_path):
    file = tmp_path / "sectors.json"
    row = {"model": "projects.sector", "pk": "s", "fields": {"name": "\u3000现代物流\u200b"}}
    file.write_text(json.dumps([row]))

    call_command("loaddata", str(file), verbosity=0)

    assert Sector.objects.get().name == "现代物流"
    call_command("check_derived")


@pytest.mark.django_db
def test_the_api_stores_and_tells_the_clean_name(editor):
    made = editor.post(
        SECTORS, {"name": "\u200b现代\t物流 ", "name_en": "\u200b", "aliases": ["货运\u200b"]}
    )
    listed = editor.post(SECTORS, [{"code": made.json()["code"], "name": "现代 物流\u200b"}])

    told = {name: made.json()[name] for name in ("code", "name", "name_en", "aliases")}
    assert told == {
        "code": "xiandai-wuliu",
        "name": "现代 物流",
        "name_en": None,
        "aliases": ["货运"],
    }
    assert [each["outcome"] for each in listed.json()["results"]] == ["unchanged"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "code", "detail"),
    [
        (
            "中\ue000园",
            "character",
            "U+E000 is a private character, which each computer draws differently.",
        ),
        (
            "中\ufffd园",
            "character",
            "U+FFFD stands for a character that was lost on the way. Type it again.",
        ),
        ("中\u0378园", "character", "U+0378 is no character."),
        ("\u200b", "blank", "This field cannot be blank."),
    ],
)
def test_the_api_refuses_a_name_with_a_character_that_nobody_knows(editor, name, code, detail):
    response = editor.post(SECTORS, {"name": name})

    assert response.status_code == 400
    assert response.json()["errors"] == [{"field": "name", "code": code, "detail": detail}]


@pytest.mark.django_db
def test_no_way_of_writing_takes_such_a_character():
    sector = SectorFactory()

    for write in (
        lambda: Sector.objects.update(name="中\ue000"),
        lambda: SectorFactory(name="中\ue000"),
        lambda: Sector.objects.bulk_create([Sector(code="s", name="中\ue000")]),
    ):
        with pytest.raises(ValidationError) as refusal:
            write()
        assert refusal.value.message_dict.keys() == {"name"}
    assert Sector.objects.get().name == sector.name


@pytest.mark.django_db
def test_words_of_sources_stay_as_they_are_printed(editor):
    text = "\u3000雙塔區 \u3000建設\u200b ﾊ\n"
    made = editor.post(
        "/api/v1/documents/",
        {
            "title": "示例\u200b",
            "kind": "notice",
            "published_on": "2021-05-13",
            "rights": "x",
            "text": text,
        },
    )
    document = Document.objects.get(pk=made.json()["code"])
    article = Article.objects.create(code="a", document=document, position=1, kind="brief")
    passage = Passage.objects.create(
        code="p", article=article, position=1, kind="body", text=text, start=0
    )
    citation = CitationFactory(
        about=DistrictFactory(name="双塔区"), passage=passage, quote=text, value="双塔区\u200b"
    )

    for row in (document, passage, citation):
        row.refresh_from_db()
    assert (document.title, document.text, passage.text, citation.quote) == ("示例", *[text] * 3)
    assert citation.value == "双塔区"


@pytest.mark.django_db
def test_a_token_has_a_clean_name(django_user_model):
    ApiToken.issue(django_user_model.objects.create_user("someone"), "数据\u200b 台\n")

    assert ApiToken.objects.get().name == "数据 台"


def store_uncleaned(row, name, text):
    """Write as a registry did before it cleaned: the row, and its history."""
    table, column, key = map(connection.ops.quote_name, (row._meta.db_table, name, "code"))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [text, row.pk])  # noqa: S608
    change = Revision.objects.get(object_id=row.pk)
    change.state[name] = text
    change.save()


@pytest.mark.django_db
def test_the_last_migration_cleans_what_stands_and_keeps_what_it_was(capsys):
    park = ParkFactory(code="park", name=PARK)
    store_uncleaned(park, "name", f"{PARK}\u200b\ue000 ")
    group = WorkingGroupFactory(code="group")
    WorkingGroupMemberFactory(code="m-1", working_group=group, office="区委")
    twin = WorkingGroupMemberFactory(code="m-2", working_group=group, office="政府")
    store_uncleaned(twin, "office", "区委\u200b")

    DerivedRules.objects.update(digest="older")
    last = MigrationRecorder(connection).migration_qs.filter(app="shuangta").latest("pk")
    last.delete()
    consistency.after_migrate(None, connection.alias)
    park.refresh_from_db()
    assert park.version == 1
    last.save()
    consistency.after_migrate(None, connection.alias)

    park.refresh_from_db()
    assert (park.name, park.version) == (f"{PARK}\ue000", 2)
    latest = Revision.objects.filter(object_id="park").order_by("version").last()
    assert (latest.state["name"], latest.reason) == (f"{PARK}\ue000", "migrate")
    with pytest.raises(CommandError, match="Wrong: 2 records"):
        call_command("check_records")
    assert capsys.readouterr().out.splitlines() == [
        "districts.park park: name: U+E000 is a private character, which each computer draws differently.",
        "governance.workinggroupmember m-2: office: Holds characters that nobody sees, or surplus blanks.",
    ]


@pytest.mark.django_db
def test_an_old_flaw_keeps_nobody_from_changing_the_rest():
    park = ParkFactory(code="park", name=PARK)
    store_uncleaned(park, "name", f"{PARK}\ue000")

    Park.objects.update(area=5)

    park.refresh_from_db()
    assert (park.name, park.area) == (f"{PARK}\ue000", 5)


@pytest.mark.django_db
def test_a_record_is_named_at_its_address_by_the_clean_name(editor):
    sector = SectorFactory(name="物流")

    response = editor.patch(address_of(sector), {"name": "物流\u200b"})

    assert (response.json()["name"], response.json()["version"]) == ("物流", 1)
