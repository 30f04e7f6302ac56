"""Proposals: what a sheet would do, shown before anything is stored, and then done as it was shown or not at all.

Both go through ``shuangta.api.writes.bulk``, which writes the rows: the preview takes them back. The rows are kept as
they are to be sent again, with the versions that they found, so that nothing of the outcome rests on the client.
"""

import json
from enum import StrEnum

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from shuangta.api.writes.bulk import BulkUpsert
from shuangta.api.writes.requests import roll_back
from shuangta.imports.reading import Reader
from shuangta.plans.models import ProposedImport
from shuangta.tabular import cells
from shuangta.tabular.sheets import MAX_COLUMNS, MAX_ROWS, Sheet

MAX_TITLE_LENGTH = 200
EVERY_ERROR = MAX_ROWS * MAX_COLUMNS


class Fate(StrEnum):
    """What becomes of a row; in the order in which an editor should see them."""

    WRONG = "wrong"
    CHANGED = "changed"
    CREATED = "created"
    UNCHANGED = "unchanged"
    EXAMPLE = "example"
    """It is the example of the template, and passed over."""


def propose(view, sheet, reason):
    """Keep what the sheet would do for the user of the view. Raises SheetError where it cannot be taken."""
    ProposedImport.forget_old()
    model = view.queryset.model
    return ProposedImport.objects.create(
        user=view.request.user,
        record_type=ContentType.objects.get_for_model(model),
        reason=reason,
        sheet=sheet.to_json(),
        rows=rehearse(view, sheet),
    )


def propose_again(view, proposal):
    """Show what the same sheet would do by now. Raises DoesNotExist where it was done or dropped meanwhile."""
    rows = rehearse(view, Sheet.from_json(proposal.sheet))
    if not ProposedImport.objects.waiting().filter(pk=proposal.pk).update(rows=rows):
        raise ProposedImport.DoesNotExist


def rehearse(view, sheet):
    """The fate of each row of the sheet, the wrong ones first; nothing is stored.

    A row whose error shows only after it was written may have lent others its record: those are tried without it.
    """
    reader = Reader(view, sheet)
    readings = reader.readings()
    errors, told = {}, {}
    while True:
        sound = [each for each in readings if each.number not in errors]
        found, told = rehearse_rows(view, sound, reader.layout.directory)
        errors |= found
        if not found.keys() & told.keys():
            break
    rows = [wrong_row(each, errors[each.number]) for each in readings if each.number in errors]
    rows += [proposal_row(Fate.EXAMPLE, number, "", []) for number in reader.examples]
    fates = list(Fate)
    return sorted(
        [*rows, *told.values()], key=lambda row: (fates.index(row["fate"]), row["number"])
    )


@transaction.atomic
def rehearse_rows(view, readings, directory):
    """The errors of the rows that have some, and what becomes of those that could be written, by number."""
    plan = BulkUpsert(view, EVERY_ERROR, takes_exports=True)
    by_number = {each.number: each for each in readings}
    planned = list(plan.write((each.number, each.body) for each in readings))
    told = {row.number: proposal_rows(by_number[row.number], row) for row in planned}
    created = {row.record.pk: row.number for row in planned if row.outcome == Fate.CREATED}
    namesakes = directory.namesakes(row.record for row in planned if row.outcome == Fate.CREATED)
    for row in planned:
        alike = namesakes.get(row.record.pk, [])
        told[row.number]["namesakes"] = [code for code in alike if code not in created]
        told[row.number]["rows_alike"] = sorted(created[code] for code in alike if code in created)
    errors = {}
    for error in plan.errors:
        reading = by_number[error["row"]]
        errors.setdefault(reading.number, []).append(error_row(reading, error))
    roll_back(view.queryset.model)
    return errors, told


def error_row(reading, error):
    """An error by the field that it is about; of a cell that could not be understood, why."""
    field = (error["field"] or "").partition(".")[0]
    return [field, reading.flaws.get(field, error["detail"])]


def proposal_rows(reading, row):
    """What becomes of a sound row, with the body that does the same again or is refused."""
    record, is_new = row.record, row.outcome == Fate.CREATED
    key = {} if is_new and record._meta.auto_field else {record._meta.pk.name: record.pk}
    return proposal_row(row.outcome, row.number, str(record), reading.notes) | {
        "key": key.get(record._meta.pk.name),
        "body": reading.body | key | {"version": row.version},
        "changes": changes_in(row),
    }


def wrong_row(reading, errors):
    titled = getattr(reading.model, "title_field", reading.model._meta.pk.name)
    title = str(reading.record or cells.display_value(reading.cells.get(titled)))[:MAX_TITLE_LENGTH]
    told = proposal_row(Fate.WRONG, reading.number, title, reading.notes)
    return told | {"errors": list(dict.fromkeys(map(tuple, errors)))}


def proposal_row(fate, number, title, notes):
    """What a preview shows of a row, whichever fate it has."""
    return {"number": number, "fate": fate, "title": title, "key": None, "notes": notes}


def changes_in(row):
    """What changes, as it can be kept; the number that a new record is given is nobody's to foresee."""
    counted = row.record._meta.auto_field
    changes = [each for each in row.changes if counted is None or each["field"] != counted.name]
    return json.loads(json.dumps(changes, cls=DjangoJSONEncoder))


def apply(view, proposal, shown):
    """Do what was shown of the sound rows and return how many there were of each fate.

    ``shown`` is the digest of the preview that was confirmed. None where anything else would be done now: then
    nothing is stored. Raises DoesNotExist where it is done or dropped.
    """
    try:
        with transaction.atomic():
            kept = ProposedImport.objects.waiting().select_for_update().get(pk=proposal.pk)
            counts = applied_rows(view, kept.rows) if kept.digest == shown else None
            if counts is None:
                transaction.set_rollback(True)
            else:
                kept.finish()
            return counts
    except IntegrityError:  # another request made the same record at the same time
        return None


def applied_rows(view, rows):
    """Write the sound ones and return how many there are of each fate; None where they come to anything else."""
    shown = {row["number"]: row for row in rows if "body" in row}
    plan = BulkUpsert(view)
    bodies = [(number, shown[number]["body"]) for number in sorted(shown)]
    planned = {row.number: row for row in plan.write(bodies)}
    return None if plan.error_count or not is_as_previewed(planned, shown) else plan.counts


def is_as_previewed(planned, shown):
    """Whether each row comes to what the preview said."""
    return all(
        (row.outcome, changes_in(row)) == (shown[number]["fate"], shown[number]["changes"])
        for number, row in planned.items()
    )
