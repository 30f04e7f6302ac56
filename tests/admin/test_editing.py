"""Records changed in the admin: amounts as worded, rows of others, and two editors at once."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from districts.models import Garden, Indicator, Observation, Park, Place, PlaceRole
from governance.models import Initiative, Measure
from projects.models import Participation, Project
from seeds.models import Citation, Document
from tests.admin.conftest import cite
from tests.admin.forms import errors_of, opened, url, with_row
from tests.factories import ParkFactory

pytestmark = pytest.mark.django_db

CITATIONS = "seeds-citation-record_type-record"
OBSERVATIONS = "districts-observation-subject_type-subject"


def test_an_amount_is_typed_and_shown_as_worded(editor, project):
    data = opened(editor, url(project))
    assert data["total_investment"] == "3000万元"

    response = editor.post(url(project), {**data, "total_investment": "1.2亿元"})

    assert response.status_code == 302
    project.refresh_from_db()
    assert project.total_investment == Decimal(120_000_000)


@pytest.mark.parametrize("typed", ["超1亿元", "1亿至2亿元", "3平方米", "很多", "-5", "\0"])
def test_what_is_not_one_exact_amount_is_refused_and_stays_in_the_form(typed, editor, project):
    data = opened(editor, url(project))

    response = editor.post(url(project), {**data, "total_investment": typed})

    assert response.status_code == 200
    form = response.context["adminform"].form
    assert list(form.errors) == ["total_investment"]
    assert form["total_investment"].value() == typed
    project.refresh_from_db()
    assert project.version == 1


def test_a_figure_is_typed_in_the_unit_of_its_indicator(editor, project):
    Indicator.objects.create(code="revenue", name="收入", unit="yuan", kind="amount")
    data = with_row(
        opened(editor, url(project)),
        OBSERVATIONS,
        indicator="revenue",
        wording="超百億元",
        low="100亿元",
        low_open="on",
        status="target",
    )

    response = editor.post(url(project), data)

    assert response.status_code == 302
    figure = Observation.objects.get()
    assert (figure.about, figure.low, figure.high, figure.low_open) == (
        project,
        Decimal(10_000_000_000),
        None,
        True,
    )
    assert figure.code == "211302-wanda-plaza-revenue"


@pytest.mark.parametrize(
    ("wording", "bounds"),
    [
        ("超百億元", (10_000_000_000, None, True, False, False)),
        ("約3至5億元", (300_000_000, 500_000_000, False, False, True)),
    ],
)
def test_bounds_left_empty_are_read_from_the_wording(wording, bounds, editor, project):
    Indicator.objects.create(code="revenue", name="收入", unit="yuan", kind="amount")
    row = {"indicator": "revenue", "wording": wording, "status": "target"}
    data = with_row(opened(editor, url(project)), OBSERVATIONS, **row)

    response = editor.post(url(project), data)

    assert response.status_code == 302
    columns = ("low", "high", "low_open", "high_open", "approximate")
    assert Observation.objects.values_list(*columns).get() == bounds


@pytest.mark.parametrize(
    ("typed", "bounds"),
    [
        ({"wording": "五十億元"}, (5_000_000_000, 5_000_000_000, False, False)),
        ({"wording": "不足五十億元"}, (None, 5_000_000_000, False, True)),
        ({"wording": "兩百億元", "low": "200億元"}, (20_000_000_000, None, True, False)),
    ],
)
def test_another_wording_is_read_anew_unless_its_bounds_are_typed_too(
    typed, bounds, editor, project
):
    indicator = Indicator.objects.create(code="revenue", name="收入", unit="yuan", kind="amount")
    figure = Observation.objects.create(
        indicator=indicator,
        about=project,
        wording="超百億元",
        low=10_000_000_000,
        low_open=True,
        status="target",
    )
    data = opened(editor, url(project))
    row = {f"{OBSERVATIONS}-0-{name}": value for name, value in typed.items()}

    response = editor.post(url(project), data | row)

    assert response.status_code == 302
    figure.refresh_from_db()
    assert (figure.low, figure.high, figure.low_open, figure.high_open) == bounds


@pytest.mark.parametrize("wording", ["3平方米", "3億元和5億元", "許多"])
def test_a_wording_that_is_not_one_figure_in_the_unit_gives_no_bounds(wording, editor, project):
    Indicator.objects.create(code="revenue", name="收入", unit="yuan", kind="amount")
    row = {"indicator": "revenue", "wording": wording, "status": "target"}
    data = with_row(opened(editor, url(project)), OBSERVATIONS, **row)

    response = editor.post(url(project), data)

    assert errors_of(response) == ["A figure has at least one bound."]
    assert not Observation.objects.exists()


def test_a_figure_in_a_counter_of_its_own_is_saved_as_it_is_shown(editor, project):
    indicator = Indicator.objects.create(code="axes", name="主轴", unit="轴", kind="count")
    figure = Observation.objects.create(
        indicator=indicator, about=project, wording="一軸", low=1, high=1, status="planned"
    )
    data = opened(editor, url(figure))
    assert data["low"] == "1轴"

    response = editor.post(url(figure), {**data, "high": "2轴"})

    assert response.status_code == 302
    figure.refresh_from_db()
    assert (figure.low, figure.high) == (1, 2)


def test_what_nobody_chose_is_not_stated(editor, district):
    address = reverse("admin:districts_place_add")
    data = opened(editor, address) | {"name": "万达广场", "district": "211302"}

    response = editor.post(address, data)

    assert data["kind"] == ""
    assert list(response.context["adminform"].form.errors) == ["kind"]
    assert not Place.objects.exists()


def test_a_text_keeps_the_empty_lines_at_its_start(editor):
    document = Document.objects.create(
        title="Notice",
        kind="notice",
        published_on="2021-09-29",
        rights="Quoted.",
        text="\n\n正文",
    )

    response = editor.post(url(document), opened(editor, url(document)))

    assert response.status_code == 302
    stored = Document.objects.get()
    assert (stored.text, stored.version) == ("\n\n正文", 1)


def test_two_rows_that_repeat_each_other_are_refused_by_the_name_of_the_column(editor, district):
    place = Place.objects.create(name="万达广场", district=district, kind="square")
    data = opened(editor, url(place))
    for _row in range(2):
        data = with_row(data, "roles", role="venue")

    response = editor.post(url(place), data)

    assert errors_of(response)[0] == "Two rows have the same values here: Role."
    assert not PlaceRole.objects.exists()


def test_saving_without_a_change_makes_no_version(editor, project):
    Project.objects.filter(pk=project.pk).update(note="One line\nand another")
    project.refresh_from_db()

    response = editor.post(url(project), opened(editor, url(project)))

    assert response.status_code == 302
    stored = Project.objects.get()
    assert (stored.version, stored.updated_at) == (project.version, project.updated_at)


def test_lines_as_a_browser_sends_them_keep_their_plain_ends(editor, project):
    data = opened(editor, url(project))

    editor.post(url(project), {**data, "note": "One line\r\nand another"})

    project.refresh_from_db()
    assert project.note == "One line\nand another"


def test_the_second_editor_is_told_and_loses_nothing(editor, publisher, project):
    theirs = opened(editor, url(project))
    editor.post(url(project), {**theirs, "total_investment": "5000万元"})

    response = publisher.post(url(project), {**theirs, "name": "万达"})

    assert response.status_code == 200
    (message,) = errors_of(response)
    assert "editors changed “万达广场”" in message
    [merge] = response.context["merges"]
    assert [(each.label, each.before, each.theirs) for each in merge.fields] == [
        ("Total investment", "3000万元", "5000万元")
    ]
    assert response.context["adminform"].form["name"].value() == "万达"
    project.refresh_from_db()
    assert (project.name, project.total_investment) == ("万达广场", Decimal(50_000_000))


def test_saving_again_after_the_warning_replaces_the_other_version(editor, project):
    mine = opened(editor, url(project))
    Project.objects.update(note="Changed meanwhile.")
    warned = editor.post(url(project), {**mine, "note": "Mine."}).context["adminform"].form

    response = editor.post(url(project), {**warned.data.dict()})

    assert response.status_code == 302
    project.refresh_from_db()
    assert (project.note, project.version) == ("Mine.", 3)


def test_a_row_that_somebody_else_changed_is_not_overwritten(editor, project, passage):
    citation = cite(project, "name", "万达广场", passage, "萬達廣場")
    mine = opened(editor, url(project))
    Citation.objects.filter(pk=citation.pk).update(note="Checked.")

    response = editor.post(url(project), mine)

    assert response.status_code == 200
    assert "changed “211302-wanda-plaza.name: 萬達廣場”" in errors_of(response)[0]
    citation.refresh_from_db()
    assert citation.note == "Checked."


def test_rows_without_a_code_are_given_their_own(editor, district):
    park = Park.objects.create(code="211302-central-park", name="中央公园", district=district)
    data = opened(editor, url(park))
    for position in (1, 2):
        data = with_row(data, "gardens", position=position, name="海棠园")

    response = editor.post(url(park), data)

    assert response.status_code == 302
    assert list(Garden.objects.values_list("code", "position")) == [
        ("211302-central-park-haitang-yuan", 1),
        ("211302-central-park-haitang-yuan-2", 2),
    ]


def test_rows_that_are_there_are_saved_again_from_the_page(editor, district):
    park = Park.objects.create(code="211302-central-park", name="中央公园", district=district)
    garden = Garden.objects.create(park=park, position=1, name="海棠园")
    indicator = Indicator.objects.create(name="面积", unit="m2", kind="measure")
    Observation.objects.create(
        indicator=indicator, about=park, wording="3公顷", low=30_000, high=30_000, status="actual"
    )
    data = opened(editor, url(park))

    response = editor.post(url(park), {**data, "gardens-0-name": "牡丹园"})

    assert response.status_code == 302
    assert list(Garden.objects.values_list("code", "name", "version")) == [(garden.pk, "牡丹园", 2)]
    assert Observation.objects.get().version == 1


def test_a_record_is_added_with_its_rows_and_its_evidence(editor, district, passage):
    data = opened(editor, reverse("admin:districts_place_add"))
    data |= {"name": "万达广场", "district": "211302", "kind": "square"}
    data = with_row(data, "roles", role="venue")
    data = with_row(data, CITATIONS, field="name", quote="萬達廣場", basis="stated")

    response = editor.post(reverse("admin:districts_place_add"), data)

    assert response.status_code == 302
    place = Place.objects.get()
    assert place.code == "211302-wanda-guangchang"
    assert PlaceRole.objects.get().place == place
    citation = place.citations.get()
    assert (citation.passage, citation.value) == (passage, "万达广场")


def test_an_added_record_without_what_it_belongs_to_is_refused(editor):
    response = editor.post(
        reverse("admin:projects_participation_add"),
        {f"{CITATIONS}-TOTAL_FORMS": 0, f"{CITATIONS}-INITIAL_FORMS": 0, "role": "owner"},
    )

    assert set(response.context["adminform"].form.errors) == {"project", "enterprise"}
    assert not Participation.objects.exists()


@pytest.mark.parametrize("typed", ["2021-05-13", "2021年5月13日", " 二〇二一年五月十三日"])
def test_a_day_is_typed_as_people_write_it(typed, editor, project):
    editor.post(url(project), opened(editor, url(project)) | {"started_on": typed})

    project.refresh_from_db()
    assert project.started_on == date(2021, 5, 13)


def test_a_month_is_no_day(editor, project):
    data = opened(editor, url(project)) | {"started_on": "2021年5月"}

    assert errors_of(editor.post(url(project), data)) == [
        "“2021年5月” may be any day from 2021-05-01 to 2021-05-31. Write one day."
    ]


def test_two_new_measures_at_one_position_are_refused(editor, district):
    initiative = Initiative.objects.create(name="七办", district=district, kind="reform")
    data = opened(editor, url(initiative))
    for name in ("马上办", "网上办"):
        data = with_row(data, "measures", position=1, kind="step", name=name)

    response = editor.post(url(initiative), data)

    assert response.status_code == 200
    assert errors_of(response) == ["Two rows have the same position."]
    assert not Measure.objects.exists()


def test_a_measure_that_is_not_filled_in_is_refused_and_loses_nothing(editor, district):
    initiative = Initiative.objects.create(name="七办", district=district, kind="reform")
    data = opened(editor, url(initiative))

    response = editor.post(url(initiative), with_row(data, "measures", position="", name="马上办"))

    assert errors_of(response) == ["This field is required.", "This field is required."]
    assert "马上办" in response.content.decode()


def test_the_controls_of_a_row_are_called_as_their_column_and_row(editor, project, passage):
    cite(project, "name", "万达广场", passage, "萬達廣場")

    page = editor.get(url(project)).content.decode()

    for name in ("Field 1", "Quote 1", "Passage 1", "Value as read 1", "Basis 1", "Note 1"):
        assert f'aria-label="{name}"' in page
    assert 'aria-label="Quote"' in page  # the row that is copied for a new one


def test_who_gives_a_name_that_others_have_is_told(editor):
    for code, name in (
        ("park-1", "中央公园"),
        ("park-2", "中央公園\u200b"),
        ("park-3", "滨河公园"),
    ):
        ParkFactory(code=code, name=name)
    park = ParkFactory(code="park-4", name="新园")

    def told(**typed):
        response = editor.post(url(park), opened(editor, url(park)) | typed, follow=True)
        return [str(each) for each in response.context["messages"] if each.level_tag == "warning"]

    assert told(name="\u3000中央公园\ufeff") == [
        "Other records have this name too: park-1, park-2.",
        "Published without a source for what stands here now: Name.",
    ]
    assert "Other records" not in " ".join(told(note="一处"))
    park.refresh_from_db()
    assert park.name == "中央公园"
