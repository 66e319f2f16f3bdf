"""Kinds of small inputs that went wrong once: each figure stands under its own region, indicator, year and unit, or
its cell is listed with a rule. Made-up figures; one table of cases per kind.
"""

import json
from datetime import date

import numpy as np
import pytest
import xlsxwriter

from pkp_analysis.data import readers
from pkp_analysis.data.clean import clean_file, read_raw
from pkp_analysis.data.readers import read_cells
from pkp_analysis.data.readers.indicator_rows import unread_rows
from pkp_analysis.data.readers.labels import value_like
from pkp_analysis.data.readers.sheet import Sheet
from pkp_analysis.data.refusals import MONTHS, _order
from pkp_analysis.data.resolve import MOST_SUGGESTIONS, resolve_regions
from pkp_analysis.errors import UnreadableFileError

from . import raw_files

SANITATION = "Persentase Rumah Tangga dengan Akses Sanitasi Layak (Persen)"
HEAD = "Kabupaten/Kota"
FOUR = ["Kab. Banjar", "Tapin", "Kotabaru", "Balangan"]
SAN, WATER, WASTE = "sanitasi_layak", "air_minum_layak", "timbulan_sampah_ton"


def csv(path, *lines, name="data.csv"):
    path = path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def book(path, *rows, name="data.xlsx", merged=(), formats=None):
    """A workbook of one sheet; a cell may be (value, format) and text with a raised part is a list."""
    path = path / name
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        raised = workbook.add_format({"font_script": 1})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, list):
                    sheet.write_rich_string(row, column, cell[0], raised, cell[1], workbook.add_format(), " ")
                elif isinstance(cell, tuple):
                    sheet.write(row, column, cell[0], workbook.add_format({"num_format": cell[1]}))
                elif isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, workbook.add_format({"num_format": "dd/mm/yyyy"}))
                else:
                    sheet.write(row, column, cell)
        for place in merged:
            first = [int(part) for part in place]
            sheet.merge_range(*first, rows[first[0]][first[1]])
    return path


def read(path, indicator="", year=""):
    cleaned = clean_file(path, {"source_id": "uji", "precedence": 10, "indicator": indicator, "year": year})
    counts = cleaned.counts
    assert counts["candidates"] == counts["observations"] + counts["rejected"] + counts["missing"]
    found = {
        f"{row.column}{row.row}": (row.region_code, row.indicator, row.year, row.value)
        for row in cleaned.observations.itertuples()
    }
    return found, {f"{row.column}{row.row}": row.rule for row in cleaned.issues.itertuples()}, cleaned


def written(path, lines):
    return csv(path, *lines) if isinstance(lines[0], str) else book(path, *lines)


def figures(found: dict) -> list:
    return sorted((code, value) for code, _, _, value in found.values())


# -- regions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        [f"{HEAD};2022;;{HEAD};2023", "Banjar;80,1;;Tapin;95,2", "Tapin;85,2;;Balangan;81,3"],
        [f"No;{HEAD};2022;;No;{HEAD};2023", "1;Banjar;80,1;;1;Tapin;95,2", "2;Tapin;85,2;;2;Balangan;81,3"],
        ["Daerah;2022;Daerah;2023", "Banjar;80,1;Tapin;95,2", "Tapin;85,2;Balangan;81,3"],
        [f"{HEAD};2022;;;2023", "Banjar;80,1;;Tapin;95,2", "Tapin;85,2;;Balangan;81,3"],
        ["Kabupaten;2022;Kota;2023", "Banjar;80,1;Tapin;95,2", "Tapin;85,2;Balangan;81,3"],
        ["Wilayah;2022;Selanjutnya;2023", "Banjar;80,1;Tapin;95,2", "Tapin;85,2;Balangan;81,3"],
        ["Wilayah;2022;Kabupaten/Kota;2023", "Banjar;80,1;Tapin;95,2", "Tapin;85,2;Balangan;81,3"],
        [f"{HEAD};2022;;No;;{HEAD};2023", "Banjar;80,1;;1;;Tapin;95,2", "Tapin;85,2;;2;;Balangan;81,3"],
    ],
)
def test_tables_side_by_side(tmp_path, lines):
    found, rules, _ = read(csv(tmp_path, SANITATION, *lines))
    assert sorted(found.values()) == [
        ("6303", SAN, 2022, 80.1),
        ("6305", SAN, 2022, 85.2),
        ("6305", SAN, 2023, 95.2),
        ("6311", SAN, 2023, 81.3),
    ]
    assert not rules


@pytest.mark.parametrize("numbers", ["", "No;"])
def test_codes_beside_names_in_tables_side_by_side(tmp_path, numbers):
    head = f"{numbers}Kode;{HEAD};2022;{numbers}Kode;{HEAD};2023"
    place = "1;" * bool(numbers)
    lines = [
        f"{place}3201;Bogor;80,1;{place}3271;Bogor;95,2",
        f"{place}3202;Sukabumi;85,2;{place}3272;Sukabumi;81,3",
    ]
    found, rules, _ = read(csv(tmp_path, SANITATION, head, *lines))
    assert sorted(found.values()) == [
        ("3201", SAN, 2022, 80.1), ("3202", SAN, 2022, 85.2), ("3271", SAN, 2023, 95.2), ("3272", SAN, 2023, 81.3)
    ]  # fmt: skip
    assert not rules


def test_side_by_side_with_blank_left_and_own_indicators(tmp_path):
    lines = [
        f"{HEAD};Sanitasi Layak 2023;;{HEAD};Air Minum Layak 2023",
        "Banjar;80,1;;Tapin;95,2",
        ";;;Banjar;81,3",
    ]
    found, _, _ = read(csv(tmp_path, *lines))
    assert set(found.values()) == {
        ("6303", SAN, 2023, 80.1),
        ("6305", WATER, 2023, 95.2),
        ("6303", WATER, 2023, 81.3),
    }


@pytest.mark.parametrize(
    "lines",
    [
        ["No,Kabupaten,Kota,2023", "1,Bogor,,80.1", "2,Cianjur,,75.2", "3,,Bogor,90.1", "4,,Sukabumi,85.2"],
        ["Kota,Kabupaten,2023", ",Bogor,80.1", ",Cianjur,75.2", "Bogor,,90.1", "Sukabumi,,85.2"],
        ["Kab.,Kota,2023", "Bogor,-,80.1", "Cianjur,-,75.2", "-,Kota Bogor,90.1", "-,Sukabumi,85.2"],
        [
            "Provinsi,Kabupaten,Kota,2023",
            "Jawa Barat,Bogor,,80.1",
            ",Cianjur,,75.2",
            ",,Bogor,90.1",
            ",,Sukabumi,85.2",
        ],
    ],
)
def test_kabupaten_and_kota_in_columns_of_their_own(tmp_path, lines):
    found, rules, _ = read(csv(tmp_path, SANITATION, *lines))
    assert figures(found) == [("3201", 80.1), ("3203", 75.2), ("3271", 90.1), ("3272", 85.2)] and not rules


def test_a_row_with_a_kabupaten_and_a_kota_says_not_which_the_figure_is_of(tmp_path):
    lines = ["Kabupaten,Kota,2023", "Cianjur,,75.2", "Banjar,Banjarbaru,80.1", ",,77.1"]
    found, rules, _ = read(csv(tmp_path, SANITATION, *lines))
    assert figures(found) == [("3203", 75.2)] and rules["C4"] == "region" and rules["C5"] == "region_missing"


@pytest.mark.parametrize(
    "names, codes",
    [
        (["Boalemo", "Gorontalo", "Pohuwato", "Kota Gorontalo"], ["7501", "7502", "7503", "7571"]),
        (
            ["Boalemo", "Gorontalo", "Pohuwato", "Kota Gorontalo", "Gorontalo"],
            ["7501", "7502", "7503", "7571", "75"],
        ),
        (
            ["Gorontalo", "Boalemo", "Gorontalo", "Pohuwato", "Kota Gorontalo"],
            ["75", "7501", "7502", "7503", "7571"],
        ),
        (
            ["Gorontalo", "Boalemo", "Pohuwato", "Kota Gorontalo", "Gorontalo"],
            ["", "7501", "7503", "7571", ""],
        ),
        (["Sambas", "Pontianak", "Kota Pontianak", "Ketapang"], ["6101", "6104", "6171", "6106"]),
        (["Kaur", "Seluma", "Bengkulu", "Bengkulu"], ["1704", "1705", "1771", "17"]),
        (["Kerinci", "Jambi", "Sarolangun"], ["1501", "", "1503"]),
        (["Boalemo", "Pohuwato", "Kota Gorontalo", "Gorontalo"], ["7501", "7503", "7571", ""]),
        (["Kerinci", "Sarolangun", "Kota Jambi", "Jambi"], ["1501", "1503", "1571", "15"]),
        (["Bantul", "Sleman", "Yogyakarta", "Yogyakarta"], ["3402", "3404", "3471", "34"]),
        (["Bantul", "Sleman", "Yogyakarta"], ["3402", "3404", "3471"]),
        (["Sambas", "Landak", "Pontianak", "Kota Pontianak"], ["6101", "6103", "6104", "6171"]),
        (["Sambas", "Mempawah", "Landak", "Pontianak"], ["6101", "6104", "6103", "6171"]),
        (["Kerinci", "Sarolangun", "Jambi"], ["1501", "1503", ""]),
        (["Gorontalo", "Boalemo", "Pohuwato"], ["", "7501", "7503"]),
        (["Solok", "Agam", "Pasaman"], ["", "1307", "1309"]),
    ],
)
@pytest.mark.parametrize("shape", ["cross", "long", "tidy"])
def test_a_name_of_several_regions_by_its_place_among_the_others(tmp_path, names, codes, shape):
    if shape == "cross":
        lines = [f"{HEAD};Sanitasi Layak 2023", *(f"{name};{60 + at},5" for at, name in enumerate(names))]
    else:
        value = "Nilai" if shape == "tidy" else "Sanitasi Layak"
        lines = [
            f"Tahun;{HEAD};{'Indikator;' * (shape == 'tidy')}{value}",
            *(
                f"{year};{name};{'Sanitasi layak;' * (shape == 'tidy')}{60 + at},5"
                for year in (2022, 2023)
                for at, name in enumerate(names)
            ),
        ]
    found, _, _ = read(csv(tmp_path, *lines))
    assert [(code, value) for code, _, year, value in found.values() if year == 2023] == [
        (code, 60.5 + at) for at, code in enumerate(codes) if code
    ]


def test_a_name_beside_its_city_in_a_list_of_the_country(tmp_path):
    lines = [
        f"Provinsi;{HEAD};Sanitasi Layak 2013",
        "Kalimantan Barat;Sambas;60,5", "Kalimantan Barat;Pontianak;61,5", "Kalimantan Barat;Kota Pontianak;62,5",
        "Gorontalo;Boalemo;63,5", "Gorontalo;Gorontalo;64,5",
        "Gorontalo;Pohuwato;65,5", "Gorontalo;Kota Gorontalo;66,5",
    ]  # fmt: skip
    found, _, _ = read(csv(tmp_path, *lines))
    assert [code for code, *_ in found.values()] == ["6101", "6104", "6171", "7501", "7502", "7503", "7571"]


def test_two_names_of_one_region_are_named(tmp_path):
    lines = [
        f"{HEAD};Sanitasi Layak 2023",
        "Sambas;60,5",
        "Mempawah;61,5",
        "Pontianak;62,5",
        "Kota Pontianak;63,5",
    ]
    _, rules, cleaned = read(csv(tmp_path, *lines))
    assert rules == {"B4": "duplicate_differs", "B5": "duplicate_differs"}
    assert cleaned.issues["message"].iloc[0].startswith("'Kota Pontianak' dan 'Pontianak' terbaca sebagai")
    assert "Kota" in cleaned.issues["suggestion"].iloc[0]


@pytest.mark.parametrize(
    ("rows", "layout"),
    [
        ([["38 Provinsi"], [None, "Sanitasi Layak (Persen)"], [None, 2022, 2023]], "bps_xlsx"),
        (
            [["38 Provinsi"], ["38 Provinsi", "Sanitasi Layak (Persen)"], ["38 Provinsi", 2022, 2023]],
            "bps_xlsx",
        ),
        ([["Daerah"], [None, "Sanitasi Layak (Persen)"], [None, 2022, 2023]], "bps_xlsx"),
        ([["Provinsi dan Kabupaten"], [None, "Sanitasi Layak (Persen)"], [None, 2022, 2023]], "bps_xlsx"),
        ([["Sanitasi Layak (Persen)"], [None, "Persen"], [None, 2022, 2023]], "agency_workbook"),
        (
            [["38 Provinsi", "Tabel 1"], [None, "Sanitasi Layak (Persen)"], [None, 2022, 2023]],
            "agency_workbook",
        ),
        ([["38 Provinsi"], ["Nama", "Sanitasi Layak (Persen)"], [None, 2022, 2023]], "agency_workbook"),
        ([["38 Provinsi"], [None, "Sanitasi Layak (Persen)"], ["Nama", 2022, 2023]], "agency_workbook"),
        ([["38 Provinsi"], [None, None], [None, "Sanitasi 2022", "Sanitasi 2023"]], "agency_workbook"),
    ],
)
def test_what_an_export_of_bps_looks_like(tmp_path, rows, layout):
    for more in ([], [["RIAU", 80.1, "-"]]):
        found, _, cleaned = read(book(tmp_path, *rows, ["ACEH", 77.5, 78.25], *more), indicator=SAN)
        assert cleaned.layout == layout and len(found) == 2 + len(more)


@pytest.mark.parametrize(
    ("lines", "panel"),
    [
        ([f"{HEAD};2022;2023", "Tapin;75,2;76"], True),
        ([f"{HEAD};2022", "Tapin;75,2"], False),
        ([f"{HEAD};Sanitasi Layak;Air Minum Layak", "Tapin;75,2;76"], False),
        (["Sanitasi Layak", f"{HEAD};2022;2023", "Tapin;75,2;76"], False),
        ([f"{HEAD};Sanitasi;Sanitasi", ";2022;2023", "Tapin;75,2;76"], False),
        ([f"{HEAD};2022;2023", "Tapin;75,2;-"], False),
        ([f"{HEAD};2022;2023", "Tapin;75,2;76", "Sumber: dinas;;"], False),
    ],
)
def test_a_panel_is_a_bare_table_of_years_without_a_sign_for_missing(tmp_path, lines, panel):
    cleaned = read(csv(tmp_path, *lines), SAN, 2023)[2]
    assert cleaned.layout == ("wide_panel" if panel else "csv_indonesia")


def test_a_column_of_capitals_is_no_second_table(tmp_path):
    lines = [
        f"{HEAD};Sanitasi Layak 2022;Ibu Kota;Sanitasi Layak 2023",
        "Banjar;80,1;Martapura;81",
        "Tapin;70,1;Tapin;72",
    ]
    found, _, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6303", 80.1), ("6303", 81), ("6305", 70.1), ("6305", 72)]


@pytest.mark.parametrize(
    "head",
    [HEAD, "Kab/Kota (BPS)", "Kabupaten/Kota se-Kalsel", "Daerah Tingkat II", "KABUPATEN/KOTA DI PROVINSI"],
)
@pytest.mark.parametrize(
    "second", ["Tabel 2. Persentase Air Minum Layak 2023", "Persentase Air Minum Layak 2023"]
)
def test_tables_below_each_other(tmp_path, head, second):
    rows = [
        ["Tabel 1. Persentase Sanitasi Layak 2023"], [head, "Persentase"], ["Banjar", 80.1], ["Tapin", 75.2], [],
        [second], [head, "Persentase"], ["Banjar", 60.1], ["Tabalong", 65.2], ["Kalimantan Selatan", 72.4],
    ]  # fmt: skip
    found, rules, _ = read(book(tmp_path, *rows))
    assert found["B3"] == ("6303", SAN, 2023, 80.1) and found["B4"] == ("6305", SAN, 2023, 75.2)
    assert [found[cell][:2] for cell in ("B8", "B9", "B10")] == [
        ("6303", WATER),
        ("6309", WATER),
        ("63", WATER),
    ]
    assert not rules


def test_a_table_of_something_else_below_is_not_taken_for_the_first(tmp_path):
    lines = [
        "Sanitasi Layak",
        f"{HEAD};2023",
        "Banjar;80,1",
        "",
        "Tabel 2. Angka Kemiskinan",
        f"{HEAD};2023",
        "Tapin;5,1",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6303", 80.1)] and rules == {"B7": "indicator"}


@pytest.mark.parametrize(
    "head", ["Kecamatan", "Nama Kecamatan", "Kecamatan/Puskesmas", "Desa/Kelurahan", "Distrik"]
)
def test_parts_of_a_regency_are_no_regency(tmp_path, head):
    found, rules, _ = read(
        csv(tmp_path, "Sanitasi layak 2023", f"{head};Sanitasi Layak", "Gianyar;80,1", "Ubud;81", "Tapin;82")
    )
    assert not found and set(rules.values()) == {"part_of_region"} and len(rules) == 3


def test_a_row_of_column_numbers_hides_no_header(tmp_path):
    found, rules, _ = read(csv(tmp_path, "Kecamatan;Sanitasi Layak 2023", "(1);(2)", "Tapin;80,1", "Ubud;81"))
    assert not found and set(rules.values()) == {"part_of_region"}


def test_the_total_of_a_kecamatan_table_is_the_regency_of_its_title(tmp_path):
    title = "Persentase Sanitasi Layak Menurut Kecamatan di Kabupaten Banjar, 2022"
    lines = [title, "Kecamatan;2022", "Martapura;81,1", "Banjar;60,4", "Kabupaten Banjar;70,2"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert found == {"B5": ("6303", SAN, 2022, 70.2)} and rules == {
        "B3": "part_of_region",
        "B4": "part_of_region",
    }


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (
            [
                "Provinsi;Kabupaten/Kota;Sanitasi Layak 2023",
                "Kalimantan Selatan;Banjar;80,1",
                "Kalimantan Selatan;;70,2",
            ],
            "region_missing",
        ),
        (
            [
                "Provinsi;Kabupaten/Kota;Sanitasi Layak 2023",
                "Kalimantan Selatan;Banjar;80,1",
                "Kalimantan Selatan;-;70,2",
            ],
            "region",
        ),
    ],
)
def test_a_blank_name_is_not_the_province(tmp_path, lines, rule):
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6303", 80.1)] and rules == {"C3": rule}


def test_a_total_left_of_the_names_is_one(tmp_path):
    found, rules, _ = read(
        csv(
            tmp_path,
            "No;Kabupaten/Kota;Sanitasi Layak 2023",
            "1;Banjar;80,1",
            "Kalimantan Selatan;;70,2",
            "Jumlah;;99",
        )
    )
    assert figures(found) == [("63", 70.2), ("6303", 80.1)] and rules == {"C4": "subtotal"}
    lines = ["1;Martapura;Banjar;80,1", "Kalimantan Selatan;Banjarbaru;;70,2", "Jumlah;semua;;99"]
    found, rules, _ = read(csv(tmp_path, f"No;Ibu kota;{HEAD};Sanitasi Layak 2023", *lines))
    assert figures(found) == [("63", 70.2), ("6303", 80.1)] and rules == {"D4": "subtotal"}


@pytest.mark.parametrize("head", ["Kode Kemendagri", "Kode Wilayah Kemendagri", "kemendagri_code"])
def test_kemendagri_codes_without_dots(tmp_path, head):
    found, _, _ = read(csv(tmp_path, f"{head};Sanitasi Layak 2023", "1101;80,1", "1103;70,3"))
    assert figures(found) == [("1103", 80.1), ("1105", 70.3)]


def test_a_kemendagri_code_tells_which_of_two(tmp_path):
    lines = ["1302;Solok;80,1", "1301;Pesisir Selatan;70,3"]
    found, rules, _ = read(csv(tmp_path, f"Kode Kemendagri;{HEAD};Sanitasi Layak 2023", *lines))
    assert figures(found) == [("1302", 70.3), ("1303", 80.1)] and not rules


def test_codes_go_before_the_order_of_names(tmp_path):
    lines = ["17;Bengkulu;60", "1704;Kaur;61", "1705;Seluma;62", "1771;Bengkulu;63"]
    found, rules, _ = read(csv(tmp_path, f"Kode;{HEAD};Sanitasi Layak 2023", *lines))
    assert figures(found) == [("17", 60), ("1704", 61), ("1705", 62), ("1771", 63)] and not rules


def test_one_city_of_each_province(tmp_path):
    lines = ["Jambi;Kota Jambi;80", "Aceh;Kota Banda Aceh;81", "Bali;Kota Denpasar;82"]
    found, rules, _ = read(csv(tmp_path, f"Provinsi;{HEAD};Sanitasi Layak 2023", *lines))
    assert figures(found) == [("1171", 81), ("1571", 80), ("5171", 82)] and not rules


def test_an_id_is_a_code_only_where_it_fits_the_names(tmp_path):
    rows = ["KERINCI", "MERANGIN", "SAROLANGUN"]
    number = [f"{1569 + place},{name},{70 + place}" for place, name in enumerate(rows)]
    found, rules, _ = read(csv(tmp_path, "id,nama_wilayah,sanitasi_layak 2022", *number))
    assert figures(found) == [("1501", 70), ("1502", 71), ("1503", 72)] and not rules
    coded = ["3203,Bogor,70", "3271,Kota Bogor,71", "6303,Banjar,72"]
    found, rules, _ = read(csv(tmp_path, "id,nama_wilayah,sanitasi_layak 2022", *coded[1:]))
    assert figures(found) == [("3271", 71), ("6303", 72)], "here the id tells which Banjar"
    beside = ["11,31,DKI JAKARTA,91", "12,32,JAWA BARAT,72"]
    found, rules, _ = read(csv(tmp_path, "id,kode_provinsi,nama_provinsi,sanitasi_layak 2022", *beside))
    assert figures(found) == [("31", 91), ("32", 72)] and not rules


def test_headers_with_the_prefix_of_bps(tmp_path):
    lines = [
        "bps_kode_provinsi;bps_nama_provinsi;tahun;persentase_sanitasi_layak",
        "15;Jambi;2022;78,1",
        "17;Bengkulu;2022;81,2",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("15", 78.1), ("17", 81.2)] and not rules


@pytest.mark.parametrize(
    ("province", "name", "code"),
    [
        ("Papua", "Nabire", "9404"),
        ("Papua Barat", "Raja Ampat", "9108"),
        ("Kalimantan Timur", "Nunukan", "6504"),
        ("Papua Tengah", "Nabire", "9404"),
    ],
)
def test_regencies_under_the_province_of_their_time(tmp_path, province, name, code):
    found, rules, _ = read(
        csv(tmp_path, "Tahun,Provinsi,Kabupaten/Kota,Sanitasi Layak (%)", f"2011,{province},Kab. {name},70")
    )
    assert [place[0] for place in found.values()] == [code] and not rules


def test_a_wrong_province_is_still_refused(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, "Tahun,Provinsi,Kabupaten/Kota,Sanitasi Layak (%)", "2021,Aceh,Kab. Nabire,70")
    )
    assert not found and rules == {"D2": "region"}


@pytest.mark.parametrize("name", ["Yogyakarta", "Jambi", "Bengkulu", "Gorontalo"])
def test_names_among_provinces_are_provinces(tmp_path, name):
    found, _, _ = read(
        csv(
            tmp_path,
            "Wilayah;Sanitasi Layak 2023",
            "Aceh;80",
            "Riau;81",
            f"{name};82",
            "Bali;83",
            "INDONESIA;80",
        )
    )
    assert {"Yogyakarta": "34", "Jambi": "15", "Bengkulu": "17", "Gorontalo": "75"}[name] in dict(
        figures(found)
    )


def test_names_among_the_regencies_of_their_province(tmp_path):
    lines = ["Sleman;80", "Bantul;81", "Yogyakarta;82", "Kulon Progo;83"]
    assert ("3471", 82) in figures(read(csv(tmp_path, f"{HEAD};Sanitasi Layak 2023", *lines))[0])
    lines = [
        "Jawa Barat,Bogor,80",
        "Jawa Barat,Kota Bogor,81",
        "Gorontalo,Gorontalo,82",
        "Gorontalo,Kota Gorontalo,83",
    ]
    found, _, _ = read(csv(tmp_path, f"Provinsi,{HEAD},Sanitasi Layak 2023", *lines))
    assert figures(found) == [("3201", 80), ("3271", 81), ("7502", 82), ("7571", 83)]


def test_one_sheet_settles_the_name_of_another(tmp_path):
    path = tmp_path / "dua.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in {
            "Sanitasi Layak": [[HEAD, 2022], ["Solok", 52.2], ["Kota Solok", 93.3]],
            "Air Minum Layak": [["Kode", HEAD, 2022], ["1303", "Solok", 62.2], ["1372", "Kota Solok", 94.4]],
        }.items():
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    found = read_raw(path)[0]
    assert ("1303", SAN) in set(zip(found["region_code"], found["indicator"]))


@pytest.mark.parametrize(
    "order", [("Kabupaten", "Kota"), ("Kota", "Kabupaten"), ("Kab.", "Kota"), ("A. Kab", "Kota")]
)
def test_headings_say_what_the_names_below_are(tmp_path, order):
    body = {"Kota": ["Bogor;90,1", "Sukabumi;85,2"]}
    body |= dict.fromkeys(("Kabupaten", "Kab.", "A. Kab"), ["Bogor;80,1", "Sukabumi;75,2"])
    lines = [line for kind in order for line in (f"{kind};", *body[kind])]
    for more in ("", ";;"):
        table = [f"{line}{more}" for line in (f"{HEAD};Sanitasi Layak", *lines, "Jawa Barat;81")]
        found, rules, _ = read(csv(tmp_path, "Sanitasi Layak 2023", *table))
        assert figures(found) == [
            ("32", 81), ("3201", 80.1), ("3202", 75.2), ("3271", 90.1), ("3272", 85.2)
        ]  # fmt: skip
        assert not rules


@pytest.mark.parametrize(
    ("lines", "publisher"),
    [
        (["Keterangan,", "-,"], "Badan Pusat Statistik (BPS)"),
        (["catatan lain,", "-,"], ""),
        (["Sumber: Dinas PUPR,"], "Dinas PUPR"),
        (['"SUMBER / SOURCE: Dinas PUPR', 'Kabupaten Banjar",'], "Dinas PUPR\nKabupaten Banjar"),
    ],
)
def test_who_published_a_table_cut_at_commas(tmp_path, lines, publisher):
    path = csv(tmp_path, f"{HEAD},Sanitasi Layak 2023", "Kab. Banjar,80.1", "Tapin,70.1", "", *lines)
    assert read_cells(path).publisher == publisher


@pytest.mark.parametrize(
    "title",
    [
        "Persentase Desa di Kalimantan Selatan yang SBS",
        "Capaian SBS Desa-Kota",
        "Desa SBS kecamatan dilayani",
    ],
)
def test_a_title_that_counts_villages_breaks_down_no_rows(tmp_path, title):
    _, rules, _ = read(
        csv(tmp_path, title, f"{HEAD};Capaian SBS (%) 2023", "Kab. Banjar;80", "Tapin;70", "Balangan;60")
    )
    assert not rules


def test_two_header_rows_alone_make_no_export_of_bps(tmp_path):
    path = book(
        tmp_path, ["Wilayah", ""], ["", "Sanitasi Layak 2023"], ["Kab. Banjar", 80.1], ["Tapin", 70.1]
    )
    assert read(path)[2].layout == "agency_workbook" and not read_cells(path).publisher


@pytest.mark.parametrize(
    "label", ["2) Tanah Lautt", "*Tanah Lautt", "e) Tanah Lautt", "Sumber Agung", "Keterangan Baru"]
)
def test_a_misspelt_row_is_an_issue_however_it_begins(tmp_path, label):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Sanitasi Layak 2023", "Banjar;80,1", f"{label};75,2", "Tapin;70,3")
    )
    assert figures(found) == [("6303", 80.1), ("6305", 70.3)] and rules == {"B3": "region"}


@pytest.mark.parametrize("heading", ["Perdesaan", "Laki-laki"])
@pytest.mark.parametrize("words", [[], ["Bagian timur;"]])
def test_headings_of_a_part_of_the_people(tmp_path, heading, words):
    lines = [
        "Sanitasi Layak",
        f"{HEAD};2023",
        f"{heading};",
        "Kab. Banjar;60",
        *words,
        "Tapin;61",
        "Perkotaan+Perdesaan;",
        "Tapin;71",
    ]
    found, rules, cleaned = read(csv(tmp_path, *lines))
    assert figures(found) == [("6305", 71)] and list(rules.values()) == ["subgroup"] * 2
    assert cleaned.issues["message"].str.contains(heading).all()


def test_the_names_below_a_heading_may_be_numbered(tmp_path):
    lines = [
        "I. Kabupaten;",
        "1. Tegal;70",
        "2. Pekalongan;80",
        "II. Kota;",
        "1. Tegal;91",
        "2. Pekalongan;90",
    ]
    found, rules, _ = read(csv(tmp_path, "Sanitasi Layak 2023", f"{HEAD};Nilai", *lines))
    assert figures(found) == [("3326", 80), ("3328", 70), ("3375", 90), ("3376", 91)] and not rules


@pytest.mark.parametrize("first", ["", "-"])
def test_a_blank_name_above_the_first_region_is_an_issue(tmp_path, first):
    lines = [
        f"Provinsi;{HEAD};Sanitasi Layak 2023",
        f"Kalimantan Selatan;{first};80",
        "Kalimantan Selatan;Tapin;60",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6305", 60)] and list(rules) == ["C2"]


@pytest.mark.parametrize(
    "title",
    [
        "Sanitasi Layak menurut Kecamatan di Kabupaten Kuningan, 2023",
        "Sanitasi Layak Kecamatan se-Kabupaten Kuningan 2023",
        "Sanitasi Layak setiap Kecamatan, Kabupaten Kuningan 2023",
    ],
)
def test_parts_of_a_regency_that_only_the_title_names_so(tmp_path, title):
    rows = [
        [title],
        ["Wilayah", "Persentase"],
        ["Kuningan", 80.1],
        ["Garut", 60.1],
        ["Kabupaten Kuningan", 66.6],
        ["Kota Cirebon", 50.5],
        ["Ciawigebang", 51.5],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [("3208", 66.6)]
    assert rules.pop("0", "other_words") == "other_words"
    assert rules == dict.fromkeys(("B3", "B4", "B6", "B7"), "part_of_region")


def test_regencies_that_are_half_of_the_rows_stand_under_a_title_of_parts(tmp_path):
    rows = [["Sanitasi Layak menurut Kecamatan 2023"], ["Wilayah", "Persentase"], ["Kab. Banjar", 80.1]]
    rows += [["Kab. Tapin", 60.1], ["Gambut", 66.6], ["Astambul", 50.5]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [("6303", 80.1), ("6305", 60.1)] and rules == {"B5": "region", "B6": "region"}


def test_parts_of_a_regency_none_of_which_is_called_like_a_region(tmp_path):
    lines = [
        "Sanitasi layak 2023",
        "Kecamatan;Sanitasi Layak",
        "Gambut;80,1",
        "Kertak Hanyar;81",
        "Sumber: Dinas;",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert not found and rules == {"B3": "part_of_region", "B4": "part_of_region"}


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["Kabupaten Pontianak", "Kota Pontianak"], ["6104", "6171"]),
        (["Kab. Pontianak", "Adm. Kepulauan Seribu"], ["3101", "6104"]),
    ],
)
def test_former_and_short_names(tmp_path, names, codes):
    found, _, _ = read(csv(tmp_path, f"{HEAD};Sanitasi Layak 2012", *(f"{name};70" for name in names)))
    assert sorted(code for code, *_ in found.values()) == codes


def test_a_namesake_in_the_province_of_its_time(tmp_path):
    lines = [f"Provinsi;{HEAD};Sanitasi Layak 2020", "Papua Barat;Sorong;70", "Papua Barat;Kota Sorong;80"]
    found, _, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("9107", 70), ("9171", 80)]


def test_names_with_numbers_and_marks_under_a_marked_header(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, "Kabupaten/Kota*;Sanitasi Layak 2023", "1. Banjar;80,1", "2. Tapin;70")
    )
    assert figures(found) == [("6303", 80.1), ("6305", 70)] and not rules


def test_counts_that_look_like_years_under_a_misspelt_name(tmp_path):
    lines = ["Banjar;2015", "Tanah Lautt;2021", "Tapin;2019"]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Jumlah Rumah Tangga 2023", *lines))
    assert figures(found) == [("6303", 2015), ("6305", 2019)] and rules == {"B3": "region"}


def test_merged_names_of_tables_side_by_side(tmp_path):
    head = [HEAD, "Tahun", "Sanitasi Layak"]
    rows = [
        [*head, *head],
        ["Kab. Banjar", 2022, 80.1, "Tapin", 2022, 70.1],
        [None, 2023, 81.1, None, 2023, 71.1],
    ]
    found, rules, _ = read(book(tmp_path, *rows, merged=["1020", "1323"]))
    assert sorted(found.values()) == [
        ("6303", SAN, 2022, 80.1), ("6303", SAN, 2023, 81.1), ("6305", SAN, 2022, 70.1), ("6305", SAN, 2023, 71.1)
    ]  # fmt: skip
    assert not rules


@pytest.mark.parametrize("head", ["Kecamatan", "Desa/Kelurahan"])
def test_parts_of_regions_beside_regencies_are_a_table_of_their_own(tmp_path, head):
    lines = [
        f"{HEAD};Sanitasi Layak 2023;;{head};Sanitasi Layak 2023",
        "Kab. Banjar;80,1;;Martapura;71",
        "Tapin;81;;Rantau;72",
    ]
    found, rules, cleaned = read(csv(tmp_path, *lines))
    assert found == {"B2": ("6303", SAN, 2023, 80.1), "B3": ("6305", SAN, 2023, 81)}
    assert rules == {"E2": "part_of_region", "E3": "part_of_region"}
    assert cleaned.issues["message"].str.contains("Martapura|Rantau").all()


def test_a_merged_year_ends_where_the_merged_cell_does(tmp_path):
    rows = [
        [SANITATION],
        [HEAD, "2022", "", "", ""],
        ["", "Target", "Realisasi", "Realisasi", "Keterangan"],
        ["Tapin", 90, 81, 83, ""],
    ]
    found, rules, _ = read(book(tmp_path, *rows, merged=["1112"]))
    assert found == {"C4": ("6305", SAN, 2022, 81)} and rules["D4"] == "year"


@pytest.mark.parametrize("head", ["Provinsi", "Kode", "No"])
def test_a_name_merged_across_the_column_left_of_the_names(tmp_path, head):
    left = {"Provinsi": "Kalimantan Selatan", "Kode": "6305", "No": 1}[head]
    rows = [[head, HEAD, "Sanitasi Layak 2023"], ["Kalimantan Selatan", None, 82.1], [left, "Tapin", 75.2]]
    found, rules, _ = read(book(tmp_path, *rows, merged=["1011"]))
    assert figures(found) == [("63", 82.1), ("6305", 75.2)] and not rules


def test_a_title_merged_downwards_speaks_for_all_columns(tmp_path):
    rows = [[None, "Sanitasi Layak"], [], [HEAD, 2022, 2023], ["Tapin", 80.1, 81.1]]
    found, _, _ = read(book(tmp_path, *rows, merged=["0111"]))
    assert list(found.values()) == [("6305", SAN, 2022, 80.1), ("6305", SAN, 2023, 81.1)]


@pytest.mark.parametrize(
    ("head", "rule", "count"), [("Kontak", "text_column", 1), ("Sanitasi Layak 2022", "unreadable", 4)]
)
def test_a_column_of_words_with_one_figure(tmp_path, head, rule, count):
    lines = [f"{name};{60 + at};{'dinas' if at else '55'}" for at, name in enumerate([*FOUR, "Tabalong"])]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Sanitasi Layak 2023;{head}", *lines))
    assert len(found) == 5 + (count == 4) and list(rules.values()) == [rule] * count


@pytest.mark.parametrize("head", ["Sanitasi Layak 2022", "Sanitasi Layak (%)", "Realisasi", "Sanitasi Layak"])
def test_an_empty_column_headed_as_figures_is_missing(tmp_path, head):
    lines = [f"{HEAD};Air Minum Layak 2023;{head}", "Banjar;80,1;", "Tapin;70,2;"]
    found, rules, cleaned = read(csv(tmp_path, *lines), year=2023)
    told = head != "Sanitasi Layak"
    assert figures(found) == [("6303", 80.1), ("6305", 70.2)]
    assert cleaned.counts["candidates"] == 2 + 2 * told
    assert rules == (dict.fromkeys(["C2", "C3"], "missing") if told else {"C1": "text_column"})


def test_a_header_of_two_rows_whose_upper_one_says_what_the_column_is(tmp_path):
    rows = [[HEAD, "Keterangan", "Sanitasi Layak"], ["nama", "dinas", 2023], ["Tapin", "baik", 80.1]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [("6305", 80.1)] and not rules


def test_rows_that_name_their_indicator_under_neutral_headers(tmp_path):
    lines = ["Tapin;Sanitasi Layak;80;81", "Tapin;Air Minum Layak;60;61"]
    found, rules, _ = read(csv(tmp_path, "Wilayah;Indikator;Persentase 2022;Persentase 2023", *lines))
    assert sorted(found.values()) == [
        ("6305", WATER, 2022, 60), ("6305", WATER, 2023, 61), ("6305", SAN, 2022, 80), ("6305", SAN, 2023, 81)
    ]  # fmt: skip
    assert not rules


@pytest.mark.parametrize(
    ("between", "later"),
    [(["Pemda", "Indeks Gini"], "indicator"), (["Keterangan: sementara", "Sumber: dinas"], "")],
)
def test_a_row_of_words_after_a_blank_one_starts_a_table_or_is_a_footnote(tmp_path, between, later):
    rows = [[HEAD, "Sanitasi Layak 2023"], ["Kab. Banjar", 80.1], [], between, ["Tapin", 5.1]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert ("6303", 80.1) in figures(found) and (("6305", 5.1) in figures(found)) == (not later)
    assert list(rules.values()) == [later] * bool(later)


# -- tables that lie across, and HTML -----------------------------------------------------------------------------


ACROSS = [["Tahun", "Kab. Banjar", "Tapin", "Kotabaru"], [2021, 80.1, 75.2, "-"], [2022, 81.1, 76.2, 71.3]]


@pytest.mark.parametrize(
    "above", [[], [[SANITATION]], [[SANITATION], [""]], [[SANITATION], ["", HEAD, "", ""]]]
)
def test_regions_across_the_top(tmp_path, above):
    top = len(above)
    found, rules, cleaned = read(book(tmp_path, *above, *ACROSS), indicator=SAN)
    assert found == {
        f"B{top + 2}": ("6303", SAN, 2021, 80.1),
        f"C{top + 2}": ("6305", SAN, 2021, 75.2),
        f"B{top + 3}": ("6303", SAN, 2022, 81.1),
        f"C{top + 3}": ("6305", SAN, 2022, 76.2),
        f"D{top + 3}": ("6302", SAN, 2022, 71.3),
    }
    assert rules == {f"D{top + 2}": "missing"} and cleaned.counts["candidates"] == 6


def test_indicators_down_the_side_and_regions_across(tmp_path):
    lines = [
        "Indikator;Satuan;Tahun;Banjar;Tapin;Kotabru",
        "Sanitasi Layak;%;2022;80,1;75,2;70,3",
        "Air Minum Layak;%;2023;0,81;0,76;0,71",
        "Indeks Desa;poin;2022;1;2;3",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert found == {"D2": ("6303", SAN, 2022, 80.1), "E2": ("6305", SAN, 2022, 75.2)}
    assert (rules["D3"], rules["F2"], rules["D4"]) == ("fraction", "region", "indicator")


def test_what_is_hidden_or_shown_as_per_cent_across(tmp_path):
    path = tmp_path / "data.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Sanitasi Layak")
        sheet.write_row(0, 0, ["Tahun", "Banjar", "Tapin"])
        sheet.write_row(1, 0, [2022, 0.801, 75.2])
        sheet.write(1, 1, 0.801, workbook.add_format({"num_format": "0.0%"}))
        sheet.set_column(2, 2, None, None, {"hidden": True})
    found, rules, _ = read(path)
    assert found == {"B2": ("6303", SAN, 2022, 80.1), "C2": ("6305", SAN, 2022, 75.2)}
    assert rules == {"C2": "hidden"}


HTML = """<table border=1><thead><tr><th rowspan=2>Kabupaten/Kota</th><th colspan=2>Air Minum Layak (Persen)</th></tr>
<tr><th>2022</th><th>2023</th></tr></thead><tr><td>Banjar<td>71,15<sup>1</sup><td>72,25</tr>
<tr><td>Tapin</td><td>-</td><td>81,2&nbsp;</td></tr><tr><td colspan=3>Sumber: BPS</td></tr></table>"""


@pytest.mark.parametrize(
    "page",
    [
        HTML,
        f"<!DOCTYPE html><html><head><style>td{{}}</style></head><body><p>1<br>{HTML}</body></html>",
        f"\ufeff<html xmlns:x='urn:x'><table><tr><td>{HTML}</td></tr></table>",
        f'<?xml version="1.0"?><html>{HTML}</html>',
    ],
)
def test_a_page_saved_as_a_workbook(tmp_path, page):
    found, rules, cleaned = read(csv(tmp_path, page, name="data.xls"))
    assert found == {
        "B3": ("6303", WATER, 2022, 71.15),
        "C3": ("6303", WATER, 2023, 72.25),
        "C4": ("6305", WATER, 2023, 81.2),
    }
    assert rules == {"B4": "missing"} and cleaned.counts["candidates"] == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [("<html><form>login</form></html>", "halaman HTML"), ("<?xml version='1.0'?><a/>", "XML")],
)
def test_markup_without_tables_is_refused(tmp_path, text, told):
    with pytest.raises(UnreadableFileError, match=told):
        read(csv(tmp_path, text, name="data.xls"))


def test_headings_of_years(tmp_path):
    lines = [
        "Sanitasi Layak 2021",
        f"{HEAD};Persentase",
        "Kab. Banjar;60",
        "Tapin;61",
        "Tahun 2022;",
        "Kab. Banjar;70",
        "Balangan;71",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert sorted((code, year) for code, _, year, _ in found.values()) == [
        ("6303", 2021), ("6303", 2022), ("6305", 2021), ("6311", 2022),
    ]  # fmt: skip
    assert {place[1] for place in found.values()} == {SAN} and not rules


@pytest.mark.parametrize("head", ["Sumber Air Minum Layak", "Status sanitasi layak"])
def test_figures_under_a_header_that_sounds_like_a_breakdown(tmp_path, head):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};{head};Kecamatan", "Kab. Banjar;60,5;20", "Tapin;61;12"), year=2023
    )
    assert [place[3] for place in found.values()] == [60.5, 61] and set(rules.values()) == {"indicator"}


def test_a_column_headed_unit_may_hold_the_figures(tmp_path):
    found, _, _ = read(csv(tmp_path, "Jumlah bank sampah 2023", f"{HEAD};Unit", "Kab. Banjar;60", "Tapin;61"))
    assert figures(found) == [("6303", 60), ("6305", 61)]


@pytest.mark.parametrize(
    "head", ["Desa belum SBS", "Desa dan kelurahan yang belum stop buang air besar sembarangan"]
)
def test_indicators_of_villages_are_no_column_of_villages(tmp_path, head):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};{head} 2023", "Kab. Banjar;60", "Tapin;61"))
    assert figures(found) == [("6303", 60), ("6305", 61)] and not rules


@pytest.mark.parametrize(
    ("head", "zones"),
    [("Daerah", ["Hulu", "Hilir", "Rawa", "Tapin"]), ("", ["Hulu", "Tapin", "Rawa", "Balangan"])],
)
def test_a_column_with_few_regions_is_no_second_table(tmp_path, head, zones):
    lines = [
        f"{name};{70 + place};{zone};{80 + place}" for place, (name, zone) in enumerate(zip(FOUR, zones))
    ]
    found, _, _ = read(csv(tmp_path, f"{HEAD};Sanitasi Layak 2022;{head};Sanitasi Layak 2023", *lines))
    assert [place[0] for place in found.values()] == ["6303", "6305", "6302", "6311"] * 2


@pytest.mark.parametrize("head", ["Provinsi", "Wilayah"])
def test_a_regency_named_beside_a_province_starts_no_table(tmp_path, head):
    lines = [f"{head};Sanitasi Layak 2023;Kabupaten terbaik;Air Minum Layak 2023"]
    lines += ["Aceh;80;Kota Banda Aceh;90", "Bali;85;Kota Denpasar;95"]
    found, _, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("11", 80), ("11", 90), ("51", 85), ("51", 95)]


def test_figures_left_of_their_region(tmp_path):
    lines = ["45;Kab. Banjar", "57;Tapin"]
    found, _, _ = read(csv(tmp_path, f"Bank sampah 2023;{HEAD}", *lines))
    assert figures(found) == [("6303", 45), ("6305", 57)]


def test_a_column_of_zones_is_no_second_table(tmp_path):
    lines = [
        f"{HEAD};Sanitasi Layak 2022;Wilayah;Sanitasi Layak 2023",
        "Kab. Banjar;80,1;Zona I;81",
        "Tapin;70;Zona II;71",
    ]
    found, _, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6303", 80.1), ("6303", 81), ("6305", 70), ("6305", 71)]


def test_a_table_below_with_its_names_in_another_column(tmp_path):
    lines = ["Sanitasi Layak", f"{HEAD};2023;", "Kab. Banjar;80,1;", "Tapin;70;", ";;", "Air Minum Layak;;"]
    found, rules, _ = read(csv(tmp_path, *lines, f"No;{HEAD};2023", "1;Balangan;60", "2;Tabalong;61"))
    assert set(found.values()) == {
        ("6303", SAN, 2023, 80.1), ("6305", SAN, 2023, 70), ("6311", WATER, 2023, 60), ("6309", WATER, 2023, 61),
    }  # fmt: skip
    assert not rules


def test_figures_outside_every_table_are_told(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Sanitasi Layak 2023", "Kab. Banjar;80,1", "", f"{HEAD};Indeks", "Sektor A;7,5")
    )
    assert figures(found) == [("6303", 80.1)] and "unread_table" in rules.values()
    lines = [
        f"{HEAD};Sanitasi Layak 2023",
        "Kab. Banjar;80,1",
        "",
        f"{HEAD};Indeks",
        "Sektor A;7,5",
        "Sektor B;8,5",
    ]
    for count, others in ((5, ""), (6, " dan 1 baris lain")):
        told = read(csv(tmp_path, *lines[:count]))[2].issues
        assert told.loc[told["rule"] == "unread_table", ["row", "message"]].values.tolist() == [
            [5, f"Baris ini{others} berisi angka di luar tabel wilayah, jadi tidak dibaca."]
        ]


# -- first rows, merged cells, years -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "rule"),
    [
        ("TAD", "missing"),
        ("belum dihitung", "unreadable"),
        ("sekitar 90", "inexact"),
        ("", "missing"),
        (True, "unreadable"),
        (date(2019, 5, 12), "date"),
        ("x", "missing"),
    ],
)
def test_the_first_row_counts_whatever_it_holds(tmp_path, first, rule):
    rows = [[SANITATION], [HEAD, "Persentase"], ["Kab. Banjar", first], ["Tapin", 77.1], ["Kotabaru", 70.2]]
    found, rules, _ = read(book(tmp_path, *rows), year=2023)
    assert figures(found) == [("6302", 70.2), ("6305", 77.1)] and rules == {"B3": rule}
    assert {place[2] for place in found.values()} == {2023}


def test_a_remark_in_brackets_is_a_status(tmp_path):
    found, rules, cleaned = read(
        csv(tmp_path, f"{HEAD};Sanitasi Layak 2023", "Banjar;88,28 (sementara)", "Tapin;77,1")
    )
    assert figures(found) == [("6303", 88.28), ("6305", 77.1)]
    assert cleaned.observations.set_index("region_code").at["6303", "status"] == "provisional"


def test_merged_year_and_region_hold_for_every_row_they_span(tmp_path):
    rows = [
        ["Laporan Tahun 2024"],
        ["Tahun", HEAD, "Sanitasi Layak (%)"],
        [2021, "Kab. Banjar", 80.1],
        [None, "Tapin", 75.2],
        [2022, "Tapin", 76.2],
    ]
    found, rules, _ = read(book(tmp_path, *rows, merged=["2030"]))
    assert sorted(found.values()) == [
        ("6303", SAN, 2021, 80.1),
        ("6305", SAN, 2021, 75.2),
        ("6305", SAN, 2022, 76.2),
    ]
    rows = [[HEAD, "Tahun", "Indikator", "Nilai"], ["Kab. Banjar", 2021, SAN, 80.1], [None, 2022, SAN, 75.2]]
    found, rules, _ = read(book(tmp_path, *rows, merged=["1020"]))
    assert sorted(found.values()) == [("6303", SAN, 2021, 80.1), ("6303", SAN, 2022, 75.2)]


def test_a_blank_year_is_never_that_of_the_title(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, "Rekap 2024", f"Tahun;{HEAD};Sanitasi Layak (%)", "2021;Banjar;80,1", ";Tapin;75,2")
    )
    assert figures(found) == [("6303", 80.1)] and rules == {"C4": "year"}


@pytest.mark.parametrize(
    "line",
    [
        "Kalimantan Selatan Dalam Angka 2024",
        "Diunduh 12 Januari 2024",
        "SK Bupati Nomor 12 Tahun 2024",
        "Dicetak tanggal 5 Mei 2024",
        "Peraturan Daerah Tahun 2024",
        "Access Time: March 6, 2024",
        "Profil Kesehatan 2024",
        "PROFIL KESEHATAN PROVINSI KALIMANTAN SELATAN TAHUN 2024",
        "Statistik Daerah Kabupaten Banjar 2024",
        "Laporan Kinerja Dinas PUPR 2024",
        "Health Profile 2024",
        "Lampiran RKPD 2024",
    ],
)
def test_a_year_of_publication_is_not_the_year_of_the_figures(tmp_path, line):
    path = csv(tmp_path, line, SANITATION, f"{HEAD};Sanitasi Layak (%)", "Kab. Banjar;80,1", "Tapin;75,2")
    found, rules, _ = read(path)
    assert not found and set(rules.values()) == {"year"}
    assert len(read(path, year=2023)[0]) == 2


@pytest.mark.parametrize("line", ["Laporan Akses Sanitasi Layak 2023", "Statistik Sanitasi Layak Tahun 2023"])
def test_a_publication_that_names_the_figures_states_their_year(tmp_path, line):
    found, _, _ = read(csv(tmp_path, line, f"{HEAD};Persentase", "Kab. Banjar;80,1", "Tapin;75,2"))
    assert sorted(found.values()) == [("6303", SAN, 2023, 80.1), ("6305", SAN, 2023, 75.2)]


def test_a_year_that_has_not_come_is_refused(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Sanitasi Layak 2042;Sanitasi Layak 2023", "Kab. Banjar;80,1;81")
    )
    assert figures(found) == [("6303", 81)] and rules == {"B2": "year"}


def test_indicator_and_year_from_the_name_of_the_file_are_said(tmp_path):
    path = csv(
        tmp_path, "Kabupaten Kota;2019;2020", "Kab. Banjar;80,1;81", name="Akses Sanitasi Layak (1).csv"
    )
    found, rules, cleaned = read(path)
    assert [place[1] for place in found.values()] == [SAN, SAN] and rules == {"0": "proposed"}
    assert "nama file" in cleaned.issues["message"].iloc[0]
    found, rules, cleaned = read(csv(tmp_path, f"{HEAD};Sanitasi Layak", "Tapin;80,1", name="rekap_2022.csv"))
    assert found["B2"][2] == 2022 and "Tahun 2022 diambil dari nama file" in cleaned.issues["message"].iloc[0]
    assert not read(
        csv(tmp_path, f"{HEAD};Sanitasi Layak", "Tapin;80,1", name="kalsel dalam angka 2022.csv")
    )[0]
    for name, code in {
        "sanitasi_jabar": SAN, "tabel-air-minum-kabkota-2020": WATER, "sanitasi_buruk": None, "Kemiskinan": None
    }.items():  # fmt: skip
        found, rules, _ = read(csv(tmp_path, f"{HEAD};2020", "Tapin;80,1", name=f"{name}.csv"))
        assert [place[1] for place in found.values()] == [code] * (code is not None)
        assert rules["0" if code else "B2"] == ("proposed" if code else "indicator")
    assert not read(
        csv(tmp_path, "Angka Kemiskinan;", f"{HEAD};2022", "Tapin;8,1", name="sanitasi layak.csv")
    )[0]


def test_indicator_and_publisher_from_the_address_below_a_table_of_bps(tmp_path):
    url = "Source Url: https://sumut.bps.go.id/indicator/29/1/1/persentase-rumah-tangga-dengan-sanitasi-layak.html"
    found, rules, cleaned = read(csv(tmp_path, "Kabupaten Kota;2019", "Kab. Banjar;80,1", "", url))
    assert found == {"B2": ("6303", SAN, 2019, 80.1)} and cleaned.layout == "bps_csv"


# -- meaning --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["m3", "GWh", "liter/detik", "TON PER HARI", "jiwa", "sambungan rumah"])
def test_a_unit_nobody_knows_is_not_no_unit(tmp_path, unit):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Timbulan Sampah 2022 ({unit})", "Kab. Banjar;480", "Tapin;250")
    )
    assert not found and set(rules.values()) == {"unit"}


@pytest.mark.parametrize(
    "head", ["Timbulan Sampah, m3 2022", "Timbulan Sampah m3", "Timbulan Sampah: kubik 2022"]
)
def test_a_unit_without_brackets(tmp_path, head):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};{head}", "Kab. Banjar;480", "Tapin;250"), year=2022)
    assert not found and set(rules.values()) == {"unit"}


@pytest.mark.parametrize("unit", ["ribu", "ribuan", "dalam ribu", "ribu jiwa", "Dalam Ribuan"])
def test_thousands_that_are_stated(tmp_path, unit):
    found, _, _ = read(
        csv(tmp_path, f"{HEAD};Jumlah Penduduk ({unit}) 2022", "Kab. Banjar;545,5", "Tapin;188,2")
    )
    assert figures(found) == [("6303", 545500), ("6305", 188200)]


@pytest.mark.parametrize("words", ["SL", "Susenas", "angka sementara", "BPS", "2022"])
def test_other_words_in_brackets_are_no_unit(tmp_path, words):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Sanitasi Layak ({words}) 2022", "Kab. Banjar;48"))
    assert figures(found) == [("6303", 48)] and not rules


@pytest.mark.parametrize(("unit", "value"), [("km2", 150), ("ha", 1.5), ("m2", 0.00015)])
def test_areas_come_in_hectares(tmp_path, unit, value):
    found, _, _ = read(csv(tmp_path, f"{HEAD};Luas Kawasan Kumuh ({unit}) 2022", "Kab. Banjar;1,5"))
    assert figures(found) == [("6303", value)]


@pytest.mark.parametrize(
    "head",
    [
        "Jumlah Rumah Tangga dengan Sanitasi Layak",
        "Jumlah KK dengan Sanitasi Layak",
        "Banyaknya penduduk dengan air minum layak",
        "KK dengan Sanitasi Layak",
        "Jumlah KK BABS di tempat terbuka",
        "Jml RT Sanitasi Layak",
        "Banyak KK dengan Sanitasi Layak",
        "Total penduduk dengan air minum layak",
    ],
)
def test_counts_are_never_per_cent(tmp_path, head):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};{head} 2023", "Kab. Banjar;45.073", "Tapin;57", "Kotabaru;61")
    )
    assert not found and set(rules.values()) == {"unit"}


def test_a_count_in_the_title(tmp_path):
    lines = [
        "Jumlah Rumah Tangga dengan Sanitasi Layak menurut Kabupaten/Kota",
        f"{HEAD};2023",
        "Kab. Banjar;45.073",
    ]
    assert read(csv(tmp_path, *lines))[1] == {"B3": "unit"}


@pytest.mark.parametrize(
    "twin", ["Persentase Penanganan Sampah", "Penanganan Sampah (%)", "% Penanganan Sampah"]
)
def test_the_twin_of_a_percentage_however_it_is_said(tmp_path, twin):
    found, _, _ = read(csv(tmp_path, f"{HEAD};Penanganan Sampah;{twin}", "Kab. Banjar;80,5;8,05"), year=2023)
    assert set(found.values()) == {
        ("6303", "penanganan_sampah_ton", 2023, 80.5),
        ("6303", "penanganan_sampah", 2023, 8.05),
    }


def test_the_twin_of_a_percentage_is_the_amount(tmp_path):
    head = f"Tahun,Provinsi,{HEAD},Pengurangan Sampah Tahunan,%Pengurangan Sampah Tahunan"
    found, _, _ = read(
        csv(tmp_path, head, "2021,Aceh,Kab. Aceh Barat,2000,5.46", "2021,Aceh,Kab. Gayo Lues,42.5,")
    )
    assert set(found.values()) == {
        ("1107", "pengurangan_sampah_ton", 2021, 2000),
        ("1113", "pengurangan_sampah_ton", 2021, 42.5),
        ("1107", "pengurangan_sampah", 2021, 5.46),
    }


def test_a_column_mostly_above_100_is_no_percentage(tmp_path):
    lines = ["Kab. Banjar;2000", "Tapin;42", "Kotabaru;350", "Balangan;1200"]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Pengurangan Sampah 2023", *lines))
    assert not found and rules["B3"] == "unit"
    lines[0] = "Kab. Banjar;100,1"
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Pengurangan Sampah 2023", lines[0], "Tapin;42", "Kotabaru;35", "Balangan;12")
    )
    assert len(found) == 3 and rules == {"B2": "range"}, "one odd value leaves the others alone"


@pytest.mark.parametrize(
    ("odd", "stands"), [("81,13", True), ("1,2", False), ("1,003", False), ("95,4%", True)]
)
def test_fractions_are_seen_whatever_one_cell_says(tmp_path, odd, stands):
    lines = [
        f"{HEAD};Sanitasi Layak 2023",
        "Tanah Laut;0,77",
        "Kotabaru;0,85",
        "Kab. Banjar;0,88",
        "Tapin;0,66",
        f"Balangan;{odd}",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert list(found) == (["B6"] if stands else [])
    assert [rules[f"B{row}"] for row in range(2, 6)] == ["fraction"] * 4


def test_a_few_ones_among_shares_of_waste_are_warned_of(tmp_path):
    lines = [f"{name};{value}" for name, value in zip(FOUR, [1, 1, 45, 1])]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Penanganan Sampah (%) 2023", *lines))
    assert len(found) == 4 and rules == dict.fromkeys(("B2", "B3", "B5"), "lone_fraction")


def test_small_shares_that_should_fall_are_warned_of(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};BABS terbuka 2023", "Tapin;0,45", "Kotabaru;0,8", "Balangan;0,33")
    )
    assert len(found) == 3 and set(rules.values()) == {"lone_fraction"}


def test_small_counts_and_zeros_are_not_doubted(tmp_path):
    lines = [f"{name};1" for name in FOUR]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};TPS3R 2023", *lines))
    assert len(found) == 4 and not rules
    lines = [f"{name};{value}" for name, value in zip(FOUR, ("0,4", "0", "0,8", "1"))]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};BABS terbuka 2023", *lines))
    assert len(found) == 4 and rules == dict.fromkeys(("B2", "B4", "B5"), "lone_fraction")


@pytest.mark.parametrize(
    ("code", "value"),
    [('0.00"%"', 0.45), ("0.00\\%", 0.45), ("0;-0;0%", 0.45), ("0.00%", 45), ("0%", 45), ("[Red]0.0%", 45)],
)
def test_what_a_format_shows_as_per_cent(tmp_path, code, value):
    found, _, _ = read(
        book(tmp_path, [HEAD, "BABS terbuka 2023"], ["Tapin", (0.45, code)], ["Kotabaru", (0.45, code)])
    )
    assert figures(found) == [("6302", value), ("6305", value)]


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [("88,28", "1", 88.28), ("45", "1", 45), ("8,2", "3", 8.2), ("88.28", "2)", 88.28)],
)
def test_a_raised_digit_is_a_footnote(tmp_path, text, mark, value):
    rows = [
        [HEAD, "Sanitasi Layak 2023"],
        ["Kab. Banjar", [text, mark]],
        [["Tapin", "2"], 80.1],
        ["Balangan", 77],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [("6303", value), ("6305", 80.1), ("6311", 77)] and not rules


def test_a_raised_digit_in_a_text_of_its_own_cell(tmp_path):
    """As written by tools that keep no table of texts."""
    with xlsxwriter.Workbook(tmp_path / "data.xlsx", {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        raised = workbook.add_format({"font_script": 1})
        sheet.write_row(0, 0, [HEAD, "Sanitasi Layak 2023"])
        sheet.write_row(1, 0, ["Kab. Banjar"])
        sheet.write_rich_string(1, 1, "88,28", raised, "1")
    assert figures(read(tmp_path / "data.xlsx")[0]) == [("6303", 88.28)]


@pytest.mark.parametrize(
    ("head", "cells", "standing"),
    [
        ("Jumlah Rumah Tangga", [145.073, 198.12, 101.905], 0),
        ("Bank sampah (unit)", [1.234, 57, 101], 2),
        ("TPS3R", [1.5, 3, 4], 2),
        ("Backlog perumahan", [12.5, 8.75, 9125], 0),
    ],
)
def test_counts_are_whole(tmp_path, head, cells, standing):
    names = ["Kab. Banjar", "Tapin", "Kotabaru"]
    found, rules, _ = read(book(tmp_path, [HEAD, f"{head} 2023"], *map(list, zip(names, cells))))
    assert len(found) == standing and set(rules.values()) == {"whole_number"}


@pytest.mark.parametrize("last", ["7,250.5", "12.75", "98.1"])
def test_one_cell_does_not_turn_the_decimal_style(tmp_path, last):
    lines = ["Kab. Banjar;45.073", "Tapin;12.500", f"Kotabaru;{last}"]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Timbulan Sampah 2023 (ton/tahun)", *lines))
    noted = {} if last == "7,250.5" else {"B4": "small_amount"}
    assert list(found) == ["B4"] and rules == {"B2": "ambiguous_number", "B3": "ambiguous_number"} | noted


def test_counts_above_100_need_no_unit(tmp_path):
    lines = [f"{name};{value}" for name, value in zip(FOUR, (120, 350, 101, 4))]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Bank Sampah 2023", *lines))
    assert sorted(value for _, value in figures(found)) == [4, 101, 120, 350] and not rules


def test_a_decimal_comma_in_a_file_cut_at_commas(tmp_path):
    found, rules, _ = read(
        csv(
            tmp_path,
            f"{HEAD},Sanitasi Layak 2021,Sanitasi Layak 2022",
            "Tapin,85,20,88,28",
            "Kotabaru,75.1,76.2",
        )
    )
    assert figures(found) == [("6302", 75.1), ("6302", 76.2), ("6305", 85.2), ("6305", 88.28)] and not rules
    found, rules, _ = read(
        csv(
            tmp_path,
            f"{HEAD},Sanitasi Layak 2021,Sanitasi Layak 2022",
            "Tapin,85,88,28",
            "Kotabaru,75.1,76.2",
        )
    )
    assert figures(found) == [("6302", 75.1), ("6302", 76.2)] and {
        rules[cell] for cell in ("B2", "C2", "D2")
    } == {"columns"}


@pytest.mark.parametrize(
    ("head", "values", "rule"),
    [
        ("jenis_kelamin", ["LAKI-LAKI", "PEREMPUAN"], "subgroup"),
        ("status_jamban", ["Tidak ada", "Sendiri"], "subgroup"),
        ("Klasifikasi", ["Perkotaan", "Perdesaan"], "subgroup"),
        ("bentuk", ["merah", "biru"], "subgroup"),
    ],
)
def test_a_column_that_splits_the_rows_is_named(tmp_path, head, values, rule):
    lines = [
        f"{name},{value},17000{place},2020"
        for name in ("Kab. Banjar", "Tapin")
        for place, value in enumerate(values)
    ]
    found, rules, cleaned = read(csv(tmp_path, f"{HEAD},{head},jumlah_penduduk,tahun", *lines))
    assert not found and [found for found in rules.values() if found == rule] == [rule] * 4
    assert head in cleaned.issues["message"].iloc[0]
    whole = [*lines, "Kab. Banjar,Total,340000,2020"]
    found, _, _ = read(csv(tmp_path, f"{HEAD},{head},jumlah_penduduk,tahun", *whole))
    assert figures(found) == [("6303", 340000)]


def test_one_row_each_of_a_part_is_still_a_part(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, "nama_provinsi,status_jamban,jumlah_rumah_tangga,tahun", "BALI,Tidak ada,45000,2015")
    )
    assert not found and rules == {"C2": "subgroup"}


def test_a_column_of_kinds_or_groups_splits_nothing(tmp_path):
    lines = ["Kab. Banjar,P 1,70.5,2020", "Tapin,P 2,71.5,2020", "Kotabaru,P 1,72.5,2020"]
    assert len(read(csv(tmp_path, f"{HEAD},P1/P2,sanitasi_layak,tahun", *lines))[0]) == 3


@pytest.mark.parametrize(
    ("head", "place", "code"),
    [("provinsi", "Aceh", "11"), ("kode", "6305", "6305"), ("wilayah", "Tapin", "6305")],
)
def test_tidy_tables_name_their_region_by_one_column(tmp_path, head, place, code):
    found, _, _ = read(csv(tmp_path, f"{head};indikator;tahun;nilai", f"{place};Sanitasi Layak;2023;80"))
    assert found == {"D2": (code, SAN, 2023, 80)}


def test_the_last_semester_of_a_year_stands_for_a_stock_and_none_for_a_flow(tmp_path):
    lines = [
        "2021,1,KALIMANTAN SELATAN,Banjar,565000",
        "2021,2,KALIMANTAN SELATAN,KAB. BANJAR,570000",
        "2022,1,KALIMANTAN SELATAN,Banjar,575000",
    ]
    found, rules, cleaned = read(csv(tmp_path, "tahun,semester,prov,kabkot,jumlah_penduduk", *lines))
    assert sorted(found.values()) == [
        ("6303", "penduduk_jiwa", 2021, 570000),
        ("6303", "penduduk_jiwa", 2022, 575000),
    ]
    assert rules == {"E2": "period"} and cleaned.observations["note"].str.contains("semester").all()
    found, rules, _ = read(csv(tmp_path, "tahun,semester,prov,kabkot,timbulan sampah (ton)", lines[0]))
    assert not found and rules == {"E2": "period"}


def test_the_order_of_parts_of_a_year():
    assert _order("triwulan IV") > _order("triwulan III") and _order("bulan Desember") > _order(
        "bulan Agustus"
    )
    assert _order("semester 2") > _order("semester 1") and len(MONTHS) == 12


def test_columns_of_a_part_of_the_year_are_none_of_the_year(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, SANITATION, f"{HEAD};Februari;Agustus;Tahunan", "Kab. Banjar;70;71;72"), year=2023
    )
    assert found == {"D3": ("6303", SAN, 2023, 72)} and rules == {"B3": "period", "C3": "period"}


@pytest.mark.parametrize(
    "parts", [("Maret", "September"), ("semester 1", "semester 2"), ("Triwulan I", "Triwulan IV")]
)
def test_of_columns_of_parts_of_a_year_the_last_stands(tmp_path, parts):
    heads = ";".join(f"Sanitasi Layak {part} 2023" for part in parts)
    found, rules, cleaned = read(csv(tmp_path, f"{HEAD};{heads}", "Kab. Banjar;70;72"))
    doubted = {"C2": "part_of_year"} if parts[1] == "September" else {}
    assert found == {"C2": ("6303", SAN, 2023, 72)} and rules == {"B2": "period"} | doubted
    assert parts[1] in cleaned.observations["note"].iloc[0]


def test_a_semester_is_no_year_of_a_flow(tmp_path):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Timbulan Sampah Semester 1 2023 (ton)", "Kab. Banjar;70"))
    assert not found and rules == {"B2": "period"}


@pytest.mark.parametrize(
    ("title", "head", "code"),
    [(SANITATION, "Sanitasi", SAN), ("Akses Air Minum Layak (Persen)", "Air minum", WATER)],
)
def test_a_header_in_the_words_of_its_title(tmp_path, title, head, code):
    lines = [f"{title} 2023", f"{HEAD};{head};Kemiskinan", "Kab. Banjar;70;7"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert found == {"B3": ("6303", code, 2023, 70)} and rules == {"C3": "indicator"}


def test_given_indicator_fills_only_what_the_file_leaves_open(tmp_path):
    for other in ("RSE", "Galat baku", "Klasemen", "Skor IDM", "Perubahan", "Target"):
        path = csv(tmp_path, f"{HEAD};Persentase;{other}", "Kab. Banjar;80,1;3,2", "Tapin;...;4,1")
        found, rules, _ = read(path, indicator=SAN, year=2023)
        assert figures(found) == [("6303", 80.1)] and rules["B3"] == "missing", other
    found, _, _ = read(
        csv(tmp_path, "Penerima layanan 2023", f"{HEAD};Laki-laki;Perempuan", "Tapin;60;61"), SAN
    )
    assert not found
    found, _, _ = read(csv(tmp_path, f"{HEAD};Perkotaan;Perdesaan", "Tapin;60;61"), WATER, 2023)
    assert {place[1] for place in found.values()} == {
        "air_minum_layak_perkotaan",
        "air_minum_layak_perdesaan",
    }


def test_one_unknown_column_taken_for_the_given_indicator_is_said(tmp_path):
    lines = [f"{HEAD};Hotel", "Kab. Banjar;80,1", "Tapin;81"]
    found, _, cleaned = read(csv(tmp_path, *lines), SAN, 2023)
    assert figures(found) == [("6303", 80.1), ("6305", 81)]
    told = cleaned.issues[cleaned.issues["rule"] == "unknown_header"]
    assert len(told) == 1 and "'Hotel'" in told["message"].iloc[0] and SAN in told["message"].iloc[0]
    told = read(csv(tmp_path, f"{HEAD};Persentase", "Kab. Banjar;80,1"), SAN, 2023)[2].issues
    assert "unknown_header" not in set(told["rule"])


OTHER_THINGS = [
    "Rumah Tangga yg Tdk Memiliki Akses Sanitasi Layak (%)",
    "RT blm Akses Sanitasi Layak",
    "Households without improved sanitation",
    "Open Defecation Free",
    "KK Stop BABS",
    "Bebas Buang Air Besar Sembarangan",
    "Luas Kawasan Kumuh yang Ditata (ha)",
    "Jumlah Nasabah Bank Sampah",
    "Kapasitas TPS3R",
    "Jumlah TPS3R Rusak (unit)",
    "Jumlah Armada Penanganan Sampah",
    "Bantuan Rumah Layak Huni",
    "Kepuasan Penanganan Sampah",
    "Realisasi Fisik Penanganan Sampah",
    "Sanitasi Layak Naik/Turun",
    "Persentase Desa dengan Air Minum Layak",
    "Pasar dengan Sanitasi Layak",
    "Sanitasi Layak Komunal",
    "Timbulan Sampah Plastik (ton/tahun)",
    "Timbulan Sampah Rumah Tangga (ton/tahun)",
    "Jumlah Penduduk Kota",
    "Jumlah Penduduk Kabupaten yang Terlayani Air Minum",
]


@pytest.mark.parametrize("head", OTHER_THINGS)
def test_a_word_beside_the_name_makes_it_another_thing(tmp_path, head):
    found, rules, cleaned = read(csv(tmp_path, f"{HEAD};{head}", "Kab. Banjar;45", "Tapin;12"), year=2023)
    assert not found and set(rules.values()) <= {"indicator", "subgroup", "unit", "whole_number"}
    lines = [f"{head} 2023", f"{HEAD};Persentase", "Kab. Banjar;45", "Tapin;12"]
    found, rules, _ = read(csv(tmp_path, *lines))  # a title is long: its words are said
    assert not found or "other_words" in rules.values()


@pytest.mark.parametrize(
    "title",
    [
        "Persentase Rumah Tangga yang Memiliki Akses Terhadap Layanan Sanitasi Layak dan Berkelanjutan",
        "Sanitasi Layak di Provinsi Kalimantan Selatan, Susenas Maret",
        "Cakupan Akses Sanitasi Layak menurut Kabupaten/Kota dan Klasifikasi Desa",
        "Proportion of Households with Access to Improved Sanitation by Regency",
    ],
)
def test_words_that_say_where_when_and_of_whom_leave_the_name_what_it_is(tmp_path, title):
    found, rules, _ = read(csv(tmp_path, f"{title} 2023", f"{HEAD};Persentase", "Kab. Banjar;45"))
    assert found == {"B3": ("6303", SAN, 2023, 45)} and not rules


@pytest.mark.parametrize("kind", ["Target", "Target RPJMD", "Tgt", "Prognosis"])
def test_rows_called_targets_in_a_column_of_kinds(tmp_path, kind):
    lines = [
        "nama_kabupaten_kota;tahun;indikator;satuan;nilai;jenis data",
        f"Tapin;2023;Sanitasi Layak;%;98,5;{kind}",
        "Tapin;2022;Sanitasi Layak;%;80,5;Realisasi",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert found == {"E3": ("6305", SAN, 2022, 80.5)} and rules == {"E2": "target_cell"}


@pytest.mark.parametrize(
    ("heads", "cells", "right"),
    [
        ("target;capaian;realisasi", "90;97,8;88", 88),
        ("nilai;realisasi", "4;88", 88),
        ("capaian;target", "88;90", 88),
    ],
)
def test_the_realised_figure_of_a_row_goes_before_a_score_or_a_share_of_the_target(
    tmp_path, heads, cells, right
):
    lines = [f"kabupaten;tahun;indikator;satuan;{heads}", f"Tapin;2023;Sanitasi Layak;%;{cells}"]
    assert [place[3] for place in read(csv(tmp_path, *lines))[0].values()] == [right]


def test_a_sheet_called_target_holds_targets(tmp_path):
    path = tmp_path / "dua.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name, value in (("Realisasi", 80.5), ("Target 2025", 95)):
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate([["Sanitasi Layak 2023"], [HEAD, "Persen"], ["Tapin", value]]):
                sheet.write_row(row, 0, cells)
    cleaned = clean_file(path, {"source_id": "uji", "precedence": 10, "indicator": "", "year": ""})
    assert cleaned.observations["value"].tolist() == [80.5]
    assert cleaned.issues["rule"].tolist() == ["target_cell"]


def test_a_projection_of_the_population_is_its_figure(tmp_path):
    for head in ("Jumlah Penduduk Hasil Proyeksi 2023", "Proyeksi Penduduk 2023"):
        found, _, _ = read(csv(tmp_path, f"{HEAD};{head}", "Kab. Banjar;575000", "Tapin;190000"))
        assert figures(found) == [("6303", 575000), ("6305", 190000)], head


def test_all_waste_as_the_law_calls_it_is_waste(tmp_path):
    head = "Timbulan Sampah Rumah Tangga dan Sampah Sejenis Sampah Rumah Tangga (ton/tahun)"
    found, _, _ = read(csv(tmp_path, f"{HEAD};{head}", "Kab. Banjar;102200,5"), year=2023)
    assert found == {"B2": ("6303", WASTE, 2023, 102200.5)}


def test_an_unknown_column_is_named(tmp_path):
    lines = [SANITATION, f"{HEAD};Angka Kemiskinan 2023", "Kab. Banjar;5,1"]
    told = read(csv(tmp_path, *lines))[2].issues["message"].iloc[0]
    assert told.startswith("'Angka Kemiskinan' bukan indikator")


def test_advice_fits_what_was_given(tmp_path):
    path = csv(tmp_path, f"{HEAD};Angka X;Angka Y", "Kab. Banjar;80,1;3,2")
    told = read(path, year=2023)[2].issues
    assert (
        not told["suggestion"].str.contains("Sheet1|alias").any()
        and told["message"].str.contains("Angka X").any()
    )
    told = read(path, SAN, 2023)[2].issues
    assert not told["suggestion"].str.contains("--indicator").any()
    told = read(csv(tmp_path, f"{HEAD};2022;2023", "Kab. Banjar;80,1;3,2"))[2].issues
    assert told["suggestion"].str.contains("--indicator").all()


@pytest.mark.parametrize(
    ("title", "heads", "standing"),
    [
        ("Target Sanitasi Layak 2023", ["Persen"], []),
        ("Target dan Realisasi Sanitasi Layak 2023", ["Persen"], []),
        ("Target Sanitasi Layak 2023", ["Target", "Realisasi"], [81.1]),
        ("Sanitasi Layak 2023", ["Target", "Persen"], [81.1]),
    ],
)
def test_titles_and_headers_of_targets(tmp_path, title, heads, standing):
    found, rules, _ = read(book(tmp_path, [title], [HEAD, *heads], ["Tapin", 80.1, 81.1][: len(heads) + 1]))
    assert [value for _, value in figures(found)] == standing
    rule = "either" if "Realisasi" in title else "target_cell"
    assert list(rules.values()) == [rule] * (len(heads) - len(standing))


def test_a_region_given_twice_under_two_words_splits_no_table(tmp_path):
    rows = [["Kab. Banjar", "x", 80], ["Kab. Banjar", "y", 81], *([name, "z", 70] for name in FOUR[1:])]
    found, rules, _ = read(book(tmp_path, [HEAD, "Bentuk", "Sanitasi Layak 2023"], *rows))
    assert figures(found) == [("6302", 70), ("6305", 70), ("6311", 70)]
    assert sorted(rules.values()) == ["duplicate_differs", "duplicate_differs", "text_column"]


def test_rows_of_target_and_realisation(tmp_path):
    rows = [[HEAD, "Uraian", 2022, 2024], ["Kab. Banjar", "Target", 80, 84], [None, "Realisasi", 79.1, None]]
    found, rules, _ = read(book(tmp_path, *rows, merged=["1020"]), SAN)
    assert found == {"C3": ("6303", SAN, 2022, 79.1)}
    assert rules == {"C2": "target_cell", "D2": "target_cell", "D3": "missing"}


def test_lists_of_facilities_are_no_regencies(tmp_path):
    lines = ["2021,Kalimantan Selatan,Kab. Banjar,TPA Satu,4380", "2021,Kalimantan Selatan,Tapin,TPA Dua,100"]
    found, rules, cleaned = read(
        csv(tmp_path, f"Tahun,Provinsi,{HEAD},Nama Fasilitas,Sampah masuk TPA (ton/thn)", *lines)
    )
    assert (
        not found and set(rules.values()) == {"facility"} and "TPA Satu" in cleaned.issues["message"].iloc[0]
    )


@pytest.mark.parametrize(
    ("kind", "title", "stands"),
    [
        ("tps3r", "Hotel X JenisTPS 3R", False),
        ("tpa", "TPA X JenisTPA Pemda", True),
        ("banksampah", "Bank X", False),
    ],
)
def test_cards_of_a_portal(tmp_path, kind, title, stands):
    card = f'"{title}, Kota Bandung, Jawa BaratLatitude: 1Data (tahun: 2022)Sampah diterima (ton/tahun)36,135.00"'
    found, rules, _ = read(csv(tmp_path, "lokasi,jenis,detail", f"X,{kind},{card}"))
    assert list(found.values()) == ([("3273", "sampah_masuk_tpa_ton", 2022, 36135)] if stands else [])
    assert set(rules.values()) == (set() if stands else {"facility"})


def test_abbreviations_are_read_by_the_legend_below(tmp_path):
    lines = [
        "WILAYAH;ASL;XYZ",
        "Kupang;73,5;90,6",
        "Kota Kupang;91,7;93,8",
        ";;",
        f"ASL;{SANITATION};",
        "XYZ;Angka Kemiskinan;",
    ]
    found, rules, _ = read(csv(tmp_path, *lines), year=2023)
    assert figures(found) == [("5303", 73.5), ("5371", 91.7)] and rules == {
        "C2": "indicator",
        "C3": "indicator",
    }


@pytest.mark.parametrize("tail", [[], ["Sumber: Dinas;;;"], ["Kotabaru;70;-;71"], ["Kotabaru;70;...;71"]])
def test_zero_in_a_panel_does_not_hang_on_other_cells(tmp_path, tail):
    lines = [f"{HEAD};2021;2022;2023", "Kab. Banjar;80,1;0;83", "Tapin;77,1;78;79", *tail]
    found, rules, _ = read(csv(tmp_path, *lines), SAN)
    assert "C2" not in found and rules["C2"] == "zero_as_missing"


@pytest.mark.parametrize(
    ("indicator", "others", "stands"),
    [
        ("babs_terbuka", "1,2;0;0,8", True),
        ("babs_terbuka", "4;0;5", True),  # half of the 8 that it may move
        ("babs_terbuka", "4,1;0;5", False),
        ("tps3r_unit", "5;0;8", True),
        ("tanpa_air_bersih", "31;0;28", False),
    ],
)
def test_zero_stands_where_it_is_near(tmp_path, indicator, others, stands):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};2021;2022;2023", f"Kab. Banjar;{others}"), indicator)
    assert ("C2" in found) == stands and rules["C2"] == ("zero" if stands else "zero_as_missing")


def test_equal_but_for_the_last_bit_is_one_figure(tmp_path):
    rows = [
        [HEAD, "Sanitasi Layak 2023"],
        ["Kab. Banjar", 80.1],
        ["Kab. Banjar", 80.10000000000001],
        ["Tapin", 77],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [("6303", 80.1), ("6305", 77)] and rules == {"B3": "duplicate"}


def test_files_without_regions_say_so(tmp_path):
    with pytest.raises(UnreadableFileError, match="tidak ditemukan tabel"):
        read(csv(tmp_path, "Tahun;Jumlah", "2021;5", "2022;6"))


@pytest.mark.parametrize(
    "text", ["sekitar 90", "88,28 (sementara)", "TAD", "tidak tersedia", "90-95", "12,3 r", "≈5"]
)
def test_looks_like_a_figure_or_stands_for_one(text):
    assert value_like(text)
    assert not value_like("") and not value_like("Banjar") and not value_like("Kota 5")


# -- titles that speak of a part, of another date, in English -----------------------------------------------------


@pytest.mark.parametrize(
    "title, rule",
    [
        ("Persentase Rumah Tangga Sanitasi Layak di Perkotaan, 2023", "subgroup"),
        ("Persentase Rumah Tangga dengan KRT Perempuan yang Memiliki Akses Sanitasi Layak 2023", "subgroup"),
        ("Persentase Rumah Tangga Sanitasi Layak Kuintil 1 Tahun 2023", "subgroup"),
        (
            "Sanitasi Layak menurut Kabupaten/Kota dan Daerah Tempat Tinggal (Perkotaan dan Perdesaan), 2023",
            "",
        ),
        ("Sanitasi Layak menurut Kabupaten/Kota, Perkotaan, 2023", "subgroup"),
        ("Percentage of Households with Access to Improved Sanitation, 2023", ""),
        ("Sanitasi Layak keadaan per 31 Desember 2023", ""),
        ("Sanitasi Layak, data per 12 Januari 2023", "year"),
        ("Improved Sanitation, accessed March 2023", "year"),
    ],
)
def test_what_a_title_says_of_all_its_figures(tmp_path, title, rule):
    found, rules, _ = read(book(tmp_path, [title], [HEAD, "Persentase"], ["Banjar", 80.1], ["Tapin", 75.2]))
    assert set(rules.values()) == ({rule} if rule else set())
    assert sorted(found.values()) == ([] if rule else [("6303", SAN, 2023, 80.1), ("6305", SAN, 2023, 75.2)])


def test_one_kuintil_named_by_title_and_column_is_no_whole(tmp_path):
    rows = [
        ["Sanitasi Layak menurut Kuintil Pengeluaran 2023"],
        [HEAD, "Kuintil 1"],
        ["Banjar", 60.1],
        ["Tapin", 55],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert not found and set(rules.values()) == {"subgroup"}


def test_part_of_a_year_in_the_title(tmp_path):
    rows = [[HEAD, "Timbulan"], ["Banjar", 80000], ["Tapin", 70000]]
    found, rules, _ = read(book(tmp_path, ["Timbulan Sampah Semester I 2023 (ton)"], *rows))
    assert not found and set(rules.values()) == {"period"}
    rows = [[HEAD, "Persentase"], ["Banjar", 80.1], ["Tapin", 75.2]]
    found, _, cleaned = read(book(tmp_path, ["Sanitasi Layak Triwulan IV 2023"], *rows))
    assert len(found) == 2 and set(cleaned.observations["note"]) == {"Triwulan IV"}


@pytest.mark.parametrize("odd", ["80,1 (2022)", "2022: 80,1"])
def test_a_year_beside_the_figure_of_the_first_row_heads_nothing(tmp_path, odd):
    rows = [["Sanitasi Layak 2023"], [HEAD, "%"], ["Banjar", odd], ["Tapin", 75.2]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert found == {"B4": ("6305", SAN, 2023, 75.2)} and rules == {"B3": "unreadable"}


def test_estimate_beside_its_error_and_first_state_beside_target(tmp_path):
    rows = [
        ["Sanitasi Layak 2023"],
        [HEAD, "Estimasi", "RSE (%)", "Batas Bawah"],
        ["Banjar", 80.1, 2.1, 78],
        ["Tapin", 75.2, 3, 70],
    ]
    found, rules, cleaned = read(book(tmp_path, *rows))
    assert figures(found) == [("6303", 80.1), ("6305", 75.2)] and set(rules.values()) == {"attained_cell"}
    assert "galat" in cleaned.issues["message"].iloc[0]
    rows = [
        ["Sanitasi Layak"],
        [HEAD, "Kondisi Awal 2020", "Target 2024"],
        ["Banjar", 70, 80],
        ["Tapin", 60, 75],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert sorted(found.values()) == [("6303", SAN, 2020, 70), ("6305", SAN, 2020, 60)]
    assert set(rules.values()) == {"target_cell"}


def test_years_between_rows_head_a_next_table_and_other_figures_do_not(tmp_path):
    rows = [
        ["Sanitasi Layak"], [HEAD, 2021, 2022], ["Banjar", 71, 72], ["Desa Contoh", 2, 3], [None, 70.5, 71.5],
        ["Tapin", 61, 62], [None, 2023, 2024], ["Banjar", 73, 74], ["Tapin", 63, 64],
    ]  # fmt: skip
    found, rules, _ = read(book(tmp_path, *rows))
    assert {place: (code, year) for place, (code, _, year, _) in found.items()} == {
        "B3": ("6303", 2021), "C3": ("6303", 2022), "B6": ("6305", 2021), "C6": ("6305", 2022),
    }  # fmt: skip
    assert set(rules) == {"B4", "C4", "B5", "C5", "B8", "C8", "B9", "C9"}
    assert {rules[place] for place in ("B8", "C9")} == {"indicator"}, (
        "what the next table is about is not said"
    )


def test_hidden_rows_and_columns_of_a_table_that_lies_across(tmp_path):
    path = tmp_path / "data.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        rows = [
            ["Sanitasi Layak"],
            ["Tahun", "Banjar", "Tapin", "Kotabaru"],
            [2022, 71, 61, 51],
            [2023, 72, 62, 52],
        ]
        for row, cells in enumerate(rows):
            sheet.write_row(row, 0, cells)
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.set_row(3, None, None, {"hidden": True})
    found, rules, _ = read(path)
    assert found["C4"] == ("6305", SAN, 2023, 62) and len(found) == 6
    assert rules == dict.fromkeys(["C3", "B4", "C4", "D4"], "hidden")


def test_a_part_larger_than_its_whole_is_refused_also_alone(tmp_path):
    lines = ["Bank Sampah 2023", f"{HEAD};Unit", "Banjar;12", "Kalimantan Selatan;10"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("63", 10)] and rules == {"B3": "total"}


def test_a_file_of_just_the_largest_size_is_read(tmp_path, monkeypatch):
    path = csv(tmp_path, f"{HEAD};Sanitasi Layak 2023", "Kab. Banjar;80,1")
    monkeypatch.setattr(readers, "MOST_BYTES", path.stat().st_size)
    assert len(read(path)[0]) == 1
    monkeypatch.setattr(readers, "MOST_BYTES", path.stat().st_size - 1)
    with pytest.raises(UnreadableFileError, match="paling banyak"):
        read(path)


def test_a_word_of_the_title_that_is_of_another_indicator_names_none(tmp_path):
    rows = [
        ["Akses Sanitasi Layak dan Aman 2023"],
        [HEAD, "Layak", "Aman"],
        ["Banjar", 80.1, 8.1],
        ["Tapin", 75.2, 5],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [("6303", 80.1), ("6305", 75.2)] and set(rules.values()) == {
        "indicator",
        "other_words",
    }


@pytest.mark.parametrize("head", ["Tahun", "Year", "Periode"])
def test_years_below_an_unmerged_heading(tmp_path, head):
    rows = [["Sanitasi Layak"], [HEAD, head], [None, 2021, 2022], ["Banjar", 70, 71], ["Tapin", 60, 61]]
    found, _, _ = read(book(tmp_path, *rows))
    assert [place[2] for place in found.values()] == [2021, 2021, 2022, 2022]


@pytest.mark.parametrize("notes, figures_of_it", [(["ok", "12", "baik"], 0), (["7", "12", "baik"], 3)])
def test_a_column_headed_as_remark_holds_figures_when_most_of_it_are(tmp_path, notes, figures_of_it):
    names = ["Kab. Banjar", "Tapin", "Kotabaru"]
    rows = [f"{name};80,{at};{note}" for at, (name, note) in enumerate(zip(names, notes))]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Sanitasi Layak 2023;Status", *rows))
    assert len(found) == 3 and list(rules.values()) == ["indicator"] * figures_of_it


@pytest.mark.parametrize(
    "values, doubted",
    [
        ((0.5, 0.6, 0.7, 60), 3),
        ((0.5, 3, 4, 60), 0),
        ((0.5, 30, 40, 60), 1),
        ((0.5, 0.7, 30, 40), 0),
        ((0.5, 30, 40), 1),
        ((0.5, 30), 0),
    ],
)
def test_shares_of_waste_of_at_most_one_among_others(tmp_path, values, doubted):
    rows = [[name, value] for name, value in zip(FOUR, values)]
    found, rules, _ = read(book(tmp_path, [HEAD, "Penanganan Sampah (%) 2023"], *rows))
    assert len(found) == len(values) and list(rules.values()) == ["lone_fraction"] * doubted


def test_a_part_as_large_as_its_whole_stands(tmp_path):
    lines = ["Bank Sampah 2023", f"{HEAD};Unit", "Banjar;12", "Tapin;0", "Kalimantan Selatan;12"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("63", 12), ("6303", 12), ("6305", 0)] and not rules


# -- a row, a title, a column that is about something else than the table --------------------------------------------


@pytest.mark.parametrize("blank", [[], [[]]])
@pytest.mark.parametrize(
    "head, titles",
    [
        (["Sanitasi Layak 2023", HEAD, "Persen"], ["Angka Kemiskinan 2023"]),
        (["Sanitasi Layak 2023", HEAD, "Persen"], ["Persentase Penduduk Miskin"]),
        (["Sanitasi Layak 2023", HEAD, "Persen"], [None, "Tingkat Pengangguran"]),
        (["Sanitasi Layak 2023", HEAD, "Persen"], ["Tabel 2. Ketimpangan"]),
        ([None, HEAD, "Sanitasi Layak 2023"], ["Angka Kemiskinan 2023"]),
    ],
)
def test_figures_below_the_title_of_something_else_are_not_of_the_table_above(tmp_path, head, titles, blank):
    rows = [[head[0]], head[1:], ["Kab. Banjar", 80.1], ["Tapin", 75.2], *blank, titles]
    found, rules, cleaned = read(book(tmp_path, *rows, ["Kotabaru", 5.1], ["Balangan", 4.2]))
    assert figures(found) == [("6303", 80.1), ("6305", 75.2)] and list(rules.values()) == ["indicator"] * 2
    assert titles[-1].removesuffix(" 2023") in cleaned.issues["message"].iloc[0]


def test_a_title_without_header_that_names_another_indicator(tmp_path):
    rows = [[HEAD, "Sanitasi Layak 2023"], ["Kab. Banjar", 80.1], ["Air Minum Layak 2023"], ["Tapin", 75.2]]
    found, _, _ = read(book(tmp_path, *rows))
    assert set(found.values()) == {("6303", SAN, 2023, 80.1), ("6305", WATER, 2023, 75.2)}


@pytest.mark.parametrize("blank", [[], [[]]])
@pytest.mark.parametrize("words", ["Bagian timur", "Hulu Sungai"])
def test_words_between_regions_that_are_no_title_end_nothing(tmp_path, words, blank):
    rows = [
        ["Sanitasi Layak 2023"],
        [HEAD, "Persen"],
        ["Kab. Banjar", 80.1],
        *blank,
        [words],
        ["Tapin", 75.2],
    ]
    found, rules, _ = read(book(tmp_path, *rows, ["Kotabaru", 70.3]))
    assert figures(found) == [("6302", 70.3), ("6303", 80.1), ("6305", 75.2)] and not rules


@pytest.mark.parametrize("title", ["Tahun 2023", "Lanjutan Tabel 1", "2023"])
@pytest.mark.parametrize("headed", [True, False])
def test_a_title_that_says_only_the_year_goes_on_with_the_table_above(tmp_path, title, headed):
    head = [[HEAD, "%"]]
    rows = [
        ["Sanitasi Layak"],
        ["Tahun 2022"],
        *head,
        ["Kab. Banjar", 80.1],
        ["Tapin", 75.2],
        [title],
        *head * headed,
    ]
    found, rules, _ = read(book(tmp_path, *rows, ["Kotabaru", 81.1], ["Balangan", 76.2]))
    year = 2023 if "2023" in title else 2022
    later = [("6302", SAN, year), ("6311", SAN, year)]
    assert [place[:3] for place in found.values() if place[3] > 76] == [("6303", SAN, 2022), *later]
    assert not rules


def test_a_table_that_goes_on_has_the_years_of_its_own_header(tmp_path):
    rows = [["Sanitasi Layak (%)"], [HEAD, 2021, 2022], ["Kab. Banjar", 80.1, 81.1], ["Lanjutan Tabel 1"]]
    found, rules, _ = read(book(tmp_path, *rows, [HEAD, 2023, 2024], ["Kab. Banjar", 82.1, 83.1]))
    assert [place[2:] for place in found.values()] == [(2021, 80.1), (2022, 81.1), (2023, 82.1), (2024, 83.1)]
    assert not rules


@pytest.mark.parametrize("head", ["Jenis", "Keterangan", "Uraian", "Status", "Ket.", "Jenis Capaian"])
@pytest.mark.parametrize("said", ["Target", "Sasaran 2023", "TARGET:", "Nilai target"])
@pytest.mark.parametrize("tidy", [True, False])
def test_a_row_called_target_is_none_whatever_the_column_is_called(tmp_path, head, said, tidy):
    if tidy:
        lines = [
            f"Wilayah,Indikator,{head if head != 'Uraian' else 'Info'},Tahun,Nilai",
            f"Kab. Banjar,Sanitasi Layak,{said},2023,85",
            "Kab. Tapin,Sanitasi Layak,Realisasi,2023,75.2",
        ]
    else:
        lines = [
            "Sanitasi Layak",
            f"{HEAD},{head},2023",
            f"Kab. Banjar,{said},85",
            "Kab. Tapin,Realisasi,75.2",
        ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert list(found.values()) == [("6305", SAN, 2023, 75.2)] and "target_cell" in rules.values()
    assert "subgroup" not in rules.values()


@pytest.mark.parametrize(
    "heads, rows, left",
    [
        ("Kelompok", ["Perkotaan", "Perkotaan"], []),
        ("Rincian", ["Rumah tangga miskin", "Rumah tangga miskin"], []),
        ("Rincian", ["Miskin", "Total"], [("6305", 75.2)]),
        ("Jenis Kelamin,Kelompok Umur", ["Total,0-4", "Total,Total"], [("6305", 75.2)]),
        ("Kelompok Umur,Jenis Kelamin", ["0-4,Total", "Total,Total"], [("6305", 75.2)]),
    ],
)
@pytest.mark.parametrize("tidy", [True, False])
def test_every_column_that_breaks_rows_down_counts(tmp_path, heads, rows, left, tidy):
    middle = "Sanitasi Layak,2023," if tidy else ""
    lines = [f"Kab. Banjar,{rows[0]},{middle}85", f"Kab. Tapin,{rows[1]},{middle}75.2"]
    head = f"Wilayah,{heads},{'Indikator,Tahun,Nilai' if tidy else 'Sanitasi Layak 2023'}"
    found, rules, _ = read(csv(tmp_path, head, *lines))
    assert figures(found) == left
    assert [rule for rule in rules.values() if rule != "text_column"] == ["subgroup"] * (2 - len(left))


@pytest.mark.parametrize(
    "title, rule",
    [
        ("Persentase Rumah Tangga Miskin dengan Akses Sanitasi Layak", "subgroup"),
        ("Persentase Penyandang Disabilitas dengan Akses Sanitasi Layak", "subgroup"),
        ("Persentase Sekolah dengan Sanitasi Layak", "subgroup"),
        ("Pertumbuhan Akses Sanitasi Layak", "indicator"),
        ("Peningkatan Persentase Sanitasi Layak", "indicator"),
        ("Rumah Tangga Tidak Memiliki Sanitasi Layak", "indicator"),
        ("Indeks Sanitasi Layak", "indicator"),
        ("Anggaran Penanganan Sampah", "indicator"),
        ("Kebutuhan Air Minum Layak", "indicator"),
    ],
)
def test_a_title_about_a_part_or_a_change_is_not_about_the_whole(tmp_path, title, rule):
    for rows in ([[f"{title} 2023"], [HEAD, "Persen"]], [[HEAD, f"{title} 2023"]]):
        found, rules, cleaned = read(book(tmp_path, *rows, ["Kab. Banjar", 60.1], ["Tapin", 55.2]))
        assert not found and list(rules.values()) == [rule] * 2
        assert not cleaned.issues["message"].str.contains("--indicator").any()


@pytest.mark.parametrize(
    "title, head, value",
    [
        ("Jumlah Penduduk (Ribu Jiwa) 2023", "Penduduk", 195_500),
        ("Jumlah Penduduk (dalam ribu) 2023", "Penduduk", 195_500),
        ("Jumlah Penduduk 2023", "Jumlah Penduduk (ribu orang)", 195_500),
        ("Backlog Kepemilikan Rumah 2023", "Jumlah (ribu unit)", 195_500),
        ("Backlog Kepemilikan Rumah 2023", "Jumlah (juta unit)", 195_500_000),
    ],
)
def test_thousands_stated_in_title_or_header(tmp_path, title, head, value):
    found, _, _ = read(book(tmp_path, [title], [HEAD, head], ["Kab. Banjar", 180.25], ["Tapin", 195.5]))
    assert figures(found) == ([("6303", value / 195.5 * 180.25), ("6305", value)] if value < 10**6 else [])


def test_english_names_of_regions(tmp_path):
    lines = [
        "Regency/Municipality,Total Population 2023",
        'Banjar Regency,"580,123"',
        'Banjarmasin City,"670,500"',
    ]
    assert figures(read(csv(tmp_path, *lines))[0]) == [("6303", 580_123), ("6371", 670_500)]


def test_a_range_of_years_in_the_title_is_no_year(tmp_path):
    rows = [["Sanitasi Layak Tahun 2021 - 2023"], [HEAD, "Persen"], ["Kab. Banjar", 80.1]]
    found, rules, cleaned = read(book(tmp_path, *rows))
    assert not found and rules == {"B3": "year"} and "rentang tahun" in cleaned.issues["message"].iloc[0]
    assert read(book(tmp_path, *rows), year=2023)[0] == {"B3": ("6303", SAN, 2023, 80.1)}


def test_many_rows_below_the_last_region_are_looked_at_once():
    """The time a file takes grows with its rows; it once grew with their square."""

    class Rows(list):
        read = 0

        def __iter__(self):
            self.read += 1
            return super().__iter__()

    known = Rows([1, 2])
    below = Sheet("", [np.array(["x"] * 50, dtype=object), np.array(["50,5"] * 50, dtype=object)])
    assert unread_rows(below, known) == list(range(3, 50)) and known.read <= 2


@pytest.mark.parametrize("title", ["Kabupaten Banjar", "Capaian Kabupaten Banjar", "Data di Kab. Banjar"])
def test_a_row_per_indicator_under_the_name_of_one_region(tmp_path, title):
    rows = [
        [title],
        ["No", "Indikator", 2022, 2023],
        [1, "Sanitasi Layak (%)", 79.5, 80.1],
        [2, "Kemiskinan", 5, 4],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert list(found.values()) == [("6303", SAN, 2022, 79.5), ("6303", SAN, 2023, 80.1)]
    assert rules == {"C4": "indicator", "D4": "indicator"}


@pytest.mark.parametrize(
    ("heading", "below"),
    [
        ([1, "Perumahan"], []),  # numbered, of no figure
        ([None, "Air Minum Layak (%)"], []),
        ([], ["Dinas PUPR Kabupaten Tapin"]),  # who made the table: not whom it is of
        ([], [None, "Air Minum Layak (%) Kabupaten Tapin"]),
    ],
)
def test_what_else_stands_among_the_indicators_of_one_region(tmp_path, heading, below):
    rows = [
        ["Kabupaten Banjar"],
        ["No", "Indikator", 2022, 2023],
        heading,
        [2, "Sanitasi Layak (%)", 79.5, 80.1],
    ]
    found, rules, _ = read(book(tmp_path, *rows, below))
    assert found == {"C4": ("6303", SAN, 2022, 79.5), "D4": ("6303", SAN, 2023, 80.1)} and not rules


@pytest.mark.parametrize("head", ["Kalimantan Selatan", "Prov. Kalimantan Selatan", "Indonesia"])
@pytest.mark.parametrize("unit", ["%", "Persen", "Sanitasi Layak;Keterangan"])
def test_a_header_may_name_the_whole_of_its_rows(tmp_path, head, unit):
    lines = ["Sanitasi Layak 2023", f"{head};{unit}", "Tapin;80,1", "Balangan;75,2"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6305", 80.1), ("6311", 75.2)] and not rules


@pytest.mark.parametrize(
    ("numbers", "count"),
    [(["1", "2", "3"], True), (["1.", "2.", ""], True), (["2", "3", "4"], True), (["2", "3", "5"], False)],
)
def test_what_only_numbers_the_rows_left_of_the_names_is_no_figure(tmp_path, numbers, count):
    lines = [f"{number};{name};70,5" for number, name in zip(numbers, FOUR)]
    found, rules, _ = read(csv(tmp_path, f"TPS3R 2023;{HEAD};Sanitasi Layak 2023", *lines))
    assert {place[1] for place in found.values()} == ({SAN} if count else {SAN, "tps3r_unit"})


def test_a_region_alone_above_figures_heads_no_row_of_regions(tmp_path):
    with pytest.raises(UnreadableFileError, match="nama wilayah"):
        read(csv(tmp_path, ";Kab. Banjar", "RW 1;80,1"), indicator=SAN, year=2023)


def test_indicators_down_the_side_of_regions_across_are_named_as_they_stand(tmp_path):
    rows = [
        ["Kondisi 2023"],
        ["Indikator", "Banjar", "Tapin"],
        ["Sanitasi Layak (%)", 80.1, 75.2],
        ["Kemiskinan", 5, 6],
    ]
    found, _, cleaned = read(book(tmp_path, *rows))
    assert figures(found) == [("6303", 80.1), ("6305", 75.2)]
    assert set(cleaned.issues["message"]) == {"'Kemiskinan' bukan indikator dalam kamus; tidak dipakai."}


@pytest.mark.parametrize("heads", [["Estimasi", "95% CI", None], ["Persen", None], ["Sanitasi Layak", None]])
def test_a_column_without_a_header_beside_headed_ones_is_not_the_titles(tmp_path, heads):
    beside = len(heads) - 1
    rows = [["Kab. Banjar", 80.1, *[78] * beside], ["Tapin", 75.2, *[73] * beside]]
    found, rules, _ = read(book(tmp_path, ["Sanitasi Layak 2023"], [HEAD, *heads], *rows))
    assert figures(found) == [("6303", 80.1), ("6305", 75.2)] and set(rules.values()) == {"indicator"}


def test_figures_under_no_header_at_all_are_the_titles(tmp_path):
    found, _, _ = read(
        book(tmp_path, ["Sanitasi Layak 2023"], [HEAD], ["Kab. Banjar", 80.1], ["Tapin", 75.2])
    )
    assert figures(found) == [("6303", 80.1), ("6305", 75.2)]


@pytest.mark.parametrize("ratings", [["Tinggi", "Sedang"], ["Sangat baik", "Kurang"]])
def test_a_rating_beside_the_figure_breaks_nothing_down(tmp_path, ratings):
    rows = [["Kab. Banjar", 80.1, ratings[0]], ["Tapin", 75.2, ratings[1]]]
    found, _, _ = read(book(tmp_path, [HEAD, "Sanitasi Layak 2023", "Kategori"], *rows))
    assert figures(found) == [("6303", 80.1), ("6305", 75.2)]


@pytest.mark.parametrize(
    "names, layout",
    [
        (["kalimantan selatan - banjar", "kalimantan selatan - tapin", "Balangan"], "fsva_csv"),
        (["kalimantan selatan - banjar", "Tapin", "Balangan"], "bps_csv"),
        (["kalimantan selatan - banjar", "Tapin"], "bps_csv"),
    ],
)
def test_most_names_tell_whether_province_and_regency_stand_in_one_field(tmp_path, names, layout):
    path = csv(tmp_path, "Kabupaten/Kota,Sanitasi Layak 2023", *(f"{name},80.1" for name in names))
    assert read_cells(path).layout == layout and len(read(path)[0]) == len(names)


def test_percent_formats_of_its_own_in_an_xls(tmp_path):
    rows = [
        [HEAD, "BABS 2023"],
        ["Kab. Banjar", ("own", 0.045)],
        ["Tapin", ("quoted", 0.8)],
        ["Kotabaru", 3.5],
    ]
    found, _, _ = read(raw_files.xls(tmp_path / "data.xls", rows))
    assert figures(found) == [("6302", 3.5), ("6303", 4.5), ("6305", 0.8)]


@pytest.mark.parametrize(
    "region", ["<td rowspan=2>Kab. Banjar</td>", "<td rowspan='2' colspan='1'>Kab. Banjar</td>"]
)
def test_a_name_that_spans_rows_of_a_page(tmp_path, region):
    head = f"<tr><th>{HEAD}</th><th>Tahun</th><th>Sanitasi Layak</th></tr>"
    rows = f"<tr>{region}<td>2022</td><td>80,1</td></tr><tr><td>2023</td><td>81,1</td></tr>"
    path = csv(tmp_path, f"<html><table>{head}{rows}</table></html>", name="data.xls")
    assert sorted(read(path)[0].values()) == [("6303", SAN, 2022, 80.1), ("6303", SAN, 2023, 81.1)]


def test_more_years_down_the_side_than_regions_across(tmp_path):
    rows = [[year, 70.5 + year - 2018, 60.25] for year in range(2018, 2025)]
    found, _, _ = read(book(tmp_path, ["Sanitasi Layak"], ["Tahun", "Kab. Banjar", "Tapin"], *rows))
    assert found["B9"] == ("6303", SAN, 2024, 76.5) and len(found) == 14


def test_similar_names_are_looked_for_some_thirty_times_in_a_file():
    unknown = [(f"Xyzq{number}", "", "", "") for number in range(MOST_SUGGESTIONS + 3)]
    known = [("Tapin", "", "", ""), ("Jumlah", "", "", ""), ("Entah", "", "6399", "")]
    answers = resolve_regions([*known[:1] * 40, *unknown, *known])
    told = [answer[2] for answer in answers[40 : 40 + len(unknown)]]
    assert ["tidak dikenal sebagai wilayah" in text for text in told] == [True] * MOST_SUGGESTIONS + [
        False
    ] * 3
    assert all("bukan wilayah dalam daftar" in text for text in told[MOST_SUGGESTIONS:])
    assert [answer[:2] for answer in answers[-3:]] == [("6305", ""), ("", "subtotal"), ("", "region")]
    assert "tidak dikenal sebagai wilayah" in answers[-1][2], (
        "a code beside the name is looked at all the same"
    )


def test_what_was_done_to_a_figure_stands_beside_it(tmp_path):
    rows = [
        [HEAD, "Sanitasi Layak 2023"],
        ["Kab. Banjar", (0.801, "0%")],
        ["Tapin", 75.2],
        ["Kotabaru", "70,1*"],
    ]
    notes = dict(read(book(tmp_path, *rows))[2].observations[["row", "note"]].values)
    assert notes == {2: "sel berformat persen: pecahan dikali 100", 3: "", 4: "angka sementara"}
    rows = [[HEAD, "Jumlah Penduduk (ribu jiwa) Semester 2 2023"], ["Kab. Banjar", 580.1], ["Tapin", 195.5]]
    assert set(read(book(tmp_path, *rows))[2].observations["note"]) == {"satuan ribu jiwa diubah; Semester 2"}


def test_a_title_above_any_column_speaks_for_all(tmp_path):
    rows = [
        [None, None, "Sanitasi Layak 2023"],
        [HEAD, "Persentase", "RSE"],
        ["Kab. Banjar", 80.1, 2],
        ["Tapin", 75.2, 3],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [("6303", 80.1), ("6305", 75.2)] and set(rules.values()) == {"attained_cell"}


@pytest.mark.parametrize(
    "sheet, told",
    [("Kemiskinan", "'Kemiskinan' bukan indikator"), ("Sheet1", "Judul dan kepala kolom tidak menyebut")],
)
def test_the_name_of_a_sheet_is_told_where_it_says_something(tmp_path, sheet, told):
    path = tmp_path / "angka.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for row, cells in enumerate([[HEAD, 2023], ["Kab. Banjar", 5.1], ["Tapin", 4.2]]):
            if not row:
                page = workbook.add_worksheet(sheet)
            page.write_row(row, 0, cells)
    assert read(path)[2].issues["message"].str.startswith(told).all()


# -- waste without a stated time --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        [f"{HEAD};Timbulan Sampah 2023", "Banjar;280,5", "Tapin;95,2", "Balangan;52"],
        [f"{HEAD};Timbulan Sampah (ton) 2023", "Banjar;280,5", "Tapin;95,2", "Balangan;52"],
        [f"{HEAD};Timbulan Sampah 2023", "Banjar;280,5", "Tapin;95,2", "Kalimantan Selatan;1700"],
        [f"{HEAD};Timbulan Sampah Harian 2023", "Banjar;280,5", "Tapin;95,2"],
        ["Timbulan Sampah per Hari 2023", f"{HEAD};Jumlah (ton)", "Banjar;280,5", "Tapin;95,2"],
        [f"{HEAD};Timbulan Sampah (ton per hari) 2023", "Banjar;280,5", "Tapin;95,2"],
        [f"{HEAD};Timbulan Sampah 2023;Sampah Masuk TPA 2023", "Banjar;280,5;120", "Tapin;95,2;40"],
        [f"{HEAD};Timbulan Sampah 2023;Penanganan Sampah 2023", "Banjar;280,5;50", "Tapin;95,2;40"],
        [
            ["region_code", "indicator", "year", "value"],
            ["6303", WASTE, 2023, 280.5],
            ["6305", WASTE, 2023, 95.2],
        ],
    ],
)
def test_tonnes_a_day_are_never_taken_for_tonnes_a_year(tmp_path, lines):
    found, rules, _ = read(written(tmp_path, lines))
    assert not found and set(rules.values()) == {"unit"}


@pytest.mark.parametrize(
    "unit, told", [("(ton/tahun)", 0), ("Tahunan", 0), ("setahun (ton)", 0), ("", 2), ("(ton)", 2)]
)
def test_tonnes_as_many_as_a_year_makes_stand_and_an_unstated_time_is_said(tmp_path, unit, told):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Timbulan Sampah {unit} 2023", "Banjar;102200,5", "Tapin;34100,2")
    )
    assert figures(found) == [("6303", 102200.5), ("6305", 34100.2)]
    assert list(rules.values()) == ["period_unstated"] * told


def test_one_small_figure_among_tonnes_a_year_is_refused_alone(tmp_path):
    lines = [
        f"{HEAD};Timbulan Sampah 2023",
        "Banjar;102200,5",
        "Tapin;95,2",
        "Balangan;34000,5",
        "Tabalong;47000,5",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert [code for code, _ in figures(found)] == ["6303", "6309", "6311"] and rules["B3"] == "unit"


def test_a_shortened_name_is_read_in_the_province_of_the_others(tmp_path):
    lines = ["Kab. H. S. Tengah;80,1", "H.S.S.;81,2", "H S Utara;82,3", "Banjar;85,5", "Tapin;77,7"]
    found, rules, _ = read(csv(tmp_path, SANITATION, f"{HEAD};2023", *lines))
    codes = ["6303", "6305", "6306", "6307", "6308"]
    assert figures(found) == list(zip(codes, [85.5, 77.7, 81.2, 80.1, 82.3])) and not rules


def test_a_number_saved_as_a_power_of_ten_is_noted(tmp_path):
    found, rules, _ = read(csv(tmp_path, f"{HEAD},Jumlah penduduk 2023", "Banjar,5.8E+05", "Tapin,1.93E+05"))
    assert figures(found) == [("6303", 580000), ("6305", 193000)] and set(rules.values()) == {"rounded"}


@pytest.mark.parametrize("unit, rule", [("(ton/tahun)", "small_amount"), ("(ton)", "unit"), ("", "unit")])
def test_waste_too_little_for_a_year_is_never_taken_in_silence(tmp_path, unit, rule):
    lines = [f"{HEAD};Timbulan Sampah {unit} 2023", "Banjar;102200,5", "Tapin;47,5", "Balangan;34000,2"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert rules["B3"] == rule and ("B3" in found) == ("tahun" in unit) and {"B2", "B4"} <= set(found)


@pytest.mark.parametrize(
    "rows, told",
    [
        (
            ["-;90;92", ";91;93"],
            {"B3": "region", "C3": "region", "B4": "region_missing", "C4": "region_missing"},
        ),
        ([";90,5;92,5"], {"B3": "region_missing", "C3": "region_missing"}),
        (["(1);(2);(3)"], {}),
        ([";2;3"], {}),
        ([";3;4"], {}),
        ([";4;5"], {"B3": "region_missing", "C3": "region_missing"}),  # nothing is numbered from 4 on
    ],
)
def test_figures_above_the_first_name_are_not_lost_and_no_header(tmp_path, rows, told):
    found, rules, _ = read(
        csv(tmp_path, SANITATION, f"{HEAD};2022;2023", *rows, "Banjar;80,1;81,1", "Tapin;75;76")
    )
    assert figures(found) == [("6303", 80.1), ("6303", 81.1), ("6305", 75), ("6305", 76)] and rules == told


def test_ages_above_the_columns_are_their_header(tmp_path):
    lines = [SANITATION, f"{HEAD};2023;", ";15-24;25-64", "Banjar;80,1;81,1", "Tapin;75,2;76,2"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert not found and len(rules) == 4


@pytest.mark.parametrize(
    ("head", "unit"),
    [("Timbulan Sampah per hari", "ton/hari"), ("Timbulan Sampah (ton/hari)", "ton/hari")]
    + [("Timbulan Sampah (kg) per hari", "kg/hari"), ("Timbulan Sampah kg/hari", "kg/hari")],
)
def test_waste_of_a_day_is_told_in_its_unit(tmp_path, head, unit):
    found, rules, cleaned = read(csv(tmp_path, f"{HEAD};{head} 2023", "Tapin;60", "Balangan;62"))
    assert not found and rules == {"B2": "unit", "B3": "unit"}
    assert cleaned.issues["message"].str.startswith(f"Satuan '{unit}'").all()


def test_a_heading_with_a_figure_beside_it_is_a_row(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Sanitasi Layak 2023", "Tapin;60", "Perdesaan;61", "Balangan;62")
    )
    assert figures(found) == [("6305", 60), ("6311", 62)] and rules == {"B3": "subgroup"}


# -- one column, one row, one mark that means something else ----------------------------------------------------


SLUM = "kawasan_kumuh_ha"
UNDER = [HEAD, f"{HEAD};Sanitasi Layak 2023", "Kab. Banjar"]


@pytest.mark.parametrize(
    ("lines", "stands"),
    [
        (["nama_kabupaten_kota;daerah_tempat_tinggal;persentase_sanitasi_layak;tahun",
          "KABUPATEN BANJAR;KOTA;95,1;2023", "KABUPATEN BANJAR;DESA;70,1;2023"], []),
        (["nama_kabupaten_kota;kategori;luas_kawasan_kumuh;satuan;tahun", "KABUPATEN BANJAR;BERAT;12,5;HEKTAR;2023",
          "KABUPATEN BANJAR;SEDANG;40,2;HEKTAR;2023"], []),
        (["nama_kabupaten_kota;kategori;luas_kawasan_kumuh;satuan;tahun", "KABUPATEN BANJAR;TINGGI;12,5;HEKTAR;2023",
          "KABUPATEN BANJAR;SEDANG;40,2;HEKTAR;2023"], []),
        (["kabupaten;tahun;indikator;klasifikasi_daerah;nilai", "Kab. Banjar;2023;Sanitasi Layak;Kota;95,1",
          "Kab. Banjar;2023;Sanitasi Layak;Desa;70,1", "Kab. Banjar;2023;Sanitasi Layak;Kota+Desa;80,2"],
         [("6303", 80.2)]),
        (["kabupaten;tahun;indikator;kategori;nilai", "Banjar;2023;Sanitasi Layak;Sedang;70,1",
          "Banjar;2023;Sanitasi Layak;Tinggi;95,1"], []),
        (["kabupaten;tahun;indikator;kategori;nilai", "Banjar;2023;Sanitasi Layak;Sedang;70,1",
          "Tapin;2023;Sanitasi Layak;Tinggi;95,1"], [("6303", 70.1), ("6305", 95.1)]),
        (["nama;kategori;persentase_sanitasi_layak;tahun", "Banjar;Kabupaten;70,1;2023",
          "Banjarmasin;Kota;95,1;2023"], [("6303", 70.1), ("6371", 95.1)]),
    ],
)  # fmt: skip
def test_what_a_region_is_and_how_it_is_rated_is_no_part_of_it_unless_it_splits_its_rows(
    tmp_path, lines, stands
):
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == stands
    assert set(rules.values()) <= {"subgroup"}


@pytest.mark.parametrize(
    ("heads", "rows", "stands"),
    [
        (["Nilai (%)", "Urutan"], [[88.1, 1], ["-", 13], [70.2, 2]], [88.1, 70.2]),
        (["Urutan", "Nilai"], [[1, 88.1], [13, "-"], [2, 70.2]], [88.1, 70.2]),
        (["Nilai", "Urutan"], [["-", 11], ["-", 13], ["-", 12]], []),
        (["Ya", "Tdk"], [[88.1, 11.9], ["-", 23.1], [70, 30]], []),
        (["Lama", "Perbaikan"], [[88.1, "-"], ["-", 23.1], ["-", 30]], []),
    ],
)  # fmt: skip
def test_a_column_beside_the_figure_does_not_fill_its_gap(tmp_path, heads, rows, stands):
    rows = [[name, *row] for name, row in zip(["Kab. Banjar", "Tapin", "Kotabaru"], rows)]
    path = book(tmp_path, [HEAD, "Sanitasi Layak 2023", ""], ["", *heads], *rows, merged=[(0, 1, 0, 2)])
    found, rules, _ = read(path)
    assert sorted(value for *_, value in found.values()) == sorted(stands)
    assert set(rules.values()) <= {"missing", "indicator"} and "indicator" in rules.values()


def test_the_total_of_columns_of_parts_stands(tmp_path):
    title = ["Jumlah Penduduk Menurut Kelompok Umur 2023"]
    rows = [["Kab. Banjar", 140000, 410000, 550000], ["Tapin", 40000, 129000, "-"]]
    found, rules, _ = read(book(tmp_path, title, [HEAD, "0-14", "15+", "Jumlah"], *rows))
    assert figures(found) == [("6303", 550000)] and rules["D4"] == "missing"
    assert {rules[place] for place in ("B3", "C3", "B4", "C4")} == {"duplicate_differs"}


def test_two_columns_of_one_indicator_that_differ_are_no_figure_unless_one_says_no_more(tmp_path):
    title, gap = ["Jumlah Penduduk 2023"], ["Tapin", "-", 129000, 190000]
    for last, stands in (("65+", []), ("Total", [("6303", 550000), ("6305", 190000)])):
        rows = [["Kab. Banjar", 140000, 410000, 550000], gap]
        found, rules, _ = read(book(tmp_path, title, [HEAD, "0-14", "15-64", last], *rows))
        assert figures(found) == stands and rules["B4"] == "missing" and rules["C4"] == "duplicate_differs"


def test_two_columns_that_say_the_same_are_one(tmp_path):
    lines = [f"{HEAD};Sanitasi Layak 2023;Akses Sanitasi Layak 2023", "Banjar;80,1;80,1", "Tapin;;70,2"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6303", 80.1), ("6305", 70.2)] and rules["C2"] == "duplicate"


@pytest.mark.parametrize(
    ("heading", "rule"),
    [
        ("B. Sanitasi Tidak Layak", "subgroup"),
        ("Sanitasi Blm Layak", "subgroup"),
        ("Target", "target_cell"),
        ("Target RPJMD", "target_cell"),
        ("Target kinerja dinas", "subgroup"),
        ("Realisasi", ""),
        ("Wilayah Timur", ""),
        ("II. Bagian Tengah", ""),
    ],
)
def test_a_heading_between_the_regions_speaks_for_those_below(tmp_path, heading, rule):
    rows = [["Kab. Banjar", 88.1], ["Tapin", 85], [heading], ["Kotabaru", 12.5], ["Tabalong", 9.5]]
    found, rules, _ = read(book(tmp_path, ["Akses Sanitasi Layak 2023 (%)"], [HEAD, "Persentase"], *rows))
    below = [("6302", 12.5), ("6309", 9.5)] if not rule else []
    assert figures(found) == sorted([("6303", 88.1), ("6305", 85), *below])
    assert {rules.get("B6", ""), rules.get("B7", "")} == {rule}


def test_headings_of_targets_and_of_what_came_of_them(tmp_path):
    rows = [["Target"], ["Kab. Banjar", 90], ["Tapin", 88], ["Realisasi"], ["Kab. Banjar", 80], ["Tapin", 81]]
    found, rules, _ = read(book(tmp_path, ["Akses Sanitasi Layak (%)"], [HEAD, 2023], *rows))
    assert figures(found) == [("6303", 80), ("6305", 81)]
    assert rules == {"B4": "target_cell", "B5": "target_cell"}


@pytest.mark.parametrize("codes", [["63.1", "63.02"], ["63.02", "63.1"], [63.1, 63.02]])
def test_a_code_that_lost_its_zero_loses_no_figure(tmp_path, codes):
    rows = [["Kode", "Sanitasi Layak 2023 (%)"], *([code, 80.5 + place] for place, code in enumerate(codes))]
    found, rules, _ = read(book(tmp_path, *rows))
    assert [code for code, _ in figures(found)] == ["6302"]
    assert rules == {f"B{2 + [str(code) for code in codes].index('63.1')}": "region"}


def page(path, rows, before=""):
    cells = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows]
    path = path / "data.html"
    path.write_text(f"<html><body>{before}<table>{''.join(cells)}</table></body></html>", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<span style='display:none'>1</span>8,5", 8.5),
        ("<span hidden>1<b>2</b></span>8,5", 8.5),
        ("<div style='DISPLAY : none'><br>1</div><b>8,5</b>", 8.5),
        ("<del>6,1</del> 8,5", 8.5),
        ("<s>6,1</s>", None),
        ("<span style='text-decoration:line-through'>6,1</span>", None),
    ],
)
def test_what_a_page_hides_or_strikes_is_no_figure(tmp_path, cell, value):
    found, rules, _ = read(page(tmp_path, [[HEAD, "BABS 2023 (%)"], ["Banjar", cell], ["Tapin", "7,1"]]))
    assert figures(found) == [("6303", value)] * (value is not None) + [("6305", 7.1)]
    assert rules == ({} if value else {"B2": "struck"})


@pytest.mark.parametrize("style", ["<tr style='display:none'>", "<tr hidden>"])
def test_a_hidden_row_of_a_page_is_told(tmp_path, style):
    path = page(tmp_path, [[HEAD, "BABS 2023 (%)"], ["Banjar", "8,5"], ["Tapin", "7,1"]])
    path.write_text(path.read_text(encoding="utf-8").replace("<tr><td>Tapin", f"{style}<td>Tapin"))
    found, rules, _ = read(path)
    assert figures(found) == [("6303", 8.5), ("6305", 7.1)] and rules == {"B3": "hidden"}


def test_a_struck_cell_of_a_workbook_is_refused_as_such(tmp_path):
    path = tmp_path / "data.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet, struck = workbook.add_worksheet(), workbook.add_format({"font_strikeout": True})
        for row, cells in enumerate(
            [[HEAD, "BABS 2023 (%)"], ["Banjar", 6.1], ["Tapin", "7,1"], ["Kotabaru", 8]]
        ):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, struck if cell in (6.1, "7,1") else None)
    found, rules, _ = read(path)
    assert figures(found) == [("6302", 8)] and rules == {"B2": "struck", "B3": "struck"}


@pytest.mark.parametrize(
    ("struck", "kept"),
    [
        ((0, 0), []),  # the title
        ((1, 1), [("6303", 7.1), ("6305", 6.1), ("6308", 5.1)]),  # a header
        ((3, 0), [("6303", 8), ("6303", 7.1), ("6308", 6), ("6308", 5.1)]),  # a name
        ((1, 0), [("6303", 8), ("6303", 7.1), ("6305", 7), ("6305", 6.1), ("6308", 6), ("6308", 5.1)]),
    ],
)
def test_what_a_struck_name_or_header_stands_for_is_refused(tmp_path, struck, kept):
    rows = [
        ["BABS (%)", "", ""],
        [HEAD, 2022, 2023],
        ["Banjar", 8, 7.1],
        ["Tapin", 7, 6.1],
        ["Balangan", 6, 5.1],
    ]
    rows = [[*rows[0]], *rows[1:2], rows[2], rows[3], ["Hulu Sungai Utara", 6, 5.1]]
    path = tmp_path / "data.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet, format = workbook.add_worksheet(), workbook.add_format({"font_strikeout": True})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, format if (row, column) == struck else None)
    found, rules, _ = read(path)
    assert sorted(figures(found)) == sorted(kept)
    assert {*rules.values()} == ({"struck"} if len(kept) < 6 else set())


def test_a_tidy_row_with_a_struck_name_or_year_is_refused(tmp_path):
    rows = [
        ["Wilayah", "Indikator", "Tahun", "Nilai"],
        ["<s>Banjar</s>", "BABS", "2023", "8,5"],
        ["Tapin", "BABS", "<del>2022</del>", "7,5"],
        ["Kotabaru", "BABS", "2023", "6,5"],
    ]
    found, rules, _ = read(page(tmp_path, rows))
    assert figures(found) == [("6302", 6.5)] and rules == {"D2": "struck", "D3": "struck"}


@pytest.mark.parametrize(
    ("name", "note", "refused"),
    [
        ("Banjar 1)", "1) tidak termasuk Kecamatan Gambut", True),
        ("Banjar*", "*) hanya 5 kecamatan", True),
        ("Banjar 2)", "2) Angka tahun 2021", True),
        ("Banjar 1)", "1) angka sementara", False),
        ("Banjar 1)", "2) tidak termasuk Kecamatan Gambut", False),
    ],
)
def test_a_footnote_to_a_name_that_makes_its_figures_others_is_heeded(tmp_path, name, note, refused):
    rows = ["BABS (%)", f"{HEAD};2022;2023", f"{name};8,5;8,1", "Tapin;7,5;7,1", note]
    found, rules, _ = read(csv(tmp_path, *rows))
    assert {code for code, _ in figures(found)} == ({"6305"} if refused else {"6303", "6305"})
    assert ("footnoted" in rules.values()) == refused


@pytest.mark.parametrize(
    ("title", "read_too"),
    [
        ("Peringkat BABS 2023", False),
        ("Tabel 3.1 Ranking BABS 2023", False),
        ("Skor BABS (%) 2023", False),
        ("Kepuasan atas BABS 2023 (%)", False),
        ("BABS 2023 (%)", True),
    ],
)
def test_a_table_of_ranks_is_none_of_its_indicator(tmp_path, title, read_too):
    found, _, _ = read(csv(tmp_path, title, f"{HEAD};Nilai", "Banjar;1", "Tapin;2", "Kotabaru;3"))
    assert len(found) == 3 * read_too


@pytest.mark.parametrize(
    ("title", "first", "read_too"),
    [
        ("BABS di Kota Banjarbaru 2023 (%)", "Banjar", False),
        ("BABS (%) Kabupaten Tapin 2023", "Kota Banjarbaru", False),
        ("BABS di Kabupaten Banjar 2023 (%)", "Kab. Banjar", True),
        ("BABS di Kalimantan Selatan 2023 (%)", "Banjar", True),
    ],
)
def test_a_title_of_one_regency_over_others_is_told(tmp_path, title, first, read_too):
    rows = [title, "Kabupaten/Kota;Nilai", f"{first};8,5", "Kotabaru;7,5", "Tabalong;6,5"]
    found, rules, _ = read(csv(tmp_path, *rows))
    assert len(found) == 3 * read_too and {*rules.values()} == (set() if read_too else {"region"})


@pytest.mark.parametrize("head", ["L;P;L+P", "L;P;L / P", "l;p;jml", "L;P;Jumlah"])
def test_the_column_of_both_sexes_is_the_whole(tmp_path, head):
    rows = [
        "Jumlah Penduduk 2023",
        f"{HEAD};{head}",
        "Banjar;290000;280000;570000",
        "Tapin;95000;93000;188000",
    ]
    found, rules, _ = read(csv(tmp_path, *rows))
    assert figures(found) == [("6303", 570000), ("6305", 188000)] and {*rules.values()} == {"subgroup"}


@pytest.mark.parametrize("cell", ["80.000 (80%)", "80% (80.000)", "80.000 KK (80,5 %)", "80,5% / 80.000 KK"])
def test_two_figures_in_one_cell_are_refused_as_such(tmp_path, cell):
    rows = [f"{HEAD};BABS 2023", f"Banjar;{cell}", f"Tapin;{cell.replace('8', '7')}"]
    found, rules, _ = read(csv(tmp_path, *rows))
    assert not len(found) and rules == {"B2": "two", "B3": "two"}


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (["Kalimantan Selatan;9", "Banjar;8", "Tapin;7", "Jawa Barat;6", "Banjar;5", "Ciamis;4"],
         ["63", "6303", "6305", "32", "3279", "3207"]),
        (["Kalimantan Selatan;", "- Banjar;8", "- Tapin;7", "Jawa Barat;", "- Banjar;5", "- Bandung;4"],
         ["6303", "6305"]),  # the first of them may be a title
        (["Kalimantan Selatan;9", "Jawa Barat;6", "Banjar;8", "Tapin;7"], ["63", "32", "6305"]),
        (["Banjar;8", "Tapin;7", "Kalimantan Selatan;9"], ["6303", "6305", "63"]),
        (["Jawa Barat;6", "Banjar;8", "Tapin;7"], ["32", "6305"]),
    ],
)  # fmt: skip
def test_regencies_below_their_provinces_are_of_these(tmp_path, rows, codes):
    found, _, _ = read(csv(tmp_path, "BABS 2023 (%)", "Wilayah;Nilai", *rows))
    assert [code for code, *_ in found.values()] == codes


def test_one_cell_merged_over_two_regions_is_the_figure_of_neither(tmp_path):
    rows = [[HEAD, "Penanganan Sampah 2023 (%)"], ["Kab. Banjar", 78], ["Kota Banjarbaru", ""], ["Tapin", 66]]
    found, rules, _ = read(book(tmp_path, *rows, merged=[(1, 1, 2, 1)]))
    assert figures(found) == [("6305", 66)] and rules == {"B2": "joint", "B3": "joint"}


@pytest.mark.parametrize(
    ("title", "head", "labels", "codes"),
    [
        ("Akses Sanitasi Layak (%) Kabupaten Tabanan 2023", "Wilayah",
         ["Selemadeg", "Kerambitan", "Tabanan", "Kediri"], []),
        ("Akses Sanitasi Layak 2023 Kabupaten Ciamis (%)", "Nama", ["Ciamis", "Banjarsari", "Lakbok"], []),
        ("Akses Sanitasi Layak Kota Banjar 2023", "Wilayah", ["Banjar", "Pataruman", "Langensari"], []),
        ("Sanitasi Layak 2023 (%) Kabupaten Banjar", "Wilayah Kerja",
         ["Martapura", "Gambut", "Tapin", "Kab. Banjar"], ["6303"]),
        ("Sanitasi Layak 2023 (%) Kabupaten Banjar", "Wilayah", ["Banjar", "Tapin", "Kalsel", "Pulau X"],
         ["63", "6303", "6305"]),
    ],
)  # fmt: skip
def test_what_lies_in_the_regency_of_the_title_is_no_regency_of_the_same_name(
    tmp_path, title, head, labels, codes
):
    lines = [
        f"{title};",
        f"{head};Persentase",
        *(f"{label};{80 + place},1" for place, label in enumerate(labels)),
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert [code for code, _ in figures(found)] == codes
    assert set(rules.values()) <= {"part_of_region", "region"}


@pytest.mark.parametrize(
    ("head", "year"),
    [("2021-22", 0), ("2021/22", 0), ("2021-2022", 0), ("2009-10", 0), ("2021-05", 2021), ("2021", 2021)],
)
def test_two_years_in_short_are_not_the_first(tmp_path, head, year):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Sanitasi Layak {head} (%)", "Banjar;80,1", "Tapin;75,2"))
    assert {of for _, _, of, _ in found.values()} == ({year} if year else set())
    assert set(rules.values()) == (set() if year else {"year"})


@pytest.mark.parametrize("label", ["Rata-rata Kalimantan Selatan", "Rata rata Kalsel", "Jumlah Kabupaten"])
def test_a_mean_or_a_sum_of_rows_is_no_figure_of_the_province(tmp_path, label):
    lines = [f"{HEAD};Sanitasi Layak 2023 (%)", "Banjar;80,1", "Tapin;75,2", f"{label};77,65"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6303", 80.1), ("6305", 75.2)] and rules == {"B4": "subtotal"}


def test_a_column_of_technical_units_makes_rows_parts(tmp_path):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};UPTD;Sanitasi Layak 2023 (%)", "Banjar;Gambut;88,1"))
    assert not found and rules == {"C2": "facility"}


# -- units, parts of a year and footnotes said elsewhere than in the header -------------------------------------


PEOPLE, HOMES, HANDLED = "penduduk_jiwa", "rumah_tangga", "penanganan_sampah_ton"


@pytest.mark.parametrize(
    "lines",
    [
        ["Jumlah Penduduk 2023;", "Satuan : Ribu Jiwa;", f"{HEAD};2023", "Banjar;585,5", "Tapin;201,25"],
        [
            "Jumlah Penduduk Menurut Kabupaten/Kota dalam Ribu, 2023;",
            f"{HEAD};Jumlah",
            "Banjar;585,5",
            "Tapin;201,25",
        ],
        [f"{HEAD};Jumlah Penduduk 2023", "Banjar;585,5", "Tapin;201,25", "Satuan: ribu jiwa;"],
        [f"{HEAD};Jumlah Penduduk (000) 2023", "Banjar;585,5", "Tapin;201,25"],
        [f"{HEAD};Jumlah Penduduk ('000) 2023", "Banjar;585,5", "Tapin;201,25"],
        [f"{HEAD};Jumlah Penduduk (x 1.000) 2023", "Banjar;585,5", "Tapin;201,25"],
    ],
)
def test_thousands_wherever_they_are_stated(tmp_path, lines):
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6303", 585_500), ("6305", 201_250)] and not rules


@pytest.mark.parametrize(
    "header",
    ["Sanitasi Layak 2023 (‰)", "Sanitasi Layak 2023 (permil)", "Sanitasi Layak per 1.000 Rumah Tangga 2023"],
)
def test_per_mille_is_not_per_cent(tmp_path, header):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};{header}", "Banjar;88,5", "Tapin;77,1"))
    assert not found and rules == {"B2": "unit", "B3": "unit"}


@pytest.mark.parametrize(
    "note", ["Catatan: 2021 ton/hari", "*) tahun 2021 dalam ton per hari", "2021: kg/hari"]
)
def test_a_note_states_the_unit_of_one_year(tmp_path, note):
    head = f"{HEAD};Penanganan Sampah 2021 (ton);Penanganan Sampah 2022 (ton)"
    found, rules, _ = read(csv(tmp_path, head, "Banjar;285;93525", "Tapin;101;43365", f"{note};;"))
    assert found == {"C2": ("6303", HANDLED, 2022, 93525), "C3": ("6305", HANDLED, 2022, 43365)}
    assert rules["B2"] == rules["B3"] == "unit"


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ([88512, 47.1, 33.245, 12500], ["B3", "B4"]),
        ([88512, 47, 33, 12500], []),
        ([88512.25, 47.1, 3300.5, 12500.75], []),  # tonnes with decimals throughout
        ([88.5, 47.1, 33.2, 12500], []),
    ],
)
def test_thousands_lost_in_a_column_of_whole_ones(tmp_path, values, refused):
    rows = [[name, value] for name, value in zip(FOUR, values)]
    found, rules, _ = read(book(tmp_path, [HEAD, "Penanganan Sampah 2023 (ton/tahun)"], *rows))
    assert [place for place in rules if rules[place] == "small_amount"] == refused
    assert len(found) == len(values) - len(refused)


@pytest.mark.parametrize(
    ("header", "values", "stands"),
    [
        ("Backlog Kepemilikan Rumah 2023", (12, 9), False),
        ("Backlog Kepemilikan Rumah 2023", (12, 900), True),
        ("Backlog Kepemilikan Rumah 2023 (KK)", (12, 9), True),
        ("Jumlah Rumah Tangga 2023", (158, 121), False),
        ("Jumlah Rumah Tangga 2023", (158000, 121000), True),
    ],
)
def test_counts_too_small_for_a_regency(tmp_path, header, values, stands):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};{header}", f"Banjar;{values[0]}", f"Tapin;{values[1]}"))
    assert (len(found) == 2) == stands and set(rules.values()) == (set() if stands else {"unit"})


@pytest.mark.parametrize(
    "lines",
    [
        ["Timbulan Sampah (ton) Januari - September 2024;", f"{HEAD};Timbulan Sampah", "Kab. Banjar;88500"],
        ["Timbulan Sampah (ton) s.d. Sept 2024;", f"{HEAD};Timbulan Sampah", "Kab. Banjar;88500"],
        ["Timbulan Sampah (ton) TW III 2024;", f"{HEAD};Timbulan Sampah", "Kab. Banjar;88500"],
        [f"{HEAD};TW;Tahun;Timbulan Sampah (ton)", "Kab. Banjar;III;2024;88500"],
        ["kabupaten;tahun;periode;indikator;satuan;realisasi", "Kab. Banjar;2024;Jan-Juni;Timbulan Sampah;ton;88500"],
        ["kabupaten;tahun;periode;indikator;satuan;realisasi", "Kab. Banjar;2024;TW I;Timbulan Sampah;ton;88500"],
    ],
)  # fmt: skip
def test_part_of_a_year_is_no_amount_of_a_year(tmp_path, lines):
    found, rules, cleaned = read(csv(tmp_path, *lines))
    assert not found and set(rules.values()) == {"period"}
    assert not cleaned.issues["message"].str.contains("Satuan").any()


def test_a_sheet_of_part_of_a_year(tmp_path):
    path = tmp_path / "data.xlsx"
    for name, rule in (("TW III 2024", {"period"}), ("2024", {"period_unstated"})):
        with xlsxwriter.Workbook(path) as workbook:
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, [HEAD, "Timbulan Sampah (ton)"])
            sheet.write_row(1, 0, ["Kab. Banjar", 88500])
        assert set(read(path)[1].values()) == rule


@pytest.mark.parametrize(
    "title", ["Januari - Desember 2024", "Januari s.d. Desember 2024", "s.d. Desember 2024"]
)
def test_a_whole_year_said_by_its_months_is_a_year(tmp_path, title):
    lines = [f"Timbulan Sampah (ton/tahun) {title};", f"{HEAD};Timbulan Sampah", "Kab. Banjar;88500"]
    assert figures(read(csv(tmp_path, *lines))[0]) == [("6303", 88500)]


@pytest.mark.parametrize(
    ("legend", "note"),
    [
        ("*) data tahun 2021", None),
        ("*) termasuk Kota Banjarbaru", None),
        ("* hanya perkotaan", None),
        ("*) angka sementara", "angka sementara"),
        ("*) diragukan: sementara ini belum cocok", "angka sementara"),
        ("*) hasil pendataan dinas", "hasil pendataan dinas"),
    ],
)
def test_a_mark_means_what_the_legend_below_says(tmp_path, legend, note):
    lines = [f"{HEAD};Sanitasi Layak 2023 (%)", "Banjar;88,5*", "Tapin;77,1", f"{legend};"]
    found, rules, cleaned = read(csv(tmp_path, *lines))
    assert figures(found) == [("6303", 88.5)] * (note is not None) + [("6305", 77.1)]
    assert rules == ({} if note else {"B2": "footnoted"})
    if note:
        first = cleaned.observations.iloc[0]
        assert first["note"] == note
        assert first["status"] == ("provisional" if note == "angka sementara" else "official")


@pytest.mark.parametrize(
    ("note", "rule"), [("Data 2021", "year"), ("angka tahun 2021", "year"), ("Data 2023", "")]
)
def test_the_note_of_a_row_that_names_another_year(tmp_path, note, rule):
    lines = ["Sanitasi Layak (%);;", f"{HEAD};2023;Keterangan", f"Banjar;88,5;{note}", "Tapin;77,1;"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert rules == ({"B3": rule} if rule else {}) and len(found) == 2 - bool(rule)


# -- other shapes of files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrapped", [True, False])
def test_the_rows_of_an_open_data_portal_in_json(tmp_path, wrapped):
    rows = [
        {"id": place, "kode_kabupaten_kota": code, "nama_kabupaten_kota": name, "persentase_sanitasi_layak": value,
         "satuan": "PERSEN", "tahun": 2023}
        for place, (code, name, value) in enumerate(
            [(6303, "KABUPATEN BANJAR", 88.2), (6305, "KABUPATEN TAPIN", None), (6371, "KOTA BANJARMASIN", "91,5")]
        )
    ]  # fmt: skip
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"message": "ok", "error": 0, "data": rows} if wrapped else rows))
    found, rules, _ = read(path)
    assert found == {"D2": ("6303", SAN, 2023, 88.2), "D4": ("6371", SAN, 2023, 91.5)}
    assert rules == {"D3": "missing"}


def test_json_without_regions_is_refused(tmp_path):
    path = tmp_path / "data.json"
    path.write_text(json.dumps([{"judul": "x", "isi": 1}]))
    with pytest.raises(UnreadableFileError, match="tanpa data"):
        read(path)


@pytest.mark.parametrize("before", ["<p>Persentase Sanitasi Layak 2023</p>", "<h2>Sanitasi Layak 2023</h2>"])
def test_the_title_of_a_page_stands_above_its_table(tmp_path, before):
    path = page(tmp_path, [[HEAD, "Persentase"], ["Kab. Banjar", "88,5"]], before)
    found, rules, _ = read(path)
    assert figures(found) == [("6303", 88.5)] and set(rules.values()) == {"proposed"}


@pytest.mark.parametrize("head", ["K+D", "k + d", "Kota+Desa"])
def test_towns_and_villages_together_are_the_whole(tmp_path, head):
    lines = [
        "Akses Sanitasi Layak (%), 2023;;;",
        f"{HEAD};Perkotaan;Perdesaan;{head}",
        "Kab. Banjar;95,1;70,2;80,3",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert found == {"D3": ("6303", SAN, 2023, 80.3)} and rules == {"B3": "subgroup", "C3": "subgroup"}


# -- what words of headers, titles and notes make of figures ------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("No access to improved sanitation 2023 (%)", "indicator"),
        ("RT yg Tdk Memiliki Sanitasi Layak 2023 (%)", "indicator"),
        ("Sanitasi Layak 2023 (% terhadap total provinsi)", "unit"),
        ("Sanitasi Layak 2023 (% dari rumah tangga miskin di desa)", "unit"),
        ("Sanitasi Layak 2023 (% dari jumlah rumah tangga)", ""),
        ("Jumlah Kawasan Kumuh 2023", "unit"),
        ("Sanitasi Layak Desa 2023 (%)", "subgroup"),
        ("Sanitasi Layak Penerima PKH 2023 (%)", "subgroup"),
        ("Sanitasi Layak Kondisi Akhir RPJMD (2023)", "target_cell"),
        ("Penanganan Sampah TW III 2023 (ton)", "period"),
        ("Penanganan Sampah s.d. Sept 2023 (ton)", "period"),
        ("Penanganan Sampah 2023, ton/bln", "unit"),
        ("Penanganan Sampah per Bulan 2023 (ton)", "unit"),
        ("Sanitasi Layak s.d. Juni 2023 (%)", "part_of_year"),
        ("Sanitasi Layak Semester I 2023 (%)", "part_of_year"),
        ("Sanitasi Layak Semester II 2023 (%)", ""),
        ("Sanitasi Layak Maret 2023 (%)", ""),
    ],
)
def test_words_of_a_header(tmp_path, header, rule):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};{header}", "Kab. Banjar;88,5", "Tapin;77,1"))
    assert set(rules.values()) == {rule} - {""} and bool(found) == (rule in ("", "part_of_year"))


@pytest.mark.parametrize(
    ("title", "heads", "rows", "figures"),
    [
        (SANITATION, ["T", "R"], [[90, 80], [91, 81]], [80, 81]),
        (SANITATION, ["Kota", "Desa"], [[90, 80], [91, 81]], []),
        (SANITATION, ["Target", "Capaian Kinerja (%)"], [[80, 98.2], [81, 97]], []),
        (SANITATION, ["Target", "Realisasi", "Capaian Kinerja (%)"], [[80, 70, 98.2], [81, "-", 0]], [70]),
        (SANITATION, ["Kondisi Awal", "Realisasi"], [[80, 88], [81, 89]], [88, 89]),
        (SANITATION, ["Tahun Lalu", "Realisasi"], [[80, 88], [81, 89]], [88, 89]),
        ("Jumlah Penduduk Menurut Agama Islam", ["Jumlah"], [[90000, ""], [80000, ""]], []),
        (
            "Jumlah Penduduk Menurut Agama",
            ["Islam", "Jumlah"],
            [[90000, 91000], [80000, 81000]],
            [91000, 81000],
        ),
        ("Jumlah Rumah Tangga Menurut Akses Sanitasi", ["Akses", "Tidak"], [[90000, 1000], [80000, 900]], []),
        ("Rumah Tangga yang Tdk Memiliki Akses Sanitasi Layak", ["Persentase"], [[9.5, ""], [8.5, ""]], []),
        ("Akses Sanitasi Layak Daerah Desa", ["Persentase"], [[90.5, ""], [80.5, ""]], []),
    ],
)
def test_words_beside_each_other(tmp_path, title, heads, rows, figures):
    lines = [[f"{title} 2023"], [HEAD, *heads], *([name, *row] for name, row in zip(FOUR, rows))]
    assert sorted(value for *_, value in read(book(tmp_path, *lines))[0].values()) == sorted(figures)


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("hanya 3 kecamatan", "footnoted"),
        ("tidak termasuk Kota Banjarbaru", "footnoted"),
        ("satuan permil", "footnoted"),
        ("dalam ribu jiwa", "footnoted"),
        ("Data 2021", "year"),
        ("angka proyeksi BPS", "noted"),
        ("belum diverifikasi", "noted"),
        ("satuan %", ""),
        ("diolah Bappeda", ""),
    ],
)
def test_notes_of_a_row(tmp_path, note, rule):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Sanitasi Layak 2023 (%);Ket", f"Tapin;77;{note}", "Banjar;88;")
    )
    assert rules == ({"B2": rule} if rule else {}) and ("B2" in found) == (rule in ("", "noted"))


@pytest.mark.parametrize(
    ("note", "years"),
    [("angka merupakan target RPJMD", []), ("2023 adalah target", [2022]), ("target dicapai", [2022, 2023])],
)
def test_a_note_below_that_calls_figures_a_target(tmp_path, note, years):
    lines = [SANITATION, f"{HEAD};2022;2023", "Tapin;77;78", f"Keterangan: {note};;"]
    assert [year for _, _, year, _ in read(csv(tmp_path, *lines))[0].values()] == years


def test_kecamatan_called_like_regencies_under_a_title_without_one(tmp_path):
    names = ["Selemadeg", "Kerambitan", "Tabanan", "Kediri", "Marga"]
    lines = [f"{name};{80 + place}" for place, name in enumerate([*names, "Kab. Tapin"])]
    found, rules, _ = read(csv(tmp_path, "Wilayah;Sanitasi Layak 2023 (%)", *lines))
    assert figures(found) == [("6305", 85)] and [rules[f"B{row}"] for row in (4, 5)] == ["part_of_region"] * 2


def test_indicators_of_a_plan_under_their_usual_header(tmp_path):
    lines = ["Kinerja Dinas Kabupaten Banjar 2023;;;", "No;Indikator Kinerja Utama;Target;Realisasi"]
    found, _, _ = read(csv(tmp_path, *lines, "1;Akses Sanitasi Layak (%);90;88"))
    assert found == {"D3": ("6303", SAN, 2023, 88)}


def test_a_zero_among_large_shares_is_doubted(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Sanitasi Layak 2023 (%)", "Tapin;77", "Banjar;0", "Kotabaru;80")
    )
    assert rules == {"B3": "lone_zero"} and "B3" in found


LONE = ["Kab. Banjar;88,5", "Tapin;77,1"]


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Rumah Tangga Penerima PKH", "subgroup"),
        ("Perkotaan", "subgroup"),
        ("Kecamatan Gambut", "part_of_region"),
        ("Kelompok Umur 0-14 Tahun", "subgroup"),
        ("Relative Standard Error", "attained_cell"),
        ("Peringkat se-Kalimantan Selatan", "attained_cell"),
        ("Simulasi", "draft"),
        ("Balita Stunting", "title_words"),
        ("Pasar dan Terminal", "title_words"),
        ("Data Perumahan dan Permukiman Provinsi Kalimantan Selatan", ""),
        ("LKPJ Tahun Anggaran 2024", ""),
    ],
)
@pytest.mark.parametrize("place", ["title", "sheet"])
def test_a_title_over_columns_that_name_their_indicator(tmp_path, title, rule, place):
    rows = [[HEAD, "Sanitasi Layak 2023 (%)"], ["Kab. Banjar", 88.5], ["Tapin", 77.1]]
    if place == "sheet":
        if rule in ("title_words", "part_of_region"):
            return
        with xlsxwriter.Workbook(tmp_path / "data.xlsx") as workbook:
            sheet = workbook.add_worksheet(title[:31])
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
        found, rules, _ = read(tmp_path / "data.xlsx")
    else:
        found, rules, _ = read(book(tmp_path, [title], *rows))
    assert set(rules.values()) <= {rule, "subgroup" if rule == "part_of_region" else rule}
    assert bool(rules) == bool(rule) and bool(found) == (rule in ("", "title_words"))


@pytest.mark.parametrize(
    ("heads", "rows", "figures"),
    [
        (["Layak", "Tidak Layak", "Jumlah"], [[88, 12, 100], [77, 23, 100]], [77, 88]),
        (["Ledeng", "Sumur", "Total"], [[88, 12, 100], [77, 23, 100]], []),
        (["Layak Aman", "Lainnya", "Jumlah"], [[8, 92, 100], [7, 93, 100.04]], []),
        (["Persentase"], [[100], [100]], [100, 100]),
        (["Anggaran (Rp)", "Realisasi (Rp)", "Realisasi (%)"], [[900, 880, 97.8], [800, 790, 98.7]], []),
        (["2022", "\u0394 2023"], [[88, 3.5], [77, 2.5]], [77, 88]),
        (["2022", "2023 (+/-)"], [[88, 3.5], [77, 2.5]], [77, 88]),
        (["Capaian Kinerja (%)"], [[97.8], [98.7]], []),
    ],
)
def test_a_column_that_is_no_figure_of_the_title(tmp_path, heads, rows, figures):
    lines = [["Sanitasi Layak (%) 2023" if "2022" not in heads else "Sanitasi Layak (%)"], [HEAD, *heads]]
    found = read(book(tmp_path, *lines, *([name, *row] for name, row in zip(FOUR, rows))))[0]
    assert sorted(value for *_, value in found.values()) == figures


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Persentase Kawasan Kumuh 2023", ("kawasan_kumuh_pct", 88.5)),
        ("Kawasan Kumuh Tertangani 2023 (Ha)", ("kawasan_kumuh_tertangani_ha", 88.5)),
        ("Timbulan Sampah Ribu Ton 2023", (WASTE, 88500)),
        ("Timbulan Sampah 2023 (ribu ton/thn)", (WASTE, 88500)),
        ("Timbulan Sampah per Jiwa 2023", "unit"),
        ("Penanganan Sampah Laut 2023 (%)", "indicator"),
        ("Penanganan Sampah Tanah Laut 2023 (%)", "region"),
        ("Sanitasi Layak (SE) 2023", "attained_cell"),
        ("Sanitasi Layak (kota) 2023", "subgroup"),
        ("Sanitasi Layak Kota 2023", "subgroup"),
    ],
)
def test_units_and_places_without_brackets(tmp_path, header, told):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};{header}", *LONE))
    if isinstance(told, tuple):
        assert (found["B2"][1], found["B2"][3]) == told
    else:
        assert not found and set(rules.values()) == {told}


@pytest.mark.parametrize(
    "title", ["Kawasan Kumuh 2023", "Rekap BABS 2023", "Jumlah Penduduk 2023", "Sampah 2023"]
)
def test_people_under_the_title_of_something_else(tmp_path, title):
    found, _, _ = read(csv(tmp_path, title, f"{HEAD};Jumlah Penduduk (jiwa)", "Banjar;12000", "Tapin;13000"))
    assert len(found) == (0 if title[:1] in "KR" else 2)


@pytest.mark.parametrize(
    ("note", "rules"),
    [
        ("Catatan: data tahun 2021", {"A4": "table_note"}),
        ("Keterangan: hanya wilayah perkotaan", {"A4": "table_note"}),
        ("Keterangan: - data tidak tersedia", {}),
        ("Sumber: BPS, Susenas", {}),
    ],
)
def test_a_note_below_that_may_change_the_figures_is_told(tmp_path, note, rules):
    assert read(csv(tmp_path, f"{HEAD};Sanitasi Layak 2023 (%)", *LONE, note))[1] == rules


@pytest.mark.parametrize(
    "name", ["Sanitasi Layak Perkotaan 2023", "Target Sanitasi Layak 2023", "Sanitasi Layak TW I 2023"]
)
def test_a_file_name_that_says_of_what_part_proposes_nothing(tmp_path, name):
    assert not read(csv(tmp_path, f"{HEAD};Persentase", *LONE, name=f"{name}.csv"))[0]


def test_one_clear_name_decides_no_province_for_names_that_lie_elsewhere(tmp_path):
    rows = ["Kab. Bandung;81", "Malang;84", "Banjar;86"]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Air Minum Layak 2023 (%)", *rows))
    assert figures(found) == [("3204", 81)] and rules == {"B3": "region_ambiguous", "B4": "region_ambiguous"}


def test_long_codes_are_of_parts_of_a_regency(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, "kode wilayah;nama;Sanitasi Layak 2023", "6303010001;Banjar;88", "6305010;Tapin;77")
    )
    assert not found and set(rules.values()) == {"part_of_region"}


def test_a_total_that_is_the_mean_of_its_parts(tmp_path):
    rows = ["Kab. Banjar;577000", "Tapin;193000", "Kalimantan Selatan;385000"]
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Jumlah Penduduk 2023", *rows))
    assert figures(found) == [("6303", 577000), ("6305", 193000)] and rules == {"B4": "total"}


def test_kota_beside_a_kabupaten_is_where_people_live(tmp_path):
    found, rules, _ = read(
        csv(tmp_path, "nama kabupaten;klasifikasi;sanitasi layak 2023", "BANJAR;KOTA;95", "TAPIN;KOTA;85")
    )
    assert not found and set(rules.values()) == {"subgroup"}


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("perkotaan saja", "footnoted"),
        ("KK", "footnoted"),
        ("seharusnya 78,2", "noted"),
        ("tahun lalu", "noted"),
        ("angka target, realisasi belum ada", "target_cell"),
        ("di atas target nasional", ""),
    ],
)
def test_short_notes_of_a_row(tmp_path, note, rule):
    rules = read(csv(tmp_path, f"{HEAD};Sanitasi Layak 2023 (%);Ket", f"Tapin;77;{note}", "Banjar;88;"))[1]
    assert rules == ({"B2": rule} if rule else {})


@pytest.mark.parametrize("kinds", [("T", "R"), ("T", "Realisasi"), ("R", "R")])
@pytest.mark.parametrize("tidy", [False, True])
def test_letters_of_a_column_of_kinds(tmp_path, kinds, tidy):
    head = "kabupaten;tahun;indikator;nilai;jenis data" if tidy else f"{HEAD};Sanitasi Layak 2023 (%);Jenis"
    middle = "2023;Sanitasi Layak;" if tidy else ""
    lines = [f"{name};{middle}{80 + row};{kind}" for row, (name, kind) in enumerate(zip(FOUR, kinds))]
    assert len(read(csv(tmp_path, head, *lines))[0]) == len(kinds) - kinds.count("T")


@pytest.mark.parametrize("head", ["UPTD", "Unit Layanan", "Daerah Pelayanan", "PDAM"])
def test_names_of_providers_are_no_regions(tmp_path, head):
    found, rules, _ = read(
        csv(tmp_path, f"{head};Penanganan Sampah 2023 (ton/tahun)", "Banjar;8800", "Tapin;7700")
    )
    assert not found and set(rules.values()) == {"facility"}


@pytest.mark.parametrize(
    ("title", "rule"),
    [("Bulan Januari 2023", "period"), ("Keadaan s.d. 30 Juni 2023", "period"), ("Satuan: KK", "unit")],
)
def test_times_and_units_of_a_title_or_note(tmp_path, title, rule):
    header = f"{HEAD};Penanganan Sampah 2023 (ton/tahun)"
    lines = (
        [header, "Banjar;8800", "Tapin;7700", title]
        if "Satuan" in title
        else [title, header, "Banjar;8800", "Tapin;7700"]
    )
    assert set(read(csv(tmp_path, *lines))[1].values()) == {rule}


def test_a_list_on_a_sheet_that_names_two_regions(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "data.xlsx") as workbook:
        sheet = workbook.add_worksheet("Tapin dan HSS")
        for row, cells in enumerate([["Indikator", "2022", "2023"], ["Sanitasi Layak (%)", 80, 81]]):
            sheet.write_row(row, 0, cells)
    with pytest.raises(UnreadableFileError):
        read(tmp_path / "data.xlsx")


@pytest.mark.parametrize(
    ("head", "code", "values", "rule"),
    [
        ("Sanitasi Layak 2023", '0" KK"', (88, 77), "unit"),
        ("Sanitasi Layak 2023", '0.0" %"', (88.5, 77), ""),
        ("Sanitasi Layak 2023", '0.0" ‰"', (88.5, 77), "unit"),
        ("Luas Kawasan Kumuh 2023", '0.0" Ha"', (88.5, 77), ""),
        ("Luas Kawasan Kumuh 2023", '"Rp"#,##0', (88, 77), "unit"),
        ("Timbulan Sampah (ton/tahun) 2023", '0" m3"', (48000, 57000), "unit"),
        ("Timbulan Sampah (ton/tahun) 2023", '0"%"', (48000, 57000), "unit"),
        ("Jumlah Penduduk 2023", '#,##0," ribu"', (188123, 277321), ""),
        ("Jumlah Penduduk 2023", '#,##0" ribu jiwa"', (1188, 1277), "unit"),
        ("Sanitasi Layak 2023", '"±"0.0', (88.5, 77), "inexact"),
    ],
)
def test_what_the_format_of_a_cell_says_of_its_figure(tmp_path, head, code, values, rule):
    rows = [[name, (value, code)] for name, value in zip(["Kab. Banjar", "Tapin"], values)]
    found, rules, _ = read(
        book(tmp_path, [HEAD, head], *rows, ["Kotabaru", 40000 if values[0] > 1000 else 60])
    )
    read_rightly = [value for code, value in figures(found) if code != "6302"]
    assert read_rightly == ([] if rule else list(values))
    assert {place: found for place, found in rules.items() if place in ("B2", "B3")} == (
        {"B2": rule, "B3": rule} if rule else {}
    )


def test_each_table_of_a_page_has_the_heading_above_it(tmp_path):
    table = f"<table><tr><td>{HEAD}<td>Persen<tr><td>{{}}<td>{{}}</table>"
    first, second = table.format("Kab. Banjar", "80,5"), table.format("Tapin", "70,5")
    text = f"<h2>Sanitasi Layak (%) 2023</h2>{first}<h2>Air Minum Layak (%) 2022</h2>{second}"
    found = read_raw(csv(tmp_path, text, name="data.html"))[0]
    assert found[["region_code", "indicator", "year", "value"]].values.tolist() == [
        ["6303", SAN, 2023, 80.5],
        ["6305", WATER, 2022, 70.5],
    ]


def test_what_the_note_of_a_variable_of_the_webapi_limits_is_told(tmp_path):
    answer = json.loads(raw_files.webapi_answer({"630510401220": 70.5}, regions=[("6305", "Tapin")]))
    answer["var"][0]["note"] = "Hanya <b>perkotaan</b>"
    (tmp_path / "data.json").write_text(json.dumps(answer))
    told = read_raw(tmp_path / "data.json")[1]
    assert told.loc[told["severity"] == "warning", ["rule", "text"]].values.tolist() == [
        ["table_note", "Hanya perkotaan"]
    ]


def test_more_tonnes_than_a_regency_makes_are_refused_in_their_own_unit_too(tmp_path):
    lines = f"{HEAD};Timbulan Sampah 2019 (ton/tahun)", "Kab. Banjar;154557,83", "Tapin;22977276,11"
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6303", 154557.83)] and set(rules.values()) == {"range"}
