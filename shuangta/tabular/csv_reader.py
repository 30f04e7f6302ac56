"""CSV (RFC 4180) read line by line; commas or tabs divide the cells, or what a first line such as ``sep=;`` names."""

import csv
import re
from itertools import chain

MAX_CELL = 10_000_000
"""Characters; a whole page of a newspaper fits."""
SEPARATOR = re.compile(r'"?sep=([^\w\s"\'=]|\t)"?[\r\n]*', re.IGNORECASE)


class Table:
    """The lines of a table, each as the texts of its cells, by an iterable of lines with their ends.

    Iterating raises csv.Error where a line cannot be divided; ``line`` is the number of the one that was read last.
    """

    def __init__(self, lines):
        csv.field_size_limit(MAX_CELL)
        lines = iter(lines)
        first = next(lines, "")
        separator = SEPARATOR.fullmatch(first)
        self.before = 1 if separator else 0
        if separator:
            divider = separator[1]
        else:
            divider, lines = "\t" if "\t" in first else ",", chain([first], lines)
        self.reader = csv.reader(lines, strict=True, delimiter=divider)

    def __iter__(self):
        return self.reader

    @property
    def line(self):
        return self.before + self.reader.line_num
