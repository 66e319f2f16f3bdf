"""Texts that spreadsheets would run as formulas made harmless, in every CSV and XLSX this library writes."""

import re

import pandas as pd

SIGNS = "=+\\-@|\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"  # also in their full and small widths
LEADING = '[\\s"\ufeff\u200b-\u200f\u2060]*'  # what a program may skip before it looks for a sign
# A program whose list separator is not ours cuts a text at its own, and looks at each part.
PLAIN = r"[-+]\d[\d.,]*\s*(?:[,;|\t\r\n]|$)"
PART = re.compile(rf"(^|[,;|\t\r\n])(?={LEADING}[{SIGNS}])(?!{LEADING}{PLAIN})")
BREAK = re.compile(r"^[\t\r\n]")
NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)*$")


def neutral(value):
    """The value with an apostrophe before each part of a text that starts like a formula (= + - @).

    A part starts at the beginning and after every separator a reader may cut at (comma, `;`, tab, `|`, line
    end). Plain numbers ("-5.3") stay, so that reading a file back gives the same figures.
    """
    if not isinstance(value, str) or NUMBER.match(value):
        return value
    safe = PART.sub(r"\1'", value)
    return "'" + safe if BREAK.match(safe) else safe if safe != value else value


def neutral_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy whose texts, column names included, are all neutral."""
    frame = frame.rename(columns=neutral)
    safe = {}
    for column in frame:
        texts = frame[column]
        if isinstance(texts.dtype, pd.StringDtype):  # each text is looked at once
            safe[column] = texts.map({text: neutral(text) for text in texts.unique()}, na_action="ignore")
        elif texts.dtype == object:
            safe[column] = texts.map(neutral, na_action="ignore")
    return frame.assign(**safe)
