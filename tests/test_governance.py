"""The rules of measures, windows and job fairs."""

import pytest

from shuangta.query.resources import address_of
from tests.factories import (
    DepartmentFactory,
    InitiativeFactory,
    MeasureFactory,
    ServiceAreaFactory,
    WindowFactory,
    WorkingGroupMemberFactory,
)

pytestmark = pytest.mark.django_db


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


def test_the_measures_of_an_initiative_come_in_their_order(anonymous):
    initiative = InitiativeFactory()
    second, first = (MeasureFactory(initiative=initiative, position=each) for each in (2, 1))
    MeasureFactory(position=1)

    answer = anonymous.get("/api/v1/measures/", {"initiative": initiative.pk}).json()

    assert [row["code"] for row in answer["results"]] == [first.pk, second.pk]


def test_a_list_has_one_measure_at_each_position(editor):
    measure = MeasureFactory(position=1, kind="step")
    body = {"name": "示例", "initiative": measure.initiative_id, "position": 1, "kind": "step"}

    assert errors(editor.post("/api/v1/measures/", body)) == [(None, "measure_once_per_position")]
    for other in ({"position": 2}, {"kind": "mode"}, {"initiative": InitiativeFactory().pk}):
        assert editor.post("/api/v1/measures/", body | other).status_code == 201


def test_the_parts_of_a_measure_have_positions_of_their_own(editor):
    measure = MeasureFactory(position=1, kind="step")
    body = {"name": "示例", "initiative": measure.initiative_id, "position": 1, "kind": "step"}

    first = editor.post("/api/v1/measures/", body | {"parent": measure.pk})
    second = editor.post("/api/v1/measures/", body | {"parent": measure.pk})

    assert first.status_code == 201
    assert errors(second) == [(None, "measure_part_once_per_position")]


def test_an_area_has_each_number_once(editor):
    window = WindowFactory(number="12")
    body = {"area": window.area_id, "number": "12"}

    assert errors(editor.post("/api/v1/windows/", body)) == [(None, "window_once_per_number")]
    elsewhere = body | {"area": ServiceAreaFactory().pk}
    assert editor.post("/api/v1/windows/", elsewhere).status_code == 201


def test_an_office_sits_in_a_group_once_in_each_role(editor):
    member = WorkingGroupMemberFactory(role="leader")
    body = {"working_group": member.working_group_id, "office": member.office, "role": "leader"}

    assert errors(editor.post("/api/v1/working-group-members/", body)) == [
        (None, "working_group_member_once")
    ]


def test_a_department_is_found_by_its_official_name(anonymous):
    department = DepartmentFactory(name="工信", official_name="工业和信息化局")
    DepartmentFactory(name="教育")

    answer = anonymous.get("/api/v1/departments/", {"search": "信息化"}).json()

    assert [row["code"] for row in answer["results"]] == [department.pk]


def test_a_window_is_found_by_its_area_and_its_department(anonymous):
    window = WindowFactory(area__name="商事登记区", department=DepartmentFactory(name="市场监管"))
    WindowFactory()

    for words in ("商事登記", "市场监管", "商事 市场"):
        answer = anonymous.get("/api/v1/windows/", {"search": words}).json()
        assert [row["code"] for row in answer["results"]] == [window.pk]


def test_what_a_department_does_not_say_is_neither_yes_nor_no(anonymous):
    yes, unknown = DepartmentFactory(in_grid_management=True), DepartmentFactory()
    no = DepartmentFactory(in_grid_management=False)

    def found(**asked):
        answer = anonymous.get("/api/v1/departments/", asked | {"ordering": "code"}).json()
        return [row["code"] for row in answer["results"]]

    assert found(in_grid_management="true") == [yes.pk]
    assert found(in_grid_management="false") == [no.pk]
    assert found(in_grid_management__isnull="true") == [unknown.pk]
    assert found(in_grid_management__not="true") == sorted([unknown.pk, no.pk])
    assert anonymous.get(address_of(unknown)).json()["in_grid_management"] is None
