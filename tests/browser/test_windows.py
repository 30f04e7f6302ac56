"""What watches the pages sees their faults, and no browser test passes for want of a browser."""

import pytest

from tests.browser.chromium import NAMES, find


def test_an_error_in_a_page_is_a_fault(open_window):
    window = open_window()
    window.open("/admin/login/")

    window.page.evaluate("console.warn('Only a warning.'); console.error('An error.')")
    window.page.evaluate("setTimeout(() => { throw new Error('Not caught.') })")
    window.page.wait_for_function("true")

    address = f"{window.address}/admin/login/"
    faults = window.take_faults()
    assert [each.split(" (")[0] for each in faults] == ["An error.", "Not caught."], address


def test_a_request_to_another_host_is_a_fault(open_window):
    window = open_window()
    window.page.goto("about:blank")  # which has no policy that forbids it

    window.page.evaluate("fetch('http://127.0.0.1:9/elsewhere').catch(() => null)")

    assert "asks elsewhere: http://127.0.0.1:9/elsewhere" in window.take_faults()


@pytest.mark.parametrize(
    ("environment", "outcome"),
    [
        ({}, pytest.skip.Exception),
        ({"CI": "true"}, pytest.fail.Exception),
        ({"SHUANGTA_BROWSER": "required"}, pytest.fail.Exception),
    ],
)
def test_without_a_browser_a_test_is_skipped_unless_one_is_required(
    monkeypatch, tmp_path, environment, outcome
):
    for name in ("CI", "SHUANGTA_BROWSER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"PATH": str(tmp_path), **environment}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(outcome, match=f"looked for {', '.join(NAMES)}"):
        find()
