"""What the process that reads workbooks hands back is bounded, and the next workbook is read all the same."""

import array
import re
import zipfile

import numpy as np
import pytest
import xlsxwriter

from pkp_analysis.data.readers import workbook, workbook_child
from pkp_analysis.data.readers.workbook import read_workbook
from pkp_analysis.errors import UnreadableFileError


def write(path, fill):
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


def stray_cells(book):
    for _ in range(3):
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Tapin")
        sheet.write(900, 9000, 1)


def merged_ranges(book):
    sheet = book.add_worksheet()
    for row in range(0, 400, 2):
        sheet.merge_range(row, 0, row + 1, 0, "Tapin")


def percent_cells(book):
    sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0%"})
    for row in range(200):
        sheet.write(row, 0, 0.5, percent)


def many_texts(book):
    sheet = book.add_worksheet()
    for row in range(200):
        sheet.write(row, 0, f"Tapin {row}" * 10)


@pytest.fixture
def small_limits(monkeypatch, tmp_path):
    """The limits a hundredth of what they are: the same lines, without files that take minutes to write."""
    source = workbook.CHILD.read_text(encoding="utf-8").replace("MOST_MARKS = 1_000_000", "MOST_MARKS = 100")
    child = tmp_path / "child.py"
    child.write_text(source, encoding="utf-8")
    workbook.close_children()
    monkeypatch.setattr(workbook, "CHILD", child)
    monkeypatch.setattr(workbook, "MOST_ANSWER", 10_000)
    yield
    workbook.close_children()


@pytest.mark.parametrize("fill", [stray_cells, merged_ranges, percent_cells, many_texts])
def test_too_much_is_refused_and_the_next_workbook_is_read(tmp_path, small_limits, fill):
    with pytest.raises(
        UnreadableFileError, match="besar.xlsx: lembar memakai rentang sel yang terlalu besar"
    ):
        read_workbook(write(tmp_path / "besar.xlsx", fill), "zip")
    small = write(tmp_path / "kecil.xlsx", lambda book: book.add_worksheet().write(0, 0, "Tapin"))
    assert read_workbook(small, "zip")[0].texts[0].tolist() == ["Tapin"]


def test_empty_cells_shown_as_per_cent_are_no_marks(tmp_path, small_limits):
    def fill(book):
        sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0%"})
        sheet.write(0, 0, 0.5, percent)
        for row in range(1, 300):
            sheet.write_blank(row, 0, None, percent)

    assert read_workbook(write(tmp_path / "a.xlsx", fill), "zip")[0].formats == {(0, 0): "%"}


def test_the_reading_process_stays_for_the_next_small_workbook_only(tmp_path, monkeypatch):
    path = write(tmp_path / "data.xlsx", lambda book: book.add_worksheet().write(0, 0, "Tapin"))
    workbook.close_children()
    read_workbook(path, "zip")
    (kept,) = workbook._children.values()
    read_workbook(path, "zip")
    assert list(workbook._children.values()) == [kept]
    monkeypatch.setattr(workbook, "KEEP_BYTES", path.stat().st_size)
    read_workbook(path, "zip")
    assert not workbook._children


def test_an_answer_may_be_as_long_as_the_limit(tmp_path, monkeypatch):
    path = write(tmp_path / "data.xlsx", lambda book: book.add_worksheet().write(0, 0, "Tapin"))
    length = len(workbook_child.answer(str(path), "zip"))
    monkeypatch.setattr(workbook, "MOST_ANSWER", length)
    assert read_workbook(path, "zip")[0].texts[0].tolist() == ["Tapin"]
    monkeypatch.setattr(workbook, "MOST_ANSWER", length - 1)
    with pytest.raises(UnreadableFileError, match="terlalu besar"):
        read_workbook(path, "zip")


def test_a_workbook_that_takes_too_long_is_refused_and_the_next_is_read(tmp_path, monkeypatch):
    path = write(tmp_path / "data.xlsx", lambda book: book.add_worksheet().write(0, 0, "Tapin"))
    hanging = tmp_path / "child.py"
    source = workbook.CHILD.read_text(encoding="utf-8")
    hanging.write_text(
        source.replace(
            "def check_size(archive",
            "def check_size(archive):\n    while True:\n        pass\n\n\ndef unused(archive",
        ),
        encoding="utf-8",
    )
    workbook.close_children()
    with monkeypatch.context() as patched:
        patched.setattr(workbook, "CHILD", hanging)
        patched.setattr(workbook, "SECONDS", 0.01)
        with pytest.raises(UnreadableFileError, match="data.xlsx: belum terbaca setelah 0.01 detik"):
            read_workbook(path, "zip")
    assert read_workbook(path, "zip")[0].texts[0].tolist() == ["Tapin"]


@pytest.mark.parametrize(
    ("fate", "told"),
    [
        ("raise SystemExit(0)", "rusak atau tidak lengkap (tanpa keterangan)"),
        ("raise ValueError('x' * 300)", "rusak atau tidak lengkap (ValueError: " + "x" * 188 + ")"),
        ("raise MemoryError", "terlalu besar (memori tidak cukup)"),
        ("import os; os.kill(os.getpid(), 9)", "terlalu besar (memori tidak cukup)"),
        ("sys.stdout.buffer.write((99).to_bytes(8, 'big') + b'half')", "rusak atau tidak lengkap"),
    ],
)
def test_how_the_reading_process_ended_is_told(tmp_path, monkeypatch, fate, told):
    path = write(tmp_path / "data.xlsx", lambda book: book.add_worksheet().write(0, 0, "Tapin"))
    (tmp_path / "child.py").write_text(f"import sys\nsys.stdin.readline()\n{fate}\n", encoding="utf-8")
    workbook.close_children()
    monkeypatch.setattr(workbook, "CHILD", tmp_path / "child.py")
    with pytest.raises(UnreadableFileError, match=re.escape(told)):
        read_workbook(path, "zip")
    assert not workbook._children


def record(columns, replaced=()):
    columns = [(texts, array.array("d", numbers).tobytes()) for texts, numbers in columns]
    empty = dict.fromkeys(("hidden_rows", "hidden_columns", "marked", "merged"), ())
    return {"name": "S", "visible": True, "columns": columns, "replaced": replaced} | empty


def grid(sheet):
    return [
        [text or ("" if np.isnan(number) else number) for text, number in zip(*pair)]
        for pair in zip(sheet.texts, sheet.numbers)
    ]


def test_what_stands_in_cells_that_hold_no_value(monkeypatch):
    columns = [(["Tapin", "", ""], [np.nan, np.inf, -np.inf]), (["x", "", ""], [np.nan, 2.5, np.nan])]
    found = workbook._sheet(record(columns))
    assert grid(found) == [["Tapin", "#NUM!", "#NUM!"], ["x", 2.5, ""]]
    found = workbook._sheet(record(columns, [(0, 0, "#REF!"), (3, 2, "=A1")]))
    assert grid(found) == [["#REF!", "#NUM!", "#NUM!", ""], ["x", 2.5, "", ""], ["", "", "", "=A1"]]
    assert grid(workbook._sheet(record([], [(1, 0, "=B1")]))) == [["", "=B1"]]
    monkeypatch.setattr(workbook, "MOST_CELLS", 12)
    assert len(workbook._sheet(record(columns, [(3, 2, "=A1")])).texts) == 3
    assert len(workbook._sheet(record(columns, [(4, 2, "=A1")])).texts) == 2, "far away: left out"


def test_a_binary_workbook_is_refused_with_advice(tmp_path):
    path = tmp_path / "data.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", b"\0" * 40)
    with pytest.raises(UnreadableFileError, match="biner .* simpan sebagai .xlsx"):
        read_workbook(path, "zip")
