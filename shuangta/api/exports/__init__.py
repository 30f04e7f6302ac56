"""Exports: all that a list holds, in one file: ``?format=csv``, ``xlsx`` or ``ndjson``.

An export has the rows of the list in the list's order, with the list's fields and values, as the registry was
at one moment. It is sent while it is read, a batch of rows at a time; only a workbook is written to
a temporary file first. ``tables`` and ``workbooks`` say how values stand in cells and are read back.
"""

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError

from shuangta.api import paging
from shuangta.api.exports import lines, tables, workbooks
from shuangta.api.exports.rows import documents
from shuangta.api.problems import invalid, unknown

PARAMETERS = ("format", "bom")
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson; charset=utf-8",
}
FORMATS = ("json", *MEDIA_TYPES)


class Exporting:
    """``?format=`` and ``?bom=`` of a list."""

    def wanted_format(self):
        """The format that the request names; JSON, which comes in pages, where it names none."""
        name = self.request.query_params.get("format", "json")
        if name not in FORMATS:
            error = unknown(name, FORMATS, _("There is no format “%s”.") % name, "invalid_choice")
            raise invalid("format", error, error.code)
        if name != "csv" and "bom" in self.request.query_params:
            raise invalid("bom", _("Only CSV takes a byte order mark."), "conflicting")
        return name

    def wants_bom(self):
        text = self.request.query_params.get("bom", "false")
        if text not in ("true", "false"):
            raise invalid("bom", _("Say “true” or “false”."), "invalid_boolean")
        return text == "true"

    def export(self, rows, name):
        """The rows as one file of the format."""
        self.refuse_what_no_file_takes(name)
        terms = self.paginator.ordering(self.request, self)
        rows = rows.order_by(*(term.expression(backwards=False) for term in terms))
        with_bom = self.wants_bom()
        if name == "xlsx":
            workbooks.refuse_too_many(rows)
        kind = {
            "content_type": MEDIA_TYPES[name],
            "headers": {"Content-Disposition": self.disposition(name)},
        }
        if self.request.method == "HEAD":
            return StreamingHttpResponse((), **kind)
        batches = documents(self, rows)
        if name == "xlsx":
            columns = workbooks.columns_of(self.get_serializer().fields)
            file = workbooks.written(self.resource_name(), columns, batches)
            return FileResponse(file, **kind)
        if name == "csv":
            parts = tables.parts(self.shown_fields, batches, with_bom)
            return StreamingHttpResponse(begun(parts), **kind)
        return StreamingHttpResponse(begun(lines.parts(batches)), **kind)

    def refuse_what_no_file_takes(self, name):
        """An export has no pages, and a table has no room for related records."""
        given = self.request.query_params
        errors = {
            parameter: [ErrorDetail(_("An export has no pages."), "conflicting")]
            for parameter in paging.PARAMETERS
            if parameter in given and parameter != "ordering"
        }
        if name != "ndjson" and "expand" in given:
            message = _("A table tells no related records; NDJSON does.")
            errors["expand"] = [ErrorDetail(message, "conflicting")]
        if errors:
            raise ValidationError(errors)

    def disposition(self, name):
        file_name = f"{self.resource_name()}-{timezone.localdate()}.{name}"
        return f'attachment; filename="{file_name}"'

    def resource_name(self):
        return self.request.path.split("/")[-2]


def begun(parts):
    """The parts, the first of which is made now, so that what fails there is answered as any error is."""
    stream = sent(parts, _("The export broke off here. Ask for it again."))
    next(stream)
    return stream


def sent(parts, notice):
    """The parts; where one fails, words that are no row, lest what was sent be taken for the whole.

    By then the status is on its way, and the server ends the body as if it were complete. An open
    quotation mark is neither JSON nor CSV, so that a program stumbles over the words as well.
    """
    first = next(parts, b"")
    yield b""  # where ``begun`` stops
    yield first
    try:
        yield from parts
    except Exception:
        yield f'"{notice}'.encode()
        raise
