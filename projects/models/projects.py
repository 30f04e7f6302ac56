"""What is built, and which enterprise does what in it."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.enterprises import Enterprise, Sector
from shuangta.db import constraints
from shuangta.history.trees import Tree
from shuangta.records.models import NamedRecord, Progress, Record


class Project(NamedRecord):
    """A project that is planned, being built or running. Where it stands is a place."""

    class Kind(models.TextChoices):
        CONSTRUCTION = "construction", _("Construction")
        PRODUCTION_LINE = "production_line", _("Production line")
        ENERGY = "energy", _("Energy")
        JOINT_VENTURE = "joint_venture", _("Joint venture or cooperation")
        RELOCATION = "relocation", _("Relocation and upgrade")
        SERVICE = "service", _("Service")
        MARKET = "market", _("Market or logistics")
        DEVELOPMENT = "development", _("Area development")

    class Stage(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SIGNED = "signed", _("Signed or settled")
        UNDER_WAY = "under_way", _("Being advanced")
        UNDER_CONSTRUCTION = "under_construction", _("Under construction")
        COMPLETED = "completed", _("Completed")
        IN_OPERATION = "in_operation", _("In operation")

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name=_("district"),
    )
    place = models.ForeignKey(
        "districts.Place",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("place"),
    )
    park = models.ForeignKey(
        "districts.Park",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("park"),
    )
    industrial_park = models.ForeignKey(
        "districts.IndustrialPark",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("industrial park"),
    )
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The project whose figures already contain this one’s."),
    )
    sectors = models.ManyToManyField(
        Sector, blank=True, related_name="projects", verbose_name=_("sectors")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    stage = models.CharField(
        _("stage"),
        max_length=20,
        choices=Stage,
        null=True,
        blank=True,
        help_text=_("Empty when no source states it."),
    )
    total_investment = models.DecimalField(
        _("total investment"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Yuan. Empty when no source states it."),
    )
    started_on = models.DateField(_("construction started on"), null=True, blank=True)
    started_on_latest = models.DateField(
        _("construction started on, last possible day"), null=True, blank=True
    )
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    completed_on_latest = models.DateField(
        _("completed on, last possible day"), null=True, blank=True
    )
    project_code = models.CharField(
        _("project code"),
        max_length=24,
        null=True,
        blank=True,
        unique=True,
        validators=[
            RegexValidator(
                r"^\d{4}-\d{6}-\d{2}-\d{2}-\d{6}\Z",
                _("A national project code reads 0000-000000-00-00-000000."),
                code="project_code_shape",
            )
        ],
        help_text=_("The code of the national investment platform, 0000-000000-00-00-000000."),
    )

    trees = (Tree("part_of"),)
    kind_field = "kind"
    units = {"total_investment": "yuan"}
    editorial_fields = NamedRecord.editorial_fields | {"district", "kind"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            constraints.not_negative("project_investment_not_negative", "total_investment"),
            constraints.in_order("project_started_in_order", "started_on", "started_on_latest"),
            constraints.in_order(
                "project_completed_in_order", "completed_on", "completed_on_latest"
            ),
            models.CheckConstraint(
                name="project_completed_after_start",
                condition=Q(started_on__isnull=True)
                | Q(completed_on__isnull=True)
                | Q(completed_on__gte=F("started_on"))
                | Q(completed_on_latest__isnull=False, completed_on_latest__gte=F("started_on")),
                violation_error_message=_("A project cannot be completed before it starts."),
            ),
            constraints.not_itself("project_not_its_own_part", "part_of"),
        ]
        indexes = [
            models.Index(name="project_by_investment", fields=["total_investment", "code"]),
        ]


class Participation(Record):
    """What one enterprise does in one project."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        DEVELOPER = "developer", _("Developer")
        INVESTOR = "investor", _("Investor")
        PARTNER = "partner", _("Partner")
        OPERATOR = "operator", _("Operator")

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="participations", verbose_name=_("project")
    )
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="participations",
        verbose_name=_("enterprise"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    status = models.CharField(_("status"), max_length=12, choices=Progress, null=True, blank=True)

    kind_field = "role"
    searched_relations = ("project", "enterprise")
    editorial_fields = Record.editorial_fields | {"project"}

    class Meta(Record.Meta):
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(
                name="participation_once_per_role",
                fields=["project", "enterprise", "role"],
                violation_error_message=_("The enterprise has this role in the project already."),
            )
        ]

    def __str__(self):
        return f"{self.enterprise} · {self.project}"

    def code_words(self):
        district = self.project_id and self.project.district_id
        return [self.project_id, (self.enterprise_id or "").removeprefix(f"{district}-")]
