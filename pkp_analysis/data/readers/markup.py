"""HTML tables, which portals send as .xls: each table that holds no other one becomes a sheet."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np

from ..numbers import STRUCK
from .sheet import Sheet

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SILENT = ("script", "style", "head")
MOST_SPAN = 1000
BREAKS = ("br", "p", "div")
EMPTY = ("br", "img", "input", "hr", "wbr", "col", "meta", "link")  # elements without an end
STRUCK_OUT = ("s", "del", "strike")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class _Tables(HTMLParser):
    """Collects the rows of every table: [text, rows it spans, columns it spans, struck text, "row" or "column" when
    hidden] per cell.
    """

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tables, self.open, self.outer = [], [], set()
        self.cell, self.silent, self.hidden = None, 0, ""
        self.titles = []  # texts outside of tables, and their captions
        self.above = []  # per table the one right above it, or its caption
        self.last, self.caption = "", False
        self.inside = []  # (tag, class of its text) of the elements open in the cell

    def handle_starttag(self, tag, attrs):
        style = dict(attrs).get("style") or ""
        hidden = "hidden" in dict(attrs) or bool(HIDDEN.search(style))
        within = tag == "caption" or self.caption and tag not in ("tr", "td", "th", "table")
        self.caption = bool(self.open and within)
        if tag in SILENT:
            self.silent += 1
        elif tag == "table":
            self.outer |= set(self.open[-1:])
            self.open.append(len(self.tables))
            self.tables.append([])
            self.above.append(self.last)
            self.last = ""
        elif not self.open:
            return
        elif tag == "tr":
            self._rows().append([])
            self.hidden = "row" if hidden else ""
        elif tag in ("td", "th"):
            rows = self._rows()
            if not rows:
                rows.append([])
            spans = dict(attrs)
            self.cell = ["", *(_span(spans.get(name)) for name in ("rowspan", "colspan")), ""]
            self.cell.append(self.hidden or ("column" if hidden else ""))
            rows[-1].append(self.cell)
            self.inside = []
            return
        elif tag in BREAKS and self.cell:
            self.cell[0] += " "
        if self.cell and tag not in EMPTY:
            struck = tag in STRUCK_OUT or "line-through" in style
            self.inside.append((tag, "hidden" if hidden else "struck" if struck else tag))

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent -= 1
        elif tag == "table" and self.open:
            self.open.pop()
        self.caption &= tag != "caption"
        if tag in ("td", "th", "tr", "table"):
            self.cell = None
        open_tags = [name for name, _ in self.inside]
        if tag in open_tags:
            del self.inside[len(open_tags) - 1 - open_tags[::-1].index(tag) :]

    def handle_data(self, data):
        if (not self.open or self.caption) and not self.silent and data.strip():
            self.last = " ".join(data.split())
            self.titles.append(self.last)
            if self.caption:
                self.above[self.open[-1]], self.last = self.last, ""
        kinds = {kind for _, kind in self.inside}
        if self.cell and not self.silent and "hidden" not in kinds:
            self.cell[3 if "struck" in kinds else 0] += data.translate(RAISED) if "sup" in kinds else data

    def _rows(self) -> list:
        return self.tables[self.open[-1]]


def _span(text: str | None) -> int:
    return min(int(text), MOST_SPAN) if text and text.isdigit() and int(text) else 1


def read_html(text: str) -> tuple[list[Sheet], list[str]]:
    """The tables of a decoded HTML page and the texts around them; of several each is called by its title."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    found = [
        place
        for place, rows in enumerate(parser.tables)
        if place not in parser.outer and any(cell[0].strip() for row in rows for cell in row)
    ]
    if len(found) == 1:
        return [_sheet(parser.tables[found[0]])], parser.titles
    return [replace(_sheet(parser.tables[place]), name=parser.above[place]) for place in found], []


def _sheet(rows: list) -> Sheet:
    cells, merged, taken, hidden = {}, [], set(), {"row": set(), "column": set(), "": set()}
    for row, found in enumerate(rows):
        column = 0
        for text, down, across, struck, concealed in found:
            while (row, column) in taken:
                column += 1
            down = min(down, len(rows) - row)
            cells[row, column] = " ".join(text.split()) or " ".join((struck + STRUCK).split()) * bool(
                struck.strip()
            )
            hidden[concealed].add(row if concealed == "row" else column)
            taken |= {(row + below, column + right) for below in range(down) for right in range(across)}
            if (down, across) != (1, 1):
                merged.append(((row, column), (row + down - 1, column + across - 1)))
            column += across
    width = max(column for _, column in cells) + 1
    texts = [np.full(len(rows), "", dtype=object) for _ in range(width)]
    for (row, column), text in cells.items():
        texts[column][row] = text
    return Sheet(
        name="",
        texts=texts,
        merged=tuple(merged),
        hidden_rows=frozenset(hidden["row"]),
        hidden_columns=frozenset(hidden["column"]),
    )
