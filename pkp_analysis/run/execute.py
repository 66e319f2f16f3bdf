"""Runs one item: its notebook in a kernel of its own, then its page; nothing is written until it is whole."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError
from papermill.exceptions import PapermillException, PapermillExecutionError
from zmq import ZMQError

from ..errors import PkpError
from ..files import write
from ..notebook_format import nbformat  # before papermill, which imports nbformat its own way
from ..site import figure_files, sections
from ..site import page as site
from . import engine
from .engine import stopping
from .plan import Item

CELL_TIMEOUT = 300  # seconds; the slowest cell of the shipped notebooks takes a few
STARTS = 3  # a kernel that does not start is started again; a cell that fails is not run again
_one_page = threading.Lock()  # nbconvert's exporter is made once and not meant for several threads


@dataclass(frozen=True)
class Failure:
    """Why an item failed: `cell` counts from 1 (None: before the first cell), `error` is the name of the
    error's class.
    """

    cell: int | None
    source: str
    error: str
    message: str


@dataclass(frozen=True)
class Result:
    """What became of an item: state "done", "skipped" or "failed"; `page_sha256` of the page on disk;
    `unprinted` says why a PDF is missing.
    """

    item: Item
    state: str
    seconds: float = 0.0
    failure: Failure | None = None
    page_sha256: str = ""
    unprinted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """How kernels run: small and picklable, because it travels to the workers."""

    environment: dict = field(default_factory=dict)  # added to the worker's own
    kernel: str = "pkp"
    timeout: int = CELL_TIMEOUT
    memory: int | None = None  # bytes a kernel may use


class Interrupted(Exception):
    """The run is being stopped: nothing may be written any more."""


def get_ready() -> None:
    """Make what turns notebooks into pages while the first ones run, so that none of them waits for it."""
    with _one_page:
        sections.exporter()


def execute(item: Item, context, out: Path, settings: Settings = Settings()) -> Result:
    """Run the item's notebook, then write its executed notebook and its page, each whole or not at all.

    A failure of the notebook or of its page is a Result with state "failed" and a page that says so, never an
    exception; where even that page cannot be written, the old one is removed. Raises Interrupted while
    stopping.
    """
    started, out = time.monotonic(), Path(out)
    notebook, failure, how = run_notebook(item, settings)
    if failure is None:
        try:
            with _one_page:
                html, pictures = site.page_of(notebook, item, context)
        except PkpError as error:
            failure = Failure(None, "", type(error).__name__, str(error))
    if failure is not None:
        html, pictures = site.failure_html(item, failure, context), {}
    if stopping.is_set():
        raise Interrupted(item.name)
    seconds = round(time.monotonic() - started, 3)
    outcome = f"{failure.error}: {failure.message}" if failure else "selesai"
    try:
        if notebook is not None:
            write(out / "jejak" / f"{item.name}.ipynb", without_run(notebook))
        write(
            out / "jejak" / f"{item.name}.log",
            f"{item.name}\n{item.parameters}\n{how}\n{seconds} s\n{outcome}\n",
        )
        figure_files.keep(out, item.page, pictures)
        write(out / item.page, html)
    except OSError as error:
        remove_stale(out / item.page)
        failure = failure or Failure(None, "", type(error).__name__, str(error))
    return Result(item, "failed" if failure else "done", seconds, failure, page_hash(out, item))


def run_notebook(item: Item, settings: Settings) -> tuple[nbformat.NotebookNode | None, Failure | None, str]:
    """(executed notebook as far as it came, failure or None, how its kernel started)."""
    own = item.kind == "own"
    for start in range(1, STARTS + 1):
        watch, failure = engine.Watch(), None
        try:
            papermill.execute_notebook(
                str(item.notebook),
                None,
                parameters=dict(item.parameters),
                kernel_name=settings.kernel,
                engine_name=engine.NAME,
                progress_bar=False,
                log_output=False,
                execution_timeout=settings.timeout,
                watch=watch,
                memory=settings.memory,
                environment=settings.environment,
                folder=str(item.notebook.parent) if own else None,
            )
            failure = unfinished(watch.notebook)
        except PapermillExecutionError as error:
            failure = Failure(
                source_place(watch.notebook, error.cell_index),
                str(error.source),
                error.ename,
                str(error.evalue),
            )
        except NoSuchKernel:
            settings = Settings(settings.environment, "python3", settings.timeout, settings.memory)
            continue
        except (PapermillException, RuntimeError, OSError, ZMQError, CellTimeoutError) as error:
            if watch.cell is None and start < STARTS and not stopping.is_set():
                continue
            failure = broken(watch, error, settings)
        if stopping.is_set():
            raise Interrupted(item.name)
        return watch.notebook, failure, f"kernel {'hangat' if watch.warm else 'biasa'}, percobaan {start}"
    raise AssertionError("the last start either returned or raised")


def broken(watch: engine.Watch, error: Exception, settings: Settings) -> Failure:
    """The failure of a kernel that died or hung, in words that do not differ from run to run."""
    if watch.cell is None:
        return Failure(None, "", type(error).__name__, str(error))
    message = str(error).strip().splitlines()[0] if str(error).strip() else ""
    if isinstance(error, CellTimeoutError):
        message = f"sel tidak selesai dalam {settings.timeout} detik"
    return Failure(
        source_place(watch.notebook, watch.cell),
        watch.notebook.cells[watch.cell].source,
        type(error).__name__,
        message,
    )


def unfinished(notebook: nbformat.NotebookNode) -> Failure | None:
    """The first code cell that never ran: papermill calls a notebook that stops with SystemExit complete."""
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            return Failure(
                source_place(notebook, place),
                cell.source,
                "SystemExit",
                "buku catatan berhenti sebelum sel ini",
            )
    return None


def source_place(notebook: nbformat.NotebookNode, place: int) -> int:
    """The cell's number, from 1, in the notebook as written, without the cell papermill puts in."""
    before = notebook.cells[: place + 1]
    return place + 1 - sum("injected-parameters" in cell.metadata.get("tags", []) for cell in before)


def page_hash(out: Path, item: Item) -> str:
    """SHA-256 of the item's page on disk; empty when there is none."""
    path = Path(out) / item.page
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def remove_stale(page: Path) -> None:
    """Better no page than yesterday's in the place of the one that could not be written."""
    try:
        page.unlink(missing_ok=True)
    except OSError:
        pass  # nothing can be changed here at all, so the page is still what the last run made


def without_run(notebook: nbformat.NotebookNode) -> str:
    """The executed notebook without times, process ids and the kernel's name: equal inputs give equal bytes."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"  # papermill draws a random one
    return nbformat.writes(notebook) + "\n"
