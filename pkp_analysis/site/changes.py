"""What changed since the previous different data set: its figures are kept, so an unchanged rerun tells the
same.
"""

import json
from pathlib import Path

import pandas as pd

from ..files import write

FIGURES = ["region_code", "indicator", "framework", "target_year", "target", "value", "value_year", "status"]
KEY = ["region_code", "indicator"]
NUMBERS = dict.fromkeys(("target_year", "target", "value", "value_year"), "float64")
NOW, BEFORE = "sekarang.json", "sebelumnya.json"


def snapshot(assessment: pd.DataFrame) -> pd.DataFrame:
    """The figures a status rests on: the governing plan of each region and indicator, the value and the
    status.
    """
    rows = assessment.loc[assessment["is_headline"], FIGURES].drop_duplicates(KEY)
    return rows.sort_values(KEY).reset_index(drop=True)


def remember(folder: Path, data_version: str, figures: pd.DataFrame) -> tuple[str, pd.DataFrame] | None:
    """Keep this data set's figures; returns (version, figures) of the previous different one, None when there
    is none.

    Regions that only an earlier run of the same data set covered stay.
    """
    now, before = read(folder / NOW), read(folder / BEFORE)
    if now and now[0] != data_version:
        write(folder / BEFORE, text(*now))
        before = now
    elif now:
        figures = pd.concat([figures, now[1]]).drop_duplicates(KEY).sort_values(KEY)
    write(folder / NOW, text(data_version, figures))
    return before


def text(data_version: str, figures: pd.DataFrame) -> str:
    rows = json.loads(figures[FIGURES].astype(NUMBERS).to_json(orient="values", double_precision=10))
    kept = {"data_version": data_version, "columns": FIGURES, "rows": rows}
    return json.dumps(kept, ensure_ascii=False) + "\n"


def read(path: Path) -> tuple[str, pd.DataFrame] | None:
    """(version, figures) as kept, None when there are none that this version of the library can read."""
    if not path.is_file():
        return None
    stored = json.loads(path.read_text(encoding="utf-8"))
    if stored["columns"] != FIGURES:
        return None
    figures = pd.DataFrame(stored["rows"], columns=FIGURES)
    return stored["data_version"], figures.astype(NUMBERS)


def compare(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """A row per region and indicator that differs: FIGURES of both with _before and _now, and `kinds` (a
    tuple).

    Kinds: new_data (a value for a later year, or the first), revision (another value for the same year),
    withdrawn
    (no value any more, or only an older one), target, method (the status moved although value and target did
    not).
    Only regions that both cover are compared.
    """
    both = set(before["region_code"]) & set(now["region_code"])
    pairs = before[before["region_code"].isin(both)].merge(
        now[now["region_code"].isin(both)], on=KEY, how="outer", suffixes=("_before", "_now"), validate="1:1"
    )
    pairs["kinds"] = [kinds(row) for row in pairs.itertuples()]
    return pairs[pairs["kinds"].map(len) > 0].sort_values(KEY).reset_index(drop=True)


def kinds(row) -> tuple[str, ...]:
    found = []
    year_before, year_now = pd.Series([row.value_year_before, row.value_year_now]).fillna(-1)
    if year_now > year_before:
        found.append("new_data")
    elif year_now < year_before:
        found.append("withdrawn")
    elif year_now >= 0 and row.value_now != row.value_before:
        found.append("revision")
    if any(differs(row, part) for part in ("framework", "target_year", "target")):
        found.append("target")
    if not found and differs(row, "status"):
        found.append("method")
    return tuple(found)


def differs(row, part: str) -> bool:
    before, now = getattr(row, f"{part}_before"), getattr(row, f"{part}_now")
    return before != now and not (pd.isna(before) and pd.isna(now))
