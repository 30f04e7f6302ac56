"""What the API keeps: tokens, of which only a digest is stored, and the answers to requests that may be repeated."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuangta.db.text_fields import SingleLineField


class ApiTokenQuerySet(models.QuerySet):
    def usable(self):
        """The tokens that are neither expired nor revoked, of users who may log in."""
        unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
        return self.filter(unexpired, revoked_at__isnull=True, user__is_active=True)

    def revoke(self):
        """End the tokens now; one that was revoked before keeps its moment."""
        return self.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())


class ApiToken(models.Model):
    """A key with which a program may do what one user may, or only read what that user may see."""

    class Access(models.TextChoices):
        READ = "read", _("Read only")
        WRITE = "write", _("Read and write")

    class State(models.TextChoices):
        VALID = "valid", _("Valid")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("user"),
    )
    name = SingleLineField(_("name"), max_length=100, help_text=_("What uses the token."))
    access = models.CharField(_("access"), max_length=5, choices=Access, default=Access.WRITE)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(
        _("expires at"), null=True, blank=True, help_text=_("Empty when it is valid for ever.")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self):
        return f"{self.name} ({self.user})"

    @property
    def state(self):
        if self.revoked_at:
            return self.State.REVOKED
        if self.expires_at and self.expires_at <= timezone.now():
            return self.State.EXPIRED
        return self.State.VALID

    @classmethod
    def issue(cls, user, name, expires_at=None, access=Access.WRITE):
        """Make a token and return its key, which cannot be read again."""
        key = new_key()
        cls.objects.create(
            user=user, name=name, digest=digest_of(key), expires_at=expires_at, access=access
        )
        return key


def new_key():
    return secrets.token_urlsafe(32)


def digest_of(key):
    return hashlib.sha256(key.encode()).hexdigest()


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
