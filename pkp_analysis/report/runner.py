"""The main job: plan, execute side by side, write the site and the manifest. One failing item never stops the rest."""

import json
import os
import platform
import sys
import time
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from .. import paths
from ..data.dataset import Dataset, load_dataset
from ..errors import BadRequestError
from . import site
from .execute import Failure, Result, execute, page_hash
from .frame import write
from .plan import Item, plan
from .region_data import load_models

MANIFEST = "jejak/manifest.json"


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
) -> list[Result]:
    """Make the pages of a run and the site around them in `out` (default reports/); returns a Result per item.

    Items whose key and page are unchanged since the last run are skipped unless `force`.
    """
    dataset = dataset or load_dataset()
    out = Path(out or paths.reports_dir())
    items, context = prepare(dataset, out, region_codes, province, report_year, langs, notebook)
    results = execute_all(items, context, out, jobs, force, executor)
    site.build_site(dataset, items, results, out, langs, internal)
    return results


def prepare(dataset: Dataset, out: Path, *request) -> tuple[list[Item], site.Context]:
    """The planned items and what their pages know of each other; an item's key covers both."""
    items = plan(dataset, load_models(dataset, paths.processed_dir()), *request)
    context = site.context(dataset, items, out)
    return [replace(item, key=item.key + context.key(item)) for item in items], context


def execute_all(
    items: list[Item], context, out: Path, jobs: int | None = None, force: bool = False, executor: Executor | None = None
) -> list[Result]:
    """Execute what is not up to date, `jobs` at a time (default: one per core), and write the manifest."""
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    os.environ["PKP_ROOT"] = str(paths.project_root())  # kernels find the project wherever they are started
    previous = read_manifest(out)
    fresh = {item.name for item in items if not force and is_fresh(item, previous, out)}
    results = {item.name: Result(item, "skipped", page_sha256=page_hash(out, item)) for item in items if item.name in fresh}
    todo = [item for item in items if item.name not in fresh]
    pool = executor or ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1)
    started = time.time()
    try:
        futures = {pool.submit(execute, item, context, out): item for item in todo}
        for future in progress(as_completed(futures), len(todo)):
            item = futures[future]
            error = future.exception()
            if error is not None:  # the worker itself broke; the item is failed, the rest goes on
                result = Result(item, "failed", failure=Failure(None, "", type(error).__name__, str(error)))
                write(out / item.page, site.failure_html(item, result.failure, context))
            else:
                result = future.result()
            results[item.name] = result
    finally:
        if executor is None:
            pool.shutdown(cancel_futures=True)
    ordered = [results[item.name] for item in items]
    write_manifest(out, ordered, previous, started)
    return ordered


def progress(futures, total: int):
    """A bar with the time left on a terminal, a plain line per item elsewhere."""
    if sys.stderr.isatty():
        yield from tqdm(futures, total=total, unit="halaman", file=sys.stderr)
        return
    for done, future in enumerate(futures, start=1):
        outcome = "gagal" if future.exception() else {"done": "selesai", "failed": "gagal"}[future.result().state]
        name = "" if future.exception() else future.result().item.name
        print(f"[{done}/{total}] {name} {outcome}", file=sys.stderr, flush=True)
        yield future


def is_fresh(item: Item, previous: dict, out: Path) -> bool:
    """Whether the page on disk is the one the last successful run of the same key wrote."""
    entry = previous.get("items", {}).get(item.name)
    return bool(entry) and entry["state"] == "done" and entry["key"] == item.key and entry["page_sha256"] == page_hash(out, item) != ""


def reason(item: Item, previous: dict, out: Path, force: bool = False) -> str:
    """Why the item would run, or "tidak berubah" when it would not."""
    entry = previous.get("items", {}).get(item.name)
    if not force and is_fresh(item, previous, out):
        return "tidak berubah"
    if force:
        return "diminta ulang (--force)"
    if not entry:
        return "belum pernah dibuat"
    if entry["state"] != "done":
        return "gagal pada pembuatan terakhir"
    if entry["page_sha256"] != page_hash(out, item):
        return "halaman hilang atau tidak utuh"
    if entry["data_version"] != item.data_version:
        return "data berubah"
    return "parameter berubah" if entry["parameters"] != item.parameters else "program, templat, model, atau buku catatan berubah"


@contextmanager
def executor_of(scheduler: str | None):
    """The executor of a Dask cluster while the block runs; None (local) without a scheduler address."""
    if not scheduler:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise BadRequestError("--scheduler memerlukan Dask. Pasang dengan `pip install pkp-analysis[dask]`.") from error
    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        raise BadRequestError(f"Klaster Dask di {scheduler} tidak menjawab ({error}). Periksa alamatnya, misalnya tcp://host:8786.") from error
    with client, client.get_executor() as executor:
        yield executor


def read_manifest(out: Path) -> dict:
    """The manifest of the last run; empty when there is none or it cannot be read."""
    path = Path(out) / MANIFEST
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_manifest(out: Path, results: list[Result], previous: dict, started: float) -> None:
    """Entries of this run over those of earlier runs whose pages are still there."""
    entries = {name: entry for name, entry in previous.get("items", {}).items() if (out / entry["page"]).is_file()}
    for result in results:
        if result.state == "skipped":
            continue
        entries[result.item.name] = {
            "page": result.item.page, "notebook": result.item.notebook.name, "parameters": result.item.parameters,
            "key": result.item.key, "data_version": result.item.data_version, "state": result.state, "seconds": result.seconds,
            "page_sha256": result.page_sha256, "failure": result.failure.__dict__ if result.failure else None,
        }
    manifest = {
        "items": dict(sorted(entries.items())),
        "run": {
            "started": started, "seconds": round(time.time() - started, 3), "python": platform.python_version(),
            "versions": {name: version(name) for name in ("pkp-analysis", "papermill", "nbconvert", "pandas", "matplotlib")},
            "done": sum(result.state == "done" for result in results),
            "skipped": sum(result.state == "skipped" for result in results),
            "failed": sum(result.state == "failed" for result in results),
        },
    }
    write(out / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def summary(results: list[Result], out: Path) -> dict:
    """What `--json` prints."""
    return {
        "out": str(out),
        "done": [result.item.name for result in results if result.state == "done"],
        "skipped": [result.item.name for result in results if result.state == "skipped"],
        "failed": [
            {"name": result.item.name, "page": result.item.page, **result.failure.__dict__} for result in results if result.state == "failed"
        ],
    }
