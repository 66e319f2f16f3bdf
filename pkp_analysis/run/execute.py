"""Runs one item: its notebook in a process of its own, then its page; nothing is written until it is whole."""

import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from ..data import regions
from ..files import sha256, write
from ..site import figure_files
from ..site import page as site
from .plan import Item
from .processes import ATTEMPTS, environment

CELL_TIMEOUT = 300  # seconds; the slowest cell of the shipped notebooks takes a few
MESSAGE = 2_000  # characters of an error that a page and the manifest keep
OTHER_KIND = {"provinsi": "hanya-wilayah", "kabupaten": "hanya-provinsi"}  # cells a region does without
NUMBER = "nomor"  # in the metadata of a cell while its notebook runs
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
    """How notebooks run: small and picklable, because it travels to the workers."""

    environment: dict = field(default_factory=dict)  # added to the worker's own
    fork: bool = False  # in a fork of this process, which then belongs to this item alone; else in a kernel
    timeout: int = CELL_TIMEOUT
    memory: int | None = None  # bytes a notebook may use


def execute(item: Item, context, out: Path, settings: Settings = Settings()) -> Result:
    """Run the item's notebook, then write its executed notebook and its page, each whole or not at all.

    A failure of the notebook or of its page is a Result with state "failed" and a page that says so, never an
    exception; where even that page cannot be written, the old one is removed.
    """
    started = time.monotonic()
    notebook, failure = run_notebook(item, settings)
    html, pictures, shared = "", {}, b""
    if failure is None:
        try:
            with _one_page:
                html, pictures, shared = site.page_of(notebook, item, context)
        except Exception as error:  # whatever a page is made of, it fails alone
            failure = failure_of(error)
    seconds = round(time.monotonic() - started, 3)
    try:
        if notebook is not None:
            write(out / "jejak" / f"{item.name}.ipynb", without_run(notebook))
        outcome = f"{failure.error}: {failure.message}" if failure else "selesai"
        write(out / "jejak" / f"{item.name}.log", f"{item.name}\n{item.parameters}\n{seconds} s\n{outcome}\n")
        figure_files.keep(out, item.page, pictures, shared)
        if failure is None:
            write(out / item.page, html)
    except OSError as error:
        failure = failure or failure_of(error)
    if failure is not None:
        return failed(item, failure, context, out, seconds)
    return Result(item, "done", seconds, page_sha256=page_hash(out, item))


def failure_of(error: BaseException) -> Failure:
    """What went wrong outside a cell."""
    return Failure(None, "", type(error).__name__, str(error)[:MESSAGE])


def failed(item: Item, failure: Failure, context, out: Path, seconds: float = 0.0) -> Result:
    """The failed Result of an item, and its page, which says so."""
    try:
        write(out / item.page, site.failure_html(item, failure, context))
    except OSError:
        with suppress(OSError):  # better no page than yesterday's, unless nothing can be changed here at all
            (out / item.page).unlink(missing_ok=True)
    return Result(item, "failed", seconds, failure, page_hash(out, item))


def run_notebook(item: Item, settings: Settings):
    """(executed notebook as far as it came, failure or None)."""
    import papermill  # here, because the run itself needs none of it
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillException, PapermillExecutionError
    from papermill.execute import ERROR_MARKER_TAG
    from zmq import ZMQError

    from ..notebook_format import nbformat
    from . import cells

    try:
        source = nbformat.read(item.notebook, as_version=4)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        failure = failure_of(error)
        return None, replace(
            failure, message=f"{item.notebook.name} tidak terbaca: {failure.message}"[:MESSAGE]
        )
    for number, cell in enumerate(source.cells, start=1):
        cell.metadata[NUMBER] = number  # as written: papermill adds a cell, and some are left out
    drop_other_kind(source, item)
    with tempfile.TemporaryDirectory(prefix="sel", ignore_cleanup_errors=True) as empty:
        client = partial(
            cells.ForkClient if settings.fork else cells.KernelClient,
            folder=str(item.notebook.parent) if item.kind == "own" else empty,
            environment=environment() | settings.environment,
            memory=settings.memory,
        )
        for attempt in range(1, ATTEMPTS + 1):
            watch, failure = cells.Watch(), None
            try:
                papermill.execute_notebook(
                    source,
                    None,
                    parameters=dict(item.parameters),
                    kernel_name="python3",
                    engine_name=cells.NAME,
                    progress_bar=False,
                    log_output=False,
                    execution_timeout=settings.timeout,
                    client=partial(client, watch=watch),
                )
                failure = unfinished(watch)
            except PapermillExecutionError as error:
                watch.notebook.cells = [
                    cell
                    for cell in watch.notebook.cells
                    if ERROR_MARKER_TAG not in cell.metadata.get("tags", [])  # which papermill puts in
                ]
                error = watch.error or error  # papermill names no group of errors: IPython only prints it
                failure = failed_cell(watch, error.ename, str(error.evalue))
            except (PapermillException, RuntimeError, OSError, ZMQError, CellTimeoutError) as error:
                if watch.cell is None and attempt < ATTEMPTS:
                    continue  # it never started
                message = next(iter(str(error).strip().splitlines()), "")
                if isinstance(error, CellTimeoutError):
                    message = f"sel tidak selesai dalam {settings.timeout} detik"
                failure = failed_cell(watch, type(error).__name__, message)
            return watch.notebook, failure
    raise AssertionError("the last attempt either returned or raised")


def drop_other_kind(notebook, item: Item) -> None:
    """Take out the cells meant for the other kind of region."""
    if item.region_code and item.kind in ("region", "own"):
        kind = regions.regions().at[item.region_code, "kind"]
        unwanted = OTHER_KIND["kabupaten" if kind in ("kabupaten", "kota") else "provinsi"]
        notebook.cells = [cell for cell in notebook.cells if unwanted not in cell.metadata.get("tags", [])]


def failed_cell(watch, error: str, message: str) -> Failure:
    """The failure of the cell that ran last, in words that do not differ from run to run."""
    if watch.cell is None:
        return Failure(None, "", error, message[:MESSAGE])
    cells = watch.notebook.cells[: watch.cell + 1]
    number = next(cell.metadata[NUMBER] for cell in reversed(cells) if NUMBER in cell.metadata)
    return Failure(number, cells[-1].source, error, message[:MESSAGE])


def unfinished(watch) -> Failure | None:
    """The first code cell that never ran: papermill calls a notebook that stops with SystemExit complete."""
    for place, cell in enumerate(watch.notebook.cells):
        watch.cell = place
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            return failed_cell(watch, "SystemExit", "buku catatan berhenti sebelum sel ini")
    return None


def page_hash(out: Path, item: Item) -> str:
    """SHA-256 of the item's page on disk; empty when there is none."""
    path = out / item.page
    return sha256(path) if path.is_file() else ""


def without_run(notebook) -> str:
    """The executed notebook without times and versions: equal inputs give equal bytes."""
    from ..notebook_format import nbformat

    notebook.metadata.pop("papermill", None)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for left in ("papermill", "execution", NUMBER):
            cell.metadata.pop(left, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"  # papermill draws a random one
    return nbformat.writes(notebook) + "\n"
