"""A page of the site as PDF, printed by a headless Chromium or Chrome where there is one."""

import json
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from ..errors import PkpError
from ..files import sha256, whole, write

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run"
).split()
PRINTED = "jejak/pdf.json"  # page -> SHA-256 it had when it was printed
SECONDS = 120  # for one page; two are usual


def browser() -> str:
    """The path of a browser that prints. Raises PkpError when there is none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise PkpError(
        f"Tidak ada peramban untuk mencetak PDF (dicari: {', '.join(BROWSERS)}). Pasang Chromium, misalnya"
        " `apt-get install chromium`, atau cetak halaman dari peramban sendiri."
    )


def print_pdf(page: Path, target: Path) -> None:
    """Print an HTML file into `target`, whole or not at all. Raises PkpError without a browser or when it
    fails.
    """
    program = browser()
    with tempfile.TemporaryDirectory(prefix="pkp-pdf-") as folder:
        printed = Path(folder) / "page.pdf"
        asked = ["--no-pdf-header-footer", f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}"]
        command = [program, *FLAGS, *asked, page.resolve().as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise PkpError(
                f"{page}: {program} belum selesai mencetak setelah {SECONDS} detik. Coba lagi, atau cetak"
                " dari peramban."
            ) from error
        if done.returncode or not printed.exists():
            raise PkpError(
                f"{page}: {program} gagal mencetak (kode {done.returncode}): {done.stderr.strip()[-300:]}."
                " Cetak halaman dari peramban."
            )
        with whole(target) as part:
            shutil.copyfile(printed, part)


def pdf_of(page: str) -> str:
    """Where the PDF of a page is kept: "unduhan/ringkas-6303-banjar.pdf" for "ringkas/6303-banjar.html"."""
    return f"unduhan/{'ringkas-' if page.startswith('ringkas/') else ''}{Path(page).stem}.pdf"


def printed_from(out: Path) -> dict[str, str]:
    """page -> SHA-256 it had when it was printed."""
    try:
        known = json.loads((out / PRINTED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def right_pdfs(out: Path) -> dict[str, str]:
    """place of a PDF -> its page, for every page that is still as it was printed."""
    return {
        pdf_of(page): page
        for page, state in printed_from(out).items()
        if (out / page).is_file() and (out / pdf_of(page)).is_file() and sha256(out / page) == state
    }


def unprinted(results, out: Path) -> list[str]:
    """The pages of the good results of a run that have no right PDF."""
    right = right_pdfs(out)
    pages = [result.item.page for result in results if result.state != "failed"]
    return [page for page in pages if pdf_of(page) not in right and (out / page).is_file()]


def print_pages(results, out: Path) -> list:
    """Print every page of a run that has no right PDF; the results come back with what could not be printed.

    A page that cannot be printed does not stop the others, and keeps no PDF of an older state.
    """
    wrong, state = {}, printed_from(out)
    for result in results:
        if result.state == "failed":
            (out / pdf_of(result.item.page)).unlink(missing_ok=True)  # better none than that of an older page
    todo = {page: sha256(out / page) for page in unprinted(results, out)}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        tried = [(page, pool.submit(print_pdf, out / page, out / pdf_of(page))) for page in todo]
        for page, printed in tried:
            if error := printed.exception():
                (out / pdf_of(page)).unlink(missing_ok=True)
                wrong[page] = [str(error) if isinstance(error, PkpError) else f"{pdf_of(page)}: {error}"]
            else:
                state[page] = todo[page]
    write(out / PRINTED, json.dumps(state, indent=1, sort_keys=True) + "\n")
    return [replace(result, unprinted=tuple(wrong.get(result.item.page, ()))) for result in results]
