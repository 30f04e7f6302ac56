"""The feed: what became of the rows that a reader sees, one change after another.

It is read from the history alone, so whoever reads up to a number has read all that is numbered up to it, and what
is told of a change is the same whenever it is asked. A change is told of by what it did to what the reader sees:
the row came into sight, changed, or went out of it, as by its withdrawal or under another code; and so did what is
seen only with the row, as its citations, or tells of it, as a list of codes.
"""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Func, Min

from shuangta.history.models import revisioned_models
from shuangta.history.revision import Revision
from shuangta.records.feed_past import Dependents, FeedEntry, Kind, RecordPast
from shuangta.records.models import Record

CHANGES_AT_ONCE = 500
MAX_CHANGES = 5_000


class OldestWriter(Func):
    """The last number that was drawn before the oldest writer under way drew its first; null where none writes.

    A change may be numbered before another and be seen after it. Each transaction that writes changes announces
    itself by a lock before it draws a number, and holds the lock until all see what it wrote; its own writes a
    transaction sees at once. SQLite lets one write at a time.
    """

    template = "NULL"
    output_field = BigIntegerField()

    def as_postgresql(self, compiler, connection):
        writers = """(
            SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) FROM pg_locks
            JOIN pg_database ON pg_database.oid = database AND datname = current_database()
            WHERE locktype = 'advisory' AND classid::bigint >> 16 = 23101 AND granted
            AND pid <> pg_backend_pid()
        )"""
        return self.as_sql(compiler, connection, template=writers)


def last_number():
    """The number up to which the history is whole: none that is lower will be seen later; 0 where nothing is."""
    revisions = Revision.objects.order_by("-pk").annotate(bound=OldestWriter())
    last, bound = revisions.values_list("pk", "bound").first() or (0, None)
    return last if bound is None else min(last, bound)


def number_before(moment):
    """The number after which all stands that was changed at the moment or later."""
    last = last_number()
    first = Revision.objects.filter(created_at__gte=moment).aggregate(first=Min("pk"))["first"]
    return last if first is None else min(last, first - 1)


@dataclass(frozen=True)
class Position:
    """A place in the feed: behind so many of the entries of a change, or behind all of them where it says 0."""

    number: int
    told: int = 0


@dataclass(frozen=True)
class Feed:
    """The feed as one user reads it, of all models or of some."""

    user: object
    models: list | None = None

    def page(self, position, size):
        """Up to so many entries behind the position, the position behind them, and whether more may follow."""
        entries, last = [], last_number()
        for _batch in range(MAX_CHANGES // CHANGES_AT_ONCE):
            revisions = list(self.revisions(position, last)[:CHANGES_AT_ONCE])
            for revision, told in self.entries_by_change(revisions):
                skipped = position.told if revision.pk == position.number else 0
                room = skipped + size - len(entries)
                entries += told[skipped:room]
                if len(told) > room:
                    return entries, Position(revision.pk, room), True
                position = Position(revision.pk)
                if len(entries) == size:
                    return (
                        entries,
                        position,
                        revision is not revisions[-1] or self.is_full(revisions),
                    )
            if not self.is_full(revisions):
                return entries, position, False
        return entries, position, True

    def is_full(self, revisions):
        return len(revisions) == CHANGES_AT_ONCE

    def revisions(self, position, last):
        """The changes from the position up to the last number, in order."""
        first = position.number if position.told else position.number + 1
        types = [ContentType.objects.get_for_model(model).pk for model in self.causes()]
        revisions = Revision.objects.filter(pk__gte=first, pk__lte=last, content_type__in=types)
        return revisions.defer("state").order_by("pk")

    def causes(self):
        """The models whose changes may tell of rows of those that are wanted."""
        wanted = self.models if self.models is not None else revisioned_models()
        listed = {field.related_model for model in wanted for field in model._meta.many_to_many}
        if any(not issubclass(model, Record) for model in wanted):
            return revisioned_models()
        return {*wanted, *listed}

    def entries_by_change(self, revisions):
        """Each of the changes, with what it did to the rows that the user sees."""
        if not revisions:
            return []
        past = RecordPast(self.user, revisions[0].pk, revisions[-1].pk)
        past.read({(revision.content_type_id, revision.object_id) for revision in revisions})
        own = {revision.pk: list(self.own_entries(revision, past)) for revision in revisions}
        others = Dependents(self.user, past, list(filter(past.is_turned, revisions)))
        return [
            (revision, list(filter(self.is_wanted, [*own[revision.pk], *others.entries(revision)])))
            for revision in revisions
        ]

    def is_wanted(self, entry):
        return self.models is None or entry.model in self.models

    def own_entries(self, revision, past):
        """What the change did to its own row."""
        row = (revision.content_type_id, revision.object_id)
        model = ContentType.objects.get_for_id(revision.content_type_id).model_class()
        before, after = past.seen(row, revision.pk - 1), past.seen(row, revision.pk)
        if before and after and before.key == after.key:
            yield FeedEntry(
                revision.pk, revision.created_at, Kind.CHANGED, model, after.key, after.version
            )
            return
        if before:
            yield FeedEntry(
                revision.pk, revision.created_at, Kind.REMOVED, model, before.key, revision.version
            )
        if after:
            yield FeedEntry(
                revision.pk, revision.created_at, Kind.CREATED, model, after.key, after.version
            )
