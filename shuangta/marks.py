"""Keeping the evidence marks true: after each way of writing a record or a citation, and again where they are not."""

from collections import defaultdict

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import Exists, OuterRef

from shuangta.evidence_mark import EvidenceMark
from shuangta.history import batching
from shuangta.values import uncited, written_values

ROWS_AT_ONCE = 500
Kind = EvidenceMark.Kind


def after_save(sender, instance, using, **kwargs):
    """Follow one row that was saved, unless that changed nothing."""
    if instance.pending_revision:
        follow([instance], using)


def after_delete(sender, instance, using, **kwargs):
    """Follow the deletion of a record or of a citation."""
    if hasattr(instance, "citations"):
        EvidenceMark.objects.using(using).of(sender).filter(record=instance.pk).delete()
    else:
        follow([instance], using)


def follow(rows, using=DEFAULT_DB_ALIAS):
    """Bring the marks of these records up to date, or those of the records that these rows belong to."""
    concerned = defaultdict(set)
    for row in rows:
        for type_id, code in entries_concerned(row):
            concerned[type_id].add(code)
    types = ContentType.objects.db_manager(using)
    by_model = {types.get_for_id(each).model_class(): codes for each, codes in concerned.items()}
    for model in sorted(by_model, key=lambda each: each._meta.label):
        batching.refresh_derived(refresh, model, by_model[model], using)


def entries_concerned(row):
    """The type and code of each record whose evidence may be another now: where a citation was, too."""
    if hasattr(row, "citations"):
        return [(ContentType.objects.db_manager(row._state.db).get_for_model(row).pk, row.pk)]
    return [owner for owner in (row.owner, row.former_owner) if owner[1]]


def refresh(model, codes, using=DEFAULT_DB_ALIAS):
    """Bring the marks of the records with these codes up to date, as they are stored."""
    for start in range(0, len(codes), ROWS_AT_ONCE):
        write(model, codes[start : start + ROWS_AT_ONCE], using)


def write(model, codes, using):
    type_id = ContentType.objects.db_manager(using).get_for_model(model).pk
    marks = EvidenceMark.objects.using(using)
    with transaction.atomic(using=using):
        # Who saves the record and who saves its citation wait for each other, or neither sees the other's value.
        rows = models.QuerySet(model, using=using).select_for_update(no_key=True).order_by("pk")
        wanted, stored = wanted_marks(rows, codes, using), stored_marks(model, codes, using)
        surplus = [pk for mark, pk in stored.items() if mark not in wanted]
        if surplus:
            marks.filter(pk__in=surplus).delete()
        missing = sorted(wanted - stored.keys())
        if missing:
            marks.bulk_create(
                EvidenceMark(record_type_id=type_id, record=code, field=field, kind=kind)
                for code, field, kind in missing
            )


def stored_marks(model, codes, using=DEFAULT_DB_ALIAS):
    """The keys of the marks that stand, by code, field and kind."""
    marks = EvidenceMark.objects.using(using).of(model).filter(record__in=codes)
    return {
        (code, field, kind): pk
        for pk, code, field, kind in marks.values_list("pk", "record", "field", "kind")
    }


def wanted_marks(rows, codes, using=DEFAULT_DB_ALIAS):
    """The marks that should stand for those of the rows with these codes: code, field and kind of each."""
    relations = [field.name for field in rows.model._meta.many_to_many]
    found = list(rows.filter(pk__in=codes).prefetch_related(*relations))
    citations = cited_values(rows.model, codes, using)
    return {
        (row.pk, field, kind.value)
        for row in found
        for field, kind in marks_of(row, citations[row.pk])
    }


def cited_values(model, codes, using):
    """By code and field, the pairs of value and basis of the citations."""
    found = defaultdict(lambda: defaultdict(list))
    citations = apps.get_model("seeds", "Citation").objects.using(using).about(model)
    rows = citations.filter(record__in=codes).order_by("record", "field", "position")
    for code, field, value, basis in rows.values_list("record", "field", "value", "basis"):
        found[code][field].append((value, basis))
    return found


def marks_of(entry, cited):
    """Yield the field and kind of each mark of a record; ``cited`` are its values and their bases by field."""
    fields = [*entry._meta.concrete_fields, *entry._meta.many_to_many]
    for field in fields:
        name = field.name
        is_factual = name not in entry.editorial_fields
        if not is_factual and name not in cited:
            continue
        read = {value for value, _basis in cited.get(name, ())}
        held = written_values(entry, field)
        if is_factual and uncited(field, held, read):
            yield name, Kind.UNSOURCED
        if read and is_changed(field, held, read):
            yield name, Kind.CHANGED
        if len(read) > 1 and not field.many_to_many:
            yield name, Kind.DISAGREEING
        if any(basis == "inferred" for _value, basis in cited.get(name, ())):
            yield name, Kind.INFERRED


def is_changed(field, held, read):
    """Whether what was read from the words is no longer what the field holds."""
    return bool(read - held) if field.many_to_many else not held & read


def stale(rows):
    """The codes of those records of one model whose marks are not as they should be."""
    model, codes = type(rows[0]), [row.pk for row in rows]
    wanted = wanted_marks(models.QuerySet(model), codes)
    return {code for code, _field, _kind in wanted ^ stored_marks(model, codes).keys()}


def orphans(model, using=DEFAULT_DB_ALIAS):
    """The marks of records of a model that are no more."""
    rows = models.QuerySet(model, using=using).filter(pk=OuterRef("record"))
    return EvidenceMark.objects.using(using).of(model).filter(~Exists(rows)).order_by("record")
