"""Cells that name other records: by their codes, or by a name that only one of them has."""

from contextlib import suppress

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from shuangta.db.code_fields import validate_shape
from shuangta.imports.columns import Column, lines_in
from shuangta.records.models import NamedRecord, record_models
from shuangta.search.models import SearchEntry
from shuangta.tabular import cells
from shuangta.tabular.cells import CellError
from shuangta.text.folding import fold

NAMED_CODES = 10
ROWS_AT_ONCE = 500


class Directory:
    """Finds the records that the user may see; each is looked for once, however many cells name it."""

    def __init__(self, user):
        self.user, self.stored = user, {}
        self.sheet_rows = {}
        """The rows of the sheet, which its cells may name as well, by their model."""

    def code_of(self, model, text):
        """The code that a text names. Raises CellError where it names no record, or several."""
        codes = self.codes_of(model, text)
        if len(codes) > 1:
            message = _("Several records are called “%(text)s”: %(codes)s. Write the code.")
            raise CellError(message % {"text": text, "codes": ", ".join(codes[:NAMED_CODES])})
        if codes:
            return codes[0]
        if is_code(text):
            return text  # A row of the sheet may make it.
        message = _("There is no %(type)s “%(text)s”.")
        raise CellError(message % {"type": model._meta.verbose_name, "text": text})

    def codes_of(self, model, text):
        rows = self.sheet_rows.get(model)
        if rows and text in rows.brought:
            return [text]
        if (model, text) not in self.stored:
            self.look_up(model, [text])
        codes = self.stored[model, text]
        return codes if text in codes or not rows else sorted({*codes, *rows.codes_called(text)})

    def look_up(self, model, texts):
        """Find at once which records the texts name: the one with such a code, else those with such a name."""
        new = [each for each in dict.fromkeys(texts) if (model, each) not in self.stored]
        for start in range(0, len(new), ROWS_AT_ONCE):
            batch = new[start : start + ROWS_AT_ONCE]
            visible = model.objects.visible_to(self.user)
            codes = set(visible.filter(pk__in=filter(is_code, batch)).values_list("pk", flat=True))
            called = self.codes_by_name(visible, [each for each in batch if each not in codes])
            for text in batch:
                found = [text] if text in codes else called.get(fold(text), ())
                self.stored[model, text] = sorted(found)

    def codes_by_name(self, records, names):
        """The codes of the records that go by one of the names, in either script, by the folded name."""
        if not names or not issubclass(records.model, NamedRecord):
            return {}
        found = {}
        named = records.filter(pk__in=SearchEntry.objects.going_by(names, records.model))
        for record in named.only("code", "name", "name_en", "aliases").order_by():
            for name in set(map(fold, record.names())):
                found.setdefault(name, []).append(record.pk)
        return found

    def namesakes(self, records):
        """The codes of the other records of their type that have the name of one of the records, by its code."""
        names, rows = {}, [row for row in records if isinstance(row, NamedRecord)]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            batch = rows[start : start + ROWS_AT_ONCE]
            alike = type(batch[0]).objects.visible_to(self.user)
            for row in alike.filter(sort_key__in={each.sort_key for each in batch}):
                names.setdefault(fold(row.name), set()).add(row.pk)
        found = {row.pk: sorted(names.get(fold(row.name), set()) - {row.pk}) for row in rows}
        return {code: codes[:NAMED_CODES] for code, codes in found.items() if codes}


def is_code(text):
    return bool(validate_shape.regex.match(text))


class ReferenceColumn(Column):
    """Another record."""

    def __init__(self, field, model_field, directory):
        super().__init__(field, model_field)
        self.directory = directory

    def prepare(self, readings):
        self.look_up(self.model_field.related_model, readings)

    def look_up(self, model, readings):
        texts = (text for reading in readings for text in self.texts_in(reading.cells[self.name]))
        self.directory.look_up(
            model, (text for text in texts if len(text) <= cells.MAX_WORDS_LENGTH)
        )

    def texts_in(self, cell):
        """What names records in a cell; nothing where it cannot be read."""
        with suppress(CellError):
            return self.divide(cell)
        return []

    def divide(self, cell):
        return [] if cells.is_empty(cell) else [cells.text_in(cell).strip()]

    def read(self, cell, reading):
        return self.code_in(cells.text_in(cell).strip(), self.model_field.related_model, reading)

    def code_in(self, text, model, reading):
        text = cells.text_in(text, cells.MAX_WORDS_LENGTH)
        code = self.directory.code_of(model, text)
        if code != text:
            reading.note(self, text, code)
        return code

    def takes(self):
        related = self.model_field.related_model
        if not issubclass(related, NamedRecord):
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

    def divide(self, cell):
        return [] if cells.is_empty(cell) else lines_in(cell)

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

    def prepare(self, readings):
        by_model = {}
        for reading in readings:
            by_model.setdefault(self.model_in(reading), []).append(reading)
        for model, group in by_model.items():
            if model:
                self.look_up(model, group)

    def read(self, cell, reading):
        text = cells.text_in(cell).strip()
        model = self.model_in(reading)
        return self.code_in(text, model, reading) if model else text

    def model_in(self, reading):
        """The type that the row says or, where it says nothing of it, that its record has."""
        name = type_column_of(self.model_field)
        if name in reading.body:
            label = reading.body[name]
            return next((each for each in record_models() if each._meta.label_lower == label), None)
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
