"""Names that are locked out at an address after wrong passwords, and letting them in again.

Nobody is locked out by what others do elsewhere: at an address from which no wrong password came, the right one
always counts. Wrong passwords from many addresses only leave each of them fewer.
"""

import math

from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.db.models import Max, Sum
from django.shortcuts import render
from django.utils import timezone

from shuangta.http.proxies import counted_address

MAX_FAILURES, MIN_FAILURES = 10, 2
"""Wrong passwords for one name at one address: at peace, and while many other addresses try the name."""
FAILURES_ELSEWHERE = 10  # cost one of them


def recent_attempts():
    """The attempts with wrong passwords that still count."""
    return AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - get_cool_off())


def limit_beside(elsewhere):
    """How many wrong passwords lock an address out where others have given so many for the name."""
    return max(MIN_FAILURES, MAX_FAILURES - elsewhere // FAILURES_ELSEWHERE)


def failure_limit(request, credentials):
    """How many wrong passwords for the name lock out the address that asks now."""
    attempts = recent_attempts().filter(username=get_client_username(request, credentials))
    elsewhere = attempts.exclude(ip_address=counted_address(request))
    return limit_beside(elsewhere.aggregate(count=Sum("failures_since_start"))["count"] or 0)


def lockout_response(request, response, credentials):
    """Says that the name is locked out here, and for how many seconds more."""
    username = get_client_username(request, credentials)
    here = recent_attempts().filter(username=username, ip_address=counted_address(request))
    now = timezone.now()
    last = here.aggregate(last=Max("attempt_time"))["last"] or now
    answer = render(request, "locked_out.html", status=429)
    answer["Retry-After"] = max(1, math.ceil((last + get_cool_off() - now).total_seconds()))
    return answer


def lockouts():
    """Each name with the address at which it is locked out now, and when that ends."""
    by_address = (
        recent_attempts().order_by("username", "ip_address").values("username", "ip_address")
    )
    failures = by_address.annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    by_name = {}
    for each in failures:
        by_name[each["username"]] = by_name.get(each["username"], 0) + each["failures"]
    return [
        {**each, "until": each["last"] + get_cool_off()}
        for each in failures
        if each["failures"] >= limit_beside(by_name[each["username"]] - each["failures"])
    ]


def lift(username, ip_address):
    """Let the name log in again from that address; tell whether it was locked out."""
    return bool(username and ip_address) and reset(username=username, ip=ip_address) > 0
