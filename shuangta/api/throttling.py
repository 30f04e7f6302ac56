"""How often one may ask: each user, and each address from which nobody in particular asks.

Every server process counts by itself, in memory: where several serve, up to that many times the rate passes.
Addresses are those that logins are counted by.
"""

from rest_framework.exceptions import Throttled
from rest_framework.throttling import SimpleRateThrottle

from shuangta.proxies import counted_address


class AddressThrottle(SimpleRateThrottle):
    """Counts by address, whoever asks."""

    scope = "anonymous"

    def get_cache_key(self, request, view):
        return self.cache_format % {"scope": self.scope, "ident": counted_address(request)}


class AnonymousThrottle(AddressThrottle):
    """Counts by address those who are not known."""

    def get_cache_key(self, request, view):
        return None if request.user.is_authenticated else super().get_cache_key(request, view)


class UserThrottle(SimpleRateThrottle):
    """Counts by user, over all tokens and sessions."""

    scope = "user"

    def get_cache_key(self, request, view):
        if not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}


def count_stranger(request):
    """Count a request whose key is wrong, which is refused before any other count. Raises Throttled."""
    throttle = AddressThrottle()
    if not throttle.allow_request(request, None):
        raise Throttled(throttle.wait())
