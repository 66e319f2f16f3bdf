"""Realisation against target: attainment, gap, performance scale and whether a target counts as met."""

import math
import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..errors import BadRequestError

# "Skala peringkat kinerja yang lazim dalam LKjIP", made gap-free: the first bound reached gives the word.
SCALE = ((91, "sangat tinggi"), (76, "tinggi"), (66, "sedang"), (51, "rendah"), (-math.inf, "sangat rendah"))

ROUNDING = 0.5  # percentage points by which a share may pass 0 or 100 and still be read as 0 or 100
UNIVERSAL_MARGIN = 1.0  # percentage points: 99 % counts as universal access, 1 % as none left


class FigureWarning(UserWarning):
    """A figure that was not used, or not as it stands, with its row."""


class Attainment(NamedTuple):
    """`attainment_pct` in percent, `gap` in the indicator's unit (positive = still missing), `scale` a word
    of SCALE.
    """

    attainment_pct: float | None
    gap: float | None
    scale: str | None


def direction_sign(direction: str) -> int:
    """+1 for "up" (higher is better), -1 for "down"; BadRequestError for anything else."""
    signs = {"up": 1, "down": -1}
    if direction not in signs:
        raise BadRequestError(
            f'Arah {direction!r} tidak dikenal: seharusnya "up" (makin tinggi makin baik) atau "down".'
        )
    return signs[direction]


def is_missing(number: float | None) -> bool:
    """True for None, NaN and pandas' NA."""
    return bool(pd.isna(number))


def usable_share(value: float, row: str) -> float:
    """A share in percent within 0..100: up to half a point outside it counts as 0 or 100, further out, or infinite,
    it is NaN, either way with a FigureWarning that names the `row`; a missing one stays missing.
    """
    if 0 <= value <= 100 or is_missing(value):
        return value
    nearest = min(max(value, 0.0), 100.0)
    rounded = abs(value - nearest) <= ROUNDING
    done = (
        f"dibaca sebagai {nearest:g}."
        if rounded
        else "angka ini tidak dipakai. Perbaiki di berkas sumbernya."
    )
    text = f"{row}: {value:g}: persentase seharusnya 0 sampai 100; {done}"
    warnings.warn(text, FigureWarning, stacklevel=3)
    return nearest if rounded else math.nan


def usable_shares(values):
    """`values` (Series or array) with each as usable_share has it; a row is named by its label or place."""
    shares = np.asarray(values, dtype=float)
    odd = np.flatnonzero(~(np.isnan(shares) | ((shares >= 0) & (shares <= 100))))
    if not len(odd):
        return values
    labels = (
        values.index
        if isinstance(values, pd.Series)
        else [f"nilai ke-{n}" for n in range(1, len(shares) + 1)]
    )
    shares = shares.copy()
    shares[odd] = [usable_share(shares[place], str(labels[place])) for place in odd]
    return pd.Series(shares, values.index, name=values.name) if isinstance(values, pd.Series) else shares


def attainment(value: float, target: float, direction: str = "up") -> Attainment:
    """Attainment in percent of the target, the gap in the unit of the indicator, and the scale word.

    Higher is better: 100 * value / target; lower is better: 100 * (2 * target - value) / target, the rule
    Indonesian performance reports use for negative indicators. A zero target has no ratio: gap only. A
    missing value or target gives None in all three. Source: the rules customary in Indonesian performance
    reports (LKjIP).
    """
    sign = direction_sign(direction)
    if is_missing(value) or is_missing(target):
        return Attainment(None, None, None)
    if math.isinf(value) or math.isinf(target):
        raise BadRequestError(
            f"Capaian dari {value:g} terhadap {target:g}: seharusnya dua bilangan berhingga."
        )
    gap = sign * (target - value)
    if target == 0:
        return Attainment(None, gap, None)
    pct = 100 * (value if sign > 0 else 2 * target - value) / target
    return Attainment(pct, gap, scale_of(pct))


def scale_of(attainment_pct: float) -> str:
    """The scale word; rounding to nine decimals keeps 81.9 against 90 (91 exactly) out of floating-point
    trouble.
    """
    return next(word for bound, word in SCALE if round(attainment_pct, 9) >= bound)


def is_universal(target: float, direction: str, unit: str = "%") -> bool:
    """True for a target of everybody (100 %) or nobody (0 % of an indicator that should fall)."""
    return unit.startswith("%") and target == (100 if direction_sign(direction) > 0 else 0)


def threshold(target: float, direction: str, unit: str = "%") -> float:
    """The value from which the target counts as met: 99 for a universal 100 %, 1 for a universal 0 %, else
    the target.
    """
    if is_universal(target, direction, unit):
        return target - direction_sign(direction) * UNIVERSAL_MARGIN
    return target


def is_met(value: float, target: float, direction: str, unit: str = "%") -> bool:
    """True when the value reaches the target (or the universal threshold); a missing value meets nothing."""
    if is_missing(value) or is_missing(target):
        return False
    return direction_sign(direction) * (value - threshold(target, direction, unit)) >= 0
