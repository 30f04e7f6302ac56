"""Sheets that somebody careless or hostile sends, each made of a few lines: over 300.

``sheets()`` yields the name of each and its bytes; ``small_sheets()`` those that take no time to make, about 240.
``write_sheets("FOLDER")``, called in ``manage.py shell``, makes files of all of them to send to a server.
"""

import io
import random
import struct
import zlib
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

from shuangta.tabular.xlsx_markup import SPREADSHEET, parts_beside_sheet

SHEET = "xl/worksheets/sheet1.xml"
LIMIT = 5 * 1024 * 1024
STRINGS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
HEADING = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
FILLED = HEADING + '<row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c></row>'


def sheet_markup(rows, after="", before=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{SPREADSHEET}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def workbook(sheet, compression=ZIP_DEFLATED, **others):
    """A workbook of this markup; ``others`` replace or add parts, named by words that stand for their paths."""
    paths = {
        "book": "xl/workbook.xml",
        "styles": "xl/styles.xml",
        "strings": "xl/sharedStrings.xml",
        "relations": "xl/_rels/workbook.xml.rels",
        "package": "_rels/.rels",
        "unread": "xl/media/picture.png",
    }
    parts = parts_beside_sheet("Sheet") | {SHEET: sheet}
    if "strings" in others:
        relation = (
            f'<Relationship Id="rId9" Type="{STRINGS}" Target="sharedStrings.xml"/></Relationships>'
        )
        relations = parts[paths["relations"]]
        parts[paths["relations"]] = relations.replace("</Relationships>", relation)
    parts |= {paths[name]: text for name, text in others.items()}
    content = io.BytesIO()
    with ZipFile(content, "w", compression) as archive:
        for path, text in parts.items():
            if text is not None:
                archive.writestr(path, text)
    return content.getvalue()


def of_rows(rows, **kwargs):
    return workbook(sheet_markup(rows, **kwargs))


def shared(strings, rows=None, head="", tail="</sst>"):
    rows = rows or HEADING + '<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    text = f'<?xml version="1.0"?>{head}<sst xmlns="{SPREADSHEET}">{strings}{tail}'
    return workbook(sheet_markup(rows), strings=text)


def cell(content, place="A2", attributes=""):
    """A workbook with one cell below its heading."""
    row = "".join(each for each in place if each.isdigit())
    return of_rows(f'{HEADING}<row r="{row}"><c r="{place}" {attributes}>{content}</c></row>')


def far_and_empty():
    """Cells far away, and formatting without cells."""
    for place in ("XFD1048576", "XFD2", "A1048576", "GS2", "ZZ99999"):
        yield f"bold-{place}", cell("", place, 's="3"')
        yield f"filled-{place}", cell("<v>1</v>", place)
        yield f"blank-{place}", cell("<is><t> </t></is>", place, 't="inlineStr"')
    for count in (99_000, 101_000, 500_000, 2_000_000):
        yield f"rows-{count}", of_rows(FILLED + "<row/>" * count)
        yield f"styled-rows-{count}", of_rows(FILLED + '<row s="1" customFormat="1"/>' * count)
    for count in (150_000, 1_000_000, 3_000_000):
        yield f"cells-{count}", of_rows(f'{FILLED}<row r="3">{"<c/>" * min(count, 16_000)}</row>')
        yield f"cells-in-one-row-{count}", of_rows(f'{FILLED}<row r="3">{"<c/>" * count}</row>')
    styled = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 90_000))
    yield "styled-cells", of_rows(FILLED + styled)
    yield (
        "whole-columns",
        of_rows(FILLED, before='<cols><col min="1" max="16384" style="1"/></cols>'),
    )
    yield (
        "blank-cells",
        of_rows(
            FILLED
            + "".join(
                f'<row r="{n}"><c r="GR{n}" t="inlineStr"><is><t> </t></is></c></row>'
                for n in range(3, 90_000)
            )
        ),
    )


def full_sheets():
    """More rows, columns and cells than an import takes."""
    for rows, columns in (
        (5002, 1),
        (5001, 40),
        (90_000, 2),
        (300, 700),
        (5000, 200),
        (20, 16_384),
    ):
        line = "<c><v>1</v></c>" * columns
        yield f"full-{rows}-by-{columns}", of_rows(f"<row>{line}</row>" * rows)
        if rows * columns < 500_000:
            yield f"table-{rows}-by-{columns}", ("1," * (columns - 1) + "1\n").encode() * rows
    yield "wide-names", of_rows(f"<row>{named(range(190))}</row>" * 3)
    yield "names-twice", of_rows(f"<row>{named([1] * 190)}</row>" * 3)
    yield "long-names", of_rows(f"<row>{''.join(inline(str(n) * 190) for n in range(9))}</row>" * 3)


def inline(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def named(numbers):
    return "".join(inline(f"column {number}") for number in numbers)


def bombs():
    """Little that unpacks to much."""
    for size in (20, 49, 51, 200):
        blank = " " * (size * 1024 * 1024)
        yield f"blanks-{size}", of_rows(FILLED + blank)
        yield f"comment-{size}", of_rows(f"{FILLED}<!--{blank}-->")
        yield f"attribute-{size}", of_rows(f'{FILLED}<row x="{blank}"/>')
        yield f"text-{size}", cell(f"<is><t>{blank}x</t></is>", attributes='t="inlineStr"')
        yield f"strings-{size}", shared(f"<si><t>{blank}</t></si>")
        yield (
            f"styles-{size}",
            workbook(sheet_markup(FILLED), styles=f"<styleSheet>{blank}</styleSheet>"),
        )
        yield f"book-{size}", workbook(sheet_markup(FILLED), book=blank)
        yield f"relations-{size}", workbook(sheet_markup(FILLED), package=blank)
        yield f"beside-{size}", workbook(sheet_markup(FILLED), unread=blank)
    references = "&#10;" * 5_000_000
    yield "references", cell(f"<is><t>{references}</t></is>", attributes='t="inlineStr"')
    yield (
        "sections",
        cell(f"<is><t>{'<![CDATA[x]]>' * 500_000}</t></is>", attributes='t="inlineStr"'),
    )
    yield "instructions", of_rows(FILLED + "<?x y?>" * 3_000_000)
    yield "comments", of_rows(FILLED + "<!---->" * 3_000_000)
    for count in (100_000, 400_000, 1_500_000):
        yield f"many-strings-{count}", shared("<si><t>x</t></si>" * count)
        yield f"empty-strings-{count}", shared("<si/>" * count)
        yield f"runs-{count}", shared(f"<si>{'<r><t>x</t></r>' * count}</si>")
        formats = "".join(f'<numFmt numFmtId="{n}" formatCode="yyyy"/>' for n in range(count))
        styles = f'<styleSheet xmlns="{SPREADSHEET}"><numFmts>{formats}</numFmts></styleSheet>'
        yield f"formats-{count}", workbook(sheet_markup(FILLED), styles=styles)
        styles = (
            f'<styleSheet xmlns="{SPREADSHEET}"><cellXfs>{"<xf/>" * count}</cellXfs></styleSheet>'
        )
        yield f"styles-{count}", workbook(sheet_markup(FILLED), styles=styles)
        yield f"merged-{count}", of_rows(FILLED, after='<mergeCell ref="A1:B2"/>' * count)
        yield f"unknown-{count}", of_rows(FILLED, after="<x/>" * count)
    sheets = "".join(f'<sheet name="{n}" state="hidden" r:id="rId1"/>' for n in range(200_000))
    yield (
        "many-sheets",
        workbook(
            sheet_markup(FILLED),
            book=f'<workbook xmlns="{SPREADSHEET}" xmlns:r="http://x"><sheets>{sheets}</sheets></workbook>',
        ),
    )


def forged_markup():
    """Markup that no spreadsheet writes."""
    lol = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    document_types = {
        "billion-laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}]>',
        "quadratic": f'<!DOCTYPE x [<!ENTITY l9 "{"x" * 100_000}">]>',
        "outside": '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]>',
        "plain": "<!DOCTYPE x>",
    }
    for name, declared in document_types.items():
        body = sheet_markup(HEADING + f'<row r="2">{inline("&l9;" * 1000)}</row>')
        yield f"entity-{name}", workbook(body.replace("?>", "?>" + declared, 1))
        yield f"entity-{name}-in-strings", shared("<si><t>&l9;</t></si>", head=declared)
    for depth in (50, 1000, 1_000_000):
        yield f"deep-{depth}", of_rows(FILLED + "<a>" * depth + "</a>" * depth)
        yield f"deep-string-{depth}", shared("<si>" * depth + "</si>" * depth)
    yield (
        "many-attributes",
        of_rows(FILLED + "<row" + "".join(f' a{n}="1"' for n in range(300_000)) + "/>"),
    )
    yield "many-names", of_rows(FILLED + "".join(f"<n{n}/>" for n in range(300_000)))
    yield "many-namespaces", of_rows(FILLED + "".join(f'<n xmlns="{n}"/>' for n in range(200_000)))


def broken_markup():
    """Markup that is cut off or in an odd encoding."""
    yield "not-closed", workbook(sheet_markup(FILLED)[:-20])
    yield "not-xml", workbook(b"\0\1\2\3" * 1000)
    for encoding in ("hex", "rot13", "idna", "punycode", "utf-7", "gbk", "x", "utf-16"):
        markup = sheet_markup(FILLED).replace("UTF-8", encoding)
        yield f"encoding-{encoding}", workbook(markup)
    yield "utf-16", workbook(sheet_markup(FILLED).replace("UTF-8", "UTF-16").encode("utf-16"))


def forged_places():
    """Rows and cells that say they stand elsewhere than they can."""
    rows = {
        "rows-backwards": '<row r="5"/><row r="2"/>',
        "row-twice": '<row r="2"><c><v>1</v></c></row>' * 2,
        "row-0": '<row r="0"/>',
        "row-negative": '<row r="-5"/>',
        "row-beyond": '<row r="1048577"><c><v>1</v></c></row>',
        "row-huge": f'<row r="{"9" * 5000}"/>',
        "row-word": '<row r="two"/>',
        "row-fullwidth": '<row r="２"><c><v>1</v></c></row>',
        "cell-elsewhere": '<row r="2"><c r="A7"><v>1</v></c></row>',
        "cell-twice": '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        "cells-backwards": '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        "cell-nowhere": '<row r="2"><c r=""><v>1</v></c></row>',
        "cell-beyond": '<row r="2"><c r="ZZZZ2"><v>1</v></c></row>',
        "cell-without-row": '<c r="A2"><v>1</v></c>',
        "cell-in-cell": '<row r="2"><c r="A2"><c r="B2"><v>1</v></c></c></row>',
        "row-in-row": '<row r="2"><row r="3"><c r="A3"><v>1</v></c></row></row>',
    }
    for name, markup in rows.items():
        yield name, of_rows(HEADING + markup)
    for dimension in ("A1:XFD1048576", "A1", "", "B2:A1", "x"):
        yield f"dimension-{dimension}", of_rows(FILLED, before=f'<dimension ref="{dimension}"/>')
    yield (
        "merged",
        of_rows(FILLED, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    )
    yield "merged-nowhere", of_rows(FILLED, after="<mergeCells><mergeCell/></mergeCells>")


def forged_values():
    """Cells that hold what no spreadsheet puts there."""
    numbers = (
        "1e999",
        "-1e999",
        "nan",
        "inf",
        "9" * 4000,
        "9" * 5000,
        "1e-400",
        "0x10",
        "1_000",
        "１",
    )
    for number in (*numbers, "", "-", "1.7976931348623157e308", "--5", "-0"):
        yield f"number-{number[:24]}", cell(f"<v>{number}</v>")
        yield f"day-{number[:24]}", cell(f"<v>{number}</v>", attributes='s="2"')
    for day in ("-1", "0", "0.5", "60", "2958466", "99999999999", "44317.5"):
        yield f"day-{day}", cell(f"<v>{day}</v>", attributes='s="2"')
    for index in ("1", "-1", "99999999999", "x", ""):
        rows = f'{HEADING}<row r="2"><c r="A2" t="s"><v>{index}</v></c></row>'
        yield f"string-{index}", shared("<si><t>甲</t></si>", rows)
        yield f"no-strings-{index}", of_rows(rows)
    for kind in ("b", "e", "d", "str", "inlineStr", "n", "x", ""):
        for value in ("1", "x", "", "_x0000_", "_xD800_", "2021-13-45", "甲" * 40_000):
            yield f"type-{kind}-{value[:12]}", cell(f"<v>{value}</v>", attributes=f't="{kind}"')
    for style in ("99999", "-1", "x", ""):
        yield f"style-{style}", cell("<v>1</v>", attributes=f's="{style}"')
    for formula in ("1+1", "", "x" * 100_000, "_x0000_"):
        yield f"formula-{formula[:8]}", cell(f"<f>{formula}</f><v>2</v>")
    yield "shared-formula", cell('<f t="shared" si="0"/><v>2</v>')
    yield (
        "long-texts",
        of_rows(HEADING + "".join(f"<row>{inline('甲' * 32_767)}</row>" for _row in range(100))),
    )
    yield (
        "long-amounts",
        of_rows(
            f"<row>{inline('name')}{inline('总投资')}</row>"
            + "".join(f"<row>{inline('甲')}{inline('1万5元至' * 8000)}</row>" for _row in range(50))
        ),
    )


def forged_packages():
    """Packages whose parts are missing, elsewhere, or packed in other ways."""
    sheet = sheet_markup(FILLED)
    for name in ("book", "relations", "package", "styles"):
        yield f"without-{name}", workbook(sheet, **{name: None})
        yield f"empty-{name}", workbook(sheet, **{name: ""})
        yield f"other-{name}", workbook(sheet, **{name: "<x/>"})
    for name, method in (("bzip2", ZIP_BZIP2), ("lzma", ZIP_LZMA), ("stored", ZIP_STORED)):
        yield f"packed-{name}", workbook(sheet, method)
    whole = workbook(sheet)
    for part in (1, 4, 30, 100, len(whole) // 2, len(whole) - 1):
        yield f"cut-{part}", whole[:part]
    for seed in range(12):
        chance = random.Random(seed)  # noqa: S311
        broken = bytearray(whole)
        for _flip in range(20):
            broken[chance.randrange(4, len(broken))] ^= 1 << chance.randrange(8)
        yield f"flipped-{seed}", bytes(broken)
    yield "encrypted-entry", whole.replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0")
    yield "size-lie", whole.replace(struct.pack("<I", len(sheet.encode())), struct.pack("<I", 5))
    yield "many-entries", many_entries(60_000)
    yield "empty-zip", b"PK\5\6" + b"\0" * 18
    yield "hidden-sheets", workbook(sheet, book=book('state="hidden" r:id="rId1"'))
    yield "sheet-nowhere", workbook(sheet, book=book('r:id="rId77"'))
    yield "sheet-of-styles", workbook(sheet, book=book('r:id="rId2"'))
    yield (
        "climbing-path",
        workbook(
            sheet,
            package='<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="a" Type="x/officeDocument" Target="../../../../etc/passwd"/></Relationships>',
        ),
    )


def book(attributes):
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{office}">'
        f'<sheets><sheet name="Sheet" {attributes}/></sheets></workbook>'
    )


def many_entries(count):
    """A zip whose directory names one empty entry very often."""
    local = b"PK\3\4" + struct.pack("<5H3I2H", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = b"PK\1\2" + struct.pack("<6H3I5H2I", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"a") * count
    end = struct.pack("<4H2IH", 0, 0, 65_535, 65_535, len(directory), len(local), 0)
    return local + directory + b"PK\5\6" + end


def tables():
    """Tables that are large, odd or none."""
    yield "commas", b"name\n" + b"," * 2_500_000
    yield "commas-first", b"," * 2_500_000 + b"\nname\n"
    yield "commas-and-a-far-cell", b"name\nx" + b"," * 2_500_000 + b"x"
    yield "lines", b"name\nx\n" + b"\n" * 5_000_000
    yield "lines-of-commas", b"name\nx\n" + b",\n" * 2_400_000
    yield "lines-of-blanks", b"name\nx\n" + b" , , , , , ,\n" * 90_000
    yield "returns", b"name\rx\r" + b"\r" * 5_000_000
    yield "one-line", b"x" * 5_000_000
    yield "one-cell", b"name\n" + b"x" * 5_000_000
    yield "one-chinese-cell", b"name\n" + "甲".encode() * 1_700_000
    yield "quotes", b"name\n" + b'"' * 5_000_000
    yield "quote-open", b'name\n"' + b"x,\n" * 1_600_000
    yield "quote-inside", 'name\n"十四五"规划\n'.encode()
    yield "nulls", b"name\n" + b"\0" * 5_000_000
    yield "nulls-in-heading", b"\0" * 5_000_000
    yield "tabs", b"name\tnote\n" + b"\t" * 2_500_000
    yield "apostrophes", b"name\n" + b"'" * 5_000_000
    yield "utf-16", "\ufeffname\tnote\n甲\t乙\n".encode("utf-16-le")
    yield "utf-16-odd", "\ufeffname\n甲\n".encode("utf-16-le")[:-1]
    yield "utf-32", "\ufeffname\n甲\n".encode("utf-32-le")
    yield "gb18030", "名称\n甲\n".encode("gb18030")
    yield "big5", "名稱\n甲\n".encode("big5")
    yield "no-encoding", b"\xff\xff\xff" * 1000
    for separator in (",", ";", "\t", "|", '"', "\\", "x", "", ",,"):
        yield (
            f"sep-{separator}",
            f"sep={separator}\nname{separator}note\n甲{separator}乙\n".encode(),
        )
    yield "long-words", b"name,parent\n" + (b"x," + b"a-" * 50_000 + b"a\n") * 40
    yield "names-of-others", b"name,parent\n" + b"".join(b"x,%d y z\n" % n for n in range(300))
    yield "empty", b""
    yield "blank", b" \n" * 1000
    yield "only-mark", b"\xef\xbb\xbf"


def other_files():
    """Files of other kinds, by whatever name."""
    compound = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 1000
    yield "password", compound + "EncryptedPackage".encode("utf-16-le")
    yield "old-workbook", compound + "Workbook".encode("utf-16-le")
    yield "old-document", compound + "WordDocument".encode("utf-16-le")
    for name in (
        "word/document.xml",
        "ppt/slides.xml",
        "content.xml",
        "Index/Document.iwa",
        "xl/workbook.bin",
        "a",
    ):
        content = io.BytesIO()
        with ZipFile(content, "w") as archive:
            archive.writestr(name, "x")
        yield f"archive-{name.replace('/', '-')}", content.getvalue()
    yield "pdf", b"%PDF-1.7\n"
    yield "picture", b"\x89PNG\r\n\x1a\n"
    yield "web-page", b"<html><table><tr><td>name</td></tr></table></html>"
    yield "old-xml", b'<?xml version="1.0"?><Workbook/>'
    yield "formatted-text", b"{\\rtf1 name}"
    yield "gzip", zlib.compress(b"name\nx\n", wbits=31)
    chance = random.Random(1)  # noqa: S311
    yield "noise", chance.randbytes(1_000_000)


def small_sheets():
    """Those that are odd."""
    for make in (broken_markup, forged_places, forged_values, forged_packages, other_files):
        yield from make()


def large_sheets():
    """Those that hold, or claim to hold, very much."""
    for make in (far_and_empty, full_sheets, bombs, forged_markup, tables):
        yield from make()


def sheets():
    yield from small_sheets()
    yield from (each for each in large_sheets() if len(each[1]) <= LIMIT)


def write_sheets(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, content) in enumerate(sheets()):
        safe = "".join(each if each.isalnum() else "-" for each in name)
        (folder / f"{number:03}-{safe}").write_bytes(content)
