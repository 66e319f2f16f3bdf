"""The command line: exit codes, sentences on stderr, --json, --dry-run."""

import contextlib
import json
import os
import sys
from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from pkp_analysis.cli import main
from pkp_analysis.run import job as runner

from .runner_project import ROOT, start, write_notebook


@pytest.fixture
def call(project):
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["report", "--region", "Banjarr"], "Banjarr"),
        (["report", "--province", "Atlantis"], "Atlantis"),
        (["report", "--lang", "fr"], "id atau en"),
        (["report", "--report-year", "20244"], "20244"),
        (
            ["report", "--notebook", str(ROOT / "notebooks" / "03_perbandingan_wilayah.ipynb")],
            "parameter 'region_code' tidak ada",
        ),
        (["report", "--notebook", "tidak-ada.ipynb"], "tidak-ada.ipynb"),
        pytest.param(["report", "--scheduler", "tcp://127.0.0.1:1"], "127.0.0.1:1", marks=pytest.mark.slow),
        (["report", "--out", "/proc/laporan"], "/proc/laporan tidak dapat ditulis"),
        (["report", "--out", "/tmp/" + "n" * 300], "tidak dapat ditulis (File name too long)"),
        (["run", "--out", "/tmp/" + "n/" * 2100], "tidak dapat ditulis (File name too long)"),
        (["report", "--dry-run", "--out", "/tmp/" + "n" * 300], "tidak dapat ditulis (File name too long)"),
        (["report", "--jobs", "0"], "--jobs"),
        (["laporkan"], "laporkan"),
    ],
)
def test_a_bad_request_ends_with_2_and_a_sentence(call, project, arguments, told):
    before = sorted(str(path) for path in project.rglob("*"))
    done = call(*arguments)
    assert done.exit_code == 2 and told in done.stderr and "Traceback" not in done.output, done.output
    assert sorted(str(path) for path in project.rglob("*")) == before, "a bad request does nothing"


def test_a_dry_run_says_what_and_why_and_writes_nothing(call, project, tmp_path):
    done = call(
        "report", "--dry-run", "--region", "Banjar", "--region", "63.05", "--out", str(tmp_path / "hasil")
    )
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "wilayah/6303-banjar: belum pernah dibuat",
        "wilayah/6305-tapin: belum pernah dibuat",
    ]
    assert not (tmp_path / "hasil").exists()


def test_a_dry_run_as_json(call, tmp_path):
    rows = json.loads(
        call(
            "report", "--dry-run", "--json", "--region", "6303", "--lang", "id,en", "--out", str(tmp_path)
        ).stdout
    )
    assert [row["page"] for row in rows] == ["wilayah/6303-banjar.html", "wilayah/6303-banjar.en.html"]


def test_a_run_with_a_failing_region_ends_with_1_and_names_it(call, tmp_path, monkeypatch):
    asked = ("report", "--region", "6303", "--region", "6304", "--out", str(tmp_path))
    monkeypatch.setenv("UJI_GANGGUAN", "6304 raise ValueError('angka 12 <script>alert(1)</script> {{7*7}}')")
    done = call(*asked, "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1 and told["done"] == ["wilayah/6303-banjar"]
    assert [(failure["name"], failure["cell"], failure["error"]) for failure in told["failed"]] == [
        ("wilayah/6304-barito-kuala", 3, "ValueError")
    ]
    assert told["failed"][0]["message"] == "angka 12 <script>alert(1)</script> {{7*7}}"
    page = (tmp_path / "wilayah/6304-barito-kuala.html").read_text()
    assert "angka 12 &lt;script&gt;alert(1)" in page and "{{7*7}}" in page, "an error stays text"
    assert "[2/2]" in done.stderr, "plain lines where there is no terminal"
    monkeypatch.delenv("UJI_GANGGUAN")
    again = call(*asked)
    assert again.exit_code == 0 and "1 halaman dibuat, 1 tidak berubah, 0 gagal" in again.stdout
    for told in (again, call(*asked)):  # the second one finds nothing to do
        assert f"Buka {tmp_path / 'wilayah/630'}" in told.stdout


def test_pdf_without_a_browser_ends_with_1_and_the_rest_is_done(call, project, tmp_path, monkeypatch):
    monkeypatch.setattr("pkp_analysis.site.pdf.BROWSERS", ("tidak-ada-peramban",))
    done = call("report", "--region", "6303", "--pdf", "--out", str(tmp_path))
    assert (
        done.exit_code == 1
        and "1 halaman dibuat, 0 tidak berubah, 0 gagal" in done.stdout
        and "Traceback" not in done.output
    )
    assert done.stderr.count("Pasang Chromium") == 1
    assert (
        (tmp_path / "wilayah/6303-banjar.html").is_file()
        and (tmp_path / "index.html").is_file()
        and not list(tmp_path.rglob("*.pdf"))
    )


@pytest.fixture
def terminal():
    """(a terminal's end to write to, a function that closes it and gives what it showed)."""
    pty = pytest.importorskip("pty", reason="terminals of POSIX")
    ours, theirs = pty.openpty()
    pytest.importorskip("termios").tcsetwinsize(theirs, (24, 100))
    kept = os.dup(theirs)

    def shown() -> bytes:
        os.close(kept)
        seen = b""
        with contextlib.suppress(OSError):  # Linux says so when the other end is closed
            while received := os.read(ours, 65536):
                seen += received
        os.close(ours)
        return seen

    return theirs, shown


def test_a_terminal_shows_a_bar_with_the_time_left(terminal, monkeypatch):
    theirs, shown = terminal
    futures = {Future(): SimpleNamespace(name=name) for name in "ab"}
    for future in futures:
        future.set_result(SimpleNamespace(state="done"))
    with open(theirs, "w") as screen:
        monkeypatch.setattr(sys, "stderr", screen)
        assert list(runner.progress(futures, futures)) == list(futures)
        monkeypatch.undo()
    seen = shown()
    assert b"2/2 [" in seen and b"<" in seen and b"halaman" in seen


@pytest.mark.slow
def test_a_terminal_shows_no_noise(project, tmp_path, terminal):
    theirs, shown = terminal
    fault = "6303 raise KeyError('kolom')"
    process = start(project, "report", "--region", "6303", "--out", str(tmp_path), stderr=theirs, fault=fault)
    os.close(theirs)
    seen = shown()
    process.communicate()
    assert process.returncode == 1 and b"1/1 [" in seen and b"Debugger" not in seen, "nothing of libraries"


def test_report_before_clean_says_what_to_do(call, project, monkeypatch, tmp_path):
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("PKP_ROOT", str(tmp_path))
    done = call("report")
    assert done.exit_code in (1, 2) and "pkp clean" in done.stderr and "Traceback" not in done.output


def test_a_short_notebook_of_the_project_is_published_from_any_folder(call, project, tmp_path, monkeypatch):
    asks = 'region_code: str = "63"\nreport_year: int = 2024'  # as 08 does
    source = "7\nprint(region_code, open('catatan.txt').read())"
    own = write_notebook(project / "notebooks/saya/Rapat Kami.ipynb", asks, [source])
    (own.parent / "catatan.txt").write_text("dari folder sendiri")
    monkeypatch.chdir(project / "notebooks")
    asked = [
        "report",
        "--notebook",
        "notebooks/saya/Rapat Kami.ipynb",
        "--region",
        "6303",
        "--out",
        str(tmp_path),
    ]
    done = call(*asked)
    page = tmp_path / "saya/rapat-kami-6303-banjar.html"
    assert done.exit_code == 0 and f"Buka {page}." in done.stdout and page.is_file()
    assert "6303 dari folder sendiri" in page.read_text(), "it runs in its own folder"
    assert "1 tidak berubah" in call(*asked).stdout
    own.write_text(own.read_text().replace("7\\n", "8\\n"))
    assert "1 halaman dibuat" in call(*asked).stdout


def test_every_command_has_help(call):
    for name in main.commands:
        assert call(name, "--help").exit_code == 0
