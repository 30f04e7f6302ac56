"""An editor finds everything from the keyboard: Ctrl+K, a few letters, Enter."""

FIELD = "#palette input"
OPTION = "#palette [role=option]"
CHOSEN = "#palette [aria-selected=true]"


def opened(window, key="Control+k"):
    """The page of a window on the front page, with the palette open."""
    window.open("/admin/")
    window.page.keyboard.press(key)
    window.page.wait_for_selector("#palette[open]")
    return window.page


def test_two_initials_and_enter_open_the_best(open_window):
    page = opened(open_window("writer"))

    page.keyboard.type("wd")
    page.keyboard.press("Enter")  # before anything is found

    page.wait_for_url("**/projects/project/211302-wanda-project/change/")


def test_the_arrows_choose_and_the_chosen_one_is_told(open_window):
    page = opened(open_window("writer", language="en"), key="Meta+k")

    page.keyboard.type("萬達廣場")
    page.wait_for_selector(OPTION)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")

    chosen = page.locator(CHOSEN)
    assert page.locator(FIELD).get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert chosen.inner_text().split("\n")[-2:] == [
        "万达广场",
        "Place · Places and figures · 211302-wanda-plaza",
    ]
    assert page.locator(f"{CHOSEN} mark").inner_text() == "万达广场"


def test_escape_closes_and_the_keyboard_is_where_it_was(open_window):
    window = open_window("writer")
    window.open("/admin/projects/project/")
    opener = window.page.locator("[data-opens-palette]:visible")
    opener.focus()

    window.page.keyboard.press("Enter")
    window.page.keyboard.type("wd")
    window.page.wait_for_selector(OPTION)
    window.page.keyboard.press("Escape")

    assert not window.page.locator("#palette").is_visible()
    assert opener.evaluate("opener => opener === document.activeElement")


def test_what_is_not_there_is_said(open_window):
    page = opened(open_window("writer"))

    page.keyboard.type("qqqq")

    page.wait_for_function("document.querySelector('#palette-status').textContent.includes('qqqq')")
    assert page.locator(OPTION).count() == 0
    assert page.locator(FIELD).get_attribute("aria-expanded") == "false"


def test_a_finger_opens_and_closes_it_on_a_phone(open_window):
    window = open_window("writer")
    window.wear(390, "light")
    window.open("/admin/projects/project/")

    window.page.locator("[data-opens-palette]:visible").click()
    window.page.locator(FIELD).fill("wd")
    window.page.wait_for_selector(OPTION)
    width = window.page.evaluate("document.documentElement.scrollWidth")
    window.page.locator("[data-closes-palette]").click()

    assert width == 390
    assert not window.page.locator("#palette").is_visible()


def test_a_room_is_opened_from_the_keyboard(open_window):
    window = open_window("writer")
    window.open("/admin/projects/project/")
    room = window.page.get_by_role("button", name="就业")

    room.focus()
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector("#nav-sidebar [href$='/governance/jobfair/'] >> visible=true")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")

    window.page.wait_for_url("**/governance/jobfair/")
    assert window.page.get_by_role("button", name="就业").get_attribute("aria-expanded") == "true"
