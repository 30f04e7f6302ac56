"""Writes that cross each other: each meets what the other has left, and none is turned away for it."""

from functools import partial
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.query.resources import address_of
from tests.admin.forms import errors_of, opened
from tests.factories import (
    CitationFactory,
    DistrictFactory,
    PassageFactory,
    ProjectFactory,
    SectorFactory,
)

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time"),
    pytest.mark.django_db(transaction=True),
]

SECTORS = "/api/v1/sectors/"


def at_once(*acts):
    """What each act returns, all of them begun at the same moment."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(position, act):
        barrier.wait(timeout=10)
        try:
            results[position] = act()
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def counts(response):
    assert response.status_code == 200, response.content.decode()
    return [response.json()[name] for name in ("created", "changed", "unchanged")]


def test_of_four_upserts_of_one_new_code_one_creates_and_three_change_nothing(editor):
    SectorFactory(code="known")
    rows = [{"code": "fresh", "name": "示例"}]

    answers = at_once(*[lambda: editor.post(SECTORS, rows)] * 4)

    assert sorted(map(counts, answers)) == [[0, 0, 1], [0, 0, 1], [0, 0, 1], [1, 0, 0]]
    assert Sector.objects.get(code="fresh").version == 1


def test_of_four_who_create_one_code_three_are_told_that_it_exists(editor):
    SectorFactory(code="known")

    answers = at_once(*[lambda: editor.post(SECTORS, {"code": "fresh", "name": "示例"})] * 4)

    assert sorted(each.status_code for each in answers) == [201, 400, 400, 400]
    refused = [each.json()["errors"] for each in answers if each.status_code == 400]
    assert [[(each["field"], each["code"]) for each in errors] for errors in refused] == [
        [("code", "unique")]
    ] * 3


def test_of_four_commands_that_load_one_new_code_one_creates_it(tmp_path):
    SectorFactory(code="known")
    path = tmp_path / "sectors.ndjson"
    path.write_text('{"code": "fresh", "name": "示例"}\n')

    at_once(*[lambda: call_command("load", "sectors", str(path), stdout=StringIO()) or True] * 4)

    assert Sector.objects.get(code="fresh").version == 1


def once_after(marker, act):
    """An execute wrapper that lets another thread act, once, behind the first statement with the marker."""
    waiting = [act]

    def wrap(execute, sql, parameters, many, context):
        result = execute(sql, parameters, many, context)
        if marker in sql and waiting:
            at_once(waiting.pop())
        return result

    return wrap


def test_a_list_meets_a_record_that_came_into_being_since_it_was_looked_up(editor):
    SectorFactory(code="known")
    rows = [{"code": "fresh", "name": "示例"}]
    create = partial(SectorFactory, code="fresh", name="示例")

    with connection.execute_wrapper(once_after('ORDER BY "projects_sector"."sort_key"', create)):
        answer = editor.post(SECTORS, rows)

    assert counts(answer) == [0, 0, 1]
    assert Sector.objects.get(code="fresh").version == 1


def test_a_list_cites_what_was_cited_since_it_was_looked_up(editor):
    cited = CitationFactory.build(about=DistrictFactory(), passage=PassageFactory(), position=1)
    row = {
        "record_type": "districts.district",
        "record": cited.record,
        "field": cited.field,
        "position": 1,
        "passage": cited.passage_id,
        "quote": cited.quote,
        "value": cited.value,
    }

    with connection.execute_wrapper(once_after('FROM "seeds_citation"', cited.save)):
        answer = editor.post("/api/v1/citations/", [row])

    assert counts(answer) == [0, 0, 1]
    assert Citation.objects.count() == 1


def test_lists_that_name_the_same_rows_in_opposite_order_both_succeed(editor):
    codes = [SectorFactory(code=f"sector-{number}").code for number in range(20)]

    def change(order, note):
        return lambda: editor.post(SECTORS, [{"code": code, "note": note} for code in order])

    answers = at_once(change(codes, "a"), change(codes[::-1], "b"), change(codes, "c"))

    assert list(map(counts, answers)) == [[0, 20, 0]] * 3
    assert {each.version for each in Sector.objects.filter(code__in=codes)} == {4}


def test_two_records_that_come_to_name_parts_of_each_other_are_both_saved(editor):
    district = DistrictFactory()
    first, second, third = (ProjectFactory(district=district) for _ in range(3))

    answers = at_once(
        lambda: editor.patch(address_of(first), {"part_of": second.pk}),
        lambda: editor.patch(address_of(second), {"part_of": third.pk}),
        lambda: editor.patch(address_of(third), {"note": "x"}),
    )

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert dict(Project.objects.values_list("pk", "part_of")) == {
        first.pk: second.pk,
        second.pk: third.pk,
        third.pk: None,
    }


def test_of_two_editors_who_save_one_new_code_the_second_is_told_on_the_form():
    editor = User.objects.create_superuser("editor")
    SectorFactory(code="known")
    clients = [Client(headers={"accept-language": "en"}) for _ in range(2)]
    for client in clients:
        client.force_login(editor)
    address = "/admin/projects/sector/add/"
    sent = opened(clients[0], address) | {"code": "fresh", "name": "示例", "_save": "1"}

    answers = at_once(*[lambda client=client: client.post(address, sent) for client in clients])

    assert sorted(each.status_code for each in answers) == [200, 302]
    [refused] = [each for each in answers if each.status_code == 200]
    assert errors_of(refused) == ["Sector with this Code already exists."]
    assert Sector.objects.get(code="fresh").version == 1
