"""The words of a mark: a plan that has not started is not a lack of data."""

import pandas as pd
import pytest

from pkp_analysis.words import wording
from pkp_analysis.words.marks import MARKS, mark_of, mark_view


def test_a_plan_that_has_not_begun_has_a_mark_and_a_word_of_its_own():
    due, lacking = mark_of({"status": "not_yet_due"}), mark_of(pd.Series({"status": "insufficient_data"}))
    assert mark_view(due, "id") == {"key": "not_yet_due", "symbol": "◌", "word": "belum waktunya dinilai"}
    assert mark_view(due, "en")["word"] != mark_view(lacking, "en")["word"]
    assert {due.symbol, due.color}.isdisjoint({lacking.symbol, lacking.color})


@pytest.mark.parametrize(
    ("status", "gap", "near", "word"),
    [
        ("achieved", 0.47, False, "hampir universal"),
        ("achieved", -2.4, True, "tercapai, di sekitar acuan"),
        ("below_reference", 0.46, True, "di sekitar acuan"),
        ("below_reference", 6.8, False, "di bawah acuan"),
    ],
)
@pytest.mark.parametrize("kind", [dict, pd.Series])  # in a Series True is one of numpy's
def test_a_mark_says_on_which_side_of_its_target_a_figure_lies(status, gap, near, word, kind):
    row = kind({"status": status, "gap": gap, "near_target": near, "role": "reference"})
    assert wording.judged(row, "id")["word"] == word


def test_no_status_has_no_mark():
    assert mark_of({"status": "small_chance"}) == MARKS["small_chance"]
    assert mark_of({"status": None}) is None and mark_of({"status": float("nan")}) is None
