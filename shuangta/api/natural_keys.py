"""Natural keys: how rows whose key is counted are named by what they say.

A model lists them as groups of its fields, each of which names a row; the first field of all of them is one code.
"""

from shuangta.codes import validate_shape


class NaturalKeys:
    """Finds the records of a model that bodies name by their words; ``describe`` gives the document of a record."""

    def __init__(self, model, describe):
        self.model, self.describe = model, describe
        self.groups = model.natural_keys
        self.records = {}

    def candidates(self, bodies):
        """The keys of the records among which the bodies may name one."""
        if not self.groups:
            return set()
        name = self.groups[0][0]
        stated = [body.get(name) for body in bodies if isinstance(body, dict)]
        codes = {each for each in stated if isinstance(each, str)}
        codes = [code for code in codes if validate_shape.regex.match(code)]
        rows = self.model._base_manager.filter(**{f"{name}__in": codes})
        return set(rows.values_list("pk", flat=True))

    def collect(self, records):
        """Let these be found, and no others."""
        self.records = {}
        for record in records if self.groups else ():
            document = self.describe(record)
            for group in self.groups:
                key = group, tuple(document[name] for name in group)
                self.records[key] = None if key in self.records else record

    def find(self, body):
        """The record that a body names; None where it names none, or several."""
        for group in self.groups if isinstance(body, dict) else ():
            values = tuple(body.get(name) for name in group)
            if all(isinstance(value, str | int) for value in values):
                record = self.records.get((group, values))
                if record is not None:
                    return record
        return None
