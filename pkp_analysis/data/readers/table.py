"""Cross tables: regions down the side, figures to the right, a header of one or more rows above.

Every layout of that shape (BPS exports, Indonesian csv, agency workbooks, panels) is read here; the layout modules say
only what is special about theirs.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from ..regions import candidates
from .headers import REALISED, Header, label_role, read_header, unit_of, year_of
from .sheet import Sheet, shown

CELL_COLUMNS = [
    "sheet", "row", "column", "text", "number", "percent", "region", "province", "code", "name", "title", "year", "unit",
    "measure", "status", "source_id", "note", "hidden", "dimension",
]
TOTAL = re.compile(r"^(?:sub ?-?total|grand total|total|jumlah(?: total)?|rata ?-? ?rata|mean|average)\b[\s:]*(.*)$", re.IGNORECASE)
VALUE_LIKE = re.compile(r"[-+±<>~≈]?\s?[\d.,]*\d[\d.,\s]*%?\s?(?:\*{1,2}\)?|[erab]|persen|kk|ton|jiwa|unit)?|\d[\d.,]*\s?[-–—]\s?\d[\d.,]*%?"
                        r"|[-–—]{1,2}|\.{2,3}|…|n/?a|n\.a\.?|nan|null|#[\w/]+[!?]?|=.*", re.IGNORECASE)
CODE = re.compile(r"\d{4}|\d{2}\.\d{2}")
FOOTNOTE = re.compile(r"^\W*(?:\*|\d\)|keterangan|sumber|catatan|source|note|ket\b|data diolah|r\)|e\))", re.IGNORECASE)
LABEL_COLUMNS = 15  # regions are named among the first columns


@dataclass(frozen=True)
class Table:
    """One table of a sheet: where its parts are. All positions count from 0."""

    title: list  # cells that speak for the whole table
    headers: dict  # column of figures -> Header
    roles: dict  # describing column -> role
    labels: list  # region text per sheet row
    data_rows: list
    described: list  # columns that hold only text: (column, header)
    header_rows: int


@lru_cache(maxsize=100_000)
def names_region(text: str) -> bool:
    """Whether a label is a region's name; "Jumlah Kalimantan Selatan" is, a bare "Jumlah" or a heading is not."""
    text = without_total(text)
    return bool(re.search("[A-Za-z]", text)) and bool(candidates(text))


def without_total(text: str) -> str:
    match = TOTAL.match(text.strip())
    return match.group(1) if match else text


@lru_cache(maxsize=100_000)
def _text_value_like(text: str) -> bool:
    return bool(VALUE_LIKE.fullmatch(text.strip()))


def value_like(value) -> bool:
    """Whether a cell looks like a figure, or like what stands in place of one."""
    if isinstance(value, str):
        return value != "" and _text_value_like(value)
    return value is not None and not isinstance(value, tuple)


def read_tables(sheet: Sheet) -> list[tuple[Table, pd.DataFrame]]:
    """Every table of a sheet with its candidate cells (CELL_COLUMNS), one row per cell."""
    grid = sheet.cells.to_numpy(dtype=object)
    region_column = _region_column(grid)
    if region_column is None:
        return []
    labels = _labels(sheet, grid, region_column)
    is_region = [names_region(label) or bool(CODE.fullmatch(label)) for label in labels]
    found, start = [], 0
    while (table := _find_table(sheet, grid, start, region_column, labels, is_region)) is not None:
        found.append((table, _cells(sheet, grid, table)))
        start = table.data_rows[-1] + 1
    return found


def _region_column(grid) -> int | None:
    """The column that names the most different regions (of equal ones the left), else a column of codes, else None."""
    best, most = None, 0
    for column in range(min(grid.shape[1], LABEL_COLUMNS)):
        texts = {value for value in grid[:, column] if isinstance(value, str) and 2 < len(value) < 120}
        named = sum(map(names_region, texts))
        if named > most:
            best, most = column, named
    if best is not None:
        return best
    for column in range(min(grid.shape[1], LABEL_COLUMNS)):
        texts = [text for value in grid[:, column] if (text := shown(value).strip())]
        if any(label_role(text) == "code" for text in texts[:6]) and any(map(CODE.fullmatch, texts)):
            return column
    return None


def _labels(sheet: Sheet, grid, region_column: int) -> list[str]:
    """Region text per row: the region column, filled down where the cell is merged, else another text left of the figures."""
    labels = [shown(value).strip() for value in grid[:, region_column]]
    for (top, left), (bottom, right) in sheet.merged:
        if left <= region_column <= right and top < len(labels):
            labels[top : bottom + 1] = [shown(grid[top, left]).strip()] * len(labels[top : bottom + 1])
    for row, label in enumerate(labels):
        if not label:
            texts = (value.strip() for value in grid[row, :region_column] if isinstance(value, str))
            labels[row] = next((text for text in texts if re.search("[A-Za-z]{3}", text)), "")
    return labels


def _find_table(sheet: Sheet, grid, start: int, region_column: int, labels, is_region) -> Table | None:
    height, width = grid.shape
    others = [column for column in range(width) if column != region_column]
    first = next((row for row in range(start, height)
                  if is_region[row] and any(value_like(grid[row, column]) for column in others)), None)
    if first is None:
        return None
    title, header_rows = _split_header(sheet, grid, start, first)
    stacks = _stacks(sheet, grid, header_rows, width)
    roles = {column: role for column in range(width) if (role := _role(stacks[column]))}
    if roles.get(region_column) not in ("province", "region", "code"):
        roles[region_column] = "region"
    figures = [column for column in range(width) if column not in roles]
    data_rows = _data_rows(grid, first, labels, is_region, figures)
    for column in [column for column in figures if column < region_column]:
        if _counts_rows(grid, column, data_rows):
            roles[column] = "number"
    headers, described = {}, []
    for column in figures:
        header = read_header(stacks[column])
        if column in roles or not _holds_figures(grid, column, data_rows, header):
            if column not in roles and header.name:
                described.append((column, header.name))
            continue
        headers[column] = header
    return Table(title, headers, roles, labels, data_rows, described, len(header_rows))


def _split_header(sheet: Sheet, grid, start: int, first: int) -> tuple[list, list]:
    """Cells that speak for the whole table, and the rows whose cells head single columns."""
    title, rows = [], []
    partly_merged = {
        (top, left) for (top, left), (bottom, right) in sheet.merged if right > left > 0 and right < grid.shape[1] - 1
    }
    for row in range(start, first):
        filled = [(column, value) for column, value in enumerate(grid[row]) if shown(value).strip()]
        if not filled:
            continue
        column, value = filled[0]
        text = shown(value).strip()
        heads_a_column = label_role(text) or (len(text) < 12 and year_of(value)) or (row, column) in partly_merged
        if len(filled) > 1 or heads_a_column or (row == first - 1 and unit_of(text)):
            rows.append(row)
        elif not FOOTNOTE.match(text):
            title.append(value)
    return title, rows


def _stacks(sheet: Sheet, grid, header_rows: list, width: int) -> list[list]:
    """Per column the header cells above it, top first; a cell that heads several columns is repeated for each."""
    block = grid[header_rows].copy() if header_rows else np.empty((0, width), dtype=object)
    position = {row: place for place, row in enumerate(header_rows)}
    for (top, left), (bottom, right) in sheet.merged:
        if top in position and left < width:
            block[position[top], left : right + 1] = grid[top, left]
    filled = np.array([[shown(value).strip() != "" for value in row] for row in block], dtype=bool).reshape(block.shape)
    for place in range(len(header_rows) - 1):
        below = filled[place + 1 :].any(axis=0)
        for column in range(1, width):
            left = block[place, column - 1]
            if not filled[place, column] and below[column] and shown(left).strip() and not label_role(shown(left)):
                block[place, column] = left
    return [list(block[:, column]) for column in range(width)]


def _role(stack: list) -> str:
    return next((role for cell in reversed(stack) if (role := label_role(shown(cell)))), "")


def _data_rows(grid, first: int, labels, is_region, figures) -> list[int]:
    """Rows with figures or a region, up to the header of a next table."""
    rows = []
    for row in range(first, len(labels)):
        if is_region[row]:
            rows.append(row)
            continue
        values = [grid[row, column] for column in figures if value_like(grid[row, column])]
        if label_role(labels[row]) in ("region", "province", "number") or (
            values and not labels[row] and all(year_of(value) for value in values)
        ):
            break
        if values and not FOOTNOTE.match(labels[row]):
            rows.append(row)
    return rows


def _counts_rows(grid, column: int, data_rows: list) -> bool:
    """Whether a column left of the regions only numbers the rows: 1, 2, 3 ..."""
    numbers = [shown(grid[row, column]).strip(" .") for row in data_rows]
    return all(text == "" or (text.isdigit() and int(text) <= len(data_rows) + 1) for text in numbers)


def _holds_figures(grid, column: int, data_rows: list, header: Header) -> bool:
    """Whether a column holds figures: some cells look like it, or it is an empty column headed as one."""
    filled = [value for row in data_rows if shown(value := grid[row, column]).strip()]
    if not filled:
        return bool(header.year or header.measure or header.unit)
    return sum(map(value_like, filled)) >= 0.3 * len(filled)


def _cells(sheet: Sheet, grid, table: Table) -> pd.DataFrame:
    """The candidate cells, column by column from top to bottom."""
    rows, columns = table.data_rows, list(table.headers)
    height, width = len(rows), len(columns)
    block = grid[np.ix_(rows, columns)].T.ravel()
    title = read_header(table.title)
    measured = any(header.measure for header in table.headers.values())
    whole_target = title.measure == "target" and not any(REALISED.search(shown(cell)) for cell in table.title)

    def per_row(values):
        return np.tile(np.array(values, dtype=object), width)

    def per_column(values):
        return np.repeat(np.array(values, dtype=object), height)

    def described(role):
        column = next((column for column, found in table.roles.items() if found == role), None)
        return [""] * height if column is None else [shown(grid[row, column]).strip() for row in rows]

    headers = list(table.headers.values())
    years = per_column([header.year or 0 for header in headers]).astype(np.int64)
    if "year" in table.roles.values():
        row_years = per_row([year_of(text) or 0 for text in described("year")]).astype(np.int64)
        years = np.where(row_years != 0, row_years, years)
    years = np.where((years == 0) & ((title.year or 0) > 0), title.year or 0, years)
    name = per_column([header.name for header in headers])
    if "indicator" in table.roles.values():
        name = per_row(described("indicator"))
    units = per_column([header.unit or title.unit for header in headers])
    if "unit" in table.roles.values():
        units = per_row([unit_of(text) or text for text in described("unit")])
    region_column = next(column for column, role in table.roles.items() if role == "region" or not table_has_regions(table) and role in ("province", "code"))
    dimension = next((shown(cell) for cell in grid[: rows[0], region_column] if label_role(shown(cell)) in ("province", "region")), "")
    frame = {
        "row": per_row(rows).astype(np.int64) + 1,
        "column": per_column(columns).astype(np.int64) + 1,
        "text": np.array([value if isinstance(value, str) else "" if isinstance(value, float) else shown(value)
                          for value in block], dtype=object),
        "number": np.array([value if isinstance(value, float | int) and not isinstance(value, bool) else np.nan
                            for value in block], dtype=float),
        "region": per_row([table.labels[row] for row in rows]),
        "province": per_row(_filled_down(described("province")) if table_has_regions(table) else [""] * height),
        "code": per_row(described("code")),
        "name": name,
        "year": years,
        "unit": units,
        "measure": per_column([header.measure or ("target" if whole_target and not measured else "") for header in headers]),
        "status": per_column([header.status or title.status for header in headers]),
        "note": per_row(described("note")),
        "hidden": per_row([row in sheet.hidden_rows for row in rows]).astype(bool)
        | per_column([column in sheet.hidden_columns for column in columns]).astype(bool),
    }
    frame["percent"] = np.array([place in sheet.percent for place in zip(frame["row"] - 1, frame["column"] - 1)], dtype=bool) \
        if sheet.percent else np.zeros(height * width, dtype=bool)
    frame |= {"sheet": sheet.name, "source_id": "", "title": title.name, "dimension": dimension}
    return pd.DataFrame(frame)[CELL_COLUMNS]


def table_has_regions(table: Table) -> bool:
    """Whether a province column stands beside the column of regions."""
    return {"province", "region"} <= set(table.roles.values())


def _filled_down(texts: list[str]) -> list[str]:
    """Merged or blank province cells take the value above them."""
    return list(pd.Series(texts, dtype=object).replace("", None).ffill().fillna("")) if texts else texts
