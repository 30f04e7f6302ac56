"""The counts that a source declares, and that check themselves, in the admin."""

from itertools import starmap
from urllib.parse import urlencode

from django.contrib import admin
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from districts.figures import reconciliation
from districts.models import DeclaredCount
from seeds.admin import SourcedRecordAdmin
from shuangta.admin.dashboard import SHOWN, Line, Section, address
from shuangta.query.filters import ColumnFilter
from shuangta.query.resources import viewsets

SHOWN_CLAIMS = 2 * SHOWN


@admin.register(DeclaredCount)
class DeclaredCountAdmin(SourcedRecordAdmin):
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
        every = DeclaredCount.objects.all()
        standings = reconciliation.reconcile(changelist.result_list, among=every)
        for claim in changelist.result_list:
            claim.standing = standings[claim.pk]
        return changelist

    def to_do(self, dashboard):
        """The claims that the registry does not reach, and those that it exceeds."""
        every = DeclaredCount.objects.all()
        standings = {
            key: standing
            for key, standing in reconciliation.reconcile(every, among=every).items()
            if standing.state in reconciliation.TO_BE_SEEN_TO
        }
        shown = self.get_queryset(dashboard.request).filter(pk__in=list(standings)[:SHOWN_CLAIMS])
        lines = [
            self.line(dashboard.request, claim, standings[claim.pk])
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
        viewset = viewsets()[claim.resource]
        model = viewset.queryset.model
        model_admin = self.admin_site.get_model_admin(model)
        filters = viewset.filterset_class.base_filters
        asked = [
            (filters[name], value)
            for name, value in QueryDict(claim.query).items()
            if isinstance(filters[name], ColumnFilter) and filters[name].lookup == "exact"
        ]
        narrowed = {
            key: value
            for key, value in dict(starmap(lookup, asked)).items()
            if model_admin.lookup_allowed(key, value, request)
        }
        ways = [(_("See the list"), f"{address(model, 'changelist')}?{urlencode(narrowed)}")]
        if model_admin.has_add_permission(request):
            given = {each.column.name: value for each, value in asked if each.relation is None}
            ways.append((_("Enter one"), f"{address(model, 'add')}?{urlencode(given)}"))
        return tuple(ways)

    @admin.display(description=_("registered"))
    def registered(self, claim):
        return claim.standing.registered

    @admin.display(description=_("state"))
    def state(self, claim):
        return claim.standing.state.label


def lookup(column_filter, value):
    """A parameter of the API as the address of a list in the admin names it."""
    column, path = column_filter.column, column_filter.field_name
    if column.is_relation:
        return f"{path}__{column.related_model._meta.pk.name}__exact", value
    return f"{path}__exact", {"true": "1", "false": "0"}.get(value, value)
