"""Read a rendered page as its reader does: paragraphs of prose, cells of tables, numbers in both."""

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser

from pkp_analysis.words.catalogue import load_sentences

METHODS = (
    "header",
    "summary",
    "status_strip",
    "targets",
    "trend",
    "position",
    "needs",
    "planning",
    "data_quality",
    "sources",
    "annex",
)
NUMBER = re.compile(r"−?(?:\d[\d.,]*\d|\d)")
COUNTS = {
    word: count for lang in ("id", "en") for count, (word,) in load_sentences(lang).texts["count"].items()
} | {"belum satu pun": "0", "none": "0"}
COUNTED = re.compile(
    rf"\b({'|'.join(sorted(COUNTS, key=len, reverse=True))})(?= (?:dari|of) \d)", re.IGNORECASE
)


class PageText(HTMLParser):
    """`prose` and `cells` are lists of text; `ids`, `links` and `tags` what the page is made of."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.prose, self.cells, self.ids, self.links, self.tags = [], [], [], [], []
        self._open = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a":
            self.links.append(attributes.get("href", ""))
        kind = (
            "prose"
            if tag == "p" and "narasi" in attributes.get("class", "").split()
            else "cells"
            if tag in ("td", "th")
            else ""
        )
        if tag not in ("img", "br", "meta", "path", "rect", "circle"):
            self._open.append((tag, kind))
            if kind:
                getattr(self, kind).append("")

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for _, kind in self._open:
            if kind:
                getattr(self, kind)[-1] += data


@cache
def render(report) -> str:
    """The whole page; a report is rendered once."""
    return "\n".join(section(report, name) for name in METHODS)


@cache
def section(report, name: str) -> str:
    return getattr(report, name)().html


@cache
def prose(report, name: str) -> tuple[str, ...]:
    """The paragraphs of prose of one section."""
    return tuple(PageText(section(report, name)).prose)


def titles(report, name: str) -> list[str]:
    """The titles of a section's charts; each is a sentence."""
    return [
        unescape(text) for text in re.findall(r"<figcaption><strong>(.*?)</strong>", section(report, name))
    ]


def numbers(texts) -> set[str]:
    return {found for text in texts for found in NUMBER.findall(text)}


def in_figures(text: str) -> str:
    """ "Satu dari 13" as "1 dari 13"."""
    return COUNTED.sub(lambda word: COUNTS[word[0].lower()], text)


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph; a full stop inside a number or an abbreviation does not end one."""
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+(?=[A-ZÁ\d\"])", paragraph) if part.strip()]


PLAN_NAME = re.compile(r"\d{4}-\d{4}|Perpres \d+/\d+|SDGs \d{4}")


def assert_numbers_stand_in_tables(html: str):
    """Each number of the prose is the text of a cell, alone or with its unit; a count in words before "dari
    13" is one of them, a number inside a plan's name is not.
    """
    page = PageText(html)
    cells = {cell.split()[0].rstrip("%") for cell in page.cells if cell.split()}
    prose = [in_figures(PLAN_NAME.sub("", text)) for text in page.prose]
    missing = numbers(prose) - cells
    where = [text for text in prose if numbers([text]) & missing]
    assert not missing, (sorted(missing), where)


def source_cells(html: str, table_id: str) -> list[list[str]]:
    """The sources each row of a table leads to; [] for a row without."""
    rows = html.split(f'<table id="{table_id}">')[1].split("</table>")[0].split("<tr>")[2:]
    return [re.findall(r'href="#sumber-([^"]+)"', row) for row in rows]
