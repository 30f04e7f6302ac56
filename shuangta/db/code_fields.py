"""Codes: the keys by which URLs, fixtures, foreign keys and API bodies name a record."""

from django.core.exceptions import EmptyResultSet, ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 100

RESERVED = frozenset(
    [
        "aggregate",
        "bulk",
        "count",
        "docs",
        "evidence",
        "export",
        "facets",
        "history",
        "new",
        "restore",
        "schema",
        "search",
    ]
)

validate_shape = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
    _("A code is made of small ASCII letters, digits and single hyphens between them."),
    code="code_shape",
)


def validate_not_reserved(code):
    if code in RESERVED:
        raise ValidationError(
            _("“%(code)s” is an address of the API and cannot be a code."),
            code="code_reserved",
            params={"code": code},
        )


class CodeField(models.CharField):
    """The key of a registry record: ASCII words with hyphens, fixed once the record exists."""

    default_validators = [validate_shape, validate_not_reserved]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def get_db_prep_value(self, value, connection, prepared=False):
        """As Django does; no row is looked for under a code with a NUL, which PostgreSQL refuses to compare."""
        if "\0" in str(value):
            raise EmptyResultSet
        return super().get_db_prep_value(value, connection, prepared)


class QueryField(models.TextField):
    """A query in the API's own filter language, of the resource that the row names in ``resource``.

    The codes in it follow a corrected code.
    """
