"""Typing in a list: what was typed is saved, row by row, and over nothing that somebody else has saved."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from governance.models import Measure
from projects.models import Project
from shuangta.history.context import change_reason
from shuangta.history.revision import Revision
from shuangta.records.models import record_models
from tests.admin.conftest import client_of, member_of
from tests.admin.forms import Controls, plain_text
from tests.factories import MeasureFactory, ProjectFactory, make_filled

pytestmark = pytest.mark.django_db

PROJECTS = "/admin/projects/project/"


class ListControls(Controls):
    """Reads the controls of a list."""

    def handle_starttag(self, tag, attrs):
        if tag == "form":
            self.inside = dict(attrs).get("id") == "changelist-form"
        else:
            super().handle_starttag(tag, attrs)


def sent(response):
    """What a browser would send if the list were saved as it is."""
    controls = ListControls()
    controls.feed(response.content.decode())
    return {
        name: value
        for name, value in controls.sent.items()
        if name.startswith(("form-", "initial-"))
    } | {"_save": "Save"}


def row_of(data, record):
    """The number under which the form holds a record."""
    [name] = [name for name, value in data.items() if value == record.pk and name.endswith("-code")]
    return name.removesuffix("-code")


def typed(data, record, **values):
    """The same data with something else typed into a record's row."""
    return data | {f"{row_of(data, record)}-{name}": value for name, value in values.items()}


@pytest.fixture
def projects(db):
    return [
        ProjectFactory(code=f"p-{number}", name=f"示例{number}", name_en=f"Example {number}")
        for number in range(3)
    ]


def test_what_is_typed_in_a_list_is_saved_and_nothing_else(editor, projects):
    data = typed(sent(editor.get(PROJECTS)), projects[1], name_en="Better")
    before = Revision.objects.count()

    response = editor.post(f"{PROJECTS}?o=1", data, follow=True)

    assert response.redirect_chain == [(f"{PROJECTS}?o=1", 302)]
    assert "1 project was changed successfully." in plain_text(response)
    assert list(Project.objects.values_list("name_en", "version")) == [
        ("Example 0", 1),
        ("Better", 2),
        ("Example 2", 1),
    ]
    [change] = Revision.objects.all()[: Revision.objects.count() - before]
    assert (change.object_id, change.actor.username) == ("p-1", "editors")


def test_a_list_that_is_saved_as_it_was_changes_nothing(editor):
    for model in record_models():
        make_filled(model)
        make_filled(model)
    before = Revision.objects.count()

    answers = {}
    for model in record_models():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        shown = editor.get(address)
        if shown.context["cl"].formset:
            answers[model] = editor.post(address, sent(shown)).status_code

    assert set(answers.values()) == {302}
    assert len(answers) > 20
    assert Revision.objects.count() == before


def test_only_columns_that_state_nothing_can_be_typed_in_a_list(editor):
    editable = {
        model: editor.get(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        )
        .context["cl"]
        .list_editable
        for model in record_models()
    }

    assert {name for names in editable.values() for name in names} == {
        "name_en",
        "position",
        "note",
    }
    assert editable[Measure] == ["name_en", "position"]
    for model, names in editable.items():
        assert set(names) <= model.editorial_fields


def test_a_row_that_somebody_else_has_saved_is_not_saved_over(editor, projects):
    data = typed(sent(editor.get(PROJECTS)), projects[1], name_en="Mine")
    data = typed(data, projects[2], name_en="Third")
    projects[1].name_en = "Theirs"
    with change_reason("A better name."):
        projects[1].save()

    refused = editor.post(PROJECTS, data)

    assert refused.status_code == 200
    shown = plain_text(refused)
    assert "changed “" in shown
    assert "English name: Example 1 → Theirs" in shown
    again = sent(refused)
    assert again[f"{row_of(again, projects[1])}-name_en"] == "Mine"
    assert again[f"{row_of(again, projects[2])}-name_en"] == "Third"
    assert list(Project.objects.values_list("name_en", flat=True)) == [
        "Example 0",
        "Theirs",
        "Example 2",
    ]

    assert editor.post(PROJECTS, again).status_code == 302

    assert list(Project.objects.values_list("name_en", flat=True)) == ["Example 0", "Mine", "Third"]


def test_what_somebody_else_saved_in_another_row_is_no_hindrance(editor, projects):
    data = typed(sent(editor.get(PROJECTS)), projects[1], name_en="Mine")
    projects[2].name_en = "Theirs"
    projects[2].save()

    assert editor.post(PROJECTS, data).status_code == 302

    assert list(Project.objects.values_list("name_en", flat=True)) == [
        "Example 0",
        "Mine",
        "Theirs",
    ]


def test_an_error_stands_at_its_row_also_when_rows_have_come_in_between(editor):
    first, second = (MeasureFactory(position=number, kind="step") for number in (1, 2))
    second.initiative = first.initiative
    second.save()
    address = "/admin/governance/measure/"
    data = typed(sent(editor.get(address)), second, position="1", name_en="Second")
    MeasureFactory(code="a", initiative__name="一", initiative__code="a")

    refused = editor.post(address, data)

    assert "Another measure of the list has this position." in plain_text(refused)
    shown = refused.context["cl"]
    assert [row.pk for row in shown.result_list] == [
        form.instance.pk for form in shown.formset.forms
    ]
    assert typed(sent(refused), second) == data | {
        "form-MIN_NUM_FORMS": "0",
        "form-MAX_NUM_FORMS": "1000",
    }


def test_two_rows_cannot_be_given_the_same_position_at_once(editor):
    first, second = (MeasureFactory(position=number, kind="step") for number in (1, 2))
    second.initiative = first.initiative
    second.save()
    address = "/admin/governance/measure/"
    data = typed(typed(sent(editor.get(address)), first, position="7"), second, position="7")

    refused = editor.post(address, data)

    assert "Two rows have the same position." in plain_text(refused)
    assert list(Measure.objects.values_list("position", flat=True)) == [1, 2]


def test_a_row_that_was_deleted_meanwhile_takes_none_of_the_others_with_it(editor, projects):
    data = typed(sent(editor.get(PROJECTS)), projects[0], name_en="Gone")
    data = typed(data, projects[1], name_en="Mine")
    projects[0].delete()

    refused = editor.post(PROJECTS, data)

    assert "A row that you changed has been deleted in the meantime." in plain_text(refused)
    assert editor.post(PROJECTS, sent(refused)).status_code == 302
    assert list(Project.objects.values_list("name_en", flat=True)) == ["Mine", "Example 2"]


def test_who_may_only_look_sees_a_list_without_controls(projects):
    user = member_of("Editors")
    user.groups.clear()
    user.user_permissions.add(Permission.objects.get(codename="view_project"))
    client = client_of(user)

    shown = client.get(PROJECTS)
    answer = client.post(
        PROJECTS, {"_save": "Save", "form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}
    )

    assert "Example 1" in plain_text(shown)
    assert shown.context["cl"].formset is None
    assert answer.status_code == 403
