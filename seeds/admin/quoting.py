"""The page that cites one quote for several values of a record at once."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.shortcuts import redirect
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from seeds.admin.citing import (
    CitationInline,
    CitedForm,
    QuotingForm,
    citable_fields,
    next_position,
)
from seeds.models import Citation, Passage
from shuangta.admin import EntryAdmin, RecordAdmin
from shuangta.differences import worded
from shuangta.forms import LinesField
from shuangta.values import values_held


@dataclass(frozen=True)
class Held:
    """One value that a record holds, as a citation writes it and as an editor reads it.

    It is ``unsourced`` when it states a fact for which no words are cited.
    """

    field: models.Field
    value: str
    words: str
    unsourced: bool

    @property
    def title(self):
        return str(capfirst(self.field.verbose_name))

    @property
    def label(self):
        label = f"{self.title}: {Truncator(self.words).chars(60)}"
        return _("%(value)s (no source yet)") % {"value": label} if self.unsourced else label


def held_values(entry):
    """What words can be cited for: every value of the entry, by a key of its own."""
    cited = set(entry.citations.values_list("field", "value"))
    held = {}
    for field in citable_fields(type(entry)):
        for value, object_held in values_held(entry, field).items():
            key = f"{field.name}:{value}" if field.many_to_many else field.name
            words = worded(field, object_held)
            needs_source = field.name not in entry.editorial_fields
            held[key] = Held(field, value, words, needs_source and (field.name, value) not in cited)
    return held


class QuoteForm(QuotingForm, forms.Form):
    """A quote, where it stands, and the values that it states."""

    values = forms.MultipleChoiceField(
        label=gettext_lazy("What the words state"), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    quote = LinesField(
        label=gettext_lazy("Quote"),
        strip=False,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("Character for character as the passage prints it."),
    )
    passage = forms.ModelChoiceField(
        label=gettext_lazy("Passage"),
        queryset=Passage.objects.all(),
        required=False,
        help_text=gettext_lazy("May be left empty when only one passage holds the quote."),
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("Basis"), choices=Citation.Basis, widget=UnfoldAdminSelectWidget
    )
    note = LinesField(
        label=gettext_lazy("Note"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("The reasoning, or the outside standard."),
    )

    def __init__(self, *args, held, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = held
        self.fields["values"].choices = [(key, each.label) for key, each in held.items()]
        self.fields["passage"].widget = AutocompleteSelect(
            Citation._meta.get_field("passage"), admin.site, choices=self.fields["passage"].choices
        )

    def cite_for(self, entry):
        """Keep one citation for each chosen value, or say in the form why that cannot be."""
        words = {name: self.cleaned_data[name] for name in ("quote", "passage", "basis", "note")}
        chosen = [self.held[key] for key in self.cleaned_data["values"]]
        try:
            with transaction.atomic():
                for each in chosen:
                    citation = Citation(
                        cited=entry, field=each.field.name, value=each.value, **words
                    )
                    citation.position = next_position(entry, each.field.name)
                    citation.full_clean()
                    citation.save()
        except ValidationError as error:
            self.add_error(None, error.messages)
        return self.is_valid()


class CitedAdmin:
    """Records that show their evidence below what they state."""

    form = CitedForm
    actions_detail = ("cite_words", "correct_code")

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.is_published:
            self.warn_of_unsourced(request, form.instance)

    def warn_of_unsourced(self, request, entry):
        """Tell the editor what everybody sees now without the words that state it."""
        unsourced = [each.title for each in held_values(entry).values() if each.unsourced]
        if unsourced:
            message = _("Published without a source for what stands here now: %(fields)s.")
            messages.warning(request, message % {"fields": ", ".join(unsourced)})

    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), CitationInline]

    def has_cite_permission(self, request, obj=None):
        return self.has_change_permission(request, obj) and request.user.has_perm(
            "seeds.add_citation"
        )

    @action(
        description=gettext_lazy("Cite words for several values"),
        permissions=["cite"],
        url_path="cite",
        icon="format_quote",
    )
    def cite_words(self, request, object_id):
        entry = self.get_record(request, object_id)
        form = QuoteForm(request.POST or None, held=held_values(entry))
        if form.is_valid() and form.cite_for(entry):
            count = len(form.cleaned_data["values"])
            message = ngettext("%(count)s value is cited.", "%(count)s values are cited.", count)
            messages.success(request, message % {"count": count})
            return redirect(self.url_of("change", entry.pk))
        return self.page(
            request,
            "record_form",
            _("Cite words for several values"),
            entry,
            form=form,
            media=self.media + form.media,
            back=self.url_of("change", entry.pk),
        )


class CitedEntryAdmin(CitedAdmin, EntryAdmin):
    """Entries with their evidence."""


class CitedRecordAdmin(CitedAdmin, RecordAdmin):
    """Entries with a name of their own, and with their evidence."""
