"""What an additional effort would change: year of attainment, probability, households and cost, per region."""

import numpy as np
import pandas as pd

from .attainment import direction_sign, threshold
from .model import LAST_YEAR, usable
from .projection import scenario


def pp_per_year(households_per_year: float, households: pd.Series) -> pd.Series:
    """Percentage points a year that so many households make in each region; households: count by region_code."""
    return 100 * households_per_year / households


def outcomes(
    observations: pd.DataFrame,
    model,
    target: float,
    target_year: int,
    effort: pd.Series,
    households: pd.Series,
    budget_per_household: float = 0.0,
    direction: str = "up",
) -> pd.DataFrame:
    """A row per region: what the trend brings and what the effort would change.

    observations: values of one indicator, in percent, of the regions asked about; effort: additional
    percentage points a year, by region_code; households: count by region_code (NaN where unknown). Columns:
    region_code, value, value_year, year_trend, year_effort (first year whose median meets the target, NA when
    not until 2035, or target_year), chance_trend, chance_effort (probability of meeting it in target_year; NaN
    when that year is over), median_effort, lower_effort, upper_effort (at target_year), households (additional
    until target_year, at most those not served now), cost (households times budget, NaN without a budget).
    """
    sign, observations = direction_sign(direction), usable(observations)
    last = (
        observations.sort_values("year").drop_duplicates("region_code", keep="last").set_index("region_code")
    )
    effort = effort.reindex(last.index).fillna(0.0)
    years = range(int(last["year"].min()) + 1, max(LAST_YEAR, target_year) + 1)
    trend = scenario(observations, 0.0, model=model, years=years)
    lifted = scenario(observations, sign * effort, model=model, years=years)
    met_from = threshold(target, direction)
    ahead = (target_year - last["year"]).clip(lower=0)
    unserved = (
        households.reindex(last.index) * (100 - last["value"] if direction == "up" else last["value"]) / 100
    )
    served = np.minimum(households.reindex(last.index) * effort / 100 * ahead, unserved)
    at_target = lifted[lifted["year"] == target_year].set_index("region_code").reindex(last.index)
    return pd.DataFrame(
        {
            "value": last["value"],
            "value_year": last["year"],
            "year_trend": first_year(trend, last, met_from, sign),
            "year_effort": first_year(lifted, last, met_from, sign),
            "chance_trend": chance(observations, model, met_from, target_year, last, 0 * effort, direction),
            "chance_effort": chance(observations, model, met_from, target_year, last, effort, direction),
            "median_effort": at_target["median"],
            "lower_effort": at_target["lower"],
            "upper_effort": at_target["upper"],
            "households": served,
            "cost": served * budget_per_household if budget_per_household else np.nan,
        }
    ).reset_index()


def first_year(projection: pd.DataFrame, last: pd.DataFrame, met_from: float, sign: int) -> pd.Series:
    """Per region the first year whose median meets the threshold (the value's own year when it does
    already), else NA.
    """
    met = projection[sign * (projection["median"] - met_from) >= 0].groupby("region_code")["year"].min()
    years = met.reindex(last.index).astype("Int64")
    return years.mask(sign * (last["value"] - met_from) >= 0, last["year"].astype("Int64"))


def chance(
    observations,
    model,
    met_from: float,
    target_year: int,
    last: pd.DataFrame,
    effort: pd.Series,
    direction: str,
) -> pd.Series:
    """P(target met in target_year): the effort lifts every outcome alike, so the threshold moves by as much."""
    sign = direction_sign(direction)
    moved = met_from - sign * effort * (target_year - last["year"])
    asked = pd.DataFrame(
        {
            "region_code": last.index,
            "indicator": last["indicator"],
            "year": target_year,
            "value": moved.clip(0.01, 99.0),
            "direction": direction,
        }
    )
    known = model.probability(observations, asked).set_index("region_code")["probability"]
    certain = moved <= 0 if direction == "up" else moved >= 100
    return known.mask(certain, 1.0).where(last["year"] < target_year)
