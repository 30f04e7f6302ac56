"""What a person decided about the evidence, because no rule can, and which of it was needed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import yaml

from shuangta.text.folding import fold

REVIEWED = Path(__file__).with_name("reviewed.yaml")


class ReviewedReading(NamedTuple):
    """A wording that states this value of a column, such as ``projects.project.stage``."""

    column: str
    value: str
    wording: str


class Uncomparable(NamedTuple):
    """A field of a record whose quotes no rule can compare with the column."""

    model: str
    record: str
    field: str
    reason: str


class IdleNumeral(NamedTuple):
    """Words of a passage whose numeral states nothing: part of a name, a figure of speech."""

    passage: str
    words: str
    reason: str


@dataclass
class Reviewed:
    """The reviewed list. It notes which of its lines were needed, so that it can be kept true."""

    readings: list = field(default_factory=list)
    exceptions: list = field(default_factory=list)
    numerals: list = field(default_factory=list)
    needed: set = field(default_factory=set)

    @classmethod
    def load(cls, path=REVIEWED):
        lists = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(
            readings=[
                ReviewedReading(column, value, wording)
                for column, values in lists["readings"].items()
                for value, wordings in values.items()
                for wording in wordings
            ],
            exceptions=[Uncomparable(**line) for line in lists["exceptions"]],
            numerals=[IdleNumeral(**line) for line in lists["numerals"]],
        )

    def reads(self, column, value, words):
        """Whether the words hold a wording that states this value of the column, and no other one."""
        found = self.lines_read(column, words)
        return {line.value for line in found} == {value} and self.need(found)

    def values_read(self, column, words):
        """The values of the column that wordings in these words state."""
        return {line.value for line in self.lines_read(column, words)}

    def lines_read(self, column, words):
        folded = fold(words)
        return [
            line for line in self.readings if line.column == column and fold(line.wording) in folded
        ]

    def excepts(self, model, record, field):
        """Whether this field of this record is not to be compared."""
        return self.need(
            line
            for line in self.exceptions
            if (line.model, line.record, line.field) == (model, record, field)
        )

    def calls_idle(self, numeral, passage):
        """Whether this numeral, a match in the passage, stands in words that state nothing."""
        return self.need(
            line
            for line in self.numerals
            if line.passage == passage.pk
            and lies_in(numeral, passage.text.find(line.words), line.words)
        )

    def need(self, lines):
        found = set(lines)
        self.needed |= found
        return bool(found)

    def needless(self):
        """The lines that nothing needed."""
        lines = [*self.readings, *self.exceptions, *self.numerals]
        return [line for line in lines if line not in self.needed]


def lies_in(numeral, start, words):
    """Whether a match lies wholly in the words that start there; words not found start at -1."""
    return 0 <= start <= numeral.start() and numeral.end() <= start + len(words)
