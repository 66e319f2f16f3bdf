"""A figure that is no share takes nothing with it in silence: it is named, and everything else is computed."""

import numpy as np
import pandas as pd
import pytest

from pkp_analysis.analysis import inequality, priorities, progress, story
from pkp_analysis.analysis.assessment import assess, latest_series
from pkp_analysis.analysis.attainment import FigureWarning, attainment, usable_shares
from pkp_analysis.analysis.jmp import jmp_estimate
from pkp_analysis.analysis.model import Model, is_administrative
from pkp_analysis.analysis.outcomes import outcomes
from pkp_analysis.analysis.trend import theil_sen
from pkp_analysis.data.regions import members
from pkp_analysis.errors import BadRequestError

ODD = [(100.1, 100.0), (-0.2, 0.0), (np.inf, None), (120.0, None), (-1.0, None)]
INDICATOR = "sanitasi_layak"


@pytest.fixture(scope="module")
def rows(dataset):
    rows = dataset.observations
    return rows[(rows["indicator"] == INDICATOR) & rows["is_governing"]]


def with_figure(rows, value, year=2024):
    """The rows with Banjar's figure of that year replaced, or without it (None)."""
    its = (rows["region_code"] == "6303") & (rows["year"] == year)
    return rows[~its] if value is None else rows.assign(value=rows["value"].mask(its, value))


def same(one, other):
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(
            one.reset_index(drop=True), other.reset_index(drop=True), check_dtype=False
        )
    else:
        assert one == pytest.approx(other, nan_ok=True)


@pytest.mark.parametrize(("value", "stands_for"), ODD)
def test_every_measure_names_it_and_computes_the_rest(dataset, rows, models, value, stands_for):
    codes = members("63")
    counts = priorities.households(dataset.observations, codes).set_index("region_code")["households"]
    targets = dataset.targets[dataset.targets["indicator"] == INDICATOR]
    draws = models[INDICATOR].draws(rows[rows["region_code"].isin(codes)], 2024, n=200)

    def now(rows):
        return rows[rows["region_code"].isin(codes) & (rows["year"] == 2024)].set_index("region_code")[
            "value"
        ]

    def two(rows):
        return rows[rows["region_code"].isin(["6303", "6304"]) & (rows["year"] <= 2024)]

    measures = {
        "assess": lambda rows: assess(rows, targets, models, ["6303", "6304"], 2024),
        "story": lambda rows: story.measured(rows, models, [INDICATOR], 2024),
        "outcomes": lambda rows: outcomes(
            two(rows), models[INDICATOR], 100, 2030, pd.Series({"6303": 1.0}), counts
        ),
        "jmp": lambda rows: jmp_estimate(rows[rows["region_code"] == "6303"], [2025]).to_list(),
        "rank": lambda rows: priorities.rank_interval(now(rows), draws),
        "unserved": lambda rows: priorities.unserved_distribution(now(rows), counts),
        "bgsd": lambda rows: inequality.between_group_sd(now(rows), counts.reindex(now(rows).index)),
        "theil": lambda rows: inequality.theil(now(rows), counts.reindex(now(rows).index)),
        "best": lambda rows: inequality.mean_difference_from_best(now(rows), counts.reindex(now(rows).index)),
    }
    odd, as_if = with_figure(rows, value), with_figure(rows, stands_for)
    for name, measure in measures.items():
        with pytest.warns(FigureWarning, match="tahun 2024" if name == "jmp" else "6303"):
            found = measure(odd)
        same(found, measure(as_if))
    series = rows[(rows["region_code"] == "63") & (rows["year"] <= 2024)].assign(region_code="6303")
    with pytest.warns(FigureWarning, match="6303"):
        found = theil_sen(with_figure(series, value))
    same(found, theil_sen(with_figure(series, stands_for)))


@pytest.mark.parametrize("target", [120.0, -1.0, np.inf, 100.1])
def test_a_target_that_is_no_share_is_named_and_the_others_are_judged(rows, models, target):
    asked = pd.DataFrame(
        {"region_code": ["6303", "6304"], "indicator": INDICATOR, "year": 2030, "value": [target, 90.0]}
    )
    with pytest.warns(FigureWarning, match=r"6303, sanitasi_layak, 2030: .*target persen"):
        chance = models[INDICATOR].probability(rows, asked)["probability"]
    assert np.isnan(chance[0]) and 0 < chance[1] < 1


def test_an_endless_figure_is_refused_by_what_names_no_region():
    with pytest.raises(BadRequestError, match="inf"):
        attainment(np.inf, 90.0)
    with pytest.raises(BadRequestError, match="2024"):
        progress.side_by_side([(2016, 50.0), (2024, np.inf)], 100, 2030, "up", 90.0)


def test_a_year_alone_is_projected_and_has_no_change(rows, models):
    alone = rows[(rows["region_code"] == "6303") & (rows["year"] == 2024)]
    assert models[INDICATOR].own_change(alone).empty
    assert models[INDICATOR].project(alone, [2030])["median"].between(0, 100).all()
    assert theil_sen(alone).empty


@pytest.mark.parametrize(
    "report_year", [2023, *(pytest.param(year, marks=pytest.mark.slow) for year in (2022, 2024))]
)
def test_no_report_of_an_agency_later_than_the_report_year_is_judged(dataset, report_year):
    table = assess(dataset.observations, dataset.targets, {}, ["63", *members("63")], report_year)
    reported = table[table["indicator"].map(is_administrative).astype(bool)]
    assert reported["value_year"].max() == report_year
    points = latest_series(dataset.observations, report_year)
    assert points.loc[points["indicator"].map(is_administrative).astype(bool), "year"].max() == report_year
    changed = table[table["unjudged"] == "method_changed"]  # the waste of 2025 is counted in another way
    assert set(changed["indicator"]) <= {
        "penanganan_sampah",
        "pengurangan_sampah",
        "sampah_terkelola",
        "kelurahan_sbs",
    }
    assert len(changed)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: progress.open_sdg(2015, np.inf, 2020, 50.0, 2030, 100.0),
        lambda: progress.un_chart(2015, 50.0, 2020, np.inf, 2030, 100.0),
        lambda: progress.escap(50.0, -np.inf, 60.0, 100.0, "up"),
        lambda: progress.destatis([(2020, 50.0), (2021, np.inf)], 100.0, 2030, "up"),
        lambda: inequality.theil([80.0, 90.0], [np.inf, 1.0]),
        lambda: inequality.between_group_sd([80.0, 90.0], [-1.0, 1.0]),
        lambda: inequality.wilson_interval(1, 3, level=1.0),
    ],
)
def test_what_is_no_number_of_a_method_is_refused_and_never_judged(asked):
    with pytest.raises(BadRequestError):
        asked()


def test_shares_at_their_ends_are_taken_as_they_are():
    shares = np.array([0.0, 100.0, np.nan])
    assert usable_shares(shares) is shares


def test_an_interval_reaches_as_many_deviations_as_the_table_of_the_t_distribution_says():
    assert Model.quantile(np.array([5.0, 1e9])).round(3).tolist() == [1.476, 1.282]
    assert round(float(Model.quantile(5.0, level=0.95)), 3) == 2.571
