"""What an executed notebook holds for its page: prose, pictures and tables in sections, from its cells and outputs."""

import base64
import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import mistune
from markupsafe import Markup
from mistune.plugins.math import math
from mistune.plugins.table import table as pipe_table

from ..charts.show import MIMETYPE, SCALE, picture_address, size_of
from ..errors import PkpError
from ..html import slug
from ..notebook_format import NotebookNode
from ..words.catalogue import words
from .foreign import cleaned

PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
GUIDE, FOLDED, OPENING = "panduan", "lipat", "pembuka"


@dataclass
class Part:
    """One thing on a page: `kind` is html, figure, table or fold; the template draws it."""

    kind: str
    html: Markup = Markup("")
    about: dict = field(default_factory=dict)  # what pkp.show said, for a figure or a table
    summary: str = ""  # of a fold
    parts: list["Part"] = field(default_factory=list)  # of a fold, or of figures side by side


@dataclass
class Section:
    key: str
    title: str
    parts: list[Part] = field(default_factory=list)


@dataclass
class Content:
    """A page before its frame: `title` of the notebook ("" when it has none), the first screen, the sections.

    The first section has no title when the notebook says something before its first heading.
    """

    title: str = ""
    opening: list[Part] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def shown(self) -> list[dict]:
        """What pkp.show said of each picture and table, in page order."""
        parts = [*self.opening, *(part for section in self.sections for part in section.parts)]
        return [part.about for part in every(parts) if part.about]

    def figures(self) -> list[dict]:
        return [about for about in self.shown() if about["svg"]]


def every(parts: list[Part]):
    for part in parts:
        yield part
        yield from every(part.parts)


def content_of(notebook: NotebookNode, item) -> Content:
    """The content of an executed notebook in the item's language; a heading over nothing is left out.

    Raises PkpError for a picture of one of the project's own notebooks that has no alternative text.
    """
    reader = Reader(item)
    for place, cell in enumerate(notebook.cells, start=1):
        reader.read(cell, place)
    reader.content.sections = [section for section in reader.content.sections if section.parts]
    return reader.content


class Reader:
    """Goes through the cells and puts what they show where it belongs."""

    def __init__(self, item):
        self.item = item
        self.content = Content()
        self.fold: Part | None = None
        self.names: dict[str, int] = {}
        self.words = words(item.lang)

    def read(self, cell: NotebookNode, place: int) -> None:
        tags = cell.metadata.get("tags", [])
        if GUIDE in tags or cell.cell_type == "raw":
            return
        if cell.cell_type == "markdown":
            self.markdown(cell, tags)
            return
        opening, parts = OPENING in tags, []
        for output in cell.get("outputs", []):
            blocks = as_blocks(output.get("data", {}).get("text/markdown", ""), escape=True)
            if any(
                level_of(block) <= 2 for block in blocks
            ):  # a section begins: what came before stays before
                self.put(parts, opening)
                self.prose(blocks, cell, opening)
                parts = []
            else:
                parts += self.output(output, cell, place)
        if FOLDED in tags and parts and self.fold is None:
            outside, self.fold = self.fold, Part("fold", summary=self.summary(cell, parts))
            self.put(parts)
            parts, self.fold = [self.fold], outside
        self.put(parts, opening)

    def markdown(self, cell: NotebookNode, tags) -> None:
        """Prose of the notebook's own; one that folds everything up to the next heading says so with a `###`."""
        text = cell.metadata.get(self.item.lang, cell.source)
        foreign = text is cell.source and self.item.lang != "id" and self.item.kind != "own"
        blocks = as_blocks(text)
        headings = [block for block in blocks if block["type"] == "heading"]
        if headings:
            self.fold = None
        keys = [slug(plain(block)) for block in as_blocks(cell.source) if block["type"] == "heading"]
        if FOLDED in tags and headings and headings[0]["attrs"]["level"] == 3:
            summary = plain(headings[0])
            blocks.remove(headings[0])
            fold = Part("fold", summary=summary)
            self.put([fold])
            self.fold = fold
        elif FOLDED in tags:
            inner = Part("html", rendered(blocks, cell))
            self.put([Part("fold", summary=self.summary(cell), parts=[inner])], OPENING in tags)
            return
        self.prose(blocks, cell, OPENING in tags, keys if len(keys) == len(headings) else [], foreign)

    def summary(self, cell: NotebookNode, parts: list[Part] = ()) -> str:
        """What stands on a fold: the cell's own word, else the title of what it shows."""
        titles = [part.about["title"] for part in every(parts) if part.about]
        known = cell.metadata.get("ringkas", titles[0] if titles else self.words["details"])
        return cell.metadata.get(f"ringkas_{self.item.lang}", known)

    def prose(
        self, blocks: list[dict], cell, opening: bool, keys: list[str] = (), foreign: bool = False
    ) -> None:
        """Blocks of Markdown; a first-level heading is the page's title, a second-level one begins a section."""
        keys, waiting = list(keys), []

        def flush():
            if waiting:
                html = rendered(waiting, cell)
                html = Markup('<div lang="id">{}</div>').format(html) if foreign else html
                self.put([Part("html", html)], opening)
                waiting.clear()

        for block in blocks:
            level = level_of(block)
            key = (keys.pop(0) if keys else slug(plain(block))) if block["type"] == "heading" else ""
            if level > 2:
                waiting.append(block)
                continue
            flush()
            if level == 1 and not self.content.title:
                self.content.title = plain(block)
            else:
                self.content.sections.append(Section(self.unique(key or "bagian"), plain(block)))
        flush()

    def put(self, parts: list[Part], opening: bool = False) -> None:
        """Add the parts; pictures that follow each other stand side by side on a wide screen."""
        place = self.content.opening if opening else self.place()
        for part in parts:
            before = place[-1] if place else None
            if part.kind == "figure" and before and before.kind == "side_by_side":
                before.parts.append(part)
            elif part.kind == "figure" and before and before.kind == "figure":
                place[-1] = Part("side_by_side", parts=[before, part])
            else:
                place.append(part)

    def place(self) -> list[Part]:
        if self.fold is not None:
            return self.fold.parts
        if not self.content.sections:
            self.content.sections.append(Section("", ""))
        return self.content.sections[-1].parts

    def unique(self, name: str) -> str:
        """The name, numbered from its second use on."""
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else f"{name}-{self.names[name]}"

    def output(self, output: NotebookNode, cell: NotebookNode, place: int) -> list[Part]:
        """The part one output of a code cell becomes; none for what is not for readers."""
        if output.output_type == "stream":
            return [plain_text(output.text)] if output.name == "stdout" else []
        if output.output_type == "error":
            return [plain_text(f"{output.ename}: {output.evalue}")]
        data = output.get("data", {})
        if about := data.get(MIMETYPE):
            return [self.shown(about)]
        if "text/markdown" in data:
            blocks = as_blocks(data["text/markdown"], escape=True)
            return [Part("html", rendered(blocks))] if blocks else []
        if "application/vnd.jupyter.widget-view+json" in data or "application/javascript" in data:
            return []
        if html := data.get("text/html"):
            return [Part("html", cleaned(html, self.item.lang, self.words["no_alt"].format(cell=place)))]
        for kind in PICTURES:
            if kind in data:
                return [self.picture(kind, data[kind], output, cell, place)]
        if "text/latex" in data:
            return [Part("html", rendered(as_blocks(data["text/latex"], escape=True)))]
        text = data.get("text/plain", "")
        return [] if not text or text.startswith("<") else [plain_text(text)]  # "<Axes: ...>" says nothing

    def shown(self, about: dict) -> Part:
        """A picture or table that came through pkp.show, under a name of its own on this page."""
        name = self.unique(slug(about["name"]) or about["kind"])
        table = about["table"] or ""
        table = cleaned(table, self.item.lang) if self.item.kind == "own" else Markup(table)
        about = {**about, "name": name, "table": table}
        if about["svg"]:
            width, height = size_of(about["svg"])
            about |= {"width": round(width * SCALE), "height": round(height * SCALE)}
            about["address"] = picture_address(about["svg"])
        return Part(about["kind"], about=about)

    def picture(self, kind: str, data: str, output: NotebookNode, cell: NotebookNode, place: int) -> Part:
        """A picture that did not come through pkp.show."""
        alt = (
            output.metadata.get("alt") or output.metadata.get(kind, {}).get("alt") or cell.metadata.get("alt")
        )
        if not alt and self.item.kind != "own":
            raise PkpError(
                f"{Path(self.item.notebook).name}, sel {place}: gambar ({kind}) tanpa teks alternatif. Tampilkan"
                ' dengan pkp.show(fig, title="...", alt="..."), lalu tutup dengan titik koma.'
            )
        if kind == "image/svg+xml":
            data = base64.b64encode(data.encode()).decode()
        alt, data = alt or self.words["no_alt"].format(cell=place), data.replace("\n", "")
        figure = Markup('<figure class="grafik"><img src="data:{};base64,{}" alt="{}"></figure>')
        return Part("html", figure.format(kind, data, alt))


def plain_text(text: str) -> Part:
    return Part("html", Markup('<pre class="teks">{}</pre>').format(ANSI.sub("", text)))


# Markdown


class PageRenderer(mistune.HTMLRenderer):
    """Markdown as the page shows it: formulas as MathML, pictures only where they travel with the notebook."""

    def __init__(self, cell=None, escape: bool = False):
        super().__init__(escape=escape)
        self.attachments = {} if cell is None else cell.get("attachments", {})

    def inline_math(self, text: str) -> str:
        return formula(text, "inline")

    def block_math(self, text: str) -> str:
        return formula(text, "block")

    def image(self, text: str, url: str, title=None) -> str:
        attached = self.attachments.get(url.removeprefix("attachment:"), {})
        for kind in PICTURES:
            if kind in attached:
                url = f"data:{kind};base64,{attached[kind]}"
        held = Markup('<img src="{}" alt="{}">' if url.startswith("data:image/") else '<a href="{}">{}</a>')
        return str(held.format(self.safe_url(url), text))

    def table(self, text: str) -> str:
        return f'<div class="tabel"><table>{text}</table></div>\n'

    def table_head(self, text: str) -> str:
        return f"<thead><tr>{text}</tr></thead>"

    def table_body(self, text: str) -> str:
        return f"<tbody>{text}</tbody>"

    def table_row(self, text: str) -> str:
        return f"<tr>{text}</tr>"

    def table_cell(self, text: str, align=None, head: bool = False) -> str:
        tag, figures = ("th" if head else "td"), (' class="angka"' if align == "right" else "")
        return f"<{tag}{figures}>{text}</{tag}>"


def formula(text: str, display: str) -> str:
    """MathML of a formula in LaTeX, whole XML; what cannot be read stays as it was written."""
    from latex2mathml import converter, exceptions

    wrong = tuple(error for error in vars(exceptions).values() if isinstance(error, type))
    try:
        made = converter.convert(text, display=display)
        whole = not any("\\" in (part.text or "") for part in ElementTree.fromstring(made).iter())
    except (*wrong, ElementTree.ParseError, LookupError, ValueError):
        whole = False
    if not whole:
        return str(Markup('<code class="rumus">{}</code>').format(text))
    return made.replace("<mrow><mo>&#x0002C;</mo></mrow>", '<mo rspace="0">,</mo>')  # {,} is a decimal comma


def line_formula(inline, found, state) -> int:
    """A formula in $$...$$ on a line of text; mistune's own rule wants the signs on lines of their own."""
    state.append_token({"type": "block_math", "raw": found["formula"].strip()})
    return found.end()


_parse = mistune.create_markdown(renderer=None, plugins=[math, pipe_table])
_parse.inline.register("line_formula", r"\$\$(?P<formula>[\s\S]+?)\$\$", line_formula, before="inline_math")


def as_blocks(text: str, escape: bool = False) -> list[dict]:
    """The blocks of a Markdown text; escape: HTML in it is text, because it may come from the data."""
    blocks = [block for block in _parse(text) if block["type"] != "blank_line"]
    return [{**block, "escape": escape} for block in blocks]


def rendered(blocks: list[dict], cell=None) -> Markup:
    escaping = bool(blocks) and blocks[0]["escape"]
    html = PageRenderer(cell, escaping)(blocks, mistune.BlockState())
    return Markup(html if escaping else cleaned(html))


def level_of(block: dict) -> int:
    """The level of a heading; 9 for what is none."""
    return block["attrs"]["level"] if block["type"] == "heading" else 9


def plain(block: dict) -> str:
    """The words of a heading, without marks."""
    if "raw" in block:
        return block["raw"]
    return "".join(plain(child) for child in block.get("children", []))
