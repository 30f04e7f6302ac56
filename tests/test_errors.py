"""Every error of the API is a problem document: a stable code, in the reader's language, with nothing leaked."""

import io
import json
import re
import sqlite3
import threading
from contextlib import contextmanager

import pytest
from django.conf import settings as registry
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.db.utils import ConnectionHandler
from django.test import RequestFactory, override_settings
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.test import APIClient

from projects.models import Project, Sector
from shuangta.api.exceptions import TooMany
from shuangta.api.models import ApiToken
from shuangta.api.problem_codes import PROBLEM_CODES
from shuangta.db.retries import is_contention
from shuangta.history.models import Restoration
from shuangta.query.resources import address_of
from shuangta.records.rename import rename_record
from shuangta.wsgi import application
from tests.conftest import client_of
from tests.factories import ProjectFactory, SectorFactory

pytestmark = pytest.mark.django_db

SECTORS = "/api/v1/sectors/"


@pytest.fixture
def administrator(db):
    return client_of(User.objects.create_superuser("administrator"))


def reading_client(user):
    return APIClient(headers={"authorization": f"Token {ApiToken.issue(user, 'x', None, 'read')}"})


# One request for each code that the table has; `said_in` is the language of the request.


def moved(client, said_in):
    sector = SectorFactory(code="former")
    rename_record(sector, "renamed")
    return client.get(f"{SECTORS}former/", **said_in)


def invalid(client, said_in):
    return client.get(SECTORS, {"nonsense": 1}, **said_in)


def parse_error(client, said_in):
    return client.generic("POST", SECTORS, b"{", content_type="application/json", **said_in)


def unknown_host(client, said_in):
    return client.get(SECTORS, HTTP_HOST="elsewhere.example", **said_in)


def not_authenticated(client, said_in):
    return APIClient().post(SECTORS, {}, **said_in)


def authentication_failed(client, said_in):
    said_in = {"headers": said_in["headers"] | {"authorization": "Token guess"}}
    return APIClient().get(SECTORS, **said_in)


def permission_denied(client, said_in):
    return client_of(User.objects.create_user("stranger")).post(SECTORS, {}, **said_in)


def token_reads_only(client, said_in):
    return reading_client(client.user).post(SECTORS, {}, **said_in)


def csrf_failed(client, said_in):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(client.user)
    return browser.post(SECTORS, {"name": "x"}, **said_in)


def not_found(client, said_in):
    return client.get("/api/v1/nonsense/", **said_in)


def method_not_allowed(client, said_in):
    return client.put(SECTORS, {}, **said_in)


def not_acceptable(client, said_in):
    return client.get(SECTORS, headers=said_in["headers"] | {"accept": "image/png"})


def in_use(client, said_in):
    return client.delete(address_of(ProjectFactory().district), **said_in)


def conflict(client, said_in):
    """A rule of the database of which no model knows stands for a row that came between."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX note_once ON projects_sector (note)")
    SectorFactory(note="x")
    return client.post(SECTORS, {"name": "another", "note": "x"}, **said_in)


def idempotency_key_reused(client, said_in):
    said_in = {"headers": said_in["headers"] | {"idempotency-key": "k"}}
    client.post(SECTORS, {"name": "one"}, **said_in)
    return client.post(SECTORS, {"name": "another"}, **said_in)


def gone(client, said_in):
    since = client.get("/api/v1/changes/").json()["since"]
    Restoration.objects.create(at=timezone.now())
    return client.get("/api/v1/changes/", {"since": since}, **said_in)


def changed_meanwhile(client, said_in):
    said_in = {"headers": said_in["headers"] | {"if-match": '"1-0"'}}
    return client.patch(address_of(SectorFactory()), {"note": "x"}, **said_in)


def weak_etag(client, said_in):
    said_in = {"headers": said_in["headers"] | {"if-match": 'W/"1-0"'}}
    return client.patch(address_of(SectorFactory()), {"note": "x"}, **said_in)


def too_large(client, said_in):
    return client.post(SECTORS, {"name": "x", "note": "x" * 6_000_000}, **said_in)


def unsupported_media_type(client, said_in):
    return client.generic("POST", SECTORS, b"x", content_type="text/plain", **said_in)


def throttled(client, said_in):
    cache.clear()
    registry.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["user"] = "1/min"
    try:
        client.get(SECTORS)
        return client.get(SECTORS, **said_in)
    finally:
        registry.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["user"] = None
        cache.clear()


def error(client, said_in):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE projects_sector RENAME TO lost")
    client.raise_request_exception = False
    return client.get(SECTORS, **said_in)


def too_costly(client, said_in):
    with override_settings(READ_SECONDS=0):
        return client.get(SECTORS, **said_in)


ASKED = [
    moved,
    invalid,
    parse_error,
    unknown_host,
    not_authenticated,
    authentication_failed,
    permission_denied,
    token_reads_only,
    csrf_failed,
    not_found,
    method_not_allowed,
    not_acceptable,
    in_use,
    conflict,
    idempotency_key_reused,
    gone,
    changed_meanwhile,
    weak_etag,
    too_large,
    unsupported_media_type,
    throttled,
    error,
    too_costly,
]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("ask", ASKED, ids=lambda ask: ask.__name__)
def test_every_error_is_a_problem_with_its_code_in_the_language_of_the_request(
    administrator, ask, language
):
    response = ask(administrator, {"headers": {"accept-language": language}})

    problem = response.json()
    status, _sentence = PROBLEM_CODES[ask.__name__]
    assert (response.status_code, problem["status"], problem["code"]) == (
        status,
        status,
        ask.__name__,
    )
    assert response["Content-Type"] == "application/problem+json"
    assert re.fullmatch("[0-9a-f]{32}", response["X-Request-Id"])
    assert response["Content-Language"] == language
    assert bool(re.search("[一-鿿]", problem["title"])) == (language != "en")


def test_the_table_holds_every_code_with_its_status_and_sentence():
    told = {code: (status, str(sentence)) for code, (status, sentence) in PROBLEM_CODES.items()}
    raised = {
        each.default_code: (each.status_code, str(each.default_detail))
        for each in kinds_of(exceptions.APIException)
        if not issubclass(each, exceptions.ValidationError | exceptions.Throttled)
    }

    assert raised.items() <= told.items()
    assert told.keys() == {ask.__name__ for ask in ASKED} | {"busy"}


def kinds_of(exception):
    return {exception}.union(*(kinds_of(each) for each in exception.__subclasses__()))


# What each says beside its code


def test_who_is_not_known_is_told_how_to_be(anonymous):
    assert anonymous.post(SECTORS, {})["WWW-Authenticate"] == "Token"


def test_what_cannot_be_done_is_told_with_what_can(administrator):
    response = administrator.put(SECTORS, {})

    assert response.json()["title"] == 'Method "PUT" not allowed.'
    assert {"GET", "POST"} <= set(response["Allow"].split(", "))


def test_a_failure_tells_nothing_of_what_failed(administrator):
    response = error(administrator, {"headers": {"accept-language": "en"}})

    assert response.json() == {
        "type": "about:blank",
        "title": "A server error occurred.",
        "status": 500,
        "code": "error",
    }


def test_a_wait_is_told_in_whole_seconds_and_is_never_none():
    assert [TooMany(wait).headers for wait in (None, 0, 0.2, 1.5)] == [
        {"Retry-After": "1"},
        {"Retry-After": "1"},
        {"Retry-After": "1"},
        {"Retry-After": "2"},
    ]


@pytest.mark.parametrize("path", ["%FF%FE", "%00", "%E4%B8", "..%2F", "%C0%AF"])
def test_an_address_that_is_no_text_is_not_there(anonymous, path):
    response = anonymous.get(f"{SECTORS}{path}/")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["name=%FF", "name=%E4%B8", "name=a&note=%E4%B8%AD&name=\xff"])
def test_a_parameter_that_is_not_utf_8_is_refused(anonymous, query):
    response = anonymous.get(SECTORS, QUERY_STRING=query)

    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"field": "name", "code": "encoding", "detail": "Encode the parameter in UTF-8."}
    ]


def test_a_write_without_the_last_slash_is_sent_on_as_it_is(administrator):
    response = administrator.post("/api/v1/sectors", {"name": "物流"}, follow=True)

    assert response.redirect_chain == [(SECTORS, 308)]
    assert response.status_code == 201
    assert Sector.objects.get().name == "物流"


def test_a_session_writes_with_the_token_of_its_page(administrator):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(administrator.user)
    csrf = browser.get("/admin/password_change/").cookies["csrftoken"].value

    response = browser.post(SECTORS, {"name": "物流"}, headers={"x-csrftoken": csrf})

    assert response.status_code == 201


# Bodies


def test_a_body_that_is_announced_as_too_large_is_not_read(administrator):
    response = administrator.generic(
        "POST", SECTORS, b"{}", content_type="application/json", CONTENT_LENGTH="50000000"
    )

    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_a_client_that_goes_away_while_it_sends_is_no_failure_of_the_server(administrator):
    class Interrupted(io.BytesIO):
        def read(self, *size):
            raise ConnectionResetError

    sent = {"CONTENT_LENGTH": "100", "wsgi.input": Interrupted()}
    response = administrator.generic("POST", SECTORS, b"", content_type="application/json", **sent)

    assert (response.status_code, response.json()["code"]) == (400, "parse_error")


@pytest.mark.django_db(transaction=True)  # the application closes a connection that is within one
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "物流"}, "201 Created"),
        ({"note": "x" * 6_000_000}, "413 Request Entity Too Large"),
    ],
    ids=["small", "large"],
)
def test_a_body_in_chunks_is_read_as_any_other(administrator, body, status):
    environ = RequestFactory().generic("POST", SECTORS).environ | {
        "CONTENT_TYPE": "application/json",
        "HTTP_AUTHORIZATION": administrator._credentials["HTTP_AUTHORIZATION"],
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": io.BytesIO(json.dumps(body).encode()),
        "wsgi.input_terminated": True,
    }
    answers = []

    application(environ, lambda line, headers: answers.append(line))

    assert answers == [status]


# Contention


@contextmanager
def held(row):
    """Have another connection change the row, and not be done."""
    begun, may_end = threading.Event(), threading.Event()

    def change():
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(note="held")
            begun.set()
            may_end.wait(10)
            transaction.set_rollback(True)
        connection.close()

    other = threading.Thread(target=change)
    other.start()
    assert begun.wait(10)
    try:
        yield
    finally:
        may_end.set()
        other.join()


@contextmanager
def impatient():
    """Have the database give up on a lock at once."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50" if is_sqlite else "SET lock_timeout = '50ms'")
        yield
        cursor.execute("PRAGMA busy_timeout = 20000" if is_sqlite else "RESET lock_timeout")


@pytest.mark.django_db(transaction=True)
def test_a_record_that_another_holds_is_busy_and_free_afterwards(administrator):
    sector = SectorFactory(note="")

    with held(sector), impatient():
        response = administrator.patch(address_of(sector), {"note": "x"})
        in_chinese = administrator.patch(
            address_of(sector), {"note": "x"}, headers={"accept-language": "zh-hant"}
        )
    afterwards = administrator.patch(address_of(sector), {"note": "x"})

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "1"
    assert response.json() == {
        "type": "about:blank",
        "title": "The registry is busy. Send the request again.",
        "status": 503,
        "code": "busy",
    }
    assert in_chinese.json()["code"] == "busy"
    assert re.search("[一-鿿]", in_chinese.json()["title"])
    assert afterwards.status_code == 200


def test_a_locked_sqlite_file_is_busy_and_a_missing_table_is_not(tmp_path):
    path = tmp_path / "locked.sqlite3"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("CREATE TABLE t (n)")
    holder.execute("BEGIN IMMEDIATE")
    entry = {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": {"timeout": 0.05}}
    other = ConnectionHandler({"default": entry})["default"]

    with pytest.raises(OperationalError) as locked:
        other.cursor().execute("INSERT INTO t VALUES (1)")
    with pytest.raises(OperationalError) as missing:
        other.cursor().execute("SELECT * FROM u")

    assert is_contention(locked.value)
    assert not is_contention(missing.value)
    other.close()
    holder.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database.")
def test_the_one_who_ends_a_deadlock_tries_again(administrator):
    """The API waits for the other's sector, and then the other for the API's project."""
    sector, project = SectorFactory(), ProjectFactory()
    holds, waiting = threading.Event(), []

    def other():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '1min'")  # the API's end comes first
            Sector.objects.select_for_update().get(pk=sector.pk)
            holds.set()
            while not waiting:
                cursor.execute(
                    "SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
                )
                waiting.extend(cursor.fetchall())
            Project.objects.select_for_update().get(pk=project.pk)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert holds.wait(10)
    response = administrator.patch(address_of(project), {"sectors": [sector.pk]})
    thread.join()

    assert response.status_code == 200
    assert [*project.sectors.all()] == [sector]
    assert Project.objects.get().version == project.version + 1
