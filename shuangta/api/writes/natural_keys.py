"""Natural keys: how rows whose key is counted are named by what they say.

A model lists them as groups of its fields, each of which names a row; the first field of all of them is one code.
"""

from shuangta.db.code_fields import validate_shape

EMPTY = (None, "")


class NaturalKeys:
    """Finds the records of a model that bodies name by their words; ``describe`` gives the document of a record."""

    def __init__(self, model, describe):
        self.model, self.describe = model, describe
        self.groups = model.natural_keys
        self.code = next((group[0] for group in self.groups), None)
        self.records = {}

    def candidates(self, bodies):
        """The keys of the records among which the bodies may name one."""
        if not self.groups:
            return set()
        stated = [body.get(self.code) for body in bodies if isinstance(body, dict)]
        codes = {each for each in stated if isinstance(each, str)}
        codes = [code for code in codes if validate_shape.regex.match(code)]
        rows = self.model._base_manager.filter(**{f"{self.code}__in": codes})
        return set(rows.values_list("pk", flat=True))

    def collect(self, records):
        """Let these be found, and no others."""
        self.records = {}
        for record in records if self.groups else ():
            document = self.describe(record)
            for key in self.keys_in(document):
                self.records[key] = None if key in self.records else record

    def find(self, body):
        """The record that a body names; None where it names none, or several."""
        keys = self.keys_in(body) if isinstance(body, dict) else ()
        return next(filter(None, map(self.records.get, keys)), None)

    def keys_in(self, body):
        """Yield each group that names a row by what the body says, with the values."""
        for group, empty in self.groups.items():
            values = tuple(body.get(name) for name in group)
            is_full = all(isinstance(value, str | int) for value in values)
            if is_full and all(body.get(name) in EMPTY for name in empty):
                yield group, values
