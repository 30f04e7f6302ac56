"""Imports that an editor has been shown and has not confirmed yet."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuangta.history import MAX_REASON

KEPT_FOR = timedelta(days=1)


class ProposedImport(models.Model):
    """A sheet that a user sent, and what the preview said of each row. It is gone once it is applied, or a day old."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    record_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=MAX_REASON)
    sheet = models.JSONField()
    rows = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("proposed import")
        verbose_name_plural = _("proposed imports")
        default_permissions = ()

    def __str__(self):
        return self.reason

    @classmethod
    def forget_old(cls):
        cls.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()
