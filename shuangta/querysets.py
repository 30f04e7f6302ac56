"""Querysets whose bulk ways of writing keep history, versions and derived columns right."""

from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery

from shuangta import history, marks, search, trees
from shuangta.following import follow
from shuangta.models.search import SearchEntry
from shuangta.publishing import may_view


class VersionedQuerySet(models.QuerySet):
    """Rows whose every change is kept, also when many are written at once."""

    def update(self, **values):
        """Write the values into every row of the set; each row counts its own version.

        Expressions are refused: a history holds values.
        """
        for name, value in values.items():
            if hasattr(value, "resolve_expression"):
                raise TypeError(
                    f"{name}: update() of a versioned row takes values, not expressions."
                )
        with transaction.atomic(using=self.db):
            rows = list(self.order_by("pk").select_for_update(no_key=True))
            for row in rows:
                for name, value in values.items():
                    setattr(row, name, value)
            self.bulk_update(rows, [self.model._meta.get_field(name).name for name in values])
        return len(rows)

    update.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        with transaction.atomic(using=self.db):
            previous = history.latest_changes(self.model, [row.pk for row in objs])
            changes = [history.prepare(row, previous[str(row.pk)], fields) for row in objs]
            written = list({*fields, *self.model.derived_fields, "version", "updated_at"})
            count = models.QuerySet(self.model, using=self.db).bulk_update(
                objs, written, batch_size
            )
            history.Change.objects.bulk_create([change for change in changes if change])
            marks.follow(
                [row for row, change in zip(objs, changes, strict=True) if change], self.db
            )
            trees.follow(self.model, changes, self.db)
        return count

    bulk_update.alters_data = True

    def bulk_create(self, objs, batch_size=None, **options):
        """Create the rows with their opening versions; conflict options are refused."""
        if any(options.values()):
            raise TypeError(
                "bulk_create() of versioned rows neither ignores nor updates conflicts."
            )
        objs = list(objs)
        with transaction.atomic(using=self.db):
            previous = history.latest_changes(self.model, [row.pk for row in objs if row.pk])
            changes = [history.prepare(row, previous.get(str(row.pk))) for row in objs]
            super().bulk_create(objs, batch_size)
            for row, change in zip(objs, changes, strict=True):
                change.record = str(row.pk)
                change.state[self.model._meta.pk.attname] = row.pk
            history.Change.objects.bulk_create(changes)
            marks.follow(objs, self.db)
            trees.follow(self.model, changes, self.db)
        return objs

    bulk_create.alters_data = True


class EntryQuerySet(VersionedQuerySet):
    """Entries of the registry, as one user may see them."""

    def bulk_create(self, objs, batch_size=None, **options):
        """Create the entries, each of which brings its code; none is proposed to many at once."""
        objs = list(objs)
        if not all(row.code for row in objs):
            raise ValueError("bulk_create() of entries needs the code of each.")
        with transaction.atomic(using=self.db):
            super().bulk_create(objs, batch_size, **options)
            follow(search.refresh, self.model, [row.pk for row in objs], self.db)
        return objs

    bulk_create.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        objs = list(objs)
        with transaction.atomic(using=self.db):
            count = super().bulk_update(objs, fields, batch_size)
            follow(search.refresh, self.model, [row.pk for row in objs], self.db)
        return count

    bulk_update.alters_data = True

    def visible_to(self, user):
        """All rows for those who may view them in the admin; what is published for everybody else."""
        return self if may_view(user, self.model) else self.filter(is_published=True)

    def meeting(self, words, user):
        """The entries that hold every searched word or are what it names, and hold one at least."""
        found = self
        for word in words:
            found = found.filter(self.meets(word, user, alone=len(words) == 1))
        if len(words) > 1 and all(word.kinds for word in words):
            found = found.meeting_some(words, user)
        return found

    def meeting_some(self, words, user):
        """The entries that hold one of the searched words at least."""
        return self.filter(Q(*(self.holds(word, user) for word in words), _connector=Q.OR))

    def meets(self, word, user, alone):
        """What tells the entries that hold the word or, unless it stands alone, are what it names."""
        if word.parts:
            name, kind = word.parts
            return self.holds(word, user) | self.holds(name, user) & self.is_of(kind)
        if word.kinds and not alone:
            return self.holds(word, user) | self.is_of(word)
        return self.holds(word, user)

    def is_of(self, word):
        """What tells the entries of the kinds that the word names."""
        kinds = [kind for label, kind in word.kinds if label == self.model._meta.label_lower]
        if None in kinds:
            return Q(pk__isnull=False)
        return Q(**{f"{self.model.kind_field or 'pk'}__in": kinds})

    def holds(self, word, user):
        """What tells the entries that hold the word: among their own words, or those of what they belong to.

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
        """Annotate ``stated_on``: the date of the latest document that the user sees say anything of the entry."""
        citations = self.model.citations.field.remote_field.model.objects.about(self.model)
        latest = (
            citations.dated_for(user)
            .filter(record=OuterRef("pk"))
            .order_by("-passage__article__document__published_on")
            .values("passage__article__document__published_on")[:1]
        )
        return self.annotate(stated_on=Subquery(latest))
