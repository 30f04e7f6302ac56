"""Exports: all that a list or an aggregate holds, in one file: ``?format=csv``, ``xlsx`` or ``ndjson``, or ``Accept``.

An export of a list has its rows in its order, with its fields and values; one of an aggregate has all its groups.
Both tell the registry as it was at one moment. An export is sent while it is read, a batch of rows at a time; only a
workbook is written to a temporary file first. ``tables`` and ``workbooks`` say how values stand in cells and are read
back.
"""

from dataclasses import dataclass
from functools import partial

from django.http import FileResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuangta.api.exports import groups
from shuangta.api.exports.rows import documents, sheet_columns
from shuangta.api.pagination import PAGING
from shuangta.api.parameters import TRUTH, Parameter
from shuangta.api.problems import invalid, read_all
from shuangta.query.suggestions import unknown
from shuangta.tabular import csv_writer, ndjson, xlsx_writer

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson; charset=utf-8",
}
FORMATS = ("json", *MEDIA_TYPES)


@dataclass(frozen=True)
class FileFormat:
    """Stands among the renderers of a view for the files of one format, which the view writes itself."""

    format: str
    media_type: str


FILE_FORMATS = [FileFormat(name, kind.partition(";")[0]) for name, kind in MEDIA_TYPES.items()]


def read_format(view):
    """Read in which format the answer is written. Raises ValidationError."""
    read_all(view.refuse_unknown_format, lambda: view.with_bom, view.refuse_paging)


FORMAT = [
    Parameter(
        "format",
        gettext_lazy(
            "How the answer is written, whatever Accept says; other formats than JSON hold all rows."
        ),
        {"type": "string", "enum": list(FORMATS)},
        read_format,
    ),
    Parameter(
        "bom",
        gettext_lazy("Begin the CSV with a byte order mark, which Excel needs for Chinese."),
        TRUTH,
        read_format,
    ),
]


def file_formats(handler):
    """The formats in which a handler of a view writes files."""
    takes_format = {*FORMAT} & {*getattr(handler, "parameters", ())}
    return FILE_FORMATS if takes_format else []


class ExportMixin:
    """``?format=``, ``?bom=`` and the header ``Accept`` of a list and of an aggregate."""

    def get_renderers(self):
        handler = getattr(self, self.action or "", None)
        return [*super().get_renderers(), *file_formats(handler)]

    @property
    def file_format(self):
        """The name of the format that was negotiated."""
        return self.request.accepted_renderer.format

    def refuse_unknown_format(self):
        name = self.parameters.get("format", "json")
        if name not in FORMATS:
            error = unknown(name, FORMATS, _("There is no format “%s”.") % name, "invalid_choice")
            raise invalid("format", error, error.code)

    @cached_property
    def with_bom(self):
        """Whether a CSV begins with a byte order mark."""
        text = self.parameters.get("bom", "false")
        if text not in ("true", "false"):
            raise invalid("bom", _("Say “true” or “false”."), "invalid_boolean")
        if "bom" in self.parameters and self.file_format != "csv":
            raise invalid("bom", _("Only CSV takes a byte order mark."), "conflicting")
        return text == "true"

    def refuse_paging(self):
        """An export has no pages, and a table has no room for related records."""
        if self.file_format == "json":
            return
        pages = {each.name for each in PAGING}
        message = _("An export has no pages.")
        errors = {name: message for name in self.parameters if name in pages}
        if self.file_format != "ndjson" and "expand" in self.parameters:
            errors["expand"] = _("A table tells no related records; NDJSON does.")
        read_all(*(partial(refuse, name, message) for name, message in errors.items()))

    def export(self, rows):
        """The rows as one file."""
        terms = self.paginator.terms
        rows = rows.order_by(*(term.expression(backwards=False) for term in terms))
        if self.file_format == "xlsx":
            xlsx_writer.refuse_too_many(rows)
        columns = sheet_columns(self.get_serializer().fields)
        return self.as_file(columns, documents(self, rows))

    def export_groups(self, aggregation, rows):
        """The groups as one file."""
        if self.file_format == "xlsx" and aggregation.groups:
            xlsx_writer.refuse_too_many(aggregation.group_rows(rows))
        if self.file_format == "ndjson":
            return self.as_file([], groups.documents(aggregation, rows))
        return self.as_file(groups.columns(aggregation, rows), groups.cells(aggregation, rows))

    def as_file(self, columns, batches):
        """A file with these columns, if its format has any, over the documents in the batches."""
        name = self.file_format
        kind = {
            "content_type": MEDIA_TYPES[name],
            "headers": {"Content-Disposition": self.disposition(name)},
        }
        if self.request.method == "HEAD":
            return StreamingHttpResponse((), **kind)
        if name == "xlsx":
            return FileResponse(
                xlsx_writer.write_workbook(self.resource_name(), columns, batches), **kind
            )
        if name == "csv":
            headings = [column.heading for column in columns]
            return StreamingHttpResponse(
                start_response(csv_writer.csv_lines(headings, batches, self.with_bom)), **kind
            )
        return StreamingHttpResponse(start_response(ndjson.ndjson_lines(batches)), **kind)

    def disposition(self, name):
        file_name = f"{self.resource_name()}-{timezone.localdate()}.{name}"
        return f'attachment; filename="{file_name}"'

    def resource_name(self):
        path = self.request.path.removeprefix(reverse("api-root"))
        return path.strip("/").replace("/", "-")


def refuse(parameter, message):
    raise invalid(parameter, message, "conflicting")


def start_response(parts):
    """The parts, the first of which is made now, so that what fails there is answered as any error is."""
    stream = stream_file(parts, _("The export broke off here. Ask for it again."))
    next(stream)
    return stream


def stream_file(parts, notice):
    """The parts; where one fails, words that are no row, lest what was sent be taken for the whole.

    By then the status is on its way, and the server ends the body as if it were complete. An open
    quotation mark is neither JSON nor CSV, so that a program stumbles over the words as well.
    """
    first = next(parts, b"")
    yield b""  # where ``start_response`` stops
    yield first
    try:
        yield from parts
    except Exception:
        yield f'"{notice}'.encode()
        raise
