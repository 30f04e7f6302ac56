"""The groups of an aggregate as the rows of an export: in NDJSON as the answer tells them, in a table one a line.

A table has a column for each grouping, one for the number of rows, and for each figure those that the answer has
under its name, as ``sum_total_investment``. Without groups its one line is the total.
"""

from contextlib import closing

from shuangta.api.exports.rows import batches
from shuangta.tabular.xlsx_markup import PLAIN, TEXT
from shuangta.tabular.xlsx_writer import SheetColumn


def documents(aggregation, rows):
    """Yield the groups in batches, as the answer tells them."""
    if not aggregation.groups:
        yield [whole(aggregation, rows)]
        return
    with closing(batches(aggregation.group_rows(rows)[: aggregation.export_limit])) as found:
        for batch in found:
            yield [aggregation.serialize(group) for group in batch]


def whole(aggregation, rows):
    total = aggregation.total(rows)
    figures = aggregation.serialize_total(total)
    return {"group": {}, "count": total["group_size"], "figures": figures}


def cells(aggregation, rows):
    """Yield the groups in batches, each as what stands in its cells by column."""
    for batch in documents(aggregation, rows):
        yield [line(document) for document in batch]


def line(document):
    figures = {
        f"{key}_{name}": value
        for name, figure in document["figures"].items()
        for key, value in figure.items()
    }
    return document["group"] | {"count": document["count"]} | figures


def columns(aggregation, rows):
    """The columns of the table; which figures it has is told by those of all rows together."""
    total = aggregation.serialize_figures(aggregation.total(rows))
    names = line({"group": dict.fromkeys(aggregation.groups), "count": 0, "figures": total})
    return [
        SheetColumn(name, name, TEXT if name in aggregation.groups else PLAIN) for name in names
    ]
