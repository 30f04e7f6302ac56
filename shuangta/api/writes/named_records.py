"""The records that the rows of one list name, looked up many at once."""

from collections import defaultdict

from rest_framework.serializers import ManyRelatedField

from shuangta.api.fields import ReferenceField
from shuangta.db.code_fields import validate_shape

CODES_AT_ONCE = 1000


class NamedRecords:
    """Finds the records that a batch of bodies names by the reference fields of a serializer.

    Of the serializer's own model, whose records the batch changes, only those are known that are not there.
    """

    def __init__(self, serializer):
        self.model = serializer.Meta.model
        references = {name: one_of(field) for name, field in serializer.fields.items()}
        self.references = {
            name: field for name, field in references.items() if isinstance(field, ReferenceField)
        }
        self.present, self.missing = {}, set()

    def look_up(self, bodies):
        """Look up what the bodies name, and forget what others named."""
        self.present, self.missing = {}, set()
        codes, rows = defaultdict(set), {}
        for name, field in self.references.items():
            named = field.get_queryset()
            rows[named.model] = named
            for body in bodies:
                codes[named.model].update(codes_in(body, name))
        for model, named in codes.items():
            for batch in split_batches(named):
                found = rows[model].in_bulk(batch)
                self.missing |= {(model, code) for code in batch if code not in found}
                if model is not self.model:
                    self.present |= {(model, code): record for code, record in found.items()}

    def find(self, rows, code):
        """The one of the rows with the code; None where there is none."""
        if (rows.model, code) in self.missing:
            return None
        return self.present.get((rows.model, code)) or rows.filter(pk=code).first()

    def expect(self, record):
        """Let a record be found that was created or published now."""
        self.missing.discard((type(record), record.pk))


def split_batches(codes):
    codes = sorted(codes)
    return (codes[start : start + CODES_AT_ONCE] for start in range(0, len(codes), CODES_AT_ONCE))


def one_of(field):
    return field.child_relation if isinstance(field, ManyRelatedField) else field


def codes_in(body, name):
    """The codes that a body names by a field."""
    value = body.get(name) if isinstance(body, dict) else None
    named = value if isinstance(value, list) else [value]
    return {each for each in named if isinstance(each, str) and validate_shape.regex.match(each)}
