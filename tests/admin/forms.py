"""What a browser does with the forms of the admin."""

import re

from django.urls import reverse


def url(record, page="change", *more):
    """The address of one of a record's pages."""
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[record.pk, *more])


def opened(client, address):
    """What a browser would send if the form at the address were saved as it is."""
    context = client.get(address).context
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.initial_forms]
    return {
        field.html_name: value
        for form in forms
        for field in form
        if (value := sent(field)) not in (None, [])
    }


def sent(field):
    value = field.value()
    if isinstance(value, bool):
        return "on" if value else None
    if isinstance(value, list):
        return [str(getattr(each, "pk", each)) for each in value]
    return None if value is None else str(value)


def with_row(data, prefix, **row):
    """The same with one more row in the table below the record."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return {**data, **row, f"{prefix}-TOTAL_FORMS": number + 1}


def errors_of(response):
    """Everything that the page finds wrong with what was typed."""
    found = response.context["errors"]
    return [error for each in found for error in ([each] if isinstance(each, str) else each)]


def plain_text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))
