"""A project with quick notebooks and few figures: what the runner does with them is the same."""

from pathlib import Path

import pytest

from pkp_analysis.data.dataset import Dataset, load_dataset

from .runner_project import make_project


@pytest.fixture(scope="session")
def processed_dir(banua) -> Path:
    return banua


@pytest.fixture(scope="session")
def dataset(processed_dir) -> Dataset:
    return load_dataset(processed_dir)


@pytest.fixture(scope="module")
def project(tmp_path_factory, processed_dir):
    """A project folder with quick notebooks, one per module, which PKP_ROOT names while the module runs."""
    folder = make_project(tmp_path_factory.mktemp("uji") / "proyek", processed_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PKP_ROOT", str(folder))
        yield folder
