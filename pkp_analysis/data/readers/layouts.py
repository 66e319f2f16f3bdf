"""Which of the known layouts a sheet of cross tables is."""

import re

import pandas as pd

from .sheet import Sheet, shown
from .table import Table

PROVINCE_AND_REGENCY = re.compile(r"^[^-–]+ [-–] [^-–]+$")


def layout_of(sheet: Sheet, tables: list[tuple[Table, pd.DataFrame]]) -> str:
    """"bps_xlsx", "bps_csv", "csv_indonesia", "fsva_csv", "wide_panel" or "agency_workbook"."""
    table, cells = max(tables, key=lambda pair: len(pair[1]))
    if _combined_names(cells):
        return "fsva_csv"
    if is_wide_panel(sheet, table, cells):
        return "wide_panel"
    if sheet.delimiter:
        return "csv_indonesia" if sheet.delimiter == ";" else "bps_csv"
    return "bps_xlsx" if _is_bps_export(sheet) else "agency_workbook"


def is_wide_panel(sheet: Sheet, table: Table, cells: pd.DataFrame) -> bool:
    """A bare table with a column per year, whose makers write 0 for missing: no title, no tail and no symbol for missing."""
    years = [header.year for header in table.headers.values() if (header.year or 0) > 0]
    symbols = cells["text"].isin(["-", "–", "...", "…"]).any()
    return len(years) >= 2 and table.header_rows == 1 and not table.title and not symbols and table.data_rows[-1] == len(sheet.cells.replace("", None).dropna(how="all")) - 1


def split_combined_names(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with "kalimantan selatan - kotabaru" taken apart into province and region."""
    parts = cells["region"].str.partition(" - ")
    both = (parts[2] != "").to_numpy()
    return cells.assign(region=parts[2].where(both, cells["region"]).str.strip(), province=parts[0].where(both, cells["province"]).str.strip())


def _combined_names(cells: pd.DataFrame) -> bool:
    regions = cells["region"].drop_duplicates()
    return regions.str.match(PROVINCE_AND_REGENCY).mean() > 0.5


def _is_bps_export(sheet: Sheet) -> bool:
    """The table export of the BPS site: the row dimension alone in A1, the title in row 2, years in row 3."""
    top = [[shown(value).strip() for value in row] for row in sheet.cells.head(3).to_numpy(dtype=object)]
    return len(top) == 3 and top[0][0] != "" and not any(top[0][1:]) and top[2][0] in ("", top[0][0]) and any(top[1][1:])
