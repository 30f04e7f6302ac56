"""Cells that hold one of a few words: choices, truth values and types of record, in any language of the editors."""

from functools import cached_property

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shuangta.imports.columns import LANGUAGES, Column
from shuangta.query.suggestions import unknown
from shuangta.records.models import record_models
from shuangta.tabular import cells
from shuangta.tabular.cells import CellError
from shuangta.text.folding import fold


class ChoiceColumn(Column):
    """One of the choices of a field, by its label or by the word that is stored."""

    def __init__(self, field, model_field):
        super().__init__(field, model_field)
        self.shown_labels = (
            self.labels()
        )  # now, since an export is sent when the language may be another

    def labels(self):
        """The label of each value in the language of the editor."""
        return {value: str(label) for value, label in self.model_field.flatchoices}

    @cached_property
    def words(self):
        """The values that each folded word may mean."""
        meant = {}
        for language in LANGUAGES:
            with translation.override(language):
                for value, label in self.labels().items():
                    meant.setdefault(fold(label), set()).add(value)
        return meant | {fold(str(value)): {value} for value in self.labels()}

    def cell(self, value):
        return None if value is None else self.shown_labels.get(value, value)

    def read(self, cell, reading):
        text = cells.text_in(cell, cells.MAX_WORDS_LENGTH).strip()
        labels, meant = self.shown_labels, self.words.get(fold(text), set())
        if not meant:
            message = _("“%s” is not one of the choices.") % text
            raise CellError(unknown(text, labels.values(), message, "invalid_choice"))
        if len(meant) > 1:
            message = _(
                "“%(text)s” may mean several choices: %(values)s. Write the one that is meant."
            )
            raise CellError(message % {"text": text, "values": ", ".join(map(str, sorted(meant)))})
        (value,) = meant
        if fold(text) != fold(labels[value]):
            reading.note(self, text, labels[value])
        return value

    def takes(self):
        return _("One of: %s.") % _(", ").join(self.shown_labels.values())

    def example(self):
        return next(iter(self.shown_labels.values()))


class TruthColumn(ChoiceColumn):
    """Yes or no."""

    def labels(self):
        return {True: _("Yes"), False: _("No")}

    @cached_property
    def words(self):
        yes, no = ["是", "yes", "true", "1"], ["否", "no", "false", "0"]
        return super().words | {each: {each in yes} for each in (*yes, *no)}

    def read(self, cell, reading):
        return super().read(str(cell) if isinstance(cell, bool) else cell, reading)

    def example(self):
        return self.shown_labels[False]


class RecordTypeColumn(ChoiceColumn):
    """A type of record, by its name."""

    def labels(self):
        return {
            model._meta.label_lower: str(capfirst(model._meta.verbose_name))
            for model in record_models()
        }
