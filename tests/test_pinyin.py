"""Readings, pinyin order and proposed codes."""

import re

import pytest
from pypinyin.contrib.tone_convert import to_tone3

from shuangta.text.pinyin import (
    DIVISIONS,
    local_readings,
    propose_code,
    shorten_code,
    sort_key,
    syllables,
)


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


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("乐陵市", "laoling-shi"),
        ("宕昌县", "tanchang-xian"),
        ("筠连县", "junlian-xian"),
        ("昌都市", "changdu-shi"),
        ("长子县", "zhangzi-xian"),
        ("色达县", "seda-xian"),
        ("中牟县", "zhongmu-xian"),
        ("郫都区", "pidu-qu"),
        ("称多县", "chengduo-xian"),
        ("扎囊县", "zhanang-xian"),
        ("扎鲁特旗", "zhalute-qi"),
        ("覃塘区", "qintang-qu"),
        ("六枝特区", "liuzhi-tequ"),
        ("薄壁镇", "bobi-zhen"),
        ("马尾区", "mawei-qu"),
    ],
)
def test_a_place_is_read_alike_by_itself_and_with_its_division(name, code):
    assert propose_code(name) == code


def test_a_local_reading_changes_no_other_phrase():
    assert propose_code("六合彩") == "liuhecai"
    assert propose_code("马尾") == "mayi"
    assert propose_code("长子") == "zhangzi"


@pytest.mark.parametrize("name", local_readings())
def test_each_local_reading_holds_by_itself_and_before_every_division(name):
    local = "".join(
        to_tone3(syllable, neutral_tone_with_five=True) for [syllable] in local_readings()[name]
    )
    for division in ("", *DIVISIONS):
        assert sort_key(name + division) == local + sort_key(division)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("中山区", "zhongshan-qu"),
        ("增城区", "zengcheng-qu"),
        ("阿城区", "acheng-qu"),
        ("万全区", "wanquan-qu"),
        ("重固镇", "chonggu-zhen"),
        ("甪直镇", "luzhi-zhen"),
        ("解州镇", "xiezhou-zhen"),
        ("鄚州镇", "maozhou-zhen"),
        ("新市区", "xinshi-qu"),
        ("十二台营子镇", "shiertaiyingzi-zhen"),
        ("朝阳县十二台营子镇", "chaoyang-xian-shiertaiyingzi-zhen"),
        ("大连市中山区", "dalian-shi-zhongshan-qu"),
        ("察哈尔右翼前旗", "chahaer-youyiqian-qi"),
        ("什家河", "shijia-he"),
    ],
)
def test_a_code_keeps_the_name_before_a_division_whole(name, code):
    assert propose_code(name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("新农村建设", "xin-nongcun-jianshe"),
        ("老小区改造", "lao-xiaoqu-gaizao"),
        ("新城市", "xin-chengshi"),
        ("城区老工业区", "chengqu-lao-gongye-qu"),
    ],
)
def test_a_common_word_that_ends_like_a_division_stays_whole(name, code):
    assert propose_code(name) == code


def test_a_long_code_ends_with_a_whole_word():
    assert propose_code("中央公园" * 20) == "-".join(["zhongyang-gongyuan"] * 5)


def test_no_word_of_a_code_is_cut():
    assert propose_code("a" * 150) == ""
    assert shorten_code("zhongyang-gongyuan", 17) == "zhongyang"
    assert shorten_code("zhongyang-gongyuan", 18) == "zhongyang-gongyuan"
