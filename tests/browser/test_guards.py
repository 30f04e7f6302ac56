"""What a page may run and keep: files of its own, by names that change with their content."""

import re

import pytest

from tests.browser.windows import PATIENCE


def assets(page):
    return re.findall(rb'(?:src|href)="(/static/[^"]+)"', page)


@pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/docs/", "/nowhere/"])
def test_a_page_names_its_files_by_their_content_and_they_are_kept_for_a_year(serving, path):
    named = [each.decode() for each in assets(serving.ask("GET", path).body)]

    assert len(named) >= 2
    for each in named:
        asset = serving.ask("GET", each)
        assert re.search(r"\.[0-9a-f]{12}\.[a-z0-9]+$", each)
        assert asset.status == 200
        assert asset.headers["Cache-Control"] == "max-age=31536000, public, immutable"
        assert asset.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_also_found_by_its_plain_name_and_not_kept(serving):
    asset = serving.ask("GET", "/static/shuangta/icon.svg")

    assert (asset.status, asset.headers["Cache-Control"]) == (200, "max-age=60, public")


@pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/docs/", "/nowhere/"])
def test_a_script_that_got_into_a_page_is_not_run_and_is_a_fault(open_window, path):
    window = open_window()
    window.page.goto(window.address + path)
    window.page.wait_for_load_state("networkidle")
    earlier = window.take_faults()

    window.page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'Taken over'";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<p onclick=\\"document.title = 'Taken over'\\">x</p>");
        document.body.lastChild.click();
    }""")

    faults = window.take_faults()
    assert [each for each in earlier if "status of 404" not in each] == []
    assert len(faults) == 2
    assert all("Content Security Policy" in each for each in faults)
    assert window.page.title() != "Taken over"


def test_the_documentation_is_shown(open_window):
    window = open_window()

    window.page.goto(f"{window.address}/api/v1/docs/")

    # The document is made for the first time, and is long.
    window.page.locator("#operations-tag-articles").wait_for(timeout=4 * PATIENCE)
