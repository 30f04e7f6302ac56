"""What the theme opens, and what it makes for the mouse, serves the keyboard and screen readers too."""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import faults_of_access
from tests.browser.windows import LOOKS

PROJECTS = "/admin/projects/project/"
PROJECT = f"{PROJECTS}211302-smart-logistics-park-project/change/"
ROWS = "seeds-citation-record_type-record"

# What is pressed on a page, and what that opens.
OPENED = {
    "the user's menu": ("/admin/", "text='administrator'", "text='English'"),
    "the filters": (PROJECTS, "text='筛选'", "#changelist-filter"),
    "actions on a selection": (PROJECTS, ".action-select >> nth=0", "#changelist-actions"),
    "a choice": (PROJECT, ".field-place .select2-selection", "[role=option] >> nth=0"),
    "a chosen record's menu": (PROJECT, ".field-place [x-ref]", ".add-related >> visible=true"),
    "a calendar": (PROJECT, "#calendarlink0", "#calendarbox0"),
    "a new row": (PROJECT, f"#{ROWS}-data .add-row", ".delete-template >> visible=true"),
    "a row to be deleted": (PROJECT, ".delete label >> nth=0", ".form-delete >> visible=true"),
}


@pytest.mark.parametrize(("path", "control", "opened"), OPENED.values(), ids=OPENED.keys())
def test_what_is_opened_is_accessible(open_window, path, control, opened):
    window = open_window("administrator")
    window.open(path)

    window.page.locator(control).click()

    expect(window.page.locator(opened)).to_be_visible()
    for look in LOOKS:
        window.wear(*look)
        assert faults_of_access(window) == [], look


def test_what_is_pressed_with_the_mouse_is_pressed_with_the_keyboard(open_window):
    window = open_window("writer", "en")
    window.open(PROJECTS)
    page = window.page

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("button", name="writer").press("Enter")
    expect(page.get_by_role("button", name="Dark")).to_be_visible()
    page.get_by_role("button", name="Filters").press(" ")
    expect(page.locator("#changelist-filter")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#changelist-filter")).to_be_hidden()
    page.get_by_role("button", name="Navigation").press("Enter")
    expect(page.locator("#nav-sidebar")).to_be_hidden()


def test_a_phone_leads_to_everything_too(open_window):
    window = open_window("writer", "en")
    window.wear(390, "light")
    page = window.page

    window.open(PROJECT)
    page.get_by_role("button", name="Navigation").click()
    window.follow(page.get_by_role("link", name="Sectors"))
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("Sectors")
    window.open(PROJECT)
    page.get_by_role("link", name="More actions").click()
    window.follow(page.get_by_role("link", name="Correct the code"))
    expect(page.get_by_label("New code")).to_be_visible()


def test_a_row_is_marked_for_deletion_with_the_keyboard(open_window):
    window = open_window("writer", "en")
    window.open(PROJECT)

    window.page.get_by_role("checkbox", name="Delete 2").press(" ")

    expect(window.page.locator(".form-delete >> visible=true")).to_have_count(1)


def test_a_choice_is_called_as_its_field(open_window):
    window = open_window("writer", "en")
    window.open(PROJECT)
    place, sectors = (
        window.page.locator(f".field-{name} [role=combobox]") for name in ("place", "sectors")
    )

    expect(place).to_have_accessible_name("Place")
    expect(sectors).to_have_accessible_name("Sectors")
    place.press("Enter")
    expect(window.page.get_by_role("listbox", name="Place")).to_be_visible()
    expect(window.page.get_by_role("searchbox", name="Place")).to_be_focused()


def test_rows_keep_what_was_typed_when_one_before_them_is_thrown_away(open_window):
    window = open_window("writer", "en")
    window.open(f"{PROJECTS}add/")
    page = window.page
    for number in range(2):
        page.locator(f"#{ROWS}-data .add-row").click()
        page.locator(f"#id_{ROWS}-{number}-quote").fill(f"第{number}句")

    page.locator(f"#{ROWS}-data .delete-template >> nth=0").press("Enter")
    shown = page.locator(f"#{ROWS}-data [name$=-quote] >> visible=true")
    expect(shown).to_have_count(1)
    expect(shown).to_have_value("第1句")

    window.follow(
        page.get_by_role("button", name="Save", exact=True)
    )  # refused: nothing is filled in
    expect(page.get_by_text("Please correct the errors below.")).to_be_visible()
    expect(shown).to_have_count(1)
    expect(shown).to_have_value("第1句")


def test_an_editor_in_another_zone_is_warned_of_hours_and_not_of_dates(open_window):
    window = open_window("administrator", timezone_id="Europe/Berlin")
    warnings = window.page.locator(".timezonewarning >> visible=true")

    window.open(PROJECT)
    expect(window.page.locator(".vDateField").first).to_be_visible()
    expect(warnings).to_have_count(0)
    window.open("/admin/shuangta/apitoken/add/")
    expect(warnings).to_have_count(1)
