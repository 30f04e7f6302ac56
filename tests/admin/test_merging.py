"""Two editors at one record: what one of them stored is merged with what the other typed, or asked about."""

from decimal import Decimal

import pytest

from districts.models import Garden, Indicator, Observation, Park, Place
from projects.models import Enterprise, Project, Sector
from seeds.models import Citation
from shuangta.history.revision import Revision
from shuangta.records.rename import rename_record
from tests.admin.conftest import cite
from tests.admin.forms import errors_of, opened, sent_by, url

pytestmark = pytest.mark.django_db

CITATIONS = "seeds-citation-record_type-record"


def merged(response):
    """What the page says of each field that somebody else changed, row by row."""
    return [
        [
            (each.label, each.before, each.theirs, each.yours, each.resolution)
            for each in merge.fields
        ]
        for merge in response.context["merges"]
    ]


def answered(response, **answers):
    """What the browser sends when the merge that it shows is saved with these answers."""
    return sent_by(response) | answers


def test_what_does_not_collide_is_shown_and_saved_with_the_next_press(editor, publisher, project):
    mine = opened(publisher, url(project))
    editor.post(
        url(project),
        {**opened(editor, url(project)), "total_investment": "5000万元", "reason": "Notice."},
    )

    shown = publisher.post(url(project), {**mine, "name": "万达"})

    project.refresh_from_db()
    assert (project.name, project.version) == ("万达广场", 2)
    (message,) = errors_of(shown)
    assert "editors changed “万达广场”" in message
    assert merged(shown) == [[("Total investment", "3000万元", "5000万元", "3000万元", "theirs")]]
    (merge,) = shown.context["merges"]
    assert (merge.last.actor.username, merge.last.reason) == ("editors", "Notice.")

    response = publisher.post(url(project), sent_by(shown))

    assert response.status_code == 302
    project.refresh_from_db()
    assert (project.name, project.total_investment, project.version) == ("万达", 50_000_000, 3)


def test_nothing_is_asked_where_both_typed_the_same(editor, publisher, project):
    mine = opened(publisher, url(project)) | {"total_investment": "0.5亿元"}
    Project.objects.update(total_investment=Decimal(50_000_000))

    shown = publisher.post(url(project), mine)

    assert merged(shown) == [[("Total investment", "3000万元", "5000万元", "5000万元", "same")]]


@pytest.mark.parametrize(("answer", "stored"), [("theirs", 50_000_000), ("yours", 60_000_000)])
def test_what_collides_is_asked_and_saved_as_answered(answer, stored, publisher, project):
    mine = opened(publisher, url(project)) | {"total_investment": "6000万元", "name": "万达"}
    Project.objects.update(total_investment=Decimal(50_000_000), note="Theirs.")

    shown = publisher.post(url(project), mine)
    response = publisher.post(
        url(project), answered(shown, **{"merge-answer-total_investment": answer})
    )

    assert merged(shown) == [
        [
            ("Note", "", "Theirs.", "", "theirs"),
            ("Total investment", "3000万元", "5000万元", "6000万元", "asked"),
        ]
    ]
    assert "merge-answer-total_investment" not in sent_by(shown)
    assert response.status_code == 302
    project.refresh_from_db()
    assert (project.name, project.note, project.total_investment) == ("万达", "Theirs.", stored)


def test_without_an_answer_nothing_is_saved_and_the_question_stays(publisher, project):
    mine = opened(publisher, url(project)) | {"total_investment": "6000万元"}
    Project.objects.update(total_investment=Decimal(50_000_000))
    shown = publisher.post(url(project), mine)

    again = publisher.post(url(project), sent_by(shown))

    assert errors_of(again) == [
        "Choose between theirs and yours where both of you changed the same."
    ]
    assert merged(again) == merged(shown)
    project.refresh_from_db()
    assert project.total_investment == 50_000_000


def test_an_answer_is_kept_while_another_is_missing(publisher, project):
    mine = opened(publisher, url(project)) | {"total_investment": "6000万元", "note": "Mine."}
    Project.objects.update(total_investment=Decimal(50_000_000), note="Theirs.")
    shown = publisher.post(url(project), mine)

    again = publisher.post(url(project), answered(shown, **{"merge-answer-note": "yours"}))
    response = publisher.post(
        url(project), answered(again, **{"merge-answer-total_investment": "theirs"})
    )

    assert sent_by(again)["merge-answer-note"] == "yours"
    assert response.status_code == 302
    project.refresh_from_db()
    assert (project.total_investment, project.note) == (50_000_000, "Mine.")


def test_typing_something_else_answers_the_question(publisher, project):
    mine = opened(publisher, url(project)) | {"total_investment": "6000万元"}
    Project.objects.update(total_investment=Decimal(50_000_000))
    shown = publisher.post(url(project), mine)

    response = publisher.post(url(project), answered(shown, total_investment="5500万元"))

    assert response.status_code == 302
    project.refresh_from_db()
    assert project.total_investment == 55_000_000


def test_a_third_editor_in_between_starts_the_merge_anew(publisher, project):
    mine = opened(publisher, url(project)) | {"total_investment": "6000万元", "name": "万达"}
    Project.objects.update(total_investment=Decimal(50_000_000))
    shown = publisher.post(url(project), mine)
    Project.objects.update(total_investment=Decimal(70_000_000), note="A third.")

    again = publisher.post(
        url(project), answered(shown, **{"merge-answer-total_investment": "yours"})
    )

    assert merged(again) == [
        [
            ("Note", "", "A third.", "", "theirs"),
            ("Total investment", "3000万元", "7000万元", "6000万元", "asked"),
        ]
    ]
    project.refresh_from_db()
    assert (project.name, project.total_investment) == ("万达广场", 70_000_000)


def test_what_was_taken_over_is_no_change_of_mine_when_a_third_changes_it_again(publisher, project):
    mine = opened(publisher, url(project)) | {"name": "万达"}
    Project.objects.update(note="Theirs.")
    shown = publisher.post(url(project), mine)
    Project.objects.update(note="A third.")

    again = publisher.post(url(project), sent_by(shown))

    assert merged(again) == [[("Note", "", "A third.", "Theirs.", "theirs")]]
    assert sent_by(again)["note"] == "A third."


def test_every_kind_of_field_is_merged_by_the_words_that_it_shows(publisher, project, district):
    place = Place.objects.create(code="square", name="广场", district=district, kind="square")
    energy = Sector.objects.create(code="energy", name="能源")
    mine = opened(publisher, url(project)) | {"name": "万达"}
    Project.objects.update(
        place_id=place.pk, stage="planned", started_on="2021-03-01", note="一\n二", kind="energy"
    )
    Project.objects.get().sectors.add(energy)

    shown = publisher.post(url(project), mine)
    response = publisher.post(url(project), sent_by(shown))

    (fields,) = merged(shown)
    assert {label: (before, theirs) for label, before, theirs, *_rest in fields} == {
        "Note": ("", "一\n二"),
        "Kind": ("Construction", "Energy"),
        "Place": ("", "广场 (square)"),
        "Stage": ("", "Planned"),
        "Construction started on": ("", "2021-03-01"),
        "Sectors": ("", "能源 (energy)"),
    }
    assert response.status_code == 302
    stored = Project.objects.get()
    assert (stored.name, stored.place, stored.stage, stored.note, stored.kind) == (
        *("万达", place, "planned", "一\n二", "energy"),
    )
    assert str(stored.started_on) == "2021-03-01"
    assert list(stored.sectors.all()) == [energy]


def test_a_relation_to_many_and_a_yes_or_no_are_asked_about_too(publisher, district):
    _energy, food = (Sector.objects.create(code=name, name=name) for name in ("energy", "food"))
    firm = Enterprise.objects.create(name="万达", district=district, kind="company")
    mine = opened(publisher, url(firm)) | {"sectors": ["energy"], "is_leading_firm": "true"}
    Enterprise.objects.update(is_leading_firm=False)
    Enterprise.objects.get().sectors.add(food)

    shown = publisher.post(url(firm), mine)
    answers = {"merge-answer-sectors": "theirs", "merge-answer-is_leading_firm": "theirs"}
    response = publisher.post(url(firm), answered(shown, **answers))

    (fields,) = merged(shown)
    assert [
        (label, theirs, yours, resolution) for label, _b, theirs, yours, resolution in fields
    ] == [
        ("Is the park’s leading firm", "No", "Yes", "asked"),
        ("Sectors", "food", "energy", "asked"),
    ]
    assert response.status_code == 302
    stored = Enterprise.objects.get()
    assert (stored.is_leading_firm, list(stored.sectors.all())) == (False, [food])


def test_what_the_form_does_not_have_is_told_all_the_same(editor, project):
    mine = opened(editor, url(project)) | {"name": "万达"}
    Project.objects.update(is_published=True)

    shown = editor.post(url(project), mine)

    assert merged(shown) == [[("Is published", "No", "Yes", "", "theirs")]]


def test_the_rows_below_a_record_are_merged_like_the_record(editor, project, passage):
    citation = cite(project, "name", "万达广场", passage, "萬達廣場")
    mine = opened(editor, url(project)) | {f"{CITATIONS}-0-note": "Mine."}
    Citation.objects.filter(pk=citation.pk).update(note="Checked.", basis="inferred")

    shown = editor.post(url(project), mine)
    answer = {f"{CITATIONS}-0-merge-answer-note": "yours"}
    response = editor.post(url(project), answered(shown, **answer))

    assert merged(shown) == [
        [
            ("Basis", "Stated", "Inferred", "Stated", "theirs"),
            ("Note", "", "Checked.", "Mine.", "asked"),
        ]
    ]
    assert response.status_code == 302
    citation.refresh_from_db()
    assert (citation.basis, citation.note) == ("inferred", "Mine.")


def test_a_figure_is_merged_in_the_unit_of_its_indicator(editor, project):
    indicator = Indicator.objects.create(code="axes", name="主轴", unit="轴", kind="count")
    figure = Observation.objects.create(
        indicator=indicator, about=project, wording="一軸", low=1, high=1, status="planned"
    )
    mine = opened(editor, url(figure)) | {"wording": "二軸"}
    Observation.objects.update(high=2)

    shown = editor.post(url(figure), mine)
    response = editor.post(url(figure), sent_by(shown))

    assert merged(shown) == [[("At most", "1轴", "2轴", "1轴", "theirs")]]
    assert response.status_code == 302
    figure.refresh_from_db()
    assert (figure.wording, figure.high) == ("二軸", 2)


@pytest.fixture
def park(district):
    park = Park.objects.create(code="211302-central-park", name="中央公园", district=district)
    for position, name in enumerate(["海棠园", "牡丹园"], start=1):
        Garden.objects.create(code=f"garden-{position}", park=park, position=position, name=name)
    return park


def test_a_row_that_only_the_other_deleted_stays_deleted(editor, park):
    mine = opened(editor, url(park)) | {"name": "公园"}
    Garden.objects.get(pk="garden-1").delete()

    shown = editor.post(url(park), mine)
    response = editor.post(url(park), sent_by(shown))

    assert merged(shown) == [[("The whole row", "", "Deleted", "", "theirs")]]
    assert sent_by(shown)["gardens-0-DELETE"] == "on"
    assert sent_by(shown)["gardens-1-name"] == "牡丹园"
    assert response.status_code == 302
    park.refresh_from_db()
    assert (park.name, [garden.pk for garden in park.gardens.all()]) == ("公园", ["garden-2"])


@pytest.mark.parametrize(
    ("answer", "stored"), [("theirs", {}), ("yours", {"garden-1": ("海棠大园", 3)})]
)
def test_a_row_that_the_other_deleted_and_i_changed_is_asked_about(
    answer, stored, editor, park, passage
):
    garden = Garden.objects.get(pk="garden-1")
    cite(garden, "name", "海棠园", passage, "萬達廣場")
    mine = opened(editor, url(park)) | {"gardens-0-name": "海棠大园"}
    garden.delete()

    shown = editor.post(url(park), mine)
    unanswered = editor.post(url(park), sent_by(shown))
    response = editor.post(
        url(park), answered(unanswered, **{"gardens-0-merge-answer-DELETE": answer})
    )

    assert merged(shown) == [[("The whole row", "", "Deleted", "Name: 海棠大园", "asked")]]
    assert unanswered.status_code == 200
    assert response.status_code == 302
    rows = Garden.objects.filter(pk="garden-1")
    assert {row.pk: (row.name, row.version) for row in rows} == stored
    assert Citation.objects.count() == len(stored)


@pytest.mark.parametrize(("answer", "stored"), [("theirs", ["海棠大园"]), ("yours", [])])
def test_a_row_that_i_delete_and_the_other_changed_is_asked_about(answer, stored, editor, park):
    mine = opened(editor, url(park)) | {"gardens-0-DELETE": "on", "reason": "Closed."}
    Garden.objects.filter(pk="garden-1").update(name="海棠大园")

    shown = editor.post(url(park), mine)
    unanswered = editor.post(url(park), sent_by(shown))
    response = editor.post(
        url(park), answered(unanswered, **{"gardens-0-merge-answer-DELETE": answer})
    )

    assert merged(shown) == [[("The whole row", "", "Name: 海棠大园", "Deleted", "asked")]]
    assert unanswered.status_code == 200
    assert response.status_code == 302
    assert [each.name for each in Garden.objects.filter(pk="garden-1")] == stored


def test_a_row_whose_code_was_corrected_meanwhile_is_saved_as_what_it_is_now(editor, park):
    garden = park.gardens.first()
    data = opened(editor, url(park))
    rename_record(garden, "another-code")
    rows = [name for name in data if name.endswith("-name")]

    response = editor.post(url(park), data | {"note": "Mine.", rows[0]: "新园"})

    assert response.status_code == 302
    park.refresh_from_db()
    assert park.note == "Mine."
    assert Garden.objects.get(code="another-code").name == "新园"


def test_a_version_that_is_no_number_is_none(editor, project):
    data = opened(editor, url(project)) | {"merge-opened": "9" * 5000, "note": "Mine."}

    assert editor.post(url(project), data).status_code == 302


def test_a_record_deleted_meanwhile_is_restored_and_what_was_typed_is_saved(
    editor, publisher, project, passage
):
    citation = cite(project, "name", "万达广场", passage, "萬達廣場")
    mine = opened(publisher, url(project)) | {"total_investment": "6000万元", "_continue": "1"}
    mine[f"{CITATIONS}-0-note"] = "Mine."
    editor.post(url(project, "delete"), {"post": "yes", "reason": "Entered twice."})

    shown = publisher.post(url(project), mine)

    assert "editors deleted “万达广场”" in shown.context["sentence"]
    assert "Entered twice." in shown.context["sentence"]
    typed = [
        [(each.label, each.before, each.after) for each in row.differences]
        for row in shown.context["typed"]
    ]
    assert typed == [[("Total investment", "3000万元", "6000万元")], [("Note", "", "Mine.")]]

    response = publisher.post(url(project), {**sent_by(shown), "_restore_deleted": "yes"})

    assert response.url == url(project)
    assert Project.objects.get().total_investment == 60_000_000
    assert [(each.pk, each.note) for each in Citation.objects.all()] == [(citation.pk, "Mine.")]
    reasons = (
        Revision.objects.filter(object_id=project.pk)
        .order_by("version")
        .values_list("reason", flat=True)
    )
    assert list(reasons) == ["", "Entered twice.", "Restored after deletion.", ""]


def test_the_address_of_a_deleted_record_leads_to_where_it_is_restored(editor, project):
    editor.post(url(project, "delete"), {"post": "yes", "reason": "Entered twice."})

    response = editor.get(url(project), follow=True)

    assert response.redirect_chain == [(url(project, "restore_deleted"), 302)]
    _undo, message = response.context["messages"]
    assert "editors deleted “万达广场”" in str(message)
