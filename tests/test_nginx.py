"""Behind the proxy of the documentation: whose address counts, and that who is slow keeps nobody waiting."""

import select
import ssl
from contextlib import ExitStack, suppress
from http.client import HTTPResponse
from urllib.parse import urlencode

import pytest

from tests.nginx import HOST, PRODUCTION, proxied
from tests.servers import collect_static, servers

LOGIN = "/admin/login/"
PASSWORD, WRONG = "two towers by the river", "a wrong password"
FIRST, SECOND = "127.0.0.2", "127.0.0.3"
FORGED = [
    [("X-Forwarded-For", "198.51.100.1")],
    [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "198.51.100.2, 127.0.0.1")],
    [("X_Forwarded_For", "198.51.100.1"), ("Remote-Addr", "198.51.100.1")],
    [("X-Forwarded-For", "[2001:db8::1]:443"), ("Forwarded", "for=198.51.100.1")],
    [("X-Real-IP", "198.51.100.1"), ("X-Forwarded-For", ",;unknown")],
]
MAKE_PEOPLE = f"""
from django.contrib.auth.models import User
for name in ("guessed", "other"):
    User.objects.create_superuser(name, password={PASSWORD!r})
"""
MAKE_MUCH = """
from projects.models import Sector
Sector.objects.bulk_create(
    Sector(code=f"sector-{number}", name=f"行业{number}", note="长" * 3000, is_published=True)
    for number in range(1000)
)
"""
BEGINNING_OF_A_FORM = f"""POST {LOGIN} HTTP/1.1
Host: {HOST}
Content-Type: application/x-www-form-urlencoded
Content-Length: 200

username=a"""
BEGINNING_OF_A_HEADER = f"""GET {LOGIN} HTTP/1.1
Host: {HOST}
X-Slow: a"""


@pytest.fixture(scope="module")
def serving():
    collect_static()
    with servers(1, **PRODUCTION) as (server,):
        server.shell(MAKE_PEOPLE)
        yield server


@pytest.fixture(scope="module")
def proxy(serving):
    with proxied(serving) as proxy:
        yield proxy


def log_in(proxy, name, password, address, headers=()):
    """How the login of somebody at the address is answered: 302 lets in, 200 asks again, 429 locks out."""
    page = proxy.ask("GET", LOGIN, address=address)
    token = page.headers["Set-Cookie"].split("csrftoken=")[1].split(";")[0]
    body = urlencode({"username": name, "password": password, "csrfmiddlewaretoken": token})
    sent = [
        ("Cookie", f"csrftoken={token}"),
        ("Referer", f"https://{HOST}{LOGIN}"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        *headers,
    ]
    return proxy.ask("POST", LOGIN, body, sent, address).status


def test_ten_wrong_passwords_lock_out_the_address_that_gave_them_and_no_other(proxy, serving):
    wrong = [log_in(proxy, "guessed", WRONG, FIRST, FORGED[0]) for _time in range(10)]
    forged = [log_in(proxy, "guessed", PASSWORD, FIRST, headers) for headers in FORGED]

    assert wrong == [200] * 9 + [429]
    assert forged == [429] * len(FORGED)
    assert log_in(proxy, "guessed", PASSWORD, SECOND) == 302
    assert log_in(proxy, "other", PASSWORD, FIRST) == 302
    counted = "from axes.models import AccessAttempt; print(*AccessAttempt.objects.values_list('ip_address'))"
    assert serving.shell(counted) == f"('{FIRST}',)"


@pytest.mark.parametrize("scheme", ["http", "https, http", "ftp"])
def test_the_proxy_alone_says_that_a_request_came_by_https(proxy, serving, scheme):
    direct = serving.ask("GET", "/api/v1/sectors/?count=none")

    answer = proxy.ask("GET", "/api/v1/", headers=[("X-Forwarded-Proto", scheme)])

    assert direct.status == 301
    assert (answer.status, answer.json()["parks"]) == (200, f"https://{HOST}/api/v1/parks/")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def open_slowly(stack, proxy, request, count, first=0):
    """So many connections, twenty from each address, that send a request or its beginning, and then nothing."""
    opened = []
    for number in range(first, first + count):
        address = f"127.0.1.{1 + number // 20}"
        connection = stack.enter_context(proxy.connect(address))
        connection.sendall(request.replace("\n", "\r\n").encode())
        opened.append(connection)
    return opened


def ending(connection):
    """What comes before the proxy ends the connection."""
    with suppress(ConnectionResetError, ssl.SSLEOFError):
        return connection.recv(100).split(b"\r\n")[0]
    return b""


def test_two_hundred_who_begin_a_request_and_stop_keep_nobody_waiting_and_are_cut_off(proxy):
    with ExitStack() as stack:
        slow = open_slowly(stack, proxy, BEGINNING_OF_A_FORM, 100)
        slow += open_slowly(stack, proxy, BEGINNING_OF_A_HEADER, 100, first=100)

        answers = [proxy.ask("GET", path).status for path in ("/readyz", "/api/v1/", LOGIN)]
        login = log_in(proxy, "other", PASSWORD, SECOND)
        cut_off, _, _ = select.select(slow, [], [], 0)
        ends = {ending(each) for each in slow}

    assert (answers, login) == ([200] * 3, 302)
    assert len(cut_off) < len(slow), "All were cut off before anybody was answered."
    assert ends <= {b"", b"HTTP/1.1 408 Request Time-out"}


def test_those_who_ask_for_much_and_do_not_read_it_keep_nobody_waiting(proxy, serving):
    serving.shell(MAKE_MUCH)
    request = f"GET /api/v1/sectors/?format=ndjson HTTP/1.1\nHost: {HOST}\nConnection: close\n\n"

    with ExitStack() as stack:
        slow = open_slowly(stack, proxy, request, 6)
        answers = [proxy.ask("GET", path).status for path in ("/readyz", "/api/v1/", LOGIN) * 3]
        lines = HTTPResponse(slow[0])
        lines.begin()

        assert answers == [200] * 9
        assert len(lines.read().splitlines()) == 1000


def test_one_address_has_no_more_than_its_share_of_connections(proxy):
    with ExitStack() as stack:
        for _number in range(50):
            connection = stack.enter_context(proxy.connect(FIRST))
            connection.sendall(
                BEGINNING_OF_A_FORM.replace(LOGIN, "/").replace("\n", "\r\n").encode()
            )
        asked = [proxy.ask("GET", "/readyz", address=each).status for each in (FIRST, SECOND)]

    assert asked == [429, 200]
