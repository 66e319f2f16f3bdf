"""What the first page offers to take along: tables of the whole, and the files of each page that are there."""

from ..data.regions import region_name
from ..words.catalogue import words
from ..words.numbers import number
from ..words.wording import name_of
from . import downloads, figure_files
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

    def there(files: dict[str, str]) -> list[tuple[str, str, str]]:
        known = {text: place for text, place in files.items() if place in site.sizes}
        return [(text, relative(page, at), size(site.sizes[at], lang)) for text, at in known.items()]

    regional, others = [], []
    for kind, code, report in site.context.report_pages:
        name = region_name(code, full=True) if kind == "region" else name_of(code, lang)
        stem = figure_files.stem_of(report)
        files = {text: f"unduhan/{stem}.{text.lower()}" for text in ("XLSX", "CSV")}
        files |= {word["figures"]: figure_files.archive_of(report), "PDF": pdf_of(in_language(report, lang))}
        files[word["brief_pdf"]] = pdf_of(in_language(f"ringkas/{stem}.html", lang))
        (regional if kind == "region" else others).append((name, there(files)))
    others += [(title, there({"PDF": pdf_of(place)})) for title, place in site.context.others(lang)]
    return {
        "downloads": there({word[key]: f"unduhan/{name}" for name, key in TABLES.items()}),
        "region_files": [entry for entry in regional if entry[1]],
        "page_files": [entry for entry in others if entry[1]],
    }


def size(count: int, lang: str) -> str:
    """ "17 KB" or "1,2 MB"."""
    if count < 1024 * 1000:
        return f"{number(count / 1024, 0, lang)} KB"
    return f"{number(count / 1024**2, 1, lang)} MB"
