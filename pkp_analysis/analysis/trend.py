"""The slope of figures that agencies report: level and own slope, no projection and no probability."""

import numpy as np
import pandas as pd

from .model import usable

SPIKES = {"penanganan_sampah": 2021}  # the year in which what was reported leapt: never the base of a change
REPORTED = 8.0  # percentage points: what agencies report moves as much from one year to the next by itself


def from_base(points: pd.DataFrame) -> pd.DataFrame:
    """The points (indicator, year, value by year) of one region without a first year that is a spike."""
    is_spike = len(points) > 1 and points["year"].iloc[0] == SPIKES.get(points["indicator"].iloc[0])
    return points.iloc[1:] if is_spike else points


def reported_course(points: pd.DataFrame) -> tuple[str, pd.Series]:
    """The course of one region's reported figures, and the row it is counted from.

    points: indicator, year, value by year. "rising" or "falling" when the last lies REPORTED or more from the first
    that is no spike, else "flat" or, where the values between them spread wider than twice that, "swing".
    """
    spike = SPIKES.get(points["indicator"].iloc[0])
    base = points[points["year"] != spike].iloc[0] if len(points) > 1 else points.iloc[0]
    change = points["value"].iloc[-1] - base["value"]
    if abs(change) >= REPORTED:
        return "rising" if change > 0 else "falling", base
    return "flat" if points["value"].max() - points["value"].min() < 2 * REPORTED else "swing", base


def theil_sen(points: pd.DataFrame, least_points: int = 3) -> pd.DataFrame:
    """The median of the slopes between all pairs of years (Theil 1950, Sen 1968), a row per region with
    enough years: region_code, slope (units a year), points, first_year, last_year.

    points: region_code, year, value of one indicator and series. One leap, up or down, does not carry it.
    """
    rows, points = [], usable(points) if "indicator" in points else points[~np.isinf(points["value"])]
    for region_code, group in points.dropna(subset="value").sort_values("year").groupby("region_code"):
        year, value = group["year"].to_numpy(float), group["value"].to_numpy(float)
        if len(year) >= least_points:
            one, other = np.triu_indices(len(year), 1)
            slope = np.median((value[other] - value[one]) / (year[other] - year[one]))
            rows.append((region_code, float(slope), len(year), int(year[0]), int(year[-1])))
    return pd.DataFrame(rows, columns=["region_code", "slope", "points", "first_year", "last_year"])
