"""Several sources for one figure: who governs, what is kept, what is listed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.data.checks import doubtful_fractions, doubtful_zeros
from pkp_analysis.data.codebook import indicators
from pkp_analysis.data.dataset import mark_doubtful
from pkp_analysis.data.reconcile import (
    DOUBTFUL_SERIES,
    assign_origin,
    assign_series,
    breaks,
    conflicts,
    counted_otherwise,
    govern,
    governing,
    leading,
    stated_apart,
)
from pkp_analysis.data.regions import regions

from .tables import observations, sources

KEY = ("63", "air_minum_layak", 2022)


def several(*figures) -> pd.DataFrame:
    """Figures for one key as (source_id, precedence, value)."""
    frame = observations(*[(*KEY, value) for _, _, value in figures], is_governing=False)
    return frame.assign(source_id=[name for name, *_ in figures], precedence=[rank for _, rank, _ in figures])


def test_the_lowest_precedence_number_governs_and_the_others_stay():
    frame = govern(
        several(("pers", 60, 88.68), ("bps", 10, 76.18), ("mc", 40, 77.09)),
        sources(pers="2023-06-30", bps="2026-02-27", mc="2023-03-09"),
    )
    assert dict(zip(frame["source_id"], frame["is_governing"])) == {"pers": False, "bps": True, "mc": False}
    assert frame["value"].tolist() == [88.68, 76.18, 77.09]


def test_of_equal_precedence_the_later_publication_governs():
    frame = govern(
        several(("lama", 10, 76.0), ("baru", 10, 76.18)), sources(lama="2021-02-26", baru="2026-02-27")
    )
    assert governing(frame)["source_id"].tolist() == ["baru"]


def test_a_dated_publication_goes_before_an_undated_one_and_of_ties_the_later_row_governs():
    assert governing(govern(several(("a", 10, 1), ("b", 10, 2)), sources(a="", b="2020")))[
        "source_id"
    ].tolist() == ["b"]
    for order in (("a", "b"), ("b", "a")):
        tied = govern(several(("b", 10, 1), ("a", 10, 2)), sources(**dict.fromkeys(order, "2020")))
        assert governing(tied)["source_id"].tolist() == [order[-1]]


def test_an_agency_stands_behind_a_survey_and_leads_where_none_exists():
    rows = several(("bps", 40, 57.71), ("dinas", 10, 71.05)).assign(origin=["survey", "agency"])
    frame = govern(rows, sources(bps="", dinas="2025-06-01"))
    assert governing(frame)["source_id"].tolist() == ["bps"]
    later = frame.assign(year=[2024, 2025], is_governing=True)
    assert leading(later)["source_id"].tolist() == ["bps"]
    assert leading(later[later["source_id"] == "dinas"])["source_id"].tolist() == ["dinas"]
    assert assign_series(rows, breaks())["series"].tolist() == ["utama", "perangkat_daerah"]


def test_an_agency_stands_beside_administrative_reports_and_another_method_never_leads():
    rows = observations(
        ("6303", "penanganan_sampah", 2024, 53.43),
        ("6303", "penanganan_sampah", 2025, 51.16),
        ("6303", "penanganan_sampah", 2026, 65.3),
        ("6304", "penanganan_sampah", 2025, 40.0),
        series=["utama", "cara_2025", "perangkat_daerah", "cara_2025"],
    ).assign(origin=["administrative", "administrative", "agency", "administrative"])
    assert leading(rows)["value"].tolist() == [53.43]


def test_a_doubtful_zero_says_so_beside_what_was_noted():
    rows = observations(
        ("6303", "sanitasi_layak", 2024, 0.0), ("6304", "sanitasi_layak", 2024, 0.0), note=["", "e"]
    ).assign(row=[2, 3])
    marked = mark_doubtful(rows, doubtful_zeros(rows))
    assert marked["note"].tolist() == ["nol diragukan", "e; nol diragukan"]
    assert set(marked["status"]) == {"provisional"} and set(marked["series"]) == {DOUBTFUL_SERIES}


@pytest.mark.parametrize(
    ("indicator", "earlier", "value", "doubted"),
    [
        ("sanitasi_layak", 77.19, 0.8828, True),
        ("sanitasi_layak", None, 0.8828, False),  # said as a lone fraction, not known to be one
        ("sanitasi_layak", 0.9, 1.2, False),
        ("penanganan_sampah", 49.16, 0.27, True),
        ("penanganan_sampah", 49.16, 0.0, True),
        ("penanganan_sampah", 12.5, 0.27, False),  # the codebook lets it move by 15 a year
        ("penanganan_sampah", None, 0.27, False),
        ("babs_terbuka", 24.5, 0.27, False),
    ],
)
def test_a_share_that_may_be_a_fraction_is_doubted(indicator, earlier, value, doubted):
    known = [("6303", indicator, 2021, earlier)] * (earlier is not None and earlier > 1)
    rows = observations(*known, ("6303", indicator, 2024, value))
    rows = rows.assign(row=range(len(rows)), file="data.csv")
    marked = mark_doubtful(rows, doubtful_fractions(rows)).iloc[-1]
    assert (marked["series"] == DOUBTFUL_SERIES) == (marked["note"] == "angka diragukan") == doubted


def test_a_doubtful_zero_never_leads():
    rows = observations(
        ("6303", "sanitasi_layak", 2021, 77.19),
        ("6303", "sanitasi_layak", 2024, 0.0),
        ("6304", "sanitasi_layak", 2024, 0.0),
        series=["utama", "nol_diragukan", "nol_diragukan"],
    )
    assert leading(rows)[["region_code", "year"]].values.tolist() == [["6303", 2021]]


def test_origin_is_what_the_source_says_else_what_file_and_codebook_say():
    about = sources(bps="", formulir="", koran="", lain="").assign(
        origin=["", "", "", "survey"],
        layout=["bps_xlsx", "agency_workbook", "tidy_csv", "agency_workbook"],
        status=["official", "", "press", ""],
    )
    rows = observations(
        ("6303", "sanitasi_layak", 2024, 80.0),
        ("6303", "sanitasi_layak", 2025, 85.2),
        ("6304", "sanitasi_layak", 2025, 70.0),
        ("6304", "penanganan_sampah", 2025, 50.0),
        ("6305", "sanitasi_layak", 2025, 71.0),
        source_id=["bps", "formulir", "formulir", "koran", "lain"],
        note=["", "data dinas", "Susenas Maret 2025", "", ""],
    ).drop(columns="origin")
    found = assign_origin(rows, about)["origin"].tolist()
    assert found == ["survey", "agency", "survey", "press", "survey"]


def test_a_download_without_a_date_of_publication_counts_by_the_day_it_was_made():
    table = sources(lama="2026-02-27", unduhan="").assign(accessed=["2026-03-01", "2026-11-23"])
    assert governing(govern(several(("lama", 10, 76.18), ("unduhan", 10, 76.2)), table))[
        "source_id"
    ].tolist() == ["unduhan"]


def test_conflicts_beyond_the_tolerance_are_listed_with_both_publishers():
    frame = govern(
        several(("pers", 60, 88.68), ("bps", 10, 76.18), ("sama", 40, 76.2)),
        sources(pers="", bps="", sama=""),
    )
    found = conflicts(frame, sources(pers="", bps="", sama=""))
    assert found["rule"].tolist() == ["source_conflict"] and found["severity"].tolist() == ["warning"]
    assert found["message"].tolist() == [
        "Air minum layak Kalimantan Selatan 2022: 88,68 menurut Penerbit pers, berbeda 12,5 persen poin dari"
        " 76,18 menurut Penerbit bps yang dipakai."
    ]


def test_a_difference_of_exactly_the_tolerance_is_no_conflict():
    frame = govern(several(("bps", 10, 76.1), ("mc", 40, 76.2)), sources(bps="", mc=""))
    assert conflicts(frame, sources(bps="", mc="")).empty and stated_apart(frame).empty


def test_all_figures_of_a_conflict_are_listed_the_governing_first():
    frame = govern(
        several(("pers", 60, 88.68), ("bps", 10, 76.18), ("sama", 40, 76.2)),
        sources(pers="", bps="", sama=""),
    )
    assert stated_apart(frame)["source_id"].tolist() == ["bps", "pers", "sama"]


def test_what_is_counted_in_another_way_later_is_found_by_indicator_region_and_year():
    handled, generated = "penanganan_sampah", "timbulan_sampah_ton"
    rows = observations(
        ("6303", handled, 2024, 60), ("6303", handled, 2025, 20), ("6303", handled, 2026, 21),
        ("6305", handled, 2026, 22), ("6303", generated, 2026, 60000), ("6303", "sanitasi_layak", 2026, 80),
    )  # fmt: skip
    rows = assign_series(rows, breaks())
    rows.loc[0, "series"] = rows.loc[5, "series"] = "utama"
    assert counted_otherwise(rows, handled, 2024, ["6303"])["value"].tolist() == [20, 21]
    assert counted_otherwise(rows, handled, 2025, ["6303", "6305"])["value"].tolist() == [21, 22]
    assert counted_otherwise(rows, "sanitasi_layak", 2024, ["6303"]).empty, "no break shows it apart"
    same = rows.assign(series=rows["series"].where(rows["year"] < 2026, "utama"))
    assert counted_otherwise(same, handled, 2024, ["6303"])["value"].tolist() == [20]


def test_the_three_figures_for_drinking_water_2022(dataset):
    rows = dataset.observations.query(
        "region_code == '63' and indicator == 'air_minum_layak' and year == 2022"
    )
    assert dict(zip(rows["value"], rows["is_governing"])) == {76.18: True, 77.09: False, 88.68: False}
    found = dataset.issues[
        (dataset.issues["rule"] == "source_conflict")
        & dataset.issues["message"].str.startswith("Air minum layak Kalimantan Selatan 2022")
    ]
    assert sorted(found["text"]) == ["77.09", "88.68"]
    assert (
        set(found["file"]) == {"rpjmd_2022_capaian.xlsx", "pernyataan_pers.csv"} and (found["row"] > 0).all()
    )


def test_series_of_known_breaks():
    frame = observations(
        ("63", "sanitasi_layak", 2015, 60),
        ("63", "sanitasi_layak", 2016, 63),
        ("94", "sanitasi_layak", 2015, 30),
        ("94", "sanitasi_layak", 2023, 43),
        ("94", "sanitasi_layak", 2024, 80),
        ("91", "air_minum_layak", 2025, 80),
        ("6303", "tanpa_air_bersih", 2017, 30),
        ("6303", "tanpa_air_bersih", 2018, 30),
        ("63", "rumah_layak_huni", 2022, 43.35),
    )
    assert assign_series(frame, breaks())["series"].tolist() == [
        "konsep_lama",
        "utama",
        "konsep_lama",
        "utama",
        "batas_2024",
        "batas_2024",
        "edisi_2018",
        "utama",
        "utama",
    ]


def test_a_break_of_one_region_wins_over_one_of_all_in_the_same_year():
    table = pd.DataFrame(
        {
            "region_code": ["63", ""],
            "indicator": ["", "sanitasi_layak"],
            "from_year": [2020, 2020],
            "series": ["sendiri", "semua"],
            "reason": ["", ""],
        }
    )
    frame = observations(
        ("63", "sanitasi_layak", 2020, 1),
        ("62", "sanitasi_layak", 2020, 1),
        ("63", "sanitasi_layak", 2019, 1),
    )
    assert assign_series(frame, table)["series"].tolist() == ["sendiri", "semua", "utama"]


@given(st.permutations(range(6)))
def test_which_value_governs_does_not_depend_on_the_order_of_rows(order):
    frame = (
        several(("a", 30, 1), ("b", 10, 2), ("c", 10, 3), ("d", 10, 4), ("e", 60, 5), ("f", 90, 6))
        .iloc[order]
        .reset_index(drop=True)
    )
    governed = govern(frame, sources(a="2026", b="2020", c="2021", d="", e="2026", f="2026"))
    assert governing(governed)["source_id"].tolist() == ["c"]
    assert governed.drop(columns="is_governing").equals(frame.drop(columns="is_governing"))


def test_the_table_of_breaks_names_known_regions_and_indicators():
    table = breaks()
    assert set(table["region_code"]) <= {"", *regions().index}
    assert set(table["indicator"]) <= {"", *indicators().index}
    assert (table["reason"] != "").all() and not table.duplicated(
        ["region_code", "indicator", "from_year"]
    ).any()
