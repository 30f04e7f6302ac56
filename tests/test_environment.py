"""The environment: what a setting cannot mean stops the start, with a sentence that names it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from shuangta.environment import Environment

DATABASE_FORM = "DATABASE_URL is sqlite:////path/to/file or postgres://user:password@host/name"
PASSWORD_SIGNS = "“@:/?#%” in a password are written as %40 %3A %2F %3F %23 %25."


def refusal(read, **stated):
    """The sentence with which the environment refuses what it states."""
    with pytest.raises(ImproperlyConfigured) as refused:
        read(Environment(stated))
    return str(refused.value)


@pytest.mark.parametrize(
    ("stated", "meant"),
    [("true", True), ("YES", True), (" on ", True), ("0", False), ("no", False)],
)
def test_a_boolean_is_stated_in_plain_words(stated, meant):
    assert Environment({"X": stated}).boolean("X", default=not meant) is meant


@pytest.mark.parametrize("stated", ["ture", "", "2", "真"])
def test_no_other_word_is_a_boolean(stated):
    told = refusal(lambda env: env.boolean("X", default=True), X=stated)

    assert told == f"X is true or false, not “{stated}”."


@pytest.mark.parametrize("stated", ["-1", "1.5", "", "ten", "101", "１"])
def test_a_number_is_whole_and_within_its_bounds(stated):
    assert Environment({"X": "100"}).number("X", default=3, most=100) == 100
    told = refusal(lambda env: env.number("X", default=3, most=100), X=stated)

    assert told == f"X is a whole number from 0 to 100, not “{stated}”."


def test_hosts_are_listed_with_commas_and_blanks_mean_nothing():
    stated = " a.example, .b.example ,[2001:db8::1],192.0.2.1"

    assert Environment({"X": stated}).hosts("X") == [
        "a.example",
        ".b.example",
        "[2001:db8::1]",
        "192.0.2.1",
    ]


@pytest.mark.parametrize(
    "item", ["*", "https://a.example", "a.example:80", "a.example/", "a b", ""]
)
def test_what_is_no_host_and_what_is_every_host_is_refused(item):
    told = refusal(lambda env: env.hosts("X"), X=f"good.example,{item}")

    assert told == (
        "X lists host names or addresses, divided by commas, without scheme, port or path; "
        f"“{item}” is not that."
    )


@pytest.mark.parametrize("stated", ["foo", "", "mysql://u@h/n", "oracle://u@h/n"])
def test_a_database_of_another_kind_is_refused(stated):
    told = refusal(lambda env: env.database("DATABASE_URL", default=""), DATABASE_URL=stated)

    assert told == f"{DATABASE_FORM}; no other database than these two is supported."


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ("sqlite://var/x", f"{DATABASE_FORM}; the path of a file begins after three slashes."),
        ("sqlite:///", f"{DATABASE_FORM}; the path of a file begins after three slashes."),
        ("sqlite:////x?timeout=3", "DATABASE_URL: a SQLite file takes no options."),
        ("postgres://u:p@h", f"{DATABASE_FORM}; this one names no database."),
        ("postgres://u:a/b@h/n", f"{DATABASE_FORM}; this one cannot be read. {PASSWORD_SIGNS}"),
        ("postgres://u:p@h:x/n", f"{DATABASE_FORM}; this one cannot be read. {PASSWORD_SIGNS}"),
        (
            "postgres://u:p@h/n?autocommit=false",
            "DATABASE_URL: autocommit is not an option of a connection.",
        ),
        ("postgres://u:p@h/n?foo=1", 'DATABASE_URL: invalid connection option "foo".'),
    ],
)
def test_an_address_that_leads_to_no_database_is_refused(stated, reason):
    told = refusal(lambda env: env.database("DATABASE_URL", default=""), DATABASE_URL=stated)

    assert told == reason


def test_a_database_is_read_with_its_options():
    stated = "postgres://user:p%40ss@host:5433/name?sslmode=require"

    read = Environment({"DATABASE_URL": stated}).database("DATABASE_URL", default="")

    assert (read["USER"], read["PASSWORD"], read["HOST"]) == ("user", "p@ss", "host")
    assert (read["PORT"], read["NAME"], read["OPTIONS"]) == (5433, "name", {"sslmode": "require"})


def test_a_name_that_nobody_reads_is_told_with_the_nearest():
    def read_debug(env):
        env.boolean("SHUANGTA_DEBUG", default=False)
        env.refuse_unknown("SHUANGTA_BROWSER")

    assert read_debug(Environment({"SHUANGTA_BROWSER": "required", "OTHERS": "1"})) is None
    assert refusal(read_debug, SHUANGTA_DEBG="1") == (
        "SHUANGTA_DEBG is not a setting. Did you mean SHUANGTA_DEBUG?"
    )
    assert refusal(read_debug, SHUANGTA_WEATHER="1") == "SHUANGTA_WEATHER is not a setting."


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["manage.py", "serve"],
        ["manage.py", "nonsense"],
        ["-c", "import shuangta.wsgi"],
    ],
)
def test_a_wrong_setting_is_one_sentence_and_no_traceback(command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=os.environ | {"SHUANGTA_SSL_REDIRECT": "ture"},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "The settings are wrong: SHUANGTA_SSL_REDIRECT is true or false, not “ture”.\n",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["elsewhere.example", "a b", "x/y", "", "127.0.0.1:x"])
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_who_watches_the_process_is_answered_whatever_the_host(client, settings, address, host):
    settings.ALLOWED_HOSTS = ["registry.example"]
    settings.SECURE_SSL_REDIRECT = True

    response = client.get(address, headers={"host": host})

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert client.post(address, headers={"host": host}).status_code == 405


@pytest.mark.django_db
def test_sqlite_waits_until_the_disk_holds_a_write():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL waits by itself.")
    with connection.cursor() as cursor:
        level = cursor.execute("PRAGMA synchronous").fetchone()

    assert level == (2,)  # FULL
