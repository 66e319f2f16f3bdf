"""How unequal regions are, and whether the gap is closing.

`value` and `weight` are equally long sequences, one entry per region: the indicator (percent) and the region's
population or households. Regions with a missing value or weight, or no weight, do not count.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from ..errors import BadRequestError

CLIP = 0.5  # percent: 0 and 100 have no logit


def _shares(value, weight) -> tuple[np.ndarray, np.ndarray]:
    """Values and population shares (sum 1) of the regions that count; both empty when none does.

    `value` may have one row per draw (draws x regions); then missing values are not looked for.
    """
    value, weight = np.asarray(value, dtype=float), np.asarray(weight, dtype=float)
    if value.shape[-1:] != weight.shape:
        raise BadRequestError(f"{value.shape[-1]} nilai dan {weight.size} bobot: seharusnya satu bobot untuk setiap nilai.")
    counts = np.isfinite(weight) & (weight > 0)
    if value.ndim == 1:
        counts &= np.isfinite(value)
    return value[..., counts], weight[counts] / weight[counts].sum() if counts.any() else weight[counts]


def _number(measured):
    """A float for one set of values, an array for many draws."""
    return float(measured) if np.ndim(measured) == 0 else measured


def between_group_variance(value, weight) -> float:
    """BGV = sum p_i (y_i - m)^2 in squared percentage points, m the weighted mean; NaN without regions. Source: WHO HEAT."""
    y, p = _shares(value, weight)
    if not p.size:
        return math.nan
    mean = (y * p).sum(axis=-1, keepdims=True)
    return _number((p * (y - mean) ** 2).sum(axis=-1))


def between_group_sd(value, weight) -> float:
    """BGSD, the square root of the between-group variance: the usual distance from the mean, in percentage points."""
    return _number(np.sqrt(between_group_variance(value, weight)))


def theil(value, weight) -> float:
    """Theil index times 1000, as WHO publishes it: 1000 * sum p_i (y_i/m) ln(y_i/m); a value of 0 adds nothing.

    NaN without regions or when the weighted mean m is 0.
    """
    y, p = _shares(value, weight)
    if not p.size:
        return math.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = y / (y * p).sum(axis=-1, keepdims=True)
        terms = np.where(ratio == 0, 0.0, p * ratio * np.log(np.where(ratio == 0, 1.0, ratio)))
    return _number(1000 * terms.sum(axis=-1))


def mean_log_deviation(value, weight) -> float:
    """Mean log deviation times 1000, as WHO publishes it: 1000 * sum -p_i ln(y_i/m); NaN when any value is 0."""
    y, p = _shares(value, weight)
    if not p.size:
        return math.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = y / (y * p).sum(axis=-1, keepdims=True)
        measured = -1000 * (p * np.log(ratio)).sum(axis=-1)
    return _number(np.where((y <= 0).any(axis=-1), np.nan, measured))


def mean_difference_from_best(value, weight, direction: str = "up") -> float:
    """Weighted mean of the distance from the best region, in percentage points: what closing all gaps would add."""
    y, p = _shares(value, weight)
    if not p.size:
        return math.nan
    best = y.max(axis=-1, keepdims=True) if direction == "up" else y.min(axis=-1, keepdims=True)
    return _number((p * np.abs(best - y)).sum(axis=-1))


def ratio_of_extremes(value) -> float:
    """Highest value over lowest value; NaN when the lowest is 0 or nothing is given."""
    y = np.asarray(value, dtype=float)
    y = y[np.isfinite(y)]
    return float(y.max() / y.min()) if y.size and y.min() != 0 else math.nan


def wilson_interval(numerator: float, denominator: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson score interval (without continuity correction) for numerator/denominator, as fractions (lower, upper).

    (NaN, NaN) for an empty sample; BadRequestError when the counts are impossible. Source: Wilson (1927).
    """
    if denominator == 0 and numerator == 0:
        return math.nan, math.nan
    if not 0 <= numerator <= denominator:
        raise BadRequestError(f"{numerator} dari {denominator} tidak mungkin: pembilang harus antara 0 dan penyebut.")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = numerator / denominator
    centre = share + z * z / (2 * denominator)
    reach = z * math.sqrt(share * (1 - share) / denominator + z * z / (4 * denominator**2))
    scale = 1 + z * z / denominator
    # The ends of an empty or full sample are exactly 0 and 1; floating point would leave 1e-17.
    lower = 0.0 if numerator == 0 else (centre - reach) / scale
    upper = 1.0 if numerator == denominator else (centre + reach) / scale
    return lower, upper


class GapChange(NamedTuple):
    """A measure at the start and at the end, its change with interval, and the word "narrowing", "widening" or "indistinct"."""

    start: float
    end: float
    change: float
    lower: float
    upper: float
    word: str


def gap_change(
    value_start,
    value_end,
    weight,
    noise_sd: float,
    freedom: float = math.inf,
    measure: Callable = between_group_sd,
    level: float = 0.80,
    draws: int = 4000,
    seed: int = 20240101,
) -> GapChange:
    """Whether the gap among regions is closing, beyond what survey noise alone would show.

    The regions are all there are, not a sample of regions, so what is drawn again is the survey: every share (percent)
    gets fresh noise of `noise_sd` on the logit scale, independent between regions and years (the model's s_e; with its
    nu as `freedom`, some regions are noisier than others, in both years). Noise makes regions look more unequal than
    they are, a second time in the draws; the basic bootstrap interval (2 * estimate - quantile) turns that bias back.
    Only regions observed in both years count. The word speaks only when 0 is outside.
    """
    start, end, weight = (np.asarray(given, dtype=float) for given in (value_start, value_end, weight))
    both = np.isfinite(start) & np.isfinite(end)
    start, end, weight = start[both], end[both], weight[both]
    first, last = measure(start, weight), measure(end, weight)
    rng = np.random.default_rng(seed)
    noise = np.full((draws, len(weight)), noise_sd)
    if math.isfinite(freedom):
        noise *= np.sqrt(freedom / rng.chisquare(freedom, noise.shape))
    drawn = measure(_resurveyed(end, noise, rng), weight) - measure(_resurveyed(start, noise, rng), weight)
    change = last - first
    lower, upper = 2 * change - np.quantile(drawn, [(1 + level) / 2, (1 - level) / 2])
    word = "narrowing" if upper < 0 else "widening" if lower > 0 else "indistinct"
    return GapChange(first, last, change, float(lower), float(upper), word)


def _resurveyed(value: np.ndarray, noise: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """draws x regions: the shares as another survey of the same size might have found them."""
    z = logit(np.clip(value, CLIP, 100 - CLIP) / 100)
    return 100 * expit(z + rng.normal(0, noise))


def inequality_table(values: pd.DataFrame, weight: pd.Series, direction: str = "up") -> pd.DataFrame:
    """DataFrame[year, n_regions, weighted_mean, bgsd, theil, mld, difference_from_best, ratio_of_extremes], one row per year.

    values: regions x years (percent); weight: indexed by region. A region without a value in a year is left out of
    that year; n_regions says how many are in.
    """
    rows = []
    weight = weight.reindex(values.index)
    for year in values.columns:
        y, p = _shares(values[year], weight)
        rows.append(
            {
                "year": year,
                "n_regions": y.size,
                "weighted_mean": float((y * p).sum()) if y.size else math.nan,
                "bgsd": between_group_sd(y, p),
                "theil": theil(y, p),
                "mld": mean_log_deviation(y, p),
                "difference_from_best": mean_difference_from_best(y, p, direction),
                "ratio_of_extremes": ratio_of_extremes(y),
            }
        )
    return pd.DataFrame(rows)
