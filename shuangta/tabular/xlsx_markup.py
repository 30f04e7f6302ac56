"""The parts of a workbook that are the same in each, as ISO/IEC 29500 has them; its one sheet comes besides."""

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml"

SHEET = "xl/worksheets/sheet1.xml"
PLAIN, TEXT, DAY, HEADING = 0, 1, 2, 3  # the styles of cells, by their places in cellXfs

CONTENT_TYPES = f"""{HEAD}<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{MEDIA}.sheet.main+xml"/>
<Override PartName="/{SHEET}" ContentType="{MEDIA}.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{MEDIA}.styles+xml"/>
</Types>"""

PARTS_OF_PACKAGE = f"""{HEAD}<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"""

PARTS_OF_WORKBOOK = f"""{HEAD}<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>
</Relationships>"""

WORKBOOK = f"""{HEAD}<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}">
<sheets><sheet name="%s" sheetId="1" r:id="rId1"/></sheets>
</workbook>"""

STYLES = f"""{HEAD}<styleSheet xmlns="{SPREADSHEET}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>
<fonts count="2">
<font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font>
</fonts>
<fills count="2">
<fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill>
</fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="4">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>
</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""

BEFORE_COLUMNS = f"""{HEAD}<worksheet xmlns="{SPREADSHEET}">
<sheetViews><sheetView tabSelected="1" workbookViewId="0">
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>
</sheetView></sheetViews>
<cols>"""
BEFORE_ROWS = "</cols>\n<sheetData>\n"
AFTER_ROWS = "</sheetData>\n</worksheet>"


def parts_beside_sheet(sheet_name):
    """Every file of the package but the sheet, by its path."""
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": PARTS_OF_PACKAGE,
        "xl/workbook.xml": WORKBOOK % sheet_name,
        "xl/_rels/workbook.xml.rels": PARTS_OF_WORKBOOK,
        "xl/styles.xml": STYLES,
    }
