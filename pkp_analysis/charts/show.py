"""The one door for a picture or a table into a notebook and onto its page."""

import base64
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pandas as pd
from markupsafe import Markup

from ..data.codebook import indicators
from ..errors import PkpError
from ..html import LONG_TEXT, chip, slug
from ..html import table as html_table
from ..words.catalogue import language, load_sentences, words
from ..words.marks import MARKS, Mark, mark_view
from ..words.numbers import number
from ..words.wording import name_of
from . import style

MIMETYPE = "application/vnd.pkp.shown+json"
SCALE = 1.6  # CSS pixels to a point: letters of 10.5 points are read like the text around them
WIDE = 520  # points; a wider picture takes the whole column
MOST_DECIMALS = 2
CARDS_FROM = 5  # columns; a table with so many becomes a card per row on a phone
SPARK = {"svg", "path", "circle"}
SPARK_ATTRIBUTES = set(
    "viewBox width height aria-hidden fill stroke stroke-linecap stroke-width d cx cy r".split()
)
YEARS = range(1900, 2101)


def show(shown, title: str, alt: str | None = None, source: str | None = None, table=None, name=None) -> None:
    """Show a matplotlib or seaborn figure or a pandas table in the notebook and on its page.

    shown: a Figure, Axes, seaborn grid, DataFrame or Series. title: one sentence, the answer. alt: the same
    for those who cannot see the picture, with two or three figures; without it the title stands in, and the
    notebook says how to write one. source: what is shown, unit and source. table: DataFrame of the figures in
    the picture. name: a short word for the address and the picture's file (from the title when missing). The
    figure is closed, so that it does not stand twice. Raises PkpError for anything else and without a title.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"region": ["Banjar"], "value": [83.18]})
    >>> show(frame, "Sanitasi layak, 2024", source="Persen rumah tangga; Susenas.")  # doctest: +SKIP
    """
    from IPython.display import display

    bundle = bundle_of(shown, title, alt, source, table, name)
    display(bundle, raw=True)


def bundle_of(shown, title, alt=None, source=None, table=None, name=None) -> dict:
    """The output of `show` by MIME type; `show` only displays it."""
    import matplotlib.pyplot as plt

    if not str(title or "").strip():
        raise PkpError(
            'pkp.show: judul belum ada. Tulis jawabannya, misalnya title="Sanitasi naik 3 persen poin".'
        )
    title, word = str(title).strip(), words(language())
    about = {"kind": "table", "name": name or slug(title)[:48].strip("-"), "title": title, "source": source}
    if isinstance(shown, (pd.DataFrame, pd.Series)):
        about |= {"alt": alt or title, "svg": None, "table": str(frame_table(shown, title)), "wide": False}
        return {"text/html": in_notebook(about), "text/plain": title, MIMETYPE: about}
    figure = figure_of(shown)
    picture, proof = style.svg(figure), style.facts(figure)
    rows = None if table is None else str(frame_table(table, title))
    note = "" if alt or proof else word["alt_missing"]
    alt = alt or f"{ended(title)} {ended(proof or word['alt_in_table' if rows else 'alt_none'])}"
    about |= {"kind": "figure", "alt": alt, "svg": picture, "table": rows, "wide": size_of(picture)[0] > WIDE}
    plt.close(figure)
    return {"text/html": in_notebook(about, note), "text/plain": title, MIMETYPE: about}


def ended(text: str) -> str:
    """The text as a sentence."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def figure_of(shown):
    """The matplotlib Figure of what a planner hands over. Raises PkpError for what is none."""
    for figure in (shown, getattr(shown, "figure", None)):  # of an Axes, a seaborn FacetGrid or JointGrid
        if hasattr(figure, "savefig") and hasattr(figure, "findobj"):
            return figure
    raise PkpError(
        f"pkp.show menerima gambar matplotlib atau seaborn (fig, ax) atau tabel pandas; yang diberikan:"
        f' {type(shown).__name__}. Contoh: fig, ax = plt.subplots(); ...; pkp.show(fig, title="...").'
    )


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of an SVG in points."""
    box = ElementTree.fromstring(svg).get("viewBox").split()
    return float(box[2]), float(box[3])


def picture_address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def in_notebook(about: dict, note: str = "") -> str:
    """What JupyterLab shows: the same picture, title and table as the page, with a note to the author."""
    source = Markup("<small>{}</small>").format(about["source"]) if about["source"] else ""
    table = Markup(about["table"] or "")
    if about["svg"]:
        address, width = picture_address(about["svg"]), round(size_of(about["svg"])[0] * SCALE)
        head = Markup("<p><strong>{}</strong>{}</p>").format(
            about["title"], source and Markup("<br>") + source
        )
        picture = Markup('<img src="{}" alt="{}" width="{}">').format(address, about["alt"], width)
        fold, word = Markup("<details><summary>{}</summary>{}</details>"), words(language())["figure_table"]
        parts = [head, picture, table and fold.format(word, table)]
    else:
        parts = [table, source]
    parts.append(note and Markup("<p><em>{}</em></p>").format(note))
    return str(Markup("\n").join(filter(None, parts)))


# Tables


def frame_table(frame, caption: str) -> Markup:
    """A pandas table as the page shows it: names for codes, decimal comma, one number of decimals a column."""
    frame = frame.to_frame() if isinstance(frame, pd.Series) else frame
    if frame.index.names != [None] or not isinstance(frame.index, pd.RangeIndex):
        frame = frame.rename_axis(" ") if frame.index.names == [None] else frame
        frame = frame.reset_index()
    if {"region", "region_code"} <= set(frame.columns):
        frame = frame.drop(columns="region_code")
    known = load_sentences(language()).texts["column"]
    header = [
        " · ".join(map(str, column)) if isinstance(column, tuple) else known.get(column, str(column))
        for column in frame.columns
    ]
    if frame.empty:
        text = words(language())["table_empty"].format(title=caption)
        return Markup('<p class="belum-tersedia">{}</p>').format(text)
    columns = [column_text(frame.iloc[:, place]) for place in range(frame.shape[1])]
    marked = frame.iloc[:, 1:].map(lambda value: isinstance(value, Mark)).any(axis=None)
    is_long = any(len(str(value)) > LONG_TEXT for column in columns[1:] for value in column)
    wide = len(header) >= CARDS_FROM or marked or is_long  # on a phone no point of a table lies off screen
    return html_table("", caption, header, [list(row) for row in zip(*columns)], cards=wide)


def column_text(values: pd.Series) -> list:
    """The cells of a column as text or marks, in the language of the page."""
    lang, said = language(), load_sentences(language())
    if pd.api.types.is_bool_dtype(values):
        return [said.label("yes" if value else "no") for value in values]
    if pd.api.types.is_numeric_dtype(values):
        known = values.dropna().astype(float)
        if len(known) and (known % 1 == 0).all() and known.between(YEARS[0], YEARS[-1]).all():
            return ["–" if pd.isna(value) else str(int(value)) for value in values]
        decimals = next(
            (count for count in range(MOST_DECIMALS) if ((known - known.round(count)).abs() < 1e-9).all()),
            MOST_DECIMALS,
        )
        return ["–" if pd.isna(value) else number(float(value), decimals, lang) for value in values]
    return [cell_text(value, str(values.name), lang) for value in values]


def small_picture(svg: str) -> Markup:
    """A small line (charts.spark) in the colour of the text around it; any other SVG as a picture of its own,
    where nothing in it can run.
    """
    drawn = ElementTree.fromstring(svg).iter()
    plain = all(
        part.tag.rpartition("}")[2] in SPARK and not set(part.attrib) - SPARK_ATTRIBUTES for part in drawn
    )
    picture = Markup('<img class="kecil" src="{}" alt="">')
    return Markup(svg) if plain else picture.format(picture_address(svg))


def cell_text(value, column: str, lang: str):
    if isinstance(value, Markup):
        return value
    if isinstance(value, Mark):
        return chip(mark_view(value, lang))
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return "–"
    if isinstance(value, float):
        return number(value, MOST_DECIMALS, lang)
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    text = str(value)
    if text.startswith("<svg"):
        return small_picture(text)
    if urlsplit(text).scheme in ("http", "https") and " " not in text:
        return Markup('<a class="alamat" href="{0}">{0}</a>').format(text)
    if column == "status" and text in MARKS:
        return chip(mark_view(MARKS[text], lang))
    if column == "indicator" and text in indicators().index:
        return name_of(text, lang)
    return text
