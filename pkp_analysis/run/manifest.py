"""What the last run made and from what: decides which pages are still right. jejak/manifest.json, a journal while
a run lasts, and the last request, which tells from bytes alone that nothing at all has changed.

Imports nothing slow: a command that finds nothing to do ends before pandas is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from .. import paths
from ..files import sha256, write

if TYPE_CHECKING:
    from .execute import Result
    from .plan import Item

MANIFEST = "jejak/manifest.json"
JOURNAL = "jejak/jurnal.jsonl"  # a line per finished item, so that a killed run loses nothing it has finished
REQUEST = "jejak/permintaan.json"  # the last request whose pages were all good, and the state of all it read
PACKAGES = ("pkp-analysis", "papermill", "nbconvert", "ipykernel", "pandas", "numpy", "scipy", "matplotlib")
SPOILED = (OSError, ValueError, KeyError, TypeError, AttributeError)  # missing, cut off, not what was written


def read_manifest(out: Path) -> dict:
    """The manifest with the journal of a run that was cut off; empty when there is none or it cannot be read."""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        for entry in manifest["items"].values():
            entry["page"], entry["key"], entry["state"], entry["page_sha256"], entry["failure"]
    except SPOILED:
        manifest = {"items": {}}
    try:
        for line in (out / JOURNAL).read_text(encoding="utf-8").splitlines():
            name, entry = json.loads(line)
            manifest["items"][name] = entry
    except SPOILED:
        pass  # no journal, or the line being written when the run was cut off
    return manifest


def note(out: Path, result: Result) -> None:
    """Add a finished item to the journal, on the disk before the next one counts as done."""
    path = out / JOURNAL
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as journal:
        journal.write(json.dumps([result.item.name, entry_of(result)], ensure_ascii=False) + "\n")
        journal.flush()
        os.fsync(journal.fileno())


def entry_of(result: Result) -> dict:
    item = result.item
    return {
        "page": item.page,
        "title": item.title,
        "notebook": item.notebook.name,
        "parameters": item.parameters,
        "key": item.key,
        "data_version": item.data_version,
        "state": result.state,
        "seconds": result.seconds,
        "page_sha256": result.page_sha256,
        "failure": result.failure.__dict__ if result.failure else None,
    }


def write_manifest(out: Path, results: list[Result], started: float, inputs: dict) -> None:
    """Entries of this run over those of earlier runs whose pages are still there; the journal is done with."""
    earlier = read_manifest(out)
    for page in gone(earlier):
        (out / page).unlink(missing_ok=True)
    entries = {name: entry for name, entry in earlier["items"].items() if (out / entry["page"]).is_file()}
    entries |= {result.item.name: entry_of(result) for result in results if result.state != "skipped"}
    states = [result.state for result in results]
    manifest = {
        "items": dict(sorted(entries.items())),
        "site": {"files": site_files(out, {entry["page"] for entry in entries.values()})},
        "inputs": inputs,
        "run": {
            "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
            "seconds": round(time.time() - started, 3),
            "python": platform.python_version(),
            "versions": {name: version(name) for name in PACKAGES},
            **{state: states.count(state) for state in ("done", "skipped", "failed")},
        },
    }
    write(out / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    (out / JOURNAL).unlink(missing_ok=True)


def failures(items: list[Item], results: list[Result], out: Path) -> list[dict]:
    """The entries of reports that a reader of `out` can come upon and that could not be made: by this run, or by
    earlier ones when nothing has made them again.
    """
    found, planned = [entry_of(result) for result in results if result.failure], {item.page for item in items}
    for entry in read_manifest(out)["items"].values():
        if entry["failure"] and entry["page"] not in planned and (out / entry["page"]).is_file():
            found.append(entry)
    return found


def gone(manifest: dict) -> list[str]:
    """Pages that only say a planner's own notebook failed, and that notebook is no longer there."""
    there = {path.name for path in paths.notebooks_dir().rglob("*.ipynb")}
    return [
        entry["page"]
        for entry in manifest["items"].values()
        if entry["page"].startswith(paths.OWN) and entry["failure"] and entry["notebook"] not in there
    ]


def site_files(out: Path, pages: set[str]) -> dict[str, str]:
    """place -> SHA-256 of every file of the site that is not an item's page."""
    places = {path.relative_to(out).as_posix(): path for path in sorted(out.rglob("*"))}
    return {
        place: sha256(path)
        for place, path in places.items()
        if path.is_file() and not place.startswith("jejak/") and path.suffix != ".part" and place not in pages
    }


def written(out: Path, shared: str) -> dict[str, str]:
    """site_files as the last run wrote them; none when it had another library or lock file (`shared` of its items)."""
    try:
        manifest = read_manifest(out)
        return manifest["site"]["files"] if manifest["inputs"]["shared"] == shared else {}
    except SPOILED:
        return {}


def is_fresh(item: Item, previous: dict, out: Path) -> bool:
    """Whether the page on disk is the one the last successful run of the same key wrote."""
    return reason(item, previous, out) == "tidak berubah"


def reason(item: Item, previous: dict, out: Path, force: bool = False) -> str:
    """Why the item would run, or "tidak berubah" when it would not."""
    entry, page = previous["items"].get(item.name), out / item.page
    if force:
        return "diminta ulang (--force)"
    if not entry:
        return "belum pernah dibuat"
    if entry["state"] != "done":
        return "gagal pada pembuatan terakhir"
    if not page.is_file() or entry["page_sha256"] != sha256(page):
        return "halaman hilang atau tidak utuh"
    if entry["key"] == item.key:
        return "tidak berubah"
    if entry.get("data_version") != item.data_version:
        return "data berubah"
    if entry.get("parameters") != item.parameters:
        return "parameter berubah"
    return "program, templat, model, atau buku catatan berubah"


def summary(results: list[Result], out: Path) -> dict:
    """What `--json` prints."""
    told = {"out": str(out), "done": [], "skipped": [], "failed": []}
    for result in results:
        about = {"name": result.item.name, "page": result.item.page}
        told[result.state].append(about | vars(result.failure) if result.failure else result.item.name)
    return told


# The last request


def source_hash() -> str:
    """What every page depends on: library with its templates and tables, lock file, Python."""
    return digest(sys.version, [*paths.library_files(), paths.project_root() / "requirements.lock"])


def digest(start: str, files: list[Path]) -> str:
    """A hash of a text and of what is in the files, as far as they are there."""
    found = hashlib.sha256(start.encode())
    for path in sorted(filter(Path.is_file, files)):
        found.update(f"{path.name}:{path.stat().st_size}:".encode() + path.read_bytes())
    return found.hexdigest()


def fingerprint(request: dict, folder: Path) -> str:
    """A hash of a request (what JSON or str() can write), of the tables in `folder`, and of program and notebooks."""
    notebooks = [
        path
        for path in paths.notebooks_dir().rglob("*.ipynb")
        if not {".ipynb_checkpoints", "saya"} & set(path.parts)
    ]
    notebooks += [Path(request["notebook"])] if request.get("notebook") else []
    # what is kept of models is made from the others
    tables = [path for path in folder.glob("*") if not path.name.startswith("models-")]
    start = json.dumps([request, source_hash(), str(folder)], sort_keys=True, default=str)
    return digest(start, [*notebooks, *tables])


def unchanged(out: Path, state: str) -> list[str] | None:
    """The names of the request's pages when the last good run had this fingerprint and all it made is
    untouched; else None.
    """
    try:
        request = json.loads((out / REQUEST).read_text(encoding="utf-8"))
        manifest = read_manifest(out)
        pages = {entry["page"]: entry["page_sha256"] for entry in manifest["items"].values()}
        made = {paths.project_root() / place: found for place, found in request["files"].items()}
        expected = pages | manifest["site"]["files"] | made
        same = request["fingerprint"] == state and not (out / JOURNAL).exists() and not gone(manifest)
        same = same and all(sha256(out / place) == found for place, found in expected.items())
        return request["names"] if same else None
    except SPOILED:
        return None


def forget(out: Path) -> None:
    """From here on the last request no longer counts; OSError when the folder cannot be changed."""
    (out / REQUEST).unlink(missing_ok=True)


def remember(out: Path, state: str, names: list[str], made: list[Path]) -> None:
    """Note a request that succeeded: its fingerprint, its pages' names, and what else it made in the project."""
    files = {path.relative_to(paths.project_root()).as_posix(): sha256(path) for path in made}
    write(out / REQUEST, json.dumps({"fingerprint": state, "names": names, "files": files}, indent=1) + "\n")
