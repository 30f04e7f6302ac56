"""The formats of files that hold rows, one list for the API, the admin and the OpenAPI document."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuangta.tabular import csv_writer, ndjson, xlsx_writer


@dataclass(eq=False)
class Format:
    """One kind of file; it stands among the renderers of a view, which writes the file itself."""

    format: str
    """Its name, also that of its files behind the dot."""
    media_type: str
    write: Callable
    """Makes the file, or its parts, of a title, columns, batches of documents and ``with_bom``."""
    charset: str | None = None
    max_rows: int | None = None
    is_table: bool = True
    """Whether its rows have columns; else each is a document of its own."""
    is_streamed: bool = True

    @property
    def content_type(self):
        return f"{self.media_type}; charset={self.charset}" if self.charset else self.media_type

    def refuse_too_many(self, rows):
        """Raise a WorkbookError where a file has not enough rows for them."""
        if self.max_rows and rows.order_by()[: self.max_rows + 1].count() > self.max_rows:
            message = _("A sheet holds at most %d rows. Narrow the list, or take CSV.")
            raise xlsx_writer.WorkbookError(message % self.max_rows, "too_many_rows")


def write_csv(title, columns, batches, with_bom=False):
    return csv_writer.csv_lines([column.heading for column in columns], batches, with_bom)


def write_xlsx(title, columns, batches, with_bom=False):
    return xlsx_writer.write_workbook(title, columns, batches)


def write_ndjson(title, columns, batches, with_bom=False):
    return ndjson.ndjson_lines(batches)


CSV = Format("csv", "text/csv", write_csv, charset="utf-8")
XLSX = Format(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write_xlsx,
    max_rows=xlsx_writer.MAX_ROWS,
    is_streamed=False,
)
NDJSON = Format("ndjson", "application/x-ndjson", write_ndjson, charset="utf-8", is_table=False)
FORMATS = [CSV, XLSX, NDJSON]
