"""Tokens: how a program says which user it writes for. Only a digest is stored."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import TokenAuthentication as HeaderAuthentication
from rest_framework.exceptions import AuthenticationFailed


class ApiToken(models.Model):
    """A key with which a program may do what one user may."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("user"),
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("What uses the token."))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self):
        return f"{self.name} ({self.user})"

    @classmethod
    def issue(cls, user, name, expires_at=None):
        """Make a token and return its key, which cannot be read again."""
        key = secrets.token_urlsafe(32)
        cls.objects.create(user=user, name=name, digest=digest_of(key), expires_at=expires_at)
        return key


def digest_of(key):
    return hashlib.sha256(key.encode()).hexdigest()


class TokenAuthentication(HeaderAuthentication):
    """``Authorization: Token …``"""

    def authenticate_credentials(self, key):
        usable = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
        token = (
            ApiToken.objects.filter(usable, digest=digest_of(key), user__is_active=True)
            .select_related("user")
            .first()
        )
        if token is None:
            raise AuthenticationFailed(_("The token is not known, or no longer valid."))
        return token.user, token
