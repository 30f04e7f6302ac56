"""Folding, and matching in either script, with or without accents."""

import re
import sys
import unicodedata

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from seeds.models import Passage
from shuangta.text.folding import fold, fold_in_place, folded_pattern
from tests.factories import ArticleFactory

CHARACTERS_IN_A_ROW = 500


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("萬達", "万达"),
        ("万达", "万达"),
        ("雙塔區智慧物流產業園項目", "双塔区智慧物流产业园项目"),
        ("臺裏", "台里"),
        ("看著", "看着"),
        ("ＡＢＣ１２３", "abc123"),
        ("Straße", "strasse"),
        ("⽂化", "文化"),
        ("wàndá Café", "wanda cafe"),
        ("cafe\u0301", "cafe"),
        ("甯衞戸馀逹", "宁卫户余达"),
        ("図広気辺駅", "图广气边驿"),
    ],
)
def test_text_folds_to_simplified_narrow_lower_case(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("word", ["乾隆", "藉口", "瞭解", "一樹百穫"])
def test_a_word_folds_as_its_characters_do_alone(word):
    assert fold(word) == "".join(fold(character) for character in word)


def test_folding_twice_changes_nothing():
    folded = fold("乾隆 薴 臺 ＡＢＣ ㎡")

    assert fold(folded) == folded


def test_folding_in_place_keeps_every_offset():
    text = "面積５㎡，總額1…3萬"

    assert fold_in_place(text) == "面积5㎡,总额1…3万"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("萬達", "万达广场"),
        ("万达", "萬達廣場"),
        ("台里", "臺裏"),
        ("mw", "500ＭＷ"),
        ("(组)", "（組）"),
        ("a.b*[c]\\^-", "A.B*[C]\\^-"),
        ("㎡", "㎡"),
        ("k㎡", "5k㎡"),
        ("km2", "5㎢"),
        ("㎢", "5km2"),
        ("cafe", "CAFÉ"),
        ("café", "Cafe"),
        ("café", "cafe\u0301"),
        ("cafe\u0301", "Café"),
        ("宁家", "甯家"),
        ("甯家", "寧家"),
    ],
)
def test_a_folded_pattern_finds_either_script(typed, stored):
    assert re.search(folded_pattern(typed), stored)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("a.b", "axb"), ("[ab]", "a"), ("万达", "万大"), ("\u0301", "a"), ("a", "")],
)
def test_a_folded_pattern_finds_nothing_else(typed, stored):
    assert not re.search(folded_pattern(typed), stored)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        "芸艺",
        "浜滨",
        "欠缺",
        "予豫",
        "缶罐",
        "叶协",
        "虫蛊",
        "猇唬",
        "淼渺",
        "着诸",
        "余徐",
        "宁守",
    ],
)
def test_characters_of_different_words_stay_apart(one, other):
    assert fold(one) != fold(other)


@pytest.mark.django_db
def test_every_character_of_unicode_finds_itself():
    """In rows of many characters each: such a row is only found where every one finds itself."""
    every = [chr(point) for point in range(1, sys.maxunicode + 1)]
    text = "".join(each for each in every if unicodedata.category(each) not in ("Cn", "Co", "Cs"))
    article = ArticleFactory()
    rows = [
        Passage(
            code=f"row-{start}",
            article=article,
            position=start // CHARACTERS_IN_A_ROW,
            kind=Passage.Kind.BODY,
            text=text[start : start + CHARACTERS_IN_A_ROW],
            start=0,
            created_at=timezone.now(),
            updated_at=timezone.now(),
            version=1,
        )
        for start in range(0, len(text), CHARACTERS_IN_A_ROW)
    ]
    QuerySet(Passage).bulk_create(rows)

    lost = [row.code for row in rows if not rows_of(row.code).filter(text__folded_exact=row.text)]

    assert lost == []


def rows_of(code):
    return Passage.objects.filter(code=code)
