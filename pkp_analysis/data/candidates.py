"""The candidate cells of a file with what is known about each, as arrays."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from .codebook import indicators, to_indicator
from .numbers import Numbers, parse_numbers, said_in_format
from .readers import RawFile
from .readers.across import series_of
from .readers.sheet import distinct, spread
from .resolve import (
    base_unit,
    proposed_year,
    resolve_indicators,
    resolve_regions,
    titled_province,
    unit_factor,
)

DEFAULTS = {"source_id": "", "precedence": 100, "status": "", "indicator": "", "year": "", "province": ""}
TAKEN = {
    "proposed": "Indikator {0} diambil dari {1}; judul dan kepala kolom tidak menyebutnya.",
    "other_words": "Judul {1} Angkanya dipakai sebagai {0}.",
    "title_words": "Judul {1} Angkanya dipakai sebagai yang disebut kepala kolomnya, seluruh wilayah.",
    "unknown_header": "Kolom {1} dipakai sebagai {0}, indikator yang diberikan; kepala kolomnya tidak menyebut itu.",
}

# Units of which the whole is the sum of its parts.
ADD_UP = {
    "jiwa",
    "rumah tangga",
    "rumah tangga/unit",
    "unit",
    "unit rumah",
    "ton/tahun",
    "hektare",
    "desa/kelurahan",
}


class Known:
    """What the codebook says of the indicator of each cell: a field of Book, looked up when first asked for."""

    def __init__(self, indicator: np.ndarray):
        self._indicator = indicator

    def __getattr__(self, field: str) -> np.ndarray:
        found = self.__dict__[field] = getattr(book(), field)[self._indicator]
        return found


@dataclass(frozen=True)
class Candidates:
    """Arrays with an entry per cell; those ending in `_of` hold places in the list of distinct values."""

    raw: RawFile
    text: np.ndarray
    number: np.ndarray  # as found in the file
    value: np.ndarray  # in the unit of the codebook, NaN when unreadable
    numbers: Numbers
    percent: np.ndarray  # a fraction shown as per cent
    row: np.ndarray
    year: np.ndarray
    series_of: np.ndarray  # the column of figures, whichever way it lies
    place_of: np.ndarray
    places: list  # (column from 1, sheet)
    region_of: np.ndarray
    regions: list  # (region_code, rule, message, suggestion)
    name_of: np.ndarray
    names: list  # resolve.Named
    indicator: np.ndarray  # place in Book.codes
    unit_of: np.ndarray
    units: list  # (unit in the file, place in Book.codes, factor)
    source_of: np.ndarray
    # rows of sources.csv, in the order `source_of` counts; a source it does not hold has only its source_id
    sources: list
    taken: list  # how what no table says was taken: (rule, message)

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def _said(self) -> dict:
        return {}

    def said(self, *fields: str) -> tuple[np.ndarray, list]:
        """Per cell the place of what is said of it in a field, and these sayings; tuples for several."""
        if fields not in self._said:
            index, found = spread(self.raw.blocks, *fields)
            self._said[fields] = index, [text for (text,) in found] if len(fields) == 1 else found
        return self._said[fields]

    def saying(self, field: str, fits) -> np.ndarray:
        """Whether what each cell's row, column or table says in a field fits."""
        index, found = self.said(field)
        return np.array([bool(fits(text)) for text in found])[index]

    @cached_property
    def known(self) -> Known:
        return Known(self.indicator)

    @cached_property
    def without_unit(self) -> np.ndarray:
        """Whether nothing above or beside a cell states its unit."""
        return np.array([unit == "" for unit, *_ in self.units])[self.unit_of]

    @cached_property
    def in_percent(self) -> np.ndarray:
        """Whether a cell itself shows per cent: by its format, or by a sign behind its number."""
        return self.percent | self.numbers.where("unit", "%", "persen")

    @cached_property
    def block_of(self) -> np.ndarray:
        """Per cell the place of its table."""
        return blocks_of(self.raw)

    @cached_property
    def groups(self) -> tuple[np.ndarray, int]:
        """Per cell a number for its column and indicator, and how many there are."""
        groups, group_of = distinct(self.series_of * len(book().codes) + self.indicator)
        return group_of, len(groups)


@dataclass(frozen=True)
class Book:
    """The codebook as arrays; place 0 is the unknown indicator, whose range holds everything."""

    codes: list
    units: list
    minimum: np.ndarray
    maximum: np.ndarray
    whole: np.ndarray
    max_change: np.ndarray
    of_households: np.ndarray
    adds_up: np.ndarray
    yearly: np.ndarray  # an amount of a whole year, which no part of a year can stand for
    is_percent: np.ndarray
    towards_100: np.ndarray
    of_all: np.ndarray  # counts of all households or people


@lru_cache(maxsize=1)
def book() -> Book:
    frame = indicators()
    units = ["", *frame["unit"]]
    is_percent = np.array([base_unit(unit) == "%" for unit in units])
    return Book(
        ["", *frame.index],
        units,
        np.array([-np.inf, *frame["minimum"]]),
        np.array([np.inf, *frame["maximum"]]),
        np.array([False, *(frame["decimals"] == 0)]),
        np.array([np.inf, *frame["max_change"]]),
        np.array([unit.startswith("% rumah tangga") for unit in units]),
        np.array([unit in ADD_UP for unit in units]),
        np.array([unit.endswith("/tahun") for unit in units]),
        is_percent,
        is_percent & np.array([False, *(frame["direction"] == "up")]),
        np.array([False, *frame.index.isin(["rumah_tangga", "penduduk_jiwa"])]),
    )


def resolve(raw: RawFile, source_rows: list[dict]) -> Candidates:
    """What the names, headers and texts of a file say about its cells; `source_rows` from source_rows()."""
    blocks, known = raw.blocks, book()
    region_of, region_keys = spread(blocks, "region", "province", "code", "dimension")
    unit_of, units_found = spread(blocks, "unit")
    name_of, name_keys = _with_unit(*spread(blocks, "name", "title", "sheet"), unit_of, units_found)
    given = source_rows[0]["indicator"]
    province = source_rows[0]["province"] or titled_province(
        [block.constants["place"] for block in blocks if "place" in block.constants]
    )
    names = resolve_indicators(name_keys, to_indicator(given) if given else "", raw.proposals)
    taken = {
        (rule, TAKEN[rule].format(answer.code, what))
        for answer in names
        if answer.taken
        for rule, what in [answer.taken]
    }
    indicator = np.array([known.codes.index(answer.code) for answer in names])[name_of]
    year_of, years = spread(blocks, "year")
    stated = int(source_rows[0]["year"] or 0)
    if not stated and not any(found for (found,) in years):
        stated, where = proposed_year(raw.proposals)
        if stated:
            message = f"Tahun {stated} diambil dari {where}; tabelnya tidak menyebut tahun."
            taken.add(("proposed", message))
    year = np.array([found or stated for (found,) in years], dtype=np.int64)[year_of]
    unit_of, units = _units(unit_of, units_found, indicator, known)
    factor = np.array([factor for _, _, factor in units])[unit_of]
    place_of, places = spread(blocks, "column", "sheet")
    row = np.concatenate([np.asarray(cells.rows["row"], dtype=np.int64)[cells.row_of] for cells in blocks])
    text = np.concatenate([cells.text for cells in blocks])
    number = np.concatenate([cells.number for cells in blocks])
    shown_of, shown = _shown(raw, row, np.array([column for column, _ in places])[place_of])
    percent = np.array([words == "%" for words in shown])[shown_of]
    series = series_of(blocks, place_of)
    numbers = _numbers(
        text, number, shown_of, shown, series, indicator, np.nan_to_num(factor, nan=1.0), known
    )
    value = numbers.value * np.where(percent, factor * 100, factor)
    for cell in np.flatnonzero(percent | (factor != 1)):
        value[cell] = float(f"{value[cell]:.12g}")  # 0.954 * 100 is 95.39999999999999
    source_of, sources = _sources(raw, source_rows)
    return Candidates(
        raw,
        text,
        number,
        value,
        numbers,
        percent,
        row,
        year,
        series,
        place_of,
        places,
        region_of,
        resolve_regions(region_keys, province),
        name_of,
        names,
        indicator,
        unit_of,
        units,
        source_of,
        sources,
        sorted(taken),
    )


def source_rows(source) -> list[dict]:
    """Rows of sources.csv (a mapping, a list of them or a frame) as dicts with every key that is read here."""
    if hasattr(source, "columns"):
        rows = source.to_dict("records")
    else:
        rows = [source] if hasattr(source, "keys") else list(source)
    return [
        DEFAULTS
        | {key: value for key, value in dict(row).items() if value == value and value not in (None, "")}
        for row in rows
    ]


def _with_unit(name_of, names: list, unit_of, units: list) -> tuple[np.ndarray, list]:
    """The names with the unit beside each, which tells indicators of one name apart."""
    pairs, pair_of = distinct(name_of * len(units) + unit_of)
    return pair_of, [(*names[pair // len(units)], *units[pair % len(units)]) for pair in pairs.tolist()]


def _units(unit_of, found, indicator, known: Book):
    """The pairs of unit and indicator that occur, each with its factor."""
    pair = unit_of * len(known.codes) + indicator
    pairs, pair_of = distinct(pair)
    units = [(found[code // len(known.codes)][0], code % len(known.codes)) for code in pairs.tolist()]
    return pair_of, [
        (unit, place, unit_factor(unit, known.units[place]) if place else 1.0) for unit, place in units
    ]


def blocks_of(raw: RawFile) -> np.ndarray:
    """Per cell the place of its table among those of the file."""
    return np.repeat(np.arange(len(raw.blocks)), [len(cells.text) for cells in raw.blocks])


def _shown(raw: RawFile, row, column) -> tuple[np.ndarray, list]:
    """Per cell the place of what its format shows beside its figure (see Sheet.formats), and these texts, "" first."""
    shown_of, places = np.zeros(len(row), dtype=np.int64), {"": 0}
    formats = [cells.formats for cells in raw.blocks]
    if any(formats):
        cells = zip(blocks_of(raw), zip(row - 1, column - 1))
        found = [formats[block].get(place, "") for block, place in cells]
        shown_of[:] = [places.setdefault(words, len(places)) for words in found]
    return shown_of, list(places)


def _numbers(text, number, shown_of, shown, place_of, indicator, factor, known: Book) -> Numbers:
    """Numbers of the texts; cells that already hold a number stand as they are, with what their format says."""
    typed = np.flatnonzero(np.isnan(number))
    kind, scale = indicator[typed], factor[typed]
    read = parse_numbers(
        text[typed],
        place_of[typed],
        known.minimum[kind] / scale,
        known.maximum[kind] / scale,
        known.whole[kind] & (scale == 1),
    )
    if len(typed) == len(text):
        return read
    value, said_of, said = number.copy(), np.zeros(len(text), dtype=np.int64), list(read.said)
    value[typed], said_of[typed] = read.value, read.said_of
    for place, words in enumerate(shown):
        if words not in ("", "%"):
            said_of[shown_of == place] = len(said)
            said.append(said_in_format(words))
    return Numbers(value, said_of, said, {int(typed[place]): told for place, told in read.suggestion.items()})


def _sources(raw: RawFile, rows: list[dict]) -> tuple[np.ndarray, list]:
    """Per cell its source: the one it names, else the only row's, else the file itself."""
    source_of, found = spread(raw.blocks, "source_id")
    by_id = {row["source_id"]: row for row in rows}
    alone = list(by_id) == [""]
    default = (raw.path.stem if alone else rows[0]["source_id"]) if len(rows) == 1 else ""
    sources = []
    for (name,) in found:
        name = name or default
        sources.append(rows[0] | {"source_id": name} if alone else by_id.get(name, {"source_id": name}))
    return source_of, sources
