"""A workbook of five hundred rows, three of them wrong, in a real browser."""

from urllib.parse import quote

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.browser.looks import faults_of

TEAMS = "/admin/governance/volunteerteam/"
ROWS = 500
WRONG = {7: ("人数", "许多"), 250: ("行政区划", "不存在的区"), 499: ("人数", "约30人")}


@pytest.fixture
def workbook(tmp_path):
    """Five hundred volunteer teams; in three rows something stands that is none."""
    book = Workbook()
    headings = ["名称", "行政区划", "人数"]
    book.active.append(headings)
    for number in range(1, ROWS + 1):
        row = {"名称": f"示例志愿队{number}", "行政区划": "双塔区", "人数": number}
        row |= dict([WRONG[number]]) if number in WRONG else {}
        book.active.append([row[heading] for heading in headings])
    path = tmp_path / "志愿服务队.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_shown_row_by_row_and_its_right_rows_are_imported(
    open_window, serving, workbook
):
    window = open_window("writer")
    window.open(TEAMS)
    page = window.page
    window.follow(page.get_by_role("link", name="导入"))

    page.locator("input[type=file]").set_input_files(workbook)
    page.locator("#id_reason").fill("补录志愿服务队")
    window.follow(page.get_by_role("button", name="预览导入结果"))
    wrong = page.locator(".exchange-row", has=page.locator(".exchange-errors"))
    expect(wrong.locator(".exchange-number")).to_have_text(["第 8 行", "第 251 行", "第 500 行"])
    expect(wrong.nth(0)).to_contain_text("许多")
    assert faults_of(window) == {}
    none_yet = serving.ask("GET", "/api/v1/volunteer-teams/").json()["count"]
    window.follow(page.get_by_role("button", name="导入其余 497 行"))

    assert none_yet == 0
    named = quote(f"示例志愿队{ROWS}")
    [team] = serving.ask("GET", f"/api/v1/volunteer-teams/?name={named}").json()["results"]
    assert (team["district"], team["member_count"], team["is_published"]) == ("211302", 500, False)
    assert serving.ask("GET", "/api/v1/volunteer-teams/").json()["count"] == ROWS - len(WRONG)
    reason = serving.ask("GET", f"/api/v1/volunteer-teams/{team['code']}/history/").json()
    assert reason["results"][0]["reason"] == "补录志愿服务队"
