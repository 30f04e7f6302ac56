"""Seeds: what was published, and which words state which value."""

from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class SeedsConfig(AppConfig):
    name = "seeds"
    verbose_name = _("Sources")

    def ready(self):
        from seeds.evidence import indexing
        from shuangta.history.models import revisioned_models
        from shuangta.history.signals import rows_written

        for model in revisioned_models():
            rows_written.connect(indexing.after_write, sender=model)
            post_delete.connect(indexing.after_delete, sender=model)
