"""Reports of the session's tables, each made and read once."""

import pytest

from pkp_analysis.pages.region import RegionReport
from pkp_analysis.region import facts as region_data
from pkp_analysis.region import models as stored_models

from ..run.runner_project import make_project


@pytest.fixture(scope="session")
def models(dataset, processed_dir):
    """The fitted models."""
    return stored_models.load_models(dataset, processed_dir)


@pytest.fixture(scope="session")
def build(dataset, models):
    """A function that gives the report of a region; of the session's own tables each report is made once."""
    made = {}

    def make(code: str, lang: str = "id", year: int = 2024, data=None) -> RegionReport:
        if data is not None:
            return RegionReport(region_data.RegionData(code, year, data, models), lang)
        key = (code, lang, year)
        if key not in made:
            made[key] = RegionReport(region_data.RegionData(code, year, dataset, models), lang)
        return made[key]

    return make


@pytest.fixture(scope="module")
def project(tmp_path_factory, processed_dir):
    """A project folder with quick notebooks, one per module, which PKP_ROOT names while the module runs."""
    folder = make_project(tmp_path_factory.mktemp("uji") / "proyek", processed_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PKP_ROOT", str(folder))
        yield folder
