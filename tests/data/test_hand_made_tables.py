"""Tables as people type them without thinking of a reader: headings over the middle of their columns, a name written
once for several rows, headings between rows, lists of one region. Made-up figures; every table shows where each of its
figures goes, by cell.
"""

import pytest

from .test_odd_files import HEAD, SAN, WASTE, WATER, book, csv, read, written

BABS, TON = "babs_terbuka", "penanganan_sampah_ton"
OF_YEAR = f"{HEAD};Sanitasi Layak 2023 (%)"


def placed(found: dict) -> dict:
    """Cell -> what stands there as one short text: "6303 sanitasi_layak 2023 80.1"."""
    return {cell: " ".join(map(str, figure)) for cell, figure in found.items()}


# -- headings over groups of columns ----------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_group_heading_may_stand_over_any_of_its_columns(tmp_path, at):
    groups = ["", *["Sanitasi Layak (%)" if place == at else "" for place in (1, 2, 3)]]
    groups += ["Air Minum Layak (%)" if place == at else "" for place in (1, 2, 3)]
    rows = [[HEAD, *groups[1:]], ["", 2021, 2022, 2023, 2021, 2022, 2023], ["Tapin", 61, 62, 63, 51, 52, 53]]
    found, rules, _ = read(book(tmp_path, *rows))
    expected = [(SAN, 61 + place, 2021 + place) for place in range(3)]
    expected += [(WATER, 51 + place, 2021 + place) for place in range(3)]
    assert [found[f"{column}3"] for column in "BCDEFG"] == [
        ("6305", indicator, year, value) for indicator, value, year in expected
    ]
    assert not rules


def test_target_and_realised_typed_over_the_middle(tmp_path):
    lines = ["Sanitasi Layak (%)", f"No;{HEAD};;Target;;;Realisasi;", ";;2021;2022;2023;2021;2022;2023"]
    found, rules, _ = read(csv(tmp_path, *lines, "1;Tapin;80;81;82;83;84;85"))
    assert [found[f"{column}4"][2:] for column in "FGH"] == [(2021, 83), (2022, 84), (2023, 85)]
    assert rules == dict.fromkeys(["C4", "D4", "E4"], "target_cell")


def test_headings_that_may_belong_to_either_side_are_refused(tmp_path):
    lines = [f"{HEAD};;Sanitasi Layak (%);;;Air Minum Layak (%)", ";2021;2022;2023;2022;2023"]
    found, rules, _ = read(csv(tmp_path, *lines, "Tapin;71;72;73;62;63"))
    assert not found and rules == dict.fromkeys(["B3", "C3", "D3", "E3", "F3"], "indicator")


def test_groups_of_unlike_length_begin_where_their_heading_stands(tmp_path):
    lines = [
        f"{HEAD};Penduduk (jiwa);Sanitasi Layak (%);;;Air Minum Layak (%);",
        ";2023;2021;2022;2023;2022;2023",
    ]
    found, rules, _ = read(csv(tmp_path, *lines, "Tapin;193000;71;72;73;62;63"))
    assert [found[f"{column}3"][1] for column in "BCDEFG"] == ["penduduk_jiwa", *[SAN] * 3, *[WATER] * 2]
    assert not rules


# -- a region written once --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "parts", "whole"),
    [
        ("", ["Perkotaan", "Perdesaan", "Total"], True),
        ("Daerah", ["K", "D", "K+D"], True),
        ("Wilayah", ["Kota", "Desa", "Jumlah"], True),
        ("Versi", ["Lama", "Baru", "Final"], False),
        ("Nama Kawasan", ["Sungai Jingah", "Pekauman", "Kelayan"], False),
        ("", ["Januari - Juni", "Juli - Desember", "Jan-Feb"], False),
    ],
)
def test_the_rows_below_a_region_written_once_are_its_parts(tmp_path, header, parts, whole):
    rows = [[HEAD, header, "Sanitasi Layak 2023 (%)"]]
    for region, figures in (("Kab. Banjar", (95, 80, 88)), ("Tapin", (85, 70, 77))):
        rows += [[region if not place else "", parts[place], figures[place]] for place in range(3)]
    found, rules, _ = read(book(tmp_path, *rows))
    wholes = {"C4": f"6303 {SAN} 2023 88.0", "C7": f"6305 {SAN} 2023 77.0"}
    assert placed(found) == (wholes if whole else {})
    refused = {cell for cell, rule in rules.items() if rule in ("subgroup", "facility", "duplicate_differs")}
    assert refused == {f"C{row}" for row in range(2, 8)} - set(found)


@pytest.mark.parametrize("header", ["Tahun", ""])
def test_the_years_of_a_region_written_once(tmp_path, header):
    rows = [["Sanitasi Layak (%)"], [HEAD, header, "Nilai"]]
    for region, first in (("Kab. Banjar", 85), ("Tapin", 75)):
        rows += [[region if not place else "", 2021 + place, first + place] for place in range(3)]
    found, rules, _ = read(book(tmp_path, *rows))
    assert list(found.values()) == [
        (code, SAN, 2021 + place, first + place)
        for code, first in (("6303", 85), ("6305", 75))
        for place in range(3)
    ]
    assert not rules


def test_one_blank_row_among_many_regions_is_no_part_of_the_last(tmp_path):
    lines = [OF_YEAR, "Kab. Banjar;80,1", "Tapin;75,2", "Balangan;70", "HSS;66", ";73,3"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert len(found) == 4 and rules == {"B6": "region_missing"}


# -- the same figure in several rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([f"No;Kegiatan;{HEAD};Sisa RTLH 2023 (unit)", "1;BSPS;Kab. Banjar;50", "2;DAK;Kab. Banjar;50"], []),
        ([f"Nama Penerima;{HEAD};RTLH Ditangani 2023 (unit)", "Ali;Kab. Banjar;1", "Adi;Tapin;1"], []),
        ([f"{HEAD};TPS3R 2023 (unit)", "Kab. Banjar;1", "Kab. Banjar;1", "Tapin;2"], ["B4"]),
        ([f"{HEAD};Jumlah Penduduk 2023", "Kab. Banjar;577123", "Kab. Banjar;577123"], ["B2"]),
        ([f"{HEAD};Sanitasi Layak 2023", "Kab. Banjar;88,1", "Kab. Banjar;88,1"], ["B2"]),
    ],
)
def test_a_list_of_equal_counts_is_no_repetition(tmp_path, lines, kept):
    found, rules, _ = read(csv(tmp_path, *lines))
    assert sorted(found) == kept and len(found) + len(rules.keys() - {"B1"}) >= len(lines) - 1


# -- units in cells ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [
        ("Sanitasi Layak 2023 (%)", "88 KK", None),
        ("Sanitasi Layak 2023 (%)", "88 %", 88),
        ("Penanganan Sampah 2023 (ton/tahun)", "22 kg", None),
        ("Penanganan Sampah 2023 (ton/tahun)", "120 ton/hari", None),
        ("Penanganan Sampah 2023 (ton/tahun)", "22000 ton", 22000),
        ("Penanganan Sampah 2023 (ton)", "22000 ton/tahun", 22000),
        ("Sisa RTLH 2023", "120 KK", None),
        ("Sisa RTLH 2023", "120 unit", 120),
        ("Jumlah Penduduk 2023", "193000 jiwa", 193000),
        ("Jumlah Penduduk 2023", "240 ribu jiwa", None),
        ("Kawasan Kumuh 2023 (ha)", "12 unit", None),
    ],
)
def test_a_unit_in_a_cell_is_that_of_its_column_or_the_cell_is_refused(tmp_path, header, cell, value):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};{header}", f"Tapin;{cell}"))
    assert [figure[3] for figure in found.values()] == ([] if value is None else [value])
    assert value is not None or rules["B2"] == "unit"


# -- between the rows -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "rule"),
    [
        ("Peringkat;", "subgroup"),
        ("Listrik PLN;", "subgroup"),
        (";Target", "target_cell"),
        ("Realisasi s.d. TW II;", "subgroup"),
        ("Nusa Tenggara;", ""),
        ("Wilayah II;", ""),
        ("Halaman 2;", ""),
        ("Kota/Municipality;", ""),
    ],
)
def test_a_heading_between_regions_may_make_its_figures_something_else(tmp_path, heading, rule):
    found, rules, _ = read(csv(tmp_path, OF_YEAR, "Kab. Banjar;80,1", heading, "Tapin;75,2", "Kotabaru;70,3"))
    assert rules == (dict.fromkeys(["B4", "B5"], rule) if rule else {}) and len(found) == (1 if rule else 3)


@pytest.mark.parametrize(
    ("header", "again", "below"),
    [
        ("Sanitasi Layak 2023 (%);BABS 2023 (%)", ";BABS 2023 (%);Sanitasi Layak 2023 (%)", (BABS, SAN)),
        ("Sanitasi Layak 2022 (%);Sanitasi Layak 2023 (%)", ";KK;%", None),
        ("Sanitasi Layak 2022 (%);Sanitasi Layak 2023 (%)", "(lanjutan);2020;2021", None),
    ],
)
def test_a_second_header_without_a_name_over_the_regions_is_heeded(tmp_path, header, again, below):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};{header}", "Kab. Banjar;8,1;7,1", again, "Tapin;6,2;5,2"))
    assert {"B2", "C2"} <= set(found)
    if below:
        assert (found["B4"][1], found["C4"][1]) == below
    else:
        assert set(found) == {"B2", "C2"} and {"B4", "C4"} <= set(rules)


def test_a_year_between_the_rows_is_that_of_the_rows_below(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, OF_YEAR, "Kab. Banjar;80,1", "--- 2022 ---;", "Tapin;75,2", "Kotabaru;70,3")
    )
    assert [figure[2] for figure in found.values()] == [2023, 2022, 2022] and not rules


@pytest.mark.parametrize("shifted", ["Tapin;;75,2;6,1", "Tapin;75,2;6,1;3"])
def test_a_row_that_reaches_beyond_the_header_is_refused(tmp_path, shifted):
    lines = [
        f"{HEAD};Sanitasi Layak 2023 (%);BABS 2023 (%)",
        "Kab. Banjar;80,1;7",
        shifted,
        "Kotabaru;70,3;8",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert set(found) == {"B2", "C2", "B4", "C4"} and rules["C3"] == "columns"


def test_a_figure_merged_over_two_years_is_of_neither(tmp_path):
    rows = [["Sanitasi Layak (%)"], [HEAD, 2022, 2023], ["Kab. Banjar", 88.1, ""], ["Tapin", 75.2, 76.1]]
    found, rules, _ = read(book(tmp_path, *rows, merged=["2122"]))
    assert set(found) == {"B4", "C4"} and rules["B3"] == rules["C3"] == "joint"


def test_a_row_of_figures_called_like_a_header_is_a_row(tmp_path):
    lines = [
        "Sanitasi Layak 2023 (%);",
        f"{HEAD};Nilai",
        "Kab. Banjar;88",
        "Provinsi;85",
        "Nasional;82",
        "Tapin;77",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert placed(found) == {
        "B3": f"6303 {SAN} 2023 88.0",
        "B5": f"00 {SAN} 2023 82.0",
        "B6": f"6305 {SAN} 2023 77.0",
    }
    assert rules == {"B4": "subtotal"}


# -- lists of one region ----------------------------------------------------------------------------------------------

LIST = ["Kabupaten Banjar;;", "Indikator;2022;2023", "Sanitasi Layak (%);80;81"]
FIRST = {"B3": f"6303 {SAN} 2022 80.0", "C3": f"6303 {SAN} 2023 81.0"}


def of_water(row: int, code: str = "6303", years=(2022, 2023)) -> dict:
    return {
        f"{column}{row}": f"{code} {WATER} {year} {value}.0"
        for column, year, value in zip("BC", years, (70, 71))
    }


@pytest.mark.parametrize(
    ("between", "last", "expected"),
    [
        (["Air Minum;;"], "Air Minum Layak (%)", of_water(5)),
        (["II. Air Minum Layak;;"], "Persentase", of_water(5)),
        (["Data Kabupaten Tapin;;"], "Air Minum Layak (%)", of_water(5, "6305")),
        (["Provinsi Kalimantan Selatan;;"], "Air Minum Layak (%)", of_water(5, "63")),
        (["Indikator;2020;2021"], "Air Minum Layak (%)", of_water(5, years=(2020, 2021))),
        (["Data Kabupaten Tapin;;", "Indikator;2022;2023"], "Air Minum Layak (%)", of_water(6, "6305")),
        ([], "Air Minum Layak Kalimantan Selatan (%)", of_water(4, "63")),
        ([], "Air Minum Layak Nasional (%)", of_water(4, "00")),
    ],
)
def test_headings_and_headers_in_a_list_of_indicators(tmp_path, between, last, expected):
    found, rules, _ = read(csv(tmp_path, *LIST, *between, f"{last};70;71"))
    assert placed(found) == FIRST | expected and not rules


@pytest.mark.parametrize(
    ("heading", "rule"),
    [
        ("Perkotaan;;", "subgroup"),
        ("Kecamatan Gambut;;", "subgroup"),
        ("Rumah Tangga Miskin;;", "subgroup"),
        ("Semester I;;", "subgroup"),
        ("Capaian terhadap target;;", "subgroup"),
        ("Target;;", "target_cell"),
    ],
)
def test_a_heading_in_a_list_may_narrow_what_follows(tmp_path, heading, rule):
    found, rules, _ = read(csv(tmp_path, *LIST, heading, "Air Minum Layak (%);70;71"))
    assert placed(found) == FIRST and rules == {"B5": rule, "C5": rule}


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Kecamatan Gambut Kabupaten Banjar 2023", "part_of_region"),
        ("UPT Martapura - Kabupaten Banjar", "part_of_region"),
        ("Perkotaan Kabupaten Banjar", "subgroup"),
    ],
)
def test_a_list_of_a_part_of_its_region(tmp_path, title, rule):
    found, rules, _ = read(csv(tmp_path, f"{title};;", *LIST[1:]))
    assert not found and rules == {"B3": rule, "C3": rule}


@pytest.mark.parametrize(
    "title", ["Kota Banjarbaru dan Kabupaten Banjar", "Kabupaten Banjar dibandingkan Kota Banjarbaru"]
)
def test_a_list_of_two_regions_is_of_neither(tmp_path, title):
    with pytest.raises(Exception, match="tidak berisi tabel wilayah"):
        read(csv(tmp_path, f"{title};;", *LIST[1:]))


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (["Sanitasi Layak (%);Target;90;91", ";Realisasi;85;86"], {"C4": f"6303 {SAN} 2022 85.0"}),
        (["Sanitasi Layak (%);Perkotaan;90;91", ";Total;85;86"], {"C4": f"6303 {SAN} 2022 85.0"}),
        (["Sanitasi Layak (%);;90;91", ";;85;86"], {}),
    ],
)
def test_an_indicator_written_once(tmp_path, below, expected):
    found, rules, _ = read(csv(tmp_path, "Kabupaten Banjar;;;", "Indikator;;2022;2023", *below))
    assert {cell: text for cell, text in placed(found).items() if cell[0] == "C"} == expected
    assert len(found) + sum(cell[0] in "CD" for cell in rules) == 4


@pytest.mark.parametrize(
    "header", ["Uraian", "Uraian Data", "Elemen", "Indikator Kinerja", "Indikator SDGs", "IKK Outcome", "IKU"]
)
def test_what_agencies_call_the_column_of_indicators(tmp_path, header):
    lines = [
        "PEMERINTAH KABUPATEN BANJAR;;;",
        f"{header};Satuan;2022;2023",
        "Jumlah Rumah Tangga;RT;151000;152000",
    ]
    found, rules, _ = read(csv(tmp_path, *lines, "Sanitasi Layak;%;81;82"))
    assert placed(found) == {
        "C3": "6303 rumah_tangga 2022 151000.0",
        "D3": "6303 rumah_tangga 2023 152000.0",
        "C4": f"6303 {SAN} 2022 81.0",
        "D4": f"6303 {SAN} 2023 82.0",
    }
    assert not rules


def test_units_that_are_also_heads_of_columns(tmp_path):
    lines = ["Indikator;Satuan;Kab. Banjar;Tapin", "Sanitasi Layak 2023;%;88;77"]
    lines += ["Jumlah Rumah Tangga 2023;RT;150000;55000", "Kawasan Kumuh 2023;lokasi;12;13"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert len(found) == 4 and rules == {"C4": "indicator", "D4": "indicator"}


@pytest.mark.parametrize("part", [3, 5])
def test_figures_below_that_belong_to_no_table_are_named(tmp_path, part):
    lines = [*LIST, "2020;2021;", "Air Minum Layak (%);82;83"]
    found, rules, _ = read(csv(tmp_path, *lines[:part]))
    assert placed(found) == FIRST and rules == ({"5": "unread_table"} if part == 5 else {})


# -- a row per year or month ------------------------------------------------------------------------------------------


def test_a_row_per_year_of_the_region_of_the_title(tmp_path):
    lines = ["Sanitasi Layak Kabupaten Banjar (%);;", "Tahun;Target;Realisasi", "2021;85;80", "2022;86;81"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert placed(found) == {"C3": f"6303 {SAN} 2021 80.0", "C4": f"6303 {SAN} 2022 81.0"}
    assert rules == {"B3": "target_cell", "B4": "target_cell"}


def test_months_down_and_regions_across(tmp_path):
    rows = [
        ["Timbulan Sampah Tahun 2023 (ton/tahun)"],
        ["Bulan", "Kab. Banjar", "Tapin"],
        ["Januari", 7000, 2000],
    ]
    found, rules, _ = read(book(tmp_path, *rows, ["Februari", 7000, 2000], ["Jumlah", 91000, 29000]))
    assert placed(found) == {"B5": f"6303 {WASTE} 2023 91000.0", "C5": f"6305 {WASTE} 2023 29000.0"}
    assert rules == dict.fromkeys(["B3", "C3", "B4", "C4"], "period")


@pytest.mark.parametrize("heading", ["Target;;", "Perkotaan;;"])
def test_a_heading_between_indicators_with_regions_across(tmp_path, heading):
    lines = [
        "Indikator;Kab. Banjar;Tapin",
        "Sanitasi Layak 2023 (%);80;81",
        heading,
        "Air Minum Layak 2023 (%);82;83",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert set(found) == {"B2", "C2"} and rules["B4"] == rules["C4"] != ""


def test_the_year_of_a_half_year(tmp_path):
    lines = ["periode;kabupaten;penanganan_sampah (ton/tahun)", "2023-S1;Tapin;9500", "2023;Kotabaru;18000"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert placed(found) == {"C3": f"6302 {TON} 2023 18000.0"} and rules == {"C2": "period"}


# -- columns ----------------------------------------------------------------------------------------------------------


def test_figures_of_the_country_beside_those_of_regencies(tmp_path):
    lines = ["Sanitasi Layak 2023 (%);;;", f"{HEAD};Kabupaten;Provinsi;Nasional", "Tapin;88;80;82"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert not found and rules == {"B3": "indicator", "C3": "indicator", "D3": "region"}


@pytest.mark.parametrize(
    ("where", "rule"),
    [
        ("Nasional", "region"),
        ("Indonesia", "region"),
        ("Kalimantan Selatan", "region"),
        ("Kab. Tapin", ""),
        ("", ""),
    ],
)
def test_a_header_that_names_another_region_than_the_rows(tmp_path, where, rule):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Sanitasi Layak {where} 2023 (%)", "Tapin;88,1"))
    assert rules == ({"B2": rule} if rule else {}) and bool(found) != bool(rule)


def test_provinces_with_figures_beside_regencies_with_theirs(tmp_path):
    lines = [
        f"Provinsi;Sanitasi Layak 2023 (%);{HEAD};Air Minum Layak 2023 (%)",
        "Kalimantan Selatan;80;Tapin;70",
    ]
    found, _, _ = read(csv(tmp_path, *lines))
    assert placed(found) == {"B2": f"63 {SAN} 2023 80.0", "D2": f"6305 {WATER} 2023 70.0"}


def test_further_columns_of_figures_in_a_long_table_are_named(tmp_path):
    lines = [
        "kabupaten;indikator;tahun;target;realisasi;catatan",
        "Tapin;Sanitasi Layak (%);2023;90;88;",
        "HSS;BABS;2023;5;4;",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert [figure[3] for figure in found.values()] == [88, 4] and rules == {"D0": "number_column"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("6303 Banjar", "6303"),
        ("6305 - Tapin", "6305"),
        ("Kotabaru (6302)", "6302"),
        ("63.08 HSU", "6308"),
        ("6372 Banjar", ""),
        ("Pemerintah Kabupaten Banjar", "6303"),
        ("Pemkab Tapin", "6305"),
        ("Pemko Banjarbaru", "6372"),
        ("Pemprov Kalimantan Selatan", "63"),
    ],
)
def test_names_with_a_code_or_of_a_government(tmp_path, name, code):
    found, rules, _ = read(written(tmp_path, [OF_YEAR, f"{name};88,1", "Balangan;77,1"]))
    assert found.get("B2", ("",))[0] == code and bool(rules) != bool(code)
