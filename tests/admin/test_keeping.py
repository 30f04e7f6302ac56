"""What was typed when the session had ended, or before its user logged in again, is not lost."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from projects.models import Sector
from shuangta.admin import kept_posts
from tests.admin.conftest import cite, member_of
from tests.admin.forms import plain_text, sent_by, url, with_row

pytestmark = pytest.mark.django_db

HERE = {"origin": "http://testserver"}
LOGIN = reverse("admin:login")
KEPT = reverse("admin:kept")
CITATIONS = "seeds-citation-record_type-record"


@pytest.fixture
def user(db):
    return with_password(member_of("Editors"))


def with_password(user):
    user.set_password("a long password")
    user.save()
    return user


@pytest.fixture
def browser(user):
    """A browser in which the editor is logged in, and whose forms are checked as a real one's are."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en", **HERE})
    log_in(client, user)
    return client


def log_in(client, user):
    page = client.get(LOGIN + f"?next={KEPT}")
    data = {**sent(page), "username": user.username, "password": "a long password", "next": KEPT}
    response = client.post(LOGIN, data)
    assert response.status_code == 302
    return client.get(response.url)


def sent(page):
    return {"csrfmiddlewaretoken": page.context["csrf_token"]}


def typed(browser, record, **values):
    """What the browser sends of a record's form in which this was typed."""
    page = browser.get(url(record))
    return {**sent_by(page), **sent(page), **values}


def end_session(browser):
    browser.cookies.pop("sessionid")


def test_what_was_typed_when_the_session_had_ended_is_sent_again_after_logging_in(
    browser, user, project
):
    data = typed(browser, project, name="万达", aliases="一\r\n二", _continue="1")
    end_session(browser)

    refused = browser.post(url(project), data)
    login = browser.get(refused.url)
    page = log_in(browser, user)

    assert refused.url == f"{LOGIN}?next={KEPT}"
    assert "What you typed is kept: log in to send it." in plain_text(login)
    (entry,) = page.context["entries"]
    assert (entry["page"], entry["path"], entry["another"]) == (
        "Project · 万达广场",
        url(project),
        None,
    )
    project.refresh_from_db()
    assert project.name == "万达广场"

    response = browser.post(entry["path"], sent_by(page))

    assert response.url == url(project)
    project.refresh_from_db()
    assert (project.name, project.aliases) == ("万达", "一\n二")
    assert browser.get(KEPT).context["entries"] == []


def test_what_is_kept_is_called_as_in_its_form_and_stands_on_the_front_page(browser, user, project):
    data = with_row(typed(browser, project, name="万达"), CITATIONS, field="name", quote="萬達")
    end_session(browser)
    browser.post(url(project), data)

    (entry,) = log_in(browser, user).context["entries"]
    first = browser.get("/admin/").context["sections"][0]

    assert entry["typed"] == [
        ("Name", ["万达"]),
        ("District", ["211302"]),
        ("Kind", ["construction"]),
        ("Total investment", ["3000万元"]),
        ("Basis", ["stated"]),
        ("Citation 1 · Field", ["name"]),
        ("Citation 1 · Quote", ["萬達"]),
    ]
    assert first.title == "What you typed is kept"
    assert [(line.text, line.link) for line in first.lines] == [("Project · 万达广场", KEPT)]


def test_what_was_typed_before_logging_in_again_elsewhere_is_kept_too(browser, user, project):
    data = typed(browser, project, name="万达")
    browser.post(reverse("admin:logout"), sent(browser.get(url(project))))
    log_in(browser, user)

    response = browser.post(url(project), data, follow=True)

    assert response.redirect_chain == [(KEPT, 302)]
    (entry,) = response.context["entries"]
    assert (entry["path"], entry["another"]) == (url(project), None)
    browser.post(entry["path"], sent_by(response))
    project.refresh_from_db()
    assert project.name == "万达"


def test_the_page_names_whose_it_was_when_another_logs_in(browser, project):
    data = typed(browser, project, name="万达")
    other = with_password(User.objects.create_user("other", is_staff=True, is_superuser=True))
    end_session(browser)
    browser.post(url(project), data)

    page = log_in(browser, other)

    assert "“editors” typed this, not you." in plain_text(page)


def test_the_page_names_whose_it_was_when_another_has_logged_in_elsewhere(browser, project):
    data = typed(browser, project, name="万达")
    other = with_password(User.objects.create_user("other", is_staff=True, is_superuser=True))
    browser.post(reverse("admin:logout"), sent(browser.get(url(project))))
    log_in(browser, other)

    page = browser.post(url(project), data, follow=True)

    assert "“editors” typed this, not you." in plain_text(page)
    project.refresh_from_db()
    assert project.name == "万达广场"


@pytest.mark.parametrize(
    "foreign",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
def test_what_another_site_sends_is_not_kept(foreign, browser, project):
    response = browser.post(url(project), {"name": "Evil"}, headers=foreign)

    assert response.status_code == 403
    assert browser.get(KEPT).context["entries"] == []


def test_what_a_stranger_sends_is_not_kept(project):
    stranger = Client(headers=HERE)

    response = stranger.post(url(project), {"name": "Spam"})

    assert response.url == f"{LOGIN}?next={url(project)}"
    assert not stranger.session.keys()


def test_passwords_are_not_kept(browser):
    address = reverse("admin:password_change")
    data = {**sent(browser.get(address)), "old_password": "a long password"}
    end_session(browser)

    response = browser.post(address, data)

    assert response.url == f"{LOGIN}?next={address}"
    assert not browser.session.keys()


def test_what_is_too_long_is_not_kept_and_the_page_says_so(browser, project):
    data = typed(browser, project, note="长" * kept_posts.MAX_POST_CHARS)
    end_session(browser)

    response = browser.post(url(project), data, follow=True)

    assert "What you typed is too long to be kept." in plain_text(response)


def test_what_is_kept_can_be_discarded(browser, user, project):
    data = typed(browser, project, name="万达")
    end_session(browser)
    browser.post(url(project), data)
    page = log_in(browser, user)

    response = browser.post(KEPT, {**sent(page), "discard": page.context["entries"][0]["id"]})

    assert response.url == reverse("admin:index")
    assert browser.get(KEPT).context["entries"] == []


def test_a_login_page_that_is_too_old_is_shown_anew(browser, user):
    old = sent(browser.get(reverse("admin:index")))
    browser.post(reverse("admin:logout"), old)
    log_in(browser, user)
    end_session(browser)

    response = browser.post(LOGIN, {**old, "username": "editors"}, follow=True)

    assert "This page was too old. Log in once more." in plain_text(response)


def test_a_mistake_loses_nothing_that_was_typed(browser, project, passage):
    Sector.objects.create(code="energy", name="能源")
    cite(project, "name", "万达广场", passage, "萬達廣場")
    data = typed(
        browser,
        project,
        total_investment="很多",
        name="万达",
        aliases="一\n二",
        started_on="2021-13-01",
        stage="planned",
        is_published="on",
        reason="Because.",
        sectors=["energy"],
    )
    data[f"{CITATIONS}-0-DELETE"] = "on"
    data = with_row(data, CITATIONS, field="name", quote="萬達", note="Mine.", basis="inferred")

    again = browser.post(url(project), data)

    assert again.status_code == 200
    kept = sent_by(again)
    ignored = {"csrfmiddlewaretoken", "is_published"}
    assert {name: kept.get(name) for name in data if name not in ignored} == {
        name: value if isinstance(value, list) else str(value)
        for name, value in data.items()
        if name not in ignored
    }


def test_what_was_typed_at_an_odd_address_is_kept_and_can_be_discarded(browser, user, project):
    page = sent(browser.get(url(project)))
    end_session(browser)
    browser.post("/admin/seeds/citation/abc/change/", {**page, "note": "Long work."})

    (entry,) = log_in(browser, user).context["entries"]
    front = browser.get("/admin/")

    assert (entry["page"], entry["typed"]) == ("Citation", [("Note", ["Long work."])])
    assert front.status_code == 200


def test_what_was_typed_behind_a_proxy_with_another_name_is_kept(browser, user, project, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://registry.example"]
    data = typed(browser, project, name="万达")
    end_session(browser)

    browser.post(url(project), data, headers={"origin": "https://registry.example"})

    (entry,) = log_in(browser, user).context["entries"]
    assert entry["path"] == url(project)
