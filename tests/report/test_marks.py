"""The words of a mark: a plan that has not started is not a lack of data."""

import pandas as pd
import pytest

from pkp_analysis.words.marks import MARKS, NOT_DUE, mark_of

ROW = {"status": "insufficient_data", "value": 57.71, "value_year": 2024.0, "start_year": 2025.0}


@pytest.mark.parametrize("row", [ROW, pd.Series(ROW)])
def test_a_plan_that_starts_after_the_value_is_not_yet_due(row):
    assert (
        mark_of(row) == NOT_DUE
        and NOT_DUE.status == "insufficient_data"
        and NOT_DUE.word == "belum waktunya dinilai"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"value": None},
        {"value_year": float("nan")},
        {"start_year": None},
        {"start_year": 2020},
        {"start_year": 2024},
    ],
)
def test_a_started_plan_or_a_missing_value_lacks_data(change):
    assert mark_of(ROW | change) == MARKS["insufficient_data"]


def test_other_statuses_keep_their_mark_and_none_has_none():
    assert mark_of(ROW | {"status": "small_chance"}) == MARKS["small_chance"]
    assert mark_of(ROW | {"status": None}) is None and mark_of(ROW | {"status": float("nan")}) is None
