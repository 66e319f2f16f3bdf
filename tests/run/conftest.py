"""A project with quick notebooks and few figures: what the runner does with them is the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from pkp_analysis.data.dataset import Dataset, load_dataset, write_dataset
from pkp_analysis.region.models import save_models

from .runner_project import make_project


@pytest.fixture(scope="session")
def processed_dir(shared, country) -> Path:
    """The tables without the regencies of other provinces, so that downloads are written in a moment."""

    def build(folder: Path) -> None:
        whole = load_dataset(country)
        codes = whole.observations["region_code"]
        rows = whole.observations[(codes.str.len() == 2) | codes.str.startswith("63")]
        provenance = whole.provenance | {"data_version": "63" * 6}
        few = replace(whole, observations=rows.reset_index(drop=True), provenance=provenance)
        write_dataset(few, folder)
        save_models(few, folder)

    return shared("processed-63", build)


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
