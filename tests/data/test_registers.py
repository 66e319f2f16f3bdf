"""The registers beside the raw files, however a spreadsheet program saved them."""

import pandas as pd
import pytest

from pkp_analysis.data.dataset import assemble
from pkp_analysis.data.registers import (
    append_rows,
    correct,
    is_data_file,
    read_commitments,
    read_corrections,
    read_local_facts,
    read_sources,
)
from pkp_analysis.data.targets import read_targets
from pkp_analysis.errors import DataContractError

SOURCES = [
    ["source_id", "file", "layout", "title", "publisher", "published", "url", "licence", "precedence"]
    + ["accessed", "note"],
    ["lama", "lama.csv", "tidy_csv", "Judul – lama", "Dinas PUPR", "2023-01-31", "", "", "30", "", "a, b"],
    ["baru", "baru.csv", "tidy_csv", "Judul; baru", "Dinas PUPR", "2024-06-05", "", "", "30", "", "c"],
]
FIGURES = "region_code,indicator,year,value,unit\n6303,sanitasi_layak,2024,{},%\n"
SAVED = {  # what a spreadsheet program may make of a register: separator, encoding, line end
    "as written": (",", "utf-8", "\n"),
    "Excel, CSV UTF-8": (";", "utf-8-sig", "\r\n"),
    "Excel, CSV (ANSI)": (";", "cp1252", "\r\n"),
    "Excel, Unicode text": ("\t", "utf-16", "\r\n"),
    "UTF-16 without its mark": (",", "utf-16-le", "\n"),
}


def save(path, rows, how):
    separator, encoding, line_end = SAVED[how]

    def cell(text):
        return f'"{text}"' if separator in text else text

    path.write_bytes(
        "".join(separator.join(map(cell, row)) + line_end for row in rows).encode(encoding, "replace")
    )


@pytest.fixture
def raw(tmp_path):
    for name, value in (("lama", 80.1), ("baru", 85.5)):
        (tmp_path / f"{name}.csv").write_text(FIGURES.format(value), encoding="utf-8")
    save(tmp_path / "sources.csv", SOURCES, "as written")
    return tmp_path


@pytest.mark.parametrize("how", SAVED)
def test_sources_are_read_however_they_were_saved(raw, how):
    save(raw / "sources.csv", SOURCES, how)
    read = read_sources(raw)
    assert read["title"].tolist() == ["Judul – lama", "Judul; baru"]
    assert read["note"].tolist() == ["a, b", "c"] and read["precedence"].tolist() == [30, 30]


@pytest.mark.parametrize("how", SAVED)
def test_the_other_registers_are_read_however_they_were_saved(raw, how):
    value = "75,5" if SAVED[how][0] != "," else "75.5"
    corrections = ["region_code", "indicator", "year", "old_value", "new_value", "reason", "source", "date"]
    save(
        raw / "corrections.csv",
        [
            corrections,
            ["6303", "sanitasi_layak", "2024", "85.5", value, "salah ketik", "surat", "05/01/2026"],
        ],
        how,
    )
    assert read_corrections(raw)[["new_value", "date"]].values.tolist() == [["75.5", "2026-01-05"]]
    targets = ["framework", "indicator", "region_code", "start_year", "year", "value", "unit", "direction"]
    targets += ["governs", "status", "source", "url", "note"]
    row = [
        "RPJMD",
        "sanitasi_layak",
        "6303",
        "2021",
        "2026",
        value,
        "%",
        "up",
        "yes",
        "document",
        "é",
        "",
        "",
    ]
    save(raw / "targets.csv", [targets, row], how)
    assert read_targets(raw / "targets.csv")[["value", "source"]].values.tolist() == [[75.5, "é"]]
    commitments = ["region_code", "indicator", "actor_kind", "actor", "what", "quantity", "unit", "year"]
    commitments += ["status", "source", "url"]
    row = ["6303", "sanitasi_layak", "pemerintah", "A", "b", value, "unit", "2024", "selesai", "c", ""]
    save(raw / "commitments.csv", [commitments, row], how)
    assert read_commitments(raw)["quantity"].tolist() == [75.5]


@pytest.mark.parametrize(
    "older, newer",
    [
        ("31/01/2023", "05/06/2024"),
        ("2023-01-31", "05/06/2024"),
        ("31-1-2023", "2024"),
        ("2023", "2024-06"),
        ("31.01.2023", "5/6/2024 00:00"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_later_publication_governs_whatever_excel_made_of_its_date(raw, older, newer, turned):
    rows = [SOURCES[0], *([*row] for row in SOURCES[1:])]
    rows[1][5], rows[2][5] = older, newer
    save(raw / "sources.csv", [rows[0], *(rows[:0:-1] if turned else rows[1:])], "as written")
    observations = assemble(raw).observations
    assert observations.loc[observations["is_governing"], "value"].tolist() == [85.5]


@pytest.mark.parametrize(
    "date", ["1/31/2023", "31/01/23", "31/02/2023", "2023-13-01", "Januari 2023", "45448", "2023-1-5", "x"]
)
def test_what_is_no_date_is_refused_with_its_row(raw, date):
    rows = [SOURCES[0], SOURCES[1], [*SOURCES[2]]]
    rows[2][5] = date
    save(raw / "sources.csv", rows, "as written")
    with pytest.raises(DataContractError, match=f"sources.csv baris 3, kolom published: '{date}'"):
        read_sources(raw)


@pytest.mark.parametrize(
    ("name", "is_data"),
    [
        ("data.csv", True), ("Data.MD.xlsx", True), (".data.csv", False), ("~$data.xlsx", False), ("CATATAN.MD", False),
        ("data.csv.part", False), ("sources.csv", False), ("local_facts.csv", False),
    ],
)  # fmt: skip
def test_which_files_of_the_folder_are_data(name, is_data):
    assert is_data_file(name) == is_data


@pytest.mark.parametrize("precedence", ["0", "999", "30.5", "x", ""])
def test_a_precedence_goes_from_1_to_just_before_what_is_computed_here(raw, precedence):
    rows = [SOURCES[0], [*SOURCES[1]], [*SOURCES[2]]]
    rows[1][8], rows[2][8] = "1", "998"
    save(raw / "sources.csv", rows, "as written")
    assert read_sources(raw)["precedence"].tolist() == [1, 998]
    rows[2][8] = precedence
    save(raw / "sources.csv", rows, "as written")
    with pytest.raises(DataContractError, match=f"baris 3, kolom precedence: '{precedence}'.* sampai 998"):
        read_sources(raw)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"a;b\n1;2\n"])
def test_an_empty_or_foreign_register_is_named(raw, content):
    (raw / "corrections.csv").write_bytes(content)
    with pytest.raises(DataContractError, match="corrections.csv"):
        read_corrections(raw)


def test_a_text_with_the_other_separator_in_every_row_moves_no_column(raw):
    rows = [SOURCES[0], *([*row] for row in SOURCES[1:])]
    for row in rows[1:]:
        row[3] = "a; b"
    save(raw / "sources.csv", rows, "as written")
    assert read_sources(raw)["title"].tolist() == ["a; b", "a; b"]


def test_a_correction_changes_its_own_figure_only():
    fields = ["region_code", "indicator", "year", "value"]
    figures = [
        ("6303", "a", 2023, 5.0),
        ("6305", "a", 2023, 5.0),
        ("6303", "b", 2023, 5.0),
        ("6303", "a", 2022, 5.0),
    ]
    observations = pd.DataFrame(figures, columns=fields).assign(note="")
    row = ("6303", "a", "2023", "5", "6.5", "salah ketik", "surat", "")
    corrections = pd.DataFrame(
        [row], columns=[*fields[:3], "old_value", "new_value", "reason", "source", "date"]
    )
    corrected = correct(observations, corrections)
    assert corrected["value"].tolist() == [6.5, 5, 5, 5]
    assert corrected["note"].tolist() == ["dikoreksi dari 5: salah ketik (surat)", "", "", ""]
    with pytest.raises(DataContractError, match="corrections.csv baris 2: .* bukan lagi 5, melainkan 6,5"):
        correct(corrected, corrections)


ROW = {"source_id": "baru", "file": "baru.csv"}


@pytest.mark.parametrize(
    ("before", "row", "after"),
    [
        (None, ROW, "source_id,file,note\nbaru,baru.csv,\n"),
        ("", ROW, "source_id,file,note\nbaru,baru.csv,\n"),
        ("file,source_id\na.csv,a\n", ROW, "file,source_id\na.csv,a\nbaru.csv,baru\n"),
        ("file,source_id\na.csv,a", ROW, "file,source_id\na.csv,a\nbaru.csv,baru\n"),
        ("file;source_id\r\na.csv;a", ROW, "file;source_id\r\na.csv;a\r\nbaru.csv;baru\r\n"),
        ("file,source_id\n\na.csv,a\n\n", ROW, "file,source_id\n\na.csv,a\n\nbaru.csv,baru\n"),
        ("file,source_id\n", ROW | {"note": "tidak ada tempatnya"}, "file,source_id\nbaru.csv,baru\n"),
        ("file,source_id\n", ROW | {"status": "official", "year": None}, "file,source_id\nbaru.csv,baru\n"),
        (
            "file,source_id\na.csv\n",
            ROW | {"year": 2024},
            "file,source_id,year\na.csv,,\nbaru.csv,baru,2024\n",
        ),
        ("file,source_id,year\n", ROW | {"year": 2024}, "file,source_id,year\nbaru.csv,baru,2024\n"),
        (
            "file,source_id\r\na,\r\n",
            ROW | {"year": 2024},
            "file,source_id,year\r\na,,\r\nbaru.csv,baru,2024\r\n",
        ),
        ("sep=;\nfile;source_id\na.csv;a\n", ROW, "file;source_id\na.csv;a\nbaru.csv;baru\n"),
        ("file,source_id\n", ROW | {"file": "=1+1 \n a"}, "file,source_id\n'=1+1 a,baru\n"),
    ],
)
def test_a_row_is_added_and_what_was_there_stays(tmp_path, before, row, after):
    path = tmp_path / "sources.csv"
    if before is not None:
        path.write_bytes(before.encode())
    append_rows(path, [row], ["source_id", "file", "note"])
    assert path.read_bytes().decode() == after


@pytest.mark.parametrize(
    ("encoding", "year"),
    [("utf-8-sig", ""), ("utf-8-sig", 2024), ("cp1252", ""), ("utf-16", ""), ("utf-16-le", "")],
)
def test_a_register_excel_saved_stays_one_that_excel_reads(tmp_path, encoding, year):
    path = tmp_path / "sources.csv"
    path.write_bytes("file;source_id\r\né;a\r\n".encode(encoding))
    append_rows(path, [ROW | {"year": year}], [])
    last = [";year", ";", ";2024"] if year else ["", "", ""]
    lines = ["file;source_id", "é;a", "baru.csv;baru"]
    assert path.read_bytes().decode("utf-8") == "\ufeff" + "".join(
        f"{line}{end}\r\n" for line, end in zip(lines, last)
    )


COMMITMENT = dict(
    region_code="6303", indicator="sanitasi_layak", actor_kind="pemerintah", actor="A", what="b", quantity="12.5",
    unit="unit", year="2024", status="selesai", source="c", url="",
)  # fmt: skip
FACT = dict(
    region_code="6303;6372", kind="tpa", text="TPA regional", quantity="", unit="", year="2024", source="Dinas",
    url="", published="2024-06-05",
)  # fmt: skip
CORRECTION = dict(
    region_code="6303", indicator="sanitasi_layak", year="2024", old_value="-5", new_value="7.5", reason="salah",
    source="", date="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("read", "name", "good", "column", "bad"),
    [
        (read_commitments, "commitments.csv", COMMITMENT, column, bad)
        for column, bad in (
            ("region_code", "6399"), ("indicator", "entah"), ("quantity", ""), ("quantity", "x"), ("year", "24"),
            ("year", "20244"),
        )
    ]
    + [
        (read_local_facts, "local_facts.csv", FACT, column, bad)
        for column, bad in (
            ("region_code", "6303;6399"), ("region_code", ""), ("kind", "TPA 2"), ("kind", ""), ("text", ""),
            ("quantity", "banyak"), ("year", ""), ("source", ""), ("published", "kemarin"),
        )
    ]
    + [
        (read_corrections, "corrections.csv", CORRECTION, column, bad)
        for column, bad in (("reason", ""), ("old_value", ""), ("new_value", "7,5"), ("year", "x"), ("date", "x"))
    ],
)  # fmt: skip
def test_a_wrong_cell_of_a_register_is_named_with_its_row(tmp_path, read, name, good, column, bad):
    save(tmp_path / name, [list(good), list(good.values())], "as written")
    assert len(read(tmp_path)) == 1
    rows = [good, good | {column: bad}]
    save(tmp_path / name, [list(good), *(list(row.values()) for row in rows)], "as written")
    with pytest.raises(DataContractError, match=f"{name} baris 3") as told:
        read(tmp_path)
    assert (repr(bad) if column != "reason" else "alasan terisi") in str(told.value)


def test_figures_of_a_place_may_have_a_quantity(tmp_path):
    rows = [FACT, FACT | {"quantity": "3.5"}]
    save(tmp_path / "local_facts.csv", [list(FACT), *(list(row.values()) for row in rows)], "as written")
    read = read_local_facts(tmp_path)
    assert read["quantity"].isna().tolist() == [True, False] and read["quantity"][1] == 3.5
    assert read_local_facts(tmp_path / "tidak_ada").empty
