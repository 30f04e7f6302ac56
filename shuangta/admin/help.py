"""Help where it is needed: each list, form and section of a form says in one sentence what it holds."""

from unfold.admin import ModelAdmin


class HelpedAdmin(ModelAdmin):
    """Says above the list and at the head of the form, with ``help``, what one row is."""

    help = ""
    list_before_template = "admin/help_on_list.html"
    change_form_outer_before_template = "admin/help_on_form.html"


class HelpedInline:
    """Says above the rows, with ``help``, what they are."""

    help = ""
    template_before = "admin/help_on_rows.html"
