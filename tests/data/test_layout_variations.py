"""Small deviations seen in real files of the known layouts: each figure is read at its cell, or the cell is
listed with its rule.
"""

import json
from datetime import date, datetime

import openpyxl
import pytest

from pkp_analysis.data.clean import clean_file
from pkp_analysis.errors import UnreadableFileError

from . import raw_files

BPS_TITLE = (
    "Persentase Rumah Tangga menurut Kabupaten/Kota dan Memiliki Akses terhadap Sanitasi Layak (Persen)"
)
WATER_TITLE = (
    "Persentase Rumah Tangga yang Memiliki Akses terhadap Sumber Air Minum Layak Menurut Provinsi dan"
    " Klasifikasi Desa (Persen)"
)
DRAWN = datetime(2022, 1, 1)

# name: (lines, {cell: "code indicator year value"}, {cell: rule}); cells without an entry make neither.
TEXTS = {
    "every line in quotes": (
        [
            (
                '"Nomor;Kode Prov;Nama Provinsi;Nama Kabupaten;Kode Kab/Kota;Tipe;Tahun;Sanitasi'
                ' Layak;Peringkat"'
            ),
            '"97;18;Lampung;Lampung Barat;1804;Kabupaten;2018;77.43;110"',
            '"98;18;Lampung;Kota Metro;1872;Kota;2018;65.98;71"',
        ],
        {"H2": "1801 sanitasi_layak 2018 77.43", "H3": "1872 sanitasi_layak 2018 65.98"},
        {"I2": "attained_cell", "I3": "attained_cell", "F1": "text_column"},
    ),
    "a year column and regions left without figures": (
        [
            "Kabupaten/Kota;Tahun;Jumlah_Penduduk;Sanitasi_Layak",
            "Lampung Barat;2018;300703;53.54",
            "Metro;2019;167411;",
            "Tanggamus;;;",
        ],
        {
            "C2": "1801 penduduk_jiwa 2018 300703",
            "D2": "1801 sanitasi_layak 2018 53.54",
            "C3": "1872 penduduk_jiwa 2019 167411",
        },
        {"D3": "missing", "C4": "missing", "D4": "missing"},
    ),
    "open data portal of a province": (
        [
            "id,kode_provinsi,nama_provinsi,kode_kabupaten_kota,nama_kabupaten_kota,persentase_rumah_tangga_sanitasi_layak,satuan,tahun",
            "1,32,JAWA BARAT,3201,KABUPATEN BOGOR,65.3,PERSEN,2019",
            "2,32,JAWA BARAT,3279,KOTA BANJAR,90.5,PERSEN,2020",
        ],
        {"F2": "3201 sanitasi_layak 2019 65.3", "F3": "3279 sanitasi_layak 2020 90.5"},
        {},
    ),
    "title in the first line of a BPS csv": (
        [
            (
                "38 Provinsi,Persentase Rumah Tangga menurut Provinsi dan Memiliki Akses terhadap Sanitasi"
                " Layak (Persen),,"
            ),
            ",2021,2022,2023",
            "ACEH,77.5,78.25,79",
            "INDONESIA,80.29,...,82.36",
            ",,,",
            "Keterangan,,,",
            '"Sumber: BPS, Susenas 2022",,,',
            "1) Angka 15.2 sementara,,,",
            "-,,,",
        ],
        {
            "B3": "11 sanitasi_layak 2021 77.5",
            "C3": "11 sanitasi_layak 2022 78.25",
            "D3": "11 sanitasi_layak 2023 79",
            "B4": "00 sanitasi_layak 2021 80.29",
            "D4": "00 sanitasi_layak 2023 82.36",
        },
        {"C4": "missing"},
    ),
    "names with numbers, letters, codes and marks": (
        [
            "Kabupaten/Kota;Sanitasi Layak 2023",
            "1. Tanah Laut;70,1",
            "3) Banjar;70,3",
            "(4) Barito Kuala;70,4",
            "5 Tapin;70,5",
            "6.Hulu Sungai Selatan;70,6",
            "6307 Hulu Sungai Tengah;70,7",
            "63.09 Tabalong;70,9",
            "a. Tanah Bumbu;71",
            "- Balangan;71,1",
            "Kotabaru¹;71,2",
            "Banjarmasin1);71,3",
        ],
        {
            "B2": "6301 sanitasi_layak 2023 70.1",
            "B3": "6303 sanitasi_layak 2023 70.3",
            "B4": "6304 sanitasi_layak 2023 70.4",
            "B5": "6305 sanitasi_layak 2023 70.5",
            "B6": "6306 sanitasi_layak 2023 70.6",
            "B7": "6307 sanitasi_layak 2023 70.7",
            "B8": "6309 sanitasi_layak 2023 70.9",
            "B9": "6310 sanitasi_layak 2023 71",
            "B10": "6311 sanitasi_layak 2023 71.1",
            "B11": "6302 sanitasi_layak 2023 71.2",
            "B12": "6371 sanitasi_layak 2023 71.3",
        },
        {},
    ),
    "footnote marks behind figures": (
        [
            "Kabupaten/Kota;Sanitasi Layak 2023",
            "Tanah Laut;88,28¹",
            "Kotabaru;88,28 2)",
            "Banjar;88,28*)",
            "Tapin;88,28 %",
            "Balangan;88,28e",
        ],
        {
            f"B{row}": f"{code} sanitasi_layak 2023 88.28"
            for row, code in zip(range(2, 7), ("6301", "6302", "6303", "6305", "6311"))
        },
        {},
    ),
    "thin and non-breaking spaces": (
        [
            "Kabupaten/Kota;Jumlah Penduduk 2023",
            "Tanah\u00a0Laut;348\u202f966",
            "Kota\u2009Baru;325\u2009622",
            "Banjar;565\u00a0635",
        ],
        {
            "B2": "6301 penduduk_jiwa 2023 348966",
            "B3": "6302 penduduk_jiwa 2023 325622",
            "B4": "6303 penduduk_jiwa 2023 565635",
        },
        {},
    ),
    "Kemendagri codes": (
        [
            "Kode;Kabupaten/Kota;Sanitasi Layak 2023",
            "63.01;TANAH LAUT;70,5",
            "63.10;TANAH BUMBU;72,5",
            "6371.0;BANJARMASIN;90,1",
        ],
        {
            "C2": "6301 sanitasi_layak 2023 70.5",
            "C3": "6310 sanitasi_layak 2023 72.5",
            "C4": "6371 sanitasi_layak 2023 90.1",
        },
        {},
    ),
    "title and year above the header": (
        [
            "Judul: Sanitasi Layak menurut Kabupaten/Kota",
            "Tahun: 2022",
            "",
            "No;Kabupaten/Kota;Persentase",
            "1;Tapin;70,5",
            "2;Banjar;57,71",
        ],
        {"C5": "6305 sanitasi_layak 2022 70.5", "C6": "6303 sanitasi_layak 2022 57.71"},
        {},
    ),
    "tidy with a period": (
        ["wilayah,indikator,periode,nilai", "Tapin,Sanitasi Layak,2023.0,70.5"],
        {"D2": "6305 sanitasi_layak 2023 70.5"},
        {},
    ),
    "Banjar beside its own province": (
        ["Kabupaten/Kota;Sanitasi Layak 2022", "Banjar;57,71", "KALIMANTAN SELATAN;82,5"],
        {"B2": "6303 sanitasi_layak 2022 57.71", "B3": "63 sanitasi_layak 2022 82.5"},
        {},
    ),
    "Banjar without any hint": (
        ["Kabupaten/Kota;Sanitasi Layak 2022", "Banjar;57,71"],
        {},
        {"B2": "region_ambiguous"},
    ),
    "codes alone": (
        ["kode_wilayah,Sanitasi Layak 2023", "6301,70.5", "63.10,72.5"],
        {"B2": "6301 sanitasi_layak 2023 70.5", "B3": "6310 sanitasi_layak 2023 72.5"},
        {},
    ),
    "cards of landfills and of waste banks": (
        [
            (
                '"TPA Bakung...Kab. Barito Kuala, Kalimantan Selatan...2023...Sampah diterima'
                ' (ton/tahun)4,015.00...Sampah dikelola (kg/tahun)1,200,500.00"'
            ),
            '"Bank Sampah Asri...Kab. Banjar, Kalimantan Selatan...2023...Sampah diterima (ton/tahun)15.00"',
        ],
        {"A1": "6304 sampah_masuk_tpa_ton 2023 4015", "A1 ": "6304 sampah_dikelola_tpa_ton 2023 1200.5"},
        {"A2": "facility"},
    ),
}
HEADERS = [
    "Wilayah",
    "Kab/Kota",
    "Nama Kabupaten",
    "Kabupaten / Kota",
    "KAB./KOTA",
    "Nama Kabupaten/Kota",
    "Daerah",
    "Kabupaten dan Kota",
    "NAMA_KABUPATEN_KOTA",
    "Kabupaten-Kota",
    "Region",
    "Kabupaten/Kota (Regency/City)",
]
TEXTS |= {
    f"header {header}": (
        [f"No,{header},Sanitasi Layak 2022", "1,Tanah Laut,70.5", "2,Tapin,71.25"],
        {"C2": "6301 sanitasi_layak 2022 70.5", "C3": "6305 sanitasi_layak 2022 71.25"},
        {},
    )
    for header in HEADERS
}

# name: (rows, merged ranges, number formats, {cell: ...}, {cell: rule}); the sheet is called "Data" unless
# the name ends in @SHEET.
GRIDS = {
    "BPS export with several years and empty rows": (
        [
            ["Kabupaten/Kota"],
            [None, BPS_TITLE],
            [None, 2021, 2022],
            ["TANAH LAUT", 70.1, "-"],
            [],
            ["KOTA BANJAR BARU", 80, 81],
            [],
            ["Sumber: BPS"],
        ],
        ["A1:A3", "B2:C2"],
        {},
        {
            "B4": "6301 sanitasi_layak 2021 70.1",
            "B6": "6372 sanitasi_layak 2021 80",
            "C6": "6372 sanitasi_layak 2022 81",
        },
        {"C4": "missing"},
    ),
    "BPS export with categories above the years": (
        [
            ["38 Provinsi"],
            [None, WATER_TITLE],
            [None, "Perkotaan", None, "Perdesaan", None, "Perkotaan+Perdesaan"],
            [None, 2022, 2023, 2022, 2023, 2022, 2023],
            ["KALIMANTAN SELATAN", 88, 89, 65, 66, 77, 78],
        ],
        ["A1:A4", "B2:G2", "B3:C3", "D3:E3", "F3:G3"],
        {},
        {
            "B5": "63 air_minum_layak_perkotaan 2022 88",
            "C5": "63 air_minum_layak_perkotaan 2023 89",
            "D5": "63 air_minum_layak_perdesaan 2022 65",
            "E5": "63 air_minum_layak_perdesaan 2023 66",
            "F5": "63 air_minum_layak 2022 77",
            "G5": "63 air_minum_layak 2023 78",
        },
        {},
    ),
    "header in the sixth row": (
        [
            ["PEMERINTAH PROVINSI KALIMANTAN SELATAN"],
            ["DINAS PUPR"],
            ["Data Sanitasi Layak"],
            [],
            [],
            ["No", "Kabupaten/Kota", "Sanitasi Layak (%)", "Tahun"],
            [1, "Tanah Laut", "95,40 %", 2023],
            [2, "Tapin", "88,28*)", 2023],
        ],
        [],
        {},
        {"C7": "6301 sanitasi_layak 2023 95.4", "C8": "6305 sanitasi_layak 2023 88.28"},
        {},
    ),
    "year in the name of the sheet@Tahun 2023": (
        [["Kabupaten/Kota", "Sanitasi Layak (%)"], ["Tanah Laut", 95.4]],
        [],
        {},
        {"B2": "6301 sanitasi_layak 2023 95.4"},
        {},
    ),
    "Banjar under a title that names the province": (
        [
            ["PEMERINTAH PROVINSI KALIMANTAN SELATAN"],
            ["Kabupaten/Kota", "Sanitasi Layak 2022"],
            ["Banjar", 57.71],
        ],
        [],
        {},
        {"B3": "6303 sanitasi_layak 2022 57.71"},
        {},
    ),
    "areas with a total": (
        [
            ["Luas Kawasan Kumuh 2022 (ha)"],
            ["Kabupaten/Kota", "Luas (Ha)"],
            ["Tapin", "1.234,56"],
            ["Tabalong", "12,5"],
            ["Jumlah", "1.247,06"],
        ],
        [],
        {},
        {"B3": "6305 kawasan_kumuh_ha 2022 1234.56", "B4": "6309 kawasan_kumuh_ha 2022 12.5"},
        {"B5": "subtotal"},
    ),
    "years as dates": (
        [["Akses Sanitasi Layak"], ["Kabupaten/Kota", DRAWN, date(2023, 12, 31)], ["Tanah Laut", 95.4, 96]],
        [],
        {},
        {"B3": "6301 sanitasi_layak 2022 95.4", "C3": "6301 sanitasi_layak 2023 96"},
        {},
    ),
    "cells that show per cent": (
        [["Akses Sanitasi Layak"], ["Kabupaten/Kota", 2023], ["Tanah Laut", 0.954], ["Kotabaru", 1]],
        [],
        {"B3": "0.00%", "B4": "0%"},
        {"B3": "6301 sanitasi_layak 2023 95.4", "B4": "6302 sanitasi_layak 2023 100"},
        {},
    ),
    "codes stored as numbers": (
        [
            ["Kode", "Kabupaten/Kota", "Sanitasi Layak 2023"],
            [6301.0, "TANAH LAUT", 70.5],
            [63.1, "TANAH BUMBU", 72.5],
        ],
        [],
        {},
        {"C2": "6301 sanitasi_layak 2023 70.5", "C3": "6310 sanitasi_layak 2023 72.5"},
        {},
    ),
    "rows of totals": (
        [
            ["Akses Sanitasi Layak (%)"],
            ["Kabupaten/Kota", 2023],
            ["Tanah Laut", 95.4],
            ["Jumlah", 90],
            ["Rata-rata", 91.85],
            ["Rata-rata Kalimantan Selatan", 90],
        ],
        [],
        {},
        {"B3": "6301 sanitasi_layak 2023 95.4", "B6": "63 sanitasi_layak 2023 90"},
        {"B4": "subtotal", "B5": "subtotal"},
    ),
    "two tables side by side": (
        [
            ["Sanitasi Layak (%)", None, None, "Air Minum Layak (%)"],
            ["Kabupaten/Kota", 2023, None, "Kabupaten/Kota", 2023],
            ["Tapin", 95.4, None, "Tapin", 77.1],
        ],
        [],
        {},
        {"B3": "6305 sanitasi_layak 2023 95.4", "E3": "6305 air_minum_layak 2023 77.1"},
        {},
    ),
    "waste portal, generation": (
        [
            ["Timbulan Sampah"],
            [
                "Tahun",
                "Provinsi",
                "Kabupaten/Kota",
                "Timbulan Sampah Harian(ton)",
                "Timbulan Sampah Tahunan(ton)",
            ],
            [2023, "Kalimantan Selatan", "Kab. Tanah Laut", 165.47, 60396.55],
            [2023, "Kalimantan Selatan", "Kota Banjarbaru", "187.02", "68,262.30"],
        ],
        [],
        {},
        {"E3": "6301 timbulan_sampah_ton 2023 60396.55", "E4": "6372 timbulan_sampah_ton 2023 68262.3"},
        {"D3": "unit", "D4": "unit"},
    ),
    "waste portal, results": (
        [
            [
                "Tahun",
                "Provinsi",
                "Kabupaten/Kota",
                "Timbulan Sampah Tahunan (ton/tahun)(A)",
                "Pengurangan Sampah Tahunan (ton/tahun)(B)",
                "%Pengurangan Sampah(B/A)",
                "Penanganan Sampah Tahunan (ton/tahun)(C)",
                "%Penanganan Sampah(C/A)",
                "Sampah Terkelola Tahunan (ton/tahun)(B+C)",
                "%Sampah Terkelola(B+C)/A",
            ],
            [
                2023,
                "Kalimantan Selatan",
                "Kab. Tanah Laut",
                60396.55,
                12000.5,
                19.87,
                40000,
                66.23,
                52000.5,
                86.1,
            ],
        ],
        [],
        {},
        {
            "D2": "6301 timbulan_sampah_ton 2023 60396.55",
            "E2": "6301 pengurangan_sampah_ton 2023 12000.5",
            "F2": "6301 pengurangan_sampah 2023 19.87",
            "G2": "6301 penanganan_sampah_ton 2023 40000",
            "H2": "6301 penanganan_sampah 2023 66.23",
            "I2": "6301 sampah_terkelola_ton 2023 52000.5",
            "J2": "6301 sampah_terkelola 2023 86.1",
        },
        {},
    ),
    "indicators down the side": (
        [
            ["Indikator"],
            [None, "Indikator Perumahan Kalimantan Selatan"],
            [None, 2022, 2023],
            ["Sanitasi Layak (%)", 80, 81],
            ["Panjang Jalan (km)", 50, 48],
        ],
        ["A1:A3"],
        {},
        {"B4": "63 sanitasi_layak 2022 80", "C4": "63 sanitasi_layak 2023 81"},
        {"B5": "indicator", "C5": "indicator"},
    ),
    "figures of districts within a regency": (
        [
            ["Sanitasi layak (%) 2023"],
            ["Kabupaten/Kota", "Kecamatan", "Persentase"],
            ["Banjar", "Martapura", 60],
            ["Tapin", "Binuang", 62],
            ["Tapin", None, 65],
        ],
        [],
        {},
        {"C5": "6305 sanitasi_layak 2023 65"},
        {"C3": "part_of_region", "C4": "part_of_region"},
    ),
    "thousands in the title": (
        [
            ["Jumlah Penduduk (ribu jiwa) Kalimantan Selatan"],
            ["Kabupaten/Kota", "2022", "2023"],
            ["Tanah Laut", "356,1", 360.2],
        ],
        [],
        {},
        {"B3": "6301 penduduk_jiwa 2022 356100", "C3": "6301 penduduk_jiwa 2023 360200"},
        {},
    ),
    "table of a statistical yearbook": (
        [
            [
                "Tabel 4.3 Persentase Rumah Tangga dengan Sanitasi Layak Menurut Kabupaten/Kota di Provinsi"
                " Kalimantan Selatan, 2022 dan 2023"
            ],
            [],
            ["Kabupaten/Kota\nRegency/Municipality", 2022, 2023],
            ["(1)", "(2)", "(3)"],
            ["Kabupaten/Regency"],
            ["1. Tapin", 60, 61],
            ["Kota/Municipality"],
            ["1. Banjarmasin", 90, "..."],
            ["Sumber/Source: BPS, Susenas 2023"],
        ],
        [],
        {},
        {
            "B6": "6305 sanitasi_layak 2022 60",
            "C6": "6305 sanitasi_layak 2023 61",
            "B8": "6371 sanitasi_layak 2022 90",
        },
        {"C8": "missing"},
    ),
}

# name: (text of a csv, what its cells make: "B2 6305 babs_terbuka 2023 12.3; B3 unit").
TRAPS = {
    "households without a unit and whole figures may be a count": (
        "Kabupaten/Kota;Rumah Tangga BABS 2023;Rumah Tangga BABS (%) 2022\nTapin;12;12\nBanjar;44;44",
        "B2 unit; B3 unit; C2 6305 babs_terbuka 2022 12; C3 6303 babs_terbuka 2022 44",
    ),
    "decimals, shown or typed, make them a share": (
        "Kabupaten/Kota;Rumah Tangga BABS 2023;Rumah Tangga BABS 2022\nTapin;12,3;12,0\nBanjar;44;44,0",
        "B2 6305 babs_terbuka 2023 12.3; B3 6303 babs_terbuka 2023 44; C2 6305 babs_terbuka 2022 12;"
        "C3 6303 babs_terbuka 2022 44",
    ),
    "so does a title that says so": (
        "Tabel 1. Persentase Rumah Tangga BABS 2023;\nKabupaten/Kota;Jumlah\nTapin;12\nBanjar;44",
        "B3 6305 babs_terbuka 2023 12; B4 6303 babs_terbuka 2023 44",
    ),
    "a title of households over a column called number": (
        "Rumah Tangga BABS 2023;\nKabupaten/Kota;Jumlah\nTapin;12\nBanjar;44",
        "B3 unit; B4 unit",
    ),
    "households without a unit in a long table": (
        "kabupaten;tahun;indikator;nilai\nTapin;2023;KK BABS;12\nTapin;2023;sanitasi_layak;44",
        "D2 unit; D3 6305 sanitasi_layak 2023 44",
    ),
    "a line of the unit above that contradicts the header": (
        "Satuan : KK;\nKabupaten/Kota;Sanitasi Layak 2023 (%)\nTapin;88\nBanjar;77",
        "B3 unit; B4 unit",
    ),
    "a line of the unit below that contradicts the header": (
        "Kabupaten/Kota;Timbulan Sampah 2023 (ton/tahun)\nTapin;88000\nBanjar;77000\nSatuan : ton/hari;",
        "B2 unit; B3 unit",
    ),
    "a line of the unit for the columns that state none": (
        "Satuan : Unit;;\nKabupaten/Kota;Bank Sampah 2023;BABS 2023 (%)\nTapin;8;8\nBanjar;7;7",
        "B3 6305 bank_sampah_unit 2023 8; B4 6303 bank_sampah_unit 2023 7; C3 6305 babs_terbuka 2023 8;"
        "C4 6303 babs_terbuka 2023 7",
    ),
    "lists of one region beside each other": (
        "Kabupaten Banjar;;;;;\nNo;Indikator;2023;No;Uraian;2022\n1;Sanitasi Layak (%);88;3;Air Minum Layak (%);77\n"
        "2;Penduduk (jiwa);588100;4;Bank Sampah (unit);78",
        "C3 6303 sanitasi_layak 2023 88; C4 6303 penduduk_jiwa 2023 588100; F3 6303 air_minum_layak 2022 77;"
        "F4 6303 bank_sampah_unit 2022 78",
    ),
    "lists of two regions beside each other": (
        "Kabupaten Banjar;;;Kabupaten Tapin;\nIndikator;2023;;Indikator;2023\nSanitasi Layak (%);88;;BABS (%);7",
        "B3 6303 sanitasi_layak 2023 88; E3 6305 babs_terbuka 2023 7",
    ),
    "years of one region beside each other": (
        "Kabupaten Banjar;;;;\nTahun;Sanitasi Layak (%);;Tahun;Air Minum Layak (%)\n2022;88;;2020;77\n2023;89;;2021;78",
        "B3 6303 sanitasi_layak 2022 88; B4 6303 sanitasi_layak 2023 89; E3 6303 air_minum_layak 2020 77;"
        "E4 6303 air_minum_layak 2021 78",
    ),
    "a column of years before each column of figures": (
        "Kabupaten/Kota;Tahun;Sanitasi Layak (%);Tahun;Air Minum Layak (%)\nTapin;2022;88;2020;77\n"
        "Banjar;2023;89;2021;78",
        "C2 6305 sanitasi_layak 2022 88; C3 6303 sanitasi_layak 2023 89; E2 6305 air_minum_layak 2020 77;"
        "E3 6303 air_minum_layak 2021 78",
    ),
    "lines of a key and its value above a list": (
        "Provinsi;Kalimantan Selatan\nKabupaten;BANJAR\nTahun;2024\nSatuan;Persen\n\n"
        "Indikator;Nilai\nSanitasi layak;88\n",
        "B7 6303 sanitasi_layak 2024 88",
    ),
    "with a colon in a cell of its own": (
        "Kabupaten;:;Banjar\nTahun;:;2024\nNo;Indikator;Capaian\n1;Sanitasi layak (%);88\n",
        "C4 6303 sanitasi_layak 2024 88",
    ),
    "such lines above a table of regions": (
        "Provinsi;Kalimantan Selatan\nIndikator;BABS\nTahun;2024\nSatuan;KK\nKabupaten/Kota;Nilai\nBanjar;88,5\n",
        "B6 unit",
    ),
    "such a line in one cell": (
        "Nama Indikator : Sanitasi Layak\nTahun : 2024\nKabupaten/Kota;Nilai\nTapin;88,5\n",
        "B4 6305 sanitasi_layak 2024 88.5",
    ),
    "a regency of another province than the title's": (
        "Sanitasi Layak (%) di Provinsi Kalimantan Selatan 2023;\nKabupaten/Kota;Nilai\nTapin;88\nTabalong;77\n"
        "Kota Palangka Raya;66\nIndonesia;55\nKalimantan Tengah;44",
        "B3 6305 sanitasi_layak 2023 88; B4 6309 sanitasi_layak 2023 77; B5 region; B6 00 sanitasi_layak 2023 55;"
        "B7 62 sanitasi_layak 2023 44",
    ),
    "a header a column beside what it heads": (
        "No;Kabupaten/Kota;Sanitasi Layak 2022 (%);Air Minum Layak 2022 (%)\n;1;Tapin;51;66,1\n;2;Banjar;77,1;88,1",
        "D2 columns; E2 columns; D3 columns; E3 columns",
    ),
    "a lower header a column beside its figures": (
        "Kabupaten/Kota;Sanitasi Layak;;Air Minum Layak;;\n;;2022;2023;2022;2023\nTapin;51;52;53;54;\n"
        "Banjar;61;62;63;64;",
        "B3 columns; C3 columns; D3 columns; E3 columns; F3 missing;"
        "B4 columns; C4 columns; D4 columns; E4 columns; F4 missing",
    ),
    "a column of per cent is of the column left of it": (
        "Tahun 2023;;;;\nKabupaten/Kota;Sanitasi Layak;%;BABS;Persen\nTapin;40;80;2;5,5\nBanjar;50;70;3;1,1",
        "B3 unit; B4 unit; C3 6305 sanitasi_layak 2023 80; C4 6303 sanitasi_layak 2023 70; D3 unit; D4 unit;"
        "E3 6305 babs_terbuka 2023 5.5; E4 6303 babs_terbuka 2023 1.1",
    ),
    "houses without a unit": (
        "Kabupaten/Kota;RTLH Tertangani 2023\nTapin;90\nBanjar;144",
        "B2 unit; B3 unit",
    ),
    "a header of the next table is no legend": (
        "Sanitasi Layak 2022 (%);;\nKabupaten/Kota;Sanitasi Layak;BABS\nTapin;40;8\nSanitasi Layak 2023 (%);;\n"
        "Kabupaten/Kota;Sanitasi Layak;BABS\nTapin;50;7\n",
        "B3 6305 sanitasi_layak 2022 40; C3 6305 babs_terbuka 2022 8; B6 6305 sanitasi_layak 2023 50;"
        "C6 6305 babs_terbuka 2023 7",
    ),
    "indicators of sectoral statistics": (
        "kode_wilayah;nama_wilayah;kode_dssd;uraian_dssd;satuan;2022\n6303;Kab. Banjar;1.03;Sanitasi layak;Persen;80\n"
        "6303;Kab. Banjar;1.04;Jumlah rumah tangga;Rumah Tangga;80000",
        "F2 6303 sanitasi_layak 2022 80; F3 6303 rumah_tangga 2022 80000",
    ),
    "a note explains the mark of one header": (
        "Sanitasi Layak (%);;;\nKabupaten/Kota;2021;2022 2);2023*\nTapin;80;82;83\n"
        "2) Sampai triwulan II;;;\n*) Target;;;",
        "B3 6305 sanitasi_layak 2021 80; C3 footnoted; D3 target_cell; A4 table_note",
    ),
    "the usual mark of a header": (
        "Sanitasi Layak (%);;\nKabupaten/Kota;2022;2023*\nTapin;82;83\n*) Angka sementara;;",
        "B3 6305 sanitasi_layak 2022 82; C3 6305 sanitasi_layak 2023 83",
    ),
    "the kind of each region in a column of its own": (
        "Kab/Kota;Nama;Sanitasi Layak 2023 (%)\nKab;Banjar;80\nKota;Banjar;81",
        "C2 6303 sanitasi_layak 2023 80; C3 3279 sanitasi_layak 2023 81; A1 text_column",
    ),
    "codes in two columns, of the province and within it": (
        "kode_prov;kode_kab;nama;tahun;indikator;nilai\n63;05;Tapin;2023;sanitasi_layak;82\n63;3;Banjar;2023;babs;8",
        "F2 6305 sanitasi_layak 2023 82; F3 6303 babs_terbuka 2023 8",
    ),
    "such codes without names": (
        "kode_prov;kode_kab;tahun;indikator;nilai\n63;5;2023;sanitasi_layak;82",
        "E2 6305 sanitasi_layak 2023 82",
    ),
    "such codes over a table": (
        "kode_prov;kode_kab;nama;Sanitasi Layak 2023\n63;05;Tapin;82\n63;03;Banjar;80\n63;05;Balangan;60",
        "D2 6305 sanitasi_layak 2023 82; D3 6303 sanitasi_layak 2023 80; D4 region_conflict",
    ),
    "codes beside the name of the province": (
        "provinsi;kode_kab;tahun;indikator;nilai\nKalimantan Selatan;6305;2023;sanitasi_layak;82",
        "E2 6305 sanitasi_layak 2023 82",
    ),
    "an indicator or a year written once over its regions": (
        "Tahun;Indikator;Kabupaten/Kota;Nilai (%)\n2022;Sanitasi Layak;Tapin;80\n;;Banjar;70\n"
        "2023;BABS;Tapin;6\n;;Banjar;5",
        "D2 6305 sanitasi_layak 2022 80; D3 6303 sanitasi_layak 2022 70; D4 6305 babs_terbuka 2023 6;"
        "D5 6303 babs_terbuka 2023 5",
    ),
    "a unit and a year right of the regions": (
        "Indikator;Tapin;Banjar;Satuan;Tahun\nTimbulan Sampah;32000;105000;ton/tahun;2022\n"
        "Sanitasi Layak;80;82;KK;2023",
        "B2 6305 timbulan_sampah_ton 2022 32000; C2 6303 timbulan_sampah_ton 2022 105000; B3 unit; C3 unit",
    ),
    "a plan that does not say what its figures are": (
        "RKPD 2025 Kabupaten Banjar;;\nIndikator;2024;2025\nSanitasi Layak (%);80;81",
        "B3 either; C3 either",
    ),
    "a plan that says it": (
        "Capaian RKPD Kabupaten Banjar;;\nIndikator;2022;2023\nSanitasi Layak (%);80;81",
        "B3 6303 sanitasi_layak 2022 80; C3 6303 sanitasi_layak 2023 81",
    ),
    "figures that were agreed on": (
        "Perjanjian Kinerja Tahun 2024 Kabupaten Banjar;;\nIndikator;Satuan;Nilai\nSanitasi Layak;%;80",
        "C3 target_cell",
    ),
    "a row of the province that does not name it": (
        "Sanitasi Layak Kalimantan Selatan 2023 (%);\nKabupaten/Kota;Persen\nTapin;80\nProvinsi;81,4",
        "B3 6305 sanitasi_layak 2023 80; B4 subtotal",
    ),
    "figures before a region was founded": (
        "Wilayah;Sanitasi Layak 2002;Sanitasi Layak 2003;Penduduk 2002\nBalangan;51;52;98123\n"
        "Kalimantan Utara;53;54;404000",
        "B2 year; C2 6311 sanitasi_layak 2003 52; D2 6311 penduduk_jiwa 2002 98123; B3 year; C3 year;"
        "D3 65 penduduk_jiwa 2002 404000",
    ),
    "sums of the kinds right below the header": (
        "No;Kabupaten/Kota;Sanitasi Layak 2023\nA;Kabupaten;75\n1;Tapin;80,5\nB;Kota;90,5\n1;Banjarmasin;90",
        "C2 subtotal; C3 6305 sanitasi_layak 2023 80.5; C4 subtotal; C5 6371 sanitasi_layak 2023 90",
    ),
    "a note right of the regions": (
        "Indikator 2023;Tapin;Banjar;Keterangan\nSanitasi Layak (%);80;82;angka 2022\nBABS (%);1,5;2,5;target",
        "B2 6305 sanitasi_layak 2022 80; C2 6303 sanitasi_layak 2022 82; B3 target_cell; C3 target_cell",
    ),
    "the share of a target": (
        "SPM Kabupaten Banjar 2023;;;;\nJenis Pelayanan;Indikator;Target;Realisasi;%\n"
        "Air Limbah;SPM Air Minum;90;80;89",
        "C3 target_cell; D3 6303 spm_air_minum 2023 80; E3 attained_cell",
    ),
    "the number of a goal before its indicator": (
        "Kabupaten Banjar;;\nIndikator;2022;2023\n6.2.1.(b) Persentase akses sanitasi layak;80;81",
        "B3 6303 sanitasi_layak 2022 80; C3 6303 sanitasi_layak 2023 81",
    ),
    "a line of an unknown unit against the header": (
        "Satuan : Ribu Rupiah;\nKabupaten/Kota;Penduduk 2023 (jiwa)\nTapin;188123\nBanjar;577245",
        "B3 unit; B4 unit",
    ),
    "a line of two units": (
        "Satuan : KK dan %;;\nKabupaten/Kota;BABS 2023 (KK);BABS 2023 (%)\nTapin;4000;8",
        "B3 unit; C3 6305 babs_terbuka 2023 8",
    ),
    "a blank unit among others that do not fit": (
        "Indikator;Satuan;Kabupaten/Kota;2023\nSanitasi Layak;%;Tapin;80\n;;Banjar;70\nBABS;KK;Tapin;50\n;;Banjar;40",
        "D2 6305 sanitasi_layak 2023 80; D3 6303 sanitasi_layak 2023 70; D4 unit; D5 unit",
    ),
    "thousands that no regency has": (
        "Satuan : ribu jiwa;\nKabupaten/Kota;Penduduk 2023 (jiwa)\nTapin;188\nBanjar;577000",
        "B3 6305 penduduk_jiwa 2023 188000; B4 range",
    ),
}


def checked(path, figures: dict, rules: dict) -> None:
    cleaned = clean_file(path, {"source_id": "uji"})
    counts = cleaned.counts
    assert counts["candidates"] == counts["observations"] + counts["rejected"] + counts["missing"]
    found = sorted(
        (f"{row.column}{row.row}", row.region_code, row.indicator, row.year, row.value)
        for row in cleaned.observations.itertuples()
    )
    wanted = [(cell.strip(), *text.split()) for cell, text in figures.items()]
    assert found == sorted(
        (cell, code, indicator, int(year), float(value)) for cell, code, indicator, year, value in wanted
    )
    told = cleaned.issues[cleaned.issues["rule"] != "decimal_style"]
    assert {f"{row.column}{row.row}": row.rule for row in told.itertuples()} == rules


@pytest.mark.parametrize("name", TEXTS)
def test_texts(tmp_path, name):
    lines, figures, rules = TEXTS[name]
    path = tmp_path / "data.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig", newline="")
    checked(path, figures, rules)


@pytest.mark.parametrize("name", TRAPS)
def test_traps(tmp_path, name):
    text, made = TRAPS[name]
    (tmp_path / "data.csv").write_text(text + "\n", encoding="utf-8")
    made = [cell.strip().split(" ", 1) for cell in made.split(";")]
    figures = {cell: told for cell, told in made if " " in told}
    checked(tmp_path / "data.csv", figures, {cell: told for cell, told in made if " " not in told})


@pytest.mark.parametrize("name", GRIDS)
def test_workbooks(tmp_path, name):
    rows, merged, formats, figures, rules = GRIDS[name]
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = name.partition("@")[2] or "Data"
    for row in rows:
        sheet.append(row)
    for place in merged:
        sheet.merge_cells(place)
    for cell, number_format in formats.items():
        sheet[cell].number_format = number_format
    workbook.save(tmp_path / "data.xlsx")
    checked(tmp_path / "data.xlsx", figures, rules)


def test_categories_down_the_side_are_named_in_the_error_or_beside_other_sheets(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (
        ["Sumber Air Minum"],
        [None, "Persentase Rumah Tangga menurut Sumber Air Minum (Persen)"],
        [None, 2022, 2023],
        ["Ledeng", 20, 21],
        ["Sumur", 30, 31],
    ):
        sheet.append(row)
    workbook.save(tmp_path / "data.xlsx")
    with pytest.raises(
        UnreadableFileError, match="'Ledeng', 'Sumur', bukan nama wilayah. 4 angkanya tidak dibaca"
    ):
        clean_file(tmp_path / "data.xlsx", {})
    second = workbook.create_sheet("Sanitasi")
    second.append(["Kabupaten/Kota", "Sanitasi Layak 2022"])
    second.append(["Tapin", 71.5])
    workbook.save(tmp_path / "data.xlsx")
    cleaned = clean_file(tmp_path / "data.xlsx", {})
    assert cleaned.observations["value"].tolist() == [71.5]
    assert cleaned.issues[["sheet", "rule", "severity"]].values.tolist() == [
        ["Sheet", "unread_table", "warning"]
    ]


def test_two_fractions_of_an_xls_without_a_per_cent_format(tmp_path):
    path = raw_files.xls(
        tmp_path / "data.xls",
        [["Kabupaten/Kota", "Sanitasi layak 2022"], ["Tapin", 0.954], ["Tabalong", 0.8828]],
    )
    issues = clean_file(path, {}).issues
    assert issues[["rule", "severity", "suggestion"]].values.tolist() == [
        ["fraction", "rejected", "tulis 95,4"],
        ["fraction", "rejected", "tulis 88,28"],
    ]


def test_webapi_answer_as_it_comes_with_numbers_as_texts_and_marks_in_labels(tmp_path):
    answer = json.loads(
        raw_files.webapi_answer(
            {"630110401210": 70.5, "637110401220": "71,25", "630010401220": 82.5},
            regions=[
                ("6301", "Tanah Laut"),
                ("6371", "Kota Banjarmasin"),
                ("6300", "<b>Kalimantan Selatan</b>"),
            ],
        )
    )
    answer |= {
        "last_update": "2024-02-01",
        "labelvervar": "Kabupaten/Kota",
        "related": {},
        "turvar": [{"val": "0", "label": "Tidak ada"}],
    }
    (tmp_path / "data.json").write_text(json.dumps(answer))
    found = clean_file(tmp_path / "data.json", {}).observations
    assert found[["region_code", "year", "value"]].values.tolist() == [
        ["6301", 2021, 70.5],
        ["6371", 2022, 71.25],
        ["63", 2022, 82.5],
    ]
