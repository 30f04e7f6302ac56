"""Long texts, of which one became the other, with what was struck out and put in."""

from shuangta.text.diffs import redline

LONG = "第一句话说的是项目，第二句话说的是园区，第三句话说的是企业，第四句话说的是广场，"


def runs(before, after):
    return [(run.kind, run.text) for run in redline(before, after)]


def test_short_texts_and_texts_that_share_nothing_are_not_marked():
    assert runs("万达", "万达广场") == []
    assert runs("", LONG * 2) == []
    assert runs("甲" * 50, "乙" * 50) == []


def test_texts_that_share_a_few_words_by_chance_are_not_marked():
    before = (
        "Printed twice with the same amount. Passage p08 counts it among the projects that settled."
    )

    assert runs(before, "The first note counts the amount.") == []


def test_a_number_or_a_foreign_word_is_replaced_whole():
    assert runs(
        f"{LONG}共2838家规模以上Logistics企业。", f"{LONG}共2839家规模以上Logistic企业。"
    ) == [
        ("kept", LONG),
        ("kept", "共"),
        ("out", "2838"),
        ("in", "2839"),
        ("kept", "家规模以上"),
        ("out", "Logistics"),
        ("in", "Logistic"),
        ("kept", "企业。"),
    ]


def test_what_differs_is_marked_character_by_character():
    assert runs(f"{LONG}共3家，其他不变。", f"{LONG}共5家，其他不变。") == [
        ("kept", LONG),
        ("kept", "共"),
        ("out", "3"),
        ("in", "5"),
        ("kept", "家，"),
        ("kept", "其他不变。"),
    ]


def test_what_stayed_is_shown_only_next_to_a_change():
    before, after = f"甲。{LONG * 9}乙。", f"丙。{LONG * 9}丁。"

    (middle,) = [text for kind, text in runs(before, after) if len(text) > 40]

    assert middle == f"{LONG[:30]} … {LONG[-30:]}"


def test_a_new_clause_is_put_in_whole():
    assert runs(LONG, f"{LONG}新的一句。") == [("kept", LONG), ("in", "新的一句。")]
