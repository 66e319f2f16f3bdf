"""Executed notebooks to pages, and what a page knows of the site around it."""

import copy
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

from ..charts.tiles import map_key
from ..data.codebook import indicators
from ..data.regions import region_name, regions
from ..errors import PkpError
from ..notebook_format import NotebookNode
from ..words.catalogue import words
from ..words.numbers import date_words
from ..words.translation import translated
from . import figure_files, frame
from .frame import in_language, relative

PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
FOLDERS = {"region": "wilayah", "indicator": "indikator"}
WHOLE = ("quality", "methods")  # pages about all data, which carry its version
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


@dataclass(frozen=True)
class Context:
    """What a page knows of the site around it; small, made once, passed to the workers."""

    pages: tuple[str, ...]  # places of pages that are there or planned
    data_version: str
    data_until: str  # date of the newest source
    report_pages: tuple[
        tuple[str, str, str], ...
    ]  # (kind, code, place in Indonesian) of regions and indicators, in page order
    other_pages: tuple[tuple[str, str], ...]  # (title, place) of data quality, methods and the like

    def key(self, item) -> str:
        """What of the context the page of an item shows: to be part of the item's key."""
        shown = [page for page in self.pages if is_near(page, item)] + [
            self.data_version if item.kind in WHOLE else ""
        ]
        return hashlib.sha256("\n".join([*shown, map_key()]).encode()).hexdigest()[:16]


def is_near(page: str, item) -> bool:
    """Whether the page of the item links to `page`."""
    return (
        page.endswith(".en.html") == (item.lang == "en")
        or page == in_language(item.page, "id")
        or page == in_language(item.page, "en")
    )


def template_key() -> str:
    """A hash of everything but the notebook that shapes a page."""
    files = sorted(
        path
        for path in [
            *frame.FOLDER.iterdir(),
            Path(__file__),
            Path(frame.__file__),
            Path(figure_files.__file__),
        ]
        if path.is_file()
    )
    return hashlib.sha256(
        b"".join(path.name.encode() + path.read_bytes() for path in files) + map_key().encode()
    ).hexdigest()[:16]


def context(dataset, items, out: Path) -> Context:
    """The context of a run: its own pages and those of earlier runs that stay in `out`."""
    planned = {
        item.page: (item.kind, item.indicator if item.kind == "indicator" else item.region_code)
        for item in items
    }
    planned |= {in_language("index.html", item.lang): ("index", "") for item in items}
    for kind, folder in FOLDERS.items():
        for path in sorted((Path(out) / folder).glob("*.html")):
            planned.setdefault(f"{folder}/{path.name}", (kind, path.name.split("-")[0].split(".")[0]))
    order = {code: place for place, code in enumerate([*regions().index, *indicators().index])}
    reports = {
        in_language(page, "id"): about
        for page, about in planned.items()
        if about[0] in FOLDERS and about[1] in order
    }
    ordered = sorted(reports.items(), key=lambda entry: order[entry[1][1]])
    return Context(
        pages=tuple(sorted(planned)),
        data_version=str(dataset.provenance["data_version"]),
        data_until=str(dataset.sources["published"].astype("str").max()),
        report_pages=tuple((kind, code, page) for page, (kind, code) in ordered),
        other_pages=tuple((item.title, item.page) for item in items if item.kind not in FOLDERS),
    )


def page_html(notebook: NotebookNode, item, context: Context) -> str:
    """The page of an executed notebook: its outputs and prose without code, framed. Touches no file.

    Raises PkpError when a picture of one of the project's own notebooks has no alternative text, or prose no
    translation.
    """
    notebook = notebook if item.kind == "own" else translated(notebook, Path(item.notebook).stem, item.lang)
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
        figure_files.linked(frame.quiet_captions(body), item.page, words(item.lang))
        if item.kind in FOLDERS
        else frame.quiet_captions(body)
    )
    body, contents = with_contents(body)
    return frame.render(
        "report.html.j2",
        head=head,
        body=body.strip(),
        contents=contents,
        kind=f"halaman-{item.kind}",
        **neighbours(item, context),
        **surroundings(item, context, has_charts=figure_files.FIGURE.search(body) is not None),
    )


def failure_html(item, failure, context: Context) -> str:
    """The page that stands in for a report that failed: the cell, the error and what to do next."""
    word = words(item.lang)
    place = (
        word["failed_cell"].format(cell=failure.cell, notebook=Path(item.notebook).name)
        if failure.cell
        else word["failed_start"]
    )
    return frame.render(
        "failure.html.j2",
        failure=failure,
        place=place,
        next_step=word["failed_next"].format(region=item.region_code or "63"),
        kind="halaman-gagal",
        **surroundings(item, context) | {"title": word["failed_title"].format(title=item.title)},
    )


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


def linked_map(head: str, item, context: Context) -> str:
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


def neighbours(item, context: Context) -> dict:
    """The other pages of the same kind, as links; the page itself without one."""
    label = "short_name" if item.lang == "id" else "short_name_en"
    found = []
    for kind, code, page in context.report_pages:
        target = in_language(page, item.lang)
        if kind != item.kind or target not in context.pages or not same_province(code, item):
            continue
        text = region_name(code, full=True) if kind == "region" else indicators().at[code, label]
        found.append((text, "" if target == item.page else relative(item.page, target)))
    title = words(item.lang)["regions" if item.kind == "region" else "indicators"]
    return {"neighbours": found if len(found) > 1 else [], "neighbours_title": title}


def same_province(code: str, item) -> bool:
    if item.kind != "region":
        return True
    province = regions()["province_code"]
    return province[code] == province[item.region_code]


def surroundings(item, context: Context, has_charts: bool = False) -> dict:
    """What the frame of an item's page shows around it."""
    word = words(item.lang)
    trail = [(word["home"], relative(item.page, in_language("index.html", item.lang)))]
    if item.kind == "region" and len(item.region_code) == 4:
        province = regions().at[item.region_code, "province_code"]
        page = next((page for kind, code, page in context.report_pages if code == province), "")
        page = in_language(page, item.lang) if page else ""
        trail.append((region_name(province), relative(item.page, page)) if page in context.pages else ())
    trail = [entry for entry in trail if entry] + [(item.title, "")]
    tools = frame.language_switch(item.page, item.lang, context.pages, beside=(item.page,))
    if item.kind == "region":
        stem = figure_files.stem_of(item.page)
        tools += [(word["brief"], relative(item.page, in_language(f"ringkas/{stem}.html", item.lang)), "")]
        tools += [
            (kind.upper(), relative(item.page, f"unduhan/{stem}.{kind}"), "") for kind in ("xlsx", "csv")
        ]
    if item.kind in FOLDERS and has_charts:
        tools.append((word["figures_zip"], relative(item.page, figure_files.archive_of(item.page)), ""))
    return {
        "lang": item.lang,
        "page": item.page,
        "title": item.title,
        "trail": trail,
        "tools": tools,
        "data_version": context.data_version if item.kind in WHOLE else item.data_version,
        "data_until": date_words(item.data_until, item.lang),
    }
