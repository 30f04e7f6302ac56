"""Readings, pinyin order and proposed codes."""

import re

import pytest

from shuangta.pinyin import propose_code, shorten_code, sort_key, syllables


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
        ("桃花吐镇", "taohuatu-zhen"),
        ("七道泉子镇", "qidaoquanzi-zhen"),
        ("半拉山街道", "banlashan-jiedao"),
        ("双塔区凌凤街道", "shuangta-qu-lingfeng-jiedao"),
        ("什家河新区", "shijiahe-xinqu"),
        ("航天长峰", "hangtian-changfeng"),
        ("人民路小学", "renmin-lu-xiaoxue"),
        ("国药器械辽西供应链", "guoyao-qixie-liaoxi-gongyinglian"),
        ("雙塔區智慧物流產業園項目", "shuangta-qu-zhihui-wuliu-chanyeyuan-xiangmu"),
        ("91惠农", "91-huinong"),
        ("A/B 楼", "a-b-lou"),
        ("？", ""),
    ],
)
def test_a_code_spells_the_name(name, code):
    assert propose_code(name) == code


def test_a_long_code_ends_with_a_whole_word():
    assert propose_code("中央公园" * 20) == "-".join(["zhongyang-gongyuan"] * 5)


def test_no_word_of_a_code_is_cut():
    assert propose_code("a" * 150) == ""
    assert shorten_code("zhongyang-gongyuan", 17) == "zhongyang"
    assert shorten_code("zhongyang-gongyuan", 18) == "zhongyang-gongyuan"
