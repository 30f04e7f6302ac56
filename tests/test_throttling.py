"""How often one may ask: by address and by user, as the environment says."""

import os
import re
import subprocess
import sys
import time
from ipaddress import ip_network

import pytest
from django.conf import settings as registry
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.test import APIClient

from shuangta.api.protocol.rates import RateMiddleware
from shuangta.api.protocol.throttling import count_stranger
from shuangta.environment import Environment
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/sectors/"
RATE = "SHUANGTA_USER_RATE"


@pytest.fixture
def rates(monkeypatch):
    """Set the rates as the settings would, with nothing counted yet; however long it takes, a request is one unit."""
    cache.clear()
    monkeypatch.setattr("shuangta.api.protocol.rates.UNIT", 60)

    def set_rates(**by_scope):
        for scope, rate in by_scope.items():
            monkeypatch.setitem(registry.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], scope, rate)

    yield set_rates
    cache.clear()


def statuses(client, times, **request):
    return [client.get(ADDRESS, **request).status_code for _ in range(times)]


def test_nobody_is_limited_on_a_machine_of_ones_own(anonymous, editor):
    assert registry.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] == {"anonymous": None, "user": None}
    assert set(statuses(anonymous, 10) + statuses(editor, 10)) == {200}


def test_who_asks_too_often_is_told_when_to_ask_again(anonymous, rates):
    rates(anonymous="2/min")

    assert statuses(anonymous, 2) == [200, 200]
    response = anonymous.get(ADDRESS)

    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Too many requests. Wait for the seconds that Retry-After names.",
        "status": 429,
        "code": "throttled",
    }
    assert 58 <= int(response["Retry-After"]) <= 60


def test_who_waits_as_long_as_told_is_answered(anonymous, rates):
    rates(anonymous="1/sec")

    anonymous.get(ADDRESS)
    refused = anonymous.get(ADDRESS)
    time.sleep(int(refused["Retry-After"]))

    assert refused["Retry-After"] == "1"
    assert anonymous.get(ADDRESS).status_code == 200


def test_every_address_is_counted_by_itself(anonymous, rates):
    rates(anonymous="1/min")

    assert statuses(anonymous, 2, REMOTE_ADDR="192.0.2.1") == [200, 429]
    assert statuses(anonymous, 2, REMOTE_ADDR="192.0.2.2") == [200, 429]


def test_a_user_is_counted_over_all_tokens_and_apart_from_the_address(anonymous, editor, rates):
    rates(anonymous="1/min", user="2/min")
    second = client_of(editor.user)
    other = client_of(User.objects.create_user("other"))

    assert statuses(anonymous, 2) == [200, 429]
    assert statuses(editor, 1) + statuses(second, 2) == [200, 200, 429]
    assert statuses(other, 3) == [200, 200, 429]


def test_a_wrong_key_counts_for_its_address(anonymous, editor, rates):
    rates(anonymous="2/min")
    guess = {"headers": {"authorization": "Token guess"}}

    assert statuses(APIClient(), 3, **guess) == [401, 401, 429]
    assert statuses(anonymous, 1) == [429]
    assert statuses(editor, 1) == [200]


def test_no_header_of_the_client_makes_it_another(anonymous, rates):
    rates(anonymous="1/min")

    seen = ["192.0.2.1", "198.51.100.7, 192.0.2.1", "192.0.2.2"]

    assert [
        anonymous.get(ADDRESS, headers={"x-forwarded-for": each}).status_code for each in seen
    ] == [200, 429, 429]


def test_behind_a_trusted_proxy_the_address_is_the_one_that_it_saw(anonymous, rates, settings):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    rates(anonymous="1/min")

    # A proxy puts the address that it saw behind whatever the client had sent.
    seen = ["192.0.2.1", "198.51.100.7, 192.0.2.1", "192.0.2.2"]

    assert [
        anonymous.get(ADDRESS, headers={"x-forwarded-for": each}).status_code for each in seen
    ] == [200, 429, 200]


def test_the_addresses_of_one_network_of_ipv6_count_as_one(anonymous, rates):
    rates(anonymous="1/min")

    assert statuses(anonymous, 1, REMOTE_ADDR="2001:db8:0:1::1") == [200]
    assert statuses(anonymous, 1, REMOTE_ADDR="2001:db8:0:1:ffff::2") == [429]
    assert statuses(anonymous, 1, REMOTE_ADDR="2001:db8:0:2::1") == [200]


def test_only_the_api_counts(client, rates):
    rates(anonymous="1/min", user="1/min")
    client.force_login(User.objects.create_superuser("admin"))

    for address in ("/healthz", "/readyz", reverse("admin:index")):
        assert [client.get(address).status_code for _ in range(3)] == [200, 200, 200]


def test_an_answer_tells_what_is_left(anonymous, editor, rates):
    rates(anonymous="3/min", user="90/hour")

    told = [anonymous.get(ADDRESS) for _ in range(4)]
    known = editor.get(ADDRESS)

    assert [each["RateLimit-Policy"] for each in told] == ['"anonymous";q=3;w=60'] * 4
    assert [each["RateLimit"].rpartition(";")[0] for each in told] == [
        '"anonymous";r=2',
        '"anonymous";r=1',
        '"anonymous";r=0',
        '"anonymous";r=0',
    ]
    assert told[3]["RateLimit"] == f'"anonymous";r=0;t={told[3]["Retry-After"]}'
    assert known["RateLimit-Policy"] == '"user";q=90;w=3600'
    assert known["RateLimit"] == '"user";r=89;t=3600'


def test_where_nothing_is_limited_no_limit_is_told(anonymous):
    response = anonymous.get(ADDRESS)

    assert not {"RateLimit", "RateLimit-Policy"} & response.headers.keys()


def units_left(response):
    return int(re.search(r";r=(\d+);", response["RateLimit"])[1])


def test_a_costly_answer_counts_for_many(anonymous, rates, monkeypatch):
    monkeypatch.setattr("shuangta.api.protocol.rates.UNIT", 0.000_05)
    rates(anonymous="5/min")

    first, second = anonymous.get(ADDRESS), anonymous.get(ADDRESS)

    assert (first.status_code, units_left(first)) == (200, 0)
    assert second.status_code == 429
    assert 58 <= int(second["Retry-After"]) <= 60


def test_what_an_export_costs_is_counted_when_it_is_sent(anonymous, rates, monkeypatch):
    monkeypatch.setattr("shuangta.api.protocol.rates.UNIT", 0.000_05)
    rates(anonymous="90000/min")

    export = anonymous.get(ADDRESS, {"format": "csv"})
    monkeypatch.setattr("shuangta.api.protocol.rates.UNIT", 0.000_000_1)
    export.getvalue()
    monkeypatch.setattr("shuangta.api.protocol.rates.UNIT", 60)
    after = anonymous.get(ADDRESS)

    assert units_left(after) < units_left(export) - 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite works on the same thread.")
@pytest.mark.parametrize(("method", "left"), [("GET", range(97)), ("POST", [99])])
def test_the_time_of_the_database_server_counts_for_reads(rates, monkeypatch, method, left):
    rates(anonymous="100/min")
    monkeypatch.setattr("shuangta.api.protocol.rates.UNIT", 0.1)

    def ask_the_server(request):
        count_stranger(Request(request))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.35)")
        return HttpResponse()

    response = RateMiddleware(ask_the_server)(RequestFactory().generic(method, "/"))

    assert units_left(response) in left


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/docs/", f"{ADDRESS}nowhere/"])
def test_every_address_of_the_api_counts(anonymous, rates, address):
    rates(anonymous="1/min")

    anonymous.get(address)

    assert anonymous.get(address).status_code == 429


# The environment


@pytest.mark.parametrize("stated", ["10/sec", "600/min", "5000/hour", "90000/day"])
def test_a_rate_is_a_number_and_a_time(monkeypatch, stated):
    monkeypatch.setenv(RATE, stated)

    assert Environment().rate(RATE, default="") == stated


def test_an_empty_rate_is_no_limit(monkeypatch):
    monkeypatch.setenv(RATE, "")

    assert Environment().rate(RATE, default="600/min") is None


@pytest.mark.parametrize(
    "stated",
    ["600", "600/", "/min", "0/min", "-1/min", "1.5/min", "600/minute", "600 /min", "６/min"],
)
def test_a_malformed_rate_stops_the_start(monkeypatch, stated):
    monkeypatch.setenv(RATE, stated)

    with pytest.raises(ImproperlyConfigured, match="SHUANGTA_USER_RATE is a number of requests"):
        Environment().rate(RATE, default="")


def settings_of_a_public_site(**stated):
    """What the settings make of an environment: rates and trusted proxies, or why they stop the start."""
    public = {"SHUANGTA_SECRET_KEY": "x" * 50, "SHUANGTA_ALLOWED_HOSTS": "registry.example"}
    told = "REST_FRAMEWORK['DEFAULT_THROTTLE_RATES'], *map(str, TRUSTED_PROXIES)"
    done = subprocess.run(
        [sys.executable, "-c", f"from shuangta.settings import *; print({told})"],
        cwd=registry.BASE_DIR,
        env=os.environ | public | stated,
        capture_output=True,
        text=True,
    )
    return (done.stdout or done.stderr).splitlines()[-1]


def test_a_public_site_limits_everybody_and_stands_behind_a_proxy_of_its_own_machine():
    assert settings_of_a_public_site() == (
        "{'anonymous': '600/min', 'user': '3000/min'} 127.0.0.1/32 ::1/128"
    )
    assert settings_of_a_public_site(SHUANGTA_ANONYMOUS_RATE="60/min", SHUANGTA_USER_RATE="") == (
        "{'anonymous': '60/min', 'user': None} 127.0.0.1/32 ::1/128"
    )


def test_a_public_site_trusts_the_proxies_that_the_environment_names_and_no_other():
    named = settings_of_a_public_site(SHUANGTA_TRUSTED_PROXIES="unix, 10.0.0.0/8,2001:db8::/32")
    none = settings_of_a_public_site(SHUANGTA_TRUSTED_PROXIES="")

    assert named.endswith("} unix 10.0.0.0/8 2001:db8::/32")
    assert none.endswith("'3000/min'}")


def test_a_site_with_a_malformed_setting_does_not_start():
    rate = settings_of_a_public_site(SHUANGTA_ANONYMOUS_RATE="often")
    origin = settings_of_a_public_site(SHUANGTA_CORS_ALLOWED_ORIGINS="map.example")
    proxy = settings_of_a_public_site(SHUANGTA_TRUSTED_PROXIES="10.0.0.1/8")

    assert "ImproperlyConfigured: SHUANGTA_ANONYMOUS_RATE is a number of requests" in rate
    assert "ImproperlyConfigured: SHUANGTA_CORS_ALLOWED_ORIGINS lists scheme://host" in origin
    assert "ImproperlyConfigured: SHUANGTA_TRUSTED_PROXIES lists addresses, networks and" in proxy
    assert "10.0.0.1/8 has host bits set" in proxy
