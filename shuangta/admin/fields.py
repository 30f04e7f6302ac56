"""How the columns of a registry table are edited, on a page of their own or in a row of another's."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminExpandableTextareaWidget, UnfoldAdminTextInputWidget

from shuangta.admin.widgets.fields import AdminDateField, AmountField, LinesField
from shuangta.records.models import Record, record_models


class TextWidget(UnfoldAdminExpandableTextareaWidget):
    """Text over several lines, in markup that keeps an empty line at its start."""

    template_name = "django/forms/widgets/textarea.html"


class RegistryFields:
    """Relations are chosen by searching, amounts are typed as worded, text keeps its line ends.

    ``verbatim_fields`` keep the blanks around them.
    """

    verbatim_fields = ()

    def get_autocomplete_fields(self, request):
        return [
            field.name
            for field in [*self.opts.concrete_fields, *self.opts.many_to_many]
            if field.is_relation and issubclass(field.related_model, Record)
        ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.model.units:
            kwargs["form_class"] = AmountField
            kwargs["unit"] = self.model.units[db_field.name]
            kwargs["widget"] = UnfoldAdminTextInputWidget()
        elif isinstance(db_field, models.DateField) and not isinstance(
            db_field, models.DateTimeField
        ):
            kwargs["form_class"] = AdminDateField
        elif isinstance(db_field, models.TextField):
            kwargs["form_class"] = LinesField
            kwargs["strip"] = db_field.name not in self.verbatim_fields
            kwargs["empty_value"] = None if db_field.null else ""
            kwargs["widget"] = TextWidget(attrs={"rows": 1})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        # The first choice is not the editor's: where nothing is chosen, nothing is stated.
        kwargs["choices"] = db_field.get_choices(
            include_blank=db_field.blank or not db_field.has_default(),
            blank_choice=[("", _("Select value"))],
        )
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is ContentType:
            types = ContentType.objects.get_for_models(*record_models()).values()
            kwargs["queryset"] = ContentType.objects.filter(pk__in=[each.pk for each in types])
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
