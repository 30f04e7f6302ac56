"""Text lookups that read Simplified and Traditional Chinese alike: 萬達 finds 万达.

They compare by a regular expression in which each character stands for all its variants, so nothing is
stored beside the column that could fall out of step with it.
"""

from django.db.models import CharField, TextField
from django.db.models.lookups import IRegex

from shuangta.folding import folded_pattern


class FoldedContains(IRegex):
    """The column holds the text, in either script and either case."""

    def get_prep_lookup(self):
        return folded_pattern(self.rhs)


class FoldedStartsWith(IRegex):
    """The column begins with the text, in either script and either case."""

    def get_prep_lookup(self):
        return "^" + folded_pattern(self.rhs)


class FoldedExact(IRegex):
    """The column is the text, in either script and either case."""

    def get_prep_lookup(self):
        return "^" + folded_pattern(self.rhs) + r"\Z"


def register():
    for field in (CharField, TextField):
        field.register_lookup(FoldedContains, "folded_contains")
        field.register_lookup(FoldedStartsWith, "folded_startswith")
        field.register_lookup(FoldedExact, "folded_exact")
