"""Notebooks hold question, call, figure and words: the house rules, read from the files."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from pkp_analysis.cli import main

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
REPORTS = {"01_kualitas_data", "02_laporan_wilayah", "03_perbandingan_wilayah"}
WITH_PARAMETERS = {*REPORTS, "05_jelajah_interaktif", "06_lembar_ringkas", "07_bahan_rapat"}
KEEPS_OUTPUT = "keep_output"
FILE_READERS = {"open", "read_csv", "read_excel", "read_parquet", "read_text", "read_bytes", "exec", "eval"}


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def tags(cell):
    return cell.metadata.get("tags", [])


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_valid_with_python3_kernel_and_stable_cell_ids(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-z0-9-]+", name) for name in ids)


def test_no_outputs_and_no_execution_counts(path):
    for cell in cells(path, "code"):
        assert KEEPS_OUTPUT in tags(cell) or (not cell.outputs and cell.execution_count is None)


def test_no_logic_and_no_file_reading(path):
    for cell in cells(path, "code"):
        tree = ast.parse(cell.source)
        found = {type(node).__name__ for node in ast.walk(tree)}
        assert not found & {"FunctionDef", "AsyncFunctionDef", "ClassDef", "Lambda", "Try", "While"}, (
            cell.source
        )
        called = {
            getattr(node.func, "attr", getattr(node.func, "id", ""))
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        assert not called & FILE_READERS, cell.source


def test_one_typed_and_commented_parameters_cell(path):
    marked = [cell for cell in cells(path, "code") if "parameters" in tags(cell)]
    assert len(marked) == 1 if path.stem in WITH_PARAMETERS else len(marked) <= 1
    for cell in marked:
        for line in cell.source.splitlines():
            assert re.fullmatch(r"[a-z_]+: (str|int|float|bool) = \S.*  # \S.*", line), line


def test_parameters_of_the_region_report():
    (cell,) = [
        cell for cell in cells(FOLDER / "02_laporan_wilayah.ipynb", "code") if "parameters" in tags(cell)
    ]
    found = {node.target.id: (node.annotation.id, node.value.value) for node in ast.parse(cell.source).body}
    assert found == {"region_code": ("str", "6303"), "report_year": ("int", 2024), "lang": ("str", "id")}


def test_links_lead_somewhere(path):
    for cell in cells(path, "markdown"):
        for target in re.findall(r"\]\(([^)#\s]+)", cell.source):
            assert target.startswith("https://") or (FOLDER / target).is_file(), target


def test_every_other_notebook_is_linked_from_the_start_page():
    text = "\n".join(cell.source for cell in cells(FOLDER / "00_mulai.ipynb", "markdown"))
    assert {path.name for path in NOTEBOOKS} - set(re.findall(r"\]\(([^)]+)\)", text)) == {"00_mulai.ipynb"}


def test_commands_named_in_notebooks_exist(path):
    named = {word for cell in cells(path, "markdown") for word in re.findall(r"`pkp ([a-z-]+)", cell.source)}
    assert named <= set(main.commands)


def test_the_region_report_is_of_readable_length():
    path = FOLDER / "02_laporan_wilayah.ipynb"
    lines = [line for cell in cells(path, "code") for line in cell.source.splitlines() if line.strip()]
    assert 60 <= len(lines) <= 120


@pytest.mark.parametrize("stem", sorted(REPORTS))
def test_what_a_page_shows_says_the_same_in_english(stem):
    path = FOLDER / f"{stem}.ipynb"
    assert all("panduan" in tags(cell) or cell.metadata.get("en") for cell in cells(path, "markdown"))
    assert all(cell.metadata.get("ringkas_en") for cell in cells(path, "code") if "lipat" in tags(cell))
