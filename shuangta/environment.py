"""The settings that the environment states; one that cannot be meant stops the start with a sentence."""

import os
import re
from difflib import get_close_matches
from ipaddress import ip_address, ip_network
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from shuangta.http.proxies import UNIX_SOCKET

PREFIX = "SHUANGTA_"
BOOLEANS = {"true": True, "yes": True, "on": True, "1": True} | {
    "false": False, "no": False, "off": False, "0": False,
}  # fmt: skip
LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
IPV6 = r"\[[0-9a-f:.]+\]"
HOST = re.compile(rf"\.?{LABEL}(\.{LABEL})*|{IPV6}", re.IGNORECASE)
ORIGIN = re.compile(rf"https?://({LABEL}(\.{LABEL})*|{IPV6})(:[1-9][0-9]{{0,4}})?")
RATE = re.compile(r"[1-9][0-9]{0,8}/(sec|min|hour|day)")
DATABASES = ("sqlite", "postgres", "postgresql")
CONNECTION = {"ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"}


class Environment:
    """Reads settings by name, and knows in the end which names nobody has read.

    Blanks around a value mean nothing. Every reader raises ImproperlyConfigured, which names the variable.
    """

    def __init__(self, variables=os.environ):
        self.variables = variables
        self.known = set()

    def __contains__(self, name):
        return name in self.variables

    def text(self, name, default=""):
        self.known.add(name)
        return self.variables.get(name, default).strip()

    def boolean(self, name, default):
        stated = self.text(name, str(default)).lower()
        if stated not in BOOLEANS:
            raise ImproperlyConfigured(f"{name} is true or false, not “{stated}”.")
        return BOOLEANS[stated]

    def number(self, name, default, least=0, most=2**31 - 1):
        """A whole number from ``least`` to ``most``."""
        stated = self.text(name, str(default))
        is_number = stated.isascii() and stated.isdecimal()
        if not is_number or not least <= int(stated) <= most:
            raise ImproperlyConfigured(
                f"{name} is a whole number from {least} to {most}, not “{stated}”."
            )
        return int(stated)

    def choice(self, name, default, choices):
        stated = self.text(name, default)
        if stated not in choices:
            raise ImproperlyConfigured(f"{name} is {' or '.join(choices)}, not “{stated}”.")
        return stated

    def folder(self, name, default):
        """An absolute path; ``~`` is the home of the user."""
        path = Path(self.text(name, str(default))).expanduser()
        if not path.is_absolute():
            raise ImproperlyConfigured(f"{name} is an absolute path, not “{path}”.")
        return path

    def address(self, name, default):
        """An IP address of this machine, or the one that means all of them."""
        stated = self.text(name, default)
        try:
            return str(ip_address(stated))
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} is an IP address, not “{stated}”.") from error

    def hosts(self, name, default=()):
        """Host names as Django allows them, ``.example`` for all below it too; never all hosts there are."""
        form = "host names or addresses, divided by commas, without scheme, port or path"
        return self.split_list(name, ",".join(default), HOST, form)

    def origins(self, name):
        """Where pages come from, as browsers name it: ``https://map.example``."""
        form = "scheme://host, in lower case and without a path, divided by commas"
        return self.split_list(name, "", ORIGIN, form)

    def split_list(self, name, default, pattern, form):
        stated = self.text(name, default)
        items = [item.strip() for item in stated.split(",")] if stated else []
        for item in items:
            if not pattern.fullmatch(item):
                raise ImproperlyConfigured(f"{name} lists {form}; “{item}” is not that.")
        return items

    def proxies(self, name, default):
        """Whose forwarding headers count: networks of addresses, and ``unix`` for a peer on a unix socket."""
        stated = self.text(name, default)
        listed = [each.strip() for each in stated.split(",")] if stated else []
        try:
            return [each if each == UNIX_SOCKET else ip_network(each) for each in listed]
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} lists addresses, networks and “unix”, divided by commas: {error}."
            ) from error

    def rate(self, name, default):
        """How many requests in which time, such as ``600/min``; None where there is no limit."""
        stated = self.text(name, default)
        if stated and not RATE.fullmatch(stated):
            raise ImproperlyConfigured(
                f"{name} is a number of requests and a time: 10/sec, 600/min, 5000/hour or 90000/day."
            )
        return stated or None

    def database(self, name, default):
        """Django's settings of the database that an address names; SQLite and PostgreSQL are supported."""
        stated = self.text(name, default)
        form = f"{name} is sqlite:////path/to/file or postgres://user:password@host/name"
        scheme, _divider, address = stated.partition("://")
        if scheme not in DATABASES:
            raise ImproperlyConfigured(f"{form}; no other database than these two is supported.")
        if scheme == "sqlite" and (address[:1] != "/" or address == "/"):
            raise ImproperlyConfigured(f"{form}; the path of a file begins after three slashes.")
        try:
            database = environ.Env.db_url_config(stated)
        except ValueError as error:  # Its message may show the password.
            signs = "“@:/?#%” in a password are written as %40 %3A %2F %3F %23 %25"
            raise ImproperlyConfigured(f"{form}; this one cannot be read. {signs}.") from error
        if not database["NAME"]:
            raise ImproperlyConfigured(f"{form}; this one names no database.")
        refuse_unknown_options(name, database)
        return database

    def refuse_unknown(self, *others):
        """Refuse a name of ours that neither was read nor is one of the others."""
        ours = {name for name in self.known.union(others) if name.startswith(PREFIX)}
        for name in sorted(self.variables):
            if name.startswith(PREFIX) and name not in ours:
                endings = [each.removeprefix(PREFIX) for each in sorted(ours)]
                nearest = get_close_matches(name.removeprefix(PREFIX), endings, n=1)
                hint = f" Did you mean {PREFIX}{nearest[0]}?" if nearest else ""
                raise ImproperlyConfigured(f"{name} is not a setting.{hint}")


def refuse_unknown_options(name, database):
    """Refuse what follows the “?” of an address unless it is for the driver: the rest is the registry’s own."""
    options = database.get("OPTIONS", {})
    ours = sorted(database.keys() - CONNECTION)
    if ours:
        raise ImproperlyConfigured(f"{name}: {ours[0].lower()} is not an option of a connection.")
    if options and database["ENGINE"].endswith("sqlite3"):
        raise ImproperlyConfigured(f"{name}: a SQLite file takes no options.")
    if not options:
        return
    from psycopg import ProgrammingError  # SQLite does without the driver.
    from psycopg.conninfo import make_conninfo

    try:
        make_conninfo(**options)
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"{name}: {str(error).strip()}.") from error
