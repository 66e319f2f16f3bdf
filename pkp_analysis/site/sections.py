"""Pages of notebooks whose cells still show finished HTML sections."""

import base64
import copy
import re
from functools import lru_cache
from html import unescape
from pathlib import Path

from markupsafe import Markup, escape

from ..charts.show import MIMETYPE
from ..errors import PkpError
from ..notebook_format import NotebookNode
from ..words.catalogue import words
from . import figure_files, frame
from .frame import in_language, relative

PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
FIGURE = re.compile(
    r'<figure id="gambar-(?P<name>[\w-]+)" class="grafik">\s*<figcaption><strong>(?P<title>.*?)</strong>'
    r" <span>(?P<note>.*?)</span></figcaption>\s*"
    r'<img src="data:image/svg\+xml;base64,(?P<picture>[^"]+)" alt="(?P<alt>[^"]*)"[^>]*>',
    re.DOTALL,
)
NOTEBOOK_STYLE = re.compile(r"<style\b.*?</style>\s*", re.DOTALL)
FOREIGN = re.compile(
    r"<(script|style|iframe|object|embed|form|link|meta|base)\b.*?(</\1>|(?=<)|$)", re.DOTALL | re.IGNORECASE
)
TAG = re.compile(r"<[a-zA-Z][^<>]*>")
UNSAFE_ATTRIBUTE = re.compile(
    r"""\s(?:style|on\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)|\s(?:href|src)\s*=\s*(["']?)\s*javascript:[^"'>]*\2""",
    re.IGNORECASE,
)
TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
BARE_IMAGE = re.compile(r"<img\b(?![^<>]*\salt=)")
HEAD = re.compile(r'<header class="kepala">.*?</header>', re.DOTALL)
HEADING = re.compile(r'(?P<section><section id="(?P<id>[^"]+)"[^>]*>\s*)?<h2>(?P<text>.*?)</h2>', re.DOTALL)
MAP_ROLE = re.compile(r'(<svg class="peta[^"]*" role=")img')
TILE = re.compile(r'<g (class="petak[^"]*" data-region="(\w+)")>(<title>(.*?)</title>.*?)</g>', re.DOTALL)


def is_old(notebook: NotebookNode, item) -> bool:
    """Whether cells show finished HTML sections; goes when no notebook does so any more."""
    cells = notebook.cells
    if any("en" in cell.metadata for cell in cells):
        return False
    outputs = [output.data for cell in cells for output in cell.get("outputs", []) if "data" in output]
    if any(MIMETYPE in data for data in outputs):
        return False
    shown = [data.get("text/html", "") for data in outputs]
    return any("<section id=" in html or 'class="kepala"' in html or "pkp-notebook" in html for html in shown)


def page_html(notebook: NotebookNode, item, context) -> str:
    """The page of an executed notebook: its outputs and prose without code, framed. Touches no file.

    Raises PkpError when a picture of one of the project's own notebooks has no alternative text.
    """
    body, _ = exporter().from_notebook_node(described(notebook, item))
    body = NOTEBOOK_STYLE.sub("", body)
    if item.kind == "own":
        body = TAG.sub(lambda tag: UNSAFE_ATTRIBUTE.sub("", tag[0]), FOREIGN.sub("", body))
    body = images_described(body, item)
    found = HEAD.search(body)
    head = linked_map(found[0], item, context) if found else ""
    body = body.replace(found[0], "", 1) if found else body
    if not head:
        title = TITLE.search(body)
        body = body.replace(title[0], "", 1) if title else body
        head = Markup('<header class="kepala"><h1>{}</h1></header>').format(
            Markup(title[1]) if title else item.title
        )
    body = (
        linked(frame.quiet_captions(body), item.page, words(item.lang))
        if item.kind in ("region", "indicator")
        else frame.quiet_captions(body)
    )
    body, contents = with_contents(body)
    from .page import neighbours, surroundings

    return frame.render(
        "sections.html.j2",
        head=head,
        body=body.strip(),
        contents=contents,
        kind=f"halaman-{item.kind}",
        **neighbours(item, context),
        **surroundings(item, context, has_charts=FIGURE.search(body) is not None),
    )


def linked(body: str, page: str, word: dict[str, str]) -> str:
    """The body with a link below each chart to its file; the page's script adds a button for a PNG."""

    def link(figure: re.Match) -> str:
        below = Markup('\n<p class="simpan"><a href="{}" download data-png="{}">{}</a></p>').format(
            figure_files.address_of(figure["name"], page), word["save_png"], word["save_svg"]
        )
        return figure[0] + str(below)

    return FIGURE.sub(link, body)


def pictures(html: str, foot: str) -> dict[str, str]:
    """name -> file of every chart on the page."""
    return {
        figure["name"]: figure_files.standalone(
            {
                "title": unescape(figure["title"]),
                "source": unescape(figure["note"]),
                "alt": unescape(figure["alt"]),
                "svg": base64.b64decode(figure["picture"]).decode(),
            },
            foot,
        )
        for figure in FIGURE.finditer(html)
    }


@lru_cache(maxsize=1)
def exporter():
    """The nbconvert exporter with the page's template; made once per process, it takes longer than a page."""
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from nbconvert.filters import DataTypeFilter

    class PageExporter(HTMLExporter):
        def from_notebook_node(self, nb, resources=None, **kw):
            # Not HTMLExporter's own: it parses and rewrites the finished page, and fills in missing
            # alternative texts.
            return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    made = PageExporter(
        template_name=frame.FOLDER.name,
        extra_template_basedirs=[str(frame.FOLDER.parent)],
        template_file="index.html.j2",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        preprocessors=[],
        default_preprocessors=[],
    )
    made.register_filter(
        "highlight_code", lambda source, **_: source
    )  # named by the base template, never called: code is left out
    made.register_filter("filter_data_type", DataTypeFilter())
    return made


def described(notebook: NotebookNode, item) -> NotebookNode:
    """The notebook with an alternative text on every picture; a user's own notebook gets a warning in its
    place.
    """
    notebook = copy.deepcopy(notebook)
    for place, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            kinds = [kind for kind in PICTURES if kind in output.get("data", {})]
            if not kinds or "text/html" in output.data:
                continue
            about = output.setdefault("metadata", NotebookNode())
            alt = about.get("alt") or about.get(kinds[0], {}).get("alt") or cell.metadata.get("alt")
            if not alt and item.kind != "own":
                raise PkpError(
                    f"{Path(item.notebook).name}, cell {place}: a picture ({kinds[0]}) without alternative"
                    " text; expected `alt` in the output's metadata. Show the chart with to_html(), which"
                    " carries its text."
                )
            about["alt"] = alt or words(item.lang)["no_alt"].format(cell=place)
    return notebook


def images_described(body: str, item) -> str:
    """The same for <img> elements that an output brings as HTML."""
    if item.kind != "own" and (found := BARE_IMAGE.search(body)):
        raise PkpError(
            f"{Path(item.notebook).name}: an <img> without alternative text ({found[0][:60]}...); expected"
            ' alt="...". Show the chart with to_html(), which carries its text.'
        )
    return BARE_IMAGE.sub(
        lambda image: f'{image[0]} alt="{escape(words(item.lang)["no_alt"].format(cell="HTML"))}"', body
    )


def with_contents(body: str) -> tuple[str, list[tuple[str, str]]]:
    """(body, [(id, text)]) of its second-level headings; one outside a section gets an id of its own."""
    contents = []

    def listed(heading: re.Match) -> str:
        text = Markup(heading["text"]).striptags()
        key = heading["id"] or f"bagian-{len(contents) + 1}"
        contents.append((key, text))
        return heading[0] if heading["id"] else f'<h2 id="{key}">{heading["text"]}</h2>'

    return HEADING.sub(listed, body), contents


def linked_map(head: str, item, context) -> str:
    """The head with the tiles of its map made links to the pages of the regions."""
    known = {code: page for kind, code, page in context.report_pages if kind == "region"}
    pages = {code: in_language(page, item.lang) for code, page in known.items()}
    pages = {code: page for code, page in pages.items() if page in context.pages}

    def link(tile: re.Match) -> str:
        attributes, code, inside, spoken = tile.groups()
        if code not in pages or code == item.region_code:
            return tile[0]
        return f'<a href="{relative(item.page, pages[code])}" aria-label="{spoken}" {attributes}>{inside}</a>'

    with_links = TILE.sub(link, head)
    return MAP_ROLE.sub(r"\1group", with_links) if with_links != head else head
