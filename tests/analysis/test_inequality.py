"""Inequality measures against hand-made tables, their invariances, and an honest answer on whether a gap
closes.
"""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.analysis.inequality import (
    between_group_sd,
    between_group_variance,
    gap_change,
    gap_table,
    inequality_table,
    mean_difference_from_best,
    mean_log_deviation,
    measures,
    ratio_of_extremes,
    theil,
    wilson_interval,
)
from pkp_analysis.errors import BadRequestError

from .test_attainment import rows


def numbers(text) -> list[float]:
    return [float(part) for part in str(text).split()]


def by_hand(arithmetic) -> float:
    return math.nan if arithmetic is None else eval(str(arithmetic), {"__builtins__": {}, "log": math.log})


@pytest.mark.parametrize("row", rows("inequality.csv"), ids=lambda row: row["case"])
def test_inequality_golden(row):
    value, weight = numbers(row["values"]), numbers(row["weights"])
    assert between_group_variance(value, weight) == pytest.approx(row["bgv"], abs=1e-9)
    assert between_group_sd(value, weight) == pytest.approx(row["bgsd"], abs=1e-9)
    assert theil(value, weight) == pytest.approx(by_hand(row["theil_arithmetic"]), abs=1e-9)
    assert mean_log_deviation(value, weight) == pytest.approx(
        by_hand(row["mld_arithmetic"]), abs=1e-9, nan_ok=True
    )
    assert mean_difference_from_best(value, weight) == pytest.approx(row["difference_from_best"], abs=1e-9)
    assert mean_difference_from_best(value, weight, "down") == pytest.approx(
        row["difference_from_lowest"], abs=1e-9
    )
    if row["ratio"] is not None:
        assert ratio_of_extremes(value) == pytest.approx(row["ratio"], abs=1e-9)


@pytest.mark.parametrize("row", rows("wilson.csv"), ids=lambda row: row["case"])
def test_wilson_golden(row):
    assert wilson_interval(row["numerator"], row["denominator"], row["level"]) == pytest.approx(
        (row["lower"], row["upper"]), abs=6e-5
    )


def test_wilson_refuses_impossible_counts_and_knows_nothing_of_an_empty_sample():
    with pytest.raises(BadRequestError, match="5 dari 4"):
        wilson_interval(5, 4)
    assert all(math.isnan(end) for end in wilson_interval(0, 0))


def test_no_regions_is_not_a_number():
    for measure in (
        between_group_variance,
        between_group_sd,
        theil,
        mean_log_deviation,
        mean_difference_from_best,
    ):
        assert math.isnan(measure([], [])) and math.isnan(measure([math.nan], [1]))
    assert math.isnan(ratio_of_extremes([])) and math.isnan(ratio_of_extremes([0, 10]))


def test_values_and_weights_must_fit():
    with pytest.raises(BadRequestError, match="2 nilai dan 3 bobot"):
        theil([1, 2], [1, 2, 3])


@given(st.integers(0, 500), st.integers(1, 500), st.floats(0.5, 0.99))
def test_wilson_holds_the_share_and_mirrors(numerator, denominator, level):
    numerator = min(numerator, denominator)
    lower, upper = wilson_interval(numerator, denominator, level)
    assert 0 <= lower <= numerator / denominator <= upper <= 1
    mirrored = wilson_interval(denominator - numerator, denominator, level)
    assert mirrored == pytest.approx((1 - upper, 1 - lower), abs=1e-9)


regions = st.lists(st.tuples(st.floats(1, 99), st.floats(0.1, 100)), min_size=1, max_size=13)


@given(regions, st.randoms(), st.floats(0.1, 10))
def test_measures_ignore_order_and_the_unit_of_weights_and_are_not_negative(pairs, random, factor):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    for measure in (between_group_sd, theil, mean_log_deviation, mean_difference_from_best):
        one = measure(*zip(*pairs, strict=True))
        other = measure([value for value, _ in shuffled], [weight * factor for _, weight in shuffled])
        assert one == pytest.approx(other, rel=1e-6, abs=1e-6)
        assert one >= -1e-9


@given(regions, st.floats(0.1, 0.9))
def test_relative_measures_ignore_the_scale_and_bgsd_follows_it(pairs, factor):
    value, weight = (np.array(part) for part in zip(*pairs, strict=True))
    assert theil(value * factor, weight) == pytest.approx(theil(value, weight), rel=1e-6, abs=1e-6)
    assert mean_log_deviation(value * factor, weight) == pytest.approx(
        mean_log_deviation(value, weight), rel=1e-6, abs=1e-6
    )
    assert between_group_sd(value * factor, weight) == pytest.approx(
        factor * between_group_sd(value, weight), rel=1e-6, abs=1e-6
    )


def test_many_draws_at_once_equal_one_at_a_time():
    rng = np.random.default_rng(1)
    values, weight = rng.uniform(10, 90, (5, 4)), [1, 2, 3, 4]
    for measure in measures().values():
        assert measure(values, weight) == pytest.approx([measure(row, weight) for row in values])


@pytest.mark.parametrize("row", rows("gap_change.csv"), ids=lambda row: row["case"])
def test_gap_change_golden(row):
    """Two regions of equal weight have BGSD = half their distance; small noise moves a share by 100 p (1 - p)
    noise_sd.

    So the change of BGSD has the standard deviation of sd_arithmetic, and the 80 % interval is the change -+
    1.2816 sd.
    """
    start, end, weight = (numbers(row[name]) for name in ("start_values", "end_values", "weights"))
    gap = gap_change(start, end, weight, row["noise_sd"], draws=20000)
    assert (gap.start, gap.end) == pytest.approx(
        (by_hand(row["start_arithmetic"]), by_hand(row["end_arithmetic"]))
    )
    assert (gap.start, gap.end, gap.change) == pytest.approx(
        (row["start"], row["end"], row["change"]), abs=5e-5
    )
    reach = 1.2815516 * by_hand(row["sd_arithmetic"])
    assert (row["lower"], row["upper"]) == pytest.approx(
        (row["change"] - reach, row["change"] + reach), abs=1e-3
    )
    assert (gap.lower, gap.upper) == pytest.approx((row["lower"], row["upper"]), abs=max(0.06 * reach, 1e-4))
    assert gap.word == row["word"]


def test_gap_table_holds_what_the_functions_say_for_every_measure():
    values = pd.DataFrame(
        {2021: [60.0, 80.0, 70.0], 2024: [66.0, 80.0, 74.0]}, index=["6301", "6302", "6303"]
    )
    weight, noise = (
        pd.Series({"6303": 2.0, "6302": 1.0, "6301": 1.0}),
        pd.Series({"6301": 0.1, "6303": 0.2, "6302": 0.1}),
    )
    table = gap_table(values, weight, noise, freedom=5).set_index("measure")
    assert list(table.index) == list(measures()) and (table["start"] > table["end"]).all()
    about = ([1.0, 1.0, 2.0], [0.1, 0.1, 0.2], 5)
    for name, measure in measures().items():
        row = table.loc[name]
        assert tuple(row[["start", "end", "change", "lower", "upper", "word"]]) == gap_change(
            values[2021], values[2024], *about, measure
        )


START, END, WEIGHT = [40, 50, 60, 70, 80, 90], [64, 66, 68, 70, 72, 74], [1] * 6


def test_a_gap_that_clearly_closes_is_named_and_the_reverse_too():
    closing, opening = gap_change(START, END, WEIGHT, 0.05), gap_change(END, START, WEIGHT, 0.05)
    assert closing.word == "narrowing" and closing.upper < 0
    assert opening.word == "widening" and opening.lower > 0
    assert closing.change == pytest.approx(-opening.change)


def test_with_much_noise_the_same_gap_says_nothing():
    slightly_closer = [44, 52, 61, 70, 78, 87]
    assert gap_change(START, slightly_closer, WEIGHT, 0.01).word == "narrowing"
    assert gap_change(START, slightly_closer, WEIGHT, 0.4).word == "indistinct"
    assert gap_change(START, START, WEIGHT, 0.3).word == "indistinct"


def test_noisier_regions_widen_the_interval():
    calm, restless = gap_change(START, END, WEIGHT, 0.2), gap_change(START, END, WEIGHT, 0.2, freedom=3)
    assert restless.upper - restless.lower > calm.upper - calm.lower and restless.change == calm.change


def test_gap_change_is_seeded_and_leaves_out_regions_seen_once():
    assert gap_change(START, END, WEIGHT, 0.2) == gap_change(START, END, WEIGHT, 0.2)
    assert gap_change([*START, 10], [*END, math.nan], [*WEIGHT, 9], 0.2) == gap_change(
        START, END, WEIGHT, 0.2
    )


def test_the_intervals_cover_the_truth_about_as_often_as_they_say():
    """Simulated: 80 % intervals over 300 pairs of surveys; the truth is the measure of the noise-free shares.

    The measures that hang on a single region (distance from the best, ratio of extremes) cover a little less.
    """
    rng = np.random.default_rng(7)
    truth_start, truth_end, noise = np.linspace(0.2, 2.0, 13), np.linspace(0.6, 2.0, 13), 0.25
    weight = rng.uniform(1, 3, 13)

    def share(z):
        return 100 / (1 + np.exp(-z))

    hits = dict.fromkeys(measures(), 0)
    for trial in range(300):
        seen_start, seen_end = (share(z + rng.normal(0, noise, 13)) for z in (truth_start, truth_end))
        for name, measure in measures().items():
            start, end = measure(share(truth_start), weight), measure(share(truth_end), weight)
            gap = gap_change(seen_start, seen_end, weight, noise, measure=measure, draws=300, seed=trial)
            hits[name] += gap.lower <= end - start <= gap.upper
    for name, count in hits.items():
        floor = 0.60 if name in ("difference_from_best", "ratio_of_extremes") else 0.72
        assert floor <= count / 300 <= 0.92, (name, count / 300)


def test_inequality_table_counts_the_regions_of_each_year():
    values = pd.DataFrame(
        {2021: [60.0, 80.0, math.nan], 2024: [60.0, 80.0, 70.0]}, index=["6301", "6302", "6303"]
    )
    table = inequality_table(values, pd.Series({"6303": 2.0, "6302": 1.0, "6301": 1.0}))
    assert list(table["n_regions"]) == [2, 3] and list(table["weighted_mean"]) == [70, 70]
    assert list(table["bgsd"]) == pytest.approx([10, math.sqrt(50)])
