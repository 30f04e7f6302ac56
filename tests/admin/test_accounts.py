"""What an administrator does for others: lets them in, sees what they may do, and unlocks their names."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shuangta.api.models import ApiToken
from shuangta.records.models import record_models
from tests.admin.conftest import client_of
from tests.admin.forms import errors_of, opened, plain_text, url

pytestmark = pytest.mark.django_db

ACCOUNTS = reverse("admin:accounts")
ADD = reverse("admin:auth_user_add")
LOGIN = reverse("admin:login")
PASSWORD = "a-long-and-plain-password"


@pytest.fixture
def administrator():
    call_command("loaddata", "groups", verbosity=0)
    return client_of(User.objects.create_superuser("admin", last_login=timezone.now()))


def log_in(username, password):
    """What a browser gets that sends this name and password."""
    return Client(headers={"accept-language": "en"}).post(
        LOGIN, {"username": username, "password": password, "next": reverse("admin:index")}
    )


def marks(client, kind="users"):
    """What the page notes of each user or token."""
    rows = client.get(ACCOUNTS).context[kind]
    return {
        getattr(row.of, "name", str(row.of)): [words for words, _colour in row.marks]
        for row in rows
    }


def token_of(user, name, **columns):
    ApiToken.issue(user, name)
    ApiToken.objects.filter(name=name).update(**columns)


def test_a_new_user_logs_in_and_works_at_once(administrator):
    sent = opened(administrator, ADD)
    editors = Group.objects.get(name="Editors")

    response = administrator.post(
        ADD,
        sent
        | {"username": "wang", "last_name": "王", "groups": [editors.pk]}
        | {"password1": PASSWORD, "password2": PASSWORD},
    )

    assert response.status_code == 302
    assert log_in("wang", PASSWORD).status_code == 302
    user = User.objects.get(username="wang")
    assert (user.is_staff, user.is_superuser, user.last_name) == (True, False, "王")
    assert client_of(user).get(reverse("admin:projects_project_add")).status_code == 200


def test_a_password_that_is_too_short_is_refused(administrator):
    response = administrator.post(
        ADD,
        opened(administrator, ADD)
        | {"username": "wang", "password1": "short", "password2": "short"},
    )

    assert errors_of(response) == [
        "This password is too short. It must contain at least 12 characters."
    ]
    assert not User.objects.filter(username="wang").exists()


def test_the_page_tells_what_each_group_may_do_and_who_is_in_it(administrator):
    User.objects.create_user("wang").groups.add(Group.objects.get(name="Publishers"))
    readers = Group.objects.create(name="Readers")
    readers.permissions.set(Permission.objects.filter(codename__in=["view_place", "view_park"]))

    groups = {
        group.name: (dict(abilities), [str(user) for user in group.members])
        for group, abilities in administrator.get(ACCOUNTS).context["groups"]
    }

    records = ["See records", "Add records", "Change records", "Delete records"]
    everything = dict.fromkeys(records, "Yes") | {
        "Make tokens for programs": "Yes",
        "Keep users": "No",
    }
    publishing = "Publish records, and take them back"
    assert groups == {
        "Editors": (everything | {publishing: "No"}, []),
        "Publishers": (everything | {publishing: "Yes"}, ["wang"]),
        "Readers": (
            dict.fromkeys([*everything, publishing], "No")
            | {"See records": f"2 of {len(record_models())} types"},
            [],
        ),
    }


def test_the_page_notes_who_cannot_work_and_who_has_not_been_here(administrator):
    editors = Group.objects.get(name="Editors")
    now = timezone.now()
    for name, columns in {
        "at-work": {"is_staff": True, "last_login": now},
        "away": {"is_staff": True, "last_login": now - timedelta(days=91)},
        "closed": {"is_active": False},
        "outside": {"is_staff": False},
    }.items():
        User.objects.create_user(name, **columns).groups.add(editors)
    User.objects.create_user("idle", is_staff=True, last_login=now)

    assert marks(administrator) == {
        "admin": ["Superuser, may do everything"],
        "at-work": [],
        "away": ["Not logged in for 90 days"],
        "idle": ["In no group"],
        "outside": ["No staff, cannot open these pages", "Never logged in"],
        "closed": ["Closed"],
    }


def test_the_page_notes_which_tokens_should_be_looked_at(administrator):
    user, now = User.objects.create_user("wang"), timezone.now()
    late = now + timedelta(days=300)
    token_of(user, "expired", expires_at=now - timedelta(days=1))
    token_of(user, "expiring", expires_at=now + timedelta(days=10), last_used_at=now)
    token_of(user, "fresh", expires_at=late, last_used_at=now)
    token_of(user, "idle", expires_at=late, last_used_at=now - timedelta(days=91))
    token_of(user, "new", expires_at=None)
    token_of(user, "revoked", revoked_at=now)

    assert marks(administrator, "tokens") == {
        "expired": ["Expired"],
        "expiring": ["Expires within 30 days"],
        "fresh": [],
        "idle": ["Not used for 90 days"],
        "new": ["Valid for ever", "Never used"],
    }


def test_what_is_ticked_is_revoked_once_one_has_said_yes(administrator):
    token_of(User.objects.create_user("wang"), "old")
    token = ApiToken.objects.get()
    listed = reverse("admin:shuangta_apitoken_changelist")
    assert f'action="{listed}"' in administrator.get(ACCOUNTS).content.decode()
    sent = {"action": "revoke_selected", "_selected_action": [token.pk]}

    administrator.post(listed, sent)
    asked = ApiToken.objects.get().state
    administrator.post(listed, sent | {"confirmed": "yes"})

    assert (asked, ApiToken.objects.get().state) == ("valid", "revoked")


def test_to_revoke_what_is_ticked_with_nothing_ticked_says_so(administrator):
    token_of(User.objects.create_user("wang"), "old")
    page = administrator.get(ACCOUNTS).content.decode()
    form = page[page.index('action="/admin/shuangta/apitoken/"') :]
    hidden = re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form[: form.index("</form>")])

    answer = administrator.post(
        "/admin/shuangta/apitoken/", dict(hidden), headers={"accept-language": "zh-CN"}, follow=True
    )
    asked = administrator.post(
        "/admin/shuangta/apitoken/",
        dict(hidden) | {"_selected_action": [ApiToken.objects.get().pk]},
    )

    assert "条目必须选中以对其进行操作。没有任何条目被更改。" in plain_text(answer)
    assert "Revoke these tokens?" in plain_text(asked)
    assert ApiToken.objects.get().state == "valid"


def test_where_not_all_are_shown_the_page_says_how_many_there_are_and_leads_to_them(
    administrator, monkeypatch
):
    monkeypatch.setattr("shuangta.admin.accounts_view.MAX_ROWS", 2)
    for name in ("wang", "zhang"):
        token_of(User.objects.create_user(name), name)
    all_tokens = administrator.get(ACCOUNTS)
    token_of(User.objects.get(username="wang"), "another")

    page = administrator.get(ACCOUNTS)

    assert [str(row.of) for row in page.context["users"]] == ["admin", "wang"]
    assert "2 of 3 users are shown. The list of all users" in plain_text(page)
    assert '<a href="/admin/auth/user/">The list of all users</a>' in page.content.decode()
    assert "tokens that are not revoked are shown" not in plain_text(all_tokens)
    assert "2 of 3 tokens that are not revoked are shown. The list of all" in plain_text(page)
    listed = '<a href="/admin/shuangta/apitoken/">The list of all tokens</a>'
    assert listed in page.content.decode()


def test_a_name_that_is_locked_out_is_let_in_again(administrator):
    for name in ("wang", "other"):
        User.objects.create_user(name, password=PASSWORD, is_staff=True)
        for _time in range(10):
            refused = log_in(name, "a wrong password")
    locked = administrator.get(ACCOUNTS).context["lockouts"]

    answer = administrator.post(
        ACCOUNTS, {"username": "wang", "ip_address": "127.0.0.1"}, follow=True
    )

    assert "Locked out for a while" in plain_text(refused)
    assert [(each["username"], each["failures"]) for each in locked] == [
        ("other", 10),
        ("wang", 10),
    ]
    assert "“wang” may log in again." in plain_text(answer)
    assert [each["username"] for each in answer.context["lockouts"]] == ["other"]
    assert log_in("wang", PASSWORD).status_code == 302
    assert log_in("other", PASSWORD).status_code == 429


def test_a_permission_that_has_no_box_to_tick_is_kept(administrator):
    group = Group.objects.get(name="Editors")
    group.permissions.set(Permission.objects.filter(codename__in=["view_session", "view_project"]))
    ticked = Permission.objects.get(codename="change_project")

    administrator.post(url(group), {"name": "Editors", "permissions": [ticked.pk]})

    held = group.permissions.values_list("codename", flat=True)
    assert set(held) == {"view_session", "change_project"}


def test_who_stands_in_the_history_is_not_deleted(administrator, editor, project):
    editor.post(url(project), {**opened(editor, url(project)), "note": "By an editor."})
    user = User.objects.get(username="editors")

    page = administrator.post(url(user, "delete"), {"post": "yes"})

    assert "“editors” stands in the history" in plain_text(page)
    assert User.objects.filter(pk=user.pk).exists()


def test_a_lockout_that_has_ended_is_not_shown(administrator):
    for _time in range(10):
        log_in("wang", "a wrong password")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))

    assert administrator.get(ACCOUNTS).context["lockouts"] == []


def test_to_lift_no_lockout_says_so(administrator):
    for sent in ({"username": "wang", "ip_address": "127.0.0.1"}, {"username": "wang"}, {}):
        answer = administrator.post(ACCOUNTS, sent, follow=True)
        assert "is not locked out." in plain_text(answer)


def test_only_those_who_may_see_users_open_the_page_and_only_those_who_may_change_them_unlock(
    editor,
):
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_user"))
    looking = client_of(clerk)

    answers = [
        editor.get(ACCOUNTS),
        looking.get(ACCOUNTS),
        looking.post(ACCOUNTS, {"username": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 200, 403]
    assert "Add a user" not in plain_text(answers[1])
    assert answers[1].context["tokens"] == []


def test_a_person_changes_their_own_password(editor):
    user = User.objects.get(username="editors")
    user.set_password(PASSWORD)
    user.save()
    client = client_of(user)
    address = reverse("admin:password_change")

    assert f'href="{address}"' in client.get(reverse("admin:index")).content.decode()
    other = "another-long-and-plain-password"
    client.post(address, {"old_password": PASSWORD, "new_password1": other, "new_password2": other})

    assert (log_in("editors", PASSWORD).status_code, log_in("editors", other).status_code) == (
        200,
        302,
    )


def test_the_page_to_log_in_says_whom_to_ask(client):
    page = plain_text(client.get(LOGIN, headers={"accept-language": "en"}))

    assert "Forgotten your password? Ask the administrator of the registry" in page


def test_a_user_s_page_offers_the_groups_to_be_ticked(administrator):
    page = administrator.get(url(User.objects.get(username="admin"))).content.decode()

    assert page.count('type="checkbox" name="groups"') == 2
