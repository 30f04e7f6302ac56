"""What the rules of derived data were when they were last applied."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DerivedRules(models.Model):
    """By which rules everything derived was made when the registry was last migrated."""

    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("rules of what is derived")
        verbose_name_plural = _("rules of what is derived")

    def __str__(self):
        return self.digest
