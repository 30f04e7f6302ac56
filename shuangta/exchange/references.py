"""Cells that name other records: by their codes, or by a name that only one of them has."""

import re

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from shuangta import grams
from shuangta.codes import validate_shape
from shuangta.exchange import cells
from shuangta.exchange.cells import CellError
from shuangta.exchange.columns import Column, lines_in
from shuangta.folding import fold
from shuangta.models import Record, entry_models

NAMED_CODES = 10
ROWS_AT_ONCE = 500


class Directory:
    """Finds the records that the user may see; each is looked for once, however many cells name it."""

    def __init__(self, user):
        self.user, self.found = user, {}
        self.sheet_rows = {}
        """The rows of the sheet, which its cells may name as well, by their model."""

    def code_of(self, model, text):
        """The code that a text names. Raises CellError where it names no record, or several."""
        if (model, text) not in self.found:
            self.found[model, text] = self.look_for(model, text)
        codes = self.found[model, text]
        if len(codes) > 1:
            message = _("Several records are called “%(text)s”: %(codes)s. Write the code.")
            raise CellError(message % {"text": text, "codes": ", ".join(codes[:NAMED_CODES])})
        if codes:
            return codes[0]
        if re.fullmatch(validate_shape.regex, text):
            return text  # A row of the sheet may make it.
        message = _("There is no %(type)s “%(text)s”.")
        raise CellError(message % {"type": model._meta.verbose_name, "text": text})

    def look_for(self, model, text):
        is_code = re.fullmatch(validate_shape.regex, text)
        rows = self.sheet_rows.get(model)
        if is_code and rows and text in rows.brought:
            return [text]
        if is_code and model.objects.visible_to(self.user).filter(pk=text).exists():
            return [text]
        if not issubclass(model, Record):
            return []
        return sorted({*self.named(model, text), *(rows.codes_called(text) if rows else ())})

    def namesakes(self, records):
        """The codes of the other records of their type that have the name of one of the records, by its code."""
        names, rows = {}, [row for row in records if isinstance(row, Record)]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            batch = rows[start : start + ROWS_AT_ONCE]
            alike = type(batch[0]).objects.visible_to(self.user)
            for row in alike.filter(sort_key__in={each.sort_key for each in batch}):
                names.setdefault(fold(row.name), set()).add(row.pk)
        found = {row.pk: sorted(names.get(fold(row.name), set()) - {row.pk}) for row in rows}
        return {code: codes[:NAMED_CODES] for code, codes in found.items() if codes}

    def named(self, model, text):
        """The codes of the records with this name or alias, in either script."""
        records = model.objects.visible_to(self.user)
        words = grams.words(text.replace("\0", ""))
        records = records.meeting(words, self.user) if words else records.none()
        for record in records.only("code", "name", "name_en", "aliases"):
            names = [record.name, record.name_en or "", *record.aliases.splitlines()]
            if fold(text) in map(fold, names):
                yield record.pk


class ReferenceColumn(Column):
    """Another record."""

    def __init__(self, field, model_field, directory):
        super().__init__(field, model_field)
        self.directory = directory

    def read(self, cell, reading):
        return self.code_in(cells.text_in(cell).strip(), self.model_field.related_model, reading)

    def code_in(self, text, model, reading):
        text = cells.text_in(text, cells.LONGEST_WORDS)
        code = self.directory.code_of(model, text)
        if code != text:
            reading.note(self, text, code)
        return code

    def takes(self):
        related = self.model_field.related_model
        if not issubclass(related, Record):
            return _("The code of a record (%s).") % related._meta.verbose_name
        return _("The code or the name of a record (%s).") % related._meta.verbose_name

    def example(self):
        """The first record there is, which shows what a code looks like."""
        records = self.model_field.related_model.objects.visible_to(self.directory.user)
        return records.values_list("pk", flat=True).first()


class ReferencesColumn(ReferenceColumn):
    """Other records, one a line."""

    def cell(self, value):
        return "\n".join(value)

    def read(self, cell, reading):
        model = self.model_field.related_model
        return [self.code_in(line, model, reading) for line in lines_in(cell)]

    def takes(self):
        return _("Codes or names of records (%s), one a line.") % (
            self.model_field.related_model._meta.verbose_name
        )


class SubjectColumn(ReferenceColumn):
    """A record of the type that another column of the row names."""

    comes_last = True

    def read(self, cell, reading):
        text = cells.text_in(cell).strip()
        model = self.model_in(reading)
        return self.code_in(text, model, reading) if model else text

    def model_in(self, reading):
        """The type that the row says or, where it says nothing of it, that its record has."""
        name = type_column_of(self.model_field)
        if name in reading.body:
            label = reading.body[name]
            return next((each for each in entry_models() if each._meta.label_lower == label), None)
        held = getattr(reading.record, f"{name}_id", None)
        return ContentType.objects.get_for_id(held).model_class() if held else None

    def takes(self):
        return _("The code or the name of a record of the type that the row says.")

    def example(self):
        return None


def type_column_of(model_field):
    """The name of the column with the type of the record that this one names; None where it names none."""
    for field in model_field.model._meta.private_fields:
        if isinstance(field, GenericForeignKey) and field.fk_field == model_field.name:
            return field.ct_field
    return None
