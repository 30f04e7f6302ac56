"""Districts: where things are, and what is counted."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DistrictsConfig(AppConfig):
    name = "districts"
    verbose_name = _("Places and figures")

    def ready(self):
        from districts.figures.queries import rename_in_queries
        from shuangta.records.rename import code_renamed

        code_renamed.connect(rename_in_queries)
