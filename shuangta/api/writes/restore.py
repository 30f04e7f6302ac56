"""Restoring over the API: a row takes the values of one of its versions, or comes back after its deletion."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.decorators import action

from shuangta.api.fields import WholeNumberField
from shuangta.api.parameters import endpoint
from shuangta.api.problems import from_model, invalid
from shuangta.api.protocol.authentication import RegistryPermissions
from shuangta.api.writes.requests import (
    DRY_RUN,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    REASON,
    one_write,
    refuse_if_match,
)
from shuangta.history.context import audit_context, change_reason
from shuangta.query.resources import address_of
from shuangta.query.suggestions import unknown_names
from shuangta.records.restore import deletions, restore_deleted, restore_version, revisions_of
from shuangta.records.visibility import may_publish


class RestoringPermissions(RegistryPermissions):
    """A row that exists is changed, a deleted one added again."""

    def has_permission(self, request, view):
        exists = view.queryset.model._base_manager.filter(pk=view.kwargs["pk"]).exists()
        self.perms_map = self.perms_map | {"POST": self.perms_map["PATCH" if exists else "POST"]}
        return super().has_permission(request, view)


class RestoreSerializer(serializers.Serializer):
    """Which version; of a deleted row, the last where none is named."""

    version = WholeNumberField(required=False, min_value=1, max_value=2**31 - 1)

    def to_internal_value(self, data):
        values = super().to_internal_value(data)
        errors = unknown_names(
            data, list(self.fields), _("There is no such field."), "unknown_field"
        )
        if errors:
            raise serializers.ValidationError({name: [each] for name, each in errors.items()})
        return values


class RestoreMixin:
    """``restore/`` of a row."""

    @action(detail=True, methods=["post"], permission_classes=[RestoringPermissions])
    @endpoint(parameters=[DRY_RUN, REASON, IDEMPOTENCY_KEY, IF_MATCH])
    @one_write
    def restore(self, request, pk):
        """Give the row the values of an earlier version, or make it again after its deletion."""
        body = RestoreSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        number = body.validated_data.get("version")
        deletion = deletions(self.queryset.model).filter(object_id=pk).first()
        row = None if deletion else self.lock_row()
        if row and number is None:
            raise invalid("version", _("Say which version to restore."), "required")
        version = self.version_named(number) if number else None
        reason = _("Version %(version)s restored.") if number else _("Restored after deletion.")
        with change_reason(audit_context.get().reason or reason % {"version": number}):
            return self.restore_row(row, version) if row else self.restore_again(deletion, version)

    def version_named(self, number):
        version = (
            revisions_of(self.queryset.model, self.kwargs["pk"]).filter(version=number).first()
        )
        if version is None:
            raise invalid("version", _("There is no version %d.") % number, "no_such_version")
        return version

    def restore_row(self, row, version):
        with model_errors():
            restore_version(row, version, may_publish(self.request.user))
        return self.build_response(self.get_serializer(self.get_object()), status.HTTP_200_OK)

    def restore_again(self, deletion, version):
        refuse_if_match(self.request)
        with model_errors():
            row = restore_deleted(deletion, may_publish(self.request.user), version)
        headers = {"Location": self.request.build_absolute_uri(address_of(row))}
        return self.build_response(
            self.get_serializer(self.get_object()), status.HTTP_201_CREATED, headers
        )


@contextmanager
def model_errors():
    """Tell in the API's form what a model refuses."""
    try:
        yield
    except ValidationError as error:
        raise from_model(error) from error
