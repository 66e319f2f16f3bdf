"""A page of the site as PDF, printed by a headless Chromium or Chrome where there is one."""

import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..errors import PkpError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
SECONDS = 120  # for one page; two are usual


def browser() -> str:
    """The path of a browser that prints. Raises PkpError when there is none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise PkpError(
        f"Tidak ada peramban untuk mencetak PDF (dicari: {', '.join(BROWSERS)}). Pasang Chromium, misalnya `apt-get install chromium`, "
        "atau cetak halaman dari peramban sendiri."
    )


def print_pdf(page: Path, target: Path) -> None:
    """Print an HTML file into `target`, whole or not at all. Raises PkpError without a browser or when it fails."""
    program, target = browser(), Path(target)
    with tempfile.TemporaryDirectory(prefix="pkp-pdf-") as folder:
        printed = Path(folder) / "page.pdf"
        command = [program, *FLAGS, f"--user-data-dir={folder}/profile", "--no-pdf-header-footer", f"--print-to-pdf={printed}", Path(page).resolve().as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise PkpError(f"{page}: {program} belum selesai mencetak setelah {SECONDS} detik. Coba lagi, atau cetak dari peramban.") from error
        if done.returncode or not printed.exists():
            raise PkpError(f"{page}: {program} gagal mencetak (kode {done.returncode}): {done.stderr.strip()[-300:]}. Cetak halaman dari peramban.")
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        shutil.copyfile(printed, part)
        os.replace(part, target)


def print_pages(results, out: Path) -> tuple[list[Path], list[str]]:
    """(PDFs that are right, what went wrong) for every good page of a run and each region's brief, as unduhan/<name>.pdf.

    A page that did not change is printed only where its PDF is missing. A page that cannot be printed does not stop the others.
    """
    out, todo, made, wrong = Path(out), [], [], []
    for result in results:
        page = result.item.page
        target = out / "unduhan" / (Path(page).stem + ".pdf")
        if result.state == "failed":
            target.unlink(missing_ok=True)  # better none than that of an older page
            continue
        brief = page.replace("wilayah/", "ringkas/", 1)
        pairs = [(out / page, target)] + ([(out / brief, out / "unduhan" / f"ringkas-{target.name}")] if result.item.kind == "region" else [])
        made += [target.resolve() for _, target in pairs]
        todo += [pair for pair in pairs if pair[0].is_file() and (result.state == "done" or not pair[1].is_file())]
    try:
        if todo:
            browser()
    except PkpError as error:
        return [path for path in made if path.is_file()], [str(error)]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for (_, target), printed in [(pair, pool.submit(print_pdf, *pair)) for pair in todo]:
            if error := printed.exception():
                target.unlink(missing_ok=True)
                wrong.append(str(error) if isinstance(error, PkpError) else f"{target}: {error}")
    return [path for path in made if path.is_file()], wrong
