"""Pages of other sites: those that the environment lists may call the API, with tokens and without cookies."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from shuangta.environment import Environment
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/projects/"
LISTED, OTHER = "https://map.example", "https://elsewhere.example"
ORIGINS = "SHUANGTA_CORS_ALLOWED_ORIGINS"


@pytest.fixture
def listed(settings):
    settings.CORS_ALLOWED_ORIGINS = [LISTED]


def cors_headers(response):
    return {
        name: value
        for name, value in response.headers.items()
        if name.lower().startswith("access-control-")
    }


def preflight(client, address, origin, method):
    return client.options(
        address, headers={"origin": origin, "access-control-request-method": method}
    )


def test_no_other_site_may_read_unless_it_is_listed(anonymous):
    response = anonymous.get(ADDRESS, headers={"origin": LISTED})

    assert (response.status_code, cors_headers(response)) == (200, {})
    assert cors_headers(preflight(anonymous, ADDRESS, LISTED, "DELETE")) == {}


def test_a_listed_site_reads_with_the_headers_that_an_editor_needs(anonymous, listed):
    response = anonymous.get(ADDRESS, headers={"origin": LISTED})

    assert cors_headers(response) == {
        "access-control-allow-origin": LISTED,
        "access-control-expose-headers": (
            "Content-Disposition, ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, "
            "Retry-After, X-Dry-Run, X-Request-Id"
        ),
    }
    assert "origin" in response["Vary"]


def test_a_site_that_is_not_listed_and_a_page_of_the_admin_stay_closed(client, listed):
    others = client.get(ADDRESS, headers={"origin": OTHER})
    admin = client.get(reverse("admin:login"), headers={"origin": LISTED})

    assert (others.status_code, cors_headers(others)) == (200, {})
    assert (admin.status_code, cors_headers(admin)) == (200, {})


@pytest.fixture
def open_to_readers(settings):
    settings.CORS_ANONYMOUS_READING = True


def test_any_site_reads_what_anybody_may_read_where_the_setting_says_so(anonymous, open_to_readers):
    read = anonymous.get(ADDRESS, headers={"origin": OTHER})
    asked = preflight(anonymous, ADDRESS, OTHER, "GET")

    assert cors_headers(read)["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in cors_headers(read)
    assert cors_headers(asked) == {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET, HEAD",
        "access-control-allow-headers": (
            "accept-language, content-type, idempotency-key, if-match, if-none-match, x-change-reason"
        ),
        "access-control-expose-headers": cors_headers(read)["access-control-expose-headers"],
        "access-control-max-age": "86400",
    }


def test_no_other_site_writes_or_sends_a_key_where_any_may_read(anonymous, editor, open_to_readers):
    writes = [preflight(anonymous, ADDRESS, OTHER, method) for method in ("POST", "DELETE")]
    with_key = anonymous.options(
        ADDRESS,
        headers={
            "origin": OTHER,
            "access-control-request-method": "GET",
            "access-control-request-headers": "authorization",
        },
    )
    read = editor.get(ADDRESS, headers={"origin": OTHER})
    in_session = Client(headers={"origin": OTHER})
    in_session.force_login(editor.user)

    for response in (*writes, with_key, read, in_session.get(ADDRESS)):
        assert cors_headers(response) == {}
    assert cors_headers(anonymous.get("/admin/login/", headers={"origin": OTHER})) == {}


def test_a_listed_site_sends_keys_also_where_any_may_read(editor, listed, open_to_readers):
    response = editor.get(ADDRESS, headers={"origin": LISTED})

    assert cors_headers(response)["access-control-allow-origin"] == LISTED


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_browser_may_ask_before_it_writes(anonymous, listed, method):
    project = ProjectFactory()

    response = preflight(anonymous, f"{ADDRESS}{project.pk}/", LISTED, method)

    allowed = cors_headers(response)
    assert response.status_code == 200
    assert allowed["access-control-allow-origin"] == LISTED
    assert method in allowed["access-control-allow-methods"].split(", ")
    assert allowed["access-control-allow-headers"].split(", ") == [
        "accept-language",
        "authorization",
        "content-type",
        "idempotency-key",
        "if-match",
        "if-none-match",
        "x-change-reason",
    ]
    assert "access-control-allow-credentials" not in allowed


def test_a_listed_site_can_read_why_it_is_refused(anonymous, listed):
    response = anonymous.delete(f"{ADDRESS}nowhere/", headers={"origin": LISTED})

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert cors_headers(response)["access-control-allow-origin"] == LISTED


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ("", []),
        ("https://map.example", ["https://map.example"]),
        (
            "https://map.example, http://localhost:3000,http://[::1]:3000",
            ["https://map.example", "http://localhost:3000", "http://[::1]:3000"],
        ),
    ],
)
def test_origins_are_listed_with_commas(monkeypatch, stated, read):
    monkeypatch.setenv(ORIGINS, stated)

    assert Environment().origins(ORIGINS) == read


@pytest.mark.parametrize(
    "stated",
    [
        "*",
        "null",
        "map.example",
        "//map.example",
        "https://",
        "https://map.example/",
        "https://Map.example",
        "https://*.example",
        "ftp://map.example",
        "https://user@map.example",
        "https://map.example,",
        "https://map.example https://other.example",
    ],
)
def test_a_malformed_origin_stops_the_start(monkeypatch, stated):
    monkeypatch.setenv(ORIGINS, stated)

    with pytest.raises(ImproperlyConfigured, match="lists scheme://host"):
        Environment().origins(ORIGINS)
