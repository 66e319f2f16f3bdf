"""A notebook's Indonesian in another language: a file under `templates/notebooks/` that a planner may edit.

The file holds the Indonesian beside its translation, so that a text changed in the notebook, but not in the
file, is an
error that names both and never an outdated sentence on a page.
"""

import copy
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..notebook_format import NotebookNode
from .catalogue import PLACEHOLDER, TemplateError, read_toml

FOLDER = Path(__file__).with_name("texts") / "notebooks"
FORMULA_TEXT = re.compile(r"(?<=>)[^<>]*\w[^<>]*(?=</(?:mi|mn|mtext)>)")
WORD = re.compile(r"[^\W\d_]{2,}")  # single letters are symbols, the same in every language
GUIDE = "panduan"  # tag of cells for those who work in the notebook, which no page shows


@dataclass(frozen=True)
class Translation:
    """What a translation file says: words of tables, words inside formulas, and the lines of each markdown
    cell.
    """

    path: Path
    labels: dict[str, str]
    formulas: dict[str, str]
    cells: dict[str, dict[str, str]]

    def label(self, text: str) -> str:
        """The translation of a caption, column head or cell text; one without a word (2024, s_e) stays as it
        is.
        """
        return self.known(self.labels, text, "[label]") if WORD.search(text) else text

    def line(self, cell: str, text: str) -> str:
        """The translation of a line (heading, paragraph, item of a list, formula) of a markdown cell."""
        if not text.strip():
            return text
        return (
            self.formula(text)
            if text.startswith("<math")
            else self.known(self.cells.get(cell, {}), text, f"[[{cell}]]")
        )

    def formula(self, text: str) -> str:
        """The formula with its words translated and its numbers with a decimal point."""
        return FORMULA_TEXT.sub(lambda part: self.formula_text(part[0]), text)

    def formula_text(self, text: str) -> str:
        if not WORD.search(text):
            return re.sub(r"(?<=\d),(?=\d)", ".", text)
        word = text.strip()
        return text.replace(word, self.known(self.formulas, word, "[formula]"))

    def known(self, pairs: dict[str, str], text: str, place: str) -> str:
        if text not in pairs:
            raise TemplateError(
                f"{self.path}: {place} tidak memuat terjemahan untuk {text!r}. Tambahkan, atau perbarui yang"
                " lama."
            )
        return pairs[text]


@cache
def load_translation(notebook: str, lang: str, folder: Path = FOLDER) -> Translation:
    """The checked translation of a notebook, named without .ipynb.

    Raises TemplateError for a file that is missing or no TOML, an entry that lacks one of its two languages,
    and a label
    whose translation has other placeholders.
    """
    path = Path(folder) / f"{notebook}.{lang}.toml"
    if not path.is_file():
        raise TemplateError(f"{path}: tidak ada terjemahan {lang!r} untuk buku catatan {notebook}.")
    content = read_toml(path)
    labels, formulas = content.pop("label", {}), content.pop("formula", {})
    for text, translated in (labels | formulas).items():
        if not translated.strip() or sorted(PLACEHOLDER.findall(text)) != sorted(
            PLACEHOLDER.findall(translated)
        ):
            raise TemplateError(
                f"{path}: terjemahan {text!r} kosong atau isian {{...}}-nya berbeda: {translated!r}."
            )
    for cell, lines in content.items():
        for line in lines:
            if set(line) != {"id", lang} or not all(text.strip() for text in line.values()):
                raise TemplateError(
                    f"{path}: [[{cell}]] seharusnya memuat id dan {lang}, keduanya berisi; yang ditemukan:"
                    f" {line}."
                )
    return Translation(
        path,
        labels,
        formulas,
        {cell: {line["id"]: line[lang] for line in lines} for cell, lines in content.items()},
    )


def translated(notebook: NotebookNode, name: str, lang: str) -> NotebookNode:
    """The notebook with the markdown a page shows in `lang`. Raises TemplateError for a line that has no
    translation.
    """
    if lang == "id" or not any(map(is_shown, notebook.cells)):
        return notebook
    translation, notebook = load_translation(name, lang), copy.deepcopy(notebook)
    for cell in filter(is_shown, notebook.cells):
        cell.source = "\n".join(translation.line(cell.id, line) for line in cell.source.split("\n"))
    return notebook


def is_shown(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and GUIDE not in cell.metadata.get("tags", [])
