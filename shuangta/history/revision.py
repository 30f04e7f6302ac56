"""Revisions: what a row held from a moment on, and who made it so."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuangta.db.code_fields import MAX_LENGTH
from shuangta.history.context import MAX_REASON


class Revision(models.Model):
    """One version of one row: what it held from a moment on, and who made it so."""

    class Action(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")

    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("record type")
    )
    object_id = models.CharField(_("record"), max_length=MAX_LENGTH)
    content_object = GenericForeignKey()
    owner_type = models.ForeignKey(
        ContentType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("owner type"),
    )
    owner = models.CharField(_("owner"), max_length=MAX_LENGTH, null=True, blank=True)
    belongs_to = GenericForeignKey("owner_type", "owner")
    version = models.PositiveIntegerField(_("version"))
    action = models.CharField(_("kind"), max_length=10, choices=Action)
    created_at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,  # a history without its names tells nobody who did it
        null=True,
        blank=True,
        related_name="revisions",
        verbose_name=_("actor"),
    )
    reason = models.CharField(_("reason"), max_length=MAX_REASON, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    batch = models.BigIntegerField(_("batch"), null=True, blank=True)
    """The number of what was written at once: a request, an import, a command; null where it is older than these."""
    state = models.JSONField(_("state"), encoder=DjangoJSONEncoder)

    altered = frozenset()
    """The parts of the state that are other than before, of a revision that is being made."""

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-created_at", "-id"]
        permissions = [("publish", _("Can publish records"))]
        constraints = [
            models.UniqueConstraint(
                name="revision_once_per_version", fields=["content_type", "object_id", "version"]
            )
        ]
        indexes = [
            models.Index(name="revision_by_time", fields=["created_at", "id"]),
            # The row's type is in it since SQLite would take the index of that before one of the owner alone.
            models.Index(name="revision_by_owner", fields=["owner_type", "owner", "content_type"]),
        ]

    def __str__(self):
        return f"{self.object_id} {self.version}"

    @property
    def title(self):
        """What the row was titled then; None where nothing stood in the column that titles such rows."""
        model = ContentType.objects.get_for_id(self.content_type_id).model_class()
        return self.state.get(getattr(model, "title_field", None))
