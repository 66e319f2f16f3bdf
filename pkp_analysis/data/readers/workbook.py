"""Workbooks (xlsx, xlsm, xls, ods) to sheets, in a child process that may fail without harm."""

import atexit
import contextlib
import marshal
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

from ...errors import UnreadableFileError
from ..numbers import STRUCK
from .sheet import Sheet, number_text

CHILD = Path(__file__).with_name("workbook_child.py")
CHILD_MEGABYTES = 800
SECONDS = 120
KEEP_BYTES = 3 << 20  # after a larger file the process holds memory it does not need, so it ends
MOST_CELLS = 20_000_000
MOST_ANSWER = 400 << 20  # bytes this process takes from the reading one

PROBLEMS = {
    "too_large": (
        "lembar memakai rentang sel yang terlalu besar ({detail}). Yang diharapkan: tabel di pojok kiri atas."
        " Hapus sel yang tercecer jauh di kanan atau di bawah (Ctrl+End menunjukkannya), lalu simpan ulang"
    ),
    "bomb": (
        "isinya {detail} setelah dibuka. Yang diharapkan: buku kerja biasa, paling banyak 250 MB. Bagi"
        " menjadi beberapa file, atau simpan ulang sebagai CSV"
    ),
    "encrypted": (
        "buku kerja terkunci kata sandi. Yang diharapkan: buku kerja tanpa kata sandi. "
        "Buka di Excel, hapus kata sandinya, lalu simpan ulang"
    ),
    "binary": "ternyata buku kerja biner (.xlsb). Yang diharapkan: .xlsx. Buka di Excel, lalu simpan sebagai .xlsx",
    "late": (
        "belum terbaca setelah {detail} detik. Yang diharapkan: buku kerja yang terbaca dalam beberapa detik."
        " Simpan lembar datanya saja ke buku kerja baru"
    ),
    "damaged": (
        "isi buku kerja rusak atau tidak lengkap ({detail}). Yang diharapkan: buku kerja yang dapat dibuka "
        "di Excel. Unduh atau minta ulang filenya"
    ),
}


def read_workbook(path: Path, file_format: str) -> list[Sheet]:
    """The sheets of a workbook, in its order. Raises UnreadableFileError for one that cannot be read safely."""
    answer = _ask_child(path, file_format)
    if "problem" in answer:
        raise UnreadableFileError(
            f"{path.name}: {PROBLEMS[answer['problem']].format(detail=answer['detail'])}."
        )
    return [_sheet(record) for record in answer["sheets"]]


class _Child:
    """The reading process; kept for the next workbook, replaced after a failure, a large file or a fork."""

    def __init__(self):
        self.owner = os.getpid()
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(CHILD), str(CHILD_MEGABYTES), str(SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )

    def ask(self, path: Path, file_format: str) -> bytes:
        """The answer for one workbook, b"" when the process died over it."""
        try:
            self.process.stdin.write(f"{file_format} {path.resolve()}\n".encode("utf-8", "surrogateescape"))
            self.process.stdin.flush()
            head = self.process.stdout.read(8)
            length = int.from_bytes(head, "big") if len(head) == 8 else 0
            if length > MOST_ANSWER:
                return marshal.dumps({"problem": "too_large", "detail": f"{length >> 20} MB isi"})
            body = self.process.stdout.read(length)
        except BrokenPipeError:
            body, length = b"", 0
        return body if len(body) == length else b""

    def last_words(self) -> str:
        self.process.wait(timeout=5)
        self.errors.seek(0)
        lines = self.errors.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        late = next((line for line in lines if line.startswith("Timeout (")), "")
        return late or (lines[-1][:200] if lines else "tanpa keterangan")

    def close(self) -> None:
        self.process.kill()
        with contextlib.suppress(BrokenPipeError):  # it died with a line unread
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self.errors.close()


_children: dict[int, _Child] = {}  # by thread, so that two threads never share a pipe


def _ask_child(path: Path, file_format: str) -> dict:
    thread = threading.get_ident()
    child = _children.get(thread)
    if child is None or child.owner != os.getpid() or child.process.poll() is not None:
        child = _children[thread] = _Child()
    if body := child.ask(path, file_format):
        answer = marshal.loads(body)
        if path.stat().st_size < KEEP_BYTES and "problem" not in answer:
            return answer
    else:
        words = child.last_words()
        if words.startswith(("ModuleNotFoundError", "ImportError")):
            raise ImportError(words)
        large = child.process.returncode < 0 or "memory" in words.lower()
        answer = (
            {"problem": "late", "detail": SECONDS}
            if words.startswith("Timeout (")
            else {"problem": "too_large", "detail": "memori tidak cukup"}
            if large
            else {"problem": "damaged", "detail": words}
        )
    _forget(thread)
    return answer


def _forget(thread: int) -> None:
    child = _children.pop(thread)
    child.close()


@atexit.register
def close_children() -> None:
    """Ends the reading processes of this process."""
    for thread in list(_children):
        if _children[thread].owner == os.getpid():
            _forget(thread)


def _sheet(record: dict) -> Sheet:
    texts = [np.array(texts, dtype=object) for texts, _ in record["columns"]]
    numbers = [np.frombuffer(numbers) for _, numbers in record["columns"]]
    for place, column in enumerate(numbers):
        if np.isinf(column).any():  # no figure at all
            texts[place] = np.where(np.isinf(column), "#NUM!", texts[place])
            numbers[place] = np.where(np.isinf(column), np.nan, column)
    if record["replaced"]:
        texts, numbers = _with_replaced(texts, numbers, record["replaced"])
    formats = {}
    for row, column, mark in record["marked"]:
        if column >= len(texts) or row >= len(texts[column]):
            continue
        if mark != "struck":
            formats |= {(row, column): mark} if not np.isnan(numbers[column][row]) else {}
            continue
        shown = texts[column][row] or number_text(numbers[column][row])
        if not numbers[column].flags.writeable:
            numbers[column] = numbers[column].copy()
        texts[column][row], numbers[column][row] = shown and shown + STRUCK, np.nan
    return Sheet(
        name=record["name"],
        texts=texts,
        numbers=numbers,
        visible=record["visible"],
        hidden_rows=frozenset(record["hidden_rows"]),
        hidden_columns=frozenset(record["hidden_columns"]),
        formats=formats,
        merged=tuple(record["merged"]),
    )


def _with_replaced(texts: list, numbers: list, replaced: list) -> tuple[list, list]:
    """Error values and uncalculated formulas put into the grid, which grows for those outside it."""
    height = max(max(row for row, _, _ in replaced) + 1, len(texts[0]) if texts else 0)
    width = max(max(column for _, column, _ in replaced) + 1, len(texts))
    if height * width > MOST_CELLS:
        return texts, numbers  # a stray formula far away; calamine's grid holds all values
    grid = [np.full(height, "", dtype=object) for _ in range(width)]
    figures = [np.full(height, np.nan) for _ in range(width)]
    for column, (found, number) in enumerate(zip(texts, numbers)):
        grid[column][: len(found)], figures[column][: len(number)] = found, number
    for row, column, text in replaced:
        grid[column][row] = text
    return grid, figures
