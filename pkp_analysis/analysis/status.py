"""One status word per region, indicator and target, from the data alone."""

from typing import NamedTuple

from scipy.special import stdtrit

from .attainment import direction_sign, is_met, is_missing
from .model import share_logit

ON_TRACK = 0.66  # probability of meeting the target from which a region is on track
SMALL_CHANCE = 0.10  # below it the chance is small
LOSES = 0.50  # probability of losing a target already met from which it is at risk

UNJUDGED = ("insufficient_data", "not_yet_due")  # a value may be shown, but nothing is said about it
WRONG_WAY = {1: "falling", -1: "rising"}  # the region's own change that leads away from the target


class Status(NamedTuple):
    """`status` is a key of the report's marks; at_risk and near_target are two additions to it."""

    status: str
    at_risk: bool
    near_target: bool


def is_near(value: float, met_from: float, noise_sd: float, freedom: float) -> bool:
    """Whether a published figure lies within the 80 % range of its own noise (logit scale) around the value
    from which the target counts as met, all in percent; False without a noise.
    """
    if is_missing(value) or is_missing(noise_sd):
        return False
    return bool(abs(share_logit(value) - share_logit(met_from)) <= stdtrit(freedom, 0.90) * noise_sd)


def status(
    value: float | None,
    value_year: int | None,
    target: float,
    direction: str,
    *,
    unit: str = "%",
    start_year: int | None = None,
    passed: bool = False,
    is_reference: bool = False,
    n_points: int = 1,
    change: str | None = None,
    probability: float | None = None,
    near: bool = False,
) -> Status:
    """The status, tested in this order: a value at all, target year passed, plan begun, met, enough points,
    moving away, chance of meeting the target.

    value, value_year: the figure that is judged (at the target year when `passed`, else the latest; None
    when there is none); n_points: comparable points of its series; change: "rising", "falling",
    "indistinct" or None, from the region's own points (80 % from three points, 95 % of two); probability:
    that the target is met in its year, from the model; near: is_near of the figure. Without a probability
    nothing can be said about the way to a target that is not met yet.
    """
    if is_missing(value):
        return Status("insufficient_data", False, False)
    met = is_met(value, target, direction, unit)
    if passed:
        missed = "below_reference" if is_reference else "not_achieved"
        return Status("achieved" if met else missed, False, near)
    if start_year is not None and value_year < start_year:
        return Status("not_yet_due", False, near)
    known = not is_missing(probability)
    if met:
        return Status("achieved", known and 1 - probability >= LOSES, near)
    if n_points < 2 or not known:
        return Status("insufficient_data", False, False)
    if change == WRONG_WAY[direction_sign(direction)] and probability < ON_TRACK:
        return Status("moving_away", False, near)
    if probability >= ON_TRACK:
        return Status("on_track", False, near)
    return Status("needs_acceleration" if probability >= SMALL_CHANCE else "small_chance", False, near)
