"""Executed notebooks to pages, and what a page knows of the site around it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ..data.codebook import indicators
from ..data.regions import members, region_name, regions
from ..words.catalogue import words
from ..words.numbers import date_words
from ..words.wording import name_of
from . import figure_files, frame
from .frame import in_language, relative
from .outlines import map_key, outline_map
from .share import card

FOLDERS = {"region": "wilayah", "indicator": "indikator"}
PREFIX = {"figure": "gambar", "table": "tabel"}  # of the id of what is shown
PAPERS = {"brief": "ringkas/*.html", "agenda": "agenda-*.html"}  # reached from the pages of their regions
MOST_LETTERS = 300  # of the description of a page, cut after a sentence
WHOLE = ("quality", "methods")  # pages about all data, which carry its version


@dataclass(frozen=True)
class Context:
    """What a page knows of the site around it; small, made once, passed to the workers."""

    pages: tuple[str, ...]  # places of pages that are there or planned
    data_version: str
    data_until: str  # date of the newest source
    # (kind, code, place in Indonesian) of regions and indicators, in page order
    report_pages: tuple[tuple[str, str, str], ...]
    other_pages: tuple[tuple[str, str], ...]  # (title, place) of data quality, methods and the like

    def of(self, kind: str) -> dict[str, str]:
        """code -> place in Indonesian of the reports of a kind."""
        return {code: page for one, code, page in self.report_pages if one == kind}

    def others(self, lang: str) -> list[tuple[str, str]]:
        """(title, place) of the pages in a language that are no reports."""
        return [(title, page) for title, page in self.other_pages if page == in_language(page, lang)]

    def address(self, item, page: str) -> str:
        """A page (its place in either language) as a link on the item's, in its language; "" when it is not there."""
        target = in_language(page, item.lang)
        return relative(item.page, target) if target in self.pages else ""

    def key(self, item) -> str:
        """What of the context the page of an item shows: to be part of the item's key."""
        near = {in_language(item.page, lang) for lang in frame.LANGUAGES}
        shown = [page for page in self.pages if page in near or page == in_language(page, item.lang)]
        shown += [self.data_version if item.kind in WHOLE else "", map_key()]
        return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:16]


def context(dataset, items, out: Path) -> Context:
    """The context of a run: its own pages and those of earlier runs that stay in `out`."""
    planned = {item.page: (item.kind, item.indicator or item.region_code) for item in items}
    planned |= {in_language("index.html", item.lang): ("index", "") for item in items}
    for kind, folder in FOLDERS.items():
        for path in sorted((out / folder).glob("*.html")):
            planned.setdefault(f"{folder}/{path.name}", (kind, path.name.split("-")[0].split(".")[0]))
    for kind, places in PAPERS.items():
        for path in sorted(out.glob(places)):
            planned.setdefault(path.relative_to(out).as_posix(), (kind, ""))
    order = {code: place for place, code in enumerate([*regions().index, *indicators().index])}
    known = [entry for entry in planned.items() if entry[1][0] in FOLDERS and entry[1][1] in order]
    reports = {in_language(page, "id"): about for page, about in known}
    ordered = sorted(reports.items(), key=lambda entry: order[entry[1][1]])
    return Context(
        pages=tuple(sorted(planned)),
        data_version=str(dataset.provenance["data_version"]),
        data_until=str(dataset.sources["published"].astype("str").max()),
        report_pages=tuple((kind, code, page) for page, (kind, code) in ordered),
        other_pages=tuple((item.title, item.page) for item in items if item.kind not in {*FOLDERS, *PAPERS}),
    )


def page_of(notebook, item, context: Context) -> tuple[str, dict[str, str], bytes]:
    """(the page of an executed notebook, its pictures as SVG files by name, the PNG its links show). Touches no
    file.

    Raises PkpError when a picture of one of the project's own notebooks has no alternative text.
    """
    from .content import content_of  # only where pages are made: it takes as long to import as a page takes

    content, word = content_of(notebook, item), words(item.lang)
    foot = f"{item.title} · {word['site']} · {word['page_version']} {item.data_version}"
    pictures = {about["name"]: figure_files.standalone(about, foot) for about in content.figures()}
    shared = card(content.title or item.title, description(content), word["site"])
    return framed(content, item, context), pictures, shared


def framed(content, item, context: Context) -> str:
    """The content of a notebook in the frame of its page."""
    title = content.title or item.title
    entries = [(section.key, section.title) for section in content.sections if section.key]
    if item.kind == "own":  # few headings: what is shown is listed too
        entries = [entry for section in content.sections for entry in listed(section)]
    return frame.render(
        "report.html.j2",
        heading=title,
        opening=content.opening,
        sections=content.sections,
        contents=entries,
        kind=f"halaman-{item.kind}",
        file_of=lambda about: relative(item.page, figure_files.place_of(about["name"], item.page)),
        cite=lambda about: words(item.lang)["cite_text"].format(
            title=about["title"].rstrip("."),
            source=about["source"] or "",
            page=item.title,
            site=words(item.lang)["site"],
            date=date_words(item.data_until, item.lang),
            version=item.data_version,
        ),
        map=small_map(item, context) if item.kind == "region" else {},
        elsewhere=elsewhere(item, context),
        share=relative(item.page, figure_files.share_place(item.page)),
        description=description(content) or title,
        **neighbours(item, context),
        **surroundings(item, context, has_charts=bool(content.figures())),
    )


def description(content) -> str:
    """The page in a sentence or two, for search engines and shared links: what its first screen says, the figures of
    its summary before the next step.
    """
    first, *rest = [part.html.striptags() for part in content.opening if part.kind == "html"] or [""]
    summary = [
        part.html.striptags() for section in content.sections[:1] for part in section.parts if part.html
    ]
    texts = [first, *rest[:-1], *summary, *rest[-1:]]
    text = " ".join(" ".join(texts).split())
    if len(text) <= MOST_LETTERS:
        return text
    return text[: text.rfind(". ", 0, MOST_LETTERS) + 1] or text[:MOST_LETTERS]


def small_map(item, context: Context) -> dict:
    """Where the region lies in its province: tiles that lead to the others, or true outlines when PKP_GEOJSON
    is set; {} for a province without a layout.
    """
    province, label = province_of(item), words(item.lang)["map_place"]
    register = regions().loc[members(province)]
    links = {code: context.address(item, page) for code, page in context.of("region").items()}
    if map_key():
        shown, links = register.index.to_frame(name="region_code"), links | {item.region_code: ""}
        return {"drawing": outline_map(shown, label, links, item.lang, highlight=item.region_code)}
    if register.empty or register["tile_column"].isna().any():
        return {}
    tiles = []
    for code, row in register.iterrows():
        about = {"name": row["name"], "here": code == item.region_code, "address": links.get(code, "")}
        tiles.append(about | {"place": f"k{int(row['tile_column'])} b{int(row['tile_row'])}"})
    return {"tiles": tiles, "title": region_name(province), "drawing": ""}


def listed(section) -> list[tuple[str, str]]:
    """The entries of a section in the table of contents: its heading, then what it shows."""
    from .content import every

    shown = [
        (f"{PREFIX[part.kind]}-{part.about['name']}", part.about["title"])
        for part in every(section.parts)
        if part.about
    ]
    return ([(section.key, section.title)] if section.key else []) + shown


def failure_html(item, failure, context: Context) -> str:
    """The page that stands in for a report that failed: the cell, the error and what to do next."""
    word = words(item.lang)
    return frame.render(
        "failure.html.j2",
        failure=failure,
        place=frame.failed_place(failure.cell, Path(item.notebook).name, item.lang),
        next_step=word["failed_next"].format(region=item.region_code or "63"),
        kind="halaman-gagal",
        **surroundings(item, context) | {"title": word["failed_title"].format(title=item.title)},
    )


def neighbours(item, context: Context) -> dict:
    """The other pages of the same kind, as links; the page itself without one."""
    found = []
    for code, page in context.of(item.kind).items():
        if item.kind == "region" and regions().at[code, "province_code"] != province_of(item):
            continue
        text = region_name(code, full=True) if item.kind == "region" else name_of(code, item.lang)
        if address := context.address(item, page):
            found.append((text, "" if in_language(page, item.lang) == item.page else address))
    title = words(item.lang)["regions" if item.kind == "region" else "indicators"]
    return {"neighbours": found if len(found) > 1 else [], "neighbours_title": title}


def elsewhere(item, context: Context) -> list[tuple[str, str]]:
    """Links from any page to those on indicators, data and methods, and to the province's meeting."""
    places = [(name_of(code, item.lang), page) for code, page in context.of("indicator").items()]
    places += context.others(item.lang)
    if item.kind in FOLDERS and item.region_code:
        places.append((words(item.lang)["agenda_short"], f"agenda-{province_of(item)}.html"))
    places = [(text, page) for text, page in places if in_language(page, item.lang) != item.page]
    return [(text, address) for text, page in places if (address := context.address(item, page))]


def province_of(item) -> str:
    return regions().at[item.region_code, "province_code"]


def surroundings(item, context: Context, has_charts: bool = False) -> dict:
    """What the frame of an item's page shows around it."""
    word, stem = words(item.lang), figure_files.stem_of(item.page)
    trail = [(word["home"], relative(item.page, in_language("index.html", item.lang)))]
    tools = frame.language_switch(item.page, item.lang, context.pages)
    report = context.address(item, item.page.replace("ringkas/", "wilayah/"))
    if item.kind == "brief" and report:
        trail += [(item.title, report), (word["brief"], "")]
    else:
        trail.append((item.title, ""))
    if item.kind == "region":
        above = context.address(item, context.of("region").get(province_of(item), ""))
        if above and len(item.region_code) == 4:
            trail.insert(1, (region_name(province_of(item)), above))
        brief = context.address(item, f"ringkas/{stem}.html")
        tools += [(word["brief"], brief, "")] if brief else []
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
