"""Rules a cell is judged by, the counting rule, and what an issue says."""

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pkp_analysis.data.clean import ISSUE_COLUMNS, OBSERVATION_COLUMNS, clean_file, read_raw
from pkp_analysis.errors import UnknownIndicatorError

from . import raw_files


def csv(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_and_types(tmp_path):
    observations, issues = read_raw(
        csv(tmp_path / "a.csv", "Kabupaten/Kota,Sanitasi Layak 2022\nTapin,71.5\nTabalong,...\n")
    )
    assert list(observations) == OBSERVATION_COLUMNS and list(issues) == ISSUE_COLUMNS
    assert {name: str(dtype) for name, dtype in observations.dtypes.items()} == {
        "region_code": "str",
        "indicator": "str",
        "year": "int64",
        "value": "float64",
        "unit": "str",
        "source_id": "str",
        "precedence": "int64",
        "origin": "str",
        "status": "str",
        "series": "str",
        "is_governing": "bool",
        "file": "str",
        "sheet": "str",
        "row": "int64",
        "column": "str",
        "note": "str",
    }
    assert str(issues["row"].dtype) == "int64"


def test_empty_result_has_the_same_types(tmp_path):
    observations, issues = read_raw(
        csv(tmp_path / "a.csv", "Kabupaten/Kota,Sanitasi Layak 2022\nTapin,71.5\n")
    )
    nothing, _ = read_raw(csv(tmp_path / "b.csv", "Kabupaten/Kota,Sanitasi Layak 2022\nTapin,...\n"))
    assert nothing.empty and (nothing.dtypes == observations.dtypes).all()
    assert issues.empty and list(issues) == ISSUE_COLUMNS


@pytest.mark.parametrize(
    "header, cell, rule",
    [
        ("Sanitasi Layak 2022 (KK)", "70", "unit"),
        ("Sanitasi Layak 2022", "101", "range"),
        ("Sanitasi Layak 2022", "-3", "range"),
        ("Jumlah Penduduk 2022", "45%", "unit"),
        ("Sanitasi Layak 2021/2022", "70", "year"),
        ("Sanitasi Layak Perkotaan 2022", "70", "subgroup"),
        ("Sumur bor 2022", "70", "indicator"),
        ("Target Sanitasi Layak 2022", "70", "target_cell"),
        ("Tidak memiliki sanitasi layak 2022", "30", "indicator"),
    ],
)
def test_each_rule_names_the_cell(tmp_path, header, cell, rule):
    _, issues = read_raw(csv(tmp_path / "a.csv", f'Kabupaten/Kota,"{header}"\nTapin,{cell}\n'))
    issue = issues.iloc[0]
    assert (issue["file"], issue["row"], issue["column"], issue["text"], issue["rule"]) == (
        "a.csv",
        2,
        "B",
        cell,
        rule,
    )
    assert issue["message"].endswith(".") and issue["severity"] == (
        "note" if rule == "target_cell" else "rejected"
    )


def test_unknown_region_suggests_the_nearest(tmp_path):
    _, issues = read_raw(
        csv(tmp_path / "a.csv", "Kabupaten/Kota,Sanitasi Layak 2022\nTapinn,70\nTabalong,60\n")
    )
    assert issues[["row", "rule"]].values.tolist() == [[2, "region"]]
    assert "6305" in issues["suggestion"].iloc[0]


def test_thousand_people_become_people(tmp_path):
    observations, _ = read_raw(
        csv(
            tmp_path / "a.csv",
            '"Provinsi","Jumlah Penduduk (Ribu Jiwa) 2022"\nKalimantan Selatan,4182.1\nBali,4374.3\n',
        )
    )
    assert observations["value"].tolist() == [4182100, 4374300]
    assert set(observations["unit"]) == {"jiwa"} and "ribu jiwa diubah" in observations["note"].iloc[0]


def test_fractions_without_percent_format_are_refused(tmp_path):
    path = tmp_path / "pecahan.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row("A1", ["Kabupaten/Kota", "Sanitasi layak 2022"])
        for row, (name, value) in enumerate(
            [("Tapin", 0.71), ("Tabalong", 0.65), ("Balangan", 0.595)], start=1
        ):
            sheet.write_row(row, 0, [name, value])
    observations, issues = read_raw(path)
    assert (
        observations.empty
        and set(issues["rule"]) == {"fraction"}
        and issues["suggestion"].tolist() == ["tulis 71", "tulis 65", "tulis 59,5"]
    )


def test_formula_without_result_and_error_values(tmp_path):
    path = tmp_path / "rumus.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row("A1", ["Kabupaten/Kota", "Sanitasi layak 2022"])
        sheet.write("A2", "Tapin")
        sheet.write_formula("B2", "=70+1.5", None, 71.5)
        sheet.write("A3", "Tabalong")
        sheet.write_formula("B3", "=B99/0", None, "#DIV/0!")
        sheet.write("A4", "Balangan")
        sheet.write_formula("B4", "=B2", None, "")
    observations, issues = read_raw(path)
    assert observations["value"].tolist() == [71.5]
    assert issues[["row", "rule"]].values.tolist() == [[3, "error"], [4, "formula"]]


def test_given_names_are_checked_before_reading(tmp_path):
    path = csv(tmp_path / "a.csv", "Kabupaten/Kota,Nilai\nTapin,71.5\n")
    with pytest.raises(UnknownIndicatorError):
        read_raw(path, indicator="bukan_indikator")


def test_source_row_gives_status_and_precedence(tmp_path):
    path = csv(tmp_path / "a.csv", 'Kabupaten/Kota,Sanitasi Layak 2022\nTapin,71.5\nTabalong,"60,5*"\n')
    observations = clean_file(
        path, {"source_id": "dinas", "precedence": "40", "status": "press"}
    ).observations
    assert observations[["source_id", "precedence", "status"]].values.tolist() == [
        ["dinas", 40, "press"],
        ["dinas", 40, "provisional"],
    ]


def test_many_unknown_names_stay_quick_and_counted(tmp_path):
    lines = "".join(f"Wilayah {number:05d}x,{number % 100}\n" for number in range(600))
    cleaned = clean_file(
        csv(tmp_path / "a.csv", "Kabupaten/Kota,Sanitasi Layak 2022\nTapin,70\n" + lines), {}
    )
    assert cleaned.counts == {"candidates": 601, "observations": 1, "rejected": 600, "missing": 0}


CELLS = st.one_of(
    st.floats(0, 100).map(lambda value: f"{value:.2f}".replace(".", ",")),
    st.sampled_from(["", "-", "...", "±90", "#REF!", "n/a", "1.234", "95.4%", "abc", "12,5*"]),
    st.text(
        alphabet=st.characters(blacklist_characters=';"\r\n\x00', blacklist_categories=["Cs", "Cc"]),
        max_size=8,
    ),
)
NAMES = st.sampled_from(
    [name for _, name in raw_files.REGENCIES]
    + ["Jumlah", "Kalimantan Selatan", "Kalsel", "Banjar dan Banjarbaru", "entah", "Kota Banjar"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NAMES, CELLS, CELLS), min_size=1, max_size=12))
def test_every_candidate_is_counted_once(tmp_path, rows):
    lines = [
        "Kabupaten/Kota;Sanitasi Layak 2021;Sanitasi Layak 2022",
        "Tapin;70,25;71,5",
        *(";".join(row) for row in rows),
    ]
    cleaned = clean_file(csv(tmp_path / "acak.csv", "\n".join(lines) + "\n"), {})
    counts, issues = cleaned.counts, cleaned.issues
    assert counts["candidates"] == counts["observations"] + counts["rejected"] + counts["missing"]
    of_cells = issues[
        ~issues["rule"].isin(["decimal_style", "lone_fraction", "hidden", "no_table", "text_column"])
    ]
    assert len(of_cells) == counts["rejected"] + counts["missing"], (
        "an issue for every cell that made no observation"
    )
    assert not of_cells.duplicated(["sheet", "row", "column"]).any()
    kept = pd.MultiIndex.from_frame(cleaned.observations[["row", "column"]])
    assert kept.is_unique and not kept.isin(pd.MultiIndex.from_frame(of_cells[["row", "column"]])).any()
    assert not cleaned.observations.duplicated(["region_code", "indicator", "year", "source_id"]).any()
