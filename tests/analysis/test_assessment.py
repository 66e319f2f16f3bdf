"""The central table on a small, hand-made set of figures; the model is a stand-in whose answers are known."""

import numpy as np
import pandas as pd
import pytest

from pkp_analysis.analysis.assessment import COLUMNS, assess, latest_series, with_waste_sums
from pkp_analysis.analysis.model import FigureWarning, share_logit
from pkp_analysis.errors import UnknownRegionError

from .test_attainment import rows

FIGURES = [  # region, indicator, year, value, source, governing, series
    ("63", "air_minum_layak", 2015, 62.00, "bps_lama", True, "lama"),
    ("63", "air_minum_layak", 2019, 69.00, "bps", True, "utama"),
    ("63", "air_minum_layak", 2022, 76.18, "bps", True, "utama"),
    ("63", "air_minum_layak", 2022, 77.09, "pernyataan", False, "utama"),
    ("63", "air_minum_layak", 2022, 88.68, "berita", False, "utama"),
    ("63", "air_minum_layak", 2024, 77.34, "bps", True, "utama"),
    ("63", "air_minum_layak", 2025, 79.00, "bps", True, "utama"),
    ("6303", "air_minum_layak", 2021, 65.72, "susenas", True, "utama"),
    ("6303", "air_minum_layak", 2024, 68.89, "susenas", True, "utama"),
    ("6304", "air_minum_layak", 2021, 65.15, "susenas", True, "utama"),
    ("6304", "air_minum_layak", 2024, 57.63, "susenas", True, "utama"),
    ("63", "hunian_layak", 2020, 52.99, "bps", True, "utama"),
    ("63", "rumah_layak_huni", 2022, 43.35, "pernyataan", True, "utama"),
    ("63", "penanganan_sampah", 2021, 63.74, "dlh", True, "utama"),
    ("63", "pengurangan_sampah", 2021, 14.57, "dlh", True, "utama"),
    ("63", "sampah_terkelola", 2021, 78.31, "turunan", True, "utama"),
    ("63", "sampah_terkelola", 2024, 78.88, "turunan", True, "utama"),
    ("6303", "tanpa_air_bersih", 2021, 20.00, "fsva", True, "utama"),
    ("6303", "tanpa_air_bersih", 2023, 15.00, "fsva", True, "utama"),
]
# framework, indicator, region, start, year, value, unit, direction, governs, status, realization source
PLANS = [
    (
        "RPJMD Kalimantan Selatan 2021-2026",
        "air_minum_layak",
        "63",
        2021,
        2022,
        88.68,
        "%",
        "up",
        "yes",
        "statement",
        "pernyataan",
    ),
    (
        "RPJMD Kalimantan Selatan 2021-2026",
        "rumah_layak_huni",
        "63",
        2021,
        2022,
        39.47,
        "%",
        "up",
        "yes",
        "statement",
        "pernyataan",
    ),
    (
        "RPJMN 2015-2019",
        "air_minum_layak",
        "00",
        2015,
        2019,
        100,
        "% rumah tangga",
        "up",
        "no",
        "superseded",
        "",
    ),
    (
        "RPJMN 2020-2024",
        "air_minum_layak",
        "00",
        2020,
        2024,
        100,
        "% rumah tangga",
        "up",
        "yes",
        "statement",
        "",
    ),
    (
        "RPJMN 2025-2029",
        "air_minum_layak",
        "00",
        2025,
        2029,
        100,
        "% rumah tangga",
        "up",
        "yes",
        "statement",
        "",
    ),
    ("SDGs 2030", "air_minum_layak", "00", 2015, 2030, 100, "% rumah tangga", "up", "yes", "reading", ""),
    (
        "Target Pemprov Kalsel",
        "air_minum_layak",
        "63",
        None,
        2024,
        100,
        "% rumah tangga",
        "up",
        "no",
        "remark",
        "",
    ),
    ("RPJMN 2020-2024", "hunian_layak", "00", 2020, 2024, 70, "% rumah tangga", "up", "yes", "statement", ""),
    (
        "Jakstranas (Perpres 97/2017)",
        "pengurangan_sampah",
        "00",
        None,
        2025,
        30,
        "% timbulan",
        "up",
        "yes",
        "statement",
        "",
    ),
    (
        "Jakstranas (Perpres 97/2017)",
        "penanganan_sampah",
        "00",
        None,
        2025,
        70,
        "% timbulan",
        "up",
        "yes",
        "statement",
        "",
    ),
    (
        "Target Kalsel (Jakstrada)",
        "pengurangan_sampah",
        "63",
        None,
        2021,
        24,
        "% timbulan",
        "up",
        "yes",
        "statement",
        "",
    ),
    (
        "Target Kalsel (Jakstrada)",
        "penanganan_sampah",
        "63",
        None,
        2021,
        74,
        "% timbulan",
        "up",
        "yes",
        "statement",
        "",
    ),
]
REGIONS = ["63", "6303", "6304"]


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    return pd.DataFrame(
        FIGURES, columns=["region_code", "indicator", "year", "value", "source_id", "is_governing", "series"]
    )


@pytest.fixture(scope="module")
def targets() -> pd.DataFrame:
    names = [
        "framework",
        "indicator",
        "region_code",
        "start_year",
        "year",
        "value",
        "unit",
        "direction",
        "governs",
        "status",
    ]
    frame = pd.DataFrame(PLANS, columns=[*names, "realization_source_id"])
    return frame.astype({"start_year": "Int64", "value": "float64"}).assign(source="rapat", url="", note="")


class KnownModel:
    """Answers as the projection model does, with numbers a reader can check: +1 percentage point a year, +-4
    points.
    """

    def __init__(self, probability: float, half_width: float = 0.02):
        self.chance, self.half_width = probability, half_width

    def project(self, observations, years, level=0.80, published=True):
        last = observations.sort_values("year").drop_duplicates(["region_code", "indicator"], keep="last")
        frame = last[["region_code", "indicator", "value"]].merge(
            pd.Series(list(years), name="year"), how="cross"
        )
        frame = frame.merge(last[["region_code", "year"]].rename(columns={"year": "last"}), on="region_code")
        frame["median"] = frame["value"] + (frame["year"] - frame["last"])
        return frame.assign(lower=frame["median"] - 4, upper=frame["median"] + 4).drop(
            columns=["value", "last"]
        )

    def probability(self, observations, targets):
        return targets.assign(probability=self.chance)

    def distribution(self, observations, years, published=True):
        frame = observations.loc[
            observations["year"].isin(years), ["region_code", "indicator", "year", "value"]
        ]
        return frame.assign(mean=share_logit(frame["value"]), spread=0.1, freedom=5.0).drop(columns="value")

    def slowdown(self, observations, years):
        return self.project(observations, years)[["region_code", "indicator", "year", "median"]]

    def figure_noise(self, indicator, region_codes, values):
        return np.full((2, len(values)), [[self.half_width], [5.0]])

    def own_change(self, observations, level=0.80):
        words = {"63": "rising", "6303": "indistinct", "6304": "falling"}
        codes = [code for code, n in observations["region_code"].value_counts().items() if n > 1]
        return pd.DataFrame(
            {
                "region_code": codes,
                "indicator": observations["indicator"].iloc[0],
                "word": [words[c] for c in codes],
                "p_rise": 0.5,
                "direction": "indistinct",
            }
        )


@pytest.fixture(scope="module")
def table(observations, targets) -> pd.DataFrame:
    models = {"air_minum_layak": KnownModel(0.05), "sampah_terkelola": KnownModel(0.70)}
    return assess(observations, targets, models, REGIONS, 2024, 2024)


def one(table, region_code, indicator, framework, year) -> pd.Series:
    keys = ["region_code", "indicator", "framework", "target_year"]
    found = table[(table[keys] == [region_code, indicator, framework, year]).all(axis=1)]
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize("row", rows("assessment.csv"), ids=lambda row: row["case"])
def test_assessment_golden(table, row):
    found = one(table, str(row["region_code"]), row["indicator"], row["framework"], row["target_year"])
    for name in ("role", "value_source_id", "scale", "status"):
        assert (None if pd.isna(found[name]) else found[name]) == row[name], name
    for name in ("value", "value_year", "gap"):
        assert found[name] == pytest.approx(
            np.nan if row[name] is None else row[name], abs=1e-9, nan_ok=True
        ), name
    assert found["passed"] == (row["passed"] == "yes") and found["is_headline"] == (
        row["is_headline"] == "yes"
    )


def test_one_row_per_plan_and_region_with_the_agreed_columns(table):
    assert list(table.columns) == COLUMNS
    assert not table.duplicated(["region_code", "indicator", "framework", "target_year", "target"]).any()
    unjudged = ~table["governs"] | (table["role"] == "context") | table["unjudged"].notna()
    assert table["status"].isna().equals(unjudged)


def test_at_most_one_headline_per_region_and_indicator_and_it_governs(table):
    headline = table[table["is_headline"]]
    assert not headline.duplicated(["region_code", "indicator"]).any()
    assert headline["governs"].all() and headline["role"].isin(["own", "reference"]).all()


def test_figures_after_the_report_year_are_not_used(observations, targets):
    later = observations.assign(value=observations["value"].where(observations["year"] <= 2024, 99.9))
    models = {"air_minum_layak": KnownModel(0.05)}
    pd.testing.assert_frame_equal(
        assess(observations, targets, models, REGIONS, 2024, 2024),
        assess(later, targets, models, REGIONS, 2024, 2024),
    )


def test_everything_published_is_used_and_the_report_year_only_chooses_the_headline(observations, targets):
    """The province's 2025 is a value: the plan in force is judged by it, the plan before by its own last year."""
    models = {"air_minum_layak": KnownModel(0.50)}
    for report_year, headline in ((2024, False), (2025, True)):
        table = assess(observations, targets, models, ["63", "6303"], report_year)
        row = one(table, "63", "air_minum_layak", "RPJMN 2025-2029", 2029)
        assert (row["status"], row["value"], row["value_year"]) == ("needs_acceleration", 79.0, 2025)
        assert row["is_headline"] == headline
        before = one(table, "63", "air_minum_layak", "RPJMN 2020-2024", 2024)
        assert (before["status"], before["value"]) == ("below_reference", 77.34)
        regency = one(table, "6303", "air_minum_layak", "RPJMN 2025-2029", 2029)
        assert (regency["status"], regency["value_year"]) == ("not_yet_due", 2024)


@pytest.mark.parametrize("reported", [63.74, 76.15])
def test_a_target_of_a_year_that_is_counted_in_another_way_is_not_judged(observations, targets, reported):
    """Waste of 2025 is counted otherwise (breaks.csv): a figure of 2024 neither misses nor meets the plan of 2025."""
    waste = observations["indicator"] == "penanganan_sampah"
    rows = observations.assign(value=observations["value"].mask(waste, reported))
    row = one(
        assess(rows, targets, {}, ["63"], 2024),
        "63",
        "penanganan_sampah",
        "Jakstranas (Perpres 97/2017)",
        2025,
    )
    assert pd.isna(row["status"]) and row["unjudged"] == "method_changed" and row["value"] == reported
    assert row["gap"] == pytest.approx(70 - reported)


@pytest.mark.parametrize(
    "reported, status, unjudged", [(63.74, None, "not_projected"), (76.15, "achieved", None)]
)
def test_what_agencies_report_is_never_projected(observations, targets, reported, status, unjudged):
    waste, plan = (
        observations["indicator"] == "penanganan_sampah",
        targets["framework"].str.startswith("Jakstranas"),
    )
    rows = observations.assign(
        value=observations["value"].mask(waste, reported), year=observations["year"].mask(waste, 2022)
    )
    row = one(
        assess(rows, targets.assign(year=targets["year"].mask(plan, 2024)), {}, ["63"], 2022),
        "63",
        "penanganan_sampah",
        "Jakstranas (Perpres 97/2017)",
        2024,
    )
    assert (
        row["status"] if pd.notna(row["status"]) else None,
        row["unjudged"] if pd.notna(row["unjudged"]) else None,
    ) == (status, unjudged)


def test_a_percent_target_outside_0_to_100_is_named_and_the_rest_is_judged(observations, targets):
    wrong = targets.copy()
    wrong.loc[(wrong["framework"] == "SDGs 2030") & (wrong["indicator"] == "air_minum_layak"), "value"] = (
        120.0
    )
    with pytest.warns(FigureWarning, match="63, air_minum_layak, SDGs 2030 2030: 120"):
        table = assess(observations, wrong, {"air_minum_layak": KnownModel(0.5)}, ["63"], 2024)
    assert table.loc[table["target"] == 120, "status"].isna().all()
    assert table["status"].notna().sum() > 5


def test_an_early_report_year_leaves_a_plan_without_its_realisation(observations, targets):
    row = one(
        assess(observations, targets, {}, ["63"], 2021, 2021),
        "63",
        "air_minum_layak",
        "RPJMD Kalimantan Selatan 2021-2026",
        2022,
    )
    assert row["status"] == "insufficient_data" and np.isnan(row["value"]) and not row["passed"]


def test_projection_and_pace_only_for_targets_ahead(table):
    row = one(table, "63", "air_minum_layak", "SDGs 2030", 2030)
    assert (
        row["median"] == pytest.approx(77.34 + 6)
        and row["lower"] == pytest.approx(79.34)
        and row["probability"] == 0.05
    )
    assert row["required_pp_per_year"] == pytest.approx((100 - 77.34) / 6)
    slope = np.polyfit([2019, 2022, 2024], [69.00, 76.18, 77.34], 1)[0]  # 2015 is another series
    assert row["observed_pp_per_year"] == pytest.approx(slope)
    assert row["pace_ratio"] == pytest.approx(slope / ((100 - 77.34) / 6))
    passed = table[table["passed"] | (table["status"].isna() & table["unjudged"].isna())]
    assert (
        passed[
            ["probability", "median", "lower", "upper", "required_pp_per_year", "pace_ratio", "year_reached"]
            + ["closed_2030_pct"]
        ]
        .isna()
        .all(axis=None)
    )


@pytest.mark.parametrize(
    ("target", "reached"), [(77.0, 2025), (80.3, 2027), (88.3, 2035), (88.4, None)]
)  # 77,34 in 2024 and 1 point a year; 2035 is the last year of the model
def test_the_year_a_target_is_reached_and_what_is_closed_by_2030(observations, targets, target, reached):
    plan = targets[(targets["framework"] == "RPJMN 2025-2029") & (targets["indicator"] == "air_minum_layak")]
    plan = plan.assign(value=target)
    table = assess(observations, plan, {"air_minum_layak": KnownModel(0.5)}, ["63"], 2024, 2024)
    row = table[table["target"] == target].iloc[0]
    assert row["year_reached"] == reached if reached else pd.isna(row["year_reached"])
    if target > 77.34:
        assert row["closed_2030_pct"] == pytest.approx(100 * 6 / (target - 77.34))
    else:
        assert pd.isna(row["closed_2030_pct"])


@pytest.mark.parametrize(
    "changed", [{"governs": "no"}, {"status": "remark"}, {"year": 2024}, {"realization_source_id": "entah"}]
)
def test_a_year_ahead_is_of_judged_targets_not_yet_passed_with_a_figure(observations, targets, changed):
    plan = targets[(targets["framework"] == "RPJMN 2025-2029") & (targets["indicator"] == "air_minum_layak")]
    models = {"air_minum_layak": KnownModel(0.5)}
    reached = [
        assess(observations, plan.assign(value=80.3, **change), models, ["63"], 2024, 2024)["year_reached"][0]
        for change in ({}, changed)
    ]
    assert reached[0] == 2027 and pd.isna(reached[1])


def test_a_figure_nobody_has_is_none(observations, targets):
    blank = observations.assign(value=observations["value"].mask(observations["year"] == 2024))
    models = {"air_minum_layak": KnownModel(0.5)}
    pd.testing.assert_frame_equal(
        assess(blank, targets, models, REGIONS, 2024, 2024),
        assess(observations[observations["year"] < 2024], targets, models, REGIONS, 2024, 2024),
    )


def test_a_break_starts_a_new_series(observations, table):
    points = latest_series(observations[observations["year"] <= 2024])
    assert list(
        points[(points["region_code"] == "63") & (points["indicator"] == "air_minum_layak")]["year"]
    ) == [2019, 2022, 2024]
    assert one(table, "63", "air_minum_layak", "SDGs 2030", 2030)["n_points"] == 3


def test_clean_water_of_the_fsva_is_never_judged(observations, targets):
    wrong = targets.head(1).assign(
        indicator="tanpa_air_bersih", region_code="00", direction="down", value=0.0, year=2030
    )
    table = assess(observations, pd.concat([targets, wrong], ignore_index=True), {}, ["6303"], 2024)
    row = table[table["indicator"] == "tanpa_air_bersih"]
    assert len(row) == 1 and row["status"].isna().all() and row["gap"].isna().all()


def test_a_target_within_the_present_level_is_near(observations, targets):
    close = targets[targets["framework"] == "RPJMN 2020-2024"].assign(value=69.5)
    table = assess(
        observations, close, {"air_minum_layak": KnownModel(0.5, half_width=0.02)}, REGIONS, 2024, 2024
    ).set_index("region_code")
    judged = table[table["indicator"] == "air_minum_layak"]
    assert judged["near_target"].to_dict() == {"63": False, "6303": True, "6304": False}


def test_waste_targets_are_summed_per_plan_and_year_and_name_their_parts(targets):
    sums = with_waste_sums(targets)
    waste = sums[sums["indicator"] == "sampah_terkelola"].set_index("framework")
    assert waste["value"].to_dict() == {"Jakstranas (Perpres 97/2017)": 100, "Target Kalsel (Jakstrada)": 98}
    assert waste.at["Target Kalsel (Jakstrada)", "note"] == "Jumlah target pengurangan 24% dan penanganan 74%"
    assert len(with_waste_sums(sums)) == len(sums)


def test_handling_alone_gives_no_sum(targets):
    handling = targets[targets["indicator"] != "pengurangan_sampah"]
    assert "sampah_terkelola" not in set(with_waste_sums(handling)["indicator"])


def test_regions_do_not_influence_each_other(observations, targets, table):
    models = {"air_minum_layak": KnownModel(0.05), "sampah_terkelola": KnownModel(0.70)}
    alone = assess(observations, targets, models, ["6304"], 2024, 2024)
    together = table[table["region_code"] == "6304"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, together, check_dtype=False)


@pytest.mark.parametrize("code", ["6399", "63.1", "Banjr"])
def test_a_region_the_register_does_not_know_is_refused_with_candidates(observations, targets, code):
    with pytest.raises(UnknownRegionError) as error:
        assess(observations, targets, {}, ["6303", code], 2024)
    assert str(code) in str(error.value) and (error.value.candidates or code == 6303)


def test_no_regions_gives_an_empty_table_with_the_same_columns(observations, targets):
    empty = assess(observations, targets, {}, [], 2024)
    assert empty.empty and list(empty.columns) == COLUMNS


def test_without_any_figure_every_judged_row_lacks_data(observations, targets):
    table = assess(observations.head(0), targets, {"air_minum_layak": KnownModel(0.5)}, REGIONS, 2024)
    assert set(table["status"].dropna()) == {"insufficient_data"} and table["value"].isna().all()
