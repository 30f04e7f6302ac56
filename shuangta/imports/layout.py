"""Layout: the columns that a sheet of a model's rows may have, and which of them its headings name.

A sheet holds what an editor may write, and the version. What the registry works out by itself is told by the API.
"""

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework import serializers

from shuangta.imports.amounts import AmountColumn, BoundColumn, NumberColumn
from shuangta.imports.choices import ChoiceColumn, RecordTypeColumn, TruthColumn
from shuangta.imports.columns import (
    LANGUAGES,
    Column,
    CountedColumn,
    KeyColumn,
    LinesColumn,
    TextColumn,
    VersionColumn,
)
from shuangta.imports.days import DayColumn
from shuangta.imports.references import (
    Directory,
    ReferenceColumn,
    ReferencesColumn,
    SubjectColumn,
    type_column_of,
)
from shuangta.query.suggestions import unknown
from shuangta.tabular import cells
from shuangta.tabular.sheets import SheetError
from shuangta.tabular.xlsx_writer import letters
from shuangta.text.folding import fold

AT_THE_END = ("note", "is_published", "version")


class Layout:
    """What the sheets of one resource look like to the user of a view."""

    def __init__(self, view):
        self.model, self.user = view.queryset.model, view.request.user
        self.fields = view.serializer_class(context={"request": view.request}).fields
        self.key = self.model._meta.pk.name
        self.directory = Directory(self.user)
        self.columns = {
            name: column_for(self.fields[name], self.model._meta.get_field(name), self.directory)
            for name in self.names_in_order()
        }
        """The columns, by the names of their fields."""

    def names_in_order(self):
        written = [name for name, field in self.fields.items() if not field.read_only]
        names = dict.fromkeys([self.key, *written])
        last = [name for name in AT_THE_END if name in self.fields]
        return [*(name for name in names if name not in last), *last]

    def recognise(self, sheet):
        """The column that each heading of the sheet names, None for one that is passed over.

        Raises SheetError with all that is wrong with the headings.
        """
        named = {normal(name): each for each in self.columns.values() for name in each.names()}
        found, faults = [], []
        for number, heading in enumerate(sheet.headings):
            column = named.get(normal(heading))
            if column is None:
                faults += self.fault_of(sheet, number)
            elif column in found:
                faults.append(_("The column “%s” stands in the sheet twice.") % column.title)
            found.append(column)
        if faults:
            raise SheetError(*faults)
        return found

    def fault_of(self, sheet, number):
        """What is wrong with a heading that names no column; with one above errors, or nothing, nothing is."""
        heading = sheet.headings[number]
        if not heading:
            rows = [place for place, row in sheet.rows.items() if not cells.is_empty(row[number])]
            message = _("Column %(letters)s has no heading, but row %(row)d has something in it.")
            return [message % {"letters": letters(number + 1), "row": rows[0]}] if rows else []
        if normal(heading) in in_every_language(lambda: _("Errors")):
            return []
        if normal(heading) in self.bookkeeping_names():
            return [_("“%s” is kept by the registry itself. Leave the column out.") % heading]
        known = [each.heading for each in self.columns.values()]
        known += [name for name in self.columns if name.capitalize() not in known]
        message = _("There is no column “%s”.") % heading
        return [str(unknown(heading, known, message, "unknown_field"))]

    def bookkeeping_names(self):
        """What the fields are called that no sheet has."""
        names = set(self.fields) - set(self.columns)
        titled = [each for each in self.model._meta.concrete_fields if each.name in names]
        return names.union(*(in_every_language(lambda f=f: f.verbose_name) for f in titled))


def column_for(field, model_field, directory):
    """The kind of column that suits a field."""
    match field:
        case serializers.ManyRelatedField():
            return ReferencesColumn(field, model_field, directory)
        case serializers.PrimaryKeyRelatedField():
            return ReferenceColumn(field, model_field, directory)
        case serializers.ListField():
            return LinesColumn(field, model_field)
        case serializers.BooleanField():
            return TruthColumn(field, model_field)
        case serializers.ChoiceField():
            return ChoiceColumn(field, model_field)
        case serializers.DateField():
            return DayColumn(field, model_field)
        case serializers.IntegerField() | serializers.DecimalField():
            return number_column_for(field, model_field)
    if model_field.is_relation:
        return RecordTypeColumn(field, model_field)
    if model_field.primary_key:
        return KeyColumn(field, model_field)
    if type_column_of(model_field):
        return SubjectColumn(field, model_field, directory)
    is_long = isinstance(model_field, models.TextField)
    return TextColumn(field, model_field) if is_long else Column(field, model_field)


def number_column_for(field, model_field):
    unit = model_field.model.units.get(model_field.name)
    if model_field.primary_key:
        return CountedColumn(field, model_field)
    if model_field.name == "version":
        return VersionColumn(field, model_field)
    if unit is None:
        return NumberColumn(field, model_field)
    return AmountColumn(field, model_field, unit) if unit else BoundColumn(field, model_field)


def in_every_language(words):
    """The normal forms of what a function says in each language of the editors."""
    found = set()
    for language in LANGUAGES:
        with translation.override(language):
            found.add(normal(str(words())))
    return found


def normal(heading):
    """A heading in either script and any case, without blanks and the mark of what is required."""
    return "".join(fold(heading).split()).rstrip("*")
