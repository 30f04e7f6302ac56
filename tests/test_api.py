"""The API as a whole: its root, its schema, its errors in the reader's language, publishing, health."""

import re

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from projects.models import Project
from shuangta.query.resources import address_of, viewsets
from tests.factories import (
    CitationFactory,
    DistrictFactory,
    ProjectFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_resource = pytest.mark.parametrize("resource", VIEWSETS)


def test_the_root_leads_to_every_resource_and_to_what_describes_them(anonymous):
    answer = anonymous.get("/api/v1/").json()

    beside = {name: f"{name}/" for name in ("docs", "schema", "changes")}
    beside["search"] = "search/?q=park"
    paths = beside | {name: f"{name}/" for name in VIEWSETS}
    assert answer == {name: f"http://testserver/api/v1/{path}" for name, path in paths.items()}
    assert {anonymous.get(address).status_code for address in answer.values()} == {200}


# Errors


def test_what_is_not_there_is_a_problem(anonymous):
    for address in (
        "projects/no-such/",
        "projects/NO_SUCH/",
        "nonsense/",
        "citations/1/",
        "citations/x/",
    ):
        response = anonymous.get(f"/api/v1/{address}")

        assert response["Content-Type"] == "application/problem+json"
        assert response.json() == {
            "type": "about:blank",
            "title": "Not found.",
            "status": 404,
            "code": "not_found",
        }
        assert response.status_code == 404


def test_a_page_that_is_not_there_is_a_page(client):
    response = client.get("/nonsense/")

    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_what_cannot_be_done_is_a_problem(editor):
    project = ProjectFactory()

    not_allowed = editor.put("/api/v1/projects/", {})
    not_acceptable = editor.get(address_of(project), headers={"accept": "text/csv"})

    assert (not_allowed.status_code, not_allowed.json()["code"]) == (405, "method_not_allowed")
    assert not_allowed["Allow"] == "GET, POST, DELETE, HEAD, OPTIONS"
    assert (not_acceptable.status_code, not_acceptable.json()["code"]) == (406, "not_acceptable")
    assert Project.objects.get() == project


def test_a_browser_is_answered_in_json(anonymous):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    response = anonymous.get("/api/v1/projects/", headers={"accept": accept})

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_a_head_request_is_answered_like_a_get_without_its_body(anonymous):
    project = ProjectFactory()

    for address in ("/api/v1/", "/api/v1/projects/", address_of(project)):
        response = anonymous.head(address)
        assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_errors_are_told_in_the_language_of_the_request(editor, language):
    said_in = {"accept-language": language}
    in_english = editor.post("/api/v1/projects/", {"nam": "示例", "kind": "x"}).json()

    problem = editor.post("/api/v1/projects/", {"nam": "示例", "kind": "x"}, headers=said_in).json()

    assert [(each["field"], each["code"]) for each in problem["errors"]] == [
        ("nam", "unknown_field"),
        ("name", "required"),
        ("district", "required"),
        ("kind", "invalid_choice"),
    ]
    is_chinese = [bool(re.search("[一-鿿]", each["detail"])) for each in problem["errors"]]
    assert is_chinese == [language != "en"] * 4
    assert (problem["title"] == in_english["title"]) == (language == "en")


def test_text_is_answered_as_it_is_and_not_escaped(anonymous):
    SectorFactory(name="批发“零售”")

    response = anonymous.get("/api/v1/sectors/?fields=name")

    assert '"name":"批发“零售”"' in response.content.decode()


# Publishing


def sourced(field, value, row):
    CitationFactory(about=row, field=field, value=value)


def test_a_record_is_published_by_those_who_may_and_only_with_its_sources(
    anonymous, editor, publisher
):
    project = ProjectFactory(
        is_published=False, stage="signed", total_investment=5, name_en="Example"
    )
    address = address_of(project)
    publish = {"is_published": True}

    by_editor = editor.patch(address, publish)
    unsourced = publisher.patch(address, publish)
    for field, value in (("name", project.name), ("stage", "signed")):
        sourced(field, value, project)
    half_sourced = publisher.patch(address, publish)
    sourced("total_investment", "5", project)
    published = publisher.patch(address, publish)

    assert by_editor.status_code == unsourced.status_code == half_sourced.status_code == 400
    assert [(each["field"], each["code"]) for each in by_editor.json()["errors"]] == [
        ("is_published", "publish")
    ]
    assert unsourced.json()["errors"] == [
        {
            "field": field,
            "code": "unsourced",
            "detail": "It cannot be published before this value has a source.",
        }
        for field in ("name", "stage", "total_investment")
    ]
    assert [each["field"] for each in half_sourced.json()["errors"]] == ["total_investment"]
    assert (published.status_code, published.json()["is_published"]) == (200, True)
    assert anonymous.get(address).json() == published.json()


def test_what_comes_with_the_publishing_needs_its_source_too(publisher):
    project = ProjectFactory(is_published=False)
    sourced("name", project.name, project)
    sector = SectorFactory()
    together = {"is_published": True, "sectors": [sector.pk], "stage": "signed"}

    response = publisher.patch(address_of(project), together)

    assert [(each["field"], each["code"]) for each in response.json()["errors"]] == [
        ("stage", "unsourced"),
        ("sectors", "unsourced"),
    ]
    assert list(project.sectors.all()) == []


def test_a_record_is_not_published_as_it_is_created(publisher):
    body = {"name": "示例", "is_published": True}

    response = publisher.post("/api/v1/sectors/", body)

    assert [(each["field"], each["code"]) for each in response.json()["errors"]] == [
        ("name", "unsourced")
    ]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_withdrawing_needs_the_right_to_publish(anonymous, editor, publisher, method):
    district = DistrictFactory()
    body = {"name": district.name, "level": "county", "is_published": False}
    address = address_of(district)

    by_editor = getattr(editor, method)(address, body)
    seen = anonymous.get(address).status_code
    by_publisher = getattr(publisher, method)(address, body)

    assert [(each["field"], each["code"]) for each in by_editor.json()["errors"]] == [
        ("is_published", "publish")
    ]
    assert (seen, by_publisher.status_code) == (200, 200)
    assert anonymous.get(address).status_code == 404


def test_a_replacement_that_is_silent_withdraws_as_its_default_says(editor, publisher):
    sector = SectorFactory()

    by_editor = editor.put(address_of(sector), {"name": "示例"})
    by_publisher = publisher.put(address_of(sector), {"name": "示例"})

    assert by_editor.status_code == 400
    assert by_publisher.json()["is_published"] is False


def test_a_published_record_is_edited_without_the_right_to_publish(editor):
    sector = SectorFactory()

    response = editor.patch(address_of(sector), {"note": "A note."})

    assert (response.status_code, response.json()["is_published"]) == (200, True)


# Health


def test_the_process_says_that_it_answers(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_the_registry_is_ready_once_every_migration_is_applied(client):
    ready = client.get("/readyz")
    MigrationRecorder(connection).record_unapplied("governance", "0002_search")
    pending = client.get("/readyz")

    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})
    assert (pending.status_code, pending.json()) == (503, {"status": "migrations are pending"})
