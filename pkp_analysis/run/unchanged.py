"""Whether anything at all has changed since the last good run: told from bytes, before anything slow is
imported.
"""

import hashlib
import json
import sys
from pathlib import Path

from .. import paths
from ..files import sha256, write

MANIFEST = "jejak/manifest.json"
JOURNAL = "jejak/jurnal.jsonl"  # a line per finished item, so that a killed run loses nothing it has finished
REQUEST = (  # the last request whose pages were all good, and the state of everything it read
    "jejak/permintaan.json"
)


def fingerprint(request: dict, folder: Path) -> str:
    """A hash of a request (what JSON or str() can write), of the tables in `folder`, and of program,
    notebooks and lock file.
    """
    root = paths.project_root()
    files = [path for path in paths.PACKAGE.rglob("*") if "__pycache__" not in path.parts]
    files += [
        path
        for path in (root / "notebooks").rglob("*")
        if not {".ipynb_checkpoints", "saya"} & set(path.parts)
    ]
    files += [
        path for path in folder.glob("*") if not path.name.startswith("models-")
    ]  # made from the others
    files += [root / "requirements.lock", *([Path(request["notebook"])] if request.get("notebook") else [])]
    digest = hashlib.sha256(json.dumps([request, sys.version], sort_keys=True, default=str).encode())
    for path in sorted(path for path in files if path.is_file()):
        digest.update(f"{path}:{path.stat().st_size}:".encode() + path.read_bytes())
    return digest.hexdigest()


def unchanged(out: Path, state: str) -> list[str] | None:
    """The names of the request's pages when the last good run had this fingerprint and all it made is
    untouched; else None.
    """
    try:
        request = json.loads((out / REQUEST).read_text(encoding="utf-8"))
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        pages = {entry["page"]: entry["page_sha256"] for entry in manifest["items"].values()}
        expected = pages | manifest["site"]["files"] | request["files"]
        same = request["fingerprint"] == state and not (out / JOURNAL).exists()
        same = same and all(sha256(out / place) == found for place, found in expected.items())
    except (OSError, ValueError, KeyError, TypeError):  # missing, cut off, or not what was written
        return None
    return request["names"] if same else None


def forget(out: Path) -> None:
    """From here on the last request no longer counts; OSError when the folder cannot be changed."""
    (out / REQUEST).unlink(missing_ok=True)


def remember(out: Path, state: str, names: list[str], made: list[Path]) -> None:
    """Note a request that succeeded: its fingerprint, its pages' names, and what it made beside the site."""
    files = {str(path): sha256(path) for path in made}
    write(out / REQUEST, json.dumps({"fingerprint": state, "names": names, "files": files}, indent=1) + "\n")
