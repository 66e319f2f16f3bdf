"""Tidy tables: one row per figure, with columns for region, indicator, year and value."""

import re
from functools import partial

import numpy as np
import pandas as pd

from ..regions import in_order
from .headers import TARGET, WHOLE, label_role, unit_of, year_of
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
    spanned = {
        place
        for (top, left), (bottom, right) in sheet.merged
        for place in range(left, right + 1)
        if bottom > top > header
    }
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
        if roles[role] in spanned:
            texts = np.array(sheet.described(roles[role], range(sheet.height)), dtype=object)
        elif sheet.numbers is not None:
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
        rows["measure"] = column("indicator", lambda text: "target" if TARGET.search(text) else "")
    rows["year"] = column("year", lambda text: year_of(text) or 0)
    if "code" not in roles:
        lists = zip(*(rows[role].codes for role in ("province", "year", "name") if role in rows))
        region = rows["region"]
        rows["region"] = in_order([region.values[code] for code in region.codes], list(lists))
    if "unit" in roles:
        rows["unit"] = column("unit", lambda text: unit_of(text) or text.strip())
    codes = sheet.shown(header, roles["code"]) if "code" in roles else ""
    if "kemendagri" in codes.lower():
        rows["code"] = column("code", lambda text: re.sub(r"^(\d\d)(\d\d)$", r"\1.\2", text.strip()))
    if sheet.overfull:
        rows["part"] = ["overfull: baris" if row in sheet.overfull else "" for row in kept]
    for role, kind in (("part", "kecamatan: "), ("facility", "facility: "), ("breakdown", "breakdown: ")):
        if role in roles:
            rows["part"] = column(role, partial(_part, kind, sheet.shown(header, roles[role])))
    if "period" in roles:
        head = sheet.shown(header, roles["period"])
        rows["period"] = column(
            "period", lambda text: "" if WHOLE.fullmatch(text) else f"{head} {text.strip()}"
        )
    if sheet.hidden_rows:
        rows["hidden"] = np.isin(kept, list(sheet.hidden_rows))
    place = roles["value"]
    text = np.asarray(sheet.texts[place], dtype=object)[kept]
    number = sheet.numbers[place][kept] if sheet.numbers is not None else np.full(len(kept), np.nan)
    return block(
        rows, {"column": [place + 1]}, {"sheet": sheet.name}, text[None, :], number[None, :], sheet.percent
    )


def _part(kind: str, head: str, text: str) -> str:
    """What a column that splits the rows of a region says of one; "" for the whole."""
    return "" if WHOLE.fullmatch(text.strip()) else f"{kind}{head} {text.strip()}"
