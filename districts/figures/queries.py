"""The queries of declared counts follow the codes that they name."""

from urllib.parse import unquote_plus

from districts.models import DeclaredCount
from shuangta.db.code_fields import CodeField
from shuangta.query.resources import viewsets


def rename_in_queries(sender, old_code, new_code, **kwargs):
    """Let each query that names a record of the model ``sender`` name it by its new code."""
    for count in DeclaredCount.objects.filter(query__contains=old_code):
        filters = viewsets()[count.resource].filterset_class.base_filters
        naming = {name for name in filters if holds_codes_of(filters[name].column, sender)}
        count.query = replace_code(count.query, naming, old_code, new_code)
        count.save()


def holds_codes_of(column, model):
    """Whether a column holds codes of the model’s records."""
    if column.is_relation:
        return column.related_model is model
    return isinstance(column, CodeField) and (not column.primary_key or column.model is model)


def replace_code(query, naming, old_code, new_code):
    """The query with the code replaced in those of its parameters that name records of the type."""
    parts = []
    for part in query.split("&"):
        name, _divider, value = part.partition("=")
        codes = unquote_plus(value).split(",")
        if name in naming and old_code in codes:
            codes = [new_code if code == old_code else code for code in codes]
            part = f"{name}={','.join(codes)}"
        parts.append(part)
    return "&".join(parts)
