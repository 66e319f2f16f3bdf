"""Households, distribution of the unserved, ranks and the list for assistance, on figures a reader can
recompute.
"""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.analysis.priorities import (
    growth,
    households,
    households_per_year,
    rank_interval,
    unserved_distribution,
    without,
)

from .test_attainment import rows


def number(value) -> float:
    return math.nan if value is None else float(value)


def plan_row(row: dict, **changes) -> dict:
    indicator = "sanitasi_layak" if row["direction"] == "up" else "babs_terbuka"
    plan = {"region_code": "6303", "indicator": indicator, "framework": "SDGs 2030", "status": "small_chance"}
    plan |= {name: number(row[name]) for name in ("value", "value_year", "target", "target_year", "median")}
    plan["level"] = plan["value"] if row["median"] is not None else math.nan
    plan |= {
        "lower": number(row["projection_lower"]),
        "upper": number(row["projection_upper"]),
        "direction": row["direction"],
    }
    return plan | changes


def counts(households: float, basis: str = "derived") -> pd.DataFrame:
    return pd.DataFrame(
        {"region_code": ["6303"], "households": [households], "year": 2024, "basis": [basis], "note": ["x"]}
    )


@pytest.mark.parametrize("row", rows("households_per_year.csv"), ids=lambda row: row["case"])
def test_households_per_year_golden(row):
    result = households_per_year(pd.DataFrame([plan_row(row)]), counts(row["households"])).iloc[0]
    assert result["households_per_year"] == pytest.approx(
        eval(str(row["total_arithmetic"]), {"__builtins__": {}})
    )
    assert result["households_per_year"] == pytest.approx(row["total"])
    for name in ("trend_part", "additional_part", "lower", "upper"):
        assert result[name] == pytest.approx(number(row[name]), nan_ok=True), name
    assert result["basis"] == "derived"


def test_only_judged_targets_ahead_of_household_indicators_get_a_need():
    row = rows("households_per_year.csv")[0]
    table = pd.DataFrame(
        [
            plan_row(row, framework="dinilai"),
            plan_row(row, framework="tidak dinilai", status=None),
            plan_row(row, framework="tahun lewat", target_year=2024.0),
            plan_row(row, framework="bukan rumah tangga", indicator="penanganan_sampah"),
        ]
    )
    assert list(households_per_year(table, counts(1000))["framework"]) == ["dinilai"]
    assert households_per_year(table, counts(math.nan)).empty


ahead = st.fixed_dictionaries(
    {name: st.floats(0, 100) for name in ("value", "target", "median", "lower", "upper")}
)


@given(ahead, st.floats(0, 100), st.sampled_from(["up", "down"]), st.floats(100, 1e6), st.floats(-0.01, 0.03))
def test_the_parts_sum_exactly_whatever_the_numbers(numbers, level, direction, count, rate):
    numbers["lower"], numbers["upper"] = sorted([numbers["lower"], numbers["upper"]])
    numbers["median"] = min(max(numbers["median"], numbers["lower"]), numbers["upper"])
    row = {"direction": direction, "value_year": 2024, "target_year": 2030, "projection_lower": numbers["lower"],
           "projection_upper": numbers["upper"], **numbers}  # fmt: skip
    rates = pd.DataFrame({"region_code": ["6303"], "growth": [rate]})
    plan = pd.DataFrame([plan_row(row, level=level)])
    result = households_per_year(plan, counts(count), rates, as_of=2026).iloc[0]
    parts = result[["correction_part", "trend_part", "additional_part"]].astype(float)
    assert parts.sum() == pytest.approx(result["households_per_year"], abs=1e-6 * count)
    assert result["backlog"] + result["to_come"] == pytest.approx(result["needed"])
    assert result["years"] == 4 and result["households_per_year"] * 4 == pytest.approx(result["needed"])
    assert result["needed"] >= 0 and result["additional_part"] >= 0
    assert result["lower"] - 1e-6 <= result["additional_part"] <= result["upper"] + 1e-6


def test_households_with_growth_by_hand():
    """100,000 households of 2024 growing 1 % a year, 80 % served (the level is 78), 90 % projected, all by 2030."""
    row = {"direction": "up", "value": 80, "value_year": 2024, "target": 100, "target_year": 2030, "median": 90,
           "projection_lower": 85, "projection_upper": 94}  # fmt: skip
    rates = pd.DataFrame({"region_code": ["6303"], "growth": [0.01]})
    plan = pd.DataFrame([plan_row(row, level=78.0)])
    found = households_per_year(plan, counts(100_000), rates, as_of=2026).iloc[0]
    later = 100_000 * 1.01**6
    assert found["backlog"] == pytest.approx(20_000) and found["to_come"] == pytest.approx(later - 100_000)
    assert found["correction_part"] * 4 == pytest.approx(-2_000)
    assert found["trend_part"] * 4 == pytest.approx(0.9 * later - 78_000)
    assert found["additional_part"] * 4 == pytest.approx(0.1 * later)
    assert found["upper"] * 4 == pytest.approx(0.15 * later)


@pytest.mark.parametrize(
    ("value", "target", "rate", "counted", "backlog", "to_come"),
    [
        (80, 90, 0.01, 2024, 100, 0.9 * 1000 * (1.01**6 - 1)),
        (80, 90, 0.01, 2020, 100 * 1.01**4, 0.9 * 1000 * (1.01**10 - 1.01**4)),  # the count is four years old
        (80, 90, -0.005, 2024, 100, 0.9 * 1000 * (0.995**6 - 1)),
        (95, 96, -0.01, 2024, 0, 0),  # fewer households: nothing is left to do
        (90, 90, 0.01, 2024, 0, 0),  # the target is met, though more households come
        (91, 90, 0.01, 2024, 0, 0),
    ],
)
def test_what_is_missing_and_what_is_to_come_by_hand(value, target, rate, counted, backlog, to_come):
    row = {"direction": "up", "value": value, "value_year": 2024, "target": target, "target_year": 2030,
           "median": value, "projection_lower": value, "projection_upper": value}  # fmt: skip
    rates = pd.DataFrame({"region_code": ["6303"], "growth": [rate]})
    plan, count = pd.DataFrame([plan_row(row)]), counts(1000).assign(year=counted)
    found = households_per_year(plan, count, rates).iloc[0]
    assert found["backlog"] == pytest.approx(backlog) and found["to_come"] == pytest.approx(to_come)
    assert found["needed"] == pytest.approx(backlog + to_come)
    assert len(households_per_year(plan, count, rates, as_of=2029)) == 1
    assert households_per_year(plan, count, rates, as_of=2030).empty, "no year is left"


def test_growth_by_hand_and_its_fall_backs():
    dates = [2019.0, 2020.0, 2021.0, 2022.0, 2023.0]  # 2020.0 is the bulge at the end of 2019

    def series(code, rate, bulge=0):
        return [(code, date, 1000 * np.exp(rate * (date - 2019)) + bulge * (date == 2020)) for date in dates]

    people = (
        series("6303", 0.01, bulge=500)
        + series("6304", 0.005)
        + series("6372", 0.09)
        + series("6371", 0.01)[:2]
    )
    table = growth(
        pd.DataFrame(people, columns=["region_code", "date", "value"]),
        ["6303", "6304", "6372", "6371", "1101"],
    )
    found = table.set_index("region_code")
    assert found.loc["6303", "growth"] == pytest.approx(0.01) and found.loc[
        "6304", "growth"
    ] == pytest.approx(0.005)
    assert found.loc["6372", "growth"] == 0.03
    assert found["basis"].tolist() == ["own", "own", "own", "province", "default"]
    assert found.loc["6371", "growth"] == 0.03 and found.loc["1101", "growth"] == 0.0113


def test_the_ranks_of_the_whole_country_hold_the_published_one():
    random = np.random.default_rng(3)
    values = pd.Series(random.uniform(40, 99, 513), index=[f"{n:04d}" for n in range(513)])
    draws = pd.DataFrame(values.to_numpy()[:, None] + random.normal(0, 5, (513, 500)), index=values.index)
    found = rank_interval(values, draws)
    assert (found["rank_lower"] <= found["rank"]).all() and (found["rank"] <= found["rank_upper"]).all()
    assert (found["rank_upper"] - found["rank_lower"]).median() > 30


def test_the_share_of_the_unserved_carries_its_range():
    values, homes = (
        pd.Series({"a": 60.0, "b": 62.0, "c": 95.0}),
        pd.Series({"a": 100.0, "b": 100.0, "c": 100.0}),
    )
    draws = pd.DataFrame([[55.0, 60, 65, 60], [62.0, 62, 62, 58], [95.0, 95, 95, 95]], index=list("abc"))
    found = unserved_distribution(values, homes, draws=draws).set_index("region_code")
    assert (found["lower"] <= found["share_unserved_pct"]).all() and (
        found["share_unserved_pct"] <= found["upper"]
    ).all()
    assert found["p_first"].tolist() == [0.5, 0.5, 0.0]


def test_households_takes_the_latest_governing_count_and_says_its_basis():
    observations = pd.DataFrame(
        [
            ("6303", "rumah_tangga", 2020, 100.0, "official", True, "lama"),
            ("6303", "rumah_tangga", 2024, 120.0, "derived", True, "penduduk 2024 / anggota 2017"),
            ("6303", "rumah_tangga", 2025, 999.0, "official", False, "bukan yang berlaku"),
            ("6304", "rumah_tangga", 2024, 90.0, "official", True, ""),
            ("6304", "penduduk_jiwa", 2025, 400.0, "official", True, ""),
        ],
        columns=["region_code", "indicator", "year", "value", "status", "is_governing", "note"],
    ).assign(source_id=["a", "b", "c", "d", "e"])
    table = households(observations, ["6304", "6303", "6371"]).set_index("region_code")
    assert list(table.index) == ["6304", "6303", "6371"]
    assert table["households"].to_list()[:2] == [90, 120] and math.isnan(table.at["6371", "households"])
    assert table["basis"].to_list()[:2] == ["official", "derived"] and pd.isna(table.at["6371", "basis"])
    assert table.at["6303", "note"] == "penduduk 2024 / anggota 2017"
    assert table["source_id"].to_list()[:2] == ["d", "b"] and pd.isna(table.at["6371", "source_id"])


def test_unserved_golden():
    golden = pd.DataFrame(rows("unserved.csv")).astype({"region_code": str})
    by_region = golden.set_index("region_code")
    result = unserved_distribution(by_region["value"].astype(float), by_region["households"].astype(float))
    assert list(result["region_code"]) == list(golden["region_code"])
    for name in ("unserved_households", "share_unserved_pct", "share_households_pct"):
        assert list(result[name]) == pytest.approx(list(golden[name])), name
    mirrored = unserved_distribution(
        100 - by_region["value"].astype(float), by_region["households"].astype(float), "down"
    )
    pd.testing.assert_frame_equal(mirrored, result)


@given(st.lists(st.tuples(st.floats(0, 99.9), st.floats(1, 1e6)), min_size=1, max_size=13))
def test_unserved_shares_sum_to_100(pairs):
    index = [f"63{i:02d}" for i in range(len(pairs))]
    values, count = (pd.Series(part, index=index) for part in zip(*pairs, strict=True))
    result = unserved_distribution(values, count)
    assert result["share_unserved_pct"].sum() == pytest.approx(100) and result[
        "share_households_pct"
    ].sum() == pytest.approx(100)
    assert result["unserved_households"].is_monotonic_decreasing


def test_regions_without_a_value_or_count_are_left_out_and_full_access_has_no_shares():
    result = unserved_distribution(
        pd.Series({"a": 50.0, "b": np.nan, "c": 60.0}), pd.Series({"a": 10.0, "b": 10.0})
    )
    assert list(result["region_code"]) == ["a"]
    assert (
        unserved_distribution(pd.Series({"a": 100.0}), pd.Series({"a": 10.0}))["share_unserved_pct"]
        .isna()
        .all()
    )


def test_rank_interval_by_hand():
    """Ten draws: a leads in 9 and is second in 1; b and c change places."""
    draws = pd.DataFrame(
        [[90] * 9 + [70], [80] * 6 + [60] * 3 + [85], [70] * 6 + [75] * 3 + [60]], index=["a", "b", "c"]
    )
    result = rank_interval(pd.Series({"c": 71.0, "a": 90.0, "b": 79.0}), draws)
    assert result.to_dict("list") == {
        "region_code": ["a", "b", "c"], "value": [90, 79, 71], "rank": [1, 2, 3], "rank_lower": [1, 2, 2],
        "rank_upper": [1, 3, 3],
    }  # fmt: skip
    down = rank_interval(pd.Series({"c": 71.0, "a": 90.0, "b": 79.0}), draws, direction="down")
    assert list(down["region_code"]) == ["c", "b", "a"] and list(down["rank"]) == [1, 2, 3]


@pytest.mark.parametrize("case", dict.fromkeys(row["case"] for row in rows("rank_interval.csv")))
def test_rank_interval_golden(case):
    """Ranks can be counted off the draws by eye: the n-th draws of a case's regions belong together."""
    table = pd.DataFrame([row for row in rows("rank_interval.csv") if row["case"] == case]).set_index(
        "region"
    )
    draws = pd.DataFrame(
        [[float(part) for part in text.split()] for text in table["draws"]], index=table.index
    )
    about = {"direction": table["direction"].iloc[0], "level": table["level"].iloc[0]}
    found = (
        rank_interval(table["value"].astype(float), draws, **about).set_index("region_code").loc[table.index]
    )
    for name in ("rank", "rank_lower", "rank_upper"):
        assert list(found[name]) == list(table[name]), name


def test_rank_interval_leaves_out_regions_without_value_or_draws():
    draws = pd.DataFrame([[1.0, 2.0], [3.0, 4.0]], index=["a", "b"])
    assert list(rank_interval(pd.Series({"a": 1.0, "b": np.nan, "c": 2.0}), draws)["region_code"]) == ["a"]
    assert rank_interval(pd.Series(dtype=float), draws).empty


@given(st.integers(2, 8), st.integers(0, 1000), st.floats(0.5, 0.95))
def test_rank_intervals_hold_the_rank_and_the_level(n, seed, level):
    rng = np.random.default_rng(seed)
    centre = rng.uniform(20, 90, n)
    draws = pd.DataFrame(centre[:, None] + rng.normal(0, 10, (n, 200)), index=[f"r{i}" for i in range(n)])
    result = rank_interval(pd.Series(centre, index=draws.index), draws, level=level).set_index("region_code")
    ranks = draws.rank(ascending=False, method="min")
    for region, row in result.iterrows():
        assert 1 <= row["rank_lower"] <= row["rank"] <= row["rank_upper"] <= n
        assert ranks.loc[region].between(row["rank_lower"], row["rank_upper"]).mean() >= level - 1e-9


def test_without_is_the_distance_to_one_threshold_whatever_the_target():
    rows = pd.DataFrame(
        {
            "value": [83.18, 68.89, 12.0, 573.0, np.nan],
            "target": [90.0, 100.0, 0.0, 0.0, 70.0],
            "direction": ["up", "up", "down", "down", "up"],
            "unit": ["% rumah tangga", "% rumah tangga", "% rumah tangga", "ha", None],
        }
    )
    found = without(rows)
    assert found.iloc[:3].tolist() == pytest.approx([16.82, 31.11, 12.0]) and found.iloc[3:].isna().all()


@pytest.mark.parametrize(
    ("dates", "basis"),
    [
        ([2021.0, 2022.0, 2023.0, 2024.0], "own"),
        ([2021.5, 2022.0, 2023.0, 2024.0], "default"),
        ([2021.0, 2022.0, 2024.0], "default"),
    ],
)
def test_growth_takes_four_dates_over_three_years(dates, basis):
    people = pd.DataFrame(
        {
            "region_code": "6303",
            "date": dates,
            "value": [1000 * np.exp(0.01 * (date - 2021)) for date in dates],
        }
    )
    people = pd.concat([people, people.head(1).assign(date=2019.0, value=0.0)])  # no count at all
    found = growth(people, ["6303"]).iloc[0]
    assert found["basis"] == basis and found["growth"] == pytest.approx(0.01 if basis == "own" else 0.0113)
