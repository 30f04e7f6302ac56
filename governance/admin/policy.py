"""Initiatives with their measures, papers and working groups in the admin."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.admin import ObservationInline
from governance.models import (
    Initiative,
    Measure,
    PolicyDocument,
    WorkingGroup,
    WorkingGroupMember,
)
from seeds.admin import SourcedNamedRecordAdmin, SourcedRecordAdmin
from shuangta.admin.inlines import RecordFormSet, RecordInline


class MeasureFormSet(RecordFormSet):
    """The items of a list, of which no two stand at one position; the database sees one row at a time."""

    def clean(self):
        super().clean()
        forms = [form for form in self.forms if form not in self.deleted_forms and not form.errors]
        rows = [form.cleaned_data for form in forms if form.cleaned_data]
        places = [(row["parent"], row["kind"], row["position"]) for row in rows]
        if len(set(places)) < len(places):
            raise ValidationError(_("Two rows have the same position."), code="same_position")


class MeasureInline(RecordInline):
    """The items of an initiative's list, in order."""

    help = gettext_lazy(
        "The items of the list, numbered as the source numbers them: 七办, 六个一批."
    )
    model = Measure
    formset = MeasureFormSet
    fields = ["position", "kind", "name", "parent", "status"]


class WorkingGroupMemberInline(RecordInline):
    help = gettext_lazy("The offices that sit in the group; persons are not named.")
    model = WorkingGroupMember
    fields = ["office", "role", "note"]


@admin.register(Initiative)
class InitiativeAdmin(SourcedNamedRecordAdmin):
    help = gettext_lazy(
        "Each record is one plan, campaign, reform or mechanism of the district; what it consists "
        "of stands below it as measures."
    )
    list_display = ["name", "name_en", "kind", "district", "parent", "status", "is_published"]
    list_filter = ["kind", "status", "district", "parent", "is_published"]
    list_select_related = ["district", "parent"]
    inlines = [MeasureInline, ObservationInline]


@admin.register(Measure)
class MeasureAdmin(SourcedNamedRecordAdmin):
    help = gettext_lazy(
        "Each record is one item of an initiative’s list: a step, a way of service, a principle, a "
        "target."
    )
    list_display = [
        "name",
        "name_en",
        "kind",
        "position",
        "initiative",
        "parent",
        "status",
        "is_published",
    ]
    list_filter = ["kind", "status", "initiative", "places", "projects", "is_published"]
    list_select_related = ["initiative", "parent"]
    inlines = [ObservationInline]


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(SourcedNamedRecordAdmin):
    help = gettext_lazy(
        "Each record is one paper that the district made: a plan, rules, incentives, a guide, with "
        "or without a title in 《》."
    )
    list_display = ["name", "name_en", "kind", "issuer", "initiative", "district", "is_published"]
    list_filter = ["kind", "issuer", "initiative", "district", "is_published"]
    list_select_related = ["issuer", "initiative", "district"]
    inlines = [ObservationInline]


@admin.register(WorkingGroup)
class WorkingGroupAdmin(SourcedNamedRecordAdmin):
    help = gettext_lazy("Each record is one group of offices that was set up for a purpose.")
    list_display = ["name", "name_en", "initiative", "district", "status", "is_published"]
    list_filter = ["status", "initiative", "district", "is_published"]
    list_select_related = ["initiative", "district"]
    inlines = [WorkingGroupMemberInline, ObservationInline]


@admin.register(WorkingGroupMember)
class WorkingGroupMemberAdmin(SourcedRecordAdmin):
    help = gettext_lazy(
        "Each record is one office that sits in a working group; persons are not named."
    )
    list_display = ["office", "role", "working_group", "note", "is_published"]
    list_filter = ["role", "working_group", "is_published"]
    list_select_related = ["working_group"]
