"""What the records that a kept state names by code are called."""

from django.contrib.contenttypes.models import ContentType

from shuangta.records.codes import FormerCode
from shuangta.records.models import Record
from shuangta.records.restore import as_list


class Names:
    """The names of the records that some states name, looked up a table at a time.

    A code that was corrected since is called as the record is called that has it now.
    """

    def __init__(self, kept):
        """``kept`` are pairs of a model and a state of one of its rows."""
        self.known = {}
        codes = {}
        for model, state in kept:
            for related, value in codes_in_state(model, state):
                codes.setdefault(related, set()).update(filter(None, as_list(value)))
        for related, wanted in codes.items():
            self.look_up(related, wanted)

    def look_up(self, model, codes):
        found = model._base_manager.in_bulk(codes)
        present = {code: code for code in found} | present_codes(model, codes - found.keys())
        found |= model._base_manager.in_bulk(set(present.values()) - found.keys())
        for code, record in present.items():
            if record in found:
                self.known[model, code] = str(found[record])

    def of(self, model, code):
        """The record's name with its code; the code alone where it has no other name."""
        name = self.known.get((model, code), code)
        return code if name == code else f"{name} ({code})"


def codes_in_state(model, state):
    """The models of the records that a state names, each with the code, or the codes, that it names."""
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        told, value = model.read_state(field, state)
        if names_records(told):
            yield told.related_model, value


def names_records(field):
    """Whether the values of a field are codes of records."""
    return field.is_relation and issubclass(field.related_model, Record)


def present_codes(model, codes):
    """The codes that the records have now which had these formerly, by former code."""
    if not codes:
        return {}
    former = FormerCode.objects.filter(
        record_type=ContentType.objects.get_for_model(model), code__in=codes
    )
    return dict(former.values_list("code", "record"))
