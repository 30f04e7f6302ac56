"""The form of a record with its evidence: words are typed beside what they state, and saved in the same press."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from seeds.admin.citation_rows import citable_fields
from seeds.admin.quoting import (
    Words,
    citations_for,
    keep,
    passage_holding,
    passages_holding,
    readings,
)
from seeds.evidence.statements import earlier_statements
from seeds.models import Citation, Passage
from shuangta.admin.base import ReasonedForm
from shuangta.admin.widgets.fields import AdminDateField, LinesField

MAX_PLACES = 5
# What an editor types or ticks in order to cite; the basis stands there already.
TYPED = ("cite_fields", "cite_quote", "cite_office", "cite_told_on", "cite_passage", "cite_note")
# Where the form tells what is wrong with a column of a citation.
PLACES = {"quote": "cite_quote", "passage": "cite_passage", "note": "cite_note"}


class CitedForm(ReasonedForm):
    """The form of a record. Words can be cited for several of its fields at once; all is saved together.

    What it publishes is asked for its sources once all is stored.
    """

    cite_fields = forms.MultipleChoiceField(
        label=gettext_lazy("What the words state"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    cite_quote = LinesField(
        label=gettext_lazy("Quote"),
        strip=False,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("Character for character as the passage prints it."),
    )
    cite_basis = forms.ChoiceField(
        label=gettext_lazy("Basis"),
        choices=Citation.Basis,
        initial=Citation.Basis.STATED,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    cite_passage = forms.ModelChoiceField(
        label=gettext_lazy("Passage"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("May be left empty when only one passage holds the quote."),
    )
    cite_office = forms.CharField(
        label=gettext_lazy("Office that told it"),
        max_length=100,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("The office, never a person."),
    )
    cite_told_on = AdminDateField(
        label=gettext_lazy("Told on"), required=False, widget=UnfoldAdminSingleDateWidget
    )
    cite_note = LinesField(
        label=gettext_lazy("Note on the source"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 1}),
        help_text=gettext_lazy("The reasoning of an inference, or the outside standard."),
    )
    cite_nevertheless = forms.BooleanField(
        label=gettext_lazy("Cite the words all the same, with what they say"),
        required=False,
        widget=UnfoldBooleanWidget,
    )

    form_only = ReasonedForm.form_only | {
        *("cite_fields", "cite_quote", "cite_basis", "cite_passage", "cite_office"),
        *("cite_told_on", "cite_note", "cite_nevertheless"),
    }

    user: User
    """Who cites: words are found where this user may see them."""
    refused: ValidationError | None = None
    """Why what was typed could not be published, once it was stored with its citations and taken back."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.words, self.readings = None, []
        self.fields["cite_passage"].queryset = Passage.objects.visible_to(self.user)
        self.fields["cite_fields"].choices = [
            (field.name, capfirst(field.verbose_name))
            for field in citable_fields(type(self.instance))
        ]
        self.fields["cite_passage"].widget = AutocompleteSelect(
            Citation._meta.get_field("passage"),
            admin.site,
            choices=self.fields["cite_passage"].choices,
        )

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
        if self.instance._state.adding and self.errors:
            construct_instance(
                self, self.instance
            )  # so that the words can be read for what is there
        if any(self.cleaned_data.get(name) for name in TYPED):
            self.read_words()

    def read_words(self):
        """Find the passage and read the words for each chosen field; say in the form what is wrong."""
        self.words = self.cited_words()
        if self.words is None:
            return
        for name in self.cleaned_data["cite_fields"]:
            self.read_field(self.instance._meta.get_field(name))
        self.check_citations()

    def clean_cite_told_on(self):
        day = self.cleaned_data["cite_told_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("That day is still to come."), code="future")
        return day

    def clean_cite_quote(self):
        return self.cleaned_data["cite_quote"].strip()  # blanks come along with what is copied

    def cited_words(self):
        """The words with their passage; None where the form does not say enough."""
        values = self.cleaned_data
        basis = values.get("cite_basis") or Citation.Basis.STATED
        quote, passage = values.get("cite_quote") or "", values.get("cite_passage")
        self.refuse_incomplete(basis, quote)
        if basis == Citation.Basis.REFERENCE:
            quote, passage = "", None
        elif quote and not passage and basis != Citation.Basis.REPORTED:
            try:
                passage = passage_holding(quote, self.user)
            except ValidationError as error:
                is_ambiguous = error.code == "quote_ambiguous"
                self.add_error("cite_passage" if is_ambiguous else "cite_quote", error)
        if any(name in self.errors for name in self.form_only):
            return None
        told = {"office": values["cite_office"], "told_on": values["cite_told_on"]}
        if basis == Citation.Basis.REPORTED and not passage:
            passage = earlier_statements(words=quote, **told)
        return Words(quote, passage, basis, values["cite_note"], **told)

    @property
    def places(self):
        """Where the words stand: in the passage that is meant, or in those of which one has to be chosen."""
        if self.words:
            return [self.words] if self.words.passage else []
        quote = self.cleaned_data.get("cite_quote")
        passages = passages_holding(quote, self.user)[:MAX_PLACES] if quote else []
        return [Words(quote, passage, Citation.Basis.STATED, "") for passage in passages]

    def refuse_incomplete(self, basis, quote):
        """Say in the form what a citation on this basis still needs."""
        values = self.cleaned_data
        needs = {"cite_fields": (values.get("cite_fields"), _("Choose what the words state."))}
        if basis != Citation.Basis.REFERENCE:
            needs["cite_quote"] = (quote, _("Paste the words that state it."))
        if basis == Citation.Basis.REPORTED and not values.get("cite_passage"):
            needs["cite_office"] = (values.get("cite_office"), _("Say which office told it."))
            needs["cite_told_on"] = (values.get("cite_told_on"), _("Say on which day."))
        for name, (given, message) in needs.items():
            if not given and name not in self.errors:
                self.add_error(name, ValidationError(message, code="required"))

    def read_field(self, field):
        if field.name in self.errors:
            return
        if field.many_to_many:
            values = list(self.cleaned_data.get(field.name) or ())
        else:
            values = [getattr(self.instance, field.name)]
        try:
            found = readings(self.instance, field, values, self.words)
        except ValidationError as error:
            message = f"{capfirst(field.verbose_name)}: {error.messages[0]}"
            self.add_error("cite_fields", ValidationError(message, code=error.code))
            return
        self.readings += found
        for each in found:
            if each.agrees is False and not self.cleaned_data.get("cite_nevertheless"):
                self.refuse_disagreement(each)

    def refuse_disagreement(self, found):
        message = _("%(field)s: the words say %(said)s, the record holds %(held)s.") % {
            "field": capfirst(found.field.verbose_name),
            "said": found.said_in_words,
            "held": found.held_in_words,
        }
        self.add_error("cite_quote", ValidationError(message, code="disagrees"))

    def check_citations(self):
        """Ask the model of each citation, before any is saved."""
        if not self.words.passage and self.words.basis == Citation.Basis.REPORTED:
            return  # its document is made when all else is right, and holds no other words
        told = set()
        for citation in citations_for(self.instance, self.readings, self.words):
            try:
                citation.full_clean()
            except ValidationError as error:
                for column, errors in error.error_dict.items():
                    for each in errors:
                        if (column, each.code) not in told:
                            told.add((column, each.code))
                            self.add_error(PLACES.get(column, "cite_note"), each)

    def keep_citations(self):
        """Store what is cited, once the record and its relations are stored."""
        if self.words and self.readings:
            keep(self.instance, self.readings, self.words)
