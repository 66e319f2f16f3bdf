"""Who first: households not served, ranks with intervals, and households to serve per year."""

import math

import numpy as np
import pandas as pd

from ..data import reconcile
from ..data.codebook import indicators
from ..data.regions import regions
from .attainment import direction_sign

HOUSEHOLDS = "rumah_tangga"
GROWTH_RANGE = (-0.01, 0.03)  # a year; beyond it the register was cleaned or an area changed hands
DEFAULT_GROWTH = 0.0113
BULGE = 2020.0  # the register at the end of 2019, before a clean-up


def households(observations: pd.DataFrame, region_codes: list[str]) -> pd.DataFrame:
    """DataFrame[region_code, households, year, basis, source_id, note] in the order of region_codes.

    The latest governing household count; basis is "official" or "derived" (population divided by household
    size), None
    where no count is known (households NaN).
    """
    counts = observations[(observations["indicator"] == HOUSEHOLDS) & observations["is_governing"]]
    latest = counts.sort_values("year").drop_duplicates("region_code", keep="last").set_index("region_code")
    latest = latest.reindex(region_codes)
    basis = np.where(latest["status"] == "derived", "derived", "official")
    return pd.DataFrame(
        {
            "region_code": list(region_codes),
            "households": latest["value"].to_numpy(float),
            "year": latest["year"].to_numpy(float),
            "basis": pd.Series(basis).where(latest["value"].notna().to_numpy(), None),
            "source_id": latest["source_id"].to_numpy(object),
            "note": latest["note"].astype("str").where(latest["value"].notna(), None).to_numpy(),
        }
    )


def growth(population: pd.DataFrame, region_codes: list[str]) -> pd.DataFrame:
    """DataFrame[region_code, growth, basis]: the yearly growth of households (a fraction) of each region, by that of
    the registered population.

    population: region_code, date (semester 1 = year + 0.5, semester 2 = year + 1), value; rows rated good. The
    least-squares slope of ln(value) on date without the end of 2019 (a bulge before a clean-up), at least 4 dates
    over 3 years, clipped to -1..+3 % (basis "own"); else that of the province, its qualifying regencies summed
    ("province"); else 1.13 % ("default").
    """
    rows = population[(population["value"] > 0) & (population["date"] != BULGE)]
    own = {code: _log_slope(group) for code, group in rows.groupby("region_code")}
    own = {code: slope for code, slope in own.items() if slope is not None}
    provinces = regions()["province_code"]
    rows = rows[rows["region_code"].isin(own)].assign(province=rows["region_code"].map(provinces))
    whole = {}
    for province, group in rows.groupby("province"):
        sums = group.groupby("date", as_index=False).agg(value=("value", "sum"), regions=("value", "size"))
        whole[province] = _log_slope(sums[sums["regions"] == group["region_code"].nunique()])
    found = []
    for code in region_codes:
        province = whole.get(provinces.get(code))
        if code in own:
            found.append((code, own[code], "own"))
        else:
            found.append(
                (code, DEFAULT_GROWTH, "default") if province is None else (code, province, "province")
            )
    return pd.DataFrame(found, columns=["region_code", "growth", "basis"])


def _log_slope(points: pd.DataFrame) -> float | None:
    """Slope of ln(value) on date, clipped; None with too few dates."""
    date = points["date"].to_numpy(float)
    if len(date) < 4 or date.max() - date.min() < 3:
        return None
    return float(
        np.clip(np.polyfit(date - date.mean(), np.log(points["value"].to_numpy(float)), 1)[0], *GROWTH_RANGE)
    )


def unserved_distribution(
    values: pd.Series, households: pd.Series, direction: str = "up", draws: pd.DataFrame | None = None
) -> pd.DataFrame:
    """DataFrame[region_code, unserved_households, share_unserved_pct, share_households_pct], most unserved
    households first; with draws also lower, upper (80 % range of share_unserved_pct) and p_first (probability of
    the first place).

    values: share served in percent, by region (direction "down": share without); households: count, by region;
    draws: regions x draws of the published figures (Model.draws). Only regions with both count, so each share
    column sums to 100 (unserved shares are NaN when nobody is unserved).
    """
    known = pd.DataFrame({"value": values, "households": households}).dropna()
    up = direction_sign(direction) > 0
    unserved = known["households"] * (100 - known["value"] if up else known["value"]) / 100
    total = unserved.sum()
    frame = pd.DataFrame(
        {
            "region_code": known.index,
            "unserved_households": unserved.to_numpy(),
            "share_unserved_pct": (100 * unserved / total).to_numpy() if total > 0 else math.nan,
            "share_households_pct": (100 * known["households"] / known["households"].sum()).to_numpy(),
        }
    )
    if draws is not None:
        drawn = draws.reindex(known.index).to_numpy()
        drawn = np.where(np.isnan(drawn), known["value"].to_numpy()[:, None], drawn)
        without = known["households"].to_numpy()[:, None] * (100 - drawn if up else drawn)
        shares = 100 * without / without.sum(axis=0)
        frame["lower"], frame["upper"] = np.quantile(shares, [0.1, 0.9], axis=1)
        frame["p_first"] = (without == without.max(axis=0)).mean(axis=1)
    return frame.sort_values(
        ["unserved_households", "region_code"], ascending=[False, True], ignore_index=True
    )


def rank_interval(
    values: pd.Series, draws: pd.DataFrame, direction: str = "up", level: float = 0.80
) -> pd.DataFrame:
    """DataFrame[region_code, value, rank, rank_lower, rank_upper], best first; rank_lower is the better end.

    values: the published figures by region; draws: of the same regions (Model.draws), rank 1 the best, equal draws
    share the better rank. The interval is the shortest run of ranks that holds `level` of a region's draws and
    its published rank. Works for the 13 of a province as for the 513 of the country.
    """
    values = values.dropna()
    draws = draws.loc[draws.index.intersection(values.index)]
    values = values.loc[draws.index]
    ascending = direction_sign(direction) < 0
    rank = values.rank(ascending=ascending, method="min").astype(int)
    ranks = np.sort(draws.rank(axis=0, ascending=ascending, method="min").to_numpy().astype(int), axis=1)
    n = ranks.shape[1]
    held = max(1, math.ceil(level * n - 1e-9))
    starts, ends = ranks[:, : n - held + 1], ranks[:, held - 1 :]
    observed = rank.to_numpy()[:, None]
    starts, ends = np.minimum(starts, observed), np.maximum(ends, observed)
    best = (ends - starts).argmin(axis=1) if len(ranks) else np.array([], dtype=int)
    rows = np.arange(len(ranks))
    frame = pd.DataFrame({"region_code": values.index, "value": values.to_numpy(), "rank": rank.to_numpy()})
    frame["rank_lower"], frame["rank_upper"] = starts[rows, best], ends[rows, best]
    return frame.sort_values(["rank", "region_code"], ignore_index=True)


def households_per_year(
    assessment: pd.DataFrame,
    households: pd.DataFrame,
    growth: pd.DataFrame | None = None,
    as_of: int | None = None,
) -> pd.DataFrame:
    """Households to serve to reach each target that lies ahead: what is missing today, what is to come, and who
    brings it.

    assessment: rows of assess(); households: as households() gives them; growth: as growth() (0 without); as_of:
    the year of the newest `published` among the sources, from which the remaining years count (at least the
    value's year). Only judged rows of indicators in percent of households, whose target year is after the
    value's and after as_of. With y the published share, L the level behind it, M the median at the target
    year T, y* the target, all as the share served, and H(t) = H (1 + g)^(t - year of H):

        backlog        H(t) (y* - y) / 100          to_come          (H(T) - H(t)) y* / 100
        correction     H(t) (L - y) / 100           no household is served by it; may be negative
        trend          (H(T) M - H(t) L) / 100      additional       H(T) (y* - M) / 100

    needed = backlog + to_come = correction + trend + additional, all 0 when nothing is needed; a median beyond
    the target leaves nothing additional and takes as much off the trend. households_per_year, correction_part,
    trend_part, additional_part, lower, upper (the additional part at the better and worse end of the projection)
    are these per remaining year (`years`); parts are NaN without a projection. Without a household count there
    is no row. Columns: region_code, indicator, framework, target_year, years, needed, backlog, to_come, those
    named, basis.
    """
    counts = households[["region_code", "households", "year", "basis"]].dropna(subset="households")
    if growth is not None:
        counts = counts.merge(growth[["region_code", "growth"]], on="region_code", how="left")
    counts = counts.rename(columns={"year": "count_year"})
    rows = assessment[
        assessment["status"].notna()
        & (assessment["indicator"].map(indicators()["unit"]) == "% rumah tangga")
        & (assessment["target_year"] > assessment["value_year"])
        & (assessment["target_year"] > (as_of or 0))
    ].merge(counts, on="region_code", validate="m:1")
    up = rows["direction"].eq("up")

    def served(share):
        return rows[share].where(up, 100 - rows[share]) / 100

    grows = 1 + (rows["growth"].fillna(0) if growth is not None else 0)
    now = rows["households"] * grows ** (rows["value_year"] - rows["count_year"])
    then = rows["households"] * grows ** (rows["target_year"] - rows["count_year"])
    years = rows["target_year"] - np.maximum(rows["value_year"], as_of or 0)
    target, value, level, median = (served(name) for name in ("target", "value", "level", "median"))
    backlog, to_come = now * (target - value), (then - now) * target
    unmet = (backlog + to_come > 0) & (target > value)

    def additional(share):
        return (then * (target - share)).clip(lower=0).where(unmet | share.isna(), 0.0)

    needed = (backlog + to_come).where(unmet, 0.0)
    correction = (now * (level - value)).where(unmet | level.isna(), 0.0)
    extra = additional(median)
    ends = pd.concat([additional(served("lower")), additional(served("upper"))], axis=1)
    parts = {
        "households_per_year": needed,
        "correction_part": correction,
        "trend_part": needed - correction - extra,
        "additional_part": extra,
        "lower": ends.min(axis=1, skipna=False),
        "upper": ends.max(axis=1, skipna=False),
    }
    found = rows[["region_code", "indicator", "framework", "target_year"]].assign(
        years=years, needed=needed, backlog=backlog.where(unmet, 0.0), to_come=to_come.where(unmet, 0.0)
    )
    return found.assign(**{name: part / years for name, part in parts.items()}, basis=rows["basis"])


def waste_tonnes(assessment: pd.DataFrame, generated: pd.Series) -> pd.DataFrame:
    """Tonnes a year to handle in addition for each judged target on a share of the waste generated: (y* - y) / 100 x
    timbulan, never divided by years. generated: tonnes a year, by region (of the value's year). Columns
    region_code, indicator, framework, target_year, tonnes_per_year.
    """
    rows = assessment[assessment["gap"].notna() & assessment["unit"].eq("% timbulan")]
    tonnes = rows["gap"].clip(lower=0) / 100 * rows["region_code"].map(generated)
    found = rows[["region_code", "indicator", "framework", "target_year"]].assign(tonnes_per_year=tonnes)
    return found.dropna(subset="tonnes_per_year").reset_index(drop=True)


def most_unserved(assessment: pd.DataFrame, households: pd.DataFrame) -> pd.DataFrame:
    """Who first: one list of all headline rows in percent of households by households without access, so that a gap to
    100 never stands beside a gap to 90: region_code, indicator, value, value_year, gap, unserved_households. A
    row whose gap is known but not the household count stands at the end, never left out.
    """
    rows = assessment[assessment["is_headline"] & assessment["gap"].notna()]
    rows = rows[rows["indicator"].map(indicators()["unit"]) == "% rumah tangga"]
    rows = rows.merge(households[["region_code", "households"]], on="region_code", how="left")
    without = (100 - rows["value"]).where(rows["direction"] == "up", rows["value"])
    rows = rows.assign(unserved_households=rows["households"] * without / 100)
    columns = ["region_code", "indicator", "value", "value_year", "gap", "unserved_households"]
    return rows.sort_values("unserved_households", ascending=False, ignore_index=True)[columns]


KINDS = ("moving_away", "sources_in_conflict", "data_missing", "target_missing")  # in order of priority


def assistance_list(
    assessment: pd.DataFrame, observations: pd.DataFrame, region_codes: list[str], report_year: int
) -> pd.DataFrame:
    """What each region may need help with, for the headline indicators: DataFrame, a row per finding, KINDS
    in order.

    moving_away: a target the region's own change leads away from (the nearest one; value, value_year,
    framework,
    target_year). sources_in_conflict: two sources differ by more than the indicator's tolerance for the
    latest such
    year (value and source_id govern, other_value and other_source_id differ most). data_missing: no figure up
    to
    report_year, or only one older than other regions have (value, value_year if any; expected_year).
    target_missing:
    no own target in the register. Columns: region_code, kind, indicator, framework, target_year, value,
    value_year,
    source_id, other_value, other_source_id, expected_year.
    """
    codebook = indicators()
    headline = codebook.index[codebook["role"] == "headline"]
    used = observations[
        (observations["year"] <= report_year)
        & observations["region_code"].isin(region_codes)
        & observations["indicator"].isin(headline)
    ]
    pairs = pd.MultiIndex.from_product([region_codes, headline], names=["region_code", "indicator"]).to_frame(
        index=False
    )
    away = assessment[(assessment["status"] == "moving_away") & assessment["indicator"].isin(headline)]
    away = away.sort_values("target_year").drop_duplicates(["region_code", "indicator"])
    away = away.rename(columns={"value_source_id": "source_id"})
    own = assessment[(assessment["role"] == "own") & assessment["governs"]]
    targeted = pd.MultiIndex.from_frame(own[["region_code", "indicator"]])
    found = {
        "moving_away": away[away["region_code"].isin(region_codes)],
        "sources_in_conflict": source_conflicts(used),
        "data_missing": _missing_data(used, pairs),
        "target_missing": pairs[~pd.MultiIndex.from_frame(pairs).isin(targeted)],
    }
    columns = [
        "region_code",
        "kind",
        "indicator",
        "framework",
        "target_year",
        "value",
        "value_year",
        "source_id",
    ]
    columns += ["other_value", "other_source_id", "expected_year"]
    frames = [frame.assign(kind=kind).reindex(columns=columns) for kind, frame in found.items()]
    result = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    order = {
        name: {key: i for i, key in enumerate(keys)}
        for name, keys in (("region_code", region_codes), ("kind", KINDS), ("indicator", headline))
    }
    return result.sort_values(
        ["region_code", "kind", "indicator"],
        key=lambda column: column.map(order[column.name]),
        ignore_index=True,
    )


def source_conflicts(observations: pd.DataFrame) -> pd.DataFrame:
    """Latest year, per region and indicator, in which a source differs from the governing value by more than
    tolerance.

    Columns region_code, indicator, value_year, value, source_id, other_value, other_source_id (the one that
    differs most).
    """
    names = {
        "value": "other_value",
        "source_id": "other_source_id",
        "chosen": "value",
        "chosen_source": "source_id",
    }
    both = (
        reconcile.alternatives_apart(observations).rename(columns=names).sort_values(["year", "difference"])
    )
    last = both.drop_duplicates(["region_code", "indicator"], keep="last").rename(
        columns={"year": "value_year"}
    )
    return last[
        ["region_code", "indicator", "value_year", "value", "source_id", "other_value", "other_source_id"]
    ]


def _missing_data(used: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs without a governing figure, or whose last one is older than the newest any of the regions has."""
    governing = (
        used[used["is_governing"]]
        .sort_values("year")
        .drop_duplicates(["region_code", "indicator"], keep="last")
    )
    latest = pairs.merge(
        governing[["region_code", "indicator", "year", "value", "source_id"]],
        on=["region_code", "indicator"],
        how="left",
    ).rename(columns={"year": "value_year"})
    latest["expected_year"] = latest.groupby("indicator")["value_year"].transform("max")
    return latest[latest["value_year"].isna() | (latest["value_year"] < latest["expected_year"])]
