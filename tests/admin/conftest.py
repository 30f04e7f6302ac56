"""Those who sit at the admin, and what they find there."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client

from districts.models import District
from projects.models import Project
from seeds.models import Article, Citation, Document, Passage


def client_of(user):
    """A browser in which the user is logged in, and reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def member_of(group):
    call_command("loaddata", "groups", verbosity=0)
    user = User.objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def one_who_may(*codenames):
    """A browser of somebody who has these rights and no others."""
    user = User.objects.create_user("-".join(codenames), is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return client_of(user)


@pytest.fixture
def editor(db):
    return client_of(member_of("Editors"))


@pytest.fixture
def publisher(db):
    return client_of(member_of("Publishers"))


@pytest.fixture
def district(db):
    return District.objects.create(code="211302", name="双塔区", level="county")


@pytest.fixture
def project(district):
    return Project.objects.create(
        code="211302-wanda-plaza",
        name="万达广场",
        district=district,
        kind="construction",
        total_investment=30_000_000,
    )


@pytest.fixture
def passage(db):
    text = "萬達廣場由雙塔區建設，總投資1.2億元。"
    document = Document.objects.create(
        code="page",
        title="Page",
        kind="newspaper_page",
        published_on="2021-09-29",
        rights="Quoted.",
        text=text,
    )
    article = Article.objects.create(code="page-a01", document=document, position=1, kind="feature")
    return Passage.objects.create(
        code="page-p01", article=article, position=1, kind="body", text=text, start=0
    )


def cite(record, field, value, passage, quote):
    return Citation.objects.create(
        cited=record, field=field, value=value, passage=passage, quote=quote
    )
