"""What the README promises is what the registry does."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from rest_framework.test import APIClient

from shuangta.api.models import ApiToken

README = Path(__file__).resolve().parent.parent / "README.md"
EXCHANGE = re.compile(
    r"^### (?P<title>[^\n]+)\n\n(?:(?!#|```)[^\n]*\n)*?"
    r"```http\n(?P<method>[A-Z]+) (?P<address>\S+)\n(?P<headers>(?:[^\s:]+: [^\n]+\n)*)"
    r"(?:\n(?P<body>[^`]+?)\n)?```\n\n"
    r"```(?P<format>json|csv)(?: (?P<status>\d+))?\n(?P<answer>[^`]+?)\n```$",
    re.MULTILINE,
)
EXCHANGES = [match.groupdict() for match in EXCHANGE.finditer(README.read_text())]
ANYTHING = "…"


@pytest.fixture(scope="module")
def page(django_db_setup, django_db_blocker):
    """The registry with the page loaded, taken back afterwards."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command(
            "loaddata", "groups", "seeds", "districts", "projects", "governance", verbosity=0
        )
        yield
        transaction.set_rollback(True)


def test_the_readme_asks_ten_questions_and_shows_ten_requests():
    assert len(EXCHANGES) == 20


@pytest.mark.parametrize("exchange", EXCHANGES, ids=[each["title"] for each in EXCHANGES])
def test_a_request_is_answered_as_the_readme_says(page, db, superuser, exchange):
    body = exchange["body"] and json.loads(exchange["body"])

    response = superuser(exchange["method"], exchange["address"], exchange["headers"], body)

    assert response.status_code == int(exchange["status"] or 200)
    if exchange["format"] == "csv":
        assert response.getvalue().decode().splitlines() == exchange["answer"].splitlines()
    else:
        assert_like(response.json(), json.loads(exchange["answer"]))


@pytest.fixture
def superuser(db):
    """Sends a request as the README words it; only what bears a token is sent in somebody's name."""

    def send(method, address, headers, body):
        sent = dict(line.split(": ", 1) for line in headers.splitlines())
        client = APIClient(headers={"accept-language": "en", "host": "127.0.0.1:8000"})
        if sent.get("If-Match") == f'"{ANYTHING}"':
            sent["If-Match"] = client.get(address.partition("?")[0])["ETag"]
        if "Authorization" in sent:
            key = ApiToken.issue(User.objects.create_superuser("editor"), "readme")
            sent["Authorization"] = f"Token {key}"
        as_sent = {name: value.encode().decode("latin-1") for name, value in sent.items()}
        return client.generic(
            method,
            address,
            json.dumps(body) if body else "",
            content_type="application/json",
            headers=as_sent,
        )

    return send


def assert_like(answered, written):
    """Hold an answer against the one of the README, which leaves open what differs each time."""
    if written == ANYTHING:
        assert answered is not None
    elif isinstance(written, dict):
        assert list(answered) == list(written)
        for name, value in written.items():
            assert_like(answered[name], value)
    elif isinstance(written, list):
        assert len(answered) == len(written)
        for one, other in zip(answered, written, strict=True):
            assert_like(one, other)
    else:
        assert answered == written


@pytest.mark.django_db
def test_the_readme_quotes_the_last_line_of_the_evidence_check(page, capsys):
    call_command("check_evidence")

    last_line = capsys.readouterr().out.strip().splitlines()[-1]
    assert last_line in README.read_text().splitlines()
