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

from shuangta.proxies import counted_address

MOST_FAILURES, LEAST_FAILURES = 10, 2
"""Wrong passwords for one name at one address: at peace, and while many other addresses try the name."""
FAILURES_ELSEWHERE = 10  # cost one of them


def recent_failures():
    """The wrong passwords that still count, by name and address, and when the last of each was given."""
    attempts = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - get_cool_off())
    by_name = attempts.order_by("username", "ip_address").values("username", "ip_address")
    return by_name.annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))


def limit_beside(elsewhere):
    """How many wrong passwords lock an address out where others have given so many for the name."""
    return max(LEAST_FAILURES, MOST_FAILURES - elsewhere // FAILURES_ELSEWHERE)


def failure_limit(request, credentials):
    username = get_client_username(request, credentials)
    others = recent_failures().filter(username=username)
    others = others.exclude(ip_address=counted_address(request))
    return limit_beside(sum(each["failures"] for each in others))


def lockout_response(request, response, credentials):
    """Says that the name is locked out here, and for how many seconds more."""
    username = get_client_username(request, credentials)
    here = recent_failures().filter(username=username, ip_address=counted_address(request)).first()
    until = here["last"] + get_cool_off() if here else timezone.now()
    answer = render(request, "locked_out.html", status=429)
    answer["Retry-After"] = max(1, math.ceil((until - timezone.now()).total_seconds()))
    return answer


def lockouts():
    """Each name with the address at which it is locked out now, and when that ends."""
    failures = list(recent_failures())
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
