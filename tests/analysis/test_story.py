"""What sets a place apart: the scores by hand, and the choice for the regencies whose story is known."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.analysis import story
from pkp_analysis.analysis.trend import main_step, reported_course, sure_places, theil_sen
from pkp_analysis.data.codebook import headline
from pkp_analysis.data.regions import members

MEMBERS = members("63")


def test_surprise_by_hand():
    """Nine regions 10..90: the last has tail share 2/10, the one whose range reaches the median has none."""
    values = pd.DataFrame({"value": np.arange(10.0, 100, 10)})
    values = values.assign(lower=values["value"] - 5, upper=values["value"] + 5)
    values.loc[7, ["lower", "upper"]] = 45, 95
    found = story.surprise(values)
    assert found[0] == found[8] == pytest.approx(-np.log10(2 * 2 / 10))
    assert found[7] == 0 and found[4] == 0
    assert found[1] == pytest.approx(-np.log10(2 * 3 / 10))  # its upper end, 25, still has two regions below


@given(st.lists(st.floats(0, 100), min_size=2, max_size=30), st.floats(0, 30))
def test_a_wider_range_is_never_a_greater_surprise(values, reach):
    frame = pd.DataFrame({"value": values})
    narrow = story.surprise(frame.assign(lower=frame["value"], upper=frame["value"]))
    wide = story.surprise(frame.assign(lower=frame["value"] - reach, upper=frame["value"] + reach))
    assert (wide <= narrow + 1e-12).all() and (wide >= 0).all()


@pytest.mark.parametrize(
    ("values", "word", "since"),
    [
        ([70.0, 50.0, 62.0], "swing", 2019),  # 8 down, but 12 up between
        (
            [70.0, 50.0, 62.1],
            "swing",
            2019,
        ),  # 7.9 is less than the noise of reports; 20 between them is no calm
        ([70.0, 63.0, 62.1], "flat", 2019),
        ([61.77, 70.40, 53.43], "falling", 2020),  # Banjar: 17 down in the last year
        ([42.66, 79.11, 76.65, 75.88, 73.68, 72.02], "except", 2019),  # Banjarbaru: falling since one leap
        ([62.21, 99.40, 98.73, 99.93, 99.96], "except", 2019),  # Banjarbaru: one step, then nothing
        ([30.99, 31.36, 55.04, 28.73, 29.26, 24.84], "except", 2021),  # Tanah Laut
        ([55.47, 59.27, 71.45, 83.66, 73.96], "rose_then_fell", 2022),  # Tabalong: 9.7 down in the last year
        ([55.47, 59.27, 71.45, 81.95, 73.96], "rising", 2019),  # 7.99 down is the noise of reports
        ([83.66, 71.45, 55.47, 63.47], "fell_then_rose", 2021),
        ([50.0, 45.0, 58.0], "rising", 2019),
        ([50.0, 53.0, 58.0], "rising", 2019),  # 8 is enough
        ([58.0, 53.0, 50.0], "falling", 2019),
        ([50.0, 53.0, 57.9], "flat", 2019),
        ([50.0, 42.0, 58.0], "rising", 2020),  # 8 down, then 16 up in the last year
        ([60.0, 42.0, 57.9], "swing", 2019),
        ([50.0, 50.0, 50.0, 50.0, 58.0], "flat", 2019),  # half of the slopes are level
        ([50.0, 66.0, 52.0], "swing", 2019),  # 16 between them is no calm
        ([50.0, 65.9, 52.0], "flat", 2019),
        ([50.0, 58.0, 90.0, 52.0], "swing", 2019),  # too few years to leave one out
        ([50.0, 58.0, 90.0, 52.0, 54.0], "except", 2021),
        ([50.0, 65.9, 90.0, 52.0, 54.0], "except", 2021),
        ([50.0, 66.0, 90.0, 52.0, 54.0], "swing", 2019),  # without 2021 still 16
        ([50.0, 51.0, 52.0, 53.0, 34.0], "falling", 2022),  # the last year is never left out
        ([50.0, 51.0, 90.0, 53.0, 37.1], "except", 2021),
        ([58.0], "flat", 2019),
    ],
)
def test_the_course_of_reports_by_hand(values, word, since):
    points = pd.DataFrame(
        {"indicator": "penanganan_sampah", "year": range(2019, 2019 + len(values)), "value": values}
    )
    found, base = reported_course(points)
    assert (found, base["year"]) == (word, since)


@pytest.mark.parametrize(("indicator", "base"), [("penanganan_sampah", 2022), ("sampah_terkelola", 2021)])
def test_a_spike_is_no_base_where_it_is_one_and_not_alone(indicator, base):
    points = pd.DataFrame({"indicator": indicator, "year": [2021, 2022], "value": [90.0, 62.0]})
    assert reported_course(points)[1]["year"] == base
    assert reported_course(points.head(1))[1]["year"] == 2021
    assert reported_course(points.tail(1))[1]["year"] == 2022
    before = pd.DataFrame({"indicator": indicator, "year": [2020], "value": [89.0]})
    word, since = reported_course(pd.concat([before, points]))  # 28 down from 2021 itself, 27 from 2020
    assert (word, since["year"]) == ("falling", 2020)


@pytest.mark.parametrize(
    ("values", "first", "years"),
    [
        ([74.47, 69.89, 73.98, 34.34, 39.79, 35.30], 2019, (2021, 2022)),  # Tanah Laut, handled or reduced
        ([74.63, 72.98, 71.28, 54.96, 51.61, 49.16], 2019, None),  # Hulu Sungai Utara: 16.3 of 25.5
        ([20.0, 22.0, 30.0, 35.0], 2019, None),
        ([20.0, 22.0, 32.0, 35.0], 2019, (2020, 2021)),  # two thirds are enough
        ([20.0, 22.0, 32.0, 35.0], 2021, None),  # one step is no step among others
    ],
)
def test_a_change_that_one_step_makes_says_when(values, first, years):
    points = pd.DataFrame({"year": range(2019, 2019 + len(values)), "value": values})
    assert main_step(points, points[points["year"] == first].iloc[0]) == years


@pytest.mark.parametrize(("lower", "places"), [(np.nan, (2, 3)), (40.0, (1, 4))])
def test_the_places_a_reported_figure_may_hold_are_those_within_eight_points(lower, places):
    values = pd.DataFrame({"value": [70.0, 61.9, 54.0, 46.0], "rank": [1, 2, 3, 4]})
    own = pd.Series({"value": 54.0, "lower": lower, "rank_lower": 1, "rank_upper": 4})
    assert sure_places(own, values) == places


def test_the_spike_of_2021_is_no_base():
    points = pd.DataFrame(
        {"indicator": "penanganan_sampah", "year": [2021, 2022, 2024], "value": [90.0, 62.0, 60.0]}
    )
    found, base = reported_course(points)
    assert (found, base["year"]) == ("swing", 2022)


def test_theil_sen_by_hand_and_one_leap_does_not_carry_it():
    points = pd.DataFrame(
        {"region_code": "6303", "year": range(2019, 2025), "value": [10.0, 12, 14, 16, 18, 20]}
    )
    assert theil_sen(points)["slope"].item() == 2
    leap = points.assign(value=points["value"].where(points["year"] != 2021, 90.0))
    assert theil_sen(leap)["slope"].item() == pytest.approx(2, abs=0.5)
    assert theil_sen(points.head(2)).empty
    assert theil_sen(points.head(0)).columns.tolist() == [
        "region_code",
        "slope",
        "points",
        "first_year",
        "last_year",
    ]


def made_up(rows):
    """Candidates, made up: (kind, indicator, sign, score)."""
    frame = pd.DataFrame(rows, columns=["kind", "indicator", "sign", "score"])
    return frame.assign(region_code="6303", name="", place=1.0, households=100.0)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("level", "sanitasi_layak", -1, 0.14)], []),
        ([("level", "sanitasi_layak", -1, 0.15)], ["sanitasi_layak"]),
        ([("level", "sanitasi_layak", -1, 0.9), ("change", "sanitasi_layak", 1, 0.8)], ["sanitasi_layak"]),
        (  # the second is of opposite sign when there is one
            [
                ("level", "sanitasi_layak", -1, 0.9),
                ("level", "air_minum_layak", -1, 0.8),
                ("change", "penanganan_sampah", 1, 0.2),
            ],
            ["sanitasi_layak", "penanganan_sampah"],
        ),
        (  # one burden at most
            [("burden", "air_minum_layak", -1, 0.5), ("burden", "sanitasi_layak", -1, 0.37)],
            ["air_minum_layak"],
        ),
        (  # equal scores: the order of the codebook
            [("level", code, -1, 0.4) for code in reversed(headline("survey")[-2:])],
            headline("survey")[-2:],
        ),
    ],
)
def test_the_rules_of_choice(rows, told):
    assert story.choose(made_up(rows), "6303")["indicator"].tolist() == told


@pytest.fixture(scope="module")
def found(dataset):
    from pkp_analysis.analysis.model import models_for

    rows = dataset.observations
    codes = ["air_minum_layak", "sanitasi_layak"]
    models = models_for(rows[rows["indicator"].isin(codes)])
    facts = story.measured(rows, models, codes, 2024)
    now = rows[rows["is_governing"] & rows["region_code"].isin(MEMBERS) & (rows["year"] == 2024)]
    households = now[now["indicator"] == "rumah_tangga"].set_index("region_code")["value"]
    now = now[now["indicator"].isin(codes)]
    without = now["region_code"].map(households) * (100 - now["value"]) / 100
    unserved = now[["region_code", "indicator"]].assign(unserved_households=without)
    return story.candidates(facts, MEMBERS, unserved)


def told(found, code):
    return [tuple(row) for row in story.choose(found, code)[["kind", "indicator", "sign"]].to_numpy()]


def test_golden_stories_of_the_regencies(found):
    """From the two surveys alone; the facts of waste come on top once they are in the data."""
    assert told(found, "6304") == [("level", "sanitasi_layak", -1), ("level", "air_minum_layak", -1)]
    assert told(found, "6303")[0] == ("burden", "air_minum_layak", -1)
    assert told(found, "6308")[0] == ("change", "sanitasi_layak", 1)
    assert told(found, "6306") == [("level", "air_minum_layak", -1)]
    assert told(found, "6371")[0] == ("level", "air_minum_layak", 1)
    for near_the_middle in ("6305", "6307"):
        assert told(found, near_the_middle) == []


def test_a_survey_change_is_told_only_with_a_direction_word(found):
    changed = set(found.loc[found["kind"] == "change", "region_code"])
    assert changed == {"6301", "6303", "6308", "6310", "6311"}


def test_a_local_fact_shared_by_all_is_no_story(found):
    local = pd.DataFrame(
        {"region_code": MEMBERS, "indicator": "kawasan_kumuh_ha", "name": "made up", "sign": -1}
    )
    facts = pd.DataFrame(columns=story.COLUMNS)
    assert (story.candidates(facts, MEMBERS, local=local)["score"] == 0).all()
    one = story.candidates(facts, MEMBERS, local=local.head(1))
    assert one["score"].item() == pytest.approx(0.45 * np.log10(13))


@pytest.mark.parametrize(
    ("points", "slope"),
    [([(2021, 50.0), (2022, 60.0)], None), ([(2023, 56.0), (2021, 50.0), (2022, 58.0)], 3.0)],
)
def test_three_years_in_any_order_have_a_slope_and_two_have_none(points, slope):
    """Slopes of all pairs: (58 - 50) / 1 = 8, (56 - 50) / 2 = 3, (56 - 58) / 1 = -2; their median is 3."""
    rows = pd.DataFrame(points, columns=["year", "value"]).assign(region_code="6303")
    found = theil_sen(rows)
    assert (found["slope"].tolist(), found["first_year"].tolist()) == (
        ([slope], [2021]) if slope else ([], [])
    )


def test_what_is_reported_has_a_range_of_eight_points_and_its_change_that_of_two_figures():
    """A figure: 8 points either side; a change from 2019 to 2024: 8 times the root of 2, over 5 years. Made up."""
    values = {2019: 40.0, 2021: 46.0, 2024: 50.0}
    rows = pd.DataFrame(
        [
            {
                "region_code": "6303",
                "indicator": "penanganan_sampah",
                "year": year,
                "value": value,
                "unit": "% timbulan",
            }
            for year, value in values.items()
        ]
    ).assign(series="utama", origin="administrative", is_governing=True)
    found = story.measured(rows, {}, ["penanganan_sampah"], 2024).set_index("kind")
    assert found.loc["level", ["value", "lower", "upper"]].tolist() == [50.0, 42.0, 58.0]
    # slopes: 6 / 2 = 3, 10 / 5 = 2, 4 / 3; the middle one is 2
    reach = 8 * 2**0.5 / 5
    assert found.loc["change", ["value", "lower", "upper"]].tolist() == pytest.approx(
        [2.0, 2.0 - reach, 2.0 + reach]
    )
    later = rows.assign(year=rows["year"].replace(2019, 2020))
    assert "change" not in set(story.measured(later, {}, ["penanganan_sampah"], 2024)["kind"]), (
        "no figure of 2019"
    )
