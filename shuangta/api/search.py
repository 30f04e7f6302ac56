"""Search: across all types of records and within one, ranked, with what was found marked."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action

from shuangta.api import problems
from shuangta.api.pagination import PAGING, KeysetPagination
from shuangta.api.parameters import FILTERS, TEXT, NameList, Parameter, endpoint
from shuangta.api.problems import invalid
from shuangta.api.protocol.costs import limit_cost
from shuangta.api.protocol.etags import answer_conditionally
from shuangta.api.strict_parameters import listed_names
from shuangta.db.keyset import Term
from shuangta.query.filters import MAX_SEARCH_LENGTH, search_words
from shuangta.query.resources import address_of, viewsets
from shuangta.records.models import Record
from shuangta.search.highlights import highlights, matches
from shuangta.search.kinds import is_of
from shuangta.search.models import SearchEntry
from shuangta.search.ngrams import Rank
from shuangta.search.query import filter_by_any_word, filter_by_words

ORDER = ("score", "title_length", "sort_key", "app_label", "model_name", "record")


class RankedPagination(KeysetPagination):
    """Pages of what search knows of the records found, the best first."""

    def paginate_queryset(self, queryset, request, view=None, unmet=Rank.RELATED):
        self.words, self.match = view.words, "all"
        page = super().paginate_queryset(queryset.ranked(self.words, unmet), request, view)
        self.queryset = queryset  # counting needs no ranks
        return page

    def paginate_best(self, meeting, meeting_some, request, view):
        """A page of the records that meet all words or, where none does, of those that meet some."""
        page = self.paginate_queryset(meeting, request, view)
        if page or meeting.exists():
            return page
        is_met = False
        if len(self.words) > 1:
            page = self.paginate_queryset(meeting_some, request, view, Rank.UNMET)
            is_met = bool(page) or meeting_some.exists()
        self.match = "some" if is_met else "none"
        return page

    def get_paginated_response(self, data):
        response = super().get_paginated_response(data)
        told = {"words": [word.text for word in self.words], "match": self.match}
        response.data = told | response.data
        return response

    def ordering(self):
        return [Term(name, descending=False, nullable=False) for name in ORDER]


WORDS = Parameter(
    "q",
    _("The words to be found, in either script, by pinyin or by initials."),
    TEXT | {"maxLength": MAX_SEARCH_LENGTH},
    lambda view: view.words,
    is_required=True,
)
TYPES = NameList(
    "type",
    _("The resources to tell of, divided by commas; all where it is left out."),
    read=lambda view: view.wanted_types,
    choices=lambda view: view.known_types(),
)


class SearchWordsMixin:
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


class SearchOfAll(SearchWordsMixin):
    """The face ``search`` of the whole registry."""

    queryset = SearchEntry.objects.all()
    pagination_class = RankedPagination

    @endpoint(parameters=[WORDS, TYPES, *PAGING])
    @answer_conditionally
    @limit_cost
    def get(self, request):
        entries = SearchEntry.objects.visible_to(request.user)
        if self.wanted_types is not None:
            entries = entries.filter(record_type__in=self.wanted_types)
        return build_answer(self, entries.meeting(self.words), entries.meeting_some(self.words))

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


class SearchMixin(SearchWordsMixin):
    """The face ``search`` of one resource, narrowed by the filters of its list."""

    @action(detail=False, pagination_class=RankedPagination)
    @endpoint(parameters=[WORDS, *FILTERS, *PAGING])
    @answer_conditionally
    @limit_cost
    def search(self, request):
        rows = self.filter_queryset(self.get_queryset())
        entries = SearchEntry.objects.of(rows.model)
        meeting, meeting_some = (
            entries.filter(record__in=found.values("pk"))
            for found in (
                filter_by_words(rows, self.words, request.user),
                filter_by_any_word(rows, self.words, request.user),
            )
        )
        return build_answer(self, meeting, meeting_some)


def resources():
    """The resource of each model of records."""
    return {
        viewset.queryset.model: name
        for name, viewset in viewsets().items()
        if issubclass(viewset.queryset.model, Record)
    }


def build_answer(view, meeting, meeting_some):
    """A page of the records found, as far as their own rows can be seen."""
    request, paginator = view.request, view.paginator
    page = paginator.paginate_best(meeting, meeting_some, request, view)
    rows = rows_of(page, request.user)
    hits = [
        build_hit(entry, rows[key], view.words, paginator.match, request)
        for entry in page
        if (key := key_of(entry)) in rows
    ]
    return view.get_paginated_response(hits)


def key_of(entry):
    return entry.record_type_id, entry.record


def rows_of(entries, user):
    """The rows of these records that the user may see: one query for each type."""
    codes = {}
    for entry in entries:
        codes.setdefault(entry.record_type_id, []).append(entry.record)
    rows = {}
    for type_id, of_type in codes.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        found = model.objects.visible_to(user).in_bulk(of_type)
        rows |= {(type_id, code): row for code, row in found.items()}
    return rows


def build_hit(entry, row, words, match, request):
    return {
        "type": row._meta.label_lower,
        "resource": resources()[type(row)],
        "code": row.pk,
        "title": entry.title,
        "url": request.build_absolute_uri(address_of(row)),
        "score": entry.score,
        "matched": matched_words(row, words, match),
        "highlights": highlights(row, [part for word in words for part in (word, *word.parts)]),
    }


def matched_words(row, words, match):
    """The words that the row meets; where it meets all, it may do so through what it belongs to."""
    met = []
    for word in words:
        parts = [part for part in word.parts if matches(row, part) or is_of(row, part)]
        if matches(row, word) or is_of(row, word):
            met.append(word.text)
        elif parts:
            met += [part.text for part in parts]
        elif match == "all":
            met.append(word.text)
    return met
