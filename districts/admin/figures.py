"""Figures and what they count in the admin."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from districts.figures.aggregates import ONE_EACH
from districts.figures.totals import total_of_observations
from districts.models import DeclaredCount, Indicator, Observation
from seeds.admin import CitedForm, SourcedNamedRecordAdmin, SourcedRecordAdmin
from shuangta.admin.inlines import GenericRecordInline, RecordInline, RecordRowForm
from shuangta.text.quantities import format_amount


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
            if self.is_worded_anew():
                self.take_bounds(low=None, high=None)
            figure = Observation(**{name: self.cleaned_data[name] for name in typed})
            self.take_bounds(**figure.values_as_worded())

    def take_bounds(self, **bounds):
        for name, value in bounds.items():
            self.cleaned_data[name] = value
            setattr(self.instance, name, value)  # The row of a table has no field for each.

    def is_worded_anew(self):
        """Whether the bounds are still those of a wording in whose place another was typed."""
        return "wording" in self.changed_data and not set(self.changed_data) & set(
            Observation.bounds
        )


class ObservationRowForm(BoundsForm, RecordRowForm):
    """A figure as a row on the page of the record that it is about."""


class ObservationForm(BoundsForm, CitedForm):
    """A figure on a page of its own."""


class ObservationInline(GenericRecordInline):
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


class DeclaredCountInline(RecordInline):
    help = _(
        "Where the source says how many there are, the registry counts how many are entered here."
    )
    model = DeclaredCount
    fields = ["resource", "query"]


@admin.register(Indicator)
class IndicatorAdmin(SourcedNamedRecordAdmin):
    help = _(
        "Each record is one thing that figures count or measure, with its unit: retail sales in "
        "yuan, jobs in persons."
    )
    list_display = ["name", "name_en", "unit", "kind", "is_published"]
    list_filter = ["kind", "is_published"]


@admin.register(Observation)
class ObservationAdmin(SourcedRecordAdmin):
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
