"""Fixtures several layers share."""

from pathlib import Path

import pytest
from hypothesis import settings

from pkp_analysis.data.dataset import Dataset, build_dataset, load_dataset

# A busy machine is no failure: what a property test proves does not depend on how long an example takes.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def raw_dir() -> Path:
    return ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def processed_dir(tmp_path_factory) -> Path:
    """A folder with the tables built from data/raw, once per session."""
    folder = tmp_path_factory.mktemp("processed")
    build_dataset(ROOT / "data" / "raw", folder)
    return folder


@pytest.fixture(scope="session")
def dataset(processed_dir) -> Dataset:
    return load_dataset(processed_dir)
