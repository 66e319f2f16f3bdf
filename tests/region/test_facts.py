"""The frames of a region, on the project's own figures: shapes, places that can be counted again, nothing invented."""

import dataclasses

import pandas as pd
import pytest

from pkp_analysis.data import reconcile
from pkp_analysis.data.regions import members
from pkp_analysis.region.facts import GOALS, VALUES, RegionData, load
from pkp_analysis.region.strategy import ACTORS
from pkp_analysis.words import say

SHORT = (
    "63",
    "6304",
    "6308",
    "6371",
)  # the province, a regency that lags, one with a fact of its own, the city
EVERY = [*SHORT, *(pytest.param(code, marks=pytest.mark.slow) for code in members("63") if code not in SHORT)]


@pytest.fixture(scope="module", params=EVERY)
def region(request, known):
    return known(request.param)


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
    order = options["indicator"].drop_duplicates().map(standing["without"]).dropna()
    assert order.is_monotonic_decreasing  # gaps to 90 and to 100 have no order
    assert set(options["actor"]) <= {*ACTORS, "kota"}
    unserved = region.households().drop_duplicates("indicator").set_index("indicator")["unserved"]
    for row in options.itertuples():
        if row.unit == "rumah tangga" and pd.notna(row.reach):
            assert row.reach == unserved[row.indicator]
        if row.trigger == "rendah":
            assert standing.at[row.indicator, "value"] < standing.at[row.indicator, "target"]
        if row.trigger == "data":
            assert pd.isna(standing.at[row.indicator, "value"])


@pytest.mark.parametrize("codes", [SHORT, pytest.param(members("63"), marks=pytest.mark.slow)])
def test_two_regencies_have_different_strategies(known, codes):
    tables = [known(code).strategy()[["option", "reach"]].round(0).to_csv() for code in codes]
    assert len(set(tables)) == len(tables)


SENT = {"hunian_layak": 58.4, "penanganan_sampah": 65.3, "sanitasi_layak": 85.2}  # made up


@pytest.fixture(scope="module")
def after_a_form(known):
    """Banjar on the day its agency sent figures for 2025."""
    banjar = known("6303")
    data = banjar.dataset
    rows = data.observations
    template = rows[rows["region_code"].eq("6303") & rows["indicator"].eq("sanitasi_layak")].iloc[
        [0] * len(SENT)
    ]
    form = template.assign(indicator=list(SENT), value=list(SENT.values()), year=2025, source_id="formulir")
    form = form.assign(origin="agency", series=reconcile.AGENCY_SERIES, precedence=40, file="formulir.xlsx")
    source = data.sources.iloc[[0]].assign(
        source_id="formulir", layout="agency_workbook", publisher="Dinas Uji"
    )
    sources = pd.concat([data.sources, source], ignore_index=True)
    rows = reconcile.govern(pd.concat([rows, form], ignore_index=True), sources)
    data = dataclasses.replace(data, observations=rows, sources=sources)
    return RegionData("6303", 2024, data, banjar.models)


def test_what_an_agency_sent_leads_where_nothing_else_exists_and_else_stands_beside(after_a_form):
    first = after_a_form.standing().set_index("indicator")
    assert first.loc["hunian_layak", ["value", "value_year", "origin"]].tolist() == [58.4, 2025, "agency"]
    assert first.loc[["sanitasi_layak", "penanganan_sampah"], "value"].tolist() == [83.18, 53.43]
    assert first.loc[["sanitasi_layak", "penanganan_sampah"], "newer_value"].tolist() == [85.2, 65.3]
    beside = after_a_form.reported().set_index("indicator")
    assert beside["difference"].round(2).to_dict() == {"penanganan_sampah": 11.87, "sanitasi_layak": 2.02}
    assert after_a_form.missing().empty
    shown = say.rows(after_a_form.standing()).iloc[:, 2].tolist()
    assert shown[0] == "83,18% (2024); laporan perangkat daerah 85,2% (2025)"
    assert "58,4% (2025, laporan perangkat daerah)" in shown
    told = say.reported(after_a_form)
    assert "65,3% pada 2025" in told and "yang dipakai 51,16%" not in say.gaps(after_a_form)
    assert say.course(after_a_form.points("hunian_layak")).endswith("menurut laporan perangkat daerah.")


@pytest.mark.parametrize("last", [2021, None])
def test_a_doubtful_zero_is_no_headline_and_hides_nothing(known, last):
    banjar = known("6303")
    rows = banjar.dataset.observations
    own = rows["region_code"].eq("6303") & rows["indicator"].eq("sanitasi_layak")
    zero = own & rows["year"].eq(2024)
    rows = rows.assign(
        value=rows["value"].mask(zero, 0.0), series=rows["series"].mask(zero, reconcile.DOUBTFUL_SERIES)
    )
    rows = rows if last else rows[~own | zero]
    data = RegionData("6303", 2024, dataclasses.replace(banjar.dataset, observations=rows), banjar.models)
    first = data.standing().set_index("indicator").loc["sanitasi_layak"]
    assert first["value_year"] == last if last else pd.isna(first["value"])
    assert pd.isna(first["rank"]) and 0 not in data.points("sanitasi_layak")["value"].tolist()
    for frame in (
        data.position("sanitasi_layak"),
        data.unserved("sanitasi_layak"),
        data.country("sanitasi_layak"),
    ):
        assert "6303" not in set(frame["region_code"])
    assert "angka 2024 diragukan" in say.unknown(data)


def test_the_newest_figures_of_a_province_stand_beside_those_of_the_year_of_its_plan(known):
    first = known("63").standing().set_index("indicator")
    assert first.loc["sanitasi_layak", ["value", "newer_value", "newer_year"]].tolist() == [83.7, 86.8, 2025]


def test_what_papers_report_continues_no_survey():
    points = pd.DataFrame({"indicator": "hunian_layak", "year": [2020, 2025], "value": [68.44, 80.22]})
    told = say.course(points.assign(origin=["survey", "press"]))
    assert "80,22%" in told and "68,44%" not in told and "pemberitaan" in told


def test_what_is_reported_has_its_own_course_for_a_status_and_a_spike_is_never_its_base(known):
    first = known("63").standing().set_index("indicator")
    assert first.loc["penanganan_sampah", ["course", "since_year"]].tolist() == ["flat", 2022]
    assert first.loc[["sanitasi_layak", "air_minum_layak"], "course"].isna().all()
    told = say.course(known("6303").points("penanganan_sampah"))
    assert "turun dari 70,40% (2023) menjadi 53,43%" in told  # not "from 70,44 (2021)": that year leapt


@pytest.mark.parametrize(
    ("region_code", "shown"),
    [
        ("6303", "turun dari 70,40% (2023)"),  # 70,44, 61,77, 70,40 and 53,43
        ("6304", "bertahan"),  # between 49,08 and 53,23
        ("6301", "bertahan, kecuali 2021"),  # between 24,84 and 31,36
        ("6308", "turun dari 74,63% (2019)"),
    ],
)
def test_the_row_of_what_is_reported_says_the_same_as_its_sentence(known, region_code, shown):
    region = known(region_code)
    rows = say.rows(region.standing())
    assert rows.loc[rows["Indikator"] == "Penanganan sampah", "Status"].item() == shown
    told = say.course(region.points("penanganan_sampah"))
    assert all(part in told for part in (shown[:5], *shown.split()[2:])), told


def test_what_serves_nobody_by_itself_has_no_reach_and_a_city_plans_in_wards(known):
    banjar, city = (known(code).strategy() for code in ("6303", "6372"))
    checks = banjar["option"].str.startswith(("penilaian", "pemeriksaan sebab"))
    assert checks.any() and banjar.loc[checks, "reach"].isna().all()
    water = banjar["indicator"] == "air_minum_layak"
    assert banjar.loc[water & ~checks, "reach"].nunique() == 1
    assert "dpmd" in set(banjar["lead"]) and "dpmd" not in set(city["lead"])  # a city has no villages
    for options, place in ((banjar, "di desa atau kelurahan ini"), (city, "di kelurahan ini")):
        assert place in say.question(options, "air_minum_layak")


@pytest.mark.parametrize(
    "codes", [["6301", "6303", "6371"], pytest.param(members("63"), marks=pytest.mark.slow)]
)
def test_a_fall_that_is_reported_calls_for_its_causes(codes, known):
    for code in codes:
        region = known(code)
        told = say.course(region.points("penanganan_sampah"))
        called = region.strategy().query("indicator == 'penanganan_sampah'")["trigger"]
        assert (" turun dari " in told) == ("menurun" in set(called)), told
    step = say.next_step((fell := known("6308")).strategy(), fell.focus())
    assert "pemeriksaan sebab" in step, "its causes before what is done about them"


def test_waste_that_is_reduced_is_not_left_over_and_comes_after_those_without_water(known):
    region = known("6304")
    standing = region.standing().set_index("indicator")
    assert standing.at["penanganan_sampah", "without"] == pytest.approx(
        100 - 75.33
    )  # 50,44 handled, 24,89 reduced
    waste = region.strategy().query("indicator == 'penanganan_sampah' and unit == 'ton/tahun'")["reach"]
    assert waste.max() == pytest.approx(36602.13 * 0.2467)
    assert "Begitu pula untuk air minum layak" in say.decide(region.strategy(), region.focus())


def test_a_place_is_said_as_sure_as_it_is(known):
    rows = say.rows(known("6303").standing()).set_index("Indikator")["Urutan"]
    assert rows["Air minum layak"] == "8–12 dari 13 di provinsi; 434–487 dari 512 nasional"
    waste = known("6371")
    assert "di urutan 1 sampai 5 dari 13" in say.place_title(waste.position("penanganan_sampah"), waste)
    last = known("6304")
    assert "urutan 456–477 dari 511" in say.facts(last.story(), last), "the range where it is known"
    assert "57,71% (2024), Barito Kuala di bawah" in say.place(last, "sanitasi_layak")
    assert say.rank_words(last.place("sanitasi_layak")) == "13", "nobody else may be last"


def test_what_is_handled_is_not_told_without_what_is_managed(known):
    said = {code: say.managed(known(code)) for code in ("6301", "6306", "6308", "63")}
    assert "turun dari 74,47% (2019) menjadi 35,30% (2024)" in said["6301"]
    assert "bertahan di antara 70,22% dan 75,48%" in said["6306"] and "turun dari 95,57%" in said["6308"]
    assert "95,57% (2019) menjadi 49,21% (2024)" in say.facts(known("6308").story(), known("6308"))
    assert "77,78% pada 2024" in said["63"] and "48,5% (Kompas Lestari" in said["63"], "the stricter figure"


def test_what_is_measured_has_the_decimals_of_what_stands_beside_it_and_a_target_is_whole(known):
    city = known("6371")
    assert "antara 72,35% dan 80,00%" in say.course(city.points("penanganan_sampah"))
    assert "70% (Jakstranas 2025)" in say.rows(city.standing())["Target atau acuan"].tolist()[3]
    assert "sanitasi layak 95% pada 2024" in say.reported(city), "no more than its sender gave"


def test_figures_of_two_sources_are_not_subtracted(known):
    said = say.reported(known("6304"))
    assert "71,05% pada 2025" in said and "57,71% pada 2024" in said and "13,34" not in said
    assert "tidak dapat dibandingkan" in said


def test_a_target_that_papers_tell_as_reached_is_said_to_be_one(known):
    told = say.gaps(known("63"))
    assert "88,68% pada 2022: sama dengan target RPJMD" in told and "77,09%" not in told, (
        "77,09 judges the plan"
    )


def test_a_figure_that_may_be_a_fraction_is_doubted_and_not_told(known):
    region = known("6308")
    assert "penimbunan terbuka tidak lagi dihitung penuh" in say.gaps(known("6304"))
    assert "penanganan sampah setelah 2024 (angka 2025 diragukan)" in say.unknown(region)
    assert "0,27" not in say.gaps(region)
    assert "penanganan sampah setelah 2024" in say.unknown(known("6372")), "the other cities have one of 2025"
    assert "setelah 2024" not in say.unknown(known("6371"))


def test_one_landfill_has_one_name_and_says_who_reports_it_otherwise(known):
    told = {code: say.landfills(one := known(code), one.story()) for code in ("6304", "6372")}
    assert "Kota Banjarbaru melaporkan TPA Banjarbakula sebagai lahan urug saniter" in told["6304"]
    assert (
        "Banjar, Barito Kuala, dan Kota Banjarmasin melaporkan TPA Banjarbakula sebagai lahan urug terk"
        in told["6372"]
    )


def test_a_headline_of_reported_waste_says_who_reports_and_a_plan_counts_what_is_sure(known):
    told = {code: say.headline((one := known(code)).story(), one) for code in ("6308", "63")}
    assert "(2024) menurut laporan daerah, sedangkan sanitasi" in told["6308"]
    assert say.headline((last := known("6304")).story(), last).endswith("se-Indonesia (2024).**")
    assert "tiga dari empat target RPJMD 2022 belum tercapai" in told["63"], "39,47 may be another target"


def test_an_open_dump_is_told_by_its_last_report_that_says_how_it_is_run(known):
    city = known("6371")
    dump = city.story().set_index("kind").loc["local"]
    assert dump["text"] == "TPA Basirih" and dump["year"] == 2023 and dump["sign"] == "worrying"
    assert "terbuka" in set(city.strategy()["trigger"]) and city.focus() == "penanganan_sampah"
    assert "tanpa sanitasi" in say.question(city.strategy(), city.focus()), "no ward runs a landfill"
    regency = known("6303")
    decided = say.decide(regency.strategy(), regency.focus())
    assert "Begitu pula untuk penanganan sampah (tahun ini): pemeriksaan cara TPA" in decided, "its story"
    assert "Mei 2025" in say.sanctions(city) and say.sanctions(known("63")) == ""


def test_the_pace_of_a_projection_is_set_against_that_of_the_last_years(known):
    province = known("63")
    told = say.outlook(province.projection(years=[2030]), province)
    assert "Proyeksi air minum layak berarti 1,3 persen poin setahun; pada 2021–2025 0,5." in told
    assert "Proyeksi sanitasi" not in told, "it rose as fast as is projected"


def test_a_range_is_the_same_on_the_page_of_a_region_and_of_an_indicator(processed_dir):
    region, page = (
        load(code, processed_dir=processed_dir, indicator=indicator)
        for code, indicator in (("6304", None), ("63", "sanitasi_layak"))
    )
    for frame in ("unserved", "position"):
        pd.testing.assert_frame_equal(
            getattr(region, frame)("sanitasi_layak"), getattr(page, frame)("sanitasi_layak")
        )


def test_a_step_is_a_decision_a_reference_no_target_and_a_reach_has_its_year(known):
    banjar, city, province = (known(code) for code in ("6303", "6371", "63"))
    step = say.next_step(city.strategy(), city.focus())
    assert (
        "untuk diputuskan, tahun ini" in step and "pemeriksaan cara TPA dioperasikan dan, bila masih" in step
    )
    assert say.outlook(banjar.projection(years=[2030]), banjar).startswith("Acuan 2030 ")
    housing = province.strategy().query("indicator == 'hunian_layak'")
    assert "rumah tangga yang belum terlayani (2020)" in say.roles_title(housing, province), "an upper bound"
    waste = banjar.strategy().query("indicator == 'penanganan_sampah'")
    assert say.roles_title(waste, banjar).endswith("menurut angka 2024")
    needs = say.needs(city.households().query("target_year == 2030"), city)
    assert "hampir universal" in needs and "memenuhi" not in needs, "99,53 of 100"


def test_a_figure_the_checks_doubt_is_not_simply_used(known):
    shown = say.table(known("6371").described, "indicator value is_governing")
    used = shown[shown["Indikator"] == "Pelanggan rumah tangga"].iloc[0]
    assert used.iloc[1].startswith("2.001.668") and used.iloc[2] == "diragukan", "more than all households"


def test_what_leads_is_told_with_its_change(known):
    city = known("6372")
    assert "(84,78% pada 2021, 76,06% pada 2024)" in say.state(city, city.story())


@pytest.mark.parametrize(
    ("code", "aim"),
    [
        ("6308", ["90% (RPJMN 2024); lebih 7,70 persen poin; 100% (RPJMN 2029)", "100% (RPJMN 2024, 2029)"]),
        ("63", ["90% (RPJMN 2024); kurang 6,30 persen poin; 100% (RPJMN 2029)", "100% (RPJMN 2024, 2029)"]),
    ],
)
def test_the_plan_in_force_stands_beside_the_one_that_is_judged(known, code, aim):
    shown = say.rows(known(code).standing())["Target atau acuan"].tolist()
    assert shown[0] == aim[0] and shown[1].startswith(aim[1]), "90 reached is not 100 reached"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "6303",
            "Satu perusahaan air minum melayani Banjar dan Kota Banjarbaru: pelanggan rumah tangga 104.968,",
        ),
        ("6304", "(SBS) 21% (2025, pemberitaan)."),
        ("6306", ""),  # customers are doubted, and what is produced says little without what is lost
    ],
)
def test_what_is_on_record_of_a_place_stands_beside_its_options(known, code, told):
    region = known(code)
    said = say.beside(region, region.focus())
    assert told in said and bool(told) == bool(said)


def test_needs_are_an_estimate_of_its_own_with_its_conditions(known):
    region = known("6303")
    needs = region.needs()
    assert needs["target_year"].eq(2029).all(), "the bars are of what their title leads with"
    title = say.needs_title(needs, region)
    assert "pada 2029, perlu dilayani sekitar 19.700 (air minum layak)" in title, "the plan in force first"
    assert title.endswith("; 2030: 15.100 dan 9.300")
    told = say.source(needs, region)
    assert "bila sejak 2024 belum ada yang dilayani dan dengan 7.800 rumah tangga baru sampai 2029" in told
    assert "hitungan penyusun" in told, "no survey counts households to serve"


def test_a_next_step_is_not_told_twice(known):
    for code, is_same in (("6371", True), ("6304", False)):
        region = known(code)
        told = say.decide(region.strategy(), region.focus())
        assert ("langkah berikut itu" in told) == is_same and told.startswith("Sampai 2029: ") != is_same


def test_an_office_is_named_with_whose_it_is(known):
    for code in ("6303", "6371"):
        options = known(code).strategy()
        named = say.table(options, "actor lead")
        for actor, office in zip(named.iloc[:, 0], named.iloc[:, 1]):
            is_named = office.startswith("Dinas ") and office.endswith(" Provinsi")
            assert is_named == (actor == "Provinsi") != office.startswith("Perangkat daerah bidang "), office


def test_needs_name_the_new_households_and_the_years_left(known):
    needs = known("6303").households()
    shown = say.table(needs, "to_come years households_per_year")
    assert shown.iloc[:, 1].tolist() == [str(year - 2026) for year in needs["target_year"]]
    per_year = (needs["backlog"] + needs["to_come"]) / needs["years"]
    assert per_year.tolist() == pytest.approx(needs["households_per_year"].tolist())


def test_households_without_are_told_with_the_year_of_their_figure(known):
    told = say.state(province := known("63"), province.story())
    assert "anitasi layak meningkat dari 71,26% (2016) menjadi 86,80% (2025)." in told
    assert "sekitar 261.000" in told and "(perkiraan dari angka 2025)" in told


def test_households_without_are_those_of_the_year_of_the_share(known):
    """So that they are the backlog of a target of everybody: the province's last figures are of 2025."""
    needs = known("63").households()
    needs = needs[needs["target"] == 100]
    assert len(needs) and needs["unserved"].tolist() == pytest.approx(needs["backlog"].tolist())


@pytest.mark.parametrize(
    ("code", "told"), [("6305", "sembarangan (SBS) 100%"), ("6311", "0%"), ("6371", ""), ("63", "")]
)
def test_an_own_target_that_nothing_judges_is_named(code, told, known):
    said = say.unknown(known(code))
    assert ("angka 2024 untuk target daerah sendiri" in said) == bool(told) and told in said
