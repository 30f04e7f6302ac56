"""Columns for what editors type: names on one line, several of them, and notes. Each cleans what it is given.

The words of sources (quotes, wordings, passages, documents) are kept as they are printed, in Django's own columns.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuangta.text.characters import clean_line, clean_lines, clean_text, find_flaw

FLAWS = {
    "lost": _("%(character)s stands for a character that was lost on the way. Type it again."),
    "private": _("%(character)s is a private character, which each computer draws differently."),
    "half": _("%(character)s is half of a character. Type it again."),
    "unassigned": _("%(character)s is no character."),
}


def validate_characters(text):
    """Refuse by its number a character of which nobody else can tell what it is."""
    found = find_flaw(text)
    if found:
        character, kind = found
        params = {"character": f"U+{ord(character):04X}"}
        raise ValidationError(FLAWS[kind], code="character", params=params)


class CleanedField:
    """A column of text that is cleaned on every way into the database.

    The database knows nothing of it, so migrations name Django's own column.
    """

    clean_characters = staticmethod(clean_line)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs

    def to_python(self, value):
        text = super().to_python(value)
        return self.clean_characters(text) if isinstance(text, str) else text

    def clean_value(self, value):
        """What the column keeps of a value; nothing, where nothing is left and it may be null."""
        text = self.to_python(value)
        return None if self.null and text == "" else text

    def clean(self, value, model_instance):
        return self.clean_value(super().clean(value, model_instance))


class SingleLineField(CleanedField, models.CharField):
    """A text on one line: a name, a title, an office."""

    default_validators = [validate_characters]


class NameListField(CleanedField, models.TextField):
    """Texts of which each stands on a line of its own."""

    default_validators = [validate_characters]
    clean_characters = staticmethod(clean_lines)


class NoteField(CleanedField, models.TextField):
    """A text over several lines."""

    clean_characters = staticmethod(clean_text)


def text_fields(model):
    return [field for field in model._meta.concrete_fields if isinstance(field, CleanedField)]


def find_flaws(row):
    """By field, what is wrong with the typed texts of a stored row."""
    errors = {}
    for field in text_fields(type(row)):
        text = field.value_from_object(row)
        try:
            field.run_validators(text)
        except ValidationError as error:
            errors[field.name] = error
        if text != field.clean_value(text):
            message = _("Holds characters that nobody sees, or surplus blanks.")
            errors.setdefault(field.name, ValidationError(message, code="not_clean"))
    return errors
