"""The words of a mark: a plan that has not started is not a lack of data."""

import pandas as pd

from pkp_analysis.words.marks import MARKS, mark_of, mark_view


def test_a_plan_that_has_not_begun_has_a_mark_and_a_word_of_its_own():
    due, lacking = mark_of({"status": "not_yet_due"}), mark_of(pd.Series({"status": "insufficient_data"}))
    assert mark_view(due, "id") == {"key": "not_yet_due", "symbol": "◌", "word": "belum waktunya dinilai"}
    assert mark_view(due, "en")["word"] != mark_view(lacking, "en")["word"]
    assert {due.symbol, due.color}.isdisjoint({lacking.symbol, lacking.color})


def test_no_status_has_no_mark():
    assert mark_of({"status": "small_chance"}) == MARKS["small_chance"]
    assert mark_of({"status": None}) is None and mark_of({"status": float("nan")}) is None
