"""Tables with the regions across the top and years or indicators down the side, read as if they lay the other way."""

from bisect import bisect_right
from dataclasses import replace

import numpy as np

from .headers import label_role, narrows, year_of
from .labels import LOOKED_AT, names_region, value_like
from .sheet import Block, Sheet, spread


def turned(sheet: Sheet) -> tuple[Sheet, int] | None:
    """The sheet with rows and columns exchanged below its titles, and how many rows those are, where one of its rows
    is a header of regions; None elsewhere.
    """
    top = next((row for row in sheet.filled_rows[:LOOKED_AT] if _heads_regions(sheet.shown_row(row))), None)
    if top is None:
        return None
    heads = sheet.shown_row(top)
    before = next(column for column, text in enumerate(heads) if names_region(text)) - 1
    roles = dict(enumerate(map(label_role, heads)))
    beside = [place for place in roles if place > before >= 0 and roles[place] in ("unit", "year", "note")]
    while top and sum(text != "" for text in sheet.shown_row(top - 1)) > 1:
        top -= 1
    grid = np.full((top + sheet.width, sheet.height - top), "", dtype=object)
    grid[:top, 0] = [next(filter(None, sheet.shown_row(row)), "") for row in range(top)]
    grid[top:] = [np.asarray(column, dtype=object)[top:] for column in sheet.texts]
    for row in range(top, sheet.height) if beside else ():  # a unit, year or note right of the figures
        said = " ".join(f"({text})" for column in beside if (text := sheet.shown(row, column)))
        grid[top + before, row - top] = f"{sheet.shown(row, before)} {said}"
    for column in beside:
        grid[top + column] = ""
    heading = ""  # what a row of one text makes of the rows below it
    for row in sheet.filled_rows[bisect_right(sheet.filled_rows, top) :]:
        alone = sheet.alone(row)
        if year_of(alone) or (alone and not value_like(alone)):
            heading = alone if narrows(alone) else ""
        elif heading:
            grid[top, row - top] = f"{heading} {grid[top, row - top]}"
    numbers = None
    if sheet.numbers is not None:
        numbers = np.full(grid.shape, np.nan)
        numbers[top:] = [column[top:] for column in sheet.numbers]
        numbers[[top + column for column in beside]] = np.nan
        numbers = list(numbers.T)
    return replace(
        sheet,
        texts=list(grid.T),
        numbers=numbers,
        hidden_rows=frozenset(column + top for column in sheet.hidden_columns),
        hidden_columns=frozenset(row - top for row in sheet.hidden_rows),
        merged=tuple(
            ((left + top, upper - top), (right + top, lower - top))
            for (upper, left), (lower, right) in sheet.merged
            if upper >= top
        ),
        overfull=frozenset(),
    ), top


def _heads_regions(row: list[str]) -> bool:
    filled = [text for text in row if text and not label_role(text)]
    named = {text for text in filled if names_region(text)}
    return len(named) > 1 and 2 * len(named) >= len(filled)


def turned_back(cells: Block, sheet: Sheet, top: int) -> Block:
    """The candidate cells of a turned sheet at their place in the file."""
    rows, columns = dict(cells.columns), dict(cells.rows)
    rows["row"] = [column + top for column in rows.pop("column")]
    columns["column"] = [row - top for row in columns.pop("row")]
    return replace(
        cells,
        rows=rows,
        columns=columns,
        constants=cells.constants | {"across": True},
        row_of=cells.column_of,
        column_of=cells.row_of,
        formats=sheet.formats,
    )


def series_of(blocks: list[Block], place_of: np.ndarray) -> np.ndarray:
    """Per cell a number of the column of figures it belongs to: of the row, where the regions lie across."""
    across_of, across = spread(blocks, "across")
    if not any(found for (found,) in across):
        return place_of
    row_of, _ = spread(blocks, "row", "sheet")
    lies = np.array([bool(found) for (found,) in across])[across_of]
    return np.where(lies, place_of.max(initial=0) + 1 + row_of, place_of)
