"""The agency form: written, filled in, read back to the cell, also after LibreOffice has saved it."""

import os
import shutil
import subprocess

import openpyxl
import pytest

from pkp_analysis.data.clean import clean_file
from pkp_analysis.data.codebook import indicators
from pkp_analysis.data.exchange.form import ORIGINS, form_fields, write_form
from pkp_analysis.data.regions import members
from pkp_analysis.errors import BadRequestError

HEADLINE = ["hunian_layak", "air_minum_layak", "sanitasi_layak", "penanganan_sampah"]


def fill(path, entries):
    """Types values into cells, as an officer would; keys are addresses in the sheet Isian."""
    workbook = openpyxl.load_workbook(path)
    for address, value in entries.items():
        workbook["Isian"][address] = value
    workbook.save(path)


def read_back(path):
    cleaned = clean_file(path, {"source_id": "formulir"})
    counts = cleaned.counts
    assert counts["candidates"] == counts["observations"] + counts["rejected"] + counts["missing"]
    found = {
        f"{row.column}{row.row}": (row.region_code, row.indicator, row.year, row.value, row.status, row.note)
        for row in cleaned.observations.itertuples()
    }
    return cleaned, found


ENTRIES = {
    "C6": 52.99,
    "D6": 53.25,
    "E8": "57,71",
    "H8": 0.5,
    "J18": "60,14*",
    "G19": 82.55,
    "K6": "Dinas PUPR, Maret 2024",
    "F7": "-",
    "I9": "±90",
}
EXPECTED = {
    "C6": ("6301", "hunian_layak", 2023, 52.99, "official", "Dinas PUPR, Maret 2024"),
    "D6": ("6301", "hunian_layak", 2024, 53.25, "official", "Dinas PUPR, Maret 2024"),
    "E8": ("6303", "air_minum_layak", 2023, 57.71, "official", ""),
    "H8": ("6303", "sanitasi_layak", 2024, 0.5, "official", ""),
    "J18": ("6372", "penanganan_sampah", 2024, 60.14, "provisional", "angka sementara"),
    "G19": ("63", "sanitasi_layak", 2023, 82.55, "official", ""),
}


def test_round_trip_to_the_cell(tmp_path):
    path = write_form(tmp_path / "formulir.xlsx", HEADLINE, [2024, 2023])
    cleaned, found = read_back(path)
    assert not found and cleaned.counts == {
        "candidates": 14 * 8,
        "observations": 0,
        "rejected": 0,
        "missing": 14 * 8,
    }
    fill(path, ENTRIES)
    cleaned, found = read_back(path)
    assert found == EXPECTED
    refused = cleaned.issues[cleaned.issues["severity"] == "rejected"]
    assert refused[["column", "row", "text"]].values.tolist() == [["I", 9, "±90"]]


@pytest.mark.parametrize(
    ("indicator", "years"),
    [
        pytest.param(code, years, marks=[] if number % 2 == place else pytest.mark.slow)
        for number, code in enumerate(indicators().index)
        for place, years in enumerate(([2024], [2022, 2023, 2024]))
        if "2017" not in indicators().at[code, "name"]
    ],
)
def test_every_indicator_reads_back_as_itself(tmp_path, indicator, years):
    path = write_form(tmp_path / "formulir.xlsx", [indicator], years)
    about = indicators().loc[indicator]
    value = round((about["minimum"] + min(about["maximum"], 5000)) / 2 + 1, int(min(about["decimals"], 2)))
    fill(path, {"C8": value})
    _, found = read_back(path)
    assert found["C8"][:4] == ("6303", indicator, years[0], pytest.approx(value))


def test_other_province_and_locked_cells(tmp_path):
    path = write_form(tmp_path / "riau.xlsx", ["sanitasi_layak"], [2024], province="14")
    sheet = openpyxl.load_workbook(path)["Isian"]
    assert [sheet.cell(row, 1).value for row in range(6, 6 + len(members("14")))] == members("14")
    assert sheet.protection.sheet and sheet["B6"].protection.locked and not sheet["C6"].protection.locked
    assert sheet.data_validations.dataValidation[0].type == "decimal"
    assert openpyxl.load_workbook(path)["Petunjuk"]["A1"].value == "Cara mengisi"


@pytest.mark.parametrize(
    "sender, origin, expected",
    [
        (
            "Sumber: Dinas PUPR Banjar",
            list(ORIGINS)[0],
            {"publisher": "Dinas PUPR Banjar", "origin": "survey"},
        ),
        ("Dinas PUPR Banjar", list(ORIGINS)[1], {"publisher": "Dinas PUPR Banjar", "origin": "agency"}),
        (None, "Asal angka: Susenas Maret 2025", {"origin": "survey"}),
        ("Sumber: (tulis nama instansi)", "Asal angka: (pilih)", {}),
        ("Isi sel kuning. Petunjuk ada di lembar Petunjuk.", None, {}),  # a form of before
    ],
)
def test_a_form_says_who_sends_it_and_where_its_figures_come_from(tmp_path, sender, origin, expected):
    path = write_form(tmp_path / "formulir.xlsx", HEADLINE, [2024, 2023])
    fill(path, ENTRIES | {"A2": sender, "A3": origin})
    title = {"title": "Formulir data perumahan dan kawasan permukiman, Provinsi Kalimantan Selatan"}
    assert form_fields(path) == title | expected
    cleaned, found = read_back(path)
    assert found == EXPECTED, "the figures are read as before"
    assert "other_words" not in set(cleaned.issues["rule"]), "what the form itself says is no doubt"


def test_the_form_checks_every_cell_to_fill_and_explains_each_indicator(tmp_path):
    path = write_form(tmp_path / "formulir.xlsx", ["sanitasi_layak", "air_minum_layak"], [1990, 2049])
    form, guide = openpyxl.load_workbook(path).worksheets
    rows = [cell.row for cell in form["A"] if str(cell.value) in ("63", *members("63"))]
    assert len(rows) == 14
    checked = [str(rule.sqref) for rule in form.data_validations.dataValidation if rule.type == "decimal"]
    assert checked == [f"C{rows[0]}:D{rows[-1]}", f"E{rows[0]}:F{rows[-1]}"]
    head = next(cell.row for cell in guide["A"] if cell.value == "Indikator")
    told = [guide.cell(head + below, 1).value for below in (-1, 1, 2, 3)]
    assert told == [None, "Akses terhadap sanitasi layak", "Akses terhadap air minum layak", None]


def test_another_workbook_has_no_fields(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "Kabupaten/Kota"
    workbook.save(tmp_path / "a.xlsx")
    assert form_fields(tmp_path / "a.xlsx") == {}


@pytest.mark.parametrize(
    "codes, years, name, expected",
    [
        ([], [2024], "a.xlsx", "paling sedikit satu"),
        (["sanitasi_layak"], [], "a.xlsx", "paling sedikit satu"),
        (["sanitasi_layak"], [1989], "a.xlsx", "1990-2049"),
        (["sanitasi_layak"], [2050], "a.xlsx", "1990-2049"),
        (["sanitasi_layak"], [2024], "a.csv", ".xlsx"),
        (["entah"], [2024], "a.xlsx", "entah"),
        (["rumah_tangga_turunan"], [2024], "a.xlsx", "memuat tahun"),
    ],
)
def test_bad_requests_write_nothing(tmp_path, codes, years, name, expected):
    with pytest.raises(BadRequestError, match=expected):
        write_form(tmp_path / name, codes, years)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(
    not shutil.which("soffice") and not os.environ.get("CI"), reason="LibreOffice is not installed"
)
@pytest.mark.parametrize(
    "kind", ["ods", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("xlsx", "xls"))]
)
def test_round_trip_through_libreoffice(tmp_path, kind):
    path = write_form(tmp_path / "formulir.xlsx", HEADLINE, [2023, 2024])
    fill(path, ENTRIES)
    out = tmp_path / "out"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(out),
            str(path),
        ],
        check=True,
        timeout=180,
        capture_output=True,
    )
    _, found = read_back(out / f"formulir.{kind}")
    assert found == EXPECTED
