"""What a notebook says, as text: of the site built once, or run in this process, cell by cell."""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import IPython.display
import nbformat
import pytest
from markupsafe import Markup

from pkp_analysis.charts.show import MIMETYPE
from pkp_analysis.data.regions import regions

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "02_laporan_wilayah.ipynb"
NUMBER = re.compile(r"(?<![\w,.])[−-]?\d[\d.]*(?:,\d+)?%?")
NAMES = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, sorted({*regions()['full_name'], *regions()['name']}, key=len, reverse=True)))})\b"
)


@dataclass
class Page:
    """What a page says: open prose, titles of what is shown, and every cell of every table (folded ones too)."""

    prose: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)  # text of tables that are not folded
    cells: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> set[str]:
        return {found.lstrip("−-") for cell in [*self.cells] for found in NUMBER.findall(cell)}

    @property
    def sentences(self) -> list[str]:
        text = "\n".join(
            line for block in self.prose for line in block.split("\n") if not line.startswith("#")
        )
        parts = re.split(r"(?<=[.?])\s+(?=[A-Z*])|\n+", text)
        return [part.strip() for part in parts if part.strip()]


def read(notebook: Path, lang: str = "id") -> Page:
    """The page of an executed notebook, from its outputs."""
    page = Page()
    for cell in nbformat.read(notebook, 4).cells:
        tags = cell.metadata.get("tags", [])
        if "panduan" in tags:
            continue
        if cell.cell_type == "markdown":
            page.prose += [] if "lipat" in tags else [cell.source if lang == "id" else cell.metadata["en"]]
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            record(page, data if MIMETYPE in data else data.get("text/markdown", ""), "lipat" in tags)
    return page


def run(
    code: str | None,
    lang: str,
    monkeypatch: pytest.MonkeyPatch,
    processed_dir: Path,
    notebook: Path = NOTEBOOK,
    **parameters,
) -> Page:
    """The page of a notebook's own cells, of a region's without those for the other kind of region.

    parameters: what its parameters cell has, with the report year 2024 for a region unless it says otherwise.
    """
    monkeypatch.setattr("pkp_analysis.region.facts.default_processed_dir", lambda: processed_dir)
    page, shown = Page(), []
    monkeypatch.setattr(IPython.display, "display", lambda value, raw=False: shown.append(value))
    left_out = {"panduan"}
    if code:
        parameters = {"region_code": code, "report_year": 2024} | parameters
        left_out.add("hanya-provinsi" if len(code) == 4 else "hanya-wilayah")
    names = {"display": shown.append}
    for cell in nbformat.read(notebook, 4).cells:
        tags = cell.metadata.get("tags", [])
        if left_out & set(tags):
            continue
        if cell.cell_type == "markdown":
            text = cell.source if lang == "id" else cell.metadata["en"]
            page.prose += [] if "lipat" in tags else [text]
            continue
        shown.clear()
        *body, last = ast.parse(cell.source).body
        exec(compile(ast.Module(body, []), "sel", "exec"), names)
        value = evaluated(last, names)
        if "parameters" in tags:
            assert set(parameters) <= set(names)
            names |= {"lang": lang} | parameters
        for output in [*shown, *([value] if value is not None else [])]:
            record(page, output, "lipat" in tags)
    return page


def evaluated(last, names):
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "sel", "eval"), names)
    exec(compile(ast.Module([last], []), "sel", "exec"), names)


def record(page: Page, output, folded: bool) -> None:
    if isinstance(output, dict):
        about = output[MIMETYPE]
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", about["table"] or "", flags=re.DOTALL)
        cells = [Markup(cell).striptags() for cell in cells]
        page.cells += cells
        if not folded:
            page.titles.append(about["title"])
            page.opened += cells if about["kind"] == "table" else []
    elif not folded and str(output).strip():
        page.prose.append(str(output))


def masked(sentence: str) -> str:
    """The sentence without its numbers and names of regions, so that two pages can be compared."""
    return NUMBER.sub("0", NAMES.sub("N", sentence))
