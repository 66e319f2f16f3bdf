"""Tidy tables: one row per figure, with columns for region, indicator, year and value. Also the form of `pkp template`."""

import numpy as np
import pandas as pd

from .headers import label_role, unit_of, year_of
from .sheet import Sheet, shown
from .table import CELL_COLUMNS

VALUES = {"value", "nilai", "angka", "realisasi", "capaian"}
HEADER_AT_MOST = 15  # rows above a tidy header


def find_header(sheet: Sheet) -> tuple[int, dict] | None:
    """(row, {role: column}) of a tidy header, None when the sheet has none."""
    for row in range(min(len(sheet.cells), HEADER_AT_MOST)):
        roles = {}
        for column, cell in enumerate(sheet.cells.iloc[row]):
            text = shown(cell).strip().lower()
            role = "value" if text in VALUES else label_role(text)
            if role and role not in roles:
                roles[role] = column
        if "value" in roles and "year" in roles and {"region", "code", "province"} & set(roles):
            return row, roles
    return None


def read_cells(sheet: Sheet) -> pd.DataFrame:
    """The candidate cells: one per row below the header that is not empty."""
    header, roles = find_header(sheet)
    body = sheet.cells.iloc[header + 1 :]
    filled = np.zeros(len(body), dtype=bool)
    for role in ("region", "code", "province", "indicator", "year", "value"):
        if role in roles:
            filled |= (body[roles[role]] != "").to_numpy(bool)
    body = body[filled]

    def texts(role) -> pd.Series:
        """A describing column as text; few different values, so each is converted once."""
        if role not in roles:
            return pd.Series("", index=body.index, dtype=object)
        codes, unique = pd.factorize(body[roles[role]])
        return pd.Series(np.array([shown(value).strip() for value in unique], dtype=object)[codes], index=body.index)

    def mapped(role, function, empty):
        codes, unique = pd.factorize(texts(role))
        return np.array([function(value) or empty for value in unique], dtype=object)[codes]

    value = body[roles["value"]]
    is_number = np.zeros(len(value), dtype=bool)
    if value.dtype == object:
        is_number = np.array([isinstance(cell, float | int) and not isinstance(cell, bool) for cell in value], dtype=bool)
        text = np.array([cell if isinstance(cell, str) else "" if number else shown(cell)
                         for cell, number in zip(value, is_number)], dtype=object)
    else:
        text = value.to_numpy(dtype=object)
    number = np.full(len(value), np.nan)
    number[is_number] = value[is_number].astype(float)
    region, code = texts("region"), texts("code")
    if "region" not in roles:
        region = texts("province") if "province" in roles else code
    rows = body.index.to_numpy() + 1
    column = roles["value"] + 1
    return pd.DataFrame({
        "sheet": sheet.name, "row": rows, "column": column, "text": text, "number": number,
        "percent": [(row - 1, column - 1) in sheet.percent for row in rows] if sheet.percent else False,
        "region": region.to_numpy(), "province": texts("province").to_numpy() if "region" in roles else "",
        "code": code.to_numpy(), "name": texts("indicator").to_numpy(), "title": "",
        "year": mapped("year", year_of, 0).astype(np.int64), "unit": mapped("unit", lambda unit: unit_of(unit) or unit, ""),
        "measure": "", "status": texts("status").to_numpy(), "source_id": texts("source_id").to_numpy(),
        "note": texts("note").to_numpy(),
        "hidden": np.isin(rows - 1, list(sheet.hidden_rows)) if sheet.hidden_rows else False, "dimension": "",
    })[CELL_COLUMNS]
