"""The log: one line a request, in either form, that names who asked and never a key."""

import io
import json
import logging
import logging.config
import re
from ipaddress import ip_network

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from shuangta.operations.logs import FORMATS, hide_secrets, logging_settings
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db

PROJECTS = "/api/v1/projects/"
KEY = "Ab3_-" + "x" * 38


@pytest.fixture(params=FORMATS)
def log(request):
    """What is logged in the form of the parameter, as a list of lines; the form is their ``form``."""
    usual = logging_settings("plain")
    out = io.StringIO()
    wanted = logging_settings(request.param)
    for handler in wanted["handlers"].values():
        handler["stream"] = out
    logging.config.dictConfig(wanted)
    yield Lines(request.param, out)
    logging.config.dictConfig(usual)


class Lines:
    def __init__(self, form, out):
        self.form, self.out = form, out

    def all(self):
        lines = self.out.getvalue().splitlines()
        return [json.loads(line) for line in lines] if self.form == "json" else lines

    def facts(self):
        """The facts of the one request that was made, by name and as text; what differs each time as None."""
        [line] = self.all()
        if self.form == "json":
            told = {name: str(value) for name, value in line.items() if name != "level"}
        else:
            time, rest = line.split(" ", 1)
            told = {"time": time, **dict(each.split("=", 1) for each in rest.split(" "))}
            told["request_id"] = told.pop("id")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S+", told["time"])
        assert float(told["duration_ms"]) >= 0
        return told | {"time": None, "duration_ms": None}


def test_a_request_has_one_line_with_its_facts(anonymous, log):
    response = anonymous.get(f"{PROJECTS}?page_size=1")

    assert log.facts() == {
        "time": None,
        "method": "GET",
        "path": PROJECTS,
        "query": "page_size=1",
        "status": "200",
        "duration_ms": None,
        "client": "127.0.0.1",
        "bytes": str(len(response.content)),
        "request_id": response["X-Request-Id"],
    }


def test_a_token_is_told_by_its_name_and_whose_it_is(editor, log):
    editor.get(PROJECTS)

    told = log.facts()
    assert (told["user"], told["token"]) == ("editor", "tests")
    assert editor._credentials["HTTP_AUTHORIZATION"].split()[1] not in log.out.getvalue()


def test_a_session_is_told_by_its_user(client, admin_user, log):
    client.force_login(admin_user)

    client.get(reverse("admin:index"))

    assert log.facts()["user"] == "admin"


def test_a_streamed_answer_is_told_when_it_has_gone_out(anonymous, log):
    ProjectFactory(is_published=True)

    response = anonymous.get(f"{PROJECTS}?format=csv")
    assert log.all() == []
    sent = b"".join(response.streaming_content)
    response.close()

    assert log.facts()["bytes"] == str(len(sent))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("token=abc&name=x", "token=***&name=x"),
        ("API_KEY=abc&access%5Ftoken=d", "API_KEY=***&access%5Ftoken=***"),
        (f"q={KEY}", "q=***"),
        (KEY, "***"),
        (f"p=password%3D{KEY}&x=1", "p=***&x=1"),
        ("p=p%253Dtoken%253Dabc", "p=***"),
        ("a=1;token=abc", "a=***"),
        ("next=/api/v1/projects/?token=abc123", "next=***"),
        ("token%3Dabc", "***"),
        (
            f"subject=211302-{'x' * 36}&note__contains=a=1",
            f"subject=211302-{'x' * 36}&note__contains=a=1",
        ),
        ("password=&stage=planned&token", "password=&stage=planned&token"),
    ],
)
def test_what_is_or_looks_like_a_key_is_left_out_of_a_query(query, told):
    assert hide_secrets(query) == told


@pytest.mark.parametrize("part", [KEY, f"{KEY[:-1]}%78", f"q={KEY}", "token=abc"])
def test_a_key_is_left_out_of_a_path(anonymous, log, part):
    anonymous.get(f"{PROJECTS}{part}/")

    name = part.partition("=")[0] + "=" if "=" in part else ""
    assert log.facts()["path"] == f"{PROJECTS}{name}***/"


def test_a_line_stays_one_whatever_the_address_says(anonymous, log):
    anonymous.get("/a%0Ab%20c?x=%0d%0a", headers={"user-agent": "\n"})

    told = log.facts()
    assert (told["path"], told["query"], told["status"]) == ("/a%0Ab%20c", "x=%0d%0a", "404")


def test_a_refused_host_has_no_traceback(client, log):
    response = client.get("/api/v1/", headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert len(log.all()) == 2
    assert "Traceback" not in log.out.getvalue()
    assert log.out.getvalue().count(response["X-Request-Id"]) == 2


@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.9"])
def test_the_id_of_a_trusted_proxy_is_kept_where_it_is_well_formed(client, settings, peer):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    stated = "0123456789abcdef-0123"

    answered, malformed = (
        client.get("/healthz", headers={"x-request-id": each}, REMOTE_ADDR=peer)["X-Request-Id"]
        for each in (stated, "a b; c")
    )

    assert (answered == stated) is (peer == "127.0.0.1")
    assert re.fullmatch(r"[0-9a-f]{32}", malformed)


FORGED = "2026-01-01T00:00:00+0000 GET /forged"


def fail(*args, **kwargs):
    raise DatabaseError(f"gone\n{FORGED}\x1b[2J token={KEY} {KEY}")


@pytest.fixture
def failing(client, admin_user, monkeypatch):
    """A client whose requests fail where the session is read."""
    client.force_login(admin_user)
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    return client


def test_a_failure_has_a_traceback_under_the_id_of_its_request(failing, log):
    response = failing.get(reverse("admin:index"))

    assert response.status_code == 500
    assert "DatabaseError: gone" in log.out.getvalue()
    assert log.out.getvalue().count(response["X-Request-Id"]) == 2


def test_a_failure_tells_no_key_and_forges_no_line(failing, log):
    projects = reverse("admin:projects_project_changelist")

    response = failing.get(f"{projects}{KEY}/password=a b%0D2026 GET/change/?token=abc")

    assert response.status_code == 500
    text = log.out.getvalue()
    assert KEY not in text
    assert "password=a" not in text
    assert "token=abc" not in text
    assert "token=***" in text
    assert {each for each in text if not each.isprintable()} == {"\n"}
    assert not any(line.startswith(FORGED) for line in text.splitlines())
    assert f"Internal Server Error: {projects}***/password=***/change/" in text


def test_whatever_is_logged_is_one_line_without_keys(log):
    logging.getLogger("django.security").warning(
        "Referer %s refused,\n%s\u2028\u202e中央公园",
        f"https://x.example/a?token=abc&q={KEY}",
        FORGED,
    )

    [line] = log.all()
    message = line["message"] if log.form == "json" else line.partition("django.security: ")[2]
    assert message.removesuffix(" id=") == (
        f"Referer https://x.example/a?token=***&q=*** refused,\\n{FORGED}\\u2028\\u202e中央公园"
    )


def test_a_form_refused_tells_no_key_of_the_page_that_it_came_from(admin_user, log):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    response = client.post(
        reverse("admin:index"), secure=True, headers={"referer": f"https://x.example/?q={KEY}"}
    )

    assert response.status_code == 403
    assert "https://x.example/?q=***" in log.out.getvalue()
    assert KEY not in log.out.getvalue()
