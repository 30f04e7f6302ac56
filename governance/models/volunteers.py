"""Volunteers: the categories of teams, and the teams. Never a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.grid import Department
from shuangta.records.models import NamedRecord


class VolunteerCategory(NamedRecord):
    """What a kind of volunteer team does."""

    class Meta(NamedRecord.Meta):
        verbose_name = _("volunteer category")
        verbose_name_plural = _("volunteer categories")


class VolunteerTeam(NamedRecord):
    """A volunteer service team of a district."""

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="volunteer_teams",
        verbose_name=_("district"),
    )
    category = models.ForeignKey(
        VolunteerCategory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="teams",
        verbose_name=_("category"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteer_teams",
        verbose_name=_("department"),
    )
    member_count = models.PositiveIntegerField(
        _("members"), null=True, blank=True, help_text=_("Persons.")
    )

    editorial_fields = NamedRecord.editorial_fields | {"district"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("volunteer team")
        verbose_name_plural = _("volunteer teams")
