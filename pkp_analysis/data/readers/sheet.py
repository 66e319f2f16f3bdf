"""One sheet of a file as it was sent, and the candidate cells found in it, each at its own address."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from typing import NamedTuple

import numpy as np

# Fields a block of cells may know per row, per column or as a whole; "" (0 for the year) where it says
# nothing.
FIELDS = (
    "region",
    "province",
    "code",
    "dimension",
    "name",
    "title",
    "sheet",
    "year",
    "unit",
    "measure",
    "status",
    "source_id",
    "note",
    "part",
    "period",
    "hidden",
)
EMPTY = dict.fromkeys(FIELDS, "") | {"year": 0, "column": 0, "hidden": False}
# `part`: "kind: text" of a row that is no whole region (kinds: refusals.PARTS); `period`: part of a year.


@dataclass(frozen=True)
class Sheet:
    """Cells by position: column c, row r (both from 0) is texts[c][r] and numbers[c][r].

    A text is "" where the cell is empty or holds a number; a number is NaN where it holds none; `numbers` is
    None for text files. Dates are ISO texts, error values and formulas nobody calculated are their text. `formats`
    says of a cell (row, column) with a number what it shows: "%" for a fraction as per cent, else the figure as 0 with
    the words beside it, "0 KK". `delimiter` is empty for a workbook.
    """

    name: str
    texts: list
    numbers: list | None = None
    delimiter: str = ""
    visible: bool = True
    hidden_rows: frozenset = frozenset()
    hidden_columns: frozenset = frozenset()
    formats: dict = field(default_factory=dict)
    merged: tuple = ()
    overfull: frozenset = frozenset()  # rows of a text file with more fields than the header

    @property
    def width(self) -> int:
        return len(self.texts)

    @property
    def height(self) -> int:
        return len(self.texts[0]) if self.texts else 0

    def shown(self, row: int, column: int) -> str:
        """The cell as a person reads it, without outer spaces."""
        text = self.texts[column][row]
        if text == "" and self.numbers is not None:
            return number_text(self.numbers[column][row])
        return text.strip()

    @cached_property
    def filled_rows(self) -> list[int]:
        """Rows with anything in them."""
        filled = np.zeros(self.height, dtype=bool)
        for numbers in self.numbers or ():
            filled |= ~np.isnan(numbers)
        for texts in self.texts:
            empty = np.flatnonzero(
                ~filled
            )  # a column looks only at rows in which those before it hold nothing
            if not len(empty):
                break
            filled[empty] = np.asarray(texts[empty] != "", dtype=bool)
        return np.flatnonzero(filled).tolist()

    def described(self, column: int, rows) -> list[str]:
        """The cells of a describing column; a merged cell says the same to every row it spans."""
        of_column = self.texts[column]
        texts = {row: of_column[row].strip() or self.shown(row, column) for row in rows}
        for (top, left), (bottom, right) in self.merged:
            if left <= column <= right and bottom > top:
                texts |= {row: self.shown(top, left) for row in range(top, bottom + 1) if row in texts}
        return list(texts.values())

    @cached_property
    def _shown_rows(self) -> dict[int, tuple]:
        return {}

    def shown_row(self, row: int) -> tuple[str, ...]:
        """The cells of a row as a person reads them; many rules look at the same first rows."""
        if row not in self._shown_rows:
            self._shown_rows[row] = tuple(self.shown(row, column) for column in range(self.width))
        return self._shown_rows[row]

    def alone(self, row: int) -> str:
        """The only text of a row; "" where it has none or several."""
        texts = [text for text in self.shown_row(row) if text]
        return texts[0] if len(texts) == 1 else ""


class Coded(NamedTuple):
    """A field as places in its distinct values, so that long tables look at each value once."""

    codes: np.ndarray
    values: list


@dataclass(frozen=True)
class Block:
    """Candidate cells of one table. Cell i lies in row `row_of[i]` and column `column_of[i]` of the block's
    own lists.

    `rows` and `columns` hold the fields known per row (always "row", the file's row from 1) and per column
    (always
    "column", from 1); `constants` those that hold for the whole table.
    """

    rows: dict
    columns: dict
    constants: dict
    text: np.ndarray
    number: np.ndarray
    row_of: np.ndarray
    column_of: np.ndarray
    formats: dict = field(default_factory=dict)  # as of its sheet


def block(
    rows: dict, columns: dict, constants: dict, text: np.ndarray, number: np.ndarray, formats: dict
) -> Block:
    """A full block: `text` and `number` hold a line per column and an entry per row."""
    width, height = text.shape
    return Block(
        rows,
        columns,
        constants,
        text.ravel(),
        number.ravel(),
        np.tile(np.arange(height), width),
        np.repeat(np.arange(width), height),
        formats,
    )


def listed(records: list[dict], constants: dict) -> Block:
    """A block of cells that share no columns, from a record of "row", "column", "text" ... per cell."""
    count = len(records)
    rows = {
        name: [record.get(name, EMPTY.get(name)) for record in records]
        for name in ("row", *FIELDS)
        if any(name in record for record in records)
    }
    columns = {"column": [record["column"] for record in records]}
    text = np.array([record["text"] for record in records], dtype=object)
    number = np.array([record.get("number", math.nan) for record in records], dtype=float)
    return Block(rows, columns, constants, text, number, np.arange(count), np.arange(count))


def spread(blocks: list[Block], *fields: str) -> tuple[np.ndarray, list]:
    """Per cell of all blocks the place of its `fields` in a list of their distinct values (tuples), and that
    list. What a row says goes before what its column says, and that before the table; of names both count.
    """
    places: dict = {}
    parts = []
    for cells in blocks:
        default = tuple(cells.constants.get(name, EMPTY.get(name)) for name in fields)
        if cells.rows.keys().isdisjoint(fields) and cells.columns.keys().isdisjoint(fields):
            parts.append(np.full(len(cells.text), places.setdefault(default, len(places))))
            continue
        of_row, row_keys = _keys(cells.rows, fields)
        of_column, column_keys = _keys(cells.columns, fields)
        if len(row_keys) > 1 and len(column_keys) > 1:
            found, place = distinct(of_row[cells.row_of] * len(column_keys) + of_column[cells.column_of])
            pairs, index = [divmod(code, len(column_keys)) for code in found.tolist()], slice(None)
        elif len(column_keys) > 1:
            pairs, place, index = [(0, code) for code in range(len(column_keys))], of_column, cells.column_of
        else:
            pairs, place, index = [(code, 0) for code in range(len(row_keys))], of_row, cells.row_of
        said = [
            [
                f"{column[at]} {row[of]}"
                if name == "name" and row[of] and column[at]
                else row[of] or column[at] or whole
                for of, at in pairs
            ]
            if name in cells.rows or name in cells.columns
            else repeat(whole, len(pairs))
            for name, row, column, whole in zip(fields, zip(*row_keys), zip(*column_keys), default)
        ]
        found = np.array([places.setdefault(key, len(places)) for key in zip(*said)], dtype=np.int64)[place]
        parts.append(found[index] if len(pairs) > 1 else np.full(len(cells.text), found[0]))
    return np.concatenate(parts), list(places)


def _keys(owner: dict, fields) -> tuple[np.ndarray, list]:
    """Per row (or column) the place of its fields among their distinct values, and those; None where unsaid."""
    length = len(owner.get("row", owner.get("column")))
    known = [owner.get(name) for name in fields]
    if any(isinstance(values, Coded) for values in known):
        combined, lists = np.zeros(length, dtype=np.int64), []
        for values in known:
            if values is not None and not isinstance(values, Coded):
                unique = list(dict.fromkeys(values))
                at = {value: place for place, value in enumerate(unique)}
                values = Coded(np.array([at[value] for value in values], dtype=np.int64), unique)
            codes, unique = values or (0, [None])
            combined = combined * max(len(unique), 1) + codes
            lists.append(unique)
        found, place = distinct(combined)
        keys = []
        for unique in reversed(lists):
            found, rest = np.divmod(found, max(len(unique), 1))
            keys.append([unique[code] for code in rest.tolist()])
        return place, list(zip(*reversed(keys)))
    if all(values is None for values in known):
        return np.zeros(length, dtype=np.int64), [(None,) * len(fields)]
    places: dict = {}
    keys = zip(*(repeat(None, length) if values is None else values for values in known))
    codes = [places.setdefault(key, len(places)) for key in keys]
    return np.array(codes, dtype=np.int64), list(places)


def distinct(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different numbers in `codes` (none below 0), rising, and each entry's place among them."""
    most = int(codes.max(initial=0)) + 1
    if most > 4 * len(codes) + 100_000:
        return np.unique(codes, return_inverse=True)
    found = np.flatnonzero(np.bincount(codes, minlength=most))
    place = np.zeros(most, dtype=np.int64)
    place[found] = np.arange(len(found))
    return found, place[codes]


def number_text(number: float) -> str:
    """2022.0 -> "2022", 0.5 -> "0.5", NaN -> ""."""
    if math.isnan(number):
        return ""
    number = float(number)  # of numpy, much slower to ask
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def column_letter(number: int) -> str:
    """Letter of a column counted from 1: 1 -> "A", 28 -> "AB"."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
