"""What the amounts of a list add up to, under the list, beside how many rows state one."""

from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from shuangta.query.figures import Figure, is_measured
from shuangta.text.quantities import format_amount


@dataclass(frozen=True)
class Total:
    """What one column adds up to, in words, and what is to be known of that."""

    label: str
    words: str
    remarks: list[str]


class TotalledAdmin(ModelAdmin):
    """Rows whose amounts are added up, as far as the list shows them."""

    list_after_template = "admin/list_totals.html"

    def why_no_totals(self, changelist):
        """Why the rows of this list add up to nothing, in a sentence; None where they do."""
        return

    def adds_up(self):
        return bool(self.summed_columns())

    def summed_columns(self):
        """The columns of the list that are numbers, each in one unit."""
        columns = [column_of(self.opts, name) for name in self.list_display]
        return [
            column
            for column in columns
            if column and is_measured(column, "sum") and self.model.units.get(column.name) != ""
        ]

    def totals(self, rows, user):
        figures = [Figure(column, ["sum"]) for column in self.summed_columns()]
        group = compute_total(rows, figures)
        return [self.total(figure, group) for figure in figures]

    def total(self, figure, group):
        total, stated = figure.total(group), group[figure.alias("stated")]
        unit = self.model.units.get(figure.name, "")
        words = "" if total is None else format_amount(total, unit)
        return Total(
            capfirst(figure.column.verbose_name),
            words,
            total_text(stated, group["group_size"] - stated),
        )


def total_text(stated, not_stated):
    """How many rows state a value, and how many do not."""
    remarks = [
        ngettext("%(count)s row states it", "%(count)s rows state it", stated) % {"count": stated}
    ]
    if not_stated:
        message = ngettext("%(count)s row does not", "%(count)s rows do not", not_stated)
        remarks.append(message % {"count": not_stated})
    return remarks


def column_of(opts, name):
    try:
        return opts.get_field(name)
    except FieldDoesNotExist:
        return None


def compute_total(rows, figures):
    """What the database computes for the figures over all the rows."""
    rows, expressions = rows.order_by().prefetch_related(None), {"group_size": Count("pk")}
    for figure in figures:
        rows = figure.prepare(rows, ())
        expressions |= figure.expressions()
    return rows.aggregate(**expressions)
