"""Tokens in the admin: made for a program, shown once, and revoked."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from shuangta.api.models import ApiToken
from tests.admin.conftest import client_of
from tests.admin.forms import errors_of, opened, plain_text, url
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:shuangta_apitoken_changelist")
ADD = reverse("admin:shuangta_apitoken_add")
NO_EXPIRY = {"expires_at_0": "", "expires_at_1": ""}


@pytest.fixture
def administrator():
    return client_of(User.objects.create_superuser("admin"))


def make(client, **data):
    return client.post(ADD, opened(client, ADD) | NO_EXPIRY | data)


def key_in(response):
    return re.search(r'value="([\w-]{43})"', response.content.decode()).group(1)


def token_of(username, **columns):
    owner = User.objects.get_or_create(username=username)[0]
    ApiToken.issue(owner, f"program of {username}")
    token = ApiToken.objects.filter(user=owner).latest("pk")
    ApiToken.objects.filter(pk=token.pk).update(**columns)
    return ApiToken.objects.get(pk=token.pk)


def revoke_selected(client, *tokens, **more):
    selected = {"action": "revoke_selected", "_selected_action": [each.pk for each in tokens]}
    return client.post(LIST, selected | more, follow=True)


def test_an_editor_makes_a_token_that_acts_for_them(editor):
    hidden = ProjectFactory(is_published=False)

    response = make(editor, name="the spreadsheet", access="read")

    token = ApiToken.objects.get()
    owner = User.objects.get(username="editors")
    assert (token.user, token.name, token.access) == (owner, "the spreadsheet", "read")
    assert (token.expires_at, token.revoked_at) == (None, None)
    program = APIClient(headers={"authorization": f"Token {key_in(response)}"})
    assert program.get(f"/api/v1/projects/{hidden.pk}/").status_code == 200


def test_the_key_is_shown_once_and_stored_nowhere(editor):
    response = make(editor, name="the spreadsheet")

    key = key_in(response)
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    stored = [*ApiToken.objects.values_list(), *LogEntry.objects.values_list()]
    stored += [session.get_decoded() for session in Session.objects.all()]
    assert key not in str(stored) + str(response.cookies)
    for address in (LIST, url(ApiToken.objects.get()), url(ApiToken.objects.get(), "history")):
        page = editor.get(address)
        assert page.status_code == 200
        assert key not in page.content.decode()


def test_a_moment_that_has_passed_is_no_expiry(editor):
    response = make(editor, name="x", expires_at_0="2020-01-01", expires_at_1="00:00:00")

    assert errors_of(response) == ["This moment has passed."]
    assert not ApiToken.objects.exists()


def test_only_a_superuser_makes_tokens_for_others(administrator, editor):
    owner = User.objects.get(username="editors")
    administrators = User.objects.get(username="admin")

    make(administrator, name="for the editor", user=owner.pk)
    make(editor, name="for the administrator", user=administrators.pk)

    assert set(ApiToken.objects.values_list("name", "user__username")) == {
        ("for the editor", "editors"),
        ("for the administrator", "editors"),
    }


def test_no_token_is_made_for_a_user_who_left(administrator):
    gone = User.objects.create_user("gone", is_active=False)

    response = make(administrator, name="x", user=gone.pk)

    assert response.status_code == 200
    assert not ApiToken.objects.exists()


def test_the_list_tells_the_state_of_each_token(editor):
    now = timezone.now()
    valid = token_of("editors", expires_at=now + timedelta(days=1))
    expired = token_of("editors", expires_at=now)
    revoked = token_of("editors", expires_at=now, revoked_at=now)

    response = editor.get(LIST)

    assert list(response.context["cl"].result_list) == [revoked, expired, valid]
    assert [each.state for each in (valid, expired, revoked)] == ["valid", "expired", "revoked"]
    cells = re.findall(
        r'class="[^"]*field-coloured_state[^"]*".*?</td>', response.content.decode(), re.S
    )
    told = [re.sub(r"<[^>]+>|\s|.*>", "", each) for each in cells]
    assert told == ["Revoked", "Expired", "Valid"]


def test_one_sees_and_revokes_ones_own_tokens_only(editor):
    own, others = token_of("editors"), token_of("somebody")

    listed = editor.get(LIST)
    page = editor.get(url(others))
    revoked = editor.post(url(others, "revoke"), {"confirmed": "yes"})
    revoke_selected(editor, own, others, confirmed="yes")

    assert list(listed.context["cl"].result_list) == [own]
    assert page.status_code == 302
    assert revoked.status_code == 403
    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.state, others.state) == ("revoked", "valid")


def test_a_superuser_sees_and_revokes_everybodys(administrator, editor):
    tokens = [token_of("somebody"), token_of("editors")]

    listed = administrator.get(LIST)
    revoke_selected(administrator, *tokens, confirmed="yes")

    assert set(listed.context["cl"].result_list) == set(tokens)
    assert {each.state for each in ApiToken.objects.all()} == {"revoked"}


def test_a_token_is_revoked_on_its_page_after_a_question(editor):
    token = token_of("editors")
    address = url(token, "revoke")

    offered = editor.get(url(token))
    question = editor.get(address)
    asked = ApiToken.objects.get().state
    answered = editor.post(address, {"confirmed": "yes"}, follow=True)

    assert f'href="{address}"' in offered.content.decode()
    assert "program of editors (editors)" in plain_text(question)
    assert asked == "valid"
    assert "1 token was revoked." in plain_text(answered)
    assert ApiToken.objects.get().state == "revoked"
    assert f'href="{address}"' not in answered.content.decode()
    assert LogEntry.objects.get().get_change_message() == "Changed revoked at."


def test_selected_tokens_are_revoked_after_a_question_and_keep_the_moment_of_their_end(editor):
    before = timezone.now() - timedelta(days=2)
    valid, revoked = token_of("editors"), token_of("editors", revoked_at=before)

    question = revoke_selected(editor, valid, revoked)
    asked = ApiToken.objects.get(pk=valid.pk).state
    answered = revoke_selected(editor, valid, revoked, confirmed="yes")

    assert list(question.context["tokens"]) == [valid]
    assert asked == "valid"
    assert "1 token was revoked." in plain_text(answered)
    assert ApiToken.objects.get(pk=revoked.pk).revoked_at == before


def test_a_token_is_neither_changed_nor_deleted(administrator):
    token = token_of("admin")

    page = administrator.get(url(token))
    told = plain_text(page)
    changed = administrator.post(url(token), {"name": "another"})
    deleted = administrator.post(url(token, "delete"), {"post": "yes"})

    assert 'name="name"' not in page.content.decode()
    assert "program of admin" in told
    assert "State Valid" in told
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert ApiToken.objects.get() == token
    assert ApiToken.objects.get().name == "program of admin"


def test_the_tokens_of_a_user_go_with_the_user(administrator):
    token = token_of("somebody")

    response = administrator.post(url(token.user, "delete"), {"post": "yes"})

    assert response.status_code == 302
    assert not ApiToken.objects.filter(pk=token.pk).exists()


def test_one_without_rights_finds_no_tokens():
    client = client_of(User.objects.create_user("visitor", is_staff=True))
    token = token_of("visitor")

    answers = [client.get(LIST), client.get(ADD), client.post(url(token, "revoke"), {})]

    assert [each.status_code for each in answers] == [403, 403, 403]
