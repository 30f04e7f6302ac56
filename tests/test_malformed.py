"""Requests that no well-behaved client makes: none is answered with a server error, and none is misread."""

import io
import json

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory

from projects.models import Sector
from shuangta.wsgi import application
from tests.conftest import client_of
from tests.factories import ProjectFactory
from tests.malformed import Generator, make_session, send
from tests.servers import servers

SECTORS = "/api/v1/sectors/"
NO_ENCODINGS_OF_TEXT = ["hex", "zip", "rot13", "bz2", "base64", "uu", "punycode", "undefined"]
ENCODINGS = ["gbk", "utf-16", "utf-7", "idna", "unicode_escape", "raw_unicode_escape", "nonsense"]
IN_ALL_FORMS = [
    *(f"application/json; charset={each}" for each in [*NO_ENCODINGS_OF_TEXT, *ENCODINGS]),
    *(
        'application/json; charset="hex"',
        "application/json; CharSet=HEX",
        "application/json; charset=",
    ),
    *(
        "application/json; charset*=utf-8''hex",
        "; charset=hex",
    ),
]
UNREADABLE_OTHERWISE = [
    "application/json; charset*=hex''utf-8",
    "application/json; x*=hex''ab",
    "application/json; x*=nonsense''ab",
]

# The application closes a connection that is within a transaction.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def administrator(db):
    return client_of(User.objects.create_superuser("administrator"))


def ask(method, path, content_type, body=b"", **headers):
    """Status, headers and body of the answer that the WSGI application gives."""
    environ = RequestFactory().generic(method, path).environ | {
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "wsgi.input": io.BytesIO(body),
        **headers,
    }
    begun = []
    answer = application(environ, lambda line, headers: begun.append((line, dict(headers))))
    [(line, told)] = begun
    try:
        return int(line.split()[0]), told, b"".join(answer)
    finally:
        answer.close()


@pytest.mark.parametrize("content_type", [*IN_ALL_FORMS, *UNREADABLE_OTHERWISE])
def test_a_query_is_utf_8_whatever_the_header_says(content_type):
    ProjectFactory(name="万达广场", code="example-wanda")
    ProjectFactory(name="龙山")

    for query in (
        "name__contains=%E4%B8%87%E8%BE%BE",
        "name__contains=万达".encode().decode("latin-1"),
    ):
        sent = {"QUERY_STRING": f"{query}&fields=code"}
        status, _headers, body = ask("GET", "/api/v1/projects/", content_type, **sent)

        assert status == 200
        assert json.loads(body)["results"] == [{"code": "example-wanda"}]


@pytest.mark.parametrize("path", ["/healthz", "/admin/login/", "/nowhere/", "/api/v1/schema/"])
@pytest.mark.parametrize("content_type", ["text/plain; charset=hex", *UNREADABLE_OTHERWISE])
def test_no_page_minds_how_an_absent_body_is_written(path, content_type):
    plain, *_rest = ask("GET", path, "")
    status, headers, _body = ask("GET", path, content_type)

    assert (status, plain) == (404 if path == "/nowhere/" else 200, status)
    assert len(headers["X-Request-Id"]) == 32


@pytest.mark.parametrize("content_type", IN_ALL_FORMS)
def test_a_body_in_another_charset_is_refused(administrator, content_type):
    body = json.dumps({"name": "物流"}).encode()

    status, headers, answer = ask("POST", SECTORS, content_type, body, **administrator._credentials)

    problem = json.loads(answer)
    assert (status, headers["Content-Type"]) == (415, "application/problem+json")
    assert (problem["status"], problem["code"]) == (415, "unsupported_media_type")
    assert problem["title"].startswith("Send the body in UTF-8; “")
    assert len(headers["X-Request-Id"]) == 32
    assert not Sector.objects.exists()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", '"utf-8"', "us-ascii"])
def test_a_body_in_utf_8_is_read_however_that_is_written(administrator, charset):
    body = json.dumps({"name": "物流"}, ensure_ascii=False).encode()

    status, *_rest = ask(
        "POST", SECTORS, f"application/json; charset={charset}", body, **administrator._credentials
    )

    assert (status, Sector.objects.get().name) == (201, "物流")


def test_a_form_of_the_admin_in_another_charset_is_refused_with_a_page():
    content_type = "application/x-www-form-urlencoded; charset=hex"

    status, headers, page = ask("POST", "/admin/login/", content_type, b"username=admin")

    assert (status, headers["Content-Type"]) == (415, "text/html; charset=utf-8")
    assert "Send it in UTF-8." in page.decode()


@pytest.mark.parametrize(
    "part",
    [
        'Content-Disposition: form-data; name="username"\r\nContent-Type: text/plain; charset=hex',
        "Content-Disposition: form-data; name*=hex''ab",
        "Content-Disposition: form-data; name=file; filename*=hex''ab",
    ],
)
def test_no_part_of_a_form_makes_a_server_error(part):
    body = f"--x\r\n{part}\r\n\r\nadmin\r\n--x--\r\n".encode()

    status, headers, _page = ask("POST", "/admin/login/", "multipart/form-data; boundary=x", body)

    assert status == 403
    assert len(headers["X-Request-Id"]) == 32


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "django_language", "messages"])
@pytest.mark.parametrize("path", ["/api/v1/projects/", "/admin/login/"])
def test_a_cookie_with_a_nul_is_passed_over(path, name):
    sent = {"HTTP_COOKIE": f'{name}="abcdefgh\\000ijklmnop"'}

    status, *_rest = ask("GET", path, "", **sent)

    assert status == 200


def test_malformed_requests_are_answered_and_the_server_lives_on():
    with servers(1) as (server,):
        session = make_session(server)
        requests = list(Generator(seed=9).requests(140))
        statuses = [send(server, each, session) for each in requests]
        is_alive = server.ask("GET", "/readyz").status == 200

    failures = [
        (each, status) for each, status in zip(requests, statuses, strict=True) if status >= 500
    ]
    assert (failures, is_alive) == ([], True)
    assert {200, 400, 404, 415} <= set(statuses)
