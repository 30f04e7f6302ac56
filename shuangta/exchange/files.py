"""Files that an editor sends, and cells that an editor pastes, read as sheets.

CSV may be in UTF-8 or, as Excel writes it in China, in GB 18030; commas or tabs divide its cells.
"""

import csv
import io

from django.utils.translation import gettext as _

from shuangta.api.files import LONGEST_CELL
from shuangta.exchange import cells, workbooks
from shuangta.exchange.sheets import Sheet, SheetError

LARGEST = 5 * 1024 * 1024


def sheet_in_file(file):
    """The sheet in an uploaded workbook or table. Raises SheetError where it cannot be read."""
    if file.size > LARGEST:
        message = _("The file is larger than %d MB. Send it in parts.")
        raise SheetError(message % (LARGEST // 1024**2))
    name = file.name.lower()
    if name.endswith(".xlsx"):
        return workbooks.sheet_in(file)
    if name.endswith(".csv"):
        return sheet_in_table(text_of(file.read()), file.name, has_apostrophes=True)
    raise SheetError(
        _("Send a workbook (.xlsx) or a table (.csv). An old .xls is saved as .xlsx first.")
    )


def sheet_in_pasted(text):
    """The sheet in cells that were copied from a spreadsheet."""
    return sheet_in_table(text, "", has_apostrophes=False)


def text_of(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError(
        _("The table is neither in UTF-8 nor in GB 18030. Save it as a workbook (.xlsx).")
    )


def sheet_in_table(text, title, *, has_apostrophes):
    csv.field_size_limit(LONGEST_CELL)
    divider = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=divider)
    try:
        return Sheet.of(title, enumerate(lines(reader, has_apostrophes), 1))
    except csv.Error as error:
        message = _("Line %(line)d cannot be divided into cells (%(error)s).")
        raise SheetError(message % {"line": reader.line_num, "error": error}) from error


def lines(reader, has_apostrophes):
    """The cells of each line. In a file, an apostrophe before a text keeps a spreadsheet from computing it."""
    for line in reader:
        texts = (cell.removeprefix("'") for cell in line) if has_apostrophes else line
        yield [cells.of_text(text.replace("\r\n", "\n")) for text in texts]
