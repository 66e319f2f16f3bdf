"""Workbooks (xlsx, xlsm, xlsb, xls, ods) to sheets, in a child process that may fail without harm."""

import marshal
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd

from ...errors import UnreadableFileError
from .sheet import Sheet

CHILD = Path(__file__).with_name("workbook_child.py")
CHILD_MEGABYTES = 800
SECONDS = 120
# A table compresses 10 to 60 times; a file of zeros made to fill a memory 1,000 times.
MOST_UNPACKED = 250 << 20
MOST_RATIO = 200

PROBLEMS = {
    "too_large": "lembar memakai rentang sel yang terlalu besar ({detail}). Yang diharapkan: tabel di pojok kiri atas. "
    "Hapus sel yang tercecer jauh di kanan atau di bawah (Ctrl+End menunjukkannya), lalu simpan ulang",
    "encrypted": "buku kerja terkunci kata sandi. Yang diharapkan: buku kerja tanpa kata sandi. "
    "Buka di Excel, hapus kata sandinya, lalu simpan ulang",
    "damaged": "isi buku kerja rusak atau tidak lengkap ({detail}). Yang diharapkan: buku kerja yang dapat dibuka "
    "di Excel. Unduh atau minta ulang filenya",
}


def read_workbook(path: Path, file_format: str) -> list[Sheet]:
    """The sheets of a workbook, in its order. Raises UnreadableFileError for one that cannot be read safely."""
    if file_format in ("xlsx", "ods"):
        _check_archive(path)
    answer = _ask_child(path, file_format)
    if "problem" in answer:
        raise UnreadableFileError(f"{path.name}: {PROBLEMS[answer['problem']].format(detail=answer['detail'])}.")
    return [_sheet(record) for record in answer["sheets"]]


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(f"{path.name}: {PROBLEMS['damaged'].format(detail=error)}.") from error
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if unpacked > MOST_UNPACKED or (unpacked > 20 << 20 and unpacked / packed > MOST_RATIO):
        raise UnreadableFileError(
            f"{path.name}: isinya {unpacked >> 20} MB setelah dibuka dari file {packed >> 10} KB. Yang diharapkan: paling "
            f"banyak {MOST_UNPACKED >> 20} MB. Bagi menjadi beberapa file, atau simpan ulang sebagai CSV."
        )


def _ask_child(path: Path, file_format: str) -> dict:
    command = [sys.executable, "-I", str(CHILD), str(path), file_format, str(CHILD_MEGABYTES)]
    try:
        child = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError(
            f"{path.name}: belum terbaca setelah {SECONDS} detik. Yang diharapkan: buku kerja yang terbaca dalam "
            "beberapa detik. Simpan lembar datanya saja ke buku kerja baru."
        ) from error
    if child.returncode != 0 or not child.stdout:
        reason = "too_large" if child.returncode < 0 or b"memory" in child.stderr.lower() else "damaged"
        detail = "memori tidak cukup" if reason == "too_large" else _last_line(child.stderr)
        return {"problem": reason, "detail": detail}
    return marshal.loads(child.stdout)


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else "tanpa keterangan"


def _sheet(record: dict) -> Sheet:
    columns = record["columns"]
    for row, column, text in record["replaced"]:
        _put(columns, row, column, text)
    return Sheet(
        name=record["name"],
        cells=pd.DataFrame({n: pd.Series(values, dtype=object) for n, values in enumerate(columns)}),
        visible=record["visible"],
        hidden_rows=frozenset(record["hidden_rows"]),
        hidden_columns=frozenset(record["hidden_columns"]),
        percent=frozenset(map(tuple, record["percent"])),
        merged=tuple(record["merged"]),
    )


def _put(columns: list[list], row: int, column: int, text: str) -> None:
    """Writes into the grid; an error value below or right of all others makes the grid larger."""
    height = len(columns[0]) if columns else 0
    while len(columns) <= column:
        columns.append([""] * height)
    for values in columns:
        values.extend([""] * (row + 1 - len(values)))
    columns[column][row] = text
