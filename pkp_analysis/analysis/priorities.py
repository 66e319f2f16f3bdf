"""Who first: households not served, ranks with intervals, and households to serve per year."""

import math
from statistics import linear_regression

import numpy as np
import pandas as pd

from ..data.codebook import indicators
from ..data.regions import regions
from .attainment import direction_sign, usable_shares

HOUSEHOLDS = "rumah_tangga"
GROWTH_RANGE = (-0.01, 0.03)  # a year; beyond it the register was cleaned or an area changed hands
DEFAULT_GROWTH = 0.0113
BULGE = 2020.0  # the register at the end of 2019, before a clean-up


def without(rows: pd.DataFrame) -> pd.Series:
    """The percentage not served of each row (value, direction, unit): the distance to one threshold, everybody, by
    which indicators are put in order, as gaps to different targets do not compare; NaN for what is no share.
    """
    short = rows["value"].where(rows["direction"] == "down", 100 - rows["value"])
    return short.where(rows["unit"].astype("str").str.startswith("%")).astype(float)


def households(observations: pd.DataFrame, region_codes: list[str]) -> pd.DataFrame:
    """DataFrame[region_code, households, year, basis, source_id, note] in the order of region_codes.

    The latest governing household count; basis is "official" or "derived" (population divided by household
    size), None where no count is known (households NaN).
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
    """DataFrame[region_code, growth, basis]: the yearly growth of households (a fraction) of each region,
    by that of the registered population.

    population: region_code, date (semester 1 = year + 0.5, semester 2 = year + 1), value; rows rated good.
    The least-squares slope of ln(value) on date without the end of 2019 (a bulge before a clean-up), at
    least 4 dates over 3 years, clipped to -1..+3 % (basis "own"); else that of the province, its qualifying
    regencies summed ("province"); else 1.13 % ("default").
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
        np.clip(linear_regression(date, np.log(points["value"].to_numpy(float))).slope, *GROWTH_RANGE)
    )


def unserved_distribution(
    values: pd.Series, households: pd.Series, direction: str = "up", draws: pd.DataFrame | None = None
) -> pd.DataFrame:
    """DataFrame[region_code, unserved_households, share_unserved_pct, share_households_pct], most unserved
    households first; with draws also lower, upper (80 % range of share_unserved_pct) and p_first
    (probability of the first place).

    values: share served in percent, by region (direction "down": share without); households: count, by
    region; draws: regions x draws of the published figures (Model.draws). Only regions with both count, so
    each share column sums to 100 (unserved shares are NaN when nobody is unserved).
    """
    known = pd.DataFrame({"value": usable_shares(values), "households": households}).dropna()
    up = direction_sign(direction) == 1
    unserved = known["households"] * (100 - known["value"] if up else known["value"]) / 100
    total = unserved.sum()
    frame = pd.DataFrame(
        {
            "region_code": known.index,
            "unserved_households": unserved.to_numpy(),
            "share_unserved_pct": (100 * unserved / total).to_numpy(),  # NaN when nobody is
            "share_households_pct": (100 * known["households"] / known["households"].sum()).to_numpy(),
        }
    )
    if draws is not None:
        drawn = draws.reindex(known.index).to_numpy()
        drawn = np.where(np.isnan(drawn), known["value"].to_numpy()[:, None], drawn)
        without = known["households"].to_numpy()[:, None] * (100 - drawn if up else drawn)
        shares = 100 * without / without.sum(axis=0)
        frame["lower"], frame["upper"] = np.quantile(shares, [0.1, 0.9], axis=1)
        frame["p_first"] = (without == without.max(axis=0, initial=0)).mean(axis=1)
    return frame.sort_values(
        ["unserved_households", "region_code"], ascending=[False, True], ignore_index=True
    )


def rank_interval(
    values: pd.Series, draws: pd.DataFrame, direction: str = "up", level: float = 0.80, only=None
) -> pd.DataFrame:
    """DataFrame[region_code, value, rank, rank_lower, rank_upper], best first; rank_lower is the better
    end.

    values: the published figures by region; draws: of the same regions (Model.draws), rank 1 the best,
    equal draws share the better rank; only: region codes that are asked about (None: all). The interval is
    the shortest run of ranks that holds `level` of a region's draws and its published rank.
    """
    values = usable_shares(values).dropna()
    draws = draws.loc[draws.index.intersection(values.index)]
    values = values.loc[draws.index]
    ascending = direction_sign(direction) == -1
    rank = values.rank(ascending=ascending, method="min").astype(int)
    every = draws.to_numpy() * (1 if ascending else -1)
    asked = values.index if only is None else values.index.intersection(only)
    values, rank = values.loc[asked], rank.loc[asked]
    places = [(every < own).sum(axis=0) + 1 for own in every[draws.index.get_indexer(asked)]]
    ranks = np.sort(np.reshape(places, (len(asked), draws.shape[1])), axis=1)
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
    """Households to serve to reach each target that lies ahead: what is missing today, what is to come, and
    who brings it.

    assessment: rows of assess(); households: as households() gives them; growth: as growth() (0 without);
    as_of: the year of the newest `published` among the sources, from which the remaining years count (at
    least the value's year). Only judged rows of indicators in percent of households, whose target year is
    after the value's and after as_of. With y the published share, L the level behind it, M the median at
    the target year T, y* the target, all as the share served, and H(t) = H (1 + g)^(t - year of H):

        backlog        H(t) (y* - y) / 100          to_come          (H(T) - H(t)) y* / 100
        correction     H(t) (L - y) / 100           no household is served by it; may be negative
        trend          (H(T) M - H(t) L) / 100      additional       H(T) (y* - M) / 100

    needed = backlog + to_come = correction + trend + additional, all 0 when nothing is needed; a median
    beyond the target leaves nothing additional and takes as much off the trend. households_per_year,
    correction_part, trend_part, additional_part, lower, upper (the additional part at the better and worse
    end of the projection) are these per remaining year (`years`); parts are NaN without a projection.
    Without a household count there is no row. Columns: region_code, indicator, framework, target_year,
    years, needed, backlog, to_come, those named, basis.
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
