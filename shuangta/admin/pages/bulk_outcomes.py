"""What becomes of each of many rows when the same is done to all: found out by doing it."""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shuangta.admin.dependents import explain_staying
from shuangta.db.deletion import delete_independent
from shuangta.records.diff import value_text


@dataclass(frozen=True)
class Outcome:
    """What becomes of one row, known by its key at a version: one value instead of another, or why it stays."""

    key: object
    version: int
    name: str
    before: str = ""
    after: str = ""
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcomes:
    """What becomes of all of them: those that are done, those that stay as they are asked to be, those refused."""

    done: list[Outcome]
    unchanged: list[Outcome]
    refused: list[Outcome]
    work: tuple

    @property
    def digest(self):
        """The same as long as the same is done to the same versions of the same rows, with the same outcome."""
        return sha256(repr(self).encode()).hexdigest()


class Setting:
    """One field that is to hold the same in every row."""

    def __init__(self, field, value):
        self.field, self.value = field, value

    def reading(self, rows):
        """The rows with what they hold in the field, which is told of each."""
        if self.field.many_to_many:
            return rows.prefetch_related(self.field.name)
        return rows.select_related(self.field.name) if self.field.is_relation else rows

    def carry_out(self, rows):
        outcomes = Outcomes([], [], [], work=(self.field.name, *self.stored_value()))
        for row in rows:
            before, told = self.words(row), (row.pk, row.version, str(row))
            if self.holds(row):
                outcomes.unchanged.append(Outcome(*told, before, before))
            elif refusals := self.put(row):
                outcomes.refused.append(Outcome(*told, before, refusals=refusals))
            else:
                outcomes.done.append(Outcome(*told, before, self.words(row)))
        return outcomes

    def stored_value(self):
        """The value as a column, or the rows of a relation, would hold it."""
        if self.field.many_to_many:
            return sorted(each.pk for each in self.value)
        return [self.value.pk if self.field.is_relation and self.value else self.value]

    def holds(self, row):
        held = getattr(row, self.field.name)
        if self.field.many_to_many:
            return sorted(each.pk for each in held.all()) == self.stored_value()
        return held == self.value

    def words(self, row):
        held = getattr(row, self.field.name)
        return value_text(self.field, list(held.all()) if self.field.many_to_many else held)

    def put(self, row):
        """Save the row with the value, or return the reasons why that cannot be."""
        if self.field.many_to_many:
            getattr(row, self.field.name).set(self.value)
            return ()
        setattr(row, self.field.name, self.value)
        try:
            row.clean_fields(exclude={each.name for each in row._meta.fields} - {self.field.name})
            row.clean()
            row.validate_constraints()
        except ValidationError as error:
            return reasons(error, row)
        row.save()
        return ()


class Deleting:
    """Rows that are to go, with their citations; of what keeps them, the user is told what that user may see."""

    def __init__(self, user):
        self.user = user

    def reading(self, rows):
        return rows

    def carry_out(self, rows):
        told = {row.pk: (row.pk, row.version, str(row)) for row in rows}
        staying = explain_staying(delete_independent(rows), self.user)
        return Outcomes(
            [Outcome(*told[key]) for key in told if key not in staying],
            [],
            [Outcome(*told[key], refusals=refusals) for key, refusals in staying.items()],
            work=("delete",),
        )


def reasons(error, row):
    """What is wrong, in sentences; each once, with the fields that it is about."""
    fields = defaultdict(list)
    for name, messages in error.message_dict.items():
        is_of_row = name == NON_FIELD_ERRORS
        label = "" if is_of_row else str(capfirst(row._meta.get_field(name).verbose_name))
        for message in messages:
            fields[message].append(label)
    return tuple(
        _("%(fields)s: %(message)s") % {"fields": "、".join(labels), "message": message}
        if any(labels)
        else message
        for message, labels in fields.items()
    )


def outcomes_of(work, rows, shown=""):
    """What comes of the work, and whether it was done: only where that is what was shown."""
    with transaction.atomic():
        outcomes = work.carry_out(rows)
        is_done = shown == outcomes.digest
        if not is_done:
            transaction.set_rollback(True)
    return outcomes, is_done
