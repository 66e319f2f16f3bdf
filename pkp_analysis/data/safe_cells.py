"""Texts that spreadsheet programs would run as formulas made harmless, in every CSV and XLSX this library
writes.
"""

import re

import pandas as pd

STARTS = re.compile(r"^[\s'\"]*[=+\-@|]|^[\t\r\n]")
NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)*$")


def neutral(value):
    """The value with an apostrophe before it when it is a text that starts like a formula (= + - @); else
    unchanged.

    Plain numbers ("-5.3") stay, so that reading a file back gives the same figures.
    """
    if (
        isinstance(value, str)
        and STARTS.match(value)
        and not NUMBER.match(value)
        and not value.startswith("'")
    ):
        return "'" + value
    return value


def neutral_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy whose texts, column names included, are all neutral."""
    frame = frame.rename(columns=neutral)
    texts = [
        column
        for column in frame
        if frame[column].dtype == object or isinstance(frame[column].dtype, pd.StringDtype)
    ]
    return frame.assign(**{column: frame[column].map(neutral, na_action="ignore") for column in texts})
