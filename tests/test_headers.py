"""What every answer says to the browser, whether it is a page, data, a redirect, a refusal or a failure."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import path, reverse

from shuangta import urls

pytestmark = pytest.mark.django_db

ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=3600; includeSubDomains"


def fail(request):
    raise ZeroDivisionError


handler500 = urls.handler500
urlpatterns = [path("admin/fail/", fail), path("api/v1/fail/", fail), *urls.urlpatterns]


@pytest.fixture
def public(settings):
    """A site that is served by HTTPS alone."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.ALLOWED_HOSTS = ["registry.example"]


@pytest.fixture
def failing(settings):
    settings.ROOT_URLCONF = "tests.test_headers"
    return Client(raise_request_exception=False)


def directives(response):
    """The policy of the answer's content, by directive."""
    stated = [each.split() for each in response["Content-Security-Policy"].split("; ")]
    return {name: sources for name, *sources in stated}


def assert_guarded(response):
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Request-Id"]
    assert directives(response)["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 302),
        ("/admin", 308),
        ("/admin/", 302),
        ("/admin/login/", 200),
        ("/admin/nowhere/", 302),
        ("/nowhere/", 404),
        ("/healthz", 200),
        ("/api/v1/", 200),
        ("/api/v1/projects", 308),
        ("/api/v1/projects/", 200),
        ("/api/v1/projects/?nonsense=1", 400),
        ("/api/v1/projects/?format=csv", 200),
        ("/api/v1/projects/nowhere/", 404),
        ("/api/v1/nowhere/", 404),
        ("/api/v1/docs/", 200),
    ],
)
def test_every_answer_is_guarded(client, address, status):
    response = client.get(address)

    assert response.status_code == status
    assert_guarded(response)


@pytest.mark.parametrize("address", ["/admin/", "/api/v1/projects/"])
def test_so_is_a_redirect_to_https(client, public, address):
    response = client.get(address, headers={"host": "registry.example"})

    assert response["Location"] == f"https://registry.example{address}"
    assert_guarded(response)


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("address", ["/admin/", "/api/v1/projects/"])
def test_so_is_the_refusal_of_a_host(client, public, address, secure):
    response = client.get(address, headers={"host": "elsewhere.example"}, secure=secure)

    assert response.status_code == 400
    assert_guarded(response)
    assert response.headers.get("Strict-Transport-Security") == (
        STRICT_TRANSPORT if secure else None
    )


@pytest.mark.parametrize("address", ["/admin/fail/", "/api/v1/fail/"])
def test_so_is_a_failure(failing, address):
    response = failing.get(address)

    assert response.status_code == 500
    assert_guarded(response)


def test_so_are_a_refused_form_and_a_lockout(public):
    client = Client(enforce_csrf_checks=True, headers={"host": "registry.example"})

    response = client.post(reverse("admin:logout"), secure=True)

    assert response.status_code == 403
    assert_guarded(response)
    assert response["Strict-Transport-Security"] == STRICT_TRANSPORT


def test_a_page_runs_no_script_but_its_own_files_and_the_expressions_of_the_theme(client):
    client.force_login(User.objects.create_superuser("admin"))

    pages = [client.get("/admin/"), client.get("/admin/projects/project/add/")]
    others = [client.get("/nowhere/"), client.get("/api/v1/docs/")]

    for each in pages:
        assert directives(each)["script-src"] == ["'self'", "'unsafe-eval'"]
    for each in others:
        assert directives(each)["default-src"] == ["'self'"]
        assert "script-src" not in directives(each)
    for each in (*pages, *others):
        assert directives(each)["object-src"] == directives(each)["base-uri"] == ["'none'"]
        assert directives(each)["form-action"] == ["'self'"]


@pytest.mark.parametrize("name", ["json", "csv", "xlsx", "ndjson"])
def test_data_loads_nothing_where_a_browser_shows_it(client, name):
    response = client.get("/api/v1/projects/", {"format": name})
    response.close()

    assert directives(response) == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}


def test_an_answer_that_nothing_has_changed_leaves_the_policy_of_what_is_kept(client):
    kept = client.get("/api/v1/projects/")

    again = client.get("/api/v1/projects/", headers={"if-none-match": kept["ETag"]})

    assert again.status_code == 304
    assert "Content-Security-Policy" not in again
    assert again["X-Content-Type-Options"] == "nosniff"
