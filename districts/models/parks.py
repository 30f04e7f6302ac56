"""Public parks with their gardens, and industrial parks with their buildings.

A 公园 is for strolling, a 园区 for making things: two models, though English calls both a park.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.models.divisions import District
from shuangta.db import constraints
from shuangta.db.text_fields import SingleLineField
from shuangta.records.models import NamedRecord, Record


class Park(NamedRecord):
    """A public park (公园). What it cost is the amount of the project that built it."""

    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="parks", verbose_name=_("district")
    )
    area = models.DecimalField(
        _("area"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Square metres of ground."),
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    opened_on_latest = models.DateField(_("opened on, last possible day"), null=True, blank=True)
    former_use = SingleLineField(
        _("former use"),
        max_length=200,
        null=True,
        blank=True,
        help_text=_("What stood there before, as worded."),
    )

    units = {"area": "m2"}
    editorial_fields = NamedRecord.editorial_fields | {"district"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        constraints = [
            constraints.not_negative("park_area_not_negative", "area"),
            constraints.in_order("park_opened_in_order", "opened_on", "opened_on_latest"),
        ]


class Garden(NamedRecord):
    """A garden or square inside a public park."""

    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, related_name="gardens", verbose_name=_("park")
    )
    position = models.PositiveSmallIntegerField(_("position"))

    editorial_fields = NamedRecord.editorial_fields | {"park", "position"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("garden")
        verbose_name_plural = _("gardens")
        ordering = ["park", "position", "code"]

    def code_words(self):
        return [self.park_id, self.name]


class IndustrialPark(NamedRecord):
    """An industrial or science park (园区)."""

    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="industrial_parks",
        verbose_name=_("district"),
        help_text=_("Empty for a partner outside the registered districts."),
    )
    theme = SingleLineField(_("theme"), max_length=200, null=True, blank=True)
    floor_area = models.DecimalField(
        _("floor area"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Square metres, of all buildings together."),
    )
    goal = models.TextField(
        _("goal"), null=True, blank=True, help_text=_("What the park is to become, as worded.")
    )
    partners = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="partner_of",
        verbose_name=_("partners"),
        help_text=_("The parks and zones that it works with or seeks to work with."),
    )

    units = {"floor_area": "m2"}
    editorial_fields = NamedRecord.editorial_fields | {"district"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("industrial park")
        verbose_name_plural = _("industrial parks")
        constraints = [constraints.not_negative("industrial_park_area_not_negative", "floor_area")]


class BuildingGroup(Record):
    """The buildings of one kind in an industrial park, counted."""

    class Kind(models.TextChoices):
        STANDARD_FACTORY = "standard_factory", _("Standard factory building")
        RESEARCH = "research", _("Research building")
        DORMITORY = "dormitory", _("Dormitory")
        OTHER = "other", _("Other")

    class WorksState(models.TextChoices):
        PLANNED = "planned", _("Planned")
        UNDER_CONSTRUCTION = "under_construction", _("Under construction")
        STRUCTURE_COMPLETED = "structure_completed", _("Main structure completed")
        COMPLETED = "completed", _("Completed")

    industrial_park = models.ForeignKey(
        IndustrialPark,
        on_delete=models.PROTECT,
        related_name="building_groups",
        verbose_name=_("industrial park"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    count = models.PositiveIntegerField(
        _("count"), null=True, blank=True, help_text=_("Buildings.")
    )
    works_state = models.CharField(
        _("state of the works"), max_length=20, choices=WorksState, null=True, blank=True
    )

    kind_field = "kind"
    searched_relations = ("industrial_park",)
    editorial_fields = Record.editorial_fields | {"industrial_park"}

    class Meta(Record.Meta):
        verbose_name = _("building group")
        verbose_name_plural = _("building groups")
        constraints = [
            models.UniqueConstraint(
                name="building_group_once_per_kind",
                fields=["industrial_park", "kind"],
                violation_error_message=_("The park's buildings of this kind are counted already."),
            )
        ]

    def __str__(self):
        return f"{self.industrial_park} · {self.get_kind_display()}"

    def code_words(self):
        return [self.industrial_park_id, self.kind.replace("_", " ")]
