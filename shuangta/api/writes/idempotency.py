"""``Idempotency-Key``: a POST that is sent again is answered as it was, and writes nothing more.

The key is kept in the transaction of the write itself, so neither exists without the other; a second request
with the same key waits for the first. The draft of the IETF's httpapi group names the header.
"""

import json
import re
from datetime import timedelta
from hashlib import sha256

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from shuangta.api.models import IdempotentRequest
from shuangta.api.problems import invalid
from shuangta.api.protocol.renderers import JSONRenderer

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("Location", "ETag")
SHAPE = re.compile(r"[\x21-\x7e]{1,255}")


class KeyReused(APIException):
    """The key was given to another request before (409)."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("This Idempotency-Key was given to another request.")
    default_code = "idempotency_key_reused"


def claim_key(request):
    """Keep the request under its key. Returns the kept request, whose answer stands where it was sent before.

    None where no key is given. Raises KeyReused where the key belongs to another request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if request.method != "POST":
        raise invalid(
            HEADER, _("Only a POST takes a key; the others may be repeated as they are."), "invalid"
        )
    if not SHAPE.fullmatch(key):
        raise invalid(
            HEADER, _("A key has from 1 to 255 ASCII characters and no space."), "invalid"
        )
    now = timezone.now()
    IdempotentRequest.objects.filter(user=request.user, at__lt=now - KEPT_FOR).delete()
    fresh = IdempotentRequest(
        user=request.user, key=key, digest=digest_of(request), status=0, headers={}, body="", at=now
    )
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        kept = IdempotentRequest.objects.get(user=request.user, key=key)
        if kept.digest != fresh.digest:
            raise KeyReused from None
        return kept
    return fresh


def digest_of(request):
    body = json.dumps(request.data, sort_keys=True, cls=DjangoJSONEncoder)
    return sha256(f"{request.get_full_path()}\n{body}".encode()).hexdigest()


def store_answer(kept, response):
    kept.status = response.status_code
    kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    kept.body = JSONRenderer().render(response.data).decode()
    kept.save()


def stored_answer(kept):
    response = Response(json.loads(kept.body), kept.status, headers=kept.headers)
    response["Idempotency-Replayed"] = "true"
    return response
