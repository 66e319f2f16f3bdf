"""The false or misleading devices that a reading of the first pages found, looked for on regions of the country.

Each fault of the first pages, and the test that would find it again:

- a title that counts targets not yet due above a mark of one reached: test_a_title_counts_the_marks_below_it
- households "to serve" that are the model's correction of the survey: test_the_parts_of_a_need_stay_apart
- a band that starts elsewhere than the published figure, without a word: test_a_band_that_starts_elsewhere_says_so
- "more than survey uncertainty" from an interval that just leaves out 0:
  test_a_direction_word_is_as_strong_as_it_is_sure
- a projection for a published year, a need divided by years gone by: test_nothing_published_or_gone_is_projected
- a rise told of a series that has been flat since one jump: test_a_flat_series_is_not_told_as_a_rise
- an order of gaps to different targets, an indicator with a gap left out: test_every_gap_is_told_and_none_ordered
- "not enough data" for waste that has yearly values: test_yearly_values_are_data
- the same sentences and options everywhere: test_region_pages.test_the_pages_are_not_one_page,
  test_facts.test_two_regencies_have_different_strategies, test_an_option_answers_a_figure
- coaching, participation and business left out: test_the_other_half_of_the_meeting_is_there
- length: test_region_pages.test_the_open_text_keeps_to_its_budget, tests/browser/test_region_page.py (sheets, screens)
"""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.text import Text

import pkp_analysis as pkp
from pkp_analysis.analysis.trend import REPORTED
from pkp_analysis.charts.series import SAME_LEVEL
from pkp_analysis.data.regions import regions
from pkp_analysis.words import papers, say

KINDS = regions()["kind"]
REGENCIES = regions().index[KINDS.isin(["kabupaten", "kota"])].tolist()
PROVINCES = regions().index[KINDS == "provinsi"].tolist()
SAMPLE = ["6304", "6371", "63", *REGENCIES[::103], PROVINCES[0]]
REST = [code for code in [*REGENCIES, *PROVINCES] if code not in SAMPLE]


def pytest_generate_tests(metafunc):
    """The short form has no list of thousands to leave out."""
    if "region" in metafunc.fixturenames:
        short = metafunc.config.option.markexpr == "not slow"
        rest = () if short else (pytest.param(code, marks=pytest.mark.slow) for code in REST)
        metafunc.parametrize("region", [*SAMPLE, *rest], indirect=True, scope="module")


@pytest.fixture(scope="module")
def region(request, known):
    return known(request.param)


def test_a_title_counts_the_marks_below_it(region):
    goals = region.goals()
    drawn = goals[goals["value"].notna() & goals["target"].notna()]
    drawn = drawn.sort_values("is_headline", ascending=False, kind="stable").drop_duplicates("indicator")
    judged = drawn[drawn["status"].isin(["achieved", "not_achieved", "below_reference"])]
    met = judged["status"] == "achieved"
    near, title = judged["near_target"].eq(True) & ~met, say.goals_title(goals)
    assert ("belum" in title) == (~met & ~near).any() and title.startswith(
        "Realisasi terakhir"
    ) == judged.empty
    about = title.rpartition("; ")[2] if near.any() else ""  # "sanitasi layak di sekitar acuan"
    reached, _, missed = title.removesuffix(about).rpartition("mencapai" if met.any() else "belum mencapai")
    for row, is_met, is_near in zip(judged.itertuples(), met, near):
        told = about if is_near else missed if met.any() and not is_met else reached
        assert say.noun(row.indicator).lower() in told.lower(), title


def test_the_parts_of_a_need_stay_apart(region):
    needs = region.households()
    needs = needs[needs["correction_part"].notna() & (needs["households_per_year"] > 0)]
    if needs.empty:
        return
    parts = needs[["correction_part", "trend_part", "additional_part"]]
    assert parts.sum(axis="columns").to_numpy() == pytest.approx(needs["households_per_year"], rel=1e-6)
    last = needs[needs["target_year"] == 2030]
    if len(last):
        ax = pkp.charts.households(last)
        drawn = " ".join(text.get_text() for text in ax.findobj(Text))
        plt.close(ax.figure)
        assert all(part in drawn for part in ("koreksi", "tren", "tambahan"))


def test_a_band_that_starts_elsewhere_says_so(region):
    for code in region.models:
        points, band = region.points(code), region.projection(code, level=True)
        if (
            len(points)
            and len(band) > 1
            and abs(band["median"].iloc[0] - points["value"].iloc[-1]) >= SAME_LEVEL
        ):
            ax = pkp.charts.trend(points, band, region.goals(code))
            said = " ".join(text.get_text() for text in ax.findobj(Text))
            plt.close(ax.figure)
            assert "proyeksi mulai dari" in said, code


def test_a_direction_word_is_as_strong_as_it_is_sure(region):
    for code in region.models:
        points = region.points(code)
        if len(points) < 2:
            continue
        own, word = region.models[code].own_change(points).iloc[0], region.change(code)
        told = say.course(points, word)
        assert "elebihi ketidakpastian" not in told
        sure = {"rising": own["p_rise"] >= 0.95, "falling": own["p_rise"] <= 0.05}
        likely = {"likely_rising": own["p_rise"] >= 0.8, "likely_falling": own["p_rise"] <= 0.2}
        assert (sure | likely).get(word, True), code
        assert ("kemungkinan" in told) == (word.startswith("likely") and say.largest_jump(points) is None)


def test_nothing_published_or_gone_is_projected(region):
    for code in region.models:
        points = region.points(code)
        if len(points):
            assert (region.projection(code, years=range(2010, 2031))["year"] > points["year"].max()).all()
    needs = region.households()
    remaining = needs["target_year"] - region.as_of
    assert (needs["years"] <= remaining.clip(lower=1)).all()


def test_a_flat_series_is_not_told_as_a_rise(region):
    for code in region.models:
        points = region.points(code)
        values = points["value"].to_numpy()
        if len(values) < 6 or points["origin"].iloc[-1] != "survey":
            continue
        steps = [after - before for before, after in zip(values, values[1:])]
        jump = max(range(len(steps)), key=steps.__getitem__)
        since = values[-1] - values[jump + 1]
        if jump + 1 <= len(values) - 4 and steps[jump] >= 4 and abs(since) < 2:
            assert "hampir tetap sejak" in say.course(points, region.change(code)), code


def test_every_gap_is_told_and_none_ordered(region):
    standing = region.standing()
    shown = say.rows(standing)
    assert shown["Indikator"].tolist() == [say.name(code) for code in region.headline], "gaps have no order"
    for aim, row in zip(shown.get("Target atau acuan", []), standing.to_dict("records")):
        assert not (row["gap"] > 0 and pd.notna(row["value"])) or "kurang " in aim


def test_yearly_values_are_data(region):
    rows = region.standing().set_index("indicator")
    for code in region.headline:
        if len(region.points(code)) >= 2 and region.indicators.at[code, "origin"] != "survey":
            assert rows.at[code, "status"] != "insufficient_data" and pd.notna(rows.at[code, "value"]), code
            told = say.course(region.points(code))
            assert "naik dari" not in told or region.points(code)["value"].iloc[-1] >= REPORTED


def test_an_option_answers_a_figure(region):
    options, standing = region.strategy(), region.standing().set_index("indicator")
    for row in options.itertuples():
        known = standing.loc[row.indicator]
        if row.trigger == "rendah":
            assert known["value"] < known["target"] and known["status"] != "achieved"
        if row.trigger == "data":
            assert pd.isna(known["value"])
    for _, rows in options.groupby("indicator"):
        title, shown = say.roles_title(rows, region), say.roles(rows)
        known = rows["reach"].dropna()
        told_once = len(known) > 1 and known.nunique() == 1 and set(rows["unit"]) == {"rumah tangga"}
        assert ("batas atas tiap opsi: semua" in title) == told_once
        assert (say.head("reach") in shown) == (len(known) > 0 and not told_once)


def test_the_other_half_of_the_meeting_is_there(region):
    options = region.strategy()
    said = say.table(options, "actor option").to_string()
    if (options["trigger"] == "rendah").any():
        assert "Dunia usaha" in said and "Masyarakat" in said or region.kind == "provinsi"
    assert "musrenbang" in str(say.questions_title(region))


def test_the_agenda_speaks_of_coaching():
    assert "Pembinaan dan pengawasan" in papers.say(
        "visits_title_uncounted", total="13", members="kabupaten/kota"
    )
