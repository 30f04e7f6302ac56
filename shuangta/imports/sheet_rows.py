"""The rows of a sheet as records that its own cells may name, wherever in the sheet they stand."""

from collections import defaultdict
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from itertools import islice

from shuangta.records.codes import FreeCodes
from shuangta.records.models import NamedRecord
from shuangta.tabular import cells
from shuangta.tabular.cells import MAX_WORDS_LENGTH, CellError
from shuangta.text.folding import fold

NAMED_ROWS = 10


class SheetRows:
    """Finds rows by the names that they state: the code that a row brings, or one proposed from what is read of it."""

    def __init__(self, key, readings):
        self.key, self.readings = key, readings
        self.codes = {each.number: each.body[key] for each in readings if key in each.body}
        """The code of a row, as far as it has one, by its number."""
        self.brought = frozenset(each for each in self.codes.values() if isinstance(each, str))
        self.free_codes = FreeCodes(readings[0].model, besides=self.brought)
        self.by_name = defaultdict(list)
        for reading in readings:
            for name in set(map(fold, names_of(reading))):
                self.by_name[name].append(reading)

    def codes_called(self, text):
        """The codes of the rows with this name or alias, in either script; where it is many, of the first."""
        rows = islice(self.by_name.get(fold(text), ()), NAMED_ROWS)
        return {code for code in map(self.code_of, rows) if not isinstance(code, CellError)}

    def code_of(self, reading):
        if reading.number not in self.codes:
            self.codes[reading.number] = self.free_codes.take(reading.draft().code_stem())
        return self.codes[reading.number]

    def expect_codes(self, readings):
        """Look up at once the codes that will be proposed for the rows."""
        new = [each for each in readings if each.number not in self.codes]
        self.free_codes.expect(each.draft().code_stem() for each in new)

    def in_order(self, columns):
        """The rows, each after the one that a cell in one of the columns calls by name; those of circles come last.

        So a code made of another is proposed when that is known. What refuses circles of codes refuses these.
        """
        called = {each.number: set(self.numbers_called(each, columns)) for each in self.readings}
        numbers = set().union(*called.values())
        self.expect_codes([each for each in self.readings if each.number in numbers])
        sorter = TopologicalSorter(called)
        with suppress(CycleError):  # the others are sorted all the same
            sorter.prepare()
        places = {}
        while sorter.is_active():
            ready = sorter.get_ready()
            places |= {number: len(places) for number in ready}
            sorter.done(*ready)
        return sorted(self.readings, key=lambda each: places.get(each.number, len(self.readings)))

    def numbers_called(self, reading, columns):
        """The number of the only row that each cell calls by name, where there is one."""
        for column in columns:
            text = cells.display_value(reading.cells[column.name]).strip()
            rows = self.by_name.get(fold(text), ()) if len(text) <= MAX_WORDS_LENGTH else ()
            if len(rows) == 1:
                yield rows[0].number

    def state_codes(self):
        """Let each sound row that can be called by a name state its code, so that no other is given it."""
        named = {each.number for rows in self.by_name.values() for each in rows}
        sound = [each for each in self.readings if each.number in named and not each.flaws]
        self.expect_codes(sound)
        for reading in sound:
            reading.body[self.key] = self.code_of(reading)


def names_of(reading):
    """The names that a row states; none where one is so long that the row is refused."""
    if not issubclass(reading.model, NamedRecord):
        return []
    body = reading.body
    stated = [body.get("name"), body.get("name_en"), *list_in(body.get("aliases"))]
    names = [each for each in stated if each and isinstance(each, str)]
    return names if all(len(each) <= MAX_WORDS_LENGTH for each in names) else []


def list_in(value):
    return value if isinstance(value, list) else []
