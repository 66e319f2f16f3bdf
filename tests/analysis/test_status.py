"""Every branch of the status words, from a table; and what must hold for any numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.analysis.attainment import is_met
from pkp_analysis.analysis.status import UNJUDGED, is_near, status
from pkp_analysis.words.marks import MARKS

from .test_attainment import rows


@pytest.mark.parametrize("row", rows("status.csv"), ids=lambda row: row["case"])
def test_status_golden(row):
    result = status(
        row["value"],
        row["value_year"],
        row["target"],
        row["direction"],
        unit=row["unit"],
        start_year=row["start_year"],
        passed=row["passed"] == "yes",
        is_reference=row["is_reference"] == "yes",
        n_points=row["n_points"],
        change=row["change"],
        probability=row["probability"],
        near=row["near"] == "yes",
    )
    assert result == (row["status"], row["at_risk"] == "yes", row["near_target"] == "yes")


@pytest.mark.parametrize("row", rows("near.csv"), ids=lambda row: row["case"])
def test_near_golden(row):
    assert is_near(row["value"], row["met_from"], row["noise_sd"], row["freedom"]) == (row["near"] == "yes")


def test_the_table_reaches_every_mark():
    assert {row["status"] for row in rows("status.csv")} == set(MARKS)


shares = st.floats(0, 100)
cases = st.fixed_dictionaries(
    {
        "start_year": st.sampled_from([None, 2015, 2025]),
        "passed": st.booleans(),
        "is_reference": st.booleans(),
        "n_points": st.integers(1, 5),
        "change": st.sampled_from([None, "rising", "falling", "indistinct"]),
        "probability": st.none() | st.floats(0, 1),
    }
)


@given(shares, shares, st.sampled_from(["up", "down"]), cases)
def test_a_status_never_contradicts_its_numbers(value, target, direction, case):
    result = status(value, 2024, target, direction, **case)
    assert result.status in MARKS
    if case["start_year"] == 2025 and not case["passed"]:
        assert result.status == "not_yet_due"
    elif result.status == "achieved":
        assert is_met(value, target, direction)
    elif result.status not in UNJUDGED:
        assert not is_met(value, target, direction)
    if result.status in {"not_achieved", "below_reference"}:
        assert case["passed"] and (result.status == "below_reference") == case["is_reference"]
    if result.status == "moving_away":
        assert case["change"] == ("falling" if direction == "up" else "rising") and case["n_points"] > 1
        assert case["probability"] < 0.66
    if result.at_risk:
        assert result.status == "achieved" and case["probability"] <= 0.5
    if case["passed"]:
        assert result.status in {"achieved", "not_achieved", "below_reference", *UNJUDGED}


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_probability_is_never_a_worse_word(one, other):
    words = ["small_chance", "needs_acceleration", "on_track"]
    low, high = (
        words.index(status(80, 2024, 90, "up", n_points=2, probability=p).status)
        for p in sorted([one, other])
    )
    assert low <= high
