"""The feed: what changed, as each reader sees it, and where to go on."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.db.models import F
from django.utils import timezone

from projects.models import Project, Sector
from seeds.models import Citation, Passage
from shuangta.history.models import Restoration
from shuangta.history.revision import Revision
from shuangta.query.resources import address_of
from shuangta.records.rename import rename_record
from tests.factories import (
    CitationFactory,
    EnterpriseFactory,
    PassageFactory,
    ProjectFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db

CHANGES = "/api/v1/changes/"


def page(client, since=None, **asked):
    parameters = asked | ({} if since is None else {"since": since})
    response = client.get(CHANGES, parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def now(client):
    """Where the feed stands."""
    answer = page(client, page_size=1000)
    assert answer["next"] is None
    return answer["since"]


def told(client, since, **asked):
    return [
        (each["kind"], each["resource"], each["code"])
        for each in page(client, since, **asked)["results"]
    ]


def errors(response):
    assert response.status_code == 400, response.content.decode()
    return [(each["field"], each["code"]) for each in response.json()["errors"]]


def publish(row, is_published):
    row.is_published = is_published
    row.save()


def test_a_change_is_told_with_what_it_did_to_which_row(anonymous):
    project = ProjectFactory(code="p", district__code="980001")
    start = now(anonymous)
    project.note = "A note."
    project.save()
    change = Revision.objects.latest("pk")

    answer = page(anonymous, start)

    assert answer == {
        "since": answer["since"],
        "next": None,
        "results": [
            {
                "number": change.pk,
                "at": change.created_at.isoformat().replace("+00:00", "Z"),
                "kind": "changed",
                "type": "projects.project",
                "resource": "projects",
                "code": "p",
                "version": 2,
                "url": "http://testserver/api/v1/projects/p/",
            }
        ],
    }
    assert page(anonymous, answer["since"])["results"] == []


def test_rows_that_come_and_go_are_told_of(anonymous):
    start = now(anonymous)
    project = ProjectFactory(code="p", district__code="980001")
    project.delete()

    assert told(anonymous, start) == [
        ("created", "districts", "980001"),
        ("created", "projects", "p"),
        ("removed", "projects", "p"),
    ]


def test_what_ceases_to_be_public_is_removed_and_what_never_was_is_not_told(anonymous, reader):
    sector = SectorFactory(code="s", is_published=False)
    starts = now(anonymous), now(reader)
    sector.note = "Still a draft."
    sector.save()
    publish(sector, True)
    publish(sector, False)
    sector.note = "A draft again."
    sector.save()
    sector.delete()
    SectorFactory(is_published=False).delete()

    assert told(anonymous, starts[0]) == [("created", "sectors", "s"), ("removed", "sectors", "s")]
    kinds = [kind for kind, _resource, code in told(reader, starts[1]) if code == "s"]
    assert kinds == ["changed"] * 4 + ["removed"]


def test_citations_come_and_go_with_their_record_and_their_passage(anonymous, reader):
    passage = PassageFactory()
    project, other = ProjectFactory(code="p"), ProjectFactory(code="other")
    about, quoting = (
        CitationFactory(about=project),
        CitationFactory(about=other, passage=passage),
    )
    start, start_of_reader = now(anonymous), now(reader)

    publish(project, False)
    publish(passage, False)
    publish(project, True)
    publish(passage, True)

    assert told(anonymous, start) == [
        ("removed", "projects", "p"),
        ("removed", "citations", about.pk),
        ("removed", "passages", passage.pk),
        ("removed", "citations", quoting.pk),
        ("created", "projects", "p"),
        ("created", "citations", about.pk),
        ("created", "passages", passage.pk),
        ("created", "citations", quoting.pk),
    ]
    assert told(reader, start_of_reader, type="citations") == []


def test_a_citation_that_is_gone_by_now_went_with_its_passage_or_record(anonymous):
    first, second, elsewhere = (
        PassageFactory(),
        PassageFactory(),
        PassageFactory(is_published=False),
    )
    project = ProjectFactory()
    deleted, moved = (CitationFactory(about=project, passage=first) for _ in range(2))
    of_record = CitationFactory(about=ProjectFactory(code="withdrawn"), passage=second)
    start = now(anonymous)
    publish(first, False)
    deleted_key = deleted.pk
    deleted.delete()
    moved.passage = elsewhere
    moved.save()
    publish(of_record.cited, False)
    record_key = of_record.pk
    of_record.delete()

    assert told(anonymous, start, type="citations") == [
        ("removed", "citations", deleted_key),
        ("removed", "citations", moved.pk),
        ("removed", "citations", record_key),
    ]


def test_a_change_of_a_citation_is_told_to_who_sees_it(anonymous, reader):
    hidden, shown = CitationFactory(about=ProjectFactory(is_published=False)), CitationFactory()
    start, start_of_reader = now(anonymous), now(reader)
    Citation.objects.update(note="Changed.")

    assert told(anonymous, start) == [("changed", "citations", shown.pk)]
    assert told(reader, start_of_reader) == [
        ("changed", "citations", hidden.pk),
        ("changed", "citations", shown.pk),
    ]


def test_who_lists_a_record_changes_when_it_comes_into_sight_or_goes(anonymous):
    sector = SectorFactory(code="s")
    project, draft = ProjectFactory(code="p"), ProjectFactory(code="draft", is_published=False)
    enterprise = EnterpriseFactory(code="e")
    for each in (project, draft, enterprise):
        each.sectors.set([sector])
    item = CitationFactory(about=project, field="sectors", value="s")
    start = now(anonymous)

    publish(sector, False)
    hidden = page(anonymous, start, expand="record")
    publish(sector, True)
    shown = page(anonymous, hidden["since"], expand="record")

    def summary(answer):
        return [
            (each["kind"], each["code"], each["record"] and each["record"].get("sectors"))
            for each in answer["results"]
        ]

    assert summary(hidden) == [
        ("removed", "s", None),
        ("removed", item.pk, None),
        ("changed", "e", []),
        ("changed", "p", []),
    ]
    assert summary(shown) == [
        ("created", "s", None),
        ("created", item.pk, None),
        ("changed", "e", ["s"]),
        ("changed", "p", ["s"]),
    ]


def test_a_corrected_code_is_removed_and_comes_again_as_another(anonymous):
    project = ProjectFactory(code="before")
    citation = CitationFactory(about=project)
    start = now(anonymous)
    rename_record(project, "after")

    assert told(anonymous, start, type="projects") == [
        ("removed", "projects", "before"),
        ("created", "projects", "after"),
    ]
    assert ("changed", "citations", citation.pk) in told(anonymous, start)


def test_a_record_is_removed_under_the_code_that_readers_knew(anonymous):
    project = ProjectFactory(code="known")
    start = now(anonymous)
    publish(project, False)
    corrected = rename_record(project, "unknown")
    publish(corrected, True)

    assert told(anonymous, start) == [
        ("removed", "projects", "known"),
        ("created", "projects", "unknown"),
    ]


def test_the_record_is_told_on_request_as_it_is_now(anonymous):
    project = ProjectFactory(code="p", note="Old.")
    CitationFactory(about=project)
    start = now(anonymous)
    project.note = "New."
    project.save()
    project.note = "Newest."
    project.save()
    detail = anonymous.get(address_of(project)).json()
    gone = ProjectFactory(district=project.district)
    gone.delete()

    records = [each["record"] for each in page(anonymous, start, expand="record")["results"]]

    stated = {name: value for name, value in detail.items() if name != "stated_on"}
    assert records == [stated, stated, None, None]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_hold_each_entry_once_whatever_their_size(anonymous, size):
    sector = SectorFactory()
    for _ in range(4):
        ProjectFactory().sectors.set([sector])
        SectorFactory(is_published=False)
    publish(sector, False)
    whole = page(anonymous, page_size=1000)

    seen, address = [], f"{CHANGES}?page_size={size}&type=projects,sectors,districts"
    while address:
        response = anonymous.get(address)
        answer = response.json()
        following = f'<{answer["next"]}>; rel="next"'
        assert (following in response["Link"]) == (answer["next"] is not None)
        assert len(answer["results"]) <= size
        seen += answer["results"]
        address = answer["next"]

    assert seen == whole["results"]
    assert len(seen) > 12
    assert page(anonymous, answer["since"])["results"] == []


def test_drafts_without_end_are_passed_over_in_pages(anonymous, monkeypatch):
    monkeypatch.setattr("shuangta.records.feed.CHANGES_AT_ONCE", 3)
    monkeypatch.setattr("shuangta.records.feed.MAX_CHANGES", 6)
    start = now(anonymous)
    for _ in range(10):
        SectorFactory(is_published=False)
    SectorFactory(code="s")

    first = page(anonymous, start)
    second = anonymous.get(first["next"]).json()

    assert first["results"] == []
    assert [each["code"] for each in second["results"]] == ["s"]
    assert second["next"] is None


def test_only_the_types_that_are_asked_for_are_told(anonymous):
    start = now(anonymous)
    SectorFactory(code="s")
    ProjectFactory(code="p", district__code="980001")

    assert told(anonymous, start, type="sectors,districts") == [
        ("created", "sectors", "s"),
        ("created", "districts", "980001"),
    ]


def test_a_moment_says_where_to_begin(anonymous):
    SectorFactory(code="early")
    moment = timezone.now()
    SectorFactory(code="late")

    assert told(anonymous, moment.isoformat()) == [("created", "sectors", "late")]
    assert told(anonymous, timezone.now().isoformat()) == []
    assert len(told(anonymous, "2000-01-01T00:00:00Z")) == 2


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"since": "nonsense"}, ("since", "invalid")),
        ({"since": "2021-05-13"}, ("since", "invalid")),
        ({"since": ""}, ("since", "empty")),
        ({"since": (timezone.now() + timedelta(days=1)).isoformat()}, ("since", "in_future")),
        ({"type": "sector"}, ("type", "invalid_choice")),
        ({"type": "sectors,sectors"}, ("type", "repeated")),
        ({"expand": "evidence"}, ("expand", "unknown_field")),
        ({"page_size": "0"}, ("page_size", "out_of_range")),
        ({"after": "x"}, ("after", "unknown_parameter")),
    ],
)
def test_what_is_malformed_is_refused(anonymous, asked, refused):
    assert errors(anonymous.get(CHANGES, asked)) == [refused]


def is_gone(client, since):
    response = client.get(CHANGES, {"since": since})
    assert (response.status_code == 410) == (response.json().get("code") == "gone")
    return response.status_code == 410


def test_after_a_restore_the_feed_does_not_go_on(anonymous):
    SectorFactory()
    start = now(anonymous)
    assert not is_gone(anonymous, start)

    Restoration.objects.create(at=timezone.now())

    assert is_gone(anonymous, start)
    assert not is_gone(anonymous, now(anonymous))


def test_a_place_in_another_history_is_none(anonymous):
    SectorFactory()
    start = now(anonymous)
    Revision.objects.update(created_at=F("created_at") + timedelta(seconds=1))

    assert is_gone(anonymous, start)


def test_who_sees_more_or_less_than_before_begins_anew(stranger):
    SectorFactory()
    start = now(stranger)
    assert not is_gone(stranger, start)

    stranger.user.user_permissions.add(Permission.objects.get(codename="view_sector"))

    assert is_gone(stranger, start)


def test_an_answer_that_is_held_already_is_not_told_again(anonymous):
    SectorFactory()
    start = now(anonymous)
    held = anonymous.get(CHANGES, {"since": start})

    again = anonymous.get(CHANGES, {"since": start}, headers={"If-None-Match": held["ETag"]})
    SectorFactory()
    after = anonymous.get(CHANGES, {"since": start}, headers={"If-None-Match": held["ETag"]})

    assert (again.status_code, after.status_code) == (304, 200)


def test_the_link_keeps_what_was_asked(anonymous):
    SectorFactory()
    SectorFactory()

    following = page(anonymous, type="sectors", page_size=1, expand="record")["next"]

    query = parse_qs(urlsplit(following).query)
    assert query.pop("since")
    assert query == {"type": ["sectors"], "page_size": ["1"], "expand": ["record"]}


def test_the_feed_costs_the_same_for_any_number_of_changes(
    anonymous, django_assert_max_num_queries
):
    sectors = [SectorFactory() for _ in range(40)]
    for project in [ProjectFactory() for _ in range(40)]:
        project.sectors.set(sectors)
        CitationFactory(about=project)
    Project.objects.update(note="Changed.")
    Sector.objects.update(is_published=False)
    Passage.objects.update(is_published=False)

    with django_assert_max_num_queries(110):
        answer = page(anonymous, page_size=1000, expand="record")

    assert len(answer["results"]) > 400
