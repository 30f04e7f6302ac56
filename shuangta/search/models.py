"""What search knows of the records: a table of their words, and a table of grams that leads to it.

Both follow from the records alone: they have no history, stand in no backup, and can be made again.
"""

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Length
from django.utils.translation import gettext_lazy as _

from shuangta.db.code_fields import CodeField
from shuangta.records.models import record_models
from shuangta.records.visibility import may_view
from shuangta.search.ngrams import LENGTH, Rank, name_gram

TITLE_LENGTH = 200


class SearchEntryQuerySet(models.QuerySet):
    """What search knows of some records, as one user may see them."""

    def of(self, model):
        content_types = ContentType.objects.db_manager(self.db)
        return self.filter(record_type=content_types.get_for_model(model))

    def visible_to(self, user):
        """What is published, and every record of the types that the user may view in the admin."""
        viewed = [
            ContentType.objects.get_for_model(model)
            for model in record_models()
            if may_view(user, model)
        ]
        return self.filter(Q(is_published=True) | Q(record_type__in=viewed))

    def going_by(self, names, model):
        """The codes of the records of a model that go by one of the names, and of some named almost so."""
        named = SearchGram.objects.using(self.db).filter(gram__in=set(map(name_gram, names)))
        return self.of(model).filter(pk__in=named.values("entry")).values("record")

    def holding(self, word):
        """The records whose own words hold this one."""
        return self.filter(holds(word)) if word.is_searchable else self.none()

    def meeting(self, words):
        """The records that hold every word or are what it names, and hold one at least."""
        named = [word for word in words if word.kinds]
        found = self
        for word in words:
            if word.parts:
                name, kind = word.parts
                found = found.filter(Q(text__contains=word.text) | of_kinds(kind), holds(name))
            elif not word.kinds:
                found = found.filter(holds(word))
        if len(named) == len(words):
            found = found.filter(any_of(holds(word) for word in words))
        if len(words) > 1:
            for word in named:
                found = found.filter(Exists(grams_of(word)) | of_kinds(word))
        return found

    def meeting_some(self, words):
        """The records that hold one of the words at least."""
        return self.filter(any_of(holds(word) for word in words))

    def ranked(self, words, unmet=Rank.RELATED):
        """With the columns that order them: the sum of the words’ ranks first, then the shorter title.

        ``unmet`` is the rank of a word that the record itself does not hold.

        The grams are joined and grouped: a subquery for each record would go through all that begin alike. One
        join serves all words: with one for each, their grams would multiply.
        """
        asked = Q(*(condition_of(word, "grams__gram") for word in words), _connector=Q.OR)
        ranked = self.defer("text")  # what is selected is grouped by
        ranked = ranked.annotate(asked=FilteredRelation("grams", condition=asked))
        ranks = (rank_of(word, unmet) for word in words)
        return ranked.annotate(
            score=ExpressionWrapper(sum(ranks, start=Value(0)), output_field=models.IntegerField()),
            title_length=Length("title"),
            app_label=F("record_type__app_label"),
            model_name=F("record_type__model"),
        )


def any_of(conditions):
    return Q(*conditions, _connector=Q.OR)


def holds(word):
    """What tells the records whose own words hold this one."""
    conditions = [Q(pk__in=SearchGram.objects.filter(gram=g).values("entry")) for g in word.grams]
    begun = SearchGram.objects.filter(gram__begins=word.beginning)
    if word.is_one_letter:
        # So many begin with it that to ask each record is less than to list them.
        conditions.append(Q(Exists(begun.filter(entry=OuterRef("pk")))))
    elif word.beginning:
        conditions.append(Q(pk__in=begun.values("entry")))
    if not word.is_one_gram:
        conditions.append(Q(text__contains=word.text))
    return Q(*conditions)


def grams_of(word):
    """The grams by which the record at hand holds a word of one gram."""
    return SearchGram.objects.filter(condition_of(word, "gram"), entry=OuterRef("pk"))


def of_kinds(word):
    """What tells the records of the kinds that the word names."""
    conditions = []
    for label, kind in sorted(word.kinds, key=str):
        of_type = Q(record_type=ContentType.objects.get_for_model(apps.get_model(label)))
        conditions.append(of_type if kind is None else of_type & Q(kind=kind))
    return any_of(conditions)


def condition_of(word, path):
    """What tells the grams by which a record holds the word."""
    if word.grams:
        return Q(**{f"{path}__in": word.grams})
    return Q(**{f"{path}__begins": word.beginning})


def rank_of(word, unmet):
    """How well a record holds the word; it may hold it only through what it belongs to, or is.

    Of several grams the worst place counts, of one that is only begun the best.
    """
    aggregate = Max if word.grams else Min
    rank = aggregate("asked__rank", filter=condition_of(word, "asked__gram"))
    rank = Coalesce(rank, Value(unmet.value), output_field=models.IntegerField())
    if word.is_one_gram:
        return rank
    return Case(
        When(text__startswith=f"{word.text}\n", then=Value(Rank.WHOLE_TITLE.value)),
        When(text__startswith=word.text, then=Value(Rank.TITLE_BEGINS.value)),
        When(text__contains=word.text, then=rank),
        default=rank + Value(Rank.RELATED.value) if word.parts else Value(unmet.value),
    )


class SearchEntry(models.Model):
    """What search knows of one record: its title, and its words in folded form.

    ``text`` has a line for the title, one for each other name and each spelling, and then running text.
    """

    record_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    record = CodeField(_("record"))
    found = GenericForeignKey("record_type", "record")
    kind = models.CharField(_("kind"), max_length=20, default="")
    is_published = models.BooleanField(_("is published"))
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    sort_key = models.CharField(max_length=500)
    text = models.TextField(_("text"))

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            models.UniqueConstraint(name="search_entry_once", fields=["record_type", "record"])
        ]

    def __str__(self):
        return self.title


class SearchGram(models.Model):
    """A piece of text under which a record is found, and how good a place it has there."""

    pk = models.CompositePrimaryKey("entry", "gram")
    entry = models.ForeignKey(
        SearchEntry, on_delete=models.CASCADE, related_name="grams", db_index=False
    )
    gram = models.CharField(_("gram"), max_length=LENGTH)
    rank = models.PositiveSmallIntegerField(_("rank"))

    class Meta:
        verbose_name = _("search gram")
        verbose_name_plural = _("search grams")
        indexes = [
            # PostgreSQL finds what begins with a text by this operator class, in whatever language
            # it sorts; the other databases have no such classes, and need none.
            models.Index(
                name="search_gram_by_text",
                fields=["gram", "entry", "rank"],
                opclasses=["varchar_pattern_ops", "int8_ops", "int2_ops"],
            )
        ]

    def __str__(self):
        return self.gram
