"""``Idempotency-Key``: a POST that is sent twice writes once, and is answered twice."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from projects.models import Sector
from shuangta.api.models import IdempotentRequest
from shuangta.history.revision import Revision
from shuangta.query.resources import address_of, viewsets
from tests.faces import SHAPES
from tests.factories import CitationFactory, SectorFactory, make_filled

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
SECTORS = "/api/v1/sectors/"


def post(client, body, key, address=SECTORS, **headers):
    return client.post(address, body, headers={"idempotency-key": key} | headers)


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


def told(response):
    """All that an answer says, but which request it answers and that it is told again."""
    apart = ("X-Request-Id", "Idempotency-Replayed")
    headers = {name: value for name, value in response.items() if name not in apart}
    return response.status_code, response.content, headers


@pytest.mark.parametrize("resource", SHAPES)
def test_a_request_that_is_sent_again_is_answered_as_it_was(editor, resource):
    unpublished = {} if resource == "citations" else {"is_published": False}
    row = make_filled(VIEWSETS[resource].queryset.model, **unpublished)
    fields = VIEWSETS[resource].serializer_class().fields
    document = editor.get(address_of(row)).json()
    body = {name: document[name] for name, field in fields.items() if not field.read_only}
    row.delete()
    key = row._meta.pk.name

    first = post(editor, body, "once", f"/api/v1/{resource}/")
    written = Revision.objects.count()
    editor.patch(f"/api/v1/{resource}/{first.json()[key]}/", {"note": "Meanwhile."})
    again = post(editor, body, "once", f"/api/v1/{resource}/")

    assert first.status_code == 201, first.content.decode()
    assert told(again) == told(first)
    assert again.json() == first.json()
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Revision.objects.count() == written + 1


def test_a_list_that_is_sent_again_is_answered_as_it_was(editor):
    SectorFactory(code="a", note="")
    body = [{"code": "a", "note": "A note."}, {"name": "示例"}]

    first, again = post(editor, body, "once"), post(editor, body, "once")

    assert first.status_code == 200
    assert told(again) == told(first)
    assert again["Idempotency-Replayed"] == "true"
    assert Sector.objects.count() == 2


def test_a_record_deleted_meanwhile_is_not_made_again(editor):
    first = post(editor, {"name": "示例", "code": "example"}, "once")
    editor.delete("/api/v1/sectors/example/")

    again = post(editor, {"name": "示例", "code": "example"}, "once")

    assert told(again) == told(first)
    assert Sector.objects.count() == 0


def test_without_a_key_each_request_is_another(editor):
    answers = [editor.post(SECTORS, {"name": "示例"}) for _ in range(2)]

    assert [each.json()["code"] for each in answers] == ["shili", "shili-2"]
    assert IdempotentRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (SECTORS, {"name": "另一个"}),
        (SECTORS, {"name": "示例", "note": ""}),
        (SECTORS, [{"name": "示例"}]),
        ("/api/v1/indicators/", {"name": "示例"}),
        (f"{SECTORS}?dry_run=true", {"name": "示例"}),
    ],
)
def test_a_key_belongs_to_one_request(editor, address, body):
    post(editor, {"name": "示例"}, "once")

    response = post(editor, body, "once", address)

    assert response.json() == {
        "type": "about:blank",
        "title": "This Idempotency-Key was given to another request.",
        "status": 409,
        "code": "idempotency_key_reused",
    }
    assert response.status_code == 409
    assert Sector.objects.count() == 1


def test_the_same_body_in_another_order_is_the_same_request(editor):
    first = post(editor, {"name": "示例", "note": ""}, "once")

    assert told(post(editor, {"note": "", "name": "示例"}, "once")) == told(first)


def test_a_key_belongs_to_one_user(editor, publisher):
    of_editor = post(editor, {"name": "示例"}, "once")
    of_publisher = post(publisher, {"name": "另一个"}, "once")

    assert [each.status_code for each in (of_editor, of_publisher)] == [201, 201]
    assert "Idempotency-Replayed" not in of_publisher


def test_a_key_is_kept_for_a_day(editor, publisher):
    body = {"name": "示例"}
    post(editor, body, "once"), post(editor, body, "of-that-day"), post(publisher, body, "once")
    kept = IdempotentRequest.objects

    kept.update(at=timezone.now() - timedelta(hours=23, minutes=59))
    within = post(editor, body, "once")
    kept.update(at=timezone.now() - timedelta(hours=24, minutes=1))
    after = post(editor, body, "once")

    assert within["Idempotency-Replayed"] == "true"
    assert (after.status_code, after.get("Idempotency-Replayed")) == (201, None)
    assert after.json()["code"] == "shili-4"
    assert list(kept.filter(user=editor.user).values_list("key", flat=True)) == ["once"]


@pytest.mark.parametrize(
    ("refused", "status"),
    [({"nam": "示例"}, 400), ([{"name": "示例"}, {}], 400), ({"name": "示例", "code": "a"}, 400)],
)
def test_a_request_that_is_refused_leaves_its_key_free(editor, refused, status):
    SectorFactory(code="a")

    failed = [post(editor, refused, "once") for _ in range(2)]
    passed = post(editor, {"name": "示例"}, "once")

    assert [each.status_code for each in failed] == [status] * 2
    assert failed[0].json() == failed[1].json()
    assert (passed.status_code, passed.get("Idempotency-Replayed")) == (201, None)


def test_a_request_that_may_not_write_is_not_answered_from_what_is_kept(editor):
    post(editor, {"name": "示例"}, "once")

    editor.user.user_permissions.clear()

    assert post(editor, {"name": "示例"}, "once").status_code == 403


def test_what_was_only_tried_leaves_its_key_free(editor):
    tried = [post(editor, {"name": "示例"}, "once", f"{SECTORS}?dry_run=true") for _ in range(2)]
    written = post(editor, {"name": "示例"}, "once")

    assert [each.status_code for each in tried] == [201, 201]
    assert [each.get("Idempotency-Replayed") for each in [*tried, written]] == [None] * 3
    assert written.status_code == 201
    assert Sector.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "键", "a\tb"])
@pytest.mark.parametrize("asked", ["", "?dry_run=true"])
def test_a_malformed_key_is_refused(editor, key, asked):
    sent = key.encode().decode("latin-1")

    assert errors(post(editor, {"name": "示例"}, sent, SECTORS + asked)) == [
        ("Idempotency-Key", "invalid")
    ]
    assert Sector.objects.count() == 0


@pytest.mark.parametrize("key", ["x", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "!~"])
def test_a_key_is_any_ascii_word(editor, key):
    assert post(editor, {"name": "示例"}, key).status_code == 201
    assert post(editor, {"name": "示例"}, key)["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_only_a_post_takes_a_key(editor, method):
    sector = SectorFactory(note="")
    headers = {"idempotency-key": "once"}

    body = None if method == "delete" else {"name": "x"}
    response = getattr(editor, method)(address_of(sector), body, headers=headers)

    assert errors(response) == [("Idempotency-Key", "invalid")]
    assert list(Sector.objects.values_list("pk", "version")) == [(sector.pk, 1)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_writes(editor):
    CitationFactory()  # so that the types of records are known
    start, answers = Barrier(2), []

    def write():
        start.wait(10)
        answers.append(post(editor, {"name": "示例"}, "once"))
        connection.close()

    writers = [Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(20)

    assert told(answers[0]) == told(answers[1])
    replayed = sorted("Idempotency-Replayed" in each for each in answers)
    assert (answers[0].status_code, replayed) == (201, [False, True])
    assert Sector.objects.count() == 1
