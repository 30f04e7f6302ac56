"""Finding: what the search of the admin answers, across all types of records and the pages themselves.

Nothing of an answer is kept: the next one is of its moment, its user and its language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shuangta.admin.navigation import ROOM_OF, addresses_for, sidebar
from shuangta.api.search import ORDER
from shuangta.query.filters import search_words
from shuangta.records.models import Record
from shuangta.search.highlights import find_literal, find_spans, find_spelt, merge_spans
from shuangta.search.models import SearchEntry
from shuangta.search.ngrams import Rank

IN_PALETTE = 8
ON_PAGE = 50


@dataclass(frozen=True)
class Hit:
    """Something found: what it is called and is, in which room, and where it leads.

    The ``marks`` are the places of the title that were asked for.
    """

    title: str
    marks: list[tuple[int, int]]
    link: str
    icon: str
    room: str
    kind: str = ""
    code: str = ""

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The title in pieces, each with whether it was asked for."""
        end = 0
        for first, last in self.marks:
            yield self.title[end:first], False
            yield self.title[first:last], True
            end = last
        yield self.title[end:], False


def render_results(site, request):
    """A page of what was found, or the first of it as the palette shows it."""
    text = request.GET.get("q", "").strip()
    in_palette = "palette" in request.GET
    context = {"query": text, **search_records(request, text, in_palette, page_number(request))}
    if in_palette:
        return TemplateResponse(request, "admin/found_in_palette.html", context)
    frame = {**site.each_context(request), "title": _("Search")}
    return TemplateResponse(request, "admin/search.html", {**frame, **context})


def page_number(request):
    asked = request.GET.get("p", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def search_records(request, text, in_palette, number):
    """What a page of the answer holds; the pages of the admin stand on the first."""
    try:
        words = search_words(text, "q") if text else []
    except ValidationError as error:
        return {"complaint": error.messages}
    size = IN_PALETTE if in_palette else ON_PAGE
    start = size * (number - 1)
    found, is_partial = records(request, words)
    hits = [record_hit(entry, words) for entry in found[start : start + size + 1]]
    return {
        "records": hits[:size],
        "is_partial": is_partial,
        "more": querystring(text, number + 1) if len(hits) > size else "",
        "pages": pages(request, words) if number == 1 else [],
    }


def querystring(text, number):
    return "?" + urlencode({"q": text, "p": number})


def records(request, words):
    """What search knows of the records that meet the words, the best first; one query for all types.

    Where none meets all, those that meet some, which is told.
    """
    entries = SearchEntry.objects.none()
    if words:
        models = [apps.get_model(label) for label in addresses_for(request)]
        types = ContentType.objects.get_for_models(*(m for m in models if issubclass(m, Record)))
        entries = SearchEntry.objects.filter(record_type__in=types.values())
    meeting = entries.meeting(words)
    if len(words) < 2 or meeting.exists():
        return meeting.ranked(words).order_by(*ORDER), False
    return entries.meeting_some(words).ranked(words, Rank.UNMET).order_by(*ORDER), True


def record_hit(entry, words):
    model = apps.get_model(entry.app_label, entry.model_name)
    room = ROOM_OF[model._meta.label]
    address = f"admin:{entry.app_label}_{entry.model_name}_change"
    marks = (
        place
        for word in words
        for part in (word, *word.parts)
        for place in find_spans(model, model.title_field, entry.title, part)
    )
    return Hit(
        title=entry.title,
        marks=merge_spans(marks),
        link=reverse(address, args=[quote(entry.record)]),
        icon=room.models[model._meta.label],
        room=room.title,
        kind=capfirst(model._meta.verbose_name),
        code=entry.record if entry.record != entry.title else "",
    )


def pages(request, words):
    """The pages of the admin that are called so in any language; those first whose name begins so."""
    hits = [
        page_hit(item, group.get("title", ""), words)
        for group in sidebar(request)
        for item in group["items"]
        if words and is_called(item["title"], words)
    ]
    return sorted(hits, key=lambda hit: (not hit.marks, hit.marks))


def page_hit(item, room, words):
    title = str(item["title"])
    marks = merge_spans(place for word in words for place in places_in_name(title, word))
    return Hit(title=title, marks=marks, link=item["link"], icon=item["icon"], room=room)


def is_called(title, words):
    """Whether every word stands in the title, in some language of the admin."""
    names = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names.add(str(title))
    return all(any(places_in_name(name, word) for name in names) for word in words)


def places_in_name(name, word):
    return find_literal(name, word) or find_spelt(name, word)
