"""Places: where things stand, and the roles that the plans give them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.models.divisions import District
from shuangta.db import constraints
from shuangta.history.trees import Tree
from shuangta.records.models import NamedRecord, Progress, Record


class Place(NamedRecord):
    """Somewhere in a district that a source names: a street, a commercial circle, a market, a square.

    What is being built is a project; where it stands is a place. The same name may be both.
    """

    class Kind(models.TextChoices):
        AXIS = "axis", _("Axis")
        STREET = "street", _("Street")
        CIRCLE = "circle", _("Commercial circle")
        AGGLOMERATION = "agglomeration", _("Agglomeration area")
        BELT = "belt", _("Belt")
        CLUSTER = "cluster", _("Cluster")
        MARKET = "market", _("Market")
        INCUBATOR = "incubator", _("Incubator")
        MAKER_BASE = "maker_base", _("Maker base")
        SQUARE = "square", _("Square")
        MALL = "mall", _("Mall")
        WHARF = "wharf", _("Wharf")
        PARK = "park", _("Park used as a street of trade")
        RIVER = "river", _("River")
        LOGISTICS_CENTRE = "logistics_centre", _("Logistics centre")
        FINANCIAL_CENTRE = "financial_centre", _("Financial centre")
        VILLAGES = "villages", _("Group of villages")
        OTHER = "other", _("Other")

    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="places", verbose_name=_("district")
    )
    within = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contains",
        verbose_name=_("within"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    goal = models.TextField(
        _("goal"), null=True, blank=True, help_text=_("What the place is to become, as worded.")
    )
    floor_area = models.DecimalField(
        _("floor area"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Square metres."),
    )
    state = models.CharField(_("state"), max_length=12, choices=Progress, null=True, blank=True)

    trees = (Tree("within"),)
    kind_field = "kind"
    units = {"floor_area": "m2"}
    editorial_fields = NamedRecord.editorial_fields | {"district", "kind"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            constraints.not_negative("place_area_not_negative", "floor_area"),
            constraints.not_itself("place_not_within_itself", "within"),
        ]


class PlaceRole(Record):
    """What a plan makes of a place: the axis, one of the four circles, a night-economy street, a venue."""

    class Role(models.TextChoices):
        AXIS = "axis", _("Axis")
        COMMERCIAL_CIRCLE = "commercial_circle", _("Commercial circle")
        PLAN_AREA = "plan_area", _("Area of the plan")
        PLAN_STREET = "plan_street", _("Street of the plan")
        NIGHT_AGGLOMERATION = "night_agglomeration", _("Night-economy agglomeration")
        NIGHT_AXIS = "night_axis", _("Night-economy axis")
        NIGHT_CIRCLE = "night_circle", _("Night-economy circle")
        NIGHT_BELT = "night_belt", _("Night-economy belt")
        NIGHT_STREET = "night_street", _("Night-economy street")
        PILOT = "pilot", _("Pilot")
        VENUE = "venue", _("Venue")

    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="roles", verbose_name=_("place")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    status = models.CharField(_("status"), max_length=12, choices=Progress, null=True, blank=True)

    kind_field = "role"
    searched_relations = ("place",)
    editorial_fields = Record.editorial_fields | {"place"}

    class Meta(Record.Meta):
        verbose_name = _("place role")
        verbose_name_plural = _("place roles")
        constraints = [
            models.UniqueConstraint(
                name="place_role_once",
                fields=["place", "role"],
                violation_error_message=_("The place has this role already."),
            )
        ]

    def __str__(self):
        return f"{self.place} · {self.get_role_display()}"

    def code_words(self):
        return [self.place_id, self.role.replace("_", " ")]
