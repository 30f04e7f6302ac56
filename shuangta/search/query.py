"""The rows of one model that a search is for: by their own words, and by those of what they belong to."""

from django.db import models
from django.db.models import Q

from shuangta.records.models import Record
from shuangta.search.models import SearchEntry


def filter_by_words(rows, words, user):
    """The rows that hold every word, or are what it names, and hold one at least."""
    if not issubclass(rows.model, Record):
        return filter_by_texts(rows, words)
    found = rows
    for word in words:
        found = found.filter(meets(rows, word, user, alone=len(words) == 1))
    if len(words) > 1 and all(word.kinds for word in words):
        found = filter_by_any_word(found, words, user)
    return found


def filter_by_any_word(rows, words, user):
    """The records that hold one of the words at least."""
    return rows.filter(Q(*(holds(rows, word, user) for word in words), _connector=Q.OR))


def filter_by_texts(rows, words):
    """The rows, of which search knows nothing, in whose own columns every word stands."""
    for word in words:
        texts = (
            Q(**{f"{name}__folded_contains": word.text}) for name in rows.model.searched_fields
        )
        rows = rows.filter(Q(*texts, _connector=Q.OR))
    return rows


def meets(rows, word, user, alone):
    """What tells the records that hold the word or, unless it stands alone, are what it names."""
    if word.parts:
        name, kind = word.parts
        return holds(rows, word, user) | holds(rows, name, user) & is_of(rows.model, kind)
    if word.kinds and not alone:
        return holds(rows, word, user) | is_of(rows.model, word)
    return holds(rows, word, user)


def is_of(model, word):
    """What tells the records of the kinds that the word names."""
    kinds = [kind for label, kind in word.kinds if label == model._meta.label_lower]
    if None in kinds:
        return Q(pk__isnull=False)
    return Q(**{f"{model.kind_field or 'pk'}__in": kinds})


def holds(rows, word, user):
    """What tells the records that hold the word: among their own words, or those of what they belong to.

    What the user may not see lends no words.
    """
    entries = SearchEntry.objects.using(rows.db).holding(word)
    found = entries.of(rows.model).values("record")
    for name in rows.model.searched_relations:
        related = rows.model._meta.get_field(name).related_model
        named = entries.of(related).visible_to(user).values("record")
        belonging = models.QuerySet(rows.model).filter(**{f"{name}__in": named})
        # One list of codes, since no index serves an OR of two.
        found = found.union(belonging.order_by().values("pk"))
    return Q(pk__in=found)
