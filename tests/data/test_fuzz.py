"""Damaged files end in a clear error or in issues: never in a traceback, a hang, or more than 1 GiB of
memory.
"""

import json
import subprocess
import sys

import pytest

from pkp_analysis.data.clean import read_raw
from pkp_analysis.errors import UnreadableFileError

from .damaged_files import GOOD_ROWS, cell, corpus, sheet, workbook
from .raw_files import write_zip

SECONDS = 60  # of processor time for one file; the slowest takes 8


def read_corpus(folder, step: int) -> list[dict]:
    """What became of every `step`-th file, read in a process of its own so that its memory can be measured."""
    program = [sys.executable, "-m", "tests.data.damaged_files"]
    subprocess.run([*program, "write", str(folder), str(step)], check=True, capture_output=True)
    told = subprocess.run([*program, "read", str(folder)], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in told.splitlines()]


def check(told: list[dict], at_least: int) -> None:
    *files, last = told
    assert len(files) >= at_least
    assert [file for file in files if file["outcome"] not in ("refused", "read")] == []
    assert {file["outcome"] for file in files} == {"refused", "read"}
    assert [file for file in files if file["seconds"] > SECONDS] == []
    assert max(last["megabytes"]) < 1024


@pytest.mark.slow
def test_corpus_is_large_and_varied(tmp_path):
    names = [name for name, _ in corpus(tmp_path)]
    assert len(names) == len(set(names)) >= 300
    for kind in (
        "bom_lembar",
        "sejuta_baris",
        "sel_terjauh",
        "rumus",
        "tautan_luar",
        "makro",
        "terkunci",
        "utf16",
        "akhir_campur",
        "nul",
        "judul_kembar",
        "gabung_melingkar",
        "potong_",
        "nama_salah_",
    ):
        assert any(kind in name for name in names), kind


def test_sample_of_damaged_files(tmp_path):
    check(read_corpus(tmp_path, 20), 15)


@pytest.mark.slow
def test_all_damaged_files(tmp_path):
    check(read_corpus(tmp_path, 1), 300)


def test_memory_limit_of_the_reading_process(tmp_path):
    """A cell at the far corner would need 512 GiB: the process ends, the caller gets an error, the next file
    is read.
    """
    far, good = tmp_path / "jauh.xlsx", tmp_path / "baik.xlsx"
    write_zip(far, workbook(sheet(GOOD_ROWS, f'<row r="1048576">{cell("XFD1048576", 1)}</row>')))
    write_zip(good, workbook(sheet(GOOD_ROWS)))
    for _ in range(2):
        with pytest.raises(UnreadableFileError, match="terlalu besar"):
            read_raw(far)
        assert read_raw(good)[0]["value"].tolist() == [71.5]
