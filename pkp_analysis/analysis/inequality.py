"""How unequal regions are, and whether the gap is closing.

`value` and `weight` are equally long sequences, one entry per region: the indicator (percent) and the
region's population or households. Regions with a missing value or weight, or no weight, do not count.
"""

import math
from collections.abc import Callable
from functools import partial
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from ..errors import BadRequestError
from .attainment import usable_shares

CLIP = 0.5  # percent: 0 and 100 have no logit


def _shares(value, weight) -> tuple[np.ndarray, np.ndarray]:
    """Values and population shares (sum 1) of the regions that count; both empty when none does.

    `value` may have one row per draw (draws x regions); then missing values are not looked for.
    """
    value = np.asarray(usable_shares(value) if np.ndim(value) == 1 else value, dtype=float)
    weight = np.asarray(weight, dtype=float)
    if value.shape[-1:] != weight.shape:
        raise BadRequestError(
            f"{value.shape[-1]} nilai dan {weight.size} bobot: seharusnya satu bobot untuk setiap nilai."
        )
    if (np.isinf(weight) | (weight < 0)).any():
        raise BadRequestError(
            "Bobot tak berhingga atau di bawah 0: seharusnya jumlah penduduk atau rumah tangga."
        )
    counts = weight > 0
    if value.ndim == 1:
        counts &= np.isfinite(value)
    return value[..., counts], weight[counts] / weight[counts].sum() if counts.any() else weight[counts]


def _number(measured):
    """A float for one set of values, an array for many draws."""
    return float(measured) if np.ndim(measured) == 0 else measured


def between_group_variance(value, weight) -> float:
    """BGV = sum p_i (y_i - m)^2 in squared percentage points, m the weighted mean; NaN without regions.
    Source: WHO HEAT.
    """
    y, p = _shares(value, weight)
    if not p.size:
        return math.nan
    mean = (y * p).sum(axis=-1, keepdims=True)
    return _number((p * (y - mean) ** 2).sum(axis=-1))


def between_group_sd(value, weight) -> float:
    """BGSD, the square root of the between-group variance: the usual distance from the mean, in percentage
    points.
    """
    return _number(np.sqrt(between_group_variance(value, weight)))


def theil(value, weight) -> float:
    """Theil index times 1000, as WHO publishes it: 1000 * sum p_i (y_i/m) ln(y_i/m); a value of 0 adds
    nothing.

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
    """Weighted mean of the distance from the best region, in percentage points: what closing all gaps would
    add.
    """
    y, p = _shares(value, weight)
    if not p.size:
        return math.nan
    best = y.max(axis=-1, keepdims=True) if direction == "up" else y.min(axis=-1, keepdims=True)
    return _number((p * np.abs(best - y)).sum(axis=-1))


def ratio_of_extremes(value, weight=None) -> float:
    """Highest value over lowest value; NaN when the lowest is 0 or nothing is given. Weights only say which
    regions count.
    """
    value = np.asarray(value, dtype=float)
    y, p = _shares(value, np.ones(value.shape[-1]) if weight is None else weight)
    if not p.size:
        return math.nan
    lowest = y.min(axis=-1)
    return _number(np.where(lowest == 0, np.nan, y.max(axis=-1) / np.where(lowest == 0, 1.0, lowest)))


def measures(direction: str = "up") -> dict[str, Callable]:
    """Name -> function (value, weight) of every measure that gets an interval; `direction` says which end
    is the best.
    """
    return {
        "bgsd": between_group_sd,
        "difference_from_best": partial(mean_difference_from_best, direction=direction),
        "theil": theil,
        "mld": mean_log_deviation,
        "ratio_of_extremes": ratio_of_extremes,
    }


def wilson_interval(numerator: float, denominator: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson score interval (without continuity correction) for numerator/denominator, as fractions (lower,
    upper).

    (NaN, NaN) for an empty sample; BadRequestError when the counts are impossible. Source: Wilson (1927).
    """
    if denominator == 0 and numerator == 0:
        return math.nan, math.nan
    if not 0 < level < 1:
        raise BadRequestError(f"Tingkat {level:g}: seharusnya di antara 0 dan 1, misalnya 0.95.")
    if not 0 <= numerator <= denominator:
        raise BadRequestError(
            f"{numerator} dari {denominator} tidak mungkin: pembilang harus antara 0 dan penyebut."
        )
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
    """A measure at the start and at the end, its change with interval, and the word "narrowing", "widening"
    or "indistinct".
    """

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
    noise_sd,
    freedom: float = math.inf,
    measure: Callable = between_group_sd,
    level: float = 0.80,
    draws: int = 4000,
    seed: int = 20240101,
) -> GapChange:
    """Whether the gap among regions is closing, beyond what survey noise alone would show.

    The regions are all there are, not a sample of regions, so what is drawn again is the survey: every share
    (percent) of either year gets fresh noise of `noise_sd` on the logit scale (one number or one per region:
    Model.survey_noise), independent between regions; with `freedom` some regions are noisier than others, in
    both years. Noise makes regions look more unequal than they are, a second time in the draws; the basic
    bootstrap interval (2 * estimate - quantile, Davison and Hinkley 1997, 5.2) turns that bias back. Only
    regions observed in both years count. The word speaks only when 0 is outside the interval.
    """
    start, end, noise = (np.asarray(each, dtype=float) for each in (value_start, value_end, noise_sd))
    known = np.isfinite(start) & np.isfinite(end)
    noise, weight = np.broadcast_to(noise, known.shape)[known], np.asarray(weight, dtype=float)[known]
    first, last = measure(start[known], weight), measure(end[known], weight)
    drawn_start, drawn_end = _resurveyed([start[known], end[known]], noise, freedom, draws, seed)
    change, drawn = last - first, measure(drawn_end, weight) - measure(drawn_start, weight)
    lower, upper = (2 * change - np.quantile(drawn, [(1 + level) / 2, (1 - level) / 2])).tolist()
    word = "narrowing" if upper < 0 else "widening" if lower > 0 else "indistinct"
    return GapChange(first, last, change, lower, upper, word)


def _resurveyed(
    values: list, noise_sd: np.ndarray, freedom: float, draws: int, seed: int
) -> list[np.ndarray]:
    """Per survey draws x regions: the shares as another survey of the same size might have found them."""
    rng = np.random.default_rng(seed)
    noise = np.tile(noise_sd, (draws, 1))
    if math.isfinite(freedom):
        noise *= np.sqrt(freedom / rng.chisquare(freedom, noise.shape))
    logits = [logit(np.clip(value, CLIP, 100 - CLIP) / 100) for value in values]
    return [100 * expit(z + rng.normal(0, noise)) for z in logits]


def inequality_table(values: pd.DataFrame, weight: pd.Series, direction: str = "up") -> pd.DataFrame:
    """DataFrame[year, n_regions, weighted_mean, *measures], one row per year.

    values: regions x years (percent); weight: indexed by region. A region without a value in a year is left
    out of that year; n_regions says how many are in.
    """
    rows = []
    weight = weight.reindex(values.index)
    for year in values.columns:
        y, p = _shares(values[year], weight)
        mean = float((y * p).sum()) if y.size else math.nan
        rows.append({"year": year, "n_regions": y.size, "weighted_mean": mean}
                    | {name: measure(y, p) for name, measure in measures(direction).items()})  # fmt: skip
    return pd.DataFrame(rows)


def gap_table(
    values: pd.DataFrame,
    weight: pd.Series,
    noise_sd: pd.Series,
    freedom: float = math.inf,
    direction: str = "up",
    draws: int = 4000,
) -> pd.DataFrame:
    """How wide the gap was in the first and the last year, and whether it closed: one row per measure.

    values, weight as in inequality_table; noise_sd: by region (Model.survey_noise). Columns measure, start, end,
    change, lower, upper (80 %), word, as gap_change has them.
    """
    first, last = values.iloc[:, 0], values.iloc[:, -1]
    weight, noise_sd = weight.reindex(values.index), noise_sd.reindex(values.index)
    rows = {
        name: gap_change(first, last, weight, noise_sd, freedom, measure, draws=draws)
        for name, measure in measures(direction).items()
    }
    return (
        pd.DataFrame.from_dict(rows, "index", columns=GapChange._fields).rename_axis("measure").reset_index()
    )
