"""Text lookups: in Simplified and Traditional Chinese alike (萬達 finds 万达), and by an index.

The folded ones compare by a regular expression in which each character stands for all its variants, so
nothing is stored beside the column that could fall out of step with it.
"""

from django.db.models import CharField, TextField
from django.db.models.lookups import Regex, StartsWith

from shuangta.text.folding import folded_pattern

LAST_CHARACTER = chr(0x10FFFF)


class FoldedContains(Regex):
    """The column holds the text, in either script and either case, with or without accents."""

    def get_prep_lookup(self):
        return folded_pattern(self.rhs)


class FoldedStartsWith(Regex):
    """The column begins with the text, in either script and either case, with or without accents."""

    def get_prep_lookup(self):
        return "^" + folded_pattern(self.rhs)


class FoldedExact(Regex):
    """The column is the text, in either script and either case, with or without accents."""

    def get_prep_lookup(self):
        return "^" + folded_pattern(self.rhs) + r"\Z"


class Begins(StartsWith):
    """The column begins with the text, character for character, and an index of it is used.

    SQLite uses none for a LIKE, which ignores case there, but does for what lies between two texts: it
    compares bytes. PostgreSQL may sort by a language, where such a range would be another one.
    """

    def as_sqlite(self, compiler, connection):
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} BETWEEN %s AND %s", [*parameters, self.rhs, f"{self.rhs}{LAST_CHARACTER}"]


def register():
    CharField.register_lookup(Begins, "begins")
    for field in (CharField, TextField):
        field.register_lookup(FoldedContains, "folded_contains")
        field.register_lookup(FoldedStartsWith, "folded_startswith")
        field.register_lookup(FoldedExact, "folded_exact")
