"""Faults of the system around us end with a sentence that names a place and a next step, and a documented exit
code; never with a traceback.
"""

import errno
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pkp_analysis import cli, paths
from pkp_analysis.data import dataset
from pkp_analysis.data.readers import workbook
from pkp_analysis.data.readers.workbook import read_workbook

from .data import raw_files

FIGURES = "region_code,indicator,year,value,unit\n6303,sanitasi_layak,2024,70.5,%\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    for folder in ("data/raw", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/raw/uji.csv").write_text(FIGURES, encoding="utf-8")
    monkeypatch.setenv("PKP_ROOT", str(tmp_path))
    added = CliRunner().invoke(cli.main, ["add", str(tmp_path / "data/raw/uji.csv"), "--yes"])
    assert added.exit_code == 0, added.output
    return tmp_path


def full(number, name=None):
    return OSError(number, os.strerror(number), name)


@pytest.mark.parametrize(
    "error, place, advice",
    [
        (full(errno.ENOSPC, "/data/a.csv"), "/data/a.csv: disk penuh", "Sediakan ruang"),
        (full(errno.EDQUOT), "disk penuh", "Sediakan ruang"),
        (full(errno.EACCES, "/data/a.csv"), "/data/a.csv: tidak boleh", "Perbaiki izinnya"),
        (full(errno.EROFS, "/data"), "/data: tidak boleh", "Perbaiki izinnya"),
        (full(errno.EMFILE), "terlalu banyak file terbuka", "ulimit -n"),
        (
            ImportError("libx.so: cannot open shared object file: Too many open files"),
            "terlalu banyak",
            "ulimit",
        ),
        (full(errno.ENOENT, "/data/a.csv"), "/data/a.csv: tidak ada lagi", "Periksa letaknya"),
        (full(errno.EIO, "/data/a.csv"), "/data/a.csv: Input/output error", "Periksa letak itu"),
        (
            ModuleNotFoundError("No module named 'python_calamine'", name="python_calamine"),
            "python_calamine",
            "Pasang",
        ),
        (MemoryError(), "Memori tidak cukup", "Tutup program lain"),
        (RuntimeError("Could not determine home directory."), "Folder rumah", "HOME"),
    ],
)
def test_each_fault_is_a_sentence(project, monkeypatch, error, place, advice):
    def fails(*_):
        raise error

    monkeypatch.setattr(dataset, "assemble", fails)
    done = CliRunner().invoke(cli.main, ["check"])
    assert done.exit_code == 1 and place in done.stderr and advice in done.stderr
    assert done.stderr.startswith("pkp: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("error", [KeyError("x"), RuntimeError("a fault of ours")])
def test_a_fault_of_the_program_keeps_its_traceback(project, monkeypatch, error):
    def fails(*_):
        raise error

    monkeypatch.setattr(dataset, "assemble", fails)
    assert CliRunner().invoke(cli.main, ["check"]).exception is error


def test_an_interrupted_command_has_its_own_exit_code(project, monkeypatch):
    def stops(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(dataset, "assemble", stops)
    done = CliRunner().invoke(cli.main, ["check"])
    assert done.exit_code == cli.INTERRUPTED == 130 and "dihentikan" in done.stderr


def shell(project, command):
    return subprocess.run(
        ["bash", "-c", command.replace("pkp", f"{sys.executable} -m pkp_analysis", 1)],
        cwd=project,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(paths.PACKAGE.parent)},
    )


@pytest.mark.parametrize(
    "command, code, told",
    [
        ("ulimit -f 2; exec pkp clean", 1, "/data/processed/versi/"),  # the place
        ("mkdir gone && cd gone && rmdir ../gone && exec pkp check", 2, "Folder kerja sudah dihapus"),
        ("exec pkp check > /dev/full", 1, "disk penuh"),
        ("ulimit -n 6; exec pkp check", 1, "terlalu banyak file terbuka"),
        ("ulimit -n 12; exec pkp report", 1, "terlalu banyak file terbuka"),
        ("ulimit -n 30; exec pkp run", 1, "terlalu banyak file terbuka"),
        pytest.param(
            "ulimit -n 30; exec pkp report --region 6303 --force",
            1,
            "terlalu banyak file terbuka",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_real_faults_of_the_system(project, command, code, told):
    book = raw_files.bps_xlsx(project / "data/raw/bps.xlsx", [("ACEH", 77.5)])  # read by another process
    assert CliRunner().invoke(cli.main, ["add", str(book), "--yes"]).exit_code == 0
    before = {path: path.read_bytes() for path in (project / "data/raw").iterdir()}
    done = shell(project, command)
    assert done.returncode == code, done.stderr
    assert told in done.stderr and "Traceback" not in done.stderr
    assert "ulimit -f" not in command or "disk penuh atau batas ukuran tercapai" in done.stderr
    assert {path: path.read_bytes() for path in (project / "data/raw").iterdir()} == before
    assert not list((project / "data").rglob("*.part")), "nothing half-written stays"


def test_a_missing_reader_module_is_no_damaged_workbook(tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text("import python_calamine_that_is_not_there\n", encoding="utf-8")
    workbook.close_children()
    monkeypatch.setattr(workbook, "CHILD", child)
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    with pytest.raises(ImportError, match="python_calamine_that_is_not_there"):
        read_workbook(tmp_path / "a.xlsx", "zip")
    workbook.close_children()
