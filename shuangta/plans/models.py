"""Imports that an editor has been shown and has not confirmed yet."""

import json
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuangta.history.context import MAX_REASON

KEPT_FOR = timedelta(days=1)


class ProposedImportQuerySet(models.QuerySet):
    """Proposed imports, by what can still become of them."""

    def current(self):
        """Those that are less than a day old; nobody is shown an older one."""
        return self.filter(made_at__gt=timezone.now() - KEPT_FOR)

    def waiting(self):
        """Those that can still be confirmed or dropped."""
        return self.current().exclude(rows=[])


class ProposedImport(models.Model):
    """A sheet that a user sent, and what the preview said of each row.

    Once it is applied, neither is kept; that it is done is known for a day, so that a second press can be told so.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    record_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=MAX_REASON)
    sheet = models.JSONField()
    rows = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ProposedImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed import")
        verbose_name_plural = _("proposed imports")
        default_permissions = ()

    def __str__(self):
        return self.reason

    @property
    def is_done(self):
        """Whether it was applied; a sheet without rows is never proposed."""
        return not self.rows

    @property
    def digest(self):
        """The same as long as the same is shown. A database may order the names within a row anew."""
        return sha256(json.dumps(self.rows, sort_keys=True).encode()).hexdigest()

    def finish(self):
        """Keep no more of it than that it is done."""
        self.sheet, self.rows = {}, []
        self.save()

    @classmethod
    def forget_old(cls):
        cls.objects.filter(made_at__lte=timezone.now() - KEPT_FOR).delete()
