"""Figures and the counts that check themselves in the admin."""

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from districts import claims
from districts.aggregates import ONE_EACH
from districts.models import DeclaredCount, Indicator, Observation
from districts.totals import total_of_observations
from seeds.admin import CitedEntryAdmin, CitedForm, CitedRecordAdmin
from shuangta.admin import EntryInline, EntryRowForm, GenericEntryInline
from shuangta.admin.board import SHOWN, Line, Section, address
from shuangta.api.resources import viewsets
from shuangta.quantities import format_amount

SHOWN_CLAIMS = 2 * SHOWN


class BoundsForm(forms.BaseForm):
    """The form of a figure, whose bounds are typed and shown in the unit of its indicator."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if indicator := self.indicator():
            self.fields["low"].unit = self.fields["high"].unit = indicator.unit
        self.fields["low"].help_text = _("Left empty, the bounds are read from the wording.")

    def indicator(self):
        """The indicator that is chosen; the one that the figure has is not asked for again."""
        chosen = self["indicator"].value()
        if chosen and chosen == self.instance.indicator_id and not self.instance._state.adding:
            return self.instance.indicator
        return Indicator.objects.filter(pk=chosen).first()

    def clean(self):
        super().clean()
        typed = ("indicator", "wording", "low", "high")
        if not self.errors.keys() & set(typed):
            figure = Observation(**{name: self.cleaned_data[name] for name in typed})
            for name, value in figure.values_as_worded().items():
                self.cleaned_data[name] = value
                setattr(self.instance, name, value)  # The row of a table has no field for each.


class ObservationRowForm(BoundsForm, EntryRowForm):
    """A figure as a row on the page of the record that it is about."""


class ObservationForm(BoundsForm, CitedForm):
    """A figure on a page of its own."""


class ObservationInline(GenericEntryInline):
    """The figures that a source states of the record."""

    help = _("What a source counts or measures of this record, as it words it: 超百亿元, 50至80家.")
    model = Observation
    form = ObservationRowForm
    ct_field = "subject_type"
    ct_fk_field = "subject"
    fields = [
        "indicator",
        "wording",
        "low",
        "low_open",
        "high",
        "high_open",
        "period_label",
        "status",
    ]


class DeclaredCountInline(EntryInline):
    help = _(
        "Where the source says how many there are, the registry counts how many are entered here."
    )
    model = DeclaredCount
    fields = ["resource", "query"]


@admin.register(Indicator)
class IndicatorAdmin(CitedRecordAdmin):
    help = _(
        "Each record is one thing that figures count or measure, with its unit: retail sales in "
        "yuan, jobs in persons."
    )
    list_display = ["name", "name_en", "unit", "kind", "is_published"]
    list_filter = ["kind", "is_published"]


@admin.register(Observation)
class ObservationAdmin(CitedEntryAdmin):
    help = _(
        "Each record is one figure that a source states of one record, as it words it; 超百亿元 stays "
        "more than 10 billion and becomes no exact number."
    )
    form = ObservationForm
    list_display = [
        "indicator",
        "subject_name",
        "wording",
        "least",
        "most",
        "period_label",
        "status",
    ]
    list_filter = ["indicator", "subject_type", "status", "is_published"]
    list_select_related = ["indicator"]
    inlines = [DeclaredCountInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("about")

    def adds_up(self):
        return True

    def why_no_totals(self, changelist):
        if all(map(changelist.is_fixed, ONE_EACH)):
            return None
        return _("Figures add up within one indicator and one status: filter the list by both.")

    def totals(self, rows, user):
        return [total_of_observations(rows, user)]

    @admin.display(description=_("subject"), ordering="subject")
    def subject_name(self, figure):
        return figure.about

    @admin.display(description=_("at least"), ordering="low")
    def least(self, figure):
        return in_words(figure.low, figure.indicator)

    @admin.display(description=_("at most"), ordering="high")
    def most(self, figure):
        return in_words(figure.high, figure.indicator)


def in_words(bound, indicator):
    return None if bound is None else format_amount(bound, indicator.unit)


@admin.register(DeclaredCount)
class DeclaredCountAdmin(CitedEntryAdmin):
    help = _(
        "Each record is one count that a source announces (七办, 九街), beside the number of records "
        "entered so far."
    )
    list_display = ["observation", "registered", "state", "resource", "query", "is_published"]
    list_filter = ["observation", "is_published"]
    list_select_related = ["observation__indicator"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("observation__about")

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        standings = claims.standings(changelist.result_list)
        for claim in changelist.result_list:
            claim.standing = standings[claim.pk]
        return changelist

    def to_do(self, request):
        """The claims that the registry does not reach, and those that it exceeds."""
        standings = {
            key: standing
            for key, standing in claims.standings(DeclaredCount.objects.all()).items()
            if standing.state in claims.TO_BE_SEEN_TO
        }
        shown = self.get_queryset(request).filter(pk__in=list(standings)[:SHOWN_CLAIMS])
        lines = [
            self.line(request, claim, standings[claim.pk])
            for claim in shown.select_related("observation__indicator")
        ]
        name = str(capfirst(self.opts.verbose_name_plural))
        counts = [Line(name, self.url_of("changelist"), str(len(standings)))] if standings else []
        help_text = _("What a source counts, held against what is registered.")
        return [Section(_("Claims that do not add up"), help_text, "rule", lines, counts)]

    def line(self, request, claim, standing):
        """A claim as the front page tells it."""
        figure = claim.observation
        words = {
            "state": standing.state.label,
            "registered": standing.registered,
            "wording": figure.wording,
        }
        return Line(
            f"{figure.indicator} · {figure.about}",
            self.url_of("change", claim.pk),
            _("%(state)s: %(registered)s registered of %(wording)s") % words,
            self.ways_to_mend(request, claim),
        )

    def ways_to_mend(self, request, claim):
        """Where the records stand that are counted, and where one that is missing is entered."""
        model = viewsets()[claim.resource].queryset.model
        ways = [(_("See the list"), address(model, "changelist"))]
        if self.admin_site.get_model_admin(model).has_add_permission(request):
            ways.append((_("Enter one"), address(model, "add")))
        return tuple(ways)

    @admin.display(description=_("registered"))
    def registered(self, claim):
        return claim.standing.registered

    @admin.display(description=_("state"))
    def state(self, claim):
        return claim.standing.state.label
