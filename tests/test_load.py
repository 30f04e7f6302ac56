"""``manage.py load``: a file of rows is written as a list body would be, however long it is."""

import io
import json
import sys
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command

from districts.models import IndustrialPark
from projects.models import Project, Sector
from shuangta.api.writes import bulk
from shuangta.history.revision import Revision
from shuangta.query.resources import viewsets
from tests.faces import SHAPES
from tests.factories import DistrictFactory, SectorFactory, make_filled

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
every_shape = pytest.mark.parametrize("resource", SHAPES)


@pytest.fixture
def load(tmp_path):
    """Loads a text as from a file, and returns what is printed, without the folder of the file."""

    def run(resource, content, **options):
        file = tmp_path / "rows"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        out = io.StringIO()
        try:
            call_command("load", resource, str(file), stdout=out, **options)
        except CommandError as error:
            out.write(f"{error}\n")
        return out.getvalue().replace(f"{tmp_path}/", "")

    return run


@every_shape
@pytest.mark.parametrize(
    "options", ["format=csv", "format=csv&bom=true", "format=ndjson", "format=xlsx"]
)
def test_an_export_loaded_again_changes_nothing(publisher, load, resource, options):
    for _ in range(2):
        make_filled(VIEWSETS[resource].queryset.model)
    response = publisher.get(f"/api/v1/{resource}/?{options}")
    rows = VIEWSETS[resource].queryset.count()
    made = Revision.objects.count()

    printed = load(resource, b"".join(response.streaming_content))

    assert printed.splitlines() == [
        f"Passed over, since the registry works it out: {', '.join(worked_out(resource))}.",
        f"Created: 0; changed: 0; unchanged: {rows}.",
    ]
    assert Revision.objects.count() == made


def worked_out(resource):
    fields = VIEWSETS[resource].serializer_class(context={}).fields
    read_only = {name for name, field in fields.items() if field.read_only}
    return sorted(read_only - {"id", "version"})


PLAIN = """code,name,aliases,note
wholesale,批发,"贸易
批發",
retail,零售,,'=1+1
"""
LINES = """{"code": "wholesale", "name": "批发", "aliases": ["贸易", "批發"], "note": ""}

{"code": "retail", "name": "零售", "aliases": [], "note": "=1+1"}
"""


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        f"\ufeff{PLAIN}",
        LINES,
        f"\ufeff{LINES}",
        "[" + LINES.replace("}\n\n{", "},{") + "]",
    ],
    ids=["csv", "csv-crlf", "csv-bom", "ndjson", "ndjson-bom", "json"],
)
def test_a_file_of_any_kind_makes_the_same_records(load, content):
    SectorFactory(code="retail", name="旧", note="old", aliases="商业")

    assert load("sectors", content) == "Created: 1; changed: 1; unchanged: 0.\n"

    rows = Sector.objects.order_by("code").values_list("code", "name", "note", "version")
    assert list(rows) == [("retail", "零售", "=1+1", 2), ("wholesale", "批发", "", 1)]
    aliases = Sector.objects.order_by("code").values_list("aliases", flat=True)
    assert [each.splitlines() for each in aliases] == [[], ["贸易", "批發"]]


def test_standard_input_is_read_where_the_file_is_a_dash(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINES.encode())))

    call_command("load", "sectors", "-", stdout=io.StringIO())

    assert set(Sector.objects.values_list("code", flat=True)) == {"wholesale", "retail"}


def test_cells_are_read_by_the_kind_of_their_field(load):
    DistrictFactory(code="980100"), SectorFactory(code="one"), SectorFactory(code="two")
    table = """code,name,district,kind,sectors,total_investment,started_on,stage,is_published
980100-store,仓库,980100,construction,"one
two",30000000.5,2021-05-01,,false
"""

    assert load("projects", table) == "Created: 1; changed: 0; unchanged: 0.\n"

    project = Project.objects.get()
    assert (project.pk, project.district_id, project.stage) == ("980100-store", "980100", None)
    assert (project.total_investment, project.started_on) == (
        Decimal("30000000.5"),
        date(2021, 5, 1),
    )
    assert set(project.sectors.values_list("code", flat=True)) == {"one", "two"}


def test_each_wrong_row_is_told_by_its_line_and_nothing_is_written(load):
    DistrictFactory(code="980100")
    table = """code,name,district,kind,total_investment,is_published
a,"仓库
一号",980100,construction,1,false
b,,980100,construction,many,false
c,仓库,980199,no-such,007,maybe
d,仓库,980100,construction,-1,
"""

    assert load("projects", table) == (
        "rows:4: name: This field may not be blank.\n"
        "rows:4: total_investment: A valid number is required.\n"
        "rows:5: is_published: Must be a valid boolean.\n"
        "rows:5: district: There is no district “980199”. Did you mean “980100”?\n"
        'rows:5: kind: "no-such" is not a valid choice.\n'
        "rows:5: total_investment: A valid number is required.\n"
        "rows:6: is_published: This field may not be null.\n"
        "Errors: 7. Nothing was written.\n"
    )
    assert Project.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("\n", "The file is empty."),
        (b"%PDF-1.7", "The file is a PDF, whatever its name says. "),
        ("code,nam\n", "The first line names “nam”, which is no field. Did you mean “name”?"),
        ("code,name,code\n", "The first line names “code” twice."),
        ("code,name\na,b\na\n", "Line 3 has 1 cells, the first 2."),
        ('code,name\na,"b\n', "Line 2: unexpected end of data."),
        ('code,name\na,b\na,"b"c\n', "Line 3: ',' expected after '\"'."),
        ('{"code": "a", "name": "b"}\n{"code"\n', "Line 2: The body is not JSON, "),
        ('{"code": "a", "code": "b"}\n', "Line 1: The body names “code” twice."),
        ('[{"code": "a"}', "The list: The body is not JSON, "),
        (b"\xff\xfe\0", "The file is neither in UTF-8 nor, with its byte order mark, in UTF-16."),
        (
            b"code,name\na,\xff\n",
            "The file is neither in UTF-8 nor, with its byte order mark, in UTF-16.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_on_is_refused_as_a_whole(load, content, said):
    assert load("sectors", content).startswith(said)
    assert Sector.objects.count() == 0


def test_a_list_in_json_counts_its_rows_from_one(load):
    printed = load("sectors", '[{"name": "批发"},\n\n{"nam": "零售"}, 5]')

    assert printed == (
        "rows:2: nam: There is no such field. Did you mean “name”?\n"
        "rows:2: name: This field is required.\n"
        "rows:3: A record is an object of fields and their values.\n"
        "Errors: 3. Nothing was written.\n"
    )


def test_a_dry_run_says_what_would_happen_and_writes_nothing(load):
    SectorFactory(code="retail", name="零售")

    printed = load("sectors", LINES, dry_run=True)

    assert printed == (
        "Created: 1; changed: 1; unchanged: 0.\nThis was a dry run: nothing was written.\n"
    )
    assert Sector.objects.get().note == ""
    assert Revision.objects.filter(object_id__in=["retail", "wholesale"]).count() == 1


def test_who_loads_and_why_is_kept_in_the_history(load):
    user = User.objects.create_user("li")
    user.user_permissions.set(Permission.objects.filter(codename="add_sector"))

    load("sectors", '{"code": "named", "name": "批发"}', user="li", reason="From the office")
    load("sectors", '{"code": "nameless", "name": "批发"}')

    kept = Revision.objects.order_by("id").values_list("object_id", "actor", "reason")
    assert list(kept) == [("named", user.pk, "From the office"), ("nameless", None, "")]


def test_a_user_loads_only_what_the_user_may_write(load):
    user = User.objects.create_user("li")
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_sector", "view_sector"]))
    SectorFactory(code="present")

    changed = load("sectors", '{"code": "present", "note": "x"}', user="li")
    published = load("sectors", '{"name": "批发", "is_published": true}', user="li")

    assert changed == "You do not have permission to perform this action.\n"
    assert published == (
        "rows:1: is_published: Publishing and withdrawing needs the permission to publish.\n"
        "Errors: 1. Nothing was written.\n"
    )
    assert Sector.objects.get().note == ""


@pytest.mark.parametrize(
    ("resource", "options", "said"),
    [
        ("sector", {}, "There is no resource “sector”. Did you mean “sectors”?\n"),
        ("sectors", {"user": "nobody"}, "There is no active user “nobody”.\n"),
        ("sectors", {"reason": "a\nb"}, "A reason is one line of up to 500 characters.\n"),
        ("sectors", {"reason": "x" * 501}, "A reason is one line of up to 500 characters.\n"),
    ],
)
def test_what_is_said_wrong_is_named(load, resource, options, said):
    assert load(resource, LINES, **options) == said
    assert Sector.objects.count() == 0


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match=r"The file cannot be read: .*no-such"):
        call_command("load", "sectors", "no-such")


@pytest.mark.parametrize("count", [5, 6])
def test_rows_that_name_each_other_in_a_ring_may_stand_in_several_batches(load, monkeypatch, count):
    monkeypatch.setattr(bulk, "ROWS_AT_ONCE", 2)
    district = DistrictFactory().pk
    parks = [f"park-{number}" for number in range(count)]
    ring = dict(zip(parks, [*parks[1:], parks[0]], strict=True))
    rows = [
        {"code": code, "name": code, "district": district, "partners": [partner]}
        for code, partner in ring.items()
    ]
    lines = "\n".join(json.dumps(row) for row in rows)

    made = load("industrial-parks", lines)
    again = load("industrial-parks", lines)

    assert made == f"Created: {count}; changed: 0; unchanged: 0.\n"
    assert again == f"Created: 0; changed: 0; unchanged: {count}.\n"
    stored = IndustrialPark.objects.prefetch_related("partners")
    assert {each.pk: [one.pk for one in each.partners.all()] for each in stored} == {
        code: [partner] for code, partner in ring.items()
    }
    assert {each.version for each in stored} == {1}


def test_a_file_may_have_more_rows_than_a_request(load, monkeypatch):
    """And two rows about one record are found however far apart they stand."""
    monkeypatch.setattr(bulk, "ROWS_AT_ONCE", 2)
    rows = [{"code": f"s-{number}", "name": "批发"} for number in range(5)]
    lines = "\n".join(json.dumps(row) for row in rows)

    twice = load("sectors", f"{lines}\n{json.dumps(rows[0])}")
    made = load("sectors", lines)

    assert twice == (
        "rows:1: code: Another row is about the same record.\n"
        "rows:6: code: Another row is about the same record.\n"
        "Errors: 2. Nothing was written.\n"
    )
    assert made == "Created: 5; changed: 0; unchanged: 0.\n"


def test_a_text_that_excel_writes_in_utf_16_is_read(load):
    table = "code\tname\r\nretail\t零售\r\n"

    assert load("sectors", table.encode("utf-16")) == "Created: 1; changed: 0; unchanged: 0.\n"
    assert Sector.objects.get(code="retail").name == "零售"


def test_what_is_no_table_is_refused_in_english(load):
    assert load("sectors", b"%PDF-1.7\n") == (
        "The file is a PDF, whatever its name says. Send a workbook (.xlsx) or a table (.csv).\n"
    )
