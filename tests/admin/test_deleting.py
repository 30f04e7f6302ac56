"""Deleting in the admin: for a reason that the history keeps, and with a way back."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from districts.models import Garden, Park, Place, PlaceRole
from projects.models import Project
from seeds.models import Citation
from shuangta.history.revision import Revision
from tests.admin.conftest import cite, client_of, one_who_may
from tests.admin.forms import errors_of, opened, plain_text, url
from tests.factories import DeclaredCountFactory, WindowFactory

pytestmark = pytest.mark.django_db

CITATIONS = "seeds-citation-record_type-record"


@pytest.mark.parametrize("sent", [{"post": "yes"}, {"post": "yes", "reason": "  "}])
def test_without_a_reason_nothing_is_deleted_and_the_page_asks_again(sent, editor, project):
    response = editor.post(url(project, "delete"), sent)

    assert response.status_code == 200
    assert response.context["form"].errors == {"reason": ["This field is required."]}
    assert Project.objects.get() == project


def test_the_reason_stands_in_the_history_of_all_that_is_deleted(editor, project, passage):
    cite(project, "name", "万达广场", passage, "萬達廣場")

    response = editor.post(url(project, "delete"), {"post": "yes", "reason": "Entered twice."})

    assert response.url == reverse("admin:projects_project_changelist")
    assert not Project.objects.exists()
    deleted = Revision.objects.filter(action="deleted")
    assert {(each.content_type.model, each.reason) for each in deleted} == {
        ("project", "Entered twice."),
        ("citation", "Entered twice."),
    }


def test_a_deletion_can_be_undone_from_its_message(editor, project):
    response = editor.post(
        url(project, "delete"), {"post": "yes", "reason": "Entered twice."}, follow=True
    )

    assert f'href="{url(project, "restore_deleted")}">Undo</a>' in response.content.decode()


def test_what_others_depend_on_is_still_refused(editor, district, project):
    response = editor.post(url(district, "delete"), {"post": "yes", "reason": "Gone."})

    assert response.status_code == 200
    assert "万达广场" in plain_text(response)
    district.refresh_from_db()


UNSEEN = "Records that you may not see depend on this one."


def test_a_page_names_what_depends_on_a_record_to_those_who_see_it_only(district, project):
    shown = Project.objects.create(
        code="shown", name="玉兰广场", district=district, kind="energy", is_published=True
    )
    address = url(district, "delete")

    unseeing = one_who_may("view_district", "delete_district", "delete_project").get(address)
    seeing = one_who_may("delete_district", "delete_project", "view_project").get(address)

    assert unseeing.context["protected"] == [
        f'Project: <a href="{url(shown)}">玉兰广场</a>',
        UNSEEN,
    ]
    assert "万达广场" not in unseeing.content.decode()
    assert project.pk not in unseeing.content.decode()
    assert seeing.context["protected"] == [
        f'Project: <a href="{url(project)}">万达广场</a>',
        f'Project: <a href="{url(shown)}">玉兰广场</a>',
    ]


@pytest.mark.parametrize("hidden", [True, False])
def test_a_row_below_a_record_stays_where_others_depend_on_it(hidden):
    window = WindowFactory(is_published=not hidden)
    area = window.area
    client = one_who_may(
        *(f"{right}_servicehall" for right in ("view", "change")),
        *(f"{right}_servicearea" for right in ("view", "change", "delete")),
    )
    data = opened(client, url(area.hall)) | {"areas-0-DELETE": "on", "reason": "Closed."}

    response = client.post(url(area.hall), data)

    reason = UNSEEN if hidden else f"It is named by: Window “{window}”."
    assert errors_of(response) == [f"“{area}” stays. {reason}"]
    assert (str(window) in plain_text(response)) is not hidden
    area.refresh_from_db()


@pytest.mark.parametrize("hidden", [True, False])
def test_a_figure_below_a_record_stays_where_a_declared_count_rests_on_it(hidden):
    count = DeclaredCountFactory(code="claim", is_published=not hidden)
    figure = count.observation
    client = one_who_may(
        *(f"{right}_district" for right in ("view", "change")),
        *(f"{right}_observation" for right in ("view", "change", "delete")),
    )
    data = opened(client, url(figure.about)) | {
        "districts-observation-subject_type-subject-0-DELETE": "on",
        "reason": "Counted twice.",
    }

    response = client.post(url(figure.about), data)

    reason = UNSEEN if hidden else f"It is named by: Declared count “{count}”."
    assert errors_of(response) == [f"“{figure}” stays. {reason}"]
    figure.refresh_from_db()


def test_a_row_below_a_record_is_deleted_only_for_a_reason(editor, project, passage):
    cite(project, "name", "万达广场", passage, "萬達廣場")
    data = opened(editor, url(project)) | {f"{CITATIONS}-0-DELETE": "on"}

    refused = editor.post(url(project), data)

    assert errors_of(refused) == ["Give the reason for the deletion under “Reason for the change”."]
    assert Citation.objects.exists()

    editor.post(url(project), {**data, "reason": "Misread."})

    assert not Citation.objects.exists()
    assert Revision.objects.get(action="deleted").reason == "Misread."


def test_citations_go_with_their_record_on_its_page_and_from_a_list(project, passage):
    other = Project.objects.create(
        code="other", name="其他", district=project.district, kind="energy"
    )
    for each in (project, other):
        cite(each, "name", each.name, passage, "萬達廣場")
    client = one_who_may("view_project", "delete_project")
    projects = "/admin/projects/project/"

    client.post(url(project, "delete"), {"post": "yes", "reason": "Twice."})
    marked = {"action": "delete_selected", "_selected_action": other.pk, "reason": "Twice."}
    shown = client.post(projects, marked).context["outcomes"].digest
    client.post(projects, marked | {"shown": shown, "apply": "yes"})

    assert not Project.objects.exists()
    assert not Citation.objects.exists()


def test_a_new_row_that_is_taken_back_needs_no_reason(editor, district):
    park = Park.objects.create(code="211302-central-park", name="中央公园", district=district)
    data = opened(editor, url(park)) | {
        "gardens-TOTAL_FORMS": 1,
        "gardens-0-position": 1,
        "gardens-0-name": "海棠园",
        "gardens-0-DELETE": "on",
    }

    response = editor.post(url(park), data)

    assert response.status_code == 302
    assert not Garden.objects.exists()


def test_what_has_no_history_is_deleted_as_before(admin_user):
    group = Group.objects.create(name="Guests")

    response = client_of(admin_user).post(url(group, "delete"), {"post": "yes"})

    assert response.status_code == 302
    assert not Group.objects.exists()


def test_what_was_called_by_something_deleted_can_still_be_looked_at(editor, district):
    place = Place.objects.create(code="square", name="广场", district=district, kind="square")
    role = PlaceRole.objects.create(place=place, role="venue")
    for record in (role, place):
        editor.post(url(record, "delete"), {"post": "yes", "reason": "Gone."})

    pages = [editor.get(url(role, page)) for page in ("history", "restore_deleted", "compare")]

    assert [page.status_code for page in pages] == [200, 200, 200]
