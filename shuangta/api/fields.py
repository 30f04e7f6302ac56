"""Fields of a body: how a value of each kind is read from JSON, strictly, and written to it."""

import math
from datetime import UTC
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.relations import MANY_RELATION_KWARGS

from shuangta.history.models import RevisionedModel
from shuangta.query.suggestions import MAX_HINTS, unknown
from shuangta.records.models import record_type

DIGITS = 15
MAX_ALIKE = 100
MAX_QUOTED_CHARS = 60


def shorten(text):
    """A text as a refusal tells it back."""
    return Truncator(text).chars(MAX_QUOTED_CHARS)


class NumberField(serializers.DecimalField):
    """A decimal as a plain JSON number; fifteen digits survive as one."""

    def validate_empty_values(self, data):
        return (False, data) if isinstance(data, str) else super().validate_empty_values(data)

    def to_internal_value(self, data):
        if isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(without_noise(data))

    def to_representation(self, value):
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)


def without_noise(number):
    """The number as it was meant, where it is a sum of fractions that no computer holds: 0.30000000000000004 is 0.3."""
    if not isinstance(number, Decimal) or not number.is_finite():
        return number
    rounded = Decimal(f"{number:.{DIGITS}g}").normalize()
    return rounded if abs(number - rounded) <= 2 * Decimal(math.ulp(number)) else number


class TextField(serializers.CharField):
    """Text, kept as it is sent; a number or a truth value is no text, and spaces alone say nothing."""

    def __init__(self, **kwargs):
        super().__init__(**{"trim_whitespace": False} | kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        if not data.strip() and not self.allow_blank:
            self.fail("blank")
        return super().to_internal_value(data)


class TruthField(serializers.BooleanField):
    """``true`` or ``false``, and nothing else."""

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WholeNumberField(serializers.IntegerField):
    """A plain JSON number without decimals; a text of digits is no number."""

    def to_internal_value(self, data):
        if isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class ApiDateField(serializers.DateField):
    """A day as ISO 8601 writes it, ``2021-05-13``."""

    def to_internal_value(self, data):
        day = super().to_internal_value(data)
        if day.isoformat() != data:
            self.fail("invalid", format="YYYY-MM-DD")
        return day


class MomentField(serializers.DateTimeField):
    """A moment, in UTC whatever the server's time zone is."""

    def __init__(self, **kwargs):
        super().__init__(default_timezone=UTC, **kwargs)


class LineField(TextField):
    """A text on one line."""

    default_error_messages = {"line_break": _("A name stands on one line.")}

    def to_internal_value(self, data):
        line = super().to_internal_value(data)
        if line.splitlines() != [line]:
            self.fail("line_break")
        return line


NO_LIST = {"not_a_list": _("Send a list.")}


class LinesField(serializers.ListField):
    """A list of texts that the column keeps one a line."""

    default_error_messages = NO_LIST
    child = LineField(max_length=200)

    def to_representation(self, value):
        return value.splitlines()

    def to_internal_value(self, data):
        return "\n".join(super().to_internal_value(data))


@extend_schema_field({"type": "string", "pattern": r"^[a-z]+\.[a-z]+$"})
class RecordTypeField(serializers.Field):
    """A type of record, as ``projects.project``."""

    default_error_messages = {"invalid_choice": _("There is no type “%s”.")}

    def get_attribute(self, instance):
        """The type, from the cache of types: the relation would be read once for each row."""
        return ContentType.objects.get_for_id(getattr(instance, f"{self.source}_id"))

    def to_representation(self, value):
        return value.model_class()._meta.label_lower

    def to_internal_value(self, data):
        found = record_type(data)
        if found is None:
            detail = str(self.error_messages["invalid_choice"]) % shorten(str(data))
            raise serializers.ValidationError(detail, code="invalid_choice")
        return found


class ChoiceField(serializers.ChoiceField):
    """One of the choices of a column; a refusal names the nearest."""

    def to_internal_value(self, data):
        if isinstance(data, str) and data and data not in self.choices:
            message = self.error_messages["invalid_choice"].format(input=shorten(data))
            raise serializers.ValidationError(
                [unknown(data, self.choices, message, "invalid_choice")]
            )
        return super().to_internal_value(data)


class ReferencesField(serializers.ManyRelatedField):
    """A list of codes, each once; the first few that are wrong are told together."""

    default_error_messages = NO_LIST | {"repeated": _("A record is named twice.")}

    def to_internal_value(self, data):
        if not isinstance(data, list):
            self.fail("not_a_list")
        if not data and not self.allow_empty:
            self.fail("empty")
        records, errors = [], []
        for code in data:
            try:
                records.append(self.child_relation.to_internal_value(code))
            except serializers.ValidationError as error:
                errors += [each for each in error.detail if each not in errors]
            if len(errors) == MAX_HINTS:
                break
        if errors:
            raise serializers.ValidationError(errors)
        if len(set(records)) < len(records):
            self.fail("repeated")
        return records


@extend_schema_field({"type": "string", "minLength": 1})
class ReferenceField(serializers.PrimaryKeyRelatedField):
    """Another record, by its code; a number is no code, though a code may be all digits.

    It is one that the writer may see, or the one that the row names already.
    """

    default_error_messages = {"does_not_exist": _("There is no %(type)s “%(text)s”.")}

    def run_validation(self, data=empty):
        return super().run_validation(TextField().run_validation(data) if data == "" else data)

    def get_queryset(self):
        rows = super().get_queryset()
        request = self.context.get("request")
        return rows.visible_to(request.user) if request else rows

    def to_internal_value(self, data):
        code = TextField().run_validation(data)
        row = getattr(self.parent, "instance", None)
        if isinstance(row, RevisionedModel) and getattr(row, f"{self.source}_id", None) == code:
            return getattr(row, self.source)
        return self.find(code) or self.refuse_unknown(code)

    def find(self, code):
        rows, named = self.get_queryset(), self.context.get("named_records")
        return named.find(rows, code) if named else rows.filter(pk=code).first()

    def refuse_unknown(self, code):
        names = {"type": self.get_queryset().model._meta.verbose_name, "text": shorten(code)}
        message = self.error_messages["does_not_exist"] % names
        error = unknown(code, self.codes_like(code), message, "does_not_exist")
        raise serializers.ValidationError([error])

    def codes_like(self, code):
        """Some codes of the records that may be named that begin as this one does. Only the first few errors ask."""
        asked = self.context["hints"] = self.context.get("hints", 0) + 1
        if asked > MAX_HINTS:
            return []
        alike = self.get_queryset().filter(pk__begins=code[: len(code) // 2]).order_by("pk")
        return alike.values_list("pk", flat=True)[:MAX_ALIKE]

    @classmethod
    def many_init(cls, *args, **kwargs):
        passed_on = {name: value for name, value in kwargs.items() if name in MANY_RELATION_KWARGS}
        return ReferencesField(child_relation=cls(*args, **kwargs), **passed_on)
