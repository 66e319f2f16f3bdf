"""Candidate cells to observations; a cell that makes no observation is an issue with its address, never lost."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from ..errors import DataContractError
from .candidates import Candidates, book, resolve, source_rows
from .readers import RawFile, read_cells
from .readers.sheet import column_letter, number_text
from .reconcile import STATUSES
from .refusals import (
    SET_ASIDE,
    Refusals,
    decimal,
    in_panel,
    judge,
    lone_fractions,
    lone_zeros,
    noted,
    part_of_year,
    period_unstated,
    too_small,
)

OBSERVATION_COLUMNS = [
    "region_code",
    "indicator",
    "year",
    "value",
    "unit",
    "source_id",
    "origin",
    "precedence",
    "status",
    "series",
    "is_governing",
    "file",
    "sheet",
    "row",
    "column",
    "note",
]
ISSUE_COLUMNS = ["file", "sheet", "row", "column", "text", "rule", "severity", "message", "suggestion"]
SEVERITIES = dict.fromkeys([*SET_ASIDE, "subtotal", "missing"], "note") | {"zero_as_missing": "warning"}
MISSING_RULES = ("missing", "zero_as_missing")
# What is noticed about figures that stand: rule -> severity, message, suggestion ({0} is the figure, {1} a hundred
# times it).
NOTICED = {
    "decimal_style": (
        "note",
        "Tanda desimal diputuskan dari rentang wajar indikator, karena kolom tidak menunjukkannya.",
        "periksa: dibaca {0}",
    ),
    "rounded": (
        "note",
        "Angka ini ditulis dengan pangkat sepuluh, jadi angka di belakangnya hilang. Angkanya dipakai.",
        "minta angka lengkap: dibaca {0}",
    ),
    "period_unstated": (
        "warning",
        "Satuan tidak menyebut per hari atau per tahun; dipakai sebagai jumlah setahun.",
        "tulis (ton/tahun) bila {0} setahun",
    ),
    "small_amount": (
        "warning",
        "Timbulan sekecil ini tampaknya bukan setahun; mungkin per hari, atau dalam ribuan. Angkanya dipakai.",
        "periksa angka dan satuannya: dibaca {0}",
    ),
    "lone_fraction": (
        "warning",
        "Angka ini paling besar 1; mungkin pecahan yang tampil sebagai persen. Angkanya dipakai.",
        "bila pecahan, tulis {1}",
    ),
    "hidden": (
        "note",
        "Baris atau kolom ini tersembunyi di buku kerja; angkanya dipakai.",
        "tampilkan atau hapus baris itu",
    ),
    "zero": (
        "note",
        "Nol di tabel dengan satu kolom per tahun dapat berarti tidak ada data; di sini dipakai sebagai angka.",
        "",
    ),
    "lone_zero": (
        "warning",
        "Nol di antara angka yang besar sering berarti tidak ada data. Angkanya dipakai.",
        "bila tidak ada data, tulis -",
    ),
    "part_of_year": (
        "warning",
        "Angka ini dari sebagian tahun, dan dipakai sebagai angka tahunnya.",
        "minta angka setahun",
    ),
    "noted": (
        "warning",
        "Catatan barisnya menyebut angka ini perkiraan atau tidak lengkap. Angkanya dipakai.",
        "periksa catatannya: dibaca {0}",
    ),
}
# Suggestions for remarks about a whole file or table that are warnings; the others are notes.
REMARKS = {
    "proposed": "bila bukan itu, beri --indicator atau --year",
    "other_words": "periksa apakah tabelnya memang tentang itu",
    "title_words": "periksa apakah tabelnya memang tentang itu",
    "table_note": "cocokkan catatannya dengan angkanya",
    "unknown_header": "bila kolom itu tentang hal lain, jangan pakai filenya",
    "unread_table": "kirim tabelnya dengan nama wilayah di kolom pertama, atau dalam formulir dari `pkp template`",
}
TEXT = pd.StringDtype(
    "pyarrow", na_value=np.nan
)  # "str" as pandas makes it, without looking it up for every column


@dataclass(frozen=True)
class Cleaned:
    """`counts` = candidates, observations, rejected, missing; the first is always the sum of the others."""

    observations: pd.DataFrame
    issues: pd.DataFrame
    counts: dict
    layout: str = ""


def read_raw(
    path, indicator: str | None = None, year: int | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(observations, issues) of one file in any supported layout, which is found by content.

    `indicator` and `year` fill what the file does not say. Raises PkpError for a file no reader understands.
    """
    cleaned = clean_file(path, {"indicator": indicator or "", "year": year or ""})
    return cleaned.observations, cleaned.issues


def clean_file(path, source) -> Cleaned:
    """Observations and issues of one raw file.

    `source` is its row of sources.csv (a mapping; `indicator`, `year` and `status` may be empty), or the list
    or frame of
    rows when several sources share a tidy file that names them in its column source_id.
    """
    return clean_cells(read_cells(Path(path)), source)


def clean_cells(raw: RawFile, source) -> Cleaned:
    """As clean_file, for a file already read."""
    cells = resolve(raw, source_rows(source))
    refusals = judge(cells)
    hidden = _hidden(cells)
    observations = _observations(cells, np.flatnonzero(refusals.standing), hidden)
    issues = _issues(cells, refusals, hidden)
    missing = refusals.count(*MISSING_RULES)
    counts = {
        "candidates": len(cells),
        "observations": len(observations),
        "rejected": int((~refusals.standing).sum()) - missing,
        "missing": missing,
    }
    if counts["candidates"] != counts["observations"] + counts["rejected"] + counts["missing"]:
        raise DataContractError(
            f"{raw.path.name}: sel tidak terhitung seluruhnya ({counts}). Laporkan sebagai kesalahan program."
        )
    return Cleaned(observations, issues, counts, raw.layout)


def _taken(distinct: list, places: np.ndarray):
    """A text column whose values are places in a short list."""
    if not len(places) or (places[0] == places).all():
        return _constant(distinct[places[0]] if len(places) else "", len(places))
    return pd.arrays.ArrowStringArray(
        pa.array(distinct, type=pa.large_string()).take(pa.array(places)), dtype=TEXT
    )


def _constant(text: str, length: int):
    """A text column of one value."""
    return pd.arrays.ArrowStringArray(_repeated(text, length), dtype=TEXT)


@lru_cache(maxsize=8)
def _repeated(text: str, length: int):
    return pa.repeat(pa.scalar(text, type=pa.large_string()), length)


def _hidden(cells: Candidates) -> np.ndarray:
    """Whether a cell lies in a hidden row or column."""
    parts = []
    for block in cells.raw.blocks:
        found = np.zeros(len(block.text), dtype=bool)
        for owner, index in ((block.rows, block.row_of), (block.columns, block.column_of)):
            if "hidden" in owner:
                found |= np.asarray(owner["hidden"], dtype=bool)[index]
        parts.append(found)
    return np.concatenate(parts)


def _observations(cells: Candidates, kept: np.ndarray, hidden: np.ndarray) -> pd.DataFrame:
    known = book()
    precedence = np.array([int(source.get("precedence", 0)) for source in cells.sources], dtype=np.int64)
    return pd.DataFrame(
        {
            "region_code": _taken([answer[0] for answer in cells.regions], cells.region_of[kept]),
            "indicator": _taken(known.codes, cells.indicator[kept]),
            "year": cells.year[kept],
            "value": cells.value[kept],
            "unit": _taken(known.units, cells.indicator[kept]),
            "source_id": _taken([source["source_id"] for source in cells.sources], cells.source_of[kept]),
            "origin": _constant("", len(kept)),
            "precedence": precedence[cells.source_of[kept]],
            "status": _statuses(cells, kept),
            "series": _constant("", len(kept)),
            "is_governing": np.zeros(len(kept), dtype=bool),
            "file": _constant(cells.raw.path.name, len(kept)),
            "sheet": _taken([sheet for _, sheet in cells.places], cells.place_of[kept]),
            "row": cells.row[kept],
            "column": _taken([column_letter(column) for column, _ in cells.places], cells.place_of[kept]),
            "note": _notes(cells, kept, hidden),
        },
        copy=False,
    )


def _statuses(cells: Candidates, kept: np.ndarray):
    """The status of the row or header, else of the figure's mark, else of the source, else official."""
    status_of, found = cells.said("status")
    stated = [status if status in STATUSES else "" for status in found]
    default = [source.get("status") or "official" for source in cells.sources]
    if not any(stated) and not cells.numbers.where("status").any():
        return _taken(default, cells.source_of[kept])
    status = np.array(stated, dtype=object)[status_of[kept]]
    status = np.where(status == "", cells.numbers.each("status")[kept], status)
    return pd.array(
        np.where(status == "", np.array(default, dtype=object)[cells.source_of[kept]], status), dtype="str"
    )


def _notes(cells: Candidates, kept: np.ndarray, hidden: np.ndarray):
    """What a reader of the figure should know, joined with semicolons."""
    note_of, own = cells.said("note")
    period_of, periods = cells.said("period")
    period = np.array([text != "" for text in periods])[period_of]
    changed = [
        f"satuan {unit} diubah" if factor not in (1.0,) and factor == factor else ""
        for unit, _, factor in cells.units
    ]
    changed_of = np.array([text != "" for text in changed])[cells.unit_of[kept]]
    noted = cells.numbers.where("note")[kept]
    marked = noted | cells.percent[kept] | hidden[kept] | period[kept] | changed_of
    if not marked.any():
        return _taken(own, note_of[kept])
    notes = np.array(own, dtype=object)[note_of[kept]]
    for place in np.flatnonzero(marked):
        cell = kept[place]
        parts = [
            notes[place],
            cells.numbers.said[cells.numbers.said_of[cell]].note,
            "sel berformat persen: pecahan dikali 100" if cells.percent[cell] else "",
            changed[cells.unit_of[cell]],
            "baris atau kolom tersembunyi" if hidden[cell] else "",
            periods[period_of[cell]],
        ]
        notes[place] = "; ".join(part for part in parts if part)
    return pd.array(notes, dtype="str")


def _issues(cells: Candidates, refusals: Refusals, hidden: np.ndarray) -> pd.DataFrame:
    """A row per cell without observation, then what was noticed about others, then about the file."""
    standing = refusals.standing
    parts = []
    refused = np.flatnonzero(~standing)
    if len(refused):
        reason_of = refusals.reason[refused]
        rules = [rule for rule, _, _ in refusals.reasons]
        parts.append(
            _issue_rows(
                cells,
                refused,
                _taken(rules, reason_of),
                _taken([SEVERITIES.get(rule, "rejected") for rule in rules], reason_of),
                *(
                    _told(refused, reason_of, [reason[place] for reason in refusals.reasons])
                    for place in (1, 2)
                ),
            )
        )
    noticed = {
        "decimal_style": cells.numbers.where("rule", "decimal_style"),
        "rounded": cells.numbers.where("rule", "rounded"),
        "period_unstated": period_unstated(cells),
        "small_amount": too_small(cells),
        "lone_fraction": lone_fractions(cells),
        "hidden": hidden,
        "zero": (cells.value == 0) & in_panel(cells),
        "lone_zero": lone_zeros(cells) & ~in_panel(cells),
        "part_of_year": part_of_year(cells),
        "noted": noted(cells),
    }
    for rule, where in noticed.items():
        if (places := np.flatnonzero(standing & where)).size:
            severity, message, advice = NOTICED[rule]
            told = [advice.format(decimal(value), decimal(value * 100)) for value in cells.value[places]]
            parts.append(_issue_rows(cells, places, rule, severity, message, told))
    taken = [("", 0, 0, "", rule, message) for rule, message in cells.taken if standing.any()]
    told = [
        (cells.raw.path.name, sheet, row, column_letter(column), text, rule)
        + ("warning" if rule in REMARKS else "note", message, REMARKS.get(rule, ""))
        for sheet, row, column, text, rule, message in [*cells.raw.remarks, *taken]
    ]
    if told:
        parts.append(pd.DataFrame(told, columns=ISSUE_COLUMNS))
    if not parts:
        return _no_issues().copy(deep=False)
    return pd.concat(parts, ignore_index=True)


@lru_cache(maxsize=1)
def _no_issues() -> pd.DataFrame:
    return pd.DataFrame(
        {name: np.array([], dtype=np.int64) if name == "row" else _constant("", 0) for name in ISSUE_COLUMNS}
    )


def _told(refused: np.ndarray, reason_of: np.ndarray, words: list):
    """The text per refused cell, where a reason has one text or a function of the cell."""
    if not any(callable(words[place]) for place in np.unique(reason_of)):
        return _taken(["" if callable(text) else text for text in words], reason_of)
    return pd.array(
        [
            text(cell) if callable(text := words[place]) else text
            for cell, place in zip(refused.tolist(), reason_of.tolist())
        ],
        dtype="str",
    )


def _issue_rows(cells: Candidates, places: np.ndarray, rule, severity, message, suggestion) -> pd.DataFrame:
    """Issues at these cells; the last four are one text or one per cell."""
    texts = pd.array(
        [
            text if text != "" else number_text(number)
            for text, number in zip(cells.text[places], cells.number[places])
        ],
        dtype="str",
    )

    def column(value):
        return (
            _constant(value, len(places))
            if isinstance(value, str)
            else pd.array(value, dtype="str")
            if isinstance(value, list)
            else value
        )

    return pd.DataFrame(
        {
            "file": _constant(cells.raw.path.name, len(places)),
            "sheet": _taken([sheet for _, sheet in cells.places], cells.place_of[places]),
            "row": cells.row[places],
            "column": _taken([column_letter(column) for column, _ in cells.places], cells.place_of[places]),
            "text": texts,
            "rule": column(rule),
            "severity": column(severity),
            "message": column(message),
            "suggestion": column(suggestion),
        }
    )
