"""The form of a record with its evidence: published only with words for every value, those cited just now included."""

import re

from django.core.exceptions import ValidationError

from seeds.admin.citing_form import CitingForm

# How a form names the field of the citation in one of its rows.
CITED_FIELD = re.compile(r"seeds-citation-record_type-record-\d+-field")


class CitedForm(CitingForm):
    """The form of a record; what is cited in it, above or in the rows below, counts as sourced."""

    def _post_clean(self):
        self.withheld = {}
        self.instance.relations_to_be = {
            field.name: self.cleaned_data[field.name]
            for field in self.instance._meta.many_to_many
            if field.name in self.cleaned_data
        }
        super()._post_clean()
        for name, errors in self.withheld.items():
            if self.is_unsourced_still(name):
                super()._update_errors(ValidationError({name: errors}))

    def _update_errors(self, errors):
        """Keep back what lacks a source until the words that are cited here are read."""
        if hasattr(errors, "error_dict"):
            left = {}
            for name, of_field in errors.error_dict.items():
                unsourced = [each for each in of_field if each.code == "unsourced"]
                if unsourced:
                    self.withheld[name] = unsourced
                left[name] = [each for each in of_field if each not in unsourced]
            errors = ValidationError({name: each for name, each in left.items() if each})
        super()._update_errors(errors)

    def is_unsourced_still(self, name):
        """Whether a value has no source in this form either, neither above nor in the rows below."""
        cited = self.values_cited(name)
        if not self.instance._meta.get_field(name).many_to_many:
            return not cited
        codes = self.instance.codes_in(name)
        if len(codes) == 1 and "" in cited:  # a row without a value is for the only one
            return False
        stored = self.instance.citations.filter(field=name).values_list("value", flat=True)
        return bool(codes - cited - set(stored))

    def values_cited(self, name):
        """The values of a field for which words are cited in this form."""
        rows = [key.removesuffix("field") for key in self.data if CITED_FIELD.fullmatch(key)]
        in_rows = {
            self.data.get(f"{row}value", "")
            for row in rows
            if self.data[f"{row}field"] == name and not self.data.get(f"{row}DELETE")
        }
        return in_rows | {each.value for each in self.readings if each.field.name == name}
