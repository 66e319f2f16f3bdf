"""The slope of figures that agencies report: level and own slope, no projection and no probability."""

import numpy as np
import pandas as pd

from .model import usable

SPIKES = {"penanganan_sampah": 2021}  # the year in which what was reported leapt: never the base of a change
# Percentage points below which a change of what agencies report is no movement and a place among regions not sure, a
# choice: one yearly change in five is larger in the 13 regencies (2019-2024), and many of those did not last.
REPORTED = 8.0


RECENT = 4  # years: what a projection is set against


def recent_pace(points: pd.DataFrame) -> float:
    """Units a year over the last RECENT years of the points (year, value); NaN where one of them is not known."""
    values = points.set_index("year")["value"]
    years = range(values.index.max() - RECENT, values.index.max() + 1)
    return float(values[years[-1]] - values[years[0]]) / RECENT if set(years) <= set(values.index) else np.nan


def reported_course(points: pd.DataFrame) -> tuple[str, pd.Series]:
    """The course of one region's reported figures, and the row that its sentence names beside the last one.

    points: indicator, year, value by year. "rising" or "falling", counted from that row: the first (a spike is none
    where there are others) when the last lies REPORTED or more away, the median slope goes the same way and no year
    went as far the other way, unless all of it is one step after the first of five years or more; where they went back
    by REPORTED or more since their end, "rose_then_fell" or "fell_then_rose", and that end. Else the year before the
    last when twice REPORTED lie between. Else "flat" where all years lie within twice REPORTED, "except" where all
    but one (that row; five years or more, never the last) do; else "swing".
    """
    values, spike = points["value"].to_numpy(float), SPIKES.get(points["indicator"].iloc[0])
    since = points.iloc[1:] if len(points) > 1 and points["year"].iloc[0] == spike else points
    base, steps = since.iloc[0], since["value"].diff().to_numpy()[1:]
    change = values[-1] - base["value"]
    slope = median_slope(since["year"].to_numpy(float), since["value"].to_numpy(float))
    way, is_one_step = np.sign(change), len(values) >= 5 and np.ptp(values[1:]) < REPORTED
    if (
        not is_one_step
        and abs(change) >= REPORTED
        and np.sign(slope) == way
        and np.max(-way * steps) < abs(change)
    ):
        end = since.iloc[int(np.argmax(way * since["value"].to_numpy(float)))]
        if abs(end["value"] - values[-1]) >= REPORTED:
            return {1: "rose_then_fell", -1: "fell_then_rose"}[way], end
        return {1: "rising", -1: "falling"}[way], base
    if len(steps) and abs(steps[-1]) >= 2 * REPORTED and since["year"].iloc[-2] != spike:
        return "rising" if steps[-1] > 0 else "falling", since.iloc[-2]
    if np.ptp(values) < 2 * REPORTED:
        return "flat", base
    others = [np.ptp(np.delete(values, place)) for place in range(len(values) - 1)]
    if len(values) >= 5 and min(others) < 2 * REPORTED:
        return "except", points.iloc[int(np.argmin(others))]
    return "swing", base


def main_step(points: pd.DataFrame, base: pd.Series) -> tuple[int, int] | None:
    """The two years between which two thirds or more of the change from the row `base` to the last of the points lie;
    None where there are no others, or no such years.
    """
    since = points[points["year"] >= base["year"]]
    steps = since["value"].diff() * np.sign(since["value"].iloc[-1] - base["value"])
    place = int(np.nan_to_num(steps.to_numpy()).argmax())
    if len(since) < 3 or steps.iloc[place] < 2 / 3 * abs(since["value"].iloc[-1] - base["value"]):
        return None
    return int(since["year"].iloc[place - 1]), int(since["year"].iloc[place])


def sure_places(own: pd.Series, values: pd.DataFrame) -> tuple[int, int]:
    """The places that a region may hold among the `values` (with value, rank): the 80 % range of its rank
    (rank_lower, rank_upper), of what agencies report those of the regions within REPORTED percentage points.
    """
    if pd.notna(own["lower"]):
        return own["rank_lower"], own["rank_upper"]
    near = values.loc[(values["value"] - own["value"]).abs() < REPORTED, "rank"]
    return near.min(), near.max()


def median_slope(year: np.ndarray, value: np.ndarray) -> float:
    """The median of the slopes between all pairs of years, units a year (Theil 1950, Sen 1968); NaN for one year."""
    one, other = np.triu_indices(len(year), 1)
    return float(np.median((value[other] - value[one]) / (year[other] - year[one]))) if len(one) else np.nan


def theil_sen(points: pd.DataFrame) -> pd.DataFrame:
    """median_slope of each region with three years or more: region_code, slope, points (how many), first_year,
    last_year.

    points: region_code, year, value of one indicator and series. One leap, up or down, does not carry it.
    """
    rows, points = [], usable(points) if "indicator" in points else points[~np.isinf(points["value"])]
    for region_code, group in points.dropna(subset="value").sort_values("year").groupby("region_code"):
        year, value = group["year"].to_numpy(float), group["value"].to_numpy(float)
        if len(year) >= 3:
            rows.append((region_code, median_slope(year, value), len(year), int(year[0]), int(year[-1])))
    return pd.DataFrame(rows, columns=["region_code", "slope", "points", "first_year", "last_year"])
