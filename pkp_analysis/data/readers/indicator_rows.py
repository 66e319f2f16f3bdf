"""Tables without regions down the side: a row per indicator under a title that names the region, or nothing
that can be read.
"""

import re

from .headers import BRACKETS, COLUMN_COUNT, YEAR, label_role, year_of
from .labels import LABEL_COLUMNS, LOOKED_AT, SAMPLE, names_region, value_like
from .sheet import Sheet

AFTER_REGION = re.compile(r"[\s,(]*(?:tahun\s+)?(?:19|20)\d\d\b.*$", re.IGNORECASE)


def indicator_rows(sheet: Sheet) -> tuple[int, dict[int, str]]:
    """For a table with a row per indicator: its column of indicators and, for each row of figures, the region
    the title names.
    """
    labels: dict[int, str] = {}
    head = next(
        (
            (row, column)
            for row in sheet.filled_rows[:SAMPLE]
            for column in range(sheet.width)
            if label_role(sheet.shown(row, column)) == "indicator"
        ),
        None,
    )
    if head is None:
        return 0, labels
    figures = next(
        (
            row
            for row in sheet.filled_rows
            if row > head[0]
            and any(_is_figure(sheet, row, column) for column in range(head[1] + 1, sheet.width))
        ),
        sheet.height,
    )
    titles = [text for row in sheet.filled_rows if row < figures for text in sheet.shown_row(row) if text]
    regions = list(dict.fromkeys(region for text in [*titles, sheet.name] if (region := region_in(text))))
    for row in sheet.filled_rows if len(regions) == 1 else ():
        if (
            row > head[0]
            and re.search("[A-Za-z]{3}", sheet.shown(row, head[1]))
            and any(value_like(sheet.shown(row, column)) for column in range(head[1] + 1, sheet.width))
        ):
            labels[row] = regions[0]
    return head[1], labels


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


def _is_figure(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell holds a figure that is no year."""
    text = sheet.shown(row, column)
    return any(map(str.isdigit, text)) and value_like(text) and year_of(text) is None


def unread_figures(sheet: Sheet) -> tuple[int, list[str]]:
    """How many figures a sheet without a table of regions holds, and some of the texts that stand at the
    start of their rows.
    """
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
    return [
        row
        for row in sheet.filled_rows
        if row > first
        and row not in inside
        and any(
            _is_figure(sheet, row, column) and not COLUMN_COUNT.fullmatch(sheet.shown(row, column))
            for column in range(1, sheet.width)
        )
    ]
