"""Days in cells: as the spreadsheet keeps them, or as people write them (2021-05-13, 2021年5月13日, 2020年8月下旬)."""

from datetime import date

from django.utils.translation import gettext as _

from shuangta.imports.columns import Column
from shuangta.tabular import cells
from shuangta.tabular.cells import CellError
from shuangta.tabular.xlsx_markup import DAY
from shuangta.text.dates import parse_dates

LATEST = "_latest"


class DayColumn(Column):
    """A day; a vague one where the model has a column for the last day that may be meant."""

    style = DAY

    def __init__(self, field, model_field):
        super().__init__(field, model_field)
        columns = {each.name for each in model_field.model._meta.concrete_fields}
        self.latest = self.name + LATEST if self.name + LATEST in columns else None

    def read(self, cell, reading):
        if isinstance(cell, date):
            return cell.isoformat()
        text = cells.text_in(cell, cells.MAX_WORDS_LENGTH).strip()
        stated = [each for each in parse_dates(text) if each.wording == text]
        if isinstance(cell, int | float) or not stated:
            raise CellError(_("“%s” is not a day. Write it as 2021-05-13 or 2021年5月13日.") % text)
        (bounds,) = stated
        if not bounds.exact:
            self.keep_bounds(bounds, reading)
        elif text != bounds.first.isoformat():
            reading.note(self, text, bounds.first.isoformat())
        return bounds.first.isoformat()

    def keep_bounds(self, bounds, reading):
        """Give the row the last day that a vague date may mean, if it has room for it."""
        words = {"text": bounds.wording, "first": bounds.first, "last": bounds.last}
        if self.latest is None:
            message = _("“%(text)s” may be any day from %(first)s to %(last)s. Write one day.")
            raise CellError(message % words)
        if not cells.is_empty(reading.cells.get(self.latest)):
            message = _(
                "“%(text)s” may be any day from %(first)s to %(last)s, but the row gives another last day. "
                "Write one day here, or leave the last day empty."
            )
            raise CellError(message % words)
        reading.body[self.latest] = bounds.last.isoformat()
        reading.note(self, bounds.wording, f"{bounds.first} – {bounds.last}")

    def takes(self):
        if self.latest is None:
            return _("A day, as 2021-05-13 or 2021年5月13日.")
        return _(
            "A day, as 2021-05-13; or a vague date, as 2020年8月下旬, with the last possible day left empty."
        )

    def example(self):
        return date(2021, 5, 13) if self.latest else None
