"""What the first page offers to take along: tables of the whole, and the files of each page that are there."""

from pathlib import Path

from ..data.regions import region_name
from ..words.catalogue import words
from ..words.numbers import number
from ..words.wording import name_of
from . import downloads
from .frame import in_language, relative
from .pdf import pdf_of

TABLES = {
    f"{downloads.WHOLE}.xlsx": "download_xlsx",
    **{f"{downloads.WHOLE}-{table}.csv": f"download_{table}" for table in downloads.SHEETS},
    "datapackage.json": "download_package",
}


def download_lists(site, lang: str, page: str) -> dict:
    """`downloads` [(text, address, size)] of the whole; `region_files` and `page_files` [(name, [(kind,
    address, size)])].
    """
    word = words(lang)
    regional, others = [], []
    for kind, code, report in site.context.report_pages:
        name = region_name(code, full=True) if kind == "region" else name_of(code, lang)
        (regional if kind == "region" else others).append((name, page_files(site, report, lang, page)))
    others += [
        (title, pdf_links(site, {"PDF": place}, lang, page))
        for title, place in site.context.other_pages
        if place == in_language(place, lang)
    ]
    return {
        "downloads": [
            (word[key], relative(page, f"unduhan/{name}"), size(site.sizes[name], lang))
            for name, key in TABLES.items()
        ],
        "region_files": [entry for entry in regional if entry[1]],
        "page_files": [entry for entry in others if entry[1]],
    }


def page_files(site, report: str, lang: str, page: str) -> list[tuple[str, str, str]]:
    """Tables and charts of a report, then its PDFs; `report` is its page in Indonesian."""
    stem, word = Path(report).stem, words(lang)
    names = {"XLSX": f"{stem}.xlsx", "CSV": f"{stem}.csv", word["figures"]: f"{stem}-grafik.zip"}
    files = [
        (text, relative(page, f"unduhan/{name}"), size(site.sizes[name], lang))
        for text, name in names.items()
        if name in site.sizes
    ]
    prints = {"PDF": in_language(report, lang), word["brief_pdf"]: in_language(f"ringkas/{stem}.html", lang)}
    return files + pdf_links(site, prints, lang, page)


def pdf_links(site, prints: dict[str, str], lang: str, page: str) -> list[tuple[str, str, str]]:
    """A link for each printed page that has a right PDF."""
    return [
        (text, relative(page, pdf_of(place)), size(site.pdfs[place], lang))
        for text, place in prints.items()
        if place in site.pdfs
    ]


def size(count: int, lang: str) -> str:
    """ "17 KB" or "1,2 MB"."""
    return (
        f"{number(count / 1024, 0, lang)} KB"
        if count < 1024 * 1000
        else f"{number(count / 1024**2, 1, lang)} MB"
    )
