"""Requests that may be repeated: what each was answered, kept for a day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotentRequest(models.Model):
    """One POST that a client marked with an ``Idempotency-Key``, and its answer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of address and body."))
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("repeatable request")
        verbose_name_plural = _("repeatable requests")
        constraints = [
            models.UniqueConstraint(name="idempotency_key_once", fields=["user", "key"]),
        ]

    def __str__(self):
        return self.key
