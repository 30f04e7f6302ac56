"""Formats: what kind of file somebody sends, by what it holds; its name may say anything."""

import re
from codecs import BOM_UTF8
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuangta.tabular.sheets import SheetError

ZIP = b"PK\3\4"
ENTRY = b"PK\1\2"
"""How each entry of the directory of a zip begins."""
MAX_ENTRIES = 1000
PIECE = 1024 * 1024
COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")
"""How a compound file begins ([MS-CFB]): old documents of an office, and new ones with a password."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_WORKBOOK = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
"""What the stream is called that holds a workbook with a password, or an old one."""

DAMAGED = gettext_lazy("an archive, or a damaged workbook")
ARCHIVES = [
    ("xl/workbook.bin", gettext_lazy("a binary workbook (.xlsb)")),
    ("word/", gettext_lazy("a Word document")),
    ("ppt/", gettext_lazy("a presentation")),
    ("index/document.iwa", gettext_lazy("a Numbers document")),
    ("index.zip", gettext_lazy("a Numbers document")),
    ("content.xml", gettext_lazy("an OpenDocument file (.ods)")),
]
"""What an archive is, by how the name of one of its entries begins."""
BEGINNINGS = [
    (re.compile(rb"%PDF-"), gettext_lazy("a PDF")),
    (
        re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0{4}|RIFF.{4}WEBP", re.S),
        gettext_lazy("a picture"),
    ),
    (re.compile(rb"\{\\rtf"), gettext_lazy("a formatted text (.rtf)")),
    (re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b|PK\x05\x06"), DAMAGED),
    (
        re.compile(rb"\s*<\?xml|\s*<(!doctype|html|table|meta|head)", re.I),
        gettext_lazy("a web page or XML"),
    ),
]
"""What a file is, by how it begins."""


def is_workbook(file):
    """Whether a binary file is a workbook; else it is a table. Raises SheetError where it is neither."""
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    if head.startswith(ZIP):
        return is_workbook_archive(file)
    if head.startswith(COMPOUND):
        raise flaw_of_compound(file.read())
    for pattern, kind in BEGINNINGS:
        if pattern.match(head.removeprefix(BOM_UTF8)):
            raise other_kind(kind)
    return False


def is_workbook_archive(file):
    refuse_many_entries(file)
    try:
        with ZipFile(file) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (BadZipFile, ValueError, NotImplementedError):
        names = []
    if not any(name.endswith("workbook.xml") for name in names):
        kinds = (kind for start, kind in ARCHIVES if any(n.startswith(start) for n in names))
        raise other_kind(next(kinds, DAMAGED))
    file.seek(0)
    return True


def refuse_many_entries(file):
    """Raise SheetError before a directory is read that is made of very many entries."""
    count, end = 0, b""
    while piece := file.read(PIECE):
        count += (end + piece).count(ENTRY)
        end = piece[1 - len(ENTRY) :]
        if count > MAX_ENTRIES:
            raise other_kind(_("an archive of very many files"))
    file.seek(0)


def flaw_of_compound(content):
    if ENCRYPTED in content:
        message = _(
            "The workbook is protected by a password. Save it without one, and send it again."
        )
        return SheetError(message)
    is_old_workbook = any(name in content for name in OLD_WORKBOOK)
    return other_kind(_("an old workbook (.xls)") if is_old_workbook else _("an old document"))


def other_kind(kind):
    message = _(
        "The file is %s, whatever its name says. Send a workbook (.xlsx) or a table (.csv)."
    )
    return SheetError(message % kind)
