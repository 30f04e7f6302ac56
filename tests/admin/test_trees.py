"""No page of the admin lets a record belong to itself."""

import pytest

from districts.models import District
from governance.models import Measure
from projects.models import Sector
from tests.admin.forms import errors_of, opened, url
from tests.admin.test_bulk import chosen, outcomes
from tests.factories import DistrictFactory, InitiativeFactory, MeasureFactory, SectorFactory

pytestmark = pytest.mark.django_db


def test_a_form_is_refused_that_closes_a_circle(editor):
    top = SectorFactory(code="top", name="上")
    bottom = SectorFactory(code="bottom", name="下", parent=top)
    form = opened(editor, url(top))

    response = editor.post(url(top), form | {"parent": bottom.pk})

    assert errors_of(response) == ["“下” leads back to this record: they would form a circle."]
    assert Sector.objects.get(pk="top").parent is None


def test_rows_of_a_form_are_refused_that_close_a_circle_together(editor):
    initiative = InitiativeFactory()
    MeasureFactory(code="m-1", name="甲", initiative=initiative, position=1)
    MeasureFactory(code="m-2", name="乙", initiative=initiative, position=2)
    form = opened(editor, url(initiative))

    response = editor.post(
        url(initiative), form | {"measures-0-parent": "m-2", "measures-1-parent": "m-1"}
    )

    assert errors_of(response) == [
        "“乙” leads back to this record: they would form a circle.",
        "“甲” leads back to this record: they would form a circle.",
    ]
    assert list(Measure.objects.values_list("parent", flat=True)) == [None, None]


def test_a_field_is_not_set_for_rows_that_it_would_lead_back_to(editor):
    city = DistrictFactory(code="2113", name="市", level="prefecture")
    county = DistrictFactory(code="211302", name="区", parent=city)
    other = DistrictFactory(code="211303", name="县")

    response = editor.post(
        "/admin/districts/district/",
        chosen(
            "set_selected",
            [city, county, other],
            field="parent",
            to_parent=city.pk,
            shown="",
            reason="",
        ),
    )

    assert outcomes(response) == {
        "done": [("县", "", "市")],
        "unchanged": ["区"],
        "refused": [
            ("市", "Belongs to: “市” leads back to this record: they would form a circle.")
        ],
    }
    assert District.objects.filter(parent=city).count() == 1
