"""Every layout of the field, read from a file built like the real ones: layout found, each figure at its
cell.
"""

import json
import struct

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from pkp_analysis.data.clean import clean_file, read_raw
from pkp_analysis.data.readers import read_cells, workbook_child
from pkp_analysis.data.readers.sheet import block, spread
from pkp_analysis.data.readers.text import find_delimiter
from pkp_analysis.errors import UnreadableFileError

from . import raw_files


def values(observations: pd.DataFrame) -> dict:
    return {(row.region_code, row.indicator, row.year): row.value for row in observations.itertuples()}


def rules(issues: pd.DataFrame) -> dict:
    """Address -> rule."""
    return {f"{row.sheet}!{row.column}{row.row}": row.rule for row in issues.itertuples()}


def counted(path, source=None):
    cleaned = clean_file(path, {} if source is None else source)
    counts = cleaned.counts
    assert counts["candidates"] == counts["observations"] + counts["rejected"] + counts["missing"]
    assert counts["observations"] == len(cleaned.observations)
    return cleaned


def test_bps_xlsx_with_several_years(tmp_path):
    rows = [
        ("ACEH", 77.5, 78.25, 79.0),
        ("KEP. BANGKA BELITUNG", 92.6, "-", 93.1),
        ("JAMBI", 80.1, 81.2, 82.3),
        ("INDONESIA", 80.29, 80.92, 82.36),
    ]
    path = raw_files.bps_xlsx(tmp_path / "ekspor.xlsx", rows, years=(2021, 2022, 2023))
    cleaned = counted(path)
    assert cleaned.layout == "bps_xlsx"
    assert cleaned.counts == {"candidates": 12, "observations": 11, "rejected": 0, "missing": 1}
    found = values(cleaned.observations)
    assert found["11", "sanitasi_layak", 2022] == 78.25
    assert found["19", "sanitasi_layak", 2023] == 93.1
    assert found["15", "sanitasi_layak", 2021] == 80.1, "Jambi in a table of provinces is the province"
    assert found["00", "sanitasi_layak", 2023] == 82.36
    babel = cleaned.observations.query("region_code == '19' and year == 2023").iloc[0]
    assert (babel["sheet"], babel["row"], babel["column"]) == ("Sheet1", 5, "D")
    assert rules(cleaned.issues) == {"Sheet1!C5": "missing"}


def test_bps_xlsx_with_one_year(tmp_path):
    path = raw_files.bps_xlsx(tmp_path / "satu.xlsx", [("KALIMANTAN SELATAN", 82.55), ("INDONESIA", 80.92)])
    observations, issues = read_raw(path)
    assert values(observations) == {
        ("63", "sanitasi_layak", 2022): 82.55,
        ("00", "sanitasi_layak", 2022): 80.92,
    }
    assert issues.empty


def test_bps_csv(tmp_path):
    path = tmp_path / "ekspor.csv"
    path.write_text(
        "38 Provinsi,Persentase Sanitasi Layak 2022,,\nACEH,78.25,,\nPAPUA"
        " PEGUNUNGAN,...,,\nINDONESIA,80.92,,\n,,,\nKeterangan,,,\n-,,,\n",
        encoding="utf-8-sig",
    )
    cleaned = counted(path)
    assert cleaned.layout == "bps_csv"
    assert values(cleaned.observations) == {
        ("11", "sanitasi_layak", 2022): 78.25,
        ("00", "sanitasi_layak", 2022): 80.92,
    }
    assert cleaned.issues[["row", "column", "text", "rule"]].values.tolist() == [[3, "B", "...", "missing"]]


def test_bps_csv_corrupted_total_is_refused(tmp_path):
    path = tmp_path / "penduduk.csv"
    path.write_text(
        "Kabupaten/Kota,Jumlah Penduduk 2020\nTanah Laut,348966\nKotabaru,325622\nBanjar,565635\nKALIMANTAN"
        " SELATAN,505\n,\nKeterangan,\n-,\n",
        encoding="utf-8-sig",
    )
    cleaned = counted(path)
    assert len(cleaned.observations) == 3
    refused = cleaned.issues[cleaned.issues["severity"] == "rejected"]
    assert refused[["row", "column", "text"]].values.tolist() == [[5, "B", "505"]]


def test_total_smaller_than_its_parts_is_refused(tmp_path):
    path = tmp_path / "penduduk.csv"
    path.write_text(
        "Kabupaten/Kota,Jumlah Penduduk 2020\nTanah Laut,348966\nKotabaru,325622\nBanjar,565635\nKALIMANTAN"
        " SELATAN,50500\n",
        encoding="utf-8",
    )
    refused = counted(path).issues.query("severity == 'rejected'")
    assert refused[["row", "rule", "suggestion"]].values.tolist() == [[5, "total", "1240223"]]


def test_indicator_and_year_fill_what_the_file_does_not_say(tmp_path):
    path = tmp_path / "polos.csv"
    path.write_text("Kabupaten/Kota,Nilai\nTapin,71.25\nKota Banjarbaru,88.5\n", encoding="utf-8")
    observations, issues = read_raw(path)
    assert observations.empty and set(issues["rule"]) == {"indicator"}
    observations, issues = read_raw(path, indicator="sanitasi_layak")
    assert observations.empty and set(issues["rule"]) == {"year"}
    observations, issues = read_raw(path, indicator="sanitasi_layak", year=2023)
    assert values(observations) == {
        ("6305", "sanitasi_layak", 2023): 71.25,
        ("6372", "sanitasi_layak", 2023): 88.5,
    }
    assert issues.empty


def test_given_indicator_does_not_replace_the_one_in_the_header(tmp_path):
    path = tmp_path / "dua.csv"
    path.write_text(
        "Kabupaten/Kota,Sanitasi Layak 2022,Sumur bor 2022,Sungai 2022\nTapin,71.25,10.5,20.5\n",
        encoding="utf-8",
    )
    observations, issues = read_raw(path, indicator="air_minum_layak")
    assert values(observations) == {("6305", "sanitasi_layak", 2022): 71.25}
    assert set(issues["rule"]) == {"indicator"}, "two unknown columns cannot both be the indicator asked for"


def test_webapi_keys_run_together(tmp_path):
    path = tmp_path / "104.json"
    path.write_text(
        raw_files.webapi_answer(
            {"630110401210": 70.5, "630110401220": 71.25, "630310401220": "...", "999910401220": 5}
        ),
        encoding="utf-8",
    )
    cleaned = counted(path)
    assert cleaned.layout == "bps_webapi"
    assert values(cleaned.observations) == {
        ("6301", "sanitasi_layak", 2021): 70.5,
        ("6301", "sanitasi_layak", 2022): 71.25,
    }
    assert cleaned.counts == {"candidates": 7, "observations": 2, "rejected": 1, "missing": 4}
    unknown = cleaned.issues.query("severity == 'rejected'").iloc[0]
    assert unknown["rule"] == "region_missing" and unknown["text"] == "5"


def test_webapi_part_of_a_year_and_part_of_the_population_are_set_aside(tmp_path):
    path = tmp_path / "104.json"
    answer = raw_files.webapi_answer(
        {"63011041121190": 70.5, "63011042121190": 60.5, "63011043121190": 65.5, "63011043121191": 64.0},
        regions=raw_files.REGENCIES[:1],
        years=((121, "2021"),),
        turvar=((1, "Perkotaan"), (2, "Perdesaan"), (3, "Jumlah")),
        turtahun=((190, "Tahunan"), (191, "Semester 1")),
    )
    path.write_text(answer, encoding="utf-8")
    cleaned = counted(path)
    assert values(cleaned.observations) == {("6301", "sanitasi_layak", 2021): 65.5}
    assert sorted(cleaned.issues["rule"]) == ["period", "subgroup", "subgroup"]


@pytest.mark.parametrize(
    ("unit", "title", "rules"),
    [
        ("Persen", "Sanitasi Layak", []),
        ("", "Sanitasi Layak (Persen)", []),
        ("Tidak ada satuan", "Sanitasi Layak (Persen)", []),
        ("Tidak ada satuan", "Sanitasi Layak", ["unit"]),
    ],
)
def test_webapi_unit_of_the_variable_or_its_title(tmp_path, unit, title, rules):
    answer = json.loads(
        raw_files.webapi_answer({"630110401210": 70.5}, raw_files.REGENCIES[:1], ((121, "2021"),))
    )
    answer["var"][0] |= {"unit": unit, "label": title}
    (tmp_path / "104.json").write_text(json.dumps(answer), encoding="utf-8")
    cleaned = counted(tmp_path / "104.json")
    assert cleaned.issues["rule"].tolist() == rules and len(cleaned.observations) == 1 - len(rules)


def test_indonesian_excel_csv(tmp_path):
    path = tmp_path / "indonesia.csv"
    header = "Provinsi;Kabupaten/Kota;Tanpa Air Bersih (%);Jumlah Penduduk (Jiwa);Sanitasi Layak (%)\r\n"
    lines = [
        "KALIMANTAN SELATAN;Kota Baru;4,86;325622; 71,15 \r\n",
        "KALIMANTAN SELATAN;Banjar;7,46;565.635; 57,71 \r\n",
        "JAWA BARAT;Banjar;3,1;200.973; 90,2 \r\n",
    ]
    path.write_bytes((header + "".join(lines) + ";;;;\r\n" * 300).encode())
    cleaned = counted(path, {"source_id": "s", "year": "2022"})
    assert cleaned.layout == "csv_indonesia"
    assert cleaned.counts == {"candidates": 9, "observations": 9, "rejected": 0, "missing": 0}
    found = values(cleaned.observations)
    assert found["6302", "sanitasi_layak", 2022] == 71.15, "Kota Baru is the regency Kotabaru"
    assert found["6303", "penduduk_jiwa", 2022] == 565635
    assert found["3279", "tanpa_air_bersih", 2022] == 3.1, "Banjar in West Java is the city"


def test_agency_workbook(tmp_path):
    cleaned = counted(raw_files.agency_workbook(tmp_path / "dinas.xlsx"))
    assert cleaned.layout == "agency_workbook"
    assert values(cleaned.observations) == {
        ("6301", "sanitasi_layak", 2021): 95.4,
        ("6301", "sanitasi_layak", 2022): 95.23,
        ("6302", "sanitasi_layak", 2021): 88.28,
        ("6305", "sanitasi_layak", 2021): 95.4,
        ("6305", "sanitasi_layak", 2022): 71.5,
        ("6306", "sanitasi_layak", 2022): 72.5,
        ("63", "sanitasi_layak", 2021): 81.2,
        ("63", "sanitasi_layak", 2022): 82.55,
        ("6305", "air_minum_layak", 2020): 71.2,
        ("6305", "air_minum_layak", 2021): 72.0,
        ("6309", "air_minum_layak", 2020): 65.2,
        ("6309", "air_minum_layak", 2021): 66.125,
    }
    found = rules(cleaned.issues.query("rule != 'target_cell'"))
    assert found == {
        "Sanitasi!D8": "missing",
        "Sanitasi!F7": "missing",
        "Sanitasi!F8": "error",
        "Sanitasi!D9": "inexact",
        "Sanitasi!F9": "inexact",
        "Sanitasi!D11": "region",
        "Sanitasi!F11": "region",
        "Sanitasi!D12": "duplicate_differs",
        "Sanitasi!D13": "duplicate_differs",
        "Sanitasi!F13": "duplicate",
        "Sanitasi!D14": "subtotal",
        "Sanitasi!F14": "subtotal",
        "Sanitasi!D10": "hidden",
        "Sanitasi!F10": "hidden",
        "Air minum layak!C3": "decimal_style",
        "Catatan!0": "no_table",
    }
    targets = cleaned.issues.query("rule == 'target_cell'")
    assert (
        len(targets) == 20 and set(targets["column"]) == {"C", "E"} and set(targets["severity"]) == {"note"}
    )
    provisional = cleaned.observations.query("sheet == 'Air minum layak' and year == 2021")
    assert set(provisional["status"]) == {"provisional"}, "the star behind the year"
    percent = cleaned.observations.query(
        "region_code == '6305' and year == 2021 and indicator == 'sanitasi_layak'"
    ).iloc[0]
    assert "persen" in percent["note"]


@pytest.mark.parametrize(
    "header, kept",
    [
        (["Target 2022", "Realisasi 2022", "Capaian 2022 (%)"], ["C"]),
        (["Target 2022", "Capaian 2022", "Selisih 2022"], ["C"]),
        (["Capaian 2021", "Capaian 2022", "Peringkat 2022"], ["B", "C"]),
    ],
)
def test_capaian_is_a_share_of_the_target_only_beside_a_realisation(tmp_path, header, kept):
    path = tmp_path / "capaian.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Sanitasi layak")
        sheet.write("A1", "Sanitasi layak menurut kabupaten/kota")
        sheet.write_row("A3", ["Kabupaten/Kota", *header])
        sheet.write_row("A4", ["Tapin", 80, 71.5, 89.4])
        sheet.write_row("A5", ["Balangan", 80, 72.5, 90.6])
    cleaned = counted(path)
    assert sorted(set(cleaned.observations["column"])) == kept
    assert set(cleaned.issues["severity"]) == {"note"}


def test_rows_of_indicators_under_a_title_that_names_the_region(tmp_path):
    path = tmp_path / "rpjmd.csv"
    path.write_text(
        "PEMERINTAH KABUPATEN BANJAR,,,,\nCapaian"
        " RPJMD,,,,\nNo,Indikator,Satuan,2022,\n,,,Target,Realisasi\n1,Akses sanitasi"
        " layak,%,80,57.71\n2,Akses air minum layak,%,88.68,77.09\n3,Panjang jalan,km,10,12.5\n,Sumber:"
        " Bappeda,,,\n",
        encoding="utf-8",
    )
    cleaned = counted(path)
    assert values(cleaned.observations) == {
        ("6303", "sanitasi_layak", 2022): 57.71,
        ("6303", "air_minum_layak", 2022): 77.09,
    }
    assert sorted(cleaned.issues["rule"]) == ["indicator", "target_cell", "target_cell", "target_cell"]


@pytest.mark.parametrize(
    "names, codes",
    [
        (["Kerinci", "KOTA JAMBI", "JAMBI"], ["1501", "1571", "15"]),
        (
            ["BOGOR", "SUKABUMI", "KOTA BOGOR", "KOTA SUKABUMI", "JAWA BARAT"],
            ["3201", "3202", "3271", "3272", "32"],
        ),
    ],
)
def test_names_that_only_one_region_is_left_for(tmp_path, names, codes):
    path = tmp_path / "bps.csv"
    path.write_text(
        "Kabupaten/Kota,Sanitasi Layak 2022\n"
        + "".join(f"{name},7{number}\n" for number, name in enumerate(names)),
        encoding="utf-8",
    )
    assert counted(path).observations["region_code"].tolist() == codes


def test_fsva_csv(tmp_path):
    path = tmp_path / "fsva.csv"
    path.write_text(
        "wilayah,Rumah tangga tanpa akses air bersih (%),\nkalimantan selatan - kotabaru,34.2,\nsulawesi"
        " selatan - pangkajene dan kepulauan,12.5,\njawa barat - banjar,1.5,\n",
        encoding="utf-8",
    )
    cleaned = counted(path, {"year": "2019"})
    assert cleaned.layout == "fsva_csv"
    assert values(cleaned.observations) == {
        ("6302", "tanpa_air_bersih", 2019): 34.2,
        ("7309", "tanpa_air_bersih", 2019): 12.5,
        ("3279", "tanpa_air_bersih", 2019): 1.5,
    }


def test_wide_panel_zero_is_not_a_figure(tmp_path):
    path = tmp_path / "panel.csv"
    path.write_text(
        "Kabupaten,CW_2015,CW_2016,CW_2017\nTapin,30.5,0,28.25\nTabalong,0,25.5,24.5\n", encoding="utf-8"
    )
    cleaned = counted(path, {"indicator": "tanpa_air_bersih"})
    assert cleaned.layout == "wide_panel"
    assert cleaned.counts == {"candidates": 6, "observations": 4, "rejected": 0, "missing": 2}
    assert cleaned.issues[["row", "column", "rule", "severity"]].values.tolist() == [
        [3, "B", "zero_as_missing", "warning"],
        [2, "C", "zero_as_missing", "warning"],
        [0, "", "unknown_header", "warning"],
    ]


def test_waste_portal_cards(tmp_path):
    path = tmp_path / "portal.csv"
    cards = [
        (
            "TPA Tabing Rimbah...Kab. Barito Kuala, Kalimantan Selatan...Tahun 2023...Sampah diterima"
            " (ton/tahun)4,015.00...Sampah dikelola (ton/tahun)-"
        ),
        (
            "TPA Hutan Panjang...Kota Banjarbaru, Kalimantan Selatan...Tahun 2023...Sampah diterima"
            " (kg/tahun)56,210,000.00..."
        ),
    ]
    path.write_text("\n".join(f'"{card}"' for card in cards) + "\n", encoding="utf-8")
    cleaned = counted(path)
    assert cleaned.layout == "waste_portal"
    assert values(cleaned.observations) == {
        ("6304", "sampah_masuk_tpa_ton", 2023): 4015.0,
        ("6372", "sampah_masuk_tpa_ton", 2023): 56210.0,
    }
    assert "kg/tahun diubah" in cleaned.observations.query("region_code == '6372'")["note"].iloc[0]
    assert cleaned.counts["missing"] == 1


def test_tidy_csv_with_sources_and_codes(tmp_path):
    path = tmp_path / "rapi.csv"
    path.write_text(
        "kode_wilayah,wilayah,indikator,tahun,nilai,satuan,source_id,status\n6303,Banjar,sanitasi_layak,2022,57.71,%,satu,\n63.02,Kotabaru,sanitasi_layak,2022,60.5,%,dua,press\n"
        "6303,Tapin,sanitasi_layak,2022,61,%,satu,\n6305,Tapin,sanitasi_layak,2022,62,KK,satu,\n6306,HSS,sanitasi_layak,2022,63,%,tiga,\n",
        encoding="utf-8",
    )
    sources = pd.DataFrame(
        {"source_id": ["satu", "dua"], "precedence": ["10", "60"], "status": ["official", "press"]}
    )
    cleaned = counted(path, sources)
    assert cleaned.layout == "tidy_csv"
    columns = ["region_code", "value", "source_id", "precedence", "status"]
    assert cleaned.observations[columns].values.tolist() == [
        ["6303", 57.71, "satu", 10, "official"],
        ["6302", 60.5, "dua", 60, "press"],
    ]
    assert cleaned.issues[["row", "rule"]].values.tolist() == [
        [4, "region_conflict"],
        [5, "unit"],
        [6, "source"],
    ]


@pytest.mark.parametrize("province_first", [True, False])
def test_codes_settle_names_that_are_kabupaten_and_kota(tmp_path, province_first):
    path = tmp_path / "kode.csv"
    head, rows = (
        "Kode,Kabupaten/Kota,Sanitasi Layak 2022",
        ["3201,Bogor,70", "3271,Bogor,90", "6303,Banjar,57.7"],
    )
    if not province_first:
        head, rows = "Kabupaten/Kota,Sanitasi Layak 2022", ["Bogor,70", "Tapin,57.7"]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    cleaned = counted(path)
    if province_first:
        assert list(cleaned.observations["region_code"]) == ["3201", "3271", "6303"]
    else:
        assert cleaned.issues[["row", "rule"]].values.tolist() == [[2, "region_ambiguous"]]
        assert (
            "3201" in cleaned.issues["suggestion"].iloc[0] and "3271" in cleaned.issues["suggestion"].iloc[0]
        )


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_older_and_open_formats(tmp_path, kind):
    rows = [
        ["Sanitasi layak (%)", "", ""],
        ["Kabupaten/Kota", 2021.0, 2022.0],
        ["Tapin", 70.25, 71.5],
        ["Tabalong", "65,2", "-"],
        ["Balangan", ("percent", 0.045), ["88,28", "1"]],
    ]
    path = tmp_path / f"data.{kind}"
    raw_files.xls(path, rows) if kind == "xls" else raw_files.write_zip(path, raw_files.ods(rows))
    cleaned = counted(path)
    assert values(cleaned.observations) == {
        ("6305", "sanitasi_layak", 2021): 70.25,
        ("6305", "sanitasi_layak", 2022): 71.5,
        ("6309", "sanitasi_layak", 2021): 65.2,
        ("6311", "sanitasi_layak", 2021): 4.5,
        ("6311", "sanitasi_layak", 2022): 88.28,
    }
    assert rules(cleaned.issues) == {"Data!C4": "missing"}


def test_shared_texts_of_an_xls_go_on_in_a_next_record_anywhere():
    head, runs = struct.pack("<II", 2, 2), struct.pack("<HHHH", 5, 7, 6, 0)
    wide = "Tapin".encode("utf-16-le")
    parts = [
        head + struct.pack("<HBH", 6, 8, 2) + b"88,",  # letters of one byte, then of two
        b"\x01" + "28\u0031".encode("utf-16-le") + runs[:3],
        runs[3:] + struct.pack("<HBI", 5, 5, 3) + wide[:4],
        b"\x01" + wide[4:] + b"xyz",
    ]
    assert workbook_child.raised_texts(parts, {7}) == ["88,28\u00b9", None]
    assert workbook_child.raised_texts(parts, {0}) == [None, None]


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (['"Banjar, Kab.";80', '"Tapin, Kab.";75', "", "Kotabaru;70"], ";"),
        (["Banjar,80;1", "Tapin,75"], ","),
        (["Banjar\t80,1", "Tapin\t75,2"], "\t"),
        (["Banjar|80.1", "Tapin|75.2"], "|"),
        (["Banjar 80.1"], ","),
        (["Judul, panjang", "Banjar;80", "Tapin;75", "Kotabaru;70"], ";"),
        (["Banjar;80,5"] * 8 + ["Tapin,75"] + ["Kotabaru"], ";"),  # a comma cuts but one line in ten more
        (["Banjar;80,5"] * 7 + ["Tapin,75"] * 2 + ["Kotabaru"], ","),
    ],
)
def test_the_separator_that_cuts_most_lines_alike(lines, delimiter):
    assert find_delimiter(lines) == delimiter


def test_what_row_column_and_table_say_of_a_cell():
    rows = {"row": [1, 2], "name": ["Sanitasi", "Air"], "unit": ["", "ton"]}
    columns = {"column": [2, 3], "name": ["2022", ""], "unit": ["%", ""]}
    text = np.full((2, 2), "", dtype=object)
    cells = block(rows, columns, {"title": "Judul", "unit": "jiwa"}, text, np.zeros((2, 2)), {})
    places, said = spread([cells, cells], "name", "unit", "title")
    found = [said[place] for place in places]
    assert found[:4] == found[4:] and dict(
        zip(zip(cells.row_of.tolist(), cells.column_of.tolist()), found)
    ) == {
        (0, 0): ("2022 Sanitasi", "%", "Judul"),
        (1, 0): ("2022 Air", "ton", "Judul"),
        (0, 1): ("Sanitasi", "jiwa", "Judul"),
        (1, 1): ("Air", "ton", "Judul"),
    }


def test_content_decides_not_the_name(tmp_path):
    rows = [("ACEH", 77.5), ("BALI", 95.0)]
    for name in ("ekspor.csv", "ekspor.ods", "ekspor.xls", "ekspor"):
        assert counted(raw_files.bps_xlsx(tmp_path / name, rows)).layout == "bps_xlsx"
    path = tmp_path / "teks.xlsx"
    path.write_text("Kabupaten/Kota,Sanitasi Layak 2022\nTapin,71.5\n", encoding="utf-8")
    assert counted(path).layout == "bps_csv"


def test_percent_cells_of_an_ods(tmp_path):
    path = tmp_path / "data.ods"
    raw_files.write_zip(
        path,
        raw_files.ods(
            [
                ["Kabupaten/Kota", "Sanitasi layak 2022"],
                ["Tapin", ("percent", 0.954)],
                ["Tabalong", 65.2],
                ["Balangan", 0.5],
                ["Banjar", 57.7],
            ]
        ),
    )
    cleaned = counted(path)
    assert values(cleaned.observations) == {
        ("6305", "sanitasi_layak", 2022): 95.4,
        ("6309", "sanitasi_layak", 2022): 65.2,
        ("6311", "sanitasi_layak", 2022): 0.5,
        ("6303", "sanitasi_layak", 2022): 57.7,
    }
    assert cleaned.issues[["row", "rule", "severity", "suggestion"]].values.tolist() == [
        [4, "lone_fraction", "warning", "bila pecahan, tulis 50"]
    ]


def test_two_tables_below_each_other(tmp_path):
    path = tmp_path / "dua.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Data")
        for start, name in ((0, "Sanitasi layak (%)"), (7, "Air minum layak (%)")):
            sheet.write(start, 0, name)
            sheet.write_row(start + 1, 0, ["Kabupaten/Kota", 2021, 2022])
            sheet.write_row(start + 2, 0, ["Tapin", 70 + start, 71 + start])
            sheet.write_row(start + 3, 0, ["Tabalong", 60 + start, 61 + start])
            sheet.write(start + 4, 0, "Sumber: Dinas PUPR 2023")
    found = values(counted(path).observations)
    assert (
        found["6305", "sanitasi_layak", 2021] == 70
        and found["6305", "air_minum_layak", 2021] == 77
        and len(found) == 8
    )


@pytest.mark.parametrize(
    "content, expected",
    [
        (b"", "kosong"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
        (b"PK\x03\x04broken", "rusak"),
        (b"judul saja\n", "tidak ditemukan tabel"),
        (b'{"status": "Error", "message": "key salah"}', "key salah"),
        (b'{"status": "OK", "datac', "terpotong"),
        (b"wilayah,nilai\nBanjar\x00,3\n", "biner"),
    ],
)
def test_unreadable_files_say_what_they_are(tmp_path, content, expected):
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=expected):
        read_cells(path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableFileError, match="tidak_ada.csv"):
        read_raw(tmp_path / "tidak_ada.csv")
