"""Several sources for one figure: which one governs, which series it belongs to, and where the sources
disagree.
"""

import pandas as pd

from ..paths import REFERENCE
from .codebook import indicators
from .regions import region_name

KEY = ["region_code", "indicator", "year"]
FIRST_SERIES = "utama"
ISSUE_COLUMNS = ["file", "sheet", "row", "column", "text", "rule", "severity", "message", "suggestion"]


def decimal_comma(value: float) -> str:
    """ "803.794,32": a figure inside an Indonesian message, with no more digits than it has."""
    return f"{value:,.12g}".translate(str.maketrans({",": ".", ".": ","}))


def issue(observation, rule: str, severity: str, message: str, suggestion: str = "") -> dict:
    """An issue at the cell of an observation (a named tuple of its row)."""
    return {
        "file": observation.file,
        "sheet": observation.sheet,
        "row": observation.row,
        "column": observation.column,
        "text": f"{observation.value:.12g}",
        "rule": rule,
        "severity": severity,
        "message": message,
        "suggestion": suggestion,
    }


def issues_frame(rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=ISSUE_COLUMNS)
    return frame.astype({"row": "int64"} | {name: "str" for name in ISSUE_COLUMNS if name != "row"})


def where(observation) -> str:
    """ "Air minum layak Kalimantan Selatan 2022"."""
    return (
        f"{indicators().at[observation.indicator, 'short_name']} {region_name(observation.region_code)}"
        f" {observation.year}"
    )


def breaks() -> pd.DataFrame:
    """Known breaks: region_code and indicator (empty = all), from_year, series that starts there, reason."""
    return pd.read_csv(REFERENCE / "breaks.csv", dtype={"from_year": "int64"}, keep_default_na=False)


def assign_series(observations: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """The observations with `series`: of all breaks that apply to a row, the one that starts last names it."""
    series = pd.Series(FIRST_SERIES, index=observations.index, dtype="str")
    # A break of one region goes after one of all regions in the same year, so that it wins.
    for row in breaks.sort_values(["from_year", "region_code"], kind="stable").itertuples():
        applies = observations["year"] >= row.from_year
        if row.indicator:
            applies &= observations["indicator"] == row.indicator
        if row.region_code:
            applies &= observations["region_code"] == row.region_code
        series = series.mask(applies, row.series)
    return observations.assign(series=series)


def govern(observations: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The observations with `is_governing`: per region, indicator and year the source with the lowest
    precedence number,
    of equal ones the one published last (downloaded last, where no date of publication is known), then the
    later row of `sources`. Every alternative stays.
    """
    dates = sources.set_index("source_id")
    published = (
        observations["source_id"]
        .map(dates["published"].where(dates["published"] != "", dates["accessed"]))
        .fillna("")
    )
    later = observations["source_id"].map(pd.Series(range(len(sources)), index=sources["source_id"]))
    order = observations.assign(_published=published, _row=later).sort_values(
        ["precedence", "_published", "_row"], ascending=[True, False, False], kind="stable"
    )
    first = order.drop_duplicates(KEY).index
    return observations.assign(is_governing=observations.index.isin(first))


def governing(observations: pd.DataFrame, indicator: str | None = None) -> pd.DataFrame:
    """The governing rows, of one indicator or of all."""
    rows = observations[observations["is_governing"]]
    return rows if indicator is None else rows[rows["indicator"] == indicator]


def conflicts(observations: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """An issue for each figure that differs from the governing one by more than the indicator's tolerance."""
    chosen = governing(observations).rename(columns={"value": "chosen", "source_id": "chosen_source"})
    pairs = observations[~observations["is_governing"]].merge(
        chosen[[*KEY, "chosen", "chosen_source"]], on=KEY, validate="m:1"
    )
    tolerance = (
        pairs["indicator"].map(indicators()["tolerance"]).astype("float64")
    )  # an empty map would be text
    publisher = sources.set_index("source_id")["publisher"]
    rows = []
    for pair in pairs[(pairs["value"] - pairs["chosen"]).abs() > tolerance + 1e-9].itertuples():
        difference = decimal_comma(round(abs(pair.value - pair.chosen), 10))
        unit = "persen poin" if pair.unit.startswith("%") else pair.unit
        rows.append(
            issue(
                pair,
                "source_conflict",
                "warning",
                f"{where(pair)}: {decimal_comma(pair.value)} menurut {publisher[pair.source_id]}, berbeda"
                f" {difference} {unit} dari {decimal_comma(pair.chosen)} menurut"
                f" {publisher[pair.chosen_source]} yang dipakai.",
                "cocokkan definisi dan tahun kedua sumber; keduanya tetap disimpan",
            )
        )
    return issues_frame(rows)
