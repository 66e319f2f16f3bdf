"""The main job: plan, execute side by side, write the site and the manifest. One failing item never stops the
rest.
"""

import os
import signal
import sys
import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from .. import paths
from ..data.dataset import VERSION_VARIABLE, Dataset, load_dataset
from ..errors import BadRequestError, PkpError
from ..files import locked, sha256
from ..region.models import hyperparameters, keep_models
from ..site import page as site
from ..words.catalogue import load_sentences
from . import build, processes
from .execute import CELL_TIMEOUT, Result, Settings, execute, failed, failure_of, page_hash
from .manifest import is_fresh, note, read_manifest, write_manifest, written
from .plan import WHOLE, Item, Request, plan

LEAST_MEMORY = 2 << 30  # bytes a notebook may always use
PROBE = Path("jejak") / ("k" * 120)  # longer than any name in the site
FIRST = ("methods", "quality", "indicator")  # the longest first, so that no core waits at the end


def run(
    dataset: Dataset | None = None,
    request: Request = WHOLE,
    *,
    out: Path | None = None,
    jobs: int | None = None,
    force: bool = False,
    executor: Executor | None = None,
    with_pdf: bool = False,
    timeout: int = CELL_TIMEOUT,
) -> list[Result]:
    """Make the pages asked for and the site around them in `out` (default reports/); returns a Result per item.

    Items whose key and page are unchanged since the last run are skipped unless `force`; with_pdf also prints
    the pages. Raises BadRequestError when `out` cannot be written or another run is using it, PkpError when
    the site around the pages cannot be written.
    """
    dataset = dataset or load_dataset()
    out, started = Path(out or paths.reports_dir()), time.time()
    items, context = prepare(dataset, out, request, keep=True)
    stopped = threading.Event()
    with held(out), ThreadPoolExecutor(max_workers=1) as beside, interruptible(stopped):
        # while the notebooks run
        earlier = {} if force else written(out, items[0].shared)
        around = beside.submit(build.write_beside, dataset, items, out, earlier, stopped.is_set)
        results = execute_all(items, context, out, jobs, force, executor, timeout, dataset.version)
        try:
            results = build.finish_site(around.result(), items, results, out, request.langs, with_pdf)
            inputs = {"data_version": dataset.version, "shared": items[0].shared}
            write_manifest(out, results, started, inputs)
        except OSError as error:
            raise PkpError(
                f"{out}: situs tidak dapat ditulis ({error}). Sediakan ruang, lalu jalankan lagi; yang sudah"
                " selesai tidak diulang."
            ) from error
    return results


def prepare(
    dataset: Dataset, out: Path, request: Request = WHOLE, keep: bool = False
) -> tuple[list[Item], site.Context]:
    """The planned items and what their pages know of each other; an item's key covers both. `keep`: notebooks
    find the models.
    """
    try:
        (out / PROBE).is_file()
    except OSError as error:  # a name too long
        raise unwritable(out, error) from error
    models, key = hyperparameters(dataset, paths.processed_dir())
    items = plan(dataset, models, request)
    if keep:
        keep_models(models, key, paths.processed_dir())
    context = site.context(dataset, items, out)
    return [replace(item, key=item.key + context.key(item)) for item in items], context


def execute_all(
    items: list[Item],
    context,
    out: Path,
    jobs: int | None = None,
    force: bool = False,
    executor: Executor | None = None,
    timeout: int = CELL_TIMEOUT,
    version: str = "",
) -> list[Result]:
    """Execute what is not up to date, `jobs` at a time (default: one more than cores), noting each result in
    the journal. `version` names the clean data that every notebook reads, whatever else is built meanwhile.
    """
    jobs = jobs or (os.cpu_count() or 1) + 1  # starting and ending a process is mostly waiting
    for lang in site.frame.LANGUAGES:  # a slip in the catalogue is told here; processes would only die of it
        load_sentences(lang)
    fork = executor is None and processes.CAN_FORK and not os.environ.get("PKP_KERNEL")
    environment = {"PKP_ROOT": str(paths.project_root())} | ({VERSION_VARIABLE: version} if version else {})
    settings = Settings(environment, fork, timeout, memory_each(jobs))
    previous = read_manifest(out)
    fresh = [item for item in items if not force and is_fresh(item, previous, out)]
    results = {item.name: Result(item, "skipped", page_sha256=page_hash(out, item)) for item in fresh}
    todo = sorted(
        (item for item in items if item.name not in results),
        key=lambda item: FIRST.index(item.kind) if item.kind in FIRST else len(FIRST),
    )
    pool = executor or (processes.OwnProcesses if fork else ThreadPoolExecutor)(max_workers=jobs)
    try:
        futures = {pool.submit(execute, item, context, out, settings): item for item in todo}
        for future in progress(as_completed(futures), futures):
            item = futures.pop(future)  # a cluster makes again what it still holds when a worker dies
            error = future.exception()
            result = future.result() if error is None else failed(item, failure_of(error), context, out)
            if not as_planned(item):
                result = replace(result, item=replace(item, key=""))  # made across a change: next time again
            results[item.name] = result
            with suppress(OSError):  # disk full: the page's own failure says so
                note(out, result)
    except BaseException:
        if fork:
            pool.stop()
        raise
    finally:
        if executor is None:
            pool.shutdown(cancel_futures=True)
    return [results[item.name] for item in items]


def as_planned(item: Item) -> bool:
    """Whether notebook and library are still those of the item's key."""
    try:
        return sha256(item.notebook) == item.source and not processes.source_changed()
    except OSError:
        return False


def memory_each(jobs: int) -> int | None:
    """Bytes a notebook may use when `jobs` of them share the machine; None where that is unknown."""
    if not hasattr(os, "sysconf"):
        return None
    return max(LEAST_MEMORY, int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 0.8 / jobs))


def progress(finished, futures: dict):
    """A bar with the time left on a terminal, a plain line per item elsewhere."""
    total = len(futures)
    if sys.stderr.isatty():
        yield from tqdm(finished, total=total, unit="halaman", file=sys.stderr)
        return
    for done, future in enumerate(finished, start=1):
        good = future.exception() is None and future.result().state == "done"
        told = f"[{done}/{total}] {futures[future].name} {'selesai' if good else 'gagal'}"
        print(told, file=sys.stderr, flush=True)
        yield future


@contextmanager
def held(out: Path):
    """Hold the output folder while the block runs, without what a killed run left half-written.

    Raises BadRequestError when another run has it, or the reason when it cannot be written.
    """
    probe = out / PROBE
    try:
        probe.parent.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise unwritable(out, error) from error
    with locked(out, wait=0):
        for left in out.rglob("*.part"):
            with suppress(OSError):
                left.unlink()
        yield


def unwritable(out: Path, error: OSError) -> BadRequestError:
    return BadRequestError(
        f"{out} tidak dapat ditulis ({error.strerror}). Pilih folder lain dengan --out, atau perbaiki izinnya."
    )


@contextmanager
def interruptible(stopped: threading.Event):
    """SIGTERM ends the block as Ctrl-C does, and `stopped` says so to its threads; outside the main thread
    signals are not ours to handle.
    """

    def stop(*_):
        raise KeyboardInterrupt

    ours = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, stop) if ours else None
    try:
        yield
    except BaseException:
        stopped.set()
        raise
    finally:
        if ours:
            signal.signal(signal.SIGTERM, before)


@contextmanager
def executor_of(scheduler: str | None):
    """The executor of a Dask cluster while the block runs; None (local) without a scheduler address."""
    if not scheduler:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise BadRequestError(
            "--scheduler memerlukan Dask. Pasang dengan `pip install pkp-analysis[dask]`."
        ) from error
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise BadRequestError(
            f"Klaster Dask di {scheduler} tidak menjawab ({error}). Periksa alamatnya, misalnya"
            " tcp://host:8786."
        ) from error
    with client, client.get_executor(pure=False) as executor:
        yield executor
