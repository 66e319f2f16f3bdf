"""One sheet of a file as it was sent: every cell at its own address."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Sheet:
    """`cells` holds the raw values by position: cells.iat[r, c] is row r + 1, column c + 1 of the file.

    A value is text, a number, True/False, ("date", ISO text) or "" for an empty cell. `percent` are cells that hold a
    fraction but show per cent; `replaced` are cells whose value is an error or a formula nobody calculated.
    `delimiter` is empty for a workbook.
    """

    name: str
    cells: pd.DataFrame
    delimiter: str = ""
    visible: bool = True
    hidden_rows: frozenset = frozenset()
    hidden_columns: frozenset = frozenset()
    percent: frozenset = frozenset()
    merged: tuple = ()


def column_letter(number: int) -> str:
    """Letter of a column counted from 1: 1 -> "A", 28 -> "AB"."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shown(value) -> str:
    """A raw value as text, the way a person would read it in the cell."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return value[1][:10] if value[0] == "date" else value[1]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)
