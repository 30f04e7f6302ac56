"""What an editor does with spreadsheets: makes and opens them, and sends them to the admin."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from shuangta.plans.models import ProposedImport
from tests.admin.forms import sent_by


def page(model, name, *args):
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)


def workbook(*rows, name="sheet.xlsx"):
    """An uploaded workbook with these rows of cells."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return uploaded(book, name)


def uploaded(book, name="sheet.xlsx"):
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile(name, content.getvalue())


def pasted(*lines):
    """Cells as a spreadsheet copies them."""
    return "\n".join("\t".join(map(str, line)) for line in lines)


def exported(client, model, file_format, query=""):
    """The file that the list is exported to, ready to be sent again, and its lines of cells."""
    response = client.get(page(model, "export_file", file_format) + query)
    assert response.status_code == 200
    content = response.getvalue()
    if file_format == "xlsx":
        rows = load_workbook(io.BytesIO(content)).active.values
        lines = [[getattr(each, "date", lambda e=each: e)() for each in row] for row in rows]
    else:
        assert content.startswith(b"\xef\xbb\xbf")
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return SimpleUploadedFile(f"list.{file_format}", content), lines


def sent(client, model, file=None, pasted="", reason="", **headers):
    """What the admin answers to a sheet."""
    data = {"file": file} if file else {"pasted": pasted}
    return client.post(page(model, "import_rows"), data | {"reason": reason}, **headers)


def refusals(response):
    """Why a sheet was not taken as a whole."""
    return [str(error) for errors in response.context["form"].errors.values() for error in errors]


def proposed(client, model, file=None, pasted="", reason=""):
    """The import that the admin proposes, the sheet being sound enough for that."""
    response = sent(client, model, file, pasted, reason)
    assert response.status_code == 302, refusals(response)
    return ProposedImport.objects.latest("pk")


def fates(proposal):
    """What becomes of each row, by its number in the sheet."""
    return {row["number"]: row["fate"] for row in sorted(proposal.rows, key=lambda r: r["number"])}


def wrongs(proposal):
    """What is wrong, by the number of the row."""
    return {row["number"]: dict(row["errors"]) for row in proposal.rows if "errors" in row}


def row_of(proposal, number):
    return next(row for row in proposal.rows if row["number"] == number)


def confirm(client, proposal, preview=None, follow=True):
    """Press the button of the preview as it was opened before, or as it is now."""
    address = page(proposal.record_type.model_class(), "import_preview", proposal.pk)
    sent = sent_by(preview or client.get(address))
    return client.post(address, sent | {"confirm": "1"}, follow=follow)
