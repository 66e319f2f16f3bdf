"""The central table: one row per region, indicator and plan, with what was reached, what is missing and the
status.
"""

import warnings

import numpy as np
import pandas as pd
from scipy.special import stdtr

from ..data.codebook import indicators
from ..data.reconcile import assign_series, breaks, decimal_comma, leading
from ..data.regions import regions, to_region_code
from ..data.targets import governing_rows, targets_of
from .attainment import FigureWarning, attainment, direction_sign, is_met, is_universal, threshold
from .model import LAST_YEAR, is_administrative, percent, share_logit, usable
from .status import is_near, status

COLUMNS = [
    "region_code", "indicator", "framework", "start_year", "target_year", "target", "direction", "unit", "role",
    "target_status", "governs", "is_headline", "passed", "source", "url", "note",
    "value", "value_year", "value_source_id", "n_points", "attainment_pct", "gap", "scale", "status", "at_risk",
    "near_target", "met", "single_survey", "unjudged",
    "probability", "median", "lower", "upper", "level", "required_pp_per_year", "observed_pp_per_year", "pace_ratio",
    "change", "p_rise", "direction_word", "median_2030", "slow_2030", "closed_2030_pct", "year_reached",
]  # fmt: skip
NEVER_JUDGED = {
    "superseded",
    "remark",
}  # shown only; of two conflicting rows the register's `governs` decides
WASTE_TARGETS = {"pengurangan_sampah": "reduction", "penanganan_sampah": "handling"}
REGION_INDICATOR = ["region_code", "indicator"]
HORIZON = 2030  # the year up to which the closing of a gap is told
SURE = 0.80  # probability of the level from which one survey is enough to call a universal target met


def assess(
    observations: pd.DataFrame,
    targets: pd.DataFrame,
    models: dict,
    region_codes: list[str],
    report_year: int,
    data_until: int | None = None,
) -> pd.DataFrame:
    """DataFrame with COLUMNS, one row per region x indicator x applicable target row (own, reference and
    context).

    Everything published is used; data_until (a year) cuts what is known, for tests of the past. report_year
    says which plan is the headline. `passed`: the target year is not after the last year of the judged
    series (the latest; of what agencies report the one of the report year, as a later one counts in another
    way). The judged value is the governing one, at the target year when passed, else the latest; rows with
    a realization_source_id are judged on that source's own figure. Only rows that govern, own or reference,
    get attainment, gap and status (None on the others); an indicator without a usable figure gets
    insufficient_data. What agencies report is not projected: against a target that lies ahead it has a
    status only when it meets it and the target year is counted in the same way, and `unjudged` says why not
    ("method_changed" or "not_projected"). A percent target outside 0..100 is not judged, with a
    FigureWarning.

    probability, median, lower, upper (percent, 80 %) refer to the target year and exist for targets that
    lie ahead, when models (indicator -> Model) has the indicator; level is the present one behind the last
    figure. met: the value reaches the threshold (99 % of a universal 100 %); single_survey: such a target
    is met by the figure while the level does so with less than 80 %. Paces are percentage points per year;
    pace_ratio 1 is just enough. direction_word and p_rise as Model.own_change; median_2030 and, if progress
    slows to half, slow_2030; closed_2030_pct: the part of the published figure's gap that the median closes by
    2030; year_reached: the first year whose median reaches the threshold, NA when not until 2035. No row
    without an applicable target. Raises UnknownRegionError, with the nearest codes, for a region the
    register does not know.
    """
    region_codes = [to_region_code(code) for code in region_codes]
    plans = _plan_rows(with_waste_sums(targets), region_codes, report_year)
    if plans.empty:
        return plans.reindex(columns=COLUMNS).astype({"governs": bool, "is_headline": bool, "passed": bool})
    used = observations[observations["region_code"].isin(region_codes)]
    if data_until is not None:
        used = used[used["year"] <= data_until]
    used = usable(used[used["indicator"].isin(plans["indicator"])])
    points = latest_series(used, report_year)
    rows = plans.pipe(_add_value, used, points).pipe(_add_projection, points, models).pipe(_add_pace, points)
    return _add_judgement(rows, points)[COLUMNS]


def with_waste_sums(targets: pd.DataFrame) -> pd.DataFrame:
    """The target register plus a derived row for sampah_terkelola wherever a plan sets reduction and
    handling for one year.

    Plans lower the handling target as the reduction target rises, so only the sum is comparable over time;
    the note names the parts.
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
            f"Jumlah target pengurangan {decimal_comma(r)}% dan penanganan {decimal_comma(h)}%"
            for r, h in wide.to_numpy()
        ],
    )
    return pd.concat([targets, sums.reset_index()[list(targets.columns)]], ignore_index=True)


def latest_series(observations: pd.DataFrame, report_year: int | None = None) -> pd.DataFrame:
    """Leading observations of each region's and indicator's latest series, in order of year: never across a break;
    an agency's own figures only where no survey value exists. Of what agencies report, with a report_year,
    nothing later than that year.
    """
    rows = leading(observations).sort_values([*REGION_INDICATOR, "year"])
    if report_year is not None:
        rows = rows[~((rows["year"] > report_year) & rows["indicator"].map(is_administrative).astype(bool))]
    return rows[rows["series"] == rows.groupby(REGION_INDICATOR)["series"].transform("last")]


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
    percent_of = plans["unit"].str.startswith("%") & ~plans["target"].between(0, 100)
    for row in plans[percent_of & plans["judged"]].itertuples():
        place = f"{row.region_code}, {row.indicator}, {row.framework} {row.target_year}: {row.target:g}"
        warnings.warn(
            f"{place}: target persen seharusnya 0 sampai 100; tidak dinilai.", FigureWarning, stacklevel=3
        )
    plans["judged"] &= ~percent_of
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
    governing = leading(used).assign(asked="")
    figures = pd.concat([governing, used.assign(asked=used["source_id"])]).sort_values("year")
    figures = figures[[*REGION_INDICATOR, "asked", "year", "value", "source_id"]].drop_duplicates(
        [*REGION_INDICATOR, "asked", "year"]
    )
    figures = figures.rename(columns={"source_id": "value_source_id"})
    keys = [*REGION_INDICATOR, "asked"]
    judged = points.assign(asked="").rename(columns={"source_id": "value_source_id"})[figures.columns]
    latest = pd.concat([judged, figures[figures["asked"] != ""]]).sort_values("year")
    latest = rows.merge(latest.drop_duplicates(keys, keep="last"), on=keys, how="left", validate="m:1")
    in_target_year = rows.merge(
        figures, left_on=[*keys, "target_year"], right_on=[*keys, "year"], how="left", validate="m:1"
    )
    for column, name in (("value", "value"), ("year", "value_year"), ("value_source_id", "value_source_id")):
        rows[name] = latest[column].where(~rows["passed"], in_target_year[column])
    return rows


def _add_projection(rows: pd.DataFrame, points: pd.DataFrame, models: dict) -> pd.DataFrame:
    """What the models say of the target year, of the present level, of the change so far and of 2030."""
    frames = {name: [] for name in ("target", "level", "change", "ahead", "slow", "chance", "noise")}
    ahead = rows[rows["judged"] & ~rows["passed"] & rows["value"].notna()]
    for indicator, model in models.items():
        series = points[points["indicator"] == indicator]
        if series.empty or is_administrative(indicator):
            continue
        wanted = ahead.loc[ahead["indicator"] == indicator]
        years = sorted(wanted["target_year"].unique())
        frames["target"].append(model.project(series, years))
        asked = wanted[[*REGION_INDICATOR, "target_year", "target", "direction"]]
        asked = asked.rename(columns={"target_year": "year", "target": "value"})
        chance = model.probability(series, asked)["probability"].to_numpy()
        frames["chance"].append(pd.Series(chance, index=wanted.index))
        known = sorted(series["year"].unique())
        frames["level"].append(model.distribution(series, known, published=False))
        frames["change"].append(model.own_change(series))
        frames["ahead"].append(model.project(series, range(int(series["year"].min()), LAST_YEAR + 1)))
        frames["slow"].append(model.slowdown(series, [HORIZON]))
        own = rows.loc[(rows["indicator"] == indicator) & (rows["asked"] == "")]
        noise = model.figure_noise(indicator, own["region_code"], own["value"])
        frames["noise"].append(pd.DataFrame(np.transpose(noise), own.index, ["noise_sd", "freedom"]))
    found = {name: pd.concat(parts) for name, parts in frames.items() if parts}
    if not found:
        empty = [
            "median", "lower", "upper", "level", "level_mean", "level_spread", "level_freedom", "noise_sd", "freedom",
            "probability", "p_rise", "median_2030", "slow_2030", "closed_2030_pct",
        ]  # fmt: skip
        return rows.assign(
            **dict.fromkeys(empty, np.nan), change=None, direction_word=None, year_reached=pd.NA
        )
    rows["probability"] = found["chance"].reindex(rows.index)
    rows[["noise_sd", "freedom"]] = found["noise"].reindex(rows.index)
    rows = _at(rows, found["target"], "target_year")
    rows.loc[rows["probability"].isna(), ["median", "lower", "upper"]] = np.nan
    level = found["level"].rename(columns={name: f"level_{name}" for name in ("mean", "spread", "freedom")})
    rows = _at(rows, level, "value_year").assign(level=lambda frame: percent(frame["level_mean"]))
    change = found["change"].rename(columns={"word": "change", "direction": "direction_word"})
    rows = rows.merge(
        change[[*REGION_INDICATOR, "change", "p_rise", "direction_word"]],
        on=REGION_INDICATOR, how="left", validate="m:1",
    )  # fmt: skip
    for name, frame in (("median_2030", found["ahead"]), ("slow_2030", found["slow"])):
        horizon = frame[frame["year"] == HORIZON].rename(columns={"median": name})[[*REGION_INDICATOR, name]]
        rows = rows.merge(horizon, on=REGION_INDICATOR, how="left", validate="m:1")
    sign = rows["direction"].map(direction_sign)
    missing = sign * (rows["target"] - rows["value"]) > 0
    closed = 100 * (rows["median_2030"] - rows["value"]) / (rows["target"] - rows["value"])
    rows["closed_2030_pct"] = closed.where(missing & ~rows["passed"])
    return rows.assign(year_reached=_year_reached(rows, found["ahead"], sign))


def _year_reached(rows: pd.DataFrame, ahead: pd.DataFrame, sign: pd.Series) -> pd.Series:
    """The first year after the value's whose median reaches the threshold of the row, NA when not until LAST_YEAR."""
    aims = rows[["target", "direction", "unit"]].itertuples(index=False)
    asked = rows.assign(met_from=[threshold(*aim) for aim in aims], sign=sign, row=rows.index)
    asked = asked.loc[
        rows["judged"] & ~rows["passed"], [*REGION_INDICATOR, "value_year", "met_from", "sign", "row"]
    ]
    path = asked.merge(ahead[[*REGION_INDICATOR, "year", "median"]], on=REGION_INDICATOR)
    met = path["sign"] * (path["median"] - path["met_from"]) >= 0
    years = path[met & (path["year"] > path["value_year"])].groupby("row")["year"].min()
    return years.reindex(rows.index).astype("Int64")


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


def _add_judgement(rows: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Attainment, gap, scale, status and what stands beside it for the judged rows; missing on the others."""
    judged = (
        points.groupby(REGION_INDICATOR)["series"]
        .last()
        .reindex(pd.MultiIndex.from_frame(rows[REGION_INDICATOR]))
    )
    counted = assign_series(rows[REGION_INDICATOR].assign(year=rows["target_year"], origin=""), breaks())[
        "series"
    ]
    rows = rows.assign(counted_anew=judged.notna().to_numpy() & (counted.to_numpy() != judged.to_numpy()))
    none = dict.fromkeys(("attainment_pct", "gap", "scale", "status", "unjudged"))
    none |= dict.fromkeys(("at_risk", "near_target", "met", "single_survey"), False)
    found = pd.DataFrame(
        [_judge(row) if row.judged else none for row in rows.itertuples()],
        columns=list(none),
        index=rows.index,
    )
    types = {"attainment_pct": float, "gap": float, "scale": "str", "status": "str", "unjudged": "str"}
    return rows.assign(**{name: found[name].astype(types.get(name, bool)) for name in none})


def _judge(row) -> dict:
    reached = attainment(row.value, row.target, row.direction)
    met_from = threshold(row.target, row.direction, row.unit)
    met = is_met(row.value, row.target, row.direction, row.unit)
    near = is_near(row.value, met_from, row.noise_sd, row.freedom)
    word = status(
        row.value, row.value_year, row.target, row.direction, unit=row.unit, passed=row.passed, near=near,
        start_year=None if pd.isna(row.start_year) else row.start_year, is_reference=row.role == "reference",
        n_points=row.n_points, change=None if pd.isna(row.change) else row.change, probability=row.probability,
    )  # fmt: skip
    found = word._asdict() | {"met": met, "unjudged": None, "single_survey": False}
    open_report = is_administrative(row.indicator) and not row.passed and not pd.isna(row.value)
    if open_report and (row.counted_anew or not met) and word.status != "not_yet_due":
        found |= {"status": None, "unjudged": "method_changed" if row.counted_anew else "not_projected"}
    if met and is_universal(row.target, row.direction, row.unit) and not pd.isna(row.level_mean):
        above = direction_sign(row.direction) * (row.level_mean - share_logit(met_from))
        found["single_survey"] = bool(stdtr(row.level_freedom, above / max(row.level_spread, 1e-9)) < SURE)
    same_year_and_own = row.role == "own" and row.value_year == row.target_year
    return found | {
        "attainment_pct": reached.attainment_pct,
        "gap": reached.gap,
        "scale": reached.scale if same_year_and_own else None,
    }
