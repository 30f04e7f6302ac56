"""Figures as worded: what is counted or measured, and the counts that check themselves."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from districts.figures import reconciliation
from shuangta.db import constraints
from shuangta.db.code_fields import CodeField, QueryField
from shuangta.db.text_fields import SingleLineField
from shuangta.history.trees import Tree
from shuangta.records.models import NamedRecord, Record
from shuangta.text.dates import parse_dates
from shuangta.text.folding import fold
from shuangta.text.quantities import parse_quantities


class Indicator(NamedRecord):
    """What a figure counts or measures, and in which unit."""

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("Amount of money")
        AREA = "area", _("Area")
        LENGTH = "length", _("Length")
        CAPACITY = "capacity", _("Capacity")
        COUNT = "count", _("Count")
        SHARE = "share", _("Share")
        DURATION = "duration", _("Duration")
        FREQUENCY = "frequency", _("Frequency")

    unit = SingleLineField(
        _("unit"),
        max_length=20,
        help_text=_(
            "yuan, m2, m, kW, t/d, percent, year, or the counted thing: person, enterprise …"
        ),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    kind_field = "kind"
    editorial_fields = NamedRecord.editorial_fields | {"name", "unit", "kind"}

    class Meta(NamedRecord.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")


class Observation(Record):
    """One figure that a source states of one record, as bounds, in the unit of its indicator.

    An exact figure has low = high. 超百亿 is low = 10,000,000,000 with ``low_open`` and no high; 50至80家 is
    low = 50, high = 80. No midpoint is ever made up.
    """

    class Status(models.TextChoices):
        ACTUAL = "actual", _("Actual")
        TARGET = "target", _("Target")
        PLANNED = "planned", _("Planned")
        REQUIRED = "required", _("Required")

    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        related_name="observations",
        db_index=False,
        verbose_name=_("indicator"),
    )
    subject_type = models.ForeignKey(
        ContentType,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("subject type"),
    )
    subject = CodeField(_("subject"))
    about = GenericForeignKey("subject_type", "subject")
    period_start = models.DateField(_("period starts"), null=True, blank=True)
    period_end = models.DateField(_("period ends"), null=True, blank=True)
    period_label = models.CharField(_("period as worded"), max_length=60, null=True, blank=True)
    low = models.DecimalField(_("at least"), max_digits=15, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(_("at most"), max_digits=15, decimal_places=2, null=True, blank=True)
    low_open = models.BooleanField(_("more than the lower bound"), default=False)
    high_open = models.BooleanField(_("less than the upper bound"), default=False)
    approximate = models.BooleanField(_("approximate"), default=False)
    wording = models.CharField(
        _("wording"), max_length=100, help_text=_("The figure as the source words it.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status)
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The figure that already contains this one."),
    )

    trees = (Tree("part_of"),)
    title_field = "wording"
    searched_fields = ("code", "wording", "period_label")
    searched_relations = ("indicator",)
    units = {"low": "", "high": ""}
    bounds = ("low", "high", "low_open", "high_open", "approximate")
    editorial_fields = Record.editorial_fields | {
        *("indicator", "subject_type", "subject", "part_of", "period_start", "period_end"),
        *("low", "high", "low_open", "high_open", "approximate"),
    }
    """Bounds and period are the reading of ``wording`` and ``period_label``, which carry the evidence."""

    class Meta(Record.Meta):
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            models.CheckConstraint(
                name="observation_states_a_bound",
                condition=Q(low__isnull=False) | Q(high__isnull=False),
                violation_error_message=_("A figure has at least one bound."),
            ),
            models.CheckConstraint(
                name="observation_bounds_in_order",
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(high__gte=F("low")),
                violation_error_message=_("The upper bound cannot be below the lower bound."),
            ),
            models.CheckConstraint(
                name="observation_open_bound_exists",
                condition=(Q(low_open=False) | Q(low__isnull=False))
                & (Q(high_open=False) | Q(high__isnull=False)),
                violation_error_message=_("An open bound needs a number."),
            ),
            constraints.in_order("observation_period_in_order", "period_start", "period_end"),
            constraints.not_itself("observation_not_its_own_part", "part_of"),
        ]
        indexes = [
            models.Index(name="observation_subject", fields=["subject_type", "subject"]),
            # The list of all, in its own order, by each of the filters that stand beside it.
            models.Index(name="observation_by_indicator", fields=["indicator", "code"]),
            models.Index(name="observation_by_type", fields=["subject_type", "code"]),
            models.Index(name="observation_by_status", fields=["status", "code"]),
            models.Index(
                name="observation_drafts", fields=["code"], condition=Q(is_published=False)
            ),
        ]

    def __str__(self):
        return f"{self.indicator} · {self.about}: {self.wording}"

    @classmethod
    def unit_of_state(cls, name, state):
        """The unit of the figure's indicator."""
        if name not in cls.units:
            return None
        indicator = Indicator.objects.filter(pk=state.get("indicator_id")).first()
        return indicator.unit if indicator else cls.units[name]

    def code_words(self):
        indicator = (self.indicator_id or "").removeprefix(f"{self.subject}-")
        return [self.subject, indicator, self.period_label]

    def reads(self, field, words, year):
        """The wording and the period stand in the words and mean what was read from them."""
        if field == "wording":
            stands = fold(self.wording) in fold(words)
            return stands and self.reads_figure(self.wording) and self.reads_figure(words)
        if field == "period_label":
            return fold(self.period_label) in fold(words) and self.reads_period(year)
        return super().reads(field, words, year)

    def reads_figure(self, words):
        """Whether one quantity of the words has these bounds and unit."""
        bounds = {name: getattr(self, name) for name in self.bounds}
        return self.bounds_in(words).count(bounds) == 1

    def bounds_in(self, words):
        """The bounds of each quantity that the words state in the indicator's unit; a count needs no counter."""
        units = {self.indicator.unit}
        if self.indicator.kind == Indicator.Kind.COUNT:
            units.add("")
        return [
            {name: getattr(each, name) for name in self.bounds}
            for each in parse_quantities(words)
            if each.unit in units
        ]

    def values_as_worded(self):
        """Left empty, the bounds are those of the only quantity that the wording states: 超百亿元, 50至80家."""
        if self.low is not None or self.high is not None or not self.knows_indicator():
            return {}
        stated = self.bounds_in(self.wording)
        return stated[0] if len(stated) == 1 else {}

    def unit_of(self, name):
        return self.indicator.unit if self.knows_indicator() else ""

    def knows_indicator(self):
        """Whether there is an indicator to say what the figure counts; of a new figure, its code may be wrong."""
        return Indicator.objects.filter(pk=self.indicator_id).exists()

    def reads_period(self, year):
        """Whether the label is this period: 以来 leaves its end open, 年初 cannot be read."""
        dates = parse_dates(self.period_label, year)
        open_end = any(word in fold(self.period_label) for word in ("以来", "起", "开始"))
        period = (self.period_start, self.period_end)
        read = [(each.first, None if open_end else each.last) for each in dates]
        return period in (read or [(None, None)])

    def clean(self):
        super().clean()
        model = self.subject_type.model_class() if self.subject_type_id else None
        if model is None or not issubclass(model, Record) or self.about is None:
            message = _("There is no such record.")
            raise ValidationError({"subject": ValidationError(message, code="no_such_record")})


class DeclaredCount(Record):
    """A count that a source declares, with the query whose answer should reach it.

    Its state is derived, never stored: complete, partly registered, exceeded, or superseded by a later claim.
    """

    observation = models.ForeignKey(
        Observation,
        on_delete=models.PROTECT,
        related_name="declared_counts",
        verbose_name=_("observation"),
    )
    resource = models.SlugField(
        _("resource"),
        max_length=60,
        help_text=_("As in the API’s address: projects, departments …"),
    )
    query = QueryField(
        _("query"), blank=True, default="", help_text=_("In the API’s own filter language.")
    )

    observation_is_hidden = False
    """Whether the reader may not see the observation, so that it can be held against nothing."""
    searched_fields = ("code", "resource", "query")
    searched_relations = ("observation",)
    editorial_fields = Record.editorial_fields | {"observation", "resource", "query"}

    class Meta(Record.Meta):
        verbose_name = _("declared count")
        verbose_name_plural = _("declared counts")
        constraints = [
            models.UniqueConstraint(
                name="declared_count_once",
                fields=["observation", "resource", "query"],
                violation_error_message=_("This claim is checked already."),
            )
        ]

    def __str__(self):
        return f"{self.observation}: /{self.resource}/?{self.query}"

    def code_words(self):
        return [self.observation_id, self.resource]

    @cached_property
    def standing(self):
        """How the claim stands; lists of claims call ``reconcile`` once for all."""
        return reconciliation.reconcile([self], among=type(self).objects.all())[self.pk]

    def clean(self):
        super().clean()
        reconciliation.rows_of(self.resource, self.query)
