"""data/raw holds every figure that was handed over, in realistic layouts, unrounded; golden tables were made
from the handed-over figures, not from the build.
"""

import zipfile
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from pkp_analysis.data.clean import clean_file
from pkp_analysis.data.registers import read_sources

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
# Candidate cells per file: what the sender's table holds, empty and target cells included.
CELLS = {
    "bps_statistik_indonesia_2016_air_minum_layak.xlsx": (33, 33, 0, 0),
    "bps_statistik_indonesia_2016_sanitasi_layak.xlsx": (33, 33, 0, 0),
    "bps_statistik_indonesia_2021_air_minum_layak.xlsx": (170, 170, 0, 0),
    "bps_statistik_indonesia_2021_sanitasi_layak.xlsx": (170, 170, 0, 0),
    "bps_statistik_indonesia_2026_air_minum_layak.xlsx": (190, 178, 0, 12),
    "bps_statistik_indonesia_2026_sanitasi_layak.xlsx": (190, 178, 0, 12),
    "bps_air_minum_layak_klasifikasi_desa.csv": (8, 8, 0, 0),
    "susenas_2021_kabkota.csv": (1028, 1028, 0, 0),
    "susenas_2024_kabkota.csv": (1028, 1023, 0, 5),
    "penduduk_2024_kabkota.csv": (514, 514, 0, 0),
    **{f"fsva_{edition}_air_bersih.csv": (514, 514, 0, 0) for edition in range(2018, 2025)},
    "rpjmd_2022_capaian.xlsx": (8, 4, 4, 0),
    "hunian_layak_provinsi.csv": (50, 50, 0, 0),
    "kumuh_2018_kabkota.csv": (14, 14, 0, 0),
    "sovi_2017_kabkota.csv": (52, 52, 0, 0),
    "sipsn_2023_fasilitas.csv": (50, 50, 0, 0),
    "pernyataan_pers.csv": (57, 57, 0, 0),
    "sipsn_capaian_2019.xlsx": (1743, 1689, 26, 28),
    "sipsn_capaian_2020.xlsx": (2023, 1973, 22, 28),
    "sipsn_capaian_2021.xlsx": (2114, 2066, 12, 36),
    "sipsn_capaian_2022.xlsx": (2338, 2318, 6, 14),
    "sipsn_capaian_2023.xlsx": (2744, 2710, 0, 34),
    "sipsn_capaian_2024.xlsx": (2205, 2183, 0, 22),
    "sipsn_capaian_2025.xlsx": (84, 84, 0, 0),
    "dukcapil_penduduk_akhir_tahun.xlsx": (2056, 2049, 0, 7),
    "dukcapil_penduduk_tengah_tahun.xlsx": (1542, 1542, 0, 0),
    "bps_kalsel_air_bersih_2024.xlsx": (108, 94, 9, 5),
    "perumahan_nasional.csv": (28, 28, 0, 0),
    "pernyataan_pers_daerah.csv": (46, 46, 0, 0),
}
FIRST_FILES = list(CELLS)[:23]  # the golden tables of totals and of South Kalimantan were made from these
LAYOUTS = {"bps_xlsx", "bps_csv", "csv_indonesia", "fsva_csv", "agency_workbook", "tidy_csv"}


@pytest.fixture(scope="module")
def sources(raw_dir):
    return read_sources(raw_dir)


@pytest.mark.parametrize("file", CELLS)
def test_cells_of_each_file(raw_dir, sources, file):
    rows = sources[sources["file"] == file]
    cleaned = clean_file(raw_dir / file, rows)
    counts = cleaned.counts
    assert (counts["candidates"], counts["observations"], counts["rejected"], counts["missing"]) == CELLS[
        file
    ]
    assert set(rows["layout"]) == {cleaned.layout}


def test_the_layouts_are_those_agencies_send(sources):
    assert set(sources["layout"]) >= LAYOUTS


def test_every_figure_arrived_unrounded(dataset):
    golden = pd.read_csv(GOLDEN / "raw_figures.csv", dtype="str")
    figures = dataset.observations[dataset.observations["file"].isin(FIRST_FILES)]
    level = figures["region_code"].map(
        lambda code: "negara" if code == "00" else "provinsi" if len(code) == 2 else "kabupaten_kota"
    )
    exact = figures["value"].map(lambda value: Decimal(repr(value)))
    groups = exact.groupby([figures["indicator"], level.rename("level"), figures["year"].astype("str")])
    found = groups.agg(
        figures="size", total=lambda part: sum(part, Decimal(0)), lowest="min", highest="max"
    ).reset_index()
    expected = golden.assign(
        figures=golden["figures"].astype(int),
        **{name: golden[name].map(Decimal) for name in ("total", "lowest", "highest")},
    )
    key = ["indicator", "level", "year"]
    pd.testing.assert_frame_equal(
        found.sort_values(key, ignore_index=True),
        expected.sort_values(key, ignore_index=True),
        check_dtype=False,
    )


def test_south_kalimantan_figure_by_figure(dataset):
    golden = pd.read_csv(GOLDEN / "kalsel_figures.csv", dtype={"region_code": "str", "indicator": "str"})
    figures = dataset.observations
    kept = figures[
        figures["region_code"].str.startswith("63")
        & figures["indicator"].isin(golden["indicator"].unique())
        & figures["file"].isin(FIRST_FILES)
    ]
    key = ["indicator", "region_code", "year", "value"]
    found = kept[["region_code", "indicator", "year", "value"]].sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(found, golden.sort_values(key, ignore_index=True))


def test_figures_handed_over_later_arrived_unrounded(dataset):
    """A sample; the waste of the thirteen is in it in full."""
    golden = pd.read_csv(GOLDEN / "handed_over_later.csv", dtype={"region_code": "str"})
    key = ["region_code", "indicator", "year", "value"]
    kept = dataset.observations[dataset.observations["file"] != ""][key].drop_duplicates()
    found = golden.merge(kept, on=key, how="left", indicator=True)
    assert (found["_merge"] == "both").all(), found[found["_merge"] != "both"]


def test_one_utility_for_two_regencies_stays_one_row(dataset):
    cells = dataset.issues[dataset.issues["file"] == "bps_kalsel_air_bersih_2024.xlsx"]
    assert cells.loc[cells["severity"] == "rejected", "message"].str.contains("Banjar dan Banjarbaru").all()
    facts = dataset.local_facts
    shared = facts[["6372" in codes.split(";") for codes in facts["region_code"]]]
    customers = shared[shared["text"].str.startswith("pelanggan rumah tangga")]
    assert customers[["region_code", "quantity", "unit"]].values.tolist() == [
        ["6303;6372", 104968.0, "pelanggan"]
    ]
    rows = dataset.observations.query("indicator == 'pelanggan_rumah_tangga'")
    assert not rows["region_code"].isin(["6303", "6372"]).any()


def test_local_facts_have_their_year_and_source(dataset):
    facts = dataset.local_facts
    landfills = facts[(facts["kind"] == "tpa") & (facts["region_code"] == "6303") & (facts["year"] == 2024)]
    assert landfills["quantity"].tolist() == [49275.0, 21900.0]
    assert landfills["text"].str.contains("penimbunan terbuka|lahan urug terkendali").all()
    sanctions = facts[(facts["kind"] == "sanksi_tpa") & (facts["region_code"] != "63")]
    assert sorted(sanctions["region_code"]) == ["6303", "6305", "6308", "6371"]
    assert (sanctions["url"] == "").all(), "alamatnya tidak tersimpan: tidak dikutip"
    slums = facts[facts["kind"] == "lokasi_kumuh"]
    assert len(slums) == 45 and set(slums["region_code"]) == {"6311"}


def test_bps_exports_look_like_bps_exports(raw_dir):
    """Inline strings, merged corner, title in row 2, years in row 3, names in upper case."""
    path = raw_dir / "bps_statistik_indonesia_2026_sanitasi_layak.xlsx"
    assert "xl/sharedStrings.xml" not in zipfile.ZipFile(path).namelist()
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert (
        '<mergeCell ref="A1:A3"/>' in sheet
        and '<mergeCell ref="B2:F2"/>' in sheet
        and "KALIMANTAN SELATAN" in sheet
    )
    rows = clean_file(path, {}).observations
    assert sorted(rows["year"].unique()) == [2021, 2022, 2023, 2024, 2025] and rows["row"].min() == 4


def test_csv_files_have_the_marks_of_their_origin(raw_dir):
    assert (raw_dir / "bps_air_minum_layak_klasifikasi_desa.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    excel = (raw_dir / "susenas_2021_kabkota.csv").read_bytes()
    assert b"; 87,45 \r\n" in excel and excel.endswith(b";;;\r\n" * 300)
    fsva = (raw_dir / "fsva_2019_air_bersih.csv").read_text(encoding="utf-8").splitlines()
    assert all(line.endswith(",") for line in fsva) and any(
        line.startswith("kalimantan selatan - kotabaru,") for line in fsva
    )


def test_every_source_says_who_published_it_and_how_it_came(sources):
    for column in ("title", "publisher", "licence", "note"):
        assert (sources[column] != "").all(), column
    bps = sources[sources["source_id"].str.startswith("bps_si")]
    assert (bps[["table", "page", "url", "published"]] != "").all().all()
    assert set(sources.loc[sources["file"].str.startswith("pernyataan_pers"), "precedence"]) == {60}
    compiled = sources["publisher"].str.contains("melalui")
    assert not (compiled & (sources["status"] == "official")).any()
    assert (
        sources.loc[sources["source_id"] == "susenas_2021_kompilasi", "note"]
        .str.contains("disimpulkan")
        .all()
    )


def test_commitments_and_corrections(dataset, raw_dir):
    assert dataset.commitments[["region_code", "quantity", "year"]].values.tolist()[:3] == [
        ["63", 1830.0, 2024],
        ["63", 540.0, 2023],
        ["6306", 260.0, 2018],
    ]
    later = dataset.commitments.query("region_code == '6309' and year == 2025")
    assert later[["quantity", "status"]].values.tolist() == [[400.0, "direncanakan"]]
    assert (raw_dir / "corrections.csv").read_text(
        encoding="utf-8"
    ) == "region_code,indicator,year,old_value,new_value,reason,source,date\n"
