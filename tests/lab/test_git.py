"""A planner who runs the notebooks of the project changes nothing that git would show."""

import shutil
import subprocess

import nbformat
import pytest

from pkp_analysis.paths import PACKAGE

ROOT = PACKAGE.parent
OF_A_KERNEL = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.13.0",
}


def git(*arguments, cwd) -> str:
    return subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def checkout(tmp_path):
    """A repository with the notebooks of the project and the filter that `make lab` sets up."""
    (tmp_path / "notebooks").mkdir()
    for name in ("02_laporan_wilayah", "04_metode_dan_validasi"):  # without and with outputs that git keeps
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", tmp_path / "notebooks")
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    git("init", "-q", cwd=tmp_path)
    steps = subprocess.run(["make", "-n", "lab"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (setting,) = [line for line in steps.splitlines() if line.startswith("git config filter.")]
    subprocess.run(setting, cwd=tmp_path, shell=True, check=True)
    git("add", ".", cwd=tmp_path)
    return tmp_path


def test_a_notebook_that_was_run_shows_no_change(checkout):
    for path in sorted((checkout / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata["language_info"] = OF_A_KERNEL
        notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
        for place, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
            cell.execution_count = place + 1
            if "keep_output" not in cell.metadata.get("tags", []):
                cell.outputs = [nbformat.v4.new_output("stream", text="angka baru\n")]
        nbformat.write(notebook, path)
    assert git("diff", "--stat", cwd=checkout) == ""
    notebook.cells[0].source += "\nsebuah baris"
    nbformat.write(notebook, path)
    assert "sebuah baris" in git("diff", cwd=checkout)
