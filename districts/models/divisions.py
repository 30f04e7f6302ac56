"""Administrative divisions, by official code."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuangta.db import constraints
from shuangta.history.trees import Tree
from shuangta.records.models import NamedRecord
from shuangta.records.visibility import may_view


class District(NamedRecord):
    """One official code's life: a division of any level, from province to village.

    The code is that of GB/T 2260 (six digits) or the statistical code of the township or village (nine or
    twelve digits) where one is known.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province")
        PREFECTURE = "prefecture", _("Prefecture-level city")
        COUNTY = "county", _("County or district")
        TOWNSHIP = "township", _("Subdistrict, town or township")
        VILLAGE = "village", _("Village or community")

    level = models.CharField(_("level"), max_length=12, choices=Level)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="divisions",
        verbose_name=_("belongs to"),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )

    trees = (Tree("parent", rank="level"), Tree("replaced_by"))
    kind_field = "level"
    editorial_fields = NamedRecord.editorial_fields | {"level"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        constraints = [
            constraints.in_order("district_validity_in_order", "valid_from", "valid_until"),
            constraints.not_itself("district_not_its_own_part", "parent"),
            constraints.not_itself("district_not_its_own_successor", "replaced_by"),
        ]

    def code_words(self):
        return [self.parent_id or "", self.name]

    @classmethod
    def within(cls, code, user):
        """The division with this code and everything below it, down the five levels, as far as the user may see.

        What lies below a division that the user may not see lies, to this user, below none.
        """
        below, between = Q(code=code), Q()
        for depth in range(1, len(cls.Level)):
            parent = "__".join(["parent"] * depth)
            below |= between & Q(**{parent: code})
            if not may_view(user, cls):
                between &= Q(**{f"{parent}__is_published": True})
        return cls.objects.visible_to(user).filter(below)
