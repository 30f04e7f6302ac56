"""Which address a request comes from: the peer's, or the one that a trusted proxy names.

Whoever sends a request can write any header. Those that speak for somebody else count only where the peer is one of
``TRUSTED_PROXIES``, and of ``X-Forwarded-For`` only what trusted proxies have put at its end.
"""

import re
from ipaddress import IPv6Network, ip_address

from django.conf import settings

UNIX_SOCKET = "unix"
"""Stands among the trusted proxies for every peer without an address, which speaks over a unix socket."""

PORT = r"(?::[0-9]{1,5})?"
NODE = re.compile(rf"([0-9.]+){PORT}|\[([0-9a-f:.]+)\]{PORT}|([0-9a-f:.]+)", re.IGNORECASE)
COUNTED_PREFIX = 64  # What one subscriber is given of IPv6, to take addresses from at will.


def parse_address(node):
    """The address in ``192.0.2.1``, ``192.0.2.1:80``, ``2001:db8::1`` or ``[2001:db8::1]:80``; None in all else.

    An IPv4 address within IPv6 is the IPv4 address.
    """
    match = NODE.fullmatch(node.strip())
    try:
        address = ip_address(next(filter(None, match.groups()))) if match else None
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_trusted(address):
    """Whether what the peer at the address says of others counts; None is a peer without an address."""
    if address is None:
        return UNIX_SOCKET in settings.TRUSTED_PROXIES
    return any(address in each for each in settings.TRUSTED_PROXIES if each != UNIX_SOCKET)


def client_address(peer, forwarded_for):
    """Follow ``X-Forwarded-For`` from its end past trusted proxies to the client, or as far as it can be read."""
    address = peer
    for node in reversed(forwarded_for.split(",")):
        earlier = parse_address(node)
        if earlier is None or not is_trusted(address):
            return address
        address = earlier
    return address


def counted_address(request):
    """The address that a client is counted by, of IPv6 that of its network; None where it has no address."""
    address = parse_address(request.META.get("REMOTE_ADDR", ""))
    if address is None or address.version == 4:
        return address and str(address)
    return str(IPv6Network((address, COUNTED_PREFIX), strict=False).network_address)
