"""Grid management: the departments and their service items, the platforms, and the grids themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuangta.db import constraints
from shuangta.db.text_fields import SingleLineField
from shuangta.history.trees import Tree
from shuangta.records.models import NamedRecord, Progress


class Department(NamedRecord):
    """An office of a district: a bureau, an administration, a service centre."""

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="departments",
        verbose_name=_("district"),
    )
    official_name = SingleLineField(
        _("official name"),
        max_length=200,
        null=True,
        blank=True,
        help_text=_(
            "In full, where the source gives a short form; empty when no source states it."
        ),
    )
    in_grid_management = models.BooleanField(
        _("takes part in grid management"),
        null=True,
        blank=True,
        help_text=_("Empty when no source says so."),
    )

    searched_fields = (*NamedRecord.searched_fields, "official_name")
    editorial_fields = NamedRecord.editorial_fields | {"district"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")


class ServiceItem(NamedRecord):
    """One matter that a department manages or serves through the grids (管理服务事项)."""

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="service_items",
        verbose_name=_("department"),
    )
    in_grid_management = models.BooleanField(
        _("is handled in grid management"), null=True, blank=True
    )

    class Meta(NamedRecord.Meta):
        verbose_name = _("service item")
        verbose_name_plural = _("service items")

    def code_words(self):
        return [self.department_id, self.name]


class Platform(NamedRecord):
    """A platform that serves or steers the district: grid management, approval, recruitment."""

    class Kind(models.TextChoices):
        GRID_MANAGEMENT = "grid_management", _("Grid management")
        APPROVAL = "approval", _("Approval")
        SERVICE = "service", _("Government service")
        RECRUITMENT = "recruitment", _("Recruitment")
        SHOPPING = "shopping", _("Shopping")

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="platforms",
        verbose_name=_("district"),
    )
    operator = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="platforms",
        verbose_name=_("operator"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    launched_on = models.DateField(_("launched on"), null=True, blank=True)
    launched_on_latest = models.DateField(
        _("launched on, last possible day"), null=True, blank=True
    )
    state = models.CharField(_("state"), max_length=12, choices=Progress, null=True, blank=True)

    kind_field = "kind"
    editorial_fields = NamedRecord.editorial_fields | {"district", "kind"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("platform")
        verbose_name_plural = _("platforms")
        constraints = [
            constraints.in_order("platform_launched_in_order", "launched_on", "launched_on_latest")
        ]


class PlatformFunction(NamedRecord):
    """A function or a subsystem of a platform."""

    class Kind(models.TextChoices):
        FUNCTION = "function", _("Function")
        SYSTEM = "system", _("System")

    platform = models.ForeignKey(
        Platform, on_delete=models.PROTECT, related_name="functions", verbose_name=_("platform")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)

    kind_field = "kind"
    editorial_fields = NamedRecord.editorial_fields | {"platform", "position", "kind"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("platform function")
        verbose_name_plural = _("platform functions")
        ordering = ["platform", "position", "code"]

    def code_words(self):
        return [self.platform_id, self.name]


class Grid(NamedRecord):
    """One cell of the grid into which a district is divided for its grid workers."""

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="grids",
        verbose_name=_("district"),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cells",
        verbose_name=_("belongs to"),
    )

    trees = (Tree("parent"),)
    editorial_fields = NamedRecord.editorial_fields | {"district"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("grid")
        verbose_name_plural = _("grids")
        constraints = [constraints.not_itself("grid_not_its_own_cell", "parent")]
