"""Templates: an empty sheet with the headings of a model, an example, choices to pick, and what each column takes.

The example row may be left in: an import passes over it as long as it stands as it is.
"""

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from shuangta.imports.choices import ChoiceColumn
from shuangta.imports.layout import Layout
from shuangta.tabular.sheets import MAX_ROWS
from shuangta.tabular.xlsx_markup import TEXT

BOLD, WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
EXPLAINED_WIDTHS = (28, 12, 60, 60)


def template(view):
    """The workbook as bytes."""
    layout = Layout(view)
    columns = [each for each in layout.columns.values() if each.name != "version"]
    workbook = Workbook()
    write_rows(workbook.active, layout, columns)
    explain(workbook.create_sheet(_("Explanations")), columns)
    offer_choices(workbook, columns)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def write_rows(sheet, layout, columns):
    sheet.title = str(layout.model._meta.verbose_name_plural)
    sheet.append([mark_example(each) for each in columns])
    sheet.append([each.example() for each in columns])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        heading, example = sheet[f"{letter}1"], sheet[f"{letter}2"]
        heading.font, example.font = BOLD, Font(italic=True)
        sheet.column_dimensions[letter].width = max(14, 2 * len(str(heading.value)) + 2)
        if column.style == TEXT:
            # Also what is typed below stays as it is typed: a code of digits, 1-2.
            sheet.column_dimensions[letter].number_format = example.number_format = "@"


def mark_example(column):
    return f"{column.heading}*" if column.is_required else column.heading


def explain(sheet, columns):
    """What each column takes, a column a line."""
    sheet.append([_("Column"), _("Must be filled"), _("What it takes"), _("Explanation")])
    for column in columns:
        required = _("Yes") if column.is_required else ""
        sheet.append([column.heading, required, column.takes(), str(column.model_field.help_text)])
    for letter, width in zip("ABCD", EXPLAINED_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = WRAPPED
            if cell.row == 1:
                cell.font = BOLD
    sheet.freeze_panes = "A2"


def offer_choices(workbook, columns):
    """Let the cells of choices offer their words, which stand on a sheet that is not shown.

    Other words are only warned of: an import understands choices in the other languages too.
    """
    rows, choices = workbook.active, workbook.create_sheet(_("Choices"))
    choices.sheet_state = "hidden"
    for number, column in enumerate(columns, 1):
        if isinstance(column, ChoiceColumn):
            labels = list(column.shown_labels.values())
            place = get_column_letter(choices.max_column + 1)
            for line, label in enumerate(labels, 1):
                choices[f"{place}{line}"] = label
            listed = f"'{choices.title}'!${place}$1:${place}${len(labels)}"
            offer = DataValidation("list", formula1=listed, allow_blank=True, errorStyle="warning")
            letter = get_column_letter(number)
            offer.add(f"{letter}2:{letter}{MAX_ROWS + 2}")
            rows.add_data_validation(offer)
