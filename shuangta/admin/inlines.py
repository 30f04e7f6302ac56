"""Records edited as rows on the page of the record that they belong to."""

from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.contenttypes.fields import GenericForeignKey
from unfold.admin import GenericTabularInline, TabularInline
from unfold.forms import PaginationGenericInlineFormSet, PaginationInlineFormSet

from shuangta.admin.conflicts.version_check import RevisionedForm
from shuangta.admin.fields import RegistryFields
from shuangta.admin.formsets import RevisionedFormSet
from shuangta.admin.help import HelpedInline
from shuangta.history import trees

# Django sends a row's key along, unseen, only where it is not among the fields because it is excluded.
CODE = ("code",)


class RecordRowForm(RevisionedForm):
    """A row whose code is proposed when it is saved, after the rows before it."""

    def _post_clean(self):
        super()._post_clean()
        if self.instance._state.adding and not self.deletion:
            self.instance.code = ""


class HeldChoice(AutocompleteSelect):
    """Chooses a related record, and knows the one that its row holds without asking for it."""

    held = None

    def optgroups(self, name, value, attr=None):
        if self.held is None or value != [str(self.held.pk)]:
            return super().optgroups(name, value, attr)
        label = self.choices.field.label_from_instance(self.held)
        none = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        chosen = self.create_option(name, self.held.pk, label, True, len(none))
        return [(None, [*none, chosen], 0)]


class RegistryInline(RegistryFields, HelpedInline):
    """A compact table below a record's own fields; ``fields`` are its columns."""

    extra = 0
    show_change_link = True

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.user = request.user
        return formset

    def get_queryset(self, request):
        """The rows with the records that they name."""
        return super().get_queryset(request).select_related(*self.autocomplete_names(request))

    def autocomplete_names(self, request):
        """The names of the fields in which a row names one record."""
        names = self.get_autocomplete_fields(request)
        return [name for name in names if not self.opts.get_field(name).many_to_many]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_names(request):
            kwargs.setdefault("widget", HeldChoice(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_fields(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return [*self.fields, "expected_version"]
        return self.fields


class RowsBelow(RevisionedFormSet):
    """Rows below a record, which they lead to by ``relation``; none asks anew for that or for what it names."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.instance._state.adding:
            return
        setattr(form.instance, self.relation, self.instance)
        for field in form.fields.values():
            chooser = getattr(field.widget, "widget", field.widget)  # a relation's is wrapped
            if isinstance(chooser, HeldChoice):
                chooser.held = getattr(form.instance, chooser.field.name)

    def clean(self):
        super().clean()
        self.refuse_circles()

    def refuse_circles(self):
        """Rows of which each goes with what is stored may still form a circle together."""
        staying = [form for form in self.initial_forms if form not in self.deleted_forms]
        forms = {
            form.instance.pk: form for form in staying if form.has_changed() and not form.errors
        }
        if forms:
            for row, errors in trees.faults(self.model, [form.instance for form in forms.values()]):
                for name, error in errors.items():
                    forms[row.pk].add_error(name if name in forms[row.pk].fields else None, error)


class RecordFormSet(RowsBelow, PaginationInlineFormSet):
    """Rows that belong to a record by a foreign key."""

    @property
    def relation(self):
        return self.fk.name


class RecordInline(RegistryInline, TabularInline):
    """Records that belong to another by a foreign key."""

    form = RecordRowForm
    formset = RecordFormSet
    exclude = CODE

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)

        class Form(formset.form):
            def hand_clean_DELETE(self):  # noqa: N802 (Django calls it so)
                """Says nothing: Django's would name what keeps the row to whoever asks. The formset does."""

        formset.form = Form
        return formset


class GenericFormSet(RowsBelow, PaginationGenericInlineFormSet):
    """Rows about a record of any type."""

    def full_clean(self):
        # The row's own checks ask what it is about, also before that is saved.
        for form in self.forms:
            setattr(form.instance, self.relation, self.instance)
        super().full_clean()

    @property
    def relation(self):
        """The name of the generic relation by which the rows lead to their record."""
        return next(
            field.name
            for field in self.model._meta.private_fields
            if isinstance(field, GenericForeignKey) and field.fk_field == self.ct_fk_field.name
        )


class GenericRecordInline(RegistryInline, GenericTabularInline):
    """Records about another of any type."""

    form = RecordRowForm
    exclude = CODE
    formset = GenericFormSet
