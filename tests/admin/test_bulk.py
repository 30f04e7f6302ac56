"""Doing the same to many rows of a list: what is shown, what is refused, and that just this is done."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from districts.models import District, Observation
from governance.models import VolunteerTeam
from projects.models import Project
from seeds.models import Citation
from shuangta.history.revision import Revision
from tests.admin.conftest import cite, client_of, member_of, one_who_may
from tests.admin.forms import plain_text
from tests.factories import (
    CitationFactory,
    DistrictFactory,
    IndicatorFactory,
    ObservationFactory,
    ParticipationFactory,
    PlaceFactory,
    ProjectFactory,
    SectorFactory,
    VolunteerCategoryFactory,
    VolunteerTeamFactory,
)

pytestmark = pytest.mark.django_db

PROJECTS = "/admin/projects/project/"


def chosen(action, rows, **more):
    """What the list sends when an action is run on rows that were chosen in it."""
    keys = [row if isinstance(row, str | int) else row.pk for row in rows]
    return {"action": action, "index": "0", "select_across": "0", "_selected_action": keys, **more}


def previewed(response, **typed):
    """What the page that shows the outcomes sends, with this typed into it."""
    text = response.content.decode()
    form = text[text.index('name="shown"') - 200 :]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    data = {name: [value for each, value in hidden if each == name] for name, _value in hidden}
    return data | {"reason": ""} | typed


def outcomes(response):
    """What becomes of each row, as the page tells it."""
    found = response.context["outcomes"]
    return {
        "done": [(each.name, each.before, each.after) for each in found.done],
        "unchanged": [each.name for each in found.unchanged],
        "refused": [(each.name, *each.refusals) for each in found.refused],
    }


@pytest.fixture
def projects(db):
    stages = ["signed", "planned", None]
    return [
        ProjectFactory(code=f"p-{number}", name=f"示例{number}", stage=stage)
        for number, stage in enumerate(stages)
    ]


def stages():
    return dict(Project.objects.values_list("pk", "stage"))


def test_a_field_is_set_for_many_after_it_was_shown(editor, projects):
    asked = editor.post(PROJECTS, chosen("set_selected", projects))
    assert asked.context["outcomes"] is None
    choice = {"field": "stage", "to_stage": "planned"}

    shown = editor.post(PROJECTS, previewed(asked, **choice))

    assert outcomes(shown) == {
        "done": [("示例0", "Signed or settled", "Planned"), ("示例2", "", "Planned")],
        "unchanged": ["示例1"],
        "refused": [],
    }
    assert "2 records will be changed" in plain_text(shown)
    assert "1 record is so already." in plain_text(shown)
    assert stages() == {"p-0": "signed", "p-1": "planned", "p-2": None}

    answer = editor.post(
        PROJECTS,
        previewed(shown, **choice, reason="As the office told us.", apply="yes"),
        follow=True,
    )

    assert "2 records were changed." in plain_text(answer)
    assert stages() == {"p-0": "planned", "p-1": "planned", "p-2": "planned"}
    assert list(Project.objects.values_list("version", flat=True)) == [2, 1, 2]
    changes = Revision.objects.filter(version=2).order_by("object_id")
    assert [(each.object_id, each.reason, each.actor.username) for each in changes] == [
        ("p-0", "As the office told us.", "editors"),
        ("p-2", "As the office told us.", "editors"),
    ]


def test_nothing_is_done_where_a_row_was_changed_after_it_was_shown(editor, projects):
    choice = {"field": "stage", "to_stage": "planned"}
    asked = editor.post(PROJECTS, chosen("set_selected", projects))
    shown = editor.post(PROJECTS, previewed(asked, **choice))
    projects[0].name = "改名"
    projects[0].save()

    answer = editor.post(PROJECTS, previewed(shown, **choice, apply="yes"))

    assert "Something has changed since this was shown, so nothing was done." in plain_text(answer)
    assert outcomes(answer)["done"] == [
        ("改名", "Signed or settled", "Planned"),
        ("示例2", "", "Planned"),
    ]
    assert stages() == {"p-0": "signed", "p-1": "planned", "p-2": None}

    assert editor.post(PROJECTS, previewed(answer, **choice, apply="yes")).status_code == 302
    assert set(stages().values()) == {"planned"}


def test_nothing_is_done_where_another_value_is_chosen_than_was_shown(editor, projects):
    asked = editor.post(PROJECTS, chosen("set_selected", projects))
    shown = editor.post(PROJECTS, previewed(asked, field="stage", to_stage="planned"))

    editor.post(PROJECTS, previewed(shown, field="stage", to_stage="signed", apply="yes"))

    assert stages() == {"p-0": "signed", "p-1": "planned", "p-2": None}


def test_nothing_is_done_where_a_namesake_is_chosen_instead(editor, projects):
    shown_one, other = (DistrictFactory(name="同名区") for _ in range(2))
    asked = editor.post(PROJECTS, chosen("set_selected", projects))
    choice = {"field": "district", "to_district": shown_one.pk}
    shown = editor.post(PROJECTS, previewed(asked, **choice))

    answer = editor.post(
        PROJECTS, previewed(shown, **choice | {"to_district": other.pk}, apply="yes")
    )

    assert answer.status_code == 200
    assert not Project.objects.filter(district__name="同名区").exists()


def test_relations_and_lists_of_relations_can_be_set(editor, projects):
    sectors = [SectorFactory(code=code, name=name) for code, name in [("s-a", "甲"), ("s-b", "乙")]]
    projects[0].sectors.set(sectors[:1])
    teams = [VolunteerTeamFactory(name="一队"), VolunteerTeamFactory(name="二队")]
    category = VolunteerCategoryFactory(name="助老")

    def done(address, rows, **choice):
        asked = editor.post(address, chosen("set_selected", rows))
        shown = editor.post(address, previewed(asked, **choice))
        editor.post(address, previewed(shown, **choice, apply="yes"))
        return outcomes(shown)["done"]

    assert done(PROJECTS, projects[:2], field="sectors", to_sectors=["s-a", "s-b"]) == [
        ("示例0", "甲", "甲、乙"),
        ("示例1", "", "甲、乙"),
    ]
    assert done(
        "/admin/governance/volunteerteam/", teams, field="category", to_category=category.pk
    ) == [("二队", "", "助老"), ("一队", "", "助老")]
    assert [project.sectors.count() for project in projects] == [2, 2, 0]
    assert set(VolunteerTeam.objects.values_list("category", flat=True)) == {category.pk}
    assert Project.objects.get(pk="p-0").version == 2


@pytest.mark.parametrize("name", ["sectors", "place", "district"])
def test_what_rows_name_is_looked_up_for_all_of_them_at_once(editor, name):
    named = {"sectors": SectorFactory, "place": PlaceFactory, "district": DistrictFactory}[name]()
    projects = [ProjectFactory(**({} if name == "sectors" else {name: named})) for _ in range(8)]
    if name == "sectors":
        named.projects.set(projects)
    choice = {"field": name, f"to_{name}": named.pk}
    costs = []

    for rows in (projects[:1], projects):
        asked = editor.post(PROJECTS, chosen("set_selected", rows))
        with CaptureQueriesContext(connection) as queries:
            shown = editor.post(PROJECTS, previewed(asked, **choice))
        assert len(outcomes(shown)["unchanged"]) == len(rows)
        costs.append(len(queries))

    assert costs[0] == costs[1]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database.")
def test_rows_are_locked_in_the_order_of_their_keys_however_they_are_listed(editor, projects):
    with CaptureQueriesContext(connection) as queries:
        shown = editor.post(f"{PROJECTS}?o=-1", chosen("delete_selected", projects))

    assert [each[0] for each in outcomes(shown)["done"]] == ["示例2", "示例1", "示例0"]
    locking = [each["sql"] for each in queries if "FOR NO KEY UPDATE" in each["sql"]]
    assert 'ORDER BY "projects_project"."code" ASC FOR NO KEY UPDATE' in locking[0]


def test_what_breaks_a_rule_is_refused_also_where_two_rows_would_clash(editor):
    first, second = ParticipationFactory(role="owner"), ParticipationFactory(role="partner")
    second.project, second.enterprise = first.project, first.enterprise
    second.save()
    address = "/admin/projects/participation/"
    choice = {"field": "role", "to_role": "investor"}

    asked = editor.post(address, chosen("set_selected", [first, second]))
    shown = editor.post(address, previewed(asked, **choice))

    assert len(outcomes(shown)["done"]) == 1
    [(_name, refusal)] = outcomes(shown)["refused"]
    assert refusal == "The enterprise has this role in the project already."


def test_a_field_without_its_value_is_asked_for_again(editor, projects):
    asked = editor.post(PROJECTS, chosen("set_selected", projects))

    shown = editor.post(PROJECTS, previewed(asked, field="kind", to_kind=""))

    assert shown.context["outcomes"] is None
    assert shown.context["form"].errors == {"to_kind": ["This field is required."]}


def test_what_can_be_set_is_what_a_list_is_filtered_by(editor, projects):
    observation = ObservationFactory()
    citation = CitationFactory(about=projects[0])

    def settable(address, row):
        form = editor.post(address, chosen("set_selected", [row])).context["form"]
        return list(form.controls)

    assert settable(PROJECTS, projects[0]) == [
        *("stage", "kind", "sectors", "district", "place", "industrial_park")
    ]
    assert settable("/admin/districts/observation/", observation) == ["indicator", "status"]
    assert settable("/admin/seeds/citation/", citation) == ["basis", "passage"]


def test_records_are_published_that_have_their_sources_and_the_others_say_what_is_missing(
    publisher, project, passage
):
    sourced = Project.objects.create(
        code="sourced", name="萬達廣場", district=project.district, kind="market"
    )
    cite(sourced, "name", "萬達廣場", passage, "萬達廣場")

    shown = publisher.post(PROJECTS, chosen("publish_selected", [project, sourced]))

    assert outcomes(shown) == {
        "done": [("萬達廣場", "No", "Yes")],
        "unchanged": [],
        "refused": [
            (
                "万达广场",
                "Name、Total investment: It cannot be published before this value has a source.",
            )
        ],
    }
    answer = publisher.post(PROJECTS, previewed(shown, apply="yes"), follow=True)
    assert "1 record was changed." in plain_text(answer)
    assert dict(Project.objects.values_list("pk", "is_published")) == {
        "211302-wanda-plaza": False,
        "sourced": True,
    }


def test_records_are_withdrawn(publisher, projects):
    shown = publisher.post(PROJECTS, chosen("withdraw_selected", projects))
    publisher.post(PROJECTS, previewed(shown, reason="Under review.", apply="yes"))

    assert set(Project.objects.values_list("is_published", flat=True)) == {False}
    assert set(Revision.objects.filter(version=2).values_list("reason", flat=True)) == {
        "Under review."
    }


def test_only_those_who_may_publish_are_offered_it(editor, publisher, projects):
    def offered(client):
        form = client.get(PROJECTS).context["action_form"]
        return [name for name, _label in form.fields["action"].choices if name]

    assert offered(publisher) == [
        *("publish_selected", "withdraw_selected", "set_selected", "delete_selected")
    ]
    assert offered(editor) == ["set_selected", "delete_selected"]
    editor.post(PROJECTS, chosen("withdraw_selected", projects, shown="", apply="yes"))
    assert set(Project.objects.values_list("is_published", flat=True)) == {True}


def test_who_may_only_look_is_offered_nothing(projects):
    user = member_of("Editors")
    user.groups.get().permissions.exclude(codename="view_project").delete()

    assert client_of(user).get(PROJECTS).context["action_form"] is None


def test_many_are_deleted_with_a_reason_and_those_that_others_name_stay(editor):
    whole = DistrictFactory(name="市", level=District.Level.PREFECTURE)
    part = DistrictFactory(name="区", parent=whole)
    named, free = DistrictFactory(name="名区"), DistrictFactory(name="闲区")
    ProjectFactory(name="示例", district=named)
    CitationFactory(about=part)
    address = "/admin/districts/district/"

    shown = editor.post(address, chosen("delete_selected", [whole, part, named, free]))

    assert outcomes(shown) == {
        "done": [("区", "", ""), ("市", "", ""), ("闲区", "", "")],
        "unchanged": [],
        "refused": [("名区", "It is named by: Project “示例”.")],
    }
    assert District.objects.count() == 4

    refused = editor.post(address, previewed(shown, apply="yes"))

    assert refused.context["form"].errors == {"reason": ["This field is required."]}
    assert District.objects.count() == 4

    answer = editor.post(address, previewed(refused, reason="Merged.", apply="yes"), follow=True)

    assert "3 records were deleted." in plain_text(answer)
    assert list(District.objects.all()) == [named]
    assert Citation.objects.count() == 0
    deleted = Revision.objects.filter(action="deleted")
    assert set(deleted.values_list("reason", flat=True)) == {"Merged."}
    assert deleted.count() == 4


def test_of_what_keeps_a_record_only_what_the_user_may_see_is_named():
    hidden, mixed, open_one = (DistrictFactory(name=name) for name in ("暗区", "混区", "明区"))
    for number, (district, name, is_published) in enumerate(
        [
            (hidden, "隐", False),
            (mixed, "隐", False),
            (mixed, "显", True),
            (open_one, "显", True),
        ]
    ):
        project = ProjectFactory(code=f"p-{number}", name=name, district=district)
        Project.objects.filter(pk=project.pk).update(is_published=is_published)
    client = one_who_may("view_district", "delete_district")

    shown = client.post(
        "/admin/districts/district/", chosen("delete_selected", [hidden, mixed, open_one])
    )

    unseen = "Records that you may not see depend on this one."
    assert sorted(outcomes(shown)["refused"]) == [
        ("明区", "It is named by: Project “显”."),
        ("暗区", unseen),
        ("混区", "It is named by: Project “显”.", unseen),
    ]
    assert "隐" not in plain_text(shown)


def test_figures_about_a_record_keep_it(editor, projects):
    ObservationFactory(about=projects[0], indicator=IndicatorFactory(name="收入"), wording="5个")

    shown = editor.post(PROJECTS, chosen("delete_selected", projects[:1]))

    assert outcomes(shown)["refused"] == [
        ("示例0", "It is named by: Observation “收入 · 示例0: 5个”.")
    ]
    assert "Apply" not in plain_text(shown)
    assert Observation.objects.count() == 1


def test_citations_can_be_set_and_deleted_together(editor, projects):
    citations = [CitationFactory(about=project) for project in projects]
    address = "/admin/seeds/citation/"

    shown = editor.post(address, chosen("delete_selected", citations[:2]))
    editor.post(address, previewed(shown, reason="Wrong page.", apply="yes"))

    assert list(Citation.objects.all()) == citations[2:]


def test_all_rows_of_a_filtered_list_can_be_chosen_up_to_a_thousand(editor, projects, monkeypatch):
    address = f"{PROJECTS}?kind__exact=construction"
    ProjectFactory(kind="market")
    across = chosen("set_selected", projects[:1], select_across="1")

    asked = editor.post(address, across)

    assert asked.context["keys"] == ["p-0", "p-1", "p-2"]
    for module in ("pages.bulk", "lists"):
        monkeypatch.setattr(f"shuangta.admin.{module}.MAX_ROWS", 1)
    refused = editor.post(address, across, follow=True)
    assert refused.redirect_chain == [(address, 302)]
    assert "At most 1 records are changed at once." in plain_text(refused)
    assert "At most 1 records are changed at once." in plain_text(editor.get(PROJECTS))


def test_deleted_records_are_asked_for_at_no_other_door(editor, projects):
    address = reverse("admin:projects_project_changelist")

    answer = editor.post(address, chosen("delete_selected", projects, post="yes"))

    assert answer.status_code == 200
    assert Project.objects.count() == 3
