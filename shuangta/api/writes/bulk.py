"""Plans: what a list of rows does to the records of one resource.

A plan is made by doing it. Each row is validated by the resource's own serializer and saved inside the caller's
transaction, after those of the list that it names, in whichever order they stand. Who commits has applied the plan;
who rolls back has only seen it. There is no second path on which a preview and its application could differ.

A row whose key names a record changes it as PATCH does; any other row creates one as POST does. Records whose key is
counted are also named by the ``natural_keys`` of their model. A row may say the
``version`` that its author saw, null for none: it is refused once the record has another. So a plan that was shown
is applied as shown, or not at all, when its rows are sent again with the versions that it found.
"""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied, ValidationError

from shuangta.api.exceptions import InvalidRows
from shuangta.api.problems import errors_of, from_model, invalid
from shuangta.api.protocol.etags import quote_tag, row_tag
from shuangta.api.snapshots import changed_fields
from shuangta.api.writes.named_records import NamedRecords
from shuangta.api.writes.natural_keys import NaturalKeys
from shuangta.api.writes.row_order import RowOrder
from shuangta.db.retries import WriteConflictError
from shuangta.history import batching, tracking
from shuangta.history.models import RevisionedModel
from shuangta.records.diff import revisioned_fields

LISTED_ERRORS = 1000
ROWS_AT_ONCE = 1000
CIRCLE = _("“%(record)s” leads back to this record: they would form a circle.")


@dataclass
class RowResult:
    """What one row of a list does to its record."""

    number: int
    """Where the row stands, as its sender counts."""
    key: str | int | None
    """By which the row names its record."""
    record: RevisionedModel | None
    version: int | None
    """The version that the row found; None where there was no record."""
    before: dict
    changes: list | None = None
    """The fields that differ afterwards, as a history tells them."""

    @property
    def outcome(self):
        if self.version is None:
            return "created"
        return "unchanged" if self.record.version == self.version else "changed"

    def document(self):
        return {
            "row": self.number,
            self.record._meta.pk.name: self.record.pk,
            "outcome": self.outcome,
            "version": self.record.version,
            "etag": quote_tag(row_tag(self.record)),
            "changes": self.changes,
        }


class BulkUpsert:
    """The rows of one list, written as far as they are valid, and what is wrong with the others.

    The rights of the view's user hold. A plan with errors is of no use but to be told: ``refuse_errors`` raises
    them, so that the transaction takes back what was written. So many of them are told as ``listed_errors`` says.
    A plan that ``takes_exports`` passes over what the registry works out by itself, and the versions of another one.
    Where ``sources_follow``, other plans bring them, and ``check_sources`` asks for them when all is written.
    """

    def __init__(
        self, view, listed_errors=LISTED_ERRORS, *, takes_exports=False, sources_follow=False
    ):
        self.listed_errors, self.takes_exports = listed_errors, takes_exports
        self.sources_follow = sources_follow
        self.view, self.user, self.model = view, view.request.user, view.queryset.model
        self.key = self.model._meta.pk.name
        self.relations = [field.name for field in self.model._meta.many_to_many]
        serializer = view.serializer_class
        context = {"request": view.request, "sources_follow": sources_follow}
        self.creating = serializer(context=context)
        self.changing = serializer(context=context, partial=True)
        self.named_records = context["named_records"] = NamedRecords(self.creating)
        kept = [
            field.name
            for field in revisioned_fields(self.model)
            if field.name in self.creating.fields
        ]
        self.telling = serializer(context=context | {"fields": kept})
        self.counts = {"created": 0, "changed": 0, "unchanged": 0}
        self.errors, self.error_count = [], 0
        self.number_of = {}
        self.published = {}
        """The numbers of the rows that publish a record whose sources are still to come, by key."""
        self.order = RowOrder(self.model, self.key_in)
        self.natural_keys = NaturalKeys(self.model, self.telling.to_representation)
        self.passed_over = set()
        """The fields that rows stated and the registry works out by itself."""
        self.waiting = []
        """Rows with relations to records of later batches, which are set when all is there."""
        self.gone = set()
        """The keys in the batch under way of records that were there once."""
        self.refused = []
        """The bodies of new rows in the batch under way that are not valid."""

    def write(self, rows):
        """Write the rows, pairs of a number and a body, and yield a RowResult for each that is valid."""
        for batch in self.order.batches(rows, ROWS_AT_ONCE):
            yield from self.finish(self.write_batch(batch))
        yield from self.finish(self.waiting)

    def refuse_errors(self):
        if self.error_count:
            errors = sorted(self.errors, key=lambda error: error["row"])
            raise InvalidRows(errors, self.error_count)

    def write_batch(self, batch):
        bodies = [body for _number, body in batch]
        self.named_records.look_up(bodies)
        present = self.records_named(bodies)
        told = {key: self.telling.to_representation(record) for key, record in present.items()}
        self.natural_keys.collect(present.values())
        self.gone = self.keys_gone(bodies, present)
        planned, self.refused = [], []
        with batching.deferred_refresh():
            for number, body in batch:
                record = self.record_for(body, present)
                key = record.pk if record else self.new_key_in(body)
                row = RowResult(number, key, record, record and record.version, told.get(key, {}))
                if self.write_row(row, body):
                    planned.append(row)
        self.refuse_crossing(present.keys() | {row.record.pk for row in planned})
        self.waiting += [row for row in planned if self.waits(row)]
        return [row for row in planned if not self.waits(row)]

    def waits(self, row):
        """Whether what was postponed of the row names one that only a later batch may write."""
        return not self.order.postponed_keys(row.number) <= self.number_of.keys()

    def finish(self, rows):
        """Set what was postponed of the rows. Returns those that are valid, with what they changed."""
        with batching.deferred_refresh():
            finished = [row for row in rows if self.write_postponed(row)]
        self.describe_changes(finished)
        return finished

    def describe_changes(self, planned):
        prefetch_related_objects([row.record for row in planned], *self.relations)
        for row in planned:
            after = self.telling.to_representation(row.record)
            row.changes = changed_fields(self.view.serializer_class, row.before, after)
            self.counts[row.outcome] += 1
            if (
                self.sources_follow
                and after.get("is_published")
                and not row.before.get("is_published")
            ):
                self.published[row.record.pk] = row.number

    def check_sources(self):
        """Note an error for each value of a record that was published without a source."""
        keys = list(self.published)
        for start in range(0, len(keys), ROWS_AT_ONCE):
            batch = keys[start : start + ROWS_AT_ONCE]
            for record in self.model._base_manager.filter(pk__in=batch):
                try:
                    record.refuse_unsourced()
                except ModelValidationError as error:
                    self.note(self.published[record.pk], from_model(error))

    def records_named(self, bodies):
        """The records that the bodies name and the user may see, by key; nobody else changes them meanwhile."""
        keys = {self.key_in(body) for body in bodies} - {None}
        keys = sorted(keys | self.natural_keys.candidates(bodies))
        locked = self.model._base_manager.select_for_update(no_key=True).filter(pk__in=keys)
        list(locked.order_by("pk").values_list("pk"))
        records = self.view.rows_for(self.user).filter(pk__in=keys)
        return {record.pk: record for record in self.view.complete_rows(list(records))}

    def refuse_crossing(self, known):
        """Raise WriteConflictError where a record that a new row names came into being since the look-up."""
        if self.refused and self.records_named(self.refused).keys() - known:
            raise WriteConflictError

    def record_for(self, body, present):
        """The record that a body names by its words or by its key; None where it names none."""
        record = self.natural_keys.find(body)
        if record is None:
            record = present.get(self.key_in(body))
            if record and self.is_of_other_registry(body, record):
                return None
        return record

    def is_of_other_registry(self, body, record):
        """Whether a counted key names another record here than in the registry from which the row comes."""
        moment = self.creating.fields["created_at"].to_representation(record.created_at)
        return bool(
            self.takes_exports
            and self.model._meta.auto_field
            and body.get("created_at", moment) != moment
        )

    def keys_gone(self, bodies, present):
        if not self.takes_exports:
            return set()
        new = {self.key_in(body) for body in bodies} - present.keys() - {None}
        return set(tracking.latest_revisions(self.model, sorted(new)))

    def key_in(self, body):
        """The key that a body gives its record; None where it gives none that a record could have."""
        key = body.get(self.key) if isinstance(body, dict) else None
        key_type = str if self.key == "code" else int
        is_key = isinstance(key, key_type)
        return key if is_key and re.fullmatch(self.view.lookup_value_regex, str(key)) else None

    def new_key_in(self, body):
        """The key that a body gives a new record; a counted one says nothing here."""
        is_counted = self.takes_exports and self.model._meta.auto_field
        return None if is_counted else self.key_in(body)

    def write_row(self, row, body):
        """Whether the row is valid: then its record is as the row leaves it, else its errors are noted."""
        self.refuse_without_permission("change" if row.record else "add")
        serializer = self.changing if row.record else self.creating
        serializer.instance = row.record
        try:
            self.refuse_repetition(row)
            self.refuse_circle(row)
            body = self.without_postponed(row, self.at_its_version(row, self.as_taken(row, body)))
            values = serializer.run_validation(body)
        except ValidationError as error:
            self.note(row.number, error)
            if row.record is None:
                self.refused.append(body)
            return False
        if row.record is None:
            row.record = serializer.create(values)
        elif self.differs(row, values):
            serializer.update(row.record, values)
        self.number_of[row.record.pk] = row.number
        self.named_records.expect(row.record)
        return True

    def as_taken(self, row, body):
        """The body without what the registry works out by itself, if it may have been exported."""
        if not self.takes_exports or not isinstance(body, dict):
            return body
        fixed = {name for name, field in self.creating.fields.items() if field.read_only}
        self.passed_over |= fixed & body.keys() - {self.key, "version"}
        return {name: body[name] for name in body if name not in fixed or name == "version"}

    def refuse_circle(self, row):
        """Raise ValidationError where a new record would come back to itself; of others the model tells."""
        for relation, key in self.order.circles.get(row.number, {}).items():
            if not self.model._base_manager.filter(pk=key).exists():
                raise invalid(relation, CIRCLE % {"record": key}, "circle")

    def without_postponed(self, row, body):
        names = self.order.postponed.get(row.number, ())
        return {name: body[name] for name in body if name not in names} if names else body

    def write_postponed(self, row):
        """Set the relations of a row that lead to rows which named it; whether they are valid."""
        body = self.order.postponed.pop(row.number, None)
        if body is None:
            return True
        self.changing.instance = row.record
        try:
            with tracking.join_version(row.record):
                self.changing.update(row.record, self.changing.run_validation(body))
        except ValidationError as error:
            self.note(row.number, error)
            return False
        return True

    def differs(self, row, values):
        """Whether the record, whose columns hold the values already, is another than before."""
        return self.telling.to_representation(row.record) != row.before or any(
            {each.pk for each in values[name]} != set(row.before[name])
            for name in values.keys() & self.relations
        )

    def refuse_without_permission(self, action):
        meta = self.model._meta
        if not self.user.has_perm(f"{meta.app_label}.{action}_{meta.model_name}"):
            raise PermissionDenied

    def refuse_repetition(self, row):
        """Raise ValidationError where an earlier row is about the same record: which of them would hold?"""
        first = self.number_of.setdefault(row.key, row.number)
        if row.key is None or first == row.number:
            return
        error = invalid(self.key, _("Another row is about the same record."), "repeated")
        if first is not None:
            self.note(first, error)
            self.number_of[row.key] = None  # It has been told; later rows tell only of themselves.
        raise error

    def at_its_version(self, row, body):
        """The body to be validated. Where its version is no longer the record's, that is noted as an error."""
        seen = body.get("version", row.version) if isinstance(body, dict) else row.version
        if seen == row.version or not isinstance(seen, int | None):
            return body
        if self.takes_exports and self.is_version_of_other_registry(row, seen):
            return {name: body[name] for name in body if name != "version"}
        if row.record is None:
            message = _("There is no longer such a record.")
        else:
            message = _("The record was changed in the meantime; its version is now %d.")
            message %= row.version
        self.note(row.number, invalid("version", message, "changed_meanwhile"))
        fields = self.creating.fields
        return {
            name: value
            for name, value in body.items()
            if name not in fields or not fields[name].read_only
        }

    def is_version_of_other_registry(self, row, version):
        """Whether no record had the version here: it is none that was there once, and no later one than there is."""
        if row.record is None:
            return str(row.key) not in self.gone
        return version is not None and version > row.version

    def note(self, number, error):
        for each in errors_of(error.get_full_details()):
            self.error_count += 1
            if len(self.errors) < self.listed_errors:
                self.errors.append({"row": number, **each})
