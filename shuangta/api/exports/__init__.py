"""Exports: all that a list or an aggregate holds, in one file: ``?format=csv``, ``xlsx`` or ``ndjson``, or ``Accept``.

An export of a list has its rows in its order, with its fields and values; one of an aggregate has all its groups.
Both tell the registry as it was at one moment. An export is sent while it is read, a batch of rows at a time; only a
workbook is written to a temporary file first. ``tables`` and ``workbooks`` say how values stand in cells and are read
back.
"""

from functools import partial

from django.http import FileResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuangta.api.exports import groups
from shuangta.api.exports.rows import documents, sheet_columns
from shuangta.api.pagination import PAGING
from shuangta.api.parameters import TRUTH, Parameter
from shuangta.api.problems import invalid, read_all
from shuangta.query.suggestions import unknown
from shuangta.tabular.formats import CSV, FORMATS

NAMES = ["json", *(each.format for each in FORMATS)]


def read_format(view):
    """Read in which format the answer is written. Raises ValidationError."""
    read_all(*(partial(read, view) for read in (refuse_unknown_format, with_bom, refuse_paging)))


FORMAT = [
    Parameter(
        "format",
        gettext_lazy(
            "How the answer is written, whatever Accept says; other formats than JSON hold all rows."
        ),
        {"type": "string", "enum": NAMES},
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
    return FORMATS if takes_format else []


def file_format(view):
    """The format of a file that was negotiated; None where the answer is JSON."""
    renderer = view.request.accepted_renderer
    return renderer if renderer in FORMATS else None


def refuse_unknown_format(view):
    name = view.parameters.get("format", "json")
    if name not in NAMES:
        error = unknown(name, NAMES, _("There is no format “%s”.") % name, "invalid_choice")
        raise invalid("format", error, error.code)


def with_bom(view):
    """Whether a CSV begins with a byte order mark."""
    text = view.parameters.get("bom", "false")
    if text not in ("true", "false"):
        raise invalid("bom", _("Say “true” or “false”."), "invalid_boolean")
    if "bom" in view.parameters and file_format(view) is not CSV:
        raise invalid("bom", _("Only CSV takes a byte order mark."), "conflicting")
    return text == "true"


def refuse_paging(view):
    """An export has no pages, and a table has no room for related records."""
    written = file_format(view)
    if written is None:
        return
    pages = {each.name for each in PAGING}
    message = _("An export has no pages.")
    errors = {name: message for name in view.parameters if name in pages}
    if written.is_table and "expand" in view.parameters:
        errors["expand"] = _("A table tells no related records; NDJSON does.")
    read_all(*(partial(refuse, name, message) for name, message in errors.items()))


def refuse(parameter, message):
    raise invalid(parameter, message, "conflicting")


def export_rows(view, rows):
    """The rows of a list as one file."""
    terms = view.paginator.terms
    rows = rows.order_by(*(term.expression(backwards=False) for term in terms))
    file_format(view).refuse_too_many(rows)
    return write_file(view, sheet_columns(view.get_serializer().fields), documents(view, rows))


def export_groups(view, aggregation, rows):
    """The groups of an aggregate as one file."""
    written = file_format(view)
    if aggregation.groups:
        written.refuse_too_many(aggregation.group_rows(rows))
    if not written.is_table:
        return write_file(view, [], groups.documents(aggregation, rows))
    return write_file(view, groups.columns(aggregation, rows), groups.cells(aggregation, rows))


def write_file(view, columns, batches):
    """A file with these columns, if its format has any, over the documents in the batches."""
    written, title = file_format(view), resource_name(view)
    file_name = f"{title}-{timezone.localdate()}.{written.format}"
    kind = {
        "content_type": written.content_type,
        "headers": {"Content-Disposition": f'attachment; filename="{file_name}"'},
    }
    if view.request.method == "HEAD":
        return StreamingHttpResponse((), **kind)
    content = written.write(title, columns, batches, with_bom(view))
    if written.is_streamed:
        return StreamingHttpResponse(start_response(content), **kind)
    return FileResponse(content, **kind)


def resource_name(view):
    path = view.request.path.removeprefix(reverse("api-root"))
    return path.strip("/").replace("/", "-")


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
