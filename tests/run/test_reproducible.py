"""Two runs on the same inputs give the same bytes, whatever the order, the kernel or the folder."""

import pytest
from click.testing import CliRunner

from pkp_analysis.cli import main

from .runner_project import ROOT, pkp, site_of, traces_of_the_machine

pytestmark = pytest.mark.slow


def test_two_runs_are_byte_identical_and_hold_no_trace_of_the_machine(project, tmp_path):
    """Those of a few regions are compared where one is stopped and completed by another, in test_faults."""
    one, other = (["report", "--out", str(tmp_path / name)] for name in "ab")
    assert pkp(project, *one, "--jobs", "2", TZ="Asia/Makassar").returncode == 0
    assert (
        CliRunner().invoke(main, [*other, "--jobs", "1"]).exit_code == 0
    )  # in another process and time zone
    first, second = site_of(tmp_path / "a"), site_of(tmp_path / "b")
    assert first == second and len(first) > 30
    assert {path.suffix for path in (tmp_path / "a").rglob("*")} >= {".html", ".xlsx", ".csv"}
    notebooks = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a" / "jejak").rglob("*.ipynb")]
    assert notebooks and all(
        (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes() for path in notebooks
    )
    assert traces_of_the_machine(tmp_path / "a", project) == []


def test_the_real_notebooks_are_reproducible(tmp_path):
    house = tmp_path / "rumah"
    (house / "data").mkdir(parents=True)
    for name in ("notebooks", "requirements.lock", "data/raw"):
        (house / name).symlink_to(ROOT / name)
    assert pkp(house, "clean").returncode == 0
    for name in ("a", "b"):
        done = pkp(house, "report", "--out", str(tmp_path / name), "--lang", "id,en")
        assert done.returncode == 0, done.stderr[-2000:]
    assert site_of(tmp_path / "a") == site_of(tmp_path / "b")
