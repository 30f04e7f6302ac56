"""Those who sit before a browser, and one real server for all of them.

A browser's events hold the thread in which the tests run, and Django's database may not be asked there: a test
makes its records and looks them up through the server, by ``serving.ask`` and ``serving.shell``.
"""

import os

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched
from tests.browser.windows import PATIENCE, Window
from tests.servers import collect_static, servers

# A page looks the same whatever database it was read from.
if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    collect_ignore = ["test_frame.py", "test_pages.py"]

PASSWORD = "two towers by the river"
DISTRICT = "211302"
MAKE_PEOPLE = f"""
from django.contrib.auth.models import Group, User
User.objects.create_superuser("administrator", password={PASSWORD!r})
for name, group in (("writer", "Editors"), ("second-writer", "Editors"), ("publisher", "Publishers")):
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
"""


@pytest.fixture(scope="package")
def browser():
    expect.set_options(timeout=PATIENCE)
    with launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def serving(browser):
    """A server with the page's registry, its people, and the static files as they are now."""
    collect_static()
    with servers(1) as (server,):
        server.manage("seed")
        server.shell(MAKE_PEOPLE)
        yield server


@pytest.fixture(scope="package")
def sessions():
    """By person, the cookies of who has logged in once."""
    return {}


@pytest.fixture
def open_window(browser, serving, sessions):
    """Opens a window for a person who is logged in, or for nobody; any fault in it fails the test."""
    opened = []

    def open_one(person=None, language="zh-CN", **options):
        options |= {"locale": language, "storage_state": sessions.get(person)}
        window = Window(browser, serving.address, **options)
        opened.append(window)
        if person and person not in sessions:
            window.log_in(person, PASSWORD)
            sessions[person] = window.context.storage_state()
        return window

    yield open_one

    faults = [fault for window in opened for fault in window.faults]
    for window in opened:
        window.context.close()
    assert faults == []


@pytest.fixture
def project(serving, request):
    """A draft of the test's own."""
    code = f"{DISTRICT}-{request.node.name.replace('_', '-')}"[:60].strip("-")
    draft = {
        "name": "示例水厂",
        "code": code,
        "district": DISTRICT,
        "kind": "construction",
        "total_investment": 30_000_000,
        "is_published": False,
    }
    made = serving.ask("POST", "/api/v1/projects/", draft)
    assert made.status == 201, made.body
    yield code
    serving.ask("DELETE", f"/api/v1/projects/{code}/")
