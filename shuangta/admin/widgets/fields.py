"""Form fields that take what an editor has at hand: amounts and days as worded, text over several lines."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shuangta.text.dates import parse_dates
from shuangta.text.quantities import format_amount, parse_amount


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


class AdminDateField(forms.DateField):
    """A day as people write it: 2021-05-13, 2021年5月13日, 二〇二一年五月十三日."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError:
            stated = [
                each for each in parse_dates(str(value)) if each.wording == str(value).strip()
            ]
            if not stated:
                raise
        (day,) = stated
        if not day.exact:
            message = _("“%(text)s” may be any day from %(first)s to %(last)s. Write one day.")
            words = {"text": day.wording, "first": day.first, "last": day.last}
            raise ValidationError(message, code="vague", params=words)
        return day.first


class LinesField(forms.CharField):
    """Text over several lines, with the line ends that browsers send turned back into plain ones."""

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if value else value)
