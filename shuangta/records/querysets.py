"""Records of the registry, as one user may see them."""

from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery

from shuangta.history.batching import refresh_derived
from shuangta.history.querysets import RevisionedQuerySet
from shuangta.records.visibility import may_view
from shuangta.search import index
from shuangta.search.models import SearchEntry


class RecordQuerySet(RevisionedQuerySet):
    """Records of the registry, as one user may see them."""

    def bulk_create(self, objs, batch_size=None, **options):
        """Create the records, each of which brings its code; none is proposed to many at once."""
        objs = list(objs)
        if not all(row.code for row in objs):
            raise ValueError("bulk_create() of entries needs the code of each.")
        with transaction.atomic(using=self.db):
            super().bulk_create(objs, batch_size, **options)
            refresh_derived(index.refresh, self.model, [row.pk for row in objs], self.db)
        return objs

    bulk_create.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        objs = list(objs)
        with transaction.atomic(using=self.db):
            count = super().bulk_update(objs, fields, batch_size)
            refresh_derived(index.refresh, self.model, [row.pk for row in objs], self.db)
        return count

    bulk_update.alters_data = True

    def visible_to(self, user):
        """All rows for those who may view them in the admin; what is published for everybody else."""
        return self if may_view(user, self.model) else self.filter(is_published=True)

    def meeting(self, words, user):
        """The records that hold every searched word or are what it names, and hold one at least."""
        found = self
        for word in words:
            found = found.filter(self.meets(word, user, alone=len(words) == 1))
        if len(words) > 1 and all(word.kinds for word in words):
            found = found.meeting_some(words, user)
        return found

    def meeting_some(self, words, user):
        """The records that hold one of the searched words at least."""
        return self.filter(Q(*(self.holds(word, user) for word in words), _connector=Q.OR))

    def meets(self, word, user, alone):
        """What tells the records that hold the word or, unless it stands alone, are what it names."""
        if word.parts:
            name, kind = word.parts
            return self.holds(word, user) | self.holds(name, user) & self.is_of(kind)
        if word.kinds and not alone:
            return self.holds(word, user) | self.is_of(word)
        return self.holds(word, user)

    def is_of(self, word):
        """What tells the records of the kinds that the word names."""
        kinds = [kind for label, kind in word.kinds if label == self.model._meta.label_lower]
        if None in kinds:
            return Q(pk__isnull=False)
        return Q(**{f"{self.model.kind_field or 'pk'}__in": kinds})

    def holds(self, word, user):
        """What tells the records that hold the word: among their own words, or those of what they belong to.

        What the user may not see lends no words.
        """
        entries = SearchEntry.objects.using(self.db).holding(word)
        found = entries.of(self.model).values("record")
        for name in self.model.searched_relations:
            related = self.model._meta.get_field(name).related_model
            named = entries.of(related).visible_to(user).values("record")
            belonging = models.QuerySet(self.model).filter(**{f"{name}__in": named})
            # One list of codes, since no index serves an OR of two.
            found = found.union(belonging.order_by().values("pk"))
        return Q(pk__in=found)

    def with_stated_on(self, user):
        """Annotate ``stated_on``: the date of the latest document that the user sees say anything of the record."""
        citations = self.model.citations.field.remote_field.model.objects.about(self.model)
        latest = (
            citations.dated_for(user)
            .filter(record=OuterRef("pk"))
            .order_by("-passage__article__document__published_on")
            .values("passage__article__document__published_on")[:1]
        )
        return self.annotate(stated_on=Subquery(latest))
