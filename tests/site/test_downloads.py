"""Downloads hold the very figures, typed, with their sources; spreadsheets run nothing in them."""

import io
import json
import os

import openpyxl
import pandas as pd
import pytest

from pkp_analysis.files import sha256
from pkp_analysis.site import downloads

DANGEROUS = ['=HYPERLINK("http://x.id","klik")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "  =1+1"]


@pytest.fixture(scope="module")
def assessment(dataset):
    from pkp_analysis.analysis.assessment import assess

    return assess(dataset.observations, dataset.targets, {}, ["63", "6303"], 2024)


@pytest.fixture(scope="module")
def content(dataset, assessment):
    return downloads.tables(dataset, assessment)


@pytest.fixture(scope="module")
def banjar(content):
    return downloads.of_region(content, "6303")


@pytest.fixture(scope="module")
def book(banjar):
    return openpyxl.load_workbook(io.BytesIO(downloads.workbook(banjar, "Kabupaten Banjar", "abc123")))


def test_workbook_has_notes_values_assessment_and_sources(book):
    assert book.sheetnames == ["Catatan", "Nilai", "Penilaian", "Sumber"]
    assert book["Catatan"]["A1"].value == "Kabupaten Banjar" and "abc123" in book["Catatan"]["A2"].value
    explained = {cell.value for cell in book["Catatan"]["A"]}
    for columns in downloads.columns().values():
        assert set(columns) <= explained


def test_cells_have_their_types(book, banjar):
    sheet = book["Nilai"]
    header = [cell.value for cell in sheet[1]]
    assert header == list(downloads.columns()["nilai"])
    row = dict(zip(header, sheet[2]))
    assert row["region_code"].value == "6303" and row["region_code"].data_type == "s"
    assert row["year"].data_type == "n" and row["year"].number_format == "0"
    assert row["value"].data_type == "n" and row["value"].number_format == "#,##0.00"
    assert row["is_governing"].data_type == "b"
    assert sheet.max_row == len(banjar["nilai"]) + 1 and sheet.freeze_panes == "A2"


def test_reading_a_workbook_back_gives_the_figures(book, banjar):
    rows = list(book["Nilai"].values)
    read = pd.DataFrame(rows[1:], columns=rows[0])
    assert read["value"].tolist() == banjar["nilai"]["value"].tolist()
    assert read["source_id"].tolist() == banjar["nilai"]["source_id"].tolist()


def test_reading_a_csv_back_gives_the_figures(content):
    read = pd.read_csv(io.StringIO(downloads.csv(content["nilai"])), dtype={"region_code": "str"})
    assert read["value"].tolist() == content["nilai"]["value"].tolist()
    assert read["region_code"].tolist() == content["nilai"]["region_code"].tolist()


def test_a_region_brings_the_sources_of_its_values(banjar):
    assert set(banjar["nilai"]["source_id"]) <= set(banjar["sumber"]["source_id"])
    assert set(banjar["nilai"]["region_code"]) == {"6303"}


@pytest.mark.parametrize("text", DANGEROUS)
def test_texts_do_not_run_as_formulas(dataset, assessment, text):
    notes = dataset.observations["note"].where(dataset.observations.index != 0, text)
    hostile = type(dataset)(
        **{**dataset.__dict__, "observations": dataset.observations.assign(note=notes).head(1)}
    )
    table = downloads.tables(hostile, assessment)
    assert table["nilai"]["note"].iloc[0].startswith("'")
    sheet = openpyxl.load_workbook(io.BytesIO(downloads.workbook(table, text, text)))["Nilai"]
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n", "b"}, "no cell is a formula"


def test_descriptor_describes_the_files(content):
    package = json.loads(downloads.descriptor(content, "abc123"))
    assert package["profile"] == "tabular-data-package" and package["version"] == "abc123"
    for resource in package["resources"]:
        table = content[resource["name"]]
        assert [field["name"] for field in resource["schema"]["fields"]] == list(table.columns)
        assert resource["path"] == f"data-pkp-{resource['name']}.csv"
        if keys := resource["schema"].get("primaryKey"):
            assert not table.duplicated(keys).any(), f"{keys} do not identify a row of {resource['name']}"
    assert package["sources"] and all("title" in source for source in package["sources"])


def test_what_the_same_library_wrote_of_the_same_tables_is_not_made_again(banjar, tmp_path):
    pages, folder = {"6303": "6303-banjar"}, tmp_path / "unduhan"

    def made(earlier, **changed) -> set[str]:
        downloads.write_downloads(tmp_path, banjar | changed, pages, "abc123", earlier)
        found = {path.name for path in folder.iterdir() if path.stat().st_mtime != 0}
        for path in folder.iterdir():
            os.utime(path, (0, 0))
        return found

    every = made({})
    assert {"data-pkp.xlsx", "datapackage.json", "6303-banjar.csv", "6303-banjar.xlsx"} <= every
    earlier = {f"unduhan/{path.name}": sha256(path) for path in folder.iterdir()}
    assert made(earlier) == set()
    (folder / "data-pkp.xlsx").write_text("cut off")
    (folder / "6303-banjar.csv").unlink()
    assert made(earlier) == {"data-pkp.xlsx", "6303-banjar.csv"}
    assert {f"unduhan/{path.name}": sha256(path) for path in folder.iterdir()} == earlier
    assert made(earlier, nilai=banjar["nilai"].iloc[1:]) == every
