"""A backup holds everything, restores all of it or nothing, and moves between the databases."""

import io
import json
import re
import resource
import zipfile
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Thread

import pytest
from axes.models import AccessAttempt, AccessAttemptExpiration
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import QuerySet

from districts.models import DeclaredCount, District, Indicator, IndustrialPark, Observation
from projects.models import Project, Sector
from seeds.models import Citation
from shuangta.history.revision import Revision
from shuangta.operations import backups
from shuangta.operations.backups import Digest
from shuangta.records.codes import FormerCode
from shuangta.search.models import SearchEntry, SearchGram

pytestmark = pytest.mark.django_db(transaction=True)
with_copy = pytest.mark.django_db(transaction=True, databases=["default", "copy"])


@pytest.fixture(autouse=True)
def state_folder(settings, tmp_path):
    settings.STATE_DIR = tmp_path / "var"
    return settings.STATE_DIR


@pytest.fixture
def filled():
    """A small registry with a value in every kind of column, the awkward ones among them."""
    city = District.objects.create(code="9913", name="示例市", level="prefecture")
    district = District.objects.create(
        code="991302", name="示例区", level="county", parent=city, valid_from=date(1949, 10, 1)
    )
    park = IndustrialPark.objects.create(code="991302-park", name="示例园区", district=district)
    partner = IndustrialPark.objects.create(
        code="991302-partner",
        name="𠮷\u2028“園區”\\",
        district=district,
        floor_area=Decimal("9999999999999.99"),
        goal="一行\r\n又一行\t",
    )
    park.partners.add(partner)
    project = Project.objects.create(
        code="991302-warehouse",
        name="示例仓库",
        district=district,
        industrial_park=park,
        kind=Project.Kind.values[0],
        total_investment=Decimal("0.01"),
        is_published=True,
    )
    project.sectors.add(Sector.objects.create(code="logistics", name="物流"))
    project_type = ContentType.objects.get_for_model(Project)
    Citation.objects.create(
        record_type=project_type, record=project.pk, field="kind", basis="reference", note="GB/T 1"
    )
    FormerCode.objects.create(record_type=project_type, code="991302-store", record=project.pk)
    fill_figures(ContentType.objects.get_for_model(District), district)
    fill_accounts(project_type, project)


def fill_figures(district_type, district):
    indicator = Indicator.objects.create(
        code="projects", name="项目", unit="个", kind=Indicator.Kind.values[0]
    )
    observation = Observation.objects.create(
        code="991302-projects",
        indicator=indicator,
        subject_type=district_type,
        subject=district.pk,
        low=100,
        low_open=True,
        wording="100多项",
        status=Observation.Status.values[0],
    )
    DeclaredCount.objects.create(
        code="991302-projects-declared",
        observation=observation,
        resource="projects",
        query="district=991302",
    )


def fill_accounts(project_type, project):
    group = Group.objects.create(name="Editors")
    group.permissions.set(Permission.objects.filter(content_type=project_type))
    editor = User.objects.create_user("editor", "editor@registry.example", "a made-up password")
    editor.groups.add(group)
    LogEntry.objects.create(
        user=editor,
        content_type=project_type,
        object_id=project.pk,
        object_repr="示例仓库",
        action_flag=ADDITION,
    )
    attempt = AccessAttempt.objects.create(
        username="editor", ip_address="2001:db8::7", failures_since_start=2
    )
    AccessAttemptExpiration.objects.create(
        access_attempt=attempt, expires_at=datetime(2026, 11, 23, 4, 0, 0, 120, tzinfo=UTC)
    )


@pytest.fixture(scope="module")
def copy(django_db_setup, django_db_blocker, tmp_path_factory):
    """A second database, freshly migrated: an SQLite file, whatever the first one is."""
    connections.settings["copy"] = connections.settings["default"] | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path_factory.mktemp("copy") / "copy.sqlite3"),
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL", "transaction_mode": "IMMEDIATE"},
    }
    with django_db_blocker.unblock():
        call_command("migrate", database="copy", verbosity=0)
        yield "copy"
        connections["copy"].close()
    del connections["copy"], connections.settings["copy"]


def content(database="default"):
    """Every row of every table that a backup holds."""
    return {
        table: sorted(QuerySet(model, using=database).values(), key=lambda row: str(row[key]))
        for table, model in backups.backed_up_models().items()
        for key in [model._meta.pk.attname]
    }


def backup(path, database="default"):
    call_command("backup", path, database=database, stdout=io.StringIO())
    return path


def restore(path, **options):
    output = io.StringIO()
    call_command("restore", path, stdout=output, **options)
    return output.getvalue()


def rewritten(path, table, change, *, signed):
    """A copy of the backup with the table's lines changed; ``signed`` brings the manifest along."""
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        members = {name: source.read(name) for name in source.namelist()}
        name = backups.member(table)
        members[name] = b"".join(change(members[name].splitlines(keepends=True)))
        if signed:
            manifest = json.loads(members[backups.MANIFEST])
            lines = members[name].splitlines(keepends=True)
            manifest["tables"][table] = Digest(lines).summary()
            members[backups.MANIFEST] = json.dumps(manifest).encode()
        for each, data in members.items():
            target.writestr(each, data)
    return changed


def with_manifest(path, **changes):
    changed = path.with_name(f"with-other-{'-'.join(changes)}.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == backups.MANIFEST:
                data = json.dumps(json.loads(data) | changes).encode()
            target.writestr(name, data)
    return changed


def test_the_rows_of_these_tests_have_a_value_in_every_kind_of_column(filled):
    models = backups.backed_up_models().values()
    kinds = {type(field) for model in models for field in backups.columns(model)}

    with_value = {
        type(field)
        for model in models
        for field in backups.columns(model)
        if QuerySet(model).exclude(**{field.attname: None}).exists()
    }

    assert with_value == kinds


@with_copy
def test_a_backup_restored_elsewhere_holds_the_same_rows(filled, copy, tmp_path):
    before = content()
    path = backup(tmp_path / "first.zip")

    output = restore(path, database=copy)

    assert content(copy) == before
    assert sum(len(rows) for rows in before.values()) > 100
    rows = sum(len(rows) for rows in before.values())
    assert output.startswith(f"Restored {rows:,} rows of {len(before)} tables, as they stood at ")


@with_copy
def test_a_backup_of_the_copy_brings_the_first_database_back(filled, copy, tmp_path):
    before = content()
    restore(backup(tmp_path / "first.zip"), database=copy)
    Project.objects.all().delete()
    User.objects.create_user("stranger")
    after = content()

    output = restore(backup(tmp_path / "second.zip", copy), replace=True, ask=False)

    assert content() == before
    kept = re.search(r"is kept in (.*before-restore-.*\.zip)\.$", output, re.MULTILINE)
    restore(kept[1], replace=True, ask=False)
    assert content() == after


def searched(database="default"):
    """What search knows of every record, and the grams that lead to it."""
    entries = SearchEntry.objects.using(database)
    grams = SearchGram.objects.using(database)
    return (
        sorted(entries.values_list("record", "is_published", "title", "sort_key", "text")),
        sorted(grams.values_list("entry__record", "gram", "rank")),
    )


@with_copy
def test_search_is_in_no_backup_and_made_again_by_a_restore(filled, copy, tmp_path):
    before = searched()
    path = backup(tmp_path / "first.zip")
    restore(path, database=copy)
    Project.objects.update(name="改名")
    SearchEntry.objects.filter(record="991302").delete()

    restore(path, replace=True, ask=False)

    assert searched() == searched(copy) == before
    assert len(before[0]) == 9
    assert not [name for name in zipfile.ZipFile(path).namelist() if "search" in name]


def test_new_rows_get_new_keys_after_a_restore_into_an_empty_database(filled, tmp_path):
    path = backup(tmp_path / "backup.zip")
    call_command("flush", interactive=False, verbosity=0)
    restore(path)
    keys = set(Revision.objects.values_list("pk", flat=True))

    project = Project.objects.get()
    project.note = "changed"
    project.save()

    assert project.version == Revision.objects.latest("pk").version > 1
    assert Revision.objects.latest("pk").pk not in keys


def test_a_restore_makes_no_history_and_no_new_version(filled, tmp_path):
    Project.objects.update(updated_at=datetime(2021, 5, 1, tzinfo=UTC))
    changes = list(Revision.objects.order_by("pk").values())
    project = Project.objects.values().get()

    restore(backup(tmp_path / "backup.zip"), replace=True, ask=False)

    assert list(Revision.objects.order_by("pk").values()) == changes
    assert Project.objects.values().get() == project


def test_after_a_restore_a_mirror_begins_anew(filled, client, tmp_path):
    def read(**asked):
        return client.get("/api/v1/changes/", asked)

    since = read().json()["since"]
    path = backup(tmp_path / "backup.zip")

    before = read(since=since).status_code
    restore(path, replace=True, ask=False)
    after = read(since=since).status_code
    again = read(since=read().json()["since"]).status_code

    assert (before, after, again) == (200, 410, 200)


def test_sessions_are_not_backed_up_and_end_with_a_restore(filled, client, tmp_path):
    client.force_login(User.objects.get(), "django.contrib.auth.backends.ModelBackend")
    assert Session.objects.count() == 1

    path = backup(tmp_path / "backup.zip")
    restore(path, replace=True, ask=False)

    assert Session.objects.count() == 0
    assert "django_session.ndjson" not in zipfile.ZipFile(path).namelist()


@with_copy
def test_a_backup_reads_the_database_as_it_was_at_one_moment(filled, copy):
    # The test database of SQLite lives in memory, where a writer has to wait for every reader.
    database = "default" if connection.vendor == "postgresql" else copy
    users = QuerySet(User, using=database)
    User.objects.using(database).create(username="early")

    def write():
        User.objects.using(database).create(username="late")
        connections[database].close()

    with backups.read_snapshot(connections[database]):
        before = set(users.values_list("username", flat=True))
        writer = Thread(target=write)
        writer.start()
        writer.join()
        meanwhile = set(users.values_list("username", flat=True))
    after = set(users.values_list("username", flat=True))

    assert before == meanwhile == after - {"late"}
    assert "late" in after


def test_a_backup_lies_in_the_state_folder_for_its_owner_only(state_folder):
    output = io.StringIO()

    call_command("backup", stdout=output)

    [path] = (state_folder / "backups").iterdir()
    assert re.fullmatch(r"shuangta-\d{8}T\d{6}Z\.zip", path.name)
    assert path.stat().st_mode & 0o777 == 0o600
    assert output.getvalue().startswith(f"{path}: ")


def test_two_backups_of_one_moment_get_two_names(state_folder):
    call_command("backup", stdout=io.StringIO())
    call_command("backup", stdout=io.StringIO())

    assert len(list((state_folder / "backups").iterdir())) == 2


def test_a_backup_never_overwrites_a_file(tmp_path):
    path = tmp_path / "backup.zip"
    path.write_text("precious")

    with pytest.raises(CommandError, match="exists already"):
        backup(path)

    assert path.read_text() == "precious"
    assert list(tmp_path.glob("*.zip*")) == [path]


@contextmanager
def largest_file(size):
    """No file of this process grows beyond so many bytes meanwhile, as on a disk that is full."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_a_full_disk_is_told_and_no_part_of_a_backup_is_left(filled, tmp_path):
    path = tmp_path / "backup.zip"

    with largest_file(2000), pytest.raises(CommandError) as refused:
        backup(path)

    assert str(refused.value) == (
        f"{path} cannot be written, and no part of it is left: File too large."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_told(filled, tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(CommandError, match=r"cannot be written, .*: File exists\.$"):
        backup(tmp_path / "file" / "backup.zip")


def test_whoever_answers_nothing_replaces_nothing(filled, tmp_path, monkeypatch):
    path = backup(tmp_path / "backup.zip")
    Group.objects.create(name="Others")
    before = content()
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(CommandError, match="Nothing was changed"):
        restore(path, replace=True)

    assert content() == before


def test_a_database_that_is_not_empty_is_not_restored_into_unasked(filled, tmp_path):
    path = backup(tmp_path / "backup.zip")
    Group.objects.create(name="Others")
    before = content()

    with pytest.raises(CommandError, match="not empty"):
        restore(path)

    assert content() == before


def test_whoever_does_not_answer_yes_replaces_nothing(filled, tmp_path, monkeypatch):
    path = backup(tmp_path / "backup.zip")
    Group.objects.create(name="Others")
    before = content()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))

    with pytest.raises(CommandError, match="Nothing was changed"):
        restore(path, replace=True)

    assert content() == before


def without_last_row(lines):
    return lines[:-1]


def with_another_name(lines):
    return [line.replace("示例".encode(), "假的".encode()) for line in lines]


def in_another_order(lines):
    return lines[::-1]


@pytest.mark.parametrize("change", [without_last_row, with_another_name, in_another_order])
def test_a_backup_whose_rows_were_touched_is_refused(filled, tmp_path, change):
    touched = rewritten(backup(tmp_path / "backup.zip"), "districts_district", change, signed=False)
    before = content()

    with pytest.raises(CommandError, match=r"districts_district.ndjson is not as it was written"):
        restore(touched, replace=True, ask=False)

    assert content() == before


def test_a_backup_whose_references_lead_nowhere_is_refused(filled, tmp_path):
    path = backup(tmp_path / "backup.zip")
    dangling = rewritten(path, "districts_district", without_last_row, signed=True)
    before = content()

    with pytest.raises(CommandError, match="The database refuses the backup"):
        restore(dangling, replace=True, ask=False)

    assert content() == before


def test_a_backup_with_values_that_a_column_does_not_keep_is_refused(filled, tmp_path):
    def with_three_decimals(lines):
        return [line.replace(b'"0.01"', b'"0.014"') for line in lines]

    path = backup(tmp_path / "backup.zip")
    inexact = rewritten(path, "projects_project", with_three_decimals, signed=True)
    before = content()

    with pytest.raises(CommandError, match="projects_project did not arrive as they were written"):
        restore(inexact, replace=True, ask=False)

    assert content() == before


def test_a_file_that_is_not_a_whole_backup_is_refused_before_any_question(
    filled, tmp_path, monkeypatch
):
    monkeypatch.delattr("builtins.input")
    whole = backup(tmp_path / "backup.zip")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:-100])
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("letter.txt", "not a backup")
    before = content()

    for path, reason in [
        (cut, "cannot be read"),
        (tmp_path / "missing.zip", "cannot be read"),
        (other, "it has no manifest"),
        (with_manifest(whole, format=2), "has format 2, not 1"),
        (with_manifest(whole, migrations=["later.0001_initial"]), "later.0001_initial"),
        (with_manifest(whole, tables={}), "differ in tables: auth_group, "),
    ]:
        with pytest.raises(CommandError, match=reason):
            restore(path, replace=True)  # and nobody is asked before

    assert content() == before
