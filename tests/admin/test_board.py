"""The front page lists what is to be done, and each line leads to where it is mended."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from seeds.models import Citation
from tests.admin.conftest import cite, client_of
from tests.factories import (
    DeclaredCountFactory,
    DepartmentFactory,
    ObservationFactory,
    ParkFactory,
    ProjectFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db

FRONT_PAGE = "/admin/"


def section(client, title):
    """The lines and counts of one section, each as words, detail and address."""
    sections = client.get(FRONT_PAGE).context["sections"]
    [found] = [each for each in sections if each.title == title]
    return [
        [(each.text, each.detail, each.link) for each in lines]
        for lines in (found.lines, found.counts)
    ]


def test_an_empty_registry_has_nothing_to_do(editor):
    sections = editor.get(FRONT_PAGE).context["sections"]

    assert [str(each.title) for each in sections] == [
        "Claims that do not add up",
        "Without a source",
        "Changed since cited",
        "Sources disagree",
        "Imprecise dates",
        "Drafts",
        "My recent edits",
    ]
    assert not any(each.lines or each.counts for each in sections)


def test_who_belongs_to_no_group_is_told_whom_to_ask(editor):
    newcomer = client_of(User.objects.create_user("newcomer", is_staff=True))
    told = "You do not belong to a group yet"

    assert told in newcomer.get(FRONT_PAGE).content.decode()
    assert told not in editor.get(FRONT_PAGE).content.decode()


def test_claims_that_are_not_reached_or_are_exceeded_lead_to_what_is_missing(editor):
    def claim(name, number, sectors, query):
        figure = ObservationFactory(
            indicator__name=name, low=number, high=number, wording=f"{number}个"
        )
        SectorFactory.create_batch(sectors, note=query)
        return DeclaredCountFactory(observation=figure, resource="sectors", query=f"note={query}")

    partly = claim("缺", 20, 1, "a")
    claim("齐", 2, 2, "b")
    exceeded = claim("超", 1, 3, "c")
    sections = editor.get(FRONT_PAGE).context["sections"]

    [found] = [each for each in sections if each.title == "Claims that do not add up"]
    assert [(each.text.split(" · ")[0], each.detail) for each in found.lines] == [
        ("缺", "Partly registered: 1 registered of 20个"),
        ("超", "Exceeded (review): 3 registered of 1个"),
    ]
    assert [each.link for each in found.lines] == [
        f"/admin/districts/declaredcount/{each.pk}/change/" for each in (partly, exceeded)
    ]
    assert found.lines[0].also == (
        ("See the list", "/admin/projects/sector/?note__exact=a"),
        ("Enter one", "/admin/projects/sector/add/?note=a"),
    )


def test_the_list_of_a_claim_holds_what_it_counts_and_a_new_record_counts_too(editor, district):
    office = DepartmentFactory(district=district, in_grid_management=True)
    DepartmentFactory(in_grid_management=True)
    DepartmentFactory(district=district, in_grid_management=False)
    query = f"district={district.pk}&in_grid_management=true"
    figure = ObservationFactory(low=20, high=20, wording="20家")
    DeclaredCountFactory(observation=figure, resource="departments", query=query)

    [found] = [each for each in editor.get(FRONT_PAGE).context["sections"] if each.lines][:1]
    (_see, listed), (_enter, added) = found.lines[0].also

    assert [row.pk for row in editor.get(listed).context["cl"].result_list] == [office.pk]
    form = editor.get(added).context["adminform"].form
    assert [form[name].value() for name in ("district", "in_grid_management")] == ["211302", "true"]


def test_of_many_claims_the_first_are_shown_and_all_that_do_not_add_up_are_counted(editor):
    def claim(code, number):
        figure = ObservationFactory(low=number, high=number, wording=f"{number}个")
        query = f"note={code}"
        return DeclaredCountFactory(code=code, observation=figure, resource="sectors", query=query)

    claims = [claim(f"c-{number:02}", 20) for number in range(13)]
    claim("c-00-reached", 0)

    lines, counts = section(editor, "Claims that do not add up")

    assert [link for _text, _detail, link in lines] == [
        f"/admin/districts/declaredcount/{each.pk}/change/" for each in claims[:12]
    ]
    assert counts == [("Declared counts", "13", "/admin/districts/declaredcount/")]


def test_values_without_words_lead_to_their_record_and_to_the_list_of_all(editor, project):
    assert section(editor, "Without a source") == [
        [
            (
                "万达广场",
                "Project · Total investment、Name",
                f"/admin/projects/project/{project.pk}/change/?cite=1",
            ),
            ("双塔区", "District · Name", "/admin/districts/district/211302/change/?cite=1"),
        ],
        [
            ("Districts", "1", "/admin/districts/district/?evidence=unsourced"),
            ("Projects", "1", "/admin/projects/project/?evidence=unsourced"),
        ],
    ]


def test_what_changed_since_it_was_cited_and_sources_that_disagree_are_listed(
    editor, project, passage
):
    cite(project, "total_investment", "50000000", passage, "總投資1.2億元")
    Citation.objects.create(
        cited=project, field="total_investment", value="60000000", passage=passage,
        quote="總投資1.2億元", position=2,
    )  # fmt: skip
    address = f"/admin/projects/project/{project.pk}/change/?cite=1"

    assert section(editor, "Changed since cited") == [
        [("万达广场", "Project · Total investment", address)],
        [("Projects", "1", "/admin/projects/project/?evidence=changed")],
    ]
    assert section(editor, "Sources disagree") == [
        [("万达广场", "Project · Total investment", address)],
        [("Projects", "1", "/admin/projects/project/?evidence=disagreeing")],
    ]


def test_imprecise_dates_are_counted_and_lead_to_their_list(editor):
    imprecise = ParkFactory(opened_on="2021-05-01", opened_on_latest="2021-05-31")
    ParkFactory(opened_on="2021-05-01")

    _lines, counts = section(editor, "Imprecise dates")

    assert counts == [("Parks", "1", "/admin/districts/park/?dates=imprecise")]
    listed = editor.get(counts[0][2]).context["cl"].result_list
    assert [each.pk for each in listed] == [imprecise.pk]


def test_drafts_are_listed_and_counted(editor):
    SectorFactory(is_published=True)
    draft = SectorFactory(is_published=False, name="能源")

    assert section(editor, "Drafts") == [
        [("能源", "Sector", f"/admin/projects/sector/{draft.pk}/change/")],
        [("Sectors", "1", "/admin/projects/sector/?is_published__exact=0")],
    ]
    listed = editor.get("/admin/projects/sector/?is_published__exact=0").context["cl"].result_list
    assert [each.pk for each in listed] == [draft.pk]


def test_ones_own_edits_are_listed_once_each_and_deleted_records_lead_to_their_restoring(
    editor, publisher, project
):
    def save(client, record, **values):
        address = reverse("admin:projects_sector_change", args=[record.pk])
        version = type(record).objects.get(pk=record.pk).version
        client.post(address, {"name": record.name, "expected_version": version} | EMPTY | values)

    mine, gone, others = SectorFactory(), SectorFactory(name="消失"), SectorFactory()
    save(editor, mine, note="one")
    save(editor, mine, note="two")
    save(publisher, others, note="three")
    editor.post(
        reverse("admin:projects_sector_delete", args=[gone.pk]), {"post": "yes", "reason": "x"}
    )

    lines, _counts = section(editor, "My recent edits")

    assert [(text, link) for text, _detail, link in lines] == [
        (gone.pk, f"/admin/projects/sector/deleted/{gone.pk}/restore/"),
        (mine.name, f"/admin/projects/sector/{mine.pk}/change/"),
    ]
    assert [detail.split(" · ")[:2] for _text, detail, _link in lines] == [
        ["Sector", "Deleted"],
        ["Sector", "Changed"],
    ]


EMPTY = {
    f"{prefix}-{name}": 0
    for prefix in ("seeds-citation-record_type-record",)
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def test_one_sees_what_one_may_view(project):
    visitor = client_of(User.objects.create_user("visitor", is_staff=True))

    sections = visitor.get(FRONT_PAGE).context["sections"]

    assert not any(each.lines or each.counts for each in sections)


def test_the_front_page_asks_the_same_whatever_the_number_of_records(
    editor, django_assert_max_num_queries
):
    def fill():
        for _number in range(8):
            ProjectFactory(is_published=False, filled=True)

    fill()
    editor.get(FRONT_PAGE)
    with django_assert_max_num_queries(100) as few:
        editor.get(FRONT_PAGE)
    fill()
    with django_assert_max_num_queries(len(few)):
        editor.get(FRONT_PAGE)


def test_every_line_leads_to_a_page(editor):
    ProjectFactory(is_published=False, filled=True)
    ParkFactory(opened_on="2021-05-01", opened_on_latest="2021-05-31")
    DeclaredCountFactory()

    sections = editor.get(FRONT_PAGE).context["sections"]
    links = {each.link for found in sections for each in (*found.lines, *found.counts)}

    assert len(links) > 10
    assert {editor.get(link).status_code for link in links} == {200}
