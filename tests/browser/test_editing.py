"""What an editor does in a day, in a real browser and in Chinese."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.browser.windows import save

PROJECTS = "/admin/projects/project/"


def test_one_logs_in_with_the_right_password_only(open_window):
    window = open_window()

    window.log_in("writer", "one tower by the river")
    expect(window.page.get_by_text("密码不正确")).to_be_visible()
    window.log_in("writer", PASSWORD)

    assert window.page.url == f"{window.address}/admin/"
    expect(window.page.get_by_text("writer", exact=True)).to_be_visible()


def test_a_project_is_found_by_the_initials_of_its_name(open_window):
    window = open_window("writer")
    window.open(PROJECTS)

    window.page.locator("#searchbar").fill("wd")
    with window.page.expect_navigation():
        window.page.locator("#searchbar").press("Enter")

    expect(window.page.locator("#result_list .field-name")).to_contain_text(["万达"])


def test_an_amount_is_typed_as_worded_and_shown_so(open_window, serving, project):
    window = open_window("writer")
    window.open(f"{PROJECTS}{project}/change/")

    window.page.locator("#id_total_investment").fill("1.2亿元")
    window.page.get_by_label("修改原因").fill("据通知更正")
    save(window)

    row = window.page.locator(
        "#result_list tbody tr", has=window.page.locator(f"[href*='{project}']")
    )
    expect(row.locator(".field-total_investment, .field-column")).to_have_text("1.2亿元")
    stored = serving.ask("GET", f"/api/v1/projects/{project}/").json()
    assert stored["total_investment"] == 120_000_000


def test_the_language_is_changed_on_every_page_and_kept(open_window):
    window = open_window("writer")
    window.open(PROJECTS)
    heading = window.page.get_by_role("heading", level=1)
    languages = [window.page.locator("html").get_attribute("lang")]

    for name in ("繁體中文", "English"):
        window.page.get_by_text("writer", exact=True).click()
        window.follow(window.page.get_by_role("button", name=name))
        languages.append(window.page.locator("html").get_attribute("lang"))

    window.open(PROJECTS)
    assert languages == ["zh-hans", "zh-hant", "en"]
    expect(heading).to_contain_text("Projects")


def test_the_dark_theme_is_chosen_and_kept(open_window):
    window = open_window("writer", color_scheme="light")
    window.open("/admin/")
    background = "getComputedStyle(document.querySelector('#main')).backgroundColor"
    light = window.page.evaluate(background)

    window.page.get_by_text("writer", exact=True).click()
    window.page.get_by_text("深色", exact=True).click()
    window.open(PROJECTS)

    expect(window.page.locator("html")).to_have_class("dark")
    assert window.page.evaluate(background) != light


def test_publishing_what_has_no_source_is_refused_and_says_which_field(
    open_window, serving, project
):
    window = open_window("publisher")
    window.open(f"{PROJECTS}{project}/change/")

    window.page.locator("#id_is_published").check()
    save(window)

    expect(window.page.locator(".field-name")).to_contain_text("出处")
    expect(window.page.locator(".field-total_investment")).to_contain_text("出处")
    assert serving.ask("GET", f"/api/v1/projects/{project}/").json()["is_published"] is False


def test_a_deletion_is_undone_with_what_the_project_held(open_window, serving, project):
    window = open_window("writer")
    before = serving.ask("GET", f"/api/v1/projects/{project}/").json()
    window.open(f"{PROJECTS}{project}/change/")

    window.follow(window.page.get_by_role("link", name=re.compile("^删除")))
    window.page.get_by_label("删除原因").fill("误录")
    window.follow(window.page.locator("#content [type=submit]"))
    gone = serving.ask("GET", f"/api/v1/projects/{project}/").status
    window.follow(window.page.get_by_role("link", name="撤销"))
    window.follow(window.page.get_by_role("button", name="恢复"))

    assert gone == 404
    after = serving.ask("GET", f"/api/v1/projects/{project}/").json()
    told_anew = ("version", "created_at", "updated_at")
    assert {k: v for k, v in after.items() if k not in told_anew} == {
        k: v for k, v in before.items() if k not in told_anew
    }
    assert after["version"] == before["version"] + 2
