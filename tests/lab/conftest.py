"""A project folder as a clean clone has it, and one with clean tables, so that nothing is written into the
checkout.
"""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def clone(root: Path) -> Path:
    """What a planner has before anything was run: notebooks, raw data and the files `make` looks at."""
    shutil.copytree(
        ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints", "saya")
    )
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture(scope="module")
def project(processed_dir, dataset, tmp_path_factory) -> Path:
    """A clone with clean tables and fitted models."""
    root = clone(tmp_path_factory.mktemp("proyek"))
    shutil.copytree(processed_dir, root / "data" / "processed")
    return root
