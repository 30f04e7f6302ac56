"""The codes of records: those that they had, and those that are free."""

from collections import Counter

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuangta.db.code_fields import MAX_LENGTH, RESERVED

CODES_AT_ONCE = 1000


class FormerCode(models.Model):
    """A code that a record had before it was corrected; its address answers 308."""

    record_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("record type")
    )
    code = models.CharField(_("former code"), max_length=MAX_LENGTH)
    record = models.CharField(_("record"), max_length=MAX_LENGTH)
    present = GenericForeignKey("record_type", "record")

    class Meta:
        verbose_name = _("former code")
        verbose_name_plural = _("former codes")
        constraints = [
            models.UniqueConstraint(name="former_code_once", fields=["record_type", "code"])
        ]

    def __str__(self):
        return f"{self.code} → {self.record}"


class FreeCodes:
    """Gives codes that no record of a model has or had, each once. Those ``besides`` are not free either."""

    def __init__(self, model, besides=()):
        self.model = model
        self.taken = {*RESERVED, *besides}
        self.checked = Counter()
        """How many codes of a stem are looked up."""
        self.passed = Counter()
        """How many of them were tried."""

    def take(self, stem):
        """The stem, or the stem with the first number that makes it free."""
        while True:
            self.passed[stem] += 1
            if self.passed[stem] > self.checked[stem]:
                self.look_up({stem: 1})
            code = add_number(stem, self.passed[stem])
            if code not in self.taken:
                self.taken.add(code)
                return code

    def expect(self, stems):
        """Look up at once as many codes as there are to be taken of these stems."""
        missing = Counter(stems)
        while missing:
            new = self.look_up(missing)
            missing -= Counter(stem for stem, code in new if code not in self.taken)

    def look_up(self, counts):
        """Look up the next codes of each stem, so many of them and as many again as before; they are returned."""
        new = []
        for stem, count in counts.items():
            first = self.checked[stem] + 1
            self.checked[stem] += max(count, self.checked[stem])
            new += [(stem, add_number(stem, n)) for n in range(first, self.checked[stem] + 1)]
        codes = [code for _stem, code in new]
        for start in range(0, len(codes), CODES_AT_ONCE):
            self.taken |= self.taken_among(codes[start : start + CODES_AT_ONCE])
        return new

    def taken_among(self, codes):
        present = self.model._base_manager.filter(code__in=codes)
        former = FormerCode.objects.filter(
            record_type=ContentType.objects.get_for_model(self.model), code__in=codes
        )
        return {code for rows in (present, former) for code in rows.values_list("code", flat=True)}


def add_number(stem, number):
    return f"{stem}-{number}" if number > 1 else stem
