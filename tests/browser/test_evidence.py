"""Evidence in a real browser: what changes is flagged and brought back, and words are cited for several fields."""

from playwright.sync_api import expect

from tests.browser.looks import faults_of
from tests.browser.windows import save

PROJECTS = "/admin/projects/project/"
PARK = f"{PROJECTS}211302-smart-logistics-park-project/change/"
INVESTMENT = "#id_total_investment"


def test_a_changed_amount_is_flagged_until_the_version_before_is_restored(open_window, serving):
    window = open_window("writer")
    window.open(PROJECTS)
    window.page.locator("#searchbar").fill("zhwlcyy")
    with window.page.expect_navigation():
        window.page.locator("#searchbar").press("Enter")
    window.follow(window.page.get_by_role("link", name="智慧物流产业园", exact=True))

    window.page.locator(INVESTMENT).fill("1.2亿元")
    window.page.locator("#id_reason").fill("试改")
    save(window)
    window.open(f"{PROJECTS}?evidence=changed")
    flagged = window.page.locator("#result_list tbody tr", has_text="智慧物流产业园")
    expect(flagged.locator(".evidence-mark")).to_have_text(["引用后有改动"])

    window.open(PARK)
    beside = window.page.locator(".evidence-beside", has=window.page.locator(".evidence-mark"))
    expect(beside).to_contain_text(["總投資10億元"])
    expect(beside).to_contain_text(["读作10亿元"])
    assert faults_of(window) == {}
    window.follow(window.page.get_by_role("link", name="历史"))
    window.follow(window.page.get_by_role("link", name="恢复").last)
    expect(window.page.locator("#content")).to_contain_text("10亿元")
    window.follow(window.page.get_by_role("button", name="恢复"))

    expect(window.page.locator(INVESTMENT)).to_have_value("10亿元")
    expect(window.page.locator(".evidence-mark")).to_have_count(0)
    stored = serving.ask("GET", "/api/v1/projects/211302-smart-logistics-park-project/").json()
    assert stored["total_investment"] == 1_000_000_000


def test_one_sentence_is_cited_for_two_fields_after_it_was_read(open_window, serving, project):
    window = open_window("writer")
    window.open(f"{PROJECTS}{project}/change/")
    page = window.page

    page.locator("#id_name").fill("中央厨房餐食配送中心")
    page.get_by_role("checkbox", name="名称", exact=True).check()
    page.get_by_role("checkbox", name="总投资").check()
    page.locator("#id_cite_quote").fill("總投資6000萬元的中央廚房餐食配送中心")
    page.get_by_role("button", name="核对引文").click()
    expect(page.locator("#words-read .reading-agrees")).to_have_text(
        ["✓ 引文读作中央厨房餐食配送中心，与记录一致。"]
    )
    expect(page.locator("#words-read .reading-differs")).to_have_text(
        ["✗ 引文读作6000万元，记录登记为3000万元。"]
    )
    expect(page.locator("#words-read mark")).to_have_text("總投資6000萬元的中央廚房餐食配送中心")
    assert faults_of(window) == {}

    page.locator(INVESTMENT).fill("6000万元")
    page.get_by_role("button", name="核对引文").click()
    expect(page.locator("#words-read .reading-agrees")).to_have_count(2)
    save(window)

    evidence = serving.ask("GET", f"/api/v1/projects/{project}/?expand=evidence").json()["evidence"]
    assert {
        field: [(each["value"], each["quote"]) for each in cited]
        for field, cited in evidence.items()
    } == {
        "name": [("中央厨房餐食配送中心", "總投資6000萬元的中央廚房餐食配送中心")],
        "total_investment": [("60000000", "總投資6000萬元的中央廚房餐食配送中心")],
    }


def test_words_in_several_passages_are_cited_from_the_one_that_is_chosen(
    open_window, serving, project
):
    window = open_window("writer")
    window.open(f"{PROJECTS}{project}/change/")
    page = window.page

    page.locator("#id_name").fill("智慧物流产业园")
    page.get_by_role("checkbox", name="名称", exact=True).check()
    page.locator("#id_cite_quote").fill("智慧物流產業園項目")
    page.get_by_role("button", name="核对引文").click()
    expect(page.locator("#words-read")).to_contain_text("有多个段落含这些文字")
    page.get_by_role("button", name="就是这一段").last.click()
    expect(page.locator("#words-read .reading-agrees")).to_have_count(1)
    save(window)

    evidence = serving.ask("GET", f"/api/v1/projects/{project}/?expand=evidence").json()["evidence"]
    assert [each["passage"] for each in evidence["name"]] == ["page-a5ebd678-p08"]


def test_what_an_office_told_is_cited_without_leaving_the_form(open_window, serving, project):
    window = open_window("writer")
    window.open(f"{PROJECTS}{project}/change/")
    page = window.page

    page.get_by_role("checkbox", name="总投资").check()
    page.locator("#id_cite_basis").select_option("reported")
    expect(page.locator("#id_cite_office")).to_be_visible()
    page.locator("#id_cite_quote").fill("水厂总投资3000万元")
    page.locator("#id_cite_office").fill("双塔区住建局")
    page.locator("#id_cite_told_on").fill("2026-11-20")
    save(window)

    evidence = serving.ask("GET", f"/api/v1/projects/{project}/?expand=evidence").json()["evidence"]
    [told] = evidence["total_investment"]
    assert (told["basis"], told["quote"], told["value"]) == (
        "reported",
        "水厂总投资3000万元",
        "30000000",
    )
