"""Runs one item: its notebook in a kernel of its own, then its page; nothing is written until it is whole."""

import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillException, PapermillExecutionError

from ..errors import PkpError
from . import site
from .frame import write
from .plan import Item

CELL_TIMEOUT = 300  # seconds; the slowest cell of the shipped notebooks takes a few


@dataclass(frozen=True)
class Failure:
    """Why an item failed: `cell` counts from 1 (None: before the first cell), `error` is the name of the error's class."""

    cell: int | None
    source: str
    error: str
    message: str


@dataclass(frozen=True)
class Result:
    """What became of an item: state "done", "skipped" or "failed"; `page_sha256` of the page on disk."""

    item: Item
    state: str
    seconds: float = 0.0
    failure: Failure | None = None
    page_sha256: str = ""


def execute(item: Item, context, out: Path, kernel: str = "python3", timeout: int = CELL_TIMEOUT) -> Result:
    """Run the item's notebook, then write its executed notebook and its page, each whole or not at all.

    A failure of the notebook or of its page is a Result with state "failed" and a page that says so, never an exception.
    """
    start = time.monotonic()
    out = Path(out)
    with tempfile.TemporaryDirectory(prefix="pkp-") as folder:
        executed = Path(folder) / "executed.ipynb"
        try:
            notebook = papermill.execute_notebook(
                str(item.notebook), str(executed), parameters=dict(item.parameters), kernel_name=kernel, progress_bar=False,
                log_output=False, execution_timeout=timeout,
            )
            failure = None
        except PapermillExecutionError as error:
            failure = Failure(error.cell_index + 1, str(error.source), error.ename, str(error.evalue))
        except CellTimeoutError as error:
            failure = Failure(None, "", "CellTimeoutError", str(error).strip().splitlines()[0])
        except (DeadKernelError, NoSuchKernel, PapermillException, RuntimeError, OSError) as error:
            failure = Failure(None, "", type(error).__name__, str(error))
        if failure is None:
            try:
                html = site.page_html(notebook, item, context)
            except PkpError as error:
                failure = Failure(None, "", type(error).__name__, str(error))
        if failure is not None:
            html = site.failure_html(item, failure, context)
        if executed.exists():
            write(out / "jejak" / f"{item.name}.ipynb", _without_run(executed))
    log = f"{item.name}\n{item.parameters}\n" + (f"{failure.error}: {failure.message}\n" if failure else "selesai\n")
    write(out / "jejak" / f"{item.name}.log", log)
    write(out / item.page, html)
    seconds = round(time.monotonic() - start, 3)
    return Result(item, "failed" if failure else "done", seconds, failure, page_hash(out, item))


def page_hash(out: Path, item: Item) -> str:
    """SHA-256 of the item's page on disk; empty when there is none."""
    path = Path(out) / item.page
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _without_run(path: Path) -> str:
    """The executed notebook without times, process ids and paths: equal inputs give equal bytes."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    return nbformat.writes(notebook) + os.linesep
