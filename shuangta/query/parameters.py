"""Query parameters: how the text of one is read as a value of its column's kind, strictly."""

import copy
import re
from datetime import UTC, date, datetime
from urllib.parse import unquote_plus, unquote_to_bytes

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail

from shuangta.query.suggestions import unknown
from shuangta.records.models import record_models, record_type

MAX_TEXT_LENGTH = 1000  # PostgreSQL reads no regular expression of any length.
MAX_VALUES = 500  # SQLite nests at most 1000 conditions.
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def encoding_errors(query):
    """The errors, by name, of parameters that are not UTF-8: read on, they would stand for something else."""
    error = ErrorDetail(str(_("Encode the parameter in UTF-8.")), "encoding")
    names = {}
    for pair in query.split("&"):
        try:
            unquote_to_bytes(pair.encode("latin-1")).decode()
        except UnicodeDecodeError:
            names[unquote_plus(pair.partition("=")[0])] = error
    return names


class TruthField(forms.Field):
    """``true`` or ``false``, and nothing else."""

    def to_python(self, value):
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise ValidationError(_("Say “true” or “false”."), code="invalid_boolean")
        return value == "true"


class QueryDateField(forms.Field):
    """A day as ISO 8601 writes it, ``2021-05-13``."""

    def to_python(self, value):
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            raise ValidationError(_("Write the day as 2021-05-13."), code="invalid_date")
        return day


class MomentField(forms.Field):
    """A moment as ISO 8601 writes it, with its offset from UTC."""

    def to_python(self, value):
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValueError(value)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            message = _("Write the moment as 2021-05-13T04:00:00Z.")
            raise ValidationError(message, code="invalid_moment") from error


class PlainNumber:
    """Refuses what Python reads as a number but a reader may not: 1_000, 1e3, １０."""

    def to_python(self, value):
        if value and not PLAIN_NUMBER.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class IntegerField(PlainNumber, forms.IntegerField):
    """A whole number."""


class DecimalField(PlainNumber, forms.DecimalField):
    """A number with or without decimals."""


class ChoiceField(forms.ChoiceField):
    """One of the choices of a column; a refusal names the nearest."""

    def validate(self, value):
        try:
            super().validate(value)
        except ValidationError as error:
            known = [each for each, _label in self.choices]
            refusal = unknown(value, known, error.messages[0], "invalid_choice")
            raise ValidationError(str(refusal), code=refusal.code) from error


class ListField(forms.Field):
    """Values divided by commas, each as strict as the field for one; all that are wrong are told together."""

    def __init__(self, each, most=MAX_VALUES, **kwargs):
        super().__init__(**kwargs)
        self.each, self.most = each, most

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.each = copy.deepcopy(self.each, memo)
        return copied

    def to_python(self, value):
        if not value:
            return None
        texts = value.split(",")
        if len(texts) > self.most:
            message = _("A list has at most %(number)d values.")
            raise ValidationError(message, code="too_many", params={"number": self.most})
        values, errors = [], {}
        for text in texts:
            try:
                values.append(self.item(text))
            except ValidationError as error:
                errors[text] = error
        if errors:
            raise ValidationError(list(errors.values()))
        return values

    def item(self, text):
        if not text:
            raise ValidationError(_("An item of the list is empty."), code="empty")
        return self.each.clean(text)


class ReferenceField(forms.CharField):
    """The code of a record; of one that may be named, where the filter set says which."""

    def __init__(self, model, **kwargs):
        super().__init__(strip=False, **kwargs)
        self.model, self.nameable = model, None

    def clean(self, value):
        code = super().clean(value)
        if code and self.nameable is not None and not self.nameable.filter(pk=code).exists():
            raise ValidationError(
                _("There is no record “%(code)s”."), code="no_such_record", params={"code": code}
            )
        return code


class ContentTypeField(forms.Field):
    """A type of record, as ``projects.project``."""

    def to_python(self, value):
        if not value:
            return None
        found = record_type(value)
        if found is None:
            known = [model._meta.label_lower for model in record_models()]
            refusal = unknown(value, known, _("There is no type “%s”.") % value, "invalid_choice")
            raise ValidationError(str(refusal), code=refusal.code)
        return found


def form_field(column):
    """The strict form field for one value of a column."""
    if column.is_relation:
        if column.related_model._meta.label == "contenttypes.ContentType":
            return ContentTypeField(required=False)
        return ReferenceField(column.related_model, required=False)
    if column.choices:
        return ChoiceField(choices=column.choices, required=False)
    if isinstance(column, models.BooleanField):
        return TruthField(required=False)
    if isinstance(column, models.IntegerField):
        return IntegerField(min_value=-(2**31), max_value=2**31 - 1, required=False)
    if isinstance(column, models.DecimalField):
        return DecimalField(max_digits=15, decimal_places=2, required=False)
    if isinstance(column, models.DateTimeField):
        return MomentField(required=False)
    if isinstance(column, models.DateField):
        return QueryDateField(required=False)
    return forms.CharField(strip=False, max_length=MAX_TEXT_LENGTH, required=False)
