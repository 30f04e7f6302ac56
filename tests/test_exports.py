"""Exports: each file tells what the list tells, whole, and can be read back as its format says."""

import csv
import io
import json
import re
import zipfile
from datetime import date
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from rest_framework import serializers

from districts.models import DeclaredCount
from governance.models import Measure
from projects.models import Sector
from shuangta.api import exports
from shuangta.query.resources import viewsets
from shuangta.records.models import Record
from shuangta.tabular import xlsx_writer
from shuangta.tabular.formats import XLSX
from tests.factories import (
    CitationFactory,
    DeclaredCountFactory,
    DistrictFactory,
    DocumentFactory,
    IndustrialParkFactory,
    MeasureFactory,
    ObservationFactory,
    ParkFactory,
    PassageFactory,
    ProjectFactory,
    SectorFactory,
    make,
    make_filled,
)

pytestmark = pytest.mark.django_db

VIEWSETS = viewsets()
ENTRIES = [name for name, each in VIEWSETS.items() if issubclass(each.queryset.model, Record)]
FILES = ["csv", "xlsx", "ndjson"]

every_file = pytest.mark.parametrize("file_format", FILES)


def model_of(resource):
    return VIEWSETS[resource].queryset.model


def listed(client, resource, parameters):
    return client.get(f"/api/v1/{resource}/", parameters).json()["results"]


def exported(client, resource, file_format, parameters):
    """The documents of an export, read back as the module of its format says."""
    response = client.get(f"/api/v1/{resource}/", parameters | {"format": file_format})
    assert response.status_code == 200, response.content.decode()
    body = response.getvalue()
    if file_format == "ndjson":
        return [json.loads(line) for line in body.decode().split("\n")[:-1]]
    fields = VIEWSETS[resource].serializer_class().fields
    read, rows = (
        (value_in_table, table(body)) if file_format == "csv" else (value_in_sheet, sheet(body))
    )
    heading, *rows = rows
    return [
        {name: read(fields[name], cell) for name, cell in zip(heading, row, strict=True)}
        for row in rows
    ]


def table(body):
    return list(csv.reader(io.StringIO(body.decode(), newline="")))


def sheet(body):
    return [list(row) for row in load_workbook(io.BytesIO(body)).active.values]


def value_in_table(field, cell):
    """The value that a cell of CSV stands for."""
    if cell == "":
        return nothing(field)
    match field:
        case serializers.BooleanField():
            return {"true": True, "false": False}[cell]
        case serializers.IntegerField() | serializers.DecimalField():
            return json.loads(cell)
    return listed_or_plain(field, cell.removeprefix("'"))


def value_in_sheet(field, cell):
    """The value that a cell of a workbook stands for."""
    if cell is None:
        return nothing(field)
    if isinstance(cell, str):
        return listed_or_plain(field, unescape(cell))
    return cell.date().isoformat() if isinstance(field, serializers.DateField) else cell


def nothing(field):
    if is_list(field):
        return []
    return None if field.allow_null else ""


def listed_or_plain(field, text):
    return text.split("\n") if is_list(field) else text


def is_list(field):
    return isinstance(field, serializers.ListField | serializers.ManyRelatedField)


@every_file
@pytest.mark.parametrize("resource", VIEWSETS)
def test_every_file_tells_what_the_list_tells(anonymous, resource, file_format):
    make(model_of(resource))
    filled = make_filled(model_of(resource))
    if resource in ENTRIES:
        CitationFactory(about=filled, field="note")

    told = exported(anonymous, resource, file_format, {})

    assert told == listed(anonymous, resource, {})
    assert len(told) >= 2
    assert list(told[0]) == VIEWSETS[resource].serializer_class.Meta.fields


@pytest.mark.parametrize("resource", ENTRIES)
def test_what_a_user_may_not_see_is_in_no_file(anonymous, reader, resource):
    shown = make(model_of(resource))
    hidden = make(model_of(resource), is_published=False)
    both = {"code__in": f"{shown.pk},{hidden.pk}", "fields": "code"}

    def seen_by(client):
        return [
            {row["code"] for row in exported(client, resource, file_format, both)}
            for file_format in FILES
        ]

    assert seen_by(anonymous) == [{shown.pk}] * 3
    assert seen_by(reader) == [{shown.pk, hidden.pk}] * 3


@every_file
def test_a_hidden_relation_is_in_no_list_of_codes(anonymous, file_format):
    shown, hidden = SectorFactory(), SectorFactory(is_published=False)
    ProjectFactory().sectors.set([shown, hidden])

    told = exported(anonymous, "projects", file_format, {"fields": "sectors"})

    assert told == [{"sectors": [shown.pk]}]


@every_file
@pytest.mark.parametrize(
    "parameters",
    [
        {"total_investment__gte": 5},
        {"search": "万达"},
        {"ordering": "-total_investment,name"},
        {"ordering": "started_on"},
        {"fields": "name,code"},
        {"omit": "name,sectors,version"},
        {"stated_on__isnull": "true", "fields": "code,stated_on"},
        {"stage__in": "signed,completed"},
    ],
)
def test_a_file_obeys_what_a_list_obeys(anonymous, file_format, parameters):
    cited = ProjectFactory(name="万达广场", total_investment=5, stage="signed")
    CitationFactory(about=cited, field="note")
    ProjectFactory(name="甲", total_investment=7, started_on=date(2021, 1, 2))
    ProjectFactory(name="安", total_investment=7, started_on=date(2020, 1, 2))
    ProjectFactory(name="乙", started_on=date(2020, 1, 2))

    told = exported(anonymous, "projects", file_format, parameters)

    assert told == listed(anonymous, "projects", parameters)
    assert told


@every_file
def test_all_rows_are_told_in_order_however_many_batches_they_fill(anonymous, file_format):
    Sector.objects.bulk_create(
        Sector(
            code=f"sector-{number}",
            name=f"示例{number % 7}",
            name_en="b" if number % 3 else None,
            is_published=True,
        )
        for number in range(2001)
    )
    parameters = {"ordering": "-name_en,name", "fields": "code,name_en,name"}

    told = exported(anonymous, "sectors", file_format, parameters)

    pages = [anonymous.get("/api/v1/sectors/", parameters | {"page_size": 1000}).json()]
    while pages[-1]["next"]:
        pages.append(anonymous.get(pages[-1]["next"]).json())
    assert told == [row for page in pages for row in page["results"]]
    assert len(told) == 2001


@every_file
@pytest.mark.parametrize("model", [DeclaredCount, Measure])
def test_a_file_of_many_rows_costs_the_queries_of_one(anonymous, model, file_format):
    first, *_others = rows = [make_filled(model) for _ in range(5)]
    resource = "declared-counts" if model is DeclaredCount else "measures"

    def cost(rows):
        parameters = {"code__in": ",".join(row.pk for row in rows)}
        with CaptureQueriesContext(connection) as queries:
            assert len(exported(anonymous, resource, file_format, parameters)) == len(rows)
        return len(queries)

    cost([first])  # the types of records are read once for all requests
    assert cost(rows) == cost([first])


def test_lines_tell_related_records_and_evidence_on_request(anonymous):
    measure = MeasureFactory()
    measure.projects.set([ProjectFactory(), ProjectFactory()])
    CitationFactory(about=measure, field="note")
    parameters = {"expand": "initiative,projects,evidence"}

    told = exported(anonymous, "measures", "ndjson", parameters)

    assert told == listed(anonymous, "measures", parameters)
    assert len(told[0]["projects"]) == 2


def test_the_state_of_a_claim_is_expanded_on_too(anonymous):
    DeclaredCountFactory()
    parameters = {"expand": "observation"}

    told = exported(anonymous, "declared-counts", "ndjson", parameters)

    assert told == listed(anonymous, "declared-counts", parameters)
    assert told[0]["state"] == "partly_registered"


AWKWARD = [
    "=1+1",
    "+86 421",
    "-5 度",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u3000＝1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "'=1+1",
    "'引",
    "''",
    "a=1",
    "<r><t>x</t></r>",
    "<r>&amp;</x>",
    "_x000D_",
    "_xyz_",
    "一行\r\n又一行",
    "\x01\x0b\x1f",
    "\ufffe\uffff",
    "𠮷\u2028“園區”\\",
    "https://example.org/",
    "0123",
    "1e5",
    "TRUE",
    "#N/A",
    '"a", b',
    " a ",
    "2021-05-13",
]


@every_file
def test_any_text_comes_back_as_it_was(anonymous, file_format):
    rows = [PassageFactory(text=text) for text in AWKWARD]

    told = exported(anonymous, "passages", file_format, {"fields": "code,text"})

    texts = {row["code"]: row["text"] for row in told}
    assert [texts[row.code] for row in rows] == AWKWARD


def test_no_text_of_a_table_begins_as_a_formula_does(anonymous):
    for text in AWKWARD:
        PassageFactory(text=text)

    response = anonymous.get("/api/v1/passages/", {"format": "csv", "fields": "text"})

    cells = [row[0] for row in table(response.getvalue())]
    assert not [cell for cell in cells if cell.strip()[0] in "=+-@＝＋－＠"]
    assert "'=1+1" in cells
    assert "''=1+1" in cells
    assert "a=1" in cells


def test_lines_are_divided_by_nothing_but_their_ends(anonymous):
    SectorFactory(note="\u2028\u2029\x85\r\n")

    body = anonymous.get("/api/v1/sectors/", {"format": "ndjson"}).getvalue().decode()

    assert body.count("\n") == 1
    assert not re.search("[\r\u2028\u2029]", body)


def test_numbers_of_a_table_are_no_texts_and_its_lines_end_as_the_standard_says(anonymous):
    ObservationFactory(code="a", low="-0.5", wording='a "b", c')
    ObservationFactory(code="b", low="9999999999999.99", wording="安\n全")
    asked = {"format": "csv", "ordering": "code", "fields": "code,is_published,low,high,wording"}

    body = anonymous.get("/api/v1/observations/", asked).getvalue()

    assert body.decode() == (
        "code,is_published,low,high,wording\r\n"
        'a,true,-0.5,,"a ""b"", c"\r\n'
        'b,true,9999999999999.99,,"安\n全"\r\n'
    )


@every_file
def test_an_empty_list_is_a_file_too(anonymous, file_format):
    parameters = {"fields": "code,note"}

    body = anonymous.get("/api/v1/sectors/", parameters | {"format": file_format}).getvalue()

    match file_format:
        case "csv":
            assert body == b"code,note\r\n"
        case "ndjson":
            assert body == b""
        case "xlsx":
            assert sheet(body) == [["code", "note"]]


def test_a_sheet_holds_numbers_days_and_texts_as_such(anonymous):
    district = DistrictFactory(code="0123")
    park = ParkFactory(
        code="211302",
        district=district,
        area="120000.5",
        opened_on=date(1899, 12, 31),
        opened_on_latest=date(2021, 5, 1),
        note="=1+1",
        aliases="甲\n乙",
    )
    fields = [
        "code", "aliases", "note", "is_published", "created_at",
        "district", "area", "opened_on", "opened_on_latest", "former_use",
    ]  # fmt: skip

    response = anonymous.get("/api/v1/parks/", {"format": "xlsx", "fields": ",".join(fields)})

    page = load_workbook(io.BytesIO(response.getvalue())).active
    heading, cells = page.iter_rows()
    assert page.title == "parks"
    assert page.freeze_panes == "A2"
    assert [cell.value for cell in heading] == fields
    assert all(cell.font.bold for cell in heading)
    assert [(cell.value, cell.data_type) for cell in cells[:4]] == [
        ("211302", "s"),
        ("甲\n乙", "s"),
        ("=1+1", "s"),
        (True, "b"),
    ]
    created_at = park.created_at.isoformat().replace("+00:00", "Z")
    assert [(cell.value, cell.data_type) for cell in cells[4:7]] == [
        (created_at, "s"),
        ("0123", "s"),
        (120_000.5, "n"),
    ]
    opened_on, opened_on_latest, former_use = cells[7:]
    assert (opened_on.value, opened_on.data_type) == ("1899-12-31", "s")
    assert opened_on_latest.is_date
    assert opened_on_latest.value.date() == date(2021, 5, 1)
    assert opened_on_latest.number_format == r"yyyy\-mm\-dd"
    assert former_use.value is None
    assert {cell.number_format for cell in cells if cell.data_type == "s"} == {"@"}


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ")]
)
def test_the_columns_of_a_sheet_are_named_by_letters(number, letters):
    assert xlsx_writer.letters(number) == letters


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("项目[1]: a*b?c/d\\e.csv", "项目_1__ a_b_c_d_e.csv"),
        ("长" * 40, "长" * 31),
        ("𠮷" * 20, "𠮷" * 15),
        ("'quoted'", "quoted"),
        ("x" * 30 + "'s", "x" * 30),
        ("行" * 29 + " ' 表", "行" * 29),
        ("''", "Rows"),
        ("", "Rows"),
        ("A & B <1>", "A & B <1>"),
    ],
)
def test_a_sheet_is_named_as_excel_allows(text, name):
    with translation.override("en"), xlsx_writer.write_workbook(text, [], []) as file:
        assert load_workbook(file).sheetnames == [name]


def test_a_sheet_has_no_formulas_and_no_links(anonymous):
    for text in AWKWARD:
        SectorFactory(note=text)

    body = anonymous.get("/api/v1/sectors/", {"format": "xlsx"}).getvalue()

    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search("<f[ >]|hyperlink", xml)
    assert "\r" not in xml


def test_a_table_has_a_byte_order_mark_on_request(anonymous):
    SectorFactory(code="it", name="信息")
    parameters = {"format": "csv", "fields": "code,name"}
    plain = anonymous.get("/api/v1/sectors/", parameters).getvalue()

    marked = anonymous.get("/api/v1/sectors/", parameters | {"bom": "true"}).getvalue()
    unmarked = anonymous.get("/api/v1/sectors/", parameters | {"bom": "false"}).getvalue()

    assert plain == "code,name\r\nit,信息\r\n".encode()
    assert marked == b"\xef\xbb\xbf" + plain
    assert unmarked == plain


@pytest.mark.parametrize(
    ("file_format", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("ndjson", "application/x-ndjson; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_file_says_what_it_is_also_when_only_that_is_asked(anonymous, file_format, media_type):
    IndustrialParkFactory()

    answers = [
        method("/api/v1/industrial-parks/", {"format": file_format})
        for method in (anonymous.get, anonymous.head)
    ]

    for answer in answers:
        assert answer.status_code == 200
        assert answer["Content-Type"] == media_type
        assert answer["Content-Disposition"] == (
            f'attachment; filename="industrial-parks-{timezone.localdate()}.{file_format}"'
        )
        assert answer["ETag"] == answers[0]["ETag"]
        assert "Accept-Language" in answer["Vary"]
    assert [bool(answer.getvalue()) for answer in answers] == [True, False]


@every_file
def test_a_file_is_not_sent_again_while_nothing_has_changed(anonymous, file_format):
    sector = SectorFactory()
    asked = {"format": file_format}
    first = anonymous.get("/api/v1/sectors/", asked)
    content = first.getvalue()
    known = {"headers": {"if-none-match": first["ETag"]}}

    same = anonymous.get("/api/v1/sectors/", asked, **known)
    sector.note = "Changed."
    sector.save()
    other = anonymous.get("/api/v1/sectors/", asked, **known)

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200
    assert other["ETag"] != first["ETag"]
    assert other.getvalue() != content


def test_json_is_the_list_itself(anonymous):
    SectorFactory()

    assert (
        anonymous.get("/api/v1/sectors/", {"format": "json"}).json()
        == anonymous.get("/api/v1/sectors/").json()
    )


NO_PAGES = "An export has no pages."


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        (
            {"format": "csvx"},
            [("format", "invalid_choice", "There is no format “csvx”. Did you mean “csv”?")],
        ),
        ({"format": ""}, [("format", "empty", "The parameter is empty.")]),
        ({"format": ["csv", "csv"]}, [("format", "repeated", "The parameter is given twice.")]),
        (
            {"format": "csv", "page_size": 5, "count": "none", "after": "x"},
            [
                ("page_size", "conflicting", NO_PAGES),
                ("count", "conflicting", NO_PAGES),
                ("after", "conflicting", NO_PAGES),
            ],
        ),
        ({"format": "xlsx", "before": "x"}, [("before", "conflicting", NO_PAGES)]),
        (
            {"format": "csv", "expand": "parent"},
            [("expand", "conflicting", "A table tells no related records; NDJSON does.")],
        ),
        (
            {"format": "xlsx", "bom": "true"},
            [("bom", "conflicting", "Only CSV takes a byte order mark.")],
        ),
        ({"bom": "true"}, [("bom", "conflicting", "Only CSV takes a byte order mark.")]),
        ({"format": "csv", "bom": "1"}, [("bom", "invalid_boolean", "Say “true” or “false”.")]),
        (
            {"format": "csv", "ordering": "nmae"},
            [
                (
                    "ordering",
                    "unknown_field",
                    "Rows cannot be ordered by “nmae”. Did you mean “name”?",
                )
            ],
        ),
        (
            {"format": "ndjson", "fields": "nmae"},
            [("fields", "unknown_field", "There is no field “nmae” here. Did you mean “name”?")],
        ),
        (
            {"format": "ndjson", "nmae": "a"},
            [("nmae", "unknown_parameter", "There is no such parameter. Did you mean “name”?")],
        ),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(anonymous, parameters, errors):
    response = anonymous.get("/api/v1/sectors/", parameters)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert [tuple(error.values()) for error in response.json()["errors"]] == errors


def test_a_detail_takes_no_format(anonymous):
    sector = SectorFactory()

    response = anonymous.get(f"/api/v1/sectors/{sector.code}/", {"format": "csv"})

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "unknown_parameter"


def test_more_rows_than_a_sheet_has_are_refused(anonymous, monkeypatch):
    monkeypatch.setattr(XLSX, "max_rows", 2)
    SectorFactory(code="a")
    SectorFactory(code="b")
    SectorFactory(is_published=False)

    fitting = exported(anonymous, "sectors", "xlsx", {"fields": "code", "ordering": "code"})
    SectorFactory(code="c")
    response = anonymous.get("/api/v1/sectors/", {"format": "xlsx"})

    assert fitting == [{"code": "a"}, {"code": "b"}]
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "field": "format",
            "code": "too_many_rows",
            "detail": "A sheet holds at most 2 rows. Narrow the list, or take CSV.",
        }
    ]


def test_a_text_that_no_cell_holds_is_refused_and_not_cut(anonymous):
    document = DocumentFactory(text="𠮷" * 16_383 + "a")
    fitting = exported(anonymous, "documents", "xlsx", {"fields": "text"})
    DocumentFactory(text="𠮷" * 16_384)

    response = anonymous.get("/api/v1/documents/", {"format": "xlsx"})

    assert fitting == [{"text": document.text}]
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "field": "format",
            "code": "too_long",
            "detail": "“text” of row 2 is too long for a cell. Leave it out, or take CSV.",
        }
    ]


def test_a_file_that_breaks_off_says_so():
    def breaking():
        yield b'{"code":"a"}\n'
        yield b'{"code":"b"}\n'
        raise ConnectionError

    stream, sent = exports.start_response(breaking()), []
    with pytest.raises(ConnectionError):
        sent.extend(stream)

    *lines, last = b"".join(sent).decode().split("\n")
    assert lines == ['{"code":"a"}', '{"code":"b"}']
    with pytest.raises(json.JSONDecodeError):
        json.loads(last)


def test_what_fails_before_the_first_byte_is_an_error_like_any_other():
    def failing():
        raise ConnectionError
        yield b""

    with pytest.raises(ConnectionError):
        exports.start_response(failing())


def hundreds_of_projects():
    """More projects than a batch, with a sector each."""
    district = DistrictFactory()
    sector = SectorFactory(code="early")
    for number in range(1100):
        ProjectFactory.build(code=f"project-{number:04}", district=district).save()
    last = ProjectFactory._meta.model.objects.get(pk="project-1099")
    last.sectors.set([sector])
    return last


@pytest.mark.django_db(transaction=True)
def test_a_file_shows_the_registry_as_it_was_at_one_moment(anonymous):
    if connection.vendor != "postgresql":
        pytest.skip("The test database of SQLite lives in memory: a writer waits for each reader.")
    last = hundreds_of_projects()

    def write():
        last.sectors.set([SectorFactory(code="late")])
        last.note = "Late."
        last.save()
        connection.close()

    parameters = {"format": "ndjson", "fields": "code,note,sectors", "ordering": "code"}
    parts = iter(anonymous.get("/api/v1/projects/", parameters).streaming_content)
    first = next(parts)
    writer = Thread(target=write)
    writer.start()
    writer.join()
    rows = [json.loads(line) for line in (first + b"".join(parts)).splitlines()]

    assert len(rows) == 1100
    assert rows[-1] == {"code": last.pk, "note": "", "sectors": ["early"]}
    assert listed(anonymous, "projects", {"code": last.pk, "fields": "note,sectors"}) == [
        {"note": "Late.", "sectors": ["late"]}
    ]


@pytest.mark.django_db(transaction=True)
@every_file
def test_an_export_beside_as_many_as_a_process_makes_is_told_when_to_ask_again(
    anonymous, file_format
):
    ProjectFactory()
    under_way = anonymous.get("/api/v1/projects/", {"format": "csv"})

    refused = anonymous.get("/api/v1/projects/", {"format": file_format})
    under_way.close()
    answered = anonymous.get("/api/v1/projects/", {"format": file_format})
    answered.close()

    assert (refused.status_code, refused["Retry-After"]) == (503, "1")
    assert refused.json() == {
        "type": "about:blank",
        "title": "Other exports are under way. Ask for this one again.",
        "status": 503,
        "code": "busy",
    }
    assert answered.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_client_that_leaves_holds_nothing_of_the_database(anonymous):
    for _ in range(3):
        SectorFactory()

    for file_format in ("csv", "ndjson"):
        answer = anonymous.get("/api/v1/sectors/", {"format": file_format})
        held = connection.in_atomic_block
        answer.close()
        assert (held, connection.in_atomic_block) == (True, False)

    SectorFactory()
    assert len(listed(anonymous, "sectors", {})) == 4
