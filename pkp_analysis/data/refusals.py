"""Why a cell makes no observation: one reason per cell, the first that is found, kept with the words for its
sender.
"""

import numpy as np

from .candidates import Candidates, book
from .readers.sheet import column_letter, distinct, spread
from .regions import regions as region_register

# Cells that are understood but are no realised value of a region; they count as rejected, with severity
# "note".
SET_ASIDE = {
    "target_cell": ("Sel ini target, bukan realisasi.", "catat target di data/raw/targets.csv"),
    "attained_cell": (
        "Sel ini perbandingan realisasi dengan target, bukan realisasi; dihitung sendiri dari keduanya.",
        "",
    ),
    "period": (
        "Sel ini angka sebagian tahun. Yang diharapkan: angka setahun.",
        "pakai turunan tahun 'Tahunan'",
    ),
}
MEASURES = {"target": "target_cell", "attained": "attained_cell", "period": "period"}
NUMBERS = {
    "error": ("Sel berisi galat rumus. Yang diharapkan: angka.", "perbaiki rumusnya, lalu simpan ulang"),
    "formula": (
        "Sel berisi rumus yang belum dihitung. Yang diharapkan: angka.",
        "buka dan simpan di Excel supaya terhitung",
    ),
    "date": (
        (
            "Sel berisi tanggal; Excel mungkin mengubah angka seperti 12.5 menjadi tanggal. Yang diharapkan:"
            " angka."
        ),
        "tulis ulang angkanya sebagai angka",
    ),
    "inexact": (
        "Sel berisi perkiraan atau rentang. Yang diharapkan: satu angka.",
        "minta satu angka kepada pengirim",
    ),
    "unreadable": ("Sel tidak terbaca sebagai angka. Yang diharapkan: angka seperti 95,40.", ""),
}
ZERO = (
    "Nol di tabel lebar biasanya berarti tidak ada data, jadi tidak dipakai sebagai angka.",
    "bila nol memang angkanya, kirim dalam formulir dari `pkp template`",
)
FRACTION = (
    "Semua angka kolom ini paling besar 1; tampaknya pecahan, bukan persen. Yang diharapkan: 0 sampai 100."
)
COUNTED = {
    "jiwa",
    "rumah tangga",
    "rumah tangga/unit",
    "unit",
    "unit rumah",
    "ton/tahun",
    "hektare",
    "desa/kelurahan",
}  # units that add up


class Refusals:
    """`reason` is 0 for a cell that stands, else a place in `reasons`: (rule, message, suggestion), texts or
    functions of the cell.
    """

    def __init__(self, count: int):
        self.reason = np.zeros(count, dtype=np.int64)
        self.reasons: list[tuple] = [("", "", "")]

    @property
    def standing(self) -> np.ndarray:
        return self.reason == 0

    def refuse(self, where, rule: str, message, suggestion="") -> None:
        if where.any():
            self.refuse_each(where.astype(np.int64), [("", "", ""), (rule, message, suggestion)])

    def refuse_each(self, index, answers: list[tuple]) -> None:
        """Refuses each cell whose answer (at its place in `index`) has a rule; earlier reasons stand."""
        places = np.zeros(len(answers), dtype=np.int64)
        for place, answer in enumerate(answers):
            if answer[0]:
                places[place] = len(self.reasons)
                self.reasons.append(answer)
        if places.any():
            self.reason = np.where(self.reason == 0, places[index], self.reason)

    def count(self, *rules: str) -> int:
        wanted = [place for place, reason in enumerate(self.reasons) if reason[0] in rules]
        return int(np.isin(self.reason, wanted).sum())


def judge(cells: Candidates) -> Refusals:
    """All rules that one file can be judged by, in the order in which they are told to the sender."""
    refusals = Refusals(len(cells))
    known, numbers, value = book(), cells.numbers, cells.value
    if (missing := numbers.rule == "missing").any():
        refusals.refuse(
            missing,
            "missing",
            lambda cell: f"Tidak ada angka: {numbers.note[cell]}." if numbers.note[cell] else "Sel kosong.",
        )
    if cells.raw.layout == "wide_panel":
        refusals.refuse(value == 0, "zero_as_missing", *ZERO)
    measure_of, measures = _measures(cells)
    refusals.refuse_each(
        measure_of,
        [
            (rule, *SET_ASIDE[rule]) if (rule := MEASURES.get(measure)) else ("", "", "")
            for measure in measures
        ],
    )
    refusals.refuse_each(cells.region_of, [answer[1:] for answer in cells.regions])
    refusals.refuse_each(cells.name_of, [answer[1:] for answer in cells.names])
    refusals.refuse(
        cells.year == 0,
        "year",
        "Tahun data tidak disebut di kepala kolom maupun judul. Yang diharapkan: satu tahun.",
        "beri tahun dengan --year",
    )
    refusals.refuse(
        cells.year < 0,
        "year",
        "Kepala kolom menyebut beberapa tahun. Yang diharapkan: satu tahun per kolom.",
        "minta angka per tahun",
    )
    refusals.refuse_each(
        cells.unit_of,
        [
            (
                (
                    "unit",
                    f"Satuan {unit!r} tidak sesuai. Yang diharapkan: {known.units[place]}.",
                    "minta angka dalam satuan itu",
                )
                if np.isnan(factor)
                else ("", "", "")
            )
            for unit, place, factor in cells.units
        ],
    )
    if (named := numbers.unit != "").any() or cells.percent.any():
        in_percent = cells.percent | (named & np.isin(numbers.unit, ["%", "persen"]))
        refusals.refuse(
            in_percent & ~known.is_percent[cells.indicator],
            "unit",
            lambda cell: f"Sel berisi persen. Yang diharapkan: {known.units[cells.indicator[cell]]}.",
        )
    unread = np.isnan(value)
    for rule, words in NUMBERS.items() if unread.any() else ():
        refusals.refuse(unread & (numbers.rule == rule), rule, *words)
    refusals.refuse(
        unread & (numbers.rule == "ambiguous_number"),
        "ambiguous_number",
        "Titik atau koma di sini dapat berarti desimal atau ribuan, dan isi kolom tidak memutuskannya. Yang"
        " diharapkan: tanda yang jelas.",
        lambda cell: f"tulis {numbers.suggestion[cell]}",
    )
    if (fraction := _fractions(cells)).any():
        refusals.refuse(fraction, "fraction", FRACTION, lambda cell: f"tulis {decimal(value[cell] * 100)}")
    outside = ~((value >= known.minimum[cells.indicator]) & (value <= known.maximum[cells.indicator]))
    refusals.refuse(
        outside,
        "range",
        lambda cell: (
            f"Nilai {decimal(value[cell])} di luar rentang wajar. Yang diharapkan:"
            f" {decimal(known.minimum[cells.indicator[cell]])} sampai"
            f" {decimal(known.maximum[cells.indicator[cell]])} {known.units[cells.indicator[cell]]}."
        ),
        "periksa angka dan satuannya",
    )
    refusals.refuse_each(
        cells.source_of,
        [
            (
                ("", "", "")
                if "precedence" in source
                else (
                    "source",
                    f"Sumber {source['source_id']!r} tidak ada di sources.csv untuk file ini.",
                    "tambahkan barisnya di data/raw/sources.csv",
                )
            )
            for source in cells.sources
        ],
    )
    _refuse_totals(cells, refusals)
    _refuse_duplicates(cells, refusals)
    return refusals


def address(cells: Candidates, cell: int) -> str:
    """ "Sanitasi!D8", or "D8" where the file has no sheets."""
    column, sheet = cells.places[cells.place_of[cell]]
    return f"{sheet}!{column_letter(column)}{cells.row[cell]}".lstrip("!")


def decimal(value: float) -> str:
    return f"{value:.10g}".replace(".", ",")


def _measures(cells: Candidates):
    measure_of, measures = spread(cells.raw.blocks, "measure")
    return measure_of, [measure for (measure,) in measures]


def _fractions(cells: Candidates) -> np.ndarray:
    """Columns of a percentage that grows towards 100 in which no figure is above 1: fractions without a per
    cent format. In
    an xls, whose formats stay unread, two such figures are doubtful; elsewhere it takes three to make a
    column.
    """
    counted = book().towards_100[cells.indicator] & ~np.isnan(cells.value)
    group = cells.place_of * len(book().codes) + cells.indicator
    groups, group_of = distinct(group)
    highest, size = (
        np.zeros(len(groups)),
        np.bincount(group_of, counted & (cells.value > 0), minlength=len(groups)),
    )
    np.maximum.at(highest, group_of[counted], cells.value[counted])
    return (
        counted
        & ((highest <= 1) & (size >= (2 if cells.raw.file_format == "xls" else 3)))[group_of]
        & (cells.value > 0)
    )


def lone_fractions(cells: Candidates) -> np.ndarray:
    """Single figures of at most 1 in a column of percentages that are mostly above 20: perhaps typed as a
    fraction.
    """
    counted = book().towards_100[cells.indicator] & (cells.value > 0)
    group = cells.place_of * len(book().codes) + cells.indicator
    groups, group_of = distinct(group)
    high, size = (
        np.bincount(group_of, wanted, minlength=len(groups))
        for wanted in (counted & (cells.value > 20), counted)
    )
    return counted & (cells.value <= 1) & ~cells.percent & ((high > 0.5 * size) & (size >= 3))[group_of]


def _keys(cells: Candidates, refusals: Refusals) -> tuple[np.ndarray, np.ndarray, list]:
    """Places of the standing cells, a number per indicator, year and source, and the region codes of all
    cells' places.
    """
    standing = np.flatnonzero(refusals.standing)
    group = (cells.indicator[standing] * 10_000 + cells.year[standing]) * len(
        cells.sources
    ) + cells.source_of[standing]
    return standing, group, [answer[0] for answer in cells.regions]


def _refuse_totals(cells: Candidates, refusals: Refusals) -> None:
    """A count of the whole that is smaller than two of its parts is wrong; a single part larger than its
    whole is.
    """
    standing, group, codes = _keys(cells, refusals)
    is_total = np.array([len(code) == 2 for code in codes])
    counted = np.isin(
        cells.indicator[standing], [place for place, unit in enumerate(book().units) if unit in COUNTED]
    )
    totals = standing[counted & is_total[cells.region_of[standing]]]
    if not len(totals):
        return
    province_of = region_register()["province_code"].to_dict()
    parents = [
        ("00" if len(code) == 2 and code != "00" else province_of.get(code, "")) if code != "00" else ""
        for code in codes
    ]
    place_of_code = {code: place for place, code in enumerate(dict.fromkeys([*codes, *parents]))}
    own, parent = (
        np.array([place_of_code[code] for code in names], dtype=np.int64)[cells.region_of[standing]]
        for names in (codes, parents)
    )
    part_key = group * len(place_of_code) + parent
    order = np.argsort(part_key, kind="stable")
    in_order = part_key[order]
    is_counted_total = counted & is_total[cells.region_of[standing]]
    keys = (group * len(place_of_code) + own)[is_counted_total]
    starts, ends = np.searchsorted(in_order, keys, "left"), np.searchsorted(in_order, keys, "right")
    told: dict[int, tuple[str, str]] = {}
    for total, start, end in zip(totals.tolist(), starts.tolist(), ends.tolist()):
        inside = standing[order[start:end]]
        larger = inside[cells.value[inside] > cells.value[total]]
        if len(larger) >= 2:
            whole = decimal(cells.value[inside].sum())
            told[total] = (
                (
                    f"Jumlah {decimal(cells.value[total])} lebih kecil daripada {len(larger)} bagiannya. Yang"
                    f" diharapkan: jumlah bagiannya, {whole}."
                ),
                whole,
            )
        elif len(larger) == 1 and len(inside) > 1:
            told[int(larger[0])] = (
                (
                    f"Nilai bagian lebih besar daripada jumlahnya, {decimal(cells.value[total])} di"
                    f" {address(cells, total)}. Yang diharapkan: bagian lebih kecil daripada jumlah."
                ),
                "periksa keduanya",
            )
    if told:
        where = np.zeros(len(cells), dtype=bool)
        where[list(told)] = True
        refusals.refuse(where, "total", lambda cell: told[cell][0], lambda cell: told[cell][1])


def _refuse_duplicates(cells: Candidates, refusals: Refusals) -> None:
    """One region twice in a file: equal values count once, different ones are all refused."""
    standing, group, codes = _keys(cells, refusals)
    numbered = {code: place for place, code in enumerate(dict.fromkeys(codes))}
    region = np.array([numbered[code] for code in codes], dtype=np.int64)[cells.region_of[standing]]
    key = distinct(group)[1] * len(numbered) + region
    if len(distinct(key)[0]) == len(key):
        return
    _, first, key_of, size = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    repeated = np.flatnonzero(size[key_of] > 1)
    differing = np.zeros(len(size), dtype=bool)
    differing[
        key_of[repeated][cells.value[standing[repeated]] != cells.value[standing[first[key_of[repeated]]]]]
    ] = True
    twins: dict[int, list[str]] = {}
    for place in repeated.tolist():
        cell = standing[place]
        twins.setdefault(int(key_of[place]), []).append(
            f"{address(cells, cell)} = {decimal(cells.value[cell])}"
        )
    group_at = dict(zip(standing[repeated].tolist(), key_of[repeated].tolist()))
    where, again = np.zeros(len(cells), dtype=bool), np.zeros(len(cells), dtype=bool)
    where[standing[repeated[differing[key_of[repeated]]]]] = True
    again[standing[repeated[~differing[key_of[repeated]] & (first[key_of[repeated]] != repeated)]]] = True

    def listed(cell: int) -> str:
        found = twins[group_at[cell]]
        return "; ".join(found[:6]) + ("; ..." if len(found) > 6 else "")

    refusals.refuse(
        where,
        "duplicate_differs",
        lambda cell: (
            f"Wilayah dan tahun yang sama berisi nilai berbeda ({listed(cell)}). Yang diharapkan: satu nilai."
        ),
        "tanyakan pengirim nilai mana yang benar",
    )
    refusals.refuse(
        again,
        "duplicate",
        lambda cell: f"Wilayah dan tahun yang sama sudah ada dengan nilai yang sama ({listed(cell)}).",
        "hapus salah satu baris",
    )
