"""Tables without regions down the side: a row per indicator under a region's title, or unreadable ones."""

import re
from bisect import bisect_left
from functools import lru_cache

from ..regions import candidates, province_codes
from .headers import BRACKETS, YEAR, label_role, year_of
from .labels import LABEL_COLUMNS, LOOKED_AT, SAMPLE, names_region, value_like
from .sheet import Sheet

AND = re.compile(r"\b(?:dan|dengan|dibanding\w*|serta|vs)\b|[&/+,]", re.IGNORECASE)
WORD = re.compile("[A-Za-z]{3}")
AFTER_REGION = re.compile(r"[\s,(]*(?:tahun\s+)?(?:19|20)\d\d\b.*$", re.IGNORECASE)


def indicator_rows(sheet: Sheet, start: int = 0, region: str = "") -> tuple[int, dict[int, str]]:
    """For a table with a row per indicator, or per year, at or below a row: its column of these and, for each row of
    figures, the region that the title names, or a heading or the row itself; `region` where these name none.
    """
    labels: dict[int, str] = {}
    rows = sheet.filled_rows[bisect_left(sheet.filled_rows, start) :]
    heads = {
        role: (row, column)
        for row in reversed(rows[:SAMPLE])
        for column in reversed(range(sheet.width))
        if (role := label_role(sheet.shown(row, column))) in ("indicator", "year")
    }
    if not heads:
        return 0, labels
    head = heads.get("indicator") or heads["year"]
    figures = next(
        (
            row
            for row in rows
            if row > head[0]
            and any(_is_figure(sheet, row, column) for column in range(head[1] + 1, sheet.width))
        ),
        sheet.height,
    )
    titles = [text for row in rows if row < figures for text in sheet.shown_row(row) if text]
    named = list(dict.fromkeys(found for text in [*titles, sheet.name] if (found := region_in(text))))
    named = _apart(named)
    if len(named) > 1 or not (named or region) or any(map(_names_two, [*titles, sheet.name])):
        return head[1], labels
    region = named[0] if named else region
    says = year_of if head == heads.get("year") else WORD.search
    for row in rows[bisect_left(rows, head[0] + 1) :]:
        text = sheet.shown(row, head[1])
        if any(value_like(sheet.shown(row, column)) for column in range(head[1] + 1, sheet.width)):
            if label_role(text) not in ("indicator", "year") and (says(text) or (labels and not text)):
                labels[row] = _other_region(text, region) or region
        else:
            region = region_in(sheet.alone(row)) or region
    return head[1], labels


@lru_cache(maxsize=10_000)
def region_in(text: str) -> str:
    """The region a title or a sheet's name ends with: "Kabupaten Banjar" in "Indikator Perumahan di Kabupaten
    Banjar, 2023", or with a year or brackets before or after it.
    """
    bare = YEAR.sub(" ", BRACKETS.sub(" ", text))
    endings = (
        " ".join(words[-count:])
        for words in (AFTER_REGION.sub("", text).split(), bare.split())
        for count in range(min(len(words), 5), 0, -1)
    )
    return next((name for name in endings if names_region(name)), "")


def _names_two(title: str) -> bool:
    """Whether a title names two regions: "Kota Banjarbaru dan Kabupaten Banjar"."""
    return len(_apart({region_in(part) for part in AND.split(title)} - {""})) > 1


def _apart(named) -> list[str]:
    """Those of the named regions that are not the province of another."""
    within = {province_codes()[code] for text in named for code in candidates(text) if len(code) == 4}
    return [text for text in named if not within.issuperset(candidates(text))]


def _other_region(text: str, region: str) -> str:
    """The region that the name of a row gives, where it is not that of the table: "BABS Kalimantan Selatan (%)";
    "Provinsi" where it does not say which.
    """
    if of_province := re.search(r"\bprovinsi$", BRACKETS.sub(" ", text).strip(), re.IGNORECASE):
        return of_province.group()
    own, other = {*candidates(region)}, {*candidates(region_in(text))}
    near = {province_codes()[code] for code in own} | {province_codes()["00"]}
    return (
        region_in(text)
        if other and not other & own and {province_codes()[code] for code in other} <= near
        else ""
    )


def _is_figure(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell holds a figure that is no year."""
    text = sheet.shown(row, column)
    return any(map(str.isdigit, text)) and value_like(text) and year_of(text) is None


def unread_figures(sheet: Sheet) -> tuple[int, list[str]]:
    """How many figures a sheet without a table of regions holds, and some texts that begin its rows."""
    count, labels = 0, []
    for row in sheet.filled_rows[: LOOKED_AT * 10]:
        found = sum(_is_figure(sheet, row, column) for column in range(sheet.width))
        label = next(
            (
                text
                for column in range(min(sheet.width, LABEL_COLUMNS))
                if re.search("[A-Za-z]{3}", text := sheet.shown(row, column))
            ),
            "",
        )
        count += found
        labels += [label] if found and label else []
    return count, list(dict.fromkeys(labels))[:3]


def unread_rows(sheet: Sheet, known: list[int]) -> list[int]:
    """Rows below the first of the known ones that hold figures and belong to no table."""
    inside, first = set(known), min(known)
    found = []
    for row in sheet.filled_rows:
        if row > first and row not in inside:
            figures = [
                sheet.shown(row, column) for column in range(1, sheet.width) if _is_figure(sheet, row, column)
            ]
            if figures and not numbers_columns(figures):
                found.append(row)
    return found


def numbers_columns(texts: list[str]) -> bool:
    """Whether a row only numbers the columns: "(2)", "(3)" ..."""
    counted = [int(bare) for text in texts if (bare := text.strip("()-")).isdigit()]
    return bool(counted) and counted == list(range(counted[0], counted[0] + len(texts))) and counted[0] < 4
