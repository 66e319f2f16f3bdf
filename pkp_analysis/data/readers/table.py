"""Cross tables: regions down the side, figures to the right, a header of one or more rows above.

Every layout of that shape (BPS exports, Indonesian csv, agency workbooks, panels, FSVA) is read here;
layouts.py names them.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from ..regions import candidates
from .headers import PART_OF_REGION, REALISED, Header, label_role, read_header, unit_of, year_of
from .indicator_rows import indicator_rows, region_in
from .labels import LABEL_COLUMNS, LOOKED_AT, SAMPLE, names_region, value_like, without_total
from .sheet import Block, Sheet, block

REGENCY = re.compile(r"kab|kota", re.IGNORECASE)
CODE = re.compile(r"\d{4}|\d{2}\.\d{2}")
FOOTNOTE = re.compile(
    r"^\W*(?:\*|\d\)|keterangan|sumber|catatan|source|note|ket\b|data diolah|r\)|e\))", re.IGNORECASE
)


@dataclass(frozen=True)
class Table:
    """Where the parts of one table are. All positions count from 0."""

    title: list  # texts that speak for the whole table
    headers: dict  # column of figures -> Header
    roles: dict  # describing column -> role
    region_column: int
    labels: list  # region text per sheet row
    data_rows: list
    described: list  # columns that hold only text: (column, header)
    header_rows: list


def read_tables(sheet: Sheet) -> list[tuple[Table, Block]]:
    """Every table of a sheet with its candidate cells."""
    region_column = _region_column(sheet)
    if region_column is None:
        region_column, labels = indicator_rows(sheet)
        is_region = [label != "" for label in labels]
    else:
        labels = _labels(sheet, region_column)
        is_region = [label != "" and (names_region(label) or bool(CODE.fullmatch(label))) for label in labels]
    found, start = [], 0
    while (table := _find_table(sheet, start, region_column, labels, is_region)) is not None:
        found.append((table, _cells(sheet, table)))
        start = table.data_rows[-1] + 1
    return found


def _region_column(sheet: Sheet) -> int | None:
    """The column of regions: headed as such, of regencies rather than their provinces, naming most; else a
    column of codes.
    """
    best, highest = None, (False, False, 0)
    for column in range(min(sheet.width, LABEL_COLUMNS)):
        seen = sheet.texts[column][: LOOKED_AT if best is None else SAMPLE]
        if not any(text[:1].isalpha() or text[-1:].isalpha() for text in (*seen[:30], *seen[::9])):
            continue
        texts = {text.strip() for text in seen if 2 < len(text) < 120}
        named = [text for text in texts if names_region(text)]
        if named:
            headed = any(label_role(text) in ("region", "province") for text in seen[:30])
            sample = named[:SAMPLE]
            regencies = sum(
                any(len(code) == 4 for code in candidates(without_total(text))) for text in sample
            )
            score = (headed, regencies > 0.5 * len(sample), len(named))
            best, highest = (column, score) if score > highest else (best, highest)
    if best is not None:
        return best
    for column in range(min(sheet.width, LABEL_COLUMNS)):
        texts = [text for row in range(min(sheet.height, SAMPLE)) if (text := sheet.shown(row, column))]
        if any(label_role(text) == "code" for text in texts[:6]) and any(map(CODE.fullmatch, texts)):
            return column
    return None


def _labels(sheet: Sheet, region_column: int) -> list[str]:
    """Region text per row: the region column, filled down where the cell is merged, else another text left of
    the figures.
    """
    labels = [""] * sheet.height
    for row in sheet.filled_rows:
        labels[row] = sheet.texts[region_column][row].strip() or sheet.shown(row, region_column)
    for (top, left), (bottom, right) in sheet.merged:
        if left <= region_column <= right and top < len(labels):
            labels[top : bottom + 1] = [sheet.shown(top, left)] * len(labels[top : bottom + 1])
    for row in sheet.filled_rows if region_column else ():
        if not labels[row]:
            texts = (sheet.texts[column][row].strip() for column in range(region_column))
            labels[row] = next((text for text in texts if re.search("[A-Za-z]{3}", text)), "")
    return labels


def _find_table(sheet: Sheet, start: int, region_column: int, labels, is_region) -> Table | None:
    others = [column for column in range(sheet.width) if column != region_column]
    filled = sheet.filled_rows[bisect_left(sheet.filled_rows, start) :]
    first = next(
        (
            row
            for row in filled
            if is_region[row] and any(value_like(sheet.shown(row, column)) for column in others)
        ),
        None,
    )
    if first is None:
        return None
    while first > start and _unknown_region(sheet, first - 1, labels[first - 1], others):
        first -= 1
    title, header_rows = _split_header(sheet, start, first)
    stacks = _stacks(sheet, header_rows)
    roles = {
        column: role
        for column in range(sheet.width)
        if (role := next((role for text in reversed(stacks[column]) if (role := label_role(text))), ""))
    }
    if roles.get(region_column) not in ("province", "region", "code", "indicator"):
        roles[region_column] = "region"
    figures = [column for column in range(sheet.width) if column not in roles]
    data_rows = _data_rows(sheet, first, labels, is_region, figures)
    for column in [column for column in figures if column < region_column]:
        if _counts_rows(sheet, column, data_rows):
            roles[column] = "number"
    headers, described = {}, []
    for column in figures:
        header = read_header(stacks[column])
        if column in roles:
            continue
        if _holds_figures(sheet, column, data_rows, header):
            headers[column] = header
        elif header.name:
            described.append((column, header.name))
    return Table(title, headers, roles, region_column, labels, data_rows, described, header_rows)


def _unknown_region(sheet: Sheet, row: int, label: str, others: list) -> bool:
    """Whether a row above the first known region holds figures of a region nobody knows, rather than a
    header.
    """
    if not re.search("[A-Za-z]{2}", label) or label_role(label):
        return False
    values = [text for column in others if value_like(text := sheet.shown(row, column))]
    return bool(values) and not all(map(year_of, values))


def _split_header(sheet: Sheet, start: int, first: int) -> tuple[list, list]:
    """Texts that speak for the whole table, and the rows whose cells head single columns."""
    title, rows = [], []
    partly_merged = {
        (top, left)
        for (top, left), (_, right) in sheet.merged
        if right > left > 0 and right < sheet.width - 1
    }
    for row in range(start, first):
        filled = [(column, text) for column, text in enumerate(sheet.shown_row(row)) if text]
        if not filled:
            continue
        column, text = filled[0]
        heads_a_column = (
            label_role(text)
            or (len(text) < 12 and year_of(text))
            or (row, column) in partly_merged
            or (row == first - 1 and unit_of(text))
        )
        if len(filled) > 1 or heads_a_column:
            rows.append(row)
        elif not FOOTNOTE.match(text):
            title.append(text)
    return title, rows


def _stacks(sheet: Sheet, header_rows: list) -> list[list]:
    """Per column the header texts above it, top first; a cell that heads several columns is repeated for
    each.
    """
    texts = [sheet.shown_row(row) for row in header_rows]
    own = [[text != "" for text in row] for row in texts]
    place_of = {row: place for place, row in enumerate(header_rows)}
    for (top, left), (_, right) in sheet.merged:
        if top in place_of and left < sheet.width:
            right = min(right, sheet.width - 1)
            texts[place_of[top]][left : right + 1] = [sheet.shown(top, left)] * (right + 1 - left)
    for place, row in enumerate(texts[:-1]):
        for column in range(1, sheet.width):
            below = any(line[column] for line in own[place + 1 :])
            if not own[place][column] and below and row[column - 1] and not label_role(row[column - 1]):
                row[column] = row[column - 1]
    return [[row[column] for row in texts] for column in range(sheet.width)]


def _data_rows(sheet: Sheet, first: int, labels, is_region, figures) -> list[int]:
    """Rows with figures or a region, up to the header of a next table."""
    rows = []
    for row in sheet.filled_rows[bisect_left(sheet.filled_rows, first) :]:
        if is_region[row]:
            rows.append(row)
            continue
        values = [text for column in figures if value_like(text := sheet.shown(row, column))]
        if label_role(labels[row]) in ("region", "province", "number") or (
            values and not labels[row] and all(map(year_of, values))
        ):
            break
        if values and not FOOTNOTE.match(labels[row]):
            rows.append(row)
    return rows


def _sample(data_rows: list) -> list:
    return data_rows[:: max(len(data_rows) // SAMPLE, 1)]


def _counts_rows(sheet: Sheet, column: int, data_rows: list) -> bool:
    """Whether a column left of the regions only numbers the rows: 1, 2, 3 ..."""
    numbers = [sheet.shown(row, column).strip(" .") for row in _sample(data_rows)]
    return all(text == "" or (text.isdigit() and int(text) <= len(data_rows) + 1) for text in numbers)


def _holds_figures(sheet: Sheet, column: int, data_rows: list, header: Header) -> bool:
    """Whether a column holds figures: some cells look like it, or it is an empty column headed as one."""
    sample = _sample(data_rows)
    if sheet.numbers is not None and np.count_nonzero(~np.isnan(sheet.numbers[column][sample])) >= 0.3 * len(
        sample
    ):
        return True
    filled = [text for row in sample if (text := sheet.shown(row, column))] or [
        text for row in data_rows if (text := sheet.shown(row, column))
    ]
    if not filled:
        return bool(header.year or header.measure or header.unit)
    share = sum(map(value_like, filled)) / len(filled)
    return share > 0 if header.year or header.measure or header.unit else share >= 0.3


def _cells(sheet: Sheet, table: Table) -> Block:
    """The candidate cells, column by column from top to bottom."""
    data_rows, columns, headers = table.data_rows, list(table.headers), list(table.headers.values())
    headers_of = {
        column: " ".join(sheet.shown(row, column) for row in table.header_rows) for column in table.roles
    }
    title = read_header(table.title)
    year = title.year or year_of(sheet.name) or 0
    measured = any(header.measure for header in headers)
    realised = any(header.measure == "realised" for header in headers)
    all_target = title.measure == "target" and not measured and not any(map(REALISED.search, table.title))

    def described(role) -> list[str] | None:
        found = [column for column, name in table.roles.items() if name == role]
        column = next(
            (column for column in found if REGENCY.search(headers_of[column])), found[0] if found else None
        )
        return None if column is None else [sheet.shown(row, column) for row in data_rows]

    rows = {"row": [row + 1 for row in data_rows], "region": [table.labels[row] for row in data_rows]}
    for role, field in (
        ("code", "code"),
        ("note", "note"),
        ("indicator", "name"),
        ("unit", "unit"),
        ("status", "status"),
    ):
        if (texts := described(role)) is not None and (
            role == "indicator" or table.roles[table.region_column] != role
        ):
            rows[field] = texts
    if (years := described("year")) is not None:
        rows["year"] = [year_of(text) or max(year, 0) for text in years]
    for column in [column for column, header in table.described if PART_OF_REGION.fullmatch(header)]:
        parts = [sheet.shown(row, column) for row in data_rows]
        rows["region"] = [
            f"Kec. {part}, {region}" if part else region for part, region in zip(parts, rows["region"])
        ]
    if (provinces := described("province")) is not None and table.roles[table.region_column] != "province":
        rows["province"] = _filled_down(provinces)
    if sheet.hidden_rows:
        rows["hidden"] = [row in sheet.hidden_rows for row in data_rows]
    by_column = {
        "column": [column + 1 for column in columns],
        "name": [header.name for header in headers],
        "year": [header.year or max(year, 0) for header in headers],
        "unit": [header.unit or title.unit for header in headers],
        "measure": [
            (
                "target"
                if all_target
                else "attained"
                if header.measure == "achieved" and realised
                else header.measure
            )
            for header in headers
        ],
        "status": [header.status or title.status for header in headers],
        "hidden": [column in sheet.hidden_columns for column in columns],
    }
    heads = [
        text
        for row in table.header_rows
        if label_role(text := sheet.shown(row, table.region_column)) in ("province", "region")
    ]
    constants = {"sheet": sheet.name, "title": title.name, "dimension": heads[0] if heads else ""}
    constants["place"] = next(
        (place for text in (*table.title, sheet.name) if (place := region_in(text))), ""
    )
    text = np.empty((len(columns), len(data_rows)), dtype=object)
    number = np.full(text.shape, np.nan)
    at = np.array(data_rows)
    for place, column in enumerate(columns):
        text[place] = np.asarray(sheet.texts[column], dtype=object)[at]
        if sheet.numbers is not None:
            number[place] = sheet.numbers[column][at]
    return block(rows, by_column, constants, text, number, sheet.percent)


def _filled_down(texts: list[str]) -> list[str]:
    """Merged or blank province cells take the value above them."""
    filled, last = [], ""
    for text in texts:
        last = text or last
        filled.append(last)
    return filled
