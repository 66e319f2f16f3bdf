"""The four published progress methods against hand-made tables, edge cases included."""

import math

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pkp_analysis.analysis import progress
from pkp_analysis.analysis.progress import destatis, escap, open_sdg, side_by_side, un_chart
from pkp_analysis.errors import BadRequestError

from .test_attainment import rows


def by_hand(arithmetic: str | float | None) -> float | None:
    """The number an auditor gets from the arithmetic of a golden table."""
    return None if arithmetic is None else eval(str(arithmetic), {"__builtins__": {}})


def close(value: float | None, expected: float | None) -> bool:
    return (
        value == expected
        if None in (value, expected)
        else math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9)
    )


@pytest.mark.parametrize("row", rows("open_sdg.csv"), ids=lambda row: row["case"])
def test_open_sdg_golden(row):
    names = [
        "base_year",
        "base_value",
        "current_year",
        "current_value",
        "target_year",
        "target",
        "direction",
        "limit",
    ]
    result = open_sdg(**{name: row[name] for name in names})
    assert result.status == row["status"]
    assert close(result.value, by_hand(row["arithmetic_value"]))
    assert close(result.score, by_hand(row["arithmetic_score"]))


@pytest.mark.parametrize("row", rows("un_chart.csv"), ids=lambda row: row["case"])
def test_un_chart_golden(row):
    names = ["base_year", "base_value", "current_year", "current_value", "target_year", "target", "direction"]
    assert un_chart(**{name: row[name] for name in names}) == row["status"]
    if row["arithmetic_share"] is not None:
        cuts = (0.95, 0.10) if row["target"] is not None else (0.02, 0.005)
        share = round(by_hand(row["arithmetic_share"]), 12)
        words = ["on_track", "fair_progress", "stagnation_or_regression"]
        assert row["status"] == words[sum(share < cut for cut in cuts)]


def points_of(text: str) -> list[tuple[int, float]]:
    return [(int(year), float(value)) for year, value in (point.split(":") for point in text.split())]


@pytest.mark.parametrize("row", rows("destatis.csv"), ids=lambda row: row["case"])
def test_destatis_golden(row):
    points = points_of(row["points"])
    assert destatis(points, row["target"], row["target_year"], row["direction"]) == row["status"]
    shuffled = pd.DataFrame(points[::-1] + [(2040, math.nan)], columns=["year", "value"])
    assert destatis(shuffled, row["target"], row["target_year"], row["direction"]) == row["status"]


@pytest.mark.parametrize("row", rows("escap.csv"), ids=lambda row: row["case"])
def test_escap_golden(row):
    names = ["base_value", "current_value", "projected_value", "target", "direction"]
    result = escap(**{name: row[name] for name in names})
    assert result.status == row["status"]
    assert close(result.current_status, by_hand(row["arithmetic_current"]))
    assert close(result.anticipated_progress, by_hand(row["arithmetic_anticipated"]))


def test_missing_current_value_has_no_result():
    assert open_sdg(2015, 50, 2020, math.nan, target=80) == (None, "not_available", None)
    assert un_chart(2015, 50, 2020, None, 2030, 80) is None
    assert escap(50, math.nan, 80, 90, "up") == (None, None, None)
    assert destatis([], 80, 2030, "up") is None


def test_directions_are_named_as_the_publisher_names_them():
    with pytest.raises(BadRequestError, match='"positive" atau "negative"'):
        open_sdg(2015, 50, 2020, 60, direction="up")
    with pytest.raises(BadRequestError, match='"up"'):
        un_chart(2015, 50, 2020, 60, 2030, 80, direction="positive")


def test_a_year_that_comes_twice_is_refused():
    with pytest.raises(BadRequestError, match="2021"):
        destatis([(2020, 1), (2021, 2), (2021, 3), (2022, 4)], 10, 2030, "up")


def test_side_by_side_starts_at_2015_or_the_first_later_year():
    table = side_by_side(
        [(2014, 10), (2016, 50), (2020, 60), (2018, 55), (2019, math.nan), (2017, 53)], 85, 2030, "up", 80
    )
    assert list(table["method"]) == ["open_sdg", "un_chart", "destatis", "escap"]
    expected = open_sdg(2016, 50, 2020, 60, 2030, 85)
    assert table.set_index("method").loc["open_sdg", "value"] == expected.value
    assert list(table["status"]) == [
        expected.status,
        un_chart(2016, 50, 2020, 60, 2030, 85),
        "sun",
        "accelerate",
    ]
    assert list(table["on_course"]) == [True, True, True, False]


def test_side_by_side_judges_a_passed_target_year_on_the_figures_up_to_it():
    points = [(2016, 50), (2018, 60), (2019, 65), (2020, 70)]
    later = [*points, (2021, 20), (2022, 95)]
    pd.testing.assert_frame_equal(
        side_by_side(points, 75, 2020, "up", 70), side_by_side(later, 75, 2020, "up", 70)
    )


def test_side_by_side_without_any_point_after_2015_has_no_answer():
    table = side_by_side([(2012, 10)], 85, 2030, "up")
    assert table["status"].isna().all() and table["on_course"].isna().all()


values = st.floats(1, 99)
years = st.integers(2016, 2025)


@given(values, values, values, years)
def test_open_sdg_score_is_bounded_and_agrees_with_its_status(base, current, target, year):
    result = open_sdg(2015, base, year, current, 2030, target)
    assume(result.score is not None)
    assert -5 <= result.score <= 5
    if result.status != "target_achieved" and min(abs(result.score - step) for step in (2.5, 0, -2.5)) > 1e-3:
        words = ("deterioration", "limited_progress", "moderate_progress", "substantial_progress")
        assert result.status == words[sum(result.score > step for step in (-2.5, 0, 2.5))]


@given(values, values, values, years)
def test_a_higher_current_value_is_never_worse(base, one, other, year):
    low, high = sorted([one, other])
    target = 99.0
    assume(base < target - 0.01)
    order = [
        "deterioration",
        "limited_progress",
        "moderate_progress",
        "substantial_progress",
        "target_achieved",
    ]
    ranks = [order.index(open_sdg(2015, base, year, value, 2030, target).status) for value in (low, high)]
    assert ranks == sorted(ranks)
    chart = ["stagnation_or_regression", "fair_progress", "on_track", "achieved"]
    ranks = [chart.index(un_chart(2015, base, year, value, 2030, target)) for value in (low, high)]
    assert ranks == sorted(ranks)
    low_index, high_index = (escap(base, value, value, target, "up").current_status for value in (low, high))
    assert low_index <= high_index <= 10


@given(st.lists(st.integers(1, 99), min_size=4, max_size=8), st.integers(1, 99), st.integers(2025, 2035))
def test_destatis_mirrors_when_everything_is_turned_upside_down(series, target, target_year):
    points = [(2017 + i, value) for i, value in enumerate(series)]
    mirrored = [(year, 100 - value) for year, value in points]
    assert destatis(points, target, target_year, "up") == destatis(
        mirrored, 100 - target, target_year, "down"
    )


def test_the_base_is_2015_or_the_first_later_year():
    points = [(2014, 4.0), (2015, 5.0), (2020, 6.0)]
    assert progress.base_and_current(points) == ((2015, 5.0), (2020, 6.0))
    assert progress.base_and_current(points[::2]) == ((2020, 6.0), (2020, 6.0))
    assert progress.base_and_current(points[:1]) is None


def test_a_figure_of_the_target_year_itself_is_judged_and_a_later_one_is_not():
    until = progress.side_by_side([(2016, 50.0), (2024, 100.0)], 100, 2024, "up")
    assert until.set_index("method").at["un_chart", "status"] == "achieved"
    after = progress.side_by_side([(2016, 50.0), (2025, 100.0)], 100, 2024, "up")
    assert after["status"].isna().all()
