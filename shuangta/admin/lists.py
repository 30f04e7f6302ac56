"""The lists of the admin: read page after page by keyset, counted up to a limit, in the order of pinyin."""

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from unfold.views import ChangeList

from shuangta.admin.filters import FilteredAdmin
from shuangta.admin.totals import TotalledAdmin
from shuangta.db.keyset import CursorError, Keyset, Page, Term, columns_along, count_rows
from shuangta.records.models import NamedRecord

MAX_ROWS = 1000
"""How many rows of a list can be changed at once."""
TOTALS_VAR = "totals"
EDITED_PREFIX = "before."
"""What stands before the cursor of a page that ends there, or alone for the last page."""


def too_many():
    return _(
        "At most %(count)s records are changed at once. Narrow the list by its filters, or choose fewer."
    ) % {"count": MAX_ROWS}


class CappedPaginator(Paginator):
    """Counts no further than a list does; the choosers of related records are paged by it."""

    template_name = "admin/list_pages.html"

    @cached_property
    def count(self):
        return count_rows(self.object_list)[0]


class RegistryChangeList(ChangeList):
    """A list of which every page costs what the first does, however many rows there are."""

    def get_filters(self, request):
        """As Django finds them. Its own filters find each row once, so that only others call for a DISTINCT."""
        specs, has_filters, remaining, _duplicates, has_active = super().get_filters(request)
        duplicates = any(lookup_spawns_duplicates(self.lookup_opts, name) for name in remaining)
        return specs, has_filters, remaining, duplicates, has_active

    def get_ordering_field(self, field_name):
        """Names sort by their pinyin."""
        if field_name == "name" and issubclass(self.model, NamedRecord):
            return "sort_key"
        return super().get_ordering_field(field_name)

    def get_ordering(self, request, queryset):
        self.keyset = Keyset(self.terms(super().get_ordering(request, queryset)))
        return [term.expression(backwards=False) for term in self.keyset.terms]

    def terms(self, names):
        """The terms of an ordering. The key ends it, in the direction of the last: so an index holds them."""
        names = [name for name in names if name != "-pk"]  # which Django adds
        terms = {}
        for name in names:
            for path in self.paths(name.removeprefix("-")):
                is_nullable = any(column.null for column in columns_along(self.model, path))
                terms.setdefault(path, Term(path, name.startswith("-"), is_nullable))
        key = self.opts.pk.name
        terms.setdefault(key, Term(key, not names or names[-1].startswith("-"), False))
        return list(terms.values())

    def paths(self, name):
        """What orders the rows by a column; a record with a name stands where that does."""
        related = columns_along(self.model, name)[-1].related_model
        return (
            [f"{name}__sort_key", name] if related and issubclass(related, NamedRecord) else [name]
        )

    def get_results(self, request):
        is_edited = request.method == "POST" and "_save" in request.POST
        self.page = self.edited_page(request) if is_edited else self.read_page(request)
        self.result_list = self.page.rows
        self.result_count, self.is_counted = count_rows(self.queryset)
        self.paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all = self.multi_page = False
        # Where it is another number, the head of the page tells the count beside a way to all rows.
        is_narrowed = self.is_counted and (self.query or self.has_active_filters)
        self.full_result_count = None if is_narrowed else self.result_count
        self.add_up(request)

    def add_up(self, request):
        """Tell the totals, why there are none, or where they are to be had; many rows are added up when asked."""
        self.totals = self.totals_link = self.why_no_totals = None
        if self.is_popup or not (self.result_count and self.model_admin.adds_up()):
            return
        self.why_no_totals = self.model_admin.why_no_totals(self)
        if self.why_no_totals:
            return
        if self.is_counted or TOTALS_VAR in request.GET:
            self.totals = self.model_admin.totals(self.queryset, request.user)
        else:
            self.totals_link = self.get_query_string({TOTALS_VAR: "1"})

    def get_filters_params(self, params=None):
        found = super().get_filters_params(params)
        return {name: values for name, values in found.items() if name != TOTALS_VAR}

    def get_query_string(self, new_params=None, remove=None):
        """The totals that were asked for are those of this list alone."""
        return super().get_query_string(new_params, [*(remove or ()), TOTALS_VAR])

    def is_fixed(self, name):
        """Whether a filter admits but one value of the field."""
        values = [
            spec.used_parameters.get(spec.lookup_kwarg, [])
            for spec in self.filter_specs
            if getattr(spec, "field_path", None) == name
        ]
        return any(len(each) == 1 and each != [""] for each in values)

    def read_page(self, request):
        """The page that the request asks for, or the first where its link leads nowhere."""
        asked = request.GET.get(PAGE_VAR, "")
        cursor, backwards = asked.removeprefix(EDITED_PREFIX), asked.startswith(EDITED_PREFIX)
        try:
            return self.keyset.page(self.queryset, self.list_per_page, cursor, backwards)
        except CursorError:
            messages.warning(request, _("The link to this page is out of date: here is the first."))
            return self.keyset.page(self.queryset, self.list_per_page)

    def edited_page(self, request):
        """The rows that were sent, as they were sent: what was typed must stand beside the row it is for."""
        prefix = self.model_admin.get_changelist_formset(request).get_default_prefix()
        keys = self.model_admin._get_edited_object_pks(request, prefix)
        rows = self.apply_select_related(self.root_queryset).in_bulk(keys)
        return Page([rows[key] for key in map(self.opts.pk.to_python, keys) if key in rows])

    @property
    def too_many_to_choose(self):
        """The sentence that stands where all rows cannot be chosen at once."""
        return too_many() if self.result_count > MAX_ROWS else ""

    @property
    def links(self):
        """The addresses of the first page, the one before, the one after and the last; None where there is none."""
        before, after = self.page.before, self.page.after
        return {
            "first": before and self.get_query_string(),
            "before": before and self.get_query_string({PAGE_VAR: f"{EDITED_PREFIX}{before}"}),
            "after": after and self.get_query_string({PAGE_VAR: after}),
            "last": after and self.get_query_string({PAGE_VAR: EDITED_PREFIX}),
        }


class ListedAdmin(TotalledAdmin, FilteredAdmin):
    """Rows in a list that opens as fast with a million of them as with a hundred."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER

    def get_changelist(self, request, **kwargs):
        return RegistryChangeList

    def changelist_view(self, request, extra_context=None):
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        self.refuse_impossible_keys(request)
        with transaction.atomic():  # from the check of the versions until all is written
            return super().changelist_view(request, extra_context)

    def refuse_impossible_keys(self, request):
        """Raise BadRequest where a key of a row that was chosen cannot be one; no browser sends such."""
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.run_validators(self.opts.pk.to_python(key))
            except ValidationError as error:
                raise BadRequest(f"No row has the key {key!r}.") from error
