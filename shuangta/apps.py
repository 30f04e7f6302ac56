"""The kernel: what every record of the registry is and does."""

from django.apps import AppConfig
from django.contrib.admin import apps as django_admin
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save, pre_save
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "shuangta"
    default = True
    verbose_name = _("Registry")

    def ready(self):
        from shuangta.db import lookups
        from shuangta.db.deletion import protect_many_to_many
        from shuangta.history import tracking, trees
        from shuangta.history.models import revisioned_models
        from shuangta.history.signals import rows_written
        from shuangta.operations import consistency
        from shuangta.records.models import record_models
        from shuangta.search import index

        lookups.register()
        for model in record_models():
            for field in model._meta.many_to_many:
                protect_many_to_many(field)
            rows_written.connect(index.after_write, sender=model)
            post_delete.connect(index.after_delete, sender=model)
        for model in revisioned_models():
            # Who listens to every table makes Django delete rows one by one in every table.
            post_delete.connect(tracking.after_delete, sender=model)
        pre_save.connect(tracking.before_save)
        post_save.connect(tracking.after_save)
        # The rows of a batch are locked before the tree that they stand in, those of a save likewise.
        for model in revisioned_models():
            post_save.connect(trees.after_save, sender=model)
        post_migrate.connect(consistency.after_migrate, sender=self)
        m2m_changed.connect(tracking.after_relations_changed)


class RegistryAdminConfig(django_admin.AdminConfig):
    """Django's own admin, on the site of the registry."""

    default = False
    default_site = "shuangta.admin.site.RegistryAdminSite"

    def ready(self):
        super().ready()
        # The package of the admin imports none of its modules; these register the kernel's own models.
        from shuangta.admin import accounts, revisions, tokens  # noqa: F401
