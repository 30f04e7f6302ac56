"""Who asks, and whether they may: tokens beside the session, and Django's permissions of each model."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import SessionAuthentication as BareSessionAuthentication
from rest_framework.authentication import TokenAuthentication as HeaderAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, DjangoModelPermissionsOrAnonReadOnly

from shuangta.api.models import ApiToken, digest_of
from shuangta.api.protocol.throttling import count_stranger
from shuangta.records.visibility import view_permission

USE_NOTED_EVERY = timedelta(hours=1)  # Noted at each use, reading would be writing.


OTHER_HEADERS = {
    *("X-API-Key", "API-Key", "ApiKey", "X-API-Token", "X-Auth-Token", "X-Access-Token"),
    *("X-Token", "X-Authorization", "Private-Token", "Proxy-Authorization"),
}
OTHER_PARAMETERS = {"api_key", "apikey", "access_token", "auth_token", "token"}

IN_ADDRESS = _("An address is no place for a key: logs keep it. Send “Authorization: Token …”.")


class TokenAuthentication(HeaderAuthentication):
    """``Authorization: Token …``; who sends a key in any way means to be known, and is never taken for nobody."""

    def authenticate(self, request):
        try:
            known = super().authenticate(request)
            if OTHER_PARAMETERS & {name.lower() for name in request.query_params}:
                raise AuthenticationFailed(IN_ADDRESS)
            if known is None and sends_key(request):
                raise AuthenticationFailed(_("Send the key as “Authorization: Token …”."))
        except AuthenticationFailed:
            count_stranger(request)
            raise
        return known

    def authenticate_credentials(self, key):
        tokens = ApiToken.objects.usable().select_related("user")
        token = tokens.filter(digest=digest_of(key)).first()
        if token is None:
            raise AuthenticationFailed(_("The token is not known, or no longer valid."))
        now = timezone.now()
        if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token


def sends_key(request):
    return any(name in request.headers for name in ("Authorization", *OTHER_HEADERS))


class SessionAuthentication(BareSessionAuthentication):
    """The session of the admin, which a page of another site must not be able to write with."""

    def enforce_csrf(self, request):
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            message = _("A session writes with the header X-CSRFToken only; programs send a token.")
            raise PermissionDenied(message, code="csrf_failed") from error


class RegistryPermissions(DjangoModelPermissionsOrAnonReadOnly):
    """Anyone reads what is published; writing needs the model's permission, and a token that may write.

    It also needs the permission to view what it writes, and the records that these name in lists of codes: who
    sees but a part of a list would replace the whole of it.
    """

    def has_permission(self, request, view):
        is_reader = isinstance(request.auth, ApiToken) and request.auth.access == "read"
        if is_reader and request.method not in SAFE_METHODS:
            raise PermissionDenied(_("This token only reads."), code="token_reads_only")
        return super().has_permission(request, view)

    def get_required_permissions(self, method, model_cls):
        needed = super().get_required_permissions(method, model_cls)
        if method in SAFE_METHODS:
            return needed
        listed = [field.related_model for field in model_cls._meta.many_to_many]
        return [*needed, *(view_permission(model) for model in (model_cls, *listed))]
