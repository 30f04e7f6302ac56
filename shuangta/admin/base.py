"""What the admin pages of all records share; an app's admin adds only the facts of its model."""

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from shuangta.admin.conflicts.edit_conflicts import MeanwhileAdmin
from shuangta.admin.conflicts.version_check import RevisionedForm
from shuangta.admin.dependents import link_dependents
from shuangta.admin.fields import RegistryFields
from shuangta.admin.help import HelpedAdmin
from shuangta.admin.list_editing import EditableListAdmin
from shuangta.admin.lists import ListedAdmin
from shuangta.admin.pages.bulk import BulkAdmin, BulkPublishingAdmin
from shuangta.admin.pages.delete import DeletingAdmin, without_links
from shuangta.admin.pages.export import ExportAdmin
from shuangta.admin.pages.import_sheet import ImportAdmin
from shuangta.admin.pages.rename import CodeAdmin
from shuangta.admin.widgets.reason import ReasonField
from shuangta.imports.references import Directory
from shuangta.records.codes import FormerCode
from shuangta.records.restore import citation_model
from shuangta.records.visibility import may_publish
from shuangta.search import ngrams
from shuangta.search.kinds import recognize
from shuangta.search.query import filter_by_words
from shuangta.text.quantities import format_amount

BESIDE_THE_ONE_BEFORE = ("_latest", "_end", "_until", "updated_at")


class ReasonedForm(RevisionedForm):
    """The form of a row's own page, where the editor may say why it changes."""

    reason = ReasonField(required=False)

    form_only = RevisionedForm.form_only | {"reason"}
    tells_all = True


class RevisionedAdmin(
    RegistryFields,
    ListedAdmin,
    BulkAdmin,
    ImportAdmin,
    ExportAdmin,
    DeletingAdmin,
    HelpedAdmin,
    MeanwhileAdmin,
):
    """Rows with a history: saved only over the version that was opened, and with a reason."""

    form = ReasonedForm
    warn_unsaved_form = True
    actions_list = ("import_rows", "export_rows", "deleted_records")
    bookkeeping = ("version", "created_at", "updated_at")
    derived_fields = ()
    registry_help = _(
        "Why you change it, and when it was changed; none of this is said by a source."
    )

    def to_do(self, dashboard):
        """The sections of the front page that are about these rows; mostly none."""
        return []

    def get_readonly_fields(self, request, obj=None):
        return [*self.derived_fields, *(self.bookkeeping if obj else ())]

    def get_fieldsets(self, request, obj=None):
        registry = self.get_registry_fields(request, obj)
        facts = in_pairs(self.get_facts(request, obj))
        return [
            (None, {"fields": facts}),
            (_("Registry"), {"fields": registry, "description": self.registry_help}),
        ]

    def get_facts(self, request, obj=None):
        """The fields by which the row says something, in the order of the model."""
        kept_apart = {*self.get_registry_fields(request, obj), *self.bookkeeping}
        fields = [*self.opts.concrete_fields, *self.opts.many_to_many]
        return [
            field.name
            for field in fields
            if field.name not in kept_apart
            and (field.name in self.derived_fields or (field.editable and not field.auto_created))
        ]

    def get_registry_fields(self, request, obj=None):
        if obj and self.has_change_permission(request, obj):
            return ["reason", *in_pairs(self.bookkeeping), "expected_version"]
        return in_pairs(self.bookkeeping) if obj else []

    def save_model(self, request, obj, form, change):
        if not change or form.changes_row:
            super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs, request):
        listed, counts, missing, protected = super().get_deleted_objects(objs, request)
        listed, counts = without_links(self.model, listed, counts)
        missing.discard(citation_model()._meta.verbose_name)  # citations go with what they are for
        if protected:  # Django names them to whoever asks.
            protected = link_dependents(objs, request, self.admin_site)
        return listed, counts, missing, protected

    def get_list_display(self, request):
        return [
            amount_column(self.opts.get_field(name), self.model.units[name])
            if name in self.model.units
            else name
            for name in super().get_list_display(request)
        ]


class RecordAdmin(EditableListAdmin, BulkPublishingAdmin, CodeAdmin, RevisionedAdmin):
    """Records: found in either script, published by those who may, with a code fixed once given."""

    search_fields = ["code"]  # that there is a search at all; get_search_results looks in grams
    identity_fields = ("code",)
    identity_help = _("The code by which other records name this one; it stays for good.")
    stated_help = _(
        "What the sources say. What no source states stays empty, and every value needs its "
        "source before the record can be published."
    )
    registry_help = _(
        "Whether everybody sees the record, what else is to be noted, and why you change it; none "
        "of this is said by a source."
    )

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if obj:
            fields.append("code")
        if not may_publish(request.user):
            fields.append("is_published")
        return fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj:
            kwargs["help_texts"] = {"code": _("Corrected on a page of its own.")}
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        (_nameless, facts), registry = super().get_fieldsets(request, obj)
        identity = {"fields": self.identity_fields, "description": self.identity_help}
        facts["description"] = self.stated_help
        stated = [(_("What is stated"), facts)] if facts["fields"] else []
        return [(_("Identity"), identity), *stated, registry]

    def get_facts(self, request, obj=None):
        facts = super().get_facts(request, obj)
        return [name for name in facts if name not in self.identity_fields]

    def get_registry_fields(self, request, obj=None):
        return ["is_published", "note", *super().get_registry_fields(request, obj)]

    def get_object(self, request, object_id, from_field=None):
        """The record with this code, or the one that had it formerly."""
        found = super().get_object(request, object_id, from_field)
        if found or from_field:
            return found
        former = FormerCode.objects.filter(
            record_type=ContentType.objects.get_for_model(self.model), code=object_id
        ).first()
        return super().get_object(request, former.record) if former else None

    def get_search_results(self, request, queryset, search_term):
        words = [recognize(word) for word in ngrams.split_words(search_term)]
        if search_term and not words:
            return queryset.none(), False
        return filter_by_words(queryset, words, request.user), False


class NamedRecordAdmin(RecordAdmin):
    """Records with a name of their own."""

    identity_fields = ("name", "code", "name_en", "aliases")
    identity_help = _(
        "What it is called: first the name that the office uses, then the others by which it is "
        "found too. The code stays for good."
    )

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "name" in form.changed_data:
            self.warn_of_namesakes(request, obj)

    def warn_of_namesakes(self, request, record):
        """Tell the editor which other records have the name: one may be the same thing, entered twice."""
        codes = Directory(request.user).namesakes([record]).get(record.pk)
        if codes:
            message = _("Other records have this name too: %(codes)s.") % {
                "codes": ", ".join(codes)
            }
            messages.warning(request, message)


def in_pairs(names):
    """The names as rows of a form: the end of a period stands beside its start."""
    rows = []
    for name in names:
        if name.endswith(BESIDE_THE_ONE_BEFORE):
            rows[-1] = (rows[-1], name)
        else:
            rows.append(name)
    return rows


def amount_column(field, unit):
    """A list column that shows an amount as worded."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(row):
        value = getattr(row, field.name)
        return None if value is None else format_amount(value, unit)

    return column
