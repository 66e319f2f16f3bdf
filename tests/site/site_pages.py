"""Items, notebooks and a site to test pages with, without a kernel."""

from pathlib import Path

import nbformat.v4 as v4

from pkp_analysis.run.plan import Item
from pkp_analysis.site.page import Context

CONTEXT = Context(
    pages=(
        "index.html",
        "wilayah/63-kalimantan-selatan.html",
        "wilayah/6303-banjar.html",
        "wilayah/6303-banjar.en.html",
        "wilayah/6304-barito-kuala.html",
        "ringkas/6303-banjar.html",
        "agenda-63.html",
        "wilayah/1101-simeulue.html",
    ),
    data_version="abc123",
    data_until="2026-02-27",
    report_pages=(
        ("region", "1101", "wilayah/1101-simeulue.html"),
        ("region", "63", "wilayah/63-kalimantan-selatan.html"),
        ("region", "6303", "wilayah/6303-banjar.html"),
        ("region", "6304", "wilayah/6304-barito-kuala.html"),
    ),
    other_pages=(),
)


def item(**changes) -> Item:
    """The item of Banjar's page."""
    values = {
        "name": "wilayah/6303-banjar",
        "notebook": Path("notebooks/02_laporan_wilayah.ipynb"),
        "parameters": {"region_code": "6303"},
        "page": "wilayah/6303-banjar.html",
        "lang": "id",
        "kind": "region",
        "title": "Kabupaten Banjar",
        "region_code": "6303",
        "data_version": "abc123",
        "data_until": "2026-02-27",
    }
    return Item(**values | changes)


def region_item(stem: str, title: str) -> Item:
    """The item of another region's page; stem: "6304-barito-kuala"."""
    code, place = stem[:4], f"wilayah/{stem}"
    asked = {"region_code": code, "lang": "id"}
    return item(name=place, page=f"{place}.html", region_code=code, title=title, parameters=asked)


BARITO_KUALA = region_item("6304-barito-kuala", "Kabupaten Barito Kuala")
TAPIN = region_item("6305-tapin", "Kabupaten Tapin")


def notebook(*outputs, markdown: tuple = (), guide: str = ""):
    """An executed notebook: a parameters cell, a guide for planners, prose, and a cell per output."""
    cells = [v4.new_code_cell('region_code: str = "6303"', metadata={"tags": ["parameters"]})]
    cells += [v4.new_markdown_cell(guide, metadata={"tags": ["panduan"]})] if guide else []
    cells += [v4.new_markdown_cell(text) for text in markdown]
    return v4.new_notebook(
        cells=[*cells, *(v4.new_code_cell("rahasia()", outputs=[output]) for output in outputs)]
    )


def make_site(dataset, assessment, before=None, models=None, failures=()):
    """The index.Site of South Kalimantan with the pages of CONTEXT."""
    from pkp_analysis.site.home import Site

    names = [f"data-pkp{ending}" for ending in (".xlsx", "-nilai.csv", "-penilaian.csv", "-sumber.csv")] + [
        "datapackage.json"
    ]
    return Site(
        dataset,
        models or {},
        assessment,
        CONTEXT,
        2024,
        failures,
        before,
        {f"unduhan/{name}": 20_000 for name in names},
    )
