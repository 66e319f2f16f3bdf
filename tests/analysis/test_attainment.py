"""Attainment, gap, scale and target thresholds against tables an expert can recompute with a calculator."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.analysis.attainment import (
    attainment,
    is_met,
    scale_of,
    threshold,
    usable_share,
    usable_shares,
)
from pkp_analysis.errors import BadRequestError

GOLDEN = Path(__file__).parents[1] / "golden"


def rows(name: str) -> list[dict]:
    """The rows of a golden table; empty cells are None."""
    table = pd.read_csv(GOLDEN / name).astype(object)
    return table.where(table.notna(), None).to_dict("records")


@pytest.mark.parametrize("row", rows("attainment.csv"), ids=lambda row: row["case"])
def test_attainment_golden(row):
    result = attainment(row["value"], row["target"], row["direction"])
    assert result.gap == pytest.approx(row["gap"], abs=0.005)
    assert result.scale == row["scale"]
    if row["arithmetic"] is None:
        assert result.attainment_pct is None
    else:
        assert result.attainment_pct == pytest.approx(row["attainment_pct"], abs=0.005)
        assert result.attainment_pct == pytest.approx(eval(row["arithmetic"], {"__builtins__": {}}), abs=1e-9)


@pytest.mark.parametrize("row", rows("target_met.csv"), ids=lambda row: row["case"])
def test_target_met_golden(row):
    assert threshold(row["target"], row["direction"], row["unit"]) == row["threshold"]
    assert is_met(row["value"], row["target"], row["direction"], row["unit"]) == (row["met"] == "yes")


@pytest.mark.parametrize("value, target", [(None, 90), (math.nan, 90), (90, None), (90, math.nan)])
def test_a_missing_number_gives_no_result(value, target):
    assert attainment(value, target) == (None, None, None)
    assert not is_met(value, target, "up")


@pytest.mark.parametrize(
    ("value", "read"),
    [(0, 0), (100, 100), (100.5, 100), (100.51, None), (-0.5, 0), (-0.51, None), (math.inf, None)],
)
def test_half_a_point_outside_is_rounding(recwarn, value, read):
    odd = not 0 <= value <= 100
    for found in (
        usable_share(value, "Banjar"),
        usable_shares(np.array([50, value]))[1],
        usable_shares(pd.Series([50, value], ["Tapin", "Banjar"]))["Banjar"],
    ):
        assert found == read if read is not None else math.isnan(found)
    told = [str(warning.message).partition(":")[0] for warning in recwarn]
    assert told == ["Banjar", "nilai ke-2", "Banjar"] * odd


def test_unknown_direction_says_what_is_expected():
    with pytest.raises(BadRequestError, match='naik.*"up".*"down"'):
        attainment(50, 60, "naik")


def test_near_universal_keeps_its_true_gap():
    assert is_met(99.2, 100, "up") and attainment(99.2, 100).gap == pytest.approx(0.8)


shares = st.floats(0, 100)
targets = st.floats(0.5, 100)
directions = st.sampled_from(["up", "down"])


@given(shares, shares, targets, directions)
def test_attainment_and_gap_move_together(one, other, target, direction):
    better, worse = (
        (max(one, other), min(one, other)) if direction == "up" else (min(one, other), max(one, other))
    )
    high, low = attainment(better, target, direction), attainment(worse, target, direction)
    assert high.attainment_pct >= low.attainment_pct and high.gap <= low.gap


@given(shares, targets, directions)
def test_a_gap_above_zero_is_an_attainment_below_100(value, target, direction):
    result = attainment(value, target, direction)
    assert (result.gap > 1e-9) == (result.attainment_pct < 100 - 1e-7) or abs(result.gap) < 1e-6
    assert result.gap <= 1e-9 or not is_met(value, target, direction, "ha")


@given(st.floats(-500, 500))
def test_every_attainment_has_a_scale_word(pct):
    assert scale_of(pct) in {"sangat tinggi", "tinggi", "sedang", "rendah", "sangat rendah"}
