"""Cross tables: regions down the side, figures to the right, a header of one or more rows above.

Every layout of that shape (BPS exports, Indonesian csv, agency workbooks, panels, FSVA) is read here;
layouts.py names them.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, takewhile

import numpy as np

from ..codebook import place_words
from ..numbers import JOINT, MARKS_AS_USUAL, NOTED, OTHER_THAN_STATED, STRUCK
from ..regions import KIND_PREFIXES, candidates, in_order, province_codes, regions
from .headers import (
    ACHIEVED,
    BY_PART,
    COLUMN_COUNT,
    COMPARED,
    DRAFT,
    EARLIER,
    LIMITS,
    MEASURE_CELL,
    NEUTRAL,
    ONLY,
    PART_IN_TITLE,
    PLAN,
    RATED,
    REALISED,
    SAYS_TARGET,
    SOME,
    TARGET,
    UNIT_LINE,
    WHOLE,
    YEAR,
    Header,
    is_publication,
    label_role,
    names_indicator,
    narrows,
    read_header,
    read_title,
    scaled,
    split_period,
    target_texts,
    unit_of,
    year_of,
)
from .indicator_rows import indicator_rows, numbers_columns, region_in
from .labels import (
    LABEL_COLUMNS,
    LOOKED_AT,
    SAMPLE,
    TOTAL,
    names_regency,
    names_region,
    value_like,
    without_total,
)
from .sheet import Block, Sheet, block

BLANK = frozenset({"", "-", "–"})  # a name that is none
REGENCY = re.compile(r"kab|kota", re.IGNORECASE)
MAIN = re.compile(r"kab|kota|indik", re.IGNORECASE)  # of several columns that tell the same, the one to read
KIND = re.compile(rf"(?:{'|'.join(KIND_PREFIXES)})\b", re.IGNORECASE)
CODE = re.compile(rf"(?!{YEAR.pattern})\d{{4}}|\d{{2}}\.\d{{2}}")
CUT_CODE = re.compile(r"\d{2}\.\d")  # 63.10 kept as a number
FOOTNOTE = re.compile(
    r"^\W*(?:\*|\d\)|keterangan|sumber|asal angka|catatan|source|note|ket\b|data (?:diolah|belum|sementara|masih)"
    r"|r\)|e\))",
    re.IGNORECASE,
)
# The unit of one year's figures in a note below them.
UNIT_OF_YEAR = re.compile(
    r"\b((?:ton|kg) ?(?:/|per) ?(?:hari|bulan|bln)|(?:ribu|juta)(?: [a-z]+){0,2}|permil)\W*$", re.IGNORECASE
)
TABLE_TITLE = re.compile(r"^tab(?:el|le)\b", re.IGNORECASE)
TEXT_ROLES = ("breakdown", "facility", "part", "unit", "status", "indicator", "note", "measure")
OF_REGIONS = ("number", "id", "code", "province")  # what stands left of the regions it belongs to
OUTLINE = re.compile(r"^(?:[IVX]{1,4}|[A-Za-z]|\d{1,2})[.)] ?")
PART_TITLE = re.compile(
    r"(?:data |profil )?(?:kecamatan|kec|kelurahan|desa|puskesmas|uptd?)\b\.? \w", re.IGNORECASE
)
PLACING = {"wilayah", "kelompok", "zona", "koridor", "bagian", "dan", "iii", "vii", "viii"}
ROW_NUMBER = re.compile(r"^\(?\d{1,2}[.)] ?")
SECTION = re.compile(
    r"(?:[A-Z0-9]{1,3}[.)] ?)?(kabupaten|kab|kota|kotamadya|city|regency)\.?"
    r"(?:\s?[/(]\s?(?:regenc|municipalit|cit)\w+\)?)?",
    re.IGNORECASE,
)
# A title between tables that says the same goes on: "Tahun 2023", "Lanjutan Tabel 1".
CONTINUES = re.compile(
    r"(?:(?:lanjutan|sambungan|continued)(?: (?:tabel|table))?|tahun|year|hal(?:aman)?|dari|[\W\d])*",
    re.IGNORECASE,
)
LINE = re.compile(r"(?P<key>[^:]+?)\s*:\s*(?P<value>[^:]+)")  # "Kabupaten : Banjar"
TOLD = {  # what such a line may tell, by the role of its key
    "region": names_region,
    "province": names_region,
    "year": YEAR.fullmatch,
    "unit": unit_of,
    "indicator": names_indicator,
}
CLASSES = re.compile(r"\b(?:kuintil|quintile|desil|decile)\b", re.IGNORECASE)  # numbered
MONEY = re.compile(r"\b(?:anggaran|keuangan|pagu|fisik)\b|\(rp", re.IGNORECASE)
# Headers of columns that mean something only beside each other.
PAIRS = (
    {"t": "Target", "r": "Realisasi"},
    {"kota": "Perkotaan", "desa": "Perdesaan"},
    {"l": "Laki-laki", "p": "Perempuan"},
)
CHANGES = re.compile(  # in a note under a table
    rf"\b(?:{LIMITS}|belum|kumulatif|proyeksi|perkiraan|target|rencana"
    r"|ribu\w*|juta|permil|per mil|kg|m3|satuan|kecamatan|desa|perkotaan|perdesaan|capaian kinerja|bulan|hari|harian"
    r"|estimasi|januari|juni|semester|triwulan|unaudited)\b"
    r"|\b(?:data|angka|kondisi|keadaan)(?: \w+)? (?:tahun )?(?:19|20)\d\d",
    re.IGNORECASE,
)
MARK = re.compile(r"(?<=\w)\s*(\*+|\d(?=\)))\)?$")  # behind a name, explained by a note below: "1)", "**"
RANKED = re.compile(r"\b(?:peringkat|rang?king|skor|selisih|deviasi)\b", re.IGNORECASE)
AS_USUAL = re.compile(r"(?:data|angka)?\s*(?:tidak|belum) (?:tersedia|ada|berlaku)\w*", re.IGNORECASE)
# How a text begins that names a quantity, known or not.
QUANTITY = re.compile(
    r"(?:persentase|proporsi|prevalensi|tingkat|indeks|rasio|laju|banyaknya|jumlah|luas"
    r"|angka (?!sementara|estimasi|revisi))\b ?\w",
    re.IGNORECASE,
)
# What stands beside the waste generated, in tonnes or in per cent of it.
OF_WASTE = re.compile(
    r"(?:jumlah |total )?(?:pengurangan|penanganan|pengelolaan|sampah terkelola)\b", re.IGNORECASE
)
# Values of such a column, whatever it is called.
PARTS = re.compile(
    rf"(?:rumah tangga |penduduk |penyandang )?(?:{SOME})(?: \d+)?|tidak ada|lainnya"
    r"|jamban .*|.*\b(?:sendiri|bersama|umum)\b.*|(?:semester|triwulan) .*|\d+ ?- ?\d+(?: tahun)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Table:
    """Where the parts of one table are. All positions count from 0."""

    title: list  # texts that speak for the whole table
    headers: dict  # column of figures -> Header
    roles: dict  # describing column -> role
    region_column: int
    labels: dict  # data row -> region text
    groups: list  # per data row what the heading above it makes of it: "target", or a part as in _parts()
    described: list  # columns that hold only text: (column, header)
    header_rows: list
    below: list  # rows under it, of notes or of the next table
    notes: list  # what notes under it say that may make its figures others: (row, text)
    shifted: bool  # whether its header lies a column beside what it heads

    @cached_property
    def place(self) -> str:
        """The region that its title names, "" for none."""
        return next((place for text in self.title if (place := region_in(text))), "")

    @property
    def data_rows(self) -> list:
        return list(self.labels)


def read_tables(sheet: Sheet) -> list[tuple[Table, Block]]:
    """Every table of a sheet with its candidate cells: tables beside each other, and those below each other."""
    sheet = _with_lines(sheet)
    first = _region_column(sheet)
    head, starts = (0, []) if first is None else _side_by_side(sheet, first)
    if len(starts) < 2:
        head, starts = _lists(sheet, first)
    if not starts:
        return _stacked(sheet, first)
    parts = _cut(sheet, head, starts, -1 if first is None else first)
    return [found for part in parts for found in _stacked(part, _region_column(part))]


def _with_lines(sheet: Sheet) -> Sheet:
    """The sheet with each line above or below its table that tells one thing made one text in its first cell: from
    "Kabupaten", ":" and "BANJAR" to "Kabupaten BANJAR".
    """
    told = {}
    for row in {*sheet.filled_rows[:SAMPLE], *sheet.filled_rows[-SAMPLE:]}:
        shown = ((column, sheet.shown(row, column)) for column in range(sheet.width))
        filled = list(islice(((column, text) for column, text in shown if text.strip(" :")), 3))
        line = LINE.fullmatch(":".join(text.strip(" :") for _, text in filled)) if len(filled) < 3 else None
        role = label_role(line["key"]) if line else ""
        if role in TOLD and (len(filled) > 1 or role == "indicator") and TOLD[role](line["value"]):
            key = line["key"] + " :" * (role == "unit")
            said = f"{key} {line['value']}"
            alone = role == "indicator" or names_region(line["value"]) > names_region(said)
            told[row] = filled[0][0], line["value"] if alone else said
    if not told:
        return sheet
    texts = [np.array(column, dtype=object) for column in sheet.texts]
    numbers = sheet.numbers and [column.copy() for column in sheet.numbers]
    for row, (column, text) in told.items():
        for place in range(sheet.width):
            texts[place][row] = text if place == column else ""
            if numbers:
                numbers[place][row] = np.nan
    return replace(sheet, texts=texts, numbers=numbers)


def _lists(sheet: Sheet, region_column: int | None) -> tuple[int, list[int]]:
    """The row that heads lists of indicators or years beside each other, and the column in which each starts, with
    figures between; (0, []) for none.
    """
    for place, row in enumerate(sheet.filled_rows[:SAMPLE], start=1):
        roles = [label_role(texts[row].strip()) for texts in sheet.texts]
        below = sheet.filled_rows[place : place + SAMPLE]
        for role, says in (("indicator", str.strip), ("year", YEAR.fullmatch)):
            if roles.count(role) < 2:
                continue
            starts = [
                column
                for column in range(sheet.width)
                if roles[column] == role
                and all(says(text) for place in below[:3] if (text := sheet.shown(place, column)))
                and not any(
                    value_like(sheet.shown(place, column)) for place in below[:3] if role == "indicator"
                )
            ]
            between = [
                any(
                    value_like(sheet.shown(place, column))
                    for place in below
                    for column in range(left + 1, right)
                )
                for left, right in zip(starts, starts[1:])
            ]
            if between and all(between) and region_column not in range(starts[0] + 1, sheet.width):
                return row, starts
    return 0, []


def _side_by_side(sheet: Sheet, first: int) -> tuple[int, list[int]]:
    """The row that heads tables of regions beside each other, and the column in which each starts: a second one headed
    as the column of regions or of parts of them, or without a header and full of regencies, with figures between.
    """
    heads = {
        row: text
        for row in sheet.filled_rows[:LOOKED_AT]
        if label_role(text := sheet.shown(row, first)) in ("region", "province", "part")
    }
    first = next(
        column
        for column in range(first + 1)
        if column == first
        or any(sheet.shown(row, column).lower() == text.lower() for row, text in heads.items())
    )
    rows = sheet.filled_rows[:LOOKED_AT]
    before = [  # a list of provinces with figures of its own, left of that of regencies
        column
        for column in range(first)
        if any(label_role(sheet.shown(row, column)) == "province" for row in heads)
        and any(
            value_like(sheet.shown(row, other))
            for row in rows
            if row not in heads and sheet.shown(row, column)
            for other in range(column + 1, first)
        )
    ]
    first = before[0] if before else first
    starts, top = [first], min(heads, default=-1) + 1
    names = [text for row in rows if names_region(text := sheet.shown(row, first))]
    of_regencies = 2 * sum(map(names_regency, names)) > len(names)
    once = len(set(names)) == len(names)  # else a row is a part of its region throughout
    for column in range(first + 1, sheet.width):
        headed = [text for row in heads if (text := sheet.shown(row, column))]
        again = any(sheet.shown(row, column).lower() == text.lower() for row, text in heads.items()) or any(
            label_role(text) == "region" or SECTION.fullmatch(text) for text in headed
        )
        of_parts = once and any(label_role(text) == "part" for text in headed)
        if not (again or of_parts or not headed or (of_regencies and not any(map(label_role, headed)))):
            continue
        written = "".join(sheet.texts[column][top : rows[-1] + 1])
        if written.upper() == written.lower():
            continue  # figures: no letter among them
        named = [text for row in rows if (text := sheet.texts[column][row].strip()) and row not in heads]
        regencies = sum(map(names_regency, named))
        again &= sum(map(names_region, named)) > 0.3 * len(named)
        if (again or of_parts or regencies > 0.5 * len(named)) and any(
            value_like(text)
            for row in rows
            if names_region(sheet.shown(row, starts[-1])) or not sheet.shown(row, starts[-1])
            for other in range(starts[-1], column)
            if (text := sheet.shown(row, other))
        ):
            starts.append(column)
    return max(heads, default=0), starts


def _cut(sheet: Sheet, head: int, starts: list[int], region_column: int) -> list[Sheet]:
    """The sheet once per table in it, the columns of the others emptied; the regions left of all are of each."""
    edges = [0]
    for start in starts[1:]:  # a number or a code left of the second regions belongs to them
        before = takewhile(
            lambda column: label_role(sheet.shown(head, column)) in OF_REGIONS,
            range(start - 1, edges[-1], -1),
        )
        edges.append(min(before, default=start))
    of_all = range(starts[0] if region_column < starts[0] and region_column >= 0 else 0)
    parts = []
    for left, right in zip(edges, [*edges[1:], sheet.width]):
        shared = [row for row in range(head) if sheet.alone(row)]
        texts, numbers = [], []
        for column in range(sheet.width):
            inside = left <= column < right or column in of_all
            kept = np.array(sheet.texts[column], dtype=object)
            if not inside:
                kept = np.where(np.isin(np.arange(sheet.height), shared), kept, "")
            texts.append(kept)
            if sheet.numbers is not None:
                numbers.append(sheet.numbers[column] if inside else np.full(sheet.height, np.nan))
        parts.append(replace(sheet, texts=texts, numbers=numbers or None))
    return parts


def _stacked(sheet: Sheet, column: int | None) -> list[tuple[Table, Block]]:
    """The tables of a sheet from top to bottom, each with its own title, header and column of regions."""
    found, start, previous = [], 0, None
    while True:
        table = None
        if column is not None:
            labels = _labels(sheet, column, start)
            roles = [label_role(labels[row]) for row in list(labels)[:SAMPLE]]
            parts, coded = "part" in roles, "code" in roles
            is_region = {
                row
                for row, label in labels.items()
                if names_region(label)
                or CODE.fullmatch(label)
                or (parts and _word(label))
                or (coded and CUT_CODE.fullmatch(label))
            }
            table = _find_table(sheet, start, column, labels, is_region, previous)
        if table is None and (not found or previous.roles[previous.region_column] == "indicator"):
            column, labels = indicator_rows(sheet, start, [*previous.labels.values()][-1] if previous else "")
            table = _find_table(sheet, start, column, labels, set(labels), previous)
        if table is None:
            break
        found.append((table, _cells(sheet, table)))
        start, previous = table.data_rows[-1] + 1, table
        if start > sheet.filled_rows[-1]:
            break
        column = _region_column(sheet, start)
    return found


def _word(label: str) -> bool:
    """Whether a label under a header of kecamatan or the like names one."""
    return bool(re.search("[A-Za-z]{2}", label)) and not label_role(label) and not FOOTNOTE.match(label)


def _region_column(sheet: Sheet, start: int = 0) -> int | None:
    """The column of regions at or below a row: headed as such, of regencies rather than their provinces, naming
    most; else a column of codes or of parts of a region.
    """
    best, highest = None, (False, False, 0)
    for column in range(min(sheet.width, LABEL_COLUMNS)):
        seen = sheet.texts[column][start : start + (LOOKED_AT if best is None else SAMPLE)]
        if not any(text[:1].isalpha() or text[-1:].isalpha() for text in (*seen[:30], *seen[::9])):
            continue
        texts = {text.strip() for text in seen if 2 < len(text) < 120}
        named = [text for text in texts if names_region(text)]
        if len(named) < 3 and _holds_more_figures(sheet, column, start, len(named)):
            continue  # "Banjar" heads the figures below it
        if named:
            headed = any(label_role(text) in ("region", "province", "part") for text in seen[:30])
            regencies = sum(map(names_regency, named[:SAMPLE]))
            score = (headed, 2 * regencies > len(named[:SAMPLE]), len(named))
            best, highest = (column, score) if score > highest else (best, highest)
    if best is not None:
        return best
    rows = range(start, min(sheet.height, start + SAMPLE))
    for role, fits in (("code", CODE.fullmatch), ("part", _word)):
        for column in range(min(sheet.width, LABEL_COLUMNS)):
            texts = [text for row in rows if (text := sheet.shown(row, column))]
            heads = [text for text in texts[:6] if label_role(text) == role and text.upper() != "RT"]
            if heads and any(map(fits, texts)):
                return column
    return None


def _holds_more_figures(sheet: Sheet, column: int, start: int, than: int) -> bool:
    """Whether a column holds more figures than that, codes not counted."""
    shown = (sheet.shown(row, column) for row in range(start, min(sheet.height, start + SAMPLE)))
    figures = (text for text in shown if value_like(text) and not candidates(text))
    return len(list(islice(figures, than + 1))) > than


def _labels(sheet: Sheet, region_column: int, start: int) -> dict[int, str]:
    """Region text per filled row: the region column, filled down where the cell is merged; where it is blank, a
    total or a name in a column that is neither province nor anything else of its own.
    """
    rows = sheet.filled_rows[bisect_left(sheet.filled_rows, start) :]
    labels = dict(zip(rows, sheet.described(region_column, rows)))
    for (top, left), (_, right) in sheet.merged:  # "Kalimantan Selatan" across number and name
        if region_column in range(left, right + 1) and top in labels:
            labels[top] = sheet.shown(top, left)
    for row, label in _named_by_kind(sheet, region_column, rows).items():
        labels[row] = label
    if BLANK.isdisjoint(labels.values()):
        return labels
    own = {
        column
        for column in range(region_column)
        for row in rows[:SAMPLE]
        if label_role(sheet.shown(row, column)) in ("province", "code", "year", "period", "indicator")
    }
    for row in rows if region_column else ():
        if labels[row] in BLANK:
            for column in range(region_column):
                text = sheet.shown(row, column)
                if TOTAL.match(text) or (column not in own and re.search("[A-Za-z]{3}", text)):
                    labels[row] = text
                    break
    return labels | _written_once(sheet, region_column, labels)


def _written_once(sheet: Sheet, region_column: int, labels: dict[int, str]) -> dict[int, str]:
    """The region of rows left blank below its name, which stands in the first of its rows only. One region with
    blank rows below it has a total or a note there, unless it is the only one and these rows say what they are.
    """
    found, named, regions_seen = {}, None, 0
    for row, label in labels.items():
        if names_region(label):
            named, regions_seen = row, regions_seen + 1
        elif label not in BLANK:
            named = None
        elif named is not None and any(
            value_like(text) and not year_of(text)
            for column in range(region_column + 1, sheet.width)
            if (text := sheet.shown(row, column))
        ):
            found[row] = named
    owners = {*found.values()}
    if len(owners) < 2:
        cells = (
            sheet.shown(row, column) for row in found for column in range(region_column + 1, sheet.width)
        )
        if regions_seen > 1 or not any(re.match("[A-Za-z]", text) or year_of(text) for text in cells):
            return {}
    return {row: labels[of] for row, of in found.items()} if 3 * len(owners) > regions_seen else {}


def _kind_columns(sheet: Sheet, region_column: int, rows: list) -> tuple[int, list[int]]:
    """The row that heads a column of kabupaten and one of kota, and those columns; none where one column has both."""
    for row in rows[:SAMPLE]:
        if SECTION.fullmatch(sheet.shown(row, region_column)):
            kinds = [column for column in range(sheet.width) if SECTION.fullmatch(sheet.shown(row, column))]
            differ = len({sheet.shown(row, column).lower()[:3] for column in kinds}) == len(kinds) == 2
            return (row, kinds) if differ else (0, [])
    return 0, []


def _named_by_kind(sheet: Sheet, region_column: int, rows: list) -> dict[int, str]:
    """The region of each row of a table with a column "Kabupaten" and one "Kota", with its kind."""
    head, columns = _kind_columns(sheet, region_column, rows)
    found = {}
    for row in rows if columns else ():
        filled = [column for column in columns if sheet.shown(row, column) not in BLANK]
        if row > head and filled:
            label = " dan ".join(sheet.shown(row, column) for column in filled)
            named = f"{sheet.shown(head, filled[0])} {label}"
            found[row] = named if len(filled) == 1 and candidates(named) else label
    return found


def _find_table(sheet, start, region_column, labels, is_region, previous) -> Table | None:
    others = [column for column in range(sheet.width) if column != region_column]
    filled = sheet.filled_rows[bisect_left(sheet.filled_rows, start) :]
    first = next(
        (
            row
            for row in filled
            if row in is_region and any(value_like(sheet.shown(row, column)) for column in others)
        ),
        None,
    )
    if first is None:
        return None
    while first > start and _belongs_to_data(sheet, first - 1, labels, is_region, first, others):
        first -= 1
    title, header_rows = _split_header(sheet, start, first)
    redated = False  # a title between the rows gives its year to the columns of the header above
    if previous and (title or not header_rows) and all(map(CONTINUES.fullmatch, title)):
        dated = any(map(year_of, title))
        redated = dated and not header_rows
        header_rows = header_rows or previous.header_rows
        said = [YEAR.sub(" ", text) if dated else text for text in previous.title]
        title = [*said, *filter(year_of, title)]
    elif previous and not header_rows:  # of another subject, under the header above
        said = [text for row in previous.header_rows for text in sheet.shown_row(row)]
        header_rows = [] if any(map(names_indicator, said)) else previous.header_rows
    stacks = _stacks(sheet, header_rows)
    roles = {column: role for column in range(sheet.width) if (role := _role(stacks[column]))}
    for column in _kind_columns(sheet, region_column, header_rows)[1]:
        roles[column] = "region"
    of_title = labels[first] != sheet.shown(first, region_column)  # a row per indicator of the title's region
    if roles.get(region_column) not in (
        "province",
        "region",
        "code",
        "part",
        *["indicator", "year"] * of_title,
    ):
        roles[region_column] = "region"
    rows = _sample(filled[bisect_left(filled, first) :])
    for column in [column for column, role in roles.items() if role in ("region", "province")]:
        if column != region_column and not any(candidates(sheet.shown(row, column)) for row in rows):
            del roles[column]  # "Wilayah" over "Kota", "Desa"; "Provinsi" over the province's own figures
    figures = [column for column in range(sheet.width) if column not in roles]
    heads = {sheet.shown(row, region_column) for row in header_rows} - {""}
    listed = roles[region_column] == "indicator"
    labels, groups = _data_rows(sheet, first, labels, is_region, figures, heads, listed)
    data_rows = list(labels)
    for column in [
        column for column, role in roles.items() if role in TEXT_ROLES and column != region_column
    ]:
        classes = CLASSES.search(" ".join(stacks[column])) and _classes(sheet, column, data_rows)
        if _mostly_numbers(sheet, column, data_rows) and not classes:  # "Sumber air minum layak", "Unit"
            del roles[column]
            figures = sorted([*figures, column])
    for column in [column for column in figures if column < region_column]:
        if _counts_rows(sheet, column, data_rows):
            roles[column] = "number"
    for column in [column for column, role in roles.items() if role == "id"]:
        roles[column] = "code" if _is_code(sheet, column, labels, roles) else "number"
    end = bisect_right(sheet.filled_rows, data_rows[-1])
    below = sheet.filled_rows[end : end + LOOKED_AT]
    notes = []
    for row in takewhile(lambda row: row not in is_region, below[:SAMPLE]):
        text = next(filter(None, sheet.shown_row(row)), "")
        heeded = text[:1] == "*" or _of_target(text) or (UNIT_OF_YEAR.search(text) and year_of(text))
        if FOOTNOTE.match(text) and not heeded and CHANGES.search(AS_USUAL.sub(" ", text)):
            notes.append((row, text))
    title = [
        *title,
        *(text for row in below[:SAMPLE] for text in sheet.shown_row(row) if UNIT_LINE.fullmatch(text)),
    ]
    lowest = {column: next((text.lower() for text in stacks[column][::-1] if text), "") for column in figures}
    for pair in PAIRS:
        if pair.keys() <= {*lowest.values()}:
            for column in figures:
                stacks[column] = [pair.get(text.lower(), text) for text in stacks[column]]
    headers, described = {}, []
    for column in figures:
        header = read_header(*stacks[column])
        header = header._replace(year=None) if redated else header
        if column in roles:
            continue
        bare = header == Header() and "year" not in roles.values()
        cells = [text for row in data_rows if (text := sheet.shown(row, column))] if bare else []
        if cells and all(map(YEAR.fullmatch, cells)):
            roles[column] = "year"
        elif _holds_figures(sheet, column, data_rows, header):
            headers[column] = header
        elif _says_measure(sheet, column, data_rows):
            roles[column] = "measure"
        elif header.name or any(sheet.shown(row, column) for row in data_rows):
            if all(KIND.fullmatch(text) for row in data_rows if (text := sheet.shown(row, column))):
                for row, label in labels.items():  # "Kab" beside "Banjar"
                    named = f"{sheet.shown(row, column)} {label}"
                    labels[row] = named if candidates(named) else label
            described.append(
                (column, header.name or " ".join(stacks[column]).strip() or "kolom tanpa kepala")
            )
    shifted = _is_shifted(sheet, header_rows, region_column, figures, data_rows)
    return Table(
        title, headers, roles, region_column, labels, groups, described, header_rows, below, notes, shifted
    )


def _is_shifted(sheet: Sheet, header_rows: list, region_column: int, figures: list, data_rows: list) -> bool:
    """Whether the header lies a column beside what it heads: an indicator over the regions, whose own header stands
    beside it, or each of its lowest texts next to a column of figures.
    """
    if not header_rows:
        return False
    lowest = sheet.shown_row(header_rows[-1])
    heads = [column for column in figures if lowest[column]]
    filled = [column for column in figures if any(sheet.shown(row, column) for row in data_rows)]
    beside = heads in ([column + step for column in filled] for step in (1, -1))
    return (beside and len(heads) > 1) or any(
        label_role(sheet.shown(row, region_column - 1)) == "region"
        and names_indicator(sheet.shown(row, region_column))
        for row in (header_rows if region_column else ())
    )


def _role(stack: list[str]) -> str:
    """What a column describes: the lowest header says it; one above only where the lower ones say nothing."""
    told = [text for text in stack if text and not COLUMN_COUNT.fullmatch(" ".join(text.split()))]
    for above, text in enumerate(reversed(told)):
        role = label_role(text)
        if role and not (above and role in ("part", "breakdown", "period", "facility", "year")):
            return role
        if year_of(text) or unit_of(text):
            return ""
    return ""


def _belongs_to_data(sheet, row: int, labels, is_region, first: int, others: list) -> bool:
    """Whether a row above the first figures is a row of the table rather than its header: figures of a region
    nobody knows, or a region whose own cells nobody can read or are blank.
    """
    label = labels.get(row, "")
    cells = [text for column in others if (text := sheet.shown(row, column))]
    values = [text for text in cells if value_like(text)]
    counted = values and not any(map(year_of, values)) and not _numbers_or_ranges(values)
    heads = label_role(label) and not (
        SECTION.fullmatch(label) and counted
    )  # "Kabupaten" may be the sum of them
    if heads or any(label_role(text) or unit_of(text) for text in cells if text != label):
        return False
    if not re.search("[A-Za-z]{2}", label):  # a row that names no region, or only its province
        figures = [text for text in values if re.search(r"\d", text) and not year_of(text)]
        alone = label in BLANK and len(figures) == len(cells) and not _numbers_or_ranges(figures)
        return bool(figures) and (alone or any(map(names_region, cells)))
    if row not in is_region:
        return bool(values) and not all(map(year_of, values))
    if cells and all(year_of(text) and not re.search(r"\d", YEAR.sub(" ", text)) for text in cells):
        return False
    levels = [{len(code) for code in candidates(without_total(labels[place]))} for place in (row, first)]
    return bool(cells) or levels[0] == levels[1]


def _numbers_or_ranges(texts: list[str]) -> bool:
    """Whether a row only numbers the columns, "(2)", "(3)" ..., or names ranges like "15-24"."""
    return numbers_columns(texts) or any(re.search(r"\d\D*[-–]\D*\d", text.strip("()")) for text in texts)


def _split_header(sheet: Sheet, start: int, first: int) -> tuple[list, list]:
    """Texts that speak for the whole table, and the rows whose cells head single columns."""
    title, rows = [], []
    partly_merged = {
        (top, left)
        for (top, left), (_, right) in sheet.merged
        if right > left > 0 and right < sheet.width - 1
    }
    for row in range(start, first):
        filled = [(column, text) for column, text in enumerate(sheet.shown_row(row)) if text]
        if not filled:
            continue
        column, text = filled[0]
        heads_a_column = (
            (label_role(text) and not PARTS.fullmatch(text))
            or (column and len(text) < 12 and year_of(text))
            or (row, column) in partly_merged
            or (row == first - 1 and unit_of(text))
        )
        if len(filled) > 1 or heads_a_column:
            rows.append(row)
        elif not FOOTNOTE.match(text) and not (
            row == first - 1 and any(kind.fullmatch(text) for kind in (PARTS, MEASURE_CELL, SECTION))
        ):
            title.append(text)
    return title, rows


def _stacks(sheet: Sheet, header_rows: list) -> list[list]:
    """Per column the header texts above it, top first; one over several columns is repeated for each."""
    texts = [list(sheet.shown_row(row)) for row in header_rows]
    own = [[text != "" for text in row] for row in texts]
    place_of = {row: place for place, row in enumerate(header_rows)}
    closed = set()  # where a merged cell ends: what lies beyond is not headed by it
    for (top, left), (_, right) in sheet.merged:
        for column in range(left, min(right + 1, sheet.width)) if top in place_of else ():
            texts[place_of[top]][column] = sheet.shown(top, left)
            closed.add((place_of[top], right))
    merged_rows = {place for place, _ in closed}
    for place, row in enumerate(texts[:-1]):
        for column, label in _centred(row, texts[place + 1]) if place not in merged_rows else ():
            row[column], own[place][column] = label, True
        for column in range(1, sheet.width):
            below = any(line[column] for line in own[place + 1 :])
            carried = row[column - 1] if (place, column - 1) not in closed else ""
            if not own[place][column] and below and carried and not label_role(carried):
                row[column] = carried
    return [[row[column] for row in texts] for column in range(sheet.width)]


def _centred(row: list[str], below: list[str]) -> list[tuple[int, str]]:
    """The group headings of columns whose makers typed each over the middle of its columns: (column, heading). Where
    they stand beside it and the row below does not repeat itself, every heading may be meant.
    """
    columns = [column for column, text in enumerate(below) if text and not label_role(text)]
    columns = [column for column in columns if not label_role(row[column])]
    headed = [column for column in columns if row[column]]
    each = len(columns) // max(len(headed), 1)
    if not headed or each < 2 or columns != list(range(columns[0], columns[-1] + 1)):
        return []
    groups = [columns[start : start + each] for start in range(0, len(columns), each)]
    said = [[below[column] for column in group] for group in groups]
    alike = len(headed) > 1 or all(year_of(text) or MEASURE_CELL.fullmatch(text) for text in said[0])
    if alike and all(
        said[0] == texts and sum(column in headed for column in group) == 1
        for texts, group in zip(said, groups)
    ):
        return [
            (column, next(filter(None, map(row.__getitem__, group)))) for group in groups for column in group
        ]
    bare = {below[column] for column in columns if column < headed[0]}
    if bare and (all(map(year_of, said[0])) or bare & {below[column] for column in columns[len(bare) :]}):
        return [(column, " / ".join(row[place] for place in headed)) for column in columns]
    return []


def _data_rows(
    sheet: Sheet, first: int, labels, is_region, figures, heads, listed: bool
) -> tuple[dict, list]:
    """Rows with figures or a region and their region texts, up to the title or header of a next table, and the group
    each belongs to; a heading "Kota" or "Kabupaten" speaks for the names below it, one like "Perdesaan", "Target" or
    "B. Sanitasi Tidak Layak" for the figures. In a list of indicators most headings only name their subject.
    """
    found, groups, section, group = {}, [], "", ""
    filled = sheet.filled_rows[bisect_left(sheet.filled_rows, first) :]
    last = max((row for row in filled if row in is_region), default=first)
    above = sheet.filled_rows[: bisect_left(sheet.filled_rows, first)][-1:]
    for row in [*above, *filled]:
        label = labels.get(row, "")
        if row in is_region and row not in above:
            named = f"{section} {ROW_NUMBER.sub('', label)}" if section else label
            found[row] = named if section and candidates(named) else label
            groups.append(group)
            continue
        values = [text for column in figures if value_like(text := sheet.shown(row, column))]
        alone = "" if values else sheet.alone(row)
        if kind := SECTION.fullmatch(alone):
            section = kind.group(1)
        elif alone and (MEASURE_CELL.fullmatch(alone) or SAYS_TARGET.match(alone)):
            group = "target" if TARGET.search(alone) else f"heading: {alone}" if EARLIER.search(alone) else ""
        elif alone and (PARTS.fullmatch(alone) or (group and WHOLE.fullmatch(alone))):
            group = "" if WHOLE.fullmatch(alone) else f"breakdown: bagian: {alone}"
        elif row in above:
            continue
        elif listed and alone and row < last and not FOOTNOTE.match(alone):
            group = f"heading: {alone}" if narrows(alone) else f"subject: {OUTLINE.sub('', alone)}"
        elif not (label_role(label) and values and not all(map(year_of, values))) and (
            (row < last and _starts_table(sheet, row, label, values, heads))
            or label_role(label) in ("region", "province", "number")
            or (CONTINUES.fullmatch(label) and _heads(sheet, row, figures))
        ):
            break
        elif values and (re.search("[A-Za-z]", label) or any(map(str.isdigit, "".join(values)))):
            found[row] = label
            groups.append(group)
        elif alone and row < last and not FOOTNOTE.match(alone) and not _names_places(alone):
            group = f"heading: {alone}"
    return found, groups


def _starts_table(sheet: Sheet, row: int, label: str, values: list, heads: set) -> bool:
    """Whether a row with no region, above other regions, is the title or the header of a next table."""
    texts = [text for text in sheet.shown_row(row) if text]
    if (
        label in heads
        or label_role(label)
        or TABLE_TITLE.match(texts[0])
        or (len(texts) == 1 and year_of(texts[0]))
    ):
        return True
    if values:
        return not label and all(map(year_of, values))
    return bool(names_indicator(" ".join(texts)) or any(map(QUANTITY.match, texts))) or (
        len(texts) > 1 and not any(map(FOOTNOTE.match, texts)) and not sheet.shown_row(row - 1)[0]
    )


def _heads(sheet: Sheet, row: int, figures: list) -> bool:
    """Whether a row without a region heads the figures below it anew: years, units, indicators, "Target"."""
    cells = [text for column in figures if (text := sheet.shown(row, column))]
    heading = (year_of, unit_of, names_indicator, label_role, MEASURE_CELL.fullmatch)
    return bool(cells) and 2 * sum(any(says(text) for says in heading) for text in cells) > len(cells)


def _names_places(text: str) -> bool:
    """Whether a heading only says where the regions below it lie ("Nusa Tenggara", "Wilayah II") or that the table
    goes on: anything else may say what their figures are.
    """
    words = set(re.findall("[a-z]{3,}", text.lower()))
    return not year_of(text) and (bool(CONTINUES.fullmatch(text)) or words <= place_words() | PLACING)


def _sample(data_rows: list) -> list:
    return data_rows[:: max(len(data_rows) // SAMPLE, 1)]


def _says_measure(sheet: Sheet, column: int, data_rows: list) -> bool:
    """Whether a column only says of each row whether it is target or realisation."""
    texts = [text for row in _sample(data_rows) if (text := sheet.shown(row, column))]
    return bool(texts) and all(map(MEASURE_CELL.fullmatch, texts))


def _counts_rows(sheet: Sheet, column: int, data_rows: list) -> bool:
    """Whether a column only numbers the rows: 1, 2, 3 ..."""
    numbers = [sheet.shown(row, column).strip(" .") for row in _sample(data_rows)]
    return all(text == "" or (text.isdigit() and int(text) <= len(data_rows) + 1) for text in numbers)


def _mostly_numbers(sheet: Sheet, column: int, data_rows: list) -> bool:
    texts = [text for row in _sample(data_rows) if (text := sheet.shown(row, column))]
    return sum(map(str.isdigit, (re.sub(r"[.,%\s]", "", text) for text in texts))) > 0.5 * len(texts)


def _classes(sheet: Sheet, column: int, data_rows: list) -> bool:
    """Whether a column holds the numbers of fifths or tenths."""
    return all(sheet.shown(row, column) in map(str, range(11)) for row in _sample(data_rows))


def _is_code(sheet: Sheet, column: int, labels: dict, roles: dict) -> bool:
    """Whether an `id` is the code of the region beside it, as far as there is no other code."""
    sample = _sample(list(labels))
    fitting = sum(sheet.shown(row, column) in candidates(labels[row]) for row in sample)
    return "code" not in roles.values() and fitting > 0.5 * len(sample)


def _holds_figures(sheet: Sheet, column: int, data_rows: list, header: Header) -> bool:
    """Whether a column holds figures: some cells look like it, or it is an empty column headed as one."""
    sample = _sample(data_rows)
    if sheet.numbers is not None and not np.isnan(sheet.numbers[column][sample]).any():
        return True
    filled = [text for row in sample if (text := sheet.shown(row, column))] or [
        text for row in data_rows if (text := sheet.shown(row, column))
    ]
    if not filled:
        return bool(header.year or header.measure or header.unit)
    if header.year or header.measure or header.unit:
        return any(map(value_like, filled))
    return sum(map(value_like, filled)) >= 0.3 * len(filled)


def _cells(sheet: Sheet, table: Table) -> Block:
    """The candidate cells, column by column from top to bottom."""
    data_rows, columns = table.data_rows, list(table.headers)
    title = read_title(table.title)
    headers = _explained(sheet, table)
    heads = {
        column: " ".join(sheet.shown(row, column) for row in table.header_rows) for column in table.roles
    }
    measures = {header.measure for header in headers} - {"", "struck"}
    of_all = "" if measures else _measure_of_all(sheet, table, title)
    shares = "achieved" if "realised" in measures else None  # of the target
    money = any(map(MONEY.search, [text for row in table.header_rows for text in sheet.shown_row(row)]))

    def measure(header: Header) -> str:
        bare = NEUTRAL.fullmatch(header.name) and header.unit == "%"
        of_target = bare and header.measure == "" and {"target", "realised"} <= measures
        of_money = bare and header.measure == "realised" and money
        share = of_target or of_money or header.measure == shares
        return of_all or ("attained" if share else header.measure)

    def described(role) -> list[str] | None:
        found = [column for column, name in table.roles.items() if name == role]
        column = next((column for column in found if MAIN.search(heads[column])), found[0] if found else None)
        if column is None:
            return None
        texts = sheet.described(column, data_rows)
        said = [text for text in texts if text]
        once = column < table.region_column and len(said) > 1 and all(map(str.__ne__, said, said[1:]))
        once = once and texts[0] and role in ("indicator", "year")
        return _filled_down(texts) if role == "province" or once else texts

    rows = {"row": [row + 1 for row in data_rows], "region": list(table.labels.values())}
    own_role = table.roles[table.region_column]
    for role in ("code", "note", "unit", "status"):
        if own_role != role and (texts := described(role)) is not None:
            rows[role] = texts
    codes = [column for column, role in table.roles.items() if role == "code"]
    if len(codes) > 1 and all(
        len(text) < 3 for text in rows.get("code", ())
    ):  # of the province, and within it
        rows["code"] = [
            f"{of}{own:0>2}" for of, own in zip(sheet.described(codes[0], data_rows), rows["code"])
        ]
    for column in [column for column in table.roles if re.search("kemendagri", heads[column], re.IGNORECASE)]:
        for field in ("code", "region"):
            if field in rows and (field == "code" or column == table.region_column):
                rows[field] = [re.sub(r"^(\d\d)(\d\d)$", r"\1.\2", text) for text in rows[field]]
    if "unit" in rows:
        rows["unit"] = [unit_of(text) or text for text in rows["unit"]]
    if (names := described("indicator")) is not None:
        names = _filled_down(names) if own_role == "indicator" else names
        rows["name"] = [
            " ".join(TARGET.sub(" ", REALISED.sub(" ", text)).split()) if not NEUTRAL.fullmatch(text) else ""
            for text in names
        ]
        if any(rows["name"]):
            headers = [
                header._replace(name="") if NEUTRAL.fullmatch(header.name) else header for header in headers
            ]
    if any(group.startswith("subject: ") for group in table.groups):
        subjects = [group.partition("subject: ")[2] for group in table.groups]
        rows["title"] = [read_title([subject]).name for subject in subjects]
    marks = _marks(sheet, table)
    told = [
        ("struck", _struck_rows(sheet, table)),
        ("target", _target_rows(sheet, table)),
        ("footnoted", {row for row, label in table.labels.items() if _is_other(label, marks)}),
    ]
    if any(of_rows for _, of_rows in told):
        rows["measure"] = [next((said for said, of_rows in told if row in of_rows), "") for row in data_rows]
    years = described("year")
    if years is not None:
        rows["year"] = [year_of(text) or 0 for text in years]
    of_sheet = None if is_publication(sheet.name) else year_of(sheet.name)
    year = (title.year or of_sheet or 0) if years is None else 0
    if (provinces := described("province")) is not None and own_role != "province":
        rows["province"] = provinces
    if "code" not in rows and own_role != "code":
        one = [""] * len(data_rows)
        lists = zip(rows.get("province", one), years or one, names or one)
        rows["region"] = in_order(rows["region"], list(lists))
    if any(parts := _parts(sheet, table, rows)):
        rows["part"] = parts
    if (periods := described("period")) is not None:
        head = next(head for column, head in heads.items() if table.roles[column] == "period").strip()
        rows["period"] = ["" if WHOLE.fullmatch(text) else f"{head} {text}" for text in periods]
    elif years is not None and any(map(PART_IN_TITLE.search, years)):
        rows["period"] = [text if PART_IN_TITLE.search(text) else "" for text in years]
    if sheet.hidden_rows:
        rows["hidden"] = [row in sheet.hidden_rows for row in data_rows]
    in_part = next(filter(None, map(PART_IN_TITLE.search, [*table.title, sheet.name])), None)
    part = in_part.group() if in_part else ""
    named = [split_period(header.name) for header in headers]
    elsewhere = [region_in(name) if own_role != "indicator" else "" for name, _ in named]
    if any(elsewhere):
        here = {code for label in {*table.labels.values()} for code in candidates(without_total(label))}
        elsewhere = [region if here.isdisjoint(candidates(region)) else "" for region in elsewhere]
    contradicted = _contradicted(table.title, {header.unit for header in headers})
    by_column = {
        "column": [column + 1 for column in columns],
        "part": [f"elsewhere: {region}" if region else "" for region in elsewhere],
        "name": [name for name, _ in named],
        "year": [header.year or max(year, 0) for header in headers],
        "unit": [
            contradicted + scaled(header.unit, "" if "unit" in rows else title.unit or unit_of(sheet.name))
            for header in headers
        ],
        "measure": list(map(measure, headers)),
        "status": [header.status or title.status for header in headers],
        "period": [period or part for _, period in named],
        "hidden": [column in sheet.hidden_columns for column in columns],
    }
    constants = {"sheet": sheet.name, "title": title.name, "dimension": _dimension(sheet, table)}
    constants["place"] = table.place or region_in(sheet.name)
    constants["wide"] = sum((header.year or 0) > 0 for header in headers) > 1
    legend = {mark: meaning for mark, meaning in marks.items() if mark[0] == "*"}
    text = np.empty((len(columns), len(data_rows)), dtype=object)
    number = np.full(text.shape, np.nan)
    at = np.array(data_rows)
    merged = [corners for corners in sheet.merged if corners[1][0] >= data_rows[0]]
    for place, column in enumerate(columns):
        text[place] = np.asarray(sheet.texts[column], dtype=object)[at]
        if sheet.numbers is not None:
            number[place] = sheet.numbers[column][at]
        for row in (
            np.flatnonzero([cell.rstrip(" )").endswith("*") for cell in text[place]]) if legend else ()
        ):
            mark = re.search(r"\*+", text[place][row]).group()
            text[place][row] += f"){NOTED}{legend[mark]}" if mark in legend else ""
        for (top, left), (bottom, right) in merged:
            inside = np.flatnonzero((at >= top) & (at <= bottom)) if left <= column <= right else ()
            over = {rows["region"][row] for row in inside}
            across = len(inside) and sum(left <= other <= right for other in columns) > 1
            if (len(over) > 1 or across) and sheet.shown(top, left):
                text[place][inside], number[place][inside] = sheet.shown(top, left) + JOINT, np.nan
    return block(rows, by_column, constants, text, number, sheet.formats)


def _contradicted(title: list[str], stated: set[str]) -> str:
    """What a line of the unit says against headers all of which state other ones, as "KK atau "; "" where it agrees."""
    for line in filter(None, map(UNIT_LINE.fullmatch, title)):
        parts = [line[1], *re.split(r"[,/&()]|\bdan\b", line[1])]
        units = {unit_of(part) or part.strip().lower() for part in parts} - {""}
        if "" not in stated and not any(
            unit in (own.lower(), scaled(own, unit)) for own in stated for unit in units
        ):
            return f"{line[1].strip()} atau "
    return ""


def _of_target(note: str) -> bool:
    """Whether a note under a table calls its figures a target: "Keterangan: Target RPJMD", "*) angka target"."""
    bare = re.sub(r"^\W*(?:ket(?:erangan)?\b|catatan|note)?\W*", "", note, flags=re.IGNORECASE)
    return bool(SAYS_TARGET.match(note) or TARGET.search(bare) and MEASURE_CELL.fullmatch(bare))


def _measure_of_all(sheet: Sheet, table: Table, title: Header) -> str:
    """What the title and the sheet's name make of all figures of a table whose headers do not say: "target", "attained"
    (an error, a rank), "draft", "either" where a title names target and realisation, or a plan; "" for realised ones.
    """
    said = [*table.title, sheet.name]
    if title.measure == "struck":
        return "struck"
    if any(map(DRAFT.search, said)):
        return "draft"
    of_other = title.measure == "attained" and not names_indicator(title.name)
    ranked = any(map(RANKED.search, table.title)) and all(
        _counts_rows(sheet, column, table.data_rows) for column in table.headers
    )
    if of_other or ranked or COMPARED.search(sheet.name):
        return "attained"
    if title.measure == "target" or TARGET.search(sheet.name):
        realised = any(REALISED.search(text) or "capaian kinerja" in text.lower() for text in said)
        return "either" if realised else "target"
    years = {header.year for header in table.headers.values()} - {None}
    planned = len(years) > 1 and any(map(PLAN.search, said))  # some of them ahead
    headed = [*said, *(text for row in table.header_rows for text in sheet.shown_row(row))]
    planned &= not any(REALISED.search(text) or ACHIEVED.search(text) for text in headed)
    return "either" if planned else ""


def _target_rows(sheet: Sheet, table: Table) -> set[int]:
    """The rows that a heading above them or a cell of theirs calls a target: the name of their indicator, or a text
    that says nothing else.
    """
    columns = [pair for pair in table.roles.items() if pair[1] in TEXT_ROLES]
    return {row for row, group in zip(table.data_rows, table.groups) if group == "target"} | {
        row
        for column, role in [*columns, *((column, "note") for column, _ in table.described)]
        for texts in [sheet.described(column, table.data_rows)]
        for targets in [target_texts(role, texts)]
        for row, text in zip(table.data_rows, texts)
        if text in targets
    }


def _struck_rows(sheet: Sheet, table: Table) -> set[int]:
    """The rows in which what says whose, of when or of what a figure is, is crossed out."""
    return {
        row
        for column, role in table.roles.items()
        if role not in ("note", "number", "ignored") and STRUCK in "".join(sheet.texts[column])
        for row, text in zip(table.data_rows, sheet.described(column, table.data_rows))
        if STRUCK in text
    }


def _dimension(sheet: Sheet, table: Table) -> str:
    """The header of the column of regions, "" where none says that it is one."""
    heads = (sheet.shown(row, table.region_column) for row in table.header_rows)
    return next((text for text in heads if label_role(text) in ("province", "region")), "")


def _marks(sheet: Sheet, table: Table) -> dict[str, str]:
    """What the marks behind figures and headers mean, by the notes below, where it is not the usual."""
    texts = (text for row in table.below[:SAMPLE] for text in sheet.shown_row(row))
    found = (re.match(r"(\*+|\d(?=\)))\)?\s*[:=]?\s*(\w.*)", text) for text in texts)
    return {note[1]: note[2] for note in found if note and not MARKS_AS_USUAL.search(note[2])}


def _is_other(label: str, marks: dict[str, str]) -> bool:
    """Whether the mark behind a name makes its figures those of something else: "1) tidak termasuk ..."."""
    mark = MARK.search(label) if marks else None
    return bool(mark and OTHER_THAN_STATED.search(marks.get(mark[1], "")))


def _marked(sheet: Sheet, table: Table, headers: list[Header]) -> list[Header]:
    """The headers, each with what the note about its mark makes of its figures: "2023*" and "*) Target"."""
    marks, found = _marks(sheet, table), []
    for column, header in zip(table.headers, headers):
        texts = [sheet.shown(row, column) for row in table.header_rows] if marks else []
        shown = [mark[1] for text in texts if (mark := MARK.search(text))]
        meaning = " ".join(marks.get(mark, "").replace(str(header.year), "") for mark in shown)
        other = OTHER_THAN_STATED.search(meaning) or PART_IN_TITLE.search(meaning)
        measure = "target" if TARGET.search(meaning) else "footnoted" if other else header.measure
        found.append(header._replace(measure=measure))
    return found


def _explained(sheet: Sheet, table: Table) -> list[Header]:
    """The headers of the figures, abbreviations spelled out; a name that also stands with % is the amount."""
    below = ([text for text in sheet.shown_row(row) if text.strip(" :=")] for row in table.below)
    legend = {texts[0]: texts[1] for texts in below if len(texts) == 2 and re.search("[A-Za-z]{3}", texts[1])}
    headers = [
        read_header(legend[header.name])._replace(year=header.year) if header.name in legend else header
        for header in table.headers.values()
    ]
    of_title, unmarked = read_title(table.title), headers
    headers = _marked(sheet, table, headers)
    for text in (text for row in table.below for text in sheet.shown_row(row)):
        year = year_of(text)
        if _of_target(text) and headers == unmarked:  # "Keterangan: angka 2025 adalah target"
            headers = [
                header._replace(measure="target") if year in (None, header.year or of_title.year) else header
                for header in headers
            ]
        elif year and (stated := UNIT_OF_YEAR.search(text)):  # "Catatan: 2021 ton/hari"
            unit = " ".join(stated.group(1).lower().split())
            headers = [
                header._replace(unit=unit) if header.year == year and "/" not in header.unit else header
                for header in headers
            ]
    headed = {
        column for column in table.headers if any(sheet.shown(row, column) for row in table.header_rows)
    }
    if headed:  # the title speaks for no column that stands bare beside headed ones
        headers = [
            header if column in headed or header != Header() else header._replace(name="kolom tanpa kepala")
            for column, header in zip(table.headers, headers)
        ]
    for place, (before, header) in enumerate(zip(headers, headers[1:]), start=1):  # "Sanitasi Layak", "%"
        if NEUTRAL.fullmatch(header.name) and header.unit == "%" and header.year in (None, before.year):
            alone = not (before.measure or header.measure or names_indicator(of_title.name))
            if alone and before.unit != "%" and not NEUTRAL.fullmatch(before.name):
                headers[place] = header._replace(name=before.name, year=before.year)
    shares = {
        header.name.lower().removeprefix("persentase ")
        for header in headers
        if header.unit == "%" or header.name.lower().startswith("persentase ")
    }
    if any(re.search("timbulan", header.name, re.IGNORECASE) for header in headers):
        headers = [
            header._replace(unit="tidak disebut")
            if not (header.unit or of_title.unit or header.name.lower() in shares)
            and OF_WASTE.match(header.name)
            else header
            for header in headers
        ]
    return [
        header._replace(unit="ton/tahun" if "sampah" in header.name.lower() else "jumlah")
        if header.name and not header.unit and header.name.lower() in shares
        else header
        for header in headers
    ]


def _parts(sheet: Sheet, table: Table, rows: dict) -> list[str]:
    """Per row why it is no whole region: "kecamatan: Gambut", "facility: ...", "breakdown: jenis kelamin ...",
    "overfull: ...", "elsewhere: ..."; "" for a whole one.
    """
    data_rows = table.data_rows
    parts = [group if group.startswith(("heading: ", "breakdown: ")) else "" for group in table.groups]

    def tell(kind: str, texts) -> None:
        for place, text in enumerate(texts):
            if text and not parts[place]:
                parts[place] = f"{kind}: {text}"

    if table.roles[table.region_column] == "indicator":
        above = [*table.title, *(sheet.shown(row, table.region_column) for row in table.header_rows)]
        for kind, pattern in (("kecamatan", PART_TITLE.match), ("breakdown", ONLY.search)):
            tell(kind, [text for text in above if pattern(text)][:1] * len(data_rows))
    tell("shifted", ["kepala"] * (len(data_rows) * table.shifted))
    surplus = set(sheet.overfull)
    for column in table.headers if table.header_rows else ():
        if not any(sheet.shown(row, column) for row in table.header_rows):  # few rows reach beyond the header
            filled = [row for row in data_rows if sheet.shown(row, column)]
            surplus |= {*filled} if 2 * len(filled) <= len(data_rows) else set()
    tell("overfull", ["baris" if row in surplus else "" for row in data_rows] if surplus else ())
    roles = {}
    for column, role in table.roles.items():
        roles.setdefault(role, []).append(column)
    for column in roles.get("facility", ()):
        tell("facility", sheet.described(column, data_rows))
    within = any(map(BY_PART.search, table.title)) and 2 * sum(
        bool(candidates(without_total(text)) and REGENCY.match(text)) for text in table.labels.values()
    ) < len(table.labels)
    unknown = _mostly_unknown(sheet, table)
    within |= unknown and table.place != ""
    for column in roles.get("part", ()) if table.roles[table.region_column] != "part" else ():
        tell("kecamatan", sheet.described(column, data_rows))
    labels = table.labels.values()
    heads = {label_role(sheet.shown(row, table.region_column)) for row in table.header_rows}
    if "facility" in heads and not heads & {"region", "province"}:
        tell("facility", labels)
    if table.roles[table.region_column] == "part" or within:
        whole = {text for text in labels if _is_whole(text, table.place)}
        tell("kecamatan", ["" if text in whole or TOTAL.match(text) else text for text in labels])
    elif unknown:
        tell("namesake", [text if len(candidates(text)) and not KIND.match(text) else "" for text in labels])
    titled = {*candidates(table.place)}
    if titled and min(map(len, titled)) == 4:
        named = [{*candidates(without_total(text))} for text in labels]
        if not any(titled & codes for codes in named):
            tell("elsewhere", [table.place if codes else "" for codes in named])
    keys = list(zip(rows["region"], rows.get("province", rows["region"]), rows.get("year", rows["region"])))
    for column, header in [
        *(
            (column, " ".join(sheet.shown(row, column) for row in table.header_rows))
            for column in roles.get("breakdown", ())
        ),
        *table.described,
    ]:
        texts = ["" if MEASURE_CELL.fullmatch(text) else text for text in sheet.described(column, data_rows)]
        kinds = {text.lower() for text in texts} - {""}
        if all(map(WHOLE.fullmatch, kinds)) or says_kind(kinds, keys, texts):
            continue
        known = table.roles.get(column) == "breakdown" or any(map(PARTS.fullmatch, kinds))
        if known or splits(keys, texts):
            tell(
                "breakdown", ["" if WHOLE.fullmatch(text) else f"{header.strip()}: {text}" for text in texts]
            )
    return parts


def says_kind(kinds, keys, texts) -> bool:
    """Whether a column only says of each row what kind of region it is or how its figure is rated ("Kota", "Sedang"):
    nothing else stands in it, and the rows of no region differ by it.
    """
    rated = [text for text in kinds if not WHOLE.fullmatch(text)]
    if not rated or not all(map(RATED.fullmatch, rated)) or splits(keys, texts):
        return False
    kind_of = regions()["kind"]
    return not any(  # "Kota" of a kabupaten means where people live
        text.lower()[:3] in ("kab", "kot")
        and (codes := candidates(key[0]))
        and not any(kind_of[code].startswith(text.lower()[:3]) for code in codes)
        for key, text in zip(keys, texts)
    )


def _mostly_unknown(sheet: Sheet, table: Table) -> bool:
    """Whether a table mostly names what lies in a regency: names nobody knows or, under the name of one regency, those
    of regencies elsewhere ("Kediri" in Tabanan), rather than regencies of its province.
    """
    province_of, titled = province_codes(), {*candidates(table.place)}
    home = {province_of[code] for code in titled}
    regency = bool(titled) and min(map(len, titled)) == 4
    if table.roles[table.region_column] == "indicator" or (
        not regency and (titled or REGENCY.search(_dimension(sheet, table)))
    ):
        return False
    strange = beside = 0
    for label in set(table.labels.values()):
        named = {*candidates(without_total(label))}
        if TOTAL.match(label) or not re.search("[A-Za-z]", label) or named & titled:
            continue
        if named and not regency and KIND.match(label):
            continue
        known = any(not home or province_of[code] in home or len(code) == 2 for code in named)
        beside, strange = beside + known, strange + (not known)
    return strange > max(beside, not regency)


def _is_whole(label: str, place: str) -> bool:
    """Whether a row among kecamatan is the regency of the title itself, said with its kind."""
    return bool(KIND.match(label) and {*candidates(label)} & {*candidates(place)})


def splits(keys, texts) -> bool:
    """Whether most rows are of regions that have several in a year, which differ by these texts."""
    seen: dict = {}
    for key, text in zip(keys, texts):
        seen.setdefault(key, []).append(text)
    repeated = [found for found in seen.values() if len(found) > 1]
    return 2 * sum(map(len, repeated)) > len(texts) and all(
        len(set(found)) == len(found) for found in repeated
    )


def _filled_down(texts: list[str]) -> list[str]:
    """Blank cells take the value above them."""
    filled, last = [], ""
    for text in texts:
        last = text or last
        filled.append(last)
    return filled
