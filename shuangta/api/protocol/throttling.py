"""How much one may ask: each user, and each address from which nobody in particular asks.

A rate counts units; ``rates`` says how many a request costs, which is known when it is answered. Who has a unit
left is answered, whatever that costs, and what it costs beyond the rate is forgiven.
Every server process counts by itself, in memory: where several serve, up to that many times the rate passes.
Addresses are those that logins are counted by.
"""

import math

from rest_framework.exceptions import Throttled
from rest_framework.throttling import SimpleRateThrottle

from shuangta.api.protocol.rates import counting
from shuangta.http.proxies import counted_address


class CostThrottle(SimpleRateThrottle):
    """Counts a request as it comes, and what more it costs when it is answered."""

    def throttle_success(self):
        counting.get().append(self)
        return super().throttle_success()

    def throttle_failure(self):
        counting.get().append(self)
        return super().throttle_failure()

    def charge(self, units):
        """Count so many units more; the latest stand first."""
        self.now = self.timer()
        counted = [each for each in self.cache.get(self.key, []) if each > self.now - self.duration]
        if units > 0:
            counted = ([self.now] * units + counted)[: self.num_requests]
            self.cache.set(self.key, counted, self.duration)
        self.history = counted

    def policy(self):
        return f'"{self.scope}";q={self.num_requests};w={self.duration}'

    def remaining(self):
        """How many units are left, and in how many seconds there are more."""
        left = self.num_requests - len(self.history)
        oldest = self.history[-1] if self.history else self.now
        seconds = max(1, math.ceil(oldest + self.duration - self.now))
        return f'"{self.scope}";r={left};t={seconds}'


class AddressThrottle(CostThrottle):
    """Counts by address, whoever asks."""

    scope = "anonymous"

    def get_cache_key(self, request, view):
        return self.cache_format % {"scope": self.scope, "ident": counted_address(request)}


class AnonymousThrottle(AddressThrottle):
    """Counts by address those who are not known."""

    def get_cache_key(self, request, view):
        return None if request.user.is_authenticated else super().get_cache_key(request, view)


class UserThrottle(CostThrottle):
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
