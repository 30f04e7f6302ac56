"""The evidence check finds each way in which words and values can part, and nothing else."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from districts.models import District, Indicator, Observation
from projects.models import Project, Sector
from seeds.evidence.check import check, check_lengths
from seeds.evidence.dataset import Dataset
from seeds.evidence.reviewed import IdleNumeral, Reviewed, ReviewedReading, Uncomparable
from seeds.models import Citation, Document, Passage
from tests.pages import cite, print_page

COLUMNS = ("示例倉庫總投資3000", "萬元，今年5月1日啟動建設，就業10萬餘人。")
TEXT = "{}\n\n{}\n".format(*COLUMNS)

BUILDING = ReviewedReading("projects.project.stage", "under_construction", "启动建设")
ACTUAL = ReviewedReading("districts.observation.status", "actual", "就业10万余人")


@pytest.fixture(autouse=True)
def warehouse(db):
    """A page, and a project and a figure that it bears out."""
    print_page("page", "newspaper_page", *COLUMNS)
    district = District.objects.create(code="991302", name="示例区", level="county")
    cite(district, "name", "示例区", passage=None, quote="", basis="reference", note="GB/T 2260")
    project = Project.objects.create(
        code="warehouse",
        name="示例仓库",
        district=district,
        kind="market",
        stage="under_construction",
        total_investment=Decimal(30_000_000),
        started_on=date(2021, 5, 1),
    )
    cite(project, "name", "示例仓库", "page-1", "示例倉庫")
    cite(project, "total_investment", "30000000", "page-1", "總投資3000")
    cite(project, "total_investment", "30000000", "page-2", "萬元", position=2)
    cite(project, "started_on", "2021-05-01", "page-2", "今年5月1日")
    cite(project, "stage", "under_construction", "page-2", "啟動建設")
    indicator = Indicator.objects.create(code="employed", name="就业", unit="人", kind="count")
    employed = Observation.objects.create(
        code="employed",
        indicator=indicator,
        about=project,
        low=100_000,
        low_open=True,
        wording="10萬餘人",
        status="actual",
    )
    cite(employed, "wording", "10萬餘人", "page-2", "就業10萬餘人")
    cite(employed, "status", "actual", "page-2", "就業10萬餘人")
    return project


def findings(folder, *lines):
    reviewed = Reviewed(
        readings=[BUILDING, ACTUAL, *(line for line in lines if isinstance(line, ReviewedReading))],
        exceptions=[line for line in lines if isinstance(line, Uncomparable)],
        numerals=[line for line in lines if isinstance(line, IdleNumeral)],
    )
    sections = check(Dataset.read(), reviewed, folder)
    return [str(finding) for found in sections.values() for finding in found]


def test_what_its_words_bear_out_has_no_findings(tmp_path):
    (tmp_path / "page.txt").write_bytes(TEXT.encode())

    assert findings(tmp_path) == []


def test_a_file_that_no_document_holds_is_found(tmp_path):
    (tmp_path / "page.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())

    assert findings(tmp_path) == ["broken document: page.txt: no document holds this file verbatim"]


def test_a_passage_that_does_not_stand_at_its_start_is_found(tmp_path):
    Passage.objects.filter(code="page-1").update(start=1)

    assert findings(tmp_path) == [
        "broken document: page-1: does not stand at 1",
        "broken document: page: “示例倉庫總投資3000” at 0 lies in no passage",
    ]


def test_words_in_no_passage_are_found(tmp_path):
    Document.objects.filter(code="page").update(text=f"{TEXT}\n　漏了")

    assert findings(tmp_path) == [
        f"broken document: page: “漏了” at {len(TEXT) + 2} lies in no passage"
    ]


def test_words_in_two_passages_are_found(tmp_path):
    Passage.objects.create(
        code="page-3", article_id="page", position=3, kind="body", text="倉庫", start=2
    )

    assert findings(tmp_path) == ["broken document: page-3: overlaps the passage before it"]


def test_a_sentence_that_goes_on_in_itself_is_found(tmp_path):
    # No way of writing through the model makes such a circle.
    for code, next_code in (("page-1", "page-2"), ("page-2", "page-1")):
        QuerySet(Passage).filter(code=code).update(continued_by_id=next_code)

    assert findings(tmp_path) == [
        "broken document: page-1: goes on in itself",
        "broken document: page-2: goes on in itself",
    ]


def test_a_quote_in_the_other_script_is_broken(tmp_path):
    Citation.objects.filter(field="name", record="warehouse").update(quote="示例仓库")

    assert findings(tmp_path) == [
        "broken quote: projects.project warehouse.name (1): “示例仓库” does not stand in page-1 (start 0)"
    ]


def test_a_quote_that_cuts_a_numeral_is_broken(tmp_path):
    Citation.objects.filter(field="started_on").update(quote="今年5月1日啟動建設，就業1")

    assert findings(tmp_path) == [
        "broken quote: projects.project warehouse.started_on (1): “今年5月1日啟動建設，就業1” cuts 10萬 in page-2"
    ]


def test_a_value_that_the_column_does_not_hold_is_found(tmp_path):
    Citation.objects.filter(field="total_investment").update(value="3000")

    assert findings(tmp_path) == [
        "disagreement: projects.project warehouse.total_investment (1): gives “3000”, the column holds “30000000”"
    ]


def test_a_value_that_the_quotes_do_not_state_is_found_unless_it_was_reviewed(tmp_path):
    Project.objects.filter(code="warehouse").update(total_investment=Decimal(3000))
    Citation.objects.filter(field="total_investment").update(value="3000")
    reviewed = Uncomparable("projects.project", "warehouse", "total_investment", "A misprint.")

    assert findings(tmp_path, reviewed) == []
    assert findings(tmp_path) == [
        "disagreement: projects.project warehouse.total_investment (1): “總投資3000 … 萬元” does not state “3000”"
    ]


def test_the_figure_that_its_wording_does_not_give_is_found(tmp_path):
    Observation.objects.update(low_open=False)

    assert findings(tmp_path) == [
        "disagreement: districts.observation employed.wording (1): “就業10萬餘人” does not state “10萬餘人”"
    ]


def test_an_alias_is_evidence_beside_the_name_but_not_instead_of_it(warehouse, tmp_path):
    Project.objects.update(aliases="倉庫")
    cite(warehouse, "name", "示例仓库", "page-1", "倉庫", position=2)
    assert findings(tmp_path) == []

    Citation.objects.filter(field="name", record="warehouse", position=1).delete()
    assert findings(tmp_path) == [
        "disagreement: projects.project warehouse.name (2): “倉庫” does not state “示例仓库”"
    ]


def test_a_value_without_a_citation_is_found(tmp_path):
    Citation.objects.filter(field="started_on").update(field="completed_on")
    Project.objects.update(completed_on=date(2021, 5, 1))

    assert findings(tmp_path) == [
        "value without evidence: projects.project warehouse.started_on: “2021-05-01” is not cited"
    ]


def test_each_element_of_a_relation_is_cited_and_named_by_its_quote(warehouse, tmp_path):
    standard = {"passage": None, "quote": "", "basis": "reference", "note": "GB/T 4754"}
    for name, code in [("物流", "logistics"), ("商贸", "trade"), ("金融", "finance")]:
        sector = Sector.objects.create(code=code, name=name)
        cite(sector, "name", name, **standard)
        warehouse.sectors.add(sector)
    Sector.objects.filter(code="logistics").update(aliases="仓储\n倉庫")
    cite(warehouse, "sectors", "logistics", "page-1", "示例倉庫")
    cite(warehouse, "sectors", "trade", "page-1", "示例倉庫", position=2)

    assert findings(tmp_path) == [
        "disagreement: projects.project warehouse.sectors (2): “示例倉庫” does not state “trade”",
        "value without evidence: projects.project warehouse.sectors: “finance” is not cited",
    ]


@pytest.mark.parametrize(
    ("columns", "where", "what"),
    [
        ({"record": "nowhere"}, "nowhere.aliases", "no such record"),
        ({"field": "owner"}, "warehouse.owner", "no such field"),
        ({"field": "citations"}, "warehouse.citations", "no such field"),
        ({"field": "place"}, "warehouse.place", "the field is empty"),
    ],
)
def test_a_citation_of_what_is_not_there_is_found(warehouse, tmp_path, columns, where, what):
    stray = cite(warehouse, "aliases", "仓库", "page-1", "倉庫")
    Citation.objects.filter(pk=stray.pk).update(**columns)

    assert findings(tmp_path) == [f"stray citation: projects.project {where} (1): {what}"]


def test_a_numeral_that_no_quote_holds_is_found_unless_it_was_reviewed(tmp_path):
    print_page("words", "newspaper_page", "一步一景，壓減率達40.5%，2至3萬")
    print_page("notice", "notice", "一至二十")
    saying = IdleNumeral("words-1", "一步一景", "A saying.")

    assert findings(tmp_path, saying) == [
        "unexplained numeral: words-1: 40.5% in “步一景，壓減率達40.5%，2至3萬”",
        "unexplained numeral: words-1: 2 in “率達40.5%，2至3萬”",
        "unexplained numeral: words-1: 3萬 in “40.5%，2至3萬”",
    ]


def test_quotes_as_long_as_paragraphs_are_found(warehouse):
    print_page("words", "notice", "，" * 26)
    for position in range(1, 10):
        cite(warehouse, "aliases", "，", "words-1", "，" * 26, position=position)

    assert list(map(str, check_lengths(Dataset.read()))) == [
        "long quotes: quotes: the median quote has 26 characters, more than 25"
    ]


def test_a_line_of_the_reviewed_list_that_nothing_needs_is_found(tmp_path):
    reading = ReviewedReading("projects.project.stage", "planned", "拟建")
    exception = Uncomparable("projects.project", "warehouse", "name", "It can be compared.")
    numeral = IdleNumeral("page-2", "今年5月", "A quote explains it already.")

    assert findings(tmp_path, reading, exception, numeral) == [
        "needless line: reviewed.yaml: projects.project.stage · planned · 拟建",
        "needless line: reviewed.yaml: projects.project · warehouse · name · It can be compared.",
        "needless line: reviewed.yaml: page-2 · 今年5月 · A quote explains it already.",
    ]
