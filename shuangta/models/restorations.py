"""When the registry was restored from a backup: from then on its history is another."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Restoration(models.Model):
    """One restore of a backup, which replaced all that there was. It stands in no backup itself."""

    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("restoration")
        verbose_name_plural = _("restorations")

    def __str__(self):
        return self.at.isoformat()
