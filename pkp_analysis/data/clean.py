"""Candidate cells to observations: names, years, units and numbers; a cell that makes no observation is an issue, never lost."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import DataContractError
from .codebook import indicators, to_indicator
from .numbers import parse_numbers
from .readers import RawFile, read_cells
from .readers.sheet import column_letter, shown
from .regions import regions as region_register
from .resolve import resolve_indicators, resolve_regions, unit_factors

OBSERVATION_COLUMNS = [
    "region_code", "indicator", "year", "value", "unit", "source_id", "precedence", "status", "series", "is_governing",
    "file", "sheet", "row", "column", "note",
]
ISSUE_COLUMNS = ["file", "sheet", "row", "column", "text", "rule", "severity", "message", "suggestion"]
STATUSES = ("official", "provisional", "derived", "press")
# Cells that are understood but are no realised value of a region; they count as rejected, with severity "note".
SET_ASIDE = {
    "target_cell": ("Sel ini target, bukan realisasi.", "catat target di data/raw/targets.csv"),
    "attained_cell": ("Sel ini perbandingan realisasi dengan target, bukan realisasi; dihitung sendiri dari keduanya.", ""),
    "period": ("Sel ini angka sebagian tahun. Yang diharapkan: angka setahun.", "pakai turunan tahun 'Tahunan'"),
    "subtotal": ("Baris jumlah tanpa nama wilayah; jumlah dihitung sendiri dari bagiannya.", "tulis nama wilayahnya bila angka ini resmi"),
}
MEASURES = {"target": "target_cell", "attained": "attained_cell", "period": "period"}
NUMBER_MESSAGES = {
    "error": "Sel berisi galat rumus. Yang diharapkan: angka.",
    "formula": "Sel berisi rumus yang belum dihitung. Yang diharapkan: angka.",
    "inexact": "Sel berisi perkiraan atau rentang. Yang diharapkan: satu angka.",
    "unreadable": "Sel tidak terbaca sebagai angka. Yang diharapkan: angka seperti 95,40.",
    "ambiguous_number": "Tanda titik atau koma dapat berarti desimal atau ribuan, dan isi kolom tidak memutuskannya.",
}


@dataclass(frozen=True)
class Cleaned:
    """`counts` = candidates, observations, rejected, missing; the first is always the sum of the others."""

    observations: pd.DataFrame
    issues: pd.DataFrame
    counts: dict
    layout: str = ""


def read_raw(path, indicator: str | None = None, year: int | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(observations, issues) of one file in any supported layout, which is found by content.

    `indicator` and `year` fill what the file does not say. Raises PkpError for a file no reader understands.
    """
    cleaned = clean_file(path, {"indicator": indicator or "", "year": year or ""})
    return cleaned.observations, cleaned.issues


def clean_file(path, source) -> Cleaned:
    """Observations and issues of one raw file.

    `source` is its row of sources.csv (a mapping; `indicator`, `year` and `status` may be empty), or the list or frame of
    rows when several sources share a tidy file that names them in its column source_id.
    """
    return clean_cells(read_cells(Path(path)), source)


def clean_cells(raw: RawFile, source) -> Cleaned:
    """As clean_file, for a file already read."""
    sources = _source_rows(source)
    first = sources[0]
    cells = raw.cells.reset_index(drop=True)
    work = pd.DataFrame({"rule": "", "message": "", "suggestion": ""}, index=cells.index, dtype=object)

    regions = resolve_regions(cells)
    named = resolve_indicators(cells, to_indicator(first["indicator"]) if first["indicator"] else "")
    years = np.where(cells["year"] == 0, int(first["year"] or 0), cells["year"])
    book = indicators()
    minimum = named["indicator"].map(book["minimum"]).fillna(-np.inf).to_numpy(float)
    maximum = named["indicator"].map(book["maximum"]).fillna(np.inf).to_numpy(float)
    whole = named["indicator"].map(book["decimals"]).eq(0).to_numpy()
    factors = unit_factors(pd.DataFrame({"unit": cells["unit"], "indicator": named["indicator"]}))
    factor = factors["factor"].to_numpy(float)

    place = cells["sheet"].astype("str") + "!" + cells["column"].astype("str")
    numbers = _numbers(cells, place, minimum, maximum, whole, np.nan_to_num(factor, nan=1.0))
    value = numbers["value"].to_numpy(float) * factor
    percent = cells["percent"].to_numpy(bool)
    value = np.round(np.where(percent, value * 100, value), 10)

    def refuse(where, rule, message, suggestion=""):
        """The first reason found stands."""
        where = np.asarray(where, dtype=bool) & (work["rule"] == "").to_numpy()
        for column, text in (("rule", rule), ("message", message), ("suggestion", suggestion)):
            work.loc[where, column] = text if isinstance(text, str) else np.asarray(text, dtype=object)[where]

    refuse(numbers["rule"] == "missing", "missing", numbers["note"].map(lambda note: f"Tidak ada angka: {note}." if note else "Sel kosong."))
    if raw.layout == "wide_panel":
        refuse(value == 0, "zero_as_missing", "Nol di tabel lebar biasanya berarti tidak ada data, jadi tidak dipakai sebagai angka.",
               "bila nol memang angkanya, kirim dalam formulir dari `pkp template`")
    for measure, rule in MEASURES.items():
        refuse(cells["measure"] == measure, rule, *SET_ASIDE[rule])
    refuse(regions["rule"] != "", regions["rule"], regions["message"], regions["suggestion"])
    refuse(named["rule"] != "", named["rule"], named["message"], named["suggestion"])
    refuse(years == 0, "year", "Tahun data tidak disebut di kepala kolom maupun judul. Yang diharapkan: satu tahun.", "beri tahun dengan --year")
    refuse(years < 0, "year", "Kepala kolom menyebut beberapa tahun. Yang diharapkan: satu tahun per kolom.", "minta angka per tahun")
    expected = named["indicator"].map(book["unit"]).fillna("")
    refuse(np.isnan(factor), "unit", "Satuan " + cells["unit"].astype(object) + " tidak sesuai. Yang diharapkan: " + expected.astype(object) + ".")
    percent_elsewhere = (percent | numbers["unit"].isin(["%", "persen"])) & (factors["base"] != "%")
    refuse(percent_elsewhere, "unit", "Sel berisi persen. Yang diharapkan: " + expected.astype(object) + ".")
    refuse(numbers["rule"].isin(NUMBER_MESSAGES), numbers["rule"], numbers["rule"].map(NUMBER_MESSAGES), numbers["suggestion"])
    fraction = _fractions(value, place, named["indicator"], factors["base"])
    refuse(fraction, "fraction", "Semua angka kolom ini paling besar 1; tampaknya pecahan, bukan persen. Yang diharapkan: 0 sampai 100.",
           [f"{number * 100:.10g}".replace(".", ",") for number in value] if fraction.any() else "")
    outside = ~((value >= minimum) & (value <= maximum))
    refuse(outside, "range", _range_messages(outside, value, minimum, maximum, expected) if outside.any() else "")

    frame = pd.DataFrame({
        "region_code": regions["region_code"], "indicator": named["indicator"], "year": years.astype(np.int64), "value": value,
        "unit": expected, "file": raw.path.name, "sheet": cells["sheet"], "row": cells["row"], "column": _letters(cells["column"]),
        "note": _notes(cells, numbers, percent, factor),
    })
    _attach_sources(frame, cells, sources, raw.path, numbers, refuse)
    _refuse_totals(frame, work, place, refuse)
    _refuse_duplicates(frame, work, refuse)

    kept = (work["rule"] == "").to_numpy()
    issues = _issues(frame, cells, work, numbers, raw)
    observations = frame.loc[kept].assign(series="", is_governing=False)[OBSERVATION_COLUMNS].reset_index(drop=True)
    missing = int(work["rule"].isin(["missing", "zero_as_missing"]).sum())
    counts = {"candidates": len(cells), "observations": len(observations), "rejected": int((~kept).sum()) - missing, "missing": missing}
    if len(cells) != sum(counts.values()) - len(cells):
        raise DataContractError(f"{raw.path.name}: {counts}: sel tidak terhitung seluruhnya. Laporkan sebagai kesalahan program.")
    return Cleaned(observations, issues, counts, raw.layout)


def _source_rows(source) -> list[dict]:
    """Rows of sources.csv as dicts with every key this module reads."""
    rows = source.to_dict("records") if isinstance(source, pd.DataFrame) else [source] if hasattr(source, "keys") else list(source)
    defaults = {"source_id": "", "precedence": 100, "status": "", "indicator": "", "year": ""}
    return [defaults | {key: value for key, value in dict(row).items() if value == value and value is not None and value != ""} for row in rows]


def _numbers(cells, place, minimum, maximum, whole, factor) -> pd.DataFrame:
    """Numbers as parse_numbers gives them; cells that already hold a number stand as they are."""
    count = len(cells)
    numbers = pd.DataFrame({"value": cells["number"].to_numpy(float), **{name: np.full(count, "", dtype=object) for name in ("unit", "status", "note", "rule", "suggestion")}})
    text = np.flatnonzero(np.isnan(numbers["value"].to_numpy()))
    if len(text):
        read = parse_numbers(cells["text"].iloc[text], place.iloc[text], minimum[text] / factor[text], maximum[text] / factor[text], whole[text])
        read.index = text
        numbers.loc[text, read.columns] = read
    return numbers


def _letters(columns: pd.Series) -> np.ndarray:
    codes, unique = pd.factorize(columns)
    return np.array([column_letter(number) for number in unique], dtype=object)[codes]


def _fractions(value, place, indicator, base) -> np.ndarray:
    """Per cent columns of an indicator that grows towards 100 in which no figure is above 1: typed as fractions."""
    known = pd.DataFrame({"value": value, "place": place.to_numpy(), "indicator": indicator.to_numpy()})
    known = known[(base == "%").to_numpy() & ~np.isnan(value) & indicator.map(indicators()["direction"]).eq("up").to_numpy()]
    groups = known.groupby(["place", "indicator"])["value"]
    flat = (groups.transform("max") <= 1) & (groups.transform("max") > 0) & (groups.transform("size") >= 3)
    result = np.zeros(len(value), dtype=bool)
    result[known.index[flat]] = True
    return result


def _range_messages(outside, value, minimum, maximum, expected) -> np.ndarray:
    messages = np.full(len(value), "", dtype=object)
    for place in np.flatnonzero(outside):
        messages[place] = (f"Nilai {value[place]:.10g} di luar rentang wajar. Yang diharapkan: {minimum[place]:.10g} sampai "
                           f"{maximum[place]:.10g} {expected.iloc[place]}.").replace(".", ",").replace("wajar,", "wajar.")
    return messages


def _notes(cells, numbers, percent, factor) -> np.ndarray:
    """What a reader of the figure should know, joined with semicolons."""
    parts = [cells["note"].to_numpy(object), numbers["note"].to_numpy(object),
             np.where(percent, "sel berformat persen: pecahan dikali 100", "").astype(object),
             np.where(np.isfinite(factor) & (factor != 1), "satuan " + cells["unit"].to_numpy(object) + " diubah", "").astype(object),
             np.where(cells["hidden"].to_numpy(bool), "baris atau kolom tersembunyi", "").astype(object)]
    joined = np.full(len(cells), "", dtype=object)
    for part in parts:
        joined = np.where(part == "", joined, np.where(joined == "", part, joined + "; " + part))
    return joined


def _attach_sources(frame, cells, sources, path, numbers, refuse) -> None:
    """source_id, precedence and status per cell; a source_id that sources.csv does not hold is refused."""
    by_id = {row["source_id"]: row for row in sources}
    named = cells["source_id"].where(cells["source_id"] != "", sources[0]["source_id"] if len(sources) == 1 else "")
    if list(by_id) == [""]:  # read on its own, without a row of sources.csv
        frame["source_id"], by_id = named.where(named != "", path.stem), {}
    else:
        frame["source_id"] = named
        refuse(~named.isin(by_id), "source", "Sumber " + named.astype(object) + " tidak ada di sources.csv untuk file ini.", "tambahkan barisnya di data/raw/sources.csv")
    precedence = {key: int(row["precedence"]) for key, row in by_id.items()}
    default = {key: row["status"] for key, row in by_id.items()}
    frame["precedence"] = frame["source_id"].map(precedence).fillna(100).astype(np.int64)
    own = cells["status"].where(cells["status"].isin(STATUSES), "")
    status = own.where(own != "", numbers["status"])
    status = status.where(status != "", frame["source_id"].map(default).fillna(""))
    frame["status"] = status.where(status != "", "official")


def _refuse_totals(frame, work, place, refuse) -> None:
    """A count of the whole that is smaller than its parts, or a part larger than the whole, is wrong in one of the two."""
    counted = frame[(work["rule"] == "") & ~frame["unit"].str.contains("%|/rumah", regex=True)]
    totals = counted[counted["region_code"].str.len() == 2]
    if totals.empty:
        return
    province = counted["region_code"].map(region_register()["province_code"])
    for place_in_file, total in totals.iterrows():
        same = (counted["indicator"] == total["indicator"]) & (counted["year"] == total["year"]) & (counted["source_id"] == total["source_id"])
        level = counted["region_code"].str.len() == 2 if total["region_code"] == "00" else province.eq(total["region_code"])
        parts = counted[same & level & (counted.index != place_in_file)]
        larger = parts[parts["value"] > total["value"]]
        where = np.zeros(len(frame), dtype=bool)
        if len(larger) >= 2:
            where[place_in_file] = True
            refuse(where, "total", f"Jumlah {total['value']:.10g} lebih kecil daripada {len(larger)} bagiannya. Yang diharapkan: jumlah seluruh bagian, {parts['value'].sum():.10g}.",
                   f"{parts['value'].sum():.10g}")
        elif len(larger) == 1 and len(parts) > 1:
            where[larger.index] = True
            refuse(where, "total", f"Nilai bagian lebih besar daripada jumlahnya ({total['value']:.10g}). Periksa keduanya.")


def _refuse_duplicates(frame, work, refuse) -> None:
    """One region twice in a file: equal values count once, different ones are all refused."""
    key = ["region_code", "indicator", "year", "source_id"]
    kept = frame[work["rule"] == ""]
    repeated = kept[kept.duplicated(key, keep=False)]
    if repeated.empty:
        return
    groups = repeated.groupby(key, sort=False)
    differing = groups["value"].transform("nunique") > 1
    address = repeated["sheet"].where(repeated["sheet"] == "", repeated["sheet"] + "!") + repeated["column"] + repeated["row"].astype("str")
    listed = (address + " = " + repeated["value"].map(lambda value: f"{value:.10g}".replace(".", ","))).groupby([repeated[name] for name in key]).transform("; ".join)
    where, text = np.zeros(len(frame), dtype=bool), np.full(len(frame), "", dtype=object)
    where[repeated.index[differing]] = True
    text[repeated.index] = listed
    refuse(where, "duplicate_differs", "Wilayah dan tahun yang sama berisi nilai berbeda (" + text + "). Yang diharapkan: satu nilai.", "tanyakan pengirim nilai mana yang benar")
    where = np.zeros(len(frame), dtype=bool)
    where[repeated.index[~differing & repeated.duplicated(key)]] = True
    refuse(where, "duplicate", "Wilayah dan tahun yang sama sudah ada dengan nilai yang sama (" + text + ").", "hapus salah satu baris")


def _issues(frame, cells, work, numbers, raw: RawFile) -> pd.DataFrame:
    """One row per cell that made no observation, then what was noticed about cells that did, then about the file."""
    rule = work["rule"]
    text = np.where(cells["text"] != "", cells["text"], cells["number"].map(shown, na_action="ignore").fillna(""))
    base = pd.DataFrame({"file": frame["file"], "sheet": cells["sheet"], "row": cells["row"], "column": frame["column"], "text": text,
                         "rule": rule, "severity": "rejected", "message": work["message"], "suggestion": work["suggestion"]})
    refused = base[rule != ""].copy()
    refused.loc[refused["rule"].isin([*SET_ASIDE, "missing"]), "severity"] = "note"
    refused.loc[refused["rule"] == "zero_as_missing", "severity"] = "warning"
    styled = base[(rule == "") & (numbers["rule"] == "decimal_style")].copy()
    styled[["rule", "severity"]] = "decimal_style", "note"
    styled["message"] = "Tanda desimal diputuskan dari rentang wajar indikator, karena kolom tidak menunjukkannya."
    styled["suggestion"] = "periksa: dibaca " + frame.loc[styled.index, "value"].map(_decimal_comma).astype(object)
    hidden = base[(rule == "") & cells["hidden"]].assign(rule="hidden", severity="note", message="Baris atau kolom ini tersembunyi di buku kerja; angkanya dipakai.", suggestion="tampilkan atau hapus baris itu")
    file_level = pd.DataFrame([
        {"file": raw.path.name, "sheet": sheet, "row": row, "column": column_letter(column) if column else "", "text": found, "rule": name, "severity": "note", "message": message, "suggestion": ""}
        for sheet, row, column, found, name, message in raw.remarks], columns=ISSUE_COLUMNS)
    return pd.concat([part for part in (refused, styled, hidden, file_level) if len(part)] or [file_level], ignore_index=True)[ISSUE_COLUMNS]


def _decimal_comma(value: float) -> str:
    return f"{value:.10g}".replace(".", ",")
