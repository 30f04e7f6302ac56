"""Exports for editors: the rows of a list as a sheet that can be edited and imported again.

They go through the writers of the API's exports, so they hold no more than a batch of rows, as of one moment.
"""

from contextlib import closing

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from shuangta.api.exports import start_response
from shuangta.api.exports.rows import batches, reader
from shuangta.imports.layout import Layout, in_every_language, normal
from shuangta.imports.proposals import Fate
from shuangta.tabular import cells
from shuangta.tabular.sheets import Sheet
from shuangta.tabular.xlsx_markup import TEXT
from shuangta.tabular.xlsx_writer import SheetColumn, write_workbook


def export_sheet(view, rows, written):
    """The rows in a format, as a temporary file or as parts. Raises a WorkbookError for what no workbook holds.

    A table begins with the mark by which Excel knows that it is in UTF-8.
    """
    written.refuse_too_many(rows)
    layout = Layout(view)
    columns = [SheetColumn(each.name, each.heading, each.style) for each in layout.columns.values()]
    title = str(layout.model._meta.verbose_name_plural)
    content = written.write(title, columns, lines(layout, rows), with_bom=True)
    return start_response(content) if written.is_streamed else content


def lines(layout, rows):
    """Yield the rows in batches, each as what stands in its cells by column."""
    columns = [(each, reader(each.field)) for each in layout.columns.values()]
    rows = rows.prefetch_related(*relations(layout))
    with closing(batches(rows)) as found:
        for batch in found:
            yield [{each.name: each.cell(read(row)) for each, read in columns} for row in batch]


def relations(layout):
    """The many-to-many relations, as far as the user may see the records in them."""
    for field in layout.model._meta.many_to_many:
        yield Prefetch(field.name, field.related_model.objects.visible_to(layout.user))


def wrong_rows(proposal, titles):
    """A temporary file with the rows that cannot be imported, as they were sent, and with what is wrong with each.

    ``titles`` are those of the fields. An import passes over the column with the errors.
    """
    sheet = Sheet.from_json(proposal.sheet)
    kept = [
        number
        for number, heading in enumerate(sheet.headings)
        if normal(heading) not in in_every_language(lambda: _("Errors"))
    ]
    columns = [SheetColumn(number, sheet.headings[number], TEXT) for number in kept]
    columns.append(SheetColumn("errors", _("Errors"), TEXT))
    lines = [
        {number: as_sent(sheet.rows[row["number"]][number]) for number in kept}
        | {
            "errors": [
                ": ".join(filter(None, [titles.get(name), text])) for name, text in row["errors"]
            ]
        }
        for row in proposal.rows
        if row["fate"] == Fate.WRONG
    ]
    return write_workbook(sheet.title, columns, [lines])


def as_sent(cell):
    """What a workbook holds for a cell again; a formula or an error stands there as its text."""
    return cell if isinstance(cell, bool | int | float) else cells.display_value(cell)
