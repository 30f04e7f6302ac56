"""Every page of the admin can be read by everybody, in either theme, on a desk and on a phone."""

import pytest

from tests.browser.looks import faults_of

PROJECTS = "/admin/projects/project/"
PROJECT = f"{PROJECTS}211302-smart-logistics-park-project/"
PAGES = {
    "the front page": "/admin/",
    "the pages of an app": "/admin/projects/",
    "a list": PROJECTS,
    "a list, sorted by two columns": f"{PROJECTS}?o=2.-5",
    "a list, filtered": f"{PROJECTS}?stage__exact=signed",
    "a list without a result": f"{PROJECTS}?q=zzzz",
    "a record with rows below it": f"{PROJECT}change/",
    "a new record": f"{PROJECTS}add/",
    "a new record in a window of its own": "/admin/projects/sector/add/?_popup=1",
    "a history": f"{PROJECT}history/",
    "a version to restore": f"{PROJECT}history/1/restore/",
    "a deletion": f"{PROJECT}delete/",
    "deleted records": f"{PROJECTS}deleted/",
    "a comparison of two versions": f"{PROJECT}history/compare/?from=1&to=1",
    "an import": f"{PROJECTS}import/",
    "an export": f"{PROJECTS}export/",
    "what was found": "/admin/search/?q=wd",
    "help": "/admin/help/",
    "who may do what": "/admin/accounts/",
    "a code to correct": f"{PROJECT}code/",
    "a document with its articles": "/admin/seeds/document/page-a5ebd678/change/",
    "a new citation": "/admin/seeds/citation/add/",
    "the changes of everybody": "/admin/shuangta/revision/",
    "tokens": "/admin/shuangta/apitoken/",
    "a new token": "/admin/shuangta/apitoken/add/",
    "a user": "/admin/auth/user/1/change/",
    "a new user": "/admin/auth/user/add/",
    "a user's new password": "/admin/auth/user/1/password/",
    "a group": "/admin/auth/group/1/change/",
    "one's own new password": "/admin/password_change/",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_is_whole_and_accessible(open_window, path):
    window = open_window("administrator")

    assert window.open(path) == 200
    assert faults_of(window) == {}


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_the_page_to_log_in_is_whole_and_accessible(open_window, language):
    window = open_window(language=language)

    assert window.open("/admin/login/") == 200
    assert faults_of(window) == {}


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_a_page_that_is_not_there_is_whole_and_accessible(open_window, language):
    window = open_window("administrator", language)

    assert window.open("/admin/nowhere/") == 404
    assert faults_of(window) == {}
    assert [each.split(" (")[0] for each in window.take_faults()] == [
        "Failed to load resource: the server responded with a status of 404"
    ]
