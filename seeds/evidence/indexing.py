"""Keeps the issues of the evidence true: after each way of writing a record or a citation, and where they are not."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import Exists, OuterRef

from seeds.evidence.canonical import uncited, written_values
from seeds.models import Citation, EvidenceIssue
from shuangta.history import batching

ROWS_AT_ONCE = 500
Kind = EvidenceIssue.Kind


def after_write(sender, revised, using, **kwargs):
    """Follow the rows of a model that were written, as far as they have another state now."""
    follow(revised, using)


def after_delete(sender, instance, using, **kwargs):
    """Follow the deletion of a record or of a citation."""
    if isinstance(instance, Citation):
        follow([instance], using)
    else:
        EvidenceIssue.objects.using(using).of(sender).filter(record=instance.pk).delete()


def follow(rows, using=DEFAULT_DB_ALIAS):
    """Bring the issues of these records up to date, or those of the records that these rows belong to."""
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
    if isinstance(row, Citation):
        return [owner for owner in (row.owner, row.former_owner) if owner[1]]
    return [(ContentType.objects.db_manager(row._state.db).get_for_model(row).pk, row.pk)]


def refresh(model, codes, using=DEFAULT_DB_ALIAS):
    """Bring the issues of the records with these codes up to date, as they are stored."""
    for start in range(0, len(codes), ROWS_AT_ONCE):
        write(model, codes[start : start + ROWS_AT_ONCE], using)


def write(model, codes, using):
    type_id = ContentType.objects.db_manager(using).get_for_model(model).pk
    issues = EvidenceIssue.objects.using(using)
    with transaction.atomic(using=using):
        # Who saves the record and who saves its citation wait for each other, or neither sees the other's value.
        rows = models.QuerySet(model, using=using).select_for_update(no_key=True).order_by("pk")
        wanted, stored = wanted_issues(rows, codes, using), stored_issues(model, codes, using)
        surplus = [pk for issue, pk in stored.items() if issue not in wanted]
        if surplus:
            issues.filter(pk__in=surplus).delete()
        missing = sorted(wanted - stored.keys())
        if missing:
            issues.bulk_create(
                EvidenceIssue(record_type_id=type_id, record=code, field=field, kind=kind)
                for code, field, kind in missing
            )


def stored_issues(model, codes, using=DEFAULT_DB_ALIAS):
    """The keys of the issues that stand, by code, field and kind."""
    issues = EvidenceIssue.objects.using(using).of(model).filter(record__in=codes)
    return {
        (code, field, kind): pk
        for pk, code, field, kind in issues.values_list("pk", "record", "field", "kind")
    }


def wanted_issues(rows, codes, using=DEFAULT_DB_ALIAS):
    """The issues that should stand for those of the rows with these codes: code, field and kind of each."""
    relations = [field.name for field in rows.model._meta.many_to_many]
    found = list(rows.filter(pk__in=codes).prefetch_related(*relations))
    citations = cited_values(rows.model, codes, using)
    return {
        (row.pk, field, kind.value)
        for row in found
        for field, kind in issues_of(row, citations[row.pk])
    }


def cited_values(model, codes, using):
    """By code and field, the pairs of value and basis of the citations."""
    found = defaultdict(lambda: defaultdict(list))
    citations = Citation.objects.using(using).about(model)
    rows = citations.filter(record__in=codes).order_by("record", "field", "position")
    for code, field, value, basis in rows.values_list("record", "field", "value", "basis"):
        found[code][field].append((value, basis))
    return found


def issues_of(entry, cited):
    """Yield the field and kind of each issue of a record; ``cited`` are its values and their bases by field."""
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


def find_stale(rows):
    """The codes of those records of one model whose issues are not as they should be."""
    model, codes = type(rows[0]), [row.pk for row in rows]
    wanted = wanted_issues(models.QuerySet(model), codes)
    return {code for code, _field, _kind in wanted ^ stored_issues(model, codes).keys()}


def find_orphans(model, using=DEFAULT_DB_ALIAS):
    """The issues of records of a model that are no more."""
    rows = models.QuerySet(model, using=using).filter(pk=OuterRef("record"))
    return EvidenceIssue.objects.using(using).of(model).filter(~Exists(rows)).order_by("record")
