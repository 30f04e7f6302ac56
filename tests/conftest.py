"""The clients that ask and write: nobody, users with and without rights, each through the real door."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient
from xdist.scheduler import LoadScopeScheduling

from shuangta.api.models import ApiToken

APPS = ("seeds", "districts", "projects", "governance")


SHARING_A_SERVER = (
    "tests/browser/",
    "tests/test_malformed.py",
    "tests/test_servers.py",
    "tests/test_nginx.py",
)


class Sharing(LoadScopeScheduling):
    """Gives a free worker the next test, or all those that share a server and a browser."""

    def _split_scope(self, nodeid):
        return next((each for each in SHARING_A_SERVER if nodeid.startswith(each)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Sharing(config, log)


def pytest_configure():
    # The names of static files have no hash where none are collected.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # or each takes long
    settings.WHITENOISE_AUTOREFRESH = True  # or each test's client reads the folder of static files
    settings.READ_SECONDS = 60  # a busy machine refuses nothing


def client_of(user):
    """A client that sends a token of the user and reads English."""
    client = APIClient(headers={"accept-language": "en"})
    client.credentials(HTTP_AUTHORIZATION=f"Token {ApiToken.issue(user, 'tests')}")
    client.user = user
    return client


def permissions(*actions):
    """The rights to do these things with every record: view, add, change, delete."""
    return [
        each
        for each in Permission.objects.filter(content_type__app_label__in=APPS)
        if each.codename.split("_")[0] in actions
    ]


@pytest.fixture
def anonymous():
    return APIClient(headers={"accept-language": "en"})


@pytest.fixture
def stranger(db):
    """Logged in, and allowed nothing."""
    return client_of(User.objects.create_user("stranger"))


@pytest.fixture
def reader(db):
    """May see what is not published."""
    user = User.objects.create_user("reader")
    user.user_permissions.set(permissions("view"))
    return client_of(user)


@pytest.fixture
def editor(db):
    """May see and write every record, and publish none."""
    user = User.objects.create_user("editor")
    user.user_permissions.set(permissions("view", "add", "change", "delete"))
    return client_of(user)


@pytest.fixture
def publisher(db):
    """May also publish."""
    user = User.objects.create_user("publisher")
    user.user_permissions.set(permissions("view", "add", "change", "delete"))
    user.user_permissions.add(Permission.objects.get(codename="publish"))
    return client_of(user)
