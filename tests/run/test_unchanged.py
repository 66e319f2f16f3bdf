"""What ends a run early: only that nothing it reads and nothing it made has changed."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pkp_analysis import paths
from pkp_analysis.cli import main
from pkp_analysis.run import manifest as unchanged

from .runner_project import make_project, pkp, site_of

REQUEST = {"command": "report", "regions": ("6303",), "lang": "id", "notebook": None}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project and a package of a file each, and the site of a good run."""
    for place in (
        "data/raw/a.csv",
        "data/processed/observations.csv",
        "notebooks/02_laporan_wilayah.ipynb",
        "notebooks/saya/b.ipynb",
        "requirements.lock",
        "package/cli.py",
        "out/index.html",
        "out/wilayah/6303-banjar.html",
    ):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(place)
    monkeypatch.setenv("PKP_ROOT", str(tmp_path))
    monkeypatch.setattr(paths, "PACKAGE", tmp_path / "package")
    (tmp_path / "out" / "jejak").mkdir()
    page, first = (
        hashlib.sha256((tmp_path / "out" / place).read_bytes()).hexdigest()
        for place in ("wilayah/6303-banjar.html", "index.html")
    )
    manifest = {
        "items": {
            "wilayah/6303-banjar": {
                "page": "wilayah/6303-banjar.html",
                "page_sha256": page,
                "key": "",
                "state": "done",
                "failure": None,
            }
        },
        "site": {"files": {"index.html": first}},
    }
    (tmp_path / "out" / unchanged.MANIFEST).write_text(json.dumps(manifest))
    unchanged.remember(
        tmp_path / "out", state(tmp_path), ["wilayah/6303-banjar"], [tmp_path / "data" / "raw" / "a.csv"]
    )
    return tmp_path


def state(project, **request):
    return unchanged.fingerprint(REQUEST | request, project / "data" / "processed")


def names(project, **request):
    return unchanged.unchanged(project / "out", state(project, **request))


def test_nothing_changed_gives_the_names_of_the_pages(project):
    assert names(project) == ["wilayah/6303-banjar"]


@pytest.mark.parametrize(
    "place",
    [
        "data/processed/observations.csv",
        "notebooks/02_laporan_wilayah.ipynb",
        "requirements.lock",
        "package/cli.py",  # what it reads
        "out/index.html",
        "out/wilayah/6303-banjar.html",
        "data/raw/a.csv",  # what it made
    ],
)
def test_a_changed_or_missing_file_is_noticed(project, place):
    before = (project / place).read_text()
    (project / place).write_text(before + " ")
    assert names(project) is None
    (project / place).unlink()
    assert names(project) is None
    (project / place).write_text(before)
    assert names(project) == ["wilayah/6303-banjar"]


def test_a_new_file_or_another_request_is_noticed(project):
    assert names(project, lang="en") is None
    assert names(project, command="run") is None
    (project / "package" / "new.py").write_text("")
    assert names(project) is None


def test_a_planners_own_notebook_counts_only_when_it_is_asked_for(project):
    own = project / "notebooks" / "saya" / "b.ipynb"
    before, asked = state(project), state(project, notebook=own)
    own.write_text("changed")
    assert state(project) == before and state(project, notebook=own) != asked


def test_a_run_that_was_cut_off_or_forgotten_does_not_count(project):
    (project / "out" / unchanged.JOURNAL).write_text("[]")
    assert names(project) is None
    (project / "out" / unchanged.JOURNAL).unlink()
    unchanged.forget(project / "out")
    assert names(project) is None


@pytest.mark.parametrize("content", ["", "{", "{}", "[]"])
@pytest.mark.parametrize("place", [unchanged.MANIFEST, unchanged.REQUEST])
def test_a_damaged_record_does_not_count(project, place, content):
    (project / "out" / place).write_text(content)
    assert names(project) is None


def test_nothing_slow_is_imported_to_find_out():
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import sys, pkp_analysis.cli, pkp_analysis.run.manifest; print({'pandas', 'numpy',"
                " 'nbformat', 'zmq'} & {*sys.modules})"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    assert loaded.stdout.strip() == "set()"


def test_the_command_ends_early_only_then(tmp_path, processed_dir, monkeypatch):
    project, asked = (
        make_project(tmp_path / "proyek", processed_dir),
        ("report", "--region", "6303", "--json"),
    )
    monkeypatch.setenv("PKP_ROOT", str(project))
    first = json.loads(CliRunner().invoke(main, asked).stdout)
    second = json.loads(pkp(project, *asked).stdout)
    assert first["done"] == second["skipped"] == ["wilayah/6303-banjar"] and second["done"] == []
    before = site_of(project / "reports")
    (project / "reports" / "index.html").write_text("cut off")
    assert json.loads(CliRunner().invoke(main, asked).stdout)["skipped"] == ["wilayah/6303-banjar"]
    assert site_of(project / "reports") == before
