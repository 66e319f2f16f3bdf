"""The frame every page of the site shares: template, style, script, and the policy that lets nothing else
load.
"""

import base64
import hashlib
import os
from functools import lru_cache
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..html import chip
from ..words.catalogue import words
from ..words.marks import MARKS

FOLDER = Path(__file__).with_name("templates")
# kinds of pages made from a part of the data
OWN_SLICE = tuple(f"halaman-{kind}" for kind in ("region", "indicator", "brief", "agenda", "own"))
TILES = 8  # columns and rows of the widest tile map
LANGUAGES = {"id": "", "en": ".en"}  # language -> what stands before .html


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The page templates, with autoescape: text from data stays text."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["source_hash"] = source_hash
    made.globals["chip"] = chip
    return made


@lru_cache(maxsize=64)
def style(running: str) -> str:
    """The style sheet; `running` is printed at the foot of every sheet of paper."""
    marks = "\n".join(
        f".tanda-{mark.status}{{background:{mark.color};color:{mark.text_color}}}" for mark in MARKS.values()
    )
    places = "".join(f".k{n}{{grid-column:{n + 1}}}.b{n}{{grid-row:{n + 1}}}" for n in range(TILES))
    text = (FOLDER / "page.css").read_text(encoding="utf-8").replace("{{ marks }}", marks)
    return text.replace("{{ places }}", places).replace("{{ running }}", css_text(running))


def css_text(text: str) -> str:
    """Text inside a CSS string: everything but letters, digits and spaces as an escape."""
    return "".join(char if char.isalnum() or char == " " else f"\\{ord(char):x} " for char in text)


@lru_cache(maxsize=1)
def script() -> str:
    return (FOLDER / "page.js").read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """How a Content-Security-Policy names an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def render(template: str, *, lang: str, page: str, title: str, data_version: str, **values) -> str:
    """A finished page. `page` is its place in the site ("wilayah/6303-banjar.html"); `values` what its
    template asks for.
    """
    defaults = {"kind": "", "trail": [], "tools": [], "data_until": "", "description": title, "share": ""}
    values = defaults | values | {"lang": lang, "page": page, "title": title, "data_version": data_version}
    # of its own slice of the data, or of all data
    version = "page_version" if values["kind"] in OWN_SLICE else "data_version"
    values |= {"words": words(lang), "version_key": version, "script": script()}
    values["style"] = style(f"{title} · {values['words'][version]} {data_version}")
    return environment().get_template(template).render(values)


def failed_place(cell: int | None, notebook: str, lang: str) -> str:
    """ "sel 7 dari 02_laporan_wilayah.ipynb", or that no cell ran."""
    known = words(lang)["failed_cell" if cell else "failed_start"]
    return known.format(cell=cell, notebook=notebook)


def relative(page: str, target: str) -> str:
    """The address of `target` as a link on `page`; both are places in the site."""
    return PurePosixPath(os.path.relpath(target, os.path.dirname(page) or ".")).as_posix()


def in_language(page: str, lang: str) -> str:
    """The same page in another language: "index.html" -> "index.en.html"."""
    stem = page.removesuffix(".html").removesuffix(".en")
    return f"{stem}{LANGUAGES[lang]}.html"


def language_switch(page: str, lang: str, pages) -> list[tuple[str, str, str]]:
    """The tool that leads to the same page in the other language; none where that one is not there."""
    other = next(known for known in LANGUAGES if known != lang)
    target = in_language(page, other)
    return [(words(lang)["other_language"], relative(page, target), other)] if target in pages else []
