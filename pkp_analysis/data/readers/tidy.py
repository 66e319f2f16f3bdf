"""Tidy tables: one row per figure, with columns for region, indicator, year and value."""

import re
from functools import lru_cache

import numpy as np
import pandas as pd

from ..numbers import STRUCK
from ..regions import in_order
from .headers import (
    MEASURE_CELL,
    PART_IN_TITLE,
    RATED,
    WHOLE,
    label_role,
    read_header,
    read_title,
    target_texts,
    unit_of,
    year_of,
)
from .labels import LOOKED_AT, value_like
from .sheet import Block, Coded, Sheet, block, number_text
from .table import PARTS, REGENCY, says_kind

PART_KINDS = {"part": "kecamatan: ", "facility": "facility: ", "breakdown": "breakdown: "}
SAYING = {*PART_KINDS, "indicator", "note", "status"}  # roles whose texts may call a row a target
VALUES = (
    "realisasi",
    "nilai",
    "value",
    "angka",
    "capaian",
)  # a score and a share of the target come after the figure
HEADER_AT_MOST = 15  # rows above a tidy header


def find_header(sheet: Sheet) -> tuple[int, dict] | None:
    """(row, {role: column}) of a tidy header, None when the sheet has none."""
    for row in range(min(sheet.height, HEADER_AT_MOST)):
        texts, roles = [column[row].strip().lower() for column in sheet.texts], {}
        if not (found := [texts.index(name) for name in VALUES if name in texts]):
            continue
        for column, text in enumerate(texts):
            role = "" if text in VALUES else label_role(text)
            if role and role not in roles:
                roles[role] = column
        roles["value"] = found[0]
        if "year" in roles and {"region", "code", "province"} & set(roles):
            by_title = row and "indicator" not in roles  # a cross table, whose title names the indicator
            return None if by_title else (row, roles)
    return None


def read_cells(sheet: Sheet, header: int, roles: dict) -> Block:
    """The candidate cells: one per row below the header (see find_header) that is not empty."""
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

    @lru_cache
    def coded(place: int) -> Coded:
        """A describing column as it stands."""
        texts = sheet.texts[place]
        if place in spanned:
            texts = np.array(sheet.described(place, range(sheet.height)), dtype=object)
        elif sheet.numbers is not None:
            texts = np.array(
                [text if text else number_text(number) for text, number in zip(texts, sheet.numbers[place])],
                dtype=object,
            )
        return Coded(*pd.factorize(texts[kept]))

    def column_at(place: int, convert) -> Coded:
        """A describing column, each different text converted once."""
        codes, unique = coded(place)
        return Coded(codes, [convert(text) for text in unique])

    def column(role, convert=str.strip) -> Coded:
        return column_at(roles[role], convert)

    rows = {"row": kept + 1}
    heads = sheet.shown_row(header)
    codes = [place for place, head in enumerate(heads) if label_role(head) == "code"]
    roles = roles | (
        {"code": max(codes, key=lambda place: bool(REGENCY.search(heads[place])))} if codes else {}
    )
    for role in ("region", "province", "code", "status", "source_id", "note"):
        if role in roles:
            rows[role] = column(role)
    if len(codes) > 1 and all(
        len(text) < 3 for text in rows["code"].values
    ):  # of the province, and within it
        within = zip(*(_each([column_at(place, str.strip)]) for place in (codes[0], roles["code"])))
        rows["code"] = Coded(
            *pd.factorize(np.array([f"{of[0]}{own[0]:0>2}" for of, own in within], dtype=object))
        )
    if "region" not in rows:
        by_code = "code" in rows and any(len(text) > 3 for text in rows["code"].values)
        rows["region"] = rows.pop("province") if "province" in rows and not by_code else rows["code"]
    if "indicator" in roles:
        rows["name"] = column("indicator")
    rows["year"] = column("year", lambda text: year_of(text) or 0)
    if "code" not in roles:
        lists = zip(*(rows[role].codes for role in ("province", "year", "name") if role in rows))
        region = rows["region"]
        rows["region"] = in_order([region.values[code] for code in region.codes], list(lists))
    title = read_title([text for row in range(header) for text in sheet.shown_row(row) if text])
    if "unit" in roles:
        rows["unit"] = column("unit", lambda text: unit_of(text) or text.strip())
    elif "indicator" in roles:
        rows["unit"] = column("indicator", lambda text: read_header(text).unit)
    if "code" in roles and "kemendagri" in heads[roles["code"]].lower():
        rows["code"] = column("code", lambda text: re.sub(r"^(\d\d)(\d\d)$", r"\1.\2", text.strip()))
    parts, measures = [], []
    if sheet.overfull:
        told = np.isin(kept, list(sheet.overfull)).astype(int)
        parts.append(Coded(told, ["", "overfull: baris"]))
    for place, head in enumerate(sheet.shown_row(header)):
        role = label_role(head)
        if role == "year" and place != roles["year"] and "period" not in roles:  # "Periode" beside "Tahun"
            rows["period"] = column_at(place, lambda text: text.strip() if PART_IN_TITLE.search(text) else "")
        if place != roles["value"] and role != "note" and any(STRUCK in text for text in coded(place).values):
            measures.append(column_at(place, lambda text: "struck" if STRUCK in text else ""))
        if place in roles.values() and role not in SAYING:
            continue
        said = column_at(place, str.strip)
        targets = target_texts(role, said.values)
        measures.append(Coded(said.codes, ["target" if text in targets else "" for text in said.values]))
        if any(map(RATED.fullmatch, said.values)):
            keys = [rows[field] for field in ("region", "province", "year", "name") if field in rows]
            if says_kind(said.values, _each(keys), [said.values[code] for code in said.codes]):
                continue
        if role in PART_KINDS or (role not in SAYING and any(map(PARTS.fullmatch, said.values))):
            kind = PART_KINDS.get(role, "breakdown: ")
            parts.append(Coded(said.codes, [_part(kind, head, text) for text in said.values]))
    for field, found in (("part", parts), ("measure", measures)):
        if found := [said for said in found if any(said.values)]:
            rows[field] = _first_said(found)
    if any(map(PART_IN_TITLE.search, coded(roles["year"]).values)):  # "2023-S1"
        rows["period"] = column("year", lambda text: text if PART_IN_TITLE.search(text) else "")
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
        rows,
        {"column": [place + 1]},
        {"sheet": sheet.name, "title": title.name, "unit": title.unit, "measure": title.measure},
        text[None, :],
        number[None, :],
        sheet.formats,
    )


def other_figures(sheet: Sheet, header: int, roles: dict) -> list[tuple[int, str]]:
    """Columns of figures beside the one that is read: (column, header)."""
    found = []
    for column, head in enumerate(sheet.shown_row(header)):
        if column not in roles.values() and not label_role(head):
            rows = range(header + 1, min(sheet.height, header + LOOKED_AT))
            shown = [text for row in rows if (text := sheet.shown(row, column))]
            if 2 * sum(map(value_like, shown)) > len(shown):
                found.append((column, head))
    return found


def _each(columns: list) -> list[tuple]:
    """Per row what these columns say."""
    return list(
        zip(*([of.values[code] for code in of.codes] if isinstance(of, Coded) else of for of in columns))
    )


def _part(kind: str, head: str, text: str) -> str:
    """What a column that splits the rows of a region says of one; "" for the whole."""
    return "" if WHOLE.fullmatch(text) or MEASURE_CELL.fullmatch(text) else f"{kind}{head} {text}"


def _first_said(columns: list[Coded]) -> Coded:
    """Per row what the first of the columns that says something says."""
    texts = np.full(len(columns[0].codes), "", dtype=object)
    for codes, values in columns:
        texts = np.where(texts == "", np.array(values, dtype=object)[codes], texts)
    return Coded(*pd.factorize(texts))
