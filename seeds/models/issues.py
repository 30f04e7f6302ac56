"""What is to be seen to in the evidence: an issue for each field whose words and value do not go together.

The issues follow from the records and their citations alone: they have no history, stand in no backup, and can be
made again.
"""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuangta.db.code_fields import CodeField


class EvidenceIssueQuerySet(models.QuerySet):
    def of(self, model):
        content_types = ContentType.objects.db_manager(self.db)
        return self.filter(record_type=content_types.get_for_model(model))


class EvidenceIssue(models.Model):
    """One thing to be seen to in the evidence of one field of one record."""

    class Kind(models.TextChoices):
        UNSOURCED = "unsourced", _("Without a source")
        CHANGED = "changed", _("Changed since cited")
        DISAGREEING = "disagreeing", _("Sources disagree")
        INFERRED = "inferred", _("Inferred")

    record_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    record = CodeField(_("record"))
    marked = GenericForeignKey("record_type", "record")
    field = models.CharField(_("field"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    objects = EvidenceIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence issue")
        verbose_name_plural = _("evidence issues")
        constraints = [
            models.UniqueConstraint(
                name="evidence_issue_once", fields=["record_type", "record", "field", "kind"]
            )
        ]
        indexes = [
            models.Index(name="evidence_issue_by_kind", fields=["record_type", "kind", "record"])
        ]

    def __str__(self):
        return f"{self.record}.{self.field}: {self.kind}"
