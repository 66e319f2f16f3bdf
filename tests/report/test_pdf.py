"""PDFs by a headless browser: printed whole or not at all, and one that cannot be printed does not stop the others."""

import os
import stat

import pytest

from pkp_analysis.errors import PkpError
from pkp_analysis.report import pdf
from pkp_analysis.report.execute import Failure, Result
from tests.report.site_pages import item

PRINTS = 'for word in "$@"; do case "$word" in --print-to-pdf=*) echo "%PDF-1.4" > "${word#--print-to-pdf=}";; esac; done\n'


@pytest.fixture
def chromium(tmp_path, monkeypatch):
    """chromium(script): a program of that name is the only browser there is."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def put(script: str) -> None:
        program = folder / "chromium"
        program.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setattr(pdf, "BROWSERS", ("chromium",))
    return put


@pytest.fixture
def out(tmp_path):
    for place in ("wilayah/6303-banjar.html", "ringkas/6303-banjar.html", "wilayah/6304-barito-kuala.html", "ringkas/6304-barito-kuala.html"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("<p>halaman</p>", encoding="utf-8")
    return tmp_path


RESULTS = [
    Result(item(), "done"),
    Result(item(name="wilayah/6304-barito-kuala", page="wilayah/6304-barito-kuala.html", region_code="6304"), "failed", failure=Failure(1, "", "ValueError", "rusak")),
]


def test_page_and_brief_of_good_reports_are_printed(chromium, out):
    chromium(PRINTS)
    made, wrong = pdf.print_pages(RESULTS, out)
    assert wrong == [] and [path.name for path in made] == ["6303-banjar.pdf", "ringkas-6303-banjar.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in made)


def test_only_what_is_missing_of_unchanged_pages_is_printed(chromium, out):
    chromium(PRINTS)
    pdf.print_pages(RESULTS, out)
    (out / "unduhan" / "6303-banjar.pdf").unlink()
    chromium("exit 9\n")
    made, wrong = pdf.print_pages([Result(item(), "skipped")], out)
    assert len(wrong) == 1 and [path.name for path in made] == ["ringkas-6303-banjar.pdf"]


def test_without_a_browser_one_sentence_says_what_to_do(out, monkeypatch):
    monkeypatch.setattr(pdf, "BROWSERS", ("tidak-ada-peramban",))
    made, wrong = pdf.print_pages(RESULTS, out)
    assert made == [] and len(wrong) == 1 and "Pasang Chromium" in wrong[0]


def test_browser_that_fails_leaves_nothing_and_the_rest_is_printed(chromium, out):
    chromium('case "$*" in *ringkas*) echo "tidak dapat" >&2; exit 3;; esac\n' + PRINTS)
    (out / "unduhan").mkdir()
    (out / "unduhan" / "ringkas-6303-banjar.pdf").write_bytes(b"%PDF lama")
    made, wrong = pdf.print_pages(RESULTS, out)
    assert [path.name for path in made] == ["6303-banjar.pdf"]
    assert len(wrong) == 1 and "gagal mencetak (kode 3): tidak dapat" in wrong[0] and "ringkas" in wrong[0]
    assert not (out / "unduhan" / "ringkas-6303-banjar.pdf").exists(), "an old PDF does not stand for the new page"


def test_browser_that_hangs_is_given_up(chromium, out, monkeypatch):
    chromium("exec sleep 60\n")
    monkeypatch.setattr(pdf, "SECONDS", 0.5)
    with pytest.raises(PkpError, match="belum selesai mencetak setelah 0.5 detik"):
        pdf.print_pdf(out / "wilayah/6303-banjar.html", out / "unduhan/a.pdf")
    assert not (out / "unduhan").exists()


def test_browser_that_says_all_is_well_but_prints_nothing(chromium, out):
    chromium("exit 0\n")
    with pytest.raises(PkpError, match=r"gagal mencetak \(kode 0\)"):
        pdf.print_pdf(out / "wilayah/6303-banjar.html", out / "unduhan/a.pdf")
