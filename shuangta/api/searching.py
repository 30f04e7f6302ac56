"""Search: across all types of entries and within one, ranked, with what was found marked."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action

from shuangta.api import problems
from shuangta.api.conditional import conditional
from shuangta.api.costs import bounded
from shuangta.api.filters import search_words
from shuangta.api.highlights import highlights
from shuangta.api.paging import KeysetPagination
from shuangta.api.problems import invalid
from shuangta.api.resources import address_of, viewsets
from shuangta.api.strict_parameters import listed_names
from shuangta.keyset import Term
from shuangta.models import Entry, SearchEntry

PAGING = ("page_size", "count", "after", "before")
ORDER = ("score", "title_length", "sort_key", "app_label", "model_name", "record")


class RankedPagination(KeysetPagination):
    """Pages of what search knows of the entries found, the best first."""

    def paginate_queryset(self, queryset, request, view=None):
        page = super().paginate_queryset(queryset.ranked(view.words), request, view)
        self.queryset = queryset  # counting needs no ranks
        return page

    def ordering(self):
        return [Term(name, descending=False, nullable=False) for name in ORDER]


class AskingForWords:
    """The parameter ``q`` of a search."""

    @cached_property
    def words(self):
        text = self.parameters.get("q")
        if "q" not in self.given:
            raise invalid("q", _("Say what to search for."), "required")
        try:
            return search_words(text, "q")
        except ValidationError as error:
            raise problems.from_model(error) from error


class SearchOfAll(AskingForWords):
    """The face ``search`` of the whole registry."""

    queryset = SearchEntry.objects.all()
    pagination_class = RankedPagination

    def known_parameters(self):
        return ["q", "type", *PAGING]

    def readers(self):
        return [lambda: self.words, lambda: self.wanted_types, lambda: self.paginator.read(self)]

    @conditional
    @bounded
    def get(self, request):
        entries = SearchEntry.objects.visible_to(request.user)
        if self.wanted_types is not None:
            entries = entries.filter(record_type__in=self.wanted_types)
        for word in self.words:
            entries = entries.holding(word)
        return answer(self, entries)

    def known_types(self):
        return list(resources().values())

    @cached_property
    def wanted_types(self):
        """The types of the resources that the request names; None where it names none."""
        text = self.parameters.get("type")
        if text is None:
            return None
        known = {resource: model for model, resource in resources().items()}
        message = _("There is no resource “%(name)s” to be searched.")
        names = listed_names("type", text, known, message, "invalid_choice")
        return [ContentType.objects.get_for_model(known[name]) for name in names]


class Searching(AskingForWords):
    """The face ``search`` of one resource, narrowed by the filters of its list."""

    @action(detail=False, pagination_class=RankedPagination)
    @conditional
    @bounded
    def search(self, request):
        rows = self.filter_queryset(self.get_queryset())
        for word in self.words:
            rows = rows.holding(word, request.user)
        entries = SearchEntry.objects.of(rows.model).filter(record__in=rows.values("pk"))
        return answer(self, entries)


def resources():
    """The resource of each model of entries."""
    return {
        viewset.queryset.model: name
        for name, viewset in viewsets().items()
        if issubclass(viewset.queryset.model, Entry)
    }


def answer(view, entries):
    """A page of the entries found, as far as their own rows can be seen."""
    request = view.request
    page = view.paginate_queryset(entries)
    rows = rows_of(page, request.user)
    hits = [
        hit(entry, rows[key], view.words, request)
        for entry in page
        if (key := key_of(entry)) in rows
    ]
    return view.get_paginated_response(hits)


def key_of(entry):
    return entry.record_type_id, entry.record


def rows_of(entries, user):
    """The rows of these entries that the user may see: one query for each type."""
    codes = {}
    for entry in entries:
        codes.setdefault(entry.record_type_id, []).append(entry.record)
    rows = {}
    for type_id, of_type in codes.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        found = model.objects.visible_to(user).in_bulk(of_type)
        rows |= {(type_id, code): row for code, row in found.items()}
    return rows


def hit(entry, row, words, request):
    return {
        "type": row._meta.label_lower,
        "resource": resources()[type(row)],
        "code": row.pk,
        "title": entry.title,
        "url": request.build_absolute_uri(address_of(row)),
        "score": entry.score,
        "highlights": highlights(row, words),
    }
