"""Settings that the environment states in a form of their own; one that cannot be meant stops the start."""

import re
from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured

from shuangta.proxies import UNIX_SOCKET

RATE = re.compile(r"[1-9][0-9]{0,8}/(sec|min|hour|day)")
ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")


def rate(env, name, default):
    """How many requests in which time, such as ``600/min``; None where there is no limit."""
    stated = env.str(name, default=default)
    if not stated:
        return None
    if not RATE.fullmatch(stated):
        raise ImproperlyConfigured(
            f"{name} is a number of requests and a time: 10/sec, 600/min, 5000/hour or 90000/day."
        )
    return stated


def origins(env, name):
    """Where pages that may call the API come from, as browsers name it: ``https://map.example``."""
    stated = env.str(name, default="")
    listed = [each.strip() for each in stated.split(",")] if stated else []
    for each in listed:
        if not ORIGIN.fullmatch(each):
            raise ImproperlyConfigured(
                f"{name} lists scheme://host, in lower case and without a path; “{each}” is not that."
            )
    return listed


def proxies(env, name, default):
    """Whose forwarding headers count: networks of addresses, and ``unix`` for a peer on a unix socket."""
    stated = env.str(name, default=default)
    listed = [each.strip() for each in stated.split(",")] if stated else []
    try:
        return [each if each == UNIX_SOCKET else ip_network(each) for each in listed]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} lists addresses, networks and “unix”, divided by commas: {error}."
        ) from error
