"""Whose address counts: no header makes a client another, and nobody is locked out by what others do elsewhere."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from shuangta.admin.lockouts import lockouts
from shuangta.http.proxies import UNIX_SOCKET, counted_address
from shuangta.middleware import ProxyMiddleware

LOGIN = reverse("admin:login")
PASSWORD, WRONG = "a-long-and-plain-password", "a-wrong-password"
PROXY = "10.0.0.1"
FORGERIES = [
    {"x-forwarded-for": "198.51.100.1"},
    {"x-forwarded-for": "198.51.100.2, 198.51.100.3"},
    {"x-forwarded-for": "198.51.100.4:8080,[2001:db8::1]:443"},
    {"x-forwarded-for": "127.0.0.1, 10.0.0.1"},
    {"x-forwarded-for": "unknown, ,;'--"},
    {"forwarded": 'for="[2001:db8::3]";proto=https'},
    {"x-real-ip": "198.51.100.5"},
    {"x-client-ip": "198.51.100.6", "true-client-ip": "198.51.100.7"},
    {"x-forwarded-host": "elsewhere.example", "x-forwarded-proto": "https"},
]


@pytest.fixture
def trust(settings):
    """Trusts these proxies, as the setting does."""

    def trust_proxies(*proxies):
        networks = [each if each == UNIX_SOCKET else ip_network(each) for each in proxies]
        settings.TRUSTED_PROXIES = networks

    return trust_proxies


@pytest.fixture
def users(db):
    options = {"password": PASSWORD, "is_staff": True}
    return [User.objects.create_user(name, **options) for name in ("admin", "other")]


def as_taken(peer, **headers):
    """The request as the registry takes it, sent by the peer with these headers."""
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    ProxyMiddleware(lambda each: HttpResponse())(request)
    return request


def address_of(peer, forwarded_for):
    return as_taken(peer, **{"x-forwarded-for": forwarded_for}).META["REMOTE_ADDR"]


def log_in(name, password, peer="127.0.0.1", headers=None):
    """How a browser at the address is answered: 302 lets in, 200 asks again, 429 locks out."""
    sent = {"username": name, "password": password}
    own = {"accept-language": "en"} | (headers or {})
    return Client().post(LOGIN, sent, REMOTE_ADDR=peer, headers=own)


def statuses(name, password, peers, **options):
    return [log_in(name, password, each, **options).status_code for each in peers]


# The address


@pytest.mark.parametrize("headers", FORGERIES)
def test_without_a_proxy_no_header_counts(headers):
    request = as_taken("192.0.2.1", **headers, **{"x-request-id": "forged"})

    assert request.META["REMOTE_ADDR"] == "192.0.2.1"
    assert (request.is_secure(), request.get_host()) == (False, "testserver")
    assert "X-Request-Id" not in request.headers


@pytest.mark.parametrize("headers", FORGERIES)
def test_a_peer_that_is_no_trusted_proxy_speaks_for_itself(trust, headers):
    trust(PROXY, UNIX_SOCKET)

    request = as_taken("10.0.0.2", **headers, **{"x-request-id": "forged"})

    assert (request.META["REMOTE_ADDR"], request.is_secure()) == ("10.0.0.2", False)
    assert "X-Request-Id" not in request.headers


@pytest.mark.parametrize("headers", FORGERIES)
def test_what_a_client_forges_stands_before_what_its_proxy_saw(trust, headers):
    trust(PROXY)
    before = headers.get("x-forwarded-for")
    by_proxy = {
        "x-forwarded-for": f"{before}, 192.0.2.1" if before else "192.0.2.1",
        "x-forwarded-proto": "http",
    }

    request = as_taken(PROXY, **headers | by_proxy)

    assert (request.META["REMOTE_ADDR"], request.is_secure()) == ("192.0.2.1", False)
    assert request.get_host() == "testserver"


@pytest.mark.parametrize(
    ("forwarded_for", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("192.0.2.1:8080", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:DB8:0::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("198.51.100.9,192.0.2.1", "192.0.2.1"),
        ("198.51.100.9, 192.0.2.1, 10.0.0.1", "192.0.2.1"),
        ("10.0.0.1, 10.0.0.1", "10.0.0.1"),
        ("192.0.2.1, unknown", PROXY),
        ("192.0.2.1,", PROXY),
        ("192.0.2.1, 300.0.0.1", PROXY),
        ("192.0.2.1, 1.2.3.4:port", PROXY),
        ("192.0.2.1, [1.2.3.4", PROXY),
        ("192.0.2.1, 0x7f.1", PROXY),
        ("192.0.2.1, １.2.3.4", PROXY),
        ("", PROXY),
    ],
)
def test_a_list_is_read_from_its_end_as_far_as_it_can_be_trusted(trust, forwarded_for, address):
    trust(PROXY)

    assert address_of(PROXY, forwarded_for) == address


def test_a_proxy_may_stand_behind_others_and_speak_over_a_socket(trust):
    trust("10.0.0.0/8", "2001:db8:1::/48", UNIX_SOCKET)

    assert address_of("", "198.51.100.1, 192.0.2.1, 2001:db8:1::7, 10.9.9.9") == "192.0.2.1"
    assert address_of("", "") == ""


def test_a_socket_that_is_not_trusted_has_no_address(trust):
    trust(PROXY)

    assert address_of("", "192.0.2.1") == ""


@pytest.mark.parametrize(
    ("scheme", "is_secure"),
    [
        ("https", True),
        ("HTTPS", True),
        ("https, https", True),
        ("http", False),
        ("https, http", False),
        ("https,", False),
        ("wss", False),
    ],
)
def test_a_request_came_by_https_where_a_trusted_proxy_says_nothing_else(trust, scheme, is_secure):
    trust(PROXY)

    assert as_taken(PROXY, **{"x-forwarded-proto": scheme}).is_secure() == is_secure


def test_a_trusted_proxy_names_the_request(trust):
    trust(PROXY)

    assert as_taken(PROXY, **{"x-request-id": "named"}).headers["X-Request-Id"] == "named"


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:aaaa::1", "2001:db8:0:1::"),
        ("2001:db8:0:1::2", "2001:db8:0:1::"),
        ("2001:db8:0:2::2", "2001:db8:0:2::"),
        ("", None),
    ],
)
def test_a_client_counts_by_its_address_or_its_network_of_ipv6(peer, counted):
    assert counted_address(as_taken(peer)) == counted


# Logins


def test_a_stranger_locks_nobody_out_elsewhere(trust, users):
    trust("127.0.0.1")

    strange = {"x-forwarded-for": "203.0.113.1"}
    wrong = [log_in("admin", WRONG, headers=strange).status_code for _time in range(12)]
    forged = [
        log_in("admin", WRONG, headers={"x-forwarded-for": f"198.51.100.{last}, 203.0.113.1"})
        for last in range(3)
    ]
    own = log_in("admin", PASSWORD, headers={"x-forwarded-for": "203.0.113.2"})

    assert wrong == [200] * 9 + [429] * 3
    assert [each.status_code for each in forged] == [429] * 3
    assert own.status_code == 302
    assert log_in("other", PASSWORD, headers=strange).status_code == 302


@pytest.mark.parametrize("proxies", [[], ["10.0.0.1"]])
def test_forged_headers_are_no_way_round_a_lockout(trust, users, proxies):
    trust(*proxies)
    statuses("admin", WRONG, ["192.0.2.1"] * 10)

    forged = [log_in("admin", PASSWORD, "192.0.2.1", each).status_code for each in FORGERIES]

    assert set(forged) == {429}
    attempts = AccessAttempt.objects.values_list("ip_address", "failures_since_start")
    assert list(attempts) == [("192.0.2.1", 10)]


def test_attempts_while_locked_out_do_not_prolong_it(users):
    statuses("admin", WRONG, ["192.0.2.1"] * 10)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14, seconds=30))

    during = [log_in("admin", each, "192.0.2.1") for each in (WRONG, WRONG, PASSWORD)]
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))

    assert [each.status_code for each in during] == [429] * 3
    assert [25 <= int(each["Retry-After"]) <= 30 for each in during] == [True] * 3
    assert log_in("admin", PASSWORD, "192.0.2.1").status_code == 302


def test_the_addresses_of_one_network_of_ipv6_are_locked_out_as_one(users):
    network = [f"2001:db8:0:1::{last}" for last in range(1, 12)]

    assert statuses("admin", WRONG, network) == [200] * 9 + [429] * 2
    assert statuses("admin", PASSWORD, ["2001:db8:0:1:ffff::1", "2001:db8:0:2::1"]) == [429, 302]


def test_wrong_passwords_from_many_addresses_slow_the_name_and_lock_out_nobody_else(users):
    many = [f"203.0.113.{last}" for last in range(40)]
    AccessAttempt.objects.bulk_create(
        AccessAttempt(username="admin", ip_address=each, failures_since_start=2) for each in many
    )

    fresh = statuses("admin", WRONG, ["198.51.100.1"] * 3)
    mistyped = [log_in("admin", each, "192.0.2.1").status_code for each in (WRONG, PASSWORD)]

    assert fresh == [200, 429, 429]
    assert mistyped == [200, 302]
    assert statuses("other", WRONG, many[:1] * 9) == [200] * 9
    assert {each["ip_address"] for each in lockouts()} == {*many, "198.51.100.1"}


def test_ten_failures_elsewhere_cost_an_address_one(users):
    statuses("admin", WRONG, ["203.0.113.1"] * 10)

    assert statuses("admin", WRONG, ["192.0.2.1"] * 10) == [200] * 8 + [429] * 2


def test_a_wrong_old_password_counts_as_one_at_the_login(users):
    client = Client(REMOTE_ADDR="192.0.2.1")
    client.force_login(users[0])
    new = {"new_password1": "another-long-password", "new_password2": "another-long-password"}

    def change(old_password):
        return client.post(reverse("admin:password_change"), {"old_password": old_password, **new})

    guesses = [change(WRONG).status_code for _time in range(11)]

    assert guesses == [200] * 9 + [429] * 2
    assert change(PASSWORD).status_code == 429
    assert statuses("admin", PASSWORD, ["192.0.2.1", "192.0.2.2"]) == [429, 302]
