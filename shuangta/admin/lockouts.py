"""Names that are locked out after too many wrong passwords, and letting them in again."""

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import Max, Sum
from django.utils import timezone


def lockouts():
    """Each name with the address at which it is locked out now, and when that ends."""
    cool_off = get_cool_off()
    attempts = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - cool_off)
    by_name = attempts.values("username", "ip_address").annotate(
        failures=Sum("failures_since_start"), last=Max("attempt_time")
    )
    locked = by_name.filter(failures__gte=settings.AXES_FAILURE_LIMIT).order_by("username", "last")
    return [{**each, "until": each["last"] + cool_off} for each in locked]


def lift(username, ip_address):
    """Let the name log in again from that address; tell whether it was locked out."""
    return bool(username and ip_address) and reset(username=username, ip=ip_address) > 0
