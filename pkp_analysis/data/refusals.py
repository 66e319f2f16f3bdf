"""Why a cell makes no observation: the first reason that is found, with the words for its sender."""

import re
from datetime import date

import numpy as np

from .candidates import Candidates, book
from .readers.headers import LIMITS, NEUTRAL, SOME, unit_of
from .readers.sheet import column_letter, distinct
from .regions import FOUNDED, candidates, kinds, province_codes, region_name
from .resolve import unit_factor

# Cells that are understood but are no realised value of a region; they count as rejected, with severity
# "note".
SET_ASIDE = {
    "target_cell": ("Sel ini target, bukan realisasi.", "catat target di data/raw/targets.csv"),
    "attained_cell": (
        "Sel ini ukuran di samping angkanya (capaian target, galat, selang, peringkat), bukan angka itu sendiri.",
        "",
    ),
    "period": (
        "Sel ini angka sebagian tahun. Yang diharapkan: angka setahun.",
        "pakai turunan tahun 'Tahunan'",
    ),
    "earlier": (
        "Sel ini kondisi awal atau tahun sebelumnya; kepala kolomnya tidak menyebut tahun itu.",
        "tulis tahunnya di kepala kolom",
    ),
    "draft": ("Lembar atau judulnya menyebut draf, contoh, atau simulasi.", "kirim angka resminya"),
    "either": (
        "Judulnya menyebut target, atau dokumen rencana, dan kepala kolom tidak menyebut Target atau Realisasi.",
        "tulis Target atau Realisasi di kepala kolom",
    ),
}
MEASURES = {"target": "target_cell", "attained": "attained_cell"}
# Kind of a row that is no whole region (`part` of a block) -> rule, message, suggestion.
PARTS = {
    "elsewhere": (
        "region",
        "Judul atau kepala kolomnya menyebut {text}, bukan wilayah di barisnya. Yang diharapkan: angka wilayah di"
        " baris itu.",
        "perbaiki judulnya, atau tulis angka itu di baris wilayahnya sendiri",
    ),
    "kecamatan": (
        "part_of_region",
        "Angka ini milik {text}, bagian dari kabupaten/kota. Yang diharapkan: angka seluruh kabupaten/kota.",
        "minta angka kabupaten/kotanya",
    ),
    "facility": (
        "facility",
        "Baris ini satu fasilitas atau penyedia ({text}), bukan satu kabupaten/kota. Yang diharapkan: jumlah per"
        " kabupaten/kota.",
        "jumlahkan per kabupaten/kota, lalu kirim dalam formulir dari `pkp template`",
    ),
    "breakdown": (
        "subgroup",
        "Kolom yang merinci baris: {text}. Angka ini hanya sebagian dari wilayahnya. Yang diharapkan: angka"
        " seluruhnya.",
        "kirim baris jumlahnya saja",
    ),
    "heading": (
        "subgroup",
        "Baris ini berada di bawah judul kecil {text} di tengah tabel, yang mungkin berarti hal lain. Yang"
        " diharapkan: satu judul untuk seluruh tabel.",
        "kirim bagian ini sebagai tabel dengan judul dan kepalanya sendiri",
    ),
    "namesake": (
        "part_of_region",
        "Sebagian besar baris tabel ini bukan kabupaten/kota, jadi {text} mungkin kecamatan atau desa yang senama.",
        "tulis Kabupaten atau Kota di depan nama, atau kodenya, bila memang itu",
    ),
    "shifted": (
        "columns",
        "Kepala kolom bergeser satu kolom dari angkanya. Yang diharapkan: tiap kepala tepat di atas kolomnya.",
        "letakkan kepala kolom di atas angkanya",
    ),
    "overfull": (
        "columns",
        "Baris ini berisi lebih banyak kolom daripada kepala tabel; mungkin koma desimal dalam CSV berpemisah koma.",
        "simpan ulang sebagai .xlsx, atau sebagai CSV berpemisah titik koma",
    ),
}
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
    "footnoted": (
        "Catatan kaki tabel menjelaskan bahwa angka ini lain daripada angka di sekitarnya. Yang diharapkan: angka"
        " wilayah dan tahun itu sendiri.",
        "minta angkanya, atau cocokkan catatan kakinya",
    ),
    "struck": (
        "Angka ini, atau nama baris, kepala, atau judulnya, dicoret. Yang diharapkan: angka yang berlaku.",
        "tulis yang berlaku saja",
    ),
    "two": ("Sel berisi dua angka. Yang diharapkan: satu angka.", "pisahkan menjadi dua kolom"),
    "joint": (
        "Satu sel gabungan untuk beberapa wilayah. Yang diharapkan: satu angka untuk tiap wilayah.",
        "minta angka yang terpisah",
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
    "Sebagian besar angka kolom ini paling besar 1; tampaknya pecahan, bukan persen. Yang diharapkan: 0 sampai"
    " 100."
)
THOUSANDS = (
    "Banyak angka kolom ini berdesimal, padahal indikatornya dihitung utuh; mungkin dalam ribuan. Yang diharapkan:"
    " bilangan bulat, atau satuan (ribu ...) di judul atau kepala kolom."
)
# What no region of a kind has more of, by the unit of the codebook: people, or tonnes that a factor made.
MOST_OF_ONE = {
    "jiwa": {"kabupaten": 7e6, "kota": 4e6, "provinsi": 6e7},
    "ton/tahun": {"kabupaten": 3e6, "kota": 3e6, "provinsi": 2e7},
}
# Tonnes of waste a year below which nothing as large as these generates; the largest regency's tonnes a day are about
# as many, so that a column mostly below is of days.
GENERATED = "timbulan_sampah_ton"
LEAST_GENERATED = {"kabupaten": 2_000, "kota": 2_000, "provinsi": 10_000, "negara": 1_000_000}
DAILY = (
    "Satuan tidak menyebut sehari atau setahun, dan timbulan sekecil ini tampaknya per hari. Yang diharapkan:"
    " ton/tahun.",
    "kalikan dengan 365 bila per hari, lalu tulis (ton/tahun) di kepala kolom",
)
MEAN = re.compile(r"\s*(?:rata|mean|average)\b", re.IGNORECASE)
OF_YEAR = re.compile(r"\W*(?:(?:data|angka|kondisi|tahun|th|thn)\W*)*((?:19|20)\d\d)\W*", re.IGNORECASE)
# Notes of a row that make its figure one of something else, and those that may.
IN_UNIT = re.compile(r"(?:(?:satuan|dalam|angka|data)\W+)*(.+?)\W*", re.IGNORECASE)
OF_PART = re.compile(
    rf"\W*(?:(?:angka|data|nilai|masih)\W+)*(?:{LIMITS}|baru|belum termasuk)\b.*"
    r"\b(?:kec|kecamatan|kel|kelurahan|desa|kota|kab|kabupaten|perkotaan|perdesaan|wilayah|lokasi)\b.{0,40}",
    re.IGNORECASE,
)
OF_SOME = re.compile(rf"\W*(?:(?:hanya|di|daerah|khusus) )*(?:{SOME})(?: saja)?\W*", re.IGNORECASE)
DOUBT = re.compile(
    rf"\W*(?:(?:angka|data|nilai|masih|hasil|merupakan)\W+)*(?:{LIMITS}|belum|proyeksi|perkiraan|prognosis|taksiran"
    r"|asumsi|interpolasi|seharusnya|salah|ralat|dibatalkan|rencana|usulan"
    r"|draft?|lama|tahun lalu|n ?- ?1|t(?:i?da)?k valid|\d kec\w*)\b.{0,60}",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"\b(?:jumlah|rumah|ruta|rt|rtlh|kk|keluarga|penduduk|jiwa|orang|desa|kelurahan|fasilitas|jamban)\b",
    re.IGNORECASE,
)
SHARE = re.compile(r"persen|prosen|percent|%|\b(?:proporsi|cakupan|tingkat|rasio)\b", re.IGNORECASE)
SUM = re.compile(r"\b(?:jumlah|total|sum)\b", re.IGNORECASE)
AS_A_YEAR = re.compile(
    r"maret|desember|(?:semester|smt|sem)\W*(?:2|ii)\b|(?:triwulan|kuartal|tw|q)\W*(?:4|iv)\b", re.IGNORECASE
)
SUM_OF_PARTS = (
    "Kolom atau baris ini 100 di semua wilayah: jumlah semua bagiannya, bukan indikatornya.",
    "pakai bagian yang memang indikatornya, dengan nama lengkapnya di kepala kolom",
)
PLAIN_MEAN = (
    "Baris ini rata-rata biasa dari wilayah di tabelnya, bukan angka provinsinya.",
    "tulis nama provinsinya saja bila angka ini resmi",
)
ALIKE_BY_CHANCE = 1_000  # two parts of a region hardly have the same larger count; repeated rows have
FRACTIONAL_AT_LEAST = 0.5  # share of a column's cells that tells of the whole column
MONTHS = {
    name: place
    for place, name in enumerate(
        "januari februari maret april mei juni juli agustus september oktober november desember".split(),
        start=1,
    )
}


class Refusals:
    """`reason` is 0 for a cell that stands, else a place in `reasons`: (rule, message, suggestion)."""

    def __init__(self, count: int):
        self.reason = np.zeros(count, dtype=np.int64)
        self.reasons: list[tuple] = [("", "", "")]

    @property
    def standing(self) -> np.ndarray:
        return self.reason == 0

    def refuse(self, where, rule: str, message, suggestion="") -> None:
        if where.any():
            self.refuse_each(where.astype(np.int64), [None, (rule, message, suggestion)])

    def refuse_each(self, index, answers: list[tuple]) -> None:
        """Refuses each cell whose answer (at its place in `index`) has a rule; earlier reasons stand."""
        places = np.zeros(len(answers), dtype=np.int64)
        for place, answer in enumerate(answers):
            if answer and answer[0]:
                places[place] = len(self.reasons)
                self.reasons.append(answer)
        if places.any():
            self.reason = np.where(self.reason == 0, places[index], self.reason)

    def tell(self, told: dict[int, tuple[str, str]], rule: str) -> None:
        """Refuses these cells, each with its own message and suggestion."""
        where = np.zeros(len(self.reason), dtype=bool)
        where[list(told)] = True
        self.refuse(where, rule, lambda cell: told[cell][0], lambda cell: told[cell][1])

    def by(self, *rules: str) -> np.ndarray:
        """Whether each cell is refused by one of these rules."""
        wanted = [place for place, reason in enumerate(self.reasons) if reason[0] in rules]
        return np.isin(self.reason, wanted)

    def count(self, *rules: str) -> int:
        return int(self.by(*rules).sum())


def judge(cells: Candidates) -> Refusals:
    """All rules that one file can be judged by, in the order in which they are told to the sender."""
    refusals = Refusals(len(cells))
    known, numbers, value = book(), cells.numbers, cells.value
    refusals.refuse_each(
        numbers.said_of,
        [
            said.rule == "missing"
            and ("missing", f"Tidak ada angka: {said.note}." if said.note else "Sel kosong.", "")
            for said in numbers.said
        ],
    )
    refusals.refuse(_zero_for_missing(cells), "zero_as_missing", *ZERO)
    measure_of, measures = cells.said("measure")
    told = SET_ASIDE | {rule: NUMBERS[rule] for rule in ("footnoted", "struck")}
    refusals.refuse_each(
        measure_of,
        [
            (rule, *told[rule]) if (rule := MEASURES.get(measure, measure)) in told else None
            for measure in measures
        ],
    )
    part_of, parts = cells.said("part")
    refusals.refuse_each(part_of, list(map(_part, parts)))
    refusals.refuse_each(cells.region_of, [answer[1:] for answer in cells.regions])
    refusals.refuse_each(cells.name_of, [answer[1:4] for answer in cells.names])
    period_of, periods = cells.said("period")
    refusals.refuse(
        cells.saying("period", bool) & cells.known.yearly,
        "period",
        lambda cell: (
            f"Kolom yang merinci tahun: {periods[period_of[cell]]}. Yang diharapkan: jumlah setahun."
        ),
        "minta angka setahun",
    )
    refusals.refuse(
        cells.year == 0,
        "year",
        "Baris, kepala kolom, atau judul tidak menyebut satu tahun data; tahun terbit dan rentang tahun bukan tahun"
        " data. Yang diharapkan: satu tahun.",
        "beri tahun dengan --year",
    )
    note_of, notes = cells.said("note")
    noted = np.array([int(found.group(1)) if (found := OF_YEAR.fullmatch(note)) else 0 for note in notes])[
        note_of
    ]
    refusals.refuse(
        (noted > 0) & (noted != cells.year),
        "year",
        lambda cell: (
            f"Catatan barisnya menyebut tahun lain: {notes[note_of[cell]]!r}. Yang diharapkan: satu tahun."
        ),
        "tulis angka tahun itu di kolom tahunnya",
    )
    refusals.refuse(
        _of_something_else(cells),
        "footnoted",
        lambda cell: (
            f"Catatan barisnya membuat angka ini lain: {notes[note_of[cell]]!r}. Yang diharapkan: angka seluruh"
            " wilayah dalam satuan kolomnya."
        ),
        "minta angkanya, atau perbaiki catatannya",
    )
    founded = np.array([FOUNDED.get(answer[0], 0) for answer in cells.regions])[cells.region_of]
    refusals.refuse(
        (cells.year > 0) & (cells.year < founded) & ~cells.known.of_all,
        "year",
        lambda cell: (
            f"Wilayah ini dibentuk tahun {founded[cell]}, sesudah {cells.year[cell]}. Yang diharapkan: tahun sejak"
            " pembentukannya."
        ),
        "periksa tahun dan nama wilayahnya",
    )
    fetched = [
        int(year) for source in cells.sources if (year := str(source.get("accessed", ""))[:4]).isdigit()
    ]
    latest = max([date.today().year, *fetched])
    refusals.refuse(
        cells.year > latest,
        "year",
        lambda cell: f"Tahun {cells.year[cell]} belum tiba. Yang diharapkan: tahun data yang sudah ada.",
        "perbaiki tahunnya; target dicatat di data/raw/targets.csv",
    )
    refusals.refuse(
        cells.year == -1,
        "year",
        "Kepala kolom menyebut beberapa tahun. Yang diharapkan: satu tahun per kolom.",
        "minta angka per tahun",
    )
    refusals.refuse_each(
        cells.unit_of,
        [
            np.isnan(factor)
            and (
                "unit",
                f"Satuan {unit!r} tidak sesuai atau tidak dikenal. Yang diharapkan: {known.units[place]}.",
                "minta angka dalam satuan itu",
            )
            for unit, place, factor in cells.units
        ],
    )
    refusals.refuse(
        _unit_elsewhere(cells),
        "unit",
        "Baris ini tidak menyebut satuan, sedangkan baris lain indikator ini bersatuan lain daripada yang diharapkan.",
        "tulis satuannya di tiap baris",
    )
    refusals.refuse(
        cells.in_percent & ~cells.known.is_percent,
        "unit",
        lambda cell: f"Sel berisi persen. Yang diharapkan: {known.units[cells.indicator[cell]]}.",
    )
    refusals.refuse(
        _other_unit(cells),
        "unit",
        lambda cell: (
            f"Sel menyebut satuan {numbers.said[numbers.said_of[cell]].unit!r}. Yang diharapkan:"
            f" {cells.units[cells.unit_of[cell]][0] or known.units[cells.indicator[cell]]}."
        ),
        "minta angka dalam satuan itu",
    )
    refusals.refuse_each(
        numbers.said_of,
        [(said.rule, *NUMBERS[said.rule]) if said.rule in NUMBERS else ("", "", "") for said in numbers.said],
    )
    refusals.refuse(
        numbers.where("rule", "ambiguous_number"),
        "ambiguous_number",
        "Titik atau koma di sini dapat berarti desimal atau ribuan, dan isi kolom tidak memutuskannya. Yang"
        " diharapkan: tanda yang jelas.",
        lambda cell: f"tulis {numbers.suggestion[cell]}",
    )
    if (small := too_small(cells)).any():
        refusals.refuse(_daily(cells, small), "unit", *DAILY)
    if (fraction := _fractions(cells)).any():
        refusals.refuse(
            fraction,
            "fraction",
            FRACTION,
            lambda cell: f"tulis {decimal(value[cell] * 100)}" if value[cell] <= 1 else "periksa angkanya",
        )
    refusals.refuse(
        _no_share(cells),
        "unit",
        "Kolom ini tidak menyebut satuan, dan banyak angkanya di atas 100; tampaknya bukan persen. Yang diharapkan:"
        " persen.",
        "tulis satuannya di kepala kolom",
    )
    refusals.refuse(
        _share_or_count(cells),
        "unit",
        "Kolom ini tidak menyebut satuan, dan semua angkanya bulat: persen, atau jumlah. Yang diharapkan: persen.",
        "tulis (%) di kepala kolom bila persen",
    )
    refusals.refuse(
        _lost_thousands(cells),
        "small_amount",
        "Angka ini berdesimal, sedangkan angka lain di kolomnya ribuan dan bulat; mungkin titik ribuannya hilang.",
        lambda cell: f"periksa: mungkin {decimal(value[cell] * 1000)}",
    )
    fractional, mostly = _fractional(cells)
    refusals.refuse(mostly, "whole_number", THOUSANDS, "tulis satuannya, atau angkanya secara utuh")
    refusals.refuse(
        fractional,
        "whole_number",
        lambda cell: (
            f"Nilai {decimal(value[cell])} bukan bilangan bulat, padahal indikatornya dihitung utuh."
        ),
        lambda cell: f"periksa: mungkin {decimal(value[cell] * 1000)}",
    )
    refusals.refuse(
        _too_few(cells),
        "unit",
        "Semua angka kolom ini terlalu kecil untuk jumlah di satu kabupaten/kota; mungkin persen atau dalam ribuan.",
        "tulis satuannya di kepala kolom",
    )
    most = np.minimum(cells.known.maximum, _most_of_one(cells))
    outside = ~((value >= cells.known.minimum) & (value <= most))
    refusals.refuse(
        outside,
        "range",
        lambda cell: (
            f"Nilai {decimal(value[cell])} di luar rentang wajar. Yang diharapkan:"
            f" {decimal(known.minimum[cells.indicator[cell]])} sampai {decimal(most[cell])}"
            f" {known.units[cells.indicator[cell]]}."
        ),
        "periksa angka dan satuannya",
    )
    refusals.refuse_each(
        cells.source_of,
        [
            "precedence" not in source
            and (
                "source",
                f"Sumber {source['source_id']!r} tidak ada di sources.csv untuk file ini.",
                "tambahkan barisnya di data/raw/sources.csv",
            )
            for source in cells.sources
        ],
    )
    refusals.refuse(_sums_to_100(cells, refusals), "subtotal", *SUM_OF_PARTS)
    _refuse_earlier_periods(cells, refusals, period_of, periods)
    _refuse_rival_columns(cells, refusals, period_of, periods)
    _refuse_means(cells, refusals)
    _refuse_totals(cells, refusals)
    _refuse_duplicates(cells, refusals)
    return refusals


def address(cells: Candidates, cell: int) -> str:
    """ "Sanitasi!D8", or "D8" where the file has no sheets."""
    column, sheet = cells.places[cells.place_of[cell]]
    return f"{sheet}!{column_letter(column)}{cells.row[cell]}".lstrip("!")


def decimal(value: float) -> str:
    return f"{value:.10g}".replace(".", ",")


def in_panel(cells: Candidates) -> np.ndarray:
    """Whether a cell lies in a table with a column per year, whose makers often write 0 for missing."""
    return cells.saying("wide", bool)


def _zero_for_missing(cells: Candidates) -> np.ndarray:
    """Zeros of a percentage in such a table: always where it grows towards 100; else where the region's other years
    are further from 0 than the codebook lets it move in half a year.
    """
    zero = (cells.value == 0) & cells.known.is_percent & in_panel(cells)
    if not zero.any():
        return zero
    keys, key_of = distinct(cells.region_of * len(book().codes) + cells.indicator)
    lowest = np.full(len(keys), np.inf)
    positive = cells.value > 0
    np.minimum.at(lowest, key_of[positive], cells.value[positive])
    lowest[np.isinf(lowest)] = 0
    return zero & (cells.known.towards_100 | (lowest[key_of] > cells.known.max_change / 2))


def _of_something_else(cells: Candidates) -> np.ndarray:
    """Figures whose own row says in a note that they are of a part of the region or in another unit."""
    note_of, notes = cells.said("note")
    part = np.array([bool(OF_PART.fullmatch(note) or OF_SOME.fullmatch(note)) for note in notes])
    units = [unit_of(found.group(1)) if (found := IN_UNIT.fullmatch(note)) else "" for note in notes]
    other = np.zeros((len(notes), len(book().units)), dtype=bool)
    for place in [place for place, unit in enumerate(units) if unit]:
        other[place] = [unit_factor(units[place], own) != 1 for own in book().units]
    return part[note_of] | (other[note_of, cells.indicator] & (cells.indicator > 0))


def _sums_to_100(cells: Candidates, refusals: Refusals) -> np.ndarray:
    """Figures of columns that are 100 % in every row beside other columns of their table: the sum of the parts; and
    where a column says which part a row is of, those of the whole.
    """
    whole = cells.known.is_percent & (np.abs(cells.value - 100) < 0.051)
    if not whole.any():
        return whole
    filled = cells.known.is_percent & ~np.isnan(cells.value)
    share, _ = _share(cells, whole, filled & (refusals.standing | whole))
    named = cells.saying("name", SUM.search)
    parted = np.isin(cells.block_of, cells.block_of[refusals.by("subgroup")])
    beside = np.isin(cells.block_of, cells.block_of[filled & ~whole | refusals.by("indicator")])
    return whole & (share == 1) & (named & beside | parted)


def noted(cells: Candidates) -> np.ndarray:
    """Figures whose row's note may make them less than they are taken for; people may be projected."""
    return cells.saying("note", DOUBT.fullmatch) & ~cells.known.of_all


def part_of_year(cells: Candidates) -> np.ndarray:
    """Shares of a part of a year that is neither its last nor March, when the survey of households asks for it."""
    return cells.saying("period", lambda said: said and not AS_A_YEAR.search(said)) & cells.known.is_percent


def lone_zeros(cells: Candidates) -> np.ndarray:
    """Zeros of a percentage that grows towards 100, among others that are none."""
    zero = cells.value == 0
    if not zero.any():
        return zero
    large, _ = _share(cells, cells.value > 20, cells.known.towards_100 & ~np.isnan(cells.value))
    return zero & (large > 0.5)


def _part(part: str) -> tuple[str, str, str]:
    """The answer for a row that is no whole region."""
    kind, _, text = part.partition(": ")
    if not kind:
        return "", "", ""
    rule, message, suggestion = PARTS[kind]
    return rule, message.format(text=repr(text[:80])), suggestion


def _share(cells: Candidates, wanted: np.ndarray, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per cell the share of its column's counted cells that are wanted, and how many are counted."""
    if not (wanted & counted).any():
        return np.zeros(len(wanted)), np.zeros(len(wanted))
    group_of, count = cells.groups
    size = np.bincount(group_of, counted, minlength=count)
    share = np.bincount(group_of, wanted & counted, minlength=count) / np.maximum(size, 1)
    return share[group_of], size[group_of]


def _fractions(cells: Candidates) -> np.ndarray:
    """Fractions without a per cent format: in a column of a percentage that grows towards 100 in which all figures
    (of households, whose shares are never that small: most) are at most 1; it takes three to make a column, of
    households two.
    """
    counted = cells.known.towards_100 & (cells.value > 0) & ~cells.in_percent
    share, size = _share(cells, cells.value <= 1, counted)
    survey = cells.known.of_households
    return (
        counted
        & (cells.value <= 2)
        & (size >= np.where(survey, 2, 3))
        & ((share == 1) | survey & (share > 0.5))
    )


def lone_fractions(cells: Candidates) -> np.ndarray:
    """Figures of at most 1 that may be fractions: shares of households, single ones among percentages mostly above
    20, and a whole column of a percentage that should fall towards 0.
    """
    small = (cells.value <= 1) & cells.known.is_percent & ~cells.percent
    if not small.any():
        return small
    counted = cells.known.towards_100 & (cells.value > 0)
    large, _ = _share(cells, cells.value > 20, counted)
    low, size = _share(cells, cells.value <= 1, counted)
    among = ((large > 0.5) | (low > 0.5)) & (size >= 3)
    single = counted & (cells.known.of_households | among)
    falling = ~cells.known.towards_100 & (cells.value > 0)
    low, size = _share(cells, cells.value <= 1, falling)
    return small & (single | falling & (low == 1) & (size >= 3))


def _other_unit(cells: Candidates) -> np.ndarray:
    """Whether a cell names a unit of its own, other than per cent, that is not the one of its column."""
    if not cells.numbers.where("unit").any():
        return np.zeros(len(cells), dtype=bool)
    stated = [said.unit for said in cells.numbers.said]
    fits = [
        [
            unit in ("", "%", "persen")
            or unit_factor(unit, of_column or book().units[place]) == 1
            or unit_factor(unit, book().units[place]) == factor == 1
            for unit in stated
        ]
        for of_column, place, factor in cells.units
    ]
    return ~np.array(fits)[cells.unit_of, cells.numbers.said_of]


def _unit_elsewhere(cells: Candidates) -> np.ndarray:
    """Whether a cell lacks a unit where others of its indicator in its column state one that does not fit."""
    unfit = np.array([bool(np.isnan(factor)) for *_, factor in cells.units])[cells.unit_of]
    unstated = cells.without_unit
    if not (unfit.any() and unstated.any()):
        return unfit & unstated
    _, column_of = distinct(cells.groups[0] * (int(cells.block_of[-1]) + 1) + cells.block_of)
    return unstated & (np.bincount(column_of, unfit) > 0)[column_of]


def period_unstated(cells: Candidates) -> np.ndarray:
    """Whether a cell is an amount of waste a year whose unit names no time: "ton", or none at all."""
    return np.array(
        [
            unit_of(unit) in ("", "ton", "kg") and book().units[place] == "ton/tahun"
            for unit, place, _ in cells.units
        ]
    )[cells.unit_of] & ~cells.numbers.where("unit", "ton/tahun")


def too_small(cells: Candidates) -> np.ndarray:
    """Amounts of waste generated that are too small for a year."""
    small = (cells.indicator == book().codes.index(GENERATED)) & (cells.value > 0)
    if not small.any():
        return small
    least = np.array([LEAST_GENERATED[kinds()[code]] if code else 0 for code, *_ in cells.regions])
    return small & (cells.value < least[cells.region_of])


def _most_of_one(cells: Candidates) -> np.ndarray:
    """The most that a region of its kind has of each cell's unit."""
    known_units = book().units
    limits = [MOST_OF_ONE.get(unit, {}) for unit in known_units]
    if not any(limits[place] for _, place, _ in cells.units):
        return np.full(len(cells), np.inf)
    most_of = {kind: [limit.get(kind, np.inf) for limit in limits] for kind in {None, *kinds().values()}}
    most = np.array([most_of[kinds().get(code)] for code, *_ in cells.regions])
    return most[cells.region_of, cells.indicator]


def _daily(cells: Candidates, small: np.ndarray) -> np.ndarray:
    """Amounts of waste of no stated time that may be daily: the small ones, or all where most are small."""
    unstated = period_unstated(cells)
    counted = unstated & (cells.indicator == book().codes.index(GENERATED)) & (cells.value > 0)
    return unstated if 2 * (small & counted).sum() >= max(counted.sum(), 1) else unstated & small


def _no_share(cells: Candidates) -> np.ndarray:
    """Columns read as per cent because no unit is stated, though many of their figures are above 100."""
    counted = _unstated(cells) & ~np.isnan(cells.value)
    share, size = _share(cells, cells.value > 100, counted)
    return counted & (share >= FRACTIONAL_AT_LEAST) & (size >= 3)


def _share_or_count(cells: Candidates) -> np.ndarray:
    """Such columns whose name (or title) says what is counted, "Rumah Tangga BABS", and nothing that it is a share of
    it, and all of whose figures are whole.
    """
    counted = _unstated(cells) & ~np.isnan(cells.value)
    if not counted.any():
        return counted
    called_of, called = cells.said("name", "title")
    named = [
        bool(COUNTED.search(title if NEUTRAL.fullmatch(name) else name))
        and not SHARE.search(f"{name} {title}")
        for name, title in called
    ]
    counted &= np.array(named)[called_of]
    whole = counted & (cells.value % 1 == 0)
    for place in np.flatnonzero(whole):
        whole[place] = not re.search("[.,]", cells.text[place])
    share, _ = _share(cells, whole, counted)
    return counted & (share == 1)


def _unstated(cells: Candidates) -> np.ndarray:
    """Figures read as per cent because neither their cell nor anything above it states a unit."""
    return cells.without_unit & cells.known.is_percent & ~cells.in_percent


def _lost_thousands(cells: Candidates) -> np.ndarray:
    """Yearly amounts with decimals below a thousand in a column whose others are thousands without decimals."""
    counted = cells.known.yearly & (cells.value > 0)
    fractional = np.abs(cells.value - np.round(cells.value)) > 1e-6
    small = counted & fractional & (cells.value < 1000)
    large, size = _share(cells, (cells.value >= 1000) & ~fractional, counted)
    rest, _ = _share(cells, small | ((cells.value >= 1000) & ~fractional), counted)
    return small & (large >= 0.5) & (rest == 1) & (size >= 3)


def _too_few(cells: Candidates) -> np.ndarray:
    """Columns of people or households all below a regency's: 1000 of all, or 100 of some without a unit."""
    of_all = cells.known.of_all
    people = np.array([unit in ("jiwa", "rumah tangga", "rumah tangga/unit") for unit in book().units])[
        cells.indicator
    ]
    counted = people & (cells.value > 0)
    few = counted & ((of_all & (cells.value < 1000)) | (cells.without_unit & (cells.value <= 100)))
    share, size = _share(cells, few, counted)
    return few & (share == 1) & (size >= 2)


def _fractional(cells: Candidates) -> tuple[np.ndarray, np.ndarray]:
    """Counts with decimals, and all cells of columns with many of them."""
    counted = cells.known.whole & ~np.isnan(cells.value)
    fractional = counted & (np.abs(cells.value - np.round(cells.value)) > 1e-6)
    share, size = _share(cells, fractional, counted)
    return fractional, counted & (share >= FRACTIONAL_AT_LEAST) & (size >= 2)


def _keys(cells: Candidates, refusals: Refusals) -> tuple[np.ndarray, np.ndarray, list]:
    """Places of standing cells, a number per indicator, year and source, and the codes of all regions."""
    standing = np.flatnonzero(refusals.standing)
    parts = [distinct(codes[standing])[1] for codes in (cells.indicator, cells.year, cells.source_of)]
    group = np.ravel_multi_index(parts, [part.max(initial=0) + 1 for part in parts])
    return standing, group, [answer[0] for answer in cells.regions]


def _refuse_earlier_periods(cells: Candidates, refusals: Refusals, period_of, periods: list) -> None:
    """Of several parts of a year (semesters of a register) only the last stands for the year."""
    if not any(periods):
        return
    standing, group, codes = _keys(cells, refusals)
    orders, parts = [_order(period) for period in periods], {}
    for cell, key in zip(standing.tolist(), group.tolist()):
        if periods[period_of[cell]]:
            parts.setdefault((codes[cells.region_of[cell]], key), []).append(cell)
    last = {key: max(orders[period_of[cell]] for cell in found) for key, found in parts.items()}
    told = {
        cell: (
            f"Kolom yang merinci tahun: {periods[period_of[cell]]}. Bagian tahun yang lebih akhir dipakai.",
            "",
        )
        for key, found in parts.items()
        for cell in found
        if orders[period_of[cell]] != last[key]
    }
    refusals.tell(told, "period")


def _refuse_rival_columns(cells: Candidates, refusals: Refusals, period_of, periods: list) -> None:
    """Columns of one table that differ under the same indicator and year are different things ("Nilai", "Urutan"): only
    the one that says nothing more than the others stands, also where its cell is empty; without one, none does.
    """
    name_of, names = cells.said("name")
    if len(names) < 2:
        return
    open_cells = (refusals.standing | refusals.by("missing", "zero_as_missing")) & (cells.indicator > 0)
    open_cells &= ~cells.saying("period", bool)
    places = np.flatnonzero(open_cells)
    if not len(places):
        return
    parts = [distinct(of[places])[1] for of in (cells.block_of, cells.indicator, cells.year, cells.source_of)]
    table = distinct(np.ravel_multi_index(parts, [part.max() + 1 for part in parts]))[1]
    count = int(cells.series_of.max()) + 1
    columns = distinct(table * count + cells.series_of[places])[0]
    told = {}
    for rival in np.flatnonzero(np.bincount(columns // count) > 1).tolist():
        inside = places[table == rival]
        column_of, values = cells.series_of[inside], cells.value[inside]
        called = {column: names[name_of[cell]] for column, cell in zip(column_of.tolist(), inside.tolist())}
        filled = ~np.isnan(values)
        if len({*called.values()}) < 2 or not _differ(cells.region_of[inside][filled], values[filled]):
            continue
        common = set.intersection(*(set(name.split()) for name in called.values()))
        left = {
            column: " ".join(word for word in name.split() if word not in common)
            for column, name in called.items()
        }
        main = [column for column, name in left.items() if NEUTRAL.fullmatch(name)]
        others = ", ".join(map(repr, dict.fromkeys(left.values())))
        message = (
            f"Beberapa kolom terbaca sebagai indikator dan tahun yang sama, tetapi isinya berbeda: {others}."
        )
        advice = "tulis nama indikatornya secara lengkap di kepala tiap kolom"
        lost = refusals.standing[inside] & ((len(main) != 1) | (column_of != main[0] if main else True))
        told |= dict.fromkeys(inside[lost].tolist(), (message, advice))
    refusals.tell(told, "duplicate_differs")


def _differ(regions: np.ndarray, values: np.ndarray) -> bool:
    """Whether these values differ in any region, or no region has more than one of them."""
    order = np.argsort(regions, kind="stable")
    same = np.diff(regions[order]) == 0
    return not same.any() or bool((same & (np.abs(np.diff(values[order])) > 1e-9)).any())


def _order(period: str) -> tuple[int, str]:
    """The place of a part of the year among others: "semester 2", "triwulan IV", "bulan Agustus"."""
    word = (period.lower().split() or [""])[-1]
    roman = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
    return (int(word) if word.isdigit() else roman.get(word, MONTHS.get(word, 0))), word


def _refuse_totals(cells: Candidates, refusals: Refusals) -> None:
    """A count of the whole that is smaller than two of its parts is wrong; a part larger than it is."""
    if not cells.known.adds_up.any():
        return
    standing, group, codes = _keys(cells, refusals)
    counted = book().adds_up[cells.indicator[standing]]
    province_of = province_codes() | {"": ""}
    parents = [
        "00" if len(code) == 2 and code != "00" else province_of[code] if code != "00" else ""
        for code in codes
    ]
    totals, parts = [], {}
    for cell, key in zip(standing[counted].tolist(), group[counted].tolist()):
        region = cells.region_of[cell]
        totals += [(cell, (key, codes[region]))] if len(codes[region]) == 2 else []
        parts.setdefault((key, parents[region]), []).append(cell)
    told: dict[int, tuple[str, str]] = {}
    for total, key in totals:
        inside = np.array(parts.get(key, []), dtype=np.int64)
        larger = inside[cells.value[inside] > cells.value[total]]
        mean = len(inside) > 1 and np.isclose(cells.value[inside].mean(), cells.value[total])
        if len(larger) >= 2 or mean:
            whole = decimal(cells.value[inside].sum())
            told[total] = (
                (
                    f"Jumlah {decimal(cells.value[total])} lebih kecil daripada {len(larger)} bagiannya. Yang"
                    f" diharapkan: jumlah bagiannya, {whole}."
                ),
                whole,
            )
        elif len(larger):
            told[int(larger[0])] = (
                (
                    f"Nilai bagian lebih besar daripada jumlahnya, {decimal(cells.value[total])} di"
                    f" {address(cells, total)}. Yang diharapkan: bagian lebih kecil daripada jumlah."
                ),
                "periksa keduanya",
            )
    refusals.tell(told, "total")


def _refuse_means(cells: Candidates, refusals: Refusals) -> None:
    """A row called mean whose figure is the plain mean of the regencies beside it is no figure of their province."""
    if not {2, 4} <= {len(answer[0]) for answer in cells.regions}:
        return
    means = cells.saying("region", MEAN.match)
    if not means.any():
        return
    standing, group, codes = _keys(cells, refusals)
    column = group * (int(cells.series_of.max()) + 1) + cells.series_of[standing]
    is_part = np.array([len(code) == 4 for code in codes])[cells.region_of[standing]]
    found = np.zeros(len(cells), dtype=bool)
    for place in np.flatnonzero(means[standing] & ~is_part).tolist():
        beside = cells.value[standing[(column == column[place]) & is_part]]
        cell = standing[place]
        found[cell] = len(beside) > 1 and abs(beside.mean() - cells.value[cell]) < 0.051
    refusals.refuse(found, "subtotal", *PLAIN_MEAN)


def _refuse_duplicates(cells: Candidates, refusals: Refusals) -> None:
    """One region twice in a file: equal values count once, different ones are all refused."""
    standing, group, codes = _keys(cells, refusals)
    numbered: dict[str, int] = {}
    region = np.array([numbered.setdefault(code, len(numbered)) for code in codes], dtype=np.int64)
    region = region[cells.region_of[standing]]
    key = distinct(group)[1] * len(numbered) + region
    repeated, key_of = {}, distinct(key)[1]
    for place in np.flatnonzero(np.bincount(key_of)[key_of] > 1).tolist():
        repeated.setdefault(key[place], []).append(int(standing[place]))
    if not repeated:
        return
    differing, again = {}, {}
    name_of, names = cells.said("region")
    for twins in repeated.values():
        listed = [f"{address(cells, cell)} = {decimal(cells.value[cell])}" for cell in twins]
        listed = "; ".join([*listed[:6], *["..."] * (len(listed) > 6)])
        called = sorted({names[name_of[cell]].strip() for cell in twins})
        code = codes[cells.region_of[twins[0]]]
        same = np.isclose(cells.value[twins], cells.value[twins[0]], rtol=1e-12, atol=0).all()
        counted = book().adds_up[cells.indicator[twins[0]]] and len({*cells.series_of[twins]}) == 1
        listed_apart = len({*cells.row[twins]}) == len(twins) and 0 < cells.value[twins[0]] < ALIKE_BY_CHANCE
        if same and counted and listed_apart:
            message = (
                f"Wilayah ini ada di beberapa baris dengan jumlah yang sama ({listed}): bagian-bagiannya, atau"
                " ulangan. Yang diharapkan: satu baris per wilayah."
            )
            differing |= dict.fromkeys(twins, (message, "jumlahkan bila bagian; hapus bila ulangan"))
        elif same:
            message = f"Wilayah dan tahun yang sama sudah ada dengan nilai yang sama ({listed})."
            again |= dict.fromkeys(twins[1:], (message, "hapus salah satu baris"))
        elif len({*cells.row[twins]}) > 1 and (len(called) > 1 or len(candidates(called[0])) > 1):
            message = (
                f"{' dan '.join(map(repr, called))} terbaca sebagai wilayah yang sama, {code}"
                f" {region_name(code, full=True)} ({listed}). Yang diharapkan: satu nilai."
            )
            advice = "tulis Kabupaten, Kota, atau Provinsi di depan nama, atau kodenya, bila yang dimaksud wilayah lain"
            differing |= dict.fromkeys(twins, (message, advice))
        else:
            message = (
                f"Wilayah dan tahun yang sama berisi nilai berbeda ({listed}). Yang diharapkan: satu nilai."
            )
            differing |= dict.fromkeys(twins, (message, "tanyakan pengirim nilai mana yang benar"))
    refusals.tell(differing, "duplicate_differs")
    refusals.tell(again, "duplicate")
