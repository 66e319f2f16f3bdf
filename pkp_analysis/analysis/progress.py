"""Four published progress methods, each computed as its publisher does.

A method that its publisher leaves undefined gives None here, never a guess.
"""

import math
from typing import NamedTuple

import pandas as pd

from ..errors import BadRequestError
from .attainment import direction_sign, is_missing

ZERO_STAND_IN = 0.001  # Open SDG puts this in place of a base or target of zero
NEAR_LIMIT_EXPONENT = 4.44  # Open SDG: how fast the cut points shrink near a natural limit
DECIMALS = 12  # cut points are compared after rounding away floating-point dust


class Progress(NamedTuple):
    """`value`: growth ratio (with target) or growth rate (without); `score` from -5 to 5."""

    value: float | None
    status: str
    score: float | None


class Escap(NamedTuple):
    """Both indices on ESCAP's scale: 0 = the base, 10 = the target."""

    current_status: float | None
    anticipated_progress: float | None
    status: str | None


def sorted_points(points) -> list[tuple[int, float]]:
    """(year, value) in order of year, missing values dropped; `points` is a DataFrame[year, value] or
    pairs.

    BadRequestError when a year comes twice: a series has one value per year.
    """
    if isinstance(points, pd.DataFrame):
        points = zip(points["year"], points["value"], strict=True)
    kept = sorted(
        (int(year), _number(value, f"tahun {year}")) for year, value in points if not is_missing(value)
    )
    years = [year for year, _ in kept]
    if len(set(years)) < len(years):
        twice = sorted({year for year in years if years.count(year) > 1})
        raise BadRequestError(
            f"Deret memuat lebih dari satu nilai untuk tahun {twice}: seharusnya satu per tahun. Beri hanya"
            " nilai yang berlaku."
        )
    return kept


def _number(value, place="") -> float | None:
    """A plain float (numpy's would turn a complex growth rate into NaN), None when missing; BadRequestError when
    endless.
    """
    if is_missing(value):
        return None
    if math.isinf(value):
        raise BadRequestError(
            f"Nilai {place or value} tak berhingga: seharusnya bilangan. Perbaiki atau hapus nilai itu."
        )
    return float(value)


def base_and_current(points, base_year: int = 2015) -> tuple[tuple[int, float], tuple[int, float]] | None:
    """((base year, value), (current year, value)): base_year or else the first later year; None when there
    is none.
    """
    kept = sorted_points(points)
    later = [point for point in kept if point[0] >= base_year]
    return (later[0], kept[-1]) if later else None


def growth(base: float, value: float, years: float) -> float | complex:
    """Compound annual growth rate as a fraction; complex (as Python has it) when the signs differ."""
    return (value / base) ** (1 / float(years)) - 1


# Open SDG / Statistics Canada


def open_sdg(
    base_year: int,
    base_value: float,
    current_year: int,
    current_value: float,
    target_year: int = 2030,
    target: float | None = None,
    direction: str = "positive",
    limit: float | None = None,
) -> Progress:
    """Progress as Open SDG (sdg-build, ProgressMeasure.py) and Statistics Canada compute it.

    direction is "positive" or "negative". `limit` counts only without a target. status: target_achieved,
    substantial_progress, moderate_progress, limited_progress, deterioration, not_available. A target on the
    other side of zero from the base keeps the publisher's modulus of the complex growth rate.
    """
    sign_of_direction = {"positive": 1, "negative": -1}.get(direction)
    if sign_of_direction is None:
        raise BadRequestError(
            f'Arah Open SDG {direction!r} tidak dikenal: seharusnya "positive" atau "negative".'
        )
    base, current, target = _number(base_value), _number(current_value), _number(target)
    if current is None:
        return Progress(None, "not_available", None)
    target = target if target is None else target or ZERO_STAND_IN
    achieved = target is not None and sign_of_direction * (current - target) >= 0
    value = _open_sdg_value(base_year, base, current_year, current, target_year, target, sign_of_direction)
    if achieved:
        return Progress(value, "target_achieved", 5.0)
    if value is None:
        return Progress(None, "not_available", None)
    if target is not None:
        return Progress(value, _word(value, 0.95, 0.60), _score_with_target(value))
    shrink = _near_limit(base, _number(limit))
    return Progress(value, _word(value, 0.015 * shrink, 0.005 * shrink), _score_without_target(value, shrink))


def _open_sdg_value(
    base_year, base, current_year, current, target_year, target, sign_of_direction
) -> float | None:
    if base is None or is_missing(base_year) or current_year - base_year < 1:
        return None
    base = base or ZERO_STAND_IN
    if base * current < 0:
        return None
    sign = -1 if base < 0 else 1
    observed = sign * sign_of_direction * growth(base, current, current_year - base_year)
    if target is None:
        return observed
    required = 0 if target_year == base_year else abs(growth(base, target, target_year - base_year))
    return None if required == 0 else observed / required


def _word(value: float, substantial: float, moderate: float, limited: float = 0) -> str:
    if value >= substantial:
        return "substantial_progress"
    if value >= moderate:
        return "moderate_progress"
    return "limited_progress" if value >= limited else "deterioration"


def _score_with_target(ratio: float) -> float:
    return min(7.1429 * ratio - 4.2857, 5.0) if ratio >= 0.6 else max(4.1667 * ratio - 2.5, -5.0)


def _score_without_target(rate: float, shrink: float) -> float:
    if rate < 0:
        return max(125 * rate - 2.5, -5.0)
    if shrink == 0:
        return 5.0
    if rate >= 0.015 * shrink:
        return min(500 * rate / shrink - 5, 5.0)
    if rate >= 0.005 * shrink:
        return 250 * rate / shrink - 1.25
    return 500 * rate / shrink - 2.5


def _near_limit(base: float, limit: float | None) -> float:
    """The factor C: 1 far from the limit, 0 at it, so that little room left asks for little growth."""
    if limit is None:
        return 1.0
    base, limit = abs(base), abs(limit)
    if base >= 2 * limit:  # first, so that base = limit = 0 gives 1
        return 1.0
    closeness = base / limit if base <= limit else (2 * limit - base) / limit
    return 1 - closeness**NEAR_LIMIT_EXPONENT


# United Nations progress chart, as EUSTAT publishes it


def un_chart(
    base_year: int,
    base_value: float,
    current_year: int,
    current_value: float,
    target_year: int,
    target: float | None = None,
    direction: str = "up",
) -> str | None:
    """ "achieved", "on_track", "fair_progress", "stagnation_or_regression" or None, by the share of the way
    covered by target_year.

    Growth so far (CAGR) goes on to target_year; a target year that has passed is judged on the same path at
    that year. A target of 0 or 100 is achieved within 1 point. Source: EUSTAT, "Measuring progress on the
    SDGs", 2.1-2.4.
    """
    sign = direction_sign(direction)
    base, current, target = _number(base_value), _number(current_value), _number(target)
    if current is None:
        return None
    if target is not None:
        margin = 1 if target == (100 if sign > 0 else 0) else 0
        if round(sign * (current - target) + margin, DECIMALS) >= 0:
            return "achieved"
    if not base or base == target or is_missing(base_year) or current_year <= base_year or current / base < 0:
        return None
    rate = growth(base, current, current_year - base_year)
    if target is None:
        return _chart_word(sign * rate, 0.02, 0.005)
    projected = current * (1 + rate) ** (target_year - current_year) if current else 0.0
    return _chart_word((projected - base) / (target - base), 0.95, 0.10)


def _chart_word(share: float, on_track: float, fair: float) -> str:
    share = round(share, DECIMALS)
    if share >= on_track:
        return "on_track"
    return "fair_progress" if share >= fair else "stagnation_or_regression"


# Destatis


def destatis(points, target: float, target_year: int, direction: str) -> str | None:
    """ "sun", "sun_with_cloud", "cloud", "storm", or None with fewer than four points.

    Mean annual change over the last six points, carried on to target_year; a target year that has passed
    adds no further change. Source: Destatis, German Sustainable Development Strategy, status of indicators.
    """
    sign = direction_sign(direction)
    kept = sorted_points(points)[-6:]
    if len(kept) < 4 or is_missing(target):
        return None
    (first_year, first), (last_year, last) = kept[0], kept[-1]
    change = (last - first) / (last_year - first_year)
    miss = sign * (target - (last + change * max(target_year - last_year, 0)))
    distance = sign * (target - last)
    if distance <= 0:
        return "sun" if round(miss, DECIMALS) <= 0 else "sun_with_cloud"
    if sign * change <= 0:
        return "storm"
    share = round(miss / distance, DECIMALS)
    if share < 0.05:
        return "sun"
    return "sun_with_cloud" if share <= 0.20 else "cloud"


# ESCAP


def escap(
    base_value: float, current_value: float, projected_value: float, target: float, direction: str
) -> Escap:
    """Current status and anticipated progress index, and "achieved", "will_meet", "accelerate",
    "regression" or None.

    Both are 10 * D * (value - base) / |target - base| and 10 once the value reaches the target. A missing
    base (one observation) or a base equal to the target leaves only "achieved". Source: ESCAP, progress
    assessment methodology.
    """
    sign = direction_sign(direction)
    base, current, projected, target = map(_number, (base_value, current_value, projected_value, target))

    def index(value):
        if value is None or current is None or target is None:
            return None
        if sign * (value - target) >= 0:
            return 10.0
        return None if base is None or base == target else 10 * sign * (value - base) / abs(target - base)

    reached, anticipated = index(current), index(projected)
    if reached == 10:
        status = "achieved"
    elif reached is None or anticipated is None:
        status = None
    else:
        rounded = round(anticipated, DECIMALS)
        status = "will_meet" if rounded > 9 else "accelerate" if rounded > 0 else "regression"
    return Escap(reached, anticipated, status)


# Side by side

ON_COURSE = {
    "open_sdg": {"target_achieved", "substantial_progress"},
    "un_chart": {"achieved", "on_track"},
    "destatis": {"sun", "sun_with_cloud"},  # Destatis calls both "on track"
    "escap": {"achieved", "will_meet"},
}


def side_by_side(
    points, target: float, target_year: int, direction: str, projected_value: float | None = None
) -> pd.DataFrame:
    """DataFrame[method, status, on_course, value]: the four methods on one comparable series, in a fixed
    order.

    A target year that has passed is judged on the figures up to it. on_course is True, False or None (the
    method gives no answer); value is the method's own number where it has one (Open SDG: growth ratio;
    ESCAP: anticipated progress).
    """
    kept = [point for point in sorted_points(points) if point[0] <= target_year]
    ends = base_and_current(kept)
    if ends is None:
        results = {method: (None, None) for method in ON_COURSE}
    else:
        (base_year, base), (year, current) = ends
        base_or_none = base if year > base_year else None
        canada = open_sdg(
            base_year,
            base,
            year,
            current,
            target_year,
            target,
            "positive" if direction == "up" else "negative",
        )
        asia = escap(base_or_none, current, projected_value, target, direction)
        results = {
            "open_sdg": (None if canada.status == "not_available" else canada.status, canada.value),
            "un_chart": (un_chart(base_year, base, year, current, target_year, target, direction), None),
            "destatis": (destatis(kept, target, target_year, direction), None),
            "escap": (asia.status, asia.anticipated_progress),
        }
    rows = [
        {
            "method": method,
            "status": status,
            "on_course": None if status is None else status in ON_COURSE[method],
            "value": value,
        }
        for method, (status, value) in results.items()
    ]
    return pd.DataFrame(rows, columns=["method", "status", "on_course", "value"]).astype(
        {"on_course": object, "value": float}
    )
