"""``?dry_run=true``: every write answered as it would be, and taken back; and the reason that a write is given."""

from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_save

from projects.models import Project, Sector
from shuangta.api.models import ApiToken, IdempotentRequest
from shuangta.history.revision import Revision
from shuangta.query.resources import address_of, viewsets
from tests.faces import SHAPES
from tests.factories import CitationFactory, ProjectFactory, SectorFactory, make, make_filled

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_shape = pytest.mark.parametrize("resource", SHAPES)


def model_of(resource):
    return VIEWSETS[resource].queryset.model


def list_of(resource):
    return f"/api/v1/{resource}/"


def everything():
    """Every row of every table of ours: records, relations, history, and what is derived of them."""
    ours = {"shuangta", "seeds", "districts", "projects", "governance"}
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ours and model is not ApiToken  # whose use is noted
    ]
    return {model: list(model._base_manager.order_by("pk").values()) for model in models}


def outcome(response):
    """What an answer says, apart from moments, tags and the keys that a database counts."""
    body = response.json() if response.content else None
    rows = body["results"] if isinstance(body, dict) and "results" in body else [body]
    for row in filter(None, rows):
        for name in ("created_at", "updated_at", "etag", "id"):
            row.pop(name, None)
    return response.status_code, body


def body_of(client, row, resource):
    """What one would send to make such a row."""
    fields = VIEWSETS[resource].serializer_class().fields
    document = client.get(address_of(row)).json()
    return {name: document[name] for name, field in fields.items() if not field.read_only}


def tried_and_done(client, method, address, body=None, **headers):
    """The outcomes of a write that is tried, without a trace, and of the same write done."""
    before = everything()
    tried = getattr(client, method)(f"{address}?dry_run=true", body, headers=headers)
    assert everything() == before
    done = getattr(client, method)(address, body, headers=headers)
    assert (tried.get("X-Dry-Run"), done.get("X-Dry-Run")) == (
        "true" if done.status_code < 300 else None,
        None,
    )
    assert tried["Content-Type" if body else "Vary"] == done["Content-Type" if body else "Vary"]
    return outcome(tried), outcome(done)


@every_shape
def test_every_write_is_tried_as_it_would_be_done(editor, resource):
    unpublished = {} if resource == "citations" else {"is_published": False}
    row = make_filled(model_of(resource), **unpublished)
    least = make(model_of(resource), **unpublished)
    body, least_body = body_of(editor, row, resource), body_of(editor, least, resource)
    key = row._meta.pk.name
    row.delete(), least.delete()
    least_body |= {key: body[key]} if key in body else {}

    tried, done = tried_and_done(editor, "post", list_of(resource), body)
    assert (tried, tried[0]) == (done, 201)

    made = model_of(resource).objects.get(
        pk=body.get(key) or Revision.objects.latest("id").object_id
    )
    for method, changes in (("put", least_body), ("patch", body), ("patch", {"note": "Another."})):
        tried, done = tried_and_done(editor, method, address_of(made), changes)
        assert (tried, tried[0]) == (done, 200)

    if key == "code":
        CitationFactory(about=made, field="note")
    tried, done = tried_and_done(editor, "delete", address_of(made))
    assert (tried, tried) == (done, (204, None))


@every_shape
def test_a_list_is_tried_as_it_would_be_written(editor, resource):
    rows = [make_filled(model_of(resource)), make(model_of(resource))]
    body = [editor.get(address_of(row)).json() | {"note": "Another note."} for row in rows]

    tried, done = tried_and_done(editor, "post", list_of(resource), body)

    assert (tried, tried[0]) == (done, 200)


@every_shape
def test_a_deletion_by_filter_is_tried_as_it_would_be_done(editor, resource):
    row = make(model_of(resource))
    key = row._meta.pk.name
    address = f"{list_of(resource)}?{key}={row.pk}&max_affected=1"
    before = everything()

    tried = editor.delete(f"{address}&dry_run=true")
    kept = everything() == before
    done = editor.delete(address)

    assert (tried.status_code, tried.json(), kept) == (200, done.json(), True)
    assert tried["X-Dry-Run"] == "true"
    assert not model_of(resource).objects.filter(pk=row.pk).exists()


@every_shape
def test_what_would_be_refused_is_refused(editor, stranger, resource):
    row = make_filled(model_of(resource))
    own, of_all = address_of(row), list_of(resource)
    attempts = [
        ("post", of_all, {}, {}),
        ("post", of_all, {"nonsense": 1}, {}),
        ("post", of_all, [{"nonsense": 1}], {}),
        ("put", own, {}, {}),
        ("patch", own, {"note": 5}, {}),
        ("patch", own, {"note": "x"}, {"if-match": '"1-old"'}),
        ("patch", own, {"note": "x"}, {"if-match": "old"}),
        ("delete", own, None, {"if-match": '"1-old"'}),
        ("delete", own, None, {"idempotency-key": "once"}),
        ("patch", f"{of_all}{'9' * 18}/", {}, {}),
    ]
    before = everything()

    for method, address, body, headers in attempts:
        for client in (editor, stranger):
            tried, done = (
                getattr(client, method)(address + asked, body, headers=headers)
                for asked in ("?dry_run=true", "")
            )
            assert (method, body, outcome(tried)) == (method, body, outcome(done))
            assert 400 <= tried.status_code < 500
    assert everything() == before


def test_a_deletion_that_others_forbid_is_refused_when_tried(editor):
    project = ProjectFactory()

    tried, done = tried_and_done(editor, "delete", address_of(project.district))

    assert (tried, tried[0]) == (done, 409)


def test_a_write_is_tried_over_the_version_seen(editor):
    sector = SectorFactory()
    seen = editor.get(address_of(sector))["ETag"]

    tried, done = tried_and_done(
        editor, "patch", address_of(sector), {"note": "x"}, **{"if-match": seen}
    )

    assert (tried, tried[0]) == (done, 200)


@pytest.mark.parametrize("word", ["yes", "True", "1", "false,true"])
def test_a_dry_run_is_asked_for_plainly(editor, word):
    response = editor.post(f"/api/v1/sectors/?dry_run={word}", {"name": "示例"})

    assert response.json()["errors"] == [
        {"field": "dry_run", "code": "invalid_boolean", "detail": "Say “true” or “false”."}
    ]
    assert Sector.objects.count() == 0


@pytest.mark.parametrize(
    ("query", "code"),
    [("dry_run=", "empty"), ("dry_run=true&dry_run=true", "repeated"), ("dryrun=true", None)],
)
def test_a_dry_run_that_is_not_understood_writes_nothing(editor, query, code):
    response = editor.post(f"/api/v1/sectors/?{query}", {"name": "示例"})

    assert [each["code"] for each in response.json()["errors"]] == [code or "unknown_parameter"]
    assert Sector.objects.count() == 0


def test_what_is_not_tried_is_written(editor):
    response = editor.post("/api/v1/sectors/?dry_run=false", {"name": "示例"})

    assert (response.status_code, "X-Dry-Run" in response) == (201, False)
    assert Sector.objects.count() == 1


# What a database checks


@pytest.fixture
def loses_its_district():
    """Has a project lose its district behind the back of all checks, as it is saved."""

    def lose(instance, **kwargs):
        table = connection.ops.quote_name(Project._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET district_id = 'nowhere' WHERE code = %s",  # noqa: S608
                [instance.pk],
            )

    post_save.connect(lose, sender=Project)
    yield
    post_save.disconnect(lose, sender=Project)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("asked", ["", "?dry_run=true"])
def test_a_reference_to_nothing_is_refused_though_it_is_checked_last(
    editor, loses_its_district, asked
):
    project = ProjectFactory.build(code="example")
    project.district.save()
    body = {"code": "example", "name": "示例", "district": project.district.pk, "kind": "market"}

    response = editor.post(f"/api/v1/projects/{asked}", body)

    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    assert Project.objects.count() == 0


# Why a record was changed


REASON = "更正投资额：据《朝阳日报》　2021年5月13日，增长50%"


@every_shape
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_reason_of_a_change_is_kept_with_who_made_it(editor, resource, method):
    row = make(model_of(resource))
    changed = editor.get(address_of(row)).json() | {"note": "Another note."}
    body = {"post": [changed], "delete": None}.get(method, changed)
    address = list_of(resource) if method == "post" else address_of(row)

    response = getattr(editor, method)(address, body, headers={"x-change-reason": quote(REASON)})

    assert response.status_code in (200, 204), response.content.decode()
    change = Revision.objects.latest("id")
    assert (change.object_id, change.actor, change.reason, change.request_id) == (
        str(row.pk),
        editor.user,
        REASON,
        response["X-Request-Id"],
    )


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (REASON, REASON),
        (quote(REASON), REASON),
        (" a reason ", "a reason"),
        ("up 50% on 2020", "up 50% on 2020"),
        ("长" * 500, "长" * 500),
        (quote("长" * 500), "长" * 500),
        ("𠮷 👨‍👩‍👧", "𠮷 👨‍👩‍👧"),
    ],
)
def test_a_reason_is_sent_in_utf_8_as_it_is_or_percent_encoded(editor, sent, kept):
    as_received = sent.encode().decode("latin-1")  # so a server hands on what it was sent

    response = editor.post(
        "/api/v1/sectors/", {"name": "示例"}, headers={"x-change-reason": as_received}
    )

    assert response.status_code == 201
    assert Revision.objects.get(object_id=response.json()["code"]).reason == kept


@pytest.mark.parametrize(
    "sent",
    ["", "  ", "长" * 501, quote("长" * 501), "a%0Ab", "a%00b", "a\tb", "%E2%80%A8x%E2%80%A9y"],
)
def test_a_reason_is_one_line_of_bounded_length(editor, sent):
    as_received = sent.encode().decode("latin-1")

    response = editor.post(
        "/api/v1/sectors/", {"name": "示例"}, headers={"x-change-reason": as_received}
    )

    assert response.json()["errors"] == [
        {
            "field": "X-Change-Reason",
            "code": "invalid",
            "detail": "A reason is one line of up to 500 characters; percent-encode all but ASCII.",
        }
    ]
    assert Sector.objects.count() == 0


@pytest.mark.parametrize("sent", ["\xe9t\xe9", "%E9t%E9", "%ED%A0%80"])
def test_a_reason_that_is_not_in_utf_8_is_refused(editor, sent):
    response = editor.post("/api/v1/sectors/", {"name": "示例"}, headers={"x-change-reason": sent})

    assert response.json()["errors"] == [
        {"field": "X-Change-Reason", "code": "invalid", "detail": "Write the reason in UTF-8."}
    ]
    assert Sector.objects.count() == 0


def test_a_change_without_a_reason_has_none(editor):
    editor.post("/api/v1/sectors/", {"name": "一"}, headers={"x-change-reason": "A reason."})
    editor.post("/api/v1/sectors/", {"name": "二"})

    assert list(Revision.objects.order_by("id").values_list("reason", flat=True)) == [
        "A reason.",
        "",
    ]
    assert IdempotentRequest.objects.count() == 0
