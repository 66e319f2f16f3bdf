"""A notebook's Indonesian and its translation stay one text: nothing missing, nothing outdated, the same
figures.
"""

import ast
from pathlib import Path

import nbformat
import pytest

from pkp_analysis.pages import methods as evidence
from pkp_analysis.site import page as site
from pkp_analysis.words.catalogue import TemplateError
from pkp_analysis.words.translation import WORD, is_shown, load_translation, translated

from .page_text import numbers
from .site_pages import CONTEXT, item

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / f"{evidence.NOTEBOOK}.ipynb"
OTHER_MARKS = str.maketrans(",.", ".,")  # decimal and thousands marks of the other language


@pytest.fixture
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture
def translation():
    return load_translation(evidence.NOTEBOOK, "en")


def called(name: str, source: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
    ]


def column_heads(source: str) -> set[str]:
    """Keys of the dicts that map a head to (column, decimals)."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Dict) and node.keys]
    return {
        key.value
        for node in found
        if all(isinstance(value, ast.Tuple) for value in node.values)
        for key in node.keys
    }


def labels_of(notebook) -> set[str]:
    """Every text the notebook and the tables' module hand over for translation; each stands in the call
    itself.
    """
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    found = set(evidence.METHOD_NAMES.values())
    for source in code:
        found |= {call.args[0].value for call in called("label", source)} | {
            call.args[2].value for call in called("shown", source)
        }
        found |= column_heads(source)
    own = called("label", Path(evidence.__file__).read_text(encoding="utf-8"))
    found |= {call.args[0].value for call in own if isinstance(call.args[0], ast.Constant)}
    return {text for text in found if WORD.search(text)}


def test_every_line_has_a_translation_and_none_is_left_over(notebook, translation):
    lines = {
        cell.id: {line for line in cell.source.split("\n") if line.strip() and not line.startswith("<math")}
        for cell in filter(is_shown, notebook.cells)
    }
    assert {cell: set(pairs) for cell, pairs in translation.cells.items()} == lines


def test_every_label_has_a_translation_and_none_is_left_over(notebook, translation):
    assert set(translation.labels) == labels_of(notebook)


def test_both_languages_state_the_same_figures(translation):
    for pairs in (translation.labels, *translation.cells.values()):
        for indonesian, english in pairs.items():
            assert {text.translate(OTHER_MARKS) for text in numbers([indonesian])} == numbers([english]), (
                indonesian
            )


def test_formulas_are_translated_with_a_decimal_point(notebook):
    english = translated(notebook, evidence.NOTEBOOK, "en")
    formulas = "".join(
        line for cell in english.cells for line in cell.source.split("\n") if line.startswith("<math")
    )
    assert (
        ">required<" in formulas
        and ">perlu<" not in formulas
        and ">0.9<" in formulas
        and ">0,9<" not in formulas
    )
    assert ">\u00a0percentage point<" in formulas


def test_the_english_page_holds_the_english_prose(notebook):
    page = item(
        kind="methods",
        lang="en",
        notebook=NOTEBOOK,
        page="metode.en.html",
        title="Methods and validation",
        region_code=None,
    )
    html = site.page_of(notebook, page, CONTEXT)[0]
    assert "<h1>Methods and validation</h1>" in html and "Limits of the data" in html
    assert (
        "Batas data" not in html
        and "Batas data" in site.page_of(notebook, item(kind="methods", notebook=NOTEBOOK), CONTEXT)[0]
    )


def test_a_changed_line_is_an_error_that_names_file_and_cell(notebook):
    notebook.cells[0].source += " Kalimat baru."
    with pytest.raises(TemplateError, match=r"04_metode.*en\.toml: \[\[metode-judul\]\].*Kalimat baru"):
        translated(notebook, evidence.NOTEBOOK, "en")
    assert translated(notebook, evidence.NOTEBOOK, "id") is notebook


def test_a_notebook_whose_prose_is_for_its_users_needs_no_translation(notebook):
    notebook.cells = [cell for cell in notebook.cells if not is_shown(cell)]
    assert translated(notebook, "lain", "en") is notebook


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[label]\n"{year} tahun" = "{years} years"', "isian"),
        ('[label]\n"Tahun" = " "', "kosong"),
        ('[[sel]]\nid = "Satu"', "memuat id dan en"),
        ('[[sel]]\nid = "Satu"\nen = ""', "memuat id dan en"),
        ("[label", "TOML|toml|Expected|Yang diharapkan"),
    ],
)
def test_a_broken_translation_file_is_refused(tmp_path, text, found):
    (tmp_path / "uji.en.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError, match=found):
        load_translation("uji", "en", tmp_path)
    with pytest.raises(TemplateError, match="tidak ada terjemahan"):
        load_translation("uji", "fr", tmp_path)
