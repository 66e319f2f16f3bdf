"""The estimate of the WHO/UNICEF Joint Monitoring Programme (JMP) for household surveys."""

import numpy as np
import pandas as pd

from .attainment import is_missing, usable_share

LONG_SPAN = 5  # years between first and last point from which a line is fitted
EXTENDED = 2  # years a line is carried on beyond its first and last point
HELD = 4  # years a value is then held flat
SATURATED = 0.5  # an end value this close to 0 or 100 is carried on without limit


def jmp_estimate(points, years) -> pd.Series:
    """The JMP estimate in percent at each of `years` (the index); NaN where JMP publishes none.

    `points` is a frame with the columns year and value (percent), or a list of (year, value), of one
    comparable series. Two or more points over at least 5 years give a straight line, carried on for 2 years
    at either end and then held for 4; over less than 5 years their mean, held for 6 years; a single point
    is held for 4 years. Clipped to 0..100. Source: WHO/UNICEF JMP, Progress on household drinking water,
    sanitation and hygiene, annex 1.
    """
    if isinstance(points, pd.DataFrame):
        points = zip(points["year"], points["value"], strict=True)
    points = np.array(
        [
            (float(year), usable_share(float(value), f"tahun {year}"))
            for year, value in points
            if not is_missing(value)
        ]
    ).reshape(-1, 2)
    points = points[~np.isnan(points).any(axis=1)]
    index = pd.Index([int(year) for year in np.atleast_1d(years)], name="year")
    if not len(points):
        return pd.Series(np.nan, index=index, name="estimate", dtype=float)
    year, value = points.T
    first, last = year.min(), year.max()
    if last - first >= LONG_SPAN:
        slope, extended, held = np.polyfit(year - year.mean(), value, 1)[0], EXTENDED, HELD
    elif len(points) >= 2:
        slope, extended, held = 0.0, 0, EXTENDED + HELD
    else:
        slope, extended, held = 0.0, 0, HELD
    wanted = index.to_numpy(float)
    held_at = wanted.clip(first - extended, last + extended)
    estimate = (value.mean() + slope * (held_at - year.mean())).clip(0, 100)
    beyond = (wanted < first - extended - held) | (wanted > last + extended + held)
    distance = np.minimum(estimate, 100 - estimate).round(
        9
    )  # a flat line at 99.5 may be fitted as 99.49999999999999
    published = ~beyond | (distance <= SATURATED)
    return pd.Series(np.where(published, estimate, np.nan), index=index, name="estimate")
