"""The tables of rows below a record, which cost the same however many rows they have."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from districts.models import BuildingGroup, DeclaredCount, PlaceRole
from shuangta.records.models import record_models
from tests.admin.forms import url
from tests.factories import make, make_filled

pytestmark = pytest.mark.django_db

ONE_OF_EACH = {
    BuildingGroup: ("kind", BuildingGroup.Kind),
    DeclaredCount: ("query", [f"note={number}" for number in range(8)]),
    PlaceRole: ("role", PlaceRole.Role),
}
"""The column in which rows below the same record differ, with the values that there are."""


def rows_below(record, model, relation, number):
    """So many rows of the model below the record, fewer where there cannot be so many."""
    name, values = ONE_OF_EACH.get(model, (None, range(number)))
    return [
        make_filled(model, **{relation: record} | ({name: value} if name else {}))
        for value in list(values)[:number]
    ]


def tables(response):
    """The rows of each table of the page, by their model and by what leads from them to the record."""
    return {
        (formset.model, formset.fk.name if hasattr(formset, "fk") else "about"): formset
        for formset in (each.formset for each in response.context["inline_admin_formsets"])
    }


@pytest.mark.parametrize(
    "model", [model for model in record_models() if admin.site.get_model_admin(model).inlines]
)
def test_a_form_costs_as_many_queries_for_eight_rows_below_it_as_for_one(editor, model):
    costs = {}
    for below, relation in tables(editor.get(url(make(model)))):
        costs[below._meta.label] = []
        for number in (1, 8):
            record = make(model)
            rows = rows_below(record, below, relation, number)
            with CaptureQueriesContext(connection) as queries:
                response = editor.get(url(record))
            shown = tables(response)[below, relation].initial_forms
            assert {form.instance for form in shown} >= set(rows)
            costs[below._meta.label].append(len(queries))

    assert {label: (one, many) for label, (one, many) in costs.items() if one != many} == {}
