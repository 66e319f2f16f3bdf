"""Who first: households not served, ranks with intervals, and households to serve per year."""

import math

import numpy as np
import pandas as pd

from ..data import reconcile
from ..data.codebook import indicators
from .attainment import direction_sign

HOUSEHOLDS = "rumah_tangga"


def households(observations: pd.DataFrame, region_codes: list[str]) -> pd.DataFrame:
    """DataFrame[region_code, households, basis, source_id, note] in the order of region_codes.

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
            "basis": pd.Series(basis).where(latest["value"].notna().to_numpy(), None),
            "source_id": latest["source_id"].to_numpy(object),
            "note": latest["note"].astype("str").where(latest["value"].notna(), None).to_numpy(),
        }
    )


def unserved_distribution(values: pd.Series, households: pd.Series, direction: str = "up") -> pd.DataFrame:
    """DataFrame[region_code, unserved_households, share_unserved_pct, share_households_pct], most unserved
    households first.

    values: share served in percent, by region (direction "down": share without); households: count, by
    region. Only
    regions with both count, so each share column sums to 100 (unserved shares are NaN when nobody is
    unserved).
    """
    known = pd.DataFrame({"value": values, "households": households}).dropna()
    without = 100 - known["value"] if direction_sign(direction) > 0 else known["value"]
    unserved = known["households"] * without / 100
    total = unserved.sum()
    frame = pd.DataFrame(
        {
            "region_code": known.index,
            "unserved_households": unserved.to_numpy(),
            "share_unserved_pct": (100 * unserved / total).to_numpy() if total > 0 else math.nan,
            "share_households_pct": (100 * known["households"] / known["households"].sum()).to_numpy(),
        }
    )
    return frame.sort_values(
        ["unserved_households", "region_code"], ascending=[False, True], ignore_index=True
    )


def rank_shares(draws: pd.DataFrame, direction: str = "up") -> pd.DataFrame:
    """Regions x ranks: the share of joint draws (regions x draws) in which a region takes each rank; 1 is the
    best.

    Equal draws share the better rank, as equal values do in a table.
    """
    ranks = draws.rank(axis=0, ascending=direction_sign(direction) < 0, method="min").to_numpy().astype(int)
    shares = {rank: (ranks == rank).mean(axis=1) for rank in range(1, len(draws) + 1)}
    return pd.DataFrame(shares, index=draws.index)


def rank_interval(
    values: pd.Series, draws: pd.DataFrame, direction: str = "up", level: float = 0.80
) -> pd.DataFrame:
    """DataFrame[region_code, value, rank, rank_lower, rank_upper], best first; rank_lower is the better end.

    values: the observed figures by region; draws: joint draws of the same regions (Model.draws). The interval
    is the
    shortest run of ranks, around the observed rank, that holds `level` of the draws.
    """
    values = values.dropna()
    draws = draws.loc[draws.index.intersection(values.index)]
    values = values.loc[draws.index]
    rank = values.rank(ascending=direction_sign(direction) < 0, method="min").astype(int)
    shares = rank_shares(draws, direction).to_numpy()
    ends = [_shortest_run(row, observed, level) for row, observed in zip(shares, rank, strict=True)]
    frame = pd.DataFrame({"region_code": values.index, "value": values.to_numpy(), "rank": rank.to_numpy()})
    frame[["rank_lower", "rank_upper"]] = np.array(ends, dtype=int).reshape(-1, 2)
    return frame.sort_values(["rank", "region_code"], ignore_index=True)


def _shortest_run(shares: np.ndarray, observed: int, level: float) -> tuple[int, int]:
    """First and last rank of the shortest run that holds the observed rank and at least `level`; of equals,
    the fullest.
    """
    held = np.concatenate([[0.0], np.cumsum(shares)])
    runs = [
        (last - first, -round(held[last] - held[first - 1], 9), first, last)
        for first in range(1, observed + 1)
        for last in range(observed, len(shares) + 1)
        if held[last] - held[first - 1] >= level - 1e-9
    ]
    return min(runs)[2:]


def households_per_year(assessment: pd.DataFrame, households: pd.DataFrame) -> pd.DataFrame:
    """Households to serve per year to reach each target that lies ahead, and how much of it the trend would
    bring anyway.

    assessment: rows of assess(); households: as households() gives them, held constant. Only judged rows of
    indicators
    in percent of households, whose target year is after the value's. Per year, with H households, T the
    target year and y in percent:
    total = H * |y* - y_t| / 100 / (T - t), 0 when the target is met; the trend part is what the median
    projection brings,
    never below 0 nor above the total; the additional part is the rest. lower and upper: the additional part
    if the
    projection ended at the better or the worse end of its 80 % interval (upper may exceed the total when the
    share may
    fall). Without a projection the parts are NaN; without a household count there is no row.
    Columns: region_code, indicator, framework, target_year, households_per_year, trend_part, additional_part,
    lower, upper, basis.
    """
    rows = assessment[
        assessment["status"].notna()
        & (assessment["indicator"].map(indicators()["unit"]) == "% rumah tangga")
        & (assessment["target_year"] > assessment["value_year"])
    ].merge(
        households[["region_code", "households", "basis"]].dropna(subset="households"),
        on="region_code",
        validate="m:1",
    )
    sign = rows["direction"].map(direction_sign).astype(float)  # also when no row is left
    per_point = rows["households"] / 100 / (rows["target_year"] - rows["value_year"])
    needed = (sign * (rows["target"] - rows["value"])).clip(lower=0) * per_point
    unmet = needed > 0

    def missing_at(projected):
        return ((sign * (rows["target"] - projected)).clip(lower=0) * per_point).where(unmet, 0.0)

    additional = np.minimum(missing_at(rows["median"]), needed)
    ends = pd.concat([missing_at(rows["lower"]), missing_at(rows["upper"])], axis=1)
    best, worst = ends.min(axis=1, skipna=False), ends.max(axis=1, skipna=False)
    return rows[["region_code", "indicator", "framework", "target_year"]].assign(
        households_per_year=needed,
        trend_part=needed - additional,
        additional_part=additional.where(rows["median"].notna()),
        lower=np.minimum(best, needed).where(rows["median"].notna()),
        upper=worst.where(rows["median"].notna()),
        basis=rows["basis"],
    )


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
