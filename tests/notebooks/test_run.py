"""The notebooks run as shipped, and papermill runs the report from any folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
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


ELSEWHERE = ("00_mulai", "02_laporan_wilayah", "05_jelajah_interaktif")  # run below and in JupyterLab
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
OTHERS = [path for path in NOTEBOOKS if path.stem not in ELSEWHERE]


@pytest.mark.parametrize(
    "notebooks", [OTHERS, pytest.param(NOTEBOOKS, marks=pytest.mark.slow)], ids=["rest", "all"]
)
def test_all_notebooks_run_with_their_defaults(project, notebooks):
    assert notebooks
    done = run(
        [
            "pytest",
            "--nbval-lax",
            "--nbval-current-env",
            "--nbval-cell-timeout=300",
            "-q",
            "-p",
            "no:cacheprovider",
            *map(str, notebooks),
        ],
        ROOT,
        project,
    )
    assert done.returncode == 0, done.stdout[-3000:]


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


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("region_code", "6303.0", "-r region_code 6303"),
        pytest.param("report_year", "2031", "data mencakup 2015 sampai", marks=pytest.mark.slow),
    ],
)
def test_papermill_ends_with_one_sentence_for_a_value_that_cannot_be(project, tmp_path, name, value, told):
    done = run(["papermill", str(REPORT), "keluaran.ipynb", "-p", name, value], tmp_path, project)
    said = done.stderr.partition("Exception encountered at")[2].strip().splitlines()[1:]
    assert done.returncode != 0 and len(said) == 1 and told in said[0] and value in said[0]
