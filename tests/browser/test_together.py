"""Two editors at one record, and one whose session ends: nobody's work is lost, in a real browser."""

from playwright.sync_api import expect

from tests.browser.looks import faults_of
from tests.browser.windows import save

PROJECTS = "/admin/projects/project/"


def test_two_editors_collide_and_each_keeps_what_is_theirs(open_window, serving, project):
    first, second = open_window("writer"), open_window("second-writer")
    for window in (first, second):
        window.open(f"{PROJECTS}{project}/change/")
    first.page.locator("#id_total_investment").fill("5000万元")
    first.page.locator("#id_name_en").fill("Sample waterworks")
    save(first)

    second.page.locator("#id_total_investment").fill("6000万元")
    second.page.locator("#id_note").fill("据现场了解")
    save(second)

    merge = second.page.locator("section.merge")
    expect(merge.locator("tbody th")).to_have_text(["英文名称", "总投资"])
    expect(merge.locator("tbody tr").nth(0)).to_contain_text("Sample waterworks")
    asked = merge.locator("tr.asked")
    expect(asked.locator("td .words")).to_have_text(["3000万元", "5000万元", "6000万元"])
    assert faults_of(second) == {}
    save(second)
    expect(asked).to_have_count(1)
    asked.get_by_role("radio").nth(1).check()
    save(second)

    stored = serving.ask("GET", f"/api/v1/projects/{project}/").json()
    assert {name: stored[name] for name in ("name_en", "total_investment", "note")} == {
        "name_en": "Sample waterworks",
        "total_investment": 60_000_000,
        "note": "据现场了解",
    }


def test_what_was_typed_outlives_the_session(open_window, serving, project):
    window = open_window("writer")
    window.open(f"{PROJECTS}{project}/change/")
    window.page.locator("#id_note").fill("写了很久的说明")
    kept = [each for each in window.context.cookies() if each["name"] != "sessionid"]
    window.context.clear_cookies()
    window.context.add_cookies(kept)

    save(window)
    before = serving.ask("GET", f"/api/v1/projects/{project}/").json()["note"]
    window.page.locator("[name=username]").fill("writer")
    window.page.locator("[name=password]").fill("two towers by the river")
    window.follow(window.page.locator("#login-form [type=submit]"))
    expect(window.page.locator("#content")).to_contain_text("写了很久的说明")
    assert faults_of(window) == {}
    window.follow(window.page.get_by_role("button", name="重新提交"))

    assert before == ""
    assert serving.ask("GET", f"/api/v1/projects/{project}/").json()["note"] == "写了很久的说明"
