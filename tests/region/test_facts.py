"""The frames of a region, on the project's own figures: shapes, places that can be counted again, nothing invented."""

import pandas as pd
import pytest

from pkp_analysis.data.regions import members
from pkp_analysis.region.facts import GOALS, VALUES, load
from pkp_analysis.region.strategy import ACTORS


@pytest.fixture(scope="module", params=["63", *members("63")])
def region(request, processed_dir):
    return load(request.param, processed_dir=processed_dir)


def test_the_frames_have_their_columns_and_one_row_for_each_thing(region):
    standing = region.standing()
    assert standing["indicator"].tolist() == region.headline
    assert list(region.goals().columns) == GOALS
    assert not region.goals().duplicated(["indicator", "framework", "target_year"]).any()
    for code in region.headline:
        points = region.points(code)
        assert {"region", "origin", "doubtful", "series", "source_id"} <= set(points.columns)
        assert points["series"].nunique() <= 1 and points["year"].is_monotonic_increasing
        for values in (region.position(code), region.country(code)):
            assert list(values.columns[: len(VALUES)]) == VALUES
            assert values["region_code"].is_unique


def test_a_place_is_one_more_than_the_regions_with_a_better_value(region):
    for row in region.standing().itertuples():
        values = region.country(row.indicator).set_index("region_code")["value"]
        if region.region_code not in values.index:
            assert pd.isna(row.country_rank)
            continue
        sign = 1 if region.indicators.at[row.indicator, "direction"] == "up" else -1
        better = (sign * values > sign * values[region.region_code]).sum()
        assert (row.country_rank, row.country_of) == (better + 1, len(values))


def test_the_range_of_a_rank_holds_the_rank(region):
    for code in region.headline:
        frame = region.position(code)
        assert (frame["rank_lower"] <= frame["rank"]).all() and (frame["rank"] <= frame["rank_upper"]).all()


def test_alike_are_of_the_same_kind_and_from_elsewhere(region):
    for code in region.headline:
        alike = region.alike(code)
        assert len(alike) <= 3 and set(alike["kind"]) <= {region.kind}
        assert not set(alike["region_code"]) & set(region.peers)


def test_options_never_reach_more_than_are_unserved_and_answer_a_figure(region):
    options, standing = region.strategy(), region.standing().set_index("indicator")
    assert set(options["actor"]) <= {*ACTORS, "kota"}
    unserved = region.households().drop_duplicates("indicator").set_index("indicator")["unserved"]
    for row in options.itertuples():
        if row.unit == "rumah tangga" and pd.notna(row.reach):
            assert row.reach == unserved[row.indicator]
        if row.trigger == "rendah":
            assert standing.at[row.indicator, "gap"] > 0
        if row.trigger == "data":
            assert pd.isna(standing.at[row.indicator, "value"])


def test_two_regencies_have_different_strategies(processed_dir):
    tables = [
        load(code, processed_dir=processed_dir).strategy()[["option", "reach"]].round(0).to_csv()
        for code in members("63")
    ]
    assert len(set(tables)) == len(tables)
