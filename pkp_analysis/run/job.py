"""The main job: plan, execute side by side, write the site and the manifest. One failing item never stops the
rest.
"""

import hashlib
import json
import os
import signal
import sys
import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from .. import paths
from ..data.dataset import Dataset, load_dataset
from ..errors import BadRequestError, PkpError
from ..files import write
from ..region.models import hyperparameters, keep_models
from ..site import page as site
from ..site import pdf
from . import build, engine
from .engine import stopping
from .execute import CELL_TIMEOUT, Failure, Result, Settings, execute, get_ready, page_hash, remove_stale
from .kernel_servers import FIXED, close_all, close_idle
from .manifest import is_fresh, note, read_manifest, site_is_fresh, write_manifest
from .plan import Item, plan
from .sockets import lock_file

LOCK = "jejak/kunci"
LEAST_MEMORY = 2 << 30  # bytes a kernel may always use
FIRST = ("methods", "quality", "indicator")  # the longest first, so that no core waits at the end


def run(
    dataset: Dataset | None = None,
    *,
    region_codes: list[str] | None = None,
    province: str = "63",
    report_year: int | None = None,
    langs: tuple[str, ...] = ("id",),
    jobs: int | None = None,
    force: bool = False,
    out: Path | None = None,
    notebook: Path | None = None,
    executor: Executor | None = None,
    internal: bool = False,
    with_pdf: bool = False,
    timeout: int = CELL_TIMEOUT,
) -> list[Result]:
    """Make the pages of a run and the site around them in `out` (default reports/); returns a Result per
    item.

    Items whose key and page are unchanged since the last run are skipped unless `force`; with_pdf also prints
    the pages. Raises BadRequestError when
    `out` cannot be written or another run is using it, PkpError when the site around the pages cannot be
    written.
    """
    dataset = dataset or load_dataset()
    out, started = Path(out or paths.reports_dir()), time.time()
    items, context = prepare(dataset, out, region_codes, province, report_year, langs, notebook, keep=True)
    with held(out), ThreadPoolExecutor(max_workers=1) as beside, interruptible():
        previous = read_manifest(out)
        made_again = force or not all(is_fresh(item, previous, out) for item in items)

        def papers():
            return build.write_beside(dataset, items, out, langs, internal, stopping.is_set)

        begun = beside.submit(papers) if made_again else None  # while the kernels work
        results = execute_all(items, context, out, jobs, force, executor, timeout)
        try:
            key = site_key(items, results, langs, internal, dataset)
            if (
                made_again
                or not site_is_fresh(out, key, previous)
                or (with_pdf and pdf.unprinted(results, out))
            ):
                around = begun.result() if begun else papers()
                results = build.finish_site(around, items, results, out, langs, with_pdf)
                write_manifest(
                    out,
                    results,
                    started,
                    key,
                    {"data_version": dataset.provenance["data_version"], "shared": items[0].shared},
                )
        except OSError as error:
            raise PkpError(
                f"{out}: situs tidak dapat ditulis ({error}). Sediakan ruang, lalu jalankan lagi; yang sudah"
                " selesai tidak diulang."
            ) from error
    return results


def prepare(
    dataset: Dataset,
    out: Path,
    region_codes=None,
    province="63",
    report_year=None,
    langs=("id",),
    notebook=None,
    keep=False,
) -> tuple[list[Item], site.Context]:
    """The planned items and what their pages know of each other; an item's key covers both. `keep`: kernels
    find the models.
    """
    models, key = hyperparameters(dataset, paths.processed_dir())
    items = plan(dataset, models, region_codes, province, report_year, langs, notebook)
    if keep:
        keep_models(models, key, paths.processed_dir())
    context = site.context(dataset, items, out)
    return [replace(item, key=item.key + context.key(item)) for item in items], context


def site_key(items: list[Item], results: list[Result], langs, internal: bool, dataset: Dataset) -> str:
    """What the first page and the downloads are made of."""
    failures = [(result.item.name, result.failure.__dict__) for result in results if result.state == "failed"]
    made_of = [
        [item.key for item in items],
        failures,
        langs,
        internal,
        dataset.provenance["data_version"],
        site.template_key(),
    ]
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:32]


def execute_all(
    items: list[Item],
    context,
    out: Path,
    jobs: int | None = None,
    force: bool = False,
    executor: Executor | None = None,
    timeout: int = CELL_TIMEOUT,
) -> list[Result]:
    """Execute what is not up to date, `jobs` at a time (default: one more than cores), noting each result in
    the journal.
    """
    jobs = jobs or (os.cpu_count() or 1) + 1  # starting and ending a kernel is mostly waiting
    settings = Settings(
        FIXED | {"PKP_ROOT": str(paths.project_root())}, timeout=timeout, memory=memory_each(jobs)
    )
    previous = read_manifest(out)
    fresh = {item.name for item in items if not force and is_fresh(item, previous, out)}
    results = {
        item.name: Result(item, "skipped", page_sha256=page_hash(out, item))
        for item in items
        if item.name in fresh
    }
    todo = sorted(
        (item for item in items if item.name not in fresh),
        key=lambda item: FIRST.index(item.kind) if item.kind in FIRST else len(FIRST),
    )
    pool = executor or ThreadPoolExecutor(max_workers=jobs)
    if todo and not executor:
        threading.Thread(target=get_ready).start()
    try:
        futures = {pool.submit(execute, item, context, Path(out), settings): item for item in todo}
        for future in progress(as_completed(futures), futures):
            item = futures.pop(future)  # a cluster makes again what it still holds when a worker dies
            error = future.exception()
            result = future.result() if error is None else worker_broke(item, error, context, Path(out))
            results[item.name] = result
            try:
                note(out, result)
            except OSError:
                pass  # disk full: the page's own failure says so, and the item is simply made again next time
    except BaseException:
        stopping.set()
        engine.end_running()
        close_all()
        raise
    finally:
        if executor is None:
            pool.shutdown(cancel_futures=True)
    return [results[item.name] for item in items]


def worker_broke(item: Item, error: BaseException, context, out: Path) -> Result:
    """The failed Result, and page, of an item whose worker itself broke."""
    failure = Failure(None, "", type(error).__name__, str(error))
    try:
        write(out / item.page, site.failure_html(item, failure, context))
    except OSError:
        remove_stale(out / item.page)
    return Result(item, "failed", failure=failure, page_sha256=page_hash(out, item))


def memory_each(jobs: int) -> int | None:
    """Bytes a kernel may use when `jobs` of them share the machine; None where that is unknown."""
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
        print(
            f"[{done}/{total}] {futures[future].name} {'selesai' if good else 'gagal'}",
            file=sys.stderr,
            flush=True,
        )
        yield future


@contextmanager
def held(out: Path):
    """Hold the output folder while the block runs.

    Raises BadRequestError naming the holder when another run has it, or the reason when it cannot be written.
    """
    path = Path(out) / LOCK
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "a+", encoding="utf-8")
    except OSError as error:
        raise BadRequestError(
            f"{out} tidak dapat ditulis ({error}). Pilih folder lain dengan --out, atau perbaiki izinnya."
        ) from error
    with file:
        if not lock_file(file):
            file.seek(0)
            raise BadRequestError(
                f"{out} sedang dipakai oleh {file.read().strip() or 'proses lain'}. Tunggu sampai selesai,"
                " atau pilih folder lain dengan --out."
            )
        file.truncate(0)
        try:
            file.write(
                f"proses {os.getpid()} di {os.uname().nodename if hasattr(os, 'uname') else 'komputer ini'}\n"
            )
            file.flush()
        except OSError:
            pass  # a full disk: the lock itself holds all the same
        yield


@contextmanager
def interruptible():
    """SIGTERM ends the block as Ctrl-C does, and `stopping` says so to its threads; outside the main thread
    signals are not ours to handle.
    """
    stopping.clear()

    def stop(*_):
        raise KeyboardInterrupt

    ours = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, stop) if ours else None
    try:
        yield
    except BaseException:
        stopping.set()
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
        try:
            yield executor
        finally:
            client.run(close_idle, on_error="ignore")  # the workers live on, their warm kernels need not
