"""The admin, as editors, publishers and readers use it."""

import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from districts.models import District, Garden, Indicator, Observation, Park, Place, PlaceRole
from governance.models import Initiative, Measure
from projects.models import Participation, Project, Sector
from seeds.models import Article, Citation, Document, Passage
from shuangta.models import Change, entry_models

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-and-plain-password"
CITATIONS = "seeds-citation-record_type-record"
OBSERVATIONS = "districts-observation-subject_type-subject"


def client_of(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def member_of(group):
    call_command("loaddata", "groups", verbosity=0)
    user = User.objects.create_user(group.lower(), password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor():
    return client_of(member_of("Editors"))


@pytest.fixture
def publisher():
    return client_of(member_of("Publishers"))


@pytest.fixture
def district():
    return District.objects.create(code="211302", name="双塔区", level="county")


@pytest.fixture
def project(district):
    return Project.objects.create(
        code="211302-wanda-plaza",
        name="万达广场",
        district=district,
        kind="construction",
        total_investment=30_000_000,
    )


@pytest.fixture
def passage():
    text = "萬達廣場由雙塔區建設，總投資1.2億元。"
    document = Document.objects.create(
        code="page",
        title="Page",
        kind="newspaper_page",
        published_on="2021-09-29",
        rights="Quoted.",
        text=text,
    )
    article = Article.objects.create(code="page-a01", document=document, position=1, kind="feature")
    return Passage.objects.create(
        code="page-p01", article=article, position=1, kind="body", text=text, start=0
    )


def cite(record, field, value, passage, quote):
    return Citation.objects.create(
        cited=record, field=field, value=value, passage=passage, quote=quote
    )


def url(record, page="change", *more):
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[record.pk, *more])


def opened(client, address):
    """What a browser would send if the form at the address were saved as it is."""
    context = client.get(address).context
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.initial_forms]
    return {
        field.html_name: value
        for form in forms
        for field in form
        if (value := sent(field)) not in (None, [])
    }


def sent(field):
    value = field.value()
    if isinstance(value, bool):
        return "on" if value else None
    if isinstance(value, list):
        return [str(getattr(each, "pk", each)) for each in value]
    return None if value is None else str(value)


def with_row(data, prefix, **row):
    """The same with one more row in the table below the record."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return {**data, **row, f"{prefix}-TOTAL_FORMS": number + 1}


def errors_of(response):
    """Everything that the page finds wrong with what was typed."""
    found = response.context["errors"]
    return [error for each in found for error in ([each] if isinstance(each, str) else each)]


def plain_text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_an_administrator_logs_in_and_sees_every_room():
    User.objects.create_superuser("admin", password=PASSWORD)
    client = Client()

    response = client.post(
        reverse("admin:login"),
        {"username": "admin", "password": PASSWORD, "next": reverse("admin:index")},
        follow=True,
    )

    assert response.status_code == 200
    rooms = {app["app_label"] for app in response.context["app_list"]}
    assert {"seeds", "districts", "projects", "governance", "shuangta", "auth"} <= rooms


@pytest.mark.parametrize("model", [*entry_models(), Citation, Change])
def test_every_model_has_a_list(model, editor):
    meta = model._meta

    response = editor.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))

    assert response.status_code == 200


@pytest.mark.parametrize("model", [*entry_models(), Citation])
@pytest.mark.parametrize("page", ["add", "deleted_records"])
def test_every_model_that_is_edited_has_its_pages(model, page, editor):
    meta = model._meta

    response = editor.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}"))

    assert response.status_code == 200


def test_a_search_in_traditional_characters_finds_the_simplified_name(editor, project, district):
    Project.objects.create(name="黑土地", district=district, kind="market")

    response = editor.get(reverse("admin:projects_project_changelist"), {"q": "萬達 廣場"})

    assert list(response.context["cl"].result_list) == [project]


def test_a_choice_of_related_records_is_searched_in_either_script(editor, project):
    response = editor.get(
        reverse("admin:autocomplete"),
        {
            "term": "雙塔",
            "app_label": "projects",
            "model_name": "project",
            "field_name": "district",
        },
    )

    assert response.json()["results"] == [{"id": "211302", "text": "双塔区"}]


def test_names_are_listed_by_pinyin(editor, district):
    for code, name in [("c", "中"), ("a", "啊"), ("b", "双")]:
        Place.objects.create(code=code, name=name, district=district, kind="street")

    response = editor.get(reverse("admin:districts_place_changelist"), {"o": "-1"})

    assert [place.name for place in response.context["cl"].result_list] == ["中", "双", "啊"]


def test_a_list_costs_the_same_queries_for_one_row_and_for_many(editor):
    call_command("loaddata", "seeds", "districts", "projects", "governance", verbosity=0)
    costs = {}
    for model in [*entry_models(), Citation]:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for rows, term in [("one", model.objects.first()), ("many", "a")]:
            editor.get(address, {"q": term.pk if rows == "one" else term})
        
    assert costs == {}


def test_an_amount_is_typed_and_shown_as_worded(editor, project):
    data = opened(editor, url(project))
    assert data["total_investment"] == "3000万元"

    response = editor.post(url(project), {**data, "total_investment": "1.2亿元"})

    assert response.status_code == 302
    project.refresh_from_db()
    assert project.total_investment == Decimal(120_000_000)


@pytest.mark.parametrize("typed", ["超1亿元", "1亿至2亿元", "3平方米", "很多", "-5", "\0"])
def test_what_is_not_one_exact_amount_is_refused_and_stays_in_the_form(typed, editor, project):
    data = opened(editor, url(project))

    response = editor.post(url(project), {**data, "total_investment": typed})

    assert response.status_code == 200
    form = response.context["adminform"].form
    assert list(form.errors) == ["total_investment"]
    assert form["total_investment"].value() == typed
    project.refresh_from_db()
    assert project.version == 1


def test_a_figure_is_typed_in_the_unit_of_its_indicator(editor, project):
    Indicator.objects.create(code="revenue", name="收入", unit="yuan", kind="amount")
    data = with_row(
        opened(editor, url(project)),
        OBSERVATIONS,
        indicator="revenue",
        wording="超百億元",
        low="100亿元",
        low_open="on",
        status="target",
    )

    response = editor.post(url(project), data)

    assert response.status_code == 302
    figure = Observation.objects.get()
    assert (figure.about, figure.low, figure.high, figure.low_open) == (
        project,
        Decimal(10_000_000_000),
        None,
        True,
    )
    assert figure.code == "211302-wanda-plaza-revenue"


def test_saving_without_a_change_makes_no_version(editor, project):
    Project.objects.filter(pk=project.pk).update(note="One line\nand another")
    project.refresh_from_db()

    response = editor.post(url(project), opened(editor, url(project)))

    assert response.status_code == 302
    stored = Project.objects.get()
    assert (stored.version, stored.updated_at) == (project.version, project.updated_at)


def test_lines_as_a_browser_sends_them_keep_their_plain_ends(editor, project):
    data = opened(editor, url(project))

    editor.post(url(project), {**data, "note": "One line\r\nand another"})

    project.refresh_from_db()
    assert project.note == "One line\nand another"


def test_the_second_editor_is_told_and_loses_nothing(editor, publisher, project):
    theirs = opened(editor, url(project))
    editor.post(url(project), {**theirs, "total_investment": "5000万元"})

    response = publisher.post(url(project), {**theirs, "name": "万达"})

    assert response.status_code == 200
    (message,) = errors_of(response)
    assert "editors changed “万达广场”" in message
    assert "Total investment: 3000万元 → 5000万元" in message
    assert response.context["adminform"].form["name"].value() == "万达"
    project.refresh_from_db()
    assert (project.name, project.total_investment) == ("万达广场", Decimal(50_000_000))


def test_saving_again_after_the_warning_replaces_the_other_version(editor, project):
    mine = opened(editor, url(project))
    Project.objects.get().save()
    Project.objects.update(note="Changed meanwhile.")
    warned = editor.post(url(project), {**mine, "note": "Mine."}).context["adminform"].form

    response = editor.post(url(project), {**warned.data.dict()})

    assert response.status_code == 302
    project.refresh_from_db()
    assert (project.note, project.version) == ("Mine.", 3)


def test_a_row_that_somebody_else_changed_is_not_overwritten(editor, project, passage):
    citation = cite(project, "name", "万达广场", passage, "萬達廣場")
    mine = opened(editor, url(project))
    Citation.objects.filter(pk=citation.pk).update(note="Checked.")

    response = editor.post(url(project), mine)

    assert response.status_code == 200
    assert "changed “211302-wanda-plaza.name: 萬達廣場”" in errors_of(response)[0]
    citation.refresh_from_db()
    assert citation.note == "Checked."


def test_rows_without_a_code_are_given_their_own(editor, district):
    park = Park.objects.create(code="211302-central-park", name="中央公园", district=district)
    data = opened(editor, url(park))
    for position in (1, 2):
        data = with_row(data, "gardens", position=position, name="海棠园")

    response = editor.post(url(park), data)

    assert response.status_code == 302
    assert list(Garden.objects.values_list("code", "position")) == [
        ("211302-central-park-haitang-yuan", 1),
        ("211302-central-park-haitang-yuan-2", 2),
    ]


def test_a_record_is_added_with_its_rows_and_its_evidence(editor, district, passage):
    data = opened(editor, reverse("admin:districts_place_add"))
    data |= {"name": "万达广场", "district": "211302", "kind": "square"}
    data = with_row(data, "roles", role="venue")
    data = with_row(data, CITATIONS, field="name", quote="萬達廣場", basis="stated")

    response = editor.post(reverse("admin:districts_place_add"), data)

    assert response.status_code == 302
    place = Place.objects.get()
    assert place.code == "211302-wanda-guangchang"
    assert PlaceRole.objects.get().place == place
    citation = place.citations.get()
    assert (citation.passage, citation.value) == (passage, "万达广场")


def test_an_added_record_without_what_it_belongs_to_is_refused(editor):
    response = editor.post(
        reverse("admin:projects_participation_add"),
        {f"{CITATIONS}-TOTAL_FORMS": 0, f"{CITATIONS}-INITIAL_FORMS": 0, "role": "owner"},
    )

    assert set(response.context["adminform"].form.errors) == {"project", "enterprise"}
    assert not Participation.objects.exists()


def test_two_new_measures_at_one_position_are_refused(editor, district):
    initiative = Initiative.objects.create(name="七办", district=district, kind="reform")
    data = opened(editor, url(initiative))
    for name in ("马上办", "网上办"):
        data = with_row(data, "measures", position=1, kind="step", name=name)

    response = editor.post(url(initiative), data)

    assert response.status_code == 200
    assert errors_of(response) == ["Two rows have the same position."]
    assert not Measure.objects.exists()


def test_a_quote_that_does_not_stand_in_the_passage_is_refused(editor, project, passage):
    data = with_row(
        opened(editor, url(project)),
        CITATIONS,
        field="name",
        quote="万达广场",
        passage=passage.pk,
        basis="stated",
    )

    response = editor.post(url(project), data)

    assert errors_of(response) == ["These words do not stand in the passage."]
    assert not Citation.objects.exists()


def test_one_quote_is_cited_for_several_values_at_once(editor, project, passage):
    response = editor.post(
        url(project, "cite_words"),
        {"values": ["name", "district"], "quote": "萬達廣場由雙塔區建設", "basis": "stated"},
    )

    assert response.status_code == 302
    cited = project.citations.values_list("field", "value", "quote", "passage", "position")
    assert list(cited) == [
        ("district", "211302", "萬達廣場由雙塔區建設", passage.pk, 1),
        ("name", "万达广场", "萬達廣場由雙塔區建設", passage.pk, 1),
    ]


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        ("沒有的話", "No passage holds these words."),
        ("", "A citation quotes a passage; only an outside standard is named without a quote."),
    ],
)
def test_words_that_cannot_be_cited_are_refused(quote, message, editor, project, passage):
    response = editor.post(
        url(project, "cite_words"), {"values": ["name"], "quote": quote, "basis": "stated"}
    )

    assert message in plain_text(response)
    assert not Citation.objects.exists()


def test_the_history_shows_who_changed_what_and_why(editor, project):
    data = opened(editor, url(project))
    editor.post(
        url(project), {**data, "total_investment": "1.2亿元", "reason": "The notice says so."}
    )

    response = editor.get(url(project, "history"))

    latest, first = response.context["rows"]
    assert (latest.change.version, latest.change.actor.username) == (2, "editors")
    assert latest.change.reason == "The notice says so."
    assert [(each.label, each.before, each.after) for each in latest.differences] == [
        ("Total investment", "3000万元", "1.2亿元")
    ]
    assert (first.change.version, first.restorable) == (1, True)
    assert "Total investment 3000万元 → 1.2亿元" in plain_text(response)


def test_the_history_shows_the_evidence_too(editor, project, passage):
    cite(project, "name", "万达广场", passage, "萬達廣場").delete()

    response = editor.get(url(project, "history"))

    rows = [(row.evidence_for, row.change.kind) for row in response.context["rows"]]
    assert rows == [("Name", "deleted"), ("Name", "created"), ("", "created")]


def test_a_version_is_restored_as_a_new_one(editor, project):
    project.sectors.add(Sector.objects.create(code="energy", name="能源"))
    before = Change.objects.filter(record=project.pk).latest("version")
    data = opened(editor, url(project))
    editor.post(url(project), {**data, "name": "别的", "total_investment": "", "sectors": []})

    asked = editor.get(url(project, "restore", before.version))
    response = editor.post(url(project, "restore", before.version))

    assert "Name 别的 → 万达广场" in plain_text(asked)
    assert response.status_code == 302
    restored = Project.objects.get()
    assert (restored.name, restored.total_investment) == ("万达广场", Decimal(30_000_000))
    assert [sector.pk for sector in restored.sectors.all()] == ["energy"]
    assert restored.version == before.version + 2
    latest = Change.objects.filter(record=project.pk).latest("version")
    assert (latest.state, latest.reason) == (
        before.state,
        f"Version {before.version} restored.",
    )


def test_a_version_that_no_longer_passes_is_not_restored(editor, project, district):
    place = Place.objects.create(code="square", name="广场", district=district, kind="square")
    Project.objects.update(place_id="square")
    Project.objects.update(place_id=None)
    place.delete()

    response = editor.post(url(project, "restore", 2))

    assert response.status_code == 200
    assert "square" in plain_text(response)
    assert Project.objects.get().place is None


def test_a_restored_version_follows_a_corrected_code(editor, project, district):
    place = Place.objects.create(code="square", name="广场", district=district, kind="square")
    Project.objects.update(place_id="square")
    Project.objects.update(place_id=None)
    editor.post(url(place, "correct_code"), {"code": "211302-square"})

    editor.post(url(project, "restore", 2))

    assert Project.objects.get().place_id == "211302-square"


def test_a_deleted_record_comes_back_with_the_evidence_that_went_with_it(
    publisher, project, passage
):
    project.sectors.add(Sector.objects.create(code="energy", name="能源"))
    cite(project, "district", "211302", passage, "雙塔區").delete()
    kept = cite(project, "name", "万达广场", passage, "萬達廣場")
    publisher.post(url(project, "delete"), {"post": "yes"})
    assert not Project.objects.exists()
    assert not Citation.objects.exists()
    listed = publisher.get(reverse("admin:projects_project_deleted_records"))

    response = publisher.post(url(project, "restore_deleted"))

    assert "万达广场" in plain_text(listed)
    assert response.status_code == 302
    restored = Project.objects.get()
    assert (restored.name, restored.version) == ("万达广场", project.version + 2)
    assert [sector.pk for sector in restored.sectors.all()] == ["energy"]
    assert [(each.pk, each.quote) for each in restored.citations.all()] == [(kept.pk, "萬達廣場")]


def test_a_published_record_comes_back_published_only_by_a_publisher(editor, publisher, district):
    sector = Sector.objects.create(code="energy", name="能源", is_published=True)
    other = Sector.objects.create(code="wind", name="风电", is_published=True)
    for each in (sector, other):
        publisher.post(url(each, "delete"), {"post": "yes"})

    editor.post(url(sector, "restore_deleted"))
    publisher.post(url(other, "restore_deleted"))

    published = dict(Sector.objects.values_list("code", "is_published"))
    assert published == {"energy": False, "wind": False}


def test_an_editor_can_neither_publish_nor_take_back(editor, project):
    sector = Sector.objects.create(code="energy", name="能源", is_published=True)

    editor.post(url(project), {**opened(editor, url(project)), "is_published": "on"})
    data = opened(editor, url(sector))
    editor.post(url(sector), {**data, "is_published": "", "note": "Edited."})

    assert not Project.objects.get().is_published
    sector.refresh_from_db()
    assert (sector.is_published, sector.note) == (True, "Edited.")


def test_a_publisher_publishes_with_the_sources_cited_in_the_same_form(publisher, passage):
    sector = Sector.objects.create(code="wanda", name="万达")
    data = {**opened(publisher, url(sector)), "is_published": "on"}

    refused = publisher.post(url(sector), data)
    cited = with_row(data, CITATIONS, field="name", quote="萬達", basis="stated")
    response = publisher.post(url(sector), cited)

    assert errors_of(refused) == ["It cannot be published before this value has a source."]
    assert response.status_code == 302
    assert Sector.objects.get().is_published


def test_a_corrected_code_takes_everything_along_and_the_old_one_leads_to_it(
    editor, project, passage
):
    cite(project, "name", "万达广场", passage, "萬達廣場")

    response = editor.post(
        url(project, "correct_code"), {"code": "211302-wanda", "reason": "Shorter."}
    )

    corrected = Project.objects.get()
    assert response.url == url(corrected)
    assert corrected.pk == "211302-wanda"
    assert corrected.citations.count() == 1
    assert editor.get(url(project)).context["original"] == corrected
    assert Change.objects.filter(record="211302-wanda").latest("version").reason == "Shorter."


@pytest.mark.parametrize("code", ["No Code", "history", "211302-other"])
def test_a_code_that_cannot_be_given_is_refused(code, editor, project, district):
    Project.objects.create(code="211302-other", name="其他", district=district, kind="energy")

    response = editor.post(url(project, "correct_code"), {"code": code})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["code"]
    assert Project.objects.filter(pk=project.pk).exists()


@pytest.mark.parametrize(
    ("page", "more"), [("cite_words", ()), ("correct_code", ()), ("restore", (1,))]
)
def test_who_may_only_look_changes_nothing(page, more, project):
    reader = User.objects.create_user("reader", is_staff=True)
    call_command("loaddata", "groups", verbosity=0)
    editors = Group.objects.get(name="Editors")
    reader.user_permissions.set(editors.permissions.filter(codename__startswith="view_"))
    client = client_of(reader)

    assert client.get(url(project)).status_code == 200
    assert client.get(url(project, page, *more)).status_code == 403
    assert client.post(url(project, page, *more)).status_code == 403


def test_who_may_not_add_cannot_bring_back_what_was_deleted(project):
    project.delete()
    client = client_of(User.objects.create_user("reader", is_staff=True))

    assert client.post(url(project, "restore_deleted")).status_code == 403
    assert not Project.objects.exists()


def test_the_groups_know_every_model_and_no_user():
    call_command("loaddata", "groups", verbosity=0)
    every_way = {
        (model._meta.app_label, f"{way}_{model._meta.model_name}")
        for model in [*entry_models(), Citation]
        for way in ("view", "add", "change", "delete")
    }
    books = {("shuangta", "view_change"), ("shuangta", "view_formercode")}

    held = {
        group.name: set(group.permissions.values_list("content_type__app_label", "codename"))
        for group in Group.objects.all()
    }

    assert held == {
        "Editors": every_way | books,
        "Publishers": every_way | books | {("shuangta", "publish")},
    }
