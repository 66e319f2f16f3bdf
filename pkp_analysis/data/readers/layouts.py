"""Which of the known layouts a sheet of cross tables is, and who published it."""

import re
from pathlib import Path

from .headers import label_role
from .sheet import Block, Sheet
from .table import Table

PROVINCE_AND_REGENCY = re.compile(r"^[^-–]+ [-–] [^-–]+$")
BPS = "Badan Pusat Statistik (BPS)"
NAMES_BPS = re.compile(r"\bBPS\b|badan pusat statistik", re.IGNORECASE)
DIMENSION = re.compile(
    r"^(?:\d+ )?(?:provinsi|kabupaten|kota|wilayah)\b.{0,40}$", re.IGNORECASE
)  # what a BPS table counts its rows by
SOURCE = re.compile(
    r"^\W*(?:sumber|source)(?: data)?(?: ?/ ?source)?\s*:\s*(.{3,120})", re.IGNORECASE | re.DOTALL
)
SOURCE_URL = re.compile(
    r"https?://\S*\bbps\.go\.id/\S*?/([a-z0-9-]*[a-z]-[a-z0-9-]+)(?:\.html)?", re.IGNORECASE
)
SYMBOLS = {"-", "–", "...", "…"}


def layout_of(sheet: Sheet, tables: list[tuple[Table, Block]]) -> str:
    """ "bps_xlsx", "bps_csv", "csv_indonesia", "fsva_csv", "wide_panel" or "agency_workbook"."""
    table, cells = max(tables, key=lambda pair: len(pair[1].text))
    first = cells.rows["region"][:50]
    if sum(bool(PROVINCE_AND_REGENCY.match(region)) for region in first) > 0.5 * len(first):
        return "fsva_csv"
    if any(map(SOURCE_URL.search, tail_texts([sheet]))):
        return "bps_csv" if sheet.delimiter else "bps_xlsx"
    if _is_wide_panel(sheet, table, cells):
        return "wide_panel"
    if sheet.delimiter:
        return "csv_indonesia" if sheet.delimiter == ";" else "bps_csv"
    return "bps_xlsx" if _is_bps_export(sheet) else "agency_workbook"


def _is_wide_panel(sheet: Sheet, table: Table, cells: Block) -> bool:
    """A bare table with a column per year, whose makers write 0 for missing: no title, tail or symbol."""
    years = [header.year for header in table.headers.values() if (header.year or 0) > 0]
    if len(years) < 2 or len(table.header_rows) != 1 or table.title:
        return False
    return sheet.filled_rows[-1] <= table.data_rows[-1] and SYMBOLS.isdisjoint(cells.text)


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
    named = bool(label_role(first[0]) or DIMENSION.match(first[0]))
    return (
        named
        and not any(first[1:])
        and second[0] in ("", first[0])
        and third[0] in ("", first[0])
        and any(second[1:])
    )


def tail_texts(sheets: list[Sheet]) -> list[str]:
    """The texts in the first columns of each sheet's first line and last lines, where sources are named."""
    return [
        text
        for sheet in sheets
        for row in (*sheet.filled_rows[:1], *sheet.filled_rows[-30:])
        for column in sheet.texts[:3]
        if (text := column[row].strip())
    ]


def proposals_of(path: Path, sheets: list[Sheet]) -> list[tuple[str, str]]:
    """(text, where it stands) of what may name the indicator or year when no table does: the address a BPS page
    puts below its table, and the name of the file.
    """
    slugs = [
        match.group(1).replace("-", " ") for text in tail_texts(sheets) if (match := SOURCE_URL.search(text))
    ]
    stem = re.sub(r"\d{4}-\d\d-\d\d.*|\(\d+\)", " ", path.stem).replace("_", " ").replace("-", " ")
    return [*((slug, "baris Source Url") for slug in slugs), (" ".join(stem.split()), "nama file")]


def publisher_of(sheets: list[Sheet], layout: str) -> str:
    """Who published a file: BPS for its exports, else whom "Sumber: ..." names, "" for nobody."""
    texts = tail_texts(sheets)
    named = next((match.group(1).strip(" .") for text in texts if (match := SOURCE.match(text))), "")
    export = (
        layout == "bps_xlsx"
        or any(map(SOURCE_URL.search, texts))
        or layout == "bps_csv"
        and ("Keterangan" in texts or re.match(r"\d+ Provinsi$", next(iter(texts), "")))
    )
    return BPS if export or NAMES_BPS.search(named) else named
