"""Somebody can always log in, and a password is printed once."""

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

pytestmark = pytest.mark.django_db

PRINTED = re.compile(
    r"Log in at http://127\.0\.0\.1:8123/admin/ as admin with the password (\S{16}) "
    r"\(shown only now\)\.\n"
)


@pytest.fixture(autouse=True)
def port(settings):
    settings.PORT = 8123


def ensure_admin(**options):
    out = io.StringIO()
    call_command("ensure_admin", stdout=out, **options)
    return out.getvalue()


def log_in(client, password):
    client.logout()
    client.post("/admin/login/", {"username": "admin", "password": password})
    return client.get("/admin/").status_code == 200


def test_the_printed_password_logs_a_superuser_in(client):
    password = PRINTED.fullmatch(ensure_admin()).group(1)

    assert log_in(client, password)
    assert User.objects.get().is_superuser


def test_where_a_superuser_is_active_nothing_is_made():
    User.objects.create_superuser("chief")

    assert ensure_admin() == "A superuser is there already; its password is as it was.\n"
    assert [user.username for user in User.objects.all()] == ["chief"]


def test_an_account_that_was_closed_is_not_opened_unasked():
    User.objects.create_superuser("admin", is_active=False)

    out = ensure_admin()

    assert (
        out == "No superuser is active, and “admin” is none: ensure_admin --reset makes it one.\n"
    )
    assert not User.objects.get().is_active


def test_a_reset_gives_the_account_another_password_and_lets_it_in_again(client):
    first = PRINTED.fullmatch(ensure_admin()).group(1)
    for _attempt in range(10):
        log_in(client, "a wrong password")
    assert not log_in(client, first)

    second = PRINTED.fullmatch(ensure_admin(reset=True)).group(1)

    assert log_in(client, second)
    assert not log_in(client, first)
    assert User.objects.count() == 1
