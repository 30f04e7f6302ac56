"""Policy: initiatives with their ordered measures, the papers behind them, the working groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.grid import Department
from shuangta.db import constraints
from shuangta.db.text_fields import SingleLineField
from shuangta.history.trees import Tree
from shuangta.records.models import NamedRecord, Progress, Record


class Initiative(NamedRecord):
    """A plan, campaign, mechanism or scheme of a district; its measures stand in order below it."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("Plan")
        CAMPAIGN = "campaign", _("Campaign")
        REFORM = "reform", _("Reform")
        SERVICE_SCHEME = "service_scheme", _("Service scheme")
        MECHANISM = "mechanism", _("Mechanism")
        DEVELOPMENT = "development", _("Development of a branch")

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="initiatives",
        verbose_name=_("district"),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), null=True, blank=True, help_text=_("Among the parts of its initiative.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    goal = models.TextField(_("goal"), null=True, blank=True, help_text=_("As worded."))
    period_start = models.DateField(_("period starts"), null=True, blank=True)
    period_end = models.DateField(_("period ends"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Progress, null=True, blank=True)

    trees = (Tree("parent"),)
    kind_field = "kind"
    editorial_fields = NamedRecord.editorial_fields | {"district", "kind", "parent", "position"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        constraints = [
            constraints.in_order("initiative_period_in_order", "period_start", "period_end"),
            constraints.not_itself("initiative_not_its_own_part", "parent"),
        ]


class Measure(NamedRecord):
    """One item of an initiative's list: a step, a mode of service, a principle, a target."""

    class Kind(models.TextChoices):
        STEP = "step", _("Step")
        MODE = "mode", _("Mode")
        CHANNEL = "channel", _("Channel")
        FUNCTION = "function", _("Function")
        PRINCIPLE = "principle", _("Principle")
        TARGET = "target", _("Target")
        BATCH = "batch", _("Batch")
        ACTION = "action", _("Action")
        PHASE = "phase", _("Phase")

    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, related_name="measures", verbose_name=_("initiative")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("status"), max_length=12, choices=Progress, null=True, blank=True)
    projects = models.ManyToManyField(
        "projects.Project", blank=True, related_name="measures", verbose_name=_("projects")
    )
    enterprises = models.ManyToManyField(
        "projects.Enterprise", blank=True, related_name="measures", verbose_name=_("enterprises")
    )
    places = models.ManyToManyField(
        "districts.Place", blank=True, related_name="measures", verbose_name=_("places")
    )
    industrial_parks = models.ManyToManyField(
        "districts.IndustrialPark",
        blank=True,
        related_name="measures",
        verbose_name=_("industrial parks"),
    )

    trees = (Tree("parent", shared="initiative"),)
    kind_field = "kind"
    editorial_fields = NamedRecord.editorial_fields | {"initiative", "parent", "position", "kind"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["initiative", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                name="measure_once_per_position",
                fields=["initiative", "kind", "position"],
                condition=models.Q(parent__isnull=True),
                violation_error_message=_("Another measure of the list has this position."),
            ),
            models.UniqueConstraint(
                name="measure_part_once_per_position",
                fields=["parent", "kind", "position"],
                condition=models.Q(parent__isnull=False),
                violation_error_message=_("Another part of the measure has this position."),
            ),
            constraints.not_itself("measure_not_its_own_part", "parent"),
        ]

    def code_words(self):
        return [self.initiative_id, self.name]


class PolicyDocument(NamedRecord):
    """A paper that a district made: with a title in 《》, or a rule that the source leaves unnamed."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("Plan")
        RULES = "rules", _("Rules")
        INCENTIVES = "incentives", _("Incentives")
        GUIDE = "guide", _("Guide")

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="policy_documents",
        verbose_name=_("district"),
    )
    issuer = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="policy_documents",
        verbose_name=_("issuer"),
    )
    initiative = models.ForeignKey(
        Initiative,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="policy_documents",
        verbose_name=_("initiative"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    issued_on_latest = models.DateField(_("issued on, last possible day"), null=True, blank=True)

    kind_field = "kind"
    editorial_fields = NamedRecord.editorial_fields | {"district", "kind", "initiative"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")
        constraints = [
            constraints.in_order("policy_document_issued_in_order", "issued_on", "issued_on_latest")
        ]


class WorkingGroup(NamedRecord):
    """A group of offices set up for a purpose."""

    district = models.ForeignKey(
        "districts.District",
        on_delete=models.PROTECT,
        related_name="working_groups",
        verbose_name=_("district"),
    )
    initiative = models.ForeignKey(
        Initiative,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="working_groups",
        verbose_name=_("initiative"),
    )
    status = models.CharField(_("status"), max_length=12, choices=Progress, null=True, blank=True)

    editorial_fields = NamedRecord.editorial_fields | {"district", "initiative"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")


class WorkingGroupMember(Record):
    """An office that sits in a working group. Never a person."""

    class Role(models.TextChoices):
        LEADER = "leader", _("Leader")
        DEPUTY_LEADER = "deputy_leader", _("Deputy leader")
        MEMBER = "member", _("Member")

    working_group = models.ForeignKey(
        WorkingGroup,
        on_delete=models.PROTECT,
        related_name="members",
        verbose_name=_("working group"),
    )
    office = SingleLineField(_("office"), max_length=200)
    role = models.CharField(_("role"), max_length=20, choices=Role)

    kind_field = "role"
    title_field = "office"
    searched_fields = ("code", "office")
    searched_relations = ("working_group",)
    editorial_fields = Record.editorial_fields | {"working_group"}

    class Meta(Record.Meta):
        verbose_name = _("working group member")
        verbose_name_plural = _("working group members")
        constraints = [
            models.UniqueConstraint(
                name="working_group_member_once",
                fields=["working_group", "office", "role"],
                violation_error_message=_("The office has this role in the group already."),
            )
        ]

    def __str__(self):
        return self.office

    def code_words(self):
        return [self.working_group_id, self.office]
