"""Tokens: a program writes for a user, with a key that is shown once."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from shuangta.api.models import ApiToken
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return User.objects.create_superuser("owner")


def issue(*arguments, **options):
    out = io.StringIO()
    call_command("issue_token", *arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue().strip()


def client_with(key):
    client = APIClient(headers={"accept-language": "en"})
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


def test_a_key_does_what_its_user_may(owner):
    hidden = ProjectFactory(is_published=False)

    key = issue("owner", "the spreadsheet")

    response = client_with(key).get("/api/v1/projects/")
    assert [project["code"] for project in response.json()["results"]] == [hidden.code]


def test_only_a_digest_of_the_key_is_stored(owner):
    key = issue("owner", "the spreadsheet")

    token = ApiToken.objects.get()
    assert (token.user, token.name, token.expires_at) == (owner, "the spreadsheet", None)
    assert len(key) == 43
    assert key not in str(ApiToken.objects.values_list())


def test_a_key_is_valid_for_as_many_days_as_were_given(owner):
    key = issue("owner", "the spreadsheet", days=30)

    token = ApiToken.objects.get()
    assert token.expires_at - timezone.now() == pytest.approx(
        timedelta(days=30), abs=timedelta(minutes=1)
    )
    assert client_with(key).get("/api/v1/projects/").status_code == 200


def test_an_expired_key_is_refused(owner):
    key = issue("owner", "the spreadsheet", days=30)
    ApiToken.objects.update(expires_at=timezone.now())

    response = client_with(key).get("/api/v1/projects/")

    assert response.status_code == 401
    assert response.json()["title"] == "The token is not known, or no longer valid."


def test_the_key_of_a_user_who_left_is_refused(owner):
    key = issue("owner", "the spreadsheet")
    User.objects.update(is_active=False)

    assert client_with(key).get("/api/v1/projects/").status_code == 401


def test_no_token_is_issued_for_a_user_who_is_not_there(owner):
    with pytest.raises(CommandError, match="There is no active user “nobody”"):
        issue("nobody", "the spreadsheet")

    assert not ApiToken.objects.exists()


def test_no_token_is_issued_for_less_than_a_day(owner):
    with pytest.raises(CommandError, match="for a day or more"):
        issue("owner", "the spreadsheet", days=0)

    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_key_that_only_reads_writes_nothing(owner, method):
    project = ProjectFactory(is_published=False)
    program = client_with(issue("owner", "the statistics", read_only=True))

    refused = getattr(program, method)(f"/api/v1/projects/{project.pk}/", {"name": "x"})

    assert refused.status_code == 403
    assert refused.json() == {
        "type": "about:blank",
        "title": "This token only reads.",
        "status": 403,
        "code": "token_reads_only",
    }
    assert program.get(f"/api/v1/projects/{project.pk}/").json()["name"] == project.name


def test_a_revoked_key_is_refused(owner):
    key = issue("owner", "the spreadsheet")

    ApiToken.objects.revoke()

    response = client_with(key).get("/api/v1/projects/")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")


@pytest.mark.parametrize("sent", ["Bearer {key}", "Basic {key}", "{key}", "Token", "Token {key} x"])
def test_who_sends_a_key_in_another_way_is_not_taken_for_nobody(owner, sent):
    ProjectFactory()
    header = sent.format(key=issue("owner", "the spreadsheet"))

    response = APIClient().get("/api/v1/projects/", headers={"authorization": header})

    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")


def test_the_last_use_is_noted_once_an_hour(owner):
    key = issue("owner", "the spreadsheet")
    now = timezone.now()
    recent, long_ago = now - timedelta(minutes=59), now - timedelta(minutes=61)
    noted = []

    for last_used_at in (None, recent, long_ago):
        ApiToken.objects.update(last_used_at=last_used_at)
        client_with(key).get("/api/v1/projects/")
        noted.append(ApiToken.objects.get().last_used_at)

    assert noted[1] == recent
    assert noted[0] >= now
    assert noted[2] >= now
