"""PDFs by a headless browser: printed whole or not at all, and one that cannot be printed does not stop the
others.
"""

import os
import re
import stat

import pytest

from pkp_analysis.errors import PkpError
from pkp_analysis.run import job as runner
from pkp_analysis.run.execute import Failure, Result
from pkp_analysis.run.plan import Request
from pkp_analysis.site import pdf
from tests.site.site_pages import BARITO_KUALA, item

from .runner_project import PARAMETERS, SHOW, write_notebook

PRINTS = (
    'for word in "$@"; do case "$word" in --print-to-pdf=*) echo "%PDF-1.4" > "${word#--print-to-pdf=}";;'
    " esac; done\n"
)


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
    for place in (
        "wilayah/6303-banjar.html",
        "ringkas/6303-banjar.html",
        "wilayah/6304-barito-kuala.html",
        "ringkas/6304-barito-kuala.html",
    ):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("<p>halaman</p>", encoding="utf-8")
    return tmp_path


PAGE, BRIEF = "wilayah/6303-banjar.html", "ringkas/6303-banjar.html"
RESULTS = [
    Result(item(), "done"),
    Result(item(name="ringkas/6303-banjar", page=BRIEF, kind="brief"), "done"),
    Result(BARITO_KUALA, "failed", failure=Failure(1, "", "ValueError", "rusak")),
]


def wrong(results) -> list[str]:
    return [sentence for result in results for sentence in result.unprinted]


def test_page_and_brief_of_good_reports_are_printed(chromium, out):
    chromium(PRINTS)
    assert wrong(pdf.print_pages(RESULTS, out)) == []
    assert set(pdf.right_pdfs(out).values()) == {PAGE, BRIEF}
    assert all(path.read_bytes().startswith(b"%PDF") for path in (out / "unduhan").iterdir())


def test_only_what_is_missing_of_unchanged_pages_is_printed(chromium, out):
    chromium(PRINTS)
    pdf.print_pages(RESULTS, out)
    (out / "unduhan" / "6303-banjar.pdf").unlink()
    chromium("exit 9\n")
    assert len(wrong(pdf.print_pages(RESULTS[:2], out))) == 1 and list(pdf.right_pdfs(out).values()) == [
        BRIEF
    ]


def test_a_page_made_again_without_its_pdf_has_none_until_it_is_printed(chromium, out):
    """Also when a later run finds the page unchanged: the old PDF is not that of the new page."""
    chromium(PRINTS)
    pdf.print_pages(RESULTS, out)
    (out / PAGE).write_text("<p>halaman baru</p>", encoding="utf-8")
    assert list(pdf.right_pdfs(out).values()) == [BRIEF] and pdf.unprinted(
        [Result(item(), "skipped")], out
    ) == [PAGE]
    pdf.print_pages([Result(item(), "skipped")], out)
    assert set(pdf.right_pdfs(out).values()) == {PAGE, BRIEF}


def test_a_record_that_cannot_be_read_only_means_printing_again(chromium, out):
    chromium(PRINTS)
    pdf.print_pages(RESULTS, out)
    (out / pdf.PRINTED).write_text("{", encoding="utf-8")
    assert pdf.right_pdfs(out) == {} and pdf.unprinted(RESULTS, out) == [PAGE, BRIEF]


def test_browser_that_fails_leaves_nothing_and_the_rest_is_printed(chromium, out):
    chromium('case "$*" in *ringkas*) echo "tidak dapat" >&2; exit 3;; esac\n' + PRINTS)
    (out / "unduhan").mkdir()
    (out / "unduhan" / "ringkas-6303-banjar.pdf").write_bytes(b"%PDF lama")
    told = wrong(pdf.print_pages(RESULTS, out))
    assert list(pdf.right_pdfs(out).values()) == [PAGE]
    assert len(told) == 1 and "gagal mencetak (kode 3): tidak dapat" in told[0] and "ringkas" in told[0]
    assert not (out / "unduhan" / "ringkas-6303-banjar.pdf").exists(), (
        "an old PDF does not stand for the new page"
    )


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


def links(out) -> list[str]:
    """The PDFs the first page leads to."""
    return re.findall(r'href="([^"]+\.pdf)"', (out / "index.html").read_text(encoding="utf-8"))


def test_the_first_page_leads_to_a_pdf_as_long_as_it_is_that_of_its_page(
    chromium, project, tmp_path, monkeypatch
):
    """Printed in one run, linked by later runs without --pdf, unless it is gone or its page was made again."""
    chromium(PRINTS)
    monkeypatch.setattr("pkp_analysis.site.home.shared", lambda *_: b"")
    brief = project / "notebooks" / "06_lembar_ringkas.ipynb"
    write_notebook(brief, PARAMETERS["02_laporan_wilayah.ipynb"], [SHOW])
    ask = {"request": Request(["6303"]), "out": tmp_path}
    runner.run(**ask)
    page = (tmp_path / PAGE).read_bytes()
    assert links(tmp_path) == []
    runner.run(with_pdf=True, **ask)
    both = ["unduhan/6303-banjar.pdf", "unduhan/ringkas-6303-banjar.pdf"]
    assert links(tmp_path) == both and (tmp_path / PAGE).read_bytes() == page
    (tmp_path / both[1]).unlink()
    (tmp_path / PAGE).write_bytes(page + b"<!-- lain -->")
    runner.run(request=Request(["6304"]), out=tmp_path)
    assert links(tmp_path) == [], "no link to a PDF that is gone, or to that of an older page"
    runner.run(with_pdf=True, **ask)
    assert links(tmp_path) == both
