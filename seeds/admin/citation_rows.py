"""The citations of a record in a table below it, where they are corrected and deleted."""

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import GenericTabularInline
from unfold.widgets import UnfoldAdminSelectWidget

from seeds.admin.quoting import next_position, passage_holding
from seeds.evidence.canonical import values_held
from seeds.models import Citation
from shuangta.admin.conflicts.version_check import RevisionedForm
from shuangta.admin.inlines import GenericFormSet, RegistryInline
from shuangta.records.models import Record


def citable_fields(model):
    """The fields of a record that words can be cited for, in the order of the model."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [
        field
        for field in fields
        if field.name not in Record.editorial_fields and field.name not in model.derived_fields
    ]


class CitationRowForm(RevisionedForm):
    """A citation of one value. Left empty, the passage is found, and the value is what the record holds."""

    user: User
    """Who cites: words are found where this user may see them."""

    def clean(self):
        super().clean()
        self.find_passage()
        field = self.cleaned_data.get("field")
        if field and not self.cleaned_data.get("value"):
            self.take_value(field)

    def find_passage(self):
        quote, basis = self.cleaned_data.get("quote"), self.cleaned_data.get("basis")
        if not quote or basis == Citation.Basis.REFERENCE or "passage" not in self.cleaned_data:
            return
        if self.cleaned_data["passage"] is None:
            try:
                self.cleaned_data["passage"] = passage_holding(quote, self.user)
            except ValidationError as error:
                self.add_error("passage", error)

    def take_value(self, field):
        held = self.values_held(field)
        if len(held) == 1:
            self.cleaned_data["value"] = held[0]
        elif held:
            message = _(
                "The record holds several values here. Write the code of the one that is cited."
            )
            self.add_error("value", ValidationError(message, code="value_ambiguous"))
        else:
            message = _("The record holds nothing here that words could be cited for.")
            self.add_error("value", ValidationError(message, code="value_missing"))

    def values_held(self, field):
        cited = self.instance.cited
        try:
            return list(values_held(cited, cited._meta.get_field(field)))
        except ObjectDoesNotExist:  # the record's own form is not filled in yet
            return []


class CitationFormSet(GenericFormSet):
    """The citations of a record; a new one comes after those that its value has already."""

    def save_new(self, form, commit=True):
        form.instance.position = next_position(self.instance, form.instance.field)
        return super().save_new(form, commit)

    def save_existing(self, form, obj, commit=True):
        if "field" in form.changed_data:
            form.instance.position = next_position(self.instance, form.instance.field)
        return super().save_existing(form, obj, commit)


class CitationInline(RegistryInline, GenericTabularInline):
    help = gettext_lazy(
        "The words of the source that state each value of this record; a value without them "
        "cannot be published."
    )
    model = Citation
    form = CitationRowForm
    formset = CitationFormSet
    ct_field = "record_type"
    ct_fk_field = "record"
    fields = ["field", "quote", "passage", "value", "basis", "note"]
    verbatim_fields = ("quote",)
    hide_title = True

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.user = request.user
        return formset

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "field":
            choices = [
                (field.name, capfirst(field.verbose_name))
                for field in citable_fields(self.parent_model)
            ]
            return forms.ChoiceField(
                label=capfirst(db_field.verbose_name),
                choices=[("", _("Select value")), *choices],
                widget=UnfoldAdminSelectWidget(attrs={"class": "min-w-32"}),
            )
        if db_field.name == "value":
            kwargs["required"] = False
            kwargs["help_text"] = _("Left empty, it is what the record holds.")
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "passage":  # passages are not written on the way
            formfield.widget.can_add_related = formfield.widget.can_change_related = False
            formfield.widget.can_delete_related = formfield.widget.can_view_related = False
        return formfield
