"""Form fields that take what an editor has at hand: amounts as worded, text over several lines."""

from django import forms
from django.core.exceptions import ValidationError

from shuangta.quantities import format_amount, parse_amount


class AmountField(forms.DecimalField):
    """An amount in one unit, typed and shown as worded: 10亿元, 1.5万平方米, 30000000."""

    def __init__(self, *, unit, **options):
        self.unit = unit
        super().__init__(**options)

    def prepare_value(self, value):
        if value is None or isinstance(value, str):
            return value
        return format_amount(value, self.unit)

    def to_python(self, value):
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return parse_amount(value, self.unit)
        except ValueError as error:
            raise ValidationError(str(error), code="not_an_amount") from error


class LinesField(forms.CharField):
    """Text over several lines, with the line ends that browsers send turned back into plain ones."""

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if value else value)
