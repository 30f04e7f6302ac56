"""The service hall: its areas and windows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.grid import Department
from shuangta.db import constraints
from shuangta.db.text_fields import SingleLineField
from shuangta.records.models import NamedRecord, Record


class ServiceHall(NamedRecord):
    """A hall where residents and enterprises bring their business."""

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="service_halls",
        verbose_name=_("district"),
    )
    departments = models.ManyToManyField(
        Department, blank=True, related_name="service_halls", verbose_name=_("departments")
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    opened_on_latest = models.DateField(_("opened on, last possible day"), null=True, blank=True)

    editorial_fields = NamedRecord.editorial_fields | {"district"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("service hall")
        verbose_name_plural = _("service halls")
        constraints = [
            constraints.in_order("service_hall_opened_in_order", "opened_on", "opened_on_latest")
        ]


class ServiceArea(NamedRecord):
    """One of the areas into which a service hall is divided."""

    hall = models.ForeignKey(
        ServiceHall, on_delete=models.PROTECT, related_name="areas", verbose_name=_("hall")
    )
    position = models.PositiveSmallIntegerField(_("position"))

    editorial_fields = NamedRecord.editorial_fields | {"hall", "position"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")
        ordering = ["hall", "position", "code"]

    def code_words(self):
        return [self.hall_id, self.name]


class Window(Record):
    """A window of a service area."""

    area = models.ForeignKey(
        ServiceArea,
        on_delete=models.PROTECT,
        related_name="windows",
        verbose_name=_("service area"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="windows",
        verbose_name=_("department"),
    )
    number = SingleLineField(_("number"), max_length=20)

    title_field = "number"
    searched_fields = ("code", "number")
    searched_relations = ("area", "department")
    editorial_fields = Record.editorial_fields | {"area"}

    class Meta(Record.Meta):
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        constraints = [
            models.UniqueConstraint(
                name="window_once_per_number",
                fields=["area", "number"],
                violation_error_message=_("The area has a window with this number already."),
            )
        ]

    def __str__(self):
        return f"{self.area} {self.number}"

    def code_words(self):
        return [self.area_id, self.number]
