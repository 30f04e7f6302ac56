"""Several server processes on one database: none answers from what another has changed, no write is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from tests.benchmarks.increments import ADDRESS, increment, make_record
from tests.benchmarks.mirror import MAKE_ROWS, ask, hanging_writer, keep_mirror, registry
from tests.servers import server, servers

LIST = "/api/v1/volunteer-teams/"
IN_FULL = f"{ADDRESS}?expand=district"
BY_RELATION = f"{LIST}?district__name={quote('示例区')}"


@pytest.fixture(scope="module")
def serving():
    with servers(2) as both:
        make_record(both[0])
        yield both


@pytest.fixture
def held(serving):
    """What a client holds of the first server, which confirms that it is still true."""
    first, _second = serving
    answers = {path: first.ask("GET", path) for path in (ADDRESS, IN_FULL, LIST, BY_RELATION)}
    for path, answer in answers.items():
        again = first.ask("GET", path, if_none_match=answer.headers["ETag"])
        assert (answer.status, again.status, again.body) == (200, 304, b"")
    return answers


def asked_again(serving, held):
    """What the first server answers one who holds its earlier answers."""
    return {
        path: serving[0].ask("GET", path, if_none_match=answer.headers["ETag"])
        for path, answer in held.items()
    }


@pytest.mark.parametrize(
    ("length", "status", "has_body"), [(65_534, 400, True), (65_535, 414, False)]
)
def test_an_address_that_is_too_long_is_refused_without_a_body(serving, length, status, has_body):
    address = f"{LIST}?note=".ljust(length, "x")

    answer = serving[0].ask("GET", address)

    assert (answer.status, bool(answer.body)) == (status, has_body)


def test_what_another_process_changes_is_told_at_once(serving, held):
    _first, second = serving

    changed = second.ask("PATCH", ADDRESS, {"note": "Changed by another process."})

    again = asked_again(serving, held)
    assert [each.status for each in again.values()] == [200] * 4
    assert again[ADDRESS].json() == changed.json()
    assert again[LIST].json()["results"] == [changed.json()]
    assert again[BY_RELATION].json()["results"] == [changed.json()]


def test_a_related_row_that_another_process_renames_is_told_at_once(serving, held):
    _first, second = serving
    district = "/api/v1/districts/980001/"

    renamed = second.ask("PATCH", district, {"name": "另一区"})

    again = asked_again(serving, held)
    second.ask("PATCH", district, {"name": "示例区"})
    assert (renamed.status, [each.status for each in again.values()]) == (200, [200] * 4)
    assert again[IN_FULL].json()["district"] == renamed.json()
    assert (again[BY_RELATION].json()["count"], again[LIST].json()["count"]) == (0, 1)


def test_what_a_command_changes_is_told_at_once(serving, held):
    serving[1].shell(
        "from governance.models import VolunteerTeam\n"
        "VolunteerTeam.objects.update(note='Changed by a command.')"
    )

    again = asked_again(serving, held)

    assert [each.status for each in again.values()] == [200] * 4
    assert again[ADDRESS].json()["note"] == "Changed by a command."


def test_what_another_process_creates_and_deletes_is_told_at_once(serving, held):
    _first, second = serving

    created = second.ask("POST", LIST, {"name": "另一队", "district": "980001", "code": "other"})
    with_it = asked_again(serving, held)
    of_it = {path: serving[0].ask("GET", path) for path in (f"{LIST}other/", LIST)}
    deleted = second.ask("DELETE", f"{LIST}other/")
    without = asked_again(serving, of_it)

    assert (created.status, deleted.status) == (201, 204)
    assert (with_it[LIST].status, with_it[LIST].json()["count"]) == (200, 2)
    assert [each.status for each in without.values()] == [404, 200]
    assert without[LIST].json()["count"] == 1


def test_sixteen_clients_of_two_processes_lose_no_increment(serving):
    first, second = serving
    before = first.ask("GET", ADDRESS).json()

    statuses = increment(serving, clients=16, seconds=3)

    after = [each.ask("GET", ADDRESS).json() for each in (first, second)]
    made = statuses[200]
    assert made > 0
    assert set(statuses) <= {200, 412, 503}
    assert after[0] == after[1]
    assert after[0]["member_count"] - before["member_count"] == made
    assert after[0]["version"] - before["version"] == made


def test_a_mirror_that_follows_the_feed_equals_the_registry(serving):
    serving[0].shell(MAKE_ROWS)

    mirror, statuses = keep_mirror(serving, clients=8, seconds=3)

    assert sum(times for status, times in statuses.items() if status.endswith((" 200", " 201")))
    assert not [status for status in statuses if status.endswith(" 500")]
    assert mirror.rows == registry(serving[0])
    assert len(mirror.rows) > 30


def test_a_hanging_writer_delays_the_feed_and_loses_nothing(serving):
    first, second = serving
    if not first.environment["DATABASE_URL"].startswith("postgres"):
        pytest.skip("SQLite lets one write at a time.")

    def told(since):
        page = ask(first, f"/api/v1/changes/?since={since}")
        return [each["code"] for each in page["results"]], page["since"]

    _codes, start = told(quote(datetime.now(UTC).isoformat()))
    with hanging_writer(first, "hanging"):
        body = {
            "code": "later",
            "name": "示例",
            "unit": "person",
            "kind": "count",
            "is_published": True,
        }
        assert second.ask("POST", "/api/v1/indicators/", body).status == 201
        meanwhile, place = told(start)
    afterwards, _place = told(place)

    assert (meanwhile, afterwards) == ([], ["hanging", "later"])


def test_a_request_that_reaches_both_processes_writes_once(serving):
    body = {"name": "示例", "code": "once"}

    def send(each):
        return each.ask("POST", "/api/v1/sectors/", body, idempotency_key="once")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, serving))

    assert [each.status for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    replayed = [each.headers["Idempotency-Replayed"] for each in answers]
    assert sorted(replayed, key=str) == [None, "true"]
    made = serving[0].ask("GET", f"/api/v1/sectors/?name={quote(body['name'])}").json()
    assert made["count"] == 1


def test_a_reason_in_chinese_is_kept_as_meant_or_refused(serving):
    first, _second = serving
    reason = "更正：据　2021年统计"

    raw = first.ask(
        "PATCH", ADDRESS, {"note": "Raw."}, x_change_reason=reason.encode().decode("latin-1")
    )
    encoded = first.ask("PATCH", ADDRESS, {"note": "Encoded."}, x_change_reason=quote(reason))

    kept = first.shell(
        "from shuangta.models import Revision\n"
        "print(ascii(list(Revision.objects.order_by('-id').values_list('reason', flat=True)[:2])))"
    )
    assert (raw.status, encoded.status) == (400, 200)
    assert kept == ascii([reason, ""])


def test_a_server_is_stopped_whatever_happens(serving):
    first, _second = serving

    with (
        pytest.raises(ZeroDivisionError),
        server(first.environment, first.key) as third,
    ):
        raise ZeroDivisionError

    with pytest.raises(ConnectionRefusedError):
        third.ask("GET", "/readyz")
