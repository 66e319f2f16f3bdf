"""Texts to numbers: each column decides its decimal style; what stays ambiguous is refused."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# What a cell says instead of a number, as BPS and agencies write it -> its meaning.
MISSING = {
    "": "",
    "-": "nol atau tidak ada menurut simbol BPS",
    "--": "tidak ada",
    "...": "data tidak tersedia",
    "..": "data tidak tersedia",
    "na": "data tidak berlaku",
    "n/a": "data tidak berlaku",
    "n.a.": "data tidak berlaku",
    "n.a": "data tidak berlaku",
    "nan": "tidak ada angka",
    "null": "tidak ada angka",
    "none": "tidak ada angka",
    "x": "tidak ada angka",
    "tad": "tidak ada data",
    "t.a.d": "tidak ada data",
    "tidak ada": "tidak ada data",
    "tidak ada data": "tidak ada data",
    "belum ada": "tidak ada data",
    "belum ada data": "tidak ada data",
    "tidak tersedia": "data tidak tersedia",
}
STRUCK = "\u0336"  # behind the text of a cell that is crossed out
JOINT = "\u23ac"  # behind that of one cell merged over several regions
# Marks behind a number -> (status, note). They follow the symbols page of BPS publications.
MARKS = {
    "*": ("provisional", "angka sementara"),
    "**": ("provisional", "angka sangat sementara"),
    "e": ("provisional", "angka estimasi"),
    "r": ("", "angka revisi"),
    "a": ("", "galat baku relatif di atas 25%"),
    "b": ("", "galat baku relatif di atas 50%"),
    "sementara": ("provisional", "angka sementara"),
    "sangat sementara": ("provisional", "angka sangat sementara"),
    "estimasi": ("provisional", "angka estimasi"),
    "revisi": ("", "angka revisi"),
}
MARKS_AS_USUAL = re.compile(
    r"sementara|diragukan|estimasi|perkiraan|revisi|perbaikan|preliminary|provisional", re.IGNORECASE
)
NOTED = "\u203b "  # between a figure and what the legend of its table says of its mark
OTHER_THAN_STATED = re.compile(  # a legend that makes the figure one of something else
    r"(?:19|20)\d\d|\b(?:termasuk|gabung\w*|hanya|sebagian|tanpa|tidak|belum|target|kecuali|permil|ribu)\b",
    re.IGNORECASE,
)
MARK = re.compile(
    r"(?<=[\d%])\s*(?:\((?:angka )?(\*{1,2}|[erab]|sementara|sangat sementara|estimasi|revisi)\)|(\*{1,2}|[erab])\)?)$",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"(?<=\d)\s*(%|persen|(?:ribu )?(?:jiwa|orang|kk|ton)|rt|ruta|rumah(?: tangga)?|keluarga|unit|ha|hektare?|desa"
    r"|m[23]|(?:ton|kg)(?:/\w+)?)\.?$",
    re.IGNORECASE,
)
INEXACT = re.compile(
    r"^\s*(?:±|\+/-|<|>|≤|≥|~|≈|±|sekitar|kurang lebih|lebih dari|kurang dari)\s*\d"
    r"|\d\s*%?\s*(?:-|–|—|s\.?\s?/?d\.?|sampai|hingga)\s*\d",
    re.IGNORECASE,
)
TWO = re.compile(
    r"\d[\d.,]*(?: ?[a-z]+)? ?[(/] ?\d[\d.,]* ?%\)?|\d[\d.,]* ?% ?[(/] ?\d[\d.,]*(?: ?[a-z]+)?\)?",
    re.IGNORECASE,
)  # "80.000 (80%)"
EXCEL_ERROR = re.compile(r"^#(REF|VALUE|DIV/0|NAME|NUM|N/A|NULL|SPILL|CALC)[!?]?!?$", re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?|\d{1,2}[/-]\d{1,2}[/-]\d{2,4}")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
FOOTNOTE = re.compile(  # "88,28\u00b9", "88,28\u2460", "88,28 1)"
    "(?<=[\\d%])(?:\\s*[(\u207d]?[\u00b9\u00b2\u00b3\u2070-\u2079\u2080-\u2089\u2460-\u2473]+[)\u207e]?|\\s+\\d\\))$"
)
POWER = re.compile(
    r"([+-]?\d)(?:[.,](\d+))?e([+-]?\d{1,2})", re.IGNORECASE
)  # "5,8E+05" as Excel saves 580123
GROUPED_POINT = re.compile(r"\d{1,3}(\.\d{3})+")
GROUPED_COMMA = re.compile(r"\d{1,3}(,\d{3})+")


class Reading(NamedTuple):
    """One text: its number with the point as decimal sign, and with the comma (NaN where it is none)."""

    kind: str  # "number", "missing", "error", "rounded", "inexact", "formula", "date", "unreadable" ...
    as_point: float = np.nan
    as_comma: float = np.nan
    unit: str = ""
    status: str = ""
    note: str = ""


def tidy_text(text: str) -> str:
    """Without outer and doubled spaces (also non-breaking ones) and full-width forms; every dash is "-"."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(DASHES).split())


@lru_cache(maxsize=200_000)
def read_number(text: str) -> Reading:
    """What one text can mean, both ways of reading it."""
    if text.endswith((STRUCK, JOINT)):
        return Reading("struck" if text.endswith(STRUCK) else "joint")
    if NOTED in text:
        figure, _, meaning = text.partition(NOTED)
        if OTHER_THAN_STATED.search(meaning):
            return Reading("footnoted")
        return read_number(figure.rstrip("*) "))._replace(note=meaning)
    bare = tidy_text(FOOTNOTE.sub("", text.strip()))
    if bare.lower() in MISSING:
        return Reading("missing", note=MISSING[bare.lower()])
    if EXCEL_ERROR.match(bare):
        return Reading("error")
    if bare.startswith("="):
        return Reading("formula")
    if DATE.fullmatch(bare):
        return Reading("date")
    if TWO.fullmatch(bare):
        return Reading("two")
    if bare == "~0":
        return Reading("number", 0.0, 0.0, note="mendekati nol, dapat diabaikan")
    if power := POWER.fullmatch(bare):
        whole, decimals, exponent = power.groups(default="")
        value = float(f"{whole}.{decimals or 0}e{exponent}")
        digits = len(whole.strip("+-") + decimals)
        return Reading("rounded", value, value, note=f"ditulis {bare}: hanya {digits} angka penting")
    status, notes = "", []
    while mark := MARK.search(bare):
        mark_status, note = MARKS[(mark.group(1) or mark.group(2)).lower()]
        status, bare = status or mark_status, bare[: mark.start()]
        notes.append(note)
    unit = UNIT.search(bare)
    if unit:
        bare = bare[: unit.start()]
    if INEXACT.search(bare):
        return Reading("inexact")
    point, comma = _both_ways(bare)
    if np.isnan(point) and np.isnan(comma):
        return Reading("unreadable")
    return Reading("number", point, comma, unit.group(1).lower() if unit else "", status, "; ".join(notes))


def _both_ways(bare: str) -> tuple[float, float]:
    sign = -1.0 if bare.startswith("-") else 1.0
    digits = bare.lstrip("+-").strip()
    if re.fullmatch(r"\d{1,3}([ '’]\d{3})+([.,]\d+)?", digits):
        digits = re.sub(r"[ '’]", "", digits)  # what is left has four digits or more before a decimal sign
    if not re.fullmatch(r"\d[\d.,]*|[.,]\d+", digits) or digits[-1] in ".,":
        return np.nan, np.nan
    return sign * _decimal(digits, ".", ",", GROUPED_COMMA), sign * _decimal(digits, ",", ".", GROUPED_POINT)


def _decimal(digits: str, decimal: str, group: str, grouped: re.Pattern) -> float:
    """The number with that decimal sign, NaN when the digits are not grouped as that style would."""
    whole, sign, fraction = digits.partition(decimal)
    if decimal in fraction or group in fraction:
        return np.nan
    if group in whole and (not grouped.fullmatch(whole) or whole.startswith("0")):
        return np.nan
    return float((whole.replace(group, "") or "0") + "." + (fraction or "0"))


class Said(NamedTuple):
    """What a cell says beside its number. `rule` is "" when the number stands, "missing", "decimal_style" (only the
    plausible range decided between point and comma), or the reason it is refused.
    """

    rule: str = ""
    unit: str = ""
    status: str = ""
    note: str = ""


def said_in_format(shown: str) -> Said:
    """What the format of a cell says beside its number, by what it shows of 0: "0 KK"; words that nobody knows are a
    unit nobody knows.
    """
    reading = read_number(shown)
    if reading.kind in ("number", "inexact"):
        return Said("" if reading.kind == "number" else "inexact", reading.unit, reading.status, reading.note)
    return Said(unit=shown.replace("0", " ").strip())


class Numbers(NamedTuple):
    """An entry per cell in `value` and `said_of`, the place of what it says in `said`, whose first is a bare number;
    `suggestion` holds what an ambiguous cell may mean.
    """

    value: np.ndarray
    said_of: np.ndarray
    said: list[Said]
    suggestion: dict[int, str]

    def each(self, field: str) -> np.ndarray:
        """A field of what each cell says, as texts."""
        return np.array([getattr(said, field) for said in self.said], dtype=object)[self.said_of]

    def where(self, field: str, *texts: str) -> np.ndarray:
        """Whether a field of what each cell says is one of these texts; any text at all when there are none."""
        fits = [
            value in texts if texts else value != "" for value in (getattr(said, field) for said in self.said)
        ]
        return np.array(fits)[self.said_of]


def parse_numbers(texts, column, minimum, maximum, whole) -> Numbers:
    """Numbers of texts that came in one or more file columns.

    `column` numbers each text's file column; `minimum`, `maximum` and `whole` (a count without decimals) describe its
    indicator. All are arrays as long as `texts`.
    """
    as_point, as_comma, plain = _plain_numbers(texts)
    said_of, places = np.zeros(len(texts), dtype=np.int64), {Said(): 0}
    for place in np.flatnonzero(~plain):
        reading = read_number(texts[place])
        as_point[place], as_comma[place] = reading.as_point, reading.as_comma
        rule = "" if reading.kind == "number" else reading.kind
        said_of[place] = places.setdefault(
            Said(rule, reading.unit, reading.status, reading.note), len(places)
        )
    value, rules, suggestion = _decide(as_point, as_comma, column, minimum, maximum, whole)
    said = list(places)
    for place, rule in rules.items():
        said_of[place] = places.setdefault(said[said_of[place]]._replace(rule=rule), len(places))
    return Numbers(value, said_of, list(places), suggestion)


def _plain_numbers(texts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The texts read with a point and with a comma, for those that one way fits or that have no sign."""
    found = pc.utf8_trim_whitespace(pa.array(texts, type=pa.string()))
    fits = pc.match_substring_regex(found, r"^\d{1,15}(?:[.,](?:\d{1,2}|\d{4,12}))?$")
    has_point, has_comma = (pc.match_substring(found, sign).to_numpy(zero_copy_only=False) for sign in ".,")
    found = found if pc.all(fits).as_py() else pc.if_else(fits, found, None)
    found = pc.replace_substring(found, ",", ".") if has_comma.any() else found
    number = pc.cast(found, pa.float64()).to_numpy(zero_copy_only=False)
    return np.where(has_comma, np.nan, number), np.where(has_point, np.nan, number), ~np.isnan(number)


def _decide(as_point, as_comma, column, minimum, maximum, whole):
    """A value per cell, and by cell the rule that refuses it (or "decimal_style") and what it may mean."""
    has_point, has_comma = ~np.isnan(as_point), ~np.isnan(as_comma)
    unclear = has_point & has_comma & (as_point != as_comma)
    value = np.where(has_point, as_point, as_comma)
    rules, suggestion = {}, {}
    if not unclear.any():
        return value, rules, suggestion
    doubtful, point_style, comma_style = (
        np.bincount(column, cells, minlength=1)[column]
        for cells in (unclear, has_point & ~has_comma, has_comma & ~has_point)
    )
    for place in np.flatnonzero(unclear).tolist():
        point, comma = as_point[place], as_comma[place]
        plausible = [
            number
            for number in (point, comma)
            if minimum[place] <= number <= maximum[place] and (number.is_integer() or not whole[place])
        ]
        styled = [point] * bool(point_style[place] and not comma_style[place]) + [comma] * bool(
            comma_style[place] and not point_style[place]
        )
        outnumbered = max(point_style[place], comma_style[place]) < doubtful[place]
        if styled and styled[0] in plausible and (len(plausible) == 1 or not outnumbered):
            value[place] = styled[0]
        elif not styled and len(plausible) == 1:
            value[place], rules[place] = plausible[0], "decimal_style"
        else:
            value[place], rules[place] = np.nan, "ambiguous_number"
            suggestion[place] = " atau ".join(
                f"{number:.12g}".replace(".", ",") for number in plausible or (point, comma)
            )
    return value, rules, suggestion
