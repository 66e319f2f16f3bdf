"""Plain semantic HTML: a section, a paragraph of prose, a table that scrolls by itself. All text is escaped."""

import re
import unicodedata

from markupsafe import Markup, escape

FIGURE = re.compile(r"[−+]?[\d.,]+%?(–[\d.,]+%?)?$")
LONG_TEXT = (
    60  # characters from which a cell needs a width of its own, or its row grows very high on a narrow screen
)


def as_written(text: str, lang: str) -> Markup | str:
    """A text of the data, which is Indonesian; on a page in another language it says so to screen readers."""
    return text if lang == "id" or text in ("", "–") else Markup('<span lang="id">{}</span>').format(text)


def chip(view: dict | None) -> Markup:
    """A status as symbol and word, as words.marks.mark_view gives it; nothing without one."""
    known = Markup('<span class="tanda tanda-{}"><span aria-hidden="true">{}</span> {}</span>')
    return known.format(view["key"], view["symbol"], view["word"]) if view else Markup("")


def slug(text: str) -> str:
    """The text as a part of an address: "Air & sanitasi, 2024" -> "air-sanitasi-2024"."""
    return re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", text).lower()).strip("-")


def table(table_id: str, caption: str, header: list, rows: list[list], cards: bool = False) -> Markup:
    """A table whose first column heads its rows; figures, and the head of a column of figures, get the class
    `angka`. cards: each row becomes a card on a phone, where every cell names its column.

    Nothing when there are no rows.
    """
    if not rows:
        return Markup("")
    kinds = [column_kind(column) for column in zip(*rows)]
    kinds[0] = "text"
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="angka"') if kind == "figures" else "", text
        )
        for text, kind in zip(header, kinds, strict=True)
    )
    body = Markup("\n").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                cell(value, kind, place == 0, str(header[place]) if cards else "")
                for place, (value, kind) in enumerate(zip(row, kinds))
            )
        )
        for row in rows
    )
    named = Markup(' id="{}"').format(table_id) if table_id else ""
    return Markup(
        '<div class="tabel{}" role="group" aria-label="{}">\n<table{}>\n<caption>{}</caption>\n'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>\n</div>"
    ).format(" kartu-kartu" if cards else "", caption, named, caption, head, body)


def column_kind(column) -> str:
    """ "figures" when all its cells are figures or dashes, "text" without any figure, else "mixed"."""
    figures = [bool(FIGURE.match(str(value))) for value in column]
    if not any(figures):
        return "text"
    return "figures" if all(found or str(value) == "–" for found, value in zip(figures, column)) else "mixed"


def cell(value, kind: str, first: bool, column: str = "") -> Markup:
    """A cell of a column of that kind; a dash stands where the column's figures stand."""
    if first:
        return Markup('<th scope="row">{}</th>').format(value)
    named = Markup(' data-kolom="{}"').format(column) if column else Markup("")
    if value == "":  # to be written by hand
        return Markup('<td class="isian"{}></td>').format(named)
    if FIGURE.match(str(value)) or (str(value) == "–" and kind != "text"):
        return Markup('<td class="angka"{}>{}</td>').format(named, value)
    if len(escape(value).striptags()) > LONG_TEXT:
        return Markup('<td class="panjang"{}>{}</td>').format(named, value)
    return Markup("<td{}>{}</td>").format(named, value)
