"""Projections as the rest of the library uses them: the model, its evidence, scenarios and a sensitivity."""

import numpy as np
import pandas as pd

from ..data.codebook import indicators
from ..data.regions import regions
from ..errors import BadRequestError
from .backtest import backtest
from .jmp import jmp_estimate
from .model import Model, comparable, fit, models_for, population
from .priorities import HOUSEHOLDS

__all__ = [
    "Model",
    "backtest",
    "coherence",
    "fit",
    "jmp_estimate",
    "models_for",
    "scenario",
    "volatility_sensitivity",
]

HORIZON = 2030  # the year the national and global plans look at


def scenario(
    observations, extra_pp_per_year=None, households_per_year=None, model=None, years=None
) -> pd.DataFrame:
    """The projection plus an additional effort, in percent: region_code, indicator, year, median, lower,
    upper.

    The effort starts after a region's last observation: `extra_pp_per_year` percentage points added to the
    share (negative lowers it), or `households_per_year` households served (the share of an indicator whose
    direction is "down" falls), each year on top of the projection; one number for all, or a dict or Series
    by region code (none for a region it leaves out). Households are turned into percentage points with the
    region's latest value of the indicator rumah_tangga among the observations, held constant. `years` are
    those up to 2030 by default; `model` is `fit(observations)` by default, so give the model of all regions
    when the observations hold only a few. Shares stay within 0..100. Raises BadRequestError for both or
    neither effort, or when a region's household count is missing.
    """
    if (extra_pp_per_year is None) == (households_per_year is None):
        raise BadRequestError(
            "scenario() needs one of extra_pp_per_year and households_per_year; found "
            + ("neither." if extra_pp_per_year is None else "both.")
        )
    observations = comparable(observations)
    shares = observations[observations["indicator"] != HOUSEHOLDS]
    model = fit(shares) if model is None else model
    last = shares.groupby(["region_code", "indicator"])["year"].max()
    projection = model.project(
        shares, range(last.min() + 1 if len(last) else HORIZON, HORIZON + 1) if years is None else years
    )
    start = projection.set_index(["region_code", "indicator"]).index.map(last)
    region = projection["region_code"]
    if households_per_year is not None:
        served = (
            100 * _per_region(households_per_year, region) / region.map(_households(observations, region))
        )
        extra = served.mask(projection["indicator"].map(indicators()["direction"]) == "down", -served)
    else:
        extra = _per_region(extra_pp_per_year, region)
    added = extra * (projection["year"] - start).clip(lower=0)
    moved = projection[["median", "lower", "upper"]].add(added, axis=0).clip(0, 100)
    return projection.assign(**moved)[projection["year"] > start].reset_index(drop=True)


def volatility_sensitivity(observations, targets, panel=None, factors=(1, 3, 6)) -> pd.DataFrame:
    """`targets` with `volatility` and `probability`: what the chances become if regencies vary more than
    provinces.

    tau^2 and s_w^2 of the regencies are taken as `factors` times those of the panel, and their s_e
    estimated anew.
    """
    frames = [
        fit(observations, panel, volatility=factor)
        .probability(observations, targets)
        .assign(volatility=factor)
        for factor in factors
    ]
    return pd.concat(frames, ignore_index=True)


def coherence(model, observations, years) -> pd.DataFrame:
    """How far the regencies of each province, weighted by population, lie from its own path: region_code (of the
    province), indicator, year, regencies and province (percent), apart (percentage points) and moved, by how much
    more that is than in the last survey year of the regencies, whose figures may disagree by themselves.

    Weighed are the regencies with a figure of that year; a province without figures of its own has no row.
    """
    rows = comparable(observations)
    rows["parent"] = rows["region_code"].map(regions()["province_code"])
    survey = rows[rows["region_code"].str.len() == 4]
    last = survey.groupby(["parent", "indicator", "region_code"])["year"].max()
    base = last.groupby(level=["parent", "indicator"]).quantile(0.5, interpolation="lower").rename("base")
    survey = survey.join(base, on=["parent", "indicator"])
    survey = survey[survey["year"] == survey["base"]].assign(
        weight=survey["region_code"].map(population(observations))
    )
    asked = sorted({*years, *base.astype(int)})
    found = model.project(rows, asked).merge(
        survey[["region_code", "indicator", "parent", "base", "weight"]], on=["region_code", "indicator"]
    )
    found["part"] = found["median"] * found["weight"]
    sums = found.groupby(["parent", "indicator", "year", "base"])[["part", "weight"]].sum().reset_index()
    own = model.project(rows[rows["region_code"] == rows["parent"]], asked)
    own = own.rename(columns={"region_code": "parent", "median": "province"})
    sums = sums.merge(own[["parent", "indicator", "year", "province"]], on=["parent", "indicator", "year"])
    sums = sums.assign(regencies=sums["part"] / sums["weight"])
    sums["apart"] = sums["regencies"] - sums["province"]
    start = sums[sums["year"] == sums["base"]].set_index(["parent", "indicator"])["apart"].rename("start")
    sums = sums.join(start, on=["parent", "indicator"])
    sums = sums.assign(moved=sums["apart"] - sums["start"]).rename(columns={"parent": "region_code"})
    columns = ["region_code", "indicator", "year", "regencies", "province", "apart", "moved"]
    return sums.loc[sums["year"].isin(list(years)), columns].reset_index(drop=True)


def _per_region(effort, region):
    each = isinstance(effort, dict | pd.Series)
    found = region.map(effort).astype(float).fillna(0.0) if each else pd.Series(float(effort), region.index)
    if not np.isfinite(found).all():
        raise BadRequestError(
            "scenario(): the effort of a year is not a number, expected one. Leave the region out."
        )
    return found


def _households(observations, region):
    counts = observations[
        (observations["indicator"] == HOUSEHOLDS) & (observations["value"] > 0)
    ].sort_values("year")
    counts = counts.groupby("region_code")["value"].last()
    missing = sorted(set(region) - set(counts.index))
    if missing:
        raise BadRequestError(
            f"Region {missing[0]}: no household count, expected a row of the indicator {HOUSEHOLDS}. "
            "Add the count to the observations, or give extra_pp_per_year instead."
        )
    return counts
