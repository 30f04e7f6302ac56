"""Rows that are not stored, such as past ones, told in the shape of their resource."""

from django.contrib.contenttypes.models import ContentType

from shuangta.records.diff import revisioned_fields
from shuangta.records.restore import renames
from shuangta.records.visibility import may_view


def serialize_snapshots(serializer_class, rows, user):
    """The columns and relations of each row that ``build_row`` made, by field, as the user may see them."""
    meta, public = serializer_class.Meta.model._meta, serializer_class.Meta.fields
    columns = [field.name for field in meta.concrete_fields if field.name in public]
    documents = serializer_class(rows, many=True, context={"fields": columns}).data
    for field in meta.many_to_many:
        codes = {code for row in rows for code in row.relations_to_be[field.name]}
        places = field_places(field.related_model, codes, user)
        for row, document in zip(rows, documents, strict=True):
            seen = [code for code in row.relations_to_be[field.name] if code in places]
            document[field.name] = sorted(seen, key=places.get)
    return documents


def field_places(model, codes, user):
    """The place in a list of each code, present or former, whose record the user may see now.

    Who may view all records of the model sees the codes of deleted ones too, after the others.
    """
    former = renames(codes)
    type_id = ContentType.objects.get_for_model(model).pk
    present = {code: former.get((type_id, code), code) for code in codes}
    rows = model.objects.visible_to(user).filter(pk__in=present.values())
    seen = list(rows.values_list("pk", flat=True))
    if may_view(user, model):
        seen += sorted(set(present.values()) - set(seen))
    places = {code: place for place, code in enumerate(seen)}
    return {code: places[present[code]] for code in codes if present[code] in places}


def changed_fields(serializer_class, before, after):
    """What differs between two tellings of a row, in the order of the resource; null where nothing is stated."""
    kept = {field.name for field in revisioned_fields(serializer_class.Meta.model)}
    compared = [
        {
            "field": name,
            "before": stated_values(before.get(name)),
            "after": stated_values(after[name]),
        }
        for name in serializer_class.Meta.fields
        if name in kept
    ]
    return [each for each in compared if each["before"] != each["after"]]


def stated_values(value):
    return None if value in ("", []) else value
