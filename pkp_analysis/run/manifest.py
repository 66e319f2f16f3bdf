"""What the last run made and from what: decides which pages are still right. jejak/manifest.json, and a
journal while a run lasts.
"""

import hashlib
import json
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

from ..files import write
from .execute import Result, page_hash
from .plan import Item
from .unchanged import JOURNAL, MANIFEST

PACKAGES = ("pkp-analysis", "papermill", "nbconvert", "ipykernel", "pandas", "numpy", "scipy", "matplotlib")


def read_manifest(out: Path) -> dict:
    """The manifest with the journal of a run that was cut off; empty when there is none or it cannot be read."""
    try:
        manifest = json.loads((Path(out) / MANIFEST).read_text(encoding="utf-8"))
        manifest["items"].values()
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ):  # missing, cut off, or not what was written
        manifest = {"items": {}}
    try:
        lines = (Path(out) / JOURNAL).read_text(encoding="utf-8").splitlines()
    except OSError:
        return manifest
    for line in lines:
        try:
            name, entry = json.loads(line)
        except ValueError:
            break  # the line being written when the run was cut off
        manifest["items"][name] = entry
    return manifest


def note(out: Path, result: Result) -> None:
    """Add a finished item to the journal, on the disk before the next one counts as done."""
    path = Path(out) / JOURNAL
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as journal:
        journal.write(json.dumps([result.item.name, entry_of(result)], ensure_ascii=False) + "\n")
        journal.flush()
        os.fsync(journal.fileno())


def entry_of(result: Result) -> dict:
    item = result.item
    return {
        "page": item.page,
        "notebook": item.notebook.name,
        "parameters": item.parameters,
        "key": item.key,
        "data_version": item.data_version,
        "state": result.state,
        "seconds": result.seconds,
        "page_sha256": result.page_sha256,
        "failure": result.failure.__dict__ if result.failure else None,
    }


def write_manifest(out: Path, results: list[Result], started: float, site_key: str, inputs: dict) -> None:
    """Entries of this run over those of earlier runs whose pages are still there; the journal is done with."""
    out = Path(out)
    entries = {
        name: entry for name, entry in read_manifest(out)["items"].items() if (out / entry["page"]).is_file()
    }
    entries |= {result.item.name: entry_of(result) for result in results if result.state != "skipped"}
    states = [result.state for result in results]
    manifest = {
        "items": dict(sorted(entries.items())),
        "site": {"key": site_key, "files": site_files(out, {entry["page"] for entry in entries.values()})},
        "inputs": inputs,
        "run": {
            "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
            "seconds": round(time.time() - started, 3),
            "host": platform.node(),
            "python": platform.python_version(),
            "versions": {name: version(name) for name in PACKAGES},
            **{state: states.count(state) for state in ("done", "skipped", "failed")},
        },
    }
    write(out / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    (out / JOURNAL).unlink(missing_ok=True)


def site_files(out: Path, pages: set[str]) -> dict[str, str]:
    """place -> SHA-256 of every file of the site that is not an item's page."""
    files = [
        path
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.relative_to(out).parts[0] != "jejak"
    ]
    places = {path.relative_to(out).as_posix(): path for path in files if path.suffix != ".part"}
    return {
        place: hashlib.sha256(path.read_bytes()).hexdigest()
        for place, path in places.items()
        if place not in pages
    }


def site_is_fresh(out: Path, key: str, previous: dict) -> bool:
    """Whether first page and downloads are those of the last run with the same key."""
    stored = previous.get("site", {})
    return stored.get("key") == key and stored["files"] == site_files(
        Path(out), {entry["page"] for entry in previous["items"].values()}
    )


def is_fresh(item: Item, previous: dict, out: Path) -> bool:
    """Whether the page on disk is the one the last successful run of the same key wrote."""
    entry = previous["items"].get(item.name)
    return (
        bool(entry)
        and entry["state"] == "done"
        and entry["key"] == item.key
        and entry["page_sha256"] == page_hash(out, item) != ""
    )


def reason(item: Item, previous: dict, out: Path, force: bool = False) -> str:
    """Why the item would run, or "tidak berubah" when it would not."""
    entry = previous["items"].get(item.name)
    if force:
        return "diminta ulang (--force)"
    if is_fresh(item, previous, out):
        return "tidak berubah"
    if not entry:
        return "belum pernah dibuat"
    if entry["state"] != "done":
        return "gagal pada pembuatan terakhir"
    if entry["page_sha256"] != page_hash(out, item):
        return "halaman hilang atau tidak utuh"
    if entry["data_version"] != item.data_version:
        return "data berubah"
    return (
        "parameter berubah"
        if entry["parameters"] != item.parameters
        else "program, templat, model, atau buku catatan berubah"
    )


def summary(results: list[Result], out: Path) -> dict:
    """What `--json` prints."""
    return {
        "out": str(out),
        "done": [result.item.name for result in results if result.state == "done"],
        "skipped": [result.item.name for result in results if result.state == "skipped"],
        "failed": [
            {"name": result.item.name, "page": result.item.page, **result.failure.__dict__}
            for result in results
            if result.state == "failed"
        ],
    }
