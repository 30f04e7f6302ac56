"""Who builds: the branches of the economy, and the enterprises."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuangta.db import constraints
from shuangta.history.trees import Tree
from shuangta.records.models import NamedRecord


class Sector(NamedRecord):
    """A branch of the economy, as the sources name it."""

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("belongs to"),
    )

    trees = (Tree("parent"),)
    editorial_fields = NamedRecord.editorial_fields | {"parent"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        constraints = [constraints.not_itself("sector_not_its_own_branch", "parent")]


class Enterprise(NamedRecord):
    """A company, group or institution that works in a district or takes part in its projects."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        GROUP = "group", _("Group of companies")
        INTERNET = "internet", _("Internet company")
        INSTITUTION = "institution", _("Institution")

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name=_("district"),
        help_text=_("Empty for a partner from elsewhere, and when no source states it."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    uscc = models.CharField(
        _("unified social credit code"),
        max_length=18,
        null=True,
        blank=True,
        unique=True,
        validators=[
            RegexValidator(
                r"^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}\Z",
                _("A unified social credit code has 18 characters, as GB 32100 lays down."),
                code="uscc_shape",
            )
        ],
        help_text=_("GB 32100; 18 characters."),
    )
    sectors = models.ManyToManyField(
        Sector, blank=True, related_name="enterprises", verbose_name=_("sectors")
    )
    industrial_park = models.ForeignKey(
        "districts.IndustrialPark",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name=_("industrial park"),
    )
    is_leading_firm = models.BooleanField(
        _("is the park’s leading firm"),
        null=True,
        blank=True,
        help_text=_("Empty when no source says so."),
    )

    kind_field = "kind"
    editorial_fields = NamedRecord.editorial_fields | {"district", "kind"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
