"""The evidence for the projection: rolling-origin backtest on the provincial series of this repository.

Every bound asserted here is the requirement; the measured numbers are in golden/backtest_*.csv.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pkp_analysis.analysis import backtest as measures
from pkp_analysis.analysis.projection import backtest, fit
from pkp_analysis.region.models import load_backtest

GOLDEN = Path(__file__).parents[1] / "golden"
INDICATORS = ["air_minum_layak", "sanitasi_layak"]
COLUMNS = [
    "indicator",
    "region_code",
    "origin",
    "horizon",
    "method",
    "forecast",
    "observed",
    "lower",
    "upper",
]
COMPARABLE = ["region_code", "indicator", "year", "value", "series", "is_governing"]


@pytest.fixture(scope="module")
def provinces(dataset):
    rows = dataset.observations
    return rows[rows["indicator"].isin(INDICATORS) & (rows["region_code"].str.len() == 2)]


@pytest.fixture(scope="module")
def stored(evidence, dataset):
    """The backtest as the page of methods reads it: worked out once per test run."""
    return load_backtest(dataset, evidence)


@pytest.fixture(scope="module")
def forecasts(stored):
    return stored[0]


@pytest.fixture(scope="module")
def chances(stored):
    return stored[1]


def measured(forecasts, method="hierarchical"):
    return measures.summary(forecasts).loc[method]


def test_the_forecasts_are_those_of_the_evidence(forecasts):
    assert list(forecasts.columns) == COLUMNS
    counts = forecasts["method"].value_counts()
    assert counts.to_dict() == dict.fromkeys(measures.METHODS, 1664)
    assert not forecasts.duplicated(["indicator", "region_code", "origin", "horizon", "method"]).any()
    assert forecasts["region_code"].nunique() == 34
    papua = forecasts[forecasts["region_code"].isin(["91", "94"])]
    assert not ((papua["origin"] < 2024) & (papua["origin"] + papua["horizon"] >= 2024)).any()


def test_mean_absolute_error_against_the_straight_line_and_the_jmp_rule(forecasts):
    late = forecasts[forecasts["origin"] >= 2021]
    error = "mean_absolute_error"
    assert measured(forecasts)[error] <= 0.5315 * measured(forecasts, "straight_line")[error]
    assert measured(late)[error] <= 0.623 * measured(late, "jmp_rule")[error]


def test_a_one_line_rule_is_as_good(forecasts):
    """What the methods page says plainly: the model adds gaps and regions with few points, nothing better."""
    one_line, ours = measured(forecasts, "pooled_drift"), measured(forecasts)
    assert one_line["mean_absolute_error"] == pytest.approx(ours["mean_absolute_error"], rel=0.03)
    assert one_line["interval_score"] == pytest.approx(ours["interval_score"], rel=0.05)


def test_interval_score(forecasts):
    assert measured(forecasts)["interval_score"] <= 6.9


def test_coverage_overall_and_for_each_indicator_and_horizon(forecasts):
    assert 75 <= measured(forecasts)["coverage_pct"] <= 90
    for column in ("indicator", "horizon"):
        for key, rows in forecasts.groupby(column):
            assert 70 <= measured(rows)["coverage_pct"] <= 95, f"{column} {key}"


def test_target_probabilities_are_calibrated_and_beat_the_straight_line(chances):
    scores = measures.brier(chances)
    assert scores["hierarchical"] < 0.6 * scores["straight_line"]
    for target, rows in chances.groupby("target"):
        scores = measures.brier(rows)
        assert scores["hierarchical"] < scores["straight_line"], target
    table = measures.reliability(chances).loc["hierarchical"]
    assert ((table["stated_pct"] - table["met_pct"]).abs() <= 12).all()


def test_golden_tables_of_the_measured_numbers(forecasts, chances):
    for name, table in (
        ("backtest_summary", measures.summary(forecasts)),
        ("backtest_brier", measures.brier(chances).to_frame("brier")),
    ):
        golden = pd.read_csv(GOLDEN / f"{name}.csv", index_col="method")
        pd.testing.assert_frame_equal(table, golden, check_exact=False, rtol=0.01, check_dtype=False)


@pytest.fixture(scope="module", params=[(10, 2021), pytest.param((32, 2025), marks=pytest.mark.slow)])
def some(request, provinces):
    """Provinces from 2016 in the four columns a backtest needs: ten to 2021, in the full form all to the end."""
    count, last = request.param
    codes = sorted(set(provinces["region_code"]) - {"91", "92", "93", "94", "95", "96", "97"})[:count]
    rows = provinces[provinces["is_governing"] & provinces["year"].between(2016, last)]
    rows = rows[rows["region_code"].isin(codes)]
    return rows[["region_code", "indicator", "year", "value"]]


@pytest.fixture(scope="module")
def two_years_on(some):
    return backtest(some, horizons=[2])


def test_nothing_after_the_origin_is_seen(some, two_years_on):
    until = some["year"].max() - 2
    again = backtest(some.assign(value=some["value"].where(some["year"] <= until, 50.0)), horizons=[2])
    keys = ["indicator", "region_code", "origin", "horizon", "method"]
    both = two_years_on[two_years_on["origin"] <= until].merge(
        again, on=keys, suffixes=("", "_changed"), validate="1:1"
    )
    for column in ("forecast", "lower", "upper"):
        np.testing.assert_array_equal(both[column], both[f"{column}_changed"])


def test_it_does_not_depend_on_row_order_nor_need_more_than_four_columns(some, two_years_on):
    shuffled = backtest(some.sample(frac=1, random_state=1), horizons=[2])
    pd.testing.assert_frame_equal(shuffled, two_years_on)
    origins = some["year"].nunique() - 3 + 1 - 2  # three years of history, a figure two years on
    assert len(shuffled) == len(measures.METHODS) * 2 * some["region_code"].nunique() * origins


def line(values, start=2016):
    rows = [
        (code, "x", start + i, value) for code, series in values.items() for i, value in enumerate(series)
    ]
    return pd.DataFrame(rows, columns=["region_code", "indicator", "year", "value"])


def test_simple_methods_by_hand():
    rows = line({"11": [10, 12, 15, 16], "12": [50, 52, 54, 56], "13": [30, 30, 30, 30]})
    result = backtest(rows, min_history=3, horizons=[1]).set_index(["region_code", "method"])
    assert result.loc[("11", "last_value"), "forecast"] == 15
    assert result.loc[("11", "straight_line"), "forecast"] == pytest.approx(12 + 1 / 3 + 2 * 2.5)
    # Residuals 1/6, -1/3, 1/6: s^2 = 1/6; variance s^2 (1 + 1/3 + 4/2); t quantile 3.077684 with one degree
    # of freedom.
    half = 3.077684 * np.sqrt(1 / 6 * (1 + 1 / 3 + 2))
    assert result.loc[("11", "straight_line"), "upper"] == pytest.approx(17 + 1 / 3 + half, abs=1e-5)
    assert result.loc[("11", "jmp_rule"), "forecast"] == pytest.approx(37 / 3)
    assert result.loc[("12", "straight_line"), "lower"] == pytest.approx(56)
    assert result.loc[("13", "hierarchical"), ["lower", "upper"]].tolist() != [30, 30]
    assert np.isnan(result.loc[("11", "last_value"), "lower"])


def test_too_short_a_history_gives_no_forecast():
    assert backtest(line({"11": [10, 12, 15], "12": [50, 52, 54]})).empty
    assert list(backtest(line({"11": [10]})).columns) == COLUMNS


def test_interval_score_and_summary_by_hand():
    rows = pd.DataFrame(
        {
            "method": "hierarchical",
            "forecast": [50.0, 50, 50],
            "observed": [50.0, 57, 44],
            "lower": 45.0,
            "upper": 55.0,
        }
    )
    assert measures.interval_score(rows).tolist() == pytest.approx([10, 10 + 10 * 2, 10 + 10 * 1])
    assert measures.summary(rows).loc["hierarchical"].tolist() == pytest.approx([3, 13 / 3, 100 / 3, 20])


def test_reliability_and_brier_by_hand():
    rows = pd.DataFrame(
        {"method": "hierarchical", "probability": [0.05, 0.0, 0.5, 0.95], "met": [False, False, True, True]}
    )
    table = measures.reliability(rows)
    assert table["forecasts"].tolist() == [2, 1, 1]
    assert table["stated_pct"].tolist() == pytest.approx([2.5, 50, 95])
    assert table["met_pct"].tolist() == [0, 100, 100]
    assert measures.brier(rows)["hierarchical"] == pytest.approx((0.0025 + 0.25 + 0.0025) / 4)


def test_another_series_never_used_to_choose_the_model_agrees(dataset):
    """FSVA clean water, 514 regencies from 2018: another concept, another level, another source."""
    rows = dataset.observations
    rows = rows[(rows["indicator"] == "tanpa_air_bersih") & (rows["year"] >= 2018)]
    rows = rows[rows["region_code"].str[:1].isin(["1", "6"])]  # Sumatra and Kalimantan keep the test short
    table = measures.summary(backtest(rows, horizons=range(1, 4)))
    assert table["mean_absolute_error"].drop("pooled_drift").idxmin() == "hierarchical"
    assert table.loc["hierarchical", "interval_score"] < 0.6 * table.loc["straight_line", "interval_score"]
    assert 70 <= table.loc["hierarchical", "coverage_pct"] <= 90


def test_the_fit_of_all_regions_uses_the_panel_only_for_what_is_common(dataset):
    rows = dataset.observations
    rows = rows[rows["indicator"].isin(INDICATORS)]
    model = fit(rows)
    assert model.common == fit(rows[rows["region_code"].str.len() == 2]).common
    for indicator in INDICATORS:
        assert model.scales[indicator]["regency"].s_e > model.scales[indicator]["province"].s_e


def test_the_pooled_drift_by_hand():
    """The last values, smoothed, plus the median change; how wide, its own past misses say."""
    shares = np.array([[60, 62, 65, 63.5], [50, 49, 53, 54], [80, 82.5, 82, 85]])
    points = pd.DataFrame(
        [(code, 2019 + at, value) for code, row in zip("ABC", shares) for at, value in enumerate(row)],
        columns=["region_code", "year", "value"],
    )
    z = np.log(shares / (100 - shares))
    drift = np.median(np.diff(z))
    level = z.copy()
    for at in range(1, 4):
        level[:, at] = 0.7 * z[:, at] + 0.3 * (level[:, at - 1] + drift)
    once = (z[:, 2:] - level[:, 1:-1] - drift) ** 2  # of 2020 and 2021, a year ahead
    twice = (z[:, 3:] - level[:, 1:-2] - 2 * drift) ** 2  # of 2020, two years ahead
    own = (2 * once.mean() + once.sum(axis=1)) / (2 + 2)
    t = stats.t.ppf(0.9, 5)
    found = measures._pooled_drift(points, [2023, 2024, 2026]).set_index(["year", "region_code"])
    for ahead, misses, longer in ((1, once, 1), (2, twice, 1), (4, twice, 2)):
        reach = np.quantile(np.sqrt(misses / own[:, None]), 0.8) * np.sqrt(longer)
        frame = found.loc[2022 + ahead]
        assert frame["mean"].to_numpy() == pytest.approx(level[:, -1] + ahead * drift)
        assert frame["spread"].to_numpy() == pytest.approx(reach * np.sqrt(own) / t)
        assert set(frame["freedom"]) == {5}
