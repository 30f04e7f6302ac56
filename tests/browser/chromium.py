"""The browser that the tests look through: a Chromium of this machine, never one that is downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",  # root may run the tests
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container may have little of it
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def find() -> str:
    """The path of a browser. Without one the test is skipped, or fails where a browser is required."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    reason = f"No browser is installed; looked for {', '.join(NAMES)}."
    if is_required():
        pytest.fail(reason)
    pytest.skip(reason)


def is_required() -> bool:
    return os.environ.get("SHUANGTA_BROWSER") == "required" or bool(os.environ.get("CI"))


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, running; it is closed whatever happens."""
    path = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
