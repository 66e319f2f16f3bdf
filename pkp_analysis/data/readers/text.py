"""Delimited text files (csv, tsv) to one sheet, whatever their encoding, separator and line ends."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from ...errors import UnreadableFileError
from .headers import label_role, year_of
from .sheet import Sheet

DELIMITERS = (";", "\t", "|", ",")  # a comma last: in Indonesian files it is the decimal sign
MOST_COLUMNS = 3000
MOST_CELLS = 30_000_000
COMPACT_CELLS = 1_000_000
HEADER_AT_MOST = 30  # lines above the figures
FIGURE = re.compile(r"-?\d+(?:\.\d+)?")
BINARY = bytes(code for code in range(32) if chr(code) not in "\t\n\f\r")


def decode(raw: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16, else Windows-1252. Raises UnreadableFileError for binary data."""
    encoded = raw
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = raw.decode("utf-16", "replace")
        encoded = text.encode("utf-8", "replace")
    elif raw[1:200:2].count(0) > 0.8 * len(raw[1:200:2]):
        text = raw.decode("utf-16-le", "replace")
        encoded = text.encode("utf-8", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
    if len(encoded.translate(None, BINARY)) < len(encoded):
        bad = next(mark for mark in map(chr, BINARY) if mark in text)
        line = text.count("\n", 0, text.index(bad)) + 1
        raise UnreadableFileError(
            f"{name}, baris {line}: ada byte biner (kode {ord(bad)}). Yang diharapkan: teks CSV. "
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
    delimiters = [line.count(delimiter) for line in lines]
    across_lines = '"' in text and any(line.count('"') % 2 for line in lines)
    overfull = frozenset()
    if delimiter == "," and not across_lines:
        overfull = _join_split_decimals(lines, delimiters)
    width = max(delimiters) + 1
    if width > MOST_COLUMNS or width * len(lines) > MOST_CELLS:
        raise UnreadableFileError(
            f"{path.name}: {len(lines)} baris x {width} kolom. Yang diharapkan: paling banyak {MOST_COLUMNS}"
            f" kolom dan {MOST_CELLS} sel. Periksa pemisah kolomnya, atau bagi menjadi beberapa file."
        )
    compact = (
        width * len(lines) > COMPACT_CELLS
    )  # Python texts are quicker to look at one by one, but need more memory
    texts = None if compact or across_lines else _split(lines, delimiter, delimiters)
    if texts is None:
        texts = _parsed("\n".join(lines), delimiter, width, compact, path)
    while texts and not (texts[-1] != "").any():  # a thousand empty columns make every later step slow
        texts.pop()
    return Sheet(name="", texts=texts, delimiter=delimiter, overfull=overfull)


def _join_split_decimals(lines: list[str], commas: list[int]) -> frozenset:
    """Rows with more fields than the header, because their decimal sign is the separator: "Banjar,88,28" under two
    headers. Joined in place (in quotes) where every figure was split; else their numbers are returned.
    """
    found, headed, named, in_data = set(), 0, False, False
    for row, line in enumerate(lines):
        if not in_data and row < HEADER_AT_MOST:
            cells = [cell.strip() for cell in next(csv.reader([line]))] if line else []
            in_data = named and any(FIGURE.fullmatch(cell) and not year_of(cell) for cell in cells)
            named = named or any(label_role(cell) in ("region", "province", "code", "year") for cell in cells)
            if not in_data:
                headed = max([headed, *(place for place, cell in enumerate(cells, 1) if cell)])
                continue
        if not in_data:
            break
        if commas[row] < headed:
            continue
        cells = next(csv.reader([line.rstrip(", ")]))
        extra = len(cells) - headed
        if extra < 1:
            continue
        first = next(
            (place for place, cell in enumerate(cells) if re.fullmatch(r"-?\d+", cell.strip())), None
        )
        tail = cells[first:] if first is not None else []
        whole, decimals = tail[::2], tail[1::2]
        if headed - (first or 0) == extra == len(decimals) == len(whole) and all(
            re.fullmatch(r"\d{1,2}", cell.strip()) for cell in decimals
        ):
            joined = [f"{before.strip()},{after.strip()}" for before, after in zip(whole, decimals)]
            out = io.StringIO()
            csv.writer(out, lineterminator="").writerow([*cells[:first], *joined])
            lines[row], commas[row] = out.getvalue(), out.getvalue().count(",")
        else:
            found.add(row)
    return frozenset(found)


def _split(lines: list[str], delimiter: str, delimiters: list[int]) -> list[np.ndarray] | None:
    """The columns of a text each of whose lines is a row; None where a quoted field goes on in the next line."""
    width = max(delimiters) + 1
    quoted = [row for row, line in enumerate(lines) if '"' in line]
    try:
        fields = list(csv.reader([lines[row] for row in quoted], delimiter=delimiter))
    except csv.Error:  # a field longer than the module takes
        return None
    if len(fields) < len(quoted):
        return None
    bare, missing = lines.copy(), [width - 1 - found for found in delimiters]
    for row in quoted:
        bare[row], missing[row] = "", width - 1
    if any(missing):
        bare = [line + delimiter * lacking for line, lacking in zip(bare, missing)]
    cells = delimiter.join(bare).split(delimiter)
    for row, found in zip(quoted, fields):
        cells[row * width : row * width + len(found)] = found
    return [np.array(cells[place::width], dtype=object) for place in range(width)]


def _parsed(text: str, delimiter: str, width: int, compact: bool, path: Path) -> list:
    """The columns of a text of many cells or with quotes."""
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
    """The lines of a table each saved as one quoted field ("Kode;Nama;Tahun"), freed of those quotes."""
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
    sample = [re.sub(r'"[^"]*"', "", line) for line in lines[:60] if line.strip()]
    best, best_share = ",", 0.0
    for delimiter in DELIMITERS:
        counts = Counter(line.count(delimiter) for line in sample)
        counts.pop(0, None)
        share = max(counts.values(), default=0) / max(len(sample), 1)
        if share > best_share + 0.1:
            best, best_share = delimiter, share
    return best
