"""Which of the known layouts a sheet of cross tables is."""

import re

from .sheet import Block, Sheet
from .table import Table

PROVINCE_AND_REGENCY = re.compile(r"^[^-–]+ [-–] [^-–]+$")
SYMBOLS = {"-", "–", "...", "…"}


def layout_of(sheet: Sheet, tables: list[tuple[Table, Block]]) -> str:
    """"bps_xlsx", "bps_csv", "csv_indonesia", "fsva_csv", "wide_panel" or "agency_workbook"."""
    table, cells = max(tables, key=lambda pair: len(pair[1].text))
    first = cells.rows["region"][:50]
    if sum(bool(PROVINCE_AND_REGENCY.match(region)) for region in first) > 0.5 * len(first):
        return "fsva_csv"
    if _is_wide_panel(sheet, table, cells):
        return "wide_panel"
    if sheet.delimiter:
        return "csv_indonesia" if sheet.delimiter == ";" else "bps_csv"
    return "bps_xlsx" if _is_bps_export(sheet) else "agency_workbook"


def _is_wide_panel(sheet: Sheet, table: Table, cells: Block) -> bool:
    """A bare table with a column per year, whose makers write 0 for missing: no title, no tail, no symbol for missing."""
    years = [header.year for header in table.headers.values() if (header.year or 0) > 0]
    if len(years) < 2 or len(table.header_rows) != 1 or table.title or not SYMBOLS.isdisjoint(cells.text):
        return False
    return sheet.filled_rows[-1] <= table.data_rows[-1]


def split_combined_names(cells: Block) -> Block:
    """The cells with "kalimantan selatan - kotabaru" taken apart into province and region."""
    parts = [region.partition(" - ") for region in cells.rows["region"]]
    cells.rows["region"] = [after.strip() or before for before, _, after in parts]
    cells.rows["province"] = [before.strip() if after else "" for before, _, after in parts]
    return cells


def _is_bps_export(sheet: Sheet) -> bool:
    """The table export of the BPS site: the row dimension alone in A1, the title in row 2, years in row 3."""
    if sheet.height < 4:
        return False
    first, second, third = (sheet.shown_row(row) for row in range(3))
    return first[0] != "" and not any(first[1:]) and third[0] in ("", first[0]) and any(second[1:])
