"""Users and groups in the admin: what each may do, told in the words of the registry."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from tests.admin.conftest import client_of
from tests.admin.forms import opened, plain_text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db):
    return client_of(User.objects.create_superuser("administrator"))


@pytest.fixture
def group(db):
    group = Group.objects.create(name="Readers")
    codenames = ["view_project", "view_place", "publish"]
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    return group


def test_a_permission_is_told_by_the_kind_of_record_and_the_deed(administrator, group):
    page = plain_text(administrator.get(url(group)))

    assert "Project: may view" in page
    assert "Can publish records" in page
    assert "Can view" not in page
    assert "session" not in page.lower()


def test_a_group_keeps_what_is_ticked(administrator, group):
    data = opened(administrator, url(group))
    extra = Permission.objects.get(codename="add_project")
    ticked = [*group.permissions.values_list("pk", flat=True), extra.pk]

    response = administrator.post(url(group), {**data, "permissions": ticked})

    assert response.status_code == 302
    assert sorted(group.permissions.values_list("codename", flat=True)) == [
        "add_project",
        "publish",
        "view_place",
        "view_project",
    ]


def test_a_user_is_given_groups_by_ticking_them(administrator, group):
    user = User.objects.create_user("reader")
    address = reverse("admin:auth_user_change", args=[user.pk])
    data = opened(administrator, address)

    response = administrator.post(address, {**data, "groups": [group.pk]})

    assert response.status_code == 302
    assert list(user.groups.all()) == [group]


def test_a_group_is_deleted_by_its_name_and_not_permission_by_permission(administrator, group):
    asked = administrator.get(url(group, "delete"))
    response = administrator.post(url(group, "delete"), {"post": "yes"})

    assert [str(count) for count in asked.context["model_count"]] == ["('groups', 1)"]
    assert "Readers" in plain_text(asked)
    assert "permission" not in plain_text(asked)
    assert response.status_code == 302
    assert not Group.objects.filter(name="Readers").exists()
    assert Permission.objects.filter(codename="view_project").exists()
