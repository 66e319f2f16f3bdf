"""Tidy tables: one row per figure, with columns for region, indicator, year and value."""

import numpy as np
import pandas as pd

from .headers import label_role, unit_of, year_of
from .sheet import Block, Coded, Sheet, block, number_text

VALUES = {"value", "nilai", "angka", "realisasi", "capaian"}
HEADER_AT_MOST = 15  # rows above a tidy header


def find_header(sheet: Sheet) -> tuple[int, dict] | None:
    """(row, {role: column}) of a tidy header, None when the sheet has none."""
    for row in range(min(sheet.height, HEADER_AT_MOST)):
        roles = {}
        for column, text in enumerate(sheet.shown_row(row)):
            role = "value" if text.lower() in VALUES else label_role(text)
            if role and role not in roles:
                roles[role] = column
        if "value" in roles and "year" in roles and {"region", "code", "province"} & set(roles):
            return row, roles
    return None


def read_cells(sheet: Sheet) -> Block:
    """The candidate cells: one per row below the header that is not empty."""
    header, roles = find_header(sheet)
    filled = np.zeros(sheet.height, dtype=bool)
    for role in {"region", "code", "province", "indicator", "year", "value"} & set(roles):
        filled |= np.asarray(sheet.texts[roles[role]] != "", dtype=bool)
        if sheet.numbers is not None:
            filled |= ~np.isnan(sheet.numbers[roles[role]])
    filled[: header + 1] = False
    kept = np.flatnonzero(filled)

    def column(role, convert=str.strip) -> Coded:
        """A describing column, each different text converted once."""
        texts = sheet.texts[roles[role]]
        if sheet.numbers is not None:
            texts = np.array(
                [
                    text if text else number_text(number)
                    for text, number in zip(texts, sheet.numbers[roles[role]])
                ],
                dtype=object,
            )
        codes, unique = pd.factorize(texts[kept])
        return Coded(codes, [convert(text) for text in unique])

    rows = {"row": kept + 1}
    for role in ("region", "province", "code", "status", "source_id", "note"):
        if role in roles:
            rows[role] = column(role)
    if "region" not in rows:
        rows["region"] = rows.pop("province") if "province" in rows else rows["code"]
    if "indicator" in roles:
        rows["name"] = column("indicator")
    rows["year"] = column("year", lambda text: year_of(text) or 0)
    if "unit" in roles:
        rows["unit"] = column("unit", lambda text: unit_of(text) or text.strip())
    if sheet.hidden_rows:
        rows["hidden"] = np.isin(kept, list(sheet.hidden_rows))
    place = roles["value"]
    text = np.asarray(sheet.texts[place], dtype=object)[kept]
    number = sheet.numbers[place][kept] if sheet.numbers is not None else np.full(len(kept), np.nan)
    return block(
        rows, {"column": [place + 1]}, {"sheet": sheet.name}, text[None, :], number[None, :], sheet.percent
    )
