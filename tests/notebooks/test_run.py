"""The notebooks run as shipped, and papermill runs the report from any folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
REPORT = ROOT / "notebooks" / "02_laporan_wilayah.ipynb"


@pytest.fixture(scope="module")
def project(tmp_path_factory, evidence):
    """The environment of a project folder with clean data, so that nothing is written into the checkout."""
    folder = tmp_path_factory.mktemp("proyek")
    (folder / "data").mkdir()
    (folder / "data" / "raw").symlink_to(ROOT / "data" / "raw")
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    shutil.copytree(evidence, folder / "data" / "processed")
    return {**os.environ, "PKP_ROOT": str(folder)}


def run(command, folder, environment):
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.mark.slow
def test_all_notebooks_run_with_their_defaults(project):
    """Each in a kernel of its own. In the short form 00 and 05 run in JupyterLab, 02 by papermill, 08 below, and
    those that become pages in the engine, which test_cells compares with a kernel.
    """
    options = [
        "--nbval-lax",
        "--nbval-current-env",
        "--nbval-cell-timeout=300",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    done = run(["pytest", *options, *map(str, NOTEBOOKS)], ROOT, project)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.fixture(scope="module")
def execute(project):
    """execute(source) -> the reply to a cell in one ordinary kernel, which starts as slowly as all of them."""
    manager, client = start_new_kernel(cwd=str(ROOT / "notebooks"), env=project)
    yield lambda source: client.execute_interactive(
        source, timeout=600, allow_stdin=False, output_hook=lambda _: None
    )["content"]
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_a_notebook_that_is_no_page_runs_with_its_defaults(execute):
    for cell in nbformat.read(NOTEBOOKS[-1], 4).cells:
        if cell.cell_type == "code":
            reply = execute(cell.source)
            assert reply["status"] == "ok", "\n".join(reply["traceback"])


def test_papermill_runs_the_report_from_another_folder(project, tmp_path):
    """With -p the code arrives as a number."""
    done = run(["papermill", str(REPORT), "keluaran.ipynb", "-p", "region_code", "6304"], tmp_path, project)
    assert done.returncode == 0, done.stderr[-3000:]
    outputs = [
        output.data.get("text/markdown", output.data.get("text/html", ""))
        for cell in nbformat.read(tmp_path / "keluaran.ipynb", 4).cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    assert "Barito Kuala" in outputs[0] and any("<img" in shown for shown in outputs)


WRONG = pytest.mark.parametrize(
    ("name", "value", "told"),
    [("region_code", "6303.0", "-r region_code 6303"), ("report_year", "2031", "data mencakup 2015 sampai")],
)


@WRONG
def test_a_value_that_cannot_be_ends_in_one_sentence(execute, name, value, told):
    """Of papermill, which hands it over as a number, and of whoever runs the cell."""
    asked = {"region_code": '"6303"', "report_year": "2024"} | {name: value}
    reply = execute(f"import pkp_analysis as pkp\npkp.load({asked['region_code']}, {asked['report_year']})")
    assert len(reply["traceback"]) == 1 and told in reply["traceback"][0] and value in reply["traceback"][0]


@pytest.mark.slow
@WRONG
def test_papermill_ends_with_one_sentence_for_a_value_that_cannot_be(project, tmp_path, name, value, told):
    done = run(["papermill", str(REPORT), "keluaran.ipynb", "-p", name, value], tmp_path, project)
    said = done.stderr.partition("Exception encountered at")[2].strip().splitlines()[1:]
    assert done.returncode != 0 and len(said) == 1 and told in said[0] and value in said[0]
