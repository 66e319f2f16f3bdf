"""Text files to grids: encodings, separators, quotes, decimal signs cut in two; made-up figures."""

from pathlib import Path

import numpy as np
import pytest

from pkp_analysis.data.readers import text as reading
from pkp_analysis.data.readers.text import decode, read_text
from pkp_analysis.errors import UnreadableFileError


def grid(text, delimiter=""):
    sheet = read_text(text, Path("data.csv"), delimiter)
    return [list(row) for row in zip(*sheet.texts)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_text_of_a_file_in_any_usual_encoding(encoding, end):
    assert (
        decode(f"Nama;Nilai{end}Tapin é;80,1{end}".encode(encoding), "a.csv") == "Nama;Nilai\nTapin é;80,1\n"
    )


def test_utf_16_the_other_way_round_and_no_text_at_all():
    assert decode("\ufeffTapin".encode("utf-16-be"), "a.csv") == "Tapin"
    assert decode(b"", "a.csv") == ""


@pytest.mark.parametrize(
    ("raw", "line", "code"), [(b"a\n\nb\x00c\n", 3, 0), (b"\x07", 1, 7), (b"ab\ncd\x1b", 2, 27)]
)
def test_binary_bytes_are_named_with_their_line(raw, line, code):
    with pytest.raises(UnreadableFileError, match=rf"a.csv, baris {line}: ada byte biner \(kode {code}\)"):
        decode(raw, "a.csv")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1;2\n", [["a", "b"], ["1", "2"]]),
        ("a;b\n1;2\n; ;\n\n", [["a", "b"], ["1", "2"]]),
        ("\n\n", [[""]]),
        ("a;b;;\n1;2;;\n", [["a", "b"], ["1", "2"]]),
        ("a;b;c\n1\n2;3\n", [["a", "b", "c"], ["1", "", ""], ["2", "3", ""]]),
        ("sep=|\na|b;c\n", [["", ""], ["a", "b;c"]]),
        ('"sep=,"\na,b;c\n', [["", ""], ["a", "b;c"]]),
        ('a;"b;c"\n"d\ne";f\n', [["a", "b;c"], ["d\ne", "f"]]),
        ('a,"b,c"\n"d",e\nf\n', [["a", "b,c"], ["d", "e"], ["f", ""]]),
        ('"Kode;Nama"\n"6305;Tapin ""kota"""\n', [["Kode", "Nama"], ["6305", 'Tapin "kota"']]),
        ('"Satu;Dua"\n"1;2"\n', [["Satu;Dua"], ["1;2"]]),
        ('"Kode;x"\n"1;2"\n', [["Kode;x"], ["1;2"]]),
        ('"Kode;Nama"\n6305;Tapin\n', [["Kode;Nama", ""], ["6305", "Tapin"]]),
    ],
)
@pytest.mark.parametrize("compact", [False, True])
def test_grids(monkeypatch, text, rows, compact):
    if compact:
        monkeypatch.setattr(reading, "COMPACT_CELLS", 0)
    found = grid(text)
    assert found == rows or (not found and rows == [[""]])


@pytest.mark.parametrize(("columns", "cells", "refused"), [(3, 6, False), (2, 6, True), (3, 5, True)])
def test_a_grid_may_be_as_large_as_the_limits(monkeypatch, columns, cells, refused):
    monkeypatch.setattr(reading, "MOST_COLUMNS", columns)
    monkeypatch.setattr(reading, "MOST_CELLS", cells)
    if refused:
        with pytest.raises(UnreadableFileError, match="data.csv: 2 baris x 3 kolom"):
            grid("a;b;c\n1;2;3\n")
    else:
        assert len(grid("a;b;c\n1;2;3\n")) == 2


@pytest.mark.parametrize("quote", ["", '"'])
def test_many_cells_are_kept_in_less_memory(monkeypatch, quote):
    """A text of its own per cell is quicker, but takes some ten times as much."""
    monkeypatch.setattr(reading, "COMPACT_CELLS", 6)
    few, many = (read_text(f"{quote}a{quote};b\n" * rows, Path("data.csv")) for rows in (3, 4))
    assert isinstance(few.texts[0], np.ndarray) and not isinstance(many.texts[0], np.ndarray)


HEAD = "Kabupaten/Kota,2021,2022"


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("Tapin,85,20,88,28", ["Tapin", "85,20", "88,28"]),
        ("Tapin,-5,2,88,2", ["Tapin", "-5,2", "88,2"]),
        ("Tapin,85,20,88,28,,", ["Tapin", "85,20", "88,28"]),
        ('"Tapin, Kab.",85,20,88,28', ["Tapin, Kab.", "85,20", "88,28"]),
        ("Tapin,85,88", ["Tapin", "85", "88"]),
        ("Tapin,85.2,88.1,", ["Tapin", "85.2", "88.1"]),
    ],
)
def test_figures_cut_at_their_decimal_comma_are_joined(line, cells):
    before = 'Kotabaru,75.1,76.2\n"Balangan, Kab.",75.1,76.2'  # a comma in quotes cuts no figure
    sheet = read_text(f"Judul\n{HEAD}\n{before}\n{line}\n", Path("data.csv"))
    assert not sheet.overfull
    assert [text for column in sheet.texts if (text := column[4])] == cells


@pytest.mark.parametrize(
    ("above", "joined"),
    [
        (["Tabel,4", HEAD], True),
        (["Kabupaten/Kota,Sanitasi Layak,", ",2021,2022"], True),
        ([HEAD, "Kotabaru,75.1,76.2", "Balangan,-,-,-,-"], True),
        (["Judul"] * 28 + [HEAD], True),
        (["Judul"] * 29 + [HEAD], False),  # so far down nobody looks for the header
        (["Judul", "2021,2022", "1,2"], False),  # no header at all
    ],
)
def test_where_the_header_of_cut_figures_stands(above, joined):
    sheet = read_text("\n".join([*above, "Tapin,85,20,88,28", ""]), Path("data.csv"))
    assert ("88,28" in [column[len(above)] for column in sheet.texts]) == joined


@pytest.mark.parametrize(
    "text",
    [
        'Kabupaten/Kota,"Sanitasi\nLayak",2022\nTapin,85,20,88,28\nBalangan,75,76',  # a header of two lines
        "Kabupaten/Kota;2021;2022\nTapin;85,20;88,28\nBalangan;75,1;76,2,1",
        "Wilayah,;2021\nTapin;85,20,5,5\n",
    ],
)
def test_figures_are_not_joined_where_lines_or_columns_are_cut_otherwise(text):
    assert not read_text(text, Path("data.csv")).overfull


@pytest.mark.parametrize(
    "line",
    ["Tapin,85,20,88", "Tapin,85,200,88,28", "Tapin,x,20,88,28", "Tapin,85,20,88,x", "Tapin,1,2,3,4,5,6"],
)
def test_rows_with_more_figures_than_headers_that_nobody_can_join_are_told(line):
    sheet = read_text(f"{HEAD}\nKotabaru,75.1,76.2\n{line}\nBalangan,75.1,76.2\n", Path("data.csv"))
    assert sheet.overfull == {2} and [column[2] for column in sheet.texts] == line.split(",")
