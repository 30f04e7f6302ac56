"""What is to be seen to in the evidence: as a filter beside the lists, and on the front page."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from seeds.models import EvidenceIssue
from shuangta.admin.dashboard import LOOKED_THROUGH, SHOWN, Section
from shuangta.admin.filters import ChoiceForm

KINDS_TO_MEND = {
    EvidenceIssue.Kind.UNSOURCED: (_("Values for which no words are cited yet."), "error"),
    EvidenceIssue.Kind.CHANGED: (
        _("The record no longer holds what was read from the words."),
        "published_with_changes",
    ),
    EvidenceIssue.Kind.DISAGREEING: (_("Two sources state different values."), "compare_arrows"),
}


class EvidenceFilter(DropdownFilter):
    """Filters by what is to be seen to in the evidence."""

    title = _("evidence")
    parameter_name = "evidence"
    form_class = ChoiceForm

    def lookups(self, request, model_admin):
        return EvidenceIssue.Kind.choices

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        if self.value() not in EvidenceIssue.Kind.values:
            raise IncorrectLookupParameters
        issues = EvidenceIssue.objects.of(queryset.model).filter(kind=self.value())
        return queryset.filter(pk__in=issues.values("record"))


def issue_sections(dashboard):
    """A section of the front page for each kind of issue that is to be mended."""
    return [issue_section(dashboard, kind, *words) for kind, words in KINDS_TO_MEND.items()]


def issue_section(dashboard, kind, help_text, icon):
    """The records whose evidence has an issue of this kind, the latest first."""
    issues = EvidenceIssue.objects.filter(kind=kind, record_type__in=dashboard.models)
    fields = {}
    latest = issues.order_by("-pk").values_list("record_type", "record", "field")
    for type_id, code, name in latest[:LOOKED_THROUGH]:
        label = capfirst(dashboard.models[type_id]._meta.get_field(name).verbose_name)
        fields.setdefault((type_id, code), []).append(str(label))
    shown = dict(list(fields.items())[:SHOWN])
    counts = issues.values_list("record_type").annotate(Count("record", distinct=True))
    return Section(
        kind.label,
        help_text,
        icon,
        dashboard.lines({key: "、".join(names) for key, names in shown.items()}, query="?cite=1"),
        dashboard.counts(dict(counts.order_by()), f"evidence={kind.value}"),
    )
