"""The central table: one row per region, indicator and plan, with what was reached, what is missing and the
status.
"""

import numpy as np
import pandas as pd

from ..data.codebook import indicators
from ..data.reconcile import leading
from ..data.regions import regions, to_region_code
from ..data.targets import governing_rows, targets_of
from .attainment import attainment, direction_sign
from .status import status

COLUMNS = [
    "region_code", "indicator", "framework", "start_year", "target_year", "target", "direction", "unit", "role", "target_status",  # noqa: E501
    "governs", "is_headline", "passed", "source", "url", "note",
    "value", "value_year", "value_source_id", "n_points", "attainment_pct", "gap", "scale", "status", "at_risk", "near_target",  # noqa: E501
    "probability", "median", "lower", "upper", "required_pp_per_year", "observed_pp_per_year", "pace_ratio", "change",
]  # fmt: skip
NEVER_JUDGED = {
    "superseded",
    "remark",
}  # shown only; of two conflicting rows the register's `governs` decides
WASTE_TARGETS = {"pengurangan_sampah": "reduction", "penanganan_sampah": "handling"}
REGION_INDICATOR = ["region_code", "indicator"]


def assess(
    observations: pd.DataFrame, targets: pd.DataFrame, models: dict, region_codes: list[str], report_year: int
) -> pd.DataFrame:
    """DataFrame with COLUMNS, one row per region x indicator x applicable target row (own, reference and
    context).

    Observations after report_year are not used. `passed`: the target year is not after the last year used.
    The judged
    value is the governing one, at the target year when passed, else the latest of the latest series; rows
    with a
    realization_source_id are judged on that source's own figure. Only rows that govern, own or reference, get
    attainment, gap and status (None on the others); an indicator without a usable figure gets
    insufficient_data.
    probability, median, lower, upper (percent, 80 %) refer to the target year and exist for targets that lie
    ahead, when
    models (indicator -> Model) has the indicator. No row without an applicable target.
    Paces are percentage points per year; pace_ratio 1 is just enough. Raises UnknownRegionError, with the
    nearest codes,
    for a region the register does not know.
    """
    region_codes = [to_region_code(code) for code in region_codes]
    plans = _plan_rows(with_waste_sums(targets), region_codes, report_year)
    if plans.empty:
        return plans.reindex(columns=COLUMNS).astype({"governs": bool, "is_headline": bool, "passed": bool})
    used = observations[
        (observations["year"] <= report_year) & observations["region_code"].isin(region_codes)
    ]
    used = used[used["indicator"].isin(plans["indicator"]) & used["value"].notna()]
    points = latest_series(used)
    rows = plans.pipe(_add_value, used, points).pipe(_add_projection, points, models).pipe(_add_pace, points)
    return _add_judgement(rows)[COLUMNS]


def with_waste_sums(targets: pd.DataFrame) -> pd.DataFrame:
    """The target register plus a derived row for sampah_terkelola wherever a plan sets reduction and handling
    for one year.

    Plans lower the handling target as the reduction target rises, so only the sum is comparable over time;
    the note
    names the parts.
    """
    keys = ["framework", "region_code", "year"]
    parts = targets[targets["indicator"].isin(WASTE_TARGETS) & (targets["governs"] == "yes")]
    wide = parts.assign(part=parts["indicator"].map(WASTE_TARGETS)).pivot_table(
        index=keys, columns="part", values="value", aggfunc="first"
    )
    wide = wide.reindex(columns=["reduction", "handling"]).dropna()
    known = targets.loc[targets["indicator"] == "sampah_terkelola", keys]
    wide = wide[~wide.index.isin(pd.MultiIndex.from_frame(known))]
    if wide.empty:
        return targets.reset_index(drop=True)
    template = (
        parts[parts["indicator"] == "penanganan_sampah"].drop_duplicates(keys).set_index(keys).loc[wide.index]
    )
    sums = template.assign(
        indicator="sampah_terkelola",
        value=wide.sum(axis=1),
        note=[
            f"Jumlah target pengurangan {_plain(r)}% dan penanganan {_plain(h)}%" for r, h in wide.to_numpy()
        ],
    )
    return pd.concat([targets, sums.reset_index()[list(targets.columns)]], ignore_index=True)


def _plain(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def latest_series(observations: pd.DataFrame) -> pd.DataFrame:
    """Leading observations of each region's and indicator's latest series, in order of year: never across a
    break. An agency's own figures lead only where no survey value exists.
    """
    governing = leading(observations).sort_values([*REGION_INDICATOR, "year"])
    last = governing.groupby(REGION_INDICATOR)["series"].transform("last")
    return governing[governing["series"] == last]


def _plan_rows(targets: pd.DataFrame, region_codes: list[str], report_year: int) -> pd.DataFrame:
    """Every target row that applies to each region, with role and is_headline.

    Regions that have the same target rows (the nation's, or also their province's) share them: worked out
    once.
    """
    province = regions()["province_code"]
    with_targets = set(targets["region_code"])
    shared: dict[tuple, pd.DataFrame] = {}
    frames = []
    for code in region_codes:
        scopes = tuple(scope if scope in with_targets else "" for scope in (code, province[code]))
        if scopes not in shared:
            shared[scopes] = _plans_of(targets, code, report_year)
        frames.append(shared[scopes].assign(region_code=code))
    columns = [*targets.columns, "role", "is_headline"]
    plans = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    plans = plans.rename(columns={"year": "target_year", "value": "target", "status": "target_status"})
    plans["governs"] = plans["governs"] == "yes"
    annex = plans["indicator"].map(indicators()["role"]) == "annex"
    plans["judged"] = (
        plans["governs"]
        & plans["role"].isin(["own", "reference"])
        & ~plans["target_status"].isin(NEVER_JUDGED)
        & ~annex
    )
    plans["start_year"] = pd.to_numeric(plans["start_year"])
    return plans


def _plans_of(targets: pd.DataFrame, region_code: str, report_year: int) -> pd.DataFrame:
    rows = targets_of(targets, region_code)
    place = {indicator: place for place, indicator in enumerate(targets["indicator"].unique())}
    rows = rows.sort_values("indicator", key=lambda column: column.map(place), kind="stable")
    return rows.assign(is_headline=rows.index.isin(governing_rows(rows, report_year)))


def _add_value(plans: pd.DataFrame, used: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """value, value_year, value_source_id, last_year, n_points and passed."""
    series = (
        points.groupby(REGION_INDICATOR)
        .agg(last_year=("year", "last"), n_points=("year", "size"))
        .reset_index()
    )
    rows = plans.merge(series, on=REGION_INDICATOR, how="left", validate="m:1")
    rows["n_points"] = rows["n_points"].fillna(0).astype(int)
    rows["passed"] = rows["target_year"] <= rows["last_year"]
    # Two ways to look a figure up: the governing one (asked "") or the figure of one named source.
    rows["asked"] = rows["realization_source_id"].fillna("") if "realization_source_id" in rows else ""
    governing = used[used["is_governing"]].assign(asked="")
    figures = pd.concat([governing, used.assign(asked=used["source_id"])]).sort_values("year")
    figures = figures[[*REGION_INDICATOR, "asked", "year", "value", "source_id"]].drop_duplicates(
        [*REGION_INDICATOR, "asked", "year"]
    )
    figures = figures.rename(columns={"source_id": "value_source_id"})
    keys = [*REGION_INDICATOR, "asked"]
    latest = rows.merge(figures.drop_duplicates(keys, keep="last"), on=keys, how="left", validate="m:1")
    in_target_year = rows.merge(
        figures, left_on=[*keys, "target_year"], right_on=[*keys, "year"], how="left", validate="m:1"
    )
    for column, name in (("value", "value"), ("year", "value_year"), ("value_source_id", "value_source_id")):
        rows[name] = latest[column].where(~rows["passed"], in_target_year[column])
    return rows


def _add_projection(rows: pd.DataFrame, points: pd.DataFrame, models: dict) -> pd.DataFrame:
    """probability, median, lower, upper at the target year; change; level_lower and level_upper of the
    present level.
    """
    ahead = rows[rows["judged"] & ~rows["passed"] & rows["value"].notna()]
    projections, chances, changes, levels = [], [], [], []
    for indicator, model in models.items():
        series = points[points["indicator"] == indicator]
        if series.empty:
            continue
        wanted = ahead.loc[ahead["indicator"] == indicator]
        if len(wanted):
            projections.append(model.project(series, sorted(wanted["target_year"].unique())))
            asked = wanted[[*REGION_INDICATOR, "target_year", "target", "direction"]]
            chance = model.probability(
                series, asked.rename(columns={"target_year": "year", "target": "value"})
            )
            chances.append(pd.Series(chance["probability"].to_numpy(), index=wanted.index))
        changes.append(model.own_change(series))
        levels.append(model.project(series, sorted(series["year"].unique()), published=False))
    rows["probability"] = pd.concat(chances).reindex(rows.index) if chances else np.nan
    empty = pd.DataFrame(columns=[*REGION_INDICATOR, "year", "median", "lower", "upper", "word"])
    projection = pd.concat(projections) if projections else empty
    rows = _at(rows, projection[[*REGION_INDICATOR, "year", "median", "lower", "upper"]], "target_year")
    rows.loc[rows["probability"].isna(), ["median", "lower", "upper"]] = np.nan
    level = (pd.concat(levels) if levels else empty)[[*REGION_INDICATOR, "year", "lower", "upper"]]
    rows = _at(rows, level.rename(columns={"lower": "level_lower", "upper": "level_upper"}), "value_year")
    rows.loc[rows["asked"] != "", ["level_lower", "level_upper"]] = (
        np.nan
    )  # the model knows the governing figures only
    change = (pd.concat(changes) if changes else empty)[[*REGION_INDICATOR, "word"]]
    return rows.merge(
        change.rename(columns={"word": "change"}), on=REGION_INDICATOR, how="left", validate="m:1"
    )


def _at(rows: pd.DataFrame, frame: pd.DataFrame, year_column: str) -> pd.DataFrame:
    """rows with the columns of frame (region, indicator, year, ...) at the year named by year_column."""
    frame = frame.astype({"region_code": "str", "indicator": "str", "year": "float64"})
    keyed = rows[REGION_INDICATOR].assign(year=rows[year_column].astype("float64"))
    found = keyed.merge(frame, on=[*REGION_INDICATOR, "year"], how="left", validate="m:1")
    names = [column for column in frame.columns if column not in keyed.columns]
    return rows.assign(**{name: found[name].to_numpy(float) for name in names})


def _add_pace(rows: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """required_pp_per_year to the target, observed_pp_per_year (least squares over the series' points) and
    their ratio.
    """
    grouped = points.groupby(REGION_INDICATOR)
    year, value = (points[name] - grouped[name].transform("mean") for name in ("year", "value"))
    sums = (
        points[REGION_INDICATOR]
        .assign(xy=year * value, xx=year**2)
        .groupby(REGION_INDICATOR)
        .sum()
        .reset_index()
    )
    sums["observed_pp_per_year"] = sums["xy"] / sums["xx"].where(sums["xx"] > 0)
    rows = rows.merge(sums.drop(columns=["xy", "xx"]), on=REGION_INDICATOR, how="left", validate="m:1")
    span = rows["target_year"] - rows["value_year"]
    ahead = rows["judged"] & (span > 0)
    rows["required_pp_per_year"] = ((rows["target"] - rows["value"]) / span).where(ahead)
    missing = rows["direction"].map(direction_sign) * rows["required_pp_per_year"] > 0
    rows["pace_ratio"] = (rows["observed_pp_per_year"] / rows["required_pp_per_year"]).where(missing)
    return rows


def _add_judgement(rows: pd.DataFrame) -> pd.DataFrame:
    """attainment_pct, gap, scale, status, at_risk and near_target of the judged rows; missing on the others."""
    found = [
        _judge(row) if row.judged else (None, None, None, None, False, False) for row in rows.itertuples()
    ]
    names = ["attainment_pct", "gap", "scale", "status", "at_risk", "near_target"]
    judged = pd.DataFrame(found, columns=names, index=rows.index)
    types = {
        "attainment_pct": float,
        "gap": float,
        "scale": "str",
        "status": "str",
        "at_risk": bool,
        "near_target": bool,
    }
    return rows.assign(**{name: judged[name].astype(types[name]) for name in names})


def _judge(row) -> tuple:
    reached = attainment(row.value, row.target, row.direction)
    same_year_and_own = row.role == "own" and row.value_year == row.target_year
    word = status(
        row.value,
        row.value_year,
        row.target,
        row.direction,
        unit=row.unit,
        start_year=None if pd.isna(row.start_year) else row.start_year,
        passed=row.passed,
        is_reference=row.role == "reference",
        n_points=row.n_points,
        change=None if pd.isna(row.change) else row.change,
        probability=row.probability,
        level=None if pd.isna(row.level_lower) else (row.level_lower, row.level_upper),
    )
    return (reached.attainment_pct, reached.gap, reached.scale if same_year_and_own else None, *word)
