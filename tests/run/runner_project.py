"""A small project with quick notebooks, and ways to run it and to look at what it left."""

import hashlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]
FOREVER = 600  # seconds
PARAMETERS = {
    "02_laporan_wilayah.ipynb": 'region_code: str = "6303"\nreport_year: int = 2024\nlang: str = "id"',
    "03_perbandingan_wilayah.ipynb": (
        'indicator: str = "sanitasi_layak"\nprovince: str = "63"\nreport_year: int = 2024\nlang: str = "id"'
    ),
    "01_kualitas_data.ipynb": 'lang: str = "id"',
}
# UJI_GANGGUAN="6305 <statement>" makes the notebook of 6305 execute the statement before it shows anything;
# several are parted by form feeds.
FAULT = """import os
for fault in os.environ.get("UJI_GANGGUAN", "").split(chr(12)):
    if fault.startswith(globals().get("region_code", "") + " "):
        exec(fault.split(" ", 1)[1])"""
SHOW = """import hashlib
import pandas as pd
from IPython.display import HTML
import pkp_analysis as pkp
subject = globals().get("indicator") or globals().get("region_code") or "semua"
if subject == "semua":
    tables = pkp.load_dataset()
elif "indicator" in globals():
    tables = pkp.load(province, indicator=indicator).dataset
else:
    tables = pkp.load(region_code).dataset
seen = hashlib.sha256(tables.observations.to_csv(index=False).encode()).hexdigest()
HTML(f'<header class="kepala"><h1>{subject}</h1></header><section id="ringkasan"><h2>Ringkasan</h2><p>{len(tables.observations)} {seen}</p></section>')"""  # noqa: E501


def clone(folder: Path, processed_dir: Path | None = None) -> Path:
    """What a planner has who cloned the project: notebooks, raw data and the files `make` looks at; with clean tables
    when they are given.
    """
    ignored = shutil.ignore_patterns(".ipynb_checkpoints", "saya")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=ignored)
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, folder / name)
    if processed_dir:
        shutil.copytree(processed_dir, folder / "data" / "processed")
    return folder


def make_project(folder: Path, processed_dir: Path) -> Path:
    """A project folder with the real figures and a notebook per kind that shows a hash of the figures it was
    given.
    """
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "raw").symlink_to(ROOT / "data" / "raw")
    shutil.copytree(processed_dir, folder / "data" / "processed")
    (folder / "notebooks").mkdir()
    for name, parameters in PARAMETERS.items():
        write_notebook(folder / "notebooks" / name, parameters, [FAULT, SHOW])
    return folder


def write_notebook(path: Path, parameters: str, sources: list[str]) -> Path:
    cells = [
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        new_markdown_cell("Kata pengantar."),
        *map(new_code_cell, sources),
    ]
    for place, cell in enumerate(cells):
        cell["id"] = f"sel-{place}"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(
        new_notebook(
            cells=cells,
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        ),
        path,
    )
    return path


def hear_signals() -> None:
    """Whatever the program ignores that started the tests."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def start(
    project: Path, *arguments: str, fault: str = "", stderr=subprocess.PIPE, **environment: str
) -> subprocess.Popen:
    """The command `pkp` in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "pkp_analysis", *arguments],
        cwd=project,
        start_new_session=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env={**os.environ, "PKP_ROOT": str(project), "UJI_GANGGUAN": fault, **environment},
        preexec_fn=hear_signals,
    )


def pkp(project: Path, *arguments: str, fault: str = "", **environment: str) -> subprocess.CompletedProcess:
    process = start(project, *arguments, fault=fault, **environment)
    out, errors = process.communicate(timeout=FOREVER)
    return subprocess.CompletedProcess(process.args, process.returncode, out, errors)


def site_of(out: Path) -> dict[str, str]:
    """place -> hash of every file a reader can open: all but the traces of the run itself."""
    files = [path for path in out.rglob("*") if path.is_file() and path.relative_to(out).parts[0] != "jejak"]
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(files)
    }


def traces_of_the_machine(out: Path, project: Path) -> list[str]:
    """Files of a site, also those inside workbooks and archives, that name the folder, the machine or a process."""
    named = [str(project), str(out.parent), str(ROOT), "ipykernel_", '"pid"', "@" + socket.gethostname()]
    found = []

    def look(name: str, content: bytes) -> None:
        if zipfile.is_zipfile(io.BytesIO(content)):
            for part in zipfile.ZipFile(io.BytesIO(content)).infolist():
                look(f"{name}!{part.filename}", zipfile.ZipFile(io.BytesIO(content)).read(part))
        found.extend(f"{name}: {word}" for word in named if word.encode() in content)

    for path in out.rglob("*"):
        if path.is_file():
            look(path.relative_to(out).as_posix(), path.read_bytes())
    return found


def wait_for(condition, message: str = "waited in vain") -> None:
    """Wait for a state, however slow the machine is; only what never comes is a failure."""
    deadline = time.monotonic() + FOREVER
    while not condition():
        assert time.monotonic() < deadline, message
        time.sleep(0.05)


def processes_with(marker: str) -> list[int]:
    """Processes whose command line or environment holds the marker."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if marker.encode() in text and state != "Z" and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def listens(port: int) -> bool:
    """Whether somebody on this machine answers at the port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=FOREVER).close()
    except OSError:
        return False
    return True


def command_of(pid: int) -> str:
    """The command line of a process; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def kill(process: subprocess.Popen, number: int = signal.SIGKILL) -> None:
    process.send_signal(number)
    process.communicate(timeout=FOREVER)
