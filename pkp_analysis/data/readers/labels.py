"""What a cell looks like: a region's name, a total, a figure; and how far a table is looked at."""

import re
from functools import lru_cache

from ..numbers import JOINT, MISSING, STRUCK, TWO
from ..regions import candidates

TOTAL = re.compile(
    r"^(?:sub ?-?total|grand total|total|jumlah(?: total)?|rata ?-? ?rata|mean|average)\b[\s:]*(.*)$",
    re.IGNORECASE,
)
VALUE_LIKE = re.compile(
    r"(?:[-+±<>~≈]|sekitar|kurang lebih|(?:kurang|lebih) dari)?\s?[\d.,]*\d[\d.,\s]*(?:e[+-]?\d{1,2})?%?\s?"
    r"(?:\*{1,2}\)?|[erab]\)?|[¹²³⁰-⁹]+\)?|\d\)|\([a-z ]+\)|persen|unit|ha"
    r"|(?:ribu )?(?:kk|jiwa|orang)|(?:ribu )?(?:ton|kg)(?:/[a-z]+)?)?|true|false"
    r"|\d[\d.,]*\s?[-–—]\s?\d[\d.,]*%?"
    rf"|[-–—]{{1,2}}|\.{{2,3}}|…|n/?a|n\.a\.?|nan|null|#[\w/]+[!?]?|=.*|.*\d.*[{STRUCK}{JOINT}]",
    re.IGNORECASE,
)
LABEL_COLUMNS = 15  # regions are named among the first columns
LOOKED_AT = 150  # rows within which the column of regions must show
SAMPLE = 40  # cells of a column that decide whether it holds figures


@lru_cache(maxsize=100_000)
def names_region(text: str) -> bool:
    """Whether a label names a region: "Jumlah Kalimantan Selatan" does, "Jumlah" or a heading does not."""
    text = without_total(text)
    return bool(re.search("[A-Za-z]", text)) and bool(candidates(text))


@lru_cache(maxsize=100_000)
def names_regency(text: str) -> bool:
    """Whether a label may be a kabupaten or kota, or the total of one."""
    return any(len(code) == 4 for code in candidates(without_total(text)))


def without_total(text: str) -> str:
    match = TOTAL.match(text.strip())
    return match.group(1) if match else text


@lru_cache(maxsize=100_000)
def value_like(text: str) -> bool:
    """Whether a cell's text looks like a figure, or like what stands in place of one."""
    return bool(VALUE_LIKE.fullmatch(text) or TWO.fullmatch(text)) or (text != "" and text.lower() in MISSING)
