"""The form of a record with its evidence: published only with words for every value, those cited just now included."""

from django.core.exceptions import ValidationError

from seeds.admin.citing_form import CitingForm


class CitedForm(CitingForm):
    """The form of a record, whose citations are stored after it and asked for then."""

    refused: ValidationError | None = None
    """Why what was typed could not be published, once it was stored with its citations and taken back."""

    def _post_clean(self):
        self.instance.citations_follow = True
        self.instance.relations_to_be = {
            field.name: self.cleaned_data[field.name]
            for field in self.instance._meta.many_to_many
            if field.name in self.cleaned_data
        }
        super()._post_clean()
        if self.refused:
            self._update_errors(self.refused)
