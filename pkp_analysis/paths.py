"""Where the project's folders are, whichever folder a command or a notebook is started from."""

import os
from pathlib import Path

from .errors import BadRequestError

PACKAGE = Path(__file__).resolve().parent
REFERENCE = PACKAGE / "reference"
OWN = "saya/"  # folder of the pages made from a planner's own notebooks


def library_files() -> list[Path]:
    """Every module, sentence, table and template of the package, in a fixed order."""
    found = (path for path in PACKAGE.rglob("*") if "__pycache__" not in path.parts)
    return sorted(path for path in found if path.is_file())


def project_root() -> Path:
    """The folder that holds `data/raw` and `notebooks`.

    In this order: the environment variable PKP_ROOT, the current folder and those above it, the checkout the
    package is installed from. Raises BadRequestError when none of them is a project folder.
    """
    named = os.environ.get("PKP_ROOT")
    if named:
        root = Path(named).resolve()
        if not _is_project(root):
            raise BadRequestError(
                f"PKP_ROOT menunjuk {root}, yang tidak memuat folder data/raw dan notebooks. Isi dengan"
                " folder proyek."
            )
        return root
    here = current_folder()
    for folder in (here, *here.parents, PACKAGE.parent):
        if _is_project(folder):
            return folder
    raise BadRequestError(
        f"Tidak ada folder proyek dari {here} ke atas: seharusnya folder yang memuat data/raw dan notebooks. "
        "Jalankan perintah di dalam proyek, atau isi variabel PKP_ROOT."
    )


def current_folder() -> Path:
    """The folder a command was started in. Raises BadRequestError when it was deleted meanwhile."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise BadRequestError(
            "Folder kerja sudah dihapus. Pindah ke folder proyek dengan `cd`, lalu ulangi."
        ) from None


def _is_project(folder: Path) -> bool:
    return (folder / "data" / "raw").is_dir() and (folder / "notebooks").is_dir()


def raw_dir() -> Path:
    return project_root() / "data" / "raw"


def processed_dir() -> Path:
    return project_root() / "data" / "processed"


def reports_dir() -> Path:
    return project_root() / "reports"


def notebooks_dir() -> Path:
    return project_root() / "notebooks"
