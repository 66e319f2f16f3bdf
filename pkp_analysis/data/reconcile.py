"""Several sources for one figure: which governs, its series, and where the sources disagree."""

from functools import lru_cache

import pandas as pd

from ..paths import REFERENCE
from .codebook import indicators
from .regions import region_name

KEY = ["region_code", "indicator", "year"]
FIRST_SERIES = "utama"
AGENCY_SERIES = "perangkat_daerah"
DOUBTFUL_SERIES = "nol_diragukan"
ORIGINS = ("survey", "administrative", "agency", "press", "derived")
# official: the publisher's own document is at hand; compiled: official, but it reached us through others
STATUSES = ("official", "compiled", "provisional", "derived", "press")
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


def assign_origin(observations: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The observations with `origin`, where a figure comes from.

    Its source's own `origin` says so; without one press and derived figures are that, figures in an agency's
    workbook are the agency's unless the row's note names Susenas, and all others are what the codebook says
    of the indicator (survey or administrative).
    """
    about = sources.drop_duplicates("source_id").set_index("source_id")
    stated = observations["source_id"].map(about["origin"]).fillna("")
    form = observations["source_id"].map(about["layout"]).eq("agency_workbook")
    survey = observations["note"].str.contains("susenas", case=False)
    press = observations["source_id"].map(about["status"]).eq("press") | observations["status"].eq("press")
    origin = observations["indicator"].map(indicators()["origin"])
    origin = origin.mask(form & ~survey, "agency").mask(form & survey, "survey")
    origin = origin.mask(press, "press").mask(observations["status"].eq("derived"), "derived")
    return observations.assign(origin=origin.mask(stated != "", stated).astype("str"))


@lru_cache(maxsize=1)
def breaks() -> pd.DataFrame:
    """Known breaks: region_code and indicator (empty = all), from_year, series that starts there, reason, and
    leads ("no": shown apart, never judged, ranked or joined).
    """
    return pd.read_csv(REFERENCE / "breaks.csv", dtype={"from_year": "int64"}, keep_default_na=False)


def assign_series(observations: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """The observations with `series`: of all breaks that apply to a row, the one that starts last names it.
    What an agency reports itself is a series of its own.
    """
    series = pd.Series(FIRST_SERIES, index=observations.index, dtype="str")
    # A break of one region goes after one of all regions in the same year, so that it wins.
    for row in breaks.sort_values(["from_year", "region_code"], kind="stable").itertuples():
        applies = observations["year"] >= row.from_year
        if row.indicator:
            applies &= observations["indicator"] == row.indicator
        if row.region_code:
            applies &= observations["region_code"] == row.region_code
        series = series.mask(applies, row.series)
    series = series.mask(observations["origin"] == "agency", AGENCY_SERIES)
    return observations.assign(series=series)


def govern(observations: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The observations with `is_governing`: per region, indicator and year the source with the lowest
    precedence number, of equal ones the one published last (downloaded last, where no date of publication is
    known), then the later row of `sources`. Where the codebook says survey, an agency's own figure stands
    behind every other. Every alternative stays.
    """
    dates = sources.set_index("source_id")
    published = (
        observations["source_id"]
        .map(dates["published"].where(dates["published"] != "", dates["accessed"]))
        .fillna("")
    )
    later = observations["source_id"].map(pd.Series(range(len(sources)), index=sources["source_id"]))
    surveyed = observations["indicator"].map(indicators()["origin"]).eq("survey")
    behind = observations["origin"].eq("agency") & surveyed
    order = observations.assign(_behind=behind, _published=published, _row=later).sort_values(
        ["_behind", "precedence", "_published", "_row"], ascending=[True, True, False, False], kind="stable"
    )
    first = order.drop_duplicates(KEY).index
    return observations.assign(is_governing=observations.index.isin(first))


def leading(observations: pd.DataFrame) -> pd.DataFrame:
    """The governing rows that are judged, fitted and ranked: without doubtful zeros and series that breaks.csv shows
    apart and, where a region and indicator has others, without what an agency reports itself.
    """
    rows = governing(observations)
    if "origin" not in rows:  # a planner's own table
        return rows
    known = breaks()
    apart = pd.MultiIndex.from_frame(known.loc[known["leads"] == "no", ["indicator", "series"]])
    shown_apart = pd.MultiIndex.from_frame(rows[["indicator", "series"]]).isin(apart)
    rows = rows[~shown_apart & rows["series"].ne(DOUBTFUL_SERIES)]
    beside = rows["origin"].eq("agency")
    covered = (~beside).groupby([rows["region_code"], rows["indicator"]]).transform("any")
    return rows[~(beside & covered.astype(bool))]


def counted_otherwise(observations: pd.DataFrame, indicator: str, year: int, region_codes) -> pd.DataFrame:
    """The regions' figures of after `year` that breaks.csv keeps apart, counted in another way."""
    known = breaks()
    apart = known.loc[(known["indicator"] == indicator) & (known["leads"] == "no"), "series"]
    rows = observations[(observations["indicator"] == indicator) & observations["series"].isin(apart)]
    return rows[rows["region_code"].isin(region_codes) & (rows["year"] > year)]


def governing(observations: pd.DataFrame, indicator: str | None = None) -> pd.DataFrame:
    """The governing rows, of one indicator or of all."""
    rows = observations[observations["is_governing"]]
    return rows if indicator is None else rows[rows["indicator"] == indicator]


def alternatives_apart(observations: pd.DataFrame) -> pd.DataFrame:
    """When sources conflict, the one rule: each figure that differs from the governing one of its region,
    indicator and year by more than the indicator's tolerance, with `chosen`, `chosen_source` and `difference`.
    """
    chosen = governing(observations).rename(columns={"value": "chosen", "source_id": "chosen_source"})
    pairs = observations[~observations["is_governing"]].merge(
        chosen[[*KEY, "chosen", "chosen_source"]], on=KEY, validate="m:1"
    )
    # an empty map would be text
    tolerance = pairs["indicator"].map(indicators()["tolerance"]).astype("float64")
    pairs["difference"] = (pairs["value"] - pairs["chosen"]).abs().round(10)
    return pairs[pairs["difference"] > tolerance]


def stated_apart(observations: pd.DataFrame) -> pd.DataFrame:
    """All figures, the governing first, of every region, indicator and year whose sources are in conflict."""
    keys = alternatives_apart(observations)[KEY].drop_duplicates()
    return observations.merge(keys, on=KEY).sort_values(
        [*KEY, "is_governing"], ascending=[True, True, True, False], kind="stable", ignore_index=True
    )


def conflicts(observations: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """An issue for each of alternatives_apart."""
    publisher = sources.set_index("source_id")["publisher"]
    rows = []
    for pair in alternatives_apart(observations).itertuples():
        unit = "persen poin" if pair.unit.startswith("%") else pair.unit
        rows.append(
            issue(
                pair,
                "source_conflict",
                "warning",
                f"{where(pair)}: {decimal_comma(pair.value)} menurut {publisher[pair.source_id]}, berbeda"
                f" {decimal_comma(pair.difference)} {unit} dari {decimal_comma(pair.chosen)} menurut"
                f" {publisher[pair.chosen_source]} yang dipakai.",
                "cocokkan definisi dan tahun kedua sumber; keduanya tetap disimpan",
            )
        )
    return issues_frame(rows)
