"""Folding, matching in either script, pinyin order and proposed codes."""

import re

import pytest

from shuangta.folding import (
    fold,
    fold_in_place,
    folded_pattern,
    propose_code,
    sort_key,
    syllables,
    variants,
)


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


def test_variants_are_all_that_fold_to_the_same_character():
    assert variants("臺") == variants("台")
    assert set("台臺檯颱") <= set(variants("台"))
    assert {fold(character) for character in variants("台")} == {"台"}
    assert variants("㎡") == "㎡"


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
    ],
)
def test_a_folded_pattern_finds_either_script(typed, stored):
    assert re.search(folded_pattern(typed), stored, re.IGNORECASE)


@pytest.mark.parametrize(("typed", "stored"), [("a.b", "axb"), ("[ab]", "a"), ("万达", "万大")])
def test_a_folded_pattern_finds_nothing_else(typed, stored):
    assert not re.search(folded_pattern(typed), stored, re.IGNORECASE)


def test_names_sort_by_pinyin_and_tone():
    names = [
        "重庆",
        "石景园",
        "朝阳大街",
        "91惠农",
        "世纪广场",
        "ABC",
        "朝阳",
        "大凌河",
        "中央公园",
    ]

    assert sorted(names, key=sort_key) == [
        "91惠农",
        "ABC",
        "朝阳",
        "朝阳大街",
        "重庆",
        "大凌河",
        "石景园",
        "世纪广场",
        "中央公园",
    ]


def test_a_shorter_syllable_sorts_before_a_longer_one():
    # xi'an before xian, whatever follows.
    assert sort_key("西安") < sort_key("先")


@pytest.mark.parametrize("name", ["雙塔區", "绿色 Café（互联网+）", "欸", "㐂字"])
def test_sort_keys_hold_only_what_every_collation_orders_alike(name):
    assert re.fullmatch("[a-z0-9]+", sort_key(name))


def test_either_script_sorts_alike():
    assert sort_key("朝陽大街") == sort_key("朝阳大街")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("双塔", ["shuang", "ta"]),
        ("朝陽", ["chao", "yang"]),
        ("大凌河", ["da", "ling", "he"]),
        ("新都黄金", ["xin", "du", "huang", "jin"]),
        ("航天长峰", ["hang", "tian", "chang", "feng"]),
        ("乾隆", ["qian", "long"]),
        ("绿", ["lv"]),
        ("500MW光伏", ["500mw", "guang", "fu"]),
        ("互联网+政务", ["hu", "lian", "wang", "zheng", "wu"]),
    ],
)
def test_pinyin_follows_local_readings(name, words):
    assert [syllable.readings[0] for syllable in syllables(name)] == words


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("中央公园", "zhongyang-gongyuan"),
        ("朝阳大街", "chaoyang-dajie"),
        ("大凌河", "daling-he"),
        ("雙塔區智慧物流產業園項目", "shuangta-qu-zhihui-wuliu-chanye-yuan-xiangmu"),
        ("91惠农", "91-huinong"),
        ("A/B 楼", "a-b-lou"),
        ("？", ""),
    ],
)
def test_a_code_spells_the_name(name, code):
    assert propose_code(name) == code


def test_a_long_code_ends_with_a_whole_word():
    assert propose_code("中央公园" * 20) == "-".join(["zhongyang-gongyuan"] * 5)


def test_a_long_word_is_cut():
    assert propose_code("a" * 150) == "a" * 100
