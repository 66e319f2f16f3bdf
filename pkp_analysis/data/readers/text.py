"""Delimited text files (csv, tsv) to one sheet, whatever their encoding, separator and line ends."""

import csv
import io
import re
from collections import Counter
from operator import methodcaller
from pathlib import Path

import numpy as np
import pandas as pd

from ...errors import UnreadableFileError
from .headers import label_role
from .sheet import Sheet

DELIMITERS = (";", "\t", "|", ",")  # a comma last: in Indonesian files it is the decimal sign
MOST_COLUMNS = 3000
MOST_CELLS = 30_000_000
COMPACT_CELLS = 1_000_000
BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
TEXT_BYTES = bytes(byte for byte in range(256) if not BINARY.match(chr(byte)))


def decode(raw: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or, failing these, Windows-1252. Raises UnreadableFileError for
    binary data.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = raw.decode("utf-16", "replace")
    elif raw[1:200:2].count(0) > 0.8 * len(raw[1:200:2]):
        text = raw.decode("utf-16-le", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
    bad = BINARY.search(text) if raw.translate(None, TEXT_BYTES) else None
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise UnreadableFileError(
            f"{name}, baris {line}: ada byte biner (kode {ord(bad.group())}). Yang diharapkan: teks CSV. "
            "File rusak atau bukan CSV; unduh ulang, atau simpan ulang dari Excel sebagai CSV."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(text: str, path: Path, delimiter: str = "") -> Sheet:
    """The table in a decoded text file, whose separator is found where it is not given. Raises
    UnreadableFileError when quoting or size make no table.
    """
    lines = text.split("\n")
    declared = re.fullmatch(r"sep=(.)", lines[0].strip().strip('"'))
    lines = _without_outer_quotes(lines)
    delimiter = delimiter or (declared.group(1) if declared else find_delimiter(lines))
    if declared:
        lines[0] = ""
    while len(lines) > 1 and not lines[-1].strip(
        f"{delimiter} "
    ):  # hundreds of empty rows at the end are common
        lines.pop()
    delimiters = list(map(methodcaller("count", delimiter), lines))
    width = max(delimiters) + 1
    if width > MOST_COLUMNS or width * len(lines) > MOST_CELLS:
        raise UnreadableFileError(
            f"{path.name}: {len(lines)} baris x {width} kolom. Yang diharapkan: paling banyak {MOST_COLUMNS}"
            f" kolom dan {MOST_CELLS} sel. Periksa pemisah kolomnya, atau bagi menjadi beberapa file."
        )
    compact = (
        width * len(lines) > COMPACT_CELLS
    )  # Python texts are quicker to look at one by one, but need more memory
    if not compact and '"' not in text:
        full = [line + delimiter * (width - 1 - found) for line, found in zip(lines, delimiters)]
        texts = _columns(delimiter.join(full).split(delimiter), width)
    elif compact or (cells := _quoted(lines, delimiter, width)) is None:
        texts = _parsed("\n".join(lines), delimiter, width, compact, path)
    else:
        texts = _columns(cells, width)
    while texts and not (texts[-1] != "").any():
        texts.pop()
    return Sheet(name="", texts=texts, delimiter=delimiter)


def _columns(cells: list[str], width: int) -> list:
    return [column.copy() for column in np.array(cells, dtype=object).reshape(-1, width).T]


def _quoted(lines: list[str], delimiter: str, width: int) -> list[str] | None:
    """The cells of a text whose quotes are in order, row by row; None for one that is not, which _parsed
    knows how to take or refuse.
    """
    cells = []
    try:
        for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, strict=True):
            if len(row) > width:
                return None
            cells += row
            cells += [""] * (width - len(row))
    except csv.Error:
        return None
    return cells


def _parsed(text: str, delimiter: str, width: int, compact: bool, path: Path) -> list:
    """The columns of a text of many cells or with quotes out of order."""
    try:
        cells = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=range(width),
            index_col=False,
            dtype=str if compact else object,
            na_filter=False,
            skip_blank_lines=False,
            engine="c",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise UnreadableFileError(
            f"{path.name}: susunan kolom atau tanda kutip tidak utuh ({error}). Yang diharapkan: CSV dengan"
            " tanda kutip berpasangan. Simpan ulang dari Excel sebagai CSV."
        ) from error
    if cells.iloc[:, -1].isna().any():  # short rows
        cells = cells.fillna("")
    return [cells[column].array if compact else cells[column].to_numpy() for column in cells]


def _without_outer_quotes(lines: list[str]) -> list[str]:
    """The lines of a table whose every row was saved as one quoted field ("Kode;Nama;Tahun"), freed of those
    quotes.
    """
    filled = [line for line in lines if line.strip()] if lines[0][:1] == '"' else []
    if not filled or not all(re.fullmatch(r'"(?:[^"]|"")*"', line) for line in filled):
        return lines
    inner = [line[1:-1].replace('""', '"') for line in lines]
    head = next(line for line in inner if line.strip())
    headed = any(
        sum(label_role(cell) != "" for cell in head.split(delimiter)) > 1 for delimiter in DELIMITERS
    )
    return inner if headed else lines


def find_delimiter(lines: list[str]) -> str:
    """The separator that cuts most lines into the same number of columns."""
    sample = [re.sub(r'"[^"]*"', "", line) if '"' in line else line for line in lines[:60] if line.strip()]
    best, best_share = ",", 0.0
    for delimiter in DELIMITERS:
        counts = Counter(line.count(delimiter) for line in sample)
        counts.pop(0, None)
        share = max(counts.values(), default=0) / max(len(sample), 1)
        if share > best_share + 0.1:
            best, best_share = delimiter, share
    return best
