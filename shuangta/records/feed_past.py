"""What a reader saw of the rows that the feed tells of, before and after each change."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import chain

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT

from shuangta.history.models import RevisionedModel, revisioned_models
from shuangta.history.revision import Revision
from shuangta.records.models import Record
from shuangta.records.restore import citation_model, present_states
from shuangta.records.visibility import may_view


class Kind(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class FeedEntry:
    """What one change did to one row, as one reader sees it; the row has the key and the version that it had then."""

    number: int
    at: datetime
    kind: Kind
    model: type[RevisionedModel]
    key: str | int
    version: int


@dataclass(frozen=True)
class Version:
    """A row from one change of it to the next."""

    number: int
    version: int
    key: str | int
    is_there: bool
    is_published: bool
    required_records: list
    """The other rows without which nobody sees it, by type and key."""


class RecordPast:
    """The versions of rows that held at any time between two numbers, and who saw them."""

    def __init__(self, user, low, high):
        self.user, self.low, self.high = user, low, high
        self.versions = {}

    def read(self, rows):
        """Read the versions of these rows, by type and key as text, and of those with which they are seen."""
        keys = defaultdict(set)
        for type_id, key in set(rows) - self.versions.keys():
            keys[type_id].add(key)
        for type_id, of_type in keys.items():
            self.versions |= {(type_id, key): [] for key in of_type}
            model = ContentType.objects.get_for_id(type_id).model_class()
            for key, version in self.stored_versions(model, type_id, of_type):
                self.versions[type_id, key].append(version)
        needed = {
            each
            for type_id, of_type in keys.items()
            for key in of_type
            for version in self.versions[type_id, key]
            for each in version.required_records
        }
        if needed - self.versions.keys():
            self.read(needed)

    def stored_versions(self, model, type_id, keys):
        """Yield each key with a version of its row, in order; the states of entries, which may be long, are left."""
        newer = Revision.objects.filter(
            content_type=OuterRef("content_type"),
            object_id=OuterRef("object_id"),
            version__gt=OuterRef("version"),
            pk__lt=self.low,
        )
        revisions = Revision.objects.filter(
            Q(pk__gte=self.low) | ~Exists(newer),
            content_type=type_id,
            object_id__in=keys,
            pk__lte=self.high,
        ).order_by("pk")
        name, is_entry = model._meta.pk.attname, issubclass(model, Record)
        # As JSON, a code of digits would be read as a number.
        parts = [KT(f"state__{name}"), "state__is_published"] if is_entry else ["state"]
        rows = list(revisions.values_list("object_id", "pk", "version", "action", *parts))
        states = [{name: row[4], "is_published": row[5]} if is_entry else row[4] for row in rows]
        present = states if is_entry else present_states(model, states)
        for row, state, now in zip(rows, states, present, strict=True):
            yield (
                row[0],
                Version(
                    number=row[1],
                    version=row[2],
                    key=state[name],
                    is_there=row[3] != Revision.Action.DELETED,
                    is_published=state.get("is_published", True),
                    required_records=model.required_records(now),
                ),
            )

    def at(self, row, number):
        """The version of a row that held when the change of this number had been made; None where it was not there."""
        held = [each for each in self.versions[row] if each.number <= number]
        return held[-1] if held and held[-1].is_there else None

    def seen(self, row, number):
        """As ``at``, if the user saw it."""
        version = self.at(row, number)
        if version is None or self.sees_all(row[0]):
            return version
        is_seen = version.is_published and all(
            self.seen(each, number) for each in version.required_records
        )
        return version if is_seen else None

    def sees_all(self, type_id):
        return self.views[type_id]

    @cached_property
    def views(self):
        """By type, whether the user sees what is not published too."""
        return {
            ContentType.objects.get_for_model(model).pk: may_view(self.user, model)
            for model in revisioned_models()
        }

    def is_turned(self, revision):
        """Whether the change brought an entry into the user's sight, or took it out."""
        row = (revision.content_type_id, revision.object_id)
        is_citation = row[0] == ContentType.objects.get_for_model(citation_model()).pk
        before, after = (bool(self.seen(row, revision.pk - gone)) for gone in (1, 0))
        return before != after and not is_citation


class Dependents:
    """What is seen only with the rows that some changes showed or hid, and what lists them."""

    def __init__(self, user, past, revisions):
        self.user, self.past, self.rows = user, past, defaultdict(set)
        for revision in revisions:
            self.rows[revision.content_type_id].add(revision.object_id)
        self.citation_type = ContentType.objects.get_for_model(citation_model()).pk
        self.citations, self.listing = defaultdict(set), defaultdict(list)
        for type_id, codes in self.rows.items():
            self.find_citations(type_id, codes)
            self.find_lists(ContentType.objects.get_for_id(type_id).model_class(), type_id, codes)

    def find_citations(self, type_id, codes):
        """Read the citations, also those deleted since, that were seen only with these rows."""
        citations = citation_model().objects
        # Before there was a row, nothing that is gone by now can have been seen with it.
        older = {code for code in codes if self.past.at((type_id, code), self.past.low - 1)}
        found = {
            (self.citation_type, str(key))
            for key in chain(
                citations.requiring(type_id, codes),
                citations.formerly_requiring(type_id, older, self.past.low),
            )
        }
        self.past.read(found)
        for citation in found:
            for version in self.past.versions[citation]:
                for row in version.required_records:
                    self.citations[row].add(citation)

    def find_lists(self, model, type_id, codes):
        """Read which rows list these among their codes."""
        for owner in revisioned_models():
            for field in owner._meta.many_to_many:
                if field.related_model is model:
                    rows = owner.objects.visible_to(self.user).filter(
                        **{f"{field.name}__in": codes}
                    )
                    for code, *row in rows.order_by("pk").values_list(field.name, "pk", "version"):
                        self.listing[type_id, code].append((owner, *row))

    def entries(self, revision):
        """What a change that showed or hid its row did to the others."""
        row = (revision.content_type_id, revision.object_id)
        if revision.object_id not in self.rows[revision.content_type_id]:
            return
        for citation in sorted(self.citations[row], key=lambda each: int(each[1])):
            before, after = (self.past.seen(citation, revision.pk - gone) for gone in (1, 0))
            kind = Kind.CREATED if after else Kind.REMOVED
            version = after or before
            if bool(before) != bool(after):
                yield FeedEntry(
                    revision.pk,
                    revision.created_at,
                    kind,
                    citation_model(),
                    version.key,
                    version.version,
                )
        for owner, key, version in self.listing[row]:
            yield FeedEntry(revision.pk, revision.created_at, Kind.CHANGED, owner, key, version)
