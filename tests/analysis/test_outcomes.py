"""Outcomes of an additional effort: arithmetic by hand on a model that is a straight line."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pkp_analysis.analysis.outcomes import LAST_YEAR, outcomes, pp_per_year


class StraightLine:
    """A stand-in for the fitted model: the last value plus 1 point a year, normal with a spread of 5 points."""

    def project(self, observations, years, level=0.80, published=True):
        last = observations.sort_values("year").drop_duplicates("region_code", keep="last")
        rows = [
            (
                row.region_code,
                row.indicator,
                year,
                row.value + (year - row.year),
                row.value + (year - row.year) - 6,
                row.value + (year - row.year) + 6,
            )
            for row in last.itertuples()
            for year in years
        ]
        return pd.DataFrame(rows, columns=["region_code", "indicator", "year", "median", "lower", "upper"])

    def probability(self, observations, targets):
        last = (
            observations.sort_values("year")
            .drop_duplicates("region_code", keep="last")
            .set_index("region_code")
        )
        mean = (
            targets["region_code"].map(last["value"])
            + targets["year"]
            - targets["region_code"].map(last["year"])
        )
        side = np.where(targets["direction"] == "down", -1, 1)
        return targets.assign(probability=stats.norm.cdf(side * (mean - targets["value"]) / 5))


def values(*rows, indicator="sanitasi_layak"):
    return pd.DataFrame(
        [(code, indicator, year, value) for code, year, value in rows],
        columns=["region_code", "indicator", "year", "value"],
    )


ROWS = values(("6303", 2021, 77.0), ("6303", 2024, 80.0), ("6304", 2024, 58.0))
HOUSEHOLDS = pd.Series({"6303": 1000.0, "6304": 500.0})


class NeverSure(StraightLine):
    def probability(self, observations, targets):
        return targets.assign(probability=0.5)


def run(effort, target=90.0, year=2030, rows=ROWS, model=StraightLine, **options):
    return outcomes(rows, model(), target, year, pd.Series(effort), HOUSEHOLDS, **options).set_index(
        "region_code"
    )


def test_years_of_attainment_with_and_without_effort():
    frame = run({"6303": 1.5, "6304": 0.0})
    assert (
        frame.loc["6303", "year_trend"] == 2034 and frame.loc["6303", "year_effort"] == 2028
    )  # 80 + 2.5 * 4
    assert pd.isna(frame.loc["6304", "year_trend"]) and 58 + (LAST_YEAR - 2024) < 90


def test_the_universal_target_counts_from_99():
    assert run({"6303": 0.0}, target=100.0, year=2045).loc["6303", "year_trend"] == 2043  # 80 + 19
    found = run({"6303": 1.0}, target=100.0).loc["6303"]
    assert (
        pd.isna(found["year_trend"]) and found["year_effort"] == 2034
    )  # 80 + 2 * 10; no year after 2035 is named


def test_a_target_met_already_has_the_year_of_the_value():
    assert run({"6303": 0.0}, target=75.0).loc["6303", ["year_trend", "year_effort"]].tolist() == [2024, 2024]


def test_meeting_it_exactly_is_meeting_it():
    found = run({"6303": 0.0}, target=80.0).loc["6303"]
    assert found[["year_trend", "year_effort"]].tolist() == [2024, 2024]
    rows = values(("6303", 2024, 30.0), indicator="babs_terbuka")
    assert run({"6303": 4.0}, target=9.0, rows=rows, direction="down").loc["6303", "year_effort"] == 2031
    assert run({"6303": 4.0}, target=30.0, rows=rows, direction="down").loc["6303", "year_trend"] == 2024
    missed = run({"6303": 0.0}, target=29.5, rows=rows, direction="down").loc["6303"]
    assert missed[["year_trend", "year_effort"]].isna().all(), "30 rising; 29 was before the value"


@pytest.mark.parametrize(
    ("direction", "target", "value", "certain"),
    [("up", 90.0, 80.0, 15.0), ("down", 10.0, 30.0, 15.0)],  # 90 - 6 x 15 = 0, 10 + 6 x 15 = 100
)
def test_a_threshold_moved_beyond_all_values_is_certain(direction, target, value, certain):
    rows = values(("6303", 2024, value))
    for effort, chance in ((certain, 1.0), (certain - 0.01, 0.5), (0.0, 0.5)):
        found = run({"6303": effort}, target=target, rows=rows, direction=direction, model=NeverSure)
        assert found.loc["6303", ["chance_trend", "chance_effort"]].tolist() == [0.5, chance]


def test_chances_move_the_threshold_by_the_effort():
    frame = run({"6303": 1.0, "6304": 0.0})
    assert frame.loc["6303", "chance_trend"] == pytest.approx(stats.norm.cdf((86 - 90) / 5))
    assert frame.loc["6303", "chance_effort"] == pytest.approx(stats.norm.cdf((92 - 90) / 5))
    assert frame.loc["6304", "chance_effort"] == frame.loc["6304", "chance_trend"]


def test_an_effort_beyond_any_doubt_is_certain_and_a_past_year_has_no_chance():
    assert run({"6303": 40.0}).loc["6303", "chance_effort"] == 1.0
    assert np.isnan(run({"6303": 1.0}, year=2024).loc["6303", "chance_effort"])


def test_households_and_cost_stop_at_the_unserved():
    frame = run({"6303": 2.0, "6304": 10.0}, budget_per_household=3_000_000)
    assert frame.loc["6303", "households"] == pytest.approx(1000 * 0.02 * 6)
    assert frame.loc["6304", "households"] == pytest.approx(500 * 0.42)
    assert frame.loc["6303", "cost"] == pytest.approx(120 * 3_000_000)
    assert run({"6303": 2.0})["cost"].isna().all()


def test_households_into_points_and_back():
    effort = pp_per_year(20, HOUSEHOLDS)
    assert effort.to_dict() == {"6303": 2.0, "6304": 4.0}
    assert run(effort)["households"].loc["6303"] == pytest.approx(20 * 6)


def test_lower_is_better_is_mirrored():
    rows = values(("6303", 2024, 30.0), indicator="babs_terbuka")
    frame = run({"6303": 4.0}, target=10.0, rows=rows, direction="down")
    assert frame.loc["6303", "year_effort"] == 2031  # 30 + 7 - 28 = 9
    assert frame.loc["6303", "households"] == pytest.approx(1000 * 0.04 * 6)
    assert frame.loc["6303", "median_effort"] == pytest.approx(30 + 6 - 24)


def test_without_effort_trend_and_scenario_agree():
    frame = run({"6303": 0.0, "6304": 0.0})
    assert frame["year_trend"].equals(frame["year_effort"].rename("year_trend"))
    assert (frame["households"] == 0).all()
