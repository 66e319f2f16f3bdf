"""A planner's own report: a copy of 02_laporan_wilayah in notebooks/saya, edited, run by `pkp report
--notebook`.
"""

import json

import nbformat
import pytest
from click.testing import CliRunner

from pkp_analysis.cli import main
from pkp_analysis.run.manifest import read_manifest
from tests.run.runner_project import clone


@pytest.fixture(scope="module")
def project(banua, tmp_path_factory):
    return clone(tmp_path_factory.mktemp("proyek"), banua)


@pytest.fixture
def own(project):
    """The copy with a paragraph and a cell of the planner's own after the summary."""
    notebook = nbformat.read(project / "notebooks" / "02_laporan_wilayah.ipynb", as_version=4)
    place = (
        next(index for index, cell in enumerate(notebook.cells) if cell.source == "pkp.say.unknown(wilayah)")
        + 1
    )
    notebook.cells[place:place] = [
        nbformat.v4.new_markdown_cell("## Catatan rapat\n\nDibahas pada rapat koordinasi."),
        nbformat.v4.new_code_cell(
            'pkp.show(wilayah.projection("air minum layak"), title="Proyeksi air minum layak")'
        ),
    ]
    path = project / "notebooks" / "saya" / "laporan_rapat.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def report(project, own, tmp_path, monkeypatch):
    """report(): what the command line says when the copy is run for Banjar into tmp_path, as JSON."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("PKP_ROOT", str(project))
    command = ["report", "--notebook", str(own.relative_to(project)), "--region", "Banjar"]
    return lambda: CliRunner().invoke(main, [*command, "--out", str(tmp_path), "--json"])


def test_runner_and_template_apply_to_an_edited_copy_and_a_failing_cell_is_named(report, own, tmp_path):
    done = report()
    assert done.exit_code == 0, done.output
    (name,) = json.loads(done.stdout)["done"]
    entry = read_manifest(tmp_path)["items"][name]
    assert entry["notebook"] == own.name and entry["parameters"]["region_code"] == "6303"
    html = (tmp_path / entry["page"]).read_text()
    assert "Catatan rapat" in html and "Proyeksi air minum layak" in html  # what was added
    assert 'id="ringkasan"' in html  # beside what was there
    assert (
        'lang="id"' in html and "default-src 'none'" in html and "<main" in html and 'src="http' not in html
    )
    assert "pkp.load(" not in html  # words and figures, no code
    assert json.loads(report().stdout)["skipped"] == [name]  # unchanged: not run again
    # an edit runs again, and a failing cell is named
    notebook = nbformat.read(own, as_version=4)
    loaded = next(place for place, cell in enumerate(notebook.cells) if "pkp.load(" in cell.source)
    failing = nbformat.v4.new_code_cell('pkp.load("Banjar").projection("air minum")')
    notebook.cells.insert(loaded + 1, failing)
    nbformat.write(notebook, own)
    done = report()
    (failure,) = json.loads(done.stdout)["failed"]
    assert done.exit_code == 1
    assert failure["error"] == "UnknownIndicatorError" and "air_minum_layak" in failure["message"]
    assert (
        "UnknownIndicatorError"
        in (tmp_path / read_manifest(tmp_path)["items"][failure["name"]]["page"]).read_text()
    )
