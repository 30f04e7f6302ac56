"""The fixtures fill a fresh database, and reset another only on purpose."""

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.core.serializers.base import DeserializationError
from django.db.models import QuerySet

from districts.models import District
from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.history.models import revisioned_models
from shuangta.history.revision import Revision
from shuangta.management.commands.seed import FIXTURES
from shuangta.operations import backups, consistency
from shuangta.search.models import SearchEntry

pytestmark = pytest.mark.django_db
with_backup = pytest.mark.django_db(transaction=True)

SMALL = {
    "groups": """
- model: auth.group
  fields: {name: Readers, permissions: [[view_project, projects, project]]}
""",
    "seeds": """
- model: seeds.document
  pk: page
  fields: {title: 示例, kind: notice, published_on: 2021-05-13, rights: "", text: 总投资3000万元}
""",
    "districts": """
- model: districts.district
  pk: "991302"
  fields: {name: 示例区, level: county}
""",
    "projects": """
- model: projects.sector
  pk: logistics
  fields: {name: 物流}
- model: projects.project
  pk: 991302-warehouse
  fields:
    name: 示例仓库
    district: "991302"
    kind: market
    sectors: [logistics]
    total_investment: 30000000
    note: A warehouse.
- model: seeds.citation
  fields:
    record_type: [projects, project]
    record: 991302-warehouse
    field: kind
    value: market
    basis: reference
    note: GB/T 1
""",
    "governance": """
- model: governance.department
  pk: 991302-education
  fields: {name: 教育局, district: "991302"}
""",
}


@pytest.fixture
def small(settings, tmp_path):
    """A small registry's fixtures, in the place of the real ones: seven rows."""
    settings.STATE_DIR = tmp_path / "var"
    settings.FIXTURE_DIRS = [tmp_path]
    for name, rows in SMALL.items():
        (tmp_path / f"{name}.yaml").write_text(rows)
    return tmp_path


def seed(**options):
    out = io.StringIO()
    call_command("seed", stdout=out, **options)
    return out.getvalue()


def answer(monkeypatch, words):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{words}\n"))


def edit():
    """What an editor may have done since the fixtures were loaded."""
    project = Project.objects.get(pk="991302-warehouse")
    project.total_investment = 31_000_000
    project.note = (
        "A warehouse. It may be the same as the logistics park’s, which nobody confirmed."
    )
    project.save()
    project.sectors.set([Sector.objects.create(code="storage", name="仓储")])
    Citation.objects.get().delete()
    Group.objects.get().permissions.clear()


def content():
    """Every row of the registry, of its history and of the groups."""
    return {
        model._meta.label: list(QuerySet(model).order_by("pk").values())
        for model in backups.backed_up_models().values()
        if model in (Group, Group.permissions.through)
        or model._meta.app_label not in ("contenttypes", "auth")
    }


def backups_in(folder):
    return list((folder / "var" / "backups").glob("*.zip"))


def test_a_fresh_database_is_filled(small):
    out = seed(fresh=True)

    assert out == "The fixtures are loaded.\n"
    project = Project.objects.get()
    assert project.version == 1
    assert "shilicangku" in SearchEntry.objects.of(Project).get().text.splitlines()
    assert list(project.sectors.all()) == [Sector.objects.get(pk="logistics")]
    assert list(Group.objects.get().permissions.all()) == [
        Permission.objects.get(codename="view_project")
    ]
    assert backups_in(small) == []


def test_fresh_loads_nothing_where_there_is_an_entry(small):
    District.objects.create(code="991303", name="别的区", level="county")

    out = seed(fresh=True)

    assert out == "The registry holds entries already; no fixture was loaded.\n"
    assert [district.pk for district in District.objects.all()] == ["991303"]


def test_plain_loaddata_finds_every_row_version_and_change_as_seed_left_it():
    seed()
    seeded = content()

    call_command("loaddata", *FIXTURES, verbosity=0)

    assert content() == seeded
    assert {row["version"] for row in seeded["shuangta.Revision"]} == {1}
    assert len(seeded["shuangta.Revision"]) > 1000


def test_seed_finds_every_row_as_plain_loaddata_left_it(small):
    call_command("loaddata", *FIXTURES, verbosity=0)
    loaded = content()

    out = seed()

    assert out == "Rows to be created: 0; to be changed: 0; as the fixtures say: 7.\n"
    assert backups_in(small) == []
    assert content() == loaded


@with_backup
def test_seed_shows_what_it_would_reset_backs_up_and_asks(small, monkeypatch, capsys):
    seed()
    edit()
    before = content()
    answer(monkeypatch, "no")

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("seed")

    shown, asked = capsys.readouterr().out.rsplit("\n", 1)
    *reset, kept = shown.splitlines()
    assert reset == [
        "~ auth.group Readers",
        "    permissions: + view_project.projects.project",
        "~ projects.project 991302-warehouse",
        "    note: A warehouse. It may be the same as the logistics park’s, wh… → A warehouse.",
        "    total_investment: 31000000.00 → 30000000.00",
        "    sectors: - storage, + logistics",
        "+ seeds.citation projects.project.991302-warehouse.kind.1",
        "Rows to be created: 1; to be changed: 2; as the fixtures say: 4.",
    ]
    assert kept.startswith(str(backups_in(small)[0]))
    assert asked == "Load the fixtures? [yes/no] "
    assert content() == before


@with_backup
def test_seed_resets_what_the_fixtures_name_and_keeps_the_edits_in_the_history(small, monkeypatch):
    seed()
    edit()
    answer(monkeypatch, "yes")

    seed()

    project = Project.objects.get()
    assert (project.total_investment, project.note) == (30_000_000, "A warehouse.")
    assert [sector.pk for sector in project.sectors.all()] == ["logistics"]
    assert project.version > 2
    edited = Revision.objects.get(object_id=project.pk, version=2)
    assert edited.state["total_investment"] == "31000000"
    assert Sector.objects.filter(pk="storage").exists()
    assert len(backups_in(small)) == 1
    assert [finding for model in revisioned_models() for finding in consistency.check(model)] == []


@with_backup
def test_long_texts_are_shown_from_where_they_differ(small):
    story = "What the page says of it can be read in two ways, and its place is"
    fixture = small / "projects.yaml"
    fixture.write_text(fixture.read_text().replace("A warehouse.", f"{story} unknown."))
    seed()
    Project.objects.update(note=f"{story} known.")

    out = seed(ask=False)

    assert "    note: …s, and its place is known. → …s, and its place is unknown.\n" in out


def test_a_failing_fixture_leaves_nothing(small):
    (small / "governance.yaml").write_text(
        SMALL["governance"].replace('district: "991302"', "nothing: 0")
    )

    with pytest.raises(DeserializationError):
        seed()

    assert not any(content().values())


def test_a_failing_fixture_resets_nothing(small):
    seed()
    edit()
    before = content()
    (small / "governance.yaml").write_text(SMALL["governance"].replace('"991302"', '"991309"'))

    with pytest.raises(Exception, match="991309"):
        seed(ask=False)

    assert content() == before
    assert backups_in(small) == []
