"""Employment: job fairs, on the spot and online, each with its own figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.grid import Department, Platform
from governance.models.policy import Initiative
from shuangta.db import constraints
from shuangta.records.models import NamedRecord


class JobFair(NamedRecord):
    """A job fair or a series of them."""

    class Mode(models.TextChoices):
        ON_SITE = "on_site", _("On the spot")
        ONLINE = "online", _("Online")

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="job_fairs",
        verbose_name=_("district"),
    )
    organiser = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="job_fairs",
        verbose_name=_("organiser"),
    )
    initiative = models.ForeignKey(
        Initiative,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="job_fairs",
        verbose_name=_("initiative"),
    )
    platform = models.ForeignKey(
        Platform,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="job_fairs",
        verbose_name=_("platform"),
        help_text=_("Through which an online fair was held."),
    )
    venues = models.ManyToManyField(
        "districts.Place", blank=True, related_name="job_fairs", verbose_name=_("venues")
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    starts_on_latest = models.DateField(_("starts on, last possible day"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    ends_on_latest = models.DateField(_("ends on, last possible day"), null=True, blank=True)
    sessions = models.PositiveIntegerField(
        _("sessions"), null=True, blank=True, help_text=_("Fairs held.")
    )
    employers = models.PositiveIntegerField(
        _("employers"), null=True, blank=True, help_text=_("Enterprises that recruited.")
    )
    posts = models.PositiveIntegerField(
        _("posts"), null=True, blank=True, help_text=_("Posts offered.")
    )
    intentions = models.PositiveIntegerField(
        _("intentions"), null=True, blank=True, help_text=_("Persons who reached an intention.")
    )

    kind_field = "mode"
    editorial_fields = NamedRecord.editorial_fields | {"district"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("job fair")
        verbose_name_plural = _("job fairs")
        constraints = [
            constraints.in_order("job_fair_starts_in_order", "starts_on", "starts_on_latest"),
            constraints.in_order("job_fair_ends_in_order", "ends_on", "ends_on_latest"),
        ]
