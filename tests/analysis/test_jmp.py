"""The JMP rule against a table worked out by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.analysis.projection import jmp_estimate

GOLDEN = pd.read_csv(Path(__file__).parents[1] / "golden" / "jmp_estimate.csv", dtype={"points": str}).fillna(
    {"points": ""}
)
POINTS = st.lists(st.tuples(st.integers(2000, 2024), st.floats(0, 100)), min_size=1, max_size=8)


def parse(text):
    return [(int(pair.split(":")[0]), float(pair.split(":")[1])) for pair in text.split(";") if pair]


@pytest.mark.parametrize("row", list(GOLDEN.itertuples()), ids=lambda row: row.case)
def test_golden_table(row):
    estimate = jmp_estimate(parse(row.points), [row.year])
    if np.isnan(row.estimate):
        assert estimate.isna().all()
    else:
        assert estimate.loc[row.year] == pytest.approx(row.estimate, abs=1e-9)
        assert row.estimate == pytest.approx(eval(row.arithmetic, {"__builtins__": {}}), abs=1e-9)


@given(POINTS)
def test_bounded_and_free_of_order(points):
    years = range(1995, 2035)
    estimate = jmp_estimate(points, years)
    assert list(estimate.index) == list(years)
    assert estimate.dropna().between(0, 100).all()
    pd.testing.assert_series_equal(estimate, jmp_estimate(points[::-1], years), atol=1e-6)


@given(POINTS)
def test_a_frame_says_the_same_as_a_list(points):
    frame = pd.DataFrame(points, columns=["year", "value"]).assign(note="x")
    pd.testing.assert_series_equal(jmp_estimate(frame, [2020, 2030]), jmp_estimate(points, [2020, 2030]))


def test_missing_values_are_no_points():
    assert jmp_estimate([(2015, np.nan), (2020, 40.0)], [2024, 2025]).tolist() == pytest.approx(
        [40.0, np.nan], nan_ok=True
    )
