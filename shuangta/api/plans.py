"""Plans: what a list of rows does to the records of one resource.

A plan is made by doing it. Each row is validated by the resource's own serializer and saved, in order, inside the
caller's transaction, so a later row may name an earlier one. Who commits has applied the plan; who rolls back has
only seen it. There is no second path on which a preview and its application could differ.

A row whose key names a record changes it as PATCH does; any other row creates one as POST does. A row may say the
``version`` that its author saw, null for none: it is refused once the record has another. So a plan that was shown
is applied as shown, or not at all, when its rows are sent again with the versions that it found.
"""

import re
from dataclasses import dataclass
from itertools import islice

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied, ValidationError

from shuangta import following
from shuangta.api.conditional import quoted, row_tag
from shuangta.api.problems import InvalidRows, errors_of, invalid
from shuangta.api.telling import changed_fields
from shuangta.differences import kept_fields
from shuangta.models import Versioned

LISTED_ERRORS = 1000
ROWS_AT_ONCE = 1000


@dataclass
class PlannedRow:
    """What one row of a list does to its record."""

    number: int
    """Where the row stands, as its sender counts."""
    key: str | int | None
    """By which the row names its record."""
    record: Versioned | None
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
            "etag": quoted(row_tag(self.record)),
            "changes": self.changes,
        }


class Plan:
    """The rows of one list, written as far as they are valid, and what is wrong with the others.

    The rights of the view's user hold. A plan with errors is of no use but to be told: ``refuse_errors`` raises
    them, so that the transaction takes back what was written. So many of them are told as ``listed_errors`` says.
    """

    def __init__(self, view, listed_errors=LISTED_ERRORS):
        self.listed_errors = listed_errors
        self.view, self.user, self.model = view, view.request.user, view.queryset.model
        self.key = self.model._meta.pk.name
        self.relations = [field.name for field in self.model._meta.many_to_many]
        serializer, context = view.serializer_class, {"request": view.request}
        self.creating = serializer(context=context)
        self.changing = serializer(context=context, partial=True)
        kept = [
            field.name for field in kept_fields(self.model) if field.name in self.creating.fields
        ]
        self.telling = serializer(context=context | {"fields": kept})
        self.counts = {"created": 0, "changed": 0, "unchanged": 0}
        self.errors, self.error_count = [], 0
        self.number_of = {}

    def write(self, rows):
        """Write the rows, pairs of a number and a body, and yield a PlannedRow for each that is valid."""
        rows = iter(rows)
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            yield from self.write_batch(batch)

    def refuse_errors(self):
        if self.error_count:
            errors = sorted(self.errors, key=lambda error: error["row"])
            raise InvalidRows(errors, self.error_count)

    def write_batch(self, batch):
        present = self.records_named(body for _number, body in batch)
        told = {key: self.telling.to_representation(record) for key, record in present.items()}
        planned = []
        with following.at_once():
            for number, body in batch:
                key = self.key_in(body)
                record = present.get(key)
                row = PlannedRow(number, key, record, record and record.version, told.get(key, {}))
                if self.write_row(row, body):
                    planned.append(row)
        self.tell_changes(planned)
        return planned

    def tell_changes(self, planned):
        prefetch_related_objects([row.record for row in planned], *self.relations)
        for row in planned:
            after = self.telling.to_representation(row.record)
            row.changes = changed_fields(self.view.serializer_class, row.before, after)
            self.counts[row.outcome] += 1

    def records_named(self, bodies):
        """The records that the bodies name and the user may see, by key; nobody else changes them meanwhile."""
        keys = sorted({self.key_in(body) for body in bodies} - {None})
        locked = self.model._base_manager.select_for_update(no_key=True).filter(pk__in=keys)
        list(locked.order_by("pk").values_list("pk"))
        records = self.view.rows_for(self.user).filter(pk__in=keys)
        return {record.pk: record for record in self.view.completed(list(records))}

    def key_in(self, body):
        """The key that a body gives its record; None where it gives none that a record could have."""
        key = body.get(self.key) if isinstance(body, dict) else None
        key_type = str if self.key == "code" else int
        is_key = isinstance(key, key_type)
        return key if is_key and re.fullmatch(self.view.lookup_value_regex, str(key)) else None

    def write_row(self, row, body):
        """Whether the row is valid: then its record is as the row leaves it, else its errors are noted."""
        self.refuse_without_permission("change" if row.record else "add")
        serializer = self.changing if row.record else self.creating
        serializer.instance = row.record
        try:
            self.refuse_repetition(row)
            body = self.at_its_version(row, body)
            values = serializer.run_validation(body)
        except ValidationError as error:
            self.note(row.number, error)
            return False
        if row.record is None:
            row.record = serializer.create(values)
        elif self.differs(row, values):
            serializer.update(row.record, values)
        self.number_of[row.record.pk] = row.number
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

    def note(self, number, error):
        for each in errors_of(error.get_full_details()):
            self.error_count += 1
            if len(self.errors) < self.listed_errors:
                self.errors.append({"row": number, **each})
